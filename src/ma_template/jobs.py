"""The same work on many items, in several processes where that pays, with the results in order."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import BaseContext
    from multiprocessing.process import BaseProcess

Item = TypeVar("Item")
Result = TypeVar("Result")
Lost = Callable[[Item, int], Result]
"""Gives the result for an item whose worker died; the number is the exit status, or minus the signal's number."""

_TRIED = 8  # items done here before the rest is estimated
_PAYS = 0.3  # seconds left from which workers pay: forked ones start with everything loaded
_PAYS_SPAWNED = 3.0  # elsewhere each loads the engine anew
_BATCH = 16
_HELD = 0.05  # seconds that a worker may hold back results, to send several at a time
_AHEAD = 2_000  # results that may wait for an earlier one


def cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def results(
    work: Callable[[Item], Result], items: Sequence[Item], jobs: int, lost: Lost[Item, Result]
) -> Generator[Result, None, None]:
    """Yield `work(item)` of every item, in order.

    It is done here until workers pay: what the first items took says how long the rest will take.
    """
    taken = 0.0
    for number, item in enumerate(items):
        left = len(items) - number
        pays = _PAYS if _forks() else _PAYS_SPAWNED
        if jobs > 1 and left > 1 and number >= _TRIED and taken / (number - 1) * left > pays:
            yield from in_order(work, items[number:], min(jobs, left), lost)
            return
        begun = time.monotonic()
        result = work(item)
        if number:  # the first one loads the engine
            taken += time.monotonic() - begun
        yield result


def in_order(
    work: Callable[[Item], Result],
    items: Iterable[Item],
    jobs: int,
    lost: Lost[Item, Result],
    method: str | None = None,
    batch: int | None = None,
    ahead: int = _AHEAD,
) -> Generator[Result, None, None]:
    """Yield `work(item)` of every item, in order, done by `jobs` processes.

    A worker that dies takes at most one item with it, for which `lost` gives the result; others go on with the rest,
    which they are given one by one where it is not known which of several was the death of it.
    At Ctrl-C the results that have come out of turn are yielded as well, and then KeyboardInterrupt is raised.
    What `work` or `lost` raises is raised here. `method` is how processes are started; by default forked where that
    is safe. Items are taken as they are needed, at most `ahead` of the one whose turn it is; a worker is given up to
    `batch` of them at a time, and up to as many more before it has returned those. Items are to be small (paths,
    pieces of a file): those on their way to one worker have to fit into a pipe (64 KiB on Linux). Results may be large.
    """
    from multiprocessing import get_context

    if batch is None:
        several = len(items) // (4 * cores()) if isinstance(items, Sequence) else _BATCH
        batch = max(1, min(_BATCH, several))
    pool = _Pool(work, items, lost, get_context(method or ("fork" if _forks() else "spawn")), batch)
    turn = 0
    try:
        pool.start(jobs, ahead)
        while True:
            if turn in pool.done:
                yield pool.done.pop(turn)
                turn += 1
                continue
            pool.hand_out(turn + ahead)
            if turn == pool.taken and not pool.more():
                return
            if not pool.receive():
                pool.work_here()
    except KeyboardInterrupt:
        for number in sorted(pool.done):
            yield pool.done.pop(number)
        raise
    finally:
        pool.end()


class _Worker(Generic[Item]):
    """A process, the way to talk with it, and what it has been given and not yet returned."""

    def __init__(self, process: BaseProcess, pipe: Connection[Any, Any]) -> None:
        self.process = process
        self.pipe = pipe
        self.given: deque[tuple[int, Item]] = deque()
        self.alone = False  # it has been given one that may be its death, and nothing beside it


class _Pool(Generic[Item, Result]):
    """The workers. `done` holds results by the number of their item; `taken` counts the items that have come."""

    def __init__(
        self,
        work: Callable[[Item], Result],
        items: Iterable[Item],
        lost: Lost[Item, Result],
        context: BaseContext,
        batch: int,
    ) -> None:
        self.done: dict[int, Result] = {}
        self.taken = 0
        self._work = work
        self._lost = lost
        self._context = context
        self._items = iter(items)
        self._exhausted = False
        self._waiting: deque[tuple[int, Item]] = deque()  # taken, but with no worker
        self._suspects: deque[tuple[int, Item]] = deque()  # one of them was a worker's death: each is given alone
        self._batch = batch
        self._workers: list[_Worker[Item]] = []

    def start(self, jobs: int, until: int) -> None:
        """Start workers, as many as can be, and give each something to do."""
        for _ in range(jobs):
            with contextlib.suppress(OSError):
                self._start_one()
        self.hand_out(until)

    def _next(self, until: int) -> tuple[int, Item] | None:
        """Take the next item with a number below `until`; None if there is none."""
        if (self._waiting or self.taken < until) and self.more() and self._waiting[0][0] < until:
            return self._waiting.popleft()
        return None

    def more(self) -> bool:
        """Return whether there is an item that no worker has been given yet."""
        if not self._waiting and not self._exhausted:
            for item in self._items:
                self._waiting.append((self.taken, item))
                self.taken += 1
                break
            else:
                self._exhausted = True
        return bool(self._waiting)

    def _start_one(self) -> None:
        ours, theirs = self._context.Pipe()
        others = [worker.pipe for worker in self._workers] + [ours]
        forked = self._context.get_start_method() == "fork"
        process = self._context.Process(  # type: ignore[attr-defined]
            target=_serve, args=(self._work, theirs, others if forked else []), daemon=True
        )
        with _without_ctrl_c():
            process.start()
        theirs.close()
        self._workers.append(_Worker(process, ours))

    def hand_out(self, until: int) -> None:
        """Give items with numbers below `until` to workers that have little left to do."""
        for worker in self._workers:
            if len(worker.given) > (0 if self._suspects or worker.alone else self._batch):
                continue
            batch: list[tuple[int, Item]] = []
            worker.alone = bool(self._suspects)
            if worker.alone:
                batch.append(self._suspects.popleft())
            while len(batch) < self._batch and not worker.alone and (taken := self._next(until)):
                batch.append(taken)
            if batch:
                worker.given.extend(batch)
                with contextlib.suppress(OSError):  # it has died: `receive` finds out
                    worker.pipe.send(batch)

    def work_here(self) -> None:
        """Do one item in this process."""
        if not self.more():
            return
        number, item = self._waiting.popleft()
        self.done[number] = self._work(item)

    def receive(self) -> bool:
        """Wait for results and take them in; False if there is no worker to wait for."""
        from multiprocessing.connection import wait

        if not self._workers:
            return False
        by_pipe = {worker.pipe: worker for worker in self._workers}
        for pipe in wait(list(by_pipe)):
            worker = by_pipe[pipe]  # type: ignore[index]
            try:
                done = worker.pipe.recv()
            except (EOFError, OSError):
                self._bury(worker)
                continue
            for number, result, error in done:
                if error is not None:
                    raise error
                worker.given.popleft()
                self.done[number] = result
        return True

    def _bury(self, worker: _Worker[Item]) -> None:
        worker.process.join()
        worker.pipe.close()
        self._workers.remove(worker)
        if len(worker.given) > 1:
            self._suspects.extend(worker.given)
        else:
            self._give_up(worker.given, worker)
        if self._suspects or self._waiting or not self._exhausted:
            with contextlib.suppress(OSError):
                self._start_one()
        if not self._workers:  # and none can be started: what was the death of one is not done here
            self._give_up(self._suspects, worker)
            self._suspects.clear()

    def _give_up(self, items: Iterable[tuple[int, Item]], worker: _Worker[Item]) -> None:
        for number, item in items:
            self.done[number] = self._lost(item, worker.process.exitcode or 0)

    def end(self) -> None:
        """End all workers, whatever they are doing."""
        for worker in self._workers:
            worker.process.terminate()
        for worker in self._workers:
            worker.process.join()
            worker.pipe.close()


def _serve(work: Callable[[Any], Any], pipe: Connection[Any, Any], others: list[Connection[Any, Any]]) -> None:
    """Work until the other end of the pipe is closed."""
    import signal  # with all its names, and most runs need no worker

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's affair
    for other in others:  # a forked worker holds its elders' pipes too, and none would notice that the parent is gone
        other.close()
    with contextlib.suppress(EOFError, OSError):
        while True:
            done = []
            sent = time.monotonic()
            for number, item in pipe.recv():
                result, error = None, None
                try:
                    result = work(item)
                except Exception as raised:
                    error = raised
                done.append((number, result, error))
                if time.monotonic() - sent > _HELD:
                    pipe.send(done)
                    done = []
                    sent = time.monotonic()
            if done:
                pipe.send(done)


def _forks() -> bool:
    """Forking is safe on Linux: nothing here runs threads, and no system library minds."""
    return sys.platform == "linux"


@contextlib.contextmanager
def _without_ctrl_c() -> Iterator[None]:
    """Hold back Ctrl-C: a process that is just being forked must not get it."""
    import signal

    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
