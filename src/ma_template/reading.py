"""A block is read and judged: sections to values (readers), values to verdicts (the strict `Request` model)."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from ma_template.blocks import Block
from ma_template.choices import Choices
from ma_template.drafts import Draft, Fault, Judged
from ma_template.lines import Line
from ma_template.readers.calls import asks_for_call
from ma_template.readers.contacts import read_contacts
from ma_template.readers.dates import read_dates
from ma_template.readers.impact import read_impact
from ma_template.readers.milestones import read_type
from ma_template.readers.own_words import reworded
from ma_template.readers.placeholders import impact_placeholder, is_placeholder, milestone_placeholders
from ma_template.readers.values import ReadContacts, ReadDate, ReadType, Settings
from ma_template.sections import Sections, answer_language, divide
from ma_template.source import Span, View, quote_marks, rows
from ma_template.wording import SECTIONS, SectionName

# The order in which `missing` and `invalid` list their paths (contract, section 3).
PATHS = (
    "reason", "reason.impact", "milestone", "milestone.type", "milestone.dates",
    "requester", "requester.name", "requester.phone", "requester.email",
)  # fmt: skip

# The types of the judge's errors that say that something is not there; all others say that it is wrong.
MISSING = frozenset({"missing", "too_short", "string_too_short"})


class Reading:
    """One block with all that was read in it and how it was judged. What rules look at and reports are made of."""

    def __init__(
        self,
        *,
        index: int,
        source: str,
        block: Block,
        sections: Sections,
        template: Literal["management-attention", "escalation-request"],
        language: Literal["en", "ja"],
        as_of: date,
        quoted: bool,
        unfilled: bool,
    ) -> None:
        self.index = index
        self.source = source
        self.block = block
        self.sections = sections
        self.template = template
        self.language = language
        self.as_of = as_of
        self.quoted = quoted
        self.unfilled = unfilled
        self.copy = False  # unfilled, beside a filled one (MA107)
        self.answer_language: Literal["en", "ja"] | None = None
        self.views: dict[SectionName, View] = {}
        self.impact: Span | None = None
        self.type: ReadType | None = None
        self.dates: tuple[ReadDate, ...] = ()
        self.contacts = ReadContacts()
        self.callback = False
        self.cut: list[tuple[Span, str]] = []  # where what was too long was cut, and what that was: a limit of MA901
        self.placeholders: frozenset[str] = frozenset()
        self.faults: tuple[Fault, ...] = ()
        self.missing: tuple[str, ...] = ()
        self.invalid: tuple[str, ...] = ()
        self.judged = Judged()

    @property
    def live(self) -> bool:
        """Return whether the block is judged at all."""
        return not self.quoted

    def place(self, name: str) -> Span:
        """Return where a section's answer stands or should: the answer, its prompt, else the block's first line."""
        section = self.sections[name]  # type: ignore[index]  # any of the three names
        if section:
            return section.span
        if section.prompts:
            return section.prompts[-1].body
        return self.head

    def gap(self, path: str) -> Span:
        """Return where what is missing at a path would stand: its empty label or placeholder, else the section."""
        section, _, item = path.partition(".")
        gaps: dict[str, Span] = dict(self.contacts.gaps) if section == "requester" else {}
        return gaps.get(item) or self.place(section)

    @property
    def head(self) -> Span:
        """Return the block's first line."""
        if self.block.opening:
            return self.block.opening.span
        return self.block.lines[0].body if self.block.lines else self.block.span

    @property
    def tail(self) -> Span:
        """Return the block's last line."""
        if self.block.closing:
            return self.block.closing.span
        last = list(rows(self.source, self.block.span))[-1:]
        return last[0] if last else self.block.span


def read_block(index: int, block: Block, source: str, as_of: date, choices: Choices) -> Reading:
    """Divide, read and judge one block. A quoted or unfilled one is only described."""
    first = next((line for line in block.lines if line.kind == "PROMPT"), None) or next(
        (line for line in block.lines if line.kind == "LABEL"), None
    )
    sections = divide(block, source)
    reading = Reading(
        index=index,
        source=source,
        block=block,
        sections=sections,
        template=_template(block, first),
        language=block.opening.language if block.opening else (first and first.language) or "en",  # type: ignore[arg-type]
        as_of=as_of,
        quoted=_quoted(block, source),
        unfilled=not any(sections.values()),
    )
    if reading.live and not reading.unfilled:
        _read(reading, choices)
        _judge(reading, choices)
    elif reading.unfilled:
        reading.missing = SECTIONS
    return reading


def _template(block: Block, first: Line | None) -> Any:
    if block.opening:
        return block.opening.template
    if first and first.template:
        return first.template
    return block.closing.template if block.closing else "management-attention"


def _quoted(block: Block, source: str) -> bool:
    if not quote_marks(source[block.span.start : block.span.start + 50]):
        return False
    return all(quote_marks(source[row.start : row.end][:2_000]) for row in rows(source, block.span))


def _read(reading: Reading, choices: Choices) -> None:
    sections = reading.sections
    for name, section in sections.items():
        if section:
            pieces = [_within(piece, reading, choices.max_line_length) for piece in section.pieces]
            if pieces[-1].end - pieces[0].start > choices.max_answer_length:
                pieces = _first(pieces, reading, choices.max_answer_length)
            reading.views[name] = View(reading.source, pieces)
    views = reading.views
    language = answer_language(views.values())
    reading.answer_language = language  # type: ignore[assignment]
    if (additions := choices.additions) is not None:
        for name in views:
            views[name] = reworded(views[name], additions, name)
    settings = Settings(
        language=language,  # type: ignore[arg-type]
        as_of=reading.as_of,
        region=choices.region or ("JP" if language == "ja" else None),
        date_order=choices.date_order,
        fiscal_year_start=choices.fiscal_year_start,
    )
    placeholders: set[str] = {name for name, view in views.items() if is_placeholder(view.text)}
    reason, milestone, requester = (
        views.get(name) if name not in placeholders else None for name in ("reason", "milestone", "requester")
    )
    if reason:
        reading.impact = read_impact(reason, settings)
        if reading.impact is None and impact_placeholder(reason):
            placeholders.add("reason.impact")
    if milestone:
        reading.dates = read_dates(milestone, settings)
        reading.type = read_type(milestone, settings, reading.dates)
        if not reading.dates or reading.type is None:
            items = milestone_placeholders(milestone, reading.dates, reading.type)
            placeholders |= {f"milestone.{item}" for item in items}
    elif "milestone" in placeholders:
        # 'Release date: TBD' leaves the date open, but names the milestone.
        reading.type = read_type(views["milestone"], settings, ())
        if reading.type and reading.type.category != "other":
            placeholders -= {"milestone"}
            placeholders.add("milestone.dates")
        else:
            reading.type = None
    if requester:
        reading.contacts = read_contacts(requester, settings)
        placeholders |= {f"requester.{item}" for item in reading.contacts.placeholders}
    reading.callback = any(asks_for_call(view) for view in views.values())
    reading.placeholders = frozenset(placeholders)
    reading.judged = Judged(settings.region)


def _within(piece: Span, reading: Reading, limit: int) -> Span:
    """Cut a stretch where a line in it gets too long: what follows is not read (MA901)."""
    if piece.end - piece.start <= limit:
        return piece
    for row in rows(reading.source, piece):
        if row.end - row.start > limit:
            cut = row.start + limit
            reading.cut.append((Span(cut, cut), "line"))
            return Span(piece.start, cut)
    return piece


def _first(pieces: list[Span], reading: Reading, limit: int) -> list[Span]:
    """Cut an answer where it gets too long: what follows is not read (MA901)."""
    kept: list[Span] = []
    for start, end in pieces:
        if end - start > limit:
            reading.cut.append((Span(start + limit, start + limit), "answer"))
            return [*kept, Span(start, start + limit)]
        kept.append(Span(start, end))
        limit -= end - start
    return kept


def _judge(reading: Reading, choices: Choices) -> None:
    """Let the judge see what was read; its errors are the block's faults."""
    draft: Draft = {}
    for name in reading.views:
        if name in reading.placeholders:
            continue
        if name == "reason":
            draft[name] = {"text": reading.sections[name].text(reading.source), "impact": None}
        elif name == "milestone":
            draft[name] = {"dates": list(reading.dates)}
            if reading.type:
                draft[name]["type"] = {"category": reading.type.category, "kind": reading.type.kind}
        else:
            who = reading.contacts.requester
            draft[name] = {"phone": list(who.phones), "email": list(who.emails), "pager": list(who.pagers)}
            if who.name:
                draft[name]["name"] = who.name
    reading.faults = choices.judge(draft, reading.judged)
    missing = {fault.path for fault in reading.faults if fault.type in MISSING}
    if "reason" in draft and reading.impact is None:
        missing.add("reason.impact")  # allowed in a request, a gap all the same: MA202 is a warning
    invalid = {fault.path for fault in reading.faults if fault.type not in MISSING}
    reading.missing = tuple(path for path in PATHS if path in missing)
    reading.invalid = tuple(path for path in PATHS if path in invalid)
