"""Do two answers say the same (MA508)? What differs only in spelling, greeting or a word or two brings no news."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile
from typing import NamedTuple

from ma_template.likeness import ratio
from ma_template.patterns import late
from ma_template.source import fold

_LONGEST = 4_000  # characters compared; what follows is a pasted log
_ALIKE = 92  # of 100
_NUMBER = late(r"[0-9]+")
_NO_LETTER = late(r"[\W_]+")


def same_gist(before: str, now: str) -> bool:
    """Return whether two answers have the same numbers, in any order, and nearly the same words."""
    one, other = (_NO_LETTER.sub(" ", fold(text[:_LONGEST]).lower()).strip() for text in (before, now))
    if one == other:
        return True
    if not (one and other) or set(_NUMBER.findall(one)) != set(_NUMBER.findall(other)):
        return False
    return ratio(one, other, score_cutoff=_ALIKE) >= _ALIKE


class Asked(NamedTuple):
    """What a request asks for: the words of two of its answers."""

    reason: str
    milestone: str


def in_a_row(asked: Asked, earlier: Iterable[Iterable[Asked]]) -> int:
    """Return how many of the earlier updates, the latest first, ask for the same before one asks for something else.

    Each update is given as the requests that it holds.
    """

    def same(before: Asked) -> bool:
        return all(map(same_gist, before, asked))

    return sum(1 for _ in takewhile(lambda update: any(map(same, update)), earlier))
