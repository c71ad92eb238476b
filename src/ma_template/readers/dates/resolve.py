"""What an expression means: years filled in, orders settled, days spelled ISO 8601 (contract, rulings 15 to 20)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple

from ma_template.readers.dates import reckon
from ma_template.readers.dates.join import Moment
from ma_template.readers.dates.pieces import (
    Clock,
    DayOf,
    Fixed,
    Nth,
    Numeric,
    Period,
    Same,
    Weekday,
    Written,
    Zone,
)
from ma_template.readers.values import DateNote, Precision, Settings

_JUST_PAST = timedelta(days=45)  # ruling 18
_COARSE: tuple[Precision, ...] = ("minute", "day", "week", "month", "quarter", "year")
_FISCAL_MONTHS = {"fiscal_quarter": 3, "fiscal_half": 6, "fiscal_year": 12}
_PRECISIONS: dict[str, Precision] = {"fiscal_quarter": "quarter", "fiscal_half": "year", "fiscal_year": "year"}

Order = Literal["md", "dm"]


class Day(NamedTuple):
    """A day as written, which may not exist; `era` where its year lies outside of the era."""

    year: int
    month: int
    day: int
    era: str = ""

    @classmethod
    def of(cls, day: date) -> Day:
        return cls(day.year, day.month, day.day)

    def date(self) -> date | None:
        try:
            return None if self.era else date(self.year, self.month, self.day)
        except ValueError:
            return None

    def __str__(self) -> str:
        year = f"{self.era}{self.year}" if self.era else f"{self.year:04}"
        return f"{year}-{self.month:02}-{self.day:02}"


class Stretch(NamedTuple):
    """The days that a moment means. `others`: further readings of its only day. `unknown`: a fiscal period."""

    first: Day
    last: Day
    precision: Precision = "day"
    notes: frozenset[DateNote] = frozenset()
    others: tuple[Day, ...] = ()
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """A date read, with its place in the compared text."""

    start: int
    end: int
    loose: bool
    first: str | None
    last: str | None
    precision: Precision
    candidates: tuple[str, ...]
    problem: Literal["ambiguous", "fiscal-unknown"] | None
    notes: frozenset[DateNote]


_UNKNOWN = Stretch(Day(0, 0, 0), Day(0, 0, 0), unknown=True)


@dataclass(slots=True)
class Resolver:
    """Resolves the expressions of one answer in order; remembers the day before for 同日."""

    settings: Settings
    previous: Day | None = None
    readings: list[Reading] = field(default_factory=list)

    # -----------------------------------------------------------------------------------------------------------------
    # Expressions

    def read(self, group: list[Moment]) -> None:
        """Add the readings of one expression."""
        stretches = self.stretches(group)
        index = 0
        while index < len(group):
            first, stretch = group[index], stretches[index]
            if stretch is None:
                index += 1
                continue
            if index + 1 < len(group) and group[index + 1].join == "range":
                last, end = group[index + 1], stretches[index + 1]
                index += 1
                if end is not None and _in_order(stretch, end):
                    self.add(first, stretch, last, end)
                    index += 1
                    continue
                if isinstance(last.core, DayOf):
                    index += 1  # 12/5-3: no range
            else:
                index += 1
            self.add(first, stretch)

    def add(self, first: Moment, stretch: Stretch, last: Moment | None = None, end: Stretch | None = None) -> None:
        """Add one reading: of a moment, or of a range of two."""
        span = (first.start, (last or first).end)
        notes = stretch.notes | (end.notes if end else frozenset())
        precision = max(stretch.precision, (end or stretch).precision, key=_COARSE.index)
        if stretch.unknown or (end and end.unknown):
            self.readings.append(Reading(*span, first.loose, None, None, precision, (), "fiscal-unknown", frozenset()))
            return
        clock, closing = first.clock, (last.clock_end or last.clock) if last else first.clock_end
        if first.clock and first.clock_end:
            clock, closing_clock = _same_half(first.clock, first.clock_end)
            closing = closing if last else closing_clock
        zone = (last.zone if last and last.zone else first.zone) or (last.zone if last else None)
        own = first.zone if first.zone and (first.zone.offset is not None or first.zone.name) else zone
        if stretch.others:
            candidates = sorted(_spell(day, clock, own) for day in (stretch.first, *stretch.others))
            problem: Literal["ambiguous"] = "ambiguous"
            self.readings.append(
                Reading(
                    *span, first.loose, None, None, "minute" if clock else precision, tuple(candidates), problem, notes
                )
            )
            return
        start = _spell(stretch.first, clock, own)
        finish: str | None = None
        if last and end:
            finish = _spell(end.last, last.clock_end or last.clock, zone)
        elif first.clock_end and clock and closing:
            finish = _spell(stretch.first, _after(clock, closing), zone)
        elif stretch.last != stretch.first:
            finish = str(stretch.last)
        if clock or (last and last.clock):
            precision = "minute"
        if stretch.first.date() is None or (end and end.last.date() is None):
            notes = frozenset()
        else:
            if precision in ("week", "month", "quarter", "year"):
                notes |= {"imprecise"}
            if self.mismatch(first, stretch) or (last and end and self.mismatch(last, end)):
                notes |= {"weekday-mismatch"}
        self.previous = (end or stretch).last
        self.readings.append(Reading(*span, first.loose, start, finish, precision, (), None, notes))

    @staticmethod
    def mismatch(moment: Moment, stretch: Stretch) -> bool:
        """Say whether the weekday beside a day is another day's (MA308)."""
        weekday, day = moment.weekday, stretch.first.date()
        if (
            weekday is None
            or day is None
            or moment.core is None
            or weekday.which == "pair"
            or moment.opening
            or stretch.first != stretch.last
        ):
            return False
        return day.weekday() != weekday.day

    # -----------------------------------------------------------------------------------------------------------------
    # Moments

    def stretches(self, group: list[Moment]) -> list[Stretch | None]:
        """Return the days of each moment of an expression."""
        self.fill_days(group)
        orders = self.orders(group)
        readings = [self.days(group, orders, order) for order in orders]
        if len(readings) == 2:
            kept = [reading for reading in readings if _agrees(group, reading)]
            readings = kept if len(kept) == 1 else readings
        found: list[Stretch | None] = []
        for index, moment in enumerate(group):
            ways = [reading[index] for reading in readings]
            stretch = ways[0]
            if len(ways) == 2 and stretch and ways[1] and stretch.first != ways[1].first:
                stretch = stretch._replace(others=(ways[1].first,))
            found.append(self.opened(moment, stretch) if stretch else None)
        return found

    @staticmethod
    def opened(moment: Moment, stretch: Stretch) -> Stretch:
        """Return the week or weekend of a day (week of 7 December)."""
        day = stretch.first.date()
        if moment.opening is None or day is None or stretch.others:
            return stretch
        monday = reckon.monday_of(day)
        if moment.opening.unit == "week":
            return stretch._replace(first=Day.of(monday), last=Day.of(monday + timedelta(days=6)), precision="week")
        return stretch._replace(first=Day.of(monday + timedelta(days=5)), last=Day.of(monday + timedelta(days=6)))

    def fill_days(self, group: list[Moment]) -> None:
        """Give days without a month the month beside them: 12月5日～6日, 5 and 6 December."""
        for index, moment in enumerate(group):
            core = moment.core
            if isinstance(core, Same):
                moment.core = self.same(core)
            elif isinstance(core, DayOf) and not index and len(group) == 1 and self.follows(core):
                moment.core = self.same(Same(None, core.day))  # 12月18日、支給日は25日
            elif isinstance(core, DayOf) and index:
                before = group[index - 1].core
                if isinstance(before, Written):
                    moment.core = Written(before.year or core.year, before.month, core.day)
                    if core.year and before.year is None:
                        group[index - 1].core = before._replace(year=core.year)
                elif isinstance(before, Numeric):  # 12/5-6, 5/12/2026-6
                    year = before.year or core.year
                    if before.year is None and 0 < before.first <= 12:
                        group[index - 1].core = Written(year, before.first, before.second)
                        moment.core = Written(year, before.first, core.day)
        for index in range(len(group) - 2, -1, -1):
            core, behind = group[index].core, group[index + 1].core
            if isinstance(core, DayOf):
                if isinstance(behind, Written):
                    group[index].core = Written(behind.year, behind.month, core.day)
                elif isinstance(behind, Numeric) and 0 < behind.second <= 12:  # 5-6/12/2026
                    group[index + 1].core = Written(behind.year, behind.second, behind.first)
                    group[index].core = Written(behind.year, behind.second, core.day)

    def follows(self, core: DayOf) -> bool:
        """Say whether a Japanese day without its month goes on in the month of the day before it."""
        return core.marked and self.previous is not None and core.day > self.previous.day

    def same(self, core: Same) -> Written | Period | None:
        before = self.previous
        if before is None:
            return Written(None, core.month, core.day) if core.month and core.day else None
        month = core.month or before.month
        if core.month and core.day is None:
            return Period("month", month, before.year)
        return Written(before.year, month, core.day or before.day)

    def orders(self, group: list[Moment]) -> list[Order]:
        """Return the orders of day and month in which all slashed dates of an expression can be read (ruling 18)."""
        numerics = [moment.core for moment in group if isinstance(moment.core, Numeric)]
        if not numerics:
            return ["md"]
        wanted = {"mdy": "md", "dmy": "dm", "ymd": "md"}.get(self.settings.date_order or "")
        dated = any(numeric.year is not None for numeric in numerics)
        if dated and self.settings.date_order == "ymd":
            wanted = None
        elif wanted is None and not dated and self.settings.language == "ja":
            wanted = "md"
        possible: list[Order] = [
            order for order in _ORDERS if all(_possible(*_month_day(numeric, order)) for numeric in numerics)
        ]
        if wanted in possible:
            return ["md"] if wanted == "md" else ["dm"]
        if not possible:  # no such day: spelled in the order whose month there is
            return ["dm" if all(0 < numeric.second <= 12 for numeric in numerics) else "md"]
        existing = [
            order
            for order in possible
            if all(_exists(numeric.year, *_month_day(numeric, order)) for numeric in numerics)
        ]
        return existing or possible[:1]

    def days(self, group: list[Moment], orders: list[Order], order: Order) -> list[Stretch | None]:
        """Return the stretch of each moment, slashed dates read in one order."""
        cores = [
            Written(moment.core.year, *_month_day(moment.core, order))
            if isinstance(moment.core, Numeric)
            else moment.core
            for moment in group
        ]
        found: list[Stretch | None] = [None] * len(group)
        waiting: list[int] = []
        for index, core in enumerate(cores):  # what stands for itself
            if (isinstance(core, Written | Period | Nth) and core.year is None and not _running(core)) or (
                core is None and group[index].weekday is not None and len(group) > 1
            ):
                waiting.append(index)
            else:
                found[index] = self.stretch(group[index], core)
        written = [stretch is not None and not isinstance(cores[i], Fixed) for i, stretch in enumerate(found)]
        for index in reversed(waiting):  # the end of a range first: its start goes by it
            core = cores[index]
            before = next((i for i in range(index - 1, -1, -1) if written[i]), None)
            behind = next((i for i in range(index + 1, len(group)) if written[i]), None)
            ranged = index + 1 < len(group) and group[index + 1].join == "range" and found[index + 1] is not None
            if core is None:
                continue
            if before is not None and found[before]:
                found[index] = self.near(core, found[before], after=True)
            elif behind is not None and found[behind]:
                found[index] = self.near(core, found[behind], after=False)
            elif ranged:
                stretch = self.near(core, found[index + 1], after=False)
                found[index] = stretch._replace(notes=stretch.notes | {"year-inferred"}) if stretch else None
            else:
                found[index] = self.inferred(core)
        self.bare_weekdays(group, cores, found)
        return found

    def bare_weekdays(self, group: list[Moment], cores: Sequence[object], found: list[Stretch | None]) -> None:
        """Place weekdays without a date: from one to the other of a range (Monday to Wednesday next week)."""
        for index, moment in enumerate(group):
            weekday = moment.weekday
            if found[index] is not None or cores[index] is not None or weekday is None:
                continue
            following = found[index + 1] if index + 1 < len(group) else None
            own = group[index + 1].weekday if index + 1 < len(group) else None
            before = found[index - 1] if index else None
            if (
                moment.join == "range"
                and before
                and before.first.date()
                and not weekday.which
                and weekday.weeks is None
            ):
                anchor = before.first.date() or self.settings.as_of
                day = anchor + timedelta(days=(weekday.day - anchor.weekday()) % 7)
                found[index] = _reckoned(day)
            elif own and own.weeks is not None and weekday.weeks is None and not following:
                found[index] = self.weekday(weekday._replace(weeks=own.weeks))
            else:
                found[index] = self.weekday(weekday)

    def stretch(self, moment: Moment, core: object) -> Stretch | None:
        """Return the days of a core that needs no other to tell its year."""
        if core is None:
            if moment.weekday is not None:
                return self.weekday(moment.weekday)
            return _reckoned(self.settings.as_of) if moment.vague else None
        if isinstance(core, Fixed):
            return self.fixed(moment, core)
        if isinstance(core, DayOf):
            return self.next_day_of(core)
        if isinstance(core, Written):
            day = Day(core.year or 0, core.month, core.day, core.era)
            return Stretch(day, day)
        if isinstance(core, Period):
            if core.unit.startswith("fiscal"):
                return self.fiscal(core)
            return self.period(core, core.year or 0)
        if isinstance(core, Nth):
            return self.nth(core, core.year or 0)
        return None

    # -----------------------------------------------------------------------------------------------------------------
    # Years

    def inferred(self, core: object) -> Stretch | None:
        """Return the next such day or period, up to 45 days back counting as just past (ruling 18)."""
        earliest = Day.of(self.settings.as_of - _JUST_PAST)
        stretch = self.first_year(core, earliest.year, lambda found: found.last >= earliest)
        return stretch._replace(notes=stretch.notes | {"year-inferred"}) if stretch else None

    def near(self, core: object, other: Stretch | None, after: bool) -> Stretch | None:
        """Return the first such day on or after another one, or the last one before it."""
        if other is None or other.unknown:
            return self.inferred(core)
        if after:
            return self.first_year(core, other.first.year, lambda found: found.last >= other.first)
        stretch = self.in_year(core, other.last.year)
        return stretch if stretch and stretch.first <= other.last else self.in_year(core, other.last.year - 1)

    def first_year(self, core: object, year: int, good: Callable[[Stretch], bool]) -> Stretch | None:
        for leap in range(9):
            stretch = self.in_year(core, year + leap)
            if stretch is None:
                return None
            if good(stretch) and (stretch.first.date() or not _sometimes(stretch.first)):
                return stretch
        return None

    def in_year(self, core: object, year: int) -> Stretch | None:
        if isinstance(core, Written):
            day = Day(year, core.month, core.day)
            return Stretch(day, day)
        if isinstance(core, Period):
            return self.period(core, year)
        return self.nth(core, year) if isinstance(core, Nth) else None

    # -----------------------------------------------------------------------------------------------------------------
    # Periods

    def period(self, core: Period, year: int) -> Stretch | None:
        if core.unit == "week":
            try:
                monday = date.fromisocalendar(year, core.number, 1)
            except ValueError:
                return None
            return _of(*reckon.week_part(monday, core.part))
        if core.unit == "month":
            return _of(*reckon.month_part(year, core.number, core.part))
        if core.unit == "quarter":
            return _of(*reckon.months(year, core.number * 3 - 2, 3, core.part, "quarter"))
        if core.unit == "half":
            return _of(*reckon.months(year, core.number * 6 - 5, 6, core.part, "year"))
        return _of(*reckon.months(year, 1, 12, core.part, "year"))

    def fiscal(self, core: Period) -> Stretch:
        """Return a fiscal period, unknown without the month in which the fiscal year starts (ruling 17)."""
        month = self.settings.fiscal_year_start
        if month is None:
            return _UNKNOWN._replace(precision="day" if core.part == "end" else _PRECISIONS[core.unit])
        count = _FISCAL_MONTHS[core.unit]
        running = reckon.fiscal_year_of(self.settings.as_of, month)
        if core.year is not None:  # named by the year it ends in English, it begins in in Japanese
            named_by_end = self.settings.language == "en" and month > 1
            return self.fiscal_in(core, core.year - named_by_end, month, count)
        if core.unit == "fiscal_year":
            stretch = self.fiscal_in(core, running + core.number, month, count)
            return stretch._replace(notes=stretch.notes | {"relative"})
        earliest = Day.of(self.settings.as_of - _JUST_PAST)
        for year in (running - 1, running, running + 1):
            stretch = self.fiscal_in(core, year, month, count)
            if stretch.last >= earliest:
                break
        return stretch._replace(notes=stretch.notes | {"year-inferred"})

    @staticmethod
    def fiscal_in(core: Period, year: int, month: int, count: int) -> Stretch:
        offset = 0 if core.unit == "fiscal_year" else (core.number - 1) * count
        return _of(*reckon.months(*reckon.months_on(year, month, offset), count, core.part, _PRECISIONS[core.unit]))

    @staticmethod
    def nth(core: Nth, year: int) -> Stretch | None:
        found = reckon.nth_of_month(year, core.month, core.nth, core.weekday)
        return _of(*found) if found else None

    # -----------------------------------------------------------------------------------------------------------------
    # Days reckoned from today

    def fixed(self, moment: Moment, core: Fixed) -> Stretch:
        if core.precision == "week" and moment.weekday is not None:
            monday = reckon.monday_of(core.first)
            return _reckoned(monday + timedelta(days=moment.weekday.day))
        stretch = _of(core.first, core.last, core.precision)
        return stretch._replace(notes=stretch.notes | {"relative"})

    def next_day_of(self, core: DayOf) -> Stretch | None:
        """Return the next such day of a month: by the 15th."""
        as_of = self.settings.as_of
        for count in range(13):
            year, month = reckon.months_on(as_of.year, as_of.month, count)
            day = Day(year, month, core.day).date()
            if day and day >= as_of:
                return _reckoned(day)
        return None

    def weekday(self, weekday: Weekday) -> Stretch:
        """Return this, next, last Friday, Friday next week (ruling 16)."""
        as_of = self.settings.as_of
        of_this_week = reckon.monday_of(as_of) + timedelta(days=weekday.day)
        coming = as_of + timedelta(days=(weekday.day - as_of.weekday()) % 7)
        if weekday.weeks is not None:
            if weekday.weeks == 0:
                return _reckoned(coming)
            return _reckoned(of_this_week + timedelta(days=7 * weekday.weeks))
        if weekday.which == "last":
            return _reckoned(coming - timedelta(days=7))
        if weekday.which == "next":
            following = of_this_week + timedelta(days=7)
            stretch = _reckoned(following)
            if of_this_week > as_of:  # this week's is still to come: either may be meant
                return stretch._replace(others=(Day.of(of_this_week),))
            return stretch
        return _reckoned(coming)


# ---------------------------------------------------------------------------------------------------------------------

_ORDERS: tuple[Order, Order] = ("md", "dm")


def _of(first: date, last: date, precision: Precision) -> Stretch:
    return Stretch(Day.of(first), Day.of(last), precision)


def _reckoned(day: date) -> Stretch:
    return Stretch(Day.of(day), Day.of(day), notes=frozenset(("relative",)))


def _running(core: Written | Period | Nth) -> bool:
    return isinstance(core, Period) and core.unit.startswith("fiscal")


def _month_day(numeric: Numeric, order: Order) -> tuple[int, int]:
    return (numeric.first, numeric.second) if order == "md" else (numeric.second, numeric.first)


def _possible(month: int, day: int) -> bool:
    return 0 < month <= 12 and 0 < day <= 31


def _exists(year: int | None, month: int, day: int) -> bool:
    return Day(2028 if year is None else year, month, day).date() is not None


def _sometimes(day: Day) -> bool:
    """Say whether a day that does not exist this year does in another one."""
    return (day.month, day.day) == (2, 29)


def _agrees(group: list[Moment], stretches: list[Stretch | None]) -> bool:
    """Say whether every weekday beside a day is that day's, and at least one stands there."""
    checked = False
    for moment, stretch in zip(group, stretches, strict=True):
        if moment.weekday is not None and isinstance(moment.core, Numeric) and stretch is not None:
            day = stretch.first.date()
            if day is None or day.weekday() != moment.weekday.day:
                return False
            checked = True
    return checked


def _in_order(first: Stretch, last: Stretch) -> bool:
    return first.unknown or last.unknown or first.first <= last.last or bool(first.first.era or last.last.era)


def _minutes(clock: Clock) -> int:
    hour = clock.hour
    if clock.half == "pm" and hour < 12:
        hour += 12
    elif clock.half == "am" and hour == 12:
        hour = 0
    return hour * 60 + clock.minute + (24 * 60 if clock.next_day else 0)


def _same_half(first: Clock, last: Clock) -> tuple[Clock, Clock]:
    """Let am and pm hold for both ends where only one says it: 9-11 am, 午後1時～3時."""
    if last.half and not first.half and first.hour <= 12:
        shared = first._replace(half=last.half)
        first = shared if _minutes(shared) <= _minutes(last) else first
    elif first.half and not last.half and last.hour < 12:
        shared = last._replace(half=first.half)
        last = shared if _minutes(shared) > _minutes(first) else last
    return first, last


def _after(first: Clock, last: Clock) -> Clock:
    """Return the end of a time range, on the next day where it would lie before its start."""
    if _minutes(last) <= _minutes(first):
        return last._replace(next_day=True)
    return last


def _spell(day: Day, clock: Clock | None, zone: Zone | None) -> str:
    """Spell a day or a moment ISO 8601; 24:00 is 00:00 of the next day (ruling 15)."""
    if clock is None:
        return str(day)
    there = day.date()
    if there is None:
        hour, minute = divmod(_minutes(clock), 60)
        return f"{day}T{hour:02}:{minute:02}"
    try:
        moment = datetime(there.year, there.month, there.day) + timedelta(minutes=_minutes(clock))
    except OverflowError:
        return str(day)
    return moment.isoformat(timespec="minutes") + _offset(zone, moment)


def _offset(zone: Zone | None, moment: datetime) -> str:
    if zone is None:
        return ""
    minutes = zone.offset
    if minutes is None:
        minutes = _named_offset(zone.name, moment)
    if minutes is None or abs(minutes) > 24 * 60:
        return ""
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}"


def _named_offset(name: str, moment: datetime) -> int | None:
    """Return the minutes from UTC of an IANA zone on that day, None where there is no such zone."""
    if not name:
        return None
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    area, _, place = name.partition("/")
    area = area.upper() if len(area) == 2 else area.capitalize()
    spelled = f"{area}/{'/'.join('_'.join(word.capitalize() for word in part.split('_')) for part in place.split('/'))}"
    try:
        offset = ZoneInfo(spelled).utcoffset(moment)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
    return None if offset is None else round(offset.total_seconds() / 60)
