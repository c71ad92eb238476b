"""Code, orders and formulas in what people write: in every output they are words, or are not there at all."""

from __future__ import annotations

import csv
import json
import re
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pexpect
import pytest

from ma_template import check
from ma_template.cli import main

Captured = pytest.CaptureFixture[str]

SCRIPT = "<script>alert(1)</script>"
ORDERS = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202e"  # title of the window, an empty screen, colour, a turn of direction
HOSTILE = f"""\
*** Request Management Atention ***
Reason: =HYPERLINK("http://x.example", "400 orders a day are lost") {SCRIPT} ]]> --> {ORDERS}
Milestone: @SUM(A1) go-live on 31 November 2026 {SCRIPT}{ORDERS}
Requester: {SCRIPT} Graves{ORDERS}, +81 3-5555-0123, "><img src=x onerror=alert(1)>@example..com
::error::y {ORDERS}
*** Request Management Attention ***
"""


@pytest.fixture
def update(tmp_path: Path) -> Path:
    path = tmp_path / "update.txt"
    path.write_text(HOSTILE, encoding="utf-8", newline="\n")
    return path


def test_it_is_read_as_a_request_with_faults() -> None:
    """Else there would be nothing to show."""
    report = check(HOSTILE, as_of="2026-11-23")
    assert {"MA104", "MA306", "MA407"} <= {found.code for found in report.diagnostics}
    [block] = report.blocks
    assert block.requester
    assert SCRIPT in block.requester.text


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("form", ["sarif", "github", "junit"])
def test_reports_for_ci_hold_none_of_it(form: str, lang: str, update: Path, capsys: Captured) -> None:
    assert main(["--as-of", "2026-11-23", "--format", form, "--lang", lang, str(update)]) == 1
    told = capsys.readouterr().out
    for words in (
        "<script",
        "&lt;script",
        "alert",
        "onerror",
        "HYPERLINK",
        "::error::y",
        "\x1b",
        "\x9b",
        "\x07",
        "\u202e",
        "Graves",
    ):
        assert words not in told
    if form == "sarif":
        json.loads(told)
    if form == "junit":
        ElementTree.fromstring(told)  # made here


def control(shown: str) -> list[str]:
    """Return what of a text may steer a terminal, colours of our own set aside."""
    return re.findall(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", re.sub(r"\x1b\[[0-9;]*m", "", shown))


@pytest.mark.parametrize(
    "command",
    [
        ["check", "--as-of", "2026-11-23", "--verbose"],
        ["check", "--as-of", "2026-11-23", "--verbose", "--lang", "ja"],
        ["fix", "--diff"],
        ["fix", "--check"],
    ],
    ids=lambda command: " ".join(command),
)
def test_a_terminal_shows_signs_and_obeys_none(command: list[str], update: Path) -> None:
    shown, status = pexpect.run(
        f"{sys.executable} -m ma_template {' '.join(command)} {update}",
        encoding="utf-8",
        env={"PATH": "/usr/bin:/bin", "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "COLUMNS": "200"},
        withexitstatus=True,
        timeout=60,
    )
    assert status == (0 if "--diff" in command else 1)
    assert control(shown.replace("\r\n", "\n")) == []
    assert "MA104" in shown or "--diff" in command


def rows(folder: Path) -> Path:
    path = folder / "updates.jsonl"
    texts = [HOSTILE, HOSTILE.replace("400", "500")]
    path.write_text("".join(json.dumps({"sr": f"={SCRIPT}{ORDERS}", "body": text}) + "\n" for text in texts))
    return path


def test_histories(tmp_path: Path, capsys: Captured) -> None:
    assert main(["history", str(rows(tmp_path)), "--id-column", "sr", "--isolated"]) in (0, 1)
    shown = capsys.readouterr()
    assert "500" in shown.out
    assert control(shown.out + shown.err) == []


def test_tables_and_pages(tmp_path: Path, capsys: Captured) -> None:
    out, page = tmp_path / "out.csv", tmp_path / "page.html"
    scan = ["scan", str(rows(tmp_path)), "--id-column", "sr", "--isolated", "-o", str(out), "--report", str(page)]
    assert main([*scan, "--jobs", "1"]) == 0
    assert control(capsys.readouterr().out) == []
    with out.open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert [cell for cell in cells if "HYPERLINK" in cell or "@SUM" in cell or cell.startswith("'=<script>")]
    signed = re.compile(r"[+-][0-9]*")
    assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@")) and not signed.fullmatch(cell)]
    told = page.read_text(encoding="utf-8")
    assert "<script" not in told
    assert "<img" not in told
    assert "&lt;script&gt;" in told  # the SR's number, which is shown


def test_a_form_is_not_written_with_it(tmp_path: Path, capsys: Captured) -> None:
    """Orders to a terminal in a request as JSON: it is refused without a word of it."""
    given: dict[str, Any] = {
        "reason": {"text": "It stops."},
        "milestone": {"name": "Go-live", "date": "2026-12-15"},
        "requester": {"name": f"Graves{ORDERS}", "phone": "+81355550123", "email": "a@example.com"},
    }
    (tmp_path / "request.json").write_text(json.dumps(given))
    assert main(["new", "--from", str(tmp_path / "request.json")]) == 2
    told = capsys.readouterr()
    assert not told.out
    assert control(told.err) == []
