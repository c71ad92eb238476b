"""Tables are read from what was compiled of them, as long as it is of the table that is there."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from conftest import ROOT
from ma_template import wording

TABLES = sorted((ROOT / "grammar").rglob("*.toml"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(wording, "_folder", lambda: str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_a_compiled_table_is_the_table(path: Path) -> None:
    assert json.loads(wording.compiled(path.read_bytes()))["table"] == tomllib.loads(path.read_text("utf-8"))


def test_what_is_compiled_is_read(folder: Path) -> None:
    (folder / "some.toml").write_bytes(b"words = ['one']")
    (folder / "some.json").write_text(wording.compiled(b"words = ['one']").replace("one", "another"))
    assert wording.table.__wrapped__("some") == {"words": ["another"]}


@pytest.mark.parametrize("beside", ["", "{", '{"of": 0}', wording.compiled(b"words = ['before']")])
def test_a_changed_table_is_read_itself(folder: Path, beside: str) -> None:
    (folder / "some.toml").write_bytes(b"words = ['one']")
    (folder / "some.json").write_text(beside)
    assert wording.table.__wrapped__("some") == {"words": ["one"]}


def test_a_table_that_was_not_compiled_is_read(folder: Path) -> None:
    (folder / "some.toml").write_bytes("words = ['一']".encode())
    assert wording.table.__wrapped__("some") == {"words": ["一"]}
