"""The settings of a check, shared by library, command line, portal and batches."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field


def _known_region(region: str) -> str:
    import phonenumbers

    region = region.upper()
    if region not in phonenumbers.SUPPORTED_REGIONS:
        raise ValueError(f"unknown region {region!r}: give a two-letter country code such as JP or US")
    return region


def _known_zone(zone: str) -> str:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"unknown time zone {zone!r}: give a name such as Asia/Tokyo or UTC") from None
    return zone


def _known_code(code: str) -> str:
    from ma_template.rules import find

    try:
        return find(code).code
    except LookupError as error:
        raise ValueError(str(error.args[0])) from None


def _split_commas(codes: Any) -> Any:
    return [code.strip() for code in codes.split(",") if code.strip()] if isinstance(codes, str) else codes


Codes = Annotated[tuple[Annotated[str, AfterValidator(_known_code)], ...], BeforeValidator(_split_commas)]


class Config(BaseModel):
    """How an update is read and judged. Every field is an option of `ma-lint check` of the same name.

    `select` and `ignore` decide which findings are listed; `status`, `missing` and `invalid` of a report do not
    depend on them (contract, section 2).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    region: Annotated[str, AfterValidator(_known_region)] | None = Field(
        default=None, description="Region in which telephone numbers without a country code are read, e.g. JP."
    )
    date_order: Literal["ymd", "mdy", "dmy"] | None = Field(
        default=None, description="How 03/04/2026 and 3/4 are read; without it they are reported as ambiguous."
    )
    timezone: Annotated[str, AfterValidator(_known_zone)] = Field(
        default="UTC", description="Time zone of a naive as_of and of today."
    )
    fiscal_year_start: Annotated[int, Field(ge=1, le=12)] | None = Field(
        default=None, description="Month in which the fiscal year begins; without it FY26 Q3 is not resolved."
    )
    require: bool = Field(default=False, description="An update without a live block is an error (MA101).")
    check_mail_domain: bool = Field(default=False, description="Ask the DNS whether mail domains exist (MA408).")
    select: Codes = Field(default=(), description="Only these codes or rule names; none given: all.")
    ignore: Codes = Field(default=(), description="Not these codes or rule names.")
    offsets: Literal["code-point", "utf-16"] = Field(
        default="code-point", description="What offsets and columns of the report count."
    )
    max_characters: Annotated[int, Field(gt=0)] = Field(
        default=200_000_000, description="Longer texts are read up to here (MA901)."
    )
    max_blocks: Annotated[int, Field(gt=0)] = Field(
        default=1_000, description="Blocks judged in one update; further ones are only listed as left out (MA901)."
    )
    max_line_length: Annotated[int, Field(gt=0)] = Field(
        default=100_000, description="Longer lines inside a block are read up to here (MA901)."
    )
    max_diagnostics: Annotated[int, Field(gt=0)] = Field(
        default=10_000, description="Findings listed for one update (MA901)."
    )


def as_date(as_of: date | str | None, config: Config) -> date:
    """Return the day an update is judged at.

    A time stamp is cut to the date in its own offset, a naive one counts in `config.timezone`; none given: today there.

    Raises:
        ValueError: `as_of` is a text that is no ISO 8601 date or time stamp.
    """
    from datetime import datetime

    if as_of is None:
        return datetime.now(ZoneInfo(config.timezone)).date()
    if isinstance(as_of, str):
        try:
            return date.fromisoformat(as_of) if len(as_of) <= 10 else datetime.fromisoformat(as_of).date()
        except ValueError:
            raise ValueError(f"as_of is no date: {as_of[:40]!r}; write it as 2026-11-23") from None
    return as_of.date() if isinstance(as_of, datetime) else as_of
