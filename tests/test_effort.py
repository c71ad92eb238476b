"""What `check` costs, counted in steps of Python: a doubling fails here, on any machine and however busy it is.

Seconds are measured by benchmarks/table.py. A step is an event of the interpreter's tracing: a line, a call, a return.
"""

from __future__ import annotations

import sys
import tracemalloc
from pathlib import Path

import pytest

from growth import work
from ma_template import check

sys.path.insert(0, str(Path(__file__).parent.parent / "benchmarks"))
from table import block, hostile, logs

AS_OF = "2026-11-23"
# About a third above what it takes. Whoever makes it cheaper lowers the limit; whoever raises one says why.
LIMITS = {"en": 9_500, "ja": 10_800}
# Steps for each 1,000 characters.
HOSTILE = {
    "asterisks only": 14,
    "lines of asterisks": 14,
    "opening banners only": 6_600,
    "prompts only": 4_600,
    "misspelt prompts": 40_000,
    "quoted blocks": 8_700,
    "one line": 14_000,
    "line ends only": 4_100,
    "nested look-alikes": 35_000,
    "broken banners": 70_000,
    "dense dates": 64_000,
    "lines of dates": 44_000,
    "dense digits": 22_000,
    "lines of digits": 27_000,
}


def steps(text: str) -> int:
    check(text, as_of=AS_OF)  # what is made once is made
    return work(lambda: check(text, as_of=AS_OF))


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_filled_block_costs_no_more_than_it_did(language: str) -> None:
    counted = steps(block(language))
    assert counted <= LIMITS[language], f"{counted} steps"
    assert LIMITS[language] <= 2 * counted, f"{counted} steps: lower the limit, or it catches nothing"


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_text_costs_no_more_than_it_did(kind: str) -> None:
    text = hostile()[kind](20_000)
    counted = steps(text) * 1_000 // len(text)
    assert counted <= HOSTILE[kind], f"{counted} steps for 1,000 characters"
    assert HOSTILE[kind] <= 2 * counted + 20, f"{counted} steps for 1,000 characters: lower the limit"


def test_a_text_without_a_block_is_hardly_read() -> None:
    text = logs(1_000_000)["a log with asterisks"]
    assert steps(text) <= 3_000


def test_hostile_kinds_are_all_counted() -> None:
    assert HOSTILE.keys() == hostile().keys()


@pytest.mark.parametrize(("kind", "size"), [("opening banners only", 70), ("lines of dates", 2_000)])
def test_a_log_below_a_banner_takes_little_more_memory_than_its_answer_in_the_report(kind: str, size: int) -> None:
    read = 20_000  # characters of an answer: readers take the same however long the text is
    text = hostile()[kind](size) + logs(1_000_000)["a log with asterisks"]
    check(text[:50_000], as_of=AS_OF)  # what is made once is made
    tracemalloc.start()
    try:
        report = check(text, as_of=AS_OF, max_answer_length=read)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(report.blocks) == 1
    assert peak <= 2.5 * len(text), f"{peak / len(text):.2f} times the text"
