"""One pass over an answer: every place where a piece of a date may begin, and the piece that stands there."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from ma_template.readers.dates.clocks import CLOCKS
from ma_template.readers.dates.days import DAYS, LAST
from ma_template.readers.dates.forms import Builder, Form, Found, Loose, Text
from ma_template.readers.dates.periods import PERIOD_FORMS
from ma_template.readers.dates.pieces import Piece
from ma_template.readers.dates.words import WORDS

_FORMS: list[Form] = [*DAYS, *PERIOD_FORMS, *CLOCKS, *LAST]
_MARKS = "([<+-'"  # a weekday in brackets, an offset, a year cut short
_SHAPES = ("q1", "q2", "q3", "q4", "h1", "h2", "fy", "fq", "fh", "fiscal", "financial", "the")


def _words(table: object) -> Iterator[str]:
    """Yield every word of a table of the wording file, keys too."""
    if isinstance(table, str):
        yield table
    elif isinstance(table, dict):
        for name, value in table.items():
            yield name
            yield from _words(value)
    elif isinstance(table, list):
        for item in table:
            yield from _words(item)


def _heads(words: Iterable[str]) -> str:
    """Return a pattern for the first three letters of any of the words, which most words of a text fail at once."""
    heads: defaultdict[str, set[str]] = defaultdict(set)
    for word in words:
        heads[word[0]].add(re.escape(word[1:3]).replace("\\ ", r"[\s-]"))
    return "|".join(f"{letter}(?:{'|'.join(sorted(rest, reverse=True))})" for letter, rest in sorted(heads.items()))


def _trigger() -> re.Pattern[str]:
    sections = [name for name in WORDS if name not in ("left", "describes", "joins", "roles")]
    words = {word for name in sections for word in _words(WORDS[name])} | set(_SHAPES)
    latin = {word for word in words if word[:1].isascii() and word[:1].isalpha()}
    others = {word[0] for word in words if word and not word[0].isascii()} | set("〇一二三四五六七八九十第次今同")
    return re.compile(rf"(?<![0-9])[0-9]|(?<![a-z])(?:{_heads(latin)})|[{''.join(sorted(others))}{re.escape(_MARKS)}]")


class _Master:
    """All forms that begin with one kind of character, as one pattern; the outer group of a match tells the form."""

    def __init__(self, kind: str) -> None:
        forms = [form for form in _FORMS if kind in form.starts]
        pattern = re.compile("|".join(f"(?P<form{number}>{form.pattern})" for number, form in enumerate(forms)))
        outer = [pattern.groupindex[f"form{number}"] for number in range(len(forms))]
        self.match = pattern.match
        self.builds: dict[int, tuple[Builder, int]] = {
            group: (form.build, end - 1)
            for form, group, end in zip(forms, outer, [*outer[1:], pattern.groups + 1], strict=True)
        }


_TRIGGER = _trigger()
_DIGITS, _LETTERS, _OTHERS = _Master("0"), _Master("a"), _Master("月")


def scan(within: Text) -> list[Piece]:
    """Return the pieces of dates in a text, in order, none overlapping."""
    low = within.low
    pieces: list[Piece] = []
    search = _TRIGGER.search
    at = search(low)
    while at:
        start = at.start()
        char = low[start]
        master = _OTHERS if char > "z" or not char.isalnum() else _DIGITS if char <= "9" else _LETTERS
        match = master.match(low, start)
        if match is None or match.end() == start:
            at = search(low, start + 1)
            continue
        group = match.lastindex or 0
        build, end = master.builds[group]
        found = Found(match.groups()[group:end], start, match.end(), within)
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
