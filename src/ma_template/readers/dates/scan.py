"""One pass over an answer: every place where a piece of a date may begin, and the piece that stands there."""

from __future__ import annotations

import re

from ma_template.readers.dates.clocks import CLOCKS
from ma_template.readers.dates.days import DAYS, LAST
from ma_template.readers.dates.forms import Choice, Form, Loose, Refused, Text
from ma_template.readers.dates.periods import PERIOD_FORMS
from ma_template.readers.dates.pieces import Piece
from ma_template.readers.dates.roles import LABELS
from ma_template.readers.dates.words import NUMERALS

FORMS: list[Form] = [*DAYS, *PERIOD_FORMS, *CLOCKS, *LAST]
CHOICE = Choice(FORMS)

_FIGURES = frozenset(f"0123456789{NUMERALS}")
_BEFORE_DIGIT = "'+-"
_OTHERS = "".join(
    sorted(
        {head for head in (*CHOICE.heads, *LABELS.heads) if not head.isascii() or not head.isalnum()} - {*_BEFORE_DIGIT}
    )
)
_FIRST = rf"a-z0-9{NUMERALS}千{re.escape(_OTHERS)}"
# The words, numbers and characters of a text that might begin a form or a label. One class of characters in front:
# all others are passed over quickly.
WORD = re.compile(
    rf"[{_FIRST}{_BEFORE_DIGIT}](?:(?<=[a-z])[a-z]{{0,39}}|(?<=[0-9])[0-9]{{0,39}}|(?<=[{NUMERALS}千])[{NUMERALS}千]{{0,8}}"
    rf"|(?<=[{re.escape(_OTHERS)}])|(?<=[{_BEFORE_DIGIT}])(?=[ ]?[0-9]))"
)


def words_of(low: str) -> list[tuple[str, int]]:
    """Return those words, and where they stand."""
    return [(match[0], match.start()) for match in WORD.finditer(low)]


def scan(within: Text, words: list[tuple[str, int]]) -> list[Piece]:
    """Return the pieces of dates in a text, in order, none overlapping."""
    low = within.low
    forms_behind, heads = CHOICE.behind, CHOICE.heads
    pieces: list[Piece] = []
    reached = 0
    for word, start in words:
        if start < reached or (word not in heads and word[0] not in _FIGURES):
            continue
        for form in forms_behind(word, low, start + len(word)):
            found = form.find(within, start)
            if found is None:
                continue
            value = form.build(found)
            if isinstance(value, Refused):
                continue
            reached = found.end
            if isinstance(value, Loose):
                pieces.append(Piece(start, reached, value.value, loose=True))
            elif value is not None:
                pieces.append(Piece(start, reached, value))
            break
    return pieces
