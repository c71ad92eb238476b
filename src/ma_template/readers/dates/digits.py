"""Forms of days written in digits: 2026-12-01, 12/31/2026, 12/1."""

from __future__ import annotations

import re

from ma_template.patterns import late
from ma_template.readers.dates.forms import (
    AFTER_OR,
    DIGITS,
    HIGHEST,
    KANJI_WEEKDAY,
    LEFT,
    NAME,
    NUMBER,
    REFUSED,
    RIGHT,
    YEAR,
    YEAR_NUMBER,
    B,
    D,
    Forms,
    Found,
    G,
    Refused,
    counts_things,
    labelled,
    no_date,
    triggered,
    year_of,
)
from ma_template.readers.dates.pieces import (
    Numeric,
    Value,
    Written,
)
from ma_template.readers.dates.words import (
    MONTHS,
    WEEKDAYS,
    WORDS,
    spellings,
)

FORMS = Forms()

_NEAR = 9  # a year of two figures is meant only if it is near


@FORMS.form(
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
    return Written(year, month, day) if month <= HIGHEST and day <= HIGHEST else None


@FORMS.form(
    ["00000000"],
    r"(?<![a-z0-9_#./-])(20[1-4][0-9])(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])(?!(?!t[0-9]{4})[a-z0-9_%/.-])",
)
def _eight_digits(found: Found) -> Value | None:
    """20261201."""
    return None if no_date(found) else Written(found.number(0), found.number(1), found.number(2))


@FORMS.form("'", rf"(?<![a-z0-9_#])('{D})(?P<dmy>{G}[-/.]{G})\n?({D})(?P=dmy)\n?({YEAR}|'?{D}){RIGHT}", then=DIGITS)
@FORMS.form(
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
        return Numeric(a, b, year) if 0 < a <= HIGHEST and 0 < b <= HIGHEST else None
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


@FORMS.form(NUMBER, rf"{LEFT}({D})/({D})(?={B}[-~]{B}{D}/{YEAR})(?![0-9])", then="/")
def _range_before_year(found: Found) -> Value:
    """The 12/5 of 12/5-6/2026."""
    return Numeric(found.number(0), found.number(1), None)


_WORD_BEHIND = late(r"[ \n]?(?:of[ \n])?([a-z]{3,12})")


@FORMS.form(
    NUMBER,
    rf"(?:(?<![a-z0-9_#./])|{AFTER_OR})({D})/\n?({D})(?!(?![ap]m[0-9]|or[0-9]{{1,2}}/)[0-9/_%a-z日]|\.[0-9a-z])",
    then="/",
)
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


@FORMS.form(NUMBER, rf"{LEFT}({D})\.({D})\.?(?={B}(?:-|~|to|until|through){B}{D}\.{D}\.{YEAR})", then=".")
def _dotted_before_range(found: Found) -> Value:
    """The 30.11. of 30.11. - 4.12.2026."""
    return Numeric(found.number(0), found.number(1), None)


@FORMS.form(NUMBER, rf"{LEFT}({D})[.-]({D})(?={B}\({B}(?:({KANJI_WEEKDAY})|{NAME}))", then=".-")
def _marked_by_weekday(found: Found) -> Value | Refused | None:
    """12.1(火), 12-1 (Tue)."""
    a, b = found.number(0), found.number(1)
    if found.groups[2]:
        return Written(None, a, b) if 0 < a <= 12 and 0 < b <= 31 else None
    if found.groups[3] not in WEEKDAYS:
        return REFUSED
    return Numeric(a, b, None) if 0 < min(a, b) <= 12 and max(a, b) <= 31 else None
