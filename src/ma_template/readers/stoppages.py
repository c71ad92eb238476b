"""Does a reason state that business has stopped (MA505)? Stopped now, and stopped, not slowed or at risk.

Words: grammar/words/service_request.toml. A clause states it outright, or says that something of the business stops
(the business of `readers.impact`), or that a service is down; conditions, plans, partial loss, denials, what is over
and what concerns no business take it back.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from ma_template.patterns import late
from ma_template.readers.impact import names_business
from ma_template.readers.sentences import items, sentences
from ma_template.readers.vocabulary import Vocabulary, of_classes
from ma_template.source import View, lower
from ma_template.wording import table

_LONGEST = 12_000  # as the impact's reader: what follows is a pasted log
_LONGEST_SENTENCE = 1_500
_OUTRIGHT, _BUSINESS, _STOP, _SERVICE, _DOWN, _UNLESS, _CONDITION, _OVER = (1 << bit for bit in range(8))
_CLASSES = {
    "silent": 0,
    "outright": _OUTRIGHT,
    "business": _BUSINESS,
    "stop": _STOP,
    "service": _SERVICE,
    "down": _DOWN,
    "unless": _UNLESS,
    "condition": _CONDITION,
    "over": _OVER,
}
_CLAUSE_END = late(
    r"[,:](?![0-9])|[;()、。!?\n]| - |\b(?:but|however|and|so|because|although|while)\b|(?:ため|ので|ものの)"
)


@cache
def _words() -> Vocabulary[int]:
    data = table("words/service_request")["stoppage"]
    return of_classes((data[name], bit) for name, bit in _CLASSES.items())


def states_stoppage(view: View) -> bool:
    """Return whether a reason states that business has stopped, and has not begun again. Never raises."""
    found = False
    for clauses in _sentences(view.text[:_LONGEST]):
        over = any(seen & _OVER for _, seen in clauses)
        if over:
            found = False  # of the sentence before as well: "... stood still. It has been restored."
        elif _states(clauses):
            found = True
    return found


def _states(clauses: list[tuple[str, int]]) -> bool:
    condition = False
    for text, seen in clauses:
        if not (seen & (_UNLESS | _CONDITION) or condition) and (
            seen & _OUTRIGHT
            or (seen & _SERVICE and seen & _DOWN)
            or (seen & _STOP and (seen & _BUSINESS or names_business(text)))
        ):
            return True
        condition = bool(seen & _CONDITION)
    return False


def _sentences(text: str) -> Iterator[list[tuple[str, int]]]:
    """Yield the clauses of each sentence, with the classes of words in each."""
    low = lower(text)
    for start, end in items(text):
        if start == end:
            continue
        for first, last in sentences(text, start, end):
            last = min(last, first + _LONGEST_SENTENCE)
            words = _words().find(low[first:last])
            ends = [mark.start() for mark in _CLAUSE_END.finditer(low, first, last)]
            clauses = []
            at, word = first, 0
            for stop in (*ends, last):
                seen = 0
                while word < len(words) and words[word][0] + first < stop:
                    seen |= words[word][2]
                    word += 1
                clauses.append((text[at:stop], seen))
                at = stop
            yield clauses
