"""Which lines of a block answer which prompt: the table fixtures/tables/sections.yaml."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import yaml

from conftest import FIXTURES
from ma_template import check
from ma_template.sections import answer_language
from ma_template.source import View

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


@pytest.mark.parametrize(
    ("answers", "language"),
    [
        (["abcdefghijkl", "ああ", "あ"], "ja"),  # 3 of 15 letters
        (["abcdefghijkl 2026", "ああ", "あ"], "ja"),
        (["abcdefghijklm 2026", "ああ", "あ"], "en"),  # 3 of 16
        (["abcdefghijklm", "ああ", "あ"], "en"),
        (["abcdefghijkl jane.doe@example.com", "ああ", "あ"], "ja"),
        (["123", "あ"], "ja"),
        (["123", "-"], "en"),
        ([], "en"),
    ],
)
def test_a_fifth_of_the_letters_makes_answers_japanese(answers: list[str], language: str) -> None:
    assert answer_language([View.of(answer) for answer in answers]) == language


@pytest.mark.parametrize("end", ["Milestone:", "Milestone: \n>", "Milestone", "> Milestone:\n> ", "Milestone:\u3000"])
def test_a_text_may_end_at_a_label(end: str) -> None:
    report = check(
        f"***** Request Management Attention *****\nReason: 400 orders wait\n{end}", as_of=date(2026, 11, 23)
    )
    (block,) = report.blocks
    assert block.reason is not None
    assert (block.reason.text, block.milestone) == ("400 orders wait", None)
