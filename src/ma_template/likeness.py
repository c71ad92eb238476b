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


def all_alike(ones: Sequence[str], others: Sequence[str], *, at_least: float) -> set[int]:
    """Return which of some texts, by their places, are as like as that (0 to 100) to one of several others."""
    if len(ones) == 1:
        return {0} if any_alike(ones[0], others, at_least=at_least) else set()
    extract, found = _extract(), set()
    for other in others:
        for _, _, place in extract(other, ones, scorer=_fuzz_ratio(), score_cutoff=at_least, limit=None):
            found.add(place)
    return found


@cache
def _extract() -> Callable[..., list[tuple[str, float, int]]]:
    from rapidfuzz import process

    return process.extract


def nearest(one: str, others: Sequence[str], *, at_least: float) -> tuple[int, float] | None:
    """Return the place of the first text that none of several is more like to, and how like (0 to 100).

    None where none is as like as `at_least`.
    """
    found = _extract_one()(one, others, scorer=_fuzz_ratio(), score_cutoff=at_least)
    return found and (found[2], found[1])


@cache
def _extract_one() -> Callable[..., tuple[str, float, int] | None]:
    from rapidfuzz import process

    return process.extractOne


def distance(one: str, other: str) -> int:
    """Return how many characters have to be inserted, taken out or replaced to make one text of the other."""
    from rapidfuzz.distance import Levenshtein

    return Levenshtein.distance(one, other)
