"""Takes out of a report what a person wrote, so that it can be stored: words, names, numbers and addresses.

Codes, places, dates, categories and verdicts stay. Who is told apart stays as well: the same name, number or address
is always the same pseudonym, within a report; with a key, in all reports.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ma_template.models import Block, Contact, Email, Phone, Report

MASK = "[redacted]"
"""What stands for words."""

_Pseudonym = Callable[[str, str], str]


def redact(report: Report, key: str | bytes | None = None) -> Report:
    """Return the report without anybody's words, names, telephone and pager numbers and mail addresses.

    Words become `[redacted]`, names `person-1`, numbers `phone-1`, addresses `email-1`, numbered in the order in which
    they stand in the report. With a `key` they become `person-` and twelve hexadecimal digits of an HMAC-SHA-256,
    which are the same in every report; without the key nobody can tell whom they mean. There is no digest without a
    key, since a digest of a telephone number can be undone by trying all numbers.

    What is None stays None, so that what is missing can still be seen. `source`, the path, is kept.

    Raises:
        ValueError: the key is empty.
    """
    pseudonym = _numbered() if key is None else _keyed(key)
    return report.model_copy(update={"blocks": tuple(_block(block, pseudonym) for block in report.blocks)})


def _numbered() -> _Pseudonym:
    known: dict[tuple[str, str], str] = {}
    counts: dict[str, int] = {}

    def pseudonym(kind: str, value: str) -> str:
        if (kind, value) not in known:
            counts[kind] = counts.get(kind, 0) + 1
            known[kind, value] = f"{kind}-{counts[kind]}"
        return known[kind, value]

    return pseudonym


def _keyed(key: str | bytes) -> _Pseudonym:
    import hmac

    secret = key.encode() if isinstance(key, str) else key
    if not secret:
        raise ValueError("the key for pseudonyms is empty")

    def pseudonym(kind: str, value: str) -> str:
        digest = hmac.digest(secret, f"{kind}:{value}".encode("utf-8", "surrogatepass"), "sha256")
        return f"{kind}-{digest.hex()[:12]}"

    return pseudonym


def _block(block: Block, pseudonym: _Pseudonym) -> Block:
    reason, milestone, requester = block.reason, block.milestone, block.requester
    if reason:
        reason = reason.model_copy(update={"text": MASK, "impact": reason.impact and MASK})
    if milestone:
        kind = milestone.type and milestone.type.model_copy(update={"raw": MASK})
        dates = tuple(date.model_copy(update={"raw": MASK}) for date in milestone.dates)
        milestone = milestone.model_copy(update={"text": MASK, "type": kind, "dates": dates})
    if requester:
        requester = requester.model_copy(
            update={
                "text": MASK,
                "name": _name(requester.name, pseudonym),
                "phones": _phones(requester.phones, pseudonym),
                "pagers": _phones(requester.pagers, pseudonym),
                "emails": _emails(requester.emails, pseudonym),
                "other_contacts": tuple(_contact(contact, pseudonym) for contact in requester.other_contacts),
            }
        )
    return block.model_copy(update={"reason": reason, "milestone": milestone, "requester": requester})


def _contact(contact: Contact, pseudonym: _Pseudonym) -> Contact:
    return contact.model_copy(
        update={
            "name": _name(contact.name, pseudonym),
            "phones": _phones(contact.phones, pseudonym),
            "emails": _emails(contact.emails, pseudonym),
        }
    )


def _name(name: str | None, pseudonym: _Pseudonym) -> str | None:
    return name and pseudonym("person", _compared(name))


def _phones(phones: tuple[Phone, ...], pseudonym: _Pseudonym) -> tuple[Phone, ...]:
    """Return numbers masked. An extension is part of who is reached, so it is masked with a pseudonym of its own."""
    masked = []
    for phone in phones:
        digits = "".join(char for char in _compared(phone.raw) if char.isdigit() or char == "+")
        name = pseudonym("phone", phone.e164 or digits)
        extension = phone.extension and pseudonym("extension", f"{phone.e164 or digits};{phone.extension}")
        masked.append(phone.model_copy(update={"raw": name, "e164": phone.e164 and name, "extension": extension}))
    return tuple(masked)


def _emails(emails: tuple[Email, ...], pseudonym: _Pseudonym) -> tuple[Email, ...]:
    masked = []
    for email in emails:
        name = pseudonym("email", _compared(email.address or email.raw))
        masked.append(email.model_copy(update={"raw": name, "address": email.address and name}))
    return tuple(masked)


def _compared(value: str) -> str:
    """Return what makes two spellings the same: without blanks, in one width and one case."""
    return "".join(unicodedata.normalize("NFKC", value).split()).casefold()
