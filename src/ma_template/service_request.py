"""The service request that an update belongs to: its own fields, as a ticket system keeps them."""

from __future__ import annotations

import datetime
import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, PlainValidator
from pydantic_core import PydanticCustomError


def _moment(given: Any) -> datetime.date | datetime.datetime:
    if isinstance(given, datetime.date):
        return given
    try:
        return datetime.date.fromisoformat(given) if len(given) <= 10 else datetime.datetime.fromisoformat(given)
    except (TypeError, ValueError):
        raise PydanticCustomError("moment", "write it as 2026-11-23 or 2026-11-23T17:00+09:00") from None


Moment = Annotated[
    datetime.date | datetime.datetime,
    PlainValidator(_moment, json_schema_input_type=datetime.date | datetime.datetime),
    PlainSerializer(lambda moment: moment.isoformat(), return_type=str, when_used="json"),
]
"""A day, or a time stamp; ISO 8601 in JSON."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)


class EarlierRequest(_Part):
    """An update that held an earlier request for management attention on the same SR."""

    at: Moment | None = Field(default=None, description="When it was made. Without it MA508 does not count it.")
    text: str = Field(description="The whole update, as it was pasted.")

    @property
    def day(self) -> datetime.date | None:
        """The day it was made; of a time stamp, that of its own zone."""
        return self.at.date() if isinstance(self.at, datetime.datetime) else self.at


def _with_text(given: Any) -> Any:
    return {"text": given} if isinstance(given, str) else given


class ServiceRequest(_Part):
    """The SR's own fields, which the process wants to be in order beside a request (MA502, MA504 to MA508).

    A field that is not given, or None, is not judged; an empty one is: no problem statement is a finding.
    `business_impact` and `opened` are carried along; no code judges them.
    """

    number: str | None = Field(default=None, description="The SR's number.")
    opened: Moment | None = Field(default=None, description="When the SR was opened.")
    severity: Annotated[int, Field(ge=1, le=4)] | None = Field(
        default=None,
        description="1: service lost, 2: severe loss without an acceptable workaround, 3: minor loss, 4: none.",
    )
    problem: str | None = Field(default=None, description="The problem statement.")
    business_impact: str | None = Field(default=None, description="The impact on the business, as the SR has it.")
    workaround: str | None = Field(default=None, description="The workaround that was given; empty: there is none.")
    milestone_dates: tuple[Moment, ...] | None = Field(default=None, description="The milestone dates on record.")
    earlier_requests: (
        tuple[Annotated[EarlierRequest, BeforeValidator(_with_text, json_schema_input_type=EarlierRequest | str)], ...]
        | None
    ) = Field(default=None, description="Earlier updates with requests: text and time, or the text alone.")

    @classmethod
    def from_export(cls, fields: Mapping[str, Any]) -> ServiceRequest:
        """Return a service request from fields as ticket systems export them.

        A severity may have words around it (`2 - High`, 重大度2), a list may be one text with commas, semicolons or
        line ends between days, or JSON. What cannot be read counts as not given.

        Raises:
            ValueError: there is no such field.
        """
        if unknown := sorted(fields.keys() - cls.model_fields.keys()):
            raise ValueError(f"a service request has no field {unknown[0]!r}; there are: {', '.join(cls.model_fields)}")
        given = {name: value for name, value in fields.items() if value is not None}
        return cls.model_validate({name: _READ[name](value) for name, value in given.items()})


# ---------------------------------------------------------------------------------------------------------------------
# Fields as ticket systems export them

_SEVERITY = re.compile(r"[^0-9]*([1-4])(?:\.0*)?(?:[^0-9].*)?", re.DOTALL)
_BETWEEN_DAYS = re.compile(r"[,;、\n]")


def _text(given: Any) -> str | None:
    return None if isinstance(given, dict | list | bool) else str(given)


def _severity(given: Any) -> int | None:
    match = None if isinstance(given, bool) else _SEVERITY.fullmatch(unicodedata.normalize("NFKC", str(given))[:200])
    return int(match[1]) if match else None


def _moment_or_none(given: Any) -> datetime.date | datetime.datetime | None:
    try:
        return _moment(given.strip() if isinstance(given, str) else given)
    except PydanticCustomError:
        return None


def _days(given: Any) -> list[Any] | None:
    several = _listed(given)
    if several is None:
        several = [part for part in _BETWEEN_DAYS.split(given) if part.strip()] if isinstance(given, str) else [given]
    days = [_moment_or_none(one) for one in several]
    return None if None in days else days


def _requests(given: Any) -> list[Any] | None:
    several = _listed(given)
    if several is None:
        several = [given]
    found = [_request(one) for one in several if one]
    return None if None in found else found


def _request(given: Any) -> EarlierRequest | None:
    if isinstance(given, str):
        return EarlierRequest(text=given)
    if not isinstance(given, dict) or not isinstance(given.get("text"), str):
        return None
    return EarlierRequest(at=_moment_or_none(given.get("at")), text=given["text"])


def _listed(given: Any) -> list[Any] | None:
    """Return a list, or the one that a text holds as JSON."""
    if isinstance(given, str) and given.lstrip().startswith("["):
        try:
            given = json.loads(given)
        except (ValueError, RecursionError):
            return None
    return list(given) if isinstance(given, list | tuple) else None


_READ: Mapping[str, Callable[[Any], Any]] = {
    "number": _text,
    "problem": _text,
    "business_impact": _text,
    "workaround": _text,
    "opened": _moment_or_none,
    "severity": _severity,
    "milestone_dates": _days,
    "earlier_requests": _requests,
}
