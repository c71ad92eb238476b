"""What `fix` can mend, as actions of an editor: one a finding, and one for all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lsprotocol import types

from ma_template.fixing import FixResult, fix
from ma_template.lsp.diagnosing import as_diagnostic
from ma_template.lsp.documents import Document
from ma_template.wording import table

FIX_ALL = "source.fixAll.ma-lint"
KINDS = (types.CodeActionKind.QuickFix.value, FIX_ALL)

_OLDER_FORM = "MA111"


def actions(document: Document, params: types.CodeActionParams, *, versioned: bool) -> list[types.CodeAction]:
    """Return what can be mended in a stretch of a document, and the mending of all of it.

    `versioned`: the editor takes edits that hold for one state of a document only.
    """
    if document.config is None:
        return []
    found = list(_quick_fixes(document, params, versioned)) if _wanted(KINDS[0], params) else []
    if _wanted(FIX_ALL, params):
        everything = fix(document.text, config=document.config)
        if everything.changed:
            title = table("words/lsp")[document.wishes.lang]["fix_all"]
            found.append(types.CodeAction(title, kind=FIX_ALL, edit=_edit(document, everything, versioned)))
    return found


def _wanted(kind: str, params: types.CodeActionParams) -> bool:
    only: Sequence[str] | None = params.context.only
    return not only or any(kind == asked or kind.startswith(f"{asked}.") for asked in only)


def _quick_fixes(document: Document, params: types.CodeActionParams, versioned: bool) -> Iterator[types.CodeAction]:
    words = table("words/lsp")[document.wishes.lang]["fix"]
    start, end = (document.positions.offset(place) for place in (params.range.start, params.range.end))
    for found in document.diagnostics:
        older = found.code == _OLDER_FORM
        if not (found.fixable or older) or found.span.start > end or found.span.end < start:
            continue
        result = fix(document.text, config=document.config, modernise=older, only=[found])
        what = next((mend.what for mend in result.applied if mend.code == found.code), None)
        if what is None:
            continue
        shown = as_diagnostic(document, found)
        same = [one for one in params.context.diagnostics if (one.code, one.range) == (shown.code, shown.range)]
        yield types.CodeAction(
            words[what],
            kind=types.CodeActionKind.QuickFix,
            diagnostics=same or [shown],
            is_preferred=not older,
            edit=_edit(document, result, versioned),
        )


def _edit(document: Document, result: FixResult, versioned: bool) -> types.WorkspaceEdit:
    edits = [types.TextEdit(document.positions.range(*edit.span), edit.text) for edit in result.edits]
    if not versioned:
        return types.WorkspaceEdit(changes={document.uri: edits})
    state = types.OptionalVersionedTextDocumentIdentifier(document.uri, document.version)
    return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(state, edits)])
