"""Forms of months, quarters, weeks and years, written or reckoned from today."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from ma_template.patterns import late
from ma_template.readers.dates import reckon
from ma_template.readers.dates.forms import (
    DAY,
    DIGITS,
    KANJI_NUMBER,
    LEFT,
    MON,
    NAME,
    NO_CLOCK,
    NUMBER,
    ORDINALS_BEHIND,
    REFUSED,
    WHOLE_YEAR,
    YEAR,
    YEAR_NUMBER,
    B,
    Choice,
    D,
    Forms,
    Found,
    Loose,
    N,
    Refused,
    S,
    beginning,
    clause,
    confirmed,
    described,
    describes,
    ends_clause,
    no_date,
    recurring,
    triggered,
    year_of,
)
from ma_template.readers.dates.pieces import Fixed, Opening, Part, Period, Unit, Value, Written
from ma_template.readers.dates.words import (
    ENDS,
    ERAS,
    HALVES,
    MONTH_VERBS,
    MONTHS,
    NUMERALS,
    PARTS_AFTER,
    PARTS_BEFORE,
    PERIODS,
    QUARTERS,
    WORDS,
    Phrases,
    key,
    meanings,
    number,
    one_of,
    spellings,
    words_of,
)
from ma_template.readers.dates.wrapping import HARD

FORMS = Forms()
# What may stand behind a part: early December, end of Q4.
_MONTH_OF = Forms()
_PERIOD_OF = Forms()

_WEEKS = {name: spellings(words) for name, words in WORDS["weeks"].items()}
_YEAR_WORD = one_of(words_of("year", latin=True) + words_of("year", latin=False))
_FISCAL_WORDS = spellings(WORDS["fiscal"])
_FISCAL = one_of(_FISCAL_WORDS)

# ---------------------------------------------------------------------------------------------------------------------
# Weeks


@FORMS.form(
    Phrases({word: unit for unit in ("week", "weekend") for word in _WEEKS[f"{unit}_of"]}),
    rf"(?= ?(?:[0-9(]|the |{MON}|{DAY}))",
)
def _opening(found: Found) -> Value:
    """Week of, w/c, weekend of."""
    return Opening(found.said)


@FORMS.form(
    YEAR_NUMBER,
    rf"{LEFT}({YEAR})(?:-?w([0-9]{{2}})(?:-([1-7]))?(?![0-9a-z])|年{B}第([0-9]{{1,2}}){B}週(?!間))",
    then="-w年",
)
def _year_week(found: Found) -> Value | None:
    """2026-W50, 2026-W50-1, 2026年第50週."""
    year, week, weekday, kanji_week = found.groups
    whole = _week(int(week or kanji_week), int(year))
    if whole is None or not weekday:
        return whole
    day = reckon.week_of_year(int(year), int(week)) + timedelta(days=int(weekday) - 1)
    return Written(day.year, day.month, day.day)


@FORMS.form(
    _WEEKS["number"],
    rf"(?<![0-9]){one_of(_WEEKS['number'])} ?([0-9]{{2}})(?![0-9a-z:.%])"
    rf"(?:(?:/| of |, ?| )({YEAR}){WHOLE_YEAR})?(?! of)",
    then=DIGITS,
)
@FORMS.form("第", r"第([0-9]{2})週(?!間)()", then=DIGITS)
def _week_number(found: Found) -> Value | Loose | Refused | None:
    """Week 50, CW50, KW 50 2026, 第50週; the 30 of peak week 30/11 is a day."""
    behind = _SLASHED.match(found.within.low, found.end)
    if behind and _is_day_and_month(found.number(0), int(behind[1])):
        return REFUSED
    week = _week(found.number(0), year_of(found.groups[1]))
    return Loose(week) if week and described(found) else week


_SLASHED = late("/([0-9]{1,2})(?![0-9])")


def _is_day_and_month(first: int, second: int) -> bool:
    """Say whether two slashed numbers are no two weeks: 11/12 may be, 30/11 is not."""
    return second != first + 1 and 0 < min(first, second) <= 12 and max(first, second) <= 31


def _week(week: int, year: int | None) -> Period | None:
    return Period("week", week, year) if 1 <= week <= 53 else None


# ---------------------------------------------------------------------------------------------------------------------
# Parts of months and of longer periods: what follows tells what it is a part of

_PARTS = Phrases(PARTS_BEFORE)
_OF = r"(?: |-|/){0,2}(?:the )?(?:month of )?"


def _part_of(choice: Choice, found: Found) -> Value | Loose | Refused | None:
    for form in choice.at(found.within.low, found.end):
        rest = form.find(found.within, found.end)
        if rest is None:
            continue
        rest.start, rest.part = found.start, found.said
        value = form.build(rest)
        if value is not REFUSED:
            found.end = rest.end
            return value
    return REFUSED


@FORMS.form(_PARTS, _OF, then=MONTHS)
def _part_of_month(found: Found) -> Value | Loose | Refused | None:
    """Mid-December, end of Nov."""
    return _part_of(_MONTHS_OF, found)


_NAMED_MONTH = (
    rf"(?<![0-9_]){NAME}(?:\.?,? (?:of )?({_YEAR_WORD})"
    rf"|\.?(?:,?{S}(?:of )?|[-/])({YEAR}|'[0-9]{{2}}){WHOLE_YEAR}{NO_CLOCK})?"
    rf"(?:[ -](month[ -]end))?(?![a-z0-9_])"
)


@_MONTH_OF.form(MONTHS, _NAMED_MONTH)
@FORMS.form(MONTHS, _NAMED_MONTH)
def _named_month(found: Found) -> Value | Loose | None:
    """January 2027, December month end, in December, January next year."""
    name, said, year, end = found.groups
    month = MONTHS[name]
    if describes(found):
        return None
    part: Part = "end" if end else found.part or "whole"
    if said:
        return Fixed(*reckon.month_part(found.within.settings.as_of.year + PERIODS[key(said)][1], month, part))
    value = Period("month", month, year_of(year), part)
    if year or found.part or end:
        return Loose(value) if described(found) else value
    if no_date(found) or (name in MONTH_VERBS and not found.capital()):
        return None
    if triggered(found) and not found.before().endswith("the"):
        return value
    return Loose(value) if clause(found) or _beside_month(found) else None


_MONTH_BEFORE = late(r"([a-z]{3,12})\.?[ ]?(?:[-~/&]|to|through|until|or|and)$")
_MONTH_BEHIND = late(
    r"\.?[ \n]?(?:[-~/&]|to|through|until|or|and)[ \n]?([a-z]{3,12})"
    rf"(?:\.?,?[ \n]?(?:{YEAR}|'[0-9]{{2}})|[.,;)\n{HARD}]|\Z)"
)


def _beside_month(found: Found) -> bool:
    """Say whether it is one of two months: Jan-Mar 2027, December or January; not of May/June Ltd."""
    other = _MONTH_BEHIND.match(found.within.low, found.end)
    if other is None and found.after(1) in ("", ".", ",", ";", ")", "\n", HARD):
        other = _MONTH_BEFORE.search(found.beside())
    return other is not None and other[1] in MONTHS


_MONTHS_OF = Choice(_MONTH_OF)


@FORMS.form(YEAR_NUMBER, rf"{LEFT}({YEAR})[-/]({D})(?![0-9a-z_%/-]|\.[0-9a-z])", then="-/")
def _year_month(found: Found) -> Value | None:
    """2026-12, 2026/12."""
    if not 1 <= found.number(1) <= 12 or no_date(found):
        return None
    return Period("month", found.number(1), found.number(0), found.take(PARTS_AFTER, near=True) or "whole")


@FORMS.form(YEAR_NUMBER, rf"{LEFT}({YEAR})/({D})/(?=[上中下末初頭])", then="/")
@FORMS.form(NUMBER, rf"{LEFT}()({D})/(?=[上中下末初頭])", then="/")
def _slashed_part(found: Found) -> Value | None:
    """12/中, 12/末, 2026/12/上旬; not 12/中国工場."""
    part: Part | None = found.take(_PARTS_BEHIND_SLASH, near=True)
    low, end = found.within.low, found.end
    if part is None or not 1 <= found.number(1) <= 12:
        return None
    if low[end - 1] in "上中下初頭" and "ァ" <= low[end : end + 1] <= "鿿" and not low.startswith("予定", end):
        return None
    return Period("month", found.number(1), year_of(found.groups[0]), part)


_PARTS_BEHIND_SLASH = Phrases({**PARTS_AFTER.words, **meanings(WORDS["parts"]["slash"])})


@FORMS.form(NUMBER, rf"(?<![a-z0-9_#./-])({D})/({YEAR})(?![0-9a-z_%/-]|\.[0-9a-z])", then="/")
def _month_year(found: Found) -> Value | None:
    """12/2026."""
    return Period("month", found.number(0), found.number(1)) if 1 <= found.number(0) <= 12 else None


@FORMS.form(
    [*NUMBER, *KANJI_NUMBER],
    rf"(?<![a-z0-9.])(?<![0-9][-/,])({N})(?={B}[-~]{B}{N}{B}月(?!{B}{N}{B}日))",
    then="-~",
)
def _month_before_range(found: Found) -> Value | None:
    """The 10 of 10～12月."""
    return Period("month", found.number(0), None) if 1 <= found.number(0) <= 12 else None


# ---------------------------------------------------------------------------------------------------------------------
# The end of the running period

_ENDS = Phrases(ENDS)
_YEAR_OF_END = late(rf"(?:,?[ \n](?:of[ \n])?({YEAR}){WHOLE_YEAR})?(?![a-z0-9])")


@FORMS.form(
    ["this", "our", "current"], "(?:this|our|current) ", then={beginning(word)[0] for word in ENDS if word.isascii()}
)
@FORMS.form(_ENDS)
def _end_of_running_period(found: Found) -> Value | Loose | Refused | None:
    """Month end, year end, 年末, 年度末, this year end, year end 2026."""
    unit: Unit | None = found.said or found.take(_ENDS)
    behind = _YEAR_OF_END.match(found.within.low, found.end)
    if unit is None or behind is None:
        return REFUSED
    if found.start and found.within.low[found.start - 1] == "翌":  # 月末締め翌月末払い
        return None
    found.end = behind.end()
    year = year_of(behind[1])
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

_QUARTER_NUMBERS = ["q1", "q2", "q3", "q4"]
_HALF_NUMBERS = ["h1", "h2"]


@FORMS.form(
    _PARTS,
    _OF,
    then=[
        *"fqh'",
        *{beginning(word)[0] for word in (*_FISCAL_WORDS, *QUARTERS, *PERIODS)},
        "year",
        "calendar",
        "month",
        "quarter",
        "week",
        *"12",
    ],
)
def _part_of_period(found: Found) -> Value | Loose | Refused | None:
    """End of Q4, early next week, first half of 2027."""
    return _part_of(_PERIODS_OF, found)


_FISCAL_PERIOD = (
    rf"(?<![0-9_])(?:([qh][1-4])[ /,-]{{0,2}}(?:of )?)?{_FISCAL}[ -]?"
    rf"(?:'?([0-9]{{4}}|[0-9]{{2}})(?:[-/][0-9]{{2,4}})?)?[ /-]{{0,2}}([qh][1-4])?(?![a-z0-9])(?:(?: year)?[ -](end))?"
)


@_PERIOD_OF.form([*_QUARTER_NUMBERS, *_HALF_NUMBERS, *_FISCAL_WORDS], _FISCAL_PERIOD)
@_PERIOD_OF.form(["fq", "fh"], "f([qh][1-4])()()()(?![a-z0-9])", then="1234")
@FORMS.form([*_QUARTER_NUMBERS, *_HALF_NUMBERS, *_FISCAL_WORDS], _FISCAL_PERIOD)
@FORMS.form(["fq", "fh"], "(?<![0-9_])f([qh][1-4])()()()(?![a-z0-9])", then="1234")
def _fiscal(found: Found) -> Value | Loose | None:
    """FY26 Q3, Q3 FY2026, FY26 year end: only a known start of the fiscal year tells when."""
    before, year, after, end = found.groups
    piece = before or after
    if describes(found) or not (piece or year):
        return None
    part: Part = "end" if end else found.part or "whole"
    if piece:
        unit: Unit = "fiscal_quarter" if piece[0] == "q" else "fiscal_half"
        value = Period(unit, int(piece[1]), year_of(year), part)
    else:
        value = Period("fiscal_year", 0, year_of(year), part)
    return value if found.part or end or triggered(found) else Loose(value)


_QUARTER = (
    rf"(?<![0-9_.])(?:({YEAR}|'[0-9]{{2}})[ 年/-]?の?)?"
    rf"(?:q([1-4])|([1-4])q|({one_of(QUARTERS)})(?: calendar)? (?:quarter|qtr)(?![a-z])|h([12])|([12])h)"
    rf"(?:(?: ?[-/']? ?|,? (?:of )?)(?:cy ?)?({YEAR}|[23][0-9])(?![0-9a-z]){WHOLE_YEAR}|,? (?:of )?({_YEAR_WORD}))?"
    rf"(?![a-z0-9])(?: ?(末|end))?"
)
_QUARTER_WORDS = [word for word in QUARTERS if word.isalpha()]


@_PERIOD_OF.form([*_QUARTER_NUMBERS, *_HALF_NUMBERS, *YEAR_NUMBER, *NUMBER, "'", *_QUARTER_WORDS], _QUARTER)
@FORMS.form(_QUARTER_WORDS, _QUARTER, then=["quarter", "qtr", "calendar"])
@FORMS.form("'", _QUARTER, then=DIGITS)
@FORMS.form(YEAR_NUMBER, _QUARTER, then=[*"qh年/-の1234", *_QUARTER_WORDS])
@FORMS.form(NUMBER, _QUARTER, then=["q", "h", *ORDINALS_BEHIND])
@FORMS.form([*_QUARTER_NUMBERS, *_HALF_NUMBERS], _QUARTER)
def _quarter(found: Found) -> Value | Loose | Refused | None:
    """Q4, 4Q26, 2026Q4, fourth quarter of 2026, H1 2027: of the calendar."""
    year_first, q_first, q_last, word, half, half_last, year_last, said, end = found.groups
    if half_last and not (year_first or year_last):
        return REFUSED  # one hour
    half = half or half_last
    if describes(found):
        return None
    year = year_of(year_first or year_last)
    if said:
        year = found.within.settings.as_of.year + PERIODS[key(said)][1]
    part: Part = "end" if end else found.part or "whole"
    if half:
        return Period("half", int(half), year, part) if year else None
    value = Period("quarter", int(q_first or q_last or QUARTERS[key(word)]), year, part)
    firm = year or found.part or end or triggered(found)
    return value if firm and not described(found) else Loose(value)


_JA_YEAR = (
    rf"(?:({one_of(ERAS)}){B})?"
    rf"([12][0-9]{{3}}|[0-9]{{2}}|[〇一二三四五六七八九]{{4}}|元|(?<=[和成])(?:[0-9]{{1,2}}|[一二三四五六七八九十]{{1,3}})){B}年"
)
_JA_PERIOD = (
    rf"(?<![a-z0-9.])(?:{_JA_YEAR}(度)?{B}の?{B})?"
    rf"(?:第?{B}([1-4一二三四]){B}四半期|({one_of(HALVES)})|(?<=年)|(?<=年度)|(?<=年の))"
)


@FORMS.form(HALVES, _JA_PERIOD)
@FORMS.form(ERAS, _JA_PERIOD, then=[*DIGITS, *NUMERALS, "元"])
@FORMS.form("第", _JA_PERIOD, then=[*DIGITS, *NUMERALS])
@FORMS.form(KANJI_NUMBER, _JA_PERIOD, then="年半")
@FORMS.form([*NUMBER, *YEAR_NUMBER], _JA_PERIOD, then="年四")
def _japanese_period(found: Found) -> Value | Loose | Refused | None:
    """2026年末, 2026年度, 令和8年度第3四半期, 上期末."""
    era, given, fiscal, quarter, half = found.groups
    part: Part | None = found.take(PARTS_AFTER, near=True)
    begins = fiscal and not part and found.take(_FISCAL_STARTS, near=True)
    if not (given or quarter or half) or found.within.low.startswith(_COUNTS_YEARS, found.end):
        return REFUSED
    if describes(found) or recurring(found):
        return None
    year = None
    if given:
        year = number(given) + (ERAS[era].first.year - 1 if era else 0)
        year += 2000 if year < 100 else 0
    which = "start" if begins else part or "whole"
    if quarter:
        value = Period("fiscal_quarter", number(quarter), year, which)
    elif half:
        value = Period("fiscal_half", HALVES[half], year, which)
    elif fiscal:
        value = Period("fiscal_year", 0, year, which)
    else:
        return Period("year", 0, year, which) if era or len(given or "") == 4 else None
    return value if part or confirmed(found) else Loose(value)


_FISCAL_STARTS = Phrases(dict.fromkeys(spellings(WORDS["parts"]["fiscal_start"]["ja"]), True))
_COUNTS_YEARS = ("以上", "問題", "モデル", "版", "間", "目", "連続", "ぶり", "越し")

# ---------------------------------------------------------------------------------------------------------------------
# This, next, last; years

_PERIODS = Phrases(PERIODS)
_PERIOD_END = late("(?:'s)?(?![a-z0-9])")


@_PERIOD_OF.form(_PERIODS)
@FORMS.form(_PERIODS)
def _running_period(found: Found) -> Value | Loose | Refused | None:
    """Next week, this month, 来月中旬, 来年."""
    unit, offset = found.said
    after: Part | None = found.take(PARTS_AFTER)
    end = _PERIOD_END.match(found.within.low, found.end)
    if end is None:
        return REFUSED
    found.end = end.end()
    if describes(found) or recurring(found):
        return None
    part: Part = found.part or after or "whole"
    if unit == "fiscal_year":
        return Period("fiscal_year", offset, None, part)
    value = reckon.from_today(found.within.settings.as_of, unit, offset, part)
    if part == "whole" and (unit in ("quarter", "year") or offset < 0):  # this year's campaign, since last week
        return value if triggered(found) and ends_clause(found) else Loose(value)
    return value


@_PERIOD_OF.form(
    [*YEAR_NUMBER, "year", "calendar year"],
    rf"(?:(?:calendar )?year )?({YEAR})(?![0-9a-z_%/]|-[0-9]|\.[0-9])",
)
def _part_of_year(found: Found) -> Value:
    """End of 2026, mid-2027."""
    return Period("year", 0, found.number(0), found.part or "whole")


@_PERIOD_OF.form(["week", "month", "quarter", "year"], "(week|month|quarter|year)(?![a-z0-9]| [0-9])")
def _part_of_running_period(found: Found) -> Value | Loose | None:
    """Last working day of the month, mid month: of the next one if this one's is over."""
    if describes(found) or recurring(found):
        return None
    unit, part, as_of = cast(Unit, found.groups[0]), found.part or "whole", found.within.settings.as_of
    value = reckon.from_today(as_of, unit, 0, part)
    if value.last < as_of:
        value = reckon.from_today(as_of, unit, 1, part)
    return value if triggered(found) else Loose(value)


_PERIODS_OF = Choice(_PERIOD_OF)
