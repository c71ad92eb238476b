"""What an expression means: years filled in, orders settled, periods and relative words reckoned (rulings 15 to 20)."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from datetime import timedelta
from typing import Literal, NamedTuple, cast

from ma_template.readers.dates import reckon
from ma_template.readers.dates.join import Moment, restates
from ma_template.readers.dates.pieces import (
    Core,
    DayOf,
    Fixed,
    Nth,
    Numeric,
    Period,
    Same,
    Weekday,
    Written,
)
from ma_template.readers.dates.spell import Day, spell, time_range
from ma_template.readers.values import DateNote, Precision, Settings

_JUST_PAST = timedelta(days=45)  # ruling 18
_COARSENESS: dict[Precision, int] = {"minute": 0, "day": 1, "week": 2, "month": 3, "quarter": 4, "year": 5}
_COARSE = frozenset(precision for precision, coarseness in _COARSENESS.items() if coarseness >= 2)
_FISCAL_MONTHS = {"fiscal_quarter": 3, "fiscal_half": 6, "fiscal_year": 12}
_FISCAL_PRECISIONS: dict[str, Precision] = {"fiscal_quarter": "quarter", "fiscal_half": "year", "fiscal_year": "year"}
_NO_NOTES: frozenset[DateNote] = frozenset()
_RELATIVE: frozenset[DateNote] = frozenset(("relative",))
_INFERRED: frozenset[DateNote] = frozenset(("year-inferred",))
_MISMATCH: frozenset[DateNote] = frozenset(("weekday-mismatch",))

_OPEN = frozenset((Numeric, DayOf, Same))  # what they mean is open until others are looked at

Order = Literal["md", "dm"]
_ORDERS: tuple[Order, Order] = ("md", "dm")
_WANTED: dict[str | None, Order] = {"mdy": "md", "dmy": "dm", "ymd": "md"}


class Stretch(NamedTuple):
    """The days that a moment means. `others`: further readings of its only day. `unknown`: a fiscal period."""

    first: Day
    last: Day
    precision: Precision = "day"
    notes: frozenset[DateNote] = _NO_NOTES
    others: tuple[Day, ...] = ()
    unknown: bool = False


class Reading(NamedTuple):
    """A date read, with its place in the compared text."""

    start: int
    end: int
    loose: bool
    first: str | None
    last: str | None
    precision: Precision
    candidates: tuple[str, ...] = ()
    problem: Literal["ambiguous", "fiscal-unknown"] | None = None
    notes: frozenset[DateNote] = _NO_NOTES


class Resolver:
    """Resolves the expressions of one answer in order; remembers the day before for 同日."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.previous: Day | None = None
        self.readings: list[Reading] = []

    # -----------------------------------------------------------------------------------------------------------------
    # Readings

    def read(self, group: list[Moment]) -> None:
        """Add the readings of one expression: one of each moment, one of the two of a range."""
        if len(group) == 1 and type(group[0].core) not in _OPEN:  # most are no more
            moment = group[0]
            core = moment.core
            if type(core) is Written and core.year is not None and moment.opening is None and moment.clock_end is None:
                self.add_day(moment, Day(core.year, core.month, core.day, core.era))
                return
            alone = self.alone(moment, core)
            if alone is not None:
                self.add(moment, _opened(moment, alone) if moment.opening else alone)
            return
        stretches = self.stretches(group)
        index = 0
        while index < len(group):
            first, stretch = group[index], stretches[index]
            index += 1
            if stretch is None:
                continue
            if index < len(group) and group[index].join == "range":
                last, end = group[index], stretches[index]
                if end is not None and last.dash and first.opening is None and _names_day_of(end, stretch):
                    self.add(first, stretch)  # December 2026 - 5 December 2026
                    continue
                if end is not None and (stretch.unknown or end.unknown or stretch.first <= end.last):
                    self.add_range(first, stretch, last, end)
                    index += 1
                    continue
                if isinstance(last.core, DayOf) or (end and last.core is None):
                    index += 1  # 5-3 December is no range
            self.add(first, stretch)

    def add_day(self, moment: Moment, day: Day) -> None:
        """Add the reading of a day written with its year."""
        self.previous = day
        notes, weekday, clock = _NO_NOTES, moment.weekday, moment.clock
        if weekday is not None and weekday.which != "pair":
            there = day.date()
            if there is not None and there.weekday() != weekday.day:
                notes = _MISMATCH
        start = spell(day, clock, moment.zone) if clock else str(day)
        precision: Precision = "minute" if clock else "day"
        self.readings.append(Reading(moment.start, moment.end, moment.loose, start, None, precision, notes=notes))

    def add(self, moment: Moment, stretch: Stretch) -> None:
        """Add the reading of one moment."""
        self.previous = stretch.last
        place = (moment.start, moment.end, moment.loose)
        if stretch.unknown:
            self.readings.append(Reading(*place, None, None, stretch.precision, problem="fiscal-unknown"))
            return
        clock, end = moment.clock, moment.clock_end
        if clock and end:
            clock, end = time_range(clock, end)
        precision: Precision = "minute" if clock else stretch.precision
        if stretch.others:
            days = sorted(spell(day, clock, moment.zone) for day in (stretch.first, *stretch.others))
            self.readings.append(Reading(*place, None, None, precision, tuple(days), "ambiguous", stretch.notes))
            return
        last = None
        if end:
            last = spell(stretch.first, end, moment.zone)
        elif stretch.last is not stretch.first and stretch.last != stretch.first:
            last = str(stretch.last)
        start = spell(stretch.first, clock, moment.zone) if clock else str(stretch.first)
        self.readings.append(Reading(*place, start, last, precision, notes=self.notes((moment, stretch))))

    def add_range(self, first: Moment, stretch: Stretch, last: Moment, end: Stretch) -> None:
        """Add the reading of a range; a zone holds for both ends (ruling 19)."""
        self.previous = end.last
        place = (first.start, last.end, first.loose and last.loose)
        precision = max(stretch.precision, end.precision, key=_COARSENESS.__getitem__)
        if stretch.unknown or end.unknown:
            self.readings.append(Reading(*place, None, None, precision, problem="fiscal-unknown"))
            return
        start_zone, end_zone = first.zone or last.zone, last.zone or first.zone
        if first.clock or last.clock:
            precision = "minute"
        if stretch.others:
            days = sorted(spell(day, first.clock, start_zone) for day in (stretch.first, *stretch.others))
            self.readings.append(Reading(*place, None, None, precision, tuple(days), "ambiguous", stretch.notes))
            return
        self.readings.append(
            Reading(
                *place,
                spell(stretch.first, first.clock, start_zone),
                spell(end.last, last.clock_end or last.clock, end_zone),
                precision,
                notes=self.notes((first, stretch), (last, end)),
            )
        )

    @staticmethod
    def notes(*ends: tuple[Moment, Stretch]) -> frozenset[DateNote]:
        """Return what the rules are to know of a reading; of a day that does not exist nothing."""
        notes = _NO_NOTES
        for moment, stretch in ends:
            if len(ends) == 1 and stretch.precision == "day" and not stretch.notes and moment.weekday is None:
                return _NO_NOTES
            day = stretch.first.date()
            if day is None:
                return _NO_NOTES
            if stretch.notes:
                notes |= stretch.notes
            if stretch.precision in _COARSE and not moment.clock:
                notes |= {"imprecise"}
            weekday = moment.weekday
            if weekday is None or weekday.day == day.weekday() or weekday.which == "pair":
                continue
            if moment.core is not None and stretch.first == stretch.last and not moment.opening:
                notes |= {"weekday-mismatch"}
        return notes

    # -----------------------------------------------------------------------------------------------------------------
    # Expressions: days without a month, slashed dates without an order, dates without a year

    def stretches(self, group: list[Moment]) -> list[Stretch | None]:
        """Return the days of each moment of an expression."""
        self.fill_days(group)
        orders = self.orders(group)
        if not orders:
            found = self.days(group, [moment.core for moment in group])
        else:
            ways = [self.days(group, [_ordered(moment.core, order) for moment in group]) for order in orders]
            if len(ways) == 2:  # the weekday beside a day leaves one way
                fitting = [way for way in ways if _weekdays_fit(group, way)]
                ways = fitting if len(fitting) == 1 else ways
            found = ways[0] if len(ways) == 1 else [_either(*both) for both in zip(*ways, strict=True)]
        return [
            _opened(moment, stretch) if stretch and moment.opening else stretch
            for moment, stretch in zip(group, found, strict=True)
        ]

    def fill_days(self, group: list[Moment]) -> None:
        """Give days without a month the month beside them: 12月5日～6日, 5 and 6 December, 同日."""
        if len(group) > 1 and all(isinstance(moment.core, DayOf) for moment in group):
            self.count_on(group)  # between the 7th and the 11th
        for index, moment in enumerate(group):
            core = moment.core
            if isinstance(core, Same):
                moment.core = _same_as(core, group[index - 1].core if index else None) or self.same(core)
            elif not isinstance(core, DayOf):
                continue
            elif index:
                _fill_from_before(group[index - 1], moment, core)
            elif len(group) == 1 and core.marked and self.previous is not None and core.day > self.previous.day:
                moment.core = self.same(Same(None, core.day))  # 12月18日、支給日は25日
        for index in range(len(group) - 2, -1, -1):
            moment, core = group[index], group[index].core
            if isinstance(core, DayOf):
                _fill_from_behind(moment, core, group[index + 1])

    def count_on(self, group: list[Moment]) -> None:
        """Read days without any month: the first is the next such day, the others follow it."""
        day = self.settings.as_of
        for moment in group:
            found = self.next_day_of(cast(DayOf, moment.core), day)
            if found is None:
                return
            day = found
            moment.core = Fixed(day, day)

    def same(self, core: Same) -> Written | Period | Fixed | None:
        """Return a day whose month or year is that of the date before."""
        before = self.previous
        if before is None and core.years:
            year, month = self.settings.as_of.year + core.years, core.month or 1
            if core.day is None:
                return Fixed(*reckon.month_part(year, month, "whole"))
            there = Day(year, month, core.day).date()
            return Fixed(there, there) if there else Written(year, month, core.day)
        if before is None:
            return Written(None, core.month, core.day) if core.month and core.day else None
        if core.month and core.day is None:
            return Period("month", core.month, before.year + core.years)
        return Written(before.year + core.years, core.month or before.month, core.day or before.day)

    def orders(self, group: list[Moment]) -> list[Order]:
        """Return the orders of day and month in which all slashed dates of an expression can be read (ruling 18)."""
        numerics = [moment.core for moment in group if isinstance(moment.core, Numeric)]
        if not numerics:
            return []
        dated = any(numeric.year is not None for numeric in numerics)
        wanted = _WANTED.get(self.settings.date_order)
        if dated and self.settings.date_order == "ymd":
            wanted = None
        elif wanted is None and not dated and self.settings.language == "ja":
            wanted = "md"
        possible = [order for order in _ORDERS if all(_possible(numeric, order) for numeric in numerics)]
        if wanted in possible:
            return [wanted]
        if not possible:  # no such day: spelled in the order whose month there is
            return ["dm" if all(0 < numeric.second <= 12 for numeric in numerics) else "md"]
        return [order for order in possible if all(_exists(numeric, order) for numeric in numerics)] or possible[:1]

    def days(self, group: list[Moment], cores: list[Core | None]) -> list[Stretch | None]:
        """Return the stretch of each moment, the years of some found by those of others."""
        if len(group) == 1:
            return [self.alone(group[0], cores[0])]
        waiting = [_lacks_year(core) or core is None for core in cores]
        found = [None if waits else self.alone(group[i], cores[i]) for i, waits in enumerate(waiting)]
        written = [i for i, stretch in enumerate(found) if stretch and not isinstance(cores[i], Fixed)]
        for index in range(len(group) - 1, -1, -1):  # the end of a range first: its start goes by it
            core = cores[index]
            if not waiting[index] or core is None:
                continue
            before = [i for i in written if i < index]
            behind = [i for i in written if i > index]
            ranged = index + 1 < len(group) and group[index + 1].join == "range"
            next_one = found[index + 1] if ranged else None
            if before:
                found[index] = self.on_or_after(core, found[before[-1]])
            elif behind:
                found[index] = self.on_or_before(core, found[behind[0]])
            elif next_one:
                stretch = self.on_or_before(core, next_one)
                found[index] = stretch._replace(notes=stretch.notes | _INFERRED) if stretch else None
            else:
                found[index] = self.inferred(core)
        for index, moment in enumerate(group):
            if cores[index] is None:
                behind_it = group[index + 1].weekday if index + 1 < len(group) else None
                in_week = index > 0 and _says_week(group[index - 1])
                found[index] = self.bare(moment, found[index - 1] if index else None, behind_it, in_week)
        return found

    def alone(self, moment: Moment, core: Core | None) -> Stretch | None:
        """Return the days of a core that needs no other one."""
        if isinstance(core, Written) and core.year is not None:
            day = Day(core.year, core.month, core.day, core.era)
            return Stretch(day, day)
        if core is None:
            return self.bare(moment, None, None, False)
        if isinstance(core, Fixed):
            return self.fixed(moment, core)
        if isinstance(core, DayOf):
            there = None if core.bare and moment.weekday is None else self.next_day_of(core, self.settings.as_of)
            return _reckoned(there)._replace(notes=_INFERRED if core.coming else _RELATIVE) if there else None
        if isinstance(core, Period) and core.unit in _FISCAL_MONTHS:
            return self.fiscal(core)
        year = getattr(core, "year", None)
        return self.inferred(core) if year is None else self.in_year(core, year)

    # -----------------------------------------------------------------------------------------------------------------
    # Years

    def inferred(self, core: Core) -> Stretch | None:
        """Return the next such day or period, up to 45 days back counting as just past (ruling 18)."""
        earliest = Day.of(self.settings.as_of - _JUST_PAST)
        stretch = self.first_year(core, earliest.year, lambda found: found.last >= earliest)
        return stretch._replace(notes=stretch.notes | _INFERRED) if stretch else None

    def on_or_after(self, core: Core, other: Stretch | None) -> Stretch | None:
        """Return the first such day on or after another one."""
        if other is None or other.unknown:
            return self.inferred(core)
        return self.first_year(core, other.first.year, lambda found: found.last >= other.first)

    def on_or_before(self, core: Core, other: Stretch | None) -> Stretch | None:
        """Return the last such day on or before another one."""
        if other is None or other.unknown:
            return self.inferred(core)
        stretch = self.in_year(core, other.last.year)
        return stretch if stretch and stretch.first <= other.last else self.in_year(core, other.last.year - 1)

    def first_year(self, core: Core, year: int, good: Callable[[Stretch], bool]) -> Stretch | None:
        """Return the first such day that is good; 29 February waits for its leap year."""
        for later in range(9):
            stretch = self.in_year(core, year + later)
            if stretch is None:
                return None
            missing = stretch.first[1:3] == (2, 29) and stretch.first.date() is None
            if good(stretch) and not missing:
                return stretch
        return None

    def in_year(self, core: Core, year: int) -> Stretch | None:
        """Return a day or period of a year."""
        if isinstance(core, Written):
            day = Day(year, core.month, core.day)
            return Stretch(day, day)
        if isinstance(core, Nth):
            found = reckon.nth_of_month(year, core.month, core.nth, core.weekday)
            return _of(*found) if found else None
        if not isinstance(core, Period):
            return None
        if core.unit == "week":
            return _of(*reckon.week_part(reckon.week_of_year(year, core.number), core.part))
        if core.unit == "month":
            return _of(*reckon.month_part(year, core.number, core.part))
        if core.unit == "quarter":
            return _of(*reckon.months(year, core.number * 3 - 2, 3, core.part, "quarter"))
        if core.unit == "half":
            return _of(*reckon.months(year, core.number * 6 - 5, 6, core.part, "year"))
        return _of(*reckon.months(year, 1, 12, core.part, "year"))

    def fiscal(self, core: Period) -> Stretch:
        """Return a fiscal period, unknown without the month in which the fiscal year starts (ruling 17)."""
        start = self.settings.fiscal_year_start
        if start is None:
            nowhere = Day(0, 0, 0)
            precision: Precision = "day" if core.part == "end" else _FISCAL_PRECISIONS[core.unit]
            return Stretch(nowhere, nowhere, precision, unknown=True)

        count = _FISCAL_MONTHS[core.unit]
        offset = 0 if core.unit == "fiscal_year" else (core.number - 1) * count

        def of(year: int) -> Stretch:
            first = reckon.months_on(year, start, offset)
            return _of(*reckon.months(*first, count, core.part, _FISCAL_PRECISIONS[core.unit]))

        running = reckon.fiscal_year_of(self.settings.as_of, start)
        if core.year is not None:  # named by the year in which it ends in English, in which it begins in Japanese
            return of(core.year - (self.settings.language == "en" and start > 1))
        if core.unit == "fiscal_year":
            stretch = of(running + core.number)
            return stretch._replace(notes=stretch.notes | _RELATIVE)
        earliest = Day.of(self.settings.as_of - _JUST_PAST)
        stretch = next(one for one in map(of, (running - 1, running, running + 1)) if one.last >= earliest)
        return stretch._replace(notes=stretch.notes | _INFERRED)

    # -----------------------------------------------------------------------------------------------------------------
    # Days reckoned from the day of the check

    def fixed(self, moment: Moment, core: Fixed) -> Stretch:
        """Return a relative day or period; a week with its weekday is that day."""
        if core.precision == "week" and moment.weekday is not None:
            return _reckoned(reckon.monday_of(core.first) + timedelta(days=moment.weekday.day))
        return Stretch(Day.of(core.first), Day.of(core.last), core.precision, _RELATIVE)

    def next_day_of(self, core: DayOf, since: datetime.date) -> datetime.date | None:
        """Return the next such day of a month: by the 15th."""
        for later in range(13):
            day = Day(*reckon.months_on(since.year, since.month, later), core.day).date()
            if day and day >= since:
                return day
        return None

    def bare(self, moment: Moment, before: Stretch | None, behind: Weekday | None, in_week: bool) -> Stretch | None:
        """Return the day of a weekday without a date; today of a bare EOD.

        Args:
            moment: the weekday.
            before: the other end of a range or the day before it in a list.
            behind: the weekday behind it.
            in_week: the week of the day before it is said.
        """
        weekday = moment.weekday
        if weekday is None:
            return _reckoned(self.settings.as_of) if moment.vague else None
        if weekday.which or weekday.weeks is not None:
            return self.weekday(weekday)
        start = before.first.date() if before else None
        if start:
            later = (weekday.day - start.weekday()) % 7
            if moment.join == "range" or (in_week and start.weekday() < weekday.day):  # 来週の水曜か木曜
                return _reckoned(start + timedelta(days=later))
        if behind and behind.weeks is not None:  # Monday to Wednesday next week
            return self.weekday(weekday._replace(weeks=behind.weeks))
        return self.weekday(weekday)

    def weekday(self, weekday: Weekday) -> Stretch:
        """Return this, next, last Friday, Friday next week (ruling 16)."""
        as_of = self.settings.as_of
        of_this_week = reckon.monday_of(as_of) + timedelta(days=weekday.day)
        coming = as_of + timedelta(days=(weekday.day - as_of.weekday()) % 7)
        if weekday.weeks:
            return _reckoned(of_this_week + timedelta(days=7 * weekday.weeks))
        if weekday.which == "last":
            return _reckoned(coming - timedelta(days=7))
        if weekday.which == "next":
            stretch = _reckoned(of_this_week + timedelta(days=7))
            if of_this_week > as_of:  # this week's is still to come: either may be meant
                return stretch._replace(others=(Day.of(of_this_week),))
            return stretch
        return _reckoned(coming)


# ---------------------------------------------------------------------------------------------------------------------


def without_restated(low: str, readings: list[Reading]) -> list[Reading]:
    """Leave out what a date beside it says more exactly: December 2026 (4 December), 2026-12-07 (CW50)."""
    if not any("imprecise" in notes or "relative" in notes for *_, notes in readings):
        return readings
    kept: list[Reading] = []
    for reading in readings:
        finer: Reading | None = reading
        while finer and kept and restates(low, kept[-1].end, finer.start):
            before = kept[-1]
            if _within(finer, before) or _same_day(finer, before):
                kept.pop()
                if not before.notes & {"year-inferred", "relative"}:  # the year is written after all
                    finer = finer._replace(notes=finer.notes - _INFERRED)
            elif _within(before, finer):
                finer = None
            else:
                break
        if finer:
            kept.append(finer)
    return kept


def _within(finer: Reading, coarser: Reading) -> bool:
    """Say whether a date lies inside a longer stretch; of an ambiguous one, one reading."""
    if "imprecise" not in coarser.notes or _COARSENESS[finer.precision] >= _COARSENESS[coarser.precision]:
        return False
    first, last = coarser.first or "", coarser.last or ""
    starts = finer.candidates if finer.first is None else (finer.first,)
    return any(first <= start[:10] and (finer.last or start)[:10] <= last for start in starts)


def _same_day(one: Reading, other: Reading) -> bool:
    """Say whether two relative words mean one day: 週明け月曜."""
    return one[3:5] == other[3:5] and one.notes == other.notes == _RELATIVE


def _names_day_of(day: Stretch, stretch: Stretch) -> bool:
    """Say whether a day lies inside a longer stretch."""
    return _COARSENESS[stretch.precision] > _COARSENESS[day.precision] and stretch.first <= day.first <= stretch.last


def _of(first: datetime.date, last: datetime.date, precision: Precision) -> Stretch:
    return Stretch(Day.of(first), Day.of(last), precision)


def _reckoned(day: datetime.date) -> Stretch:
    return Stretch(Day.of(day), Day.of(day), notes=_RELATIVE)


def _says_week(moment: Moment) -> bool:
    """Say whether a moment is a weekday of a week that is said: Wednesday next week, 来週水曜."""
    if moment.weekday is None:
        return False
    core = moment.core
    return core.precision == "week" if isinstance(core, Fixed) else moment.weekday.weeks is not None


def _lacks_year(core: Core | None) -> bool:
    if isinstance(core, Period):
        return core.year is None and core.unit not in _FISCAL_MONTHS
    return isinstance(core, Written | Nth) and core.year is None


def _same_as(core: Same, before: Core | None) -> Written | Period | None:
    """Read the 同4日 of 12月1日～同4日, the 翌年3月 of 12月～翌年3月."""
    if not isinstance(before, Written | Period) or (isinstance(before, Period) and before.unit != "month"):
        return None
    year = before.year and before.year + core.years
    month = before.month if isinstance(before, Written) else before.number
    if core.month and not core.day:
        return Period("month", core.month, year)
    day = core.day or (before.day if isinstance(before, Written) else None)
    return Written(year, core.month or month, day) if day else None


def _fill_from_before(before: Moment, moment: Moment, core: DayOf) -> None:
    """Read the 6 of 5 December - 6, of 12/5-6."""
    other = before.core
    if isinstance(other, Written):
        moment.core = Written(other.year or core.year, other.month, core.day)
        if core.year and other.year is None:
            before.core = other._replace(year=core.year)
    elif isinstance(other, Numeric) and other.year is None and 0 < other.first <= 12:
        # Nobody writes day/month - month: 12/5-6 has but one order.
        before.core = Written(core.year, other.first, other.second)
        moment.core = Written(core.year, other.first, core.day)


def _fill_from_behind(moment: Moment, core: DayOf, behind: Moment) -> None:
    """Read the 5 of 5-6 December, of 5-6/12/2026."""
    other = behind.core
    if isinstance(other, Written):
        year, month = other.year, other.month
        if core.day > other.day and 0 < month <= 12:  # 30 - 2 December
            year, month = (year and year - 1, 12) if month == 1 else (year, month - 1)
        moment.core = Written(year, month, core.day)
    elif isinstance(other, Numeric) and 0 < other.second <= 12:
        behind.core = Written(other.year, other.second, other.first)
        moment.core = Written(other.year, other.second, core.day)


def _ordered(core: Core | None, order: Order) -> Core | None:
    if not isinstance(core, Numeric):
        return core
    month, day = (core.first, core.second) if order == "md" else (core.second, core.first)
    return Written(core.year, month, day)


def _possible(numeric: Numeric, order: Order) -> bool:
    month, day = (numeric.first, numeric.second) if order == "md" else (numeric.second, numeric.first)
    return 0 < month <= 12 and 0 < day <= 31


def _exists(numeric: Numeric, order: Order) -> bool:
    """Say whether there is such a day, in a leap year where none is written."""
    month, day = (numeric.first, numeric.second) if order == "md" else (numeric.second, numeric.first)
    return Day(numeric.year or 2028, month, day).date() is not None


def _weekdays_fit(group: list[Moment], stretches: list[Stretch | None]) -> bool:
    """Say whether every weekday beside a slashed date is that day's, and at least one stands there."""
    fits = [
        (day := stretch.first.date()) is not None and day.weekday() == moment.weekday.day
        for moment, stretch in zip(group, stretches, strict=True)
        if moment.weekday is not None and isinstance(moment.core, Numeric) and stretch is not None
    ]
    return bool(fits) and all(fits)


def _either(one: Stretch | None, other: Stretch | None) -> Stretch | None:
    """Return one way to read a moment, with the other way's day beside it where they differ."""
    if one is None or other is None or one.first == other.first:
        return one
    return one._replace(others=(other.first,))


def _opened(moment: Moment, stretch: Stretch) -> Stretch:
    """Return the week or weekend of a day: week of 7 December (ruling 15)."""
    day = stretch.first.date()
    if moment.opening is None or day is None or stretch.others:
        return stretch
    monday = reckon.monday_of(day)
    first, last = (0, 6) if moment.opening.unit == "week" else (5, 6)
    return stretch._replace(
        first=Day.of(monday + timedelta(days=first)),
        last=Day.of(monday + timedelta(days=last)),
        precision="week" if moment.opening.unit == "week" else "day",
    )
