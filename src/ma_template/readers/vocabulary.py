"""Finds the words of grammar/words/ in a text: small vocabularies as patterns, large ones looked up in a dictionary."""

from __future__ import annotations

import re
from collections.abc import Iterable
from math import isqrt
from typing import Any, Generic, TypeVar

from ma_template.patterns import late

Meaning = TypeVar("Meaning")

_LATIN = late(r"[a-z0-9~]")
_LATIN_WORD = late(r"[a-z0-9]+")
_LATIN_CHARS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
_AFTER_LATIN = "{"
_NEVER = r"(?!)"
_WIDE_GAP = late(r"(?<! ) {2,3}(?! )")
_BOUNDARY_BEFORE, _BOUNDARY_BEHIND = r"(?<![a-z0-9])", r"(?![a-z0-9])"

# How a character of a spelling is matched: a blank stands for blanks, hyphens, a line end, a hyphen for these or none.
# A tilde at the end stands for a plural or nothing, an ellipsis for up to ten characters of the same clause.
_SHAPES = {" ": r"[ \-\n]{1,3}", "-": r"[ \-\n]?", "~": "(?:e?s)?", "…": r"[^。、\n]{0,10}?"}


def spellings(entry: Any) -> list[str]:
    """Return all spellings of one vocabulary entry: `{en = ..., ja = ...}`, a list, or a text with commas between."""
    if isinstance(entry, str):
        return [word for piece in entry.split(",") if (word := piece.strip())]
    if isinstance(entry, dict):
        return [spelling for part in entry.values() for spelling in spellings(part)]
    return [word for part in entry for word in ([part] if isinstance(part, str) else spellings(part))]


def forms(spelling: str) -> list[str]:
    """Return how a spelling may look in a text whose hyphens and line ends are blanks."""
    stem = spelling.removesuffix("~")
    if "-" in stem:
        first, *others = stem.split("-")
        stems = [first]
        for piece in others:
            stems = [f"{begun}{gap}{piece}" for begun in stems for gap in ("", " ")]
    else:
        stems = [stem]
    return stems if stem == spelling else [form + ending for form in stems for ending in ("", "s", "es")]


class Vocabulary(Generic[Meaning]):
    """Words with their meanings, found in a text in lower case: at every place the longest.

    A blank in a spelling stands for blanks, hyphens or a line end, a hyphen for these or nothing, a tilde at its end
    for a plural or nothing. A word that begins or ends with a Latin letter or a digit stands alone there: `sit` is not
    in `situation`. Of several meanings of a word the first one holds.

    Words are looked up by their first Latin word, or their first two characters of another script: there is next
    to nothing to compile, and a text is read in the time of its length.
    """

    __slots__ = ("_alone", "_by_pair", "_by_word", "_latin", "_meanings", "_pairs")

    def __init__(self, words: Iterable[tuple[str, Meaning]]) -> None:
        self._meanings: dict[str, Meaning] = {}
        for spelling, meaning in words:
            if "-" in spelling or "~" in spelling:
                for form in forms(spelling):
                    self._meanings.setdefault(form, meaning)
            else:
                self._meanings.setdefault(spelling, meaning)
        # All words that begin with a Latin word, or with a pair of other characters; the longest first.
        by_word: dict[str, list[str]] = {}
        by_pair: dict[str, list[str]] = {}
        for form in sorted(self._meanings, key=len, reverse=True):
            latin = _LATIN_WORD.match(form)
            if latin:
                by_word.setdefault(latin[0], []).append(form)
            else:
                by_pair.setdefault(form[:2], []).append(form)
        singles = {head for head in by_pair if len(head) == 1}
        for head in by_pair:
            if head[1:] and head[0] in singles:
                by_pair[head].append(head[0])
        self._by_word = {head: tuple(several) for head, several in by_word.items()}
        self._by_pair = {head: tuple(several) for head, several in by_pair.items()}
        # A word may begin at a Latin word, or where a first and a second character of some word stand together.
        first = "".join(_LATIN_CHARS.intersection(head[0] for head in by_word))
        self._latin = re.compile(rf"[{first}](?<![a-z0-9].)[a-z0-9]*" if first else _NEVER)
        second = [f"(?={_any_char(head[1] for head in by_pair if head[1:])})"] if len(singles) < len(by_pair) else []
        alone = [f"(?<={_any_char(singles)})"] if singles else []
        begin = f"{_any_char(head[0] for head in by_pair)}(?:{'|'.join(second + alone)})(?<=(?=(..?)).)"
        self._pairs = late(begin if by_pair else _NEVER)  # its group: the pair
        self._alone = late(_any_char(singles) if singles else _NEVER)

    def find(self, text: str) -> list[tuple[int, int, Meaning]]:
        """Return the words in a text from left to right, as (start, end, meaning); none overlaps another."""
        flat = text.replace("-", " ").replace("\n", " ")
        if "  " not in flat:
            return self._find(flat)
        places: list[int] = []
        at = 0
        for gap in _WIDE_GAP.finditer(flat):
            places.extend(range(at, gap.start() + 1))
            at = gap.end()
        places.extend(range(at, len(flat)))
        found = self._find(_WIDE_GAP.sub(" ", flat))
        return [(places[start], places[end - 1] + 1, meaning) for start, end, meaning in found]

    def match(self, flat: str, at: int) -> int | None:
        """Return where the longest word ends that begins at a place, None if none does.

        `flat` is a text with blanks for hyphens and line ends.
        """
        first = flat[at : at + 1]
        if first < _AFTER_LATIN:
            if first in _LATIN_CHARS and at and flat[at - 1] in _LATIN_CHARS:
                return None
            latin = _LATIN_WORD.match(flat, at)
            words = self._by_word.get(latin[0], ()) if latin else ()
        else:
            words = self._by_pair.get(flat[at : at + 2]) or self._by_pair.get(first, ())
        for word in words:
            end = at + len(word)
            if flat.startswith(word, at) and (word[-1] not in _LATIN_CHARS or flat[end : end + 1] not in _LATIN_CHARS):
                return end
        return None

    def _find(self, flat: str) -> list[tuple[int, int, Meaning]]:
        found: list[tuple[int, int, Meaning]] = []
        stands = flat.startswith
        until = 0
        for at, words in self._heads(flat):
            if at < until or not stands(words, at):
                continue
            for word in words:
                end = at + len(word)
                if stands(word, at) and (word[-1] not in _LATIN_CHARS or flat[end : end + 1] not in _LATIN_CHARS):
                    found.append((at, end, self._meanings[word]))
                    until = end
                    break
        return found

    def _heads(self, flat: str) -> list[tuple[int, tuple[str, ...]]]:
        """Return where words may begin, and which."""
        latin = [(head.start(), words) for head in self._latin.finditer(flat) if (words := self._by_word.get(head[0]))]
        if flat.isascii():
            return latin
        # Pairs are found and looked up without a step of Python, then the places of those that are known.
        known, pairs = self._by_pair, self._pairs.findall(flat)
        if self._alone.search(flat):
            pairs = [pair if pair in known else pair[0] for pair in pairs]
        at = -1
        heads = [(at := flat.find(pair, at + 1), known[pair]) for pair in filter(known.__contains__, pairs)]
        return sorted([*latin, *heads]) if latin else heads


def of_classes(entries: Iterable[tuple[Any, int]]) -> Vocabulary[int]:
    """Return the words of several entries, each with the bit of its class, or with those of all its classes."""
    bits: dict[str, int] = {}
    for entry, bit in entries:
        for word in spellings(entry):
            bits[word] = bits.get(word, 0) | bit
    return Vocabulary(bits.items())


def _any_char(chars: Iterable[str]) -> str:
    return f"[{''.join(re.escape(char) for char in sorted(set(chars)))}]"


def any_of(words: Iterable[str]) -> str:
    """Return a pattern that matches the longest of the words, in the time of its first characters.

    Words are compared case-folded. A word that begins or ends with a Latin letter or a digit stands alone there:
    `sit` is not in `situation`. The pattern has no groups. Raises ValueError if there is no word, or one that
    begins with a shape instead of a character.
    """
    trie: dict[str, Any] = {}
    for word in words:
        if word[:1] in ("", *_SHAPES):
            raise ValueError(f"no spelling: {word!r}")
        node = trie
        if _LATIN.match(word[0]):
            node = node.setdefault(_BOUNDARY_BEFORE, {})
        for char in word:
            node = node.setdefault(_SHAPES.get(char) or re.escape(char), {})
        if _LATIN.match(word[-1]):
            node = node.setdefault(_BOUNDARY_BEHIND, {})
        node[""] = {}
    if not trie:
        raise ValueError("a vocabulary without words")
    return _dispatch(trie)


def _dispatch(trie: dict[str, Any]) -> str:
    """Return the pattern of a whole vocabulary. The engine tries alternatives one by one, so many are put in groups."""
    branches = sorted(trie.items(), key=_rank)
    size = isqrt(len(branches))
    if size < 4:
        return _alternatives(trie)
    groups = [dict(branches[at : at + size]) for at in range(0, len(branches), size)]
    firsts = ["".join(map(_first_of, group.items())) for group in groups]
    alternatives = "|".join(f"(?=[{first}]){_alternatives(group)}" for first, group in zip(firsts, groups, strict=True))
    return f"(?=[{''.join(firsts)}])(?:{alternatives})"


def _first_of(branch: tuple[str, dict[str, Any]]) -> str:
    shape, below = branch
    return "".join(below) if shape == _BOUNDARY_BEFORE else shape


def _alternatives(node: dict[str, Any]) -> str:
    # Depth is bounded by the longest spelling of a table, a few dozen characters.
    # A shape that can match nothing comes last: the longer spelling wins.
    branches = [shape + _alternatives(below) for shape, below in sorted(node.items(), key=_rank) if shape]
    if not branches:
        return ""
    pattern = branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"
    if "" not in node:
        return pattern
    return f"(?:{pattern})?"


def _rank(item: tuple[str, Any]) -> tuple[bool, str]:
    shape = item[0]
    return shape.startswith("("), shape
