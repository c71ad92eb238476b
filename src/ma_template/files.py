"""Finds and reads the text files that the command line is given.

Nothing here raises for what a user gave: what cannot be read is a `Problem`, and the others are read all the same.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ma_template.report import Problem

STANDARD_INPUT = "-"
_MAIL = ".eml"
_TEXTS = (".txt", ".md", _MAIL)

_Identity = tuple[int, int]  # device and inode
_Folder = tuple[str, dict[_Identity, str]]


class Update(NamedTuple):
    """A text as read. `source` is its path as given, `encoding` how it was decoded (`utf-8-sig`: behind a mark)."""

    source: str
    text: str
    encoding: str


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


def read(path: str, name: str | None = None) -> Update | Problem:
    """Read one file, or standard input for `-`; `name` is what its source is called, else the path as given."""
    source = name or path
    if path != STANDARD_INPUT and path.lower().endswith(_MAIL):
        return Problem(source, "mail") if os.path.exists(path) else Problem(source, "not-found")
    try:
        if path == STANDARD_INPUT:
            if sys.stdin is None:
                return Problem(source, "no-input")
            data = sys.stdin.buffer.read()
        else:
            with open(path, "rb") as file:
                data = file.read()
    except OSError as error:
        return _problem(source, error)
    except ValueError:  # a NUL in the path
        return Problem(source, "not-found")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _not_utf8(source, data, error)
    if text.startswith("\ufeff"):
        return Update(source, text[1:], "utf-8-sig")
    return Update(source, text, "utf-8")


def _problem(source: str, error: OSError) -> Problem:
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return Problem(source, "not-found")
    return Problem.of(source, "unreadable", error)


def _not_utf8(source: str, data: bytes, error: UnicodeDecodeError) -> Problem:
    guess = "CP932"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        guess = "UTF-16"
    else:
        try:
            data.decode("cp932")
        except UnicodeDecodeError:
            guess = "CP1252"
    line = data.count(b"\n", 0, error.start) + 1
    where = {"offset": error.start, "line": line, "byte": data[error.start]}
    return Problem(source, "not-utf8", {**where, "guess": guess})
