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

    __slots__ = ("_latin", "_lengths", "_meanings", "_others")

    def __init__(self, words: Iterable[tuple[str, Meaning]]) -> None:
        self._meanings: dict[str, Meaning] = {}
        for spelling, meaning in words:
            if "-" in spelling or "~" in spelling:
                for form in forms(spelling):
                    self._meanings.setdefault(form, meaning)
            else:
                self._meanings.setdefault(spelling, meaning)
        # First Latin word or first characters -> the lengths of all words that begin so, the longest first.
        self._lengths: dict[str, list[int]] = {}
        for form in sorted(self._meanings, key=len, reverse=True):
            latin = _LATIN_WORD.match(form)
            lengths = self._lengths.setdefault(latin[0] if latin else form[:2], [])
            if not lengths or lengths[-1] != len(form):
                lengths.append(len(form))
        others = [head for head in self._lengths if head[0] not in _LATIN_CHARS]
        singles = {head for head in others if len(head) == 1}
        for head in others:
            if head not in singles and head[0] in singles:
                self._lengths[head].append(1)
        # A word may begin at a Latin word, or where a first and a second character of some word stand together.
        first = "".join(_LATIN_CHARS.intersection(head[0] for head in self._lengths))
        self._latin = re.compile(rf"[{first}](?<![a-z0-9].)[a-z0-9]*" if first else _NEVER)
        pairs = [head for head in others if head not in singles]
        second = [f"(?={_any_char(head[1] for head in pairs)})"] if pairs else []
        alone = [f"(?<={_any_char(singles)})"] if singles else []
        begin = f"{_any_char(head[0] for head in others)}(?:{'|'.join(second + alone)})"
        self._others = re.compile(begin if others else _NEVER)

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
            lengths = self._lengths.get(latin[0]) if latin else None
        else:
            lengths = self._lengths.get(flat[at : at + 2]) or self._lengths.get(first)
        for length in lengths or ():
            end = at + length
            inside = flat[end - 1 : end] in _LATIN_CHARS and flat[end : end + 1] in _LATIN_CHARS
            if flat[at:end] in self._meanings and end <= len(flat) and not inside:
                return end
        return None

    def _find(self, flat: str) -> list[tuple[int, int, Meaning]]:
        found: list[tuple[int, int, Meaning]] = []
        meaning_of, size = self._meanings.get, len(flat)
        until = 0
        for at, lengths in self._heads(flat):
            if at < until:
                continue
            for length in lengths:
                end = at + length
                meaning = meaning_of(flat[at:end])
                if meaning is None or end > size:
                    continue
                last = flat[end - 1]
                if last > _AFTER_LATIN or last not in _LATIN_CHARS or flat[end : end + 1] not in _LATIN_CHARS:
                    found.append((at, end, meaning))
                    until = end
                    break
        return found

    def _heads(self, flat: str) -> list[tuple[int, list[int]]]:
        """Return where a word may begin, with the lengths of those that begin so."""
        of = self._lengths.get
        latin = [(head.start(), lengths) for head in self._latin.finditer(flat) if (lengths := of(head[0]))]
        if flat.isascii():
            return latin
        heads = [
            (at, lengths)
            for head in self._others.finditer(flat)
            if (lengths := of(flat[(at := head.start()) : at + 2]) or of(flat[at]))
        ]
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
