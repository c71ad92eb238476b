"""Stands before every operation: counts, limits, reads the body, and answers for what goes wrong behind it.

Plain ASGI, one object: a stack of framework middlewares would cost more than a check. Order of the questions: is there
room, who asks, is the body small enough, did it come in time. No body is kept longer than its request.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import re
import secrets
import time
from collections.abc import Iterable, Mapping
from typing import Any

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ma_template.portal import logs, metrics
from ma_template.portal.problems import ProblemError
from ma_template.portal.protocol import WHOLE
from ma_template.portal.settings import Settings
from ma_template.portal.words import negotiated

_ALWAYS_ANSWERED = frozenset({"/healthz", "/readyz", "/metrics"})
_OPEN = ("/v1/hooks/",)  # hooks prove themselves by signature
_TRACE = re.compile(r"[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}")
_DRAIN_BYTES, _DRAIN_SECONDS = 4 * 1_048_576, 2.0
_SECURITY = [(b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"no-referrer")]


class _GoneError(Exception):
    """The caller hung up before the body was complete: there is nobody to answer."""


class Guard:
    """The outermost layer of the service."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self._limits = settings.limits
        self._root = settings.root_path
        token = settings.token
        self._authorisation = f"Bearer {token}".encode() if token else None
        self._in_flight = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (anything but HTTP is passed on)."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        method = scope["method"]
        if method == "HEAD":  # answered as GET; the server below leaves the body out
            scope = {**scope, "method": "GET"}
        headers = Headers(scope=scope)
        state = scope.setdefault("state", {})
        state["request_id"] = request_id = _request_id(headers.get("x-request-id"))
        answer = _Answer(send, request_id)
        body = b""
        counted = scope["path"].removeprefix(self._root) not in _ALWAYS_ANSWERED
        self._in_flight += counted
        metrics.IN_FLIGHT.inc(counted)
        try:
            try:
                if counted and self._in_flight > self._limits.requests_at_once:
                    raise self._busy()
                self._identify(scope, headers)
                if scope["method"] in ("POST", "PUT", "PATCH"):
                    body = await self._body(state, headers, receive)
                state["body"] = body
                await self.app(scope, receive, answer)
            except ProblemError as problem:
                await self._tell(problem, headers, scope, receive, answer)
            except _GoneError:
                answer.status = 499
            except Exception as error:
                logs.event(logging.ERROR, "failed", exception=error, id=request_id)
                if not answer.status:
                    await self._tell(ProblemError("internal"), headers, scope, receive, answer)
                else:  # half an answer cannot be mended: the server closes the connection
                    raise _HalfAnsweredError from None
        finally:
            self._in_flight -= counted
            metrics.IN_FLIGHT.dec(counted)
            seconds = time.perf_counter() - began
            operation = _operation(scope)
            metrics.count_request(operation, method, answer.status, seconds)
            logs.event(
                logging.INFO,
                "request",
                id=request_id,
                method=method,
                operation=operation,
                status=answer.status,
                bytes_in=len(body),
                bytes_out=answer.sent,
                ms=round(seconds * 1000, 1),
                **state.get("facts", {}),
            )

    def _busy(self) -> ProblemError:
        seconds = self._limits.retry_after
        return ProblemError("busy", seconds=seconds, headers={"Retry-After": str(seconds)})

    def _identify(self, scope: Scope, headers: Headers) -> None:
        path = scope["path"].removeprefix(self._root)
        if self._authorisation is None or not (path.startswith("/v1/") or path == "/metrics"):
            return
        if path.startswith(_OPEN) or hmac.compare_digest(
            headers.get("authorization", "").encode("utf-8", "surrogateescape"), self._authorisation
        ):
            return
        raise ProblemError("unauthorised", headers={"WWW-Authenticate": "Bearer"})

    async def _body(self, state: Mapping[str, object], headers: Headers, receive: Receive) -> bytes:
        """Return the whole body; give up as soon as it is known to be too large, too slow or cut off."""
        limit = self._limits.body_bytes
        length = headers.get("content-length", "")
        if length.isdecimal() and int(length[:20]) > limit:
            raise ProblemError("too-large", limit=limit)
        if state.get(WHOLE):  # nothing to wait for: no clock to set
            return await _read(receive, limit)
        try:
            async with asyncio.timeout(self._limits.body_seconds):
                return await _read(receive, limit)
        except TimeoutError:
            raise ProblemError("body-slow", seconds=round(self._limits.body_seconds)) from None

    async def _tell(
        self, problem: ProblemError, headers: Headers, scope: Scope, receive: Receive, answer: _Answer
    ) -> None:
        lang = negotiated(headers.get("accept-language"))
        unread = problem.key in ("too-large", "body-slow", "busy", "unauthorised")
        if unread:
            problem.headers["Connection"] = "close"
        response = problem.response(lang, scope["state"]["request_id"], self._root)
        if unread and headers.get("content-length") != "0" and scope["method"] not in ("GET", "HEAD", "OPTIONS"):
            await _tell_first_drain_then(response, receive, answer)
        else:
            await response(scope, receive, answer)


async def _read(receive: Receive, limit: int) -> bytes:
    pieces: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _GoneError
        piece = message.get("body", b"")
        size += len(piece)
        if size > limit:
            raise ProblemError("too-large", limit=limit)
        pieces.append(piece)
        if not message.get("more_body", False):
            return pieces[0] if len(pieces) == 1 else b"".join(pieces)


class _HalfAnsweredError(Exception):
    """An answer broke off. Says nothing of why: the log has it already, without anybody's text."""


class _Answer:
    """Sends, adding what every answer carries, and remembers what was sent."""

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self._headers = [*_SECURITY, (b"x-request-id", request_id.encode())]
        self.status = 0
        self.sent = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [*message.get("headers", ()), *self._headers]
        else:
            self.sent += len(message.get("body", b""))
        await self._send(message)


async def _tell_first_drain_then(response: Response, receive: Receive, answer: _Answer) -> None:
    """Send a whole answer while the body is still coming, and read on for a while before the connection is closed.

    A connection closed over unread bytes is reset, and the answer may be lost with it.
    """
    await answer({"type": "http.response.start", "status": response.status_code, "headers": response.raw_headers})
    await answer({"type": "http.response.body", "body": bytes(response.body), "more_body": True})
    read = 0
    try:
        async with asyncio.timeout(_DRAIN_SECONDS):
            while read < _DRAIN_BYTES:
                message = await receive()
                read += len(message.get("body", b""))
                if message["type"] == "http.disconnect" or not message.get("more_body", False):
                    break
    except TimeoutError:
        pass
    await answer({"type": "http.response.body", "body": b"", "more_body": False})


def _request_id(given: str | None) -> str:
    """Return the caller's id where it is a UUID, which can hold nothing about anybody; else a new one."""
    return given if given and _TRACE.fullmatch(given) else secrets.token_hex(16)


def _operation(scope: Scope) -> str:
    """Return the path template of the operation that answered, which holds nothing that was asked for."""
    path: Any = getattr(scope.get("route"), "path", None)
    return path if isinstance(path, str) else "other"


def received(request: Request) -> bytes:
    """Return the body of a request, which the guard has read: nothing is left for the framework to read."""
    body: bytes = request.scope["state"]["body"]
    return body


def facts(scope: Scope, codes: Iterable[str], **more: str) -> None:
    """Leave facts about the answer for the log line: codes of findings, statuses."""
    scope["state"]["facts"] = {**more, "codes": list(codes)}
