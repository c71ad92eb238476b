"""How a form of writing is declared: a pattern, and a function that makes a piece of what it matched.

The patterns see the compared text in lower case. Every repetition in them is bounded, so that one pass is linear.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from ma_template.readers.dates.pieces import Value
from ma_template.readers.dates.words import (
    ERAS,
    MONTHS,
    NUMBERS,
    PARTS_AFTER,
    PARTS_BEFORE,
    WEEKDAYS,
    WORDS,
    number,
    one_of,
)
from ma_template.readers.dates.wrapping import HARD
from ma_template.readers.values import Settings


class Text(NamedTuple):
    """The compared text; the same in lower case, its line breaks marked; the place of each character of that."""

    text: str
    low: str
    places: Sequence[int]
    settings: Settings


class Found(NamedTuple):
    """A match: its groups, its place, and the text around it."""

    groups: tuple[str | None, ...]
    start: int
    end: int
    within: Text

    def number(self, group: int) -> int:
        """Return the value of a group of digits or kanji numerals, 0 where it took no part."""
        return number(self.groups[group] or "0")

    def capital(self) -> bool:
        """Say whether the words begin with a capital letter."""
        return self.within.text[self.within.places[self.start]].isupper()

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


Builder = Callable[[Found], Value | Loose | None]


class Form(NamedTuple):
    """One form of writing. `begins`: the words, numbers (0 for each digit) or characters with which it may begin."""

    begins: frozenset[str]
    pattern: str
    build: Builder


class Forms(list[Form]):
    """The forms of one kind, in the order in which they are tried."""

    def form(self, begins: Iterable[str], pattern: str) -> Callable[[Builder], Builder]:
        """Declare the function below as the builder of this pattern's matches."""

        def declare(build: Builder) -> Builder:
            self.append(Form(frozenset(begins), pattern, build))
            return build

        return declare


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

B = "[ \t]{0,2}"  # blanks, perhaps a line break
G = r"[\x20\t]{0,2}"  # blanks on one line, perhaps
S = "[ \t]{0,3}"
N = "(?:[0-9]{1,2}|[〇一二三四五六七八九十]{1,3})"
Y4 = "(?:[12][0-9]{3}|[〇一二三四五六七八九]{4}|二千[一二三四五六七八九十]{0,3})"
YEAR = "(?:19|20|21)[0-9]{2}"
ORDINAL = "(?:st|nd|rd|th)"
NUMERALS = "〇一二三四五六七八九十"
ERA = one_of(ERAS)
MONTH = one_of(MONTHS)
MON = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
LATIN_WEEKDAYS = [word for word in WEEKDAYS if word.isascii()]
WEEKDAY = one_of(LATIN_WEEKDAYS)
KANJI_WEEKDAY = "[月火水木金土日]"
COUNT = rf"(?:[0-9]{{1,2}}|{one_of(NUMBERS)}|[一二三四五六七八九十]{{1,2}})"
PART_BEFORE = one_of(PARTS_BEFORE)
PART_AFTER = one_of(PARTS_AFTER)
ZONES = [*WORDS["zones"]["offsets"], *WORDS["zones"]["names"], *WORDS["zones"]["unguessed"]]
ZONE = one_of(ZONES)
HALF = one_of(WORDS["clock"]["am"] + WORDS["clock"]["pm"])
CLOCK_UNIT = one_of(WORDS["clock"]["unit"])

# No other number, name or path touches a date made of digits.
LEFT = "(?<![a-z0-9_#])(?<![0-9][-/.,])"
RIGHT = r"(?!(?!t[0-9]{2}:)[0-9a-z_%]|[-/](?!(?:19|20)[0-9]{2}[-/.])[0-9]{3}|\.[0-9]|\.[a-z]{2,4}(?![a-z]))"
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


def _ends_with(words: list[str], behind: str = "") -> re.Pattern[str]:
    letters = [word for word in words if word[0].isascii() and word[0].isalpha()]
    others = [word for word in words if word not in letters]
    ends = [rf"(?:^|[^a-z]){one_of(letters)}"] if letters else []
    ends += [one_of(others)] if others else []
    return re.compile(f"(?:{'|'.join(ends)}){behind}$")


_LEFT_WORDS, _DESCRIBES = WORDS["left"], WORDS["describes"]
_TRIGGER = _ends_with(_LEFT_WORDS["triggers"], ":?(?: the)?")
_IN_FRONT = {"year": _ends_with(_LEFT_WORDS["years"])}
_LABEL = re.compile("[:=]$")
_DAY_LABEL = _ends_with(_LEFT_WORDS["day_labels"], "[ ]?[は:が]")
_HISTORY = _ends_with(_LEFT_WORDS["history"])
_NEVER = _ends_with(_LEFT_WORDS["never"])
_EVERY = _ends_with(_LEFT_WORDS["every"], "[の ]?")
_CLAUSE_START = re.compile("(?:^|[,;:.()\\[\\]=|•・*>、。】」-])$")
_CLAUSE_END = re.compile(r"[ \t]{0,3}(?:$|[\n\f,.;:()/|、。\]!?~-])")
_CONFIRMED_BEHIND = re.compile(rf"[ \n]?(?:{one_of(_DESCRIBES['confirms'])}|[0-9]{{1,2}}[:時])")
_COUNTERS = [word for word in _DESCRIBES["counted"] if len(word) == 1]  # 3/4名, but not 3/4 名古屋
_COUNTED = [word for word in _DESCRIBES["counted"] if len(word) > 1]
_FRACTION_BEHIND = re.compile(rf"[ ]?(?:{one_of(_COUNTED)}|{one_of(_COUNTERS)}(?![ァ-鿿]))")
_NAME_BEHIND = re.compile(rf"(?:'s)?[ -]?(?:{one_of(_DESCRIBES['en'])}|の?{one_of(_DESCRIBES['ja'])})")


def triggered(found: Found) -> bool:
    """Say whether a word in front (by, on, in ...) announces a date."""
    before = found.before()
    return _TRIGGER.search(before) is not None


def in_front(found: Found, name: str) -> bool:
    """Say whether one of the words that announce a thing of that name stands in front."""
    return _IN_FRONT[name].search(found.before()) is not None


def labelled(found: Found) -> bool:
    """Say whether a label with its colon stands in front."""
    return _LABEL.search(found.before()) is not None


def confirmed(found: Found) -> bool:
    """Say whether a Japanese particle behind makes a date of the words (まで, に, 中)."""
    return _CONFIRMED_BEHIND.match(found.after()) is not None


def labelled_day(found: Found) -> bool:
    """Say whether a Japanese label for a day stands in front: 支給日は25日."""
    return _DAY_LABEL.search(found.before()) is not None


def told_as_history(found: Found) -> bool:
    """Say whether the past is meant: since Thursday."""
    return _HISTORY.search(found.before()) is not None


def no_date(found: Found) -> bool:
    """Say whether the word in front makes something else of it: phase 1/2, Black Friday, every Monday."""
    return _NEVER.search(found.beside()) is not None


def recurring(found: Found) -> bool:
    """Say whether it comes again and again: 毎月25日, every Friday."""
    return _EVERY.search(found.before()) is not None


def clause(found: Found) -> bool:
    """Say whether the words stand alone between marks, or on their line: not April (HR)."""
    before = found.beside()
    if not before:
        return found.after(4).strip(" .\t")[:1] in ("", "\n", HARD)
    return _CLAUSE_START.search(before) is not None and _CLAUSE_END.match(found.after()) is not None


def ends_clause(found: Found) -> bool:
    """Say whether a mark or the line end follows."""
    return _CLAUSE_END.match(found.after()) is not None


def counts_things(found: Found) -> bool:
    """Say whether what follows makes a fraction of it: 3/4 of the users."""
    return _FRACTION_BEHIND.match(found.after()) is not None


def describes(found: Found) -> bool:
    """Say whether it names or describes what follows: November statements, 11月分 (ruling 20)."""
    return _NAME_BEHIND.match(found.after()) is not None
