"""Names: who is named in a contact answer, and what only looks like a name."""

from __future__ import annotations

import pytest
from contact_helpers import answers, read, rows

CASES = [(row["name"], language, text) for row in rows("names") for language, text in answers(row)]


@pytest.mark.parametrize(("name", "language", "text"), CASES)
def test_names_are_read(name: str | None, language: str, text: str) -> None:
    assert read(text, language).requester.name == name


@pytest.mark.parametrize(
    ("text", "language", "raw"),
    [
        ("Name: Mr. Nathan  Okwuosa, DBA", "en", "Nathan  Okwuosa"),
        ("経理部　山田　太郎 様", "ja", "山田　太郎"),
        ("葛葉(くずは)礼司です", "ja", "葛葉(くずは)礼司"),
        ("please ask for Giulia Ferraris-Conti (night)", "en", "Giulia Ferraris-Conti"),
    ],
)
def test_span_is_the_name_as_written(text: str, language: str, raw: str) -> None:
    span = read(text, language).requester.name_span
    assert span is not None
    assert text[span.start : span.end] == raw


@pytest.mark.parametrize("honorific", ["様", "さん", "氏", "殿", "先生", "課長", " 様", "　部長"])
def test_honorifics_and_titles_are_no_part_of_a_name(honorific: str) -> None:
    assert read(f"氏名：山田 太郎{honorific}", "ja").requester.name == "山田 太郎"
