"""The text as given, places in it, and the view in which it is compared.

Inside the library a place is a half-open pair of code-point offsets into the untouched text.
Lines, columns and UTF-16 offsets are worked out here and nowhere else.
"""

from __future__ import annotations

import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate, islice
from typing import NamedTuple, overload

from ma_template.patterns import late

# A line ends at LF, CRLF or a lone CR, and at nothing else (contract, ruling 9).
_LINE_END = late(r"\r\n|\r|\n")
_ROW = late(r"[^\r\n]+")
# Quote marks: > and |, but a row that also ends with | is a table's (ruling 9). Invisible characters may stand before
# each (ruling 6).
_UNSEEN = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
_BLANKS = rf"[\s{_UNSEEN}]*"
_QUOTE = late(rf"{_BLANKS}>\s?(?:[{_UNSEEN}]*>\s?)*|{_BLANKS}[>|]\s?(?:[{_UNSEEN}]*[>|]\s?)*+(?![^\r\n]*\|{_BLANKS}$)")
_ASTRAL = late("[\U00010000-\U0010ffff]")
_LONG_VOWEL_AS_DASH = late(r"(?<=[0-9])ー(?=[0-9(])")


MOST_READ = 2_000  # characters of one line: what a line is, is told by its beginning


# From this length on a text is kept track of with less memory, and places take a little longer.
_LONG = 100_000
_MOST = 1 << 32  # characters


class Span(NamedTuple):
    """A half-open stretch of the text, in code points."""

    start: int
    end: int


class Place(NamedTuple):
    """Where an offset stands: line and column, both counted from 1, the column in code points."""

    line: int
    column: int


def stretches(found: Iterable[Span], text: str) -> Sequence[Span]:
    """Return stretches of a text as a sequence; for a long text, which may have millions of them, in little memory."""
    return list(found) if len(text) < _LONG else _Stretches(found, text)


class _Stretches(Sequence[Span]):
    """Stretches that are made anew each time they are asked for: a list would take fifteen times the memory."""

    __slots__ = ("_bounds",)

    def __init__(self, found: Iterable[Span], text: str) -> None:
        self._bounds = array("I" if len(text) < _MOST else "Q")
        append = self._bounds.append
        for start, end in found:
            append(start)
            append(end)

    def __len__(self) -> int:
        return len(self._bounds) // 2

    def __iter__(self) -> Iterator[Span]:
        bounds = iter(self._bounds)
        return map(Span, bounds, bounds)

    @overload
    def __getitem__(self, at: int) -> Span: ...
    @overload
    def __getitem__(self, at: slice) -> _Stretches: ...
    def __getitem__(self, at: int | slice) -> Span | _Stretches:
        if isinstance(at, slice):
            start, stop, _ = at.indices(len(self))
            part = _Stretches((), "")
            part._bounds = self._bounds[2 * start : 2 * stop]
            return part
        if at < 0:
            at += len(self)
        return Span(self._bounds[2 * at], self._bounds[2 * at + 1])


class Source:
    """An update as given, with the means to say where an offset stands.

    The text is never changed; a line table is made when the first place is asked for.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._step = 1 if len(text) < _LONG else 64

    @cached_property
    def _line_starts(self) -> Sequence[int]:
        """Where lines start: every one in a short text, every `_step`th in a long one, whose lines may be empty."""
        if len(self.text) < _LONG:
            if "\r" not in self.text:  # most updates
                return [0, *accumulate(len(line) + 1 for line in self.text.split("\n")[:-1])]
            return [0, *(match.end() for match in _LINE_END.finditer(self.text))]
        starts = array("Q", (0,))
        starts.extend(match.end() for match in islice(_LINE_END.finditer(self.text), self._step - 1, None, self._step))
        return starts

    def _line_at(self, offset: int) -> tuple[int, int]:
        """Return the line that an offset stands on, and where that line starts."""
        known = bisect_right(self._line_starts, offset)
        start, line = self._line_starts[known - 1], (known - 1) * self._step + 1
        if self._step > 1:
            for match in _LINE_END.finditer(self.text, start):
                if match.end() > offset:
                    break
                start, line = match.end(), line + 1
        return line, start

    @cached_property
    def _astral(self) -> array[int]:
        return array("Q", (match.start() for match in _ASTRAL.finditer(self.text)))

    @property
    def lines(self) -> int:
        """How many lines the text has; one more than it has line ends."""
        return self._line_at(len(self.text))[0]

    def place(self, offset: int) -> Place:
        """Return line and column of an offset (0 to the text's length)."""
        line, start = self._line_at(offset)
        return Place(line, offset - start + 1)

    def places(self, span: Span) -> tuple[int, int, int, int]:
        """Return line and column of a stretch's start, then of its end."""
        start, end = span
        if self._step > 1:
            (line, line_start), (last, last_start) = self._line_at(start), self._line_at(end)
            return line, start - line_start + 1, last, end - last_start + 1
        starts = self._line_starts
        line = last = bisect_right(starts, start)
        if last < len(starts) and starts[last] <= end:
            last = bisect_right(starts, end, last)
        return line, start - starts[line - 1] + 1, last, end - starts[last - 1] + 1

    def line_span(self, line: int) -> Span:
        """Return the span of line number `line` (from 1), without its line end.

        Raises:
            IndexError: there is no such line.
        """
        whole, beyond = divmod(line - 1, self._step)
        ends = _LINE_END.finditer(self.text, self._line_starts[whole])
        start = self._line_starts[whole]
        for _ in range(beyond):
            end = next(ends, None)
            if end is None:
                raise IndexError(f"the text has no line {line}")
            start = end.end()
        last = next(ends, None)
        return Span(start, last.start() if last else len(self.text))

    def utf16(self, offset: int) -> int:
        """Return the offset counted in UTF-16 units, as JavaScript and LSP count."""
        return offset + bisect_left(self._astral, offset)


def rows(text: str, span: Span) -> Iterator[Span]:
    """Return the lines with text in a stretch, without their line ends."""
    for match in _ROW.finditer(text, span.start, span.end):
        if fold(match[0][:MOST_READ]).strip() or len(match[0]) > MOST_READ:
            yield Span(match.start(), match.end())


def quote_marks(row: str) -> int:
    """Return how many characters of a line are quote marks with their blanks (ruling 9)."""
    match = _QUOTE.match(row.replace("＞", ">") if "＞" in row else row)
    return match.end() if match else 0


# ---------------------------------------------------------------------------------------------------------------------
# The comparison view


# Characters that are their own compared form: most Japanese text, and all English, is made of nothing else.
PLAIN = late(r"[\t\n -~、。々〆〇「-】ぁ-ゖァ-ヺー・ヽヾ一-鿿]*")


def is_plain(text: str) -> bool:
    """Return whether every character of a text is its own compared form. False may be wrong."""
    if text.isascii():  # told at once; only vertical tab, form feed and carriage return have another form there
        return not ("\r" in text or "\x0b" in text or "\x0c" in text)
    return PLAIN.fullmatch(text) is not None


def easily_folded(text: str) -> str | None:
    """Return the compared form of a text where it is told without a look at each character, None elsewhere.

    Each character of it is one there.
    """
    if is_plain(text):
        return text
    if text.isascii():
        return None
    # The wide marks in nearly every Japanese answer with a label.
    narrow = text.replace("：", ":").replace("（", "(").replace("）", ")").replace("\u3000", " ")
    return narrow if PLAIN.fullmatch(narrow) else None


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


def resizes(char: str) -> bool:
    """Return whether a character takes no place, or more than one, or its neighbour's in the compared form."""
    _FOLD[ord(char)]
    return char in _FOLD.resizing


def fold(text: str) -> str:
    """Return the compared form of a text, when nobody asks where its characters stood."""
    folded = easily_folded(text)
    if folded is None:
        folded = text.translate(_FOLD)
        if not _FOLD.resizing.isdisjoint(text):
            folded = _fold_by_cluster(text)[0]
    return _LONG_VOWEL_AS_DASH.sub("-", folded) if "ー" in folded else folded


def fold_each(text: str) -> str:
    """Return the compared form of each character by itself, with no mark joined to its letter: quicker."""
    return text.translate(_FOLD)


def lower(text: str) -> str:
    """Return a text in lower case, every character at its place: one whose lower case is longer stays (İ)."""
    low = text.lower()
    if len(low) == len(text):
        return low
    return "".join(small if len(small := char.lower()) == 1 else char for char in text)


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

    __slots__ = ("_bounds", "_pieces", "_shift", "source", "text")

    def __init__(self, source: str, pieces: Iterable[Span]) -> None:
        self.source = source
        self._pieces: list[tuple[int, list[int] | None, list[int] | None]] = []
        self._bounds: list[int] = []  # where each piece begins in `text`
        texts = []
        at = 0
        for start, end in pieces:
            given = source if start == 0 and end == len(source) else source[start:end]
            starts: list[int] | None = None
            ends: list[int] | None = None
            easily = easily_folded(given)
            if easily is not None:
                folded = easily
            else:
                folded = given.translate(_FOLD)
                if not _FOLD.resizing.isdisjoint(given):
                    folded, starts, ends = _fold_by_cluster(given)
            if "ー" in folded:
                folded = _LONG_VOWEL_AS_DASH.sub("-", folded)
            self._pieces.append((start, starts, ends))
            self._bounds.append(at)
            at += len(folded) + 1
            texts.append(folded)
        self.text = texts[0] if len(texts) == 1 else "\n".join(texts)
        # Nearly every answer is one piece whose characters are one for one: then this is the whole way back.
        self._shift = self._pieces[0][0] if len(texts) == 1 and self._pieces[0][1] is None else None

    @classmethod
    def of(cls, text: str) -> View:
        """Return the view of a whole text."""
        return cls(text, (Span(0, len(text)),))

    def span(self, start: int, end: int) -> Span:
        """Return the place in the source of `text[start:end]`."""
        if self._shift is not None:
            return Span(start + self._shift, max(start, end) + self._shift)
        if end <= start:
            at = self._place(start, last=False)
            return Span(at, at)
        return Span(self._place(start, last=False), self._place(end - 1, last=True))

    def _place(self, at: int, *, last: bool) -> int:
        """Return where a character of the view begins in the source, or where it ends."""
        if not self._pieces:
            return 0
        number = bisect_right(self._bounds, at) - 1 if len(self._bounds) > 1 else 0
        start, starts, ends = self._pieces[number]
        within = at - self._bounds[number]
        if starts is None or ends is None:
            return start + within + last
        if within >= len(starts):  # the line break between two pieces
            return start + (ends[-1] if ends else 0)
        return start + (ends[within] if last else starts[within])

    def raw(self, start: int, end: int) -> str:
        """Return what the person wrote where `text[start:end]` stands."""
        span = self.span(start, end)
        return self.source[span.start : span.end]


def _fold_by_cluster(given: str) -> tuple[str, list[int], list[int]]:
    """Fold characters together with their marks; say where each folded character began and ended."""
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at, size = 0, len(given)
    while at < size:
        char = given[at]
        stop = at + 1
        if char == "\r":
            stop += stop < size and given[stop] == "\n"
            folded = "\n"
        else:
            while stop < size and (given[stop] in "ﾞﾟ" or unicodedata.combining(given[stop])):
                stop += 1
            folded = _FOLD[ord(char)] if stop == at + 1 else unicodedata.normalize("NFKC", given[at:stop])
        for piece in folded:
            out.append(piece)
            starts.append(at)
            ends.append(stop)
        at = stop
    return "".join(out), starts, ends
