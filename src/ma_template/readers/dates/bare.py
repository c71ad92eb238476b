"""Forms of mere numbers, which only their surroundings make days or years: 20日, 2027, the 6 of Dec 5-6."""

from __future__ import annotations

from ma_template.readers.dates.forms import (
    HIGHEST,
    KANJI_NUMBER,
    NUMBER,
    YEAR,
    YEAR_NUMBER,
    B,
    D,
    Forms,
    Found,
    Loose,
    N,
    announces_year,
    confirmed,
    counts_things,
    ends_clause,
    labelled_day,
    recurring,
)
from ma_template.readers.dates.pieces import (
    DayOf,
    Period,
    Value,
    Year,
)
from ma_template.readers.dates.words import (
    WORDS,
    spellings,
)

FORMS = Forms()

_NO_DAY_ALONE = rf"{B}日(?!間|目|以内|後|ほど|くらい|ごと|あたり|本|曜|当たり|平均|前|以上|以下|約|に[0-9一二三]回)"


@FORMS.form("翌", rf"(?<![0-9a-z年月])翌{B}({N}){_NO_DAY_ALONE}")
@FORMS.form(KANJI_NUMBER, rf"(?<![0-9a-z年月])({N}){_NO_DAY_ALONE}", then="日")
@FORMS.form(NUMBER, rf"(?<![0-9a-z年月])({D}){_NO_DAY_ALONE}", then="日")
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


@FORMS.form(YEAR_NUMBER, rf"(?<![a-z0-9_#.])({YEAR})(?![0-9a-z_%]|[-/.:][0-9])")
def _year_alone(found: Found) -> Value | None:
    """In 2027; or the year behind a range."""
    year = found.number(0)
    return Period("year", 0, year) if announces_year(found) and ends_clause(found) else Year(year)


@FORMS.form(
    NUMBER, rf"(?<![a-z0-9_#.])(?:(?<=[0-9],)({D})|({D}))(?![0-9a-z_%年週]|[かヶカヵケ箇]月|[.:-][0-9]|,[0-9]{{3}})"
)
def _mere_number(found: Found) -> Value | None:
    """The 6 of Dec 5-6, of 12/5,6."""
    day = found.number(0) or found.number(1)
    if not 0 < day <= HIGHEST or found.within.low[found.start - 1 : found.start] == "第" or counts_things(found):
        return None
    return DayOf(day, bare=True, marked=bool(found.groups[0]))
