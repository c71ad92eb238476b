"""Puts the service together."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp

from ma_template import __version__, check, render
from ma_template.portal import api, hooks, metrics, pages
from ma_template.portal.bodies import as_json, in_language
from ma_template.portal.guard import Guard
from ma_template.portal.openapi import document
from ma_template.portal.problems import ProblemError, Wrong
from ma_template.portal.settings import Settings
from ma_template.portal.shortcut import Shortcut
from ma_template.portal.words import LANGUAGES
from ma_template.portal.work import Workshop

_HTTP = {404: "not-found", 405: "method-not-allowed"}


def create_app(settings: Settings | None = None, memory: Path | None = None) -> ASGIApp:
    """Return the service as an ASGI application.

    Args:
        settings: the defaults of `Settings` by default.
        memory: a folder that all workers share, in which answered webhooks are remembered; one that goes with the
            process by default.

    Raises:
        SettingsError: a hook's secret or template cannot be used.
    """
    settings = settings or Settings()
    own = tempfile.TemporaryDirectory(prefix="ma-lint-serve-") if memory is None else None
    workshop = Workshop(settings.limits)
    ready = asyncio.Event()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        _warm_up()
        ready.set()
        yield
        ready.clear()
        workshop.close()
        if own:
            own.cleanup()

    app = FastAPI(
        title="ma-template",
        summary="Checks requests for management attention in support tickets while they are written",
        version=__version__,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        lifespan=lifespan,
        docs_url=None,  # these pages would load scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
    )
    answered = hooks.prepared(settings, memory or Path(own.name if own else "."))
    routers = api.router(settings, workshop), hooks.router(answered, workshop)
    for router in routers:
        app.include_router(router)
    if settings.page:
        app.include_router(pages.router(settings.root_path))
    app.router.routes.append(pages.static_files())

    @app.get("/healthz", summary="Is the process alive", response_class=PlainTextResponse)
    async def healthz() -> str:
        return "ok\n"

    @app.get(
        "/readyz",
        summary="Can it answer",
        response_class=PlainTextResponse,
        responses={503: {"description": "Not yet, or not any more."}},
    )
    async def readyz() -> Response:
        return PlainTextResponse("ready\n") if ready.is_set() else PlainTextResponse("not ready\n", 503)

    @app.get("/metrics", summary="Counts for Prometheus", response_class=PlainTextResponse)
    async def counts() -> Response:
        return Response(metrics.exposition(), media_type=metrics.CONTENT_TYPE)

    @app.exception_handler(HTTPException)
    async def http_error(_: Request, error: HTTPException) -> Response:
        raise ProblemError(_HTTP.get(error.status_code, "invalid"), headers=error.headers) from None

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> Response:
        faults = []
        for one in error.errors()[:20]:
            expected = one.get("ctx", {}).get("expected", "")
            kind = one["type"] + (f":{expected}" if expected else "")
            faults.append(Wrong.known("parameter", str(one["loc"][-1])[:60], kind))
        raise ProblemError("invalid", faults=faults) from None

    @app.exception_handler(Exception)
    async def pass_on(_: Request, error: Exception) -> Response:
        raise error  # the guard answers for what goes wrong

    def openapi() -> dict[str, Any]:
        if not app.openapi_schema:
            app.openapi_schema = document(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]
    service: ASGIApp = Guard(Shortcut(app, routers, {"name": settings.hooks}, settings.root_path), settings)
    if settings.origins:
        service = CORSMiddleware(
            service,
            allow_origins=settings.origins,
            allow_methods=("GET", "POST"),
            allow_headers=("Authorization", "Content-Type", "X-Request-Id"),
            expose_headers=("X-Request-Id", "Retry-After"),
            max_age=3600,
        )
    return service


def _warm_up() -> None:
    """Load what the first check would load, tables and libraries."""
    for lang in LANGUAGES:
        text = render(None, lang).replace("\n\n", "\nTaro Yamada, +81 3-5555-0123, taro@example.com, 2026-12-01\n")
        as_json(in_language(check(text), lang))
