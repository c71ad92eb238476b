"""`ma-lint scan --report`: the same page as from the library's rows, in one run or in two, or no page at all."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from batch.test_scan import COLUMNS, DAY, ROWS, Scan, error_lines, lines
from batch.test_scan import scan as scan
from ma_template.arrow import check_batch
from ma_template.overview import Tally, page

Captured = pytest.CaptureFixture[str]
COMMAND = ("a.jsonl", *COLUMNS, "--output", "out.parquet", "--chunk-bytes", "5000", "--report", "report.html")


def expected(lang: Any = "en") -> str:
    tally = Tally()
    tally.add(check_batch(pa.RecordBatch.from_pylist(ROWS), id="sr", as_of="at", region="country"))
    return page(tally, lang, today=DAY)


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("output", ["out.parquet", "out.csv", "out.jsonl.gz"])
def test_the_page_is_that_of_the_rows(scan: Scan, lang: str, output: str) -> None:
    Path("a.jsonl").write_bytes(lines(ROWS))
    command = [*COMMAND[:-4], "--report", "report.html", "--lang", lang]
    assert scan(*[output if part == "out.parquet" else part for part in command], "--jobs", "2") == 0
    # The rows that stand in a file say which; the page names it only where there is no SR.
    assert Path("report.html").read_text("utf-8") == expected(lang)
    assert sorted(os.listdir()) == ["a.jsonl", output, "report.html"]


@pytest.mark.parametrize("number", [0, 4])
def test_ended_and_resumed(scan: Scan, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    from ma_template.scan import working

    Path("a.jsonl").write_bytes(lines(ROWS))
    real = working.Work._do
    with monkeypatch.context() as patched:

        def ending(self: working.Work, unit: Any) -> Any:
            if unit.number == number:
                raise KeyboardInterrupt
            return real(self, unit)

        patched.setattr(working.Work, "_do", ending)
        assert scan(*COMMAND) == 130
    assert not Path("report.html").exists()
    assert scan(*COMMAND, "--resume") == 0
    assert Path("report.html").read_text("utf-8") == expected()


@pytest.mark.parametrize("last", ["out.parquet", "report.html"])
def test_ended_while_the_files_appear(scan: Scan, last: str, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("a.jsonl").write_bytes(lines(ROWS))
    with monkeypatch.context() as patched:
        real = os.replace

        def ending(source: str, target: str) -> None:
            if os.path.basename(target) == last and "report.html" not in os.path.basename(os.path.dirname(target)):
                raise KeyboardInterrupt
            real(source, target)

        patched.setattr("ma_template.scan.journal.os.replace", ending)
        assert scan(*COMMAND) == 130
    assert scan(*COMMAND, "--resume") == 0
    assert Path("report.html").read_text("utf-8") == expected()
    assert sorted(os.listdir()) == ["a.jsonl", "out.parquet", "report.html"]


def test_places_where_no_page_can_go(scan: Scan, capsys: Captured) -> None:
    Path("a.jsonl").write_bytes(lines(ROWS))
    Path("folder").mkdir()
    Path("kept.html").write_text("a page of somebody")
    for place in ("folder", "nowhere/report.html", "out.parquet", "kept.html"):
        assert scan(*COMMAND[:-1], place) == 2
    place = "the report cannot be written there; give a file in a folder that can be written to"
    assert error_lines(capsys) == [
        f"ma-lint: error: folder: {place}",
        f"ma-lint: error: nowhere/report.html: {place}",
        "ma-lint: error: out.parquet: the output goes there; give the report a name of its own",
        "ma-lint: error: kept.html: it is there already and stays as it is; give another name, or --overwrite",
    ]
    assert Path("kept.html").read_text() == "a page of somebody"
    assert not Path("out.parquet").exists()


def test_with_and_without_a_page_are_different_scans(scan: Scan, capsys: Captured, monkeypatch: Any) -> None:
    from ma_template.scan import working

    Path("a.jsonl").write_bytes(lines(ROWS))
    with monkeypatch.context() as patched:
        patched.setattr(working.Work, "_do", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        assert scan(*COMMAND[:-2]) == 130
    assert scan(*COMMAND, "--resume") == 2
    assert "--report" in capsys.readouterr().err
