"""The wheel and the editable install carry all they need: built, put into an empty environment, and asked to work."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from conftest import FIXTURES, ROOT
from ma_template.wording import compiled


def run(*command: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, encoding="utf-8")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    built = run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, ROOT)
    assert built.returncode == 0, built.stderr
    return next(folder.glob("*.whl"))


def test_the_wheel_carries_its_tables_compiled(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        tables = [
            name for name in archive.namelist() if name.startswith("ma_template/grammar/") and name.endswith("toml")
        ]
        assert len(tables) == len(list((ROOT / "grammar").rglob("*.toml")))
        for name in tables:
            assert archive.read(name.replace(".toml", ".json")).decode() == compiled(archive.read(name)), name


@pytest.mark.parametrize("kind", ["wheel", "editable"])
def test_an_install_does_the_main_job(kind: str, wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "env", with_pip=True)
    bin_folder = tmp_path / "env" / ("Scripts" if sys.platform == "win32" else "bin")
    what = [wheel] if kind == "wheel" else ["--editable", ROOT]
    installed = run(bin_folder / "python", "-m", "pip", "install", "--quiet", *what)
    assert installed.returncode == 0, installed.stderr
    update = tmp_path / "update.txt"
    update.write_bytes((FIXTURES / "devset" / "dev-041.txt").read_bytes())
    checked = run(bin_folder / "ma-lint", "check", "--format", "json", "--as-of", "2026-11-23", update, cwd=tmp_path)
    assert checked.returncode == 0, checked.stderr
    (document,) = json.loads(checked.stdout)["documents"]
    assert document["status"] == "complete"
    assert document["blocks"][0]["requester"]["name"] == "山田 太郎"
