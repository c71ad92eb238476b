"""`fix`: what it mends, what it leaves, and that no answer is touched by either."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import given

from conftest import FIXTURES, examples
from damage import ANSWERS, damaged
from ma_template import Config, Report, check, fix, parse
from ma_template.blocks import Block
from ma_template.fixing import FixResult
from ma_template.rules import RULES
from ma_template.wording import templates
from test_recognise import SHAPES, spelled

TABLE = yaml.safe_load((FIXTURES / "tables" / "fix.yaml").read_text("utf-8"))
UPDATES = sorted(path for folder in ("devset", "good", "bad") for path in (FIXTURES / folder).rglob("*.txt"))
EN, JA = (next(form for form in templates() if form.language == language) for language in ("en", "ja"))
WORDS = {
    "open": EN.opening, "close": EN.closing, "開": JA.opening, "閉": JA.closing,
    **dict(zip("RMQ", EN.prompts.values(), strict=True)), **dict(zip("理マ要", JA.prompts.values(), strict=True)),
    "r": "The order gateway stops every morning; 40 stores cannot take orders.",
    "m": "Go-live of the web shop, 2026-12-15",
    "q": "Taro Yamada, +81 3-5555-0123, taro.yamada@example.com",
}  # fmt: skip
ALL_ANSWERS = [line for answers in ANSWERS.values() for lines in answers.values() for line in lines if line]


def filled(text: str) -> str:
    return re.sub(r"\{(\w+)\}", lambda place: WORDS[place[1]], text)


def answers(report: Report) -> list[tuple[str | None, ...]]:
    return [
        tuple(part.text if part else None for part in (block.reason, block.milestone, block.requester))
        for block in report.blocks
    ]


def judged(report: Report) -> list[tuple[Any, ...]]:
    return [(b.language, b.answer_language, b.quoted, b.unfilled, b.missing, b.invalid) for b in report.blocks]


def written(text: str, *, outside: bool = False) -> str:
    """Return what people wrote in the blocks, character by character: all but banners, prompts and blanks.

    `outside`: what stands outside the blocks instead.
    """
    found: list[str] = []
    for node in parse(text).nodes or [None]:
        if node is None:
            return "".join(text.split()) if outside else ""
        if isinstance(node, Block) == outside:
            continue
        for line in node.lines:
            if line.kind in ("PROMPT", "LABEL"):
                found += text[line.body.end if line.answer is None else line.answer : line.body.end]
            else:
                found += text[line.body.start : line.body.end]
    return "".join("".join(found).split())


def is_within(small: str, large: str) -> bool:
    """Do all characters of one text stand in the other, in order?"""
    rest: Iterator[str] = iter(large)
    return all(char in rest for char in small)


def mended(text: str, *, modernise: bool = False) -> FixResult:
    """Mend a text and see that everything holds that has to hold of any text."""
    result = fix(text, modernise=modernise)
    before, after = check(text, as_of="2026-11-23"), check(result.text, as_of="2026-11-23")
    assert answers(after) == answers(before)
    assert judged(after) == judged(before)
    assert [block.template for block in before.blocks] == [block.template for block in after.blocks] or modernise
    assert written(result.text) == written(text)
    assert is_within(written(text, outside=True), written(result.text, outside=True))
    assert not [found.code for found in after.diagnostics if found.fixable]
    again = fix(result.text, modernise=modernise)
    assert again.text == result.text
    assert not again.applied
    return result


# -- the fixtures


@pytest.mark.parametrize("modernise", [False, True], ids=["as it is", "modernised"])
@pytest.mark.parametrize("path", UPDATES, ids=lambda path: str(path.relative_to(FIXTURES)))
def test_updates_keep_their_answers(path: Any, modernise: bool) -> None:
    text = path.read_bytes().decode()
    result = mended(text, modernise=modernise)
    report = check(text, as_of="2026-11-23")
    named = {(found.code, found.span.start) for found in report.diagnostics if found.fixable}
    assert named == {(mend.code, mend.span.start) for mend in result.applied} or modernise
    assert not [left for left in result.left if left.why == "read-otherwise"]


@pytest.mark.parametrize("modernise", [False, True], ids=["as it is", "modernised"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_shapes_keep_their_answers(line_end: str, modernise: bool) -> None:
    for shape in SHAPES:
        text = spelled(shape["lines"]).replace("\n", line_end)
        result = mended(text, modernise=modernise)
        assert re.sub(line_end, "", result.text).count("\n") == 0, "line ends stay of one kind"
        assert "\r" not in result.text.replace(line_end, "")


# -- what is mended, and how


@pytest.mark.parametrize("case", TABLE, ids=lambda case: case["why"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_table(case: dict[str, Any], line_end: str) -> None:
    before, after = (filled(case.get(name, case["before"])).replace("\n", line_end) for name in ("before", "after"))
    result = mended(before, modernise=case.get("modernise", False))
    assert result.text == after
    assert [f"{left.code} {left.why}" for left in result.left] == case.get("left", [])
    assert bool(result.applied) == ("after" in case)
    assert all(RULES[left.code].fixable == "sometimes" for left in result.left), "what `explain` promises"


def test_every_mend_has_the_code_and_place_of_its_finding() -> None:
    text = filled("** Request Managment Attention **\n{R}\n{r}\n{M}\n{m}\n{Q}\n{q}\n{閉}\n")
    assert [(mend.code, text[mend.span.start : mend.span.end], mend.what) for mend in fix(text).applied] == [
        ("MA104", "** Request Managment Attention **", "banner-restored"),
        ("MA105", JA.closing, "closing-language"),
    ]


def test_only_the_findings_that_are_asked_for_are_mended() -> None:
    text = filled("** Request Managment Attention **\n{R}\n{r}\n{M}\n{m}\n{Q}\n{q}\n* Request Management Attention *\n")
    first, second = check(text, as_of="2026-11-23").diagnostics
    assert fix(text, only=[first]).text == text.replace("** Request Managment Attention **", EN.opening)
    assert fix(text, only=[second]).text == text.replace("* Request Management Attention *", EN.closing)
    assert fix(text, only=[first, second]).text == fix(text).text
    assert fix(text, only=[]) == FixResult(text, (), (), ())


def test_a_rule_that_cannot_always_be_mended_says_when() -> None:
    text = filled("{open}\n{R}\n{r}\n{M}\n{m}\n{Q}\n{q}\nReason: see above ***** 管理者による対応を要請 *****\n")
    found = {one.code: one.fixable for one in check(text, as_of="2026-11-23").diagnostics}
    assert found == {"MA104": False, "MA105": False}
    assert [(left.code, left.why) for left in fix(text).left] == [
        ("MA104", "read-otherwise"),
        ("MA105", "read-otherwise"),
    ]
    for code in ("MA102", "MA103", "MA104", "MA105", "MA111", "MA112"):
        assert RULES[code].fixable == "sometimes"
        assert RULES[code].fixable_when


def test_edits_make_the_mended_text() -> None:
    text = filled("{R}\n{r}\n{M}\n{m}\n{Q}\n{q}\nRequest Management Attention ***\n")
    result = fix(text)
    made = text
    for edit in reversed(result.edits):
        made = made[: edit.span.start] + edit.text + made[edit.span.end :]
    assert made == result.text != text
    assert [mend for edit in result.edits for mend in edit.mends] == list(result.applied)


def test_a_byte_order_mark_stays_in_front() -> None:
    text = "\ufeff" + filled("{R}\n{r}\n{M}\n{m}\n{close}\n")
    assert fix(text).text.startswith("\ufeff" + EN.opening + "\n" + EN.prompts["reason"])


def test_no_line_end_is_added_at_the_end_of_the_text() -> None:
    assert mended(filled("{open}\n{R}\n{r}\n{M}\n{m}\n{Q}\n{q}")).text.endswith(WORDS["q"] + "\n" + EN.closing)


def test_an_added_banner_stands_behind_the_quote_marks_of_its_neighbour() -> None:
    text = filled("> {R}\n{r}\n> {M}\n{m}\n> {Q}\n> {q}\n")
    lines = mended(text).text.splitlines()
    assert (lines[0], lines[-1]) == ("> " + EN.opening, "> " + EN.closing)


def test_what_is_ignored_is_not_mended() -> None:
    text = filled("** Request Management Attention **\n{R}\n{r}\n{M}\n{m}\n{Q}\n{q}\n{閉}\n")
    assert fix(text, config=Config(ignore="MA104")).text == text.replace(JA.closing, EN.closing)
    assert fix(text, config=Config(select="MA302")).text == text


def test_places_count_code_points_whatever_the_report_counts() -> None:
    block = filled("** Request Management Attention **\n{R}\n{r}\n{M}\n{m}\n{Q}\n{q}\n{close}\n")
    result = fix("😀😀\n" + block, config=Config(offsets="utf-16"))
    assert result.text == "😀😀\n" + fix(block).text
    assert [mend.span.start for mend in result.applied] == [3]


def test_a_text_without_a_request_is_given_back() -> None:
    assert fix("nothing is asked here") == FixResult("nothing is asked here", (), (), ())


def test_no_answer_s_words_are_told() -> None:
    result = fix(filled("FYI ** Request Managment Attention **\n{R}\n{r}\n{M}\n{m}\n{Q}\n{q}\nRegards, Taro\n"))
    told = repr((result.applied, result.left))
    assert not any(word in told for word in ("gateway", "Taro", "web shop", "FYI"))


# -- any damage


@given(damaged())
@examples(150)
def test_damaged_forms_keep_their_answers(text: str) -> None:
    result = mended(text)
    known = re.compile("|".join(map(re.escape, ALL_ANSWERS)))
    assert known.findall(result.text) == known.findall(text)


@given(damaged())
@examples(60)
def test_damaged_forms_keep_their_answers_when_modernised(text: str) -> None:
    mended(text, modernise=True)


def test_time_grows_linearly_where_nothing_can_be_mended() -> None:
    """Each of these banners would have to be tried alone, and each trial reads the whole text."""
    block = filled("{open}\n{R}\n{r}\nReason: *** Request Management Attention ***\n{open}\n{M}\n{m}\n")

    def seconds(times: int) -> float:
        text = block * times
        start = time.perf_counter()
        assert fix(text).left
        return time.perf_counter() - start

    assert seconds(80) < 12 * seconds(20)
