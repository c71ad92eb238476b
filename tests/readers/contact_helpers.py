"""What the tests of the contacts reader share: the tables, and values in the form the tables use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from ma_template.judges import judge_email, judge_phone
from ma_template.readers.contacts import read_contacts
from ma_template.readers.values import ReadContacts, ReadEmail, ReadPhone, Settings
from ma_template.source import View

TABLES = Path(__file__).parents[2] / "fixtures" / "tables"


def rows(name: str) -> Any:
    with (TABLES / f"{name}.yaml").open(encoding="utf-8") as file:
        return yaml.load(file, Loader=yaml.CSafeLoader)


def answers(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for language in ("en", "ja"):
        for text in row.get(language, []):
            yield language, text


def read(text: str, language: str) -> ReadContacts:
    region = "JP" if language == "ja" else None
    return read_contacts(View.of(text), Settings(language, date(2026, 11, 23), region))  # type: ignore[arg-type]


def judged_phones(phones: Iterable[ReadPhone], region: str | None) -> list[str]:
    """Numbers as the tables write them: +815... x204, !digits (invalid), ?digits (region unknown)."""
    written = []
    for phone in phones:
        verdict = judge_phone(phone.number, region)
        digits = re.sub("[^0-9]", "", phone.number)
        form = verdict.e164 or ("!" if verdict.valid is False else "?") + digits
        written.append(form + (f" x{phone.extension}" if phone.extension else ""))
    return written


def judged_emails(emails: Iterable[ReadEmail]) -> list[str]:
    """Addresses as the tables write them: plain, ~nonstandard, !invalid."""
    written = []
    for email in emails:
        valid = judge_email(email.address).valid
        written.append({True: "", None: "~", False: "!"}[valid] + email.address)
    return written
