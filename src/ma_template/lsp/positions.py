"""Places of the library to positions of the protocol, and back, in the encoding that the editor asked for."""

from __future__ import annotations

from lsprotocol import types
from pygls.workspace import PositionCodec

from ma_template.source import Source


class Positions:
    """Converts offsets in code points. The protocol counts lines from 0 and units of UTF-8, UTF-16 or UTF-32.

    Lines end at LF, CRLF and CR in both worlds. (The lines of pygls end at eight characters more.)
    """

    def __init__(self, text: str, codec: PositionCodec) -> None:
        self._source = Source(text)
        self._codec = codec

    def position(self, offset: int) -> types.Position:
        """Return where an offset stands."""
        line, column = self._source.place(offset)
        before = self._source.text[offset - column + 1 : offset]
        return types.Position(line - 1, self._codec.client_num_units(before))

    def range(self, start: int, end: int) -> types.Range:
        """Return a half-open stretch."""
        return types.Range(self.position(start), self.position(end))

    def offset(self, position: types.Position) -> int:
        """Return the offset of a position. One behind its line's end, or inside a character, counts as before it."""
        if position.line >= self._source.lines:
            return len(self._source.text)
        start, end = self._source.line_span(position.line + 1)
        left = position.character
        for at in range(start, end):
            left -= self._codec.client_num_units(self._source.text[at])
            if left < 0:
                return at
        return end
