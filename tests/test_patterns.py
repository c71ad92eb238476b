"""Patterns that are compiled late are compiled here, so that a faulty one is noticed before it is used."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

import ma_template
from ma_template.patterns import _Late, late


def test_a_late_pattern_is_like_any_other() -> None:
    pattern = late("(a)|b", re.IGNORECASE)
    assert [match[0] for match in pattern.finditer("xAb")] == ["A", "b"]
    assert pattern.pattern == "(a)|b"
    assert pattern.groups == 1
    assert late(b"[0-9]+").sub(b"#", b"a12") == b"a#"
    with pytest.raises(AttributeError):
        pattern.nothing  # type: ignore[attr-defined]  # noqa: B018


def test_a_late_pattern_is_compiled_once(monkeypatch: pytest.MonkeyPatch) -> None:
    pattern = late("a+")
    search = pattern.search
    monkeypatch.setattr(re, "compile", None)
    assert pattern.search is search


def test_every_late_pattern_compiles() -> None:
    package = Path(ma_template.__file__).parent
    found = 0
    for path in package.rglob("*.py"):
        if "import late" in path.read_text("utf-8"):
            name = ".".join(path.relative_to(package.parent).with_suffix("").parts).removesuffix(".__init__")
            for value in vars(importlib.import_module(name)).values():
                if isinstance(value, _Late):
                    re.compile(value._source, value._flags)
                    found += 1
    assert found > 100
