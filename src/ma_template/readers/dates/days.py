"""Forms of single days: digits, English and Japanese month names, wareki, weekdays, relative words."""

from __future__ import annotations

import re
from datetime import date, timedelta

from ma_template.patterns import late
from ma_template.readers.dates import reckon
from ma_template.readers.dates.forms import (
    COUNT,
    DAY,
    DIGITS,
    HALF,
    KANJI_NUMBER,
    KANJI_WEEKDAY,
    LEFT,
    MON,
    NAME,
    NO_CLOCK,
    NUMBER,
    ORDINAL,
    ORDINALS_BEHIND,
    REFUSED,
    RIGHT,
    WHOLE_YEAR,
    Y4,
    YEAR,
    YEAR_NUMBER,
    B,
    D,
    Forms,
    Found,
    G,
    Loose,
    N,
    Refused,
    S,
    announces_year,
    beginning,
    confirmed,
    counts_things,
    describes,
    ends_clause,
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
    LATIN_WEEKDAYS,
    MONTHS,
    NUMBERS,
    NUMERALS,
    ORDINALS,
    PARTS_AFTER,
    PERIODS,
    WEEKDAYS,
    WORDS,
    Ending,
    Phrases,
    key,
    meanings,
    number,
    numbered,
    one_of,
    spellings,
    words_of,
)

DAYS = Forms()
LAST = Forms()  # tried when nothing else fits

_SPECIAL = {name: spellings(words) for name, words in WORDS["special"].items()}
_HIGHEST = 39  # a day or month up to here is a slip of the pen (32 December), beyond it no date is meant
# A year of two figures is meant only if it is near.
_NEAR = 9

# ---------------------------------------------------------------------------------------------------------------------
# Digits


@DAYS.form(
    YEAR_NUMBER,
    rf"(?<![a-z0-9_#])(?<![0-9][/.,])({YEAR})(?P<ymd>{G}[-/.]{G})\n?({D})(?P=ymd)\n?({D}){RIGHT}",
    then="-/.",
)
def _year_month_day(found: Found) -> Value | None:
    """2026-12-01, 2026/12/1, 2026.12.1."""
    year, _, month, day = found.groups
    year, month, day = int(year), int(month), int(day)
    if found.start and found.within.low[found.start - 1] == "/" and "://" in found.before(80).rpartition(" ")[2]:
        return None  # the path of an address
    return Written(year, month, day) if month <= _HIGHEST and day <= _HIGHEST else None


@DAYS.form(
    ["00000000"],
    r"(?<![a-z0-9_#./-])(20[1-4][0-9])(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])(?!(?!t[0-9]{4})[a-z0-9_%/.-])",
)
def _eight_digits(found: Found) -> Value | None:
    """20261201."""
    return None if no_date(found) else Written(found.number(0), found.number(1), found.number(2))


@DAYS.form("'", rf"(?<![a-z0-9_#])('{D})(?P<dmy>{G}[-/.]{G})\n?({D})(?P=dmy)\n?({YEAR}|'?{D}){RIGHT}", then=DIGITS)
@DAYS.form(
    NUMBER,
    rf"(?<![a-z0-9_#])(?<![0-9][/.,])({D})(?P<dmy>{G}[-/.]{G})\n?({D})(?P=dmy)\n?({YEAR}|'?{D}){RIGHT}",
    then="-/.",
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


@DAYS.form(NUMBER, rf"{LEFT}({D})/({D})(?={B}[-~]{B}{D}/{YEAR})(?![0-9])", then="/")
def _range_before_year(found: Found) -> Value:
    """The 12/5 of 12/5-6/2026."""
    return Numeric(found.number(0), found.number(1), None)


_WORD_BEHIND = late(r"[ \n]?(?:of[ \n])?([a-z]{3,12})")


@DAYS.form(NUMBER, rf"(?<![a-z0-9_#./])({D})/\n?({D})(?![0-9/_%a-z日]|\.[0-9a-z])", then="/")
def _month_and_day(found: Found) -> Value | Refused | None:
    """12/1."""
    behind = _WORD_BEHIND.match(found.within.low, found.end)
    if behind and behind[1] in MONTHS:  # 5/6 December
        return REFUSED
    a, b = found.number(0), found.number(1)
    if not (0 < a <= 31 and 0 < b <= 31 and min(a, b) <= 12):
        return None
    if counts_things(found) or no_date(found) or f"{found.groups[0]}/{found.groups[1]}" in _RATIOS:
        return None
    return Numeric(a, b, None)


_RATIOS = frozenset(spellings(WORDS["describes"]["ratios"]))


@DAYS.form(NUMBER, rf"{LEFT}({D})\.({D})\.?(?={B}(?:-|~|to|until|through){B}{D}\.{D}\.{YEAR})", then=".")
def _dotted_before_range(found: Found) -> Value:
    """The 30.11. of 30.11. - 4.12.2026."""
    return Numeric(found.number(0), found.number(1), None)


@DAYS.form(NUMBER, rf"{LEFT}({D})[.-]({D})(?={B}\({B}(?:({KANJI_WEEKDAY})|{NAME}))", then=".-")
def _marked_by_weekday(found: Found) -> Value | Refused | None:
    """12.1(火), 12-1 (Tue)."""
    a, b = found.number(0), found.number(1)
    if found.groups[2]:
        return Written(None, a, b) if 0 < a <= 12 and 0 < b <= 31 else None
    if found.groups[3] not in WEEKDAYS:
        return REFUSED
    return Numeric(a, b, None) if 0 < min(a, b) <= 12 and max(a, b) <= 31 else None


# ---------------------------------------------------------------------------------------------------------------------
# English month names

_OF = rf"(?:[-/]|\.?{S}(?:of (?:the )?)?)"
_LONG_YEAR = (
    rf"\.?(?:,?{S}(?:of )?|[-/.])"
    rf"({YEAR}{WHOLE_YEAR}{NO_CLOCK}|'[0-9]{{2}}(?![0-9a-z]){WHOLE_YEAR})"
)
_YEAR_BEHIND = rf"(?:{_LONG_YEAR}|[-/\x20]?([23][0-9])(?![a-z/-]){NO_CLOCK})?"
_NO_DAY = rf"(?!\.?{S}{D}(?:{ORDINAL}(?! ?(?:of )?{MON})|,? ?{YEAR}))"
# The 2 of Wave 2, and below: Dec 4.
_NOT_ABOVE = rf"(?!{D}\n{MON}[a-z]{{0,7}}\.? {D}{NO_CLOCK})"


@DAYS.form(
    NUMBER,
    rf"(?<![a-z0-9_#.])(?<![0-9][.,]){_NOT_ABOVE}({D}){ORDINAL}?{_OF}{NAME}(?![a-z]){_NO_DAY}{_YEAR_BEHIND}",
    then=[*ORDINALS_BEHIND, *"-/.", "of", *MONTHS],
)
def _day_month(found: Found) -> Value | Refused | None:
    """1 December 2026, 1st of Dec, 01-DEC-26."""
    day, name, year, short = found.groups
    month = MONTHS.get(name)
    if month is None:
        return REFUSED
    if short and counts_things(found):
        return None
    return Written(year_of(year or short), month, int(day)) if 0 < int(day) <= _HIGHEST else None


@DAYS.form(MONTHS, rf"(?<![a-z0-9_]){NAME}-({D})()()-([23][0-9])(?![0-9a-z/-])", then=DIGITS)
@DAYS.form(
    MONTHS,
    rf"(?<![a-z0-9_]){NAME}(?:[-/]|\.?,?{S})(?:the )?({D})({ORDINAL})?(?![a-z]){NO_CLOCK}(?:{_LONG_YEAR})?()",
    then=[*"/.,", *DIGITS, "the"],
)
def _month_day(found: Found) -> Value | Loose | Refused | None:
    """December 1, 2026, Dec 1st, Dec-01-26."""
    name, day, ordinal, year, short = found.groups
    if not (year or short) and _opens_date(found, name, day):
        return REFUSED
    if found.within.low[found.start + len(name)] == "-" and not (ordinal or year or short):
        near = 2000 + int(day) - found.within.settings.as_of.year
        if -1 <= near <= 3:  # NOV-26 is a month, as spreadsheets and ledgers spell it
            month = Period("month", MONTHS[name], 2000 + int(day))
            return None if describes(found) else Loose(month)
    if not (ordinal or year or short or found.capital() or triggered(found)) and name in _VERBS:
        return None  # it may 5 times a day
    return Written(year_of(year or short), MONTHS[name], int(day)) if 0 < int(day) <= _HIGHEST else None


_VERBS = frozenset(spellings(WORDS["describes"]["verbs"]))
_DATE_OF_ITS_OWN = late(
    rf"{D}(?:[-/.]{D}[-/.](?:{YEAR}|{D})(?![0-9])"
    rf"|{ORDINAL}?(?:[ ]?(?:[-~&/]|to|and)[ ]?{D}{ORDINAL}?)?\.?[-/ \n](?:of[ \n])?{NAME}(?![a-z])([ ]{D}(?![0-9]))?)"
)


def _opens_date(found: Found, month: str, day: str) -> bool:
    """Say whether the number belongs to a date of its own: December, 03/04/2027; December, 1 Dec 2026."""
    low, at = found.within.low, found.start + len(month)
    parted = low[at] == ","
    at = low.index(day, at)
    if parted and low[at + len(day)] == "/":  # December, 12/5
        return True
    match = _DATE_OF_ITS_OWN.match(low, at)
    if match is None or match[1] is None:
        return match is not None
    return match[1] in MONTHS and (parted or match[2] is None)  # Dec 1 Jan 2: two dates


@DAYS.form(
    YEAR_NUMBER,
    rf"{LEFT}({YEAR})(?:[-/]|,?{S}){NAME}(?:[-/]|\.?{S})({D}){ORDINAL}?(?![a-z]){NO_CLOCK}",
    then=[*"-/,", *MONTHS],
)
def _year_named_month_day(found: Found) -> Value | Refused:
    """2026 Dec 1, 2026-Dec-01."""
    name = found.groups[1]
    return Written(found.number(0), MONTHS[name], found.number(2)) if name in MONTHS else REFUSED


@DAYS.form(
    NUMBER,
    rf"{LEFT}({D}){ORDINAL}?\.?(?={B}(?:-|~|to|and|&|/|,|through|until){B}(?:the )?"
    rf"(?:{NAME}\.?,? (?:the )?)?{D}{ORDINAL}?{_OF}{NAME}(?![a-z]))",
    then=[*ORDINALS_BEHIND, *".-~&/,", "to", "and", "through", "until"],
)
@DAYS.form(
    NUMBER,
    rf"{LEFT}({D}){ORDINAL}?(?=(?:, ?{D}{ORDINAL}?){{1,9}},? (?:and|&) {D}{ORDINAL}?{_OF}()(?:{NAME})(?![a-z]))",
    then=[*ORDINALS_BEHIND, ","],
)
@DAYS.form(NUMBER, rf"{LEFT}({D})\.?(?={B}[-~]{B}{D}(?:/{D}/|\.{D}\.){YEAR})()()", then=".-~")
def _day_before_range(found: Found) -> Value | Refused | None:
    """The 5 of 5-6 December, of 5 and 6 December; not of wave 1 - 7 December."""
    _, weekday, month = found.groups
    if (weekday and weekday not in WEEKDAYS) or (month and month not in MONTHS):
        return REFUSED
    return None if no_date(found) else DayOf(found.number(0)) if 0 < found.number(0) <= _HIGHEST else None


_DAY_ORDINALS = {word: day for day, word in enumerate(spellings(WORDS["day_ordinals"]), start=1)}


_SPELLED_DAYS = Phrases(_DAY_ORDINALS)


@DAYS.form(_SPELLED_DAYS, rf"(?: day)? of {NAME}(?![a-z]){_YEAR_BEHIND}", then=["of", "day"])
def _spelled_day(found: Found) -> Value | Refused:
    """The thirtieth of November."""
    name, year, short = found.groups
    return Written(year_of(year or short), MONTHS[name], found.said) if name in MONTHS else REFUSED


@DAYS.form(MONTHS, f"(?<![a-z0-9_]){NAME} (?:the )?", then=["the", *{beginning(word)[0] for word in _DAY_ORDINALS}])
def _month_and_spelled_day(found: Found) -> Value | Refused:
    """December first; not December first releases."""
    day = found.take(_SPELLED_DAYS, near=True)
    stands = day and found.after(1) != "-" and (ends_clause(found) or _GOES_ON.match(found.within.low, found.end))
    return Written(None, MONTHS[found.groups[0]], day) if stands else REFUSED


_SAID_MONTHS = words_of("month", latin=True)
_SAID_MONTHS_JA = words_of("month", latin=False)
_SAID_MONTH = one_of(_SAID_MONTHS)
_SAID_MONTH_JA = one_of(_SAID_MONTHS_JA)


@DAYS.form(NUMBER, rf"{LEFT}({D}){ORDINAL} (?:of )?({_SAID_MONTH})", then=ORDINALS_BEHIND)
def _day_of_relative_month(found: Found) -> Value:
    """15th of next month."""
    day, word = found.groups
    return _day_in(found, PERIODS[key(word)][1], int(day))


_NTH = Phrases(ORDINALS)
_OF_WEEKDAYS = [*LATIN_WEEKDAYS, "week"]


@DAYS.form(_NTH, rf" {NAME}(?: of| in|,)? {NAME}(?![a-z]){_YEAR_BEHIND}", then=_OF_WEEKDAYS)
def _nth_weekday(found: Found) -> Value | Refused:
    """First Monday in December, last week of January 2027."""
    weekday, month, year, short = found.groups
    if weekday not in _OF_WEEKDAYS or month not in MONTHS:
        return REFUSED
    return Nth(found.said, WEEKDAYS.get(weekday), MONTHS[month], year_of(year or short))


@DAYS.form(_NTH, rf" {NAME}(?: of| in) ({_SAID_MONTH})()()", then=_OF_WEEKDAYS)
@DAYS.form(_SAID_MONTHS_JA, rf"()({_SAID_MONTH_JA}){B}の?{B}第({N}){B}(?:週目?|({KANJI_WEEKDAY})曜日?)")
def _nth_weekday_of_said_month(found: Found) -> Value | Refused | None:
    """Last Friday of this month, 来月第2金曜."""
    weekday, month, nth, kanji = found.groups
    if weekday and weekday not in _OF_WEEKDAYS:
        return REFUSED
    which = found.said or number(nth)
    as_of = found.within.settings.as_of
    year, month_number = reckon.months_on(as_of.year, as_of.month, PERIODS[key(month)][1])
    stretch = reckon.nth_of_month(year, month_number, which, WEEKDAYS.get(weekday or kanji))
    return Fixed(*stretch) if stretch else None


@DAYS.form(NUMBER, rf"(?<![a-z0-9_])({D}){ORDINAL}(?![a-z0-9]| half| quarter)", then=ORDINALS_BEHIND)
def _ordinal_day(found: Found) -> Value | Loose | None:
    """By the 15th."""
    day = found.number(0)
    if not 0 < day <= 31:
        return None
    weekday = _WEEKDAY_BEHIND.match(found.within.low, found.end) if day <= 5 else None
    if weekday:
        found.end = weekday.end()
        return None
    before = found.before()
    if not (before.endswith("the") and (triggered(found) or _OPENINGS(before))):
        return DayOf(day, bare=True)
    return DayOf(day, bare=not (ends_clause(found) or _GOES_ON.match(found.within.low, found.end)))


_WEEKDAY_BEHIND = late(f"[ \\n]{DAY}[a-z]{{0,6}}(?![a-z])")  # every 2nd Friday
_OPENINGS = Ending([f"{word} the" for unit in ("week", "weekend") for word in spellings(WORDS["weeks"][f"{unit}_of"])])
# A time behind it, or the other end of a range.
_GOES_ON = late(
    rf"[ ](?:(?:at|by|before)[ ](?:[0-9]|noon)|[0-9]{{1,2}}(?:[:.][0-9]|[ ]?{HALF})"
    r"|(?:and|to|until|through)[ ]the[ ][0-9])"
)


# ---------------------------------------------------------------------------------------------------------------------
# Japanese: 2026年12月1日, 令和8年12月1日, 12月1日, 12月上旬, 同月5日, 来年1月, R8.12.1

_NO = rf"{B}の?{B}"
_NOT_COUNTED = "(?!間|目|以内|後|ほど|くらい|ごと|あたり)"
_SAID_YEARS = [*words_of("year", latin=False), *_SPECIAL["same_year"]]


def _month_and_on(n: str) -> str:
    """Return the pattern of 12月1日, 12月第2金曜, 12月最終週, 12月3週目, 12月, with numbers of one kind."""
    day = rf"({n})(?:{B}日{_NOT_COUNTED}|(?={B}(?:[-~・,、/]|から|と){B}{n}{B}日))"
    week = rf"(?:第{B}({N})|(最終)){B}(?:週目?|({KANJI_WEEKDAY})曜日?)|({N}){B}週目"
    return rf"({n}){B}月(?!間|曜|[ヶかカヵ箇]月)(?:{_NO}(?:{day}|{week}))?"


_MONTH_LEFT = "(?<![a-z0-9.])(?<![0-9][-/,])"


@DAYS.form(
    ERAS,
    rf"{_MONTH_LEFT}({one_of(ERAS)})\.?{B}({Y4}|{N}|元){B}年(){_NO}{_month_and_on(N)}",
    then=[*DIGITS, *NUMERALS, ".", "元"],
)
@DAYS.form(
    _SAID_YEARS, rf"{_MONTH_LEFT}()()({one_of(_SAID_YEARS)}){_NO}{_month_and_on(N)}", then=[*DIGITS, *NUMERALS, "の"]
)
@DAYS.form(KANJI_NUMBER, rf"{_MONTH_LEFT}()(?:({Y4}|{N}){B}年{_NO})?(){_month_and_on(N)}", then="年月")
@DAYS.form("'", rf"{_MONTH_LEFT}()('(?:[12][0-9]{{3}}|{D})){B}年{_NO}(){_month_and_on(D)}", then=DIGITS)
@DAYS.form(
    [*NUMBER, *YEAR_NUMBER], rf"{_MONTH_LEFT}()(?:([12][0-9]{{3}}|{D}){B}年{_NO})?(){_month_and_on(D)}", then="年月"
)
def _japanese(found: Found) -> Value | Loose | None:
    era, given, said, month_, day, nth, last, weekday, nth_week = found.groups
    month = number(month_)
    if recurring(found) or not 0 < month <= _HIGHEST:
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
            return Same(month, day) if offset is None else _relative(year or 0, month, day)
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


@DAYS.form(
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


@DAYS.form(YEAR_NUMBER, rf"(?<![a-z0-9])([12][0-9]{{3}})年{B}({D})/({D})(?![0-9/])", then="年")
def _year_and_slash(found: Found) -> Value:
    """2026年12/1."""
    return Written(found.number(0), found.number(1), found.number(2))


@DAYS.form(_SAID_MONTHS_JA, rf"({_SAID_MONTH_JA}){_NO}({N}){B}日(?!間|目)")
def _day_in_said_month(found: Found) -> Value:
    """来月5日."""
    return _day_in(found, PERIODS[found.groups[0]][1], found.number(1))


@DAYS.form(
    _SPECIAL["same_month"], rf"{one_of(_SPECIAL['same_month'])}{B}({N}){B}日(?!間|目)", then=[*DIGITS, *NUMERALS]
)
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


_NO_DAY_ALONE = rf"{B}日(?!間|目|以内|後|ほど|くらい|ごと|あたり|本|曜|当たり|平均|前|以上|以下|約|に[0-9一二三]回)"


@LAST.form("翌", rf"(?<![0-9a-z年月])翌{B}({N}){_NO_DAY_ALONE}")
@LAST.form(KANJI_NUMBER, rf"(?<![0-9a-z年月])({N}){_NO_DAY_ALONE}", then="日")
@LAST.form(NUMBER, rf"(?<![0-9a-z年月])({D}){_NO_DAY_ALONE}", then="日")
def _day_alone(found: Found) -> Value | Loose | None:
    """The 20日 of 12月19日～20日, or alone: 20日まで."""
    day = found.number(0)
    if not 0 < day <= 31 or recurring(found):
        return None
    occasion = found.within.low.startswith(_OCCASIONS, found.end)
    alone = occasion or confirmed(found) or labelled_day(found) or found.after(1) == "("
    return DayOf(day, bare=not alone, marked=True, coming=occasion)


# The 25日 of 25日の給与支給.
_OCCASIONS = tuple(f"の{word}" for word in spellings(WORDS["describes"]["occasions"]))


# ---------------------------------------------------------------------------------------------------------------------
# Relative words


_DAYS_FROM_TODAY = numbered(WORDS["days"])


@DAYS.form(Phrases(_DAYS_FROM_TODAY), "(?!さら|るい|細書|香)")
def _day_word(found: Found) -> Value | Refused:
    """Tomorrow, 明日."""
    low, start = found.within.low, found.start
    if "ぁ" <= low[start] <= "ん" and "ぁ" <= low[start - 1 : start] <= "ん":  # かけあすか
        return REFUSED
    day = found.within.settings.as_of + timedelta(days=found.said)
    return Fixed(day, day)


_COUNTED_WORDS = {name: spellings(WORDS["counted"][name]) for name in ("roughly", "before", "after")}
_UNIT = one_of(COUNTED)
_ROUGHLY = one_of(_COUNTED_WORDS["roughly"])
_BEHIND = one_of(_COUNTED_WORDS["after"])
_UNITS = [beginning(word)[0] for word in COUNTED]
_COUNTS = [*DIGITS, *NUMERALS, *(beginning(word)[0] for word in (*NUMBERS, *_COUNTED_WORDS["roughly"]))]


@DAYS.form(
    Phrases(dict.fromkeys(_COUNTED_WORDS["before"])),
    rf" (?:{_ROUGHLY} )?({COUNT}) ?({_UNIT})(?:'?s?'? {_BEHIND})?(?! (?:of|after|before|prior|per))",
    then=_COUNTS,
)
@DAYS.form(
    [*NUMBER, *KANJI_NUMBER, *NUMBERS],
    rf"(?<![0-9a-z.])({COUNT}){B}({_UNIT})'?{B}{_BEHIND}(?!に1回|ごと|連続)",
    then=_UNITS,
)
def _counted(found: Found) -> Value | None:
    """In 3 days, 3日後, two weeks from now."""
    if _after_event(found.within.low, found.start):
        return None
    count, unit = found.groups
    many = NUMBERS.get(key(count)) or number(count)
    return reckon.days_on(found.within.settings.as_of, many, COUNTED[key(unit)])


def _after_event(low: str, at: int) -> bool:
    """Say whether days are counted from something else than today: 受注後30日以内, 契約から3か月後."""
    before = low[max(0, at - 4) : at]
    return before.endswith("後") or (before.endswith("から") and not before.endswith(_FROM_TODAY))


_FROM_TODAY = tuple(f"{word}から" for word in (*spellings(WORDS["days"]["0"]), "今"))


@DAYS.form(
    [*NUMBER, *NUMBERS],
    rf"(?<![0-9a-z.])({COUNT}) weeks? (?:from|on) (?:this |coming )?{NAME}(?![a-z])",
    then=["week", "weeks", "couple"],
)
def _weeks_from(found: Found) -> Value | Refused:
    """A week from Friday, two weeks from tomorrow."""
    count, name = found.groups
    as_of = found.within.settings.as_of
    if name in WEEKDAYS:
        day = as_of + timedelta(days=(WEEKDAYS[name] - as_of.weekday()) % 7)
    elif name in _DAYS_FROM_TODAY:
        day = as_of + timedelta(days=_DAYS_FROM_TODAY[name])
    else:
        return REFUSED
    return reckon.days_on(day, NUMBERS.get(key(count)) or number(count), "week")


_SPECIAL_WORDS = Phrases(
    {
        word: name
        for name in ("this_weekend", "next_weekend", "business_day", "week_start", "year_start")
        for word in _SPECIAL[name]
    }
)
_WEEKEND_ALONE = frozenset(_SPECIAL["weekend"])


@DAYS.form(_SPECIAL_WORDS, "(?! of)")
def _special(found: Found) -> Value | Loose | None:
    """Next business day, 翌営業日, this weekend, 週明け."""
    as_of = found.within.settings.as_of
    if found.said == "business_day":
        return reckon.days_on(as_of, 1, "business_day")
    if found.said == "year_start":
        return Fixed(date(as_of.year + 1, 1, 1), date(as_of.year + 1, 1, 10), "month")
    monday = reckon.monday_of(as_of)
    if found.said == "week_start":
        return Fixed(monday + timedelta(days=7), monday + timedelta(days=7))
    if recurring(found) or describes(found):
        return None
    saturday = monday + timedelta(days=12 if found.said == "next_weekend" else 5)
    weekend = Fixed(saturday, saturday + timedelta(days=1))
    said_so = key(found.within.low[found.start : found.end]) not in _WEEKEND_ALONE
    return weekend if said_so or triggered(found) or confirmed(found) else Loose(weekend)


# ---------------------------------------------------------------------------------------------------------------------
# Weekdays

_WHICH = Phrases(meanings(WORDS["which"]))
_WEEK = one_of(words_of("week", latin=True))
_REST = (
    rf"(?:[/&]{DAY}[a-z]{{0,6}})?(?![a-z'0-9_])\.?"
    rf"(?:,? ?(?:of |in )?({_WEEK})| (week)(?! of|end|s|ly|[a-z])"
    rf"|(?=(?: ?[,/&-]| or| and| to){{1,2}} ?{DAY}[a-z]{{0,6}}\.?,? ?(?:of )?({_WEEK})))?"
)


@DAYS.form(_WHICH, f" {NAME}{_REST}", then=LATIN_WEEKDAYS)
@DAYS.form(LATIN_WEEKDAYS, f"(?<![0-9_]){NAME}{_REST}")
def _weekday(found: Found) -> Value | Loose | Refused | None:
    """Friday, next Friday, Friday next week, Friday week, the Tue of Tue or Wed next week."""
    name, week, whole, week_ahead = found.groups
    if name not in WEEKDAYS:
        return REFUSED
    day = WEEKDAYS[name]
    week = week or week_ahead
    weeks = PERIODS[key(week)][1] if week else 1 if whole else None
    if no_date(found) or recurring(found):
        return None
    if (found.said == "last" or found.before(5).endswith("the")) and _ANCHOR.match(found.within.low, found.end):
        return None
    which = "last" if told_as_history(found) else found.said or ""
    value = Weekday(day, which, weeks)
    if which or weeks is not None or triggered(found):
        return value
    if not found.capital() and name not in FULL_WEEKDAYS:
        return Weekday(day, "beside")
    return Loose(value) if name in FULL_WEEKDAYS or labelled(found) else Weekday(day, "beside")


# The Friday before Christmas; but the Friday before noon.
_ANCHOR = late("[ \n](?:before|after|following|preceding|prior)[ \n](?![0-9]|noon|mid)")
_KANJI_WEEKDAYS = [word for word in WEEKDAYS if not word.isascii()]


@DAYS.form(_KANJI_WEEKDAYS, f"({KANJI_WEEKDAY})曜日?", then="曜")
def _kanji_weekday(found: Found) -> Value | Loose | None:
    """金曜, 金曜日."""
    if recurring(found) or found.within.low[max(0, found.start - 2) : found.start - 1] == "第":
        return None
    value = Weekday(WEEKDAYS[found.groups[0]])
    return value if confirmed(found) else Loose(value)


_HOLIDAY = one_of(_SPECIAL["holiday"])
_ANY_WEEKDAY = rf"(?:{KANJI_WEEKDAY}|{DAY}[a-z]{{0,6}}(?![a-z]))"


@DAYS.form(
    "([<",
    rf"[(\[<]{B}(?:{_HOLIDAY}[・/、, ])?({_ANY_WEEKDAY})(?:曜日?|\.)?([・/、,~-]?{_ANY_WEEKDAY})?"
    rf"(?:{B}[・/、,/]?{B}{_HOLIDAY})?(?:{B}[)\]>]|(?=[\x20、,]{{1,2}}[0-9午]))",
    then=[*WEEKDAYS, *(word[0] for word in _SPECIAL["holiday"]), "holiday"],
)
@DAYS.form("(", f"[(]({KANJI_WEEKDAY})()[)]", then=_KANJI_WEEKDAYS)
def _weekday_in_brackets(found: Found) -> Value | Refused:
    """（火）, (Tue.), (月・祝), (土・日)."""
    first, second = found.groups
    if first not in WEEKDAYS:
        return REFUSED
    return Weekday(WEEKDAYS[first], which="pair" if second else "", bracketed=True)


# ---------------------------------------------------------------------------------------------------------------------
# What only an expression can make a date of


@LAST.form(YEAR_NUMBER, rf"(?<![a-z0-9_#.])({YEAR})(?![0-9a-z_%]|[-/.:][0-9])")
def _year_alone(found: Found) -> Value | None:
    """In 2027; or the year behind a range."""
    year = found.number(0)
    return Period("year", 0, year) if announces_year(found) and ends_clause(found) else Year(year)


@LAST.form(NUMBER, rf"(?<![a-z0-9_#.])(?:(?<=[0-9],)({D})|({D}))(?![0-9a-z_%年週]|[かヶカヵケ箇]月|[.:,-][0-9])")
def _mere_number(found: Found) -> Value | None:
    """The 6 of Dec 5-6, of 12/5,6."""
    day = found.number(0) or found.number(1)
    if not 0 < day <= _HIGHEST or found.within.low[found.start - 1 : found.start] == "第" or counts_things(found):
        return None
    return DayOf(day, bare=True, marked=bool(found.groups[0]))
