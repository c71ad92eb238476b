"""Writers of reports: one per format, all over the same `Report`.

A writer puts every report into words where it is made (`render`, perhaps in another process) and sets the pieces one
behind the other (`put`) as soon as they come, so that nothing large has to be kept until the end.
"""

from __future__ import annotations

import errno
import os
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ma_template.wording import table

if TYPE_CHECKING:
    import datetime

    from ma_template.models import Report

Language = Literal["en", "ja"]
Format = Literal["text", "json", "jsonl", "sarif", "github", "junit"]
Status = Literal["complete", "incomplete", "absent"]


Described = dict[str, Any]
"""A report, or a part of one, as plain data: the fields of `Report` in their order, told without loading the models."""


def plain(report: Report | Described) -> Described:
    """Return a report as plain data."""
    return report if isinstance(report, dict) else report.model_dump()


def absent(source: str, encoding: str, as_of: datetime.date) -> Described:
    """Return the report of an update that cannot hold a block."""
    return {
        "schema_version": 1,
        "source": source,
        "encoding": encoding,
        "as_of": as_of,
        "status": "absent",
        "blocks": (),
        "diagnostics": (),
    }


def messages(report: Described, lang: Language) -> list[str]:
    """Return the message of every diagnostic, in order."""
    if lang == "en":
        return [found["message"] for found in report["diagnostics"]]
    from ma_template.rules import RULES

    return [RULES[found["code"]].render(lang, **found["arguments"]) for found in report["diagnostics"]]


def wordless(error: BaseException) -> str:
    """Return the type of an exception and its place in the code, never its message, which may quote an answer."""
    import traceback

    places = traceback.extract_tb(error.__traceback__)[-1:]
    return ", ".join([type(error).__name__, *(f"{os.path.basename(at.filename)}:{at.lineno}" for at in places)])


class Problem(NamedTuple):
    """Why something could not be done: a key of the table `problem` with what its sentence needs.

    `source` is the file or folder as given, None where no single one is to blame. Where a line of a configuration
    file is, the argument `where` says which.
    """

    source: str | None
    key: str
    arguments: Mapping[str, str | int] = {}

    def message(self, lang: Language) -> str:
        """Return the sentence without the source."""
        words = table("words/report")[lang]
        given = {name: _one_line(value) for name, value in self.arguments.items()}
        if "errno" in given:
            given["reason"] = words["reasons"].get(given["errno"], given["reason"])
        message = str(words["problem"][self.key].format_map(given))
        return str(words["at"].format(source=given["where"], message=message)) if given.get("where") else message

    @classmethod
    def of(cls, source: str | None, key: str, error: OSError) -> Problem:
        """Return the problem that the operating system tells of: its sentences hold a `reason`."""
        name = errno.errorcode.get(error.errno or 0, "")
        return cls(source, key, {"reason": error.strerror or type(error).__name__, "errno": name})

    def line(self, lang: Language, kind: Literal["error", "warning"] = "error") -> str:
        """Return the whole line for standard error."""
        words = table("words/report")[lang]
        message = self.message(lang)
        if self.source is not None:
            message = words["at"].format(source=visible(self.source), message=message)
        return str(words[kind].format(message=message))


class Run(NamedTuple):
    """What a writer is told once. `as_of` is the day the updates are judged at, None where what was given is no day.

    `strict`: warnings fail too. `redacted`: the text itself is not shown. `width`, `colour`, `encoding`, `verbose` and
    `quiet` concern the text format only.
    """

    write: Callable[[str], object]
    version: str
    lang: Language
    as_of: datetime.date | None
    offsets: Literal["code-point", "utf-16"] = "code-point"
    strict: bool = False
    redacted: bool = False
    width: int = 100
    colour: bool = False
    encoding: str = "utf-8"
    verbose: bool = False
    quiet: bool = False


class Piece(NamedTuple):
    """What a run has to know of one report: what it says in the run's format, and what is counted."""

    text: str
    source: str
    encoding: str | None
    status: Status
    errors: int
    warnings: int
    notes: int


class Writer(ABC):
    """Writes a run of reports: `begin`, any number of `add` (or `put`), `end`."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def begin(self) -> None:  # noqa: B027 (many formats have no head)
        """Write what stands before the first report."""

    def add(self, report: Report | Described, text: str) -> None:
        """Write the report of `text`."""
        self.put(self.render(report, text))

    def render(self, report: Report | Described, text: str) -> Piece:
        """Return the report of `text` as a piece that can be sent to another process. Changes nothing."""
        described = plain(report)
        severities = [found["severity"] for found in described["diagnostics"]]
        return Piece(
            self._say(described, text),
            described["source"] or "-",
            described["encoding"],
            described["status"],
            severities.count("error"),
            severities.count("warning"),
            severities.count("info"),
        )

    @abstractmethod
    def _say(self, report: Described, text: str) -> str:
        """Return what the format says of one report."""

    def put(self, piece: Piece) -> None:
        """Write a piece behind the one before."""
        self._run.write(piece.text)

    def end(self, problems: Iterable[Problem]) -> None:  # noqa: B027
        """Write what stands behind the last report; `problems` tells what could not be read."""


def writer(name: Format, run: Run) -> Writer:
    """Return the writer of a format. Its module is loaded only now."""
    if name == "text":
        from ma_template.report.text import TextWriter

        return TextWriter(run)
    if name == "sarif":
        from ma_template.report.sarif import SarifWriter

        return SarifWriter(run)
    if name == "github":
        from ma_template.report.github import GithubWriter

        return GithubWriter(run)
    if name == "junit":
        from ma_template.report.junit import JunitWriter

        return JunitWriter(run)
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
