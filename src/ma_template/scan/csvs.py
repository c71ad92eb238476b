"""CSV with a header line (RFC 4180; also with other separators), records over several lines included.

Where a record ends only the quotes tell, so the file is cut into records by one process (`cut`) and the cells are
read by many (`read`): by pyarrow, and where it refuses a block, by Python record by record.
"""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import pyarrow as pa
import pyarrow.csv as pc

from ma_template.scan.inputs import Input, Stream
from ma_template.scan.problems import failed, no_column
from ma_template.scan.rows import Columns, Gathered, Rows

_BLOCK = 1 << 20
_MARK = b"\xef\xbb\xbf"


class Layout(NamedTuple):
    """How a file is laid out: separator, number of columns, where those that are read stand, bytes of the header."""

    separator: str
    width: int
    places: tuple[int, ...]
    head: int


class Cut(NamedTuple):
    """A stretch of a file: whole records (`data`), or one that cannot be read (`fault`)."""

    start: int
    end: int
    data: bytes
    fault: str | None = None


@cache
def _record(separator: bytes) -> re.Pattern[bytes]:
    """Return the pattern of a record with its line end. A quote means something at the beginning of a cell only."""
    plain = rb"[^%s\r\n]*+" % re.escape(separator)
    cell = rb'(?:"[^"]*+(?:""[^"]*+)*+"(?!")%s|(?!")%s)' % (plain, plain)
    return re.compile(rb"%s(?:%s%s)*+(?:\n|\r\n|\r(?=[^\n]))" % (cell, re.escape(separator), cell))


def look(given: Input, stream: Stream, columns: Columns, encoding: str, separator: str | None, largest: int) -> Layout:
    """Return the layout, which the header tells.

    Raises:
        ScanError: a column is not there, or the file is no CSV.
    """
    if separator is None:
        separator = "\t" if ".tsv" in given.path.lower()[-8:] else ","
    head = next(cut(stream, separator, 1, largest), None)
    if head is None or head.fault:
        raise failed(given.path, "scan-no-header")
    text = head.data.removeprefix(_MARK).decode("utf-8" if encoding == "auto" else encoding, "replace")
    names = next(csv.reader(io.StringIO(text, newline=""), delimiter=separator), [])
    places = []
    for name in columns.names:
        if name not in names:
            raise no_column(given.path, name, [name for name in names if name.isprintable()])
        if names.count(name) > 1:
            raise failed(given.path, "scan-column-twice", given=name)
        places.append(names.index(name))
    return Layout(separator, len(names), tuple(places), head.end)


def cut(stream: Stream, separator: str, size: int, largest: int) -> Iterator[Cut]:
    """Yield the file cut between records, about `size` bytes at a time; a record longer than `largest` by itself."""
    record = _record(separator.encode())
    data, at, offset = b"", 0, 0  # `data` stands at `offset` in the file, and holds whole records up to `at`
    ended = False
    while not ended:
        # A record that goes on is matched anew with each block: as much again is read, so that this stays linear.
        block = stream.read(max(min(max(size, _BLOCK), 8 * _BLOCK), len(data) - at))
        ended = not block
        data += block or (b"" if not data or data.endswith(b"\n") else b"\n")  # the last line may lack its end
        while found := record.match(data, at):
            end = found.end()
            if end - at > largest + 2:
                if at:
                    yield Cut(offset, offset + at, data[:at])
                yield Cut(offset + at, offset + end, b"", "too-large")
                data, at, offset = data[end:], 0, offset + end
            elif end >= size:
                yield Cut(offset, offset + end, data[:end])
                data, at, offset = data[end:], 0, offset + end
            else:
                at = end
        if at and (ended or len(data) - at > largest):
            yield Cut(offset, offset + at, data[:at])
            data, at, offset = data[at:], 0, offset + at
        if ended and data:  # a quote that is never closed
            yield Cut(offset, offset + len(data), b"", "malformed")
        elif len(data) - at > largest:
            start = offset
            data, offset, closed = _skip(stream, separator.encode(), data, offset)
            yield Cut(start, offset, b"", "too-large" if closed else "malformed")


def _skip(stream: Stream, separator: bytes, data: bytes, offset: int) -> tuple[bytes, int, bool]:
    """Pass by a long record; return what comes after it, the offset of that, and whether the record has an end."""
    special = re.compile(rb'["\r\n%s]' % re.escape(separator))
    state, behind = "begin", 0  # of a cell; inside quotes: quoted; just behind a quote in there: quote; else plain
    while data:
        for found in special.finditer(data):
            char = found.group()
            if state == "quoted":
                if char == b'"':
                    state, behind = "quote", found.end()
                continue
            if state == "quote":
                if char == b'"' and found.start() == behind:
                    state = "quoted"
                    continue
                state = "plain"
            if char == separator:
                state, behind = "begin", found.end()
            elif char == b'"':
                if state == "begin" and found.start() == behind:
                    state = "quoted"
            else:
                end = found.end()
                if char == b"\r" and data[end : end + 1] == b"\n":
                    end += 1
                return data[end:], offset + end, True
        offset += len(data)
        behind -= len(data)
        data = stream.read(_BLOCK)
    return b"", offset, state != "quoted"


def read(data: bytes, layout: Layout, columns: Columns) -> Iterator[Rows]:
    """Yield the rows of whole records. All cells are bytes; what is nothing is an empty text."""
    yield _parsed(data, layout, columns) or _one_by_one(data, layout, columns)


def _parsed(data: bytes, layout: Layout, columns: Columns) -> Rows | None:
    names = [str(place) for place in range(layout.width)]
    wanted = [str(place) for place in layout.places]
    try:
        table = pc.read_csv(
            pa.BufferReader(data),
            read_options=pc.ReadOptions(use_threads=False, block_size=len(data) + 1, column_names=names),
            parse_options=pc.ParseOptions(delimiter=layout.separator, newlines_in_values=True),
            convert_options=pc.ConvertOptions(
                include_columns=wanted, column_types=dict.fromkeys(wanted, pa.binary()), strings_can_be_null=False
            ),
        )
    except (pa.ArrowInvalid, pa.ArrowCapacityError):
        return None
    batches = table.combine_chunks().rename_columns(columns.names).to_batches()
    return Rows(batches[0], {}, None, len(batches[0])) if len(batches) == 1 else None


def _one_by_one(data: bytes, layout: Layout, columns: Columns) -> Rows:
    csv.field_size_limit(sys.maxsize)
    gathered = Gathered(columns)
    number = 0
    # Latin-1 keeps every byte as it is.
    for row in csv.reader(io.StringIO(data.decode("latin-1"), newline=""), delimiter=layout.separator):
        if not row:
            continue
        number += 1
        if len(row) == layout.width:
            gathered.add(number, [row[place].encode("latin-1") for place in layout.places])
        else:
            gathered.add(number, [], "malformed")
    return gathered.rows(pa.large_binary(), number)
