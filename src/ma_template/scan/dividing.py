"""A scan's input cut into units of work, always in the same way, so that a scan can go on where it was ended."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import pyarrow as pa

from ma_template.scan import csvs, jsonlines, parquets
from ma_template.scan.inputs import STANDARD_INPUT, Input, Stream
from ma_template.scan.problems import failed_by
from ma_template.scan.rows import Columns, Gathered, Rows


class Unit(NamedTuple):
    """A piece of an input: what one process reads at a time, and one part of the results.

    `start` and `end` are offsets in the file `path`: the input itself, or one into which it was unpacked (`spooled`).
    Of Parquet `start` is the number of the row group. `fault`: one row that cannot be read. `weight` is what the unit
    stands for, in bytes of the input.
    """

    number: int
    source: int
    path: str
    start: int
    end: int
    weight: int
    layout: csvs.Layout | None = None
    spooled: bool = False
    fault: str | None = None


class Reading(NamedTuple):
    """How inputs are read: `size` is how many bytes are read at a time, `largest` the most that a row may have."""

    columns: Columns
    encoding: str
    separator: str | None
    size: int
    largest: int


class Looked(NamedTuple):
    """What a look at an input told: the layout of a CSV file, the sizes of a Parquet file's row groups."""

    layout: csvs.Layout | None = None
    groups: tuple[int, ...] = ()


def look(given: Input, reading: Reading) -> Looked:
    """Look whether an input is what it should be.

    Raises:
        ScanError: it is not.
    """
    if given.kind == "parquet":
        return Looked(groups=tuple(parquets.look(given, reading.columns)))
    if given.path == STANDARD_INPUT:
        return Looked()
    with contextlib.closing(Stream(given)) as stream:
        if given.kind == "csv":
            return Looked(
                csvs.look(given, stream, reading.columns, reading.encoding, reading.separator, reading.largest)
            )
        jsonlines.look(given, stream, reading.columns)
    return Looked()


def units(
    inputs: Sequence[Input], looked: Sequence[Looked], reading: Reading, spool: Callable[[int, bytes], str]
) -> Iterator[Unit]:
    """Yield the units of all inputs, in order. `spool(number, data)` keeps unpacked data in a file; it gives the path.

    Raises:
        ScanError: an input cannot be read any further.
    """
    number = 0
    for source, (given, known) in enumerate(zip(inputs, looked, strict=True)):
        for piece in _pieces(given, known, reading):
            unit = Unit(
                number, source, given.path, piece.start, piece.end, piece.weight, known.layout, False, piece.fault
            )
            if piece.data is not None:
                unit = unit._replace(path=spool(number, piece.data), start=0, end=len(piece.data), spooled=True)
            yield unit
            number += 1


class _Piece(NamedTuple):
    start: int
    end: int
    weight: int
    data: bytes | None = None  # unpacked
    fault: str | None = None


def _pieces(given: Input, known: Looked, reading: Reading) -> Iterator[_Piece]:
    if given.kind == "parquet":
        return (_Piece(group, 0, size) for group, size in enumerate(known.groups))
    if given.kind == "csv":
        return _records(given, known, reading)
    if given.packing or given.path == STANDARD_INPUT:
        return _lines(given, reading)
    starts = range(0, given.size, reading.size)
    ends = (min(start + reading.size, given.size) for start in starts)
    return (_Piece(start, end, end - start) for start, end in zip(starts, ends, strict=True))


def _lines(given: Input, reading: Reading) -> Iterator[_Piece]:
    with contextlib.closing(Stream(given)) as stream:
        taken = 0
        for data in jsonlines.chunks(stream, reading.size, reading.largest):
            yield _Piece(0, 0, stream.taken - taken, data)
            taken = stream.taken


def _records(given: Input, known: Looked, reading: Reading) -> Iterator[_Piece]:
    assert known.layout
    with contextlib.closing(Stream(given)) as stream:
        taken = 0
        for start, end, data, fault in csvs.cut(stream, known.layout.separator, reading.size, reading.largest):
            head = known.layout.head if start == 0 else 0
            unpacked = data[head:] if given.packing and not fault else None
            yield _Piece(start + head, end, stream.taken - taken, unpacked, fault)
            taken = stream.taken


def read(unit: Unit, kind: str, reading: Reading) -> Iterator[Rows]:
    """Yield the rows of a unit; `kind` is its input's.

    Raises:
        ScanError: the input cannot be read.
    """
    if unit.fault:
        gathered = Gathered(reading.columns)
        gathered.add(1, [], unit.fault)
        yield gathered.rows(pa.string(), 1)
    elif kind == "parquet":
        yield from parquets.read(unit.path, unit.start, reading.columns, reading.size)
    else:
        try:
            if kind == "csv":
                assert unit.layout
                with open(unit.path, "rb") as file:
                    file.seek(unit.start)
                    data = file.read(unit.end - unit.start)
                yield from csvs.read(data, unit.layout, reading.columns)
            else:
                yield from jsonlines.read(unit.path, unit.start, unit.end, reading.columns, reading.largest)
        except OSError as error:
            raise failed_by(unit.path, "unreadable", error) from None
