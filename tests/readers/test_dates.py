"""Dates: the table of expressions, and what holds for any text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from ma_template.readers.dates import read_dates
from ma_template.readers.values import Language, ReadDate, Settings
from ma_template.source import View

AS_OF = date(2026, 11, 23)
# The base loader leaves every value as it is typed: 2026-12-01 is no date yet.
TABLE: dict[str, Any] = yaml.load(
    (Path(__file__).parents[2] / "fixtures/tables/dates.yaml").read_text("utf-8"), Loader=yaml.CBaseLoader
)


def marked(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Return a text without its marks «», and the places that they enclose; without marks the whole text."""
    if "«" not in text:
        return text, [(0, len(text))]
    plain, spans = "", []
    for number, piece in enumerate(text.replace("»", "«").split("«")):
        if number % 2:
            spans.append((len(plain), len(plain) + len(piece)))
        plain += piece
    return plain, spans


def meaning(given: dict[str, Any]) -> dict[str, Any]:
    """Return what a row of the table means, with what it does not say."""
    start = None if given["start"] == "null" else given["start"]
    return {
        "role": given.get("role", "milestone"),
        "start": start,
        "end": given.get("end"),
        "precision": given.get("precision", "minute" if start and "T" in start else "day"),
        "candidates": tuple(given.get("candidates", ())),
        "problem": given.get("problem"),
        "notes": frozenset(given.get("notes", ())),
    }


def read(found: ReadDate) -> dict[str, Any]:
    return {name: getattr(found, name) for name in meaning({"start": "null"})}


def spellings() -> Iterator[Any]:
    for row in TABLE["spellings"]:
        options: dict[str, Any] = {"date_order": row["date_order"]} if "date_order" in row else {}
        if "fiscal_year_start" in row:
            options["fiscal_year_start"] = int(row["fiscal_year_start"])
        for languages in ("both", "en", "ja"):
            for text in row.get(languages, ()):
                for language in ("en", "ja") if languages == "both" else (languages,):
                    yield pytest.param(text, language, options, row["means"], id=f"{language}: {text}")


@pytest.mark.parametrize(("text", "language", "options", "means"), spellings())
def test_spelling(text: str, language: Language, options: dict[str, Any], means: dict[str, Any]) -> None:
    plain, spans = marked(text)
    found = read_dates(View.of(plain), Settings(language, AS_OF, **options))
    assert [read(one) for one in found] == [meaning(means)]
    assert [plain[one.span.start : one.span.end] for one in found] == [plain[start:end] for start, end in spans]


@pytest.mark.parametrize("row", TABLE["sentences"], ids=lambda row: row["text"])
def test_sentence(row: dict[str, Any]) -> None:
    plain, spans = marked(row["text"])
    language = row.get("lang") or ("en" if plain.isascii() or "–" in plain or "•" in plain else "ja")
    if "Osaka" in plain:
        language = "en"
    found = read_dates(View.of(plain), Settings(language, AS_OF))
    assert [read(one) for one in found] == [meaning(one) for one in row["dates"]]
    assert [(one.span.start, one.span.end) for one in found] == spans


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("text", TABLE["none"]["en"] + TABLE["none"]["ja"])
def test_no_date(text: str, language: Language) -> None:
    assert read_dates(View.of(text), Settings(language, AS_OF)) == ()
