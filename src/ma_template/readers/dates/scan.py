"""One pass over an answer: every place where a piece of a date may begin, and the piece that stands there."""

from __future__ import annotations

import re

from ma_template.readers.dates import bare, clocks, digits, english, japanese, periods, relative
from ma_template.readers.dates.forms import FIGURES, REFUSED, Choice, Form, Loose, Text
from ma_template.readers.dates.pieces import Piece
from ma_template.readers.dates.roles import LABELS
from ma_template.readers.dates.words import NUMERALS

# In the order in which they are tried: longer forms before those that are a part of them.
FORMS: list[Form] = [
    form for room in (digits, english, japanese, relative, periods, clocks, bare) for form in room.FORMS
]
CHOICE = Choice(FORMS)

_BEFORE_DIGIT = "'+-"
_OTHERS = "".join(
    sorted(
        {head for head in (*CHOICE.heads, *LABELS.heads) if not head.isascii() or not head.isalnum()} - {*_BEFORE_DIGIT}
    )
)
# The words, numbers and characters of a text that might begin a form or a label. One class of characters in front:
# all others are passed over quickly.
WORD = re.compile(
    rf"[a-z0-9{NUMERALS}千{re.escape(_OTHERS)}{_BEFORE_DIGIT}]"
    rf"(?:(?<=[a-z])[a-z]{{0,39}}|(?<=[0-9])[0-9]{{0,39}}|(?<=[{NUMERALS}千])[{NUMERALS}千]{{0,8}}"
    rf"|(?<=[{_BEFORE_DIGIT}])(?=[ ]?[0-9])|(?<![{_BEFORE_DIGIT}]))"
)


# Words with their places.
Words = list[tuple[str, int]]


def scan(within: Text) -> tuple[list[Piece], Words]:
    """Return the pieces of dates in a text, in order, none overlapping; and the words with which labels may begin."""
    low = within.low
    heads, labels, figures = CHOICE.heads, LABELS.heads, FIGURES
    pieces: list[Piece] = []
    label_words: Words = []
    reached = 0
    for match in WORD.finditer(low):
        start = match.start()
        if start < reached:  # it stands in the piece before
            continue
        word = match[0]
        if word in labels:
            label_words.append((word, start))
        if word not in heads and word[0] not in figures:
            continue
        for form in CHOICE.behind(word, low, match.end()):
            found = form.find(within, start)
            if found is None:
                continue
            value = form.build(found)
            if value is REFUSED:
                continue
            reached = found.end
            if type(value) is Loose:
                pieces.append(Piece(start, reached, value.value, loose=True))
            elif value is not None:
                pieces.append(Piece(start, reached, value))  # type: ignore[arg-type]  # neither loose nor refused
            break
    return pieces, label_words
