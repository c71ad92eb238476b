"""What is only a placeholder: the cases stand in fixtures/tables/placeholders.yaml."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from growth import grows_linearly
from ma_template.readers.placeholders import impact_placeholder, is_placeholder, milestone_placeholders
from ma_template.readers.values import ReadDate, ReadType
from ma_template.source import Span, View

TABLE: dict[str, Any] = yaml.load(
    (Path(__file__).parents[2] / "fixtures/tables/placeholders.yaml").read_text("utf-8"), yaml.CSafeLoader
)
SOME_DATE = ReadDate(Span(0, 0), "milestone", "2026-12-01")
SOME_TYPE = ReadType(Span(0, 0), "go-live", "implementation")


@pytest.mark.parametrize("text", TABLE["placeholder"])
def test_placeholder(text: str) -> None:
    assert is_placeholder(View.of(text).text)


@pytest.mark.parametrize("text", TABLE["answer"])
def test_answer(text: str) -> None:
    assert not is_placeholder(View.of(text).text)


def test_table_is_large_enough() -> None:
    assert len({*TABLE["placeholder"], *TABLE["answer"]}) == len([*TABLE["placeholder"], *TABLE["answer"]]) >= 120


@pytest.mark.parametrize("case", TABLE["milestone"], ids=lambda case: case["text"])
def test_open_items_of_a_milestone(case: dict[str, Any]) -> None:
    dates = (SOME_DATE,) if "dates" in case["has"] else ()
    kind = SOME_TYPE if "type" in case["has"] else None
    assert milestone_placeholders(View.of(case["text"]), dates, kind) == set(case["open"])


@pytest.mark.parametrize("case", TABLE["impact"], ids=lambda case: case["text"])
def test_open_impact(case: dict[str, Any]) -> None:
    assert impact_placeholder(View.of(case["text"])) is case["open"]


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    view = View.of(text)
    assert is_placeholder(view.text) in (True, False)
    assert milestone_placeholders(view, (), None) <= {"dates", "type"}
    assert impact_placeholder(view) in (True, False)


@pytest.mark.parametrize("frame", ["{}", " {} ", "- {}", "({})", "{}\n", "「{}」", "\n\n{}"])
def test_decoration_does_not_matter(frame: str) -> None:
    missed = [text for text in TABLE["placeholder"] if not is_placeholder(View.of(frame.format(text)).text)]
    assert missed == []


@pytest.mark.parametrize(
    "piece", ["TBD ", "-", "未定", "x", "none, ", "date ", "not yet ", "期日は", "1. ", "to be ", "(", " "]
)
def test_work_grows_with_the_text(piece: str) -> None:
    def look(text: str) -> None:
        is_placeholder(View.of(text).text)
        milestone_placeholders(View.of(text), (), None)
        impact_placeholder(View.of(text))

    assert grows_linearly(look, piece)
