"""The words of grammar/words/dates.toml, made ready for patterns: alternations, look-ups, numerals."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple, cast

from ma_template.readers.dates.pieces import Part, Unit
from ma_template.wording import table

WORDS: dict[str, Any] = table("words/dates")

_TENS = "〇一二三四五六七八九"


class Era(NamedTuple):
    """A Japanese era: the letter that stands for it, its first and last day."""

    letter: str
    first: date
    last: date


def one_of(words: Iterable[str]) -> str:
    """Return an alternation of words, the longest first; a blank stands for white space or a hyphen."""
    longest_first = sorted(set(words), key=lambda word: (-len(word), word))
    return "(?:" + "|".join(_spelling(word) for word in longest_first) + ")"


def _spelling(word: str) -> str:
    pattern = re.escape(word).replace("\\ ", "[ \t\n-]{1,9}")
    return pattern + "(?![a-z])" if word[-1].isascii() and word[-1].isalpha() else pattern


def beginnings(words: Iterable[str], letters: int = 4) -> str:
    """Return a pattern for the first letters of words (no English word in the middle of another).

    Most places of a text fail it at once, so that dearer patterns are tried only where it matches.
    """
    rests: defaultdict[str, set[str]] = defaultdict(set)
    for word in words:
        whole = len(word) < letters and word.isascii()
        rest = re.escape(word[1:letters]).replace("\\ ", r"[\s-]")
        rests[word[0]].add(rest + "(?![a-z])" if whole else rest)
    latin = [f"{first}(?:{_longest_first(rest)})" for first, rest in sorted(rests.items()) if first.isascii()]
    others = [f"{first}(?:{_longest_first(rest)})" for first, rest in sorted(rests.items()) if not first.isascii()]
    return "|".join([*([rf"(?<![a-z])(?:{'|'.join(latin)})"] if latin else []), *others])


def _longest_first(patterns: set[str]) -> str:
    return "|".join(sorted(patterns, key=lambda pattern: (-len(pattern), pattern)))


def key(word: str) -> str:
    """Return a word as the tables spell it: white space and hyphens one blank."""
    return " ".join(word.replace("-", " ").split())


def meanings(words: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Turn {meaning: spellings} round."""
    return {spelling: meaning for meaning, spellings in words.items() for spelling in spellings}


def numbered(words: Mapping[str, Iterable[str]]) -> dict[str, int]:
    """Turn {number: spellings} round."""
    return {spelling: int(number) for spelling, number in meanings(words).items()}


MONTHS = numbered(WORDS["months"])
WEEKDAYS = numbered(WORDS["weekdays"])
FULL_WEEKDAYS = frozenset(spellings[0] for spellings in WORDS["weekdays"].values())
NUMBERS: dict[str, int] = WORDS["numbers"]
ORDINALS = numbered(WORDS["ordinals"])
PARTS_BEFORE = cast("dict[str, Part]", meanings(WORDS["parts"]["before"]))
PARTS_AFTER = cast("dict[str, Part]", meanings(WORDS["parts"]["after"]))
PERIODS: dict[str, tuple[Unit, int]] = {
    word: (unit, offset) for unit, words in WORDS["periods"].items() for word, offset in words.items()
}


def words_of(unit: str, latin: bool) -> list[str]:
    """Return the words for this, the next ... week, month, quarter or year in one script."""
    return [word for word, (of, _) in PERIODS.items() if of == unit and word.isascii() is latin]


ENDS = cast("dict[str, Unit]", meanings(WORDS["ends"]))
COUNTED = meanings({unit: words for unit, words in WORDS["counted"].items() if unit not in ("before", "after")})
QUARTERS = numbered(WORDS["quarters"])
HALVES = numbered(WORDS["halves"])
ERAS = {name: Era(era["letter"], era["first"], era["last"]) for era in WORDS["eras"] for name in era["names"]}


def number(text: str) -> int:
    """Return the value of Arabic digits or of a kanji numeral in either style (二〇二六, 二千二十六, 十二, 元)."""
    if text.isdecimal():
        return int(text)
    if text == "元":
        return 1
    if "千" in text:
        return 2000 + (number(text[2:]) if len(text) > 2 else 0)
    if "十" in text:
        tens, ones = text.split("十", 1)
        return (_TENS.find(tens) if tens else 1) * 10 + (_TENS.find(ones) if ones else 0)
    return int("".join(str(_TENS.index(digit)) for digit in text))
