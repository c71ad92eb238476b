"""One pass over an answer: every place where a piece of a date may begin, and the piece that stands there."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from ma_template.readers.dates.clocks import CLOCKS
from ma_template.readers.dates.days import DAYS, LAST
from ma_template.readers.dates.forms import Builder, Form, Found, Loose, Text, crossing
from ma_template.readers.dates.periods import PERIOD_FORMS
from ma_template.readers.dates.pieces import Piece

FORMS: list[Form] = [*DAYS, *PERIOD_FORMS, *CLOCKS, *LAST]
_HEAD = 4  # letters of a word that tell which forms may begin with it


class Master(NamedTuple):
    """Several forms as one pattern; the outer group of a match tells the form and its inner groups."""

    match: Callable[[str, int], re.Match[str] | None]
    builds: dict[int, tuple[Builder, tuple[int, ...]]]


@cache
def _heads() -> dict[str, tuple[int, ...]]:
    """Return which forms may begin with a head: the first letters of a word, zeros for a number, another character."""
    heads: dict[str, list[int]] = {}
    for number, form in enumerate(FORMS):
        for head in {_head(word) for word in form.begins}:
            heads.setdefault(head, []).append(number)
    return {head: tuple(numbers) for head, numbers in heads.items()}


def _head(word: str) -> str:
    letters = re.match("[a-z]+|[0-9]+|.", word)
    head = letters[0] if letters else ""
    return "0" * len(head) if head.isdecimal() else head[:_HEAD]


@cache
def trigger() -> re.Pattern[str]:
    """Return a pattern for the words, numbers and characters of a text that might begin a form."""
    others = {head for head in _heads() if not head.isascii() or not head.isalnum()}
    return re.compile(f"[a-z]+|[0-9]+|[{re.escape(''.join(sorted(others)))}]")


@cache
def _master(numbers: tuple[int, ...]) -> Master:
    forms = [FORMS[number] for number in numbers]
    pattern = re.compile("|".join(f"(?P<form{number}>{crossing(form.pattern)})" for number, form in enumerate(forms)))
    outer = [pattern.groupindex[f"form{number}"] for number in range(len(forms))]
    ends = [*outer[1:], pattern.groups + 1]
    builds = {
        group: (form.build, tuple(range(group + 1, end))) for form, group, end in zip(forms, outer, ends, strict=True)
    }
    return Master(pattern.match, builds)


def scan(within: Text) -> list[Piece]:
    """Return the pieces of dates in a text, in order, none overlapping."""
    low = within.low
    pieces: list[Piece] = []
    heads = _heads()
    reached = 0
    for token in trigger().finditer(low):
        word = token[0]
        numbers = heads.get("0000000000"[: len(word)] if "0" <= word[0] <= "9" else word[:_HEAD])
        start = token.start()
        if numbers is None or start < reached:
            continue
        master = _master(numbers)  # compiled when first met: few texts meet all
        match = master.match(low, start)
        if match is None or match.end() == start:
            continue
        reached = match.end()
        build, groups = master.builds[match.lastindex or 0]
        found = Found(tuple([match[group] for group in groups]), start, reached, within)
        value = build(found)
        if isinstance(value, Loose):
            pieces.append(Piece(start, reached, value.value, loose=True))
        elif value is not None:
            pieces.append(Piece(start, reached, value))
    return pieces
