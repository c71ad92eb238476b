"""Forms of days with English month names: 1 December 2026, Dec 1st, the thirtieth of November."""

from __future__ import annotations

from ma_template.patterns import late
from ma_template.readers.dates import reckon
from ma_template.readers.dates.forms import (
    DAY,
    DIGITS,
    HALF,
    HIGHEST,
    LEFT,
    MON,
    NAME,
    NO_CLOCK,
    NUMBER,
    ORDINAL,
    ORDINALS_BEHIND,
    REFUSED,
    WHOLE_YEAR,
    YEAR,
    YEAR_NUMBER,
    B,
    D,
    Forms,
    Found,
    Loose,
    Refused,
    S,
    beginning,
    counts_things,
    describes,
    ends_clause,
    no_date,
    triggered,
    year_of,
)
from ma_template.readers.dates.pieces import (
    DayOf,
    Nth,
    Period,
    Value,
    Written,
)
from ma_template.readers.dates.words import (
    LATIN_WEEKDAYS,
    MONTH_VERBS,
    MONTHS,
    ORDINALS,
    PERIODS,
    WEEKDAYS,
    WORDS,
    Ending,
    Phrases,
    key,
    one_of,
    spellings,
    words_of,
)

FORMS = Forms()

_OF = rf"(?:[-/]|\.?{S}(?:of (?:the )?)?)"
_LONG_YEAR = (
    rf"\.?(?:,?{S}(?:of )?|[-/.])"
    rf"({YEAR}{WHOLE_YEAR}{NO_CLOCK}|'[0-9]{{2}}(?![0-9a-z]){WHOLE_YEAR})"
)
_YEAR_BEHIND = rf"(?:{_LONG_YEAR}|[-/\x20]?([23][0-9])(?![a-z/-]){NO_CLOCK})?"
_NO_DAY = rf"(?!\.?{S}{D}(?:{ORDINAL}(?! ?(?:of )?{MON})|,? ?{YEAR}))"
# The 2 of Wave 2, and below: Dec 4.
_NOT_ABOVE = rf"(?!{D}\n{MON}[a-z]{{0,7}}\.? {D}{NO_CLOCK})"


@FORMS.form(
    NUMBER,
    rf"(?<![a-z0-9_#.])(?<![0-9][.,]){_NOT_ABOVE}({D}){ORDINAL}?{_OF}{NAME}(?![a-z]){_NO_DAY}{_YEAR_BEHIND}",
    then=[
        *ORDINALS_BEHIND,
        *"-/.",
        "of",
        *MONTHS,
        *(touching + month for touching in ORDINALS_BEHIND for month in MONTHS),
    ],
)
def _day_month(found: Found) -> Value | Refused | None:
    """1 December 2026, 1st of Dec, 01-DEC-26."""
    day, name, year, short = found.groups
    month = MONTHS.get(name)
    if month is None:
        return REFUSED
    if short and counts_things(found):
        return None
    return Written(year_of(year or short), month, int(day)) if 0 < int(day) <= HIGHEST else None


@FORMS.form(MONTHS, rf"(?<![a-z0-9_]){NAME}-({D})()()-([23][0-9])(?![0-9a-z/-])", then=DIGITS)
@FORMS.form(
    MONTHS,
    rf"(?<![a-z0-9_]){NAME}(?:[-/]|\.?,?{S})(?:the )?({D})({ORDINAL})?(?![a-z])"
    rf"(?:(?=,{YEAR}(?![0-9]))|{NO_CLOCK})(?:{_LONG_YEAR})?()",
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
    if not (ordinal or year or short or found.capital() or triggered(found)) and name in MONTH_VERBS:
        return None  # it may 5 times a day
    return Written(year_of(year or short), MONTHS[name], int(day)) if 0 < int(day) <= HIGHEST else None


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


@FORMS.form(
    YEAR_NUMBER,
    rf"{LEFT}({YEAR})(?:[-/]|,?{S}){NAME}(?:[-/]|\.?{S})({D}){ORDINAL}?(?![a-z]){NO_CLOCK}",
    then=[*"-/,", *MONTHS],
)
def _year_named_month_day(found: Found) -> Value | Refused:
    """2026 Dec 1, 2026-Dec-01."""
    name = found.groups[1]
    return Written(found.number(0), MONTHS[name], found.number(2)) if name in MONTHS else REFUSED


@FORMS.form(
    NUMBER,
    rf"{LEFT}({D}){ORDINAL}?\.?(?={B}(?:-|~|to|and|&|/|,|through|until){B}(?:the )?"
    rf"(?:{NAME}\.?,? (?:the )?)?{D}{ORDINAL}?{_OF}{NAME}(?![a-z]))",
    then=[*ORDINALS_BEHIND, *".-~&/,", "to", "and", "through", "until"],
)
@FORMS.form(
    NUMBER,
    rf"{LEFT}({D}){ORDINAL}?(?=(?:, ?{D}{ORDINAL}?){{1,9}},? (?:and|&) {D}{ORDINAL}?{_OF}()(?:{NAME})(?![a-z]))",
    then=[*ORDINALS_BEHIND, ","],
)
@FORMS.form(NUMBER, rf"{LEFT}({D})\.?(?={B}[-~]{B}{D}(?:/{D}/|\.{D}\.){YEAR})()()", then=".-~")
@FORMS.form(NUMBER, rf"{LEFT}({D})\.(?={B}(?:[/&+]|and|or){B}{D}\.{D}\.{YEAR})()()", then=".")
def _day_before_range(found: Found) -> Value | Refused | None:
    """The 5 of 5-6 December, of 5 and 6 December, of 5./6.12.2026; not of wave 1 - 7 December."""
    _, weekday, month = found.groups
    if (weekday and weekday not in WEEKDAYS) or (month and month not in MONTHS):
        return REFUSED
    return None if no_date(found) else DayOf(found.number(0)) if 0 < found.number(0) <= HIGHEST else None


_DAY_ORDINALS = {word: day for day, word in enumerate(spellings(WORDS["day_ordinals"]), start=1)}


_SPELLED_DAYS = Phrases(_DAY_ORDINALS)


@FORMS.form(_SPELLED_DAYS, rf"(?: day)? of {NAME}(?![a-z]){_YEAR_BEHIND}", then=["of", "day"])
def _spelled_day(found: Found) -> Value | Refused:
    """The thirtieth of November."""
    name, year, short = found.groups
    return Written(year_of(year or short), MONTHS[name], found.said) if name in MONTHS else REFUSED


@FORMS.form(MONTHS, f"(?<![a-z0-9_]){NAME} (?:the )?", then=["the", *{beginning(word)[0] for word in _DAY_ORDINALS}])
def _month_and_spelled_day(found: Found) -> Value | Refused:
    """December first; not December first releases."""
    day = found.take(_SPELLED_DAYS)
    stands = day and found.after(1) != "-" and (ends_clause(found) or _GOES_ON.match(found.within.low, found.end))
    return Written(None, MONTHS[found.groups[0]], day) if stands else REFUSED


_SAID_MONTH = one_of(words_of("month", latin=True))


@FORMS.form(NUMBER, rf"{LEFT}({D}){ORDINAL} (?:of )?({_SAID_MONTH})", then=ORDINALS_BEHIND)
def _day_of_relative_month(found: Found) -> Value:
    """15th of next month."""
    day, word = found.groups
    return reckon.day_in_month(found.within.settings.as_of, PERIODS[key(word)][1], int(day))


_NTH = Phrases(ORDINALS)
_OF_WEEKDAYS = [*LATIN_WEEKDAYS, "week"]


@FORMS.form(_NTH, rf" {NAME}(?: of| in|,)? {NAME}(?![a-z]){_YEAR_BEHIND}", then=_OF_WEEKDAYS)
def _nth_weekday(found: Found) -> Value | Refused:
    """First Monday in December, last week of January 2027."""
    weekday, month, year, short = found.groups
    if weekday not in _OF_WEEKDAYS or month not in MONTHS:
        return REFUSED
    return Nth(found.said, WEEKDAYS.get(weekday), MONTHS[month], year_of(year or short))


@FORMS.form(_NTH, rf" {NAME}(?: of| in) ({_SAID_MONTH})", then=_OF_WEEKDAYS)
def _nth_weekday_of_said_month(found: Found) -> Value | Refused | None:
    """Last Friday of this month."""
    weekday, month = found.groups
    if weekday not in _OF_WEEKDAYS:
        return REFUSED
    return reckon.nth_from_today(found.within.settings.as_of, PERIODS[key(month)][1], found.said, WEEKDAYS.get(weekday))


@FORMS.form(NUMBER, rf"(?<![a-z0-9_])({D}){ORDINAL}(?![a-z0-9]| half| quarter| qtr)", then=ORDINALS_BEHIND)
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
