"""Which lines of a block answer which prompt: the table fixtures/tables/sections.yaml."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import yaml

from conftest import FIXTURES
from ma_template import check

CASES: list[dict[str, Any]] = yaml.load((FIXTURES / "tables/sections.yaml").read_text("utf-8"), yaml.CSafeLoader)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"].splitlines()[1][:40])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_answers_are_found(case: dict[str, Any], line_end: str) -> None:
    report = check(case["text"].replace("\n", line_end), as_of=date(2026, 11, 23))
    (block,) = report.blocks
    for name in ("reason", "milestone", "requester"):
        answer = getattr(block, name)
        assert (answer and answer.text.replace("\r\n", "\n")) == case[name]
    assert sorted({finding.code for finding in report.diagnostics}) == case.get("codes", [])
