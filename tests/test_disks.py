"""Real disks that are full or can only be read: one clear answer, nothing half written, and what is done goes on later.

Each test has a small file system of its own, mounted in a name space of its own (`unshare`, part of every Linux).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from conftest import FIXTURES

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="name spaces are Linux's")

DAMAGED = FIXTURES / "bad" / "en" / "prompts-without-banner.txt"
RESULTS = FIXTURES / "releases" / "0.1.0" / "results.parquet"
UPDATES = FIXTURES / "releases" / "updates.jsonl"

# Does one step after the other on a disk, and says after each what came of it and what stands on the disk then.
DRIVER = """
import json, os, pathlib, subprocess, sys
disk, size, steps = json.load(sys.stdin)
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", disk], check=True)
os.chdir(disk)
told = []
for step, *rest in steps:
    status, error = 0, ""
    if step == "lint":
        done = subprocess.run([sys.executable, "-m", "ma_template", *rest], capture_output=True, text=True, timeout=120)
        status, error = done.returncode, done.stderr
    elif step == "write":
        pathlib.Path(rest[0]).write_text(rest[1])
    elif step == "fill":
        room = os.statvfs(".")
        with open("filler", "wb") as file:
            os.posix_fallocate(file.fileno(), 0, room.f_bavail * room.f_bsize - rest[0] * room.f_bsize)
    elif step == "remove":
        os.unlink(rest[0])
    elif step == "read-only":
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    there = [path for path in pathlib.Path().iterdir() if path.name != "filler"]
    files = {path.name: path.read_bytes().decode("latin-1") for path in there if path.is_file()}
    folders = {path.name: len(list(path.iterdir())) for path in there if path.is_dir()}
    told.append([status, error, files, folders])
json.dump(told, sys.stdout)
"""

Told = tuple[int, str, dict[str, str], dict[str, int]]
"""What came of a step: exit status, standard error, the files on the disk, the folders and how much is in them."""


@pytest.fixture
def on_disk(tmp_path: Path) -> Any:
    """Return a function that does steps on a disk of so many bytes."""

    def do(size: str, *steps: list[str]) -> list[Told]:
        disk = tmp_path / "disk"
        disk.mkdir()
        done = subprocess.run(
            ["unshare", "--map-root-user", "--mount", sys.executable, "-c", DRIVER],
            input=json.dumps([str(disk), size, steps]),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        if done.returncode and ("unshare" in done.stderr or "mount:" in done.stderr):
            said = f"this machine lets nobody mount a file system in a name space: {done.stderr.strip()}"
            if os.environ.get("CI"):
                pytest.fail(said)
            pytest.skip(said)
        assert done.returncode == 0, done.stderr
        return [(status, error, files, folders) for status, error, files, folders in json.loads(done.stdout)]

    return do


NO_SPACE, READ_ONLY = "no space is left", "it can only be read"
FAULTS = pytest.mark.parametrize(
    ("fault", "reason"), [(["fill", 0], NO_SPACE), (["read-only"], READ_ONLY)], ids=["full", "read-only"]
)


@FAULTS
@pytest.mark.parametrize("before", [{}, {"report": "as it was"}], ids=["new", "there"])
@pytest.mark.parametrize(
    "command",
    [
        ["check", str(FIXTURES / "bad"), "--format", "json"],
        ["check", str(FIXTURES / "bad"), "--format", "text"],
        ["history", str(RESULTS), "--format", "parquet"],
        ["history", str(RESULTS), "--format", "json"],
    ],
    ids=lambda command: f"{command[0]} {command[3]}",
)
def test_no_half_report(
    on_disk: Any, fault: list[Any], reason: str, before: dict[str, str], command: list[str]
) -> None:
    given = [["write", *item] for item in before.items()]
    *_, last = on_disk("100k", *given, fault, ["lint", *command, "--output", "report"])
    assert last == (2, f"ma-lint: error: report: cannot write the report: {reason}\n", before, {})


@FAULTS
def test_no_half_mending(on_disk: Any, fault: list[Any], reason: str) -> None:
    text = DAMAGED.read_bytes().decode()
    *_, last = on_disk("100k", ["write", "a.txt", text], fault, ["lint", "fix", "a.txt"])
    told = {
        NO_SPACE: "cannot be rewritten: no space is left; the file is as it was",
        READ_ONLY: "the file is read-only: nothing was changed",
    }
    assert last == (2, f"ma-lint: error: a.txt: {told[reason]}\n", {"a.txt": text}, {})


@FAULTS
def test_no_half_configuration(on_disk: Any, fault: list[Any], reason: str) -> None:
    *_, last = on_disk("100k", fault, ["lint", "init"])
    assert last == (2, f"ma-lint: error: ma-lint.toml: cannot be written: {reason}\n", {}, {})


SCAN = ["lint", "scan", str(UPDATES), "--id-column", "sr", "--as-of", "2026-11-23", "--isolated", "--quiet"]
SCAN += ["--chunk-bytes", "4000", "--jobs", "2", "--output"]


@pytest.mark.parametrize("name", ["out.parquet", "out.jsonl", "out.csv", "out.csv.gz"])
def test_a_scan_that_fills_the_disk_goes_on_when_there_is_room(on_disk: Any, name: str) -> None:
    scan, kept = [*SCAN, name], f".{name}.scan"
    whole, _, _, full, _, resumed = on_disk(
        "4m", scan, ["remove", name], ["fill", 16], scan, ["remove", "filler"], [*scan, "--resume"]
    )
    status, error, files, folders = full
    assert status == 2
    assert error.startswith("ma-lint: error: ")
    assert error.endswith(f"cannot write: {NO_SPACE}; what is done is kept, --resume goes on\n")
    assert error.count("\n") == 1
    assert files == {}
    assert folders[kept] > 2
    assert (whole[0], resumed[0]) == (1, 1)  # two updates cannot be checked
    assert resumed[2:] == whole[2:]


def test_a_page_that_finds_no_room(on_disk: Any, tmp_path: Path) -> None:
    """The results are on a disk with room, the page on a full one: both appear, once there is room."""
    out = tmp_path / "out.csv"
    scan = [*SCAN, str(out), "--report", "page.html"]
    full, _, resumed = on_disk("1m", ["fill", 0], scan, ["remove", "filler"], [*scan, "--resume"])[1:]
    assert full == (2, f"ma-lint: error: page.html: cannot write: {NO_SPACE}; {KEPT}\n", {}, {})
    assert resumed[0] == 1
    assert "SR-1" in resumed[2]["page.html"]
    assert out.read_text("utf-8").startswith('"id"')


KEPT = "what is done is kept, --resume goes on"


def test_a_scan_on_a_disk_that_can_only_be_read(on_disk: Any) -> None:
    *_, last = on_disk("1m", ["read-only"], [*SCAN, "out.csv"])
    assert last == (2, f"ma-lint: error: out.csv: cannot write: {READ_ONLY}; {KEPT}\n", {}, {})
