"""Writes a request into the published form, and sees that it is read back as it was given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from ma_template.checking import check
from ma_template.forms import (
    Form,
    FormLanguage,
    LabelLanguage,
    compose,
    is_moment,
    write_number,
    write_range,
    write_type,
)
from ma_template.lines import name_lines
from ma_template.models import Block, Report, Request
from ma_template.patterns import late
from ma_template.source import quote_marks
from ma_template.wording import SECTIONS, SectionName, table

_DAY = "2000-01-01"  # what is written does not depend on the day it is read

_LINE_END = late(r"\r\n|\r|\n")
_E164 = late(r"\+\d{4,15}")


class Fault(NamedTuple):
    """Why a request cannot be rendered: a dotted path, a key of the table `why`, and a line of the answer there.

    No answer's words are told.
    """

    path: str
    why: str
    line: int | None = None

    def message(self, lang: LabelLanguage = "en") -> str:
        """Return what is wrong, without the path."""
        return str(table("words/form")[lang]["why"][self.why].format(line=self.line))


class RenderError(ValueError):
    """A request cannot be written so that it is read back as given; `faults` lists all that is wrong with it."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        told = "; ".join(f"{fault.path}: {fault.message()}" for fault in self.faults)
        super().__init__(f"the request cannot be rendered: {told}")


def render(
    request: Request | Block | Mapping[str, Any] | None = None,
    language: FormLanguage = "en",
    template: str = "management-attention",
) -> str:
    """Return a request in the published form; checking that gives the same values back.

    Args:
        request: a `Request`; or a block of a report, whose answers are written as they stand; or either as plain data,
            which may be shorter: a text for a section, one item for a list of one (docs/new.md). None: the empty form.
        language: of banners, prompts and labels; `both` puts every prompt in both, between English banners.
        template: `management-attention`, or `escalation-request`, which there is in English only.

    Raises:
        RenderError: something is missing or would not be read back, as an answer line that is itself a banner or a
            prompt, or begins with a quote mark. It is a ValueError and lists everything.
        ValueError: there is no such form.
        TypeError: `request` is none of these.
    """
    if request is None:
        return compose(Form(), language, template)
    draft = Draft.of(request)
    form = draft.form(language)
    if faults := list(unwritable(form)):
        raise RenderError(faults)
    text = compose(form, language, template)
    report = check(text, as_of=_DAY)
    faults = list(_misread(report, form.answers(form.labels(language))))
    faults = faults or list(_otherwise(draft, report.blocks[0], exact=isinstance(request, Request)))
    if faults:
        raise RenderError(faults)
    return text


# ---------------------------------------------------------------------------------------------------------------------
# What is given


def _under(key: str) -> BeforeValidator:
    """Let a bare value stand for a mapping that holds nothing else."""
    return BeforeValidator(lambda given: {key: given} if isinstance(given, str) else given)


def _first_of(*keys: str) -> BeforeValidator:
    """Let a bare value, or the first of several keys that holds something, give what the first key is to hold."""

    def take(given: Any) -> Any:
        if not isinstance(given, Mapping):
            return {keys[0]: given}
        return {**given, keys[0]: next((given[key] for key in keys if given.get(key)), None)}

    return BeforeValidator(take)


def _several(given: Any) -> Any:
    return given if isinstance(given, list | tuple) else () if given in (None, "") else (given,)


class _Item(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class _Date(_Item):
    start: str | None
    end: str | None = None
    candidates: tuple[str, ...] = ()


class _Number(_Item):
    number: Annotated[str, Field(min_length=1)]
    extension: str | None = None


class _Email(_Item):
    address: Annotated[str, Field(min_length=1)]


class _Type(_Item):
    category: str
    kind: Literal["business", "implementation"] | None = None


Dates = Annotated[tuple[Annotated[_Date, _first_of("start")], ...], BeforeValidator(_several)]
Numbers = Annotated[tuple[Annotated[_Number, _first_of("number", "e164", "raw")], ...], BeforeValidator(_several)]
Emails = Annotated[tuple[Annotated[_Email, _first_of("address", "raw")], ...], BeforeValidator(_several)]


class _Reason(_Part):
    text: str = ""
    impact: str | None = None


class _Milestone(_Part):
    text: str | None = None
    name: str = ""
    type: Annotated[_Type, _under("category")] | None = None
    dates: Dates = Field(default=(), alias="date")


class _Requester(_Part):
    text: str | None = None
    name: str = ""
    phone: Numbers = Field(default=(), alias="phones")
    pager: Numbers = Field(default=(), alias="pagers")
    email: Emails = Field(default=(), alias="emails")


class Draft(_Part):
    """A request as plain data: as a `Request` is dumped, or shorter."""

    reason: Annotated[_Reason, _under("text")] = _Reason()
    milestone: Annotated[_Milestone, _under("text")] = _Milestone()
    requester: Annotated[_Requester, _under("text")] = _Requester()

    @classmethod
    def of(cls, request: Request | Block | Mapping[str, Any]) -> Draft:
        """Return what is given as a draft.

        Raises:
            RenderError: a key is not known, or a value is of the wrong kind.
            TypeError: it is nothing of the sort.
        """
        if not isinstance(request, Request | Block | Mapping):
            raise TypeError(f"render() takes a Request, a Block or a mapping, not {type(request).__name__}")
        given = request if isinstance(request, Mapping) else request.model_dump()
        if "span" in given:  # a block of a report: its answers are written as they stand
            given = {name: part["text"] for name in SECTIONS if (part := given.get(name))}
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            raise RenderError(
                Fault(
                    ".".join(str(part) for part in fault["loc"]),
                    "unknown" if fault["type"] == "extra_forbidden" else "kind",
                )
                for fault in error.errors(include_url=False, include_input=False)
            ) from None

    def form(self, language: FormLanguage) -> Form:
        """Return what is to be written."""
        texts: dict[SectionName, str] = {}
        if self.milestone.text is not None:
            texts["milestone"] = self.milestone.text
        if self.requester.text is not None:
            texts["requester"] = self.requester.text
        impact = self.reason.impact or ""
        bare = Form(
            reason=self.reason.text,
            impact="" if impact in self.reason.text else impact,
            milestone=self.milestone.name,
            name=self.requester.name,
            texts=texts,
        )
        labels = bare.labels(language)

        def numbers(given: tuple[_Number, ...]) -> tuple[str, ...]:
            return tuple(write_number(one.number, one.extension, labels) for one in given)

        kind = self.milestone.type
        return bare._replace(
            type=write_type(kind.category, kind.kind, labels) if kind else "",
            dates=tuple(_written(one, labels) for one in self.milestone.dates),
            phones=numbers(self.requester.phone),
            pagers=numbers(self.requester.pager),
            emails=tuple(one.address for one in self.requester.email),
        )


def _written(date: _Date, language: LabelLanguage) -> str:
    if date.start:
        return write_range(date.start, date.end, language)
    first = date.candidates[0] if date.candidates else ""
    year, _, day = first.partition("-")
    return f"{day.replace('-', '/')}/{year}"  # 03/04/2026 has just its two readings


# ---------------------------------------------------------------------------------------------------------------------
# Whether it is read back


def unwritable(form: Form) -> Iterator[Fault]:
    """Tell of what would break the form, or would be read as part of it."""
    for path, text in (("reason.text", form.reason), *form.texts.items()):
        for number, line in enumerate(_LINE_END.split(text), 1):
            if quote_marks(line):
                yield Fault(path, "quote", number)
        for named in name_lines(text):
            if named.kind in ("BANNER", "NAME", "PROMPT"):
                number = len(_LINE_END.findall(text, 0, named.body.start)) + 1
                yield Fault(path, "prompt" if named.kind == "PROMPT" else "banner", number)
    items = {
        "reason.impact": (form.impact,),
        "milestone.name": (form.milestone,),
        "milestone.type": (form.type,),
        "milestone.dates": form.dates,
        "requester.name": (form.name,),
        "requester.phone": form.phones,
        "requester.pager": form.pagers,
        "requester.email": form.emails,
    }
    for path, values in items.items():
        if any(_LINE_END.search(value) for value in values):
            yield Fault(path, "lines")
        elif any(named.kind in ("BANNER", "NAME", "PROMPT") for value in values for named in name_lines(value)):
            yield Fault(path, "banner", 1)


def _misread(report: Report, answers: Mapping[SectionName, str]) -> Iterator[Fault]:
    """Tell of what is missing or invalid, and of answers that are not read as they were written."""
    if len(report.blocks) != 1:
        yield Fault("request", "blocks")
        return
    block = report.blocks[0]
    yield from (Fault(path, "missing") for path in block.missing if path != "reason.impact")
    yield from (Fault(path, "invalid") for path in block.invalid)
    for name in SECTIONS:
        read = getattr(block, name)
        if read is not None and read.text != answers[name]:
            yield Fault(name, "otherwise")


def _otherwise(draft: Draft, block: Block, *, exact: bool) -> Iterator[Fault]:
    """Tell of given values that are read otherwise. `exact`: there may be no others either."""
    assert block.reason
    assert block.milestone
    assert block.milestone.type
    assert block.requester
    given_type, read_type = draft.milestone.type, block.milestone.type
    if draft.reason.impact and draft.reason.impact != block.reason.impact:
        yield Fault("reason.impact", "otherwise")
    if (
        given_type
        and given_type.category in table("words/form")["en"]["categories"]
        and (given_type.category != read_type.category or given_type.kind not in (None, read_type.kind))
    ):
        yield Fault("milestone.type", "otherwise")
    if draft.requester.name and " ".join(draft.requester.name.split()) != block.requester.name:
        yield Fault("requester.name", "otherwise")

    given, read = _listed_in(draft), _listed_in_block(block)
    for path, values in given.items():
        if values != read[path] if exact else not all(value in read[path] for value in values if _is_exact(value)):
            yield Fault(path, "otherwise")


Value = tuple[Any, ...]


def _listed_in(draft: Draft) -> dict[str, list[Value]]:
    return {
        "milestone.dates": [(one.start, one.end, one.candidates) for one in draft.milestone.dates],
        "requester.phone": [(one.number, one.extension) for one in draft.requester.phone],
        "requester.pager": [(one.number, one.extension) for one in draft.requester.pager],
        "requester.email": [(one.address,) for one in draft.requester.email],
    }


def _listed_in_block(block: Block) -> dict[str, list[Value]]:
    assert block.milestone
    assert block.requester
    requester = block.requester
    return {
        "milestone.dates": [(one.start, one.end, one.candidates) for one in block.milestone.dates],
        "requester.phone": [(one.e164 or one.raw, one.extension) for one in requester.phones],
        "requester.pager": [(one.e164 or one.raw, one.extension) for one in requester.pagers],
        "requester.email": [(one.address or one.raw,) for one in requester.emails],
    }


def _is_exact(value: Value) -> bool:
    """Is it in the form in which it is read, not in the words of whoever gave it?"""
    first = value[0]
    return first is None or bool(is_moment(first) or _E164.fullmatch(first) or "@" in first)
