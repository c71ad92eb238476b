"""How alike two wordings are. rapidfuzz says so; it is loaded when two are compared, and most are exactly right."""

from __future__ import annotations


def ratio(one: str, other: str, *, score_cutoff: float | None = None) -> float:
    """Return the likeness of two texts, 0 to 100; 0 where it is below `score_cutoff`."""
    from rapidfuzz import fuzz

    return fuzz.ratio(one, other, score_cutoff=score_cutoff)


def distance(one: str, other: str) -> int:
    """Return how many characters have to be inserted, taken out or replaced to make one text of the other."""
    from rapidfuzz.distance import Levenshtein

    return Levenshtein.distance(one, other)
