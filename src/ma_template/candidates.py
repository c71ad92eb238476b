"""Can a text hold a block at all? Most updates cannot, and are done here."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from ma_template.patterns import late
from ma_template.wording import any_of, table

if TYPE_CHECKING:
    from ma_template.additions import Additions

# Letters that hide a word from a plain search: full-width ones, and any invisible character inside a word.
_DISGUISED = late("[\uff21-\uff3a\uff41-\uff5a\u00ad\u200b-\u200f\u2060\ufeff]")


@cache
def _fragments() -> re.Pattern[str]:
    return re.compile(any_of(tuple(table("words/cues")["anywhere"]["fragments"])).pattern, re.IGNORECASE)


def maybe(text: str, additions: Additions | None = None) -> bool:
    """Return whether a text may hold a block. False is certain; True only asks to look closer."""
    if _fragments().search(text):
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

    It is plain enough for engines that search whole columns (RE2). Python ignores the dots of the Turkish i, others
    do not.
    """
    return f"{_fragments().pattern}|[\u0130\u0131]|{_DISGUISED.pattern}"
