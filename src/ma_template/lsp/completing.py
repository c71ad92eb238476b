"""What can be inserted where somebody types: the whole form, and labels of items inside a section."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lsprotocol import types

from ma_template.forms import Form, FormLanguage, LabelLanguage, compose
from ma_template.lsp.documents import Document
from ma_template.wording import SECTIONS, SectionName, labels, published, table
from ma_template.wording import key as compared

_ITEMS: dict[SectionName, tuple[str, ...]] = {
    "reason": ("impact",),
    "milestone": ("date", "resolve_by", "type"),
    "requester": ("name", "phone", "pager", "email"),
}
_LONGEST_BEGINNING = 40  # characters of a line after which nothing is offered any more
_STARS = re.compile(r"[*＊\s]*")
_WORD_AT_END = re.compile(r"\w*\Z")
_SPECIAL = re.compile(r"[\\$}]")  # in the protocol's snippets


class _Place(NamedTuple):
    """Where somebody types: what stands on the line before, from where to where it would be replaced, what is left."""

    written: str
    range: types.Range
    behind: str


def complete(document: Document, position: types.Position, *, snippets: bool) -> types.CompletionList:
    """Return what can be inserted at a position. `snippets`: the editor knows places to jump to in what it inserts."""
    at = document.positions.offset(position)
    line = document.line_before(at)
    written = line.lstrip()
    place = _Place(
        written,
        document.positions.range(at - len(written), at),
        re.split(r"[\r\n]", document.text[at:], maxsplit=1)[0].strip(),
    )
    items: list[types.CompletionItem] = []
    if len(written) <= _LONGEST_BEGINNING:
        section = _section(document, at)
        items = list(_labels(document, at, section, place) if section else _forms(document, place, snippets))
    # What fits is told here and not by the editor, which does not know that 氏名 and name are one.
    return types.CompletionList(is_incomplete=True, items=items)


def _section(document: Document, at: int) -> SectionName | None:
    """Return the section that an answer typed here would belong to, None outside a request and above its prompts."""
    for block in reversed(document.blocks):
        if block.span.start <= at:
            end = block.closing.span.start if block.closing else len(document.text) + 1
            if at >= end:
                return None
            asked = [line for line in block.lines if line.kind in ("PROMPT", "LABEL") and line.body.end < at]
            return asked[-1].section if asked else None  # type: ignore[return-value]  # these kinds have one
    return None


# ---------------------------------------------------------------------------------------------------------------------
# The form


def _forms(document: Document, place: _Place, snippets: bool) -> Iterator[types.CompletionItem]:
    words = table("words/lsp")[document.wishes.lang]["form"]
    languages: Sequence[FormLanguage] = ("ja", "en", "both") if document.wishes.lang == "ja" else ("en", "ja", "both")
    name = _begun(place.written)
    if name is None or place.behind.strip("*＊ "):
        return
    for number, language in enumerate(languages):
        text = _snippet(language) if snippets else compose(Form(), language).rstrip("\n")
        yield types.CompletionItem(
            label=_fitting(words[language], place.written, name),
            kind=types.CompletionItemKind.Snippet if snippets else types.CompletionItemKind.Text,
            detail=words["detail"],
            documentation=compose(Form(), language),
            sort_text=f"0{number}",
            filter_text=place.written or None,
            insert_text_format=types.InsertTextFormat.Snippet if snippets else types.InsertTextFormat.PlainText,
            insert_text_mode=types.InsertTextMode.AsIs,
            text_edit=types.TextEdit(place.range, text),
        )


def _begun(written: str) -> str | None:
    """Return the name of the form that somebody has begun to type: `""` before its first letter, None if it is none."""
    typed = compared(written)
    if not typed:
        return "" if _STARS.fullmatch(written) else None
    names = [published("management-attention", language).label for language in ("en", "ja")]
    return next((name for name in names + table("words/lsp")["names"] if compared(name).startswith(typed)), None)


def _fitting(label: str, written: str, name: str) -> str:
    """Return a label that begins just as the word being typed: Eglot shows no others, and fails over one.

    Where it begins otherwise, it is put behind the name that was begun.
    """
    word = _WORD_AT_END.search(written)[0]  # type: ignore[index]  # it matches nothing at least
    for told in (label, f"{name} ({label})"):
        if told.lower().startswith(word.lower()):
            return word + told[len(word) :]
    return label


def _snippet(language: FormLanguage) -> str:
    """Return the form with a place to jump to under each prompt, and one behind each label of the requester."""
    marks = {name: f"\x00{name}\x00" for name in SECTIONS}
    form = _SPECIAL.sub(r"\\\g<0>", compose(Form(texts=marks), language).rstrip("\n"))
    words = table("words/form")[Form().labels(language)]
    items = [words[item] for item in ("name", "phone", "email")]
    requester = "\n".join(item.format(f"${number}") for number, item in enumerate(items, 3))
    for name, places in zip(SECTIONS, ("$1", "$2", requester), strict=True):
        form = form.replace(marks[name], places)
    return form


# ---------------------------------------------------------------------------------------------------------------------
# Labels


def _labels(document: Document, at: int, section: SectionName, place: _Place) -> Iterator[types.CompletionItem]:
    forms = table("words/form")
    told = table("words/report")[document.wishes.lang]["item"]
    typed = compared(place.written)
    if (place.written and not typed) or place.behind:
        return
    there = _there(document, at)
    for rank, language in enumerate(_languages(document, at)):
        for number, item in enumerate(_ITEMS[section]):
            text = forms[language][item].format("")
            name = next((name for name in (text, item) if compared(name).startswith(typed)), None)
            if name is None:
                continue
            yield types.CompletionItem(
                label=_fitting(text.strip(), place.written, name),
                kind=types.CompletionItemKind.Field,
                detail=told[section],
                sort_text=f"{compared(text) in there:d}{rank}{number}",
                filter_text=place.written or None,
                text_edit=types.TextEdit(place.range, text),
            )


def _languages(document: Document, at: int) -> list[LabelLanguage]:
    """Return the languages of the request's prompts, that of its answers first."""
    report = document.report
    block = [one for one in report.blocks if one.span.start <= at][-1] if report else None
    first = block and (block.answer_language or block.language)
    return ["ja", "en"] if first == "ja" else ["en", "ja"]


def _there(document: Document, at: int) -> set[str]:
    """Return the labels that stand already in the request around a place, in their compared form."""
    block = [one for one in document.blocks if one.span.start <= at][-1]
    known = labels()
    found = set()
    for row in re.split(r"[\r\n]+", document.text[block.span.start : block.span.end]):
        name = compared(re.split(r"[:：]", row, maxsplit=1)[0])
        if name in known:
            found.add(name)
    return found
