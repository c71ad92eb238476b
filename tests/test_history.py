"""The history of SRs: requests in time order, what changed, what was only repeated, what is open."""

from __future__ import annotations

import datetime
import json
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from ma_template import Config, History, check, history, redact
from ma_template.arrow import HISTORY, check_batch, history_table
from ma_template.diagnostics import Text
from ma_template.histories import date_that_counts
from ma_template.rules.examples import request


def written(**sections: str) -> str:
    return request(**{name: Text(words, words) for name, words in sections.items()}).en


FIRST = written()
NO_PHONE = written(requester="Taro Yamada, taro.yamada@example.com")
LATER = written(
    reason="Since Friday 60 stores cannot take orders, and returns have stopped.",
    milestone="Go-live of the web shop on 2026-12-18",
    requester="Taro Yamada, +81 3-5555-0123, taro.yamada@example.com\nMy manager: Keiko Mori, +81 3-5555-0145",
)
NOTHING = "Thank you, the trace is uploaded."


def update(day: str | None, text: str | None, sr: str | None = "SR-1") -> dict[str, Any]:
    return {"sr": sr, "updated_at": day, "body": text}


def one(*updates: dict[str, Any], **options: Any) -> History:
    [found] = history(updates, **options)
    return found


def told(found: History) -> list[tuple[str, str, tuple[str, ...], tuple[str, ...]]]:
    """Return what the last request changed."""
    return [(change.field, change.kind, change.before, change.after) for change in found.requests[-1].changes]


def test_requests_in_time_order() -> None:
    found = one(
        update("2026-11-19T09:00:00Z", LATER),
        update("2026-11-12", NO_PHONE),
        update("2026-11-13", NOTHING),
        update("2026-11-16T23:30:00+09:00", FIRST),
        update("2026-11-16T15:00:00Z", FIRST),
    )
    assert found.sr == "SR-1"
    assert [(past.number, past.as_of.isoformat(), past.at is None, past.status) for past in found.requests] == [
        (1, "2026-11-12", True, "incomplete"),
        (2, "2026-11-16", False, "complete"),
        (3, "2026-11-16", False, "complete"),
        (4, "2026-11-19", False, "complete"),
    ]
    assert [(past.milestone, past.days, past.category) for past in found.requests] == [
        ("2026-12-15", 33, "go-live"),
        ("2026-12-15", 29, "go-live"),
        ("2026-12-15", 29, "go-live"),
        ("2026-12-18", 29, "go-live"),
    ]
    assert [past.repeats for past in found.requests] == [None, None, 2, None]
    assert [past.in_a_row for past in found.requests] == [1, 2, 3, 1]
    assert [past.frequent for past in found.requests] == [False, False, True, False]
    assert found.open == ()


def test_what_was_added_and_changed() -> None:
    first, second, third = one(
        update("2026-11-12", NO_PHONE), update("2026-11-16", FIRST), update("2026-11-19", LATER)
    ).requests
    assert first.changes == ()
    assert [(change.field, change.kind, change.before, change.after) for change in second.changes] == [
        ("requester.phone", "added", (), ("+81355550123",)),
    ]
    assert {change.field: (change.kind, change.after) for change in third.changes} == {
        "reason": ("changed", ("Since Friday 60 stores cannot take orders, and returns have stopped.",)),
        "milestone.dates": ("changed", ("2026-12-18",)),
        "requester.other_contacts": ("added", ("Keiko Mori, +81355550145",)),
    }


def test_what_was_taken_away_is_open() -> None:
    found = one(update("2026-11-16", FIRST), update("2026-11-19", NO_PHONE))
    assert told(found) == [("requester.phone", "removed", ("+81355550123",), ())]
    assert found.open == ("requester.phone",)
    assert found.requests[-1].missing == ("requester.phone",)


def test_other_words_for_a_milestone_with_the_same_date_and_type() -> None:
    found = one(
        update("2026-11-16", FIRST), update("2026-11-19", written(milestone="The web shop goes live on 2026-12-15"))
    )
    assert [field for field, *_ in told(found)] == ["milestone"]


def test_white_space_is_no_change() -> None:
    spread = (
        FIRST.replace("The order", "The  order").replace("system is", "system\nis").replace("2026-12-15", "2026-12-15 ")
    )
    found = one(update("2026-11-16", FIRST), update("2026-11-19", spread))
    assert told(found) == []
    assert found.requests[-1].repeats == 1


def test_requests_in_a_row_are_those_within_the_window() -> None:
    days = ("2026-11-02", "2026-11-09", "2026-11-16", "2026-11-23", "2026-11-30")
    found = one(*(update(day, FIRST) for day in days))
    # Fourteen days back from the 23rd is the 9th.
    assert [past.in_a_row for past in found.requests] == [1, 2, 3, 3, 3]
    assert [past.frequent for past in found.requests] == [False, False, True, True, True]
    found = one(*(update(day, FIRST) for day in days), frequent_days=7, frequent_requests=2)
    assert [past.in_a_row for past in found.requests] == [1, 2, 2, 2, 2]
    assert [past.frequent for past in found.requests] == [False, True, True, True, True]


def test_the_rule_and_the_history_count_alike() -> None:
    days = ("2026-11-09", "2026-11-12", "2026-11-16", "2026-11-19")
    texts = (FIRST, LATER, FIRST, FIRST)
    earlier = [{"at": day, "text": text} for day, text in zip(days, texts, strict=True)]
    report = check(FIRST, as_of="2026-11-23", sr={"earlier_requests": earlier})
    last = one(
        *(update(day, text) for day, text in zip(days, texts, strict=True)), update("2026-11-23", FIRST)
    ).requests[-1]
    [rule] = [found for found in report.diagnostics if found.code == "MA508"]
    assert rule.arguments["count"] == last.in_a_row == 3
    assert last.frequent


def test_two_requests_side_by_side_are_compared_each_with_its_own() -> None:
    other = written(milestone="Payroll run on 2026-12-18")
    found = one(update("2026-11-16", f"{FIRST}\n\n{other}"), update("2026-11-19", f"{FIRST}\n\n{other}"))
    assert [(past.number, past.block, past.repeats, past.in_a_row) for past in found.requests] == [
        (1, 0, None, 1),
        (2, 1, None, 1),
        (3, 0, 1, 2),
        (4, 1, 2, 2),
    ]
    assert [past.changes for past in found.requests[2:]] == [(), ()]


def test_several_srs_keep_the_order_of_their_first_request() -> None:
    updates = [update("2026-11-16", NOTHING, "a"), update("2026-11-17", FIRST, "b"), update("2026-11-16", FIRST, "a"),
               update("2026-11-12", FIRST, "b"), update("2026-11-12", FIRST, None)]  # fmt: skip
    found = history(updates)
    assert [(each.sr, len(each.requests)) for each in found] == [("b", 2), ("a", 1), (None, 1)]
    assert history([]) == []
    assert history([update("2026-11-16", NOTHING)]) == []


def test_quoted_and_unfilled_blocks_are_no_requests() -> None:
    quoted = "> " + FIRST.replace("\n", "\n> ")
    found = one(update("2026-11-16", FIRST), update("2026-11-17", quoted), update("2026-11-18", f"{FIRST}\n\n{quoted}"))
    assert [(past.as_of.day, past.block) for past in found.requests] == [(16, 0), (18, 0)]


def test_other_names_of_fields() -> None:
    given = {"ticket": 4711, "comment": FIRST, "when": date(2026, 11, 16)}
    found = one(given, text="comment", id="ticket", as_of="when")
    assert (found.sr, found.requests[0].as_of) == ("4711", date(2026, 11, 16))


def test_settings_and_times_that_make_no_sense() -> None:
    with pytest.raises(ValueError, match="as_of is no date"):
        history([update("soon", FIRST)])
    with pytest.raises(ValueError, match="region"):
        history([], region="Japan")


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ([], None),
        ([("2026-12-15", None), ("2026-12-01", None)], "2026-12-01"),
        ([("2026-11-01", None), ("2026-12-15", None)], "2026-12-15"),
        ([("2026-11-01", None), ("2026-11-20", "2026-11-30")], "2026-11-20"),
        ([("2026-10-01", None), ("2026-11-01", None)], "2026-11-01"),
        ([(None, None)], None),
    ],
)
def test_the_date_that_counts(dates: list[tuple[str | None, str | None]], expected: str | None) -> None:
    found = date_that_counts([{"start": start, "end": end} for start, end in dates], date(2026, 11, 23))
    assert (found or {}).get("start") == expected


# -- results of others

ROWS = [
    update("2026-11-19T09:00:00Z", LATER),
    update("2026-11-12T00:00:00Z", NO_PHONE),
    update("2026-11-16T15:00:00Z", FIRST, "SR-2"),
    update("2026-11-13T08:00:00Z", NOTHING),
    update("2026-11-16T23:30:00Z", NO_PHONE),
    update("2026-11-18T23:30:00Z", None),
]


def results(**options: Any) -> pa.Table:
    batch = pa.RecordBatch.from_pylist(ROWS)
    return pa.Table.from_batches([check_batch(batch, id="sr", as_of="updated_at", **options)])


def test_the_same_from_results_tables_and_plain_updates() -> None:
    plain = history(ROWS)
    assert [each.sr for each in plain] == ["SR-1", "SR-2"]
    assert [past.number for past in plain[0].requests] == [1, 2, 3]
    assert history(results().to_pylist()) == plain
    assert history(results()) == plain
    assert history(pa.Table.from_pylist(ROWS)) == plain
    as_json = [json.loads(json.dumps(row, default=str)) for row in results().to_pylist()]
    assert history(as_json) == plain


def test_as_a_table() -> None:
    table = history_table(results())
    assert table.schema.equals(HISTORY, check_metadata=True)
    table.validate(full=True)
    for each in history(ROWS):
        rows = [row for row in table.to_pylist() if row["id"] == each.sr]
        assert [row["last"] for row in rows] == [False] * (len(rows) - 1) + [True]
        expected = [past.model_dump() for past in each.requests]
        for past in expected:
            past["changes"] = [
                {**change, "before": [*change["before"]], "after": [*change["after"]]} for change in past["changes"]
            ]
            past["missing"], past["invalid"] = [*past["missing"]], [*past["invalid"]]
        assert [{name: row[name] for name in expected[0]} for row in rows] == expected


def test_a_table_needs_ids() -> None:
    batch = pa.RecordBatch.from_pylist([{"body": FIRST}])
    assert history_table(pa.Table.from_batches([check_batch(batch)])).num_rows == 0


def test_settings_of_a_table() -> None:
    twice = pa.RecordBatch.from_pylist([update("2026-11-16", FIRST), update("2026-11-19", FIRST)])
    checked = pa.Table.from_batches([check_batch(twice, id="sr", as_of="updated_at")])
    assert history_table(checked)["frequent"].to_pylist() == [False, False]
    assert history_table(checked, Config(frequent_requests=2))["frequent"].to_pylist() == [False, True]


def test_what_is_masked_cannot_be_told_to_repeat() -> None:
    found = one(*[row for row in results(redact_key="k").to_pylist() if row["id"] == "SR-1"])
    assert [(past.repeats, past.in_a_row, past.frequent) for past in found.requests] == [(None, None, False)] * 3
    assert [change.field for change in found.requests[-1].changes] == [
        "milestone.dates",
        "requester.phone",
        "requester.other_contacts",
    ]
    assert "Taro" not in found.model_dump_json()
    report = redact(check(FIRST, as_of="2026-11-16"))
    assert report.blocks[0].reason is not None


def test_json_of_a_history() -> None:
    found = json.loads(one(update("2026-11-16T09:00:00Z", NO_PHONE)).model_dump_json())
    assert found["open"] == ["requester.phone"]
    assert found["requests"][0]["at"] == "2026-11-16T09:00:00Z"
    assert datetime.date.fromisoformat(found["requests"][0]["as_of"]) == date(2026, 11, 16)
