"""Lines broken by hard wrapping, told from lines that begin something new.

Before a new item a line break becomes a form feed, over which nothing is read. Where the sentence surely goes on it
becomes a blank, or nothing inside Japanese. Where the sentence may go on the line break stays: dates are read over it,
but words on the other line do not unmake them (12/5 above Tests, patch above 12/5).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from ma_template.patterns import late
from ma_template.readers.dates.words import LATIN_WEEKDAYS, MONTHS, NUMERALS, WORDS, spellings

HARD = "\f"  # never in a view

_MONTHS = "|".join(dict.fromkeys(month[:3] for month in MONTHS))
_DAYS = "|".join(dict.fromkeys(day[:3] for day in LATIN_WEEKDAYS))
_SHORT = rf"{_MONTHS}|ept|{_DAYS}|ues|eds|hur|urs|a\.m|p\.m|rox"  # short forms with a full stop, their last letters
_MONTH_ENDS = rf"{_MONTHS}|ary|rch|ril|une|uly|ust|ber"
_NEW_ITEM = (
    r"\Z|[\n*•・▪■●○◆◇□▶►▼→>※☆★✓|<【\[]|-(?![0-9])|\+ |\([0-9a-z]{1,2}\)|"
    rf"(?<!(?:{_MONTH_ENDS})\n)(?<![~/(,、-]\n)[0-9]{{1,2}}[.)](?![0-9.)-]|\n|\Z|[ ]?(?:{_MONTHS}))|"
    rf"(?<![、/]\n)(?!{_MONTHS}|{_DAYS}|[年月日時分曜])[^\W\d_][^\n:=,.;。、0-9]{{0,30}}[:=]"
)
_SENTENCE_END = rf"(?<=[\n.!?。;|]\n)(?<!(?:{_SHORT})\.\n)(?!(?<=[0-9]\.\n)(?:{_MONTHS}))"
_BREAK = late(rf"\n(?:(?P<item>(?={_NEW_ITEM}))|(?P<end>{_SENTENCE_END}))?")
_BLANKS = late(r"[ \t]{1,40}(?=\n)|(?<=\n)[ \t]{1,40}")
_RANGE = late(rf"\n-[ ]?(?=[0-9]|{_MONTHS}|{_DAYS})")
# A line that ends with one of these goes on.
_LEADING = frozenset(spellings(WORDS["wrapping"]["leading"]))
_GOES_ON = frozenset("ー~:)]」』、々")  # and a line that begins with one of these went on
_KANJI_NUMBER = frozenset(NUMERALS + "千")
_COUNTED = frozenset("年月日時分週")  # behind a number
_LONG = 23  # Japanese characters of a line that may well be full


def unwrap(text: str, low: str) -> tuple[str, Sequence[int]]:
    """Mark the line breaks of an answer; `low` is the same in lower case.

    Returns it, and where each of its characters stands in the text given.
    """
    places: Sequence[int] = range(len(low))
    if "\n" not in low:
        return low, places
    if " \n" in low or "\n " in low or "\t" in low:
        low, places = _changed(low, places, [(match.start(), match.end(), "") for match in _BLANKS.finditer(low)])
    if low.count("\n-") == 1 and low[0] != "-" and (dash := _RANGE.search(low)):
        low = f"{low[: dash.start()]} {low[dash.start() + 1 :]}"  # one dash makes no list: 5 December - 6 December
    changes = []
    line = 0
    telling = not text.islower()  # small letters tell something only where there are capitals
    for match in _BREAK.finditer(low):
        at, kind = match.start(), match.lastgroup
        small = kind != "item" and telling and text[places[at + 1]].islower()
        if kind is None or small:
            glue = _glue(low, at, small, line)
        else:
            glue = "" if low[at - 1] > "\u2fff" and _in_word(low, at) else HARD
        if glue != "\n":
            changes.append((at, at + 1, glue))
        line = at + 1
    return _changed(low, places, changes)


def _glue(low: str, at: int, small: bool, line: int) -> str:
    """Return what a line break stands for that begins no new item. `small`: so the next line begins."""
    last, following = low[at - 1 : at], low[at + 1]
    if last > "\u2fff" or last.isdecimal() or last == ")":
        if "ぁ" <= following <= "ん" or (following in _GOES_ON and not following.isascii()):
            return ""
        if last > "\u2fff":
            if following == "(" or (last == "、" and following > "\u2fff"):
                return ""
            wrapped = following > "\u2fff" and at - line >= _LONG
            return "" if wrapped or _in_word(low, at) else "\n"
        if following in (_COUNTED if last.isdecimal() else ""):
            return ""
    if small or following in _GOES_ON or following == "(" or low[line:at].rpartition(" ")[2] in _LEADING:
        return " "
    if last.isdecimal() and following.isdecimal() and _one_number(low[max(0, at - 5) : at + 5]):
        return ""
    return "\n"


def _in_word(low: str, at: int) -> bool:
    """Say whether a line break stands inside a Japanese word or numeral, or between one and its figures: 令和, 8年."""
    last, following = low[at - 1 : at], low[at + 1 : at + 2]
    if following.isdecimal():
        return last in "和成第"
    pair = last + following
    if pair.isascii() or not pair.isalpha():
        return False
    return pair in _pairs() or (last in _KANJI_NUMBER and following in _KANJI_NUMBER)


_PARTS = late("(?:[年月][0-9]\n[0-9][月日]|(?<![0-9])(?:[12]\n0[0-9]{2}|20\n[0-9]{2}|20[0-9]\n[0-9])年)")


def _one_number(around: str) -> bool:
    """Say whether a line break parts a number: 2026年1, 2月4日."""
    return _PARTS.search(around) is not None


def _changed(low: str, places: Sequence[int], changes: list[tuple[int, int, str]]) -> tuple[str, Sequence[int]]:
    """Put other characters for stretches of a text, no more than there were."""
    if len(changes) == 1 and changes[0][2]:  # most answers have two lines
        at, behind, glue = changes[0]
        return low[:at] + glue + low[behind:], places
    texts: list[str] = []
    at, fewer = 0, 0
    for start, end, glue in changes:
        texts.append(low[at:start])
        texts.append(glue)
        fewer += end - start - len(glue)
        at = end
    texts.append(low[at:])
    if fewer:
        kept: list[int] = []
        at = 0
        for start, end, glue in changes:
            kept += places[at : start + len(glue)]
            at = end
        places = [*kept, *places[at:]]
    return "".join(texts), places


@cache
def _pairs() -> frozenset[str]:
    """Return every two characters that follow one another in a Japanese word."""
    words = (word for word in _strings(WORDS) if not word.isascii())
    return frozenset(word[at : at + 2] for word in words for at in range(len(word) - 1))


def _strings(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for name, value in data.items():
            yield name
            yield from _strings(value)
    elif isinstance(data, list):
        for value in data:
            yield from _strings(value)
