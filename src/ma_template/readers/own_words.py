"""A company's own words are read as the known words that they stand for: no reader has to know of them."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache
from typing import NamedTuple

from ma_template.additions import Additions
from ma_template.patterns import late
from ma_template.readers.vocabulary import any_of, spellings
from ma_template.source import Span, View, fold, lower
from ma_template.wording import table

# What an own word for an open answer is read as. It stands for one only as a whole item, not within a sentence.
_OPEN = {"en": "TBD", "ja": "未定"}
_ITEM_BEGINS = r"(?:(?<=[\n:=,、;/|(\[【】・•*\-\tは])|^) ?"
_ITEM_ENDS = r"(?= ?(?:$|[\n.。,、;/|)\]!]))"
_SHAPED = late(r"[\-~…]")  # what stands for several characters in our tables


class _OwnWords(NamedTuple):
    pattern: re.Pattern[str]
    known: dict[str, str]


class Reworded(View):
    """A view in which some words stand for others; places are those of the words as written."""

    __slots__ = ("_new_ends", "_shifts", "_written")

    def __init__(self, written: View, changes: list[tuple[int, int, str]]) -> None:
        self.source = written.source
        self._written = written
        self._new_ends: list[int] = []  # where each change ends in the new text
        self._shifts: list[tuple[int, int, int]] = []  # where each begins in the new text; its place in the old one
        parts, at, new = [], 0, 0
        for start, end, word in changes:
            parts += [written.text[at:start], word]
            new += start - at
            self._shifts.append((new, start, end))
            new += len(word)
            self._new_ends.append(new)
            at = end
        self.text = "".join((*parts, written.text[at:]))

    def span(self, start: int, end: int) -> Span:
        """Return the place in the source of `text[start:end]`."""
        if end <= start:
            at = self._old(start, last=False)
            return self._written.span(at, at)
        return self._written.span(self._old(start, last=False), self._old(end - 1, last=True) + 1)

    def _old(self, at: int, *, last: bool) -> int:
        """Return the place in the written view of a character of the new text: of a word, its first or last."""
        number = bisect_right(self._new_ends, at)
        if number < len(self._shifts):
            begins, start, end = self._shifts[number]
            if at >= begins:
                return end - 1 if last else start
        if not number:
            return at
        return self._shifts[number - 1][2] + at - self._new_ends[number - 1]


def reworded(view: View, additions: Additions, section: str) -> View:
    """Return the view with a company's words read as the known ones that they stand for."""
    low = lower(view.text)
    found: list[tuple[int, int, str]] = []
    for own in (_placeholders(additions), _milestones(additions) if section == "milestone" else None):
        if own is not None:
            for match in own.pattern.finditer(low):
                found.append((*match.span("word"), own.known[_plain(match["word"])]))
    changes: list[tuple[int, int, str]] = []
    for change in sorted(found):
        if not changes or changes[-1][1] <= change[0]:  # of two that overlap, the first
            changes.append(change)
    return Reworded(view, changes) if changes else view


def _plain(word: str) -> str:
    return re.sub(r"[ \-\n]", "", word)


def _language(word: str) -> str:
    return "en" if word.isascii() else "ja"


def _compared(word: str) -> str:
    return _SHAPED.sub(" ", fold(word)).lower().strip()


@lru_cache(16)
def _placeholders(additions: Additions) -> _OwnWords | None:
    words = {_compared(word): _OPEN[_language(word)] for word in additions.placeholders}
    english = [word for word in words if _language(word) == "en"]
    japanese = [word for word in words if _language(word) == "ja"]  # what may follow one, the reader knows
    forms = [f"{any_of(english)}{_ITEM_ENDS}"] if english else []
    forms += [any_of(japanese)] if japanese else []
    return _compiled(words, f"{_ITEM_BEGINS}(?P<word>{'|'.join(forms)})")


@lru_cache(16)
def _milestones(additions: Additions) -> _OwnWords | None:
    categories = table("words/milestones")["categories"]
    words = {}
    for category, word in additions.milestones:
        known = spellings(categories[category][_language(word)])
        words[_compared(word)] = next((plain for plain in known if not _SHAPED.search(plain)), known[0])
    return _compiled(words, f"(?P<word>{any_of(words)})" if words else "")


def _compiled(words: dict[str, str], pattern: str) -> _OwnWords | None:
    if not words:
        return None
    return _OwnWords(re.compile(pattern, re.MULTILINE), {_plain(word): known for word, known in words.items()})
