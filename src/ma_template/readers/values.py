"""What the readers find: plain values with the place where each stands. Nothing here is judged yet."""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple

from ma_template.source import Span

Language = Literal["en", "ja"]
Role = Literal["milestone", "resolve_by"]
Precision = Literal["minute", "day", "week", "month", "quarter", "year"]
Category = Literal[
    "go-live", "cutover", "upgrade", "migration", "patching", "testing", "deployment", "environment", "project-phase",
    "training", "period-close", "payroll", "billing", "audit", "regulatory", "sales-event", "launch", "contract",
    "meeting", "other",
]  # fmt: skip
Item = Literal["name", "phone", "email"]
DateProblem = Literal["ambiguous", "impossible", "fiscal-unknown"]
DateNote = Literal["relative", "year-inferred", "weekday-mismatch", "imprecise"]


class Settings(NamedTuple):
    """What the readers need to know besides the words: see the options of the same names in `Config`.

    `region` is the region in which numbers without a country code are read, None where there is none.
    `date_order` settles 3/4/2026; `fiscal_year_start` is a month, 1 to 12.
    """

    language: Language
    as_of: date
    region: str | None = None
    date_order: Literal["ymd", "mdy", "dmy"] | None = None
    fiscal_year_start: int | None = None


class ReadDate(NamedTuple):
    """A date as read. `start` and `end` are spelled ISO 8601, but whether such a day exists is not judged here:
    30 February is spelled 2026-02-30 and left to the calendar in the models. `start` is None only for the problems
    `ambiguous` (readings in `candidates`, ascending, existing days only) and `fiscal-unknown`.
    """

    span: Span
    role: Role
    start: str | None
    end: str | None = None
    precision: Precision = "day"
    candidates: tuple[str, ...] = ()
    problem: Literal["ambiguous", "fiscal-unknown"] | None = None
    notes: frozenset[DateNote] = frozenset()


class ReadType(NamedTuple):
    """The type of a milestone: its category, its kind (None where `other` does not say) and the words that name it."""

    span: Span
    category: str
    kind: Literal["business", "implementation"] | None


class ReadPhone(NamedTuple):
    """A telephone or pager number as written: `number` is the compared form without label and extension."""

    span: Span
    number: str
    extension: str | None = None


class ReadEmail(NamedTuple):
    """An e-mail address, or what stands where one was meant: `address` is the compared form to be judged."""

    span: Span
    address: str


class ReadPerson(NamedTuple):
    """One person with the ways to reach them. `name` is given as written, its white space collapsed."""

    name: str | None = None
    name_span: Span | None = None
    phones: tuple[ReadPhone, ...] = ()
    pagers: tuple[ReadPhone, ...] = ()
    emails: tuple[ReadEmail, ...] = ()


class ReadContacts(NamedTuple):
    """Who asks (`requester`), everybody else who is named (`others`), and the items that hold only a placeholder.

    `gaps`: where a missing item is missing, as far as the answer shows it: its label without a value ("Phone:"), or
    its placeholder with the label ("Phone: TBD").
    """

    requester: ReadPerson = ReadPerson()
    others: tuple[ReadPerson, ...] = ()
    placeholders: frozenset[Item] = frozenset()
    gaps: tuple[tuple[Item, Span], ...] = ()
