"""The text as given, places in it, and the view in which it is compared.

Inside the library a place is a half-open pair of code-point offsets into the untouched text.
Lines, columns and UTF-16 offsets are worked out here and nowhere else.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

# A line ends at LF, CRLF or a lone CR, and at nothing else (contract, ruling 9).
_LINE_END = re.compile(r"\r\n|\r|\n")
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_LONG_VOWEL_AS_DASH = re.compile(r"(?<=[0-9])ー(?=[0-9(])")


class Span(NamedTuple):
    """A half-open stretch of the text, in code points."""

    start: int
    end: int


class Place(NamedTuple):
    """Where an offset stands: line and column, both counted from 1, the column in code points."""

    line: int
    column: int


class Source:
    """An update as given, with the means to say where an offset stands.

    The text is never changed; a line table is made when the first place is asked for.
    """

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def _line_starts(self) -> array[int]:
        starts = array("Q", (0,))
        starts.extend(match.end() for match in _LINE_END.finditer(self.text))
        return starts

    @cached_property
    def _astral(self) -> array[int]:
        return array("Q", (match.start() for match in _ASTRAL.finditer(self.text)))

    def place(self, offset: int) -> Place:
        """Return line and column of an offset (0 to the text's length)."""
        line = bisect_right(self._line_starts, offset)
        return Place(line, offset - self._line_starts[line - 1] + 1)

    def line_span(self, line: int) -> Span:
        """Return the span of line number `line` (from 1), without its line end."""
        starts = self._line_starts
        start = starts[line - 1]
        end = starts[line] if line < len(starts) else len(self.text)
        while end > start and self.text[end - 1] in "\r\n":
            end -= 1
        return Span(start, end)

    def utf16(self, offset: int) -> int:
        """Return the offset counted in UTF-16 units, as JavaScript and LSP count."""
        from bisect import bisect_left

        return offset + bisect_left(self._astral, offset)


# ---------------------------------------------------------------------------------------------------------------------
# The comparison view


class _Fold(dict[int, str]):
    """One character to its compared form, worked out at first use and kept: for `str.translate`."""

    resizing: set[str]

    def __init__(self) -> None:
        super().__init__()
        self.resizing = {"\r"}
        self.update(dict.fromkeys(map(ord, "‐‑‒–—―−﹘﹣－"), "-"))
        self.update(dict.fromkeys(map(ord, "〜～∼˜"), "~"))
        self.update({ord("\t"): "\t", ord("\n"): "\n", ord("\r"): "\n"})

    def __missing__(self, code: int) -> str:
        char = chr(code)
        category = unicodedata.category(char)
        if category == "Cf":  # zero-width characters, soft hyphen, direction marks: invisible
            folded = ""
        elif category in ("Zs", "Zl", "Zp") or code in (0x0B, 0x0C, 0x85):
            folded = " "
        elif category == "Cs":  # a lone surrogate
            folded = char
        else:
            folded = unicodedata.normalize("NFKC", char)
            if folded != char and len(folded) > 1:
                folded = folded.replace("\u00a0", " ")
        if len(folded) != 1 or unicodedata.combining(char) or char in "ﾞﾟ":
            self.resizing.add(char)
        self[code] = folded
        return folded


# A memo of single characters, the same whoever fills it; it holds no text.
_FOLD = _Fold()


def fold(text: str) -> str:
    """Return the compared form of a text, when nobody asks where its characters stood."""
    return View.of(text).text


class View:
    """A text as it is compared, with the way back to where each character stood.

    Compared form: NFKC by cluster (half-width kana with their marks), invisible format characters gone, every kind
    of space a blank (tabs stay), line ends `\\n`, dashes `-`, tildes `~`, a long-vowel mark between digits `-`.
    Case stays: names need it. A view may be put together from several pieces of the source (quote marks between
    them left out).

    Attributes:
        text: the compared form.
        source: the text of the whole update, untouched.
    """

    __slots__ = ("_base", "_ends", "_starts", "source", "text")

    def __init__(self, source: str, pieces: Iterable[Span]) -> None:
        self.source = source
        self._starts: list[int] | None = None
        self._ends: list[int] | None = None
        pieces = list(pieces)
        self._base = pieces[0].start if pieces else 0
        if len(pieces) == 1:
            start, end = pieces[0]
            given = source if start == 0 and end == len(source) else source[start:end]
            folded = given if given.isascii() and "\r" not in given else given.translate(_FOLD)
            if folded is given or _FOLD.resizing.isdisjoint(given):
                self.text = folded if given.isascii() else _LONG_VOWEL_AS_DASH.sub("-", folded)
                return
        self._fold_by_cluster(pieces)

    @classmethod
    def of(cls, text: str) -> View:
        """Return the view of a whole text."""
        return cls(text, (Span(0, len(text)),))

    def _fold_by_cluster(self, pieces: list[Span]) -> None:
        out: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        source = self.source
        for number, (start, end) in enumerate(pieces):
            if number:
                out.append("\n")
                starts.append(pieces[number - 1].end)
                ends.append(start)
            at = start
            while at < end:
                char = source[at]
                stop = at + 1
                if char == "\r":
                    stop += stop < end and source[stop] == "\n"
                    folded = "\n"
                else:
                    while stop < end and (source[stop] in "ﾞﾟ" or unicodedata.combining(source[stop])):
                        stop += 1
                    folded = _FOLD[ord(char)] if stop == at + 1 else unicodedata.normalize("NFKC", source[at:stop])
                for piece in folded:
                    out.append(piece)
                    starts.append(at)
                    ends.append(stop)
                at = stop
        self.text = _LONG_VOWEL_AS_DASH.sub("-", "".join(out))
        self._starts, self._ends = starts, ends

    def span(self, start: int, end: int) -> Span:
        """Return the place in the source of `text[start:end]`."""
        if self._starts is None or self._ends is None:
            return Span(self._base + start, self._base + end)
        if start >= end:
            at = self._starts[start] if start < len(self._starts) else (self._ends[-1] if self._ends else self._base)
            return Span(at, at)
        return Span(self._starts[start], self._ends[end - 1])

    def raw(self, start: int, end: int) -> str:
        """Return what the person wrote where `text[start:end]` stands."""
        span = self.span(start, end)
        return self.source[span.start : span.end]
