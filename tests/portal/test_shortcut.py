"""Operations that are called straight, and those that are left to the framework."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from starlette.responses import Response

from ma_template.portal.shortcut import Shortcut
from portal.conftest import started


def test_only_operations_that_need_nothing_but_the_request_are_called_straight() -> None:
    router = APIRouter(prefix="/v1")

    @router.post("/check")
    async def check(request: Request) -> Response:
        return Response(b"check")

    @router.post("/hooks/{name}")
    async def hook(name: str, request: Request) -> Response:
        return Response(name)

    @router.get("/template")
    async def template(request: Request, lang: str = "en") -> Response:
        return Response(lang)

    @router.get("/rules")
    async def rules() -> Response:
        return Response(b"rules")

    passed_on, answers, routes = [], [], []

    async def framework(scope: Any, receive: Any, send: Any) -> None:
        passed_on.append((scope["method"], scope["path"]))

    async def send(message: Any) -> None:
        if message["type"] == "http.response.body":
            answers.append(message["body"])

    async def ask(*paths: tuple[str, str]) -> None:
        shortcut = Shortcut(framework, [router], {"name": ["jira"]}, "/root")
        for method, path in paths:
            scope: dict[str, Any] = {"type": "http", "method": method, "path": path, "headers": []}
            await shortcut(scope, None, send)  # type: ignore[arg-type]
            routes.append(getattr(scope.get("route"), "path", None))

    straight = [("POST", "/root/v1/check"), ("POST", "/root/v1/hooks/jira")]
    others = [
        ("GET", "/root/v1/check"),
        ("POST", "/v1/check"),
        ("POST", "/root/v1/check/"),
        ("POST", "/root/v1/hooks/zendesk"),
        ("POST", "/root/v1/hooks/{name}"),
        ("GET", "/root/v1/template"),
        ("GET", "/root/v1/rules"),
    ]
    asyncio.run(ask(*straight, *others))
    assert answers == [b"check", b"jira"]
    assert routes == ["/v1/check", "/v1/hooks/{name}", *[None] * len(others)]
    assert passed_on == others


def test_the_framework_answers_in_the_same_way() -> None:
    router = APIRouter()

    @router.post("/check")
    async def check(request: Request) -> Response:
        return Response(b"checked", 202, {"Content-Language": "ja"}, "application/json")

    app = FastAPI()
    app.include_router(router)

    async def asked(service: Any) -> list[Any]:
        messages: list[Any] = []

        async def send(message: Any) -> None:
            messages.append(message)

        async def receive() -> Any:
            return {"type": "http.request", "body": b""}

        scope = {"type": "http", "method": "POST", "path": "/check", "headers": [], "query_string": b""}
        await service(scope, receive, send)
        return messages

    assert asyncio.run(asked(Shortcut(app, [router], {}, ""))) == asyncio.run(asked(app))


def test_behind_a_proxy_that_strips_a_path(tmp_path: Path) -> None:
    with started(tmp_path, 'root_path = "/tools/ma"') as server:
        assert server.check("no request").status_code == 200
        assert server.get("/openapi.json").json()["servers"] == [{"url": "/tools/ma"}]
        assert server.get("/nothing").json()["type"] == "/tools/ma/problems#not-found"
        server.wait_for(
            lambda: server.events("request")[-1:] and server.events("request")[-1]["status"] == 404
        )  # all JSON
