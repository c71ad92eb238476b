"""Versions, completion and the pre-commit hook: what makes `ma-lint` fit into other people's surroundings."""

from __future__ import annotations

import re
import shutil
import subprocess
from importlib import metadata
from pathlib import Path

import pytest

from ma_template.cli import main

ROOT = Path(__file__).parents[1]
Captured = pytest.CaptureFixture[str]


def test_versions_of_all_that_a_reading_depends_on(capsys: Captured) -> None:
    assert main(["--version", "--verbose"]) == 0
    first, *rows = capsys.readouterr().out.splitlines()
    assert first.startswith("ma-lint ")
    told = dict(re.split(r"  +", row, maxsplit=1) for row in rows)
    for name in ("lark", "pydantic", "phonenumbers", "email-validator", "rapidfuzz"):
        assert told[name] == metadata.version(name)
    assert re.match(r"20\d\d[a-z]", told["time zones"])
    assert told["Unicode"].count(".") == 2


# -- completion


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_is_one_that_the_shell_takes(shell: str, tmp_path: Path, capsys: Captured) -> None:
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert all(word in script for word in ("check", "explain", "date-order", "sarif"))
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    path = tmp_path / "script"
    path.write_text(script)
    subprocess.run([shell, "-n", str(path)], check=True)


def completed(line: str, folder: Path, script: Path) -> list[str]:
    """Ask bash what it would offer at the end of a line."""
    words = line.split(" ")
    code = (
        f"source {script}; COMP_WORDS=({' '.join(repr(word) for word in words)}); COMP_CWORD={len(words) - 1};"
        "_shtab_ma_lint; printf '%s\\n' \"${COMPREPLY[@]}\""
    )
    done = subprocess.run(["bash", "-c", code], cwd=folder, capture_output=True, text=True, check=True)
    return sorted(word.strip() for word in done.stdout.split("\n") if word.strip())


@pytest.mark.skipif(not shutil.which("bash"), reason="bash is not installed")
def test_what_bash_offers(tmp_path: Path, capsys: Captured) -> None:
    main(["completion", "bash"])
    script = tmp_path / "script"
    script.write_text(capsys.readouterr().out)
    (tmp_path / "update.txt").touch()
    assert completed("ma-lint exp", tmp_path, script) == ["explain"]
    assert completed("ma-lint check --date-order ", tmp_path, script) == ["dmy", "mdy", "ymd"]
    assert completed("ma-lint check --form", tmp_path, script) == ["--format"]
    assert completed("ma-lint check upd", tmp_path, script) == ["update.txt"]
