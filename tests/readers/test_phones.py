"""Telephone numbers, pagers, extensions: the table, the judge, and what must hold for any text."""

from __future__ import annotations

import pytest
from contact_helpers import answers, judged_phones, read, rows

from ma_template.judges import PhoneVerdict, judge_phone

CASES = [(row, language, text) for row in rows("phones") for language, text in answers(row)]


@pytest.mark.parametrize(("row", "language", "text"), CASES)
def test_numbers_are_read(row: dict, language: str, text: str) -> None:
    contacts = read(text, language)
    region = "JP" if language == "ja" else None
    assert judged_phones(contacts.requester.phones, region) == row["phones"]
    assert judged_phones(contacts.requester.pagers, region) == row.get("pagers", [])


@pytest.mark.parametrize(
    ("number", "region", "verdict"),
    [
        ("+44 20 7946 0958", None, PhoneVerdict("+442079460958", True)),
        ("+44 20 7946 09", None, PhoneVerdict(None, False)),
        ("03-5555-0143", "JP", PhoneVerdict("+81355550143", True)),
        ("03-5555-0143", None, PhoneVerdict(None, None)),
        ("090-1234-567", "JP", PhoneVerdict(None, False)),
        # Ruling 24: 00 and 011 are + where the national reading is no valid number, and only there.
        ("0044 20 7946 0958", None, PhoneVerdict("+442079460958", True)),
        ("0044 20 7946 0958", "JP", PhoneVerdict("+442079460958", True)),
        ("011 44 20 7946 0958", "US", PhoneVerdict("+442079460958", True)),
        ("011-252-6614", "JP", PhoneVerdict("+81112526614", True)),
        ("011-252-6614", None, PhoneVerdict(None, None)),
        ("00", "JP", PhoneVerdict(None, False)),
        ("+", None, PhoneVerdict(None, False)),
        ("1" * 10_000, "JP", PhoneVerdict(None, False)),
        ("", None, PhoneVerdict(None, None)),
    ],
)
def test_judge(number: str, region: str | None, verdict: PhoneVerdict) -> None:
    assert judge_phone(number, region) == verdict


@pytest.mark.parametrize(
    ("text", "language", "raw", "number", "extension"),
    [
        ("Phone: +353 1 555 0177 ext. 204", "en", "+353 1 555 0177 ext. 204", "+353 1 555 0177", "204"),
        ("電話：03-6204-5517（内線：4410）／", "ja", "03-6204-5517（内線：4410）", "03-6204-5517", "4410"),
        ("TEL　０３－５５５５－０１４３", "ja", "０３－５５５５－０１４３", "03-5555-0143", None),
        ("宇都宮（携帯 070-1328-6645）", "ja", "070-1328-6645", "070-1328-6645", None),
        ("c: (303) 555-0119 (private)", "en", "(303) 555-0119", "(303) 555-0119", None),
    ],
)
def test_span_holds_number_and_extension_without_label(
    text: str, language: str, raw: str, number: str, extension: str | None
) -> None:
    (phone,) = read(text, language).requester.phones
    assert text[phone.span.start : phone.span.end] == raw
    assert (phone.number, phone.extension) == (number, extension)
