"""The formats `json` (one document with everything) and `jsonl` (one report a line), as the contract has them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ma_template.report import Described, Language, Piece, Problem, Writer, messages, plain

if TYPE_CHECKING:
    from ma_template.models import Report

_SURROGATE = re.compile("[\ud800-\udfff]")


def dumps(value: object, indent: int | None = None) -> str:
    """Return JSON that can always be written as UTF-8: a lone surrogate becomes U+FFFD (contract, section 2)."""
    separators = (",", ":") if indent is None else None
    return _SURROGATE.sub("\ufffd", json.dumps(value, ensure_ascii=False, indent=indent, separators=separators))


def as_document(report: Report | Described, lang: Language = "en") -> dict[str, Any]:
    """Return a report as plain data for JSON, its messages in `lang`."""
    told = plain(report)
    diagnostics = [
        {**found, "message": message} for found, message in zip(told["diagnostics"], messages(told, lang), strict=True)
    ]
    return {**told, "as_of": told["as_of"].isoformat(), "diagnostics": diagnostics}


class JsonWriter(Writer):
    """One JSON object; the documents stand one a line, so that a difference between two runs is easy to see."""

    _count = 0

    def begin(self) -> None:
        """Write the head: version of the schema, the tool, the day."""
        head = {
            "schema_version": 1,
            "tool": {"name": "ma-lint", "version": self._run.version},
            "as_of": self._run.as_of and self._run.as_of.isoformat(),
        }
        self._run.write(f'{dumps(head)[:-1]},"documents":[')

    def _say(self, report: Described, text: str) -> str:
        return dumps(as_document(report, self._run.lang))

    def put(self, piece: Piece) -> None:
        """Write one report."""
        self._run.write(("," if self._count else "") + "\n" + piece.text)
        self._count += 1

    def end(self, problems: Iterable[Problem]) -> None:
        """Write what could not be read."""
        errors = [{"source": problem.source, "message": problem.message(self._run.lang)} for problem in problems]
        self._run.write(("\n" if self._count else "") + f'],"errors":{dumps(errors)}}}\n')


class JsonLinesWriter(Writer):
    """One report a line. What could not be read is told on standard error only."""

    def _say(self, report: Described, text: str) -> str:
        return dumps(as_document(report, self._run.lang)) + "\n"
