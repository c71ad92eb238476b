"""The page, the demo and the files they are made of. Nothing is loaded from anywhere else, and the policy says so."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from ma_template import __version__
from ma_template.portal.words import FOLDER, Language, negotiated, words

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_PLACE = re.compile(r"\{\w+\}")
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Cache-Control": "no-cache",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Vary": "Accept-Language",
}


Wish = Annotated[str | None, Query(max_length=20)]
"""The language somebody chose; without it that of Accept-Language."""


class _Files(StaticFiles):
    """Files that a browser keeps, but asks for again: after an update of the service nobody runs old code."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response


def _named(table: dict[str, Any]) -> SimpleNamespace:
    """Return a table whose entries are attributes: in a template `w.update` would else be the dictionary's own."""
    return SimpleNamespace(**{key: _named(value) if isinstance(value, dict) else value for key, value in table.items()})


def static_files() -> Mount:
    """Return the files under /static: the element for other sites to embed, and what the page needs."""
    return Mount("/static", _Files(directory=FOLDER / "static"), name="static")


def router(root_path: str) -> APIRouter:
    """Return the page, the demo and the list of problems."""
    pages = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    templates = Environment(
        loader=PackageLoader("ma_template.portal"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
    )

    templates.filters["general"] = lambda sentence: _PLACE.sub("…", sentence)

    def shown(name: str, request: Request, lang: str | None, **more: Any) -> HTMLResponse:
        language: Language = (
            "ja" if lang == "ja" else "en" if lang else negotiated(request.headers.get("accept-language"))
        )
        template = templates.get_template(f"{name}.html.j2")
        html = template.render(
            lang=language, w=_named(words("page")[language]), root=root_path, version=__version__, **more
        )
        return HTMLResponse(html, headers={**_HEADERS, "Content-Language": language})

    @pages.get("/")
    async def page(request: Request, lang: Wish = None) -> Response:
        return shown("page", request, lang)

    @pages.get("/demo")
    async def demo(request: Request, lang: Wish = None) -> Response:
        return shown("demo", request, lang)

    @pages.get("/problems")
    async def problems(request: Request, lang: Wish = None) -> Response:
        return shown("problems", request, lang, problems=words("problems"))

    return pages
