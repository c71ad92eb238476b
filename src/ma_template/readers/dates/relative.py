"""Forms of days reckoned from today: tomorrow, in 3 days, 翌営業日, Friday, 金曜."""

from __future__ import annotations

from datetime import date, timedelta

from ma_template.patterns import late
from ma_template.readers.dates import reckon
from ma_template.readers.dates.forms import (
    COUNT,
    DAY,
    DIGITS,
    KANJI_NUMBER,
    KANJI_WEEKDAY,
    NAME,
    NUMBER,
    REFUSED,
    B,
    Forms,
    Found,
    Loose,
    Refused,
    beginning,
    confirmed,
    describes,
    labelled,
    no_date,
    recurring,
    told_as_history,
    triggered,
)
from ma_template.readers.dates.pieces import (
    Fixed,
    Value,
    Weekday,
)
from ma_template.readers.dates.words import (
    COUNTED,
    FULL_WEEKDAYS,
    LATIN_WEEKDAYS,
    NUMBERS,
    NUMERALS,
    PERIODS,
    SPECIAL,
    WEEKDAYS,
    WORDS,
    Phrases,
    key,
    meanings,
    number,
    numbered,
    one_of,
    spellings,
    words_of,
)

FORMS = Forms()

_DAYS_FROM_TODAY = numbered(WORDS["days"])


@FORMS.form(Phrases(_DAYS_FROM_TODAY), "(?!さら|るい|細書|香)")
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


@FORMS.form(
    Phrases(dict.fromkeys(_COUNTED_WORDS["before"])),
    rf" (?:{_ROUGHLY} )?({COUNT}) ?({_UNIT})(?:'?s?'? {_BEHIND})?(?! (?:of|after|before|prior|per))",
    then=_COUNTS,
)
@FORMS.form(
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


@FORMS.form(
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


SPECIAL_WORDS = Phrases(
    {
        word: name
        for name in ("this_weekend", "next_weekend", "business_day", "week_start", "year_start")
        for word in SPECIAL[name]
    }
)
_WEEKEND_ALONE = frozenset(SPECIAL["weekend"])


@FORMS.form(SPECIAL_WORDS, "(?! of)")
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


@FORMS.form(_WHICH, f" {NAME}{_REST}", then=LATIN_WEEKDAYS)
@FORMS.form(LATIN_WEEKDAYS, f"(?<![0-9_]){NAME}{_REST}")
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


@FORMS.form(_KANJI_WEEKDAYS, f"({KANJI_WEEKDAY})曜日?", then="曜")
def _kanji_weekday(found: Found) -> Value | Loose | None:
    """金曜, 金曜日."""
    if recurring(found) or found.within.low[max(0, found.start - 2) : found.start - 1] == "第":
        return None
    value = Weekday(WEEKDAYS[found.groups[0]])
    return value if confirmed(found) else Loose(value)


_HOLIDAY = one_of(SPECIAL["holiday"])
_ANY_WEEKDAY = rf"(?:{KANJI_WEEKDAY}|{DAY}[a-z]{{0,6}}(?![a-z]))"


@FORMS.form(
    "([<",
    rf"[(\[<]{B}(?:{_HOLIDAY}[・/、, ])?({_ANY_WEEKDAY})(?:曜日?|\.)?([・/、,~-]?{_ANY_WEEKDAY})?"
    rf"(?:{B}[・/、,/]?{B}{_HOLIDAY})?(?:{B}[)\]>]|(?=[\x20、,]{{1,2}}[0-9午]))",
    then=[*WEEKDAYS, *(word[0] for word in SPECIAL["holiday"]), "holiday"],
)
@FORMS.form("(", f"[(]({KANJI_WEEKDAY})()[)]", then=_KANJI_WEEKDAYS)
def _weekday_in_brackets(found: Found) -> Value | Refused:
    """（火）, (Tue.), (月・祝), (土・日)."""
    first, second = found.groups
    if first not in WEEKDAYS:
        return REFUSED
    return Weekday(WEEKDAYS[first], which="pair" if second else "", bracketed=True)
