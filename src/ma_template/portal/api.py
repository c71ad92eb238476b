"""The HTTP API: the library's own models in and out.

Bodies are validated straight from their bytes, and a report is written straight to bytes: the framework's own way
through dictionaries would cost more than the check. What OpenAPI says is made from the same models.
"""

from __future__ import annotations

import json
from codecs import BOM_UTF8
from collections.abc import Callable, Coroutine, Mapping
from functools import lru_cache, partial
from inspect import signature
from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import parse_qsl

from fastapi import APIRouter, Query, Request
from fastapi.routing import APIRoute
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, create_model
from starlette.responses import PlainTextResponse, Response

from ma_template import FixResult, RenderError, check, fix, render
from ma_template.config import Code, Config, as_date
from ma_template.describing import Describer
from ma_template.models import Report, TextSpan
from ma_template.models import Request as Filled
from ma_template.portal import metrics
from ma_template.portal.guard import facts
from ma_template.portal.problems import Problem, ProblemError, Wrong, from_validation, malformed
from ma_template.portal.settings import Settings
from ma_template.portal.words import Language, negotiated
from ma_template.portal.work import Workshop
from ma_template.reference import as_data, rule_list
from ma_template.rendering import Fault
from ma_template.report.json import dumps
from ma_template.rules import RULES, find
from ma_template.source import Source
from ma_template.wording import table

JSON, TEXT = "application/json", "text/plain"

Model = TypeVar("Model", bound=BaseModel)


# ---------------------------------------------------------------------------------------------------------------------
# What is asked


def _a_day(as_of: str) -> str:
    as_date(as_of, Config())
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
_OPEN = ("region", "date_order", "timezone", "fiscal_year_start", "require", "select", "ignore", "offsets")
_LISTS = ("select", "ignore")


def _as_option(name: str) -> tuple[Any, Any]:
    field = Config.model_fields[name]
    if name in _LISTS:  # in JSON a list is a list: `Config` also takes commas, which the query needs
        return tuple[Code, ...], Field(default=(), description=field.description)
    return Annotated[field.annotation, BeforeValidator(_whole)], field


def _whole(number: Any) -> Any:
    """In JSON 4.0 is an integer too."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


CheckOptions = create_model(
    "CheckOptions",
    __base__=_Options,
    __doc__="How a text is read and judged; what is not given is as the server was configured.",
    **{name: _as_option(name) for name in _OPEN},  # type: ignore[call-overload]
)


class CheckRequest(CheckOptions):  # type: ignore[misc, valid-type]
    """A text to check, with options."""

    text: str = Field(description="The update, as somebody pasted it.")


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
    """A wrong and a right example. `in`: the section the example answers, or `update`."""

    model_config = ConfigDict(populate_by_name=True)

    section: Literal["reason", "milestone", "requester", "update"] = Field(alias="in")
    options: dict[str, bool | int | str]
    wrong: RuleText
    right: RuleText


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


# ---------------------------------------------------------------------------------------------------------------------
# From bytes to models


def media_type(request: Request, *accepted: str) -> str:
    """Return the media type of a body.

    Raises:
        ProblemError: it is none of those accepted, or not in UTF-8.
    """
    kind, *parameters = (part.strip().lower() for part in request.headers.get("content-type", "").split(";"))
    charset = next((value.strip('"') for value in parameters if value.startswith("charset=")), "charset=utf-8")
    if kind not in accepted or charset.removeprefix("charset=").strip('"') not in ("utf-8", "utf8", "us-ascii"):
        raise ProblemError(
            "wrong-media-type", accepted=" / ".join(accepted), headers={"Accept-Post": ", ".join(accepted)}
        )
    return kind


def from_json(model: type[Model], body: bytes) -> Model:
    """Return a body as a model.

    Raises:
        ProblemError: it is no JSON, or fields make no sense.
    """
    body = body.removeprefix(BOM_UTF8)
    try:
        return model.model_validate_json(body, strict=True)
    except ValidationError as error:
        if "hex escape" in str(error.errors(include_input=False, include_url=False)[0]["msg"]):
            return _without_surrogates(model, body)
        if (offset := _not_utf8(body)) is not None:
            raise ProblemError("not-utf8", offset=offset) from None
        raise from_validation(error) from None


def _without_surrogates(model: type[Model], body: bytes) -> Model:
    """Read JSON with escapes of half an emoji, as JavaScript may write it: each becomes U+FFFD and keeps its place."""
    try:
        return model.model_validate_json(dumps(json.loads(body)), strict=True)
    except ValidationError as error:
        raise from_validation(error) from None
    except (ValueError, RecursionError):
        raise malformed("recursion or syntax") from None


def as_text(body: bytes) -> str:
    """Return a body as text, without a byte order mark.

    Raises:
        ProblemError: it is not UTF-8.
    """
    try:
        return body.removeprefix(BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        raise ProblemError("not-utf8", offset=error.start) from None


def _not_utf8(body: bytes) -> int | None:
    try:
        body.decode()
    except UnicodeDecodeError as error:
        return error.start
    return None


def from_query(model: type[Model], query: str) -> Model:
    """Return query parameters as a model. A list is comma-separated.

    Raises:
        ProblemError: a parameter is unknown, given twice, or makes no sense.
    """
    given: dict[str, str | list[str]] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        kind = "repeated_parameter" if name in given else "" if name in model.model_fields else "unexpected_parameter"
        if kind:
            raise ProblemError("invalid", faults=[Wrong.known("parameter", name[:60], kind)])
        given[name] = [code.strip() for code in value.split(",") if code.strip()] if name in _LISTS else value
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise from_validation(error, "parameter") from None


class Configurations:
    """The server's settings of a check with those of a request. The same wishes come again and again: they are kept."""

    def __init__(self, base: Config) -> None:
        self._base = base
        self._of = lru_cache(maxsize=256)(self._made)

    def of(self, options: BaseModel) -> Config:
        """Return the settings for a request."""
        given = options.model_fields_set.intersection(_OPEN)
        return self._of(tuple((name, getattr(options, name)) for name in sorted(given))) if given else self._base

    def _made(self, given: tuple[tuple[str, Any], ...]) -> Config:
        return Config.model_validate({**self._base.model_dump(exclude_unset=True), **dict(given)})


def in_language(report: Report, lang: Language) -> Report:
    """Return a report with its messages in `lang`."""
    if lang == "en" or not report.diagnostics:
        return report
    messages = zip(report.diagnostics, report.messages(lang), strict=True)
    return report.model_copy(
        update={"diagnostics": tuple(one.model_copy(update={"message": message}) for one, message in messages)}
    )


def as_json(model: BaseModel) -> bytes:
    """Return a model as JSON: of a report, the bytes that the library's own writer makes."""
    return model.__pydantic_serializer__.to_json(model)


# ---------------------------------------------------------------------------------------------------------------------
# What OpenAPI says beside the models


def problem_responses(*keys: int) -> dict[int | str, dict[str, Any]]:
    """Return the documentation of answers that are problem details."""
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": _SAID[status], "content": content} for status in sorted({*keys, 401, 500, 503})}


_SAID = {
    400: "The body cannot be read: malformed JSON, or not UTF-8.",
    401: "The bearer token, or a hook's signature, is missing or wrong.",
    404: "There is nothing of this name.",
    408: "The body came too slowly.",
    409: "The message was received before.",
    413: "The body is too large.",
    415: "The media type is not supported.",
    422: "Something in the request makes no sense; `errors` says what.",
    500: "The service failed.",
    503: "Too many requests at once, or the check took too long. See Retry-After.",
}
WITH_BODY = (400, 408, 413, 415, 422)


def body_of(model: type[BaseModel], *, text: bool = False) -> dict[str, Any]:
    """Return the documentation of a body."""
    content: dict[str, Any] = {JSON: {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}}}
    if text:
        content[TEXT] = {"schema": {"type": "string"}}
    return {"required": True, "content": content}


def narrowed(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a model with options, saying which values there are where the model asks a library."""
    from zoneinfo import available_timezones

    from phonenumbers import SUPPORTED_REGIONS

    rules = [*RULES, *(rule.name for rule in RULES.values())]
    known: dict[str, dict[str, Any]] = {
        "as_of": {"format": "date"},
        "region": {"enum": sorted(SUPPORTED_REGIONS)},
        "timezone": {"enum": sorted(available_timezones())},
        "select": {"items": {"type": "string", "enum": rules}},
        "ignore": {"items": {"type": "string", "enum": rules}},
    }
    for name, more in known.items():
        field = schema.get("properties", {}).get(name)
        if field:
            next(kind for kind in field.get("anyOf", [field]) if kind.get("type") != "null").update(more)
    return schema


def parameters_of(model: type[BaseModel]) -> list[dict[str, Any]]:
    """Return the documentation of a model's fields as query parameters."""
    schema = narrowed(model.model_json_schema())
    found = []
    for name, field in schema["properties"].items():
        kinds = [kind for kind in field.get("anyOf", [field]) if kind.get("type") != "null"]
        kind = {key: value for key, value in kinds[0].items() if key not in ("title", "description", "default")}
        parameter = {"name": name, "in": "query", "required": False, "schema": kind}
        if kind.get("type") == "array":
            parameter |= {"style": "form", "explode": False}
        found.append({**parameter, "description": field.get("description", "")})
    return found


# ---------------------------------------------------------------------------------------------------------------------
# The operations


class Direct(APIRoute):
    """A route that calls its operation at once where nothing but the request is asked for: no dependencies to solve."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request."""
        endpoint = self.endpoint
        return endpoint if list(signature(endpoint).parameters) == ["request"] else super().get_route_handler()


def router(settings: Settings, workshop: Workshop) -> APIRouter:
    """Return the operations under /v1."""
    api = APIRouter(prefix="/v1", route_class=Direct)
    configurations = Configurations(settings.check)

    def asked(request: Request, given: Language | None) -> Language:
        return given or negotiated(request.headers.get("accept-language"))

    @api.post(
        "/check",
        summary="Check a text",
        description="Finds, reads and judges the requests for management attention in a text.\n\n"
        "As JSON the options are fields beside the text; as text/plain they are query parameters.",
        responses={200: {"model": Report, "description": "The report."}, **problem_responses(*WITH_BODY)},
        openapi_extra={"requestBody": body_of(CheckRequest, text=True), "parameters": parameters_of(CheckOptions)},
        response_class=Response,
    )
    async def check_text(request: Request) -> Response:
        body: bytes = await request.body()
        query: str = request.scope["query_string"].decode("latin-1")
        options: Any = from_query(CheckOptions, query) if query else _NO_OPTIONS
        if media_type(request, JSON, TEXT) == TEXT:
            text = as_text(body)
        else:
            asking = from_json(CheckRequest, body)
            text = asking.text
            options = _merged(options, asking) if query else asking
        work = partial(check, text, as_of=options.as_of, config=configurations.of(options))
        lang = asked(request, options.lang)
        report = await workshop.do(len(text), work)
        codes = [found.code for found in report.diagnostics[:50]]
        metrics.count_report(report.status, codes)
        facts(request.scope, codes, report=report.status)
        return Response(as_json(in_language(report, lang)), media_type=JSON, headers=_in(lang))

    @api.post(
        "/fix",
        summary="Mend a text",
        description="Puts damaged banners and prompts back to the published form. Answers are never changed.",
        responses={200: {"model": FixAnswer, "description": "The mended text."}, **problem_responses(*WITH_BODY)},
        openapi_extra={"requestBody": body_of(FixRequest)},
        response_class=Response,
    )
    async def fix_text(request: Request) -> Response:
        media_type(request, JSON)
        asking = from_json(FixRequest, await request.body())
        lang = asked(request, asking.lang)
        done = await workshop.do(
            len(asking.text), partial(fix, asking.text, config=settings.check, modernise=asking.modernise)
        )
        facts(request.scope, sorted({mend.code for mend in done.applied}))
        answer = _told(done, asking, lang)
        return Response(as_json(answer), media_type=JSON, headers=_in(lang))

    @api.post(
        "/render",
        summary="Write a request as a block",
        description="Checking the block gives the same values back; what would not be read back is refused.",
        responses={200: {"model": Rendered, "description": "The block."}, **problem_responses(*WITH_BODY)},
        openapi_extra={"requestBody": body_of(RenderRequest)},
        response_class=Response,
    )
    async def render_request(request: Request) -> Response:
        media_type(request, JSON)
        body: bytes = await request.body()
        asking = from_json(RenderRequest, body)
        try:
            text = await workshop.do(len(body), partial(render, asking.request, asking.language))
        except RenderError as error:
            raise ProblemError("unrenderable", faults=map(_unwritable, error.faults[:20])) from None
        return Response(as_json(Rendered(text=text)), media_type=JSON, headers={"Cache-Control": "no-store"})

    @api.get(
        "/template",
        summary="The published template",
        description="Ready to be filled in. `both`: prompts in both languages between English banners.",
        responses={
            200: {"description": "The template.", "content": {TEXT: {"schema": {"type": "string"}}}},
            **problem_responses(422),
        },
        response_class=PlainTextResponse,
    )
    async def template(lang: Annotated[Literal["en", "ja", "both"], Query()] = "en") -> Response:
        return PlainTextResponse(render(None, lang), headers=_CACHED)

    @api.get(
        "/rules",
        summary="All rules",
        responses={200: {"model": list[RuleDescription], "description": "The rules, by code."}, **problem_responses()},
        response_class=Response,
    )
    async def rules() -> Response:
        return Response(_rules(), media_type=JSON, headers=_CACHED)

    @api.get(
        "/rules/{code}",
        summary="One rule",
        responses={200: {"model": RuleDescription, "description": "The rule."}, **problem_responses(404)},
        response_class=Response,
    )
    async def rule(code: str) -> Response:
        try:
            found = find(code[:60])
        except LookupError:
            raise ProblemError("rule-unknown") from None
        return Response(dumps(as_data(RULES[found.code])), media_type=JSON, headers=_CACHED)

    return api


def _unwritable(fault: Fault) -> Wrong:
    where = "/request" + "".join(
        "/" + step[:60].replace("~", "~0").replace("/", "~1") for step in fault.path.split(".")
    )
    return Wrong("pointer", where, fault.message)


def _told(done: FixResult, asking: FixRequest, lang: Language) -> FixAnswer:
    words = table("words/fix")[lang]
    describe = Describer(Source(asking.text), utf16=asking.offsets == "utf-16").span
    return FixAnswer.model_validate(
        {
            "text": done.text,
            "changed": done.changed,
            "applied": [
                {
                    **mend._asdict(),
                    "rule": RULES[mend.code].name,
                    "message": words["what"][mend.what],
                    "span": describe(mend.span),
                }
                for mend in done.applied
            ],
            "left": [
                {
                    **left._asdict(),
                    "rule": RULES[left.code].name,
                    "message": words["why"][left.why],
                    "span": describe(left.span),
                }
                for left in done.left
            ],
        }
    )


_NO_OPTIONS = CheckOptions()
_CACHED = {"Cache-Control": "public, max-age=3600"}


def _in(lang: Language) -> Mapping[str, str]:
    return {"Content-Language": lang, "Vary": "Accept-Language", "Cache-Control": "no-store"}


def _merged(query: BaseModel, body: BaseModel) -> BaseModel:
    """Return the options of both; the body's win."""
    given = {name: getattr(body, name) for name in body.model_fields_set if name != "text"}
    return query.model_copy(update=given)


@lru_cache(maxsize=1)
def _rules() -> bytes:
    return dumps(rule_list()).encode()


SCHEMAS: tuple[type[BaseModel], ...] = (Filled, CheckRequest, FixRequest, RenderRequest, Problem)
"""Models that OpenAPI refers to, but the framework does not see."""
