"""The HTTP API: the library's own models in and out.

Bodies are validated straight from their bytes, and a report is written straight to bytes: the framework's own way
through dictionaries would cost more than the check. What OpenAPI says is made from the same models.
"""

from __future__ import annotations

from functools import lru_cache, partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from starlette.responses import PlainTextResponse, Response

from ma_template import FixResult, RenderError, fix, render
from ma_template.config import Config, as_date
from ma_template.describing import Describer
from ma_template.examining import examine
from ma_template.models import Report
from ma_template.portal import metrics
from ma_template.portal.bodies import (
    JSON,
    TEXT,
    Headers,
    Written,
    as_json,
    as_text,
    described_in,
    from_json,
    from_query,
    media_type,
)
from ma_template.portal.exchange import (
    OPEN,
    CheckOptions,
    CheckRequest,
    FixAnswer,
    FixRequest,
    Rendered,
    RenderRequest,
    RuleDescription,
)
from ma_template.portal.guard import facts, received
from ma_template.portal.openapi import WITH_BODY, body_of, parameters_of, problem_responses
from ma_template.portal.problems import ProblemError, Wrong, pointer
from ma_template.portal.settings import Settings
from ma_template.portal.words import LANGUAGES, Language, negotiated
from ma_template.portal.work import Workshop, read_in_all
from ma_template.reference import as_data, rule_list
from ma_template.rendering import Fault
from ma_template.report.json import dumps
from ma_template.rules import RULES, find
from ma_template.source import Source
from ma_template.wording import table


class Configurations:
    """The server's settings of a check with those of a request. The same wishes come again and again: they are kept."""

    def __init__(self, base: Config) -> None:
        self._base = base
        self._of = lru_cache(maxsize=256)(self._made)

    def of(self, options: BaseModel) -> Config:
        """Return the settings for a request."""
        given = options.model_fields_set.intersection(OPEN)
        return self._of(tuple((name, getattr(options, name)) for name in sorted(given))) if given else self._base

    def _made(self, given: tuple[tuple[str, Any], ...]) -> Config:
        return Config.model_validate({**self._base.model_dump(exclude_unset=True), **dict(given)})


def router(settings: Settings, workshop: Workshop) -> APIRouter:
    """Return the operations under /v1."""
    api = APIRouter(prefix="/v1")
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
        body = received(request)
        query: str = request.scope["query_string"].decode("latin-1")
        options: Any = from_query(CheckOptions, query) if query else _NO_OPTIONS
        if media_type(request, JSON, TEXT) == TEXT:
            text, sr = as_text(body), None
        else:
            asking = from_json(CheckRequest, body)
            text = asking.text
            sr = asking.sr
            options = _merged(options, asking) if query else asking
        config = configurations.of(options)
        lang = asked(request, options.lang)
        report = await workshop.do(
            read_in_all(text, sr), partial(examine, text, as_date(options.as_of, config), config, sr=sr)
        )
        codes = [found["code"] for found in report["diagnostics"][:50]]
        metrics.count_report(report["status"], codes)
        facts(request.scope, codes, report=report["status"])
        return Written(described_in(report, lang), _IN[lang])

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
        asking = from_json(FixRequest, received(request))
        lang = asked(request, asking.lang)
        done = await workshop.do(
            len(asking.text), partial(fix, asking.text, config=settings.check, modernise=asking.modernise)
        )
        facts(request.scope, sorted({mend.code for mend in done.applied}))
        answer = _told(done, asking, lang)
        return Written(as_json(answer), _IN[lang])

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
        body: bytes = received(request)
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
    return Wrong("pointer", pointer(["request", *fault.path.split(".")]), fault.message)


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


_IN: dict[Language, Headers] = {
    lang: ((b"content-language", lang.encode()), (b"vary", b"Accept-Language"), (b"cache-control", b"no-store"))
    for lang in LANGUAGES
}


def _merged(query: BaseModel, body: BaseModel) -> BaseModel:
    """Return the options of both; the body's win."""
    given = {name: getattr(body, name) for name in body.model_fields_set if name not in ("text", "sr")}
    return query.model_copy(update=given)


@lru_cache(maxsize=1)
def _rules() -> bytes:
    return dumps(rule_list()).encode()
