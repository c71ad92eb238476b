"""A machine that is not as it should be: each fault has one answer, and nothing is lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from conftest import FIXTURES

UPDATE = FIXTURES / "bad" / "en" / "half-filled.txt"
JAPANESE = FIXTURES / "cli" / "japanese.txt"


def lint(*arguments: str | Path, library: str | None = None, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run ma-lint in an environment of its own, or some lines of Python that call the library."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "PYTHONPATH") if name in os.environ}
    command = ["-c", library] if library else ["-m", "ma_template", *map(str, arguments)]
    return subprocess.run(
        [sys.executable, *command], capture_output=True, env={**kept, **environment}, timeout=60, check=False
    )


# Debian's Python finds its zones in /usr/share/zoneinfo; the package tzdata is the other place.
NO_ZONES = {"PYTHONTZPATH": "/nowhere"}
HIDE_TZDATA = "import sys; sys.modules['tzdata'] = None; "


def test_without_time_zone_data_a_check_works() -> None:
    known, unknown = lint("--format", "json", UPDATE), lint("--format", "json", UPDATE, **NO_ZONES)
    assert unknown.returncode == 1
    assert unknown.stdout == known.stdout
    told = lint(
        library=HIDE_TZDATA + "from ma_template import check; print(check('', require=True).status)", **NO_ZONES
    )
    assert told.stdout == b"absent\n", told.stderr


def test_without_time_zone_data_the_reason_is_told() -> None:
    command = f"from ma_template.cli import main; sys.exit(main(['--timezone', 'Asia/Tokyo', {str(UPDATE)!r}]))"
    told = lint(library=HIDE_TZDATA + command, **NO_ZONES)
    assert told.returncode == 2
    assert not told.stdout
    assert b"--timezone Asia/Tokyo: this machine has no time-zone data; install the package tzdata, or give UTC" in (
        told.stderr
    )


@pytest.mark.parametrize("locale", [{}, {"LC_ALL": "C"}, {"LANG": "xx_YY.nowhere"}, {"LC_ALL": "ja_JP.SJIS"}])
def test_a_missing_locale_changes_no_report(locale: dict[str, str]) -> None:
    told = lint("--format", "json", "--as-of", "2026-11-23", JAPANESE, **locale)
    assert told.returncode == 1, told.stderr
    usual = lint("--format", "json", "--as-of", "2026-11-23", JAPANESE, LC_ALL="C.UTF-8")
    assert json.loads(told.stdout) == json.loads(usual.stdout)


@pytest.mark.parametrize(
    "terminal",
    [
        *[{"TERM": "dumb"}, {"TERM": ""}, {"TERM": "no-such-terminal", "FORCE_COLOR": "1"}],
        *[{"COLUMNS": "0"}, {"COLUMNS": "1"}, {"COLUMNS": "many"}, {"COLUMNS": "999999"}],
    ],
    ids=str,
)
def test_a_broken_terminal_gets_its_report(terminal: dict[str, str]) -> None:
    told = lint("--as-of", "2026-11-23", JAPANESE, **terminal)
    assert told.returncode == 1
    assert not told.stderr
    for code in (b"MA302", b"MA404", b"MA105"):
        assert code in told.stdout


@pytest.mark.parametrize("today", [date.min, date(1970, 1, 1), date(2038, 1, 20), date.max], ids=str)
def test_a_wrong_clock_breaks_nothing(today: date) -> None:
    from ma_template import check

    for path in (UPDATE, JAPANESE):
        report = check(path.read_bytes().decode(), as_of=today)
        assert report.as_of == today
        assert report.status == "incomplete"
    relative = UPDATE.read_bytes().decode().replace("31 November 2026", "next Friday, in 3 weeks, end of the month")
    assert check(relative, as_of=today).blocks[0].milestone is not None


@pytest.mark.parametrize(("closed", "name"), [(">&-", b"standard output"), ("<&-", b"standard input")])
def test_a_closed_stream_is_told(closed: str, name: bytes) -> None:
    command = f"exec {sys.executable} -m ma_template {'-' if '<' in closed else UPDATE} {closed}"
    told = subprocess.run(["/bin/sh", "-c", command], capture_output=True, timeout=60, check=False)
    assert told.returncode == 2
    assert told.stderr.startswith(b"ma-lint: error: ")
    assert told.stderr.endswith(name + b" is closed\n")
