"""The outline of a document: requests, their sections, and what was read in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lsprotocol import types

from ma_template.diagnostics import FIELDS
from ma_template.lsp.documents import Document
from ma_template.models import Block, TextSpan
from ma_template.report import visible
from ma_template.wording import table

_LONGEST = 80  # characters of an entry


def outline(document: Document) -> list[types.DocumentSymbol]:
    """Return the requests of a document with their sections and items."""
    report = document.report
    if report is None:
        return []
    words = table("words/lsp")[document.wishes.lang]
    statuses = table("words/report")[document.wishes.lang]["status"]
    found = []
    for number, block in enumerate(report.blocks, 1):
        status = "quoted" if block.quoted else "unfilled" if block.unfilled else block.status
        found.append(
            _symbol(
                document,
                words["request"].format(number=number),
                types.SymbolKind.Class,
                (block.span.start, block.span.end),
                list(_sections(document, block)),
                statuses[status],
            )
        )
    return found


def _sections(document: Document, block: Block) -> Iterator[types.DocumentSymbol]:
    lang = document.wishes.lang
    for name, answer in (("reason", block.reason), ("milestone", block.milestone), ("requester", block.requester)):
        if answer is None:
            continue
        items = [
            _symbol(document, f"{label}: {raw}", types.SymbolKind.Field, place, [])
            for label, raw, place in sorted(_items(document, block, name), key=lambda item: item[2])
        ]
        span = answer.span
        yield _symbol(document, FIELDS[name].of(lang), types.SymbolKind.Struct, (span.start, span.end), items)


def _items(document: Document, block: Block, section: str) -> Iterator[tuple[str, str, tuple[int, int]]]:
    """Yield label, words and place of what was read in a section."""
    labels = table("words/report")[document.wishes.lang]["item"]

    def item(label: str, raw: str, span: TextSpan) -> tuple[str, str, tuple[int, int]]:
        return labels[label], raw, (span.start, span.end)

    if section == "reason" and block.reason and block.reason.impact:
        yield from _found(document, labels["impact"], block.reason.impact, block.reason.span)
    elif section == "milestone" and block.milestone:
        if block.milestone.type:
            yield item("type", block.milestone.type.raw, block.milestone.type.span)
        yield from (item("dates", date.raw, date.span) for date in block.milestone.dates)
    elif section == "requester" and block.requester:
        who = block.requester
        if who.name:
            yield from _found(document, labels["name"], who.name, who.span)
        yield from (item("phone", phone.raw, phone.span) for phone in who.phones)
        yield from (item("email", email.raw, email.span) for email in who.emails)


def _found(document: Document, label: str, words: str, within: TextSpan) -> Iterator[tuple[str, str, tuple[int, int]]]:
    """Yield an item whose place the report does not tell, where its words stand just so."""
    start = document.text.find(words, within.start, within.end)
    if start >= 0:
        yield label, words, (start, start + len(words))


def _symbol(
    document: Document,
    name: str,
    kind: types.SymbolKind,
    place: tuple[int, int],
    children: Sequence[types.DocumentSymbol],
    detail: str | None = None,
) -> types.DocumentSymbol:
    name = visible(" ".join(name.split()))
    return types.DocumentSymbol(
        name=name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…",
        kind=kind,
        range=document.positions.range(*place),
        selection_range=document.positions.range(*place),
        detail=detail,
        children=list(children),
    )
