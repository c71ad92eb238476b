"""Bad weather: slow, broken, huge and many. Answers are clear, memory is bounded, and other requests go on."""

from __future__ import annotations

import asyncio
import json
import os
import re
import resource
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from ma_template.portal import protocol
from portal.conftest import CANARY, DEVSET, Server, started
from portal.test_api import COMPLETE, problem

MIB = 1_048_576
LIMITS = "[limits]\nbody_seconds = 1\nrequests_at_once = 100\n"


@pytest.fixture(scope="module")
def stormy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with started(tmp_path_factory.mktemp("weather"), LIMITS) as server:
        yield server
        assert server.process.poll() is None
        assert server.stop() == 0
        assert CANARY not in server.log
        assert not server.events("failed")
        assert "exception" not in server.log


def memory(pid: int) -> int:
    """Return the memory in use by a process, in MiB."""
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found[1]) // 1024


class Line:
    """A connection on which anything can be said."""

    def __init__(self, server: Server) -> None:
        self.socket = socket.create_connection(("127.0.0.1", server.port), timeout=20)

    def say(self, *pieces: bytes) -> Line:
        for piece in pieces:
            self.socket.sendall(piece)
        return self

    def hear(self) -> tuple[int, dict[str, Any]]:
        """Return status and body of what comes until the connection is closed."""
        heard = b""
        while piece := self.socket.recv(65536):
            heard += piece
        head, _, body = heard.partition(b"\r\n\r\n")
        assert b"application/problem+json" in head, heard[:500]
        return int(head.split()[1]), json.loads(body)

    def hang_up(self) -> None:
        self.socket.close()


Dial = Callable[[], Line]


@pytest.fixture
def dial(stormy: Server) -> Iterator[Dial]:
    """Return a function that opens a connection; all are closed at the end."""
    lines: list[Line] = []

    def connect() -> Line:
        lines.append(Line(stormy))
        return lines[-1]

    yield connect
    for line in lines:
        line.hang_up()


def head(*lines: str, path: str = "/v1/check") -> bytes:
    """Return the head of a POST request."""
    listed = "".join(f"{line}\r\n" for line in ("Host: x", "Content-Type: text/plain", *lines))
    return f"POST {path} HTTP/1.1\r\n{listed}\r\n".encode()


def quick(server: Server) -> None:
    """See that an ordinary request is answered at once."""
    began = time.perf_counter()
    assert server.check(COMPLETE, as_of="2026-11-23").json()["status"] == "complete"
    assert time.perf_counter() - began < 1


# -- bodies


@pytest.mark.parametrize("framing", ["Content-Length: 1000", "Transfer-Encoding: chunked"])
def test_a_slow_body_is_given_up_and_others_go_on(stormy: Server, dial: Dial, framing: str) -> None:
    piece = CANARY.encode() if "Length" in framing else b"9\r\nZebrafink\r\n"
    line = dial().say(head(framing), piece)
    for _ in range(3):
        quick(stormy)
    began = time.perf_counter()
    status, said = line.hear()
    assert (status, said["type"]) == (408, "/problems#body-slow")
    assert time.perf_counter() - began < 5
    line.hang_up()


def test_a_body_that_is_cut_off_leaves_a_trace_only_in_the_log(stormy: Server, dial: Dial) -> None:
    dial().say(head("Content-Length: 1000"), CANARY.encode()).hang_up()
    stormy.wait_for(lambda: [event for event in stormy.events("request") if event["status"] == 499])
    quick(stormy)


@pytest.mark.parametrize(
    "lines",
    [("Content-Length: ten",), ("Content-Length: -1",), ("Content-Length: 5", "Content-Length: 6"),
     ("Content-Length: 99999999999999999999999",), ("Content-Length: 5", "Transfer-Encoding: chunked")],
)  # fmt: skip
def test_a_wrong_content_length_is_refused(stormy: Server, dial: Dial, lines: tuple[str, ...]) -> None:
    status, said = dial().say(head(*lines) + b"hello").hear()
    assert (status, said["type"]) == (400, "/problems#bad-http")


def test_a_content_length_that_is_too_small_does_not_smuggle_a_request(stormy: Server, dial: Dial) -> None:
    line = dial().say(head("Content-Length: 5"), b"hello" + CANARY.encode() + b" is no request\r\n\r\n")
    heard = b""
    while piece := line.socket.recv(65536):
        heard += piece
    assert re.findall(rb"HTTP/1.1 (\d+)", heard)[-1] == b"400"
    assert b"bad-http" in heard


def test_a_body_that_is_too_large_is_refused_before_it_is_sent(stormy: Server, dial: Dial) -> None:
    status, said = dial().say(head(f"Content-Length: {MIB + 1}")).hear()
    assert (status, said["type"]) == (413, "/problems#too-large")
    assert str(MIB) in said["detail"]


def test_an_endless_body_is_refused_on_the_way(stormy: Server, dial: Dial) -> None:
    before = memory(stormy.process.pid)
    line = dial().say(head("Transfer-Encoding: chunked"))
    chunk = b"10000\r\n" + b"*" * 65536 + b"\r\n"
    sent = 0
    try:
        while sent < 64 * MIB:
            line.say(chunk)
            sent += 65536
    except (BrokenPipeError, ConnectionResetError):
        pass
    assert sent < 32 * MIB
    assert memory(stormy.process.pid) - before < 30
    quick(stormy)


def test_the_refusal_of_a_large_body_reaches_a_client_that_is_still_sending(stormy: Server) -> None:
    answer = stormy.post("/v1/check", b"*" * (2 * MIB), "text/plain")
    assert problem(answer)["type"] == "/problems#too-large"


# -- texts


def test_a_megabyte_of_anything_is_answered_and_others_go_on(stormy: Server) -> None:
    texts = {
        "asterisks": "*" * MIB,
        "lines of asterisks": "***\n" * (MIB // 4),
        "blanks": " " * MIB,
        "nul": "\0" * MIB,
        "emoji": "😀" * (MIB // 4),
        "banners": "*** Request Management Attention ***\n" * (MIB // 40),
    }

    def check(text: str) -> httpx.Response:
        return httpx.post(stormy.url + "/v1/check", content=text, headers={"content-type": "text/plain"}, timeout=60)

    with ThreadPoolExecutor() as pool:
        answers = {name: pool.submit(check, text) for name, text in texts.items()}
        while not all(answer.done() for answer in answers.values()):
            quick(stormy)
        for name, answer in answers.items():
            assert answer.result().status_code == 200, name
    assert memory(stormy.process.pid) < 600


def test_a_check_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    text = (CANARY + " sat on the mat. Reason for attention.\n") * 4_000
    with started(tmp_path, "[limits]\ncheck_seconds = 0.05\n") as server:
        answer = server.post("/v1/check", text, "text/plain")
        assert problem(answer)["type"] == "/problems#time-limit"
        assert answer.headers["retry-after"] == "2"
        quick(server)
        assert server.stop() == 0
        assert CANARY not in server.log


# -- heads


def test_what_is_no_http_is_told_so(stormy: Server, dial: Dial) -> None:
    for said in (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"hello\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n"):
        status, answer = dial().say(said).hear()
        assert (status, answer["type"]) == (400, "/problems#bad-http")


@pytest.mark.parametrize("endless", [b"X-Header: " + b"x" * 8000 + b"\r\n", b"x" * 8000])
def test_a_head_without_an_end_is_refused(stormy: Server, dial: Dial, endless: bytes) -> None:
    before = memory(stormy.process.pid)
    line = dial().say(b"GET / HTTP/1.1\r\nX-Long: ")
    try:
        for _ in range(4_000):
            line.say(endless)
    except (BrokenPipeError, ConnectionResetError):
        pass
    else:
        pytest.fail("32 MB of head were taken")
    assert memory(stormy.process.pid) - before < 20
    small = dial().say(b"GET / HTTP/1.1\r\nX-Long: " + b"x" * (protocol.HEAD_BYTES + 10))
    status, said = small.hear()
    assert (status, said["type"]) == (431, "/problems#headers-too-large")


class _Thread(threading.Thread):
    """A server of the bounded protocol in this process, so that its patience can be shortened."""

    def __init__(self) -> None:
        super().__init__()

        async def app(scope: Any, receive: Any, send: Any) -> None:
            body = b"x" * (8 * MIB)
            size = (b"content-length", str(len(body)).encode())
            await send({"type": "http.response.start", "status": 200, "headers": [size]})
            await send({"type": "http.response.body", "body": body})

        config = uvicorn.Config(app, port=0, http=protocol.BoundedProtocol, ws="none", lifespan="off", log_config=None)
        self.server = uvicorn.Server(config)

    def run(self) -> None:
        asyncio.run(self.server.serve())

    @property
    def port(self) -> int:
        while not self.server.started:
            time.sleep(0.01)
        return int(self.server.servers[0].sockets[0].getsockname()[1])


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[_Thread]:
    monkeypatch.setattr(protocol, "HEAD_SECONDS", 0.3)
    monkeypatch.setattr(protocol, "UNREAD_SECONDS", 0.3)
    thread = _Thread()
    thread.start()
    yield thread
    thread.server.should_exit = True
    thread.join(timeout=10)


def closed(connection: socket.socket) -> bool:
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True


def test_a_head_that_drips_is_given_up(impatient: _Thread) -> None:
    for first in (b"", b"GET / HTTP/1.1\r\nX: "):
        with socket.create_connection(("127.0.0.1", impatient.port), timeout=5) as line:
            line.sendall(first)
            assert closed(line)


def test_line_ends_after_an_answer_do_not_hold_a_connection(impatient: _Thread) -> None:
    with socket.create_connection(("127.0.0.1", impatient.port), timeout=5) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        with line.makefile("rb") as answer:
            while answer.readline() != b"\r\n":
                pass
            assert len(answer.read(8 * MIB)) == 8 * MIB
        began = time.monotonic()
        line.sendall(b"\r\n")
        assert closed(line)
        assert time.monotonic() - began < 4  # uvicorn's own patience for a silent connection is 5 seconds


def test_an_answer_that_nobody_reads_is_given_up(impatient: _Thread) -> None:
    with socket.create_connection(("127.0.0.1", impatient.port), timeout=5) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        deadline = time.monotonic() + 5
        while impatient.server.server_state.connections or time.monotonic() < deadline - 4.8:
            assert time.monotonic() < deadline, "the connection is still kept"
            time.sleep(0.05)


# -- many


def test_too_many_at_once_are_told_to_come_again(tmp_path: Path) -> None:
    with started(tmp_path, "[limits]\nrequests_at_once = 5\nbody_seconds = 5\nretry_after = 7\n") as server:
        lines = [Line(server).say(head("Content-Length: 10")) for _ in range(5)]
        server.wait_for(lambda: "ma_portal_requests_in_flight 5.0" in server.get("/metrics").text)
        answer = server.check(COMPLETE)
        assert problem(answer)["type"] == "/problems#busy"
        assert answer.headers["retry-after"] == "7"
        assert server.get("/healthz").status_code == 200
        for line in lines:
            line.say(b"0123456789")
        server.wait_for(lambda: "ma_portal_requests_in_flight 0.0" in server.get("/metrics").text)
        quick(server)
        for line in lines:
            line.hang_up()


def test_a_thousand_connections_at_once(stormy: Server) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))
    texts = [path.read_bytes() for path in DEVSET]
    before = memory(stormy.process.pid)

    async def one(number: int, gate: asyncio.Event) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", stormy.port)
        await gate.wait()
        text = texts[number % len(texts)]
        writer.write(head(f"Content-Length: {len(text)}", "Connection: close") + text)
        answer = await reader.read()
        writer.close()
        return answer

    async def all_of_them() -> list[bytes]:
        gate = asyncio.Event()
        tasks = [asyncio.create_task(one(number, gate)) for number in range(1_000)]
        await asyncio.sleep(0.5)
        gate.set()
        return await asyncio.wait_for(asyncio.gather(*tasks), 60)

    try:
        answers = asyncio.run(all_of_them())
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    statuses = [answer.split()[1] for answer in answers]
    assert set(statuses) <= {b"200", b"503"}
    assert statuses.count(b"200") >= 100
    for answer in answers:
        assert answer.split()[1] == b"200" or b"retry-after" in answer.lower()
    assert memory(stormy.process.pid) - before < 150
    quick(stormy)


def test_a_worker_that_is_killed_is_replaced_and_others_go_on(tmp_path: Path) -> None:
    with started(tmp_path, "[limits]\nbody_seconds = 2\n", ("--workers", "2")) as server:

        def workers() -> list[int]:
            return [int(found) for found in re.findall(r"Started server process \[(\d+)\]", server.log)]

        server.wait_for(lambda: server.log.count("startup complete") == 2)
        victim = workers()[0]
        under_way = [Line(server).say(head("Content-Length: 10")) for _ in range(8)]
        server.wait_for(lambda: "ma_portal_requests_in_flight 8.0" in server.get("/metrics").text)
        failed = 0
        answered = 0
        os.kill(victim, signal.SIGKILL)
        deadline = time.monotonic() + 20
        while len(workers()) < 3 or server.log.count("startup complete") < 3:
            assert time.monotonic() < deadline, server.log[-1000:]
            try:
                answered += httpx.post(
                    server.url + "/v1/check", content=COMPLETE, headers={"content-type": "text/plain"}
                ).is_success
            except httpx.TransportError:
                failed += 1
            time.sleep(0.02)
        assert answered >= 10
        assert failed <= 1  # what the killed one had accepted
        server.wait_for(lambda: "ma_portal_requests_in_flight 0.0" in server.get("/metrics").text)
        for line in under_way:
            line.hang_up()
        assert server.stop() == 0


@pytest.mark.parametrize("workers", [1, 2])
def test_a_reload_loses_no_request(tmp_path: Path, workers: int) -> None:
    with started(tmp_path, f"workers = {workers}\n") as server:
        server.wait_for(lambda: server.log.count("startup complete") == workers)
        server.process.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + (120 if workers > 1 else 0.5)
        while server.log.count("startup complete") < 2 * workers and time.monotonic() < deadline:
            answer = httpx.post(server.url + "/v1/check", content=COMPLETE, headers={"content-type": "text/plain"})
            assert answer.status_code == 200
            time.sleep(0.02)
        assert server.log.count("startup complete") == (4 if workers > 1 else 1)
        assert server.stop() == 0
