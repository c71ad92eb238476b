"""Finds telephone numbers: their shapes, their extensions, and the other numbers that only look alike."""

from __future__ import annotations

from typing import NamedTuple

from ma_template.patterns import late

# In front of a number: no letter, digit or sign it could be a part of, unless a short label is glued to it (TEL03-...).
_FREE = (
    r"(?=[+(0-9])(?:(?<![0-9a-z_@.\\〒+])(?<![0-9a-z]-)(?<![^ ]#)|(?<![0-9])(?=\+)|(?<=[a-z]\.)"
    r"|(?<=tel)|(?<=fax)|(?<=mob)|(?<=tel-)|(?<=fax-)|(?<=cell)|(?<=phone)|(?<=mobile))"
)
# A blank or a bracket does not lead on to a time, a date or a count: "+44 20 7946 0958 (24x7)", 03-5555-0143 9時～.
_NO_TIME = (
    r"(?![0-9]{1,2} ?(?::[0-9]|[x×] ?7\b|[時年月日分名件人]|h(?:ours|rs)?\b|am\b|pm\b|uhr\b|/[0-9]{1,2}(?![0-9])))"
)
_NO_HOURS = r"(?!(?:[0-9]|1[0-9]) ?[-~] ?(?:1[0-9]|2[0-4])(?![0-9]))"
_BRACKET = rf"\( ?{_NO_TIME}{_NO_HOURS}"
_BETWEEN = rf"(?:\) ?[-(]? ?| ?{_BRACKET}| ?[-./]{{1,2}} ?\(?| {_NO_TIME}(?:{_BRACKET})?| ?-?\n ?-?)"
_CANDIDATE = late(rf"{_FREE}(?:\( ?\+?|\+ ?\(?)?[0-9]{{1,15}}+(?:{_BETWEEN}[0-9]{{1,15}}+){{0,11}}+")
# What a candidate may begin with.
_HEAD = late(r"[+(]|[0-9]++")
_NOT_BEHIND = late(
    r" ?(?::[0-9]|[%時年月日分秒名件人円個台歳]|(?!tel|fax|mob|cell|phone)[a-z]{2,}[0-9]"
    r"|(?:h|am|pm|uhr|mb|gb|kb)\b)|[a-wyz_]"
)
_EXTENSION = late(
    r"(?: ?\((?![^()]{0,8}(?:fax|ファ|pag|pgr|beep|ポケ|ペー|phs))[^()\n0-9]{1,12}\))?"  # (代表), not (FAX)
    r"(?:[ ,;、/-]{0,3}|,? ?\n ?(?=(?:x|ext\.?|内線) ?[0-9]))([(\[]?) ?(?:[^()0-9\n:|]{1,6}[、,・ ] ?)?"
    r"(?:extension|extn|xtn|ext|x|#|内線番号|内線電話|内線|内)\)?(?:[. ]{0,2}no)?[ .:=#-]{0,3}"
    r"([0-9]{1,7})(?![0-9:]|/[0-9]) ?([)\]]?)"
)
_CUT = late(r" ?-?\n ?-?| ?/ ?| (?! )")
_NUMBERED = late(r"[0-9]{1,2}[.)] {1,2}(?=[(+0-9])")
_PLAIN_BLANK = late(r"(?<![-./( ]) (?![-./) ])")
_HOUSE = late(r"[1-9][0-9-]{2,6}")
_NO_DIGIT = late(r"[^0-9]+")

_DATE = late(
    r"(?:(?:19|20)[0-9]{2}([-/.])[0-9]{1,2}\1[0-9]{1,2}|[0-9]{1,2}([-/.])[0-9]{1,2}\2(?:19|20)[0-9]{2})(?: .*)?"
)
_BARE_DATE = late(r"20[2-4][0-9](?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
_TIMES = late(r"(?:[01][0-9]|2[0-4])[0-5][0-9] ?- ?(?:[01][0-9]|2[0-4])[0-5][0-9]")
_IP = late(r"(?:(?!0[0-9])(?:[0-9]{1,2}|1[0-9]{2}|2[0-4][0-9]|25[0-5])(?:\.|$)){4}")
_VERSION = late(r"[0-9]{1,2}(?:\.[0-9]{1,3}){2,5}")
_DOTTED_PHONE = late(r"0[0-9](?:\.[0-9]{2}){4}")
_RECORD = late(r"[0-9]-[0-9]{7,}|[0-9]{5}-[0-9]{4}|[0-9]{4}(?:[ -][0-9]{4}){3}")
_POSTCODE = late(r"[0-9]{3}-[0-9]{4}")
_NORTH_AMERICAN = late(r"(?:1[-. ])?\(?[2-9][0-9]{2}\)?[-. /]?[2-9][0-9]{2}[-. ]?[0-9]{4}")
_GROUPED = late(r"[0-9]{1,4}\)?(?:[ .-][0-9]{2,5}){1,5}")


class Number(NamedTuple):
    """A run of digits that could be a number: its place with the extension, its own end, and both without the label."""

    start: int
    end: int
    number: str
    extension: str | None
    digits: int


def find_numbers(low: str) -> list[Number]:
    """Return the runs of digits in a text in lower-case compared form, two numbers on one line kept apart, in order."""
    numbers: list[Number] = []
    at = 0
    while head := _HEAD.search(low, at):
        candidate = _CANDIDATE.match(low, head.start())
        if candidate is None:
            at = head.end()
            continue
        at = candidate.end()
        for start, end in _apart(low, *candidate.span()):
            digits = _count(low[start:end])
            if digits < 3 or (numbers and start < numbers[-1].end):
                continue
            number = low[start:end].replace("\n", " ")
            extension = _EXTENSION.match(low, end) if digits > 5 and _goes_on(low, end) else None
            if extension is None:
                numbers.append(Number(start, end, number, None, digits))
                continue
            closed = extension.end() - (len(extension[3]) if not extension[1] else 0)
            while low[closed - 1] == " ":
                closed -= 1
            numbers.append(Number(start, closed, number, extension[2], digits))
    return numbers


def _count(text: str) -> int:
    return len(_NO_DIGIT.sub("", text))


def _goes_on(low: str, end: int) -> bool:
    """Tell whether something stands behind a number that could change or extend it."""
    behind = low[end : end + 2]
    return behind not in ("", "\n") and (behind[0] != "\n" or behind[1] in " xe内")


def _apart(low: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the numbers of a run: cut where a time or a count begins, split where another number starts."""
    if (bullet := _NUMBERED.match(low, start, end)) and not low[max(0, low.rfind("\n", 0, start) + 1) : start].strip(
        " \t>"
    ):
        start = bullet.end()
    if _goes_on(low, end) and _NOT_BEHIND.match(low, end) and not _EXTENSION.match(low, end):
        end = max((blank.start() for blank in _PLAIN_BLANK.finditer(low, start, end)), default=start)
        if end <= start:
            return []
    spans = []
    begin = start
    for cut in _CUT.finditer(low, start, end):
        if cut.start() - begin < 8 and low[begin] in "+(0" and "\n" not in cut[0]:
            continue  # neither a whole number nor one of the house
        left, right = low[begin : cut.start()], low[cut.end() : end]
        if "\n" in cut[0]:
            whole = not _is_broken(left, right)
        else:
            whole = _is_whole(left, right.partition("\n")[0], slash="/" in cut[0])
        if whole:
            spans.append((begin, cut.start()))
            begin = cut.end()
    if not spans or _count(last := low[begin:end]) > 4 or last.startswith("+") or low[begin - 1] == "\n":
        spans.append((begin, end))
    return [_trimmed(low, *span) for span in spans]


def _is_broken(left: str, right: str) -> bool:
    """Tell whether one number is broken over two lines: "+1 415 555" and "0101"."""
    right = right.partition("\n")[0]
    before, behind = _count(left), _count(right)
    begun = left.startswith(("+", "(+")) or (left.startswith("0") and "-" in left)
    return begun and 5 <= before <= 9 and 3 <= behind <= 8 and 9 <= before + behind <= 13 and right[0] not in "+("


def _is_whole(left: str, right: str, *, slash: bool) -> bool:
    """Tell whether a number ends between the two: the left one is whole, and the right one begins like another."""
    before, behind = _count(left), _count(right)
    if before < 8:
        # a number of the house, and one of the world: 8841／080-1234-5678
        house = _HOUSE.fullmatch(left) is not None and (slash or before > 3)
        return house and behind >= 9 and right.lstrip("(").startswith(("0", "+"))
    if slash:
        return behind >= 7 or behind <= 4
    if left.count("-") >= 2 or before + behind > 15:
        return before >= 9 or before == behind
    return behind >= 9 and right.lstrip("(").startswith("0")


def _trimmed(low: str, start: int, end: int) -> tuple[int, int]:
    """Return the place without a bracket whose other half is elsewhere."""
    if low[start] == "(" and low.count("(", start, end) > low.count(")", start, end):
        start += 1
    while end > start and not low[end - 1].isdigit():
        end -= 1
    return start, end


def is_date(number: str) -> bool:
    """Tell whether the digits spell a date with its year."""
    return bool(_DATE.fullmatch(number))


def looks_like_phone(number: str, digits: int, *, alone: bool, japanese: bool) -> bool:
    """Tell whether digits without any label are meant as a telephone number.

    `alone`: nothing else stands in the item. Dates, times, IP addresses, versions, postcodes and record numbers
    (3-0004412887) are none.
    """
    if number.lstrip("( ").startswith("+"):
        # "+46 8 12" alone is a number cut short, +0900 an offset.
        return digits >= 6 or (alone and digits >= 4 and number.lstrip("( +")[0] != "0")
    if not 7 <= digits <= 16 or _RECORD.fullmatch(number) or _DATE.fullmatch(number) or _TIMES.fullmatch(number):
        return False
    if number.isdigit():
        if _BARE_DATE.fullmatch(number):
            return False
        if number[0] == "0":
            return digits >= 9 and not number.startswith("000")
        return alone and not japanese and 10 <= digits <= 12
    if "." in number and (_IP.fullmatch(number) or _VERSION.fullmatch(number)) and not _DOTTED_PHONE.fullmatch(number):
        return False
    if number.lstrip("(").startswith("0") or "(0)" in number:
        return True
    if japanese:
        if number.startswith("81-") and 11 <= digits <= 12:
            return True  # the country code without its sign
        return alone and digits >= 8 and not _POSTCODE.fullmatch(number)
    if _NORTH_AMERICAN.fullmatch(number):
        return True
    return alone and bool(_GROUPED.fullmatch(number))
