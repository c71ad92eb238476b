"""docs/hardening.md names the tests that try each thing: they are there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGES = ("hardening.md", "compatibility.md", "architecture.md", "security.md")


def test_every_named_test_is_there() -> None:
    named = {
        found.groups()
        for page in PAGES
        for found in re.finditer(
            r"((?:tests|benchmarks)/[\w/]+\.py)(?:::(\w+))?", (ROOT / "docs" / page).read_text("utf-8")
        )
    }
    assert len(named) > 40
    for path, test in sorted(named, key=str):
        assert (ROOT / path).is_file(), path
        assert test is None or re.search(rf"^(?:async )?def {test}\(", (ROOT / path).read_text("utf-8"), re.M), test
