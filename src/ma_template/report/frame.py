"""A line of the source as a terminal shows it, with the place of a finding in display columns.

Everything here counts three things apart: code points (spans), characters as a reader sees them (an emoji or a kana
with its mark may be several code points), and columns (a kanji is two wide).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ma_template.report import visible

_TAB = 4
_OMITTED = "…"  # one column wide


class Strip(NamedTuple):
    """A line, or the part of it around a finding: `text` has the mark under `offset`, `length` columns wide."""

    text: str
    offset: int
    length: int


class _Cell(NamedTuple):
    text: str
    width: int
    start: int  # code points of the line that the cell shows
    end: int


def display_width(text: str) -> int:
    """Return how many columns a text takes that has been made visible."""
    if text.isascii() or text.replace(_OMITTED, "").isascii():
        return len(text)
    import wcwidth  # no light thing: it is loaded where it is needed

    return max(0, wcwidth.wcswidth(text))


def strip(line: str, start: int, end: int, width: int, encoding: str = "utf-8") -> Strip:
    """Return `line` cut to `width` columns around `line[start:end]`.

    Tabs are expanded, what no terminal shows is made visible, and what `encoding` cannot hold becomes `?`, so that
    the mark stands right everywhere. Time depends on `width`, not on the length of the line.
    """
    width = max(width, 12)
    if len(line) <= width and line.isascii() and line.isprintable():  # a column is a character
        start, end = min(start, len(line)), min(end, len(line))
        return Strip(line.rstrip(), start, max(1, end - start))
    first = max(0, start - 2 * width)
    last = min(len(line), max(start, min(end, start + width)) + 2 * width)
    cells = list(_cells(line[first:last], first, encoding))
    opening = next((at for at, cell in enumerate(cells) if cell.end > start), len(cells))
    closing = next((at for at, cell in enumerate(cells) if cell.start >= end), len(cells))
    closing = max(closing, opening)
    left, right = 0, len(cells)
    if first > 0 or last < len(line) or sum(cell.width for cell in cells) > width:
        left, right = _window([cell.width for cell in cells], opening, width, first > 0, last < len(line))
    more = _OMITTED if _holds(encoding, _OMITTED) else "~"
    before = more if left > 0 or first > 0 else ""
    after = more if right < len(cells) or last < len(line) else ""
    offset = len(before) + sum(cell.width for cell in cells[left:opening])
    length = sum(cell.width for cell in cells[opening : min(closing, right)])
    shown = before + "".join(cell.text for cell in cells[left:right]) + after
    return Strip(shown.rstrip(), offset, max(1, length))


def _window(widths: list[int], opening: int, width: int, cut_before: bool, cut_after: bool) -> tuple[int, int]:
    """Choose the cells to show: a little of what stands before the place, as much from there on as fits, and what is
    left over for what stands before again.
    """
    left = opening
    if not cut_before and sum(widths[:opening]) <= width // 2:
        left = 0
    else:
        context = width // 4
        while left > 0 and widths[left - 1] <= context:
            left -= 1
            context -= widths[left]
    room = width - (cut_before or left > 0) - sum(widths[left:opening])
    right = opening
    while right < len(widths) and widths[right] <= room:
        room -= widths[right]
        right += 1
    while right > opening and room < 1 and (cut_after or right < len(widths)):  # place for the sign of omission
        right -= 1
        room += widths[right]
    if not cut_after and right == len(widths):
        while left > 0 and widths[left - 1] <= room:
            left -= 1
            room -= widths[left]
    return left, right


def _cells(text: str, at: int, encoding: str) -> Iterator[_Cell]:
    column = 0
    for piece in characters(text):
        if piece == "\t":
            shown, width = " " * (_TAB - column % _TAB), _TAB - column % _TAB
        else:
            shown = visible(piece)
            if not _holds(encoding, shown):
                shown = "?"
            width = display_width(shown)
        yield _Cell(shown, width, at, at + len(piece))
        at += len(piece)
        column += width


def characters(text: str) -> Iterator[str]:
    """Yield the characters as a reader sees them."""
    if text.isascii():
        return iter(text)
    import wcwidth

    return iter(wcwidth.iter_graphemes(text))


def _holds(encoding: str, text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def excerpt(text: str, width: int) -> str:
    """Return the beginning of a text on one line, cut with a sign of omission to `width` columns."""
    shown = visible(" ".join(text[: 8 * width].split()))
    if len(text) <= 8 * width and display_width(shown) <= width:
        return shown
    if shown.isascii():
        return shown[: width - 1].rstrip() + _OMITTED
    out: list[str] = []
    taken = 1
    for piece in characters(shown):
        taken += display_width(piece)
        if taken > width:
            break
        out.append(piece)
    return "".join(out).rstrip() + _OMITTED
