"""Forms of times of day and zones."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Literal

from ma_template.patterns import late
from ma_template.readers.dates.forms import (
    CLOCK_UNIT,
    DIGITS,
    HALF,
    KANJI_NUMBER,
    NUMBER,
    REFUSED,
    YEAR_NUMBER,
    B,
    D,
    Forms,
    Found,
    N,
    Refused,
    beginning,
    crossing,
)
from ma_template.readers.dates.pieces import Clock, Vague, Value, Zone
from ma_template.readers.dates.words import (
    NUMERALS,
    WORDS,
    ZONES,
    Phrases,
    key,
    number,
    one_of,
    spellings,
)

FORMS = Forms()

_CLOCK = {name: spellings(words) for name, words in WORDS["clock"].items()}
_AM = frozenset([*_CLOCK["am"], *_CLOCK["am_behind"]])
_PM = frozenset([*_CLOCK["pm"], *_CLOCK["pm_behind"]])
_EVENING = frozenset(_CLOCK["evening"])
_NIGHT = frozenset(_CLOCK["night"])
_HALVES = [*_CLOCK["am"], *_CLOCK["pm"]]
_HALVES_BEHIND = [*_HALVES, *_CLOCK["am_behind"], *_CLOCK["pm_behind"]]
_HALF_BEHIND = one_of(_HALVES_BEHIND)
_UNITS = [beginning(word)[0] for word in _CLOCK["unit"]]
_NEXT_DAY = Phrases(dict.fromkeys(_CLOCK["next_day"], True))
_DAYTIMES = Phrases({word: word for word in (*_HALVES, *_CLOCK["morning"], *_CLOCK["evening"])})
_ZONES = Phrases(ZONES)


def _half(word: str | None, hour: int) -> tuple[Literal["am", "pm", ""], int]:
    """Return am, pm or open, and the hour that a word for a part of the day makes of it."""
    if not word:
        return "", hour
    word = key(word)
    if word in _AM:
        return "am", hour
    if word in _PM:
        return "pm", hour
    if hour == 12 and word in _NIGHT:
        return "", 24
    if word in _EVENING:
        return "", hour + 12 if (1 if word == "昼" else 4) <= hour < 12 else hour
    return "", hour


def _time_of_day(n: str) -> str:
    """Return the pattern of 17:00, 17:00:00, 5:30 pm, 17時, 5時半, with numbers of one kind."""
    return (
        rf"(?:({D}):([0-9]{{2}})(?::[0-9]{{2}}(?:[.,][0-9]{{1,9}})?)?(?![0-9:]|(?:{B}{HALF})?{B}midnight)(?:{B}noon)?|({n}){B}時(?:{B}({n}){B}分|{B}(半))?"
        rf"(?!間|点|代|短))(?:{B}({_HALF_BEHIND}))?(?:{B}{CLOCK_UNIT})?"
    )


@FORMS.form(KANJI_NUMBER, rf"(?<![0-9:.a-z]){_time_of_day(N)}", then="時")
@FORMS.form(NUMBER, rf"(?:(?<![a-z])|(?<=[0-9]t))(?<![0-9:.]){_time_of_day(D)}", then=":時")
def _clock(found: Found) -> Value | None:
    """17:00, 5:30 PM, 17時半, 22:00 next day."""
    return _time(found, found.groups, "", False)


@FORMS.form(_DAYTIMES, then=[*DIGITS, *NUMERALS, "の"])
@FORMS.form(_NEXT_DAY)
def _clock_behind_words(found: Found) -> Value | Refused | None:
    """午後5時半, 翌朝6:00, am 9:00."""
    next_day = found.said is True
    word = found.take(_DAYTIMES) if next_day else found.said
    behind = _behind_words().match(found.within.low, found.end)
    if behind is None:
        return REFUSED
    found.end = behind.end()
    return _time(found, behind.groups(), word, next_day)


@cache
def _behind_words() -> re.Pattern[str]:
    return re.compile(crossing(rf"{B}の?{B}{_time_of_day(N)}"))


def _time(found: Found, groups: tuple[str | Any, ...], word: str | None, next_day: bool) -> Value | None:
    hour, minute, ja_hour, ja_minute, ja_half, half_word = groups
    minutes = 30 if ja_half else number(minute or ja_minute or "0")
    half, hours = _half(half_word or word, number(hour or ja_hour))
    if hours > 29 or minutes > 59:
        return None
    low = found.within.low
    if low[found.end : found.end + 1] in _NEXT_DAY_STARTS:
        opening = _OPENING.match(low, found.end)
        behind = _NEXT_DAY.at(low, opening.end()) if opening else None
        if behind:
            next_day = True
            found.end = behind[1] + (low[behind[1] : behind[1] + 1] == ")")
    return Clock(hours, minutes, half, next_day)


_OPENING = late(r",?[ \t\n]{0,2}\(?")
_NEXT_DAY_STARTS = frozenset([*", \t\n(", *(word[0] for word in _NEXT_DAY.words)])


@FORMS.form(
    NUMBER,
    rf"(?<![0-9:.a-z])({D})(?:[.:]([0-9]{{2}}))?"
    rf"(?:{B}({_HALF_BEHIND})|(?={B}(?:-|~|to|until){B}{D}(?:[.:][0-9]{{2}})?{B}({_HALF_BEHIND})))(?![0-9])",
    then=[*".:-~", "to", "until", *{beginning(word)[0] for word in _HALVES_BEHIND}],
)
def _clock_with_half(found: Found) -> Value | None:
    """5 pm, 5.30pm, the 9 of 9-11 am."""
    hour, minute, word, word_ahead = found.groups
    half, hours = _half(word or word_ahead, int(hour))
    if (hours > 12 and not minute) or hours > 23 or int(minute or 0) > 59:
        return None
    return Clock(hours, int(minute or 0), half if word else "")


@FORMS.form(_HALVES, rf"({HALF}){B}({D})(?![0-9:/.-])(?:時)?", then=DIGITS)
def _half_in_front(found: Found) -> Value | None:
    """PM 5."""
    half, hours = _half(found.groups[0], found.number(1))
    return Clock(hours, 0, half) if hours <= 12 else None


_FOUR_DIGITS = "([01][0-9]|2[0-4])([0-5][0-9])(?![0-9])"


@FORMS.form(
    YEAR_NUMBER,
    rf"(?<![0-9:.a-z/])(?:(?<!-)|(?<=[0-9]{{4}}-)){_FOUR_DIGITS}(?: ?({CLOCK_UNIT})(?![0-9]))?",
    then=[*_UNITS, *_ZONES.heads, "on", "to", "until", "-"],
)
def _four_digits(found: Found) -> Value | Refused:
    """1700 hrs, 0900 JST, the 0800 of 0800-1200 hrs, at 0600 on ...; not December 2026 above Hours: 9-17."""
    low, end = found.within.low, found.end
    if found.groups[2] and found.line_ends(4) and low.startswith(("19", "20", "21"), found.start):
        return REFUSED
    if not (found.groups[2] or _zone_at(low, end)):
        last = _LAST_OF_RANGE.match(low, end)
        ranged = last is not None and (last[1] is not None or _zone_at(low, last.end()))
        if not ranged and not (found.before().endswith(" at") and _ON.match(low, end)):
            return REFUSED
    return Clock(found.number(0), found.number(1))


_LAST_OF_RANGE = late(rf"[ \n]?(?:-|to|until)[ \n]?(?:[01][0-9]|2[0-4])[0-5][0-9](?![0-9])[ ]?({CLOCK_UNIT})?")
_ON = late("[ \n]on[ \n]")


def _zone_at(low: str, at: int) -> bool:
    return _ZONES.at(low, at + (low[at : at + 1] in (" ", "\n"))) is not None


@FORMS.form(["0000", "000000"], "(?<=[0-9]t)([01][0-9]|2[0-4])([0-5][0-9])(?:[0-5][0-9])?(?![0-9])")
def _compact(found: Found) -> Value:
    """The 090000 of 20261130T090000Z."""
    return Clock(found.number(0), found.number(1))


_HOUR_LEFT = "(?<![0-9:.a-z/])(?<![0-9]-)"


@FORMS.form(
    NUMBER,
    rf"{_HOUR_LEFT}({D})(?:[.h:]([0-5][0-9]))? ?(?:{CLOCK_UNIT})(?![a-z0-9])(?: ({_HALF_BEHIND}))?",
    then=[*".:", *_UNITS],
)
@FORMS.form(NUMBER, rf"{_HOUR_LEFT}([01]?[0-9]|2[0-4])h([0-5][0-9])(?![a-z0-9])()", then="h")
def _hour(found: Found) -> Value | None:
    """17h, 17h30, 17.30 Uhr, 5 o'clock in the afternoon."""
    half, hours = _half(found.groups[2], found.number(0))
    return Clock(hours, found.number(1), half) if hours <= 24 else None


@FORMS.form(NUMBER, r"(?<![0-9:.a-z/-])([01][0-9]|2[0-4])\.([0-5][0-9])", then=".")
def _dotted_hour(found: Found) -> Value | Refused:
    """17.30 CET."""
    return Clock(found.number(0), found.number(1)) if _zone_at(found.within.low, found.end) else REFUSED


def _behind_digit(found: Found) -> bool:
    """Say whether a digit touches an English word: 5pm; 12/7夜間 is a day and its part."""
    low, start = found.within.low, found.start
    return low[start].isascii() and "0" <= low[start - 1 : start] <= "9"


@FORMS.form(Phrases({**dict.fromkeys(_CLOCK["noon"], 12), **dict.fromkeys(_CLOCK["zero"], 0)}), "(?!過ぎ)")
def _noon(found: Found) -> Value | Refused:
    """Noon, 正午, 午前零時."""
    return REFUSED if _behind_digit(found) else Clock(found.said, 0)


@FORMS.form(Phrases({word: word in _CLOCK["closing"] for word in _CLOCK["vague"]}))
def _vague(found: Found) -> Value | Refused:
    """EOD, 終業: the day stays a day."""
    return REFUSED if _behind_digit(found) else Vague(found.said)


# ---------------------------------------------------------------------------------------------------------------------
# Zones

_OFFSET = r"([+-])([0-9]{1,2})(?::?([0-9]{2}))?(?![0-9/.:-])"
_AREAS = spellings(WORDS["zones"]["areas"])
_AREA = rf"{one_of(_AREAS)}/[a-z_]{{2,20}}(?:/[a-z_]{{2,20}})?"
_ZONE_LEFT = "(?:(?<=[0-9])|(?<![a-z0-9/]))"
_ZONE_RIGHT = r"(?: ?time)?(?![a-z])(?:(?<![a-z])|(?![0-9]))[)\]]?"


@FORMS.form(
    ["(", "[", "+", "utc", "gmt", *_AREAS],
    rf"{_ZONE_LEFT}[(\[]?(?:(?:utc|gmt){B}{_OFFSET}|({_AREA})|([+]{B}[0-9]{{2}}(?::?[0-9]{{2}})?)){_ZONE_RIGHT}",
    then=[*DIGITS, *"+-/", "utc", "gmt", *_AREAS],
)
def _offset(found: Found) -> Value:
    """UTC+9, (+09:00), Europe/Berlin."""
    sign, hours, minutes, area, offset = found.groups
    if sign:
        return Zone((int(hours) * 60 + int(minutes or 0)) * (-1 if sign == "-" else 1))
    if offset:
        digits = offset.strip("+ \t\n").replace(":", "")
        return Zone(int(digits[:2]) * 60 + int(digits[2:] or "0"))
    return Zone(None, area)


@FORMS.form(["(", "["], rf"{_ZONE_LEFT}[(\[]", then=_ZONES.heads)
@FORMS.form(_ZONES)
def _zone(found: Found) -> Value | Refused:
    """JST, (Tokyo time)."""
    low = found.within.low
    zone = found.said
    if zone is None:
        hit = _ZONES.at(low, found.end)
        if hit is None:
            return REFUSED
        zone, found.end = hit
    elif low[found.start - 1 : found.start] == "/":
        return REFUSED
    end = _zone_end().match(low, found.end)
    if end is None:
        return REFUSED
    found.end = end.end()
    return Zone(zone) if isinstance(zone, int) else Zone(None, zone)


@cache
def _zone_end() -> re.Pattern[str]:
    return re.compile(crossing(_ZONE_RIGHT))


@FORMS.form(["(", "["], r"[(\[](-)([0-9]{2}):?([0-9]{2})[)\]]", then=["-", *DIGITS])
@FORMS.form("-", r"()-([0-9]{2}):?([0-9]{2})(?![0-9:])", then=DIGITS)
def _offset_west(found: Found) -> Value | Refused:
    """The -05:00 of 2026-12-01T17:00-05:00, of 2026-12-01 17:00 -05:00; 5 December 22:00-05:00 is a range."""
    bracketed, hours, minutes = found.groups[0], found.number(1), found.number(2)
    if hours > 12 or minutes not in (0, 30):
        return REFUSED
    if not bracketed and not _after_west_time(found, hours, minutes):
        return REFUSED
    return Zone(-(hours * 60 + minutes))


_TIME_IN_FRONT = late(
    r"(?:(t)|([-/][0-9]{2}[ ]))?([0-9]{1,2}):([0-9]{2})(:[0-9]{2}(?:[.,][0-9]{1,9})?)?"
    rf"(?:[ ]?({HALF}))?(?:[ ]([a-z]{{2,4}}))?([ ])?$"
)
_INHABITED = range(3, 11)  # hours west of UTC


def _after_west_time(found: Found, hours: int, minutes: int) -> bool:
    """Say whether what stands in front makes an offset of it, no end of a range."""
    low = found.within.low
    clock = _TIME_IN_FRONT.search(low, max(0, found.start - 28), found.start)
    if clock is None:
        return False
    t, year_first, hour_written, minute_written, seconds, half, zone, blank = clock.groups()
    if zone:  # 17:00 EST -05:00 says it twice; 22:00 JST -05:00 is a night
        known = ZONES.get(zone)
        return bool(blank) and (known == -(hours * 60 + minutes) or (not isinstance(known, int) and known is not None))
    if t or seconds:
        return True
    if not blank:  # 22:00-05:00
        return False
    if year_first or low[found.end - 3] != ":":  # 2026-12-01 17:00 -05:00; 17:00 -0500
        return True
    hour = int(hour_written) % 12 + 12 if half in _PM else int(hour_written)
    return hours in _INHABITED and (hour, int(minute_written)) > (hours, minutes)
