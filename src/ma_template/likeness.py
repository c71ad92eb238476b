"""How alike two wordings are. rapidfuzz says so; it is loaded when two are compared, and most are exactly right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache


@cache
def _fuzz_ratio() -> Callable[..., float]:
    from rapidfuzz import fuzz

    return fuzz.ratio


def ratio(one: str, other: str, *, score_cutoff: float | None = None) -> float:
    """Return the likeness of two texts, 0 to 100; 0 where it is below `score_cutoff`."""
    return _fuzz_ratio()(one, other, score_cutoff=score_cutoff)


def any_alike(one: str, others: Sequence[str], *, at_least: float) -> bool:
    """Return whether a text is as like as that (0 to 100) to one of several."""
    return _extract_one()(one, others, scorer=_fuzz_ratio(), score_cutoff=at_least) is not None


@cache
def _extract_one() -> Callable[..., object]:
    from rapidfuzz import process

    return process.extractOne


def distance(one: str, other: str) -> int:
    """Return how many characters have to be inserted, taken out or replaced to make one text of the other."""
    from rapidfuzz.distance import Levenshtein

    return Levenshtein.distance(one, other)
