"""Inbound webhooks: any ticket system's JSON in; a decision, a comment to post and the report out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from ma_template import check
from ma_template.config import Config
from ma_template.models import Report
from ma_template.portal import metrics
from ma_template.portal.bodies import JSON, as_json, in_language, media_type
from ma_template.portal.comments import Comments, Decision
from ma_template.portal.guard import facts, received
from ma_template.portal.openapi import WITH_BODY, problem_responses
from ma_template.portal.payloads import found, moment, parsed, text_at
from ma_template.portal.problems import ProblemError
from ma_template.portal.settings import Hook, Settings, SettingsError
from ma_template.portal.signatures import Answered, Seal
from ma_template.portal.words import Language
from ma_template.portal.work import Workshop, read_in_all
from ma_template.service_request import ServiceRequest
from ma_template.zones import named


class Judgement(BaseModel):
    """What is to be done with an update."""

    decision: Decision = Field(description="none: the update holds no request, and there is nothing to do.")
    comment: str | None = Field(description="A reply ready to post, in the language of the request; null with none.")
    language: Language = Field(description="The language of the comment and of the report's messages.")
    sr: str | None = Field(description="The number of the service request, as it stood in the payload.")
    report: Report


class _Ready(NamedTuple):
    """A hook with all that is needed to answer it."""

    hook: Hook
    seal: Seal
    comments: Comments
    config: Config
    answered: Answered


def prepared(settings: Settings, memory: Path) -> Mapping[str, _Ready]:
    """Return the hooks, ready to be answered.

    Raises:
        SettingsError: a secret or a template cannot be used.
    """
    ready = {}
    for name, hook in settings.hooks.items():
        try:
            seal, comments = Seal(hook), Comments(hook.comments)
        except ValueError as error:
            raise SettingsError(f"hooks.{name}: {error}") from None
        ready[name] = _Ready(hook, seal, comments, hook.configured(settings.check), Answered(memory, hook.tolerance))
    return ready


def decided(report: Report, reject_on: str) -> Decision:
    """Return what the configured severities lead to."""
    fatal = ("error", "warning") if reject_on == "warning" else ("error",)
    if any(found.severity in fatal for found in report.diagnostics):
        return "reject"
    return "none" if report.status == "absent" else "accept"


def language_of(report: Report, wished: str | None) -> Language:
    """Return the language to answer in: the one asked for, else that of the first request's answers or form."""
    if wished:
        return "ja" if wished.lower().startswith(("ja", "日本")) else "en"
    for block in report.blocks:
        if not block.quoted:
            return block.answer_language or block.language
    return "en"


def router(hooks: Mapping[str, _Ready], workshop: Workshop) -> APIRouter:
    """Return the operation that answers webhooks."""
    api = APIRouter(prefix="/v1")

    @api.post(
        "/hooks/{name}",
        summary="Answer a webhook",
        description="Takes the JSON of a ticket system as the hook of this name is configured. Messages are signed: "
        "as Standard Webhooks has it, or with an HMAC-SHA256 in a header.",
        responses={
            200: {"model": Judgement, "description": "What is to be done."},
            **problem_responses(404, 409, *WITH_BODY),
        },
        openapi_extra={"requestBody": {"required": True, "content": {JSON: {"schema": {}}}}},
        response_class=Response,
    )
    async def answer(name: str, request: Request) -> Response:
        ready = hooks.get(name)
        if ready is None:
            raise ProblemError("hook-unknown")
        body = received(request)
        signature = ready.seal.prove(request.headers, body)
        media_type(request, JSON)
        payload = parsed(body)
        ready.seal.prove_time(payload)
        memory = ready.answered.remember(name, signature)
        try:
            judgement = await _judged(ready, payload, workshop)
        except BaseException:
            memory.unlink(missing_ok=True)  # the sender may try again
            raise
        codes = [found.code for found in judgement.report.diagnostics[:50]]
        metrics.count_decision(name, judgement.decision)
        metrics.count_report(judgement.report.status, codes)
        facts(request.scope, codes, hook=name, decision=judgement.decision)
        headers = {"Content-Language": judgement.language, "Cache-Control": "no-store"}
        return Response(as_json(judgement), media_type=JSON, headers=headers)

    return api


async def _judged(ready: _Ready, payload: Any, workshop: Workshop) -> Judgement:
    hook = ready.hook
    text = text_at(payload, *hook.text)
    if text is None:
        raise ProblemError("text-not-found")
    as_of = _day(text_at(payload, hook.updated), ready.config)
    beside = _beside(payload, hook)
    work = partial(check, text, as_of=as_of, config=ready.config, sr=beside)
    report = await workshop.do(read_in_all(text, beside), work)
    lang = language_of(report, text_at(payload, hook.language))
    sr = text_at(payload, hook.sr)
    decision = decided(report, hook.reject_on)
    return Judgement(
        decision=decision,
        comment=ready.comments.write(report, decision, lang, sr and sr[:60]),
        language=lang,
        sr=sr,
        report=in_language(report, lang),
    )


def _beside(payload: Any, hook: Hook) -> ServiceRequest | None:
    """Return the SR's own fields as the payload has them; what cannot be read there is not judged."""
    if not hook.sr_fields:
        return None
    fields: dict[str, Any] = {name: found(payload, pointer) for name, pointer in hook.sr_fields.items()}
    if "opened" in fields:
        fields["opened"] = moment(text_at(payload, hook.sr_fields["opened"]))
    return ServiceRequest.from_export(fields)


def _day(updated: str | None, config: Config) -> date | None:
    """Return the day of an update: in its own zone, or where it is a number, in the configured one."""
    at = moment(updated)
    if at is None or updated is None:
        return None
    return at.astimezone(named(config.timezone)).date() if updated.replace(".", "", 1).isdecimal() else at.date()
