"""The format `sarif`: SARIF 2.1.0, which code scanning services and editors read.

Nothing is suppressed, and nothing of the text is told: no snippets, and no fingerprints, since a digest of a line with
a telephone number can be undone by trying all numbers.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from ma_template.report import Described, Piece, Problem, Run, Writer
from ma_template.report.json import dumps
from ma_template.report.public import PublicFinding, public_findings

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_COLUMNS = {"code-point": "unicodeCodePoints", "utf-16": "utf16CodeUnits"}
# Names of the IANA, where Python calls an encoding otherwise.
_ENCODINGS = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "cp932": "Windows-31J", "euc_jp": "EUC-JP"}


class SarifWriter(Writer):
    """Writes one log with one run; the results stand one a line."""

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self._artifacts: list[dict[str, Any]] = []
        self._any = False

    def begin(self) -> None:
        """Write the tool with all its rules, and how places are counted."""
        run = self._run
        driver = {
            "name": "ma-lint",
            "version": run.version,
            "semanticVersion": run.version,
            "language": run.lang,
            "rules": _rules(run),
        }
        head = {
            "tool": {"driver": driver},
            "language": run.lang,
            "columnKind": _COLUMNS[run.offsets],
            "newlineSequences": ["\r\n", "\n", "\r"],  # contract, ruling 9
        }
        run.write(f'{{"$schema":{dumps(_SCHEMA)},"version":"2.1.0","runs":[{dumps(head)[:-1]},"results":[')

    def _say(self, report: Described, text: str) -> str:
        from ma_template.rules import RULES

        index = {code: number for number, code in enumerate(RULES)}
        return ",\n".join(
            dumps(_result(report["source"] or "-", found, index[found.code]))
            for found in public_findings(report, self._run.lang)
        )

    def put(self, piece: Piece) -> None:
        """Write the results of one update."""
        artifact: dict[str, Any] = {"location": _location(piece.source), "roles": ["analysisTarget"]}
        if piece.encoding:
            artifact["encoding"] = _ENCODINGS.get(piece.encoding, piece.encoding.upper())
        self._artifacts.append(artifact)
        if piece.text:
            self._run.write((",\n" if self._any else "\n") + piece.text)
            self._any = True

    def end(self, problems: Iterable[Problem]) -> None:
        """Write what was read, and what could not be."""
        told: dict[bool, list[dict[str, Any]]] = {True: [], False: []}
        for problem in problems:
            notification: dict[str, Any] = {
                "level": "error",
                "message": {"text": problem.message(self._run.lang)},
                "descriptor": {"id": problem.key},
            }
            if problem.source is not None:
                notification["locations"] = [{"physicalLocation": {"artifactLocation": _location(problem.source)}}]
            about_a_file = problem.source is not None or problem.key == "interrupted"
            told[about_a_file].append(notification)
        invocation = {
            "executionSuccessful": not any(told.values()),
            "toolExecutionNotifications": told[True],
            "toolConfigurationNotifications": told[False],
        }
        foot = {"artifacts": self._artifacts, "invocations": [invocation]}
        self._run.write(("\n" if self._any else "") + f"],{dumps(foot)[1:]}]}}\n")


def _rules(run: Run) -> list[dict[str, Any]]:
    from ma_template.reference import markdown
    from ma_template.rules import RULES

    return [
        {
            "id": rule.code,
            "name": rule.name,
            "shortDescription": {"text": rule.heading(run.lang)},
            "fullDescription": {"text": rule.explain.of(run.lang)},
            "help": {"text": rule.expected.of(run.lang), "markdown": markdown(rule, run.lang)},
            "defaultConfiguration": {"level": _LEVELS[rule.severity]},
            "properties": {"field": rule.field, "fixable": rule.fixable, "since": rule.since},
        }
        for rule in RULES.values()
    ]


def _result(source: str, found: PublicFinding, index: int) -> dict[str, Any]:
    span = found.span
    region = {
        "startLine": span["line"],
        "startColumn": span["column"],
        "endLine": span["end_line"],
        "endColumn": span["end_column"],
    }
    return {
        "ruleId": found.code,
        "ruleIndex": index,
        "level": _LEVELS[found.severity],
        "message": {"text": found.message},
        "locations": [{"physicalLocation": {"artifactLocation": _location(source), "region": region}}],
        "properties": {"field": found.field, "block": found.block, "fixable": found.fixable},
    }


def _location(source: str) -> dict[str, str]:
    """Return a path as a URI; one that is relative to where the command ran is relative to the sources' root."""
    path = PurePath(source)
    if path.is_absolute():
        return {"uri": "file://" + ("" if path.as_posix().startswith("/") else "/") + _quoted(path)}
    return {"uri": _quoted(path), "uriBaseId": "%SRCROOT%"}


def _quoted(path: PurePath) -> str:
    try:
        return quote(os.fsencode(path.as_posix()))
    except UnicodeEncodeError:  # no name that this system could have given
        return quote(path.as_posix(), errors="replace")
