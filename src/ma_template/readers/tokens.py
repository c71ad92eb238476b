"""Cuts a contact answer into tokens: addresses and runs of digits first, then separators, brackets and words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from ma_template.patterns import late
from ma_template.readers.emails import Address, find_addresses, find_urls
from ma_template.readers.names import PASSED, Name
from ma_template.readers.phones import Number, find_numbers
from ma_template.source import View, lower

Token = tuple[str, int, int]
"""Kind (text, item, line, colon, open, close, stop), start and end."""

# Where an item stood: one sign for its first character, another for the rest, so that all offsets stay.
ITEM, REST = "\x1e", "\x1f"
_COMPANY = "㈱"
_TOKEN = late(
    r"""(?P<text>(?:[^\n\x1e\x1f()\[\]{}〔〕【】<>〈〉《》「」『』":\t|/,;、。@・•*■□◆◇●○◎▪★☆※→=_! ]++
        | [ ](?![ ]{2}|(?:-+|&)[ ])
        | (?<=[ァ-ヴー])・(?=[ァ-ヴ]) | (?<=[ァ-ヴー])=(?=[ァ-ヴ]) | (?<=[nN])/(?=[aA]\b) | (?<=[ ][sda])/(?=[olp][ ])
        | (?<=[^\W\d])_(?=\w))+)
    | (?P<item>\x1e\x1f*)
    | (?P<line>\n)
    | (?P<colon>:)
    | (?P<open>[(\[{〔【<〈《「『"])
    | (?P<close>[)\]}〕】>〉》」』])
    | (?P<stop>[ ]{3,}|[ ](?:-+|&)[ ]|[^\n])""",
    re.VERBOSE,
)
_NICKNAME = late(r"(?<=[a-z] )(?:\([A-Z][a-z]{1,12}\)|[\"“'][A-Z][A-Za-z]{0,12}[\"”'])(?= [A-Z][a-z])")
_LEADER = late(r"(?<=\w)( ?)(?:\.{3,}|・{2,})(?= ?[^ .・\n])")
_ENCLOSED = late("[①-⒛⓪-⓿❶-➓㊀-㊉㈠-㈩]")
_COMPANY_SIGN = late(r"\((?:株|有|合|社|財|医|学|名|資)\)")
_KEPT = late(rf"[^{PASSED}]+")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f"))
_AHEAD = 4  # so far the reader looks ahead


class Answer:
    """An answer with its tokens.

    Attributes:
        view: the answer as given.
        text: its compared form with signs in the place of items; every offset is one in `view.text`.
        low: `text` in lower case, character by character.
        items: where an item begins -> the address or number that stands there.
        tokens: the tokens in order; behind them as many line ends as the reader looks ahead.
    """

    __slots__ = ("items", "low", "text", "tokens", "view")

    def __init__(self, view: View) -> None:
        self.view = view
        self.items: dict[int, Address | Number] = {}
        text = _without_enclosed(view)
        if "(" in text or '"' in text or "“" in text:
            text = _NICKNAME.sub(_passed, text)
            if not text.isascii():
                text = _COMPANY_SIGN.sub(_COMPANY * 3, _reading_inside().sub(_passed, text))
        if "..." in text or "・・" in text:
            text = _LEADER.sub(lambda found: ":" + " " * (len(found[0]) - 1), text)  # 氏名……山田
        low = lower(text)
        if urls := find_urls(low):
            text = self._masked(text, [Address(start, end, "") for start, end in urls])
            self.items.clear()  # a link is nobody's item
            low = lower(text)
        if addresses := find_addresses(text, low):
            text = self._masked(text, addresses)
            low = lower(text)
        if numbers := find_numbers(low):
            text = self._masked(text, numbers)
            low = lower(text)
        self.text, self.low = text, low
        end = len(text)
        self.tokens: list[Token] = [
            (found.lastgroup or "stop", *found.span()) for found in _TOKEN.finditer(text) if found[0] != " "
        ]
        self.tokens += [("line", end, end)] * _AHEAD

    def _masked(self, text: str, found: Sequence[Address | Number]) -> str:
        """Put signs in the place of items, and remember which item stood where."""
        pieces: list[str] = []
        at = 0
        for item in found:
            start, end = item.start, item.end
            if start >= at:
                self.items[start] = item
                pieces += (text[at:start], ITEM, REST * (end - start - 1))
                at = end
        pieces.append(text[at:])
        return "".join(pieces)


def spelled(view: View, text: str, name: Name) -> str:
    """Return a name as the person wrote it, its white space collapsed, without a reading inside."""
    raw = view.raw(name.start, name.end)
    if PASSED in text:
        raw = "".join(view.raw(*piece.span()) for piece in _KEPT.finditer(text, name.start, name.end))
    if name.rest:
        raw += " " + view.raw(*name.rest)
    return " ".join((raw if raw.isascii() else raw.translate(_INVISIBLE)).split())


@cache
def _reading_inside() -> re.Pattern[str]:
    """Return the pattern of a reading between kanji: 葛葉(くずは)礼司."""
    kanji = r"(?![\x00-〄〇-ヵヷ-ㇿ])\w"
    return re.compile(rf"(?<={kanji})\([ぁ-んァ-ヴー ]{{1,12}}\)(?={kanji})")


def _passed(found: re.Match[str]) -> str:
    return PASSED * len(found[0])


def _without_enclosed(view: View) -> str:
    """Blank out ①, ⑵ and ⒊: in compared form they are digits, and would be read as part of what follows."""
    text = view.text
    if view.source.isascii():
        return text
    whole = view.span(0, len(text))
    if not _ENCLOSED.search(view.source, whole.start, whole.end):
        return text
    signs = [" " if _ENCLOSED.match(view.raw(at, at + 1)) else char for at, char in enumerate(text)]
    return "".join(signs)
