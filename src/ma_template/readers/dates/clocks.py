"""Forms of times of day and zones."""

from __future__ import annotations

from typing import Literal

from ma_template.readers.dates.forms import (
    CLOCK_UNIT,
    HALF,
    NUMBER,
    NUMERALS,
    YEAR_NUMBER,
    ZONE,
    ZONES,
    B,
    Forms,
    Found,
    N,
)
from ma_template.readers.dates.pieces import Clock, Vague, Value, Zone
from ma_template.readers.dates.words import WORDS, key, number, one_of

CLOCKS = Forms()

_CLOCK, _ZONES = WORDS["clock"], WORDS["zones"]
_HALVES = _CLOCK["am"] + _CLOCK["pm"]
_DAYTIMES = _HALVES + _CLOCK["morning"] + _CLOCK["evening"]
_NEXT_DAY = one_of(_CLOCK["next_day"])
_AREA = rf"{one_of(_ZONES['areas'])}/[a-z_]{{2,20}}(?:/[a-z_]{{2,20}})?"


def _half(word: str | None, hour: int) -> tuple[Literal["am", "pm", ""], int]:
    """Return am, pm or open, and the hour that a word for a part of the day makes of it."""
    word = key(word or "")
    if word in _CLOCK["am"]:
        return "am", hour
    if word in _CLOCK["pm"]:
        return "pm", hour
    if word in _CLOCK["evening"]:
        return "", hour + 12 if (1 if word == "昼" else 4) <= hour < 12 else hour
    return "", hour


@CLOCKS.form(
    [*NUMBER, *NUMERALS, *_CLOCK["next_day"], *_DAYTIMES],
    rf"(?:(?<![a-z])|(?<=[0-9]t))(?:({_NEXT_DAY}){B}の?{B})?(?:({one_of(_DAYTIMES)}){B}の?{B})?(?<![0-9:.])"
    rf"(?:([0-9]{{1,2}}):([0-9]{{2}})(?::[0-9]{{2}}(?:[.,][0-9]{{1,9}})?)?(?![0-9:])|({N}){B}時(?:{B}({N}){B}分|{B}(半))?(?!間|点|代|短))"
    rf"(?:{B}({HALF}))?(?:{B}{CLOCK_UNIT})?(?:,?{B}\(?({_NEXT_DAY})\)?)?",
)
def _clock(found: Found) -> Value | None:
    """17:00, 5:30 PM, 午後5時半, 翌6:00, 22:00 next day."""
    next_day, word, hour, minute, ja_hour, ja_minute, ja_half, half_word, next_day_behind = found.groups
    minutes = 30 if ja_half else number(minute or ja_minute or "0")
    half, hours = _half(half_word or word, number(hour or ja_hour or "0"))
    if hours > 29 or minutes > 59:
        return None
    return Clock(hours, minutes, half, bool(next_day or next_day_behind))


@CLOCKS.form(
    NUMBER,
    rf"(?<![0-9:.a-z])([0-9]{{1,2}})(?:[.:]([0-9]{{2}}))?"
    rf"(?:{B}({HALF})|(?={B}(?:-|~|to|until){B}[0-9]{{1,2}}(?:[.:][0-9]{{2}})?{B}({HALF})))(?![0-9])",
)
def _clock_with_half(found: Found) -> Value | None:
    """5 pm, 5.30pm, the 9 of 9-11 am."""
    hour, minute, word, word_ahead = found.groups
    half, hours = _half(word or word_ahead, int(hour or 0))
    if (hours > 12 and not minute) or hours > 23 or int(minute or 0) > 59:
        return None
    return Clock(hours, int(minute or 0), half if word else "")


@CLOCKS.form(_HALVES, rf"(?<![a-z])({HALF}){B}([0-9]{{1,2}})(?![0-9:/.-])(?:時)?")
def _half_in_front(found: Found) -> Value | None:
    """PM 5."""
    half, hours = _half(found.groups[0], found.number(1))
    return Clock(hours, 0, half) if hours <= 12 else None


@CLOCKS.form(
    YEAR_NUMBER, rf"(?<![0-9:.a-z/-])([01][0-9]|2[0-4])([0-5][0-9])(?= ?(?:{CLOCK_UNIT}|{ZONE}))(?: ?{CLOCK_UNIT})?"
)
def _four_digits(found: Found) -> Value:
    """1700 hrs, 0900 JST."""
    return Clock(found.number(0), found.number(1))


@CLOCKS.form(NUMBER, rf"(?<![0-9:.a-z/-])([0-9]{{1,2}})(?:[.h:]([0-5][0-9]))? ?(?:{CLOCK_UNIT})(?![a-z0-9])")
@CLOCKS.form(NUMBER, r"(?<![0-9:.a-z/-])([01]?[0-9]|2[0-4])h([0-5][0-9])(?![a-z0-9])")
@CLOCKS.form(NUMBER, rf"(?<![0-9:.a-z/-])([01][0-9]|2[0-4])\.([0-5][0-9])(?= ?{ZONE})")
def _hour(found: Found) -> Value | None:
    """17h, 17h30, 17.30 Uhr."""
    return Clock(found.number(0), found.number(1)) if found.number(0) <= 24 else None


@CLOCKS.form(_CLOCK["noon"], rf"(?<![a-z0-9]){one_of(_CLOCK['noon'])}(?!過ぎ)")
def _noon(found: Found) -> Value:
    """Noon, 正午."""
    return Clock(12, 0)


@CLOCKS.form(_CLOCK["vague"], rf"(?<![a-z0-9])({one_of(_CLOCK['vague'])})")
def _vague(found: Found) -> Value:
    """EOD, 終業: the day stays a day."""
    return Vague(key(found.groups[0] or "") in _CLOCK["closing"])


_OFFSET = r"([+-])([0-9]{1,2})(?::?([0-9]{2}))?(?![0-9/.:-])"


@CLOCKS.form(
    ["(", "[", "+", "utc", "gmt", *_ZONES["areas"], *ZONES],
    rf"(?:(?<=[0-9])|(?<![a-z0-9/]))[(\[]?"
    rf"(?:(?:utc|gmt){B}{_OFFSET}|({_AREA})|([+]{B}[0-9]{{2}}(?::?[0-9]{{2}})?)|({ZONE}))(?: ?time)?"
    r"(?![a-z])(?:(?<![a-z])|(?![0-9]))[)\]]?",
)
def _zone(found: Found) -> Value:
    """JST, UTC+9, (+09:00), Europe/Berlin."""
    sign, hours, minutes, area, offset, name = found.groups
    if sign:
        return Zone((int(hours or 0) * 60 + int(minutes or 0)) * (-1 if sign == "-" else 1))
    if offset:
        digits = offset.strip("+ \t").replace(":", "")
        return Zone(int(digits[:2]) * 60 + int(digits[2:] or "0"))
    if area:
        return Zone(None, found.within.text[found.start : found.end].strip("()[] "))
    zone = key(name or "")
    if zone in _ZONES["offsets"]:
        return Zone(_ZONES["offsets"][zone])
    return Zone(None, _ZONES["names"].get(zone, ""))


@CLOCKS.form("-", r"(?<=t[0-9]{2}:[0-9]{2})-([0-9]{2}):?([0-9]{2})(?![0-9:])")
@CLOCKS.form("-", r"(?<=t[0-9]{2}:[0-9]{2}:[0-9]{2})-([0-9]{2}):?([0-9]{2})(?![0-9:])")
def _offset_west(found: Found) -> Value:
    """The -05:00 of 2026-12-01T17:00-05:00."""
    return Zone(-(found.number(0) * 60 + found.number(1)))
