"""Growth by counts, not seconds: how many lines of Python a call runs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any


def work(call: Callable[[], object]) -> int:
    """Return how many lines of Python are run by a call."""
    count = 0

    def count_line(*_: object) -> Any:
        nonlocal count
        count += 1
        return count_line

    before = sys.gettrace()
    sys.settrace(count_line)
    try:
        call()
    finally:
        sys.settrace(before)
    return count


def grows_linearly(call: Callable[[str], object], piece: str, size: int = 1_000) -> bool:
    """Return whether four times the text is no more than about four times the work."""
    small, large = ((piece * (length // len(piece) + 1))[:length] for length in (size, 4 * size))
    call(small)  # what is made once is made
    return work(lambda: call(large)) <= 5 * work(lambda: call(small)) + 1_000
