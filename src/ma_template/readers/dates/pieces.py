"""The pieces that expressions are put together from: what one pattern reads, before anything is reckoned."""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple

from ma_template.readers.values import Precision

Unit = Literal["week", "month", "quarter", "half", "year", "fiscal_year", "fiscal_quarter", "fiscal_half"]
Part = Literal[
    "early",
    "mid",
    "late",
    "early_mid",
    "mid_late",
    "end",
    "start",
    "first_half",
    "second_half",
    "business_end",
    "whole",
]


class Written(NamedTuple):
    """A day written with its month. `era` is the letter of an era that `year` lies outside of, else empty."""

    year: int | None
    month: int
    day: int
    era: str = ""


class Numeric(NamedTuple):
    """Two numbers and perhaps a year, the order of day and month open: 12/1, 05/12/2026."""

    first: int
    second: int
    year: int | None


class DayOf(NamedTuple):
    """A day of a month that is said elsewhere or nowhere: the 15th, 20日.

    `bare`: no date without another one beside it; `marked`: not a mere number, so that a comma may join it;
    `coming`: the day of a thing that comes (25日の給与支給), whose month and year go without saying.
    """

    day: int
    bare: bool = False
    year: int | None = None
    marked: bool = False
    coming: bool = False


class Period(NamedTuple):
    """A month, a quarter ... written with its number; `year` where it is written."""

    unit: Unit
    number: int
    year: int | None
    part: Part = "whole"


class Nth(NamedTuple):
    """The second Friday of December, 12月第1週 (`weekday` None). `nth` -1 is the last."""

    nth: int
    weekday: int | None
    month: int
    year: int | None


class Fixed(NamedTuple):
    """Reckoned from the day of the check: tomorrow, next week. Two days: either may be meant (next Friday)."""

    first: date
    last: date
    precision: Precision = "day"
    either: bool = False


class Weekday(NamedTuple):
    """A weekday; `which` is this, next, last or nothing; beside: only a date next to it makes it one.

    `weeks` says which week where that is said: 1 for Friday next week.
    """

    day: int
    which: str = ""
    weeks: int | None = None
    bracketed: bool = False


class Clock(NamedTuple):
    """A time of day; the hour may be 24 or more. `half` is am, pm or open."""

    hour: int
    minute: int
    half: Literal["am", "pm", ""] = ""
    next_day: bool = False


class Zone(NamedTuple):
    """Minutes from UTC, the name of a zone with summer time, or neither (local time, IST)."""

    offset: int | None
    name: str = ""


class Vague(NamedTuple):
    """A part of the day without a minute: EOD, 終業."""

    closing: bool


class Opening(NamedTuple):
    """What turns the day behind it into its week or weekend: week of, weekend of."""

    unit: Literal["week", "weekend"]


class Year(NamedTuple):
    """A year on its own, which belongs to a date in front of it."""

    year: int


class Same(NamedTuple):
    """同年12月5日, 同月5日, 同日: what is not written is as in the date before; 翌年1月5日: `years` later."""

    month: int | None
    day: int | None
    years: int = 0


Core = Written | Numeric | DayOf | Period | Nth | Fixed | Same
Value = Core | Weekday | Clock | Zone | Vague | Opening | Year


class Piece(NamedTuple):
    """One piece and its place in the compared text. `loose`: a date only where its surroundings make it one."""

    start: int
    end: int
    value: Value
    loose: bool = False
