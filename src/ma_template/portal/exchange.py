"""What the API is asked and what it answers, beside the library's own models."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, create_model

from ma_template.config import Code, Config, as_date
from ma_template.models import Request as Filled
from ma_template.models import TextSpan
from ma_template.portal.words import Language
from ma_template.service_request import ServiceRequest

_DEFAULT = Config()


def _a_day(as_of: str) -> str:
    as_date(as_of, _DEFAULT)
    return as_of


class _Options(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    lang: Language | None = Field(
        default=None, description="Language of the messages; without it that of Accept-Language, else English."
    )
    as_of: Annotated[str, AfterValidator(_a_day)] | None = Field(
        default=None,
        description="Day the text is judged at, as 2026-11-23; of a time stamp, its day. Without it today.",
        examples=["2026-11-23"],
    )


# The options a caller may set: those of `Config` that read and judge. What bounds the server's work is the server's.
OPEN = ("region", "date_order", "timezone", "fiscal_year_start", "require", "select", "ignore", "offsets")
LISTS = ("select", "ignore")


def _as_option(name: str) -> tuple[Any, Any]:
    field = Config.model_fields[name]
    if name in LISTS:  # in JSON a list is a list: `Config` also takes commas, which the query needs
        return tuple[Code, ...], Field(default=(), description=field.description)
    return Annotated[field.annotation, BeforeValidator(_whole)], field


def _whole(number: Any) -> Any:
    """In JSON 4.0 is an integer too."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


CheckOptions = create_model(
    "CheckOptions",
    __base__=_Options,
    __doc__="How a text is read and judged; what is not given is as the server was configured.",
    **{name: _as_option(name) for name in OPEN},  # type: ignore[call-overload]
)


class CheckRequest(CheckOptions):  # type: ignore[misc, valid-type]
    """A text to check, with options."""

    text: str = Field(description="The update, as somebody pasted it.")
    sr: ServiceRequest | None = Field(
        default=None, description="The service request's own fields; what is not given is not judged (MA504 to MA508)."
    )


class FixRequest(BaseModel):
    """A text to mend."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str = Field(description="The update, as somebody pasted it.")
    modernise: bool = Field(
        default=False, description="Also replace the older form by the current one, and labels by full prompts."
    )
    lang: Language | None = CheckOptions.model_fields["lang"]
    offsets: Literal["code-point", "utf-16"] = Field(
        default="code-point", description="What offsets and columns of places count."
    )


class Mended(BaseModel):
    """Something that was put right. The place is that in the text as it was."""

    code: str
    rule: str
    what: str
    message: str
    span: TextSpan


class Left(BaseModel):
    """Something that was left as it is."""

    code: str
    rule: str
    why: str
    message: str
    span: TextSpan


class FixAnswer(BaseModel):
    """The mended text, and what was done."""

    text: str
    changed: bool
    applied: list[Mended]
    left: list[Left]


class RenderRequest(BaseModel):
    """A request to write as a block."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    request: Filled | dict[str, Any] = Field(
        description="A request as the library has it, a block of a report, or a shorter form of either."
    )
    language: Literal["en", "ja", "both"] = Field(default="en", description="Of banners, prompts and labels.")


class Rendered(BaseModel):
    """The block."""

    text: str


class RuleText(BaseModel):
    """The same words in English and Japanese."""

    en: str
    ja: str


class RuleExamples(BaseModel):
    """A wrong and a right example. `in`: the section the example answers, or `update`; `…_sr`: the SR's fields beside
    it, as JSON.
    """

    model_config = ConfigDict(populate_by_name=True)

    section: Literal["reason", "milestone", "requester", "update"] = Field(alias="in")
    options: dict[str, bool | int | str]
    wrong: RuleText
    right: RuleText
    wrong_sr: RuleText | None
    right_sr: RuleText | None


class RuleDescription(BaseModel):
    """A rule, as `ma-lint rules --format json` lists it."""

    code: str
    name: str
    severity: Literal["error", "warning", "info"]
    since: str
    field: str | None
    fixable: Literal["yes", "no", "sometimes"]
    fixable_when: RuleText | None
    pointless_after: list[str]
    title: RuleText
    message: RuleText
    expected: RuleText
    explanation: RuleText
    source: RuleText | None
    examples: RuleExamples
