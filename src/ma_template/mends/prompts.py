"""Where the wording of a damaged prompt begins and ends, and what stands between it and the answer."""

from __future__ import annotations

from functools import cache

from ma_template.likeness import distance, ratio
from ma_template.matching import low_of
from ma_template.patterns import late
from ma_template.wording import SectionName, key, prompts, rewordings

_NEAR = 75  # per cent of likeness of a word and its misspelling
_ALIKE = 70  # and of a prompt in other words and the wording it comes near to
_SHORTEST_OVERRUN, _LONGEST_OVERRUN = 4, 300  # letters

_SEPARATOR = late(r"[:：|=】〕」』\]>*_→⇒\t]|[-–—]\s")
_WORD = late(r"[a-z]+")


@cache
def _wordings(name: SectionName, language: str) -> tuple[tuple[str, ...], frozenset[str]]:
    """Return all wordings of a prompt, as they are compared, and the units that they are made of."""
    found = [one for one in (*prompts(), *rewordings()) if (one.section, one.language) == (name, language)]
    units = frozenset(unit for one in found for unit in _units(low_of(one.text), language))
    return tuple(one.key for one in found), units


def _units(low: str, language: str) -> list[str]:
    """Return the words of a text, of a Japanese one its pairs of characters."""
    if language == "en":
        return _WORD.findall(low)
    compared = key(low)
    return [compared[at : at + 2] for at in range(len(compared) - 1)]


def is_wording(low: str, name: SectionName, language: str, ended: bool) -> bool:
    """Is this, from its first word to its last, a prompt in other words? `ended`: a mark behind it says where it ends.

    A misspelt prompt with an answer behind it and no mark between them is read as one long prompt.
    """
    known, vocabulary = _wordings(name, language)
    units = _units(low, language)
    several = 1 if language == "en" else 2
    for edge in [units[:several]] if ended else [units[:several], units[-several:]]:
        if not any(unit in vocabulary or (language == "en" and _is_near(unit, vocabulary)) for unit in edge):
            return False
    compared = key(low)
    likeness = {wording: ratio(wording, compared) for wording in known}
    least = min(_ALIKE, max(likeness.values()))
    return any(
        not _runs_over(wording[::-1], compared[::-1]) and not _runs_over(wording, compared)
        for wording, alike in likeness.items()
        if alike >= least
    )


def _is_near(word: str, vocabulary: frozenset[str]) -> bool:
    return any(ratio(word, one) >= _NEAR for one in vocabulary)


def _runs_over(wording: str, compared: str) -> bool:
    """Does a text come nearer to a wording when some of its end is taken off?"""
    whole = distance(wording, compared)
    most = min(len(compared), _LONGEST_OVERRUN)
    return any(
        distance(wording, compared[: len(compared) - off]) < whole - off / 2 for off in range(_SHORTEST_OVERRUN, most)
    )


def tail_of(old: str, tail: str, new: str, answered: bool) -> str:
    """Return what stands between a new wording and the answer: the old marks, but for those that ended the old wording.

    >>> tail_of("Who asks (name, phone", ")? ", "Name", True), tail_of("**Why", "?**", "Reason", False)
    (': ', '**')
    """
    open_ = sum(map(old.count, "(（")) - sum(map(old.count, ")）"))
    kept = ""
    for char in tail:
        if char in "?？!！.。．,、;；" or (char in ":：" and new.endswith("。")):
            continue
        if char in ")）" and open_ > 0:
            open_ -= 1
            continue
        kept += char
    if not answered:
        return kept.rstrip()
    if new.endswith("。") or _SEPARATOR.search(kept):
        return kept
    return "：" + kept.lstrip() if not new.isascii() else ": " + kept.lstrip()
