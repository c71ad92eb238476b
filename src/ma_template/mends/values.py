"""What a plan to mend a form is made of: plain values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ma_template.source import Span

CURRENT, OLDER = "management-attention", "escalation-request"
"""The names of the two published templates."""


class Mend(NamedTuple):
    """Something that was put right: the finding's code and place, and in one word what was done."""

    code: str
    span: Span
    what: str


class Left(NamedTuple):
    """Something that was left as it is: the finding's code and place, and in one word why."""

    code: str
    span: Span
    why: str


class Edit(NamedTuple):
    """A stretch of the text, what takes its place, and what that mends."""

    span: Span
    text: str
    mends: tuple[Mend, ...]


class Plan(NamedTuple):
    """The edits to make, in order, none touching another, and what was left."""

    edits: tuple[Edit, ...]
    left: tuple[Left, ...]


def apply(text: str, edits: Sequence[Edit]) -> str:
    """Return the text with the edits made; they are in order and do not touch."""
    parts = []
    at = 0
    for edit in edits:
        parts += [text[at : edit.span.start], edit.text]
        at = edit.span.end
    return "".join([*parts, text[at:]])
