"""Versions, completion and the pre-commit hook: what makes `ma-lint` fit into other people's surroundings."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
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


# -- pre-commit


@pytest.mark.slow
@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="pre-commit installs hooks from a git repository")
def test_the_hook_blocks_a_commit_with_an_incomplete_request(tmp_path: Path) -> None:
    """A real repository, a real commit. pre-commit installs the last commit of this repository with pip."""
    pre_commit = Path(sys.executable).with_name("pre-commit")
    scratch = tmp_path / "scratch"
    surroundings = {
        **os.environ,
        "PRE_COMMIT_HOME": str(tmp_path / "home"),
        "PATH": f"{pre_commit.parent}{os.pathsep}{os.environ['PATH']}",
        "GIT_CONFIG_GLOBAL": os.devnull,
        **{
            f"GIT_{who}_{what}": "somebody@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
        },
    }

    def run(*command: str | Path, folder: Path = scratch) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, cwd=folder, env=surroundings, capture_output=True, text=True, timeout=300)

    run("git", "clone", "--quiet", "--depth=1", f"file://{ROOT}", tmp_path / "hooks", folder=tmp_path)
    revision = run("git", "rev-parse", "HEAD", folder=tmp_path / "hooks").stdout.strip()
    scratch.mkdir()
    run("git", "init", "--quiet")
    hook = f"repos: [{{repo: '{tmp_path / 'hooks'}', rev: '{revision}', hooks: [{{id: ma-lint}}]}}]\n"
    (scratch / ".pre-commit-config.yaml").write_text(hook)
    installed = run(pre_commit, "install")
    assert installed.returncode == 0, installed.stdout + installed.stderr

    update = scratch / "update.txt"
    update.write_text(
        "*** Request Management Attention ***\nReason: all is down\n*** Request Management Attention ***\n"
    )
    (scratch / "notes.log").write_text("*** Request Management Attention ***\n")
    run("git", "add", ".")
    blocked = run("git", "commit", "-m", "an incomplete request")
    assert blocked.returncode == 1
    assert "update.txt:1:1: error[MA301] milestone-missing" in blocked.stderr, blocked.stdout + blocked.stderr
    assert "notes.log" not in blocked.stderr
    assert run("git", "rev-parse", "HEAD").returncode != 0  # there is no commit

    update.write_text("nothing is asked here\n")
    run("git", "add", ".")
    passed = run("git", "commit", "-m", "no request")
    assert passed.returncode == 0, passed.stdout + passed.stderr
