"""Writers of reports: one per format, all over the same `Report`.

A writer is told of every report as soon as it is made, so that nothing has to be kept until the end.
"""

from __future__ import annotations

import errno
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

from ma_template.wording import table

if TYPE_CHECKING:
    import datetime

    from ma_template.models import Report

Language = Literal["en", "ja"]
Format = Literal["text", "json", "jsonl"]


class Absent(NamedTuple):
    """The report of an update that cannot hold a block: what `Report` would say, told without loading the models."""

    source: str
    encoding: str
    as_of: datetime.date
    status: Literal["absent"] = "absent"
    blocks: tuple[()] = ()
    diagnostics: tuple[()] = ()


class Problem(NamedTuple):
    """Why something could not be done: a key of the table `problem` with what its sentence needs.

    `source` is the file or folder as given, None where no single one is to blame.
    """

    source: str | None
    key: str
    arguments: Mapping[str, str | int] = MappingProxyType({})

    def message(self, lang: Language) -> str:
        """Return the sentence without the source."""
        words = table("words/report")[lang]
        given = {name: _one_line(value) for name, value in self.arguments.items()}
        if "errno" in given:
            given["reason"] = words["reasons"].get(given["errno"], given["reason"])
        return str(words["problem"][self.key].format_map(given))

    @classmethod
    def of(cls, source: str | None, key: str, error: OSError) -> Problem:
        """Return the problem that the operating system tells of: its sentences hold a `reason`."""
        name = errno.errorcode.get(error.errno or 0, "")
        return cls(source, key, {"reason": error.strerror or type(error).__name__, "errno": name})

    def line(self, lang: Language) -> str:
        """Return the whole line for standard error."""
        words = table("words/report")[lang]
        message = self.message(lang)
        if self.source is not None:
            message = words["at"].format(source=visible(self.source), message=message)
        return str(words["error"].format(message=message))


class Run(NamedTuple):
    """What a writer is told once. `as_of` is the day the updates are judged at, None where what was given is no day.

    `width`, `colour`, `encoding`, `verbose` and `quiet` concern the text format only.
    """

    write: Callable[[str], object]
    version: str
    lang: Language
    as_of: datetime.date | None
    offsets: Literal["code-point", "utf-16"] = "code-point"
    width: int = 100
    colour: bool = False
    encoding: str = "utf-8"
    verbose: bool = False
    quiet: bool = False


class Writer(Protocol):
    """Writes a run of reports: `begin`, any number of `add`, `end`."""

    def begin(self) -> None:
        """Write what stands before the first report."""

    def add(self, report: Report | Absent, text: str) -> None:
        """Write the report of `text`."""

    def end(self, problems: Iterable[Problem]) -> None:
        """Write what stands behind the last report; `problems` tells what could not be read."""


def writer(name: Format, run: Run) -> Writer:
    """Return the writer of a format. Its module is loaded only now."""
    if name == "text":
        from ma_template.report.text import TextWriter

        return TextWriter(run)
    from ma_template.report.json import JsonLinesWriter, JsonWriter

    return JsonWriter(run) if name == "json" else JsonLinesWriter(run)


def visible(text: str) -> str:
    """Return a text as it can be shown on one line of a terminal: nothing in it moves the cursor or hides.

    Control characters become their symbols, every other character that no terminal shows becomes a dot.
    A zero-width joiner stays where it holds an emoji together, which display width takes into account.
    """
    return text if text.isprintable() else "".join(map(_visible, text))


def _visible(char: str) -> str:
    code = ord(char)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    category = unicodedata.category(char)
    if category == "Cs":
        return "�"
    if category in ("Cc", "Zl", "Zp") or (category == "Cf" and char != "\u200d"):
        return "·"
    return char


def _one_line(value: str | int) -> str | int:
    return visible(value) if isinstance(value, str) else value
