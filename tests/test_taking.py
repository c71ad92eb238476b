"""Answers to single questions: what goes into the form, and what is said of them (`ma-lint new`)."""

from __future__ import annotations

from typing import Any

import pytest

from ma_template.taking import Taker

DAY = {"as_of": "2026-11-23"}


@pytest.mark.parametrize(
    ("lang", "field", "given", "written", "shown"),
    [
        ("en", "type", "go-live", ["go-live"], ["go-live (implementation milestone)"]),
        ("en", "type", "payroll", ["payroll"], ["payroll (business milestone)"]),
        ("en", "type", "ribbon cutting", ["ribbon cutting"], []),
        (
            *("en", "milestone", "Go-live of  the portal"),
            *(["Go-live of the portal"], ["go-live (implementation milestone)"]),
        ),
        ("en", "date", "1 December 2026", ["2026-12-01 (Tue)"], ["Tue 1 December 2026"]),
        (
            *("en", "date", "5-7 December 2026"),
            *(["2026-12-05 (Sat) to 2026-12-07 (Mon)"], ["Sat 5 December 2026 to Mon 7 December 2026"]),
        ),
        ("en", "phone", "+1 (415) 555-0101 ext. 12", ["+1 415-555-0101 ext. 12"], ["+1 415-555-0101 ext. 12"]),
        ("en", "phone", "+1 415-555-0101", ["+1 415-555-0101"], []),
        ("en", "phone", "415 555 0101", ["415 555 0101"], []),
        ("en", "pager", "+1 415 555 0102", ["+1 415-555-0102"], ["+1 415-555-0102"]),
        ("en", "pager", "none", [], []),
        ("en", "email", "jane@example.com", ["jane@example.com"], []),
        ("en", "email", "<jane@example.com>", ["jane@example.com"], ["jane@example.com"]),
        ("en", "name", "Jane  Doe", ["Jane Doe"], []),
        ("en", "impact", "400 orders a day cannot be shipped", ["400 orders a day cannot be shipped"], []),
        ("ja", "type", "本番稼働", ["本番稼働"], ["本番稼働 (実装マイルストーン)"]),
        ("ja", "date", "12/1 17:00", ["2026-12-01 17:00"], ["2026年12月1日(火) 17:00"]),
        ("ja", "phone", "03-5555-0101", ["+81 3-5555-0101"], ["+81 3-5555-0101"]),
        ("ja", "name", "山田太郎", ["山田太郎"], []),
        ("ja", "pager", "なし", [], []),
    ],
)
def test_answers_that_are_understood(lang: Any, field: Any, given: str, written: list[str], shown: list[str]) -> None:
    taken = Taker(lang, lang, DAY).take(field, given)
    assert (list(taken.written), list(taken.shown), taken.errors) == (written, shown, ())


def test_the_words_of_an_impact_are_shown_in_a_reason() -> None:
    taken = Taker("en", "en", DAY).take("reason", "The patch fails. 400 orders a day cannot be shipped.")
    assert taken.written == ("The patch fails. 400 orders a day cannot be shipped.",)
    assert taken.shown == ("400 orders a day cannot be shipped.",)


@pytest.mark.parametrize(
    ("field", "given", "error"),
    [
        ("date", "ASAP", "this was not understood as the milestone date"),
        ("date", "2026-02-30", "there is no such day: 30 February 2026"),
        ("date", "2026-12-01 (Wed)", "the weekday does not belong to the date, which is Tue 1 December 2026"),
        ("phone", "12", "this was not understood as the requester's phone number"),
        ("name", "DBA team", "this was not understood as the requester's name"),
        ("email", "jane at home", "the e-mail address is not valid"),
        ("reason", "tbd", "the reason is still a placeholder"),
    ],
)
def test_answers_that_cannot_be_used(field: Any, given: str, error: str) -> None:
    taken = Taker("en", "en", DAY).take(field, given)
    assert [remark.message for remark in taken.errors] == [error]
    assert all(remark.expected for remark in taken.errors) or error.startswith("this was not understood as")
    assert (taken.written, taken.readings) == ((), ())


def test_readings_to_choose_from() -> None:
    taken = Taker("en", "en", DAY).take("date", "12/1")
    assert taken.readings == ("2026-12-01", "2027-01-12")
    assert taken.written == ()
    assert Taker("en", "en", {**DAY, "date_order": "mdy"}).take("date", "12/1").written == ("2026-12-01 (Tue)",)


@pytest.mark.parametrize(
    ("field", "given", "doubt"),
    [
        ("type", "ribbon cutting", "the kind of milestone is none of the usual ones"),
        ("phone", "415 555 0101", "the phone number has no country code, and its country is not known"),
    ],
)
def test_doubts_do_not_hold_an_answer_back(field: Any, given: str, doubt: str) -> None:
    taken = Taker("en", "en", DAY).take(field, given)
    assert [remark.message for remark in taken.doubts] == [doubt]
    assert taken.written == (given,)
