"""Files that are odd, empty, endless or just being written."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

import ma_template.files
from ma_template.cli import main
from ma_template.files import Update, read
from ma_template.report import Problem
from ma_template.wording import table

Captured = pytest.CaptureFixture[str]

REQUEST = """\
*** Request Management Attention ***
Reason: 40 stores cannot sell
Milestone: go-live on 15 December 2026
Requester: Taro Yamada, +81 3-5555-0123, taro.yamada@example.com
*** Request Management Attention ***
"""


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_an_empty_file_holds_no_request(name: str, tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / name).touch()
    assert main(["--format", "json", str(tmp_path / name)]) == 0
    document = json.loads(capsys.readouterr().out)["documents"][0]
    assert (document["status"], document["encoding"]) == ("absent", "utf-8")


def test_null_bytes_are_characters_like_others(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"\0\0\n" + REQUEST.replace("stores", "st\0res").encode())
    assert main(["--as-of", "2026-11-23", "--format", "json", str(path)]) == 0
    document = json.loads(capsys.readouterr().out)["documents"][0]
    assert document["encoding"] == "utf-8"
    assert document["blocks"][0]["span"]["start"] == 3
    assert main(["--as-of", "2026-11-23", str(path)]) == 0
    assert "\0" not in capsys.readouterr().out


def test_half_an_update_is_not_judged(tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "growing.txt"
    path.write_text(REQUEST)
    real = ma_template.files._whole

    def slowly(file: Any) -> bytes:
        data = real(file)
        with path.open("a") as other:
            other.write("and more")
        return data

    monkeypatch.setattr("ma_template.files._whole", slowly)
    assert main([str(path)]) == 2
    assert "it was written to while it was read" in capsys.readouterr().err


def test_a_file_that_really_grows_is_read_to_an_end(tmp_path: Path) -> None:
    path = tmp_path / "log.txt"
    path.write_bytes(b"x" * 5_000_000)
    stop = threading.Event()

    def append() -> None:
        with path.open("ab", buffering=0) as file:
            while not stop.is_set():
                file.write(b"y" * 1_000)

    writer = threading.Thread(target=append)
    writer.start()
    try:
        found = read(str(path))
    finally:
        stop.set()
        writer.join()
    if isinstance(found, Problem):
        assert found.key in ("changing", "too-large")
    else:  # the writer had no turn while the file was read: then it was read whole
        assert found.text.rstrip("y") == "x" * 5_000_000
    assert isinstance(read(str(path)), Update)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="this system has no endless device")
def test_what_never_ends_does_not_fill_the_memory(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ma_template.files._LARGEST", 3 << 20)
    assert main(["/dev/zero"]) == 2
    assert capsys.readouterr().err == "ma-lint: error: /dev/zero: larger than 3 MB\n"


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="this system has no /proc")
def test_a_file_whose_size_nobody_knows_is_read() -> None:
    found = read("/proc/self/status")
    assert isinstance(found, Update)
    assert "Name:" in found.text


@pytest.mark.parametrize(
    ("number", "told"), [(errno.EROFS, "it can only be read"), (errno.EACCES, "permission is missing")]
)
def test_an_output_folder_that_can_only_be_read(
    number: int, told: str, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text("text")
    table("words/report")  # loaded while files can be opened
    real = open

    def refuse(path: Any, mode: str = "r", *rest: Any, **more: Any) -> Any:  # the tests may run as root
        if "x" in mode or "w" in mode:
            raise OSError(number, os.strerror(number))
        return real(path, mode, *rest, **more)

    monkeypatch.setattr("builtins.open", refuse)
    assert main(["--output", str(tmp_path / "report.txt"), str(tmp_path / "a.txt")]) == 2
    assert capsys.readouterr().err == f"ma-lint: error: {tmp_path}/report.txt: cannot write the report: {told}\n"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_an_endless_pipe_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    code = "import ma_template.files as f; f._LARGEST = 1 << 20; print(f.read('-'))"
    with subprocess.Popen(["yes"], stdout=subprocess.PIPE) as endless:
        done = subprocess.run([sys.executable, "-c", code], stdin=endless.stdout, capture_output=True, timeout=60)
        endless.kill()
    assert b"too-large" in done.stdout
