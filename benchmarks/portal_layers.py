"""Where the processor time of a request to /v1/check goes, layer by layer, beside the plain FastAPI endpoint.

usage: python benchmarks/portal_layers.py [--rounds N]

Everything runs in this process and without a network: requests are handed to the server's protocol as a socket would,
and it writes into a transport that forgets. Around the check one layer after the other is put, so that each is measured
beside the work that drives it out of the processor's caches: alone in a loop it would look two or three times cheaper.
Rounds are interleaved; medians of what each layer adds in a round.
"""

from __future__ import annotations

import argparse
import asyncio
import logging.config
import os
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import uvicorn
import uvloop
from portal_load import ANSWER, BODY, TEXT, plain_application
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from ma_template.config import Config
from ma_template.examining import examine
from ma_template.portal import logs
from ma_template.portal.app import create_app
from ma_template.portal.guard import Guard
from ma_template.portal.protocol import BoundedProtocol
from ma_template.portal.settings import Settings
from ma_template.report.json import dumps

REQUESTS = 40  # in a round
WRITTEN = dumps(ANSWER).encode()
START = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-type", b"application/json"), (b"content-length", str(len(WRITTEN)).encode())],
}


class Transport(asyncio.Transport):
    """Takes an answer, and forgets it."""

    def __init__(self) -> None:
        super().__init__()
        self.head = b""

    def write(self, data: Any) -> None:
        """Take a piece: the head, the body or both."""
        self.head = self.head or bytes(data)

    def is_closing(self) -> bool:
        """Return whether it is closed: it never is."""
        return False

    def abort(self) -> None:
        """Do nothing."""

    def resume_reading(self) -> None:
        """Do nothing."""


def read() -> None:
    """Check the text, as the service does: plain data, no models."""
    examine(TEXT, date(2026, 11, 23), _CONFIG)


_CONFIG = Config()


async def reading(scope: Any, receive: Any, send: Any) -> None:
    """Check, and answer with what was written before: as an ASGI application."""
    await receive()
    read()
    await send(START)
    await send({"type": "http.response.body", "body": WRITTEN})


async def reading_unasked(scope: Any, receive: Any, send: Any) -> None:
    """Do the same behind the guard, which has received the body."""
    read()
    await send({**START})
    await send({"type": "http.response.body", "body": WRITTEN})


def asking(app: Any, path: str, protocol: type[HttpToolsProtocol]) -> Callable[[], Awaitable[None]]:
    """Return what sends one request to an application and waits for the answer."""
    config = uvicorn.Config(app, ws="none", lifespan="off", access_log=False, log_config=None, proxy_headers=False)
    config.load()
    spoken, transport = protocol(config, ServerState(), {}, asyncio.get_running_loop()), Transport()
    spoken.connection_made(transport)
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(BODY)}\r\n\r\n"
    request = head.encode() + BODY

    async def ask() -> None:
        transport.head = b""
        spoken.data_received(request)
        while not (transport.head and spoken.cycle.response_complete):
            await asyncio.sleep(0)
        assert transport.head.startswith(b"HTTP/1.1 200"), transport.head

    return ask


async def alone() -> None:
    """Check, and nothing else."""
    read()


async def measured(rounds: int) -> dict[str, list[float]]:
    """Return microseconds of processor time a request, round by round."""
    plain = plain_application()
    kinds: dict[str, Callable[[], Awaitable[None]]] = {
        "check": alone,
        "HTTP": asking(reading, "/", BoundedProtocol),
        "guard": asking(Guard(reading_unasked, Settings()), "/v1/check", BoundedProtocol),
        "operation": asking(create_app(), "/v1/check", BoundedProtocol),
        "plain, usual": asking(plain, "/usual", HttpToolsProtocol),
        "plain, lean": asking(plain, "/lean", HttpToolsProtocol),
    }
    found: dict[str, list[float]] = {name: [] for name in kinds}
    for number in range(rounds + 3):
        for name, ask in kinds.items():
            began = time.process_time()
            for _ in range(REQUESTS):
                await ask()
            if number >= 3:  # before, it is warmed up
                found[name].append((time.process_time() - began) / REQUESTS * 1e6)
    return found


def main() -> None:
    """Print what each layer costs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=60)
    rounds = parser.parse_args().rounds
    print(f"load average {os.getloadavg()[0]:.2f}")
    with open(os.devnull, "w") as nowhere:
        said, sys.stderr = sys.stderr, nowhere
        logging.config.dictConfig(logs.configuration("info"))
        sys.stderr = said
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            found = runner.run(measured(rounds))
    layers = ("check", "HTTP", "guard", "operation")
    below = [0.0] * rounds
    for name in layers:
        print(f"{name:13} {statistics.median(a - b for a, b in zip(found[name], below, strict=True)):6.0f} us")
        below = found[name]
    whole = statistics.median(below)
    print(f"{'together':13} {whole:6.0f} us")
    for name in ("plain, usual", "plain, lean"):
        cost = statistics.median(found[name])
        print(f"{name:13} {cost:6.0f} us, ratio {cost / whole:.2f}")


if __name__ == "__main__":
    main()
