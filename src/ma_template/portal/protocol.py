"""Bad weather below HTTP: what uvicorn's protocol leaves unbounded gets a bound here.

Behind a reverse proxy none of this is met. Without one, a caller could otherwise hold a connection and its memory for
ever by sending a head that never ends, or by never reading an answer.
"""

from __future__ import annotations

from asyncio import AbstractEventLoop, TimerHandle
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from ma_template.portal.problems import MEDIA_TYPE, ProblemError

HEAD_BYTES = 65_536
HEAD_SECONDS = 15.0
UNREAD_SECONDS = 30.0
HELD_BYTES = 65_536

WHOLE = "whole"
"""In a request's state: true as soon as its body is complete, mostly before anybody has asked for it."""


class Together:
    """A transport whose writes leave together at the end of a turn of the loop.

    uvicorn writes head and body of an answer one after the other, and uvloop sends each at once: two calls of the
    system, two packets, and a reader that is woken twice.
    """

    def __init__(self, transport: Any, loop: AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._held: list[bytes] = []
        self._size = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Hold a piece back; let all go that would be much to hold, so that the writer is told to wait."""
        if not self._held:
            self._loop.call_soon(self._let_go)
        self._held.append(data)
        self._size += len(data)
        if self._size > HELD_BYTES:
            self._let_go()

    def close(self) -> None:
        """Send what is held, and close."""
        self._let_go()
        self._transport.close()

    def _let_go(self) -> None:
        if self._held:
            held, self._held, self._size = self._held, [], 0
            self._transport.write(held[0] if len(held) == 1 else b"".join(held))


class BoundedProtocol(HttpToolsProtocol):
    """HTTP/1.1 as uvicorn speaks it, with bounds on a head's size and time, and on how long an answer lies unread."""

    _timer: TimerHandle | None = None
    _in_head = True
    _head_bytes = 0

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for the first head."""
        super().connection_made(Together(transport, self.loop))  # type: ignore[arg-type]
        self._wait(HEAD_SECONDS)

    def data_received(self, data: bytes) -> None:
        """Read on. Where that did not complete a head, count what belongs to it, and wait for the rest."""
        super().data_received(data)
        if self._in_head:
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES and not self.transport.is_closing():
                self._refuse(ProblemError("headers-too-large", limit=HEAD_BYTES))
        nothing_asked = self.cycle is None or self.cycle.response_complete  # line ends, say, which are no head yet
        if self._timer is None and (self._in_head or nothing_asked):
            self._wait(HEAD_SECONDS)

    def on_message_begin(self) -> None:
        """A head begins."""
        super().on_message_begin()
        self._in_head, self._head_bytes = True, 0

    def on_headers_complete(self) -> None:
        """A head is complete."""
        self._in_head = False
        self._stop_waiting()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """A request is complete."""
        super().on_message_complete()
        self.scope["state"][WHOLE] = True

    def pause_writing(self) -> None:
        """The caller does not read its answer."""
        super().pause_writing()
        self._wait(UNREAD_SECONDS)

    def resume_writing(self) -> None:
        """The caller reads again."""
        super().resume_writing()
        self._stop_waiting()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is left to wait for."""
        self._stop_waiting()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP."""
        self._refuse(ProblemError("bad-http"))

    def _refuse(self, problem: ProblemError) -> None:
        body = problem.details("en").model_dump_json(exclude_none=True).encode()
        head = f"content-type: {MEDIA_TYPE}\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n".encode()
        self.transport.write(STATUS_LINE[problem.status] + head + body)
        self.transport.close()

    def _wait(self, seconds: float) -> None:
        self._stop_waiting()
        self._timer = self.loop.call_later(seconds, self._give_up)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _give_up(self) -> None:
        self._timer = None
        self.transport.abort()
