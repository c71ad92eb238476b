"""Finds and reads the text files that the command line is given.

Nothing here raises for what a user gave: what cannot be read is a `Problem`, and the others are read all the same.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterable, Iterator
from typing import BinaryIO, NamedTuple

from ma_template.encodings import AUTO, UndecodableError, decode
from ma_template.report import Problem

STANDARD_INPUT = "-"
_MAIL = ".eml"
_TEXTS = (".txt", ".md", _MAIL)
_LARGEST = 1 << 30  # bytes: what never ends (a device, a pipe) must not fill the memory

_Identity = tuple[int, int]  # device and inode
_Folder = tuple[str, dict[_Identity, str]]


class Update(NamedTuple):
    """A text as read: `source` is its path as given; the rest is as in `ma_template.encodings.Decoded`.

    `mail`: it is the text of a mail file, which cannot be written back.
    """

    source: str
    text: str
    encoding: str
    mark: bytes = b""
    mail: bool = False


def find(paths: Iterable[str]) -> Iterator[str | Problem]:
    """Yield every path once, in the order given; a folder gives its *.txt, *.md and *.eml files, sorted by path.

    Names that begin with a dot are left out inside folders. Links are followed, but no folder is entered twice.
    """
    seen: set[str] = set()
    for given in paths:
        for path in _walk(given) if given != STANDARD_INPUT and os.path.isdir(given) else (given,):
            if isinstance(path, Problem):
                yield path
                continue
            name = path if path == STANDARD_INPUT else os.path.abspath(path)
            if name not in seen:
                seen.add(name)
                yield path


def _walk(folder: str) -> Iterator[str | Problem]:
    files: list[str] = []
    problems: list[Problem] = []
    entered: set[_Identity] = set()
    # Folders still to read, each with the folders it stands in: one that leads back to one of those is a loop.
    # Links wait until all real folders are read, so that a folder is known by its own name.
    waiting: list[_Folder] = [(folder, {})]
    links: list[_Folder] = []
    while waiting or links:
        path, above = (waiting or links).pop()
        try:
            status = os.stat(path)
            identity = status.st_dev, status.st_ino
            if identity in above:
                problems.append(Problem(path, "folder-loop", {"above": above[identity]}))
                continue
            if identity in entered:
                continue
            entered.add(identity)
            with os.scandir(path) as entries:
                found = sorted(entries, key=lambda entry: entry.name, reverse=True)
        except OSError as error:
            problems.append(_problem(path, error))
            continue
        within = {**above, identity: path}
        for entry in found:
            if entry.name.startswith("."):
                continue
            if entry.is_dir():
                (links if entry.is_symlink() else waiting).append((entry.path, within))
            elif entry.name.lower().endswith(_TEXTS):
                if entry.is_file():
                    files.append(entry.path)
                elif entry.is_symlink():
                    problems.append(Problem(entry.path, "broken-link"))
    if not files and not problems:
        problems.append(Problem(folder, "folder-empty"))
    yield from sorted(files)
    yield from sorted(problems, key=lambda problem: problem.source or "")


def read(path: str, name: str | None = None, encoding: str = AUTO) -> Update | Problem:
    """Read one file, or standard input for `-`; `name` is what its source is called, else the path as given.

    A file is a mail by the ending of its name. `encoding` is a name known to `ma_template.encodings`, or `auto`.
    """
    source = name or path
    data = bytes_of(path, source)
    return data if isinstance(data, Problem) else text_of(data, source, encoding)


def text_of(data: bytes, source: str, encoding: str = AUTO) -> Update | Problem:
    """Read what a file of this name holds."""
    try:
        if source.lower().endswith(_MAIL):
            from ma_template.mail import NoTextError, read_mail

            try:
                return Update(source, *read_mail(data, encoding), mail=True)
            except NoTextError:
                return Problem(source, "no-text")
        return Update(source, *decode(data, encoding))
    except UndecodableError as error:
        key = "encoding-untold" if error.encoding == AUTO else "undecodable"
        where: dict[str, str | int] = {"offset": error.offset, "line": error.line, "byte": error.byte}
        return Problem(source, key, {**where, "encoding": error.encoding})


def bytes_of(path: str, source: str) -> bytes | Problem:
    """Return what a file holds, or standard input for `-`."""
    try:
        if path == STANDARD_INPUT:
            if sys.stdin is None:
                return Problem(source, "no-input")
            return _limited(_whole(sys.stdin.buffer), source)
        with open(path, "rb") as file:
            before = os.fstat(file.fileno())
            data = _whole(file)
            after = os.fstat(file.fileno())
    except OSError as error:
        return _problem(source, error)
    except ValueError:  # a NUL in the path
        return Problem(source, "not-found")
    # What is just being written may end within a line or a character: half a text is not judged.
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        return Problem(source, "changing")
    return _limited(data, source)


def _whole(file: BinaryIO) -> bytes:
    chunks = []
    size = 0
    while size <= _LARGEST and (chunk := file.read(1 << 16)):
        chunks.append(chunk)
        size += len(chunk)
    return b"".join(chunks)


def _limited(data: bytes, source: str) -> bytes | Problem:
    return data if len(data) <= _LARGEST else Problem(source, "too-large", {"size": _LARGEST >> 20})


def _problem(source: str, error: OSError) -> Problem:
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return Problem(source, "not-found")
    return Problem.of(source, "unreadable", error)
