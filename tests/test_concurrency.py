"""The library from many threads and processes at once: the same results as from one."""

from __future__ import annotations

import asyncio
import hashlib
import json
import multiprocessing
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor

import pytest

from conftest import FIXTURES
from ma_template import check, fix

TEXTS = [path.read_bytes().decode() for path in sorted((FIXTURES / "devset").glob("*.txt"))]
AS_OF = "2026-11-23"

# Nothing is loaded when the threads start: they make tables, patterns and the parser all at the same time.
COLD = """
import hashlib, json, sys, threading
sys.setswitchinterval(1e-6)
texts = json.load(sys.stdin)
from ma_template import check, fix
start, told = threading.Barrier(16), [None] * 16
def work(number):
    start.wait()
    turned = texts[number * 5 :] + texts[: number * 5]
    found = {text: check(text, as_of="2026-11-23").model_dump_json() + fix(text).text for text in turned}
    told[number] = hashlib.sha256("".join(found[text] for text in texts).encode()).hexdigest()
threads = [threading.Thread(target=work, args=(number,)) for number in range(16)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(json.dumps(told))
"""


def told(text: str) -> str:
    """Return all that is said of a text."""
    return check(text, as_of=AS_OF).model_dump_json() + fix(text).text


def alone() -> str:
    return hashlib.sha256("".join(told(text) for text in TEXTS).encode()).hexdigest()


def test_sixteen_threads_that_begin_at_once() -> None:
    done = subprocess.run(
        [sys.executable, "-c", COLD], input=json.dumps(TEXTS), capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [alone()] * 16


@pytest.mark.parametrize("method", ["fork", "forkserver", "spawn"])
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")  # that is what is tried
def test_processes(method: str) -> None:
    texts = TEXTS[:40]
    with ProcessPoolExecutor(2, multiprocessing.get_context(method)) as pool:
        assert list(pool.map(told, texts, chunksize=5)) == [told(text) for text in texts]


def test_in_an_event_loop() -> None:
    async def all_at_once() -> list[str]:
        return await asyncio.gather(*(asyncio.to_thread(told, text) for text in TEXTS))

    assert asyncio.run(all_at_once()) == [told(text) for text in TEXTS]
