"""Whole contact answers: whose number is whose, what holds only a placeholder, and what must hold for any text."""

from __future__ import annotations

import re
from typing import Any

import pytest
from contact_helpers import judged_emails, judged_phones, read, rows
from hypothesis import given
from hypothesis import strategies as st

from growth import grows_linearly
from ma_template.readers.contacts import read_contacts, read_freely
from ma_template.readers.plain import read_plain
from ma_template.readers.values import ReadContacts, ReadPerson, Settings
from ma_template.source import Span, View

TABLE = rows("contacts")


def _written(person: ReadPerson, language: str) -> dict[str, Any]:
    region = "JP" if language == "ja" else None
    return {
        "name": person.name,
        "phones": judged_phones(person.phones, region),
        "pagers": judged_phones(person.pagers, region),
        "emails": judged_emails(person.emails),
    }


def _expected(row: dict[str, Any]) -> dict[str, Any]:
    return {"name": None, "phones": [], "pagers": [], "emails": []} | {
        key: value for key, value in row.items() if key in ("name", "phones", "pagers", "emails")
    }


@pytest.mark.parametrize("row", TABLE, ids=[row["text"][:30] for row in TABLE])
def test_whole_answers(row: dict[str, Any]) -> None:
    contacts = read(row["text"], row["lang"])
    assert _written(contacts.requester, row["lang"]) == _expected(row)
    assert [_written(person, row["lang"]) for person in contacts.others] == [
        _expected(other) for other in row.get("others", [])
    ]
    assert contacts.placeholders == set(row.get("open", []))


@pytest.mark.parametrize("row", TABLE, ids=[row["text"][:30] for row in TABLE])
def test_quote_marks_and_line_ends_change_nothing(row: dict[str, Any]) -> None:
    """The same answer behind quote marks with CRLF, as the views of quoted sections are put together."""
    pieces = []
    source = ""
    for line in row["text"].rstrip("\n").split("\n"):
        pieces.append(Span(len(source) + 2, len(source) + 2 + len(line)))
        source += f"> {line}\r\n"
    view = View(source, pieces)
    contacts = read_contacts(view, _settings(row["lang"]))
    assert _written(contacts.requester, row["lang"]) == _expected(row)
    for span in _spans(contacts):
        assert 0 <= span.start < span.end <= len(source)


def _settings(language: str) -> Settings:
    from datetime import date

    return Settings(language, date(2026, 11, 23), "JP" if language == "ja" else None)  # type: ignore[arg-type]


def _spans(contacts: ReadContacts) -> list[Span]:
    spans = []
    for person in (contacts.requester, *contacts.others):
        spans += [item.span for item in (*person.phones, *person.pagers, *person.emails)]
        if person.name_span:
            spans.append(person.name_span)
    return spans


@given(
    st.text(alphabet="0123456789+-() ./@:,、：　（）\n\tTel電話山田太郎JaneDo.example課長様TBDIİ\u200b※", max_size=120),
    st.sampled_from(["en", "ja"]),
)
def test_any_text_is_read(text: str, language: str) -> None:
    contacts = read(text, language)
    for span in _spans(contacts):
        assert 0 <= span.start < span.end <= len(text)
    for person in (contacts.requester, *contacts.others):
        for phone in (*person.phones, *person.pagers):
            inside = re.sub("[^0-9]", "", View.of(text[phone.span.start : phone.span.end]).text)
            assert re.sub("[^0-9]", "", phone.number) in inside


@given(st.text(max_size=200), st.sampled_from(["en", "ja"]))
def test_wild_text_is_read(text: str, language: str) -> None:
    for span in _spans(read(text, language)):
        assert 0 <= span.start < span.end <= len(text)


DENSE = [
    "1 ", "1-", "0", "@", "a@", "a.", "+1 415 555 0101, ", "Jane Doe, ", "Jane Doe\n", "山田太郎、", "経理部 山田太郎 ",
    "Phone: ", "(", "()", ":", "TBD, ", "a@example.com ", "my boss Dana Doe ", "Email: abc\n", "[氏名]", "a at ", " ",
    "1 x", "\x1e", "\x1d", "ポケベルなし ", "電話なし　山田 ", "Phone: TBD - ", "pager - ", "氏名……",
    "8841（社内PHS） ",
    "FAX(代) ",
]  # fmt: skip


def _numbered(shape: str) -> str:
    """Many different items: names, numbers and addresses that are not each other's repetition."""
    letters = ["".join(chr(97 + number // 26**place % 26) for place in range(4)) for number in range(1_500)]
    return "".join(shape.format(letters=some, digits=10_000 + at) for at, some in enumerate(letters))


DENSE += [
    _numbered("J{letters}, "), _numbered("Jane D{letters}\n"), _numbered("+1 415 55{digits}, "),
    _numbered("{letters}@example.com "), _numbered("Jane D{letters} {letters}@example.com\n"),
    _numbered("Jane D{letters} +1 415 55{digits} (D{letters})\n"),
    _numbered("my boss Dana D{letters} {letters}@example.com\n"),
    _numbered("www.{letters}.com "), _numbered("Jane D{letters}\n{letters}.x@example.com\n"),
]  # fmt: skip


@pytest.mark.parametrize("dense", DENSE, ids=lambda dense: dense[:20])
def test_work_grows_with_the_text(dense: str) -> None:
    assert grows_linearly(lambda text: read(text, "ja"), dense)


@pytest.mark.parametrize(
    ("text", "language", "gaps"),
    [
        ("Name: Jane Doe\nPhone:\nEmail: TBD", "en", {"phone": "Phone:", "email": "Email: TBD"}),
        ("Name:\nPhone : \nE-mail -", "en", {"name": "Name:", "phone": "Phone :", "email": "E-mail -"}),
        ("Jane Doe / TBD / jane.doe@example.com", "en", {"phone": "TBD"}),
        ("Jane Doe, ???, jane.doe@example.com", "en", {"phone": "???"}),
        ("Jane Doe, no phone, jane.doe@example.com", "en", {"phone": "no phone"}),
        ("Jane Doe\n(phone to follow)\njane.doe@example.com", "en", {"phone": "phone to follow"}),
        ("Name: <your name>, Phone: x4410", "en", {"name": "Name: <your name>", "phone": "Phone:"}),
        ("Phone: 090-XXXX-XXXX", "en", {"phone": "Phone: 090-XXXX-XXXX"}),
        ("Phone: TBD - new mobile is ordered", "en", {"phone": "Phone: TBD - new mobile is ordered"}),
        ("Phone:\nMobile: n/a", "en", {"phone": "Mobile: n/a"}),
        ("Requester:\nPhone: +1 415 555 0101", "en", {"name": "Requester:"}),
        ("Manager's phone:\nPhone: see above", "en", {"phone": "Phone:"}),
        ("Manager: Dana Whitcombe\nManager's email: TBD", "en", {}),
        ("IT Service Desk, +1 415 555 0101", "en", {}),
        ("Jane Doe", "en", {}),
        ("【氏名】山田\n【電話】\n【メール】後日連絡", "ja", {"phone": "【電話】", "email": "【メール】後日連絡"}),
        ("氏名：山田　電話なし", "ja", {"phone": "電話なし"}),
        (
            "氏　名：\n電話番号　：　後日連絡いたします",
            "ja",
            {"name": "氏　名：", "phone": "電話番号　：　後日連絡いたします"},
        ),
        ("山田 太郎、未定、taro@example.co.jp", "ja", {"phone": "未定"}),
    ],
)
def test_gaps_are_where_the_item_is_missing(text: str, language: str, gaps: dict[str, str]) -> None:
    found = {item: text[span.start : span.end] for item, span in read(text, language).gaps}
    assert found == gaps


def test_a_gap_is_given_for_missing_items_only() -> None:
    contacts = read("Name: Jane Doe\nPhone: TBD\nMobile: +1 415 555 0101\nEmail: jane.doe@example.com", "en")
    assert contacts.gaps == ()


LINES = rows("contact-lines")
VALUES = [value for values in LINES["values"] for value in values]


@given(st.lists(st.tuples(st.sampled_from(LINES["labels"]), st.sampled_from(VALUES)), min_size=1, max_size=6))
def test_plain_answers_are_read_as_all_others(lines: list[tuple[str, str]]) -> None:
    complete = [("", "Jane Doe"), ("電話：", "03-5555-0143"), ("", "jane.doe@example.com")]
    for chosen in (lines, [*complete, *lines], [*lines, *complete], [*complete[1:], *lines]):
        view = View.of("\n".join(label + value for label, value in chosen))
        plain = read_plain(view)
        for language in ("en", "ja"):
            assert plain is None or plain == read_freely(view, _settings(language))


@pytest.mark.parametrize(
    "text",
    [
        "Jane Doe\nPhone: +1 415 555 0101 ext. 45\nMobile: +81 90-1234-5678\njane.doe@example.com",
        "Name: Jane Doe\nPhone: +44 20 7946 0958\nPager: none\nEmail: jane.doe@example.com",
        "物流部 山田 太郎\n電話：03-5555-0143（内線 45）\n携帯：090-1234-5678\ntaro@example.co.jp",
        "氏名：山田 太郎\n電話：03-5555-0143\nポケベル：なし\nメール：taro@example.co.jp",
    ],
)
def test_the_commonest_forms_are_plain(text: str) -> None:
    assert read_plain(View.of(text)) is not None
