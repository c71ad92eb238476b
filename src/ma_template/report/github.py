"""The format `github`: workflow commands, which GitHub Actions shows beside the lines of a pull request.

Grammar (GitHub, "Workflow commands for GitHub Actions"): `::COMMAND NAME=VALUE,NAME=VALUE::MESSAGE`. In messages %, CR
and LF are escaped, in values : and , as well. Columns count from 1 and are told for places on one line only, since
GitHub refuses them elsewhere; the end column is the first one behind the place.
"""

from __future__ import annotations

from collections.abc import Iterable

from ma_template.report import Described, Problem, Writer, visible
from ma_template.report.public import PublicFinding, public_findings, public_path

_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}


class GithubWriter(Writer):
    """Writes one line a finding."""

    def _say(self, report: Described, text: str) -> str:
        return "".join(self._line(report["source"], found) for found in public_findings(report, self._run.lang))

    def _line(self, source: str | None, found: PublicFinding) -> str:
        span = found.span
        values: dict[str, str | int] = {**_file(source), "line": span["line"]}
        if span["line"] == span["end_line"]:
            values |= {"col": span["column"], "endColumn": max(span["end_column"], span["column"])}
        else:
            values["endLine"] = span["end_line"]
        values["title"] = f"{found.code} {found.rule}"
        return _command(_COMMANDS[found.severity], values, f"{found.message}\n{found.advice}")

    def end(self, problems: Iterable[Problem]) -> None:
        """Write what could not be done."""
        for problem in problems:
            values = {**_file(problem.source), "title": "ma-lint"}
            self._run.write(_command("error", values, problem.message(self._run.lang)))


def _file(source: str | None) -> dict[str, str | int]:
    return {"file": public_path(source)} if source not in (None, "-") else {}


def _command(name: str, values: dict[str, str | int], message: str) -> str:
    given = ",".join(f"{key}={_escaped(str(value), ':,')}" for key, value in values.items())
    return f"::{name} {given}::{'%0A'.join(_escaped(line) for line in message.splitlines())}\n"


def _escaped(value: str, more: str = "") -> str:
    for char in "%" + more:
        value = value.replace(char, f"%{ord(char):02X}")
    return visible(value)
