"""Answers the operations that are asked again and again without the framework's routing.

FastAPI describes every operation (OpenAPI) and routes whatever is rare. Between a request and an operation that needs
nothing but that request its layers only take time: such an operation is looked up by method and path, and called. What
is not found here, a wrong method or an unknown hook, the framework answers as ever.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from functools import partial
from inspect import signature
from itertools import product
from typing import Any

from fastapi import APIRouter, Request
from fastapi.routing import APIRoute
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

Operation = Callable[..., Awaitable[Response]]


class Shortcut:
    """An ASGI application in front of the framework's.

    Args:
        app: the framework's application.
        routers: where the operations are declared. An operation is called straight if it asks for the request, and else
            for path parameters only.
        values: of path parameters all values that there are.
        root_path: what paths begin with.
    """

    def __init__(
        self, app: ASGIApp, routers: Iterable[APIRouter], values: Mapping[str, Iterable[str]], root_path: str
    ) -> None:
        self.app = app
        self._root_path = root_path
        self._operations: dict[tuple[str, str], tuple[APIRoute, Operation]] = {
            (method, root_path + path): (route, operation)
            for router in routers
            for route in router.routes
            if isinstance(route, APIRoute)
            for path, operation in _straight(route, values)
            for method in route.methods or ()
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass it on."""
        if self._root_path:  # whatever server this runs under; the framework's own parameter for it is to go
            scope["root_path"] = self._root_path
        known = self._operations.get((scope["method"], scope["path"])) if scope["type"] == "http" else None
        if known is None:
            await self.app(scope, receive, send)
            return
        scope["route"], operation = known
        response = await operation(request=Request(scope, receive))
        await response(scope, receive, send)


def _straight(route: APIRoute, values: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, Operation]]:
    """Give the paths that lead to an operation, each with what is to be called with the request."""
    wanted: list[Any] = list(signature(route.endpoint).parameters)
    if "request" in wanted:
        wanted.remove("request")
        for chosen in product(*(values.get(name, ()) for name in wanted)):
            given = dict(zip(wanted, chosen, strict=True))
            yield route.path.format_map(given), partial(route.endpoint, **given)
