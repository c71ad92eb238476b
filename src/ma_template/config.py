"""The settings of a check, shared by library, command line, portal and batches."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from ma_template import zones
from ma_template.additions import Additions, Variant
from ma_template.choices import Plain
from ma_template.drafts import Draft, Fault, Judged
from ma_template.encodings import AUTO, canonical
from ma_template.judges import is_region
from ma_template.models import request_faults
from ma_template.readers.values import Category
from ma_template.wording import SectionName, key


def _known_region(region: str) -> str:
    if not is_region(region):
        raise ValueError(f"unknown region {region[:40]!r}: give a two-letter country code such as JP or US")
    return region.upper()


def _known_zone(zone: str) -> str:
    try:
        zones.named(zone)
    except ValueError:
        if not zones.known():
            raise ValueError("no time-zone data on this machine: install the package tzdata, or give UTC") from None
        raise ValueError(f"unknown time zone {zone[:40]!r}: give a name such as Asia/Tokyo or UTC") from None
    return zone


def _known_code(code: str) -> str:
    from ma_template.rules import find

    try:
        return find(code).code
    except LookupError as error:
        raise ValueError(str(error.args[0])) from None


def _known_encoding(name: str) -> str:
    return name if name.lower() == AUTO else canonical(name)


def _split_commas(codes: Any) -> Any:
    return [code.strip() for code in codes.split(",") if code.strip()] if isinstance(codes, str) else codes


def _with_words(text: str) -> str:
    if not key(text):
        raise ValueError("has no letters: such a wording would match anywhere")
    return text


Code = Annotated[str, AfterValidator(_known_code)]
Codes = Annotated[tuple[Code, ...], BeforeValidator(_split_commas)]
Wording = Annotated[str, Field(max_length=300), AfterValidator(_with_words)]


class TemplateWording(BaseModel):
    """A company's own wording of a published form: its banner, its prompts, its labels. What is not given is as
    published. The report calls it by the name of the form that it stands for.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    template: Literal["management-attention", "escalation-request"] = Field(
        default="management-attention", description="The published form that it is a variant of."
    )
    language: Literal["en", "ja"] = Field(description="The language it is worded in.")
    banner: Wording | None = Field(default=None, description="The banner's label, without asterisks.")
    prompts: dict[SectionName, Wording] = Field(default={}, description="The sentence that asks for a section.")
    labels: dict[SectionName, tuple[Wording, ...]] = Field(
        default={}, description="Short labels of a section, as they stand before a colon."
    )


class Config(BaseModel):
    """How an update is read and judged. Fields may be set for one call of `check`, and in a file for `ma-lint`.

    `select`, `ignore` and `severity` decide which findings are listed, and as what; `status`, `missing` and `invalid`
    of a report do not depend on them (contract, section 2).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    region: Annotated[str, AfterValidator(_known_region)] | None = Field(
        default=None,
        description="Where numbers without a country code belong, e.g. JP; without it Japanese answers mean JP.",
    )
    date_order: Literal["ymd", "mdy", "dmy"] | None = Field(
        default=None, description="How 03/04/2026 and 3/4 are read; without it they are reported as ambiguous (MA305)."
    )
    timezone: Annotated[str, AfterValidator(_known_zone)] = Field(
        default="UTC", description="Time zone of a naive as_of and of today."
    )
    fiscal_year_start: Annotated[int, Field(ge=1, le=12)] | None = Field(
        default=None,
        description="Month in which the fiscal year begins; without it FY26 Q3 and 第3四半期 are not resolved (MA305).",
    )
    require: bool = Field(default=False, description="An update without a live block is an error (MA101).")
    check_mail_domain: bool = Field(default=False, description="Ask the DNS whether mail domains exist (MA408).")
    select: Codes = Field(default=(), description="Only these codes or rule names; none given: all.")
    extend_select: Codes = Field(default=(), description="These too, where select names some.")
    ignore: Codes = Field(default=(), description="Not these codes or rule names.")
    extend_ignore: Codes = Field(default=(), description="Nor these: adds to ignore.")
    severity: dict[Code, Literal["error", "warning", "info", "off"]] = Field(
        default={}, description="Another severity for a code or rule name; off: do not list it."
    )
    placeholders: tuple[Wording, ...] = Field(
        default=(), description="Own words that stand for an open answer, beside TBD, N/A, 未定."
    )
    milestones: dict[Category, tuple[Wording, ...]] = Field(
        default={}, description="Own words that name a milestone, by category."
    )
    templates: tuple[TemplateWording, ...] = Field(default=(), description="Own wordings of the published form.")
    frequent_requests: Annotated[int, Field(ge=2)] = Field(
        default=Plain.frequent_requests, description="So many requests without news are too many (MA508)."
    )
    frequent_days: Annotated[int, Field(gt=0)] = Field(
        default=Plain.frequent_days, description="The days within which they are counted (MA508)."
    )
    offsets: Literal["code-point", "utf-16"] = Field(
        default="code-point", description="What offsets and columns of the report count."
    )
    max_characters: Annotated[int, Field(gt=0)] = Field(
        default=Plain.max_characters, description="Longer texts are read up to here (MA901)."
    )
    max_blocks: Annotated[int, Field(gt=0)] = Field(
        default=Plain.max_blocks,
        description="Blocks judged in one update; further ones are only listed as left out (MA901).",
    )
    max_line_length: Annotated[int, Field(gt=0)] = Field(
        default=Plain.max_line_length, description="Longer lines inside a block are read up to here (MA901)."
    )
    max_answer_length: Annotated[int, Field(gt=0)] = Field(
        default=Plain.max_answer_length, description="Longer answers are read up to here (MA901)."
    )
    max_diagnostics: Annotated[int, Field(gt=0)] = Field(
        default=Plain.max_diagnostics, description="Findings listed for one update (MA901)."
    )

    @property
    def additions(self) -> Additions | None:
        """The company's own wording, as readers and recogniser take it; None if there is none."""
        if not (self.placeholders or self.milestones or self.templates):
            return None
        return Additions(
            self.placeholders,
            tuple((category, word) for category, words in self.milestones.items() for word in words),
            tuple(
                Variant(
                    own.template,
                    own.language,
                    own.banner,
                    tuple(own.prompts.items()),
                    tuple((section, label) for section, labels in own.labels.items() for label in labels),
                )
                for own in self.templates
            ),
        )

    def listed_as(self, code: str, default: str) -> str | None:
        """Return the severity with which findings of a code are listed, None where they are not."""
        if self.select and code not in self.select and code not in self.extend_select:
            return None
        if code in self.ignore or code in self.extend_ignore:
            return None
        severity = self.severity.get(code, default)
        return None if severity == "off" else severity

    def judge(self, draft: Draft, judged: Judged) -> tuple[Fault, ...]:
        """Return what `Request` refuses in a draft."""
        return request_faults(draft, judged)


class LintConfig(Config):
    """What `ma-lint` can be told in a file: all of `Config`, and what only concerns files."""

    strict: bool = Field(default=False, description="Warnings fail too: exit status 1.")
    encoding: Annotated[str, AfterValidator(_known_encoding)] = Field(
        default=AUTO, description="Encoding of the files; auto: it is told by itself."
    )
    per_file_ignores: dict[str, Codes] = Field(
        default={},
        description="Codes not listed in files whose name or path (from this folder) matches; * is anything.",
    )


def as_date(as_of: date | str | None, config: Config) -> date:
    """Return the day an update is judged at.

    A time stamp is cut to the date in its own offset, a naive one counts in `config.timezone`; none given: today there.

    Raises:
        ValueError: `as_of` is a text that is no ISO 8601 date or time stamp.
    """
    if as_of is None:
        return datetime.now(zones.named(config.timezone)).date()
    if isinstance(as_of, str):
        try:
            return date.fromisoformat(as_of) if len(as_of) <= 10 else datetime.fromisoformat(as_of).date()
        except ValueError:
            raise ValueError(f"as_of is no date: {as_of[:40]!r}; write it as 2026-11-23") from None
    return as_of.date() if isinstance(as_of, datetime) else as_of


def as_moment(as_of: date | str | None, config: Config) -> datetime | None:
    """Return a time stamp in UTC; a naive one counts in `config.timezone`. None of a mere day.

    Raises:
        ValueError: `as_of` is a text that is no ISO 8601 date or time stamp.
    """
    if isinstance(as_of, str):
        as_of = datetime.fromisoformat(as_of) if len(as_of) > 10 else None
    if not isinstance(as_of, datetime):
        return None
    return (as_of if as_of.tzinfo else as_of.replace(tzinfo=zones.named(config.timezone))).astimezone(UTC)
