"""Wishes for a telephone call (MA503), and what only sounds like one."""

from __future__ import annotations

import pytest
from contact_helpers import rows
from hypothesis import given
from hypothesis import strategies as st

from growth import grows_linearly
from ma_template.readers.calls import asks_for_call
from ma_template.source import View

TABLE = rows("calls")


@pytest.mark.parametrize("text", [text for texts in TABLE["asks"].values() for text in texts])
def test_asks(text: str) -> None:
    assert asks_for_call(View.of(text))


@pytest.mark.parametrize("text", [text for texts in TABLE["does_not"].values() for text in texts])
def test_does_not_ask(text: str) -> None:
    assert not asks_for_call(View.of(text))


@pytest.mark.parametrize("other", [text for texts in TABLE["does_not"].values() for text in texts])
def test_a_wish_is_found_beside_what_is_none(other: str) -> None:
    assert asks_for_call(View.of(f"{other}\n\nPlease have a manager call me back."))


@given(st.text(alphabet="please call me back when電話折り返しください、。. \nİ-", max_size=80))
def test_any_text_is_looked_at(text: str) -> None:
    assert asks_for_call(View.of(text)) in (True, False)


@pytest.mark.parametrize("dense", ["please call me if ", "call ", "折り返しお電話", "phone me ", "please "])
def test_work_grows_with_the_text(dense: str) -> None:
    assert grows_linearly(lambda text: asks_for_call(View.of(text)), dense)
