"""Findings as an editor shows them: squiggles, and what is said when the pointer rests on one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lsprotocol import types

from ma_template.lsp.documents import Document
from ma_template.models import Diagnostic
from ma_template.reference import explain, markdown
from ma_template.rules import RULES
from ma_template.wording import table

SOURCE = "ma-lint"

_PAGES = Path(__file__).parents[3] / "docs" / "rules"  # of a checkout

_SEVERITIES = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "info": types.DiagnosticSeverity.Information,
}


def diagnose(document: Document) -> list[types.Diagnostic]:
    """Return the findings of a document; where its configuration is wrong, what is wrong, at the first line."""
    if document.problems:
        words = table("words/lsp")[document.wishes.lang]
        first = document.positions.range(0, len(document.first_line))
        return [
            types.Diagnostic(
                range=first,
                message=words["unchecked"].format(problem=problem.message(document.wishes.lang)),
                severity=types.DiagnosticSeverity.Error,
                code="configuration",
                source=SOURCE,
            )
            for problem in document.problems
        ]
    return [as_diagnostic(document, found) for found in document.diagnostics]


def as_diagnostic(document: Document, found: Diagnostic) -> types.Diagnostic:
    """Return one finding in the reader's language."""
    page = _page(found.code, document.wishes.pages)
    return types.Diagnostic(
        range=document.positions.range(found.span.start, found.span.end),
        message=RULES[found.code].render(document.wishes.lang, **found.arguments),
        severity=_SEVERITIES[found.severity],
        code=found.code,
        code_description=types.CodeDescription(page) if page else None,
        source=SOURCE,
        data={"rule": found.rule, "field": found.field, "block": found.block, "fixable": found.fixable},
    )


def explained(document: Document, position: types.Position, *, as_markdown: bool) -> types.Hover | None:
    """Return the explanations of the rules whose findings stand at a position; None if there are none."""
    at = document.positions.offset(position)
    here = [found for found in document.diagnostics if found.span.start <= at <= found.span.end]
    if not here:
        return None
    kind = types.MarkupKind.Markdown if as_markdown else types.MarkupKind.PlainText
    told = ("\n---\n\n" if as_markdown else "\n\n").join(_explanations(document, here, as_markdown=as_markdown))
    start, end = min(found.span.start for found in here), max(found.span.end for found in here)
    if len(here) > 1:  # the place that they share
        start, end = max(found.span.start for found in here), min(found.span.end for found in here)
    return types.Hover(types.MarkupContent(kind, told), document.positions.range(start, end))


def _explanations(document: Document, here: list[Diagnostic], *, as_markdown: bool) -> Iterator[str]:
    lang = document.wishes.lang
    for code in dict.fromkeys(found.code for found in here):
        rule = RULES[code]
        yield f"### {code} {rule.name}\n\n{markdown(rule, lang)}" if as_markdown else explain(rule, lang)


def _page(code: str, pages: str | None) -> str | None:
    """Return the address of a rule's page: where the settings say, else in the checkout that runs."""
    if pages:
        return pages.replace("{code}", code) if "{code}" in pages else f"{pages.rstrip('/')}/{code}.html"
    page = _PAGES / f"{code}.md"
    return page.as_uri() if page.is_file() else None
