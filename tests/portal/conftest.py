"""The service as it really runs: `ma-lint serve` in a process of its own, spoken to over a socket."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

ROOT = Path(__file__).parents[2]
DEVSET = sorted((ROOT / "fixtures" / "devset").glob("*.txt"))
AS_OF = "2026-11-23"

CANARY = "Zebrafink"  # stands in texts that tests send; must never stand in a log


class Server:
    """A running service."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self.process = process
        self._log = log
        self.url = ""
        self.client = httpx.Client(timeout=60)

    @property
    def port(self) -> int:
        """Return the port it listens at."""
        return int(self.url.rpartition(":")[2])

    @property
    def log(self) -> str:
        """Return everything that it has logged."""
        return self._log.read_text(encoding="utf-8")

    def events(self, name: str) -> list[dict[str, Any]]:
        """Return the logged events of a name, as parsed."""
        return [event for event in map(json.loads, self.log.splitlines()) if event["event"] == name]

    def wait_for(self, found: Callable[[], object], seconds: float = 15) -> None:
        """Wait until something is so."""
        deadline = time.monotonic() + seconds
        while not found():
            assert time.monotonic() < deadline, self.log[-2000:]
            time.sleep(0.02)

    def stop(self) -> int:
        """Stop it as a service manager would, and return its exit status."""
        self.client.close()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=20)

    def get(self, path: str, **more: Any) -> httpx.Response:
        """Ask for a path."""
        return self.client.get(self.url + path, **more)

    def check(self, text: str, **options: Any) -> httpx.Response:
        """Have a text checked, as JSON."""
        return self.client.post(self.url + "/v1/check", json={"text": text, **options})

    def post(self, path: str, body: bytes | str, media_type: str = "application/json", **more: Any) -> httpx.Response:
        """Send a body."""
        headers = {"content-type": media_type, **more.pop("headers", {})}
        return self.client.post(self.url + path, content=body, headers=headers, **more)


@contextlib.contextmanager
def started(folder: Path, settings: str = "", arguments: tuple[str, ...] = (), **environment: str) -> Iterator[Server]:
    """Run the service with these settings (TOML) at any free port."""
    folder.mkdir(parents=True, exist_ok=True)
    config, log = folder / "portal.toml", folder / "log"
    config.write_text(settings, encoding="utf-8")
    command = [sys.executable, "-m", "ma_template", "serve", "--port", "0", "--config", str(config), *arguments]
    with log.open("wb") as file:
        surroundings = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **environment}
        process = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT, env=surroundings)
    server = Server(process, log)
    try:
        server.wait_for(lambda: process.poll() is not None or re.search(r"running on http\S+:\d", server.log))
        found = re.search(r"running on (http://[\d.:]+)", server.log)
        assert found, server.log
        server.url = found[1]
        server.wait_for(lambda: _answers(server))
        yield server
    finally:
        server.stop()


def _answers(server: Server) -> bool:
    try:
        return server.get("/readyz").status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One service with default settings for the whole session."""
    with started(tmp_path_factory.mktemp("server")) as running:
        yield running
        running.client.close()
        assert CANARY not in running.log
