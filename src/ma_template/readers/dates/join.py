"""Pieces joined to expressions: weekday, day, time and zone to a moment, moments to ranges and lists.

What may stand between two pieces (a comma, at, から) is data: the section `joins` of grammar/words/dates.toml.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import Literal, NamedTuple, cast

from ma_template.readers.dates.pieces import (
    Clock,
    Core,
    DayOf,
    Fixed,
    Nth,
    Numeric,
    Opening,
    Period,
    Piece,
    Same,
    Vague,
    Weekday,
    Written,
    Year,
    Zone,
)
from ma_template.readers.dates.words import WORDS, Ending, Phrases, one_of, spellings
from ma_template.readers.dates.wrapping import HARD

_JOINS = {
    name: frozenset("" if word == "nothing" else word for word in re.split(r"\s{2,}", words.strip()))
    for name, words in WORDS["joins"].items()
}
_WIDEST = 24  # no join is longer, white space and brackets included
_LONGEST = 12  # moments in one expression
_FAR = 40  # a word that makes two dates of a range stands no further away
_DAYS: frozenset[type] = frozenset((Written, Numeric, DayOf, Nth, Same))
_CORES = _DAYS | {Period, Fixed}
_ALONE = _CORES - {DayOf}  # these need nothing beside them

_BETWEEN = Ending(spellings(WORDS["joins"]["between_opens"]))
_CLOSING = Ending(spellings(WORDS["joins"]["closing_opens"]))
_OF_WEEK = Phrases(dict.fromkeys(spellings(WORDS["weeks"]["of_after"]), True))
_WEEK_STARTS = frozenset(word[0] for word in _OF_WEEK.words)
_WEEK_MAY_FOLLOW = _WEEK_STARTS | {" ", "\n"}
_NO_WEEK = tuple("間末次報明")  # 7日週間, 週末

Join = Literal["", "range", "list"]


@cache
def _moved() -> re.Pattern[str]:
    words = one_of(spellings(WORDS["joins"]["moved_from"]))
    return re.compile(rf"(?:^|[^a-z]){words}[^.;\n]{{0,24}}$")


@cache
def _moved_behind() -> re.Pattern[str]:
    return re.compile(rf"[ ]?{one_of(spellings(WORDS['joins']['moved_to']))}")


class Gap(NamedTuple):
    """What stands between two pieces, white space and closing brackets set aside; does a line end there?"""

    words: str
    broken: bool


_NOTHING = Gap("", False)


def gap_between(low: str, start: int, end: int) -> Gap | None:
    """Return what stands between two places, None where it is too much to join anything."""
    if start == end:
        return _NOTHING
    if end - start > _WIDEST:
        return None
    between = low[start:end]
    if HARD in between:
        return None
    return Gap(" ".join(between.split()).lstrip(".)]").lstrip(), "\n" in between)


def restates(low: str, start: int, end: int) -> bool:
    """Say whether only marks part two dates, so that one may say again what the other says: Q4 (15 December)."""
    gap = gap_between(low, start, end)
    return gap is not None and gap.words in _JOINS["relative_date"] and (not gap.broken or gap.words[:1] == "(")


class Moment:
    """One point or stretch of time as written, its parts gathered.

    `join` says how it hangs on the one before, `dash` that no word but a mere dash says so.
    """

    core: Core | None = None
    weekday: Weekday | None = None
    clock: Clock | None = None
    clock_end: Clock | None = None
    zone: Zone | None = None
    opening: Opening | None = None
    vague: Vague | None = None
    loose = False
    bracket = False
    join: Join = ""
    dash = False

    def __init__(self, start: int, end: int) -> None:
        self.start = start
        self.end = end


class Joiner:
    """Walks over the pieces of one answer."""

    def __init__(self, low: str, pieces: list[Piece]) -> None:
        self.low = low
        self.pieces = pieces
        # What stands before each piece; None: too much to join anything.
        self.gaps = [
            None,
            *[
                _NOTHING if before.end == piece.start else gap_between(low, before.end, piece.start)
                for before, piece in pairwise(pieces)
            ],
        ]

    def run(self) -> list[list[Moment]]:
        """Return the expressions in order, each a list of moments joined by `to`, `and` and the like."""
        groups: list[list[Moment]] = []
        index, count = 0, len(self.pieces)
        while index < count:
            moment, after = self.moment(index)
            if moment is None or (type(moment.core) not in _ALONE and not self.stands_alone(moment)):
                index += 1
                continue
            group = [moment]
            index = after
            while index < count and self.gaps[index] is not None and len(group) < _LONGEST:
                following, after = self.following(group, index)
                if following is None:
                    break
                group.append(following)
                index = after
            groups.append(group)
        return groups

    # -----------------------------------------------------------------------------------------------------------------
    # Ranges and lists

    def following(self, group: list[Moment], index: int) -> tuple[Moment | None, int]:
        """Return the moment with which a range or list goes on, and the index behind it."""
        before = group[-1]
        gap = self.gaps[index]
        if before.opening is not None and before.end > self.pieces[index - 1].end:  # 12/7週～12/14週
            gap = gap_between(self.low, before.end, self.pieces[index].start)
        if gap is None:
            return None, index
        words = gap.words
        join: Join = ""
        if words in _JOINS["range"] or (words in _JOINS["between"] and self.opened(_BETWEEN, group[0])):
            join = "range" if before.join != "range" else ""
        elif words in _JOINS["list"]:
            join = "list"
        if not join:
            return None, index
        moment, after = self.moment(index)
        if words == "/" and moment and (isinstance(before.core, DayOf) or isinstance(moment.core, DayOf)):
            join = "range"  # the night of 5/6 December
        if join == "list" and moment and _months_on_end(before.core, moment.core):
            join = "range"  # November/December
        if moment is None or not _fits(group, moment, join, words):
            return None, index
        if moment.loose and isinstance(moment.core, Fixed):
            return None, index  # 31 December 2026 - year end
        if join == "range" and (self.moved(group[0]) or _moved_behind().match(self.low, moment.end)):
            join = "list"  # moved from 20 November to 5 December: no stretch, two dates
        moment.join, moment.dash = join, words in _JOINS["dash"]
        if before.bracket and self.low[before.end - 1] != ")" and self.low[moment.end : moment.end + 1] == ")":
            moment.end += 1
        return moment, after

    def opened(self, words: Ending, moment: Moment) -> bool:
        """Say whether such words stand in front."""
        return words(self.low[max(0, moment.start - _FAR) : moment.start].removesuffix(" "))

    def moved(self, moment: Moment) -> bool:
        """Say whether a date is told to have been moved."""
        return _moved().search(self.low[max(0, moment.start - _FAR) : moment.start]) is not None

    def stands_alone(self, moment: Moment) -> bool:
        """Say whether a moment may begin an expression: a mere number may not, but for Saturday the 5th."""
        if isinstance(moment.core, DayOf) and moment.core.bare:
            return moment.weekday is not None and not moment.weekday.bracketed
        if moment.core is None and moment.weekday is None:
            return self.opened(_CLOSING, moment)  # by EOD
        return True

    # -----------------------------------------------------------------------------------------------------------------
    # Moments

    def moment(self, index: int) -> tuple[Moment | None, int]:
        """Return the moment that begins at a piece, if one does, and the index behind it."""
        pieces = self.pieces
        first = pieces[index]
        moment = Moment(first.start, first.end)
        if type(first.value) in _CORES:
            moment.core = cast(Core, first.value)
            moment.loose = first.loose
        elif not self.begin(moment, first):
            return None, index
        at = index + 1
        while at < len(pieces):
            gap = self.gaps[at]
            if gap is None or not self.take(moment, at, gap):
                break
            moment.end = pieces[at].end
            if gap.words[:1] == "(":
                moment.bracket = True
            at += 1
        if moment.core is None:
            weekday, vague = moment.weekday, moment.vague
            bare_weekday = weekday is not None and not (weekday.bracketed or weekday.which == "beside")
            if not bare_weekday and (vague is None or not vague.closing or moment.clock):
                return None, index
        elif self.low[moment.end : moment.end + 1] in _WEEK_MAY_FOLLOW:
            self.take_week(moment, at)
        if moment.bracket and self.low[moment.end : moment.end + 1] == ")":
            moment.end += 1
        if moment.clock or moment.vague:
            moment.loose = False
        return moment, at

    def take_week(self, moment: Moment, following: int) -> None:
        """Make its week of a day: 12月7日の週; not of 12/7, week 50. `following`: index of the piece behind it."""
        if type(moment.core) not in _DAYS or moment.opening is not None:
            return
        at = moment.end
        at += self.low[at] in " \n"
        if self.low[at : at + 1] in _WEEK_STARTS:
            week = _OF_WEEK.at(self.low, at)
            if week is None or self.low.startswith(_NO_WEEK, week[1]):
                return
            if following == len(self.pieces) or week[1] <= self.pieces[following].start:
                moment.opening, moment.end = Opening("week"), week[1]

    def begin(self, moment: Moment, piece: Piece) -> bool:
        """Begin a moment with a piece that is no day or period, if one may begin with it."""
        value = piece.value
        if isinstance(value, Weekday):
            moment.weekday = value
            moment.loose = piece.loose
            if value.bracketed and self.low[piece.end - 1] not in ")]>":  # the bracket of (Sat 5 December)
                moment.start += 1 + (self.low[moment.start + 1] == " ")
        elif isinstance(value, Clock):
            moment.clock = value
        elif isinstance(value, Zone):
            moment.zone = value
            return value.offset is not None or bool(value.name)
        elif isinstance(value, Vague):
            moment.vague = value
            return self.low[piece.start].isascii()  # 準備中 12/5: 中 belongs to no date behind it
        elif isinstance(value, Opening):
            moment.opening = value
        return not isinstance(value, Year)

    def take(self, moment: Moment, at: int, gap: Gap) -> bool:
        """Add a piece to a moment if it belongs there."""
        piece = self.pieces[at]
        value = piece.value
        if isinstance(value, Weekday):
            return self.take_weekday(moment, at, value, gap)
        if isinstance(value, Clock):
            return self.take_clock(moment, at, value, gap)
        if isinstance(value, Zone):
            return self.take_zone(moment, value, gap)
        if isinstance(value, Vague):
            if moment.clock or moment.vague or gap.words not in _JOINS["date_time"]:
                return False
            moment.vague = value
            return True
        if isinstance(value, Year):
            return gap.words in _JOINS["year"] and self.take_year(moment, value)
        if isinstance(value, Opening):
            return False
        beside = moment.weekday is not None
        if not self.take_core(moment, value, gap):
            return False
        moment.loose = piece.loose and not beside
        return True

    def take_core(self, moment: Moment, value: Core, gap: Gap) -> bool:
        bare = isinstance(value, DayOf) and value.bare
        if moment.core is None:
            if moment.opening:
                joined = gap.words in ("", "the")
            elif moment.weekday and not (moment.clock or moment.vague):
                joined = gap.words in _JOINS["weekday_date"]
            else:
                joined = gap.words in _JOINS["time_date"]
            if bare and gap.broken and not gap.words:
                joined = False
            if joined:
                moment.core = value
            return joined
        if bare or (gap.broken and gap.words in _JOINS["mere"]):
            return False
        if isinstance(moment.core, Fixed) and type(value) in _DAYS and gap.words in _JOINS["relative_date"]:
            moment.core = value  # 本日11/23 is that date, not a relative one (ruling 16)
            return True
        if gap.words not in _JOINS["restated"]:
            return False
        if isinstance(moment.core, Period) and moment.core.unit.startswith("fiscal"):
            moment.core = value  # 年度末（3月31日） says when it is
            return True
        return type(moment.core) in _DAYS and isinstance(value, Fixed)

    def take_weekday(self, moment: Moment, at: int, value: Weekday, gap: Gap) -> bool:
        if moment.weekday is not None:
            return False
        if moment.core is None:
            if gap.words not in _JOINS["time_date"]:
                return False
            moment.loose = self.pieces[at].loose
        elif isinstance(moment.core, Fixed) and moment.core.precision == "week":
            if gap.words not in _JOINS["week_weekday"]:
                return False
        elif gap.words not in _JOINS["date_weekday"] or (
            not value.bracketed and ((gap.broken and not gap.words) or self.precedes_day(at))
        ):
            return False
        moment.weekday = value
        return True

    def precedes_day(self, at: int) -> bool:
        """Say whether an unbracketed weekday goes with the day behind it rather than with the one before."""
        if at + 1 >= len(self.pieces) or type(self.pieces[at + 1].value) not in _DAYS:
            return False
        gap = self.gaps[at + 1]
        return gap is not None and gap.words in _JOINS["weekday_date"]

    def take_clock(self, moment: Moment, at: int, value: Clock, gap: Gap) -> bool:
        dated = moment.core is not None or moment.weekday is not None
        if moment.clock is None:
            if gap.words not in _JOINS["date_time"]:
                return False
            if isinstance(moment.core, Period) or (dated and self.opens_moment(at, apart=bool(gap.words))):
                return False
            moment.clock = value
            return True
        ranged = gap.words in _JOINS["range"] or (gap.words in _JOINS["between"] and self.opened(_BETWEEN, moment))
        if ranged and moment.clock_end is None:
            if dated and self.opens_moment(at, apart=True):
                return False
            moment.clock_end = value
            return True
        # The same in another zone: 22:00 JST (13:00 UTC)
        return gap.words in _JOINS["restated"] and moment.zone is not None

    def opens_moment(self, at: int, apart: bool) -> bool:
        """Say whether a time of day goes with the day behind it: to 04:00 on 7 December.

        `apart`: a word or mark parts it from what stands before it.
        """
        at += 1
        if at < len(self.pieces) and isinstance(self.pieces[at].value, Zone):
            at += 1
        if at >= len(self.pieces):
            return False
        value = self.pieces[at].value
        if type(value) not in _CORES and not isinstance(value, Weekday):
            return False
        if (isinstance(value, Weekday) and value.bracketed) or (isinstance(value, DayOf) and value.bare):
            return False
        gap = self.gaps[at]
        if gap is None or gap.words not in _JOINS["time_date"]:
            return False
        return gap.words[:1].isalpha() or (not gap.words and apart)

    def take_zone(self, moment: Moment, value: Zone, gap: Gap) -> bool:
        if gap.words not in _JOINS["zone"] or (moment.clock is None and moment.core is None):
            return False
        if moment.zone is None or (moment.zone.offset is None and not moment.zone.name):
            moment.zone = value
        return True

    def take_year(self, moment: Moment, value: Year) -> bool:
        core = moment.core
        if isinstance(core, Written | Numeric | DayOf | Nth) and core.year is None:
            moment.core = core._replace(year=value.year)
            return True
        return False


def _months_on_end(core: Core | None, other: Core | None) -> bool:
    """Say whether two are months, one right behind the other."""
    months = isinstance(core, Period) and isinstance(other, Period) and core.unit == other.unit == "month"
    return months and other.number == core.number % 12 + 1  # type: ignore[union-attr]  # both are periods


def _fits(group: list[Moment], after: Moment, join: Join, words: str) -> bool:
    """Say whether a moment can hang on those before it."""
    before = group[-1]
    if isinstance(after.core, DayOf):
        if type(before.core) not in _DAYS:
            return False
        tied = words in _JOINS["tight"] or after.core.marked
        return not after.core.bare or join == "range" or tied
    if join == "range":
        return not isinstance(after.core, Same) or isinstance(before.core, Written | Period)
    if after.core is None and after.weekday and before.weekday:
        after.loose = after.loose and before.loose
        return words in _JOINS["tight"]  # by Tuesday or Wednesday
    if type(before.core) not in _DAYS or not isinstance(after.core, Written | Numeric):
        return False
    # A comma joins only days that go without their year, as in: Dec 5, Dec 12 and Dec 19, 2026
    return words in _JOINS["tight"] or not any(getattr(moment.core, "year", None) for moment in group)
