"""Splits an answer into list items and sentences, in English and Japanese. Wrapped lines are one item."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise

from ma_template.wording import table

# A bullet or a number in front of a list item.
BULLET = re.compile(
    r"[ \t]*(?:(?:[\-*+・•●○◦■□▪◆◇▶►>※→✓☆★]{1,3}|\(?(?:[0-9]{1,2}|[a-z]|[ivx]{1,4})[.)](?=[^0-9])"
    r"|\([0-9]{1,2}\))[ \t]*){1,2}"
)
_END = re.compile(
    r"[。!?]+[\"'」』)\]]{0,3}|\.(?:\.{0,2}[\"')\]]{0,3}(?=[ \t\n]|$)|(?<=[ぁ-んァ-ヶ一-龯]\.)(?=[ぁ-んァ-ヶ一-龯]))"
)
_FIRST_WORD = re.compile(r"[ \t]*([^ \t\n]+)")
# Latin words, up to the width a column of prose has at least; kanji are two wide.
_NARROW, _NARROW_JAPANESE = 40, 24
_WIDE = "\u2e80"


@cache
def _abbreviations() -> frozenset[str]:
    return frozenset(table("words/impact")["sentences"]["abbreviations"])


@cache
def _goes_on() -> re.Pattern[str]:
    """A line that ends so goes on in the next one."""
    words = table("words/impact")["sentences"]["goes_on"]
    return re.compile(
        rf"(?:[,、;(「『/&]|[{''.join(words['ja'])}]|(?:^|[ \t])(?:{'|'.join(words['en'])}))$", re.IGNORECASE
    )


@cache
def _complete() -> re.Pattern[str]:
    words = table("words/impact")["sentences"]["complete"]
    return re.compile(rf"(?:{'|'.join(words)})[)」』\]\"']?$")


def items(text: str, starts_anew: Callable[[str], bool]) -> Iterator[tuple[int, int]]:
    """Yield the places of the lines of a text, wrapped ones joined; a blank line is an empty place.

    A line goes on in the next one where its last word is open, or where it is about as wide as the widest line around
    it and has no end. `starts_anew` tells lines that never continue another one (with a label, say).
    """
    lines: list[tuple[int, int]] = []
    at = 0
    for line in text.split("\n"):
        lines.append((at, at + len(line)))
        at += len(line) + 1
    paragraph: list[tuple[int, int]] = []
    for start, end in lines:
        if text[start:end].strip():
            paragraph.append((start, end))
            continue
        yield from _joined(text, paragraph, starts_anew)
        paragraph = []
        yield start, start
    yield from _joined(text, paragraph, starts_anew)


def _joined(text: str, lines: list[tuple[int, int]], starts_anew: Callable[[str], bool]) -> Iterator[tuple[int, int]]:
    if len(lines) < 2:
        yield from lines
        return
    whole = [text[start:end].rstrip() for start, end in lines]
    widths = [_width(line) for line in whole]
    widest = max(widths)
    # Where sentences end with 。, a line without one goes on, whatever its last word.
    punctuated = any("。" in line for line in whole)
    start = lines[0][0]
    for number, (line, follower) in enumerate(pairwise(whole)):
        if (
            BULLET.match(follower)
            or starts_anew(follower)
            or not _wraps(line, follower, widths[number], widest, punctuated)
        ):
            yield start, lines[number][1]
            start = lines[number + 1][0]
    yield start, lines[-1][1]


def _width(line: str) -> int:
    """Return the columns of a line: a kanji is two wide."""
    return len(line) if line.isascii() else sum(2 if char > _WIDE else 1 for char in line)


def _wraps(line: str, follower: str, width: int, widest: int, punctuated: bool) -> bool:
    last = line[-1]
    if last in ":】。.!?":
        return False
    if _goes_on().search(line, max(0, len(line) - 24)):
        return True
    if not punctuated and _complete().search(line, max(0, len(line) - 12)):
        return False
    found = _FIRST_WORD.match(follower)
    first = found[1] if found else ""
    if last > _WIDE or first[:1] > _WIDE:
        return widest >= _NARROW_JAPANESE and width >= widest - 4
    if first[:1].islower():
        return widest * 4 >= _NARROW * 3 and width * 2 >= widest
    return widest >= _NARROW and width + 1 + len(first) > widest


def sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the places of the sentences in `text[start:end]`, without blanks around them."""
    at = start
    for stop in _END.finditer(text, start, end):
        if stop[0] == "." and _is_abbreviation(text[max(at, stop.start() - 8) : stop.start()]):
            continue
        yield from _trimmed(text, at, stop.end())
        at = stop.end()
    yield from _trimmed(text, at, end)


def _is_abbreviation(before: str) -> bool:
    """Tell whether the words before a full stop end in an abbreviation or a single letter."""
    last = before.split()[-1:]
    word = last[0].lower().lstrip("(\"'/~") if last else ""
    return word in _abbreviations() or (len(word) == 1 and word.isalpha() and word.isascii())


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    bare = piece.lstrip()
    if bare:
        start += len(piece) - len(bare)
        yield start, start + len(bare.rstrip())
