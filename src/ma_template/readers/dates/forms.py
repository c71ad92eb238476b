"""How a form of writing is declared: where it may begin, its pattern, and a function that makes a piece of a match.

The patterns see the compared text in lower case. A blank in them stands for a line break inside a paragraph, too. Every
repetition is bounded, so that one pass is linear. A pattern is compiled when its form is first met: few texts meet all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple

from ma_template.patterns import late
from ma_template.readers.dates.pieces import Part, Value
from ma_template.readers.dates.words import (
    LATIN_WEEKDAYS,
    MONTHS,
    NUMBERS,
    NUMERALS,
    WORDS,
    Ending,
    Phrases,
    head_of,
    number,
    one_of,
    spellings,
)
from ma_template.readers.dates.wrapping import HARD
from ma_template.readers.values import Settings


class Text(NamedTuple):
    """The compared text; the same in lower case, its line breaks marked; the place of each character of that."""

    text: str
    low: str
    places: Sequence[int]
    settings: Settings


class Found:
    """A match: its groups, its place, and the text around it.

    Attributes:
        groups: what the pattern's groups matched.
        said: what the phrase means with which a form of a vocabulary begins.
        part: the part of it that is meant, where words for one stand in front.
    """

    said: Any = None
    part: Part | None = None

    def __init__(self, within: Text, start: int, end: int, groups: tuple[str | Any, ...]) -> None:
        self.within = within
        self.start = start
        self.end = end
        self.groups = groups

    def number(self, group: int) -> int:
        """Return the value of a group of digits or kanji numerals, 0 where it took no part."""
        return number(self.groups[group] or "0")

    def take(self, words: Phrases[Any], near: bool = False) -> Any:
        """Take a phrase that follows, perhaps behind の, into the match; return what it means, None of no phrase.

        `near`: no blank parts it from the match.
        """
        joint = (_NEAR_JOINT if near else _JOINT).match(self.within.low, self.end)
        hit = words.at(self.within.low, joint.end() if joint else self.end)
        if hit is None:
            return None
        self.end = hit[1]
        return hit[0]

    def capital(self) -> bool:
        """Say whether the words begin with a capital letter."""
        return self.within.text[self.within.places[self.start]].isupper()

    def line_ends(self, length: int) -> bool:
        """Say whether a line ends so far behind the start, wrapped or not."""
        return self.within.text[self.within.places[self.start + length]] == "\n"

    def before(self, length: int = 20) -> str:
        """Return the words in front, white space collapsed."""
        return " ".join(self.within.low[max(0, self.start - length) : self.start].rpartition(HARD)[2].split())

    def beside(self, length: int = 20) -> str:
        """Return the words in front on the same line, white space collapsed."""
        before = self.within.low[max(0, self.start - length) : self.start].rpartition(HARD)[2]
        return " ".join(before.rpartition("\n")[2].split())

    def after(self, length: int = 24) -> str:
        """Return the text behind."""
        return self.within.low[self.end : self.end + length]


class Loose(NamedTuple):
    """A value that counts only where no better date stands in the answer, or where its expression confirms it."""

    value: Value


class Refused:
    """What a builder returns where its form does not stand after all: the next form is tried.

    None says that the form stands there and is no date.
    """


REFUSED = Refused()
Builder = Callable[[Found], Value | Loose | Refused | None]


@cache
def beginning(phrase: str) -> tuple[str, str]:
    """Return the first two words of a phrase: 0 for each digit of a number, 〇 for a kanji numeral."""
    first = head_of(phrase)
    rest = phrase[len(first) :].lstrip(" ")
    if first.isdecimal():
        first = "0" * len(first)
    elif first in NUMERALS:
        first = "〇"
    return first, head_of(rest) if rest else ""


class Form:
    """One form of writing.

    Attributes:
        begins: first words with the second ones that may follow; none: anything.
        words: the phrases with which it begins, if they are many.
        match: tries the pattern, behind the phrase if there is one.
    """

    __slots__ = ("_pattern", "begins", "build", "match", "words")

    def __init__(
        self, begins: dict[str, frozenset[str]], words: Phrases[Any] | None, pattern: str, build: Builder
    ) -> None:
        self.begins = begins
        self.words = words
        self._pattern = pattern
        self.build = build
        self.match: Callable[[str, int], re.Match[str] | None] = self._compile_and_match

    @property
    def pattern(self) -> str:
        """Return the pattern as it is compiled."""
        return crossing(self._pattern)

    def _compile_and_match(self, low: str, at: int) -> re.Match[str] | None:
        self.match = re.compile(self.pattern).match
        return self.match(low, at)

    def find(self, within: Text, start: int) -> Found | None:
        """Return the match that begins at a place."""
        if self.words is None:
            match = self.match(within.low, start)
            return Found(within, start, match.end(), match.groups()) if match else None
        hit = self.words.at(within.low, start)
        match = self.match(within.low, hit[1]) if hit else None
        if hit is None or match is None:
            return None
        found = Found(within, start, match.end(), match.groups())
        found.said = hit[0]
        return found


class Forms(list[Form]):
    """The forms of one kind, in the order in which they are tried."""

    def form(
        self, begins: Iterable[str] | Phrases[Any], pattern: str = "", then: Iterable[str] = ()
    ) -> Callable[[Builder], Builder]:
        """Declare the function below as the builder of this pattern's matches.

        Args:
            begins: words or numbers with which the form begins, or phrases.
            pattern: a regular expression; behind the phrases, if there are any.
            then: what may follow behind a word that begins alone; nothing: anything.
        """
        words = begins if isinstance(begins, Phrases) else None
        firsts = begins.words if isinstance(begins, Phrases) else begins
        following = frozenset(then)
        starts: dict[str, frozenset[str]] = {}
        pairs: dict[str, set[str]] = {}
        for word in firsts:
            first, second = beginning(word)
            if second:
                pairs.setdefault(first, set()).add(second)
            else:
                starts[first] = following
        for first, seconds in pairs.items():
            if first not in starts:
                starts[first] = frozenset(seconds)
            elif following:  # else anything may follow it
                starts[first] |= seconds

        def declare(build: Builder) -> Builder:
            self.append(Form(starts, words, pattern, build))
            return build

        return declare


_FIRST = late(f"[a-z]{{1,40}}|[0-9]{{1,40}}|[{NUMERALS}]{{1,9}}|[^ \t\n]")
_SECOND = re.compile("[ \t\n]{0,9}([a-z]{1,40}|[^ \t\n])?").match
_SECOND_WORD = re.compile("[ \t\n-]{0,9}([a-z]{1,40}|[^ \t\n-])?").match
_ZEROS = ("", "0", "00", "000", "0000", "00000", "000000", "0000000", "00000000")

Matcher = Callable[[str, int], "re.Match[str] | None"]
# The forms that may begin with a word, by the word behind it; those that may stand before any other word; and what
# finds the word behind it.
Ways = tuple[dict[str | Any, tuple[Form, ...]], tuple[Form, ...], Matcher]


class Choice:
    """Which of several forms may begin with a word, told by that word and the one behind it.

    Attributes:
        heads: the first words.
    """

    __slots__ = ("_ways", "heads")

    def __init__(self, forms: Iterable[Form]) -> None:
        self.heads: dict[str, list[tuple[Form, frozenset[str]]]] = {}
        for form in forms:
            for first, seconds in form.begins.items():
                self.heads.setdefault(first, []).append((form, seconds))
        self._ways: dict[str, Ways] = {}  # worked out when first needed

    def at(self, low: str, at: int) -> tuple[Form, ...]:
        """Return the forms that may begin at a place, in the order in which they are tried."""
        first = _FIRST.match(low, at)
        return self.behind(first[0], low, first.end()) if first else ()

    def behind(self, first: str, low: str, end: int) -> tuple[Form, ...]:
        """Return the same, with the first word at hand and the place where it ends."""
        seconds, rest, second = self._ways.get(first) or self._ways_of(first)
        if not seconds:
            return rest
        char = low[end : end + 1]
        if char in seconds and not "a" <= char <= "z":  # a mark or a character of Japanese
            return seconds[char]
        return seconds.get(second(low, end)[1], rest)  # type: ignore[index]  # it always matches

    def _ways_of(self, word: str) -> Ways:
        first = word
        if word[0] in FIGURES:
            first = "〇" if word[0] > "9" else _ZEROS[len(word)] if len(word) < len(_ZEROS) else ""
        forms = self.heads.get(first)
        if forms is None:
            return {}, (), _SECOND
        ways = self._ways.get(first)
        if ways is None:
            behind = {second for _, seconds in forms for second in seconds}
            ways = self._ways[first] = (
                {
                    second: tuple(form for form, seconds in forms if not seconds or second in seconds)
                    for second in behind
                },
                tuple(form for form, seconds in forms if not seconds),
                _SECOND if first[0] <= "9" or first == "〇" else _SECOND_WORD,
            )
        if len(word) < 3 or (len(word) == 4 and word[:2] == "20"):  # met again and again; all would fill the memory
            self._ways[word] = ways
        return ways


_BLANK = re.compile(r"\\.|\[\^?(?:\\.|[^\]\\]){1,60}\]|[ ]")


def crossing(pattern: str) -> str:
    """Return a pattern in which a blank stands for a line break inside a paragraph, too (`\\x20` does not)."""
    return _BLANK.sub(_or_line_break, pattern)


def _or_line_break(match: re.Match[str]) -> str:
    part = match[0]
    if part == " ":
        return r"[ \n]"
    return r"[\n" + part[1:] if part[0] == "[" and " " in part else part


# ---------------------------------------------------------------------------------------------------------------------
# Parts that the patterns share

NUMBER = ("0", "00")  # begins with a number of one or two digits
YEAR_NUMBER = ("0000",)
KANJI_NUMBER = ("〇",)
ORDINALS_BEHIND = ("st", "nd", "rd", "th")
DIGITS = tuple("0123456789")
FIGURES = frozenset((*DIGITS, *NUMERALS))

B = "[ \t]{0,2}"  # blanks, perhaps a line break
G = r"[\x20\t]{0,2}"  # blanks on one line, perhaps
S = "[ \t]{0,3}"
_JOINT = late("[ \t\n]{0,2}の?[ \t\n]{0,2}")
_NEAR_JOINT = late("の?")
KANJI = f"[{NUMERALS}]"
D = "[0-9]{1,2}"
N = f"(?:{D}|{KANJI}{{1,3}})"
Y4 = "(?:[12][0-9]{3}|[〇一二三四五六七八九]{4}|二千[一二三四五六七八九十]{0,3})"
YEAR = "(?:19|20|21)[0-9]{2}"
# The year ends here and opens no other date: not the 2026 of December, 2026-12-01.
WHOLE_YEAR = r"(?![a-z年]|-[0-9]{1,2}-|/[0-9]{1,2}/|\.[0-9]{1,2}\.|[ ]/[ ][0-9]{1,2}[ ]/)"
ORDINAL = "(?:st|nd|rd|th)"
# How the name of a month or day begins, for a look ahead. A whole name is any word, which the builder looks up.
MON = "(?:" + "|".join(dict.fromkeys(month[:3] for month in MONTHS)) + ")"
DAY = "(?:" + "|".join(dict.fromkeys(day[:3] for day in LATIN_WEEKDAYS)) + ")"
NAME = "([a-z]{3,12})"
KANJI_WEEKDAY = "[月火水木金土日]"
COUNT = rf"(?:[0-9]{{1,2}}|{one_of(NUMBERS)}|[一二三四五六七八九十]{{1,2}})"
HALF = one_of([*spellings(WORDS["clock"]["am"]), *spellings(WORDS["clock"]["pm"])])
CLOCK_UNIT = one_of(spellings(WORDS["clock"]["unit"]))

HIGHEST = 39  # a day or month up to here is a slip of the pen (32 December), beyond it no date is meant

# No other number, name or path touches a date made of digits.
LEFT = "(?<![a-z0-9_#])(?<![0-9][-/.,])"
RIGHT = r"(?!(?!t[0-9]{2}:)[0-9a-z_%]|[-/](?!(?:19|20)[0-9]{2}[-/.])[0-9]{3}|\.[0-9]|\.[a-z]{2,4}(?![a-z]))"
# What may touch a date in front after all: 12/7(月)or12/8(火).
AFTER_OR = "(?<=[)日0-9]or)"
# What follows makes no time of day of the number before it.
NO_CLOCK = rf"(?![0-9:%]|[.,][0-9]|[ ]?(?:{HALF}|{CLOCK_UNIT}))"


def year_of(given: str | None) -> int | None:
    """Return the year of 2026, '26, 26, 二〇二六; None of nothing."""
    if not given:
        return None
    year = number(given.strip("'-/. ,"))
    return year + 2000 if year < 100 else year


# ---------------------------------------------------------------------------------------------------------------------
# Surroundings that make a date of loose words, or none of a number

_LEFT_WORDS, _DESCRIBES = WORDS["left"], WORDS["describes"]
_TRIGGERS = Ending(spellings(_LEFT_WORDS["triggers"]))
_YEARS = Ending(spellings(_LEFT_WORDS["years"]))
_DAY_LABELS = Ending(spellings(_LEFT_WORDS["day_labels"]))
_HISTORY = Ending(spellings(_LEFT_WORDS["history"]))
_NEVER = Ending(spellings(_LEFT_WORDS["never"]))
_EVERY = Ending(spellings(_LEFT_WORDS["every"]))
_EVERY_ENDS = frozenset([*(word[-1] for word in spellings(_LEFT_WORDS["every"])), *"の \t\n"])
_CONFIRMS = tuple(spellings(_DESCRIBES["confirms"]))
_CONFIRMING_CLOCK = late("[0-9]{1,2}(?::|時(?!間))")
_NAMED = frozenset(spellings(_DESCRIBES["en"]))
_NAMED_JA = tuple(spellings(_DESCRIBES["ja"]))
_COUNTED = frozenset(word for word in spellings(_DESCRIBES["counted"]) if word.isascii())
_COUNTED_JA = tuple(word for word in spellings(_DESCRIBES["counted"]) if not word.isascii())
_COUNTERS = frozenset(spellings(_DESCRIBES["counters"]))
_WORD = re.compile("[a-z]{1,40}")
_CLAUSE_STARTS = frozenset(",;:.()[]=|•・*>、。】」-")
_CLAUSE_ENDS = frozenset("\n\f,.;:()/|、。]!?~-")


def triggered(found: Found) -> bool:
    """Say whether a word in front (by, on, in ...) announces a date."""
    return _TRIGGERS(found.before().removesuffix(" the").removesuffix(":"))


def announces_year(found: Found) -> bool:
    """Say whether a word in front announces a year."""
    return _YEARS(found.before())


def labelled(found: Found) -> bool:
    """Say whether a label with its colon stands in front."""
    return found.before().endswith((":", "="))


def confirmed(found: Found) -> bool:
    """Say whether a Japanese particle behind makes a date of the words (まで, に, 中)."""
    low, at = found.within.low, found.end
    at += low[at : at + 1] in (" ", "\n")
    return low.startswith(_CONFIRMS, at) or _CONFIRMING_CLOCK.match(low, at) is not None


def labelled_day(found: Found) -> bool:
    """Say whether a Japanese label for a day stands in front: 支給日は25日."""
    before = found.before()
    return before.endswith(("は", ":", "が")) and _DAY_LABELS(before[:-1].removesuffix(" "))


def told_as_history(found: Found) -> bool:
    """Say whether the past is meant: since Thursday."""
    return _HISTORY(found.before())


def no_date(found: Found) -> bool:
    """Say whether the word in front makes something else of it: phase 1/2, Black Friday, every Monday."""
    return _NEVER(found.beside())


def recurring(found: Found) -> bool:
    """Say whether it comes again and again: 毎月25日, every Friday."""
    if found.start == 0 or found.within.low[found.start - 1] not in _EVERY_ENDS:
        return False
    before = found.before()
    return _EVERY(before) or (before.endswith("の") and _EVERY(before[:-1]))


def clause(found: Found) -> bool:
    """Say whether the words stand alone between marks, or on their line: not April (HR)."""
    before = found.beside()
    if not before:
        return found.after(4).strip(" .\t")[:1] in ("", "\n", HARD)
    return before[-1] in _CLAUSE_STARTS and ends_clause(found)


def ends_clause(found: Found) -> bool:
    """Say whether a mark or the line end follows."""
    rest = found.after(4).lstrip(" \t")
    return not rest or rest[0] in _CLAUSE_ENDS


def counts_things(found: Found) -> bool:
    """Say whether what follows makes a fraction of it: 3/4 of the users."""
    low, at = found.within.low, found.end
    at += low[at : at + 1] == " "
    word = _WORD.match(low, at)
    if word:
        return word[0] in _COUNTED
    return low.startswith(_COUNTED_JA, at) or (
        low[at : at + 1] in _COUNTERS and not "ァ" <= low[at + 1 : at + 2] <= "鿿"
    )


def described(found: Found) -> bool:
    """Say whether it tells which thing is meant: payroll run for December 2026, close of Q3."""
    words = found.before(28).removesuffix(" month of").removesuffix(" the").split()
    return len(words) > 1 and words[-1] in _TELLING and words[-2].rpartition("-")[2] in _NAMED


_TELLING = ("for", "of")


def describes(found: Found) -> bool:
    """Say whether it names or describes what follows: November statements, 11月分 (ruling 20)."""
    low, at = found.within.low, found.end
    if low.startswith("'s", at):
        at += 2
    at += low[at : at + 1] in (" ", "-")
    word = _WORD.match(low, at)
    if word:
        return word[0] in _NAMED
    return low.startswith(_NAMED_JA, at + (low[at : at + 1] == "の"))
