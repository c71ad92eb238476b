"""Approved outputs: `pytest --approve` writes them anew; read `git diff` before you commit what it wrote."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FIXTURES = ROOT / "fixtures"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--approve", action="store_true", help="write approved outputs anew instead of comparing them")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--approve") and os.environ.get("CI"):
        raise pytest.UsageError("--approve is for people who read the diff: it refuses to run where CI is set")


@pytest.fixture
def approved(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Return a function that compares a text with the approved one in a file, or writes it (--approve)."""

    def compare(path: Path, text: str) -> None:
        if request.config.getoption("--approve"):
            if not path.exists() or path.read_bytes() != text.encode():
                path.write_bytes(text.encode())
            return
        if not path.exists():
            pytest.fail(f"{path.relative_to(ROOT)} is missing: run `pytest --approve {request.node.location[0]}`")
        assert text == path.read_bytes().decode(), f"{path.relative_to(ROOT)}: `pytest --approve` rewrites it"

    return compare
