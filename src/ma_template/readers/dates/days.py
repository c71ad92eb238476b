"""Forms of single days: digits, English and Japanese month names, wareki, weekdays, relative words."""

from __future__ import annotations

import re
from datetime import date, timedelta

from ma_template.readers.dates import reckon
from ma_template.readers.dates.forms import (
    COUNT,
    ERA,
    KANJI_WEEKDAY,
    LATIN_WEEKDAYS,
    LEFT,
    MON,
    MONTH,
    NO_CLOCK,
    NUMBER,
    NUMERALS,
    ORDINAL,
    PART_AFTER,
    RIGHT,
    WEEKDAY,
    Y4,
    YEAR,
    YEAR_NUMBER,
    B,
    Forms,
    Found,
    G,
    Loose,
    N,
    S,
    confirmed,
    counts_things,
    crossing,
    describes,
    ends_clause,
    in_front,
    labelled,
    labelled_day,
    no_date,
    recurring,
    told_as_history,
    triggered,
    year_of,
)
from ma_template.readers.dates.pieces import (
    DayOf,
    Fixed,
    Nth,
    Numeric,
    Part,
    Period,
    Same,
    Value,
    Weekday,
    Written,
    Year,
)
from ma_template.readers.dates.words import (
    COUNTED,
    ERAS,
    FULL_WEEKDAYS,
    MONTHS,
    NUMBERS,
    ORDINALS,
    PARTS_AFTER,
    PERIODS,
    WEEKDAYS,
    WORDS,
    key,
    number,
    one_of,
    words_of,
)

DAYS = Forms()
LAST = Forms()  # tried when nothing else fits

_SPECIAL = WORDS["special"]
_HIGHEST = 39  # a day or month up to here is a slip of the pen (32 December), beyond it no date is meant
# A year of two figures is meant only if it is near.
_NEAR = 9

# ---------------------------------------------------------------------------------------------------------------------
# Digits


@DAYS.form(
    YEAR_NUMBER,
    rf"(?<![a-z0-9_#])(?<![0-9][/.,])({YEAR})(?P<ymd>{G}[-/.]{G})\n?([0-9]{{1,2}})(?P=ymd)\n?([0-9]{{1,2}}){RIGHT}",
)
def _year_month_day(found: Found) -> Value | None:
    """2026-12-01, 2026/12/1, 2026.12.1."""
    year, month, day = found.number(0), found.number(2), found.number(3)
    return Written(year, month, day) if month <= _HIGHEST and day <= _HIGHEST else None


@DAYS.form(["00000000"], r"(?<![a-z0-9_#./-])(20[1-4][0-9])(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])(?![a-z0-9_%/.-])")
def _eight_digits(found: Found) -> Value | None:
    """20261201."""
    return None if no_date(found) else Written(found.number(0), found.number(1), found.number(2))


@DAYS.form(
    [*NUMBER, "'"],
    rf"(?<![a-z0-9_#])(?<![0-9][/.,])('?[0-9]{{1,2}})(?P<dmy>{G}[-/.]{G})\n?([0-9]{{1,2}})(?P=dmy)\n?({YEAR}|'?[0-9]{{1,2}}){RIGHT}",
)
def _year_last(found: Found) -> Value | None:
    """05/12/2026, 12.1.2026, and with two figures 12/1/26 or 26/12/1."""
    first, separator, second, last = (group or "" for group in found.groups)
    a, b, year = int(first.strip("'")), int(second), year_of(last) or 0
    dashed = separator.strip() != "/"
    if separator.strip() == "-" and re.search("[0-9]-$", found.before(2)):
        return None
    if len(last) == 4:
        return Numeric(a, b, year) if 0 < a <= _HIGHEST and 0 < b <= _HIGHEST else None
    if dashed and first[0] != "'":  # 12.1.26 is a version
        announced = triggered(found) or labelled(found)
        if not len(first) == len(second) == len(last) == 2 or no_date(found) or not announced:
            return None
    settings = found.within.settings
    now = settings.as_of.year
    year_first = len(first) >= 2 and 0 <= 2000 + a - now <= _NEAR and 0 < b <= 12
    last_fits = len(last) >= 2 and 0 < a <= 31 and 0 < b <= 31 and min(a, b) <= 12
    year_last = last_fits and 0 <= year - now <= _NEAR
    if year_first and ((settings.date_order or settings.language) in ("ymd", "ja") or not year_last):
        return Written(2000 + a, b, int(last.strip("'")))
    return Numeric(a, b, year) if year_last or (last_fits and year == now - 1) else None


@DAYS.form(NUMBER, rf"{LEFT}([0-9]{{1,2}})/([0-9]{{1,2}})(?={B}[-~]{B}[0-9]{{1,2}}/{YEAR})(?![0-9])")
def _range_before_year(found: Found) -> Value:
    """The 12/5 of 12/5-6/2026."""
    return Numeric(found.number(0), found.number(1), None)


@DAYS.form(
    NUMBER, rf"(?<![a-z0-9_#./])([0-9]{{1,2}})/\n?([0-9]{{1,2}})(?![0-9/_%a-z日]|\.[0-9a-z]|[ ]?(?:of )?{MONTH})"
)
def _month_and_day(found: Found) -> Value | None:
    """12/1."""
    a, b = found.number(0), found.number(1)
    if not (0 < a <= 31 and 0 < b <= 31 and min(a, b) <= 12):
        return None
    if counts_things(found) or no_date(found) or f"{found.groups[0]}/{found.groups[1]}" in WORDS["describes"]["ratios"]:
        return None
    return Numeric(a, b, None)


@DAYS.form(
    NUMBER,
    rf"{LEFT}([0-9]{{1,2}})\.([0-9]{{1,2}})\.?(?={B}(?:-|~|to|until|through){B}[0-9]{{1,2}}\.[0-9]{{1,2}}\.{YEAR})",
)
def _dotted_before_range(found: Found) -> Value:
    """The 30.11. of 30.11. - 4.12.2026."""
    return Numeric(found.number(0), found.number(1), None)


@DAYS.form(NUMBER, rf"{LEFT}([0-9]{{1,2}})[.-]([0-9]{{1,2}})(?={B}\({B}(?:({KANJI_WEEKDAY})|{WEEKDAY}))")
def _marked_by_weekday(found: Found) -> Value | None:
    """12.1(火), 12-1 (Tue)."""
    a, b = found.number(0), found.number(1)
    if found.groups[2]:
        return Written(None, a, b) if 0 < a <= 12 and 0 < b <= 31 else None
    return Numeric(a, b, None) if 0 < min(a, b) <= 12 and max(a, b) <= 31 else None


# ---------------------------------------------------------------------------------------------------------------------
# English month names

_OF = rf"(?:[-/]|\.?{S}(?:of[ \n](?:the )?)?)"
_LONG_YEAR = rf"\.?(?:,?{S}(?:of )?|[-/.])({YEAR}(?![a-z]|[-/.][0-9]{{1,2}}[-/.]){NO_CLOCK}|'[0-9]{{2}}(?![0-9a-z]))"
_YEAR_BEHIND = rf"(?:{_LONG_YEAR}|[-/\x20]?([23][0-9])(?![a-z/-]){NO_CLOCK})?"
_NO_DAY = rf"(?!\.?{S}[0-9]{{1,2}}(?:{ORDINAL}(?! ?(?:of )?{MON})|,? ?{YEAR}))"
# The 2 of Wave 2, and below: Dec 4.
_NOT_ABOVE = rf"(?![0-9]{{1,2}}\n{MON}[a-z]{{0,7}}\.? [0-9]{{1,2}}{NO_CLOCK})"


@DAYS.form(
    NUMBER, rf"(?<![a-z0-9_#.])(?<![0-9][.,]){_NOT_ABOVE}([0-9]{{1,2}}){ORDINAL}?{_OF}({MONTH}){_NO_DAY}{_YEAR_BEHIND}"
)
def _day_month(found: Found) -> Value | None:
    """1 December 2026, 1st of Dec, 01-DEC-26."""
    day, name, year, short = found.groups
    if short and counts_things(found):
        return None
    return Written(year_of(year or short), MONTHS[name or ""], int(day or 0)) if 0 < int(day or 0) <= _HIGHEST else None


@DAYS.form(MONTHS, rf"(?<![a-z0-9_])({MONTH})-([0-9]{{1,2}})()()-([23][0-9])(?![0-9a-z/-])")
@DAYS.form(
    MONTHS,
    rf"(?<![a-z0-9_])({MONTH})(?:[-/]|\.?,?{S})(?:the )?([0-9]{{1,2}})({ORDINAL})?(?![a-z]){NO_CLOCK}"
    rf"(?:{_LONG_YEAR})?()",
)
def _month_day(found: Found) -> Value | Loose | None:
    """December 1, 2026, Dec 1st, Dec-01-26."""
    name, day, ordinal, year, short = found.groups
    if name and found.within.low[found.start + len(name)] == "-" and not (ordinal or year or short):
        near = 2000 + int(day or 0) - found.within.settings.as_of.year
        if -1 <= near <= 3:  # NOV-26 is a month, as spreadsheets and ledgers spell it
            month = Period("month", MONTHS[name], 2000 + int(day or 0))
            return None if describes(found) else Loose(month)
    if not (ordinal or year or short or found.capital() or triggered(found)) and name in WORDS["describes"]["verbs"]:
        return None  # it may 5 times a day
    return Written(year_of(year or short), MONTHS[name or ""], int(day or 0)) if 0 < int(day or 0) <= _HIGHEST else None


@DAYS.form(
    YEAR_NUMBER, rf"{LEFT}({YEAR})(?:[-/]|,?{S})({MONTH})(?:[-/]|\.?{S})([0-9]{{1,2}}){ORDINAL}?(?![a-z]){NO_CLOCK}"
)
def _year_named_month_day(found: Found) -> Value:
    """2026 Dec 1, 2026-Dec-01."""
    return Written(found.number(0), MONTHS[found.groups[1] or ""], found.number(2))


@DAYS.form(
    NUMBER,
    rf"{LEFT}([0-9]{{1,2}}){ORDINAL}?\.?(?={B}(?:-|~|to|and|&|/|,|through|until){B}(?:the )?"
    rf"(?:{WEEKDAY}\.?,? (?:the )?)?[0-9]{{1,2}}{ORDINAL}?{_OF}{MONTH})",
)
@DAYS.form(
    NUMBER,
    rf"{LEFT}([0-9]{{1,2}}){ORDINAL}?,(?= ?[0-9]{{1,2}}{ORDINAL}?,? (?:and|&) [0-9]{{1,2}}{ORDINAL}?{_OF}{MONTH})",
)
@DAYS.form(NUMBER, rf"{LEFT}([0-9]{{1,2}})(?=-[0-9]{{1,2}}/[0-9]{{1,2}}/{YEAR})")
def _day_before_range(found: Found) -> Value | None:
    """The 5 of 5-6 December, of 5 and 6 December; not of wave 1 - 7 December."""
    return None if no_date(found) else DayOf(found.number(0)) if 0 < found.number(0) <= _HIGHEST else None


@DAYS.form(
    NUMBER,
    rf"{LEFT}([0-9]{{1,2}}){ORDINAL} (?:of )?({one_of(words_of('month', latin=True))})",
)
def _day_of_relative_month(found: Found) -> Value:
    """15th of next month."""
    day, word = found.groups
    return _day_in(found, PERIODS[key(word or "")][1], int(day or 0))


@DAYS.form(
    ORDINALS,
    rf"(?<![a-z])({one_of(ORDINALS)}) ({WEEKDAY}|week)(?: of| in|,)? ({MONTH}){_YEAR_BEHIND}",
)
def _nth_weekday(found: Found) -> Value:
    """First Monday in December, last week of January 2027."""
    nth, weekday, month, year, short = found.groups
    return Nth(ORDINALS[key(nth or "")], WEEKDAYS.get(weekday or ""), MONTHS[month or ""], year_of(year or short))


@DAYS.form(
    ORDINALS, rf"(?<![a-z])({one_of(ORDINALS)}) ({WEEKDAY}|week)(?: of| in) ({one_of(words_of('month', latin=True))})"
)
@DAYS.form(
    words_of("month", latin=False),
    rf"()()({one_of(words_of('month', latin=False))}){B}の?{B}第({N}){B}(?:週目?|({KANJI_WEEKDAY})曜日?)",
)
def _nth_weekday_of_said_month(found: Found) -> Value | None:
    """Last Friday of this month, 来月第2金曜."""
    nth, weekday, month, *kanji = found.groups
    which = ORDINALS[key(nth)] if nth else number(kanji[0] or "")
    day = WEEKDAYS.get(weekday or (kanji[1] if kanji else None) or "")
    as_of = found.within.settings.as_of
    year, month_number = reckon.months_on(as_of.year, as_of.month, PERIODS[key(month or "")][1])
    stretch = reckon.nth_of_month(year, month_number, which, day)
    return Fixed(*stretch) if stretch else None


@DAYS.form(NUMBER, rf"(?<![a-z0-9_])([0-9]{{1,2}}){ORDINAL}(?![a-z0-9]| half| quarter)")
def _ordinal_day(found: Found) -> Value | Loose | None:
    """By the 15th."""
    day = found.number(0)
    if not (0 < day <= 31 and found.before().endswith("the") and triggered(found)):
        return DayOf(day, bare=True) if 0 < day <= 31 else None
    return DayOf(day, bare=not ends_clause(found))


# ---------------------------------------------------------------------------------------------------------------------
# Japanese: 2026年12月1日, 令和8年12月1日, 12月1日, 12月上旬, 同月5日, 来年1月, R8.12.1

_SAID_YEARS = [*words_of("year", latin=False), *_SPECIAL["same_year"]]
_YEAR_IN_FRONT = rf"(?:(?:(?:({ERA})\.?{B})?('?(?:{Y4}|{N})|元){B}年|({one_of(_SAID_YEARS)})){B}の?{B})?"
_DAY_BEHIND = rf"({N})(?:{B}日(?!間|目|以内|後|ほど|くらい|ごと|あたり)|(?={B}(?:[-~・,、/]|から|と){B}{N}{B}日))"


@DAYS.form(
    [*NUMBER, *YEAR_NUMBER, "'", *NUMERALS, *ERAS, *_SAID_YEARS],
    rf"(?<![a-z0-9.])(?<![0-9][-/,]){_YEAR_IN_FRONT}({N}){B}月(?!間|曜|[ヶかカヵ箇]月)"
    rf"(?:{B}の?{B}(?:{_DAY_BEHIND}|({PART_AFTER})|(?:第{B}({N}){B}(?:週目?|({KANJI_WEEKDAY})曜日?)|({N}){B}週目)))?",
)
def _japanese(found: Found) -> Value | Loose | None:
    era, given, said, month_, day, part, nth, weekday, nth_week = found.groups
    month = number(month_ or "0")
    if recurring(found) or not 0 < month <= _HIGHEST:
        return None
    offset = PERIODS[said][1] if said in PERIODS else None
    year = _year_given(era, given)
    if offset is not None:
        year = found.within.settings.as_of.year + offset
    if day:
        if offset is not None:
            return _relative(year or 0, month, number(day))
        if said:
            return Same(month, number(day))
        outside = _outside(era, year, month, number(day))
        return Written(number(given or "") if outside else year, month, number(day), outside)
    if not month <= 12:
        return None
    if nth or nth_week:
        return Nth(number(nth or nth_week or ""), WEEKDAYS.get(weekday or ""), month, year)
    if describes(found) or _UP_TO_PERIOD.match(found.after()):
        return None
    which: Part = PARTS_AFTER[part] if part else "whole"
    if offset is not None:
        return Fixed(*reckon.month_part(year or 0, month, which))
    return Period("month", month, year, which)


_UP_TO_PERIOD = re.compile(crossing(rf"{B}[-~]{B}{N}{B}月[期度分]"))  # 1月-3月期


def _year_given(era: str | None, given: str | None) -> int | None:
    if not given:
        return None
    year = number(given.lstrip("'"))
    if era or (year < 20 and given[0] != "'"):  # 8年12月1日: the era goes without saying
        return year + ERAS[era or "令和"].first.year - 1
    return year + 2000 if year < 100 else year


def _outside(era: str | None, year: int | None, month: int, day: int) -> str:
    """Return the era's letter for a day outside of it: 平成40年 never was."""
    if not era or year is None:
        return ""
    bounds = ERAS[era]
    inside = bounds.first.timetuple()[:3] <= (year, month, day) <= bounds.last.timetuple()[:3]
    return "" if inside else bounds.letter


@DAYS.form(ERAS, rf"(?<![a-z0-9])({ERA})\.?([0-9]{{1,2}}|元)(?P<era>[./-])([0-9]{{1,2}})(?P=era)([0-9]{{1,2}}){RIGHT}")
def _wareki(found: Found) -> Value | None:
    """R8.12.1; R12.2.9 is a release."""
    era, given, _, month, day = found.groups
    written = (_year_given(era, given) or 0, number(month or ""), number(day or ""))
    if abs(written[0] - found.within.settings.as_of.year) > 2 or no_date(found):
        return None
    outside = _outside(era, *written)
    return Written(number(given or "") if outside else written[0], written[1], written[2], outside)


@DAYS.form(YEAR_NUMBER, rf"(?<![a-z0-9])({Y4})年{B}([0-9]{{1,2}})/([0-9]{{1,2}})(?![0-9/])")
def _year_and_slash(found: Found) -> Value:
    """2026年12/1."""
    return Written(found.number(0), found.number(1), found.number(2))


@DAYS.form(words_of("month", latin=False), rf"({one_of(words_of('month', latin=False))}){B}の?{B}({N}){B}日(?!間|目)")
def _day_in_said_month(found: Found) -> Value:
    """来月5日."""
    return _day_in(found, PERIODS[found.groups[0] or ""][1], found.number(1))


@DAYS.form(_SPECIAL["same_month"], rf"{one_of(_SPECIAL['same_month'])}{B}({N}){B}日(?!間|目)")
def _same_month(found: Found) -> Value:
    """同月5日."""
    return Same(None, found.number(0))


@DAYS.form(_SPECIAL["same_day"], one_of(_SPECIAL["same_day"]))
def _same_day(found: Found) -> Value:
    """同日."""
    return Same(None, None)


def _day_in(found: Found, offset: int, day: int) -> Value:
    as_of = found.within.settings.as_of
    return _relative(*reckon.months_on(as_of.year, as_of.month, offset), day)


def _relative(year: int, month: int, day: int) -> Value:
    """Return a day that is reckoned from today; one that does not exist stays as written."""
    try:
        there = date(year, month, day)
    except ValueError:
        return Written(year, month, day)
    return Fixed(there, there)


@LAST.form(
    [*NUMBER, *NUMERALS, "翌"],
    rf"(?<![0-9a-z年月])(?:翌{B})?({N}){B}日(?!間|目|以内|後|ほど|くらい|ごと|あたり|本|曜|当たり|平均|前|以上|以下|約)",
)
def _day_alone(found: Found) -> Value | Loose | None:
    """The 20日 of 12月19日～20日, or alone: 20日まで."""
    day = found.number(0)
    if not 0 < day <= 31 or recurring(found):
        return None
    alone = confirmed(found) or labelled_day(found) or found.after(1) == "("
    return DayOf(day, bare=not alone, marked=True)


# ---------------------------------------------------------------------------------------------------------------------
# Relative words


@DAYS.form(WORDS["days"], rf"(?<![a-z])(?:(?<![ぁ-ん])|(?![ぁ-ん]))({one_of(WORDS['days'])})(?!さら|るい|細書|香)")
def _day_word(found: Found) -> Value:
    """Tomorrow, 明日."""
    day = found.within.settings.as_of + timedelta(days=WORDS["days"][key(found.groups[0] or "")])
    return Fixed(day, day)


_UNIT = one_of(COUNTED)
_ROUGHLY = one_of(WORDS["counted"]["roughly"])
_AHEAD = one_of(WORDS["counted"]["before"])
_BEHIND = one_of(WORDS["counted"]["after"])


@DAYS.form(
    WORDS["counted"]["before"],
    rf"(?<![a-z]){_AHEAD} (?:{_ROUGHLY} )?({COUNT}) ?({_UNIT})(?:'?s?'? {_BEHIND})?(?! (?:of|after|before|prior|per))",
)
@DAYS.form([*NUMBER, *NUMERALS, *NUMBERS], rf"(?<![0-9a-z.])({COUNT}){B}({_UNIT})'?{B}{_BEHIND}(?!に1回|ごと|連続)")
def _counted(found: Found) -> Value:
    """In 3 days, 3日後, two weeks from now."""
    count, unit = found.groups
    many = NUMBERS.get(key(count or "")) or number(count or "")
    return reckon.days_on(found.within.settings.as_of, many, COUNTED[key(unit or "")])


_SPECIAL_WORDS = [
    word
    for name in ("business_day", "this_weekend", "next_weekend", "week_start", "year_start")
    for word in _SPECIAL[name]
]


@DAYS.form(_SPECIAL_WORDS, rf"(?<![a-z])({one_of(_SPECIAL_WORDS)})(?! of)")
def _special(found: Found) -> Value | Loose | None:
    """Next business day, 翌営業日, this weekend, 週明け."""
    as_of, word = found.within.settings.as_of, key(found.groups[0] or "")
    if word in _SPECIAL["business_day"]:
        return reckon.days_on(as_of, 1, "business_day")
    if word in _SPECIAL["year_start"]:
        return Fixed(date(as_of.year + 1, 1, 1), date(as_of.year + 1, 1, 10), "month")
    monday = reckon.monday_of(as_of)
    if word in _SPECIAL["week_start"]:
        return Fixed(monday + timedelta(days=7), monday + timedelta(days=7))
    if recurring(found) or describes(found):
        return None
    saturday = monday + timedelta(days=12 if word in _SPECIAL["next_weekend"] else 5)
    weekend = Fixed(saturday, saturday + timedelta(days=1))
    sure = word not in _SPECIAL["weekend"] or triggered(found) or confirmed(found)
    return weekend if sure else Loose(weekend)


# ---------------------------------------------------------------------------------------------------------------------
# Weekdays

_WHICH = ("this coming", "this", "next", "coming", "upcoming", "last", "past", "previous", "following")


@DAYS.form(
    [*_WHICH, *LATIN_WEEKDAYS],
    rf"(?<![a-z0-9_])(?:({one_of(_WHICH)}) )?({WEEKDAY})(?:[/&]{WEEKDAY})?(?![a-z'0-9_])\.?"
    rf"(?:,? ?(?:of |in )?({one_of(words_of('week', latin=True))})| (week)(?! of|end|s|ly|[a-z]))?",
)
def _weekday(found: Found) -> Value | Loose | None:
    """Friday, next Friday, Friday next week, Friday week."""
    said, name, week, whole = found.groups
    day = WEEKDAYS[name or ""]
    weeks = PERIODS[key(week)][1] if week else 1 if whole else None
    if no_date(found) or recurring(found):
        return None
    which = {None: "", "next": "next", "last": "last", "past": "last", "previous": "last"}.get(said, "this")
    if told_as_history(found):
        which = "last"
    value = Weekday(day, which, weeks)
    if which or weeks is not None or triggered(found):
        return value
    if not found.capital() and name not in FULL_WEEKDAYS:
        return Weekday(day, "beside")
    return Loose(value) if name in FULL_WEEKDAYS or labelled(found) else Weekday(day, "beside")


@DAYS.form(WEEKDAYS, rf"({KANJI_WEEKDAY})曜日?")
def _kanji_weekday(found: Found) -> Value | Loose | None:
    """金曜, 金曜日."""
    if recurring(found):
        return None
    value = Weekday(WEEKDAYS[found.groups[0] or ""])
    return value if confirmed(found) else Loose(value)


_ANY_WEEKDAY = rf"(?:{KANJI_WEEKDAY}|{WEEKDAY})"
_HOLIDAY = one_of(_SPECIAL["holiday"])


@DAYS.form(
    "([<",
    rf"[(\[<]{B}(?:{_HOLIDAY}[・/、, ])?({_ANY_WEEKDAY})(?:曜日?|\.)?([・/、,~-]?{_ANY_WEEKDAY})?"
    rf"(?:{B}[・/、,/]?{B}{_HOLIDAY})?(?:{B}[)\]>]|(?=[\x20、,]{{1,2}}[0-9午]))",
)
def _weekday_in_brackets(found: Found) -> Value:
    """（火）, (Tue.), (月・祝), (土・日)."""
    first, second = found.groups
    return Weekday(WEEKDAYS[first or ""], which="pair" if second else "", bracketed=True)


# ---------------------------------------------------------------------------------------------------------------------
# What only an expression can make a date of


@LAST.form(YEAR_NUMBER, rf"(?<![a-z0-9_#.])({YEAR})(?![0-9a-z_%]|[-/.:][0-9])")
def _year_alone(found: Found) -> Value | None:
    """In 2027; or the year behind a range."""
    year = found.number(0)
    return Period("year", 0, year) if in_front(found, "year") and ends_clause(found) else Year(year)


@LAST.form(NUMBER, r"(?<![a-z0-9_#.])(?:(?<=[0-9],)([0-9]{1,2})|([0-9]{1,2}))(?![0-9a-z_%]|[.:,-][0-9])")
def _mere_number(found: Found) -> Value | None:
    """The 6 of Dec 5-6, of 12/5,6."""
    day = found.number(0) or found.number(1)
    if not 0 < day <= _HIGHEST or counts_things(found):
        return None
    return DayOf(day, bare=True, marked=bool(found.groups[0]))
