"""`ma-lint history`: from results and from updates, as text, JSON and Parquet."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ma_template import history
from ma_template.arrow import HISTORY, check_table, history_table
from ma_template.cli import main
from ma_template.diagnostics import Text
from ma_template.rules.examples import request

Captured = pytest.CaptureFixture[str]
COLUMNS = ["--id-column", "sr", "--as-of-column", "updated_at", "--isolated"]

FIRST = request().en
NO_PHONE = request(requester=Text("Taro Yamada, taro.yamada@example.com", "")).en
LATER = request(
    reason=Text("Since Friday 60 stores cannot take orders, and returns have stopped.", ""),
    milestone=Text("Payroll run on 2026-12-18", ""),
    requester=Text(
        "Taro Yamada, +81 3-5555-0123, taro.yamada@example.com\nMy manager: Keiko Mori, +81 3-5555-0145", ""
    ),
).en
ROWS: list[dict[str, Any]] = [
    {"sr": sr, "updated_at": day, "body": text}
    for sr, day, text in (
        ("SR-1", "2026-11-12T08:00:00Z", NO_PHONE),
        ("SR-2", "2026-11-16T08:00:00Z", FIRST),
        ("SR-1", "2026-11-16T08:00:00Z", FIRST),
        ("SR-1", "2026-11-13T08:00:00Z", "The trace is uploaded."),
        ("SR-1", "2026-11-17T08:00:00Z", FIRST),
        ("SR-1", "2026-11-19T08:00:00Z", LATER),
        ("SR-2", "2026-11-18T08:00:00Z", NO_PHONE),
        ("SR-3", "2026-11-18T08:00:00Z", "Nothing is asked."),
    )
]


@pytest.fixture(autouse=True)
def _plain_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def updates(tmp_path: Path) -> Path:
    path = tmp_path / "updates.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    return path


@pytest.fixture
def results(tmp_path: Path, updates: Path, capsys: Captured) -> Path:
    path = tmp_path / "results.parquet"
    assert main(["scan", str(updates), *COLUMNS, "-q", "-o", str(path)]) == 0
    return path


def shown(capsys: Captured, *arguments: str, status: int = 0) -> str:
    assert main(["history", *arguments]) == status
    return capsys.readouterr().out


ENGLISH = """\
SR-1: 4 requests, Thu 12 November 2026 to Thu 19 November 2026; nothing open
  1. Thu 12 November 2026: incomplete; go-live on Tue 15 December 2026, 33 days ahead
  2. Mon 16 November 2026: complete; go-live on Tue 15 December 2026, 29 days ahead; number 2 in a row without news
     added requester's phone number: +81355550123
  3. Tue 17 November 2026: complete; go-live on Tue 15 December 2026, 28 days ahead; word for word request 2; \
number 3 in a row without news (MA508)
  4. Thu 19 November 2026: complete; payroll on Fri 18 December 2026, 29 days ahead
     reason: The order system is down, and 40 stores cannot take orders. → Since Friday 60 stores cannot take orders, \
and returns have…
     type of milestone: go-live → payroll
     milestone date: 2026-12-15 → 2026-12-18
     added other contacts: Keiko Mori, +81355550145

SR-2: 2 requests, Mon 16 November 2026 to Wed 18 November 2026; open: requester's phone number
  1. Mon 16 November 2026: complete; go-live on Tue 15 December 2026, 29 days ahead
  2. Wed 18 November 2026: incomplete; go-live on Tue 15 December 2026, 27 days ahead; number 2 in a row without news
     removed requester's phone number: +81355550123

2 service requests, 6 requests; 1 with something open, 1 repeated word for word, 1 too frequent
"""

JAPANESE = """\
SR-2: 要請2件、2026年11月16日(月)～2026年11月18日(水)、未解決の不備: 要請者の電話番号
  1. 2026年11月16日(月): 不備なし、2026年12月15日(火)の稼働開始まで29日
  2. 2026年11月18日(水): 不備あり、2026年12月15日(火)の稼働開始まで27日、変化のない要請が続いて2回目
     要請者の電話番号を削除: +81355550123

サービス・リクエスト1件、要請2件 (不備が残るSR 1件、同文の再要請0件、頻繁な要請0件)
"""


def test_as_text(results: Path, capsys: Captured) -> None:
    assert shown(capsys, str(results)) == ENGLISH


def test_in_japanese(results: Path, capsys: Captured) -> None:
    assert shown(capsys, str(results), "--lang", "ja", "--only", "open") == JAPANESE


def test_of_updates_as_of_their_results(updates: Path, tmp_path: Path, capsys: Captured) -> None:
    assert shown(capsys, str(updates), *COLUMNS) == ENGLISH
    table = tmp_path / "table.csv"
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(ROWS[0]))
        writer.writeheader()
        writer.writerows(ROWS)
    assert shown(capsys, str(table), *COLUMNS) == ENGLISH


def test_of_results_of_every_kind(updates: Path, tmp_path: Path, capsys: Captured) -> None:
    for name in ("results.jsonl", "results.jsonl.gz"):
        made = tmp_path / name
        assert main(["scan", str(updates), *COLUMNS, "-q", "-o", str(made)]) == 0
        assert shown(capsys, str(made)) == ENGLISH


def test_of_results_and_updates_together(updates: Path, tmp_path: Path, capsys: Captured) -> None:
    first, rest = tmp_path / "first.jsonl", tmp_path / "rest.jsonl"
    first.write_text("".join(json.dumps(row) + "\n" for row in ROWS[:3]), encoding="utf-8")
    rest.write_text("".join(json.dumps(row) + "\n" for row in ROWS[3:]), encoding="utf-8")
    made = tmp_path / "results.parquet"
    assert main(["scan", str(first), *COLUMNS, "-q", "-o", str(made)]) == 0
    assert shown(capsys, str(made), str(rest), *COLUMNS) == ENGLISH


def test_as_json(results: Path, tmp_path: Path, capsys: Captured) -> None:
    expected = [json.loads(one.model_dump_json()) for one in history(pq.read_table(results))]
    document = json.loads(shown(capsys, str(results), "--format", "json"))
    assert document == {"schema_version": 1, "histories": expected, "not_checked": 0, "without_sr": 0}
    lines = shown(capsys, str(results), "--format", "jsonl", "--sr", "SR-2").splitlines()
    assert [json.loads(line) for line in lines] == expected[1:]
    made = tmp_path / "histories.json"
    assert shown(capsys, str(results), "-o", str(made)) == ""
    assert json.loads(made.read_text(encoding="utf-8"))["histories"] == expected


def test_as_parquet(results: Path, tmp_path: Path, capsys: Captured) -> None:
    made = tmp_path / "histories.parquet"
    shown(capsys, str(results), "-o", str(made))
    table = pq.read_table(made)
    assert table.schema.equals(HISTORY)
    assert table.equals(history_table(pq.read_table(results)))


@pytest.mark.parametrize(("only", "srs"), [("open", ["SR-2"]), ("repeated", ["SR-1"]), ("frequent", ["SR-1"])])
def test_only_some(results: Path, capsys: Captured, only: str, srs: list[str]) -> None:
    lines = shown(capsys, str(results), "--format", "jsonl", "--only", only).splitlines()
    assert [json.loads(line)["sr"] for line in lines] == srs


def test_the_window_is_configured(results: Path, tmp_path: Path, capsys: Captured) -> None:
    config = tmp_path / "own.toml"
    config.write_text("frequent-requests = 2\n", encoding="utf-8")
    lines = shown(capsys, str(results), "--format", "jsonl", "--only", "frequent", "--config", str(config)).splitlines()
    assert [json.loads(line)["sr"] for line in lines] == ["SR-1", "SR-2"]


def test_nothing_to_tell(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "updates.jsonl"
    path.write_text('{"sr": "SR-1", "body": "thank you", "updated_at": null}\n', encoding="utf-8")
    assert shown(capsys, str(path), *COLUMNS) == "no requests\n"


def test_what_is_in_no_history_is_told(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "updates.jsonl"
    rows = [*ROWS, {"sr": None, "updated_at": "2026-11-16", "body": FIRST}, {"sr": "SR-1", "body": None}]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert main(["history", str(path), *COLUMNS]) == 1
    out, err = capsys.readouterr()
    assert out == ENGLISH
    assert err.splitlines() == [
        "ma-lint: 1 update could not be checked",
        "ma-lint: 1 update with a request names no service request, and was left out",
    ]


def test_what_cannot_be_told(updates: Path, results: Path, tmp_path: Path, capsys: Captured) -> None:
    def said(*arguments: str) -> str:
        assert main(["history", "--isolated", *arguments]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err.count("\n") == 1
        return err.removeprefix("ma-lint: error: ").rstrip()

    assert said(str(updates)) == f"{updates}: which column names the service request? Give --id-column NAME"
    flat = tmp_path / "flat.csv"
    assert main(["scan", str(updates), *COLUMNS, "-q", "-o", str(flat)]) == 0
    assert said(str(flat)).startswith(f"{flat}: results with one row a request, as .csv has them, hold too little")
    nameless = tmp_path / "nameless.parquet"
    pq.write_table(check_table(pa.Table.from_pylist(ROWS)), nameless)
    assert said(str(nameless)) == "no request says which service request it belongs to: scan with --id-column NAME"
    broken = tmp_path / "broken.jsonl"
    broken.write_text('{"request_count": 1}\n{"x": 1}\n', encoding="utf-8")
    assert said(str(broken)).startswith(f"{broken}: not results as ma-lint scan writes them")
    assert said(str(tmp_path / "gone.parquet")) == f"{tmp_path / 'gone.parquet'}: no such file or folder"
    assert "--format parquet needs --output" in said(str(results), "--format", "parquet")


# -- the SR's own fields as columns


def test_the_sr_s_fields_from_columns(tmp_path: Path, capsys: Captured) -> None:
    """Every kind of file, and JSON whose values are texts, numbers and lists."""
    rows = [
        {"body": FIRST, "sr": "a", "sev": 4, "what": "", "due": ["2026-12-18"]},
        {"body": FIRST, "sr": "b", "sev": 1, "what": "ORA-00600", "due": ["2026-12-15", "2026-12-18"]},
        {"body": FIRST, "sr": "c", "sev": None, "what": None, "due": None},
        {"body": FIRST, "sr": "d", "sev": "3 - Moderate", "what": "ORA-00600", "due": "2026-12-15"},
    ]
    expected = {"a": ["MA504", "MA505", "MA506"], "b": [], "c": [], "d": ["MA505"]}
    options = ["--id-column", "sr", "--as-of", "2026-11-23", "--isolated", "-q"]
    columns = ["--sr-columns", "severity=sev, problem=what,milestone_dates=due"]

    def found(source: Path) -> dict[str, list[str]]:
        made = tmp_path / "made.parquet"
        assert main(["scan", str(source), *options, *columns, "--overwrite", "-o", str(made)]) == 0
        table = pq.read_table(made)
        return {row["id"]: [found["code"] for found in row["diagnostics"]] for row in table.to_pylist()}

    mixed = tmp_path / "mixed.jsonl"  # one type a column is not to be had
    mixed.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert found(mixed) == expected
    plain = tmp_path / "plain.jsonl.gz"
    plain.write_bytes(gzip.compress("".join(json.dumps(row) + "\n" for row in rows[:3]).encode()))
    assert found(plain) == {key: expected[key] for key in "abc"}
    table = tmp_path / "table.parquet"
    pq.write_table(pa.Table.from_pylist(rows[:3]), table)
    assert found(table) == {key: expected[key] for key in "abc"}
    cells = tmp_path / "cells.csv"
    with cells.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows({**row, "due": "; ".join(row["due"])} for row in rows[:2])
    assert found(cells) == {key: expected[key] for key in "ab"}


@pytest.mark.parametrize("given", ["severity", "urgency=a", "severity=", "=a", "severity=a,,problem=b"])
def test_sr_columns_that_make_no_sense(given: str, updates: Path, tmp_path: Path, capsys: Captured) -> None:
    assert main(["scan", str(updates), "--isolated", "--sr-columns", given, "-o", str(tmp_path / "x.parquet")]) == 2
    assert capsys.readouterr().err.startswith(
        f"ma-lint: error: --sr-columns {given}: write field=column, with commas between several; the fields are number,"
    )
