"""What a request says that has to fit its SR: stopped business (MA505), workarounds (MA507), news (MA508)."""

from __future__ import annotations

import pytest
from contact_helpers import rows
from hypothesis import given
from hypothesis import strategies as st

from growth import grows_linearly
from ma_template.readers.news import same_gist
from ma_template.readers.stoppages import states_stoppage
from ma_template.readers.workarounds import names_workaround, says_why_not
from ma_template.source import View

TABLE = rows("service_request")
ANY_TEXT = st.text(alphabet="cannot ship if orders 業務停止出荷できません回避策 by hand、。;. \nİ-", max_size=80)


def texts(entry: dict[str, list[str]]) -> list[str]:
    return [text for several in entry.values() for text in several]


def pairs(entry: list[dict[str, str | list[str]]]) -> list[tuple[str, str]]:
    return [(str(row["sr"]), text) for row in entry for language in ("en", "ja") for text in row.get(language, [])]


@pytest.mark.parametrize("text", texts(TABLE["stopped"]))
def test_business_has_stopped(text: str) -> None:
    assert states_stoppage(View.of(text)) is True


@pytest.mark.parametrize("text", texts(TABLE["running"]))
def test_business_has_not_stopped(text: str) -> None:
    assert states_stoppage(View.of(text)) is False


@pytest.mark.parametrize("text", TABLE["workaround"]["named"])
def test_a_workaround_is_named(text: str) -> None:
    assert names_workaround(text)


@pytest.mark.parametrize("text", TABLE["workaround"]["none"])
def test_no_workaround_is_named(text: str) -> None:
    assert not names_workaround(text)


@pytest.mark.parametrize(("workaround", "text"), pairs(TABLE["answered"]))
def test_says_why_the_workaround_will_not_do(workaround: str, text: str) -> None:
    assert says_why_not(View.of(text), workaround)


@pytest.mark.parametrize(("workaround", "text"), pairs(TABLE["unanswered"]))
def test_does_not_say_why_the_workaround_will_not_do(workaround: str, text: str) -> None:
    assert not says_why_not(View.of(text), workaround)


@pytest.mark.parametrize(("before", "now"), TABLE["news"]["same"])
def test_no_news(before: str, now: str) -> None:
    assert same_gist(before, now)


@pytest.mark.parametrize(("before", "now"), TABLE["news"]["changed"])
def test_news(before: str, now: str) -> None:
    assert not same_gist(before, now)


@given(ANY_TEXT, ANY_TEXT)
def test_any_text_is_looked_at(text: str, other: str) -> None:
    assert states_stoppage(View.of(text)) in (True, False)
    assert says_why_not(View.of(text), other) in (True, False)
    assert names_workaround(text) in (True, False)
    assert same_gist(text, other) in (True, False)


@pytest.mark.parametrize("dense", ["cannot ship, ", "if orders stop ", "業務停止、", "by hand ", "回避策", "a. ", "("])
def test_work_grows_with_the_text(dense: str) -> None:
    assert grows_linearly(lambda text: states_stoppage(View.of(text)), dense)
    assert grows_linearly(lambda text: says_why_not(View.of(text), text), dense)
    assert grows_linearly(names_workaround, dense)
