"""Arrow: the same results as the library's, row for row; a bad row says so and harms nobody."""

from __future__ import annotations

import datetime
import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from conftest import examples
from ma_template import Config, check, redact
from ma_template import models as m
from ma_template.arrow import ERRORS, HISTORY, REQUESTS, SCHEMA, BatchCheck, check_batch, check_table, requests
from ma_template.arrow.columns import rows_to_look_at
from ma_template.arrow.schema import BLOCK, DIAGNOSTIC
from ma_template.matching import _line_cues, hopeful_pattern, low_of
from ma_template.recognise import recognise
from ma_template.wording import prompts, table, templates

ROOT = Path(__file__).parents[2]
DAY = datetime.date(2026, 11, 23)
UPDATES = [
    path.read_bytes().decode()
    for kind in ("good", "bad")
    for path in sorted((ROOT / "fixtures" / kind).glob("*/*.txt"))
]

FILLED = """\
**** Request Management Attention ****
Reason: the picking robots stand still, and 400 orders a day cannot be shipped
Milestone: go-live of the second warehouse, 15 December 2026
Requester: Ottoline Featherstone, 020 7946 0187, ottoline@example.com
**** Request Management Attention ****
"""


def batch(*texts: Any, kind: pa.DataType | None = None, **columns: Any) -> pa.RecordBatch:
    return pa.record_batch({"body": pa.array(texts, kind), **columns})


def errors(result: pa.RecordBatch) -> list[str | None]:
    return result.column("error").to_pylist()  # type: ignore[no-any-return]


# ---------------------------------------------------------------------------------------------------------------------
# The schema


def differences(kind: pa.DataType, model: Any, path: str) -> list[str]:
    """Return where an Arrow type has other fields than the report's model."""
    if pa.types.is_list(kind):
        return differences(kind.value_type, next(iter(get_args(model))), f"{path}[]")
    model = next((each for each in get_args(model) if each is not type(None)), model)
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        return []
    names = [kind.field(number).name for number in range(kind.num_fields)]
    if set(names) != set(model.model_fields):
        return [f"{path}: {sorted(set(names) ^ set(model.model_fields))}"]
    return [
        wrong
        for name, field in model.model_fields.items()
        for wrong in differences(kind.field(name).type, field.annotation, f"{path}.{name}")
    ]


def test_the_schema_has_the_names_of_the_report() -> None:
    assert differences(BLOCK, m.Block, "blocks") == []
    assert differences(DIAGNOSTIC, m.Diagnostic, "diagnostics") == []


def lines(name: str, kind: pa.DataType, depth: int = 0) -> list[str]:
    """Return a column and its children, one a line."""
    shown = "  " * depth + name + ": "
    lists = pa.types.is_list(kind)
    inner = kind.value_type if lists else kind
    if not pa.types.is_struct(inner):
        return [shown + (f"list<{inner}>" if lists else str(kind))]
    children = [inner.field(number) for number in range(inner.num_fields)]
    below = [line for child in children for line in lines(child.name, child.type, depth + 1)]
    return [shown + ("list<struct>" if lists else "struct"), *below]


def test_the_schema_is_the_published_one(approved: Callable[[Path, str], None]) -> None:
    shown = [f"schema_version: {SCHEMA.metadata[b'ma_template.schema_version'].decode()}"]
    for name, schema in (
        ("SCHEMA: one row an update", SCHEMA),
        ("REQUESTS: one row a request", REQUESTS),
        ("HISTORY: one row a request of an SR", HISTORY),
    ):
        shown += ["", name, *(line for field in schema for line in lines(field.name, field.type, 1))]
    approved(ROOT / "docs" / "arrow-schema.txt", "\n".join(shown) + "\n")


# ---------------------------------------------------------------------------------------------------------------------
# The same results


def test_row_for_row_as_the_library() -> None:
    assert len(UPDATES) > 15
    result = check_batch(batch(*UPDATES), as_of=DAY)
    assert result.schema.equals(SCHEMA, check_metadata=True)
    result.validate(full=True)
    for text, row in zip(UPDATES, result.to_pylist(), strict=True):
        report = json.loads(check(text, as_of=DAY).model_dump_json())
        diagnostics = [{**found, "arguments": json.loads(found["arguments"])} for found in row["diagnostics"]]
        assert (row["blocks"], diagnostics) == (report["blocks"], report["diagnostics"])
        assert (row["status"], row["as_of"], row["error"]) == (report["status"], DAY, None)
        severities = [found["severity"] for found in report["diagnostics"]]
        assert (row["error_count"], row["warning_count"], row["info_count"]) == tuple(
            severities.count(severity) for severity in ("error", "warning", "info")
        )
    assert {row["status"] for row in result.to_pylist()} >= {"complete", "incomplete"}


def test_rows_without_a_block() -> None:
    [row] = check_batch(batch("the pump is on fire"), as_of=DAY).to_pylist()
    assert row == {
        **dict.fromkeys(SCHEMA.names),
        "as_of": DAY,
        "status": "absent",
        **dict.fromkeys(("block_count", "request_count", "complete_count"), 0),
        **dict.fromkeys(("error_count", "warning_count", "info_count"), 0),
        "blocks": [],
        "diagnostics": [],
    }


def test_counts_of_blocks() -> None:
    empty = "**** Request Management Attention ****\n**** Request Management Attention ****\n"
    quoted = "".join(f"> {line}\n" for line in FILLED.splitlines())
    [row] = check_batch(batch(f"{FILLED}\n{FILLED.replace('15 December 2026', 'TBD')}\n{empty}\n{quoted}")).to_pylist()
    assert (row["block_count"], row["request_count"], row["complete_count"]) == (4, 2, 1)


def test_an_empty_batch() -> None:
    result = check_batch(batch(kind=pa.string()))
    assert (len(result), result.schema) == (0, SCHEMA)


@pytest.mark.parametrize(
    "kind",
    [pa.string(), pa.large_string(), pa.string_view(), pa.binary(), pa.large_binary(), pa.binary_view()],
    ids=str,
)
def test_every_kind_of_text_column(kind: pa.DataType) -> None:
    texts = [FILLED, "nothing", None, UPDATES[0]]
    expected = check_batch(batch(*texts), as_of=DAY)
    column = pa.array([text and text.encode() for text in texts]).cast(pa.large_binary())
    column = column.cast(pa.large_string()).cast(kind) if "string" in str(kind) else column.cast(kind)
    assert check_batch(pa.record_batch({"body": column}), as_of=DAY).equals(expected)


def test_dictionaries_runs_slices_and_wrapped_columns() -> None:
    texts = [FILLED, "nothing", None, FILLED, FILLED]
    expected = check_batch(batch(*texts), as_of=DAY)
    column = pa.array(texts)
    assert check_batch(pa.record_batch({"body": column.dictionary_encode()}), as_of=DAY).equals(expected)
    assert check_batch(pa.record_batch({"body": pa.compute.run_end_encode(column)}), as_of=DAY).equals(expected)
    assert check_batch(batch("x", *texts, "y").slice(1, 5), as_of=DAY).equals(expected)
    wrapped = pa.array(["{}"], pa.string()).cast(pa.json_(pa.string()))
    assert errors(check_batch(pa.record_batch({"body": wrapped}))) == [None]


def test_the_task_pickles() -> None:
    task = pickle.loads(pickle.dumps(BatchCheck(text="body", region="GB", as_of="2026-11-23")))
    assert task(batch(FILLED)).equals(check_batch(batch(FILLED), region="GB", as_of=DAY))


def test_a_check_that_fails_harms_its_row_only(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(text: str, **options: Any) -> m.Report:
        if "Ottoline" in text:
            raise ZeroDivisionError
        return check(text, **options)

    monkeypatch.setattr("ma_template.arrow.batches.check", failing)
    result = check_batch(batch(FILLED, FILLED.replace("Ottoline", "Imogen")))
    assert errors(result) == ["failed", None]
    assert result.column("request_count").to_pylist() == [None, 1]


# ---------------------------------------------------------------------------------------------------------------------
# Bad rows


def not_utf8() -> pa.Array:
    """Return a string column as a careless writer makes it."""
    raw = pa.array([FILLED.encode(), b"caf\xe9 Request Management Attention", None], pa.binary())
    return pa.Array.from_buffers(pa.string(), 3, raw.buffers())


BAD = [
    (pa.array(["", None]), [None, "null"]),
    (pa.nulls(2), ["null", "null"]),
    (pa.array([7, None]), ["not-text", "null"]),
    (pa.array([{"a": 1}, None]), ["not-text", "null"]),
    (pa.array([["a"], []]), ["not-text", "not-text"]),
    (pa.array([b"\xff\xfe", b"ok", b"\x83\x7a"]), ["undecodable", None, "undecodable"]),
    (not_utf8(), [None, "undecodable", "null"]),
    (pa.array(["x" * 501, "あ" * 167, "x" * 500]), ["too-large", "too-large", None]),
    (pa.array([b"\xff" * 501, b"\xff"]), ["too-large", "undecodable"]),
]


@pytest.mark.parametrize(("column", "expected"), BAD)
def test_bad_rows(column: pa.Array, expected: list[str | None]) -> None:
    result = check_batch(pa.record_batch({"body": column}), as_of=DAY, max_bytes=500)
    result.validate(full=True)
    assert errors(result) == expected
    assert set(expected) - {None} <= set(ERRORS)
    for row in result.to_pylist():
        assert (row["status"] is None) == (row["error"] is not None)
        assert (row["blocks"] is None) == (row["error"] is not None)


def test_the_limit_is_ten_mebibytes() -> None:
    assert errors(check_batch(batch("x" * (10 << 20), "x" * ((10 << 20) + 1)))) == [None, "too-large"]


def test_other_encodings_of_binary_columns() -> None:
    text = "**** 管理者による対応を要請 ****\n理由: 出荷が止まり、損失が出ている\n"
    rows = pa.record_batch({"body": pa.array([text.encode("cp932"), b"\xff\xff", None])})
    for encoding in ("cp932", "auto"):
        result = check_batch(rows, encoding=encoding)
        assert errors(result) == [None, "undecodable", "null"]
        assert result.column("block_count").to_pylist() == [1, None, None]
    with pytest.raises(ValueError, match="klingon"):
        check_batch(rows, encoding="klingon")


# ---------------------------------------------------------------------------------------------------------------------
# The quick look over a whole column

PIECES = [
    *table("words/cues")["anywhere"]["fragments"],
    *UPDATES[:10],
    "****",
    "Request Management Attention",
    "ＲＥＱＵＥＳＴ",
    "req\u200buest",
    "requeſt",
    "mıleston",
    "MİLESTON",
    "reaſon for",
    "milestone\u212a",
    "Request\nManage\nment",
    *(prompt.text for prompt in prompts()),
    *(" ".join(prompt.text) for prompt in prompts()),
    *(template.label for template in templates()),
    "Reason for attention, and its impact:",
    "* * *",
    "＊＊＊",
    "\n",
    "\r",
    "\r\n",
    "a\x00",
    "é",
    "🦆",
]
TEXTS = st.one_of(
    st.text(max_size=50),
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8)), max_size=6).map("".join),
    st.sampled_from(UPDATES).flatmap(lambda text: st.integers(0, len(text)).map(lambda cut: text[:cut].swapcase())),
    st.sampled_from(UPDATES).flatmap(
        lambda text: st.sets(st.integers(0, len(text)), max_size=25).map(
            lambda lost: "".join(char for at, char in enumerate(text) if at not in lost)
        )
    ),
)


@examples(300)
@given(st.lists(TEXTS.filter(lambda text: text.isascii() or text.encode("utf-8", "replace").decode() == text)))
def test_the_quick_look_misses_nothing(texts: list[str]) -> None:
    looked = set(rows_to_look_at(pa.array(texts, pa.string()), Config()))
    for row, text in enumerate(texts):
        if row not in looked:
            assert not recognise(text).blocks
            report = check(text, as_of=DAY)
            assert (report.status, report.blocks, report.diagnostics) == ("absent", (), ())


def test_characters_that_are_compared_as_something_else_are_looked_at() -> None:
    """Whatever a character is compared as: if that may be part of a cue, the line is looked at by itself."""
    cue_letters = set("".join(_line_cues()[True]))
    chars = [chr(code) for code in (*range(0xD800), *range(0xE000, 0x30000))]
    looked = pa.compute.match_substring_regex(pa.array(chars), hopeful_pattern(), ignore_case=True).to_pylist()
    for char in (char for char, found in zip(chars, looked, strict=True) if not found):
        low = low_of(char)
        assert low in (char, char.lower(), char.casefold()) or (low and cue_letters.isdisjoint(low)), hex(ord(char))
    assert sum(looked) > 100_000


def test_prompts_whose_letters_are_taken_apart_are_looked_at() -> None:
    texts = ["\n".join(" ".join(prompt) for prompt in form.prompts.values()) for form in templates()]
    assert rows_to_look_at(pa.array(texts), Config()) == list(range(len(texts)))


def test_the_quick_look_leaves_most_out() -> None:
    talk = "The HTTP request fails.\n*** SESSION ID:(12.7)\nOur manager asked for the reason.\n管理画面を確認中です。\n"
    texts = [
        "the pump is on fire",
        "ポンプが燃えています",
        "é",
        None,
        talk,
        talk.replace("\n", "\r\n"),
        "＊＊＊ 要請中",
    ]
    assert rows_to_look_at(pa.array(texts), Config()) == []


def test_settings_that_make_every_row_worth_a_look() -> None:
    texts = batch("the pump is on fire", None)
    assert check_batch(texts, require=True).column("error_count").to_pylist() == [1, None]
    assert check_batch(texts, max_characters=5).column("warning_count").to_pylist() == [1, None]
    own: dict[str, Any] = {"templates": [{"language": "en", "banner": "Ask the duty officer"}]}
    form = FILLED.replace("Request Management Attention", "Ask the duty officer")
    for text in (form, form.replace("Milestone", "When"), "nothing"):
        [row] = check_batch(batch(text), as_of=DAY, **own).to_pylist()
        assert len(row["blocks"]) == len(check(text, as_of=DAY, **own).blocks)
    assert len(check(form, as_of=DAY, **own).blocks) == 1


# ---------------------------------------------------------------------------------------------------------------------
# Time, region, id


def test_as_of_from_a_column() -> None:
    stamps = ["2026-12-20", "2026-12-14T23:30:00-05:00", "2026-12-16 08:00", "", None, "soon", "2026-13-01"]
    result = check_batch(batch(*[FILLED] * 7, at=pa.array(stamps)), as_of="at", timezone="Asia/Tokyo")
    days = result.column("as_of").to_pylist()
    today = datetime.datetime.now(datetime.UTC).astimezone(datetime.timezone(datetime.timedelta(hours=9))).date()
    assert days[:3] == [datetime.date(2026, 12, day) for day in (20, 14, 16)]
    assert days[3] == days[4]
    assert abs(days[3] - today) <= datetime.timedelta(1)  # the day may turn while this runs
    assert days[5:] == [None, None]
    utc = datetime.UTC
    assert result.column("at").to_pylist()[:4] == [
        None,
        datetime.datetime(2026, 12, 15, 4, 30, tzinfo=utc),
        datetime.datetime(2026, 12, 15, 23, 0, tzinfo=utc),
        None,
    ]
    assert errors(result) == [None] * 5 + ["as-of-invalid"] * 2
    codes = [[found["code"] for found in row["diagnostics"] or []] for row in result.to_pylist()]
    assert ["MA307" in found for found in codes[:3]] == [True, False, True]


@pytest.mark.parametrize(
    ("column", "day", "moment"),
    [
        (pa.array([DAY]), 23, None),
        (pa.array([DAY], pa.date64()), 23, None),
        (pa.array([datetime.datetime(2026, 11, 23, 20, 0)], pa.timestamp("ns")), 23, "2026-11-23T11:00"),
        (pa.array([datetime.datetime(2026, 11, 23, 20, 0)], pa.timestamp("s", "UTC")), 23, "2026-11-23T20:00"),
        (pa.array([datetime.datetime(2026, 11, 23, 20, 0)], pa.timestamp("ms", "Asia/Tokyo")), 24, "2026-11-23T20:00"),
        (pa.array(["2026-11-23T20:00Z"]).dictionary_encode(), 23, "2026-11-23T20:00"),
        (pa.array([b"2026-11-23"], pa.binary()), 23, None),
    ],
)
def test_kinds_of_time_columns(column: pa.Array, day: int, moment: str | None) -> None:
    result = check_batch(batch(FILLED, at=column), as_of="at", timezone="Asia/Tokyo")
    assert errors(result) == [None]
    assert result.column("as_of").to_pylist() == [datetime.date(2026, 11, day)]
    [at] = result.column("at").to_pylist()
    assert at == (moment and datetime.datetime.fromisoformat(moment).replace(tzinfo=datetime.UTC))


@pytest.mark.parametrize(
    "column",
    [
        pa.array([1_700_000_000, 5]),
        pa.array([1 << 60, -(1 << 60)], pa.timestamp("s", "UTC")),
        pa.array([1 << 60, -(1 << 60)], pa.timestamp("s")),
        pa.array([2_000_000_000, -2_000_000_000], pa.int32()).cast(pa.date32()),
        pa.array([b"\xff", b"x"], pa.binary()),
        pa.array([[1], [2]]),
    ],
)
def test_times_out_of_all_calendars(column: pa.Array) -> None:
    result = check_batch(batch(FILLED, "nothing", at=column), as_of="at")
    assert errors(result) == ["as-of-invalid", "as-of-invalid"]
    assert result.column("as_of").to_pylist() == [None, None]


def test_one_bad_time_harms_its_row_only() -> None:
    stamps = pa.array([1_795_000_000, 1 << 60, None], pa.timestamp("s", "UTC"))
    assert errors(check_batch(batch(FILLED, FILLED, FILLED, at=stamps), as_of="at")) == [None, "as-of-invalid", None]


def test_region_from_a_column() -> None:
    regions = pa.array(["GB", "gb ", "US", None, "", "Narnia"])
    result = check_batch(batch(*[FILLED] * 6, where=regions), as_of=DAY, region="where")
    assert errors(result) == [None] * 5 + ["region-invalid"]
    numbers = [[block["requester"]["phones"][0]["e164"] for block in row["blocks"] or []] for row in result.to_pylist()]
    assert numbers[:2] == [["+442079460187"]] * 2
    assert numbers[3:] == [[None], [None], []]
    assert numbers[2] == [check(FILLED, as_of=DAY, region="US").blocks[0].requester.phones[0].e164]  # type: ignore[union-attr]


def test_region_for_all() -> None:
    [row] = check_batch(batch(FILLED), region="GB").to_pylist()
    assert row["blocks"][0]["requester"]["phones"][0]["e164"] == "+442079460187"


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        (pa.array(["3-1", None]), ["3-1", None]),
        (pa.array([31, None]), ["31", None]),
        (pa.array(["3-1", "3-1"]).dictionary_encode(), ["3-1", "3-1"]),
        (pa.array([b"3-\xff", b""]), ["3-\ufffd", ""]),
        (pa.array(["3-1", None], pa.string_view()), ["3-1", None]),
    ],
)
def test_ids(ids: pa.Array, expected: list[str | None]) -> None:
    assert check_batch(batch("a", "b", sr=ids), id="sr").column("id").to_pylist() == expected


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"text": "bodi"}, "no column 'bodi'; did you mean 'Body'?"),
        ({"text": "zzz"}, "no column 'zzz'; there are: 'Body', 'sr', 'list'"),
        ({"text": "Body", "id": "srr"}, "no column 'srr'; did you mean 'sr'?"),
        ({"text": "Body", "id": "list"}, "column 'list' is list<item: int64>: an id is a text or a number"),
        ({"text": "Body", "as_of": "srs"}, "as_of is no date.*no column 'srs'; did you mean 'sr'?"),
        ({"text": "Body", "region": "lists"}, "region is no country code, and no column 'lists'; did you mean 'list'?"),
        ({"text": "Body", "max_bytes": 0}, "max_bytes is 0"),
        ({"text": "Body", "redact_key": ""}, "key for pseudonyms is empty"),
        ({"text": "Body", "date_order": "yyy"}, "date_order"),
    ],
)
def test_wrong_arguments(options: dict[str, Any], message: str) -> None:
    rows = pa.record_batch({"Body": ["x"], "sr": ["1"], "list": [[1]]})
    with pytest.raises(ValueError, match=message.replace("?", r"\?").replace(".*", "\x00").replace("\x00", ".*")):
        check_batch(rows, **options)


def test_two_columns_of_one_name() -> None:
    rows = pa.RecordBatch.from_arrays([pa.array(["a"]), pa.array(["b"])], names=["body", "body"])
    with pytest.raises(ValueError, match="2 columns are called 'body'"):
        check_batch(rows)


# ---------------------------------------------------------------------------------------------------------------------
# Redaction


def test_redacted_rows_tell_no_person() -> None:
    result = check_batch(batch(FILLED), redact=True, as_of=DAY)
    told = json.dumps(result.to_pylist(), default=str) + json.dumps(requests(result).to_pylist(), default=str)
    assert [secret for secret in ("Ottoline", "Featherstone", "0187", "ottoline", "robots") if secret in told] == []
    assert result.column("blocks").to_pylist()[0][0]["requester"]["name"] == "person-1"
    assert result.column("blocks").to_pylist()[0][0]["milestone"]["dates"][0]["start"] == "2026-12-15"


def test_a_key_makes_pseudonyms_stable_over_rows_and_batches() -> None:
    def name(row: int, *texts: str) -> str:
        return str(requests(check_batch(batch(*texts), redact_key=b"key")).column("name").to_pylist()[row])

    other = FILLED.replace("Ottoline", "Imogen")
    assert name(0, FILLED) == name(1, other, FILLED)
    assert name(0, FILLED) != name(0, other)
    who = redact(check(FILLED), b"key").blocks[0].requester
    assert who
    assert name(0, FILLED) == who.name


# ---------------------------------------------------------------------------------------------------------------------
# The flat view


def test_one_row_a_request() -> None:
    quoted = "".join(f"> {line}\n" for line in FILLED.splitlines())
    second = FILLED.replace("Milestone: go-live of the second warehouse, 15 December 2026", "Milestone: ASAP")
    rows = batch(f"{FILLED}\n{second}\n{quoted}", "nothing", None, sr=["7", "8", "9"])
    flat = requests(check_batch(rows, id="sr", as_of=DAY))
    assert flat.schema.equals(REQUESTS, check_metadata=True)
    first, other, bad = flat.to_pylist()
    assert first == {
        **dict.fromkeys(REQUESTS.names),
        "id": "7",
        "as_of": DAY,
        "block": 0,
        "template": "management-attention",
        "language": "en",
        "answer_language": "en",
        "unfilled": False,
        "status": "complete",
        "missing": [],
        "invalid": [],
        "codes": first["codes"],
        "error_count": 0,
        "warning_count": 1,
        "info_count": first["info_count"],
        "reason": "the picking robots stand still, and 400 orders a day cannot be shipped",
        "impact": "the picking robots stand still, and 400 orders a day cannot be shipped",
        "milestone": "go-live of the second warehouse, 15 December 2026",
        "category": "go-live",
        "kind": "implementation",
        "date": "2026-12-15",
        "date_precision": "day",
        "days": 22,
        "name": "Ottoline Featherstone",
        "phones": ["020 7946 0187"],
        "emails": ["ottoline@example.com"],
        "pagers": [],
        "callback": False,
    }
    assert "MA405" in first["codes"]
    assert (other["block"], other["missing"], other["date"], other["days"]) == (
        1,
        ["milestone.type", "milestone.dates"],
        None,
        None,
    )
    assert bad == {**dict.fromkeys(REQUESTS.names), "id": "9", "as_of": DAY, "error": "null"}


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ("20 December 2026, rehearsal on 1 December 2026", ("2026-12-01", 8)),
        ("first try 1 November 2026, now 20 December 2026", ("2026-12-20", 27)),
        ("1 October 2026 and 1 November 2026", ("2026-11-01", -22)),
        ("20 November 2026 to 30 November 2026", ("2026-11-20", -3)),
        ("31 November 2026", (None, None)),
    ],
)
def test_the_date_that_counts(dates: str, expected: tuple[str | None, int | None]) -> None:
    text = FILLED.replace("15 December 2026", dates)
    [row] = requests(check_batch(batch(text), as_of=DAY)).to_pylist()
    assert (row["date"], row["days"]) == expected


# ---------------------------------------------------------------------------------------------------------------------
# Others' tables


def test_polars() -> None:
    frame = pl.DataFrame({"body": [FILLED, None, "nothing"], "sr": [1, 2, 3]})
    result = pl.from_arrow(check_table(frame, id="sr", as_of="2026-11-23"))
    assert isinstance(result, pl.DataFrame)
    assert result["status"].to_list() == ["complete", None, "absent"]
    assert result["error"].to_list() == [None, "null", None]
    assert result["blocks"].list.len().to_list() == [1, None, 0]
    assert result["diagnostics"].explode().struct.field("code").drop_nulls().to_list() == ["MA405"]


def test_the_page_s_polars_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "docs" / "batches.md").read_text("utf-8")
    example = page.partition("**Polars**")[2].partition("```python\n")[2].partition("```")[0]
    monkeypatch.chdir(tmp_path)
    Path("updates").mkdir()
    frame = pl.DataFrame({"body": [FILLED.replace("ottoline@example.com", "")], "sr": ["3-1"], "updated_at": [DAY]})
    frame.write_parquet("updates/a.parquet")
    names: dict[str, Any] = {}
    exec(example.replace("\nresults.filter", "\nincomplete = results.filter"), names)
    assert names["incomplete"].rows() == [("3-1", 1)]


def test_a_table_of_many_batches_is_as_one() -> None:
    texts = [*UPDATES, None]
    table_of = pa.table({"body": pa.chunked_array([pa.array(texts[:3]), pa.array(texts[3:], pa.string())])})
    result = check_table(table_of, as_of=DAY)
    assert result.combine_chunks().to_batches()[0].equals(check_batch(batch(*texts), as_of=DAY))
    assert requests(result).num_rows == requests(check_batch(batch(*texts), as_of=DAY)).num_rows


def test_through_parquet_and_back(tmp_path: Path) -> None:
    result = pa.Table.from_batches([check_batch(batch(*UPDATES, None), as_of=DAY)])
    for table_of in (result, requests(result)):
        pq.write_table(table_of, tmp_path / "results.parquet")
        back = pq.read_table(tmp_path / "results.parquet")
        assert back.schema.metadata[b"ma_template.schema_version"] == b"1"
        assert back.to_pylist() == table_of.to_pylist()
