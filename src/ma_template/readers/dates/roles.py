"""Which dates say when the fix is needed: `resolve_by`; every other date is a milestone's (contract, section 2)."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache

from ma_template.patterns import late
from ma_template.readers.dates.resolve import Reading
from ma_template.readers.dates.words import LETTERS, WORDS, Phrases, one_of, pattern_of, spellings
from ma_template.readers.dates.wrapping import HARD
from ma_template.readers.values import Role

_ROLES = {name: spellings(words) for name, words in WORDS["roles"].items()}
_WIDEST = 90  # a label or a wish stands no further from its date
_FEW = 16  # marks and fillers between a label and its date

Mark = tuple[int, int, str]
"""Where a phrase begins and ends, and what it does."""


def _phrases(*names: str) -> Phrases[str]:
    # What the tables' blanks stand for may be a line break of any kind here: Resolve, and below, by 5 December.
    return Phrases({word: name for name in names for word in _ROLES[name]}, blank=r"[\s-]")


LABELS = _phrases("milestone", "resolve")
_WISHES = _phrases("wanted", "need")
_VETOES = _phrases("veto")
_UNTIL = _phrases("until")
_FILLERS = _phrases("fillers")
_RESOLVE_AFTER = _phrases("resolve_after")
# The last words of the phrases for until.
_UNTIL_ENDS = frozenset(word.rpartition(" ")[2] for word in _ROLES["until"])

# A new clause begins behind a full stop, a semicolon, a blank line, a line end before a bullet or number.
_LATIN = late("[a-z]{1,40}")
_CLAUSE_END = late(r"[.!?](?=\s)|[;。]|[\n\f](?=[ \t]{0,8}(?:[\n\f]|[-*•・▪■●○◆(\[【]|[0-9]{1,2}[.)]))")
_MARKS = frozenset(" \t\n\f()[]<>】」』:=,*|~→・、-")
_COLON = late(r"[^;。\n\f]{0,40}[:=]\s{0,4}")
_NO_MORE_THAN_A_FEW = late(r"[^。\n\f]{0,12}")
_TO_DATE = late("[ ,]{0,2}(?:the |on |about |around |around the )?")
_NOT_TO = late(r"[ \n]to(?![a-z])")
_LINE_ENDS = ("", "\n", HARD)
_BEHIND = late(r"[ )\]]{0,3}(\()?(?:[=:,-]{1,2} ?)?(?:is |as |= )?")


def roles(low: str, words: list[tuple[str, int]], dates: list[Reading]) -> list[Role]:
    """Return the role of each date.

    Args:
        low: the text in lower case.
        words: the words with which a label may begin, and where they stand.
        dates: the dates, in order.
    """
    labels = _labels(low, words) if words else []
    japanese = not low.isascii()
    found: list[Role] = []
    end_before, count = 0, len(dates)
    for index, date in enumerate(dates):
        start, end = date.start, date.end
        left = start - _WIDEST if start - _WIDEST > end_before else end_before
        following = dates[index + 1].start if index + 1 < count else len(low)
        right = end + _WIDEST if end + _WIDEST < following else following
        needed = (
            (japanese and _wished_behind(low, left, start, end, right))
            or (labels and _labelled(low, left, start, labels))
            or _wished(low, left, start)
            or (
                low[end : end + 1] not in _LINE_ENDS
                and _named_behind(low, end, right, another=index + 1 < count and right == following)
            )
            or (index > 0 and found[-1] == "resolve_by" and _goes_on(low[left:start]))
        )
        found.append("resolve_by" if needed else "milestone")
        end_before = end
    return found


def _labels(low: str, words: list[tuple[str, int]]) -> list[Mark]:
    """Return the labels of a text, from left to right; none where none says that the fix is needed."""
    labels: list[Mark] = []
    reached, asking = 0, False
    for word, start in words:
        if start >= reached:
            hit = LABELS.after(word, low, start)
            if hit is not None:
                kind, reached = hit
                labels.append((start, reached, kind))
                asking = asking or kind == "resolve"
    return labels if asking else []


def _phrases_in(words: Phrases[str], low: str, start: int, end: int) -> list[Mark]:
    """Return the phrases of a stretch, from left to right."""
    marks: list[Mark] = []
    for word in _LATIN.finditer(low, start, end):
        at = word.start()
        if word[0] in words.heads and (not marks or at >= marks[-1][1]):
            hit = words.after(word[0], low, at)
            if hit is not None and hit[1] <= end:
                marks.append((at, hit[1], hit[0]))
    return marks


def _clause(low: str, left: int, start: int) -> int:
    """Return where the clause begins that goes on to a place."""
    return max((match.end() for match in _CLAUSE_END.finditer(low, left, start)), default=left)


# ---------------------------------------------------------------------------------------------------------------------
# Before the date


def _labelled(low: str, left: int, start: int, labels: list[Mark]) -> bool:
    """Resolve by: 1 December; the nearest label counts."""
    nearest = bisect_left(labels, (start,)) - 1
    if nearest < 0:
        return False
    at, end, kind = labels[nearest]
    if kind != "resolve" or at < left or end > start or _CLAUSE_END.search(low, at, start):
        return False
    rest = low[end:start]
    if not low[at] < "\x80" and _NO_MORE_THAN_A_FEW.fullmatch(rest):
        return True
    return _adjacent(rest) or _COLON.fullmatch(rest) is not None


def _adjacent(rest: str) -> bool:
    """Say whether there is nothing but marks and fillers."""
    at, count, size = 0, 0, len(rest)
    while at < size and count < _FEW:
        if rest[at] in _MARKS:
            at += 1
        else:
            hit = _FILLERS.at(rest, at)
            if hit is None:
                return False
            at = hit[1]
        count += 1
    return at >= size


def _wished(low: str, left: int, start: int) -> bool:
    """We need the fix, tested, by 1 December."""
    before = low[max(left, start - 20) : start].rstrip(" ,")
    if before[-1:] not in LETTERS:
        return False
    before = before.removesuffix(" the").removesuffix(" on").removesuffix(" about").removesuffix(" around")
    before = before.rstrip(" ,")
    if before[len(before.rstrip(LETTERS)) :] not in _UNTIL_ENDS:
        return False
    clause = _clause(low, left, start)
    until = (at for at, end, _ in _phrases_in(_UNTIL, low, clause, start) if _TO_DATE.fullmatch(low, end, start))
    by = next(until, None)
    if by is None:
        return False
    for _, end, kind in _phrases_in(_WISHES, low, clause, by):
        if kind == "wanted" or not (_NOT_TO.match(low, end, by) or _phrases_in(_VETOES, low, end, by)):
            return True
    return False


# ---------------------------------------------------------------------------------------------------------------------
# Behind the date


def _named_behind(low: str, end: int, right: int, another: bool) -> bool:
    """1 December 2026 is the resolve-by date; but not where the name belongs to the date that follows."""
    match = _BEHIND.match(low, end, right)
    hit = _RESOLVE_AFTER.at(low, match.end()) if match else None
    if match is None or hit is None or hit[1] > right:
        return False
    return bool(match[1]) or not another or not _adjacent(low[hit[1] : right])


def _goes_on(before: str) -> bool:
    """... or 3 December at the latest."""
    return HARD not in before and before != "\n" and _adjacent(before)


# ---------------------------------------------------------------------------------------------------------------------
# Japanese: 12月10日までに解決; 解決は12月10日まで

_UNTIL_HEADS = frozenset(word[0] for word in _ROLES["until_ja"])


def _wished_behind(low: str, left: int, start: int, end: int, right: int) -> bool:
    within = low[end - 1] == "中"
    if not within and low[end : end + 4].lstrip(" \n)]")[:1] not in _UNTIL_HEADS:
        return False
    wished, until, subject = _patterns_ja()
    if wished.match(low, end, right):
        return True
    if not within and not until.match(low, end, right):
        return False
    return subject.search(low, _clause(low, left, start), start) is not None


@cache
def _patterns_ja() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    until = rf"[ \n)\]]{{0,3}}{one_of(_ROLES['until_ja'])}"
    unwanted = rf"(?!{one_of(_ROLES['wanted_not_ja'])})"
    blanks = f"{pattern_of(' ')}+"  # all that are there, so that they are not divided in every way
    wished = (
        rf"{until}(?:(?:{one_of(_ROLES['fillers_ja'])}|{blanks}){{0,6}}{unwanted}{one_of(_ROLES['wanted_ja'])}"
        rf"|[^。、\f]{{0,12}}?(?<![未])(?<!法改正){unwanted}{one_of(_ROLES['wanted_most_ja'])})"
    )
    subject = rf"{one_of(_ROLES['subject_ja'])}{one_of(_ROLES['particles_ja'])}[^。\f]{{0,6}}$"
    return re.compile(wished), re.compile(until), re.compile(subject)
