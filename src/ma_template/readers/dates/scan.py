"""One pass over an answer: every place where a piece of a date may begin, and the piece that stands there."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from ma_template.readers.dates.clocks import CLOCKS
from ma_template.readers.dates.days import DAYS, LAST
from ma_template.readers.dates.forms import Builder, Form, Found, Loose, Text
from ma_template.readers.dates.periods import PERIOD_FORMS
from ma_template.readers.dates.pieces import Piece
from ma_template.readers.dates.words import beginnings

FORMS: list[Form] = [*DAYS, *PERIOD_FORMS, *CLOCKS, *LAST]


class Master(NamedTuple):
    """Several forms as one pattern; the outer group of a match tells the form and its inner groups."""

    match: Callable[[str, int], re.Match[str] | None]
    builds: dict[int, tuple[Builder, tuple[int, ...]]]


def _initial(word: str) -> str:
    return "0" if word[0].isdecimal() else word[0]


@cache
def _numbers(initial: str) -> tuple[int, ...]:
    return tuple(number for number, form in enumerate(FORMS) if initial in {_initial(word) for word in form.begins})


@cache
def _master(numbers: tuple[int, ...]) -> Master:
    forms = [FORMS[number] for number in numbers]
    pattern = re.compile("|".join(f"(?P<form{number}>{form.pattern})" for number, form in enumerate(forms)))
    outer = [pattern.groupindex[f"form{number}"] for number in range(len(forms))]
    ends = [*outer[1:], pattern.groups + 1]
    builds = {
        group: (form.build, tuple(range(group + 1, end))) for form, group, end in zip(forms, outer, ends, strict=True)
    }
    return Master(pattern.match, builds)


@cache
def _masters() -> dict[str, Master]:
    """Return the master of each initial that was met so far: compiled when first met, since few texts meet all."""
    return {}


@cache
def trigger() -> re.Pattern[str]:
    """Return a pattern for the places where a form may begin."""
    begins = set().union(*(form.begins for form in FORMS))
    words = {word for word in begins if word[0].isascii() and word[0].isalpha()}
    others = {word[0] for word in begins - words if not word[0].isdecimal()}
    digits = "(?<![0-9])(?:[0-9]{1,2}|[0-9]{4}|[0-9]{8})(?![0-9])"
    return re.compile(f"{digits}|{beginnings(words)}|[{re.escape(''.join(sorted(others)))}]")


def scan(within: Text) -> list[Piece]:
    """Return the pieces of dates in a text, in order, none overlapping."""
    low = within.low
    pieces: list[Piece] = []
    search, masters = trigger().search, _masters()
    at = search(low)
    while at:
        start = at.start()
        initial = low[start]
        master = masters.get(initial)
        if master is None:
            master = masters[initial] = _master(_numbers("0" if initial.isdecimal() else initial))
        match = master.match(low, start)
        if match is None or match.end() == start:
            at = search(low, start + 1)
            continue
        build, groups = master.builds[match.lastindex or 0]
        found = Found(tuple([match[group] for group in groups]), start, match.end(), within)
        try:
            value = build(found)
        except (ValueError, OverflowError):  # beyond the calendar
            value = None
        if isinstance(value, Loose):
            pieces.append(Piece(start, found.end, value.value, loose=True))
        elif value is not None:
            pieces.append(Piece(start, found.end, value))
        at = search(low, found.end)
    return pieces
