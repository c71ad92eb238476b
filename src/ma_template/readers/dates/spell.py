"""Days and times spelled ISO 8601, with the offset of their zone on that day (contract, rulings 15 and 19)."""

from __future__ import annotations

import datetime
from typing import NamedTuple

from ma_template.readers.dates.pieces import Clock, Zone

_DAY_MINUTES = 24 * 60


class Day(NamedTuple):
    """A day as written, which may not exist; `era` where its year lies outside of the era."""

    year: int
    month: int
    day: int
    era: str = ""

    @classmethod
    def of(cls, day: datetime.date) -> Day:
        """Return a day that exists."""
        return cls(day.year, day.month, day.day)

    def date(self) -> datetime.date | None:
        """Return the day, None where there is none."""
        try:
            return None if self.era else datetime.date(self.year, self.month, self.day)
        except ValueError:
            return None

    def __str__(self) -> str:
        if self.era:
            return f"{self.era}{self.year}-{self.month:02}-{self.day:02}"
        return f"{self.year:04}-{self.month:02}-{self.day:02}"


def spell(day: Day, clock: Clock | None, zone: Zone | None) -> str:
    """Spell a day or a moment; 24:00 is 00:00 of the next day, and a day that does not exist stays as written."""
    if clock is None:
        return str(day)
    minutes = _minutes(clock)
    there = None if minutes < _DAY_MINUTES and zone is None else day.date()
    if there is None:  # most days need no reckoning
        return f"{day}T{minutes // 60:02}:{minutes % 60:02}"
    moment = datetime.datetime(there.year, there.month, there.day) + datetime.timedelta(minutes=minutes)
    return moment.isoformat(timespec="minutes") + _offset(zone, moment)


def time_range(first: Clock, last: Clock) -> tuple[Clock, Clock]:
    """Return both ends of a time range on one day: am and pm hold for both, an end before its start is the next day's.

    9-11 am; 午後1時～3時; 22:00-06:00.
    """
    if last.half and not first.half and first.hour <= 12:
        shared = first._replace(half=last.half)
        first = shared if _minutes(shared) <= _minutes(last) else first
    elif first.half and not last.half and last.hour < 12:
        shared = last._replace(half=first.half)
        last = shared if _minutes(shared) > _minutes(first) else last
    if _minutes(last) <= _minutes(first):
        last = last._replace(next_day=True)
    return first, last


def _minutes(clock: Clock) -> int:
    hour = clock.hour
    if clock.half == "pm" and hour < 12:
        hour += 12
    elif clock.half == "am" and hour == 12:
        hour = 0
    return hour * 60 + clock.minute + (_DAY_MINUTES if clock.next_day else 0)


def _offset(zone: Zone | None, moment: datetime.datetime) -> str:
    if zone is None:
        return ""
    minutes = _named_offset(zone.name, moment) if zone.offset is None else zone.offset
    if minutes is None or abs(minutes) >= _DAY_MINUTES:
        return ""
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}"


def _named_offset(name: str, moment: datetime.datetime) -> int | None:
    """Return the minutes from UTC of an IANA zone on that day, None where there is no such zone."""
    if not name:
        return None
    from ma_template.zones import named

    area, _, place = name.partition("/")
    area = area.upper() if len(area) == 2 else area.capitalize()
    places = ("_".join(word.capitalize() for word in part.split("_")) for part in place.split("/"))
    try:
        offset = named(f"{area}/{'/'.join(places)}").utcoffset(moment)
    except ValueError:
        return None
    return None if offset is None else round(offset.total_seconds() / 60)
