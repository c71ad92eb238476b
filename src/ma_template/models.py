"""What a report is made of, and what a complete request is.

`Report` and what hangs on it describe; `Request` judges: its annotated types call the calendar, phonenumbers and
email-validator, and `missing` and `invalid` of a block are its validation errors, nothing else.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, ValidationInfo
from pydantic_core import PydanticCustomError, PydanticSerializationError

from ma_template.drafts import Draft, Fault, Judged
from ma_template.patterns import late
from ma_template.readers.values import Category, ReadDate, ReadEmail, ReadPhone

SCHEMA_VERSION = 1

_SURROGATE = late("[\ud800-\udfff]")

Severity = Literal["error", "warning", "info"]
BlockStatus = Literal["complete", "incomplete"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class TextSpan(_Part):
    """A stretch of the update: `text[start:end]`, half open; lines and columns are counted from 1."""

    start: int = Field(
        description="Offset of the first character, from 0, in code points (or UTF-16 units, where asked for)."
    )
    end: int = Field(description="Offset behind the last character.")
    line: int = Field(description="Line of the first character, from 1.")
    column: int = Field(description="Column of the first character, from 1.")
    end_line: int = Field(description="Line in which the stretch ends.")
    end_column: int = Field(description="Column behind the last character.")


class Reason(_Part):
    """The answer to the first prompt. `impact` is the part of `text` that states the business impact."""

    text: str = Field(description="The answer as written, without prompt, labels of whole sections and quote marks.")
    impact: str | None = Field(
        description="The sentence of `text` that states the business impact best; null if none does."
    )
    span: TextSpan = Field(description="Where the answer stands.")


class MilestoneType(_Part):
    """What the milestone is: category, kind (None where `other` does not say it) and the words that name it."""

    category: Category = Field(
        description="What kind of event it is; `other` where the words name none of the known ones."
    )
    kind: Literal["business", "implementation"] | None = Field(
        description="Of the business or of the implementation; null where `other` does not say it."
    )
    raw: str = Field(description="The words that name it.")
    span: TextSpan = Field(description="Where they stand.")


class MilestoneDate(_Part):
    """A date of the milestone. `start` and `end` (inclusive) are ISO 8601 dates or date-times."""

    raw: str = Field(description="The date as written.")
    role: Literal["milestone", "resolve_by"] = Field(
        description="`resolve_by` where the words say when the fix is needed, else `milestone`."
    )
    start: str | None = Field(
        description="ISO 8601 date or date-time, with an offset where a zone is written; null if `problem` is set."
    )
    end: str | None = Field(description="Last day or moment of a range, inclusive; null for a single one.")
    precision: Literal["minute", "day", "week", "month", "quarter", "year"] = Field(
        description="How exact it is: of an imprecise date, `start` to `end` is the range meant."
    )
    candidates: tuple[str, ...] = Field(description="The possible readings of an ambiguous date.")
    problem: Literal["ambiguous", "impossible", "fiscal-unknown"] | None = Field(
        description="Why it is not resolved: several readings, no such day, or a fiscal year not known."
    )
    span: TextSpan = Field(description="Where the date stands.")


class Milestone(_Part):
    """The answer to the second prompt."""

    text: str = Field(description="The answer as written.")
    span: TextSpan = Field(description="Where the answer stands.")
    type: MilestoneType | None = Field(description="What the milestone is; null if no word says so.")
    dates: tuple[MilestoneDate, ...] = Field(description="Every date in the answer, in order.")


class Phone(_Part):
    """A telephone or pager number. `valid` is None where the region is not known."""

    raw: str = Field(description="The number as written.")
    e164: str | None = Field(
        description="The number as dialled from anywhere, e.g. +81355550123; null if not valid or its region not known."
    )
    extension: str | None = Field(description="The extension; null if there is none.")
    valid: bool | None = Field(
        description="Whether there can be such a number; null where its region is not known (MA405)."
    )
    span: TextSpan = Field(description="Where the number stands.")


class Email(_Part):
    """An e-mail address. `valid` is None for an address in use that the standard refuses."""

    raw: str = Field(description="The address as written.")
    address: str | None = Field(description="The address, normalised; null if it is not valid.")
    valid: bool | None = Field(
        description="Whether it is an address; null for one that is in use but not as the standard allows (MA409)."
    )
    span: TextSpan = Field(description="Where the address stands.")


class Contact(_Part):
    """Another person who is named beside the requester."""

    name: str | None = Field(description="The name; null if only numbers or addresses are given.")
    phones: tuple[Phone, ...] = Field(description="Numbers.")
    emails: tuple[Email, ...] = Field(description="Addresses.")


class Requester(_Part):
    """The answer to the third prompt. `callback`: the block asks outright for a call."""

    text: str = Field(description="The answer as written.")
    span: TextSpan = Field(description="Where the answer stands.")
    name: str | None = Field(
        description="The name as written, without title, honorific, department and company; null if there is none."
    )
    phones: tuple[Phone, ...] = Field(description="Telephone numbers of the requester.")
    pagers: tuple[Phone, ...] = Field(description="Pager numbers; never required.")
    emails: tuple[Email, ...] = Field(description="E-mail addresses of the requester.")
    callback: bool = Field(description="Whether the block asks outright for a call (MA503).")
    other_contacts: tuple[Contact, ...] = Field(
        description="Other people who are named, with their numbers and addresses."
    )


# ---------------------------------------------------------------------------------------------------------------------
# The judge. Readers propose (ReadDate, ReadPhone, ReadEmail), these types decide.


@dataclass(frozen=True, slots=True)
class CalendarDate:
    """A day or moment that exists (`resolved`), or a reading that several exist for (`ambiguous`)."""

    state: Literal["resolved", "ambiguous"]
    start: str | None
    end: str | None
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """A number that is valid (`valid`), or one whose region nobody knows (`region-unknown`)."""

    state: Literal["valid", "region-unknown"]
    number: str
    extension: str | None


@dataclass(frozen=True, slots=True)
class EmailAddress:
    """An address the standard allows (`valid`), or one in use all the same (`nonstandard`)."""

    state: Literal["valid", "nonstandard"]
    address: str


def _judged(info: ValidationInfo) -> Judged:
    return info.context if isinstance(info.context, Judged) else Judged()


def _on_the_calendar(read: Any, info: ValidationInfo) -> Any:
    if not isinstance(read, ReadDate):
        return read
    if not _judged(info).date(read):
        raise PydanticCustomError("date_impossible", "no such day")
    if read.problem is not None:
        return CalendarDate("ambiguous", None, None, read.candidates)
    return CalendarDate("resolved", read.start, read.end, ())


def _can_be_dialled(read: Any, info: ValidationInfo) -> Any:
    if not isinstance(read, ReadPhone):
        return read
    e164, valid = _judged(info).phone(read)
    if valid is False:
        raise PydanticCustomError("phone_invalid", "no valid telephone number")
    return PhoneNumber("valid" if valid else "region-unknown", e164 or read.number, read.extension)


def _can_be_paged(read: Any, info: ValidationInfo) -> Any:
    """A pager is never required and may be a short code of the house: it is read, not judged."""
    if not isinstance(read, ReadPhone):
        return read
    e164, valid = _judged(info).phone(read)
    return PhoneNumber("valid" if valid else "region-unknown", e164 or read.number, read.extension)


def _can_be_mailed(read: Any, info: ValidationInfo) -> Any:
    if not isinstance(read, ReadEmail):
        return read
    address, valid = _judged(info).email(read)
    if valid is False:
        raise PydanticCustomError("email_invalid", "no valid e-mail address")
    return EmailAddress("valid" if valid else "nonstandard", address or read.address)


Words = Annotated[str, Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class RequestReason(_Strict):
    """Why management attention is asked for. The impact may be None: MA202 is a warning."""

    text: Words
    impact: Words | None = None


class RequestType(_Strict):
    """What the milestone is."""

    category: Category
    kind: Literal["business", "implementation"] | None = None


class RequestMilestone(_Strict):
    """The milestone with at least one date that exists or could."""

    type: RequestType
    dates: Annotated[list[Annotated[CalendarDate, BeforeValidator(_on_the_calendar)]], Field(min_length=1)]


class RequestRequester(_Strict):
    """Who asks, with at least one number and one address."""

    name: Words
    phone: Annotated[list[Annotated[PhoneNumber, BeforeValidator(_can_be_dialled)]], Field(min_length=1)]
    email: Annotated[list[Annotated[EmailAddress, BeforeValidator(_can_be_mailed)]], Field(min_length=1)]
    pager: list[Annotated[PhoneNumber, BeforeValidator(_can_be_paged)]] = []


class Request(_Strict):
    """A complete request: the only judge of what is missing or invalid (contract, section 3)."""

    reason: RequestReason
    milestone: RequestMilestone
    requester: RequestRequester


def request_faults(draft: Draft, judged: Judged) -> tuple[Fault, ...]:
    """Return what `Request` refuses in a draft, error by error."""
    try:
        Request.__pydantic_validator__.validate_python(draft, context=judged)
    except ValidationError as error:
        return tuple(
            Fault(
                ".".join(str(part) for part in fault["loc"] if isinstance(part, str)),
                fault["type"],
                next((part for part in fault["loc"] if isinstance(part, int)), None),
            )
            for fault in error.errors(include_input=False, include_url=False, include_context=False)
        )
    return ()


class IncompleteRequestError(ValueError):
    """A block is no complete request. `missing` and `invalid` list dotted paths; no answer's words are told."""

    def __init__(self, missing: tuple[str, ...], invalid: tuple[str, ...]) -> None:
        self.missing = missing
        self.invalid = invalid
        parts = [f"{word}: {', '.join(paths)}" for word, paths in (("missing", missing), ("invalid", invalid)) if paths]
        super().__init__("the block is no complete request (" + "; ".join(parts or ["quoted or unfilled"]) + ")")


# ---------------------------------------------------------------------------------------------------------------------
# The report


class Block(_Part):
    """One template in an update, with what stands in it."""

    template: Literal["management-attention", "escalation-request"] = Field(
        description="Which published form it is: the current one, or the older one."
    )
    language: Literal["en", "ja"] = Field(
        description="Language of the opening banner; without one, of the first prompt."
    )
    answer_language: Literal["en", "ja"] | None = Field(
        description="Language of the answers, which decides how numbers and dates are read; null when unfilled."
    )
    quoted: bool = Field(
        description="Whether it stands wholly inside a quoted reply: then it is listed, and not judged."
    )
    unfilled: bool = Field(description="Whether it holds no answer at all.")
    status: BlockStatus = Field(description="`incomplete` where a finding that is an error by declaration concerns it.")
    span: TextSpan = Field(description="From the first banner to the last.")
    missing: tuple[str, ...] = Field(description="What is not there, as dotted paths.")
    invalid: tuple[str, ...] = Field(description="What is there, but wrong, as dotted paths.")
    reason: Reason | None = Field(description="Why management attention is needed; null without an answer.")
    milestone: Milestone | None = Field(description="What is at risk, and when; null without an answer.")
    requester: Requester | None = Field(description="Whom to call; null without an answer.")

    @property
    def request(self) -> Request:
        """The block as a complete request.

        Raises:
            IncompleteRequestError: something is missing or invalid; the error lists the paths.
        """
        if self.quoted or self.unfilled or self.invalid or any(path != "reason.impact" for path in self.missing):
            raise IncompleteRequestError(self.missing, self.invalid)
        assert self.reason
        assert self.milestone
        assert self.milestone.type
        assert self.requester
        assert self.requester.name
        return Request(
            reason=RequestReason(text=self.reason.text, impact=self.reason.impact),
            milestone=RequestMilestone(
                type=RequestType(category=self.milestone.type.category, kind=self.milestone.type.kind),
                dates=[
                    CalendarDate("ambiguous" if date.problem else "resolved", date.start, date.end, date.candidates)
                    for date in self.milestone.dates
                ],
            ),
            requester=RequestRequester(
                name=self.requester.name,
                phone=[_as_number(phone) for phone in self.requester.phones],
                email=[
                    EmailAddress("valid" if email.valid else "nonstandard", email.address or email.raw)
                    for email in self.requester.emails
                ],
                pager=[_as_number(pager) for pager in self.requester.pagers],
            ),
        )


def _as_number(phone: Phone) -> PhoneNumber:
    return PhoneNumber("valid" if phone.valid else "region-unknown", phone.e164 or phone.raw, phone.extension)


class Diagnostic(_Part):
    """One finding. `arguments` are what the message is made of: roles, dates and counts, never an answer's words."""

    code: str = Field(description="Code of the rule, e.g. MA403.")
    rule: str = Field(description="Its name, e.g. phone-missing.")
    severity: Severity = Field(description="As configured.")
    message: str = Field(description="What is wrong, in the language asked for.")
    field: str | None = Field(description="What it is about, as a dotted path; null if it is about the form.")
    block: int | None = Field(
        description="Index of the block in `blocks`, from 0; null if it is about the whole update."
    )
    span: TextSpan = Field(description="The place.")
    fixable: bool = Field(description="Whether `ma-lint fix` mends it.")
    arguments: dict[str, str | int | list[str]] = Field(
        default_factory=dict, description="What the message is made of: roles, dates and counts."
    )


class Report(_Part):
    """What `check` has to say of one update."""

    schema_version: Literal[1] = Field(
        default=1, description="Version of this shape; what is described here keeps its name and meaning."
    )
    source: str | None = Field(
        description="Path as given, `-` for standard input; null from the library and over HTTP."
    )
    encoding: str | None = Field(description="Encoding of the file, as read; null from the library and over HTTP.")
    as_of: datetime.date = Field(description="The day the update was judged at.")
    status: Literal["complete", "incomplete", "absent"] = Field(
        description="`absent`: no live block; `incomplete`: an error in one; `complete`: else."
    )
    blocks: tuple[Block, ...] = Field(description="The requests found, in order.")
    diagnostics: tuple[Diagnostic, ...] = Field(description="The findings, by place, then by code.")

    def model_dump_json(self, **options: Any) -> str:
        """Return the report as JSON. Lone surrogates, which JSON cannot hold, are written as U+FFFD."""
        try:
            return super().model_dump_json(**options)
        except PydanticSerializationError:
            return self._well_formed().model_dump_json(**options)

    def _well_formed(self) -> Report:
        """Return the report with U+FFFD for lone surrogates; places stay."""
        return Report.model_validate(_without_surrogates(self.model_dump()))

    def messages(self, lang: Literal["en", "ja"] = "en") -> list[str]:
        """Return the message of every diagnostic, in order, in English or Japanese."""
        from ma_template.rules import RULES

        return [RULES[found.code].render(lang, **found.arguments) for found in self.diagnostics]


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return value if value.isascii() else _SURROGATE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {key: _without_surrogates(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_surrogates(item) for item in value]
    return value


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a report."""
    schema = Report.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
