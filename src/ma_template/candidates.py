"""Can a text hold a block at all? Most updates cannot, and are done here."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from ma_template.patterns import late
from ma_template.wording import any_of, table

if TYPE_CHECKING:
    from ma_template.additions import Additions

# Letters that hide a word from a plain search: full-width ones, any invisible character inside a word, a Turkish i.
_DISGUISED = late("[\uff21-\uff3a\uff41-\uff5a\u00ad\u200b-\u200f\u2060\ufeff\u0130\u0131]")

# Characters searched at a time: the lower-case copy stays in the processor's cache, and is never as long as the text.
_AT_A_TIME = 16_000


@cache
def _fragments() -> tuple[tuple[str, ...], tuple[str, ...], int]:
    """Return what any text is searched for, what one in ASCII is, and the length of the longest."""
    fragments = tuple(table("words/cues")["anywhere"]["fragments"])
    return fragments, tuple(filter(str.isascii, fragments)), max(map(len, fragments))


def maybe(text: str, additions: Additions | None = None) -> bool:
    """Return whether a text may hold a block. False is certain; True only asks to look closer."""
    fragments, in_ascii, longest = _fragments()
    for at in range(0, len(text), _AT_A_TIME):
        low = text[at : at + _AT_A_TIME + longest].lower().replace("ſ", "s")
        for fragment in in_ascii if low.isascii() else fragments:  # plain searches: many times as fast as a pattern
            if fragment in low:
                return True
    if additions is not None:
        from ma_template.additions import own_forms

        own = own_forms(additions)
        if own is not None and own.may_stand_in(text):
            return True
    return not text.isascii() and _DISGUISED.search(text) is not None


@cache
def wide_pattern() -> str:
    """Return a pattern that finds, with case ignored, every text of which `maybe` says True without additions.

    It is plain enough for engines that search whole columns (RE2).
    """
    return f"{any_of(_fragments()[0]).pattern}|{_DISGUISED.pattern}"
