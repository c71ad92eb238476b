"""Does an SR's field name a workaround, and does a request say why it will not do (MA507)?

Words: grammar/words/service_request.toml. A sentence answers where it speaks of a workaround, by what workarounds are
called or in the words of the SR's own, and says what is wrong with it; the sentence behind may say that as well.
"""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import pairwise

from ma_template.patterns import late
from ma_template.readers.sentences import items, sentences
from ma_template.readers.vocabulary import Vocabulary, of_classes, spellings
from ma_template.source import View, fold
from ma_template.wording import table

_LONGEST = 12_000
_LONGEST_FIELD = 4_000
_CALLED, _WRONG, _NONE = 1, 2, 4
_TERM = late(r"[a-z]{4,}|[一-龯々]{2,}|[ァ-ヶー]{3,}")
_STEM = 5  # letters of a Latin word that have to be the same: entering, entered
_ENOUGH = 2  # terms of the SR's own workaround that a sentence shares with it


@cache
def _words() -> Vocabulary[int]:
    data = table("words/service_request")["workaround"]
    return of_classes([(data["called"], _CALLED), (data["wrong"], _WRONG)])


@cache
def _none() -> Vocabulary[int]:
    data = table("words/service_request")["workaround"]
    return Vocabulary((word, _NONE) for word in spellings(data["none"]))


def names_workaround(field: str) -> bool:
    """Return whether an SR's field names a workaround, instead of saying that there is none."""
    text = fold(field[:_LONGEST_FIELD]).lower()
    parts = [text[start:end] for start, end in _sentences(text)]
    return any(not _none().find(part) for part in parts)


def says_why_not(view: View, workaround: str) -> bool:
    """Return whether an answer says why the SR's workaround will not do. Never raises."""
    text = view.text[:_LONGEST].lower()
    terms = _terms(workaround[:_LONGEST_FIELD])
    seen = [_classes(text[start:end], terms) for start, end in _sentences(text)]
    return any(one & _CALLED and (one | behind) & _WRONG for one, behind in pairwise([*seen, 0]))


def _classes(sentence: str, terms: frozenset[str]) -> int:
    seen = 0
    for _, _, bit in _words().find(sentence):
        seen |= bit
    if not seen & _CALLED and len(terms & _found(sentence)) >= min(_ENOUGH, len(terms) or _ENOUGH):
        seen |= _CALLED
    return seen


@lru_cache(maxsize=64)
def _terms(workaround: str) -> frozenset[str]:
    return _found(fold(workaround).lower()) - _common()


@cache
def _common() -> frozenset[str]:
    words = spellings(table("words/service_request")["workaround"]["common"])
    return frozenset(word[:_STEM] if word.isascii() else word for word in words)


def _found(text: str) -> frozenset[str]:
    return frozenset(term[:_STEM] if term.isascii() else term for term in _TERM.findall(text))


def _sentences(text: str) -> list[tuple[int, int]]:
    return [piece for start, end in items(text) if start < end for piece in sentences(text, start, end)]
