"""Reckoning in the calendar: parts of periods, days from today, fiscal years."""

from __future__ import annotations

from datetime import date, timedelta

from ma_template.readers.dates.pieces import Fixed, Part, Unit, Written
from ma_template.readers.values import Precision

Stretch = tuple[date, date, Precision]

_DAY = timedelta(days=1)
# First and last month of a part of the year, and of a part of a quarter.
_YEAR_PARTS = {"early": (1, 3), "mid": (5, 8), "late": (10, 12), "first_half": (1, 6), "second_half": (7, 12)}
_QUARTER_PARTS = {"early": (0, 0), "mid": (1, 1), "late": (2, 2), "first_half": (0, 1), "second_half": (1, 2)}


def month_end(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(*months_on(year, month, 1), 1) - _DAY


def months_on(year: int, month: int, count: int) -> tuple[int, int]:
    """Return year and month `count` months on."""
    months = year * 12 + month - 1 + count
    return months // 12, months % 12 + 1


def business_day_before(day: date) -> date:
    """Return a day, or the Friday before it if it is at a weekend."""
    return day - max(0, day.weekday() - 4) * _DAY


def month_part(year: int, month: int, part: Part) -> Stretch:
    """Return a part of a month: early is 1-10, mid 11-20, late from 21 on, the end its last day (ruling 15)."""
    last = month_end(year, month)
    if part == "business_end":
        last = business_day_before(last)
        return last, last, "day"
    first_day, last_day = {
        "early": (1, 10),
        "mid": (11, 20),
        "late": (21, last.day),
        "early_mid": (1, 20),
        "mid_late": (11, last.day),
        "end": (last.day, last.day),
        "start": (1, 1),
        "first_half": (1, 15),
        "second_half": (16, last.day),
    }.get(part, (1, last.day))
    precision: Precision = "day" if first_day == last_day else "month"
    return date(year, month, first_day), date(year, month, last_day), precision


def months(year: int, month: int, count: int, part: Part, precision: Precision) -> Stretch:
    """Return `count` months from a month on (a quarter, a half, a year), or a part of them."""
    if part == "start":
        return date(year, month, 1), date(year, month, 1), "day"
    if part in ("end", "business_end"):
        end = month_end(*months_on(year, month, count - 1))
        end = business_day_before(end) if part == "business_end" else end
        return end, end, "day"
    first, last = 0, count - 1
    if count == 12 and part in _YEAR_PARTS:
        first, last = _YEAR_PARTS[part][0] - 1, _YEAR_PARTS[part][1] - 1
        precision = "year" if part.endswith("half") else "quarter"
    elif count == 3 and part in _QUARTER_PARTS:
        first, last = _QUARTER_PARTS[part]
        precision = "month"
    return date(*months_on(year, month, first), 1), month_end(*months_on(year, month, last)), precision


def fiscal_year_of(day: date, start_month: int) -> int:
    """Return the calendar year in which the fiscal year of a day begins."""
    return day.year if day.month >= start_month else day.year - 1


def week_part(monday: date, part: Part) -> Stretch:
    """Return a part of a week that runs from Monday; its end is the Friday."""
    if part in ("start", "end", "business_end"):
        day = monday if part == "start" else monday + 4 * _DAY
        return day, day, "day"
    first, last = {"early": (0, 1), "first_half": (0, 2), "mid": (1, 3), "late": (3, 4), "second_half": (3, 4)}.get(
        part, (0, 6)
    )
    return monday + first * _DAY, monday + last * _DAY, "week"


def week_of_year(year: int, week: int) -> date:
    """Return the Monday of a week by its ISO number; week 53 of a year without one is the next year's first."""
    return date.fromisocalendar(year, 1, 1) + 7 * (week - 1) * _DAY


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - day.weekday() * _DAY


def from_today(as_of: date, unit: Unit, offset: int, part: Part) -> Fixed:
    """Return this, the next ... week, month, quarter or year, or a part of it (ruling 16)."""
    if unit == "week":
        return Fixed(*week_part(monday_of(as_of) + 7 * offset * _DAY, part))
    if unit == "month":
        return Fixed(*month_part(*months_on(as_of.year, as_of.month, offset), part))
    if unit == "quarter":
        first_month = (as_of.month - 1) // 3 * 3 + 1
        return Fixed(*months(*months_on(as_of.year, first_month, 3 * offset), 3, part, "quarter"))
    return Fixed(*months(as_of.year + offset, 1, 12, part, "year"))


def there(year: int, month: int, day: int) -> Fixed | Written:
    """Return a day that is reckoned from today; one that does not exist stays as written."""
    try:
        found = date(year, month, day)
    except ValueError:
        return Written(year, month, day)
    return Fixed(found, found)


def day_in_month(as_of: date, offset: int, day: int) -> Fixed | Written:
    """Return a day of this month, the next one ...: the 5th of next month."""
    return there(*months_on(as_of.year, as_of.month, offset), day)


def nth_from_today(as_of: date, offset: int, nth: int, weekday: int | None) -> Fixed | None:
    """Return the nth weekday, or week, of this month, the next one ...; None where there is no such day."""
    stretch = nth_of_month(*months_on(as_of.year, as_of.month, offset), nth, weekday)
    return Fixed(*stretch) if stretch else None


def days_on(as_of: date, count: int, unit: str) -> Fixed:
    """Return the day some days, business days (Monday to Friday), weeks or months from today."""
    if unit == "business_day":
        day = as_of
        while count:
            day += _DAY
            count -= day.weekday() < 5
        return Fixed(day, day)
    if unit == "month":
        year, month = months_on(as_of.year, as_of.month, count)
        day = date(year, month, min(as_of.day, month_end(year, month).day))
    else:
        day = as_of + count * {"day": 1, "week": 7, "fortnight": 14}[unit] * _DAY
    return Fixed(day, day)


def nth_of_month(year: int, month: int, nth: int, weekday: int | None) -> Stretch | None:
    """Return the nth weekday of a month (-1: the last), or its nth seven days; None where there is no such day."""
    end = month_end(year, month)
    if weekday is None:
        first = end - 6 * _DAY if nth < 0 else date(year, month, 1) + 7 * (nth - 1) * _DAY
        return first, min(first + 6 * _DAY, end), "week"
    if nth < 0:
        day = end - (end.weekday() - weekday) % 7 * _DAY
    else:
        first = date(year, month, 1)
        day = first + ((weekday - first.weekday()) % 7 + 7 * (nth - 1)) * _DAY
    return (day, day, "day") if day.month == month else None
