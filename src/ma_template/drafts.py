"""What the readers propose as a request, and what is missing or invalid in it.

The rule is the strict model `Request` (models.py). `faults` judges the drafts that our readers make as it does, for a
process that cannot wait until pydantic is loaded, as `ma-lint` cannot; tests hold one against the other.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any, NamedTuple

from ma_template.judges import EmailVerdict, PhoneVerdict, judge_email, judge_phone
from ma_template.readers.values import ReadDate, ReadEmail, ReadPhone
from ma_template.source import Span

Draft = dict[str, dict[str, Any]]
"""Section -> item -> what was read; what was not found is not there."""

# What a section of a request cannot be without, in the order of the models' fields.
_NEEDED = {
    "reason": ("text",),
    "milestone": ("type", "dates"),
    "requester": ("name", "phone", "email"),
}


class Fault(NamedTuple):
    """One validation error: the dotted path, the error's type, and the item's number where it is one of a list."""

    path: str
    type: str
    item: int | None


class Judged:
    """The verdicts on the items of one block, each judged once, and the region in which its numbers are read.

    A report also shows the good items of a request that fails as a whole, so the verdicts are kept here.
    """

    __slots__ = ("emails", "impossible", "phones", "region")

    def __init__(self, region: str | None = None) -> None:
        self.region = region
        self.phones: dict[Span, PhoneVerdict] = {}
        self.emails: dict[Span, EmailVerdict] = {}
        self.impossible: dict[Span, str] = {}  # dates to what the calendar does not have of them: start or end

    def date(self, read: ReadDate) -> bool:
        """Return whether the calendar has such a day, or the reading leaves open which of several it is."""
        if read.problem is not None:
            return True
        wrong = next(
            (moment for moment in (read.start or "", read.end) if moment is not None and not exists(moment)), None
        )
        if wrong is not None:
            self.impossible[read.span] = wrong
        return wrong is None

    def phone(self, read: ReadPhone) -> PhoneVerdict:
        """Return E.164 form and validity of a number."""
        verdict = self.phones.get(read.span)
        if verdict is None:
            verdict = self.phones[read.span] = judge_phone(read.number, self.region)
        return verdict

    def email(self, read: ReadEmail) -> EmailVerdict:
        """Return address and validity of an e-mail address."""
        verdict = self.emails.get(read.span)
        if verdict is None:
            verdict = self.emails[read.span] = judge_email(read.address)
        return verdict


def exists(moment: str) -> bool:
    """Return whether an ISO 8601 date or date-time is on the calendar."""
    try:
        if len(moment) == 10:
            datetime.date.fromisoformat(moment)
        else:
            datetime.datetime.fromisoformat(moment)
    except ValueError:
        return False
    return True


def faults(draft: Draft, judged: Judged) -> tuple[Fault, ...]:
    """Return what `Request` would refuse in a draft of our readers, in its order, with the types of its errors."""
    return tuple(_faults(draft, judged))


def _faults(draft: Draft, judged: Judged) -> Iterator[Fault]:
    for section, items in _NEEDED.items():
        part = draft.get(section)
        if part is None:
            yield Fault(section, "missing", None)
            continue
        for item in items:
            path = f"{section}.{item}"
            if item not in part:
                yield Fault(path, "missing", None)
            elif isinstance(part[item], str):
                if fault := _fault_of_words(part[item]):
                    yield Fault(path, fault, None)
            elif not part[item]:
                yield Fault(path, "too_short", None)
            elif item == "dates":
                for number, date in enumerate(part[item]):
                    if not judged.date(date):
                        yield Fault(path, "date_impossible", number)
            elif item == "phone":
                for number, phone in enumerate(part[item]):
                    if judged.phone(phone).valid is False:
                        yield Fault(path, "phone_invalid", number)
            elif item == "email":
                for number, email in enumerate(part[item]):
                    if judged.email(email).valid is False:
                        yield Fault(path, "email_invalid", number)


def _fault_of_words(words: str) -> str | None:
    if not words:
        return "string_too_short"
    try:
        words.encode()
    except UnicodeEncodeError:  # a lone surrogate
        return "string_unicode"
    return None
