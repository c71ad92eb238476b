"""Readings to the models of a report: places get lines and columns, values their verdicts."""

from __future__ import annotations

from typing import Any

from ma_template.readers.values import ReadDate, ReadEmail, ReadPerson, ReadPhone
from ma_template.reading import Reading
from ma_template.source import Source, Span

# Plain dictionaries here, with the fields of the models in their order: pydantic makes the models of a whole report in
# one go, and much faster than one by one, and `ma-lint` does without them.
Description = dict[str, Any]


class Describer:
    """Describes the readings of one update. `utf16` makes offsets and columns count UTF-16 units."""

    def __init__(self, source: Source, *, utf16: bool) -> None:
        self._source = source
        self._utf16 = utf16

    def span(self, span: Span) -> Description:
        """Return a place with lines and columns."""
        line, column, end_line, end_column = self._source.places(span)
        start, end = span
        if self._utf16:
            source = self._source
            line_start, end_line_start = start - column + 1, end - end_column + 1
            start, end = source.utf16(start), source.utf16(end)
            column = start - source.utf16(line_start) + 1
            end_column = end - source.utf16(end_line_start) + 1
        return {
            "start": start,
            "end": end,
            "line": line,
            "column": column,
            "end_line": end_line,
            "end_column": end_column,
        }

    def block(self, reading: Reading, *, complete: bool) -> Description:
        """Return the description of one block."""
        return {
            "template": reading.template,
            "language": reading.language,
            "answer_language": reading.answer_language,
            "quoted": reading.quoted,
            "unfilled": reading.unfilled,
            "status": "complete" if complete else "incomplete",
            "span": self.span(reading.block.span),
            "missing": reading.missing,
            "invalid": reading.invalid,
            "reason": self._reason(reading),
            "milestone": self._milestone(reading),
            "requester": self._requester(reading),
        }

    def _raw(self, span: Span) -> str:
        return self._source.text[span.start : span.end]

    def _answer(self, reading: Reading, name: Any) -> Description | None:
        if name not in reading.views or name in reading.placeholders:
            return None
        section = reading.sections[name]
        return {"text": section.text(reading.source), "span": self.span(section.span)}

    def _reason(self, reading: Reading) -> Description | None:
        answer = self._answer(reading, "reason")
        impact = self._raw(reading.impact) if reading.impact else None
        return answer and {"text": answer["text"], "impact": impact, "span": answer["span"]}

    def _milestone(self, reading: Reading) -> Description | None:
        answer = self._answer(reading, "milestone")
        if answer:
            kind = reading.type
            answer["type"] = kind and {
                "category": kind.category,
                "kind": kind.kind,
                "raw": self._raw(kind.span),
                "span": self.span(kind.span),
            }
            answer["dates"] = [self._date(reading, read) for read in reading.dates]
        return answer

    def _date(self, reading: Reading, read: ReadDate) -> Description:
        impossible = read.span in reading.judged.impossible
        return {
            "raw": self._raw(read.span),
            "role": read.role,
            "start": None if impossible else read.start,
            "end": None if impossible else read.end,
            "precision": read.precision,
            "candidates": read.candidates,
            "problem": "impossible" if impossible else read.problem,
            "span": self.span(read.span),
        }

    def _requester(self, reading: Reading) -> Description | None:
        answer = self._answer(reading, "requester")
        if answer:
            who = reading.contacts.requester
            answer["name"] = who.name
            answer["phones"] = [self._phone(reading, phone) for phone in who.phones]
            answer["pagers"] = [self._phone(reading, pager) for pager in who.pagers]
            answer["emails"] = [self._email(reading, email) for email in who.emails]
            answer["callback"] = reading.callback
            answer["other_contacts"] = [self._contact(reading, other) for other in reading.contacts.others]
        return answer

    def _contact(self, reading: Reading, other: ReadPerson) -> Description:
        return {
            "name": other.name,
            "phones": [self._phone(reading, phone) for phone in (*other.phones, *other.pagers)],
            "emails": [self._email(reading, email) for email in other.emails],
        }

    def _phone(self, reading: Reading, read: ReadPhone) -> Description:
        e164, valid = reading.judged.phone(read)
        return {
            "raw": self._raw(read.span),
            "e164": e164,
            "extension": read.extension,
            "valid": valid,
            "span": self.span(read.span),
        }

    def _email(self, reading: Reading, read: ReadEmail) -> Description:
        address, valid = reading.judged.email(read)
        return {"raw": self._raw(read.span), "address": address, "valid": valid, "span": self.span(read.span)}
