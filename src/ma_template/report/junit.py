"""The format `junit`: XML that Jenkins, GitLab and others show as tests; valid against the Jenkins xUnit schema.

A file is a test suite, a finding a test case; a file without findings has one case that passes. Only what makes the
exit status 1 is a failure: a warning without `--strict` passes and stands in the case's output.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from ma_template.report import Described, Problem, Writer
from ma_template.report.public import public_findings, public_path

_SPECIAL = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\ufffe": "\ufffd", "\uffff": "\ufffd"}
_XML = str.maketrans(_SPECIAL)


class JunitWriter(Writer):
    """Writes one suite a file."""

    def begin(self) -> None:
        """Write the head."""
        self._run.write('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="ma-lint">\n')

    def _say(self, report: Described, text: str) -> str:
        source = public_path(report["source"] or "-")
        failing = {"error", "warning"} if self._run.strict else {"error"}
        cases: list[str] = []
        failures = 0
        for found in public_findings(report, self._run.lang):
            failures += found.severity in failing
            name = f"{found.code} {found.rule} ({found.span['line']}:{found.span['column']})"
            place = f"{found.place(source)}: {found.severity}[{found.code}] {found.message}\n{found.advice}"
            if found.severity in failing:
                inner = f'<failure type="{found.code}" message="{_xml(found.message)}">{_xml(place)}</failure>'
            else:
                inner = f"<system-out>{_xml(place)}</system-out>"
            cases.append(_case(source, name, inner))
        return _suite(source, cases or [_case(source, report["status"])], failures=failures)

    def end(self, problems: Iterable[Problem]) -> None:
        """Write what could not be done, and the foot."""
        for source, told in groupby(problems, lambda problem: public_path(problem.source or "ma-lint")):
            cases = []
            for problem in told:
                message = _xml(problem.message(self._run.lang))
                cases.append(_case(source, problem.key, f'<error type="{problem.key}" message="{message}"/>'))
            self._run.write(_suite(source, cases, errors=len(cases)))
        self._run.write("</testsuites>\n")


def _suite(name: str, cases: list[str], failures: int = 0, errors: int = 0) -> str:
    counts = f'tests="{len(cases)}" failures="{failures}" errors="{errors}"'
    return f'<testsuite name="{_xml(name)}" {counts}>\n{"".join(cases)}</testsuite>\n'


def _case(source: str, name: str, inner: str = "") -> str:
    head = f'<testcase classname="{_xml(source)}" name="{_xml(name)}"'
    return f"{head}>{inner}</testcase>\n" if inner else f"{head}/>\n"


def _xml(text: str) -> str:
    return text.translate(_XML)
