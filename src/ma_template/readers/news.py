"""Do two answers say the same (MA508)? What differs only in spelling, greeting or a word or two brings no news."""

from __future__ import annotations

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
