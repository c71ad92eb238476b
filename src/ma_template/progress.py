"""A progress bar, on a terminal only and once the work has taken longer than a second."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from types import TracebackType
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

_AFTER = 1.0  # seconds
_EVERY = 0.1


class Progress:
    """Counts steps, and shows them on standard error where that is a terminal.

    The report is written through `write`: while a bar stands on the same terminal, it makes room.
    """

    def __init__(self, out: TextIO, description: str) -> None:
        self.total = 0
        self._out = out
        self._description = description
        self._count = 0
        self._held: list[str] = []
        self._bar: Bar | None = None
        self._shared = out.isatty()
        shown = sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._next = time.monotonic() + _AFTER if shown else float("inf")

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def write(self, text: str) -> None:
        """Write a part of the report."""
        if self._bar is not None and self._shared:
            self._held.append(text)
        else:
            self._out.write(text)

    @contextlib.contextmanager
    def aside(self) -> Iterator[None]:
        """Take the bar away for a moment, for a line on standard error."""
        if self._bar is not None:
            self._bar.stop()
            self._write_held()
            self._out.flush()
        yield
        if self._bar is not None:
            self._bar.start()

    def step(self) -> None:
        """Count one."""
        self._count += 1
        now = time.monotonic()
        if now < self._next or self.total < 2:
            return
        self._next = now + _EVERY
        if self._bar is None:
            self._bar = self._start()
        elif self._held:
            with self.aside():
                pass
        self._bar.update(self._bar.task_ids[0], completed=self._count)
        self._bar.refresh()

    def _start(self) -> Bar:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        if self._shared:
            self._out.flush()
        bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=Console(file=sys.stderr),
            transient=True,
            auto_refresh=False,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        bar.add_task(self._description, total=self.total)
        bar.start()
        return bar

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
            self._next = float("inf")
        self._write_held()

    def _write_held(self) -> None:
        held, self._held = self._held, []
        self._out.write("".join(held))
