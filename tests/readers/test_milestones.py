"""What a milestone is: the cases stand in fixtures/tables/milestones.yaml."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from growth import grows_linearly
from ma_template.readers.milestones import read_type
from ma_template.readers.values import ReadDate, ReadType, Settings
from ma_template.source import Span, View
from ma_template.wording import table

TABLE: dict[str, Any] = yaml.load(
    (Path(__file__).parents[2] / "fixtures/tables/milestones.yaml").read_text("utf-8"), yaml.CSafeLoader
)
SETTINGS = Settings("en", date(2026, 11, 23))
BUSINESS = {
    *("period-close", "payroll", "billing", "audit", "regulatory", "sales-event", "launch", "contract", "meeting"),
}
IMPLEMENTATION = {
    *("go-live", "cutover", "upgrade", "migration", "patching", "testing", "deployment", "environment"),
    *("project-phase", "training"),
}


def read(marked: str) -> tuple[ReadType | None, str]:
    """Read a phrase of the table: what stands between « and » is a date. Return the type and the plain text."""
    text, dates = "", []
    for number, piece in enumerate(marked.replace("»", "«").split("«")):
        if number % 2:
            dates.append(ReadDate(Span(len(text), len(text) + len(piece)), "milestone", "2026-12-01"))
        text += piece
    return read_type(View.of(text), SETTINGS, tuple(dates)), text


CATEGORIES = [(category, text) for category, texts in TABLE["category"].items() for text in texts]


@pytest.mark.parametrize(("category", "text"), CATEGORIES)
def test_category(category: str, text: str) -> None:
    found, _ = read(text)
    assert found is not None
    assert found.category == category
    assert found.kind == (
        "business" if category in BUSINESS else "implementation" if category in IMPLEMENTATION else None
    )


@pytest.mark.parametrize("case", TABLE["said"], ids=lambda case: case["text"])
def test_said_outright(case: dict[str, Any]) -> None:
    found, _ = read(case["text"])
    assert found is not None
    assert (found.category, found.kind) == (case["category"], case["kind"])


@pytest.mark.parametrize("text", TABLE["none"])
def test_no_word_of_what_it_is(text: str) -> None:
    assert read(text)[0] is None


@pytest.mark.parametrize("case", TABLE["raw"], ids=lambda case: case["text"])
def test_words_that_name_it(case: dict[str, Any]) -> None:
    found, text = read(case["text"])
    assert found is not None
    assert text[slice(*found.span)] == case["raw"]


def test_table_is_large_enough() -> None:
    assert len(CATEGORIES) + len(TABLE["said"]) + len(TABLE["none"]) >= 150
    assert set(TABLE["category"]) == BUSINESS | IMPLEMENTATION | {"other"}


def test_every_category_has_its_kind() -> None:
    kinds = {category: entry.get("kind") for category, entry in table("words/milestones")["categories"].items()}
    assert kinds == {
        **dict.fromkeys(BUSINESS, "business"),
        **dict.fromkeys(IMPLEMENTATION, "implementation"),
        "other": None,
    }


WORDS = st.sampled_from([word for _, text in CATEGORIES for word in text.split()])


@given(st.one_of(st.text(), st.lists(WORDS).map(" ".join)))
def test_any_text_is_read(text: str) -> None:
    found = read_type(View.of(text), SETTINGS, ())
    assert found is None or 0 <= found.span.start < found.span.end <= len(text)


@given(st.lists(WORDS, min_size=1).map(" ".join))
def test_case_does_not_matter(text: str) -> None:
    small, large = (read_type(View.of(form), SETTINGS, ()) for form in (text.lower(), text.upper()))
    if len(text.lower()) == len(text.upper()):
        assert small == large


PIECES = [
    "go-live ",
    "type: ",
    "切替",
    "12/1 ",
    "a",
    "business milestone ",
    "((",
    "、",
    "マイルストーン：",
    "x, ",
    "\n",
]


@pytest.mark.parametrize("piece", PIECES)
def test_work_grows_with_the_text(piece: str) -> None:
    assert grows_linearly(lambda text: read_type(View.of(text), SETTINGS, ()), piece, 5_000)
