"""The portal hook under load, beside a plain FastAPI endpoint that takes and returns JSON of the same bytes.

usage: python benchmarks/portal_load.py [--seconds N] [--rounds N] [--soak MINUTES]      (Linux, two cores, `wrk`)

One server process on core 0, the load on core 1, over loopback. Three parts, each bounded:

1. requests a second at full load (wrk, 16 connections), service and plain endpoint in turn, and their ratio; beside it
   the processor time of a request, which what else runs on the machine disturbs less.
2. latency at half of the service's full load: requests leave at fixed times whether or not answers are back, and each
   is measured from the time it was due, so that a stall counts for all that wait behind it.
3. with --soak: half load for that many minutes, and the memory of the server on the way.

Where the server had to wait for its core, others were using it: then the latencies of 2 and 3 tell of them.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from check_speed import block

from ma_template import check
from ma_template.report.json import as_document, dumps

HERE = Path(__file__).parent
SERVICE, PLAIN = 8731, 8732
CONNECTIONS = 16
TEXT = block("en")
BODY = json.dumps({"text": TEXT, "as_of": "2026-11-23", "lang": "en"}, ensure_ascii=False).encode()
ANSWER = as_document(check(TEXT, as_of="2026-11-23"))


def plain_application() -> Any:
    """Return the plain service: the framework's usual way from JSON to JSON, and its leanest."""
    from fastapi import Body, FastAPI
    from starlette.responses import JSONResponse

    app = FastAPI()

    @app.post("/usual")
    async def usual(body: dict[str, Any] = Body()):  # type: ignore[no-untyped-def] # noqa: B008
        return ANSWER

    @app.post("/lean", response_class=JSONResponse)
    async def lean(body: dict[str, Any] = Body()):  # type: ignore[no-untyped-def] # noqa: B008
        return JSONResponse(ANSWER)

    return app


@contextlib.contextmanager
def running(command: list[str], port: int) -> Iterator[int]:
    """Run a server on core 0 and give its process id."""
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            ["taskset", "-c", "0", sys.executable, *command], stdout=log, stderr=log, cwd=HERE, env=os.environ
        )
        try:
            for _ in range(150):
                with contextlib.suppress(OSError):
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/openapi.json").read()
                    break
                time.sleep(0.1)
            else:
                log.seek(0)
                sys.exit(log.read().decode())
            yield process.pid
        finally:
            process.terminate()
            process.wait()


def full_load(port: int, path: str, seconds: float, pid: int) -> tuple[float, float]:
    """Return requests a second that wrk gets through, and microseconds of processor time for each."""
    before, _ = scheduled(pid)
    with tempfile.TemporaryDirectory() as folder:
        body, script = Path(folder, "body"), Path(folder, "post.lua")
        body.write_bytes(BODY)
        script.write_text(
            'wrk.method = "POST"\n'
            'wrk.headers["Content-Type"] = "application/json"\n'
            f'wrk.body = io.open("{body.as_posix()}"):read("*a")\n'
        )
        command = [*("taskset", "-c", "1", "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds:g}s")]
        command += ["-s", str(script), f"http://127.0.0.1:{port}{path}"]
        told = subprocess.run(command, check=True, capture_output=True, text=True, timeout=seconds + 30).stdout
    if "Non-2xx" in told or "Socket errors" in told:
        sys.exit(told)
    count = re.search(r"(\d+) requests in", told)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", told)
    assert count
    assert rate
    return float(rate[1]), (scheduled(pid)[0] - before) / int(count[1]) * 1e6


async def at_rate(port: int, rate: float, seconds: float, pid: int) -> tuple[list[float], list[int]]:
    """Send requests at fixed times over many connections. Return latencies in ms, and the memory in KiB on the way."""
    request = (
        f"POST /v1/check HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(BODY)}\r\n\r\n"
    ).encode() + BODY
    latencies: list[float] = []
    memory: list[int] = []
    due: asyncio.Queue[float] = asyncio.Queue()

    async def sender() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while (at := await due.get()) >= 0:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"content-length: (\d+)", head)
            assert head.startswith(b"HTTP/1.1 200")
            assert length
            await reader.readexactly(int(length[1]))
            latencies.append((time.perf_counter() - at) * 1000)
        writer.close()

    senders = [asyncio.create_task(sender()) for _ in range(4 * CONNECTIONS)]
    began = time.perf_counter()
    count = int(rate * seconds)
    looked = 0.0
    for number in range(count):
        at = began + number / rate
        await asyncio.sleep(at - time.perf_counter())
        due.put_nowait(at)
        if at - looked >= 5:
            looked = at
            memory.append(resident(pid))
    for _ in senders:
        due.put_nowait(-1)
    await asyncio.gather(*senders)
    return latencies, memory


def resident(pid: int) -> int:
    """Return the memory in use by a process, in KiB."""
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found[1])


def scheduled(pid: int) -> tuple[float, float]:
    """Return the seconds for which a process has run, and for which it has waited for a core."""
    running, waiting, _ = Path(f"/proc/{pid}/schedstat").read_text().split()
    return int(running) / 1e9, int(waiting) / 1e9


def told(latencies: list[float]) -> str:
    """Return the percentiles in words."""
    cuts = statistics.quantiles(latencies, n=1000)
    return f"p50 {cuts[499]:.2f} ms, p90 {cuts[899]:.2f} ms, p99 {cuts[989]:.2f} ms, p99.9 {cuts[998]:.2f} ms"


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=8, help="of each measurement")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--soak", type=float, default=0, metavar="MINUTES")
    given = parser.parse_args()
    os.sched_setaffinity(0, {1})
    size = len(dumps(ANSWER).encode())
    print(f"{len(BODY)} bytes in, {size} bytes out, {CONNECTIONS} connections; load average {os.getloadavg()[0]:.2f}")
    plain = ["-m", "uvicorn", "--factory", "portal_load:plain_application", "--port", str(PLAIN)]
    plain += ["--no-access-log", "--log-level", "warning"]
    with (
        running(["-m", "ma_template", "serve", "--port", str(SERVICE)], SERVICE) as pid,
        running(plain, PLAIN) as plain_pid,
    ):
        targets = {
            "POST /v1/check": (SERVICE, "/v1/check", pid),
            "plain, usual": (PLAIN, "/usual", plain_pid),
            "plain, lean": (PLAIN, "/lean", plain_pid),
        }
        for port, path, process in targets.values():
            full_load(port, path, 2, process)
        measured: dict[str, list[tuple[float, float]]] = {name: [] for name in targets}
        for _ in range(given.rounds):
            for name, (port, path, process) in targets.items():
                measured[name].append(full_load(port, path, given.seconds, process))
        rate, cost = (statistics.median(column) for column in zip(*measured["POST /v1/check"], strict=True))
        print(f"{'':15} requests/s  ratio  processor us  ratio")
        for name, rounds in measured.items():
            other, dear = (statistics.median(column) for column in zip(*rounds, strict=True))
            print(f"{name:15} {other:10.0f} {rate / other:6.2f} {dear:13.0f} {dear / cost:6.2f}")
        at_half(rate / 2, max(given.seconds, 20), pid)
        if given.soak:
            memory = [kib / 1024 for kib in at_half(rate / 2, 60 * given.soak, pid)]
            quarter = max(1, len(memory) // 4)
            second, last = statistics.mean(memory[quarter : 2 * quarter]), statistics.mean(memory[-quarter:])
            print(f"MiB of memory: {memory[0]:.1f} at first, {second:.1f} in quarter 2, {last:.1f} in quarter 4")


def at_half(rate: float, seconds: float, pid: int) -> list[int]:
    """Print what half load is like, and return the memory on the way."""
    _, waited = scheduled(pid)
    latencies, memory = asyncio.run(at_rate(SERVICE, rate, seconds, pid))
    waited = scheduled(pid)[1] - waited
    print(
        f"{len(latencies)} requests at {rate:.0f} a second: {told(latencies)}; waited for a core {waited / seconds:.1%}"
    )
    return memory


if __name__ == "__main__":
    main()
