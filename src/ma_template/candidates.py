"""Can a text hold a block at all? Most updates cannot, and are done here."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from ma_template.patterns import late
from ma_template.source import fold_each
from ma_template.wording import table

if TYPE_CHECKING:
    from ma_template.additions import Additions

# What is compared as a letter of a cue, or is not seen at all (ruling 6), so that a cue may hide behind it: wide,
# small, ringed and half-width letters, squares, ligatures, marks of direction, a Turkish i; Roman numerals and № too.
_HIDING = (
    "\xaa\xad\xba\u0130-\u0133\u013f\u0140\u0149\u017f\u01c7-\u01cc\u02b0-\u02b8\u02e1-\u02e3\u0600-\u0605\u061c\u06dd\u070f"
    "\u0890\u0891\u08e2\u180e\u1d2c-\u1d6a\u1d78\u1d9b-\u1dbf\u1e9a\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2071\u207f"
    "\u2090-\u209c\u20a8\u2100-\u214f\u2160-\u217f\u249c-\u24e9\u30ff\u3196\u3250\u32a4\u32cc-\u32fe\u3300-\u33ff"
    "\ua7f2-\ua7f4\uf900-\ufaff\ufb00-\ufb06\ufeff\uff21-\uff3a\uff41-\uff5a\uff72\uff74\uff76\uff7d\uff84\uff8f\uff99"
    "\uff9a\ufff9-\ufffb"
)
_HIDING_BEYOND = (  # U+FFFF
    "\U000107a5\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001ccd6-\U0001ccef\U0001d173-\U0001d17a"
    "\U0001d400-\U0001d7ff\U0001f110-\U0001f16c\U0002f800-\U0002fa1f\U000e0001-\U000e007f"
)
_HIDES = late(f"[{_HIDING}{_HIDING_BEYOND}]")
_MAY_HIDE = late(f"[{_HIDING}\U00010000-\U0010ffff]")  # one range is found sooner than many

# How forms and mails spell a letter that they cannot write (管 as &#31649;), and what nobody sees within a word.
_REFERENCE = late("&(?:#[0-9]{2,6}|#[xX][0-9a-fA-F]{2,5}|shy|zwn?j|[lr]rm);")

# Characters searched at a time: the lower-case copy stays in the processor's cache, and is never as long as the text.
_AT_A_TIME = 16_000


@cache
def _fragments() -> tuple[tuple[str, ...], tuple[str, ...], int]:
    """Return what any text is searched for, what one in ASCII is, and the length of the longest."""
    fragments = tuple(table("words/cues")["anywhere"]["fragments"])
    return fragments, tuple(filter(str.isascii, fragments)), max(map(len, fragments))


def maybe(text: str, additions: Additions | None = None) -> bool:
    """Return whether a text may hold a block. False is certain; True only asks to look closer."""
    if _shows_cue(text):
        return True
    if additions is not None:
        from ma_template.additions import own_forms

        own = own_forms(additions)
        if own is not None and own.may_stand_in(text):
            return True
    if "&" in text and _REFERENCE.search(text):
        from html import unescape  # its table is large

        text = unescape(text)
        if _shows_cue(text):
            return True
    return not text.isascii() and _MAY_HIDE.search(text) is not None and _holds_hidden(text)


def _shows_cue(text: str) -> bool:
    """Return whether there is a cue in a text as it stands there, but for case and wide blanks."""
    fragments, in_ascii, longest = _fragments()
    for at in range(0, len(text), _AT_A_TIME):
        low = text[at : at + _AT_A_TIME + longest].lower()
        if low.isascii():
            searched = in_ascii
        else:
            searched = fragments
            low = low.replace("ſ", "s").replace("\u3000", " ").replace("\xa0", " ")
        for fragment in searched:  # plain searches: many times as fast as a pattern
            if fragment in low:
                return True
    return False


def _holds_hidden(text: str) -> bool:
    """Return whether there is a cue in a text as it is compared."""
    if not _HIDES.search("".join(_MAY_HIDE.findall(text))):
        return False  # emoji
    low = fold_each(text).lower()
    return "\u0131" in low or "i\u0307" in low or any(fragment in low for fragment in _fragments()[0])
