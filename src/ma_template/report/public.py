"""What the formats for CI share. Their logs are often public: they carry codes, places and roles, never an answer."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from ma_template.report import visible
from ma_template.wording import table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ma_template.report import Described, Language

# Arguments of a message that are roles or counts; any other (a date above all) was in somebody's answer.
_PUBLIC = frozenset(
    {
        "count",
        "line",
        "days",
        "severity",
        "field",
        "section",
        "opening",
        "closing",
        "what",
        "limit",
        "oddity",
        "mismatch",
    }
)


class PublicFinding(NamedTuple):
    """A finding without anything that somebody wrote. `advice` says how to mend it."""

    code: str
    rule: str
    severity: str
    message: str
    advice: str
    field: str | None
    block: int | None
    span: Described
    fixable: bool

    def place(self, source: str) -> str:
        """Return the place as terminals and editors can jump to it."""
        return f"{source}:{self.span['line']}:{self.span['column']}"


def public_findings(report: Described, lang: Language) -> Iterator[PublicFinding]:
    """Yield the findings of a report in order. A message that would tell a date is replaced by its rule's heading."""
    from ma_template.rules import RULES

    expected = table("words/report")[lang]["expected"]
    for found in report["diagnostics"]:
        rule = RULES[found["code"]]
        yield PublicFinding(
            found["code"],
            found["rule"],
            found["severity"],
            rule.render(lang, **{name: value for name, value in found["arguments"].items() if name in _PUBLIC}),
            expected + rule.expected.of(lang),
            found["field"],
            found["block"],
            found["span"],
            found["fixable"],
        )


def public_path(source: str) -> str:
    """Return a path as the services expect it: with `/`, without `./` before it, and on one line."""
    if os.sep != "/":
        source = source.replace(os.sep, "/")
    while source.startswith("./"):
        source = source[2:].lstrip("/")
    return visible(source)
