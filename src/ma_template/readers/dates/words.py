"""The words of grammar/words/dates.toml, made ready: look-ups, phrases found by their first word, numerals."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache, cached_property, lru_cache
from typing import Any, Generic, NamedTuple, TypeVar, cast

from ma_template.readers.dates.pieces import Part, Unit
from ma_template.wording import table

WORDS: dict[str, Any] = table("words/dates")

LETTERS = "abcdefghijklmnopqrstuvwxyz"
NUMERALS = "〇一二三四五六七八九十"
_TENS = NUMERALS[:-1]


def spellings(words: str) -> list[str]:
    """Return the words of a list in the table: one, two, three."""
    return [word for word in map(str.strip, words.split(",")) if word]


def meanings(words: Mapping[str, str]) -> dict[str, str]:
    """Turn {meaning: list} round."""
    return {word: meaning for meaning, entry in words.items() for word in spellings(entry)}


def numbered(words: Mapping[str, str]) -> dict[str, int]:
    """Turn {number: list} round."""
    return {word: int(number) for word, number in meanings(words).items()}


# ---------------------------------------------------------------------------------------------------------------------
# Phrases


BLANK = r"[ \t\n-]"


def pattern_of(word: str, blank: str = BLANK) -> str:
    """Return a pattern for a word; a blank stands for white space or a hyphen."""
    pattern = re.escape(word).replace("\\ ", f"{blank}{{1,9}}")
    return pattern + "(?![a-z])" if word[-1].isascii() and word[-1].isalpha() else pattern


def one_of(words: Iterable[str]) -> str:
    """Return an alternation of words, the longest first."""
    return "(?:" + "|".join(pattern_of(word) for word in sorted(set(words), key=lambda word: (-len(word), word))) + ")"


T = TypeVar("T")
_HEAD = re.compile(r"[a-z]{1,40}|[0-9]{1,40}|[^a-z0-9]")


@cache
def head_of(phrase: str) -> str:
    """Return the first word, number or character of a phrase."""
    return _HEAD.match(phrase)[0]  # type: ignore[index]  # no phrase is empty


Matcher = Callable[[str, int], "re.Match[str] | None"]


class Phrases(Generic[T]):
    """Phrases and what they mean, found by their first word or character: no pattern of all of them is needed.

    Attributes:
        words: the phrases with their meanings.
        heads: their first words and characters.
    """

    def __init__(self, words: Mapping[str, T], blank: str = BLANK) -> None:
        self.words = words
        self._blank = blank
        self._matchers: dict[str, tuple[Matcher, list[T]]] = {}  # made when first needed

    @cached_property
    def heads(self) -> dict[str, list[str]]:
        heads: dict[str, list[str]] = {}
        for word in self.words:
            heads.setdefault(head_of(word), []).append(word)
        return heads

    def at(self, low: str, at: int) -> tuple[T, int] | None:
        """Return what the longest phrase that stands at a place means, and where it ends."""
        head = _HEAD.match(low, at)
        return self.after(head[0], low, at) if head and head[0] in self.heads else None

    def after(self, head: str, low: str, at: int) -> tuple[T, int] | None:
        """Return the same, with the head at hand; it is one of the vocabulary's."""
        matcher, found = self._matchers.get(head) or self._matcher(head)
        match = matcher(low, at)
        return (found[match.lastindex - 1], match.end()) if match and match.lastindex else None

    def _matcher(self, head: str) -> tuple[Matcher, list[T]]:
        words = sorted(self.heads[head], key=lambda word: (-len(word), word))
        pattern = re.compile("|".join(f"({pattern_of(word, self._blank)})" for word in words))
        self._matchers[head] = pattern.match, [self.words[word] for word in words]
        return self._matchers[head]


class Ending:
    """Words with which a text may end, English ones whole."""

    __slots__ = ("marks", "phrases", "words")

    def __init__(self, words: Iterable[str]) -> None:
        latin = [word for word in words if word[0] in LETTERS]
        self.words = frozenset(word for word in latin if word.isalpha())
        self.phrases = tuple(word for word in latin if not word.isalpha())
        self.marks = tuple(word for word in words if word[0] not in LETTERS)

    def __call__(self, text: str) -> bool:
        if text[len(text.rstrip(LETTERS)) :] in self.words or text.endswith(self.marks):
            return True
        if not self.phrases:
            return False
        flat = text.replace("-", " ")
        return flat.endswith(self.phrases) and any(
            flat.endswith(phrase) and not flat[-len(phrase) - 1 : -len(phrase)].islower() for phrase in self.phrases
        )


# ---------------------------------------------------------------------------------------------------------------------
# Look-ups


class Era(NamedTuple):
    """A Japanese era: the letter that stands for it, its first and last day."""

    letter: str
    first: date
    last: date


MONTHS = numbered(WORDS["months"])
WEEKDAYS = numbered(WORDS["weekdays"])
FULL_WEEKDAYS = frozenset(spellings(entry)[0] for entry in WORDS["weekdays"].values())
LATIN_WEEKDAYS = [word for word in WEEKDAYS if word.isascii()]
NUMBERS = numbered(WORDS["numbers"])
ORDINALS = numbered(WORDS["ordinals"])
PARTS_BEFORE = cast("dict[str, Part]", meanings(WORDS["parts"]["before"]))
PARTS_AFTER = Phrases(cast("dict[str, Part]", meanings(WORDS["parts"]["after"])))
PERIODS: dict[str, tuple[Unit, int]] = {
    word: (unit, offset) for unit, words in WORDS["periods"].items() for word, offset in numbered(words).items()
}
ENDS = cast("dict[str, Unit]", meanings(WORDS["ends"]))
COUNTED = meanings(WORDS["counted"]["units"])
SPECIAL = {name: spellings(words) for name, words in WORDS["special"].items()}
MONTH_VERBS = frozenset(spellings(WORDS["describes"]["verbs"]))
QUARTERS = numbered(WORDS["quarters"])
HALVES = numbered(WORDS["halves"])
ERAS = {
    name: Era(era["letter"], date.fromisoformat(era["first"]), date.fromisoformat(era["last"]))
    for era in WORDS["eras"]
    for name in spellings(era["names"])
}
ZONES: dict[str, int | str] = {
    **numbered(WORDS["zones"]["offsets"]),
    **meanings(WORDS["zones"]["names"]),
    **dict.fromkeys(spellings(WORDS["zones"]["unguessed"]), ""),
}


def words_of(unit: str, latin: bool) -> list[str]:
    """Return the words for this, the next ... week, month, quarter or year in one script."""
    return [word for word, (of, _) in PERIODS.items() if of == unit and word.isascii() is latin]


def key(word: str) -> str:
    """Return a word as the tables spell it: white space and hyphens one blank."""
    return " ".join(word.replace("-", " ").split())


@lru_cache(maxsize=1024)
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
