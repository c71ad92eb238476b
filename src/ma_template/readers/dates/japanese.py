"""Forms of Japanese days: 2026年12月1日, 令和8年12月1日, 12月1日, 12月上旬, 同月5日, 来年1月, R8.12.1."""

from __future__ import annotations

from ma_template.patterns import late
from ma_template.readers.dates import reckon
from ma_template.readers.dates.forms import (
    AFTER_OR,
    DIGITS,
    HIGHEST,
    KANJI_NUMBER,
    KANJI_WEEKDAY,
    NUMBER,
    RIGHT,
    Y4,
    YEAR_NUMBER,
    B,
    D,
    Forms,
    Found,
    Loose,
    N,
    describes,
    no_date,
    recurring,
)
from ma_template.readers.dates.pieces import (
    Fixed,
    Nth,
    Part,
    Period,
    Same,
    Value,
    Written,
)
from ma_template.readers.dates.words import (
    ERAS,
    NUMERALS,
    PARTS_AFTER,
    PERIODS,
    SPECIAL,
    WEEKDAYS,
    number,
    one_of,
    words_of,
)

FORMS = Forms()

_NO = rf"{B}の?{B}"
_NOT_COUNTED = "(?!間|目|以内|後|ほど|くらい|ごと|あたり)"
_SAID_MONTHS = words_of("month", latin=False)
_SAID_MONTH = one_of(_SAID_MONTHS)
_SAID_YEARS = [*words_of("year", latin=False), *SPECIAL["same_year"]]


def _month_and_on(n: str) -> str:
    """Return the pattern of 12月1日, 12月第2金曜, 12月最終週, 12月3週目, 12月, with numbers of one kind."""
    day = rf"({n})(?:{B}日{_NOT_COUNTED}|(?={B}(?:[-~・,、/]|から|と){B}{n}{B}日))"
    week = rf"(?:第{B}({N})|(最終)){B}(?:週目?|({KANJI_WEEKDAY})曜日?)|({N}){B}週目"
    return rf"({n}){B}月(?!間|曜|[ヶかカヵ箇]月)(?:{_NO}(?:{day}|{week}))?"


_MONTH_LEFT = f"(?:(?<![a-z0-9.])(?<![0-9][-/,])|{AFTER_OR})"


@FORMS.form(
    ERAS,
    rf"{_MONTH_LEFT}({one_of(ERAS)})\.?{B}({Y4}|{N}|元){B}年(){_NO}{_month_and_on(N)}",
    then=[*DIGITS, *NUMERALS, ".", "元"],
)
@FORMS.form(
    _SAID_YEARS, rf"{_MONTH_LEFT}()()({one_of(_SAID_YEARS)}){_NO}{_month_and_on(N)}", then=[*DIGITS, *NUMERALS, "の"]
)
@FORMS.form(KANJI_NUMBER, rf"{_MONTH_LEFT}()(?:({Y4}|{N}){B}年{_NO})?(){_month_and_on(N)}", then="年月")
@FORMS.form("'", rf"{_MONTH_LEFT}()('(?:[12][0-9]{{3}}|{D})){B}年{_NO}(){_month_and_on(D)}", then=DIGITS)
@FORMS.form(
    [*NUMBER, *YEAR_NUMBER], rf"{_MONTH_LEFT}()(?:([12][0-9]{{3}}|{D}){B}年{_NO})?(){_month_and_on(D)}", then="年月"
)
def _japanese(found: Found) -> Value | Loose | None:
    era, given, said, month_, day, nth, last, weekday, nth_week = found.groups
    month = number(month_)
    if recurring(found) or not 0 < month <= HIGHEST:
        return None
    year = _year_given(era, given) if given else None
    offset = None
    if said in PERIODS:
        offset = PERIODS[said][1]
        year = found.within.settings.as_of.year + offset
    if said == _YEAR_AFTER and (day or not found.take(PARTS_AFTER)):
        return Same(month, number(day) if day else None, years=1)
    if day:
        day = number(day)
        if said:
            return Same(month, day) if offset is None else reckon.there(year or 0, month, day)
        outside = _outside(era, year, month, day) if era else ""
        return Written(number(given) if outside else year, month, day, outside)
    if month > 12:
        return None
    if nth or nth_week or last:
        return Nth(-1 if last else number(nth or nth_week), WEEKDAYS.get(weekday or ""), month, year)
    part: Part = found.take(PARTS_AFTER) or "whole"
    if describes(found) or _UP_TO_PERIOD.match(found.after()):
        return None
    if offset is not None:
        return Fixed(*reckon.month_part(year or 0, month, part))
    return Period("month", month, year, part)


_YEAR_AFTER = "翌年"  # after that of the date before, if there is one
_UP_TO_PERIOD = late(rf"[ \t\n]{{0,2}}[-~][ \t\n]{{0,2}}{N}[ \t\n]{{0,2}}月[期度分]")  # 1月-3月期


def _year_given(era: str | None, given: str) -> int:
    year = number(given.lstrip("'"))
    if era or (year < 20 and given[0] != "'"):  # 8年12月1日: the era goes without saying
        return year + ERAS[era or "令和"].first.year - 1
    return year + 2000 if year < 100 else year


def _outside(era: str, year: int | None, month: int, day: int) -> str:
    """Return the era's letter for a day outside of it: 平成40年 never was."""
    if year is None:
        return ""
    bounds = ERAS[era]
    inside = bounds.first.timetuple()[:3] <= (year, month, day) <= bounds.last.timetuple()[:3]
    return "" if inside else bounds.letter


@FORMS.form(
    ERAS,
    rf"(?<![a-z0-9])({one_of(ERAS)})\.?({D}|元)(?P<era>[./-])({D})(?P=era)({D}){RIGHT}",
    then=[*DIGITS, ".", "元"],
)
def _wareki(found: Found) -> Value | None:
    """R8.12.1; R12.2.9 is a release."""
    era, given, _, month, day = found.groups
    written = (_year_given(era, given), number(month), number(day))
    if abs(written[0] - found.within.settings.as_of.year) > 2 or no_date(found):
        return None
    outside = _outside(era, *written)
    return Written(number(given) if outside else written[0], written[1], written[2], outside)


@FORMS.form(YEAR_NUMBER, rf"(?<![a-z0-9])([12][0-9]{{3}})年{B}({D})/({D})(?![0-9/])", then="年")
def _year_and_slash(found: Found) -> Value:
    """2026年12/1."""
    return Written(found.number(0), found.number(1), found.number(2))


@FORMS.form(_SAID_MONTHS, rf"({_SAID_MONTH}){_NO}第({N}){B}(?:週目?|({KANJI_WEEKDAY})曜日?)")
def _nth_weekday_of_said_month(found: Found) -> Value | None:
    """来月第2金曜."""
    month, nth, weekday = found.groups
    return reckon.nth_from_today(
        found.within.settings.as_of, PERIODS[month][1], number(nth), WEEKDAYS.get(weekday or "")
    )


@FORMS.form(_SAID_MONTHS, rf"({_SAID_MONTH}){_NO}({N}){B}日(?!間|目)")
def _day_in_said_month(found: Found) -> Value:
    """来月5日."""
    return reckon.day_in_month(found.within.settings.as_of, PERIODS[found.groups[0]][1], found.number(1))


@FORMS.form(SPECIAL["same_month"], rf"{one_of(SPECIAL['same_month'])}{B}({N}){B}日(?!間|目)", then=[*DIGITS, *NUMERALS])
def _same_month(found: Found) -> Value:
    """同月5日."""
    return Same(None, found.number(0))


@FORMS.form(SPECIAL["same_day"], one_of(SPECIAL["same_day"]))
def _same_day(found: Found) -> Value:
    """同日."""
    return Same(None, None)
