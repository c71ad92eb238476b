"""Where the library's work is done: short texts at once, long ones in threads, so that other requests go on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from ma_template.portal.problems import ProblemError
from ma_template.portal.settings import Limits
from ma_template.service_request import ServiceRequest

Result = TypeVar("Result")

AT_ONCE = 4_096  # characters; a text of that length takes a few milliseconds, about what handing it over may cost
THREADS = 2  # for long texts: more would not be faster, and the threads of texts given up on must stay few


def read_in_all(text: str, sr: ServiceRequest | None) -> int:
    """Return how many characters a check reads: the text, and the earlier requests of its SR."""
    return len(text) + sum(len(one.text) for one in (sr and sr.earlier_requests) or ())


class Workshop:
    """Does the library's work for one server process."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="long-text")

    async def do(self, size: int, work: Callable[[], Result]) -> Result:
        """Return what `work` returns; `size` is the length of the text it reads.

        Raises:
            ProblemError: a long text was not done in time. A thread cannot be stopped, so it goes on to its end;
                there are never more than `THREADS` of them, and what still waits for one is dropped.
        """
        if size <= AT_ONCE:
            return work()
        seconds = self._limits.check_seconds
        try:
            return await asyncio.wait_for(asyncio.get_running_loop().run_in_executor(self._threads, work), seconds)
        except TimeoutError:
            retry = {"Retry-After": str(self._limits.retry_after)}
            raise ProblemError("time-limit", seconds=round(seconds), headers=retry) from None

    def close(self) -> None:
        """Let go of the threads; nothing new is begun."""
        self._threads.shutdown(wait=False, cancel_futures=True)
