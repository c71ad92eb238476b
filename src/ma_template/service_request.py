"""The service request that an update belongs to: its own fields, as a ticket system keeps them."""

from __future__ import annotations

import datetime
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
