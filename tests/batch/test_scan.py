"""`ma-lint scan`: the same rows as the library's from every kind of file, whatever is in it and whoever ends it."""

from __future__ import annotations

import csv
import datetime
import gzip
import io
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pexpect
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ma_template.arrow import REQUESTS, SCHEMA, check_batch, requests
from ma_template.cli import main
from ma_template.scan import csvs, jsonlines
from ma_template.scan.rows import Columns
from ma_template.scan.shapes import safe

ROOT = Path(__file__).parents[2]
DAY = datetime.date(2026, 11, 23)
UPDATES = [
    path.read_bytes().decode()
    for kind in ("good", "bad")
    for path in sorted((ROOT / "fixtures" / kind).glob("*/*.txt"))
]
WORDS = (
    "the",
    "server",
    "asks",
    "for",
    "manager's",
    "attention:",
    "サーバーが停止,",
    "request",
    '"quoted",',
    "=1+1",
    "###",
)

Row = dict[str, Any]
Scan = Callable[..., int]


def table_of(count: int = 300, *, seed: int = 7) -> list[Row]:
    """Return updates of which some hold a request."""
    chance = random.Random(seed)
    rows = []
    for number in range(count):
        text = " ".join(chance.choices(WORDS, k=chance.randrange(0, 60)))
        if number % 10 == 3:
            text += "\n" + chance.choice(UPDATES)
        stamp = f"2026-11-{1 + number % 28:02}T{number % 24:02}:30:00+09:00"
        rows.append({"sr": f"3-{number}", "at": stamp, "country": ("JP", "GB", None)[number % 3], "body": text})
    return rows


ROWS = table_of()


@pytest.fixture(scope="module")
def expected() -> pa.Table:
    batch = pa.RecordBatch.from_pylist(ROWS)
    return pa.Table.from_batches([check_batch(batch, id="sr", as_of="at", region="country")])


def lines(rows: list[Row]) -> bytes:
    return b"".join(json.dumps(row, ensure_ascii=bool(number % 2)).encode() + b"\n" for number, row in enumerate(rows))


def cells(rows: list[Row], end: str = "\r\n", separator: str = ",") -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator=end, delimiter=separator)
    writer.writerow(["sr", "at", "country", "body"])
    writer.writerows([row["sr"], row["at"], row["country"] or "", row["body"]] for row in rows)
    return out.getvalue().encode()


@pytest.fixture
def scan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scan:
    """Return `ma-lint scan` in an empty folder, judging at one day."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> int:
        return main(["scan", "--isolated", "--as-of", DAY.isoformat(), "--jobs", "1", *arguments])

    return run


COLUMNS = ("--id-column", "sr", "--as-of-column", "at", "--region-column", "country")


def without_places(table: pa.Table) -> pa.Table:
    return table.drop_columns(["source", "row"])


def error_lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().err.splitlines()


# ---------------------------------------------------------------------------------------------------------------------
# The same rows


def zstd(data: bytes) -> bytes:
    return pa.compress(data, codec="zstd", asbytes=True)  # type: ignore[no-any-return]


INPUTS: dict[str, Callable[[], bytes]] = {
    "a.jsonl": lambda: lines(ROWS),
    "a.ndjson": lambda: b"\xef\xbb\xbf" + lines(ROWS).replace(b"\n", b"\r\n").rstrip(),
    "a.json.gz": lambda: gzip.compress(lines(ROWS[:100])) + gzip.compress(lines(ROWS[100:])),
    "a.jsonl.zst": lambda: zstd(lines(ROWS)),
    "a.csv": lambda: cells(ROWS),
    "a.tsv": lambda: b"\xef\xbb\xbf" + cells(ROWS, "\n", "\t"),
    "a.csv.gz": lambda: gzip.compress(cells(ROWS, "\r").rstrip()),
    "a.tsv.zst": lambda: zstd(cells(ROWS, "\n", "\t")),
}


@pytest.mark.parametrize("name", INPUTS)
@pytest.mark.parametrize("size", ["8388608", "5000", "900"])
def test_every_kind_of_text_file(name: str, size: str, scan: Scan, expected: pa.Table) -> None:
    Path(name).write_bytes(INPUTS[name]())
    assert scan(name, *COLUMNS, "--output", "out.parquet", "--chunk-bytes", size, "--quiet") == 0
    result = pq.read_table("out.parquet")
    assert without_places(result).equals(without_places(expected))
    assert set(result.column("source").to_pylist()) == {name}
    assert result.column("row").to_pylist() == list(range(1, len(ROWS) + 1))
    assert sorted(os.listdir()) == sorted([name, "out.parquet"])


@pytest.mark.parametrize("groups", [7, 1000])
def test_parquet_with_times_and_dictionaries(groups: int, scan: Scan, expected: pa.Table) -> None:
    table = pa.Table.from_pylist(ROWS)
    stamps = [datetime.datetime.fromisoformat(row["at"]) for row in ROWS]
    table = table.set_column(1, "at", pa.array(stamps, pa.timestamp("us", "Asia/Tokyo")))
    table = table.set_column(3, "body", table.column("body").dictionary_encode())
    pq.write_table(table, "a.parquet", row_group_size=groups)
    assert scan("a.parquet", *COLUMNS, "--output", "out.parquet", "--chunk-bytes", "3000", "--quiet") == 0
    result = pq.read_table("out.parquet")
    assert without_places(result).equals(without_places(expected))
    assert result.column("row").to_pylist() == list(range(1, len(ROWS) + 1))


def test_several_processes_and_files_in_order(scan: Scan, expected: pa.Table) -> None:
    Path("in/deeper").mkdir(parents=True)
    Path("in/b.jsonl").write_bytes(lines(ROWS[100:200]))
    Path("in/a.csv").write_bytes(cells(ROWS[:100]))
    pq.write_table(pa.Table.from_pylist(ROWS[200:]), "in/deeper/c.parquet", row_group_size=20)
    for ignored in ("in/_SUCCESS", "in/.d.jsonl", "in/notes.txt", "in/deeper/.c.parquet.crc"):
        Path(ignored).write_bytes(b"\0")
    for paths in (["in"], ["in/*.csv", "in/b.jsonl", "in/**/*.parquet", "in"]):
        options = ["--output", "out.parquet", "--chunk-bytes", "2000", "--quiet", "--overwrite", "--isolated"]
        assert main(["scan", *paths, *COLUMNS, *options, "--as-of", "2026-11-23", "--jobs", "3"]) == 0
        result = pq.read_table("out.parquet")
        assert without_places(result).equals(without_places(expected))
        assert result.column("row").to_pylist() == 3 * list(range(1, 101))
        assert list(dict.fromkeys(result.column("source").to_pylist())) == [
            "in/a.csv",
            "in/b.jsonl",
            "in/deeper/c.parquet",
        ]


def test_standard_input(scan: Scan, expected: pa.Table, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "ma_template", "scan", "-", *COLUMNS, "--output", "out.parquet", "--isolated"]
    done = subprocess.run([*command, "--chunk-bytes", "4000"], input=lines(ROWS), capture_output=True, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")
    assert without_places(pq.read_table("out.parquet")).equals(without_places(expected))


def test_json_lines_out_are_reports(scan: Scan, expected: pa.Table) -> None:
    Path("a.jsonl").write_bytes(lines(ROWS))
    assert scan("a.jsonl", *COLUMNS, "--output", "out.jsonl", "--chunk-bytes", "5000", "--quiet") == 0
    assert scan("a.jsonl", *COLUMNS, "--output", "out.jsonl.gz", "--quiet") == 0
    written = Path("out.jsonl").read_bytes()
    assert gzip.decompress(Path("out.jsonl.gz").read_bytes()) == written
    rows = [json.loads(line) for line in written.splitlines()]
    for number, (row, other) in enumerate(zip(rows, expected.to_pylist(), strict=True), 1):
        for found in other["diagnostics"]:
            found["arguments"] = json.loads(found["arguments"])
        other |= {"source": "a.jsonl", "row": number, "as_of": other["as_of"].isoformat()}
        other["at"] = other["at"].isoformat().replace("+00:00", "Z")
        assert list(row) == SCHEMA.names
        assert row == other


def test_one_row_a_request(scan: Scan, expected: pa.Table) -> None:
    Path("a.jsonl").write_bytes(lines(ROWS))
    assert scan("a.jsonl", *COLUMNS, "--output", "out.parquet", "--rows", "requests", "--quiet") == 0
    assert scan("a.jsonl", *COLUMNS, "--output", "out.csv", "--quiet") == 0
    flat = requests(expected)
    assert flat.num_rows > 20
    assert without_places(pq.read_table("out.parquet")).equals(without_places(flat))
    with open("out.csv", encoding="utf-8", newline="") as file:
        written = list(csv.DictReader(file))
    assert list(written[0]) == REQUESTS.names
    for row, other in zip(written, flat.to_pylist(), strict=True):
        assert row["codes"] == "; ".join(other["codes"])
        assert row["reason"].removeprefix("'") == (other["reason"] or "")
        assert row["days"] == ("" if other["days"] is None else str(other["days"]))
        assert row["as_of"] == other["as_of"].isoformat()


def test_one_row_an_update_as_csv(scan: Scan, expected: pa.Table) -> None:
    Path("a.jsonl").write_bytes(lines(ROWS))
    assert scan("a.jsonl", *COLUMNS, "--output", "out.csv", "--rows", "updates", "--quiet") == 0
    with open("out.csv", encoding="utf-8", newline="") as file:
        written = list(csv.DictReader(file))
    assert [row["status"] for row in written] == expected.column("status").to_pylist()
    assert [len(json.loads(row["blocks"])) for row in written] == expected.column("block_count").to_pylist()


def test_redacted(scan: Scan, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("a.jsonl").write_bytes(lines(ROWS))
    monkeypatch.setenv("MA_LINT_REDACT_KEY", "a key")
    assert scan("a.jsonl", *COLUMNS, "--output", "out.parquet", "--redact", "--quiet") == 0
    batch = pa.RecordBatch.from_pylist(ROWS)
    other = check_batch(batch, id="sr", as_of="at", region="country", redact_key="a key")
    assert without_places(pq.read_table("out.parquet")).equals(without_places(pa.Table.from_batches([other])))
    names = {name for name in requests(other).column("name").to_pylist() if name}
    assert len(names) > 5
    assert all(name.startswith("person-") for name in names)


# ---------------------------------------------------------------------------------------------------------------------
# Bad rows: 1 % of every kind

BAD_LINES: dict[str, tuple[bytes, str]] = {
    "null": (b'{"sr": "x", "body": null}', "null"),
    "no key": (b'{"sr": "x"}', "null"),
    "number": (b'{"sr": "x", "body": 7}', "not-text"),
    "object": (b'{"sr": "x", "body": {"a": ["b"]}}', "not-text"),
    "not UTF-8": (b'{"sr": "x", "body": "caf\xe9"}', "undecodable"),
    "too large": (b'{"sr": "x", "body": "' + b"x" * 20_000 + b'"}', "too-large"),
    "no JSON": (b"{'sr': 'x'}", "malformed"),
    "half": (b'{"sr": "x", "body": "a', "malformed"),
    "two": (b'{"sr": "x", "body": "a"} {"sr": "y", "body": "b"}', "malformed"),
    "array": (b'["x"]', "malformed"),
    "deep": (b'{"sr": ' + b"[" * 5_000 + b"]" * 5_000 + b', "body": 1', "malformed"),
    "no date": (b'{"sr": "x", "at": "soon", "body": "a"}', "as-of-invalid"),
    "epoch": (b'{"sr": "x", "at": 1795000000, "body": "a"}', "as-of-invalid"),
    "no region": (b'{"sr": "x", "country": "Narnia", "body": "a"}', "region-invalid"),
    "region 7": (b'{"sr": "x", "country": 7, "body": "a"}', "region-invalid"),
}


def mixed(good: list[Any], bad: list[Any]) -> list[tuple[Any, bool]]:
    """Return good rows with a bad one, of each kind by turns, behind every hundred of them."""
    out: list[tuple[Any, bool]] = []
    for number, row in enumerate(good, 1):
        out.append((row, True))
        if number % 20 == 0:
            out.append((bad[number // 20 % len(bad)], False))
    return out


def judged(found: list[Row]) -> list[Row]:
    return [{name: value for name, value in row.items() if name not in ("source", "row")} for row in found]


@pytest.mark.parametrize("size", ["8388608", "3000"])
@pytest.mark.parametrize("packed", [False, True])
def test_bad_lines(size: str, packed: bool, scan: Scan, expected: pa.Table) -> None:
    kinds = list(BAD_LINES.values())
    rows = mixed(lines(ROWS).splitlines(), kinds)
    data = b"\n".join(row if good else row[0] for row, good in rows) + b"\n\n  \n"
    name = "a.jsonl.gz" if packed else "a.jsonl"
    Path(name).write_bytes(gzip.compress(data) if packed else data)
    options = ["--output", "out.parquet", "--max-bytes", "15000", "--chunk-bytes", size, "--quiet"]
    assert scan(name, *COLUMNS, *options) == 1
    found = pq.read_table("out.parquet").to_pylist()
    assert [row["row"] for row in found] == list(range(1, len(rows) + 1))
    assert [row["error"] for row in found] == [None if good else row[1] for row, good in rows]
    assert judged([row for row in found if row["error"] is None]) == judged(expected.to_pylist())
    assert {row["error"] for row in found} == {None, *(why for _, why in kinds)}


def test_an_odd_line_costs_the_others_nothing(scan: Scan) -> None:
    """Ids that are numbers or mixed, keys twice, blank lines, lone surrogates."""
    Path("a.jsonl").write_bytes(
        b'{"sr": 1, "body": "a"}\n'
        b'{"sr": "2", "body": "b"}\r\n'
        b"\n"
        b'{"sr": [3], "body": "c", "body": "d"}\n'
        b'{"sr": 4.5, "body": "\\ud83d Request Management Attention"}\n'
        b'{"sr": true, "body": "e"}'
    )
    assert scan("a.jsonl", "--id-column", "sr", "--output", "out.parquet", "--quiet") == 0
    found = pq.read_table("out.parquet").to_pylist()
    assert [(row["row"], row["id"], row["error"]) for row in found] == [
        (1, "1", None),
        (2, "2", None),
        (4, "[3]", None),
        (5, "4.5", None),
        (6, "true", None),
    ]


BAD_RECORDS: dict[str, tuple[bytes, str]] = {
    "too few": (b"x,y,z", "malformed"),
    "too many": (b"1,,,a,b", "malformed"),
    "not UTF-8": (b'1,,,"caf\xe9"', "undecodable"),
    "too large": (b'1,,,"' + b'x,"" \n' * 5_000 + b'"', "too-large"),
    "no date": (b"1,soon,,a", "as-of-invalid"),
    "no region": (b"1,,Narnia,a", "region-invalid"),
}


@pytest.mark.parametrize(
    ("data", "rows"),
    [
        (b'\n{"body": "a"}\n{"body": "b"}\n', [(2, None), (3, None)]),
        (b'{"body": "a"}\n{"body": "b"}\n\n', [(1, None), (2, None)]),
        (b'{"body": "a"}\r\n{"body": "b"}\r\n', [(1, None), (2, None)]),
        (b'{"body": "a"}\n{"body":\n"b"}\n', [(1, None), (2, "malformed"), (3, "malformed")]),
        (b'{"body": "a"}{"body": "b"}\n{"body": "c"}\n', [(1, "malformed"), (2, None)]),
    ],
)
def test_a_row_is_a_line(data: bytes, rows: list[tuple[int, str | None]], scan: Scan) -> None:
    Path("a.jsonl").write_bytes(data)
    assert scan("a.jsonl", "--output", "out.parquet", "--quiet") == int(any(error for _, error in rows))
    found = pq.read_table("out.parquet").to_pylist()
    assert [(row["row"], row["error"]) for row in found] == rows


@pytest.mark.parametrize("size", ["8388608", "3000"])
@pytest.mark.parametrize("packed", [False, True])
def test_bad_records(size: str, packed: bool, scan: Scan, expected: pa.Table) -> None:
    good = [cells([row]).partition(b"\r\n")[2].removesuffix(b"\r\n") for row in ROWS]
    rows = mixed(good, list(BAD_RECORDS.values()))
    data = b"sr,at,country,body\n" + b"\n".join(row if good else row[0] for row, good in rows)
    name = "a.csv.zst" if packed else "a.csv"
    Path(name).write_bytes(zstd(data) if packed else data)
    options = ["--output", "out.parquet", "--max-bytes", "15000", "--chunk-bytes", size, "--quiet"]
    assert scan(name, *COLUMNS, *options) == 1
    found = pq.read_table("out.parquet").to_pylist()
    assert [row["error"] for row in found] == [None if good else row[1] for row, good in rows]
    assert judged([row for row in found if row["error"] is None]) == judged(expected.to_pylist())
    assert [row["row"] for row in found] == list(range(1, len(rows) + 1))


def test_a_quote_that_is_never_closed(scan: Scan) -> None:
    Path("a.csv").write_bytes(b'sr,body\n1,a\n2,"b\n3,c\n')
    assert scan("a.csv", "--output", "out.jsonl", "--quiet") == 1
    found = [json.loads(line) for line in Path("out.jsonl").read_bytes().splitlines()]
    assert [(row["row"], row["error"]) for row in found] == [(1, None), (2, "malformed")]


def test_bad_values_in_parquet(scan: Scan) -> None:
    table = pa.table(
        {
            "body": pa.array([b"good", None, b"caf\xe9", b"x" * 2_000, b"good"]),
            "at": pa.array([DAY, DAY, None, DAY, None]),
        }
    )
    pq.write_table(table, "a.parquet")
    assert scan("a.parquet", "--as-of-column", "at", "--max-bytes", "1000", "-o", "out.parquet", "--quiet") == 1
    found = pq.read_table("out.parquet")
    assert found.column("error").to_pylist() == [None, "null", "undecodable", "too-large", None]
    assert found.column("as_of").to_pylist() == [DAY] * 5


def test_other_encodings_of_csv(scan: Scan) -> None:
    text = "**** 管理者による対応を要請 ****\n理由: 出荷が止まり、損失が出ている"
    Path("a.csv").write_bytes(f'番号,本文\r\n1,"{text}"\r\n2,表示\r\n'.encode("cp932"))
    options = ["--text-column", "本文", "--encoding", "Shift_JIS", "-o", "out.parquet", "--quiet", "--rows", "updates"]
    assert scan("a.csv", *options) == 0
    assert pq.read_table("out.parquet").column("block_count").to_pylist() == [1, 0]


# ---------------------------------------------------------------------------------------------------------------------
# How files are cut


class Bytes:
    """A stream that gives what it has in its own portions."""

    def __init__(self, data: bytes, portion: int) -> None:
        self._data = data
        self._portion = portion

    def read(self, size: int) -> bytes:
        data, self._data = self._data[: self._portion], self._data[self._portion :]
        return data


CELLS = st.text(st.sampled_from('ab",\n\t é'), max_size=6)


@given(st.binary(max_size=60), st.sampled_from(['a,"\r\n', "\n"]), st.integers(1, 40), st.integers(1, 40))
def test_csv_is_cut_at_records_whatever_it_holds(noise: bytes, alphabet: str, portion: int, size: int) -> None:
    data = b"".join(alphabet[byte % len(alphabet)].encode() for byte in noise)
    pieces = list(csvs.cut(Bytes(data, portion), ",", size, 1_000))  # type: ignore[arg-type]
    whole = b"".join(piece.data for piece in pieces)
    assert data.startswith(whole.rstrip(b"\r\n")) or not whole.strip(b"\r\n")
    assert [piece.start for piece in pieces] == [0, *(piece.end for piece in pieces[:-1])][: len(pieces)]

    def records(text: bytes) -> list[list[str]]:
        return [row for row in csv.reader(io.StringIO(text.decode(), newline="")) if row]

    if not any(piece.fault for piece in pieces):
        assert [row for piece in pieces for row in records(piece.data)] == records(data)
    else:
        assert [piece.fault for piece in pieces].index("malformed") == len(pieces) - 1


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=12), st.integers(1, 30), st.integers(4, 12))
def test_long_records_are_passed_by(rows: list[list[str]], portion: int, largest: int) -> None:
    def written(row: list[str]) -> bytes:
        out = io.StringIO(newline="")
        csv.writer(out, lineterminator="\n").writerow(row)
        return out.getvalue().encode()

    data = [written(row) for row in rows]
    pieces = list(csvs.cut(Bytes(b"".join(data), portion), ",", 1, largest))  # type: ignore[arg-type]
    faults = [piece.fault for piece in pieces]
    assert len(faults) == len(data)
    for fault, record in zip(faults, data, strict=True):
        assert fault == "too-large" if len(record) > largest + 2 else fault in (None, "too-large")
        if len(record) <= largest:
            assert fault is None


@given(st.lists(st.sampled_from([b"a", b"bb", b"", b"c" * 7, b"d" * 30]), max_size=20), st.integers(1, 50), st.data())
def test_lines_are_in_one_range_each(rows: list[bytes], size: int, data: st.DataObject) -> None:
    end = data.draw(st.sampled_from([b"", b"\n"]))
    whole = b"\n".join(rows) + end
    expected = [line for line in whole.split(b"\n") if line]
    portion = data.draw(st.integers(1, 50))
    cut = [line[:11] for line in expected]  # one byte behind the limit
    stream: Any = Bytes(whole, portion)
    assert [line for chunk in jsonlines.chunks(stream, size, 10) for line in chunk.split(b"\n") if line] == cut


@given(st.lists(st.text(st.sampled_from("aé\\n{"), max_size=30), max_size=10), st.integers(1, 60))
def test_ranges_of_a_file(tmp_path_factory: pytest.TempPathFactory, texts: list[str], size: int) -> None:
    path = tmp_path_factory.getbasetemp() / "ranges.jsonl"
    data = lines([{"body": text} for text in texts])
    path.write_bytes(data)
    found = [
        text
        for start in range(0, len(data), size)
        for rows in jsonlines.read(str(path), start, min(start + size, len(data)), Columns("body"), 1_000)
        for text in rows.batch.column("body").to_pylist()
    ]
    assert found == texts


# ---------------------------------------------------------------------------------------------------------------------
# Cells that spreadsheets take for formulas


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("=HYPERLINK(...)", "'=HYPERLINK(...)"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        (" \n=1", "' \n=1"),
        ('"=1', "'\"=1"),
        ("＝1+1", "'＝1+1"),
        ("＠A1", "'＠A1"),
        ("+81355550123", "+81355550123"),
        ("-3", "-3"),
        ("a=1", "a=1"),
        ("", ""),
        ("- dash", "'- dash"),
        ("020 7946 0187", "020 7946 0187"),
    ],
)
def test_formulas(text: str, cell: str) -> None:
    assert safe(text) == cell


def test_no_cell_of_a_csv_is_a_formula(scan: Scan) -> None:
    form = UPDATES[0].splitlines()
    evil = "\n".join([form[0], "Reason: =HYPERLINK(1)", "Milestone: @SUM(A1) go-live 1 December 2026", form[-1]])
    Path("a.jsonl").write_bytes(lines([{"sr": "=cmd|' /C calc'!A0", "body": evil}]))
    assert scan("a.jsonl", "--id-column", "sr", "--output", "out.csv", "--quiet") == 0
    with open("out.csv", encoding="utf-8", newline="") as file:
        [row] = csv.DictReader(file)
    assert row["id"].startswith("'=cmd")
    assert row["reason"].startswith("'=HYPERLINK")
    assert row["milestone"].startswith("'@SUM")


# ---------------------------------------------------------------------------------------------------------------------
# Going on after a kill


def scanning(folder: Path, *options: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "ma_template", "scan", "a.jsonl", *COLUMNS, "--output", "out.parquet"]
    return subprocess.Popen(
        [*command, "--isolated", "--as-of", "2026-11-23", "--chunk-bytes", "4000", "--jobs", "2", *options],
        cwd=folder,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )


def test_killed_and_resumed(tmp_path: Path) -> None:
    rows = table_of(3_000)
    (tmp_path / "a.jsonl").write_bytes(lines(rows))
    kept = tmp_path / ".out.parquet.scan"
    process = scanning(tmp_path)
    deadline = time.monotonic() + 60
    while len(list(kept.glob("*.json"))) < 20 and time.monotonic() < deadline:
        assert process.poll() is None, "too quick to be killed: give it more rows"
        time.sleep(0.01)
    process.kill()
    process.communicate()
    assert not (tmp_path / "out.parquet").exists()
    assert len(list(kept.glob("*.arrow"))) > 10

    again = scanning(tmp_path)
    assert again.communicate()[1].decode() == (
        f"ma-lint: error: out.parquet: an unfinished scan is kept in {kept}: --resume goes on with it, "
        "--overwrite begins anew\n"
    )
    assert again.returncode == 2

    resumed = scanning(tmp_path, "--resume")
    assert resumed.communicate()[1] == b""
    assert resumed.returncode == 0
    assert sorted(os.listdir(tmp_path)) == ["a.jsonl", "out.parquet"]
    whole = pa.Table.from_batches(
        [check_batch(pa.RecordBatch.from_pylist(rows), id="sr", as_of="at", region="country")]
    )
    result = pq.read_table(tmp_path / "out.parquet")
    assert without_places(result).equals(without_places(whole))
    assert result.column("row").to_pylist() == list(range(1, len(rows) + 1))


@pytest.fixture
def unfinished(scan: Scan, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a scan that was ended after its fourth part."""
    Path("a.jsonl").write_bytes(lines(ROWS))
    from ma_template.scan import working

    real = working.Work._do
    with monkeypatch.context() as patched:

        def ending(self: working.Work, unit: Any) -> Any:
            if unit.number == 4:
                raise KeyboardInterrupt
            return real(self, unit)

        patched.setattr(working.Work, "_do", ending)
        assert scan("a.jsonl", *COLUMNS, "--output", "out.parquet", "--chunk-bytes", "5000") == 130
    return Path(".out.parquet.scan")


RESUMED = ("a.jsonl", *COLUMNS, "--output", "out.parquet", "--chunk-bytes", "5000", "--quiet", "--resume")


def test_interrupted_and_resumed(
    capsys: pytest.CaptureFixture[str], unfinished: Path, scan: Scan, expected: pa.Table
) -> None:
    assert error_lines(capsys) == ["ma-lint: error: interrupted; the same command with --resume goes on"]
    assert not Path("out.parquet").exists()
    parts = sorted(unfinished.glob("*.arrow"))
    assert len(parts) == 4
    parts[0].write_bytes(b"ARROW1 cut short")  # as after a loss of power
    from ma_template.scan import working

    redone: list[int] = []
    real = working.Work._do

    def noting(self: working.Work, unit: Any) -> Any:
        redone.append(unit.number)
        return real(self, unit)

    working.Work._do = noting  # type: ignore[method-assign]
    try:
        assert scan(*RESUMED) == 0
    finally:
        working.Work._do = real  # type: ignore[method-assign]
    assert redone[:2] == [0, 4]
    assert without_places(pq.read_table("out.parquet")).equals(without_places(expected))
    assert not unfinished.exists()


@pytest.mark.parametrize("state", ["assembled", "renamed"])
def test_killed_at_the_very_end(
    state: str, scan: Scan, expected: pa.Table, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("a.jsonl").write_bytes(lines(ROWS))
    with monkeypatch.context() as patched:
        real = os.replace

        def ending(source: str, target: str) -> None:
            last = os.path.basename(target) == "out.parquet"
            if last and state == "assembled":
                raise KeyboardInterrupt
            real(source, target)
            if last:
                raise KeyboardInterrupt

        patched.setattr("ma_template.scan.journal.os.replace", ending)
        assert scan("a.jsonl", *COLUMNS, "--output", "out.parquet") == 130
    assert Path("out.parquet").exists() == (state == "renamed")
    assert scan("a.jsonl", *COLUMNS, "--output", "out.parquet", "--resume") == 0
    assert "300" in capsys.readouterr().out
    assert without_places(pq.read_table("out.parquet")).equals(without_places(expected))
    assert sorted(os.listdir()) == ["a.jsonl", "out.parquet"]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (["--region", "US"], "--config"),
        (["--redact"], "--redact"),
        (["--as-of-column", "sr"], "--as-of-column"),
        (["--chunk-bytes", "6000"], "--chunk-bytes"),
        (["--rows", "requests"], "--rows"),
    ],
)
def test_a_scan_with_other_options_is_another(
    change: list[str], what: str, unfinished: Path, scan: Scan, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert scan(*RESUMED, *change) == 2
    assert error_lines(capsys) == [
        f"ma-lint: error: out.parquet: cannot go on: {what} is not as it was when this scan was begun; "
        "--overwrite without --resume begins anew"
    ]
    assert len(list(unfinished.glob("*.arrow"))) == 4
    assert scan(*RESUMED[:-1], "--overwrite") == 0


def test_a_scan_that_another_version_began(unfinished: Path, scan: Scan, capsys: pytest.CaptureFixture[str]) -> None:
    """Two versions may say different things of one text: their parts are not mixed in one result."""
    facts = json.loads((unfinished / "facts.json").read_text())
    (unfinished / "facts.json").write_text(json.dumps({**facts, "ma-template": "0.0.9"}))
    capsys.readouterr()
    assert scan(*RESUMED) == 2
    assert error_lines(capsys)[0].startswith("ma-lint: error: out.parquet: cannot go on: ma-template is not as it was")
    assert len(list(unfinished.glob("*.arrow"))) == 4


def test_an_input_that_changed(unfinished: Path, scan: Scan, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    with open("a.jsonl", "ab") as file:
        file.write(b'{"body": "one more"}\n')
    assert scan(*RESUMED) == 2
    assert "INPUT is not as it was" in error_lines(capsys)[0]


def test_the_day_is_that_of_the_beginning(scan: Scan, unfinished: Path) -> None:
    """A scan without --as-of that goes on after midnight judges at the day on which it was begun."""
    facts = json.loads((unfinished / "facts.json").read_text())
    assert facts["today"] == DAY.isoformat()
    begun = {**facts, "today": "2025-01-01", "--as-of": None, "--as-of-column": None}
    (unfinished / "facts.json").write_text(json.dumps(begun))
    options = [option for option in RESUMED if option not in ("--as-of-column", "at")]
    assert main(["scan", "--isolated", "--jobs", "1", *options]) == 0
    days = pq.read_table("out.parquet").column("as_of").to_pylist()
    assert days[-1] == datetime.date(2025, 1, 1)


def test_two_scans_into_one_file(unfinished: Path, scan: Scan, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import fcntl,sys; f = open(sys.argv[1], 'w'); fcntl.lockf(f, fcntl.LOCK_EX); print(flush=True); input()",
            str(unfinished / "lock"),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdout
    holder.stdout.readline()
    assert scan(*RESUMED) == 2
    assert error_lines(capsys) == ["ma-lint: error: out.parquet: another scan is writing this output"]
    holder.communicate(b"\n")
    assert scan(*RESUMED) == 0


# ---------------------------------------------------------------------------------------------------------------------
# What cannot be done

GOOD = b'{"sr": "1", "body": "a"}\n'
WRONG: list[tuple[str, bytes | None, list[str], str]] = [
    ("a.jsonl", GOOD, ["--text-column", "Bodi"], "a.jsonl: no column Bodi; did you mean body?"),
    ("a.jsonl", GOOD, ["--id-column", "zzz"], "a.jsonl: no column zzz; there are: sr, body"),
    ("a.csv", b"sr,body\n1,a\n", ["--as-of-column", "bdy"], "a.csv: no column bdy; did you mean body?"),
    ("a.csv", b"body,body\n1,a\n", [], "a.csv: several columns are called body"),
    ("a.csv", b"", [], "a.csv: no CSV: it does not begin with a line of column names"),
    ("a.jsonl", None, [], "a.jsonl: no such file or folder"),
    ("a.txt", GOOD, [], "a.txt: its name does not tell what it is: it should end in .jsonl, .ndjson, .csv, .tsv or"),
    ("a.jsonl", b"PAR1 \0\n\0", [], "a.jsonl: no JSON Lines: no line at its beginning is an object such as"),
    ("a.json", b'[{"body": 1},\n{"body": 2}]', [], "a.json: a JSON array, not JSON Lines: write one object a line"),
    ("a.parquet", GOOD, [], "a.parquet: no Parquet, or damaged: "),
    ("a.jsonl.gz", GOOD, [], "a.jsonl.gz: not packed as its name says, or damaged: "),
    ("a.csv.zst", GOOD, [], "a.csv.zst: not packed as its name says, or damaged: "),
    ("a.jsonl.gz", gzip.compress(GOOD * 99)[:-9], [], "a.jsonl.gz: not packed as its name says, or damaged: "),
    ("a.jsonl", GOOD, ["--jobs", "0"], "--jobs 0 is no number of processes: give 1 or more"),
    ("a.jsonl", GOOD, ["--max-bytes", "1k"], "--max-bytes 1k is no number of bytes: give 1 or more"),
    ("a.jsonl", GOOD, ["--chunk-bytes", "0"], "--chunk-bytes 0 is no number of bytes: give 1 or more"),
    ("a.jsonl", GOOD, ["--encoding", "klingon"], "--encoding klingon: there is no such encoding"),
    ("a.jsonl", GOOD, ["--encoding", "utf-16"], "--encoding utf-16: CSV in this encoding cannot be read"),
    ("a.jsonl", GOOD, ["--delimiter", "::"], "--delimiter :: is no separator: give one ASCII character"),
    ("a.jsonl", GOOD, ["--as-of", "soon"], "--as-of soon is no date"),
    ("a.jsonl", GOOD, ["--region", "Narnia"], "--region Narnia is no region"),
    ("a.jsonl", GOOD, ["-o", "out.txt"], "out.txt: the output should end in .parquet, .jsonl or .csv"),
    ("a.jsonl", GOOD, ["-o", "a.jsonl", "--overwrite"], "a.jsonl: the output is one of the inputs"),
    ("a.jsonl", GOOD, ["-o", "nowhere/out.csv"], "nowhere/out.csv: cannot write: no such folder; what is done is kept"),
    ("a.jsonl", GOOD, ["--colum"], "unknown option --colum; did you mean"),
]


@pytest.mark.parametrize(("name", "data", "options", "message"), WRONG)
def test_wrong_input(
    name: str, data: bytes | None, options: list[str], message: str, scan: Scan, capsys: pytest.CaptureFixture[str]
) -> None:
    if data is not None:
        Path(name).write_bytes(data)
    assert scan(name, "--output", "out.parquet", *options) == 2
    told = error_lines(capsys)
    assert len(told) == 1
    assert told[0].startswith(f"ma-lint: error: {message}")
    assert [found for found in os.listdir() if found != name and not found.startswith(".out.parquet")] == []


def test_more_wrong_input(scan: Scan, capsys: pytest.CaptureFixture[str]) -> None:
    Path("empty").mkdir()
    Path("folder.parquet").mkdir()
    Path("a.jsonl").write_bytes(GOOD)
    Path("there.csv").write_text("as it was")
    for arguments, message in (
        (["empty", "-o", "out.csv"], "empty: the folder holds no .jsonl"),
        (["x*.csv", "-o", "out.csv"], "x*.csv: no file matches this pattern"),
        (["a.jsonl", "-o", "folder.parquet"], "folder.parquet: a folder; give the output a name in it"),
        (["a.jsonl", "-o", "there.csv"], "there.csv: it is there already and stays as it is"),
        (["a.jsonl", "-o", "there.csv", "--resume"], "there.csv: it is there already and stays as it is"),
        (["-", "-o", "out.csv", "--resume"], "-: standard input cannot be read again"),
    ):
        assert scan(*arguments) == 2
        [told] = error_lines(capsys)
        assert told.startswith(f"ma-lint: error: {message}")
    assert Path("there.csv").read_text() == "as it was"
    assert scan("a.jsonl", "-o", "there.csv", "--overwrite", "-q") == 0
    assert Path("there.csv").read_text().startswith('"id"')


def test_an_input_that_grows_while_it_is_read(
    scan: Scan, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("a.jsonl").write_bytes(GOOD)
    from ma_template.scan import scanning as room

    real = room.output

    def growing(*arguments: Any) -> Any:
        with open("a.jsonl", "ab") as file:
            file.write(GOOD)
        return real(*arguments)

    monkeypatch.setattr(room, "output", growing)
    assert scan("a.jsonl", "-o", "out.parquet") == 2
    assert error_lines(capsys)[0].startswith("ma-lint: error: a.jsonl: it was written to while it was read")
    assert not Path("out.parquet").exists()


def test_no_space_left(scan: Scan, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.jsonl").write_bytes(lines(ROWS))
    from ma_template.scan import journal

    def full(self: journal.Parts, number: int, made: str, counts: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(journal.Parts, "done", full)
    assert scan("a.jsonl", "-o", "out.parquet") == 2
    assert error_lines(capsys) == [
        "ma-lint: error: cannot write: no space is left; what is done is kept, --resume goes on"
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="workers are forked on Linux only")
def test_a_process_that_dies(scan: Scan, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.jsonl").write_bytes(lines(ROWS))
    from ma_template.scan import working

    monkeypatch.setattr(working.Work, "_do", lambda self, unit: os.kill(os.getpid(), signal.SIGKILL))
    assert main(["scan", "a.jsonl", "-o", "out.parquet", "--jobs", "2", "--chunk-bytes", "5000"]) == 2
    assert error_lines(capsys)[0].startswith("ma-lint: error: a process ended unexpectedly (signal 9)")


def test_empty_files_give_empty_results(scan: Scan) -> None:
    Path("a.jsonl").write_bytes(b"")
    Path("b.csv").write_bytes(b"sr,body\n")
    pq.write_table(pa.table({"body": pa.array([], pa.string())}), "c.parquet")
    Path("d.jsonl.gz").write_bytes(gzip.compress(b""))
    assert scan("a.jsonl", "b.csv", "c.parquet", "d.jsonl.gz", "-o", "out.parquet") == 0
    result = pq.read_table("out.parquet")
    assert result.num_rows == 0
    assert result.schema.equals(SCHEMA)
    assert result.schema.metadata == SCHEMA.metadata


# ---------------------------------------------------------------------------------------------------------------------
# What is shown


def test_the_closing_table(scan: Scan, capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.jsonl").write_bytes(lines(ROWS) + b"{}\n7\n7\n")
    shown = {}
    for lang in ("en", "ja"):
        assert scan("a.jsonl", *COLUMNS, "-o", "out.parquet", "--overwrite", "--lang", lang) == 1
        shown[lang] = [line.split() for line in capsys.readouterr().out.splitlines() if line.strip()]
    assert ["updates", "303"] in shown["en"]
    assert ["not", "checked", "3", "1.0", "%"] in shown["en"]
    assert ["malformed", "2", "the", "row", "cannot", "be", "read"] in shown["en"]
    assert ["null", "1", "no", "text"] in shown["en"]
    assert ["更新", "303"] in shown["ja"]
    assert ["malformed", "2", "行として読み取れない"] in shown["ja"]
    assert len(shown["en"]) == len(shown["ja"])


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminal")
def test_a_bar_on_a_terminal(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(lines(table_of(1_000)))
    options = ["scan", "a.jsonl", *COLUMNS, "-o", "out.parquet", "--chunk-bytes", "2000", "--jobs", "1"]
    child = pexpect.spawn(
        sys.executable,
        ["-m", "ma_template", *options],
        cwd=str(tmp_path),
        encoding="utf-8",
        timeout=60,
        dimensions=(24, 120),
    )
    child.expect(r"\d+%.*[\d,]+ rows  [\d,]+ rows/s")
    child.expect("updates +1,000")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
