"""Forms of months, quarters, weeks and years, written or reckoned from today."""

from __future__ import annotations

from ma_template.readers.dates import reckon
from ma_template.readers.dates.forms import (
    LEFT,
    MONTH,
    NO_CLOCK,
    NUMBER,
    NUMERALS,
    PART_AFTER,
    PART_BEFORE,
    YEAR,
    YEAR_NUMBER,
    B,
    Forms,
    Found,
    Loose,
    N,
    S,
    clause,
    confirmed,
    describes,
    ends_clause,
    no_date,
    recurring,
    triggered,
    year_of,
)
from ma_template.readers.dates.pieces import Fixed, Opening, Part, Period, Unit, Value
from ma_template.readers.dates.words import (
    ENDS,
    ERAS,
    HALVES,
    MONTHS,
    PARTS_AFTER,
    PARTS_BEFORE,
    PERIODS,
    QUARTERS,
    WORDS,
    key,
    number,
    one_of,
    words_of,
)

PERIOD_FORMS = Forms()

_WEEKS = WORDS["weeks"]
_YEAR_WORD = one_of(words_of("year", latin=True) + words_of("year", latin=False))
_FISCAL = one_of(WORDS["fiscal"])
_YEAR_END = r"(?![0-9a-z_%/]|-[0-9]|\.[0-9])"


def _part(before: str | None, after: str | None = None) -> Part:
    if before:
        return PARTS_BEFORE[key(before)]
    return PARTS_AFTER[key(after)] if after else "whole"


# ---------------------------------------------------------------------------------------------------------------------
# Weeks

_OPENINGS = _WEEKS["of"] + _WEEKS["weekend_of"]


@PERIOD_FORMS.form(_OPENINGS, rf"(?<![a-z])({one_of(_OPENINGS)})(?= ?(?:[0-9(]|the |{MONTH}|mon))")
def _opening(found: Found) -> Value:
    """Week of, w/c, weekend of."""
    return Opening("weekend" if key(found.groups[0] or "") in _WEEKS["weekend_of"] else "week")


@PERIOD_FORMS.form(YEAR_NUMBER, rf"{LEFT}({YEAR})(?:-?w([0-9]{{2}})(?![0-9a-z])|年{B}第([0-9]{{1,2}}){B}週(?!間))")
def _year_week(found: Found) -> Value | None:
    """2026-W50, 2026年第50週."""
    year, week, kanji_week = found.groups
    return _week(int(week or kanji_week or 0), year_of(year))


@PERIOD_FORMS.form(
    _WEEKS["number"],
    rf"(?<![a-z0-9]){one_of(_WEEKS['number'])} ?([0-9]{{2}})(?![0-9a-z:.%])(?:(?:/| of |, ?| )({YEAR}))?(?! of)",
)
@PERIOD_FORMS.form("第", r"第([0-9]{2})週(?!間)()")
def _week_number(found: Found) -> Value | None:
    """Week 50, CW50, KW 50 2026, 第50週."""
    return _week(found.number(0), year_of(found.groups[1]))


def _week(week: int, year: int | None) -> Value | None:
    return Period("week", week, year) if 1 <= week <= 53 else None


# ---------------------------------------------------------------------------------------------------------------------
# Months


@PERIOD_FORMS.form(
    [*PARTS_BEFORE, *MONTHS],
    rf"(?<![a-z0-9_])(?:({PART_BEFORE})(?: |-|/){{0,2}}(?:the month of )?)?({MONTH})"
    rf"(?:\.?,? (?:of )?({_YEAR_WORD})"
    rf"|\.?(?:,?{S}(?:of )?|[-/])({YEAR}(?![a-z])|'[0-9]{{2}}){NO_CLOCK})?"
    rf"(?:[ -](month[ -]end))?(?![a-z0-9_])",
)
def _named_month(found: Found) -> Value | Loose | None:
    """January 2027, mid-December, end of Nov, in December, January next year."""
    part, name, said, year, end = found.groups
    month = MONTHS[name or ""]
    if describes(found):
        return None
    which: Part = "end" if end else _part(part)
    if said:
        return Fixed(*reckon.month_part(found.within.settings.as_of.year + PERIODS[key(said)][1], month, which))
    value = Period("month", month, year_of(year), which)
    if year or part or end:
        return value
    if no_date(found) or (name in WORDS["describes"]["verbs"] and not found.capital()):
        return None
    if triggered(found) and not found.before().endswith("the"):
        return value
    return Loose(value) if clause(found) else None


@PERIOD_FORMS.form(YEAR_NUMBER, rf"{LEFT}({YEAR})[-/]([0-9]{{1,2}})(?![0-9a-z_%/-]|\.[0-9a-z])")
def _year_month(found: Found) -> Value | None:
    """2026-12, 2026/12."""
    if not 1 <= found.number(1) <= 12 or no_date(found):
        return None
    return Period("month", found.number(1), found.number(0))


@PERIOD_FORMS.form(NUMBER, rf"(?<![a-z0-9_#./-])([0-9]{{1,2}})/({YEAR})(?![0-9a-z_%/-]|\.[0-9a-z])")
def _month_year(found: Found) -> Value | None:
    """12/2026."""
    return Period("month", found.number(0), found.number(1)) if 1 <= found.number(0) <= 12 else None


@PERIOD_FORMS.form([*NUMBER, *NUMERALS], rf"(?<![a-z0-9.])(?<![0-9][-/,])({N})(?={B}[-~]{B}{N}{B}月(?!{B}{N}{B}日))")
def _month_before_range(found: Found) -> Value | None:
    """The 10 of 10～12月."""
    return Period("month", found.number(0), None) if 1 <= found.number(0) <= 12 else None


# ---------------------------------------------------------------------------------------------------------------------
# The end of the running period


@PERIOD_FORMS.form(
    ["this", "our", "current", *ENDS],
    rf"(?<![a-z])(?:(?:this|our|current) )?({one_of(ENDS)})(?:,? (?:of )?({YEAR}))?(?![a-z0-9])",
)
def _end_of_running_period(found: Found) -> Value | Loose | None:
    """Month end, year end, 年末, 年度末, year end 2026."""
    unit, year = ENDS[key(found.groups[0] or "")], year_of(found.groups[1])
    if describes(found) or recurring(found):
        return None
    if unit == "fiscal_year":
        value: Value = Period("fiscal_year", 0, year, "end")
    elif year:
        return Period("year", 0, year, "end") if unit == "year" else None
    else:
        value = reckon.from_today(found.within.settings.as_of, unit, 0, "end")
    return value if triggered(found) or confirmed(found) else Loose(value)


# ---------------------------------------------------------------------------------------------------------------------
# Quarters, halves, fiscal periods (ruling 17)


@PERIOD_FORMS.form(
    [*PARTS_BEFORE, "q1", "q2", "q3", "q4", "h1", "h2", *WORDS["fiscal"]],
    rf"(?<![a-z0-9_])(?:({PART_BEFORE}) (?:the )?)?(?:([qh][1-4])[ /,-]{{0,2}}(?:of )?)?{_FISCAL}[ -]?"
    rf"(?:'?([0-9]{{4}}|[0-9]{{2}})(?:[-/][0-9]{{2,4}})?)?[ /-]{{0,2}}([qh][1-4])?(?![a-z0-9])(?:(?: year)?[ -](end))?",
)
@PERIOD_FORMS.form(
    [*PARTS_BEFORE, "fq", "fh"], rf"(?<![a-z0-9_])(?:({PART_BEFORE}) (?:the )?)?f([qh][1-4])()()()(?![a-z0-9])"
)
def _fiscal(found: Found) -> Value | Loose | None:
    """FY26 Q3, Q3 FY2026, FY26 year end: only a known start of the fiscal year tells when."""
    part, before, year, after, end = found.groups
    piece = before or after
    if describes(found) or not (piece or year):
        return None
    which: Part = "end" if end else _part(part)
    if piece:
        unit: Unit = "fiscal_quarter" if piece[0] == "q" else "fiscal_half"
        value = Period(unit, int(piece[1]), year_of(year), which)
    else:
        value = Period("fiscal_year", 0, year_of(year), which)
    return value if part or end or triggered(found) else Loose(value)


@PERIOD_FORMS.form(
    [*NUMBER, *YEAR_NUMBER, "'", "q1", "q2", "q3", "q4", "h1", "h2", *PARTS_BEFORE, *QUARTERS],
    rf"(?<![a-z0-9_.])(?:({PART_BEFORE}) (?:the )?)?(?:({YEAR}|'[0-9]{{2}})[ 年/-]?の?)?"
    rf"(?:q([1-4])|([1-4])q|({one_of(QUARTERS)})(?: calendar)? quarter|h([12]))"
    rf"(?:(?: ?[-/']? ?|,? (?:of )?)(?:cy ?)?({YEAR}|[23][0-9])(?![0-9a-z])|,? (?:of )?({_YEAR_WORD}))?"
    rf"(?![a-z0-9])(?: ?(末|end))?",
)
def _quarter(found: Found) -> Value | Loose | None:
    """Q4, 4Q26, 2026Q4, end of the fourth quarter of 2026, H1 2027: of the calendar."""
    part, year_first, q_first, q_last, word, half, year_last, said, end = found.groups
    if describes(found):
        return None
    year = year_of(year_first or year_last)
    if said:
        year = found.within.settings.as_of.year + PERIODS[key(said)][1]
    which: Part = "end" if end else _part(part)
    if half:
        return Period("half", int(half), year, which) if year else None
    value = Period("quarter", int(q_first or q_last or QUARTERS[key(word or "")]), year, which)
    return value if year or part or end or triggered(found) else Loose(value)


_JA_YEAR = (
    rf"(?:({one_of(ERAS)}){B})?"
    rf"([12][0-9]{{3}}|[0-9]{{2}}|[〇一二三四五六七八九]{{4}}|元|(?<=[和成])(?:[0-9]{{1,2}}|[一二三四五六七八九十]{{1,3}})){B}年"
)


@PERIOD_FORMS.form(
    [*NUMBER, *YEAR_NUMBER, "第", *NUMERALS, *ERAS, *HALVES],
    rf"(?<![a-z0-9.])(?:{_JA_YEAR}(度)?{B}の?{B})?"
    rf"(?:第?{B}([1-4一二三四]){B}四半期|({one_of(HALVES)})|(?<=年)|(?<=年度)|(?<=年の))(?:の?({PART_AFTER}))?"
    r"(?!以上|間|目|連続|ぶり|越し)",
)
def _japanese_period(found: Found) -> Value | Loose | None:
    """2026年末, 2026年度, 令和8年度第3四半期, 上期末."""
    era, given, fiscal, quarter, half, after = found.groups
    if describes(found) or recurring(found) or not (given or quarter or half):
        return None
    year = None
    if given:
        year = number(given) + (ERAS[era].first.year - 1 if era else 0)
        year += 2000 if year < 100 else 0
    which = _part(None, after)
    if quarter:
        value = Period("fiscal_quarter", number(quarter), year, which)
    elif half:
        value = Period("fiscal_half", HALVES[half], year, which)
    elif fiscal:
        value = Period("fiscal_year", 0, year, which)
    else:
        return Period("year", 0, year, which) if era or len(given or "") == 4 else None
    return value if after or confirmed(found) else Loose(value)


# ---------------------------------------------------------------------------------------------------------------------
# This, next, last; years


@PERIOD_FORMS.form(
    [*PARTS_BEFORE, *PERIODS],
    rf"(?<![a-z])(?:({PART_BEFORE})[ -](?:the )?)?({one_of(PERIODS)})(?:{B}の?{B}({PART_AFTER}))?(?:'s)?(?![a-z0-9])",
)
def _running_period(found: Found) -> Value | Loose | None:
    """Next week, end of this month, 来月中旬, 来年."""
    before, word, after = found.groups
    unit, offset = PERIODS[key(word or "")]
    if describes(found) or recurring(found):
        return None
    which = _part(before, after)
    if unit == "fiscal_year":
        return Period("fiscal_year", offset, None, which)
    value = reckon.from_today(found.within.settings.as_of, unit, offset, which)
    if which == "whole" and (unit in ("quarter", "year") or offset < 0):  # this year's campaign, since last week
        return value if triggered(found) and ends_clause(found) else Loose(value)
    return value


@PERIOD_FORMS.form(
    [*PARTS_BEFORE], rf"(?<![a-z])({PART_BEFORE})[ -](?:the )?(?:(?:calendar )?year )?({YEAR}){_YEAR_END}"
)
def _part_of_year(found: Found) -> Value:
    """End of 2026, mid-2027."""
    return Period("year", 0, found.number(1), _part(found.groups[0]))
