"""The files of a scan: found, told apart by their names, opened as streams of bytes."""

from __future__ import annotations

import errno
import glob
import os
import sys
from collections.abc import Iterator, Sequence
from typing import IO, Literal, NamedTuple

import pyarrow as pa

from ma_template.scan.problems import failed, failed_by

STANDARD_INPUT = "-"

Kind = Literal["jsonl", "csv", "parquet"]
Packing = Literal["gzip", "zstd"]

_KINDS: dict[str, Kind] = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
}
_PACKINGS: dict[str, Packing] = {".gz": "gzip", ".zst": "zstd"}


class Input(NamedTuple):
    """A file of updates: `size` in bytes and `changed` (nanoseconds) say later on whether it is still the same."""

    path: str
    kind: Kind
    packing: Packing | None
    size: int
    changed: int


def told_by_name(name: str) -> tuple[Kind, Packing | None] | None:
    """Return what a file is by its name, None where the name does not tell."""
    stem, ending = os.path.splitext(name.lower())
    packing = _PACKINGS.get(ending)
    if packing:
        ending = os.path.splitext(stem)[1]
    kind = _KINDS.get(ending)
    return None if kind is None or (packing and kind == "parquet") else (kind, packing)


def find(paths: Sequence[str]) -> list[Input]:
    """Return the files that are given outright, stand in folders that are given, or match patterns such as `a/*.csv`.

    They come in the order given, those of a folder or pattern sorted by path, each once. Names in folders that begin
    with a dot or an underscore are left out, as other engines do.

    Raises:
        ScanError: something is not there, cannot be read or is of no known kind.
    """
    found: dict[str, Input] = {}
    for given in paths:
        for path in _paths(given):
            name = path if path == STANDARD_INPUT else os.path.realpath(path)
            if name not in found:
                found[name] = _input(path)
    return list(found.values())


def _paths(given: str) -> Iterator[str]:
    if given == STANDARD_INPUT:
        yield given
    elif os.path.isdir(given):
        inside = sorted(_walk(given))
        if not inside:
            raise failed(given, "scan-folder-empty")
        yield from inside
    elif not os.path.lexists(given) and glob.has_magic(given):
        matching = sorted(path for path in glob.iglob(given, recursive=True) if os.path.isfile(path))
        if not matching:
            raise failed(given, "scan-no-match")
        yield from matching
    else:
        yield given


def _walk(folder: str) -> Iterator[str]:
    def refuse(error: OSError) -> None:
        raise failed_by(error.filename or folder, "unreadable", error)

    for path, folders, files in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith((".", "_"))]
        yield from (
            os.path.join(path, name) for name in files if not name.startswith((".", "_")) and told_by_name(name)
        )


def _input(path: str) -> Input:
    if path == STANDARD_INPUT:
        if sys.stdin is None:
            raise failed(path, "no-input")
        return Input(path, "jsonl", None, 0, 0)
    try:
        status = os.stat(path)
        with open(path, "rb"):
            pass
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR):
            raise failed(path, "not-found") from None
        raise failed_by(path, "unreadable", error) from None
    except ValueError:  # a NUL in the path
        raise failed(path, "not-found") from None
    told = told_by_name(path)
    if told is None:
        raise failed(path, "scan-kind")
    if not os.path.isfile(path):
        raise failed(path, "scan-no-file")
    return Input(path, *told, status.st_size, status.st_mtime_ns)


def unchanged(given: Input) -> bool:
    """Return whether a file is as it was when it was found."""
    if given.path == STANDARD_INPUT:
        return True
    try:
        status = os.stat(given.path)
    except OSError:
        return False
    return (status.st_size, status.st_mtime_ns) == (given.size, given.changed)


class Stream:
    """The bytes of a file, unpacked. `taken` counts the bytes that were read of the file itself, for a progress bar.

    Reading raises ScanError where the file cannot be read or is not packed as its name says.
    """

    def __init__(self, given: Input) -> None:
        self._path = given.path
        self._file: IO[bytes] = sys.stdin.buffer if given.path == STANDARD_INPUT else open(given.path, "rb")  # noqa: SIM115
        self._unpacked = pa.CompressedInputStream(self._file, given.packing) if given.packing else None
        self._read = 0

    @property
    def taken(self) -> int:
        """Bytes of the file that have been read."""
        return self._file.tell() if self._unpacked else self._read

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes; fewer only at the end."""
        try:
            data = bytes((self._unpacked or self._file).read(size))
        except KeyboardInterrupt:
            raise
        except (OSError, pa.ArrowInvalid) as error:
            raise failed_by(self._path, "scan-packed" if self._unpacked else "unreadable", error) from None
        self._read += len(data)
        return data

    def close(self) -> None:
        """Close the file; standard input stays open."""
        if self._path != STANDARD_INPUT:
            self._file.close()
