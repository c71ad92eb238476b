"""JSON Lines: one object a line.

pyarrow reads whole blocks of lines; where it refuses one, the lines are read one by one, so that a bad line harms
nobody else.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.json as pj

from ma_template.scan.inputs import Input, Stream
from ma_template.scan.problems import failed, no_column
from ma_template.scan.rows import Columns, Gathered, Rows

_BLOCK = 1 << 20
_MARK = b"\xef\xbb\xbf"
_OPEN, _CLOSE = b"{}"


def look(given: Input, stream: Stream, columns: Columns) -> None:
    """See that a file is what its name says and has the columns; the first rows tell.

    Raises:
        ScanError: it is not, or has not.
    """
    data = stream.read(_BLOCK).removeprefix(_MARK)
    lines = [line for line in data.split(b"\n") if line.strip()]
    if len(data) >= _BLOCK and len(lines) > 1:
        lines.pop()  # cut
    rows = [row for line in lines if isinstance(row := _loaded(line), dict)]
    if not rows:
        if len(data) < _BLOCK and lines:
            raise failed(given.path, "scan-array" if data.lstrip().startswith(b"[") else "scan-not-jsonl")
        return
    names = list(dict.fromkeys(name for row in rows for name in row))
    for name in columns.names:
        if name not in names:
            raise no_column(given.path, name, names)


def _loaded(line: bytes) -> Any:
    """Return the value on a line, None where there is none."""
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def chunks(stream: Stream, size: int, largest: int) -> Iterator[bytes]:
    """Yield whole lines, about `size` bytes at a time. A line longer than `largest` is cut one byte behind that."""
    pieces: list[bytes] = []  # of the line that goes on, until it is too long
    length = 0
    lines: list[bytes] = []
    gathered = 0
    while block := stream.read(_BLOCK):
        first, *others = block.split(b"\n")
        if length <= largest:
            pieces.append(first)
            length += len(first)
        if not others:
            continue
        complete = [b"".join(pieces), *others[:-1]]
        for line in complete:
            lines.append(line[: largest + 1])
            gathered += len(lines[-1]) + 1
        pieces, length = [others[-1]], len(others[-1])
        if gathered >= size:
            yield b"\n".join([*lines, b""])
            lines, gathered = [], 0
    last = b"".join(pieces)[: largest + 1]
    if lines or last:
        yield b"\n".join([*lines, last])


def read(path: str, start: int, end: int, columns: Columns, largest: int) -> Iterator[Rows]:
    """Yield the rows whose lines begin between two offsets of a file."""
    data = _lines(path, start, end, largest)
    if start == 0:
        data = data.removeprefix(_MARK)
    if data:
        yield _parsed(data, columns, largest) or _one_by_one(data, columns, largest)


def _lines(path: str, start: int, end: int, largest: int) -> bytes:
    """Return the lines that begin between two offsets; the last one is cut one byte behind `largest`."""
    with open(path, "rb") as file:
        if start:  # the line that the byte before belongs to is another unit's
            file.seek(start - 1)
            while True:
                at = file.tell()
                block = file.read(min(_BLOCK, end - at))
                if not block:
                    return b""
                if (stop := block.find(b"\n")) >= 0:
                    file.seek(at + stop + 1)
                    break
        begin = file.tell()
        if begin >= end:
            return b""
        file.seek(end - 1)
        stop = end - 1 + len(file.readline(largest + 2))
        file.seek(begin)
        return file.read(stop - begin)  # at once: joining pieces of many megabytes would copy them


def _parsed(data: bytes, columns: Columns, largest: int) -> Rows | None:
    """Return the rows of a block, None where some line is not as it should be, or may not be."""
    if len(data) > largest and max(map(len, data.split(b"\n"))) > largest:
        return None
    if not _is_utf8(data):
        return None
    for id_kind in (pa.string(), pa.int64()):
        schema = pa.schema([(name, id_kind if name == columns.id else pa.string()) for name in columns.own])
        try:
            table = pj.read_json(
                pa.BufferReader(data),
                read_options=pj.ReadOptions(use_threads=False, block_size=len(data) + 1),
                parse_options=pj.ParseOptions(
                    explicit_schema=schema, unexpected_field_behavior="infer" if columns.sr else "ignore"
                ),
            )
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            continue
        # pyarrow does not mind two objects on a line, nor one on two lines.
        if not _one_a_line(data, table.num_rows):
            return None
        for name in columns.names:
            if name not in table.column_names:  # no line of the block has it
                table = table.append_column(name, pa.nulls(table.num_rows))
        [batch] = table.select(columns.names).combine_chunks().to_batches()
        return Rows(batch, {}, None, len(batch))
    return None


def _one_a_line(data: bytes, count: int) -> bool:
    """Return whether that many objects stand in a block one a line: each line end but the last is between two."""
    lines = 1
    at = data.find(b"\n")
    while 0 <= at < len(data) - 1:  # there are few: quicker than to count the three characters
        if at == 0 or data[at + 1] != _OPEN or (data[at - 1] != _CLOSE and data[at - 2 : at] != b"}\r"):
            return False
        lines += 1
        at = data.find(b"\n", at + 1)
    return lines == count


def _is_utf8(data: bytes) -> bool:
    if data.isascii():
        return True
    offsets = pa.array([0, len(data)], pa.int64()).buffers()[1]
    whole = pa.Array.from_buffers(pa.large_binary(), 1, [None, offsets, pa.py_buffer(data)])
    try:
        whole.cast(pa.large_string())
    except pa.ArrowInvalid:
        return False
    return True


def _one_by_one(data: bytes, columns: Columns, largest: int) -> Rows:
    lines = data.split(b"\n")
    if not lines[-1]:
        lines.pop()
    gathered = Gathered(columns)
    for number, line in enumerate(lines, 1):
        if line.strip():
            gathered.add(number, *_row(line, columns, largest))
    return gathered.rows(pa.large_string(), len(lines))


def _row(line: bytes, columns: Columns, largest: int) -> tuple[list[str | None], str | None]:
    """Return the values of a line, and what is wrong with it."""
    if len(line) > largest:
        return [], "too-large"
    try:
        row = json.loads(line.decode())
    except UnicodeDecodeError:
        return [], "undecodable"
    except (ValueError, RecursionError):
        return [], "malformed"
    if not isinstance(row, dict):
        return [], "malformed"
    fault = None
    values: list[str | None] = []
    for name in columns.names:
        value = row.get(name)
        if isinstance(value, str):
            values.append(_without_surrogates(value))
        elif value is None:
            values.append(None)
        elif name == columns.id or name not in columns.own:
            values.append(json.dumps(value, ensure_ascii=False))
        else:
            values.append(None)
            fault = fault or _WRONG[columns.index(name)]
    return values, "null" if row.get(columns.text) is None else fault


_WRONG = ("not-text", "", "as-of-invalid", "region-invalid")  # by column


def _without_surrogates(text: str) -> str:
    """Return a text with U+FFFD for lone surrogates, which JSON can spell and Arrow cannot hold."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
