"""What a scan shows: a bar while it works, a table at its end."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from types import TracebackType
from typing import TYPE_CHECKING, TextIO

from ma_template.report import Language, visible
from ma_template.scan.scanning import Summary
from ma_template.wording import table

if TYPE_CHECKING:
    from rich.progress import Progress

_EVERY = 0.1  # seconds
_CODES = 5


class Meter:
    """A bar on standard error, where that is a terminal: how far, rows, rows a second, time left."""

    def __init__(self, lang: Language, *, quiet: bool) -> None:
        self._words = table("words/scan")[lang]
        self._shown = not quiet and sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._bar: Progress | None = None
        self._size = 0
        self._rows = 0
        self._next = 0.0
        self._begun = 0.0

    def __enter__(self) -> Meter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._bar is not None:
            self._bar.stop()

    def begin(self, size: int | None) -> None:
        """Show the bar; `size` is the bytes that there are to read, None where nobody knows."""
        if not self._shown:
            return
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        self._bar = Progress(
            BarColumn(),
            TextColumn("{task.percentage:>3.0f}%" if size else ""),
            TextColumn("{task.fields[rows]}"),
            TimeRemainingColumn(),
            console=Console(file=sys.stderr),
            transient=True,
            auto_refresh=False,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._bar.add_task("", total=size, rows="")
        self._bar.start()
        self._begun = time.monotonic()

    def step(self, size: int, rows: int) -> None:
        """Count bytes and rows that are done."""
        self._size += size
        self._rows += rows
        now = time.monotonic()
        if self._bar is None or now < self._next:
            return
        self._next = now + _EVERY
        rate = self._words["rate"].format(count=f"{self._rows / max(now - self._begun, 0.001):,.0f}")
        shown = f"{self._rows:,} {self._words['progress']}  {rate}"
        self._bar.update(self._bar.task_ids[0], completed=self._size, rows=shown)
        self._bar.refresh()


def show(summary: Summary, output: str, lang: Language, out: TextIO, *, width: int, colour: bool) -> None:
    """Write the closing table."""
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table

    words = table("words/scan")[lang]
    counts = summary.counts
    shown = Table(title=visible(output), box=SIMPLE, show_header=False, title_justify="left", pad_edge=False)
    shown.add_column()
    shown.add_column(justify="right")
    shown.add_column()
    rows = counts["rows"]

    def add(label: str, number: int, *, of: int, deep: bool = False, note: str = "") -> None:
        share = f"{100 * number / of:.1f} %" if of else ""
        shown.add_row("  " * deep + label, f"{number:,}", note or share)

    shown.add_row(words["rows"], f"{rows:,}", "")
    for status in ("absent", "complete", "incomplete"):
        add(words[status], counts[f"status:{status}"], of=rows, deep=True)
    errors = _under(counts, "error:")
    if errors:
        add(words["errors"], sum(errors.values()), of=rows, deep=True)
        for why, number in errors.most_common():
            shown.add_row(f"    {why}", f"{number:,}", words["error"][why])
    shown.add_row(words["blocks"], f"{counts['request']:,}", "")
    add(words["complete_requests"], counts["complete"], of=counts["request"], deep=True)
    codes = _under(counts, "code:")
    if codes:
        shown.add_row(words["codes"], "", "")
        from ma_template.rules import RULES

        for code, number in sorted(codes.items(), key=lambda item: (-item[1], item[0]))[:_CODES]:
            shown.add_row(f"  {code}", f"{number:,}", RULES[code].name)
    seconds = max(summary.seconds, 0.001)
    took = words["took"].format(
        seconds=f"{summary.seconds:,.1f}", rows=f"{rows / seconds:,.0f}", size=f"{summary.size / seconds / 1e6:,.1f}"
    )
    shown.add_row(words["time"], "", took)
    console = Console(
        file=out, width=width, force_terminal=colour, no_color=not colour, highlight=False, markup=False, emoji=False
    )
    console.print(shown)


def _under(counts: Counter[str], prefix: str) -> Counter[str]:
    return Counter({name.removeprefix(prefix): number for name, number in counts.items() if name.startswith(prefix)})
