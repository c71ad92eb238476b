"""What docs/architecture.md promises of any text, tried on forms that were damaged in every way (`damage.py`).

One property for each invariant that speaks of texts, by its number there; `pytest --examples 5000` tries more of them.
Numbers 6 (in part), 10 and 12 have tests of their own: test_catalogue.py, test_architecture.py, test_render.py.
"""

from __future__ import annotations

import decimal
import json
import locale
import os
import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import examples
from damage import ANSWERS, damaged
from ma_template import Config, IncompleteRequestError, Report, check, parse
from ma_template.candidates import maybe
from ma_template.choices import Plain
from ma_template.examining import examine
from ma_template.lines import Line, name_lines
from ma_template.recognise import may_open, recognise
from ma_template.rules import RULES
from test_check import dumped, spans
from test_fix import mended
from test_recognise import joined

AS_OF = "2026-11-23"


@examples(150)
@given(damaged())
def test_1_every_line_is_named_and_lands_in_the_tree(text: str) -> None:
    assert joined(text) == text
    named = iter(name_lines(text))
    assert all(line in named for node in recognise(text).nodes for line in node.lines), "each once, in order"


BETWEEN = "\nThe pump hums since Monday, and nobody knows why that is so.\n"


@examples(150)
@given(damaged(), damaged())
def test_2_a_line_is_named_by_what_stands_on_it(before: str, text: str) -> None:
    """Nothing that came before decides what a line is."""
    start = len(before + BETWEEN)
    named = [line for line in name_lines(before + BETWEEN + text) if line.span.start >= start]
    assert [_moved(line, start) for line in named if line.kind != "TEXT"] == [
        _moved(line, 0) for line in name_lines(text) if line.kind != "TEXT"
    ]


def _moved(line: Line, by: int) -> tuple[Any, ...]:
    answer = None if line.answer is None else line.answer - by
    body = (line.body.start - by, line.body.end - by)
    return line.kind, body, line.section, line.language, line.template, answer, line.altered


@examples(150)
@given(damaged())
def test_2_nothing_after_the_grammar_moves_a_boundary(text: str) -> None:
    found = [(block.span.start, block.span.end) for block in check(text, as_of=AS_OF).blocks]
    assert found == [(block.span.start, block.span.end) for block in parse(text).blocks]


@examples(150)
@given(damaged(), st.integers(0, 2_000), st.integers(0, 2_000))
def test_3_the_quick_looks_miss_nothing(text: str, start: int, end: int) -> None:
    for piece in (text, text[start:], text[:end], text[start:end]):
        if recognise(piece).blocks:
            assert maybe(piece)
            assert may_open(piece)


@examples(150)
@given(damaged())
def test_4_places_are_exact(text: str) -> None:
    report = dumped(check(text, as_of=AS_OF))
    utf16 = dumped(check(text, as_of=AS_OF, offsets="utf-16"))
    for (node, span), (_, other) in zip(spans(report), spans(utf16), strict=True):
        meant = text[span["start"] : span["end"]]
        if "raw" in node:
            assert node["raw"] == meant
        for at, line, column in (("start", "line", "column"), ("end", "end_line", "end_column")):
            if line in span:
                above = text[: span[at]].replace("\r\n", "\n").replace("\r", "\n").split("\n")
                assert (span[line], span[column]) == (len(above), len(above[-1]) + 1)
                assert (other[line], other[column]) == (len(above), _units(above[-1]) + 1)
            assert other[at] == _units(text[: span[at]])
    for block in report["blocks"]:
        for section in ("reason", "milestone", "requester"):
            for _, span in spans(block[section]):
                assert block["span"]["start"] <= span["start"] <= span["end"] <= block["span"]["end"]
    for found in report["diagnostics"]:
        assert 0 <= found["span"]["start"] <= found["span"]["end"] <= len(text)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@examples(150)
@given(damaged(), st.sampled_from([None, "JP", "GB"]))
def test_5_the_model_judges(text: str, region: str | None) -> None:
    """With pydantic or without it, and what is missing or invalid is what `Request` refuses."""
    report = check(text, as_of=AS_OF, region=region)
    described = examine(text, date.fromisoformat(AS_OF), Plain(region=region))
    assert Report.model_validate(described) == report
    for block in report.blocks:
        gaps = {*block.missing, *block.invalid} - {"reason.impact"}
        if gaps or block.quoted or block.unfilled:
            with pytest.raises(IncompleteRequestError) as caught:
                _ = block.request
            assert {*caught.value.missing, *caught.value.invalid} - {"reason.impact"} == gaps
        else:
            assert block.request.requester.phone


@examples(150)
@given(damaged())
def test_6_every_finding_is_declared(text: str) -> None:
    report = check(text, as_of=AS_OF)
    for found, japanese in zip(report.diagnostics, report.messages("ja"), strict=True):
        rule = RULES[found.code]
        assert (found.rule, found.severity) == (rule.name, rule.severity.value)
        arguments = {name: value if isinstance(value, str | int) else list(value) for name, value in _given(found)}
        assert (found.message, japanese) == (rule.render("en", **arguments), rule.render("ja", **arguments))
        assert not found.fixable or rule.fixable


def _given(found: Any) -> Any:
    return found.arguments.items()


# Words of the answers in damage.py that no message has reason to hold.
CANARIES = (
    "gateway",
    "40 ",
    "noon",
    "Yamada",
    "taro",
    "5555",
    "example",
    "受注",
    "正午",
    "通販",
    "web shop",
    "山田",
    "太郎",
)


def test_7_canaries_stand_in_the_answers() -> None:
    whole = json.dumps(ANSWERS, ensure_ascii=False)
    assert all(word in whole for word in CANARIES)


@examples(150)
@given(damaged())
def test_7_a_diagnostic_holds_no_words_of_anybody(text: str) -> None:
    report = check(text, as_of=AS_OF)
    told = json.dumps([found.model_dump() for found in report.diagnostics], ensure_ascii=False)
    told += "".join(report.messages("ja"))
    assert not [word for word in CANARIES if word in told]


CODES = st.sets(st.sampled_from(sorted(RULES)), min_size=1).map(sorted)


@examples(150)
@given(damaged(), CODES, CODES, st.sampled_from(["info", "warning", "error"]))
def test_8_the_status_means_the_same_everywhere(text: str, some: list[str], others: list[str], severity: str) -> None:
    plain = check(text, as_of=AS_OF)
    settings: tuple[dict[str, Any], ...] = (
        {"select": some},
        {"ignore": some},
        {"select": some, "ignore": others},
        {"severity": dict.fromkeys(some, severity)},
        {"max_diagnostics": 1},
    )
    for chosen in settings:
        report = check(text, as_of=AS_OF, **chosen)
        assert (report.status, report.blocks) == (plain.status, plain.blocks)


HEARD: list[str] = []
_listening: list[bool] = []
# What a program does that reaches outside: files, processes, the network, the environment. An import is no such thing
# here: modules, tables and libraries are loaded when they are first needed.
OUTSIDE = ("open", "os.", "socket.", "subprocess.", "shutil.", "tempfile.", "urllib.", "signal.", "sys.settrace")


@contextmanager
def listening() -> Iterator[None]:
    HEARD.clear()
    _listening.append(True)
    try:
        yield
    finally:
        _listening.clear()


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if _listening and event.startswith(OUTSIDE):
        HEARD.append(f"{event} {arguments}"[:200])


@pytest.fixture(scope="module")
def hearing() -> None:
    sys.addaudithook(_hear)  # for good: an audit hook cannot be taken back, but hears only while asked to


def test_9_what_reaches_outside_is_heard(hearing: None) -> None:
    with listening(), open(os.devnull):
        pass
    assert HEARD


@examples(150)
@given(text=damaged())
def test_9_check_does_no_input_or_output_and_changes_nothing_global(hearing: None, text: str) -> None:
    check(text, as_of=AS_OF)  # loads what it needs
    before = _surroundings()
    with listening():
        check(text, as_of=AS_OF)
    assert not HEARD
    assert _surroundings() == before


def _surroundings() -> tuple[Any, ...]:
    return (
        dict(os.environ),
        os.getcwd(),
        locale.setlocale(locale.LC_ALL),
        random.getstate(),
        decimal.getcontext().prec,
        sys.getrecursionlimit(),
        sys.getswitchinterval(),
        len(sys.modules),
        Config() == Config(),
    )


@examples(100)
@given(damaged(), st.booleans())
def test_11_mending_touches_no_answer(text: str, modernise: bool) -> None:
    mended(text, modernise=modernise)


# -- rulings of the contract that speak of any text

WAYS = {
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "CR": lambda text: text.replace("\n", "\r"),
    "NBSP": lambda text: text.replace(" ", "\u00a0"),
    "U+3000": lambda text: text.replace(" ", "\u3000"),
    "blanks at the end of lines": lambda text: text.replace("\n", " \n"),
    "invisible characters": lambda text: text.replace(" ", " \u200b"),
    "byte order mark": lambda text: "\ufeff" + text,
    "other text before": lambda text: "The pump hums.\n\n" + text,
}


@pytest.mark.parametrize("way", WAYS)
@examples(40)
@given(text=damaged())
def test_line_ends_and_blanks_of_every_kind_are_read_alike(way: str, text: str) -> None:
    """Rulings 6 and 9."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    assert _said(WAYS[way](text), below=2 if way == "other text before" else 0) == _said(text)


def _said(text: str, below: int = 0) -> Any:
    """Return what is said of a text, but for places within lines."""
    report = check(text, as_of=AS_OF)
    read = []
    for block in report.blocks:
        days = [one.start or one.candidates for one in block.milestone.dates] if block.milestone else []
        kind = block.milestone.type.category if block.milestone and block.milestone.type else None
        name = block.requester.name if block.requester else None
        numbers = [one.e164 for one in block.requester.phones] if block.requester else []
        form = (block.template, block.language, block.answer_language, block.quoted, block.unfilled)
        read.append((form, block.missing, block.invalid, days, kind, name, numbers))
    return read, [(one.code, one.field, one.block, one.span.line - below) for one in report.diagnostics]
