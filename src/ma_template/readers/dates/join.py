"""Pieces joined to expressions: weekday, day, time and zone to a moment, moments to ranges and lists.

What may stand between two pieces (a comma, at, から) is data: the section `joins` of grammar/words/dates.toml.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

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
from ma_template.readers.dates.words import WORDS, one_of

_JOINS: dict[str, frozenset[str]] = {name: frozenset(words) for name, words in WORDS["joins"].items()}
_WIDEST = 24  # no join is longer, white space and brackets included
_DAYS = (Written, Numeric, DayOf, Nth, Same)
_CORES = (*_DAYS, Period, Fixed)
_OF_AFTER = re.compile(rf"[ ]?{one_of(WORDS['weeks']['of_after'])}(?!間|末)")
_BETWEEN = re.compile(rf"(?:^|[^a-z]){one_of(WORDS['joins']['between_opens'])}[ ]?$")

Join = Literal["", "range", "list"]


@dataclass(slots=True)
class Moment:
    """One point or stretch of time as written, its parts gathered; `join` says how it hangs on the one before."""

    start: int
    end: int
    core: Core | None = None
    weekday: Weekday | None = None
    clock: Clock | None = None
    clock_end: Clock | None = None
    zone: Zone | None = None
    opening: Opening | None = None
    vague: Vague | None = None
    loose: bool = False
    join: Join = ""


@dataclass(slots=True)
class Joiner:
    """Walks over the pieces of one answer."""

    low: str
    pieces: list[Piece]
    groups: list[list[Moment]] = field(default_factory=list)

    def gap(self, index: int) -> tuple[str, bool] | None:
        """Return what stands before piece `index`, blanks set aside, and whether a line ends there; None: too much."""
        start, end = self.pieces[index - 1].end, self.pieces[index].start
        if start == end:
            return "", False
        if end - start > _WIDEST:
            return None
        between = self.low[start:end]
        words = between.split()
        return " ".join(words).lstrip(")]").lstrip(), "\n" in between

    def run(self) -> list[list[Moment]]:
        """Return the expressions in order, each a list of moments joined by `to`, `and` and the like."""
        index, count = 0, len(self.pieces)
        while index < count:
            moment, after = self.moment(index, alone=True)
            if moment is None:
                index += 1
                continue
            group = [moment]
            index = after
            while index < count:
                following, after = self.next_moment(group, index)
                if following is None:
                    break
                group.append(following)
                index = after
            self.groups.append(group)
        return self.groups

    def next_moment(self, group: list[Moment], index: int) -> tuple[Moment | None, int]:
        """Return the moment that a range or list goes on with, and the index behind it."""
        gap = self.gap(index)
        if gap is None:
            return None, index
        words, broken = gap
        join: Join = ""
        if (words in _JOINS["range"] and words) or (words in _JOINS["between"] and self.opened_by_between(group[0])):
            join = "range" if group[-1].join != "range" else ""
        elif words in _JOINS["list"] and not broken:
            join = "list"
        if not join:
            return None, index
        moment, after = self.moment(index, alone=False)
        if moment is None or not _fits(group[-1], moment, join, words):
            return None, index
        moment.join = join
        return moment, after

    def opened_by_between(self, moment: Moment) -> bool:
        return _BETWEEN.search(self.low[max(0, moment.start - 14) : moment.start]) is not None

    def moment(self, index: int, alone: bool) -> tuple[Moment | None, int]:
        """Return the moment that begins at a piece, if one does, and the index behind it.

        `alone`: it is not joined to another one, so that a mere number or a loose word is none.
        """
        pieces = self.pieces
        moment = Moment(pieces[index].start, pieces[index].end)
        at = index
        while at < len(pieces):
            piece = pieces[at]
            gap = self.gap(at) if at > index else ("", False)
            if gap is None or not self.take(moment, at, *gap, first=at == index):
                break
            moment.end = piece.end
            at += 1
        if moment.core is None and moment.weekday is not None and moment.weekday.which != "beside":
            pass  # a bare weekday is a day of its own
        elif moment.core is None:
            if not (moment.vague and moment.vague.closing and alone and self.by_closing(moment)):
                return None, index
        if alone and isinstance(moment.core, DayOf) and moment.core.bare and not self.goes_on(moment, at):
            return None, index
        behind = _OF_AFTER.match(self.low, moment.end) if isinstance(moment.core, _DAYS) else None
        if behind and not moment.opening:
            moment.opening = Opening("week")
            moment.end = behind.end()
        return moment, at

    def by_closing(self, moment: Moment) -> bool:
        before = self.low[max(0, moment.start - 8) : moment.start].split()
        return bool(before) and before[-1] in ("by", "before", "until")

    def goes_on(self, moment: Moment, at: int) -> bool:
        """Say whether a mere day has its weekday beside it (Saturday the 5th)."""
        return moment.weekday is not None and not moment.weekday.bracketed

    def take(self, moment: Moment, at: int, words: str, broken: bool, first: bool) -> bool:
        """Add a piece to a moment if it belongs there."""
        piece = self.pieces[at]
        value = piece.value
        if isinstance(value, _CORES):
            taken = self.take_core(moment, value, words, broken, first)
            if taken:
                moment.loose = piece.loose and moment.weekday is None and moment.clock is None
            return taken
        if isinstance(value, Weekday):
            return self.take_weekday(moment, at, value, words, broken, first)
        if isinstance(value, Clock):
            return self.take_clock(moment, at, value, words, broken, first)
        if isinstance(value, Zone):
            return self.take_zone(moment, value, words, broken, first)
        if isinstance(value, Vague):
            if moment.clock or moment.vague or broken or not (first or words in _JOINS["date_time"]):
                return False
            if not first and words == "" and self.low[piece.start - 1] == " " and piece.end - piece.start < 2:
                return False
            moment.vague = value
            return True
        if isinstance(value, Opening):
            moment.opening = value
            return first
        if isinstance(value, Year) and words in _JOINS["year"]:
            return self.take_year(moment, value)
        return False

    def take_core(self, moment: Moment, value: Core, words: str, broken: bool, first: bool) -> bool:
        if moment.core is None:
            if not first:
                joins = "weekday_date" if moment.weekday and not (moment.clock or moment.vague) else "time_date"
                if words not in _JOINS[joins] and not (moment.opening and words in ("", "the")):
                    return False
            moment.core = value
            return True
        if broken or (isinstance(value, DayOf) and value.bare):
            return False
        if isinstance(moment.core, Fixed) and isinstance(value, _DAYS) and words in _JOINS["relative_date"]:
            moment.core = value  # 本日11/23 is that date, not a relative one (ruling 16)
            return True
        return isinstance(moment.core, _DAYS) and isinstance(value, Fixed) and words in _JOINS["restated"]

    def take_weekday(self, moment: Moment, at: int, value: Weekday, words: str, broken: bool, first: bool) -> bool:
        if moment.weekday is not None:
            return False
        if moment.core is None:
            if not first and words not in _JOINS["time_date"]:
                return False
            moment.weekday = value
            moment.loose = self.pieces[at].loose
            return True
        if isinstance(moment.core, Fixed) and moment.core.precision == "week" and not broken:
            if words not in _JOINS["week_weekday"]:
                return False
        elif broken or not ((value.bracketed and words in ("", "の")) or words in _JOINS["date_weekday"]) or (not value.bracketed and self.begins_date(at)):
            return False
        moment.weekday = value
        return True

    def begins_date(self, at: int) -> bool:
        """Say whether an unbracketed weekday goes with the day behind it rather than with the one before."""
        if at + 1 >= len(self.pieces) or not isinstance(self.pieces[at + 1].value, _DAYS):
            return False
        gap = self.gap(at + 1)
        return gap is not None and gap[0] in _JOINS["weekday_date"]

    def take_clock(self, moment: Moment, at: int, value: Clock, words: str, broken: bool, first: bool) -> bool:
        dated = moment.core is not None or moment.weekday is not None
        if moment.clock is None:
            if not first and (words not in _JOINS["date_time"] or (broken and not words)):
                return False
            if dated and isinstance(moment.core, Period):
                return False
            if dated and self.begins_moment(at, bool(words)):
                return False
            moment.clock = value
            return True
        if words in _JOINS["range"] and words and moment.clock_end is None:
            if self.begins_moment(at, True):
                return False
            moment.clock_end = value
            return True
        # The same in another zone: 22:00 JST (13:00 UTC)
        return words in _JOINS["restated"] and moment.zone is not None

    def begins_moment(self, at: int, apart: bool) -> bool:
        """Say whether a time of day goes with the day behind it: to 04:00 on 7 December."""
        at += 1
        if at < len(self.pieces) and isinstance(self.pieces[at].value, Zone):
            at += 1
        if at >= len(self.pieces) or not isinstance(self.pieces[at].value, (*_CORES, Weekday)):
            return False
        value = self.pieces[at].value
        if (isinstance(value, Weekday) and value.bracketed) or (isinstance(value, DayOf) and value.bare):
            return False
        gap = self.gap(at)
        return (
            gap is not None
            and gap[0] in _JOINS["time_date"]
            and gap[0] not in ("(", "、")
            and ((bool(gap[0]) and gap[0] != ",") or (apart and not gap[0]))
        )

    def take_zone(self, moment: Moment, value: Zone, words: str, broken: bool, first: bool) -> bool:
        if broken or not (first or words in ("", "(", ",", "/")):
            return False
        if first:
            if value.offset is None and not value.name:
                return False
            moment.zone = value
            return True
        if moment.clock is None and moment.core is None:
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


def _fits(before: Moment, after: Moment, join: Join, words: str) -> bool:
    """Say whether a second moment can hang on a first one."""
    if isinstance(after.core, DayOf):
        if not isinstance(before.core, _DAYS):
            return False
        return not after.core.bare or join == "range" or words in ("and", "&", "or", "・", "、", "/", "と")
    if join == "range":
        return after.core is None or not isinstance(after.core, Same)
    # A list of dates shares years only when it is tight.
    return isinstance(before.core, _DAYS) and isinstance(after.core, Written | Numeric)
