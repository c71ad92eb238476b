"""Splits an answer into list items and sentences, in English and Japanese. Wrapped lines are one item."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from ma_template.patterns import late
from ma_template.readers.vocabulary import spellings
from ma_template.wording import table

# A bullet or a number in front of a list item.
BULLET = late(
    r"[ \t]*(?:(?:[\-*+・•●○◦■□▪◆◇▶►>※→✓☆★]{1,3}|\(?(?:[0-9]{1,2}|[a-z]|[ivx]{1,4})[.)](?=[^0-9])"
    r"|\([0-9]{1,2}\))[ \t]*){1,2}"
)
_END = late(
    r"[。!?]+[\"'」』)\]]{0,3}|\.(?:\.{0,2}[\"')\]]{0,3}(?=[ \t\n]|$)|(?<=[ぁ-んァ-ヶ一-龯]\.)(?=[ぁ-んァ-ヶ一-龯]))"
)
_STOP = late(r"[.。!?]")
_FIRST_WORD = late(r"[ \t]*([^ \t\n]+)")
_LAST_WORD = late(r"(?:^|[ \t])([a-z]+)$", re.IGNORECASE)
# Latin words, up to the width a column of prose has at least; kanji are two wide.
_NARROW, _NARROW_JAPANESE = 40, 24
_WIDE = "\u2e80"
_CLOSING = ")」』]\"'"
# No line that ends so goes on, whatever comes next; one that ends so always does.
_ENDS, _GOES_ON = ":】。.!?", ",、;(「『/&"


@cache
def _words() -> tuple[frozenset[str], frozenset[str], tuple[str, ...], tuple[str, ...]]:
    """Return abbreviations, the last words of lines that go on (English, Japanese), and of those that do not."""
    words = table("words/impact")["sentences"]
    english, japanese = (spellings(words["goes_on"][language]) for language in ("en", "ja"))
    return (
        frozenset(spellings(words["abbreviations"])),
        frozenset(english),
        tuple(japanese),
        tuple(spellings(words["complete"])),
    )


def after_bullet(text: str, start: int, end: int) -> int:
    """Return where a list item begins behind its bullet or number."""
    if text[start].isalpha() and text[start + 1 : start + 5].isalpha():
        return start
    bullet = BULLET.match(text, start, end)
    return bullet.end() if bullet else start


def _never(_line: str) -> bool:
    return False


def items(text: str, starts_anew: Callable[[str], bool] = _never) -> list[tuple[int, int]]:
    """Return the places of the lines of a text, wrapped ones joined; a blank line is an empty place.

    A line goes on in the next one where its last word is open, or where it is about as wide as the widest line around
    it and has no end. `starts_anew` tells lines that never continue another one (with a label, say).
    """
    found: list[tuple[int, int]] = []
    paragraph: list[tuple[int, int]] = []
    at = 0
    for line in text.split("\n"):
        end = at + len(line)
        if line and not line.isspace():
            paragraph.append((at, end))
        else:
            found += _joined(text, paragraph, starts_anew)
            paragraph = []
            found.append((at, at))
        at = end + 1
    found += _joined(text, paragraph, starts_anew)
    return found


def _joined(text: str, lines: list[tuple[int, int]], starts_anew: Callable[[str], bool]) -> list[tuple[int, int]]:
    if len(lines) < 2:
        return lines
    whole = [text[start:end].rstrip() for start, end in lines]
    widths: list[int] = []
    widest, punctuated = 0, False
    found: list[tuple[int, int]] = []
    start = lines[0][0]
    for number in range(len(lines) - 1):
        line, follower = whole[number], whole[number + 1]
        if line[-1] not in _ENDS:
            if not widths:
                widths = [_width(line) for line in whole]
                widest = max(widths)
                # Where sentences end with 。, a line without one goes on, whatever its last word.
                punctuated = any("。" in line for line in whole)
            if (
                _wraps(line, follower, widths[number], widest, punctuated)
                and not BULLET.match(follower)
                and not starts_anew(follower)
            ):
                continue
        found.append((start, lines[number][1]))
        start = lines[number + 1][0]
    found.append((start, lines[-1][1]))
    return found


def _width(line: str) -> int:
    """Return the columns of a line: a kanji is two wide."""
    return len(line) if line.isascii() else sum(2 if char > _WIDE else 1 for char in line)


def _wraps(line: str, follower: str, width: int, widest: int, punctuated: bool) -> bool:
    _, open_words, open_japanese, complete = _words()
    last = line[-1]
    if last in _GOES_ON or line.endswith(open_japanese):
        return True
    word = _LAST_WORD.search(line, max(0, len(line) - 24))
    if word and word[1].lower() in open_words:
        return True
    if not punctuated and (line if last not in _CLOSING else line[:-1]).endswith(complete):
        return False
    found = _FIRST_WORD.match(follower)
    first = found[1] if found else ""
    if last > _WIDE or first[:1] > _WIDE:
        return widest >= _NARROW_JAPANESE and width >= widest - 4
    if first[:1].islower():
        return widest * 4 >= _NARROW * 3 and width * 2 >= widest
    return widest >= _NARROW and width + 1 + len(first) > widest


def sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the places of the sentences in `text[start:end]`, without blanks around them."""
    found: list[tuple[int, int]] = []
    if not _STOP.search(text, start, end - 1):
        _add_trimmed(found, text, start, end)
        return found
    at = start
    for stop in _END.finditer(text, start, end):
        if stop[0] == "." and _is_abbreviation(text[max(at, stop.start() - 8) : stop.start()]):
            continue
        _add_trimmed(found, text, at, stop.end())
        at = stop.end()
    if at < end:
        _add_trimmed(found, text, at, end)
    return found


def _is_abbreviation(before: str) -> bool:
    """Tell whether the words before a full stop end in an abbreviation or a single letter."""
    last = (
        before[before.rfind(" ") + 1 :] if before.isascii() and before.isprintable() else (before.split() or [""])[-1]
    )
    word = last.lower().lstrip("(\"'/~")
    return word in _words()[0] or (len(word) == 1 and word.isalpha() and word.isascii())


def _add_trimmed(found: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    bare = piece.lstrip()
    if bare:
        start += len(piece) - len(bare)
        found.append((start, start + len(bare.rstrip())))
