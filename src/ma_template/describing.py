"""Readings to the models of a report: places get lines and columns, values their verdicts."""

from __future__ import annotations

from typing import Any

from ma_template.models import (
    Block,
    Contact,
    Email,
    Milestone,
    MilestoneDate,
    MilestoneType,
    Phone,
    Reason,
    Requester,
    TextSpan,
)
from ma_template.readers.values import ReadDate, ReadEmail, ReadPerson, ReadPhone
from ma_template.reading import Reading, verdict_on_email, verdict_on_phone
from ma_template.source import Source, Span

# What is described here was validated when it was judged: constructing the models again need not repeat that.


class Describer:
    """Describes the readings of one update. `utf16` makes offsets and columns count UTF-16 units."""

    def __init__(self, source: Source, utf16: bool) -> None:
        self._source = source
        self._utf16 = utf16

    def span(self, span: Span) -> TextSpan:
        """Return a place with lines and columns."""
        source = self._source
        first, last = source.place(span.start), source.place(span.end)
        start, end, column, end_column = span.start, span.end, first.column, last.column
        if self._utf16:
            start, end = source.utf16(start), source.utf16(end)
            column = start - source.utf16(span.start - column + 1) + 1
            end_column = end - source.utf16(span.end - end_column + 1) + 1
        return TextSpan.model_construct(
            start=start, end=end, line=first.line, column=column, end_line=last.line, end_column=end_column
        )

    def block(self, reading: Reading, *, complete: bool) -> Block:
        """Return the description of one block."""
        return Block.model_construct(
            template=reading.template,
            language=reading.language,
            answer_language=reading.answer_language,
            quoted=reading.quoted,
            unfilled=reading.unfilled,
            status="complete" if complete else "incomplete",
            span=self.span(reading.block.span),
            missing=reading.missing,
            invalid=reading.invalid,
            reason=self._reason(reading),
            milestone=self._milestone(reading),
            requester=self._requester(reading),
        )

    def _raw(self, span: Span) -> str:
        return self._source.text[span.start : span.end]

    def _answer(self, reading: Reading, name: Any) -> dict[str, Any] | None:
        section = reading.sections[name]
        if name not in reading.views or name in reading.placeholders:
            return None
        return {"text": section.text(reading.source), "span": self.span(section.span)}

    def _reason(self, reading: Reading) -> Reason | None:
        answer = self._answer(reading, "reason")
        impact = self._raw(reading.impact) if reading.impact else None
        return Reason.model_construct(**answer, impact=impact) if answer else None

    def _milestone(self, reading: Reading) -> Milestone | None:
        answer = self._answer(reading, "milestone")
        if not answer:
            return None
        kind = reading.type
        return Milestone.model_construct(
            **answer,
            type=MilestoneType.model_construct(
                category=kind.category, kind=kind.kind, raw=self._raw(kind.span), span=self.span(kind.span)
            )
            if kind
            else None,
            dates=tuple(self._date(reading, read) for read in reading.dates),
        )

    def _date(self, reading: Reading, read: ReadDate) -> MilestoneDate:
        impossible = read in reading.judged.impossible
        return MilestoneDate.model_construct(
            raw=self._raw(read.span),
            role=read.role,
            start=None if impossible else read.start,
            end=None if impossible else read.end,
            precision=read.precision,
            candidates=read.candidates,
            problem="impossible" if impossible else read.problem,
            span=self.span(read.span),
        )

    def _requester(self, reading: Reading) -> Requester | None:
        answer = self._answer(reading, "requester")
        if not answer:
            return None
        who = reading.contacts.requester
        return Requester.model_construct(
            **answer,
            name=who.name,
            phones=tuple(self._phone(reading, phone) for phone in who.phones),
            pagers=tuple(self._phone(reading, pager) for pager in who.pagers),
            emails=tuple(self._email(reading, email) for email in who.emails),
            callback=reading.callback,
            other_contacts=tuple(self._contact(reading, other) for other in reading.contacts.others),
        )

    def _contact(self, reading: Reading, other: ReadPerson) -> Contact:
        return Contact.model_construct(
            name=other.name,
            phones=tuple(self._phone(reading, phone) for phone in (*other.phones, *other.pagers)),
            emails=tuple(self._email(reading, email) for email in other.emails),
        )

    def _phone(self, reading: Reading, read: ReadPhone) -> Phone:
        e164, valid = verdict_on_phone(reading, read)
        return Phone.model_construct(
            raw=self._raw(read.span), e164=e164, extension=read.extension, valid=valid, span=self.span(read.span)
        )

    def _email(self, reading: Reading, read: ReadEmail) -> Email:
        address, valid = verdict_on_email(reading, read)
        return Email.model_construct(raw=self._raw(read.span), address=address, valid=valid, span=self.span(read.span))
