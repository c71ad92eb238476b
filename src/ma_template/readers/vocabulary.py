"""Turns lists of spellings into patterns. What a spelling means is said in grammar/words/; here it gets a shape."""

from __future__ import annotations

import re
from collections.abc import Iterable
from math import isqrt
from typing import Any

_LATIN = re.compile(r"[a-z0-9~]")
_BOUNDARY_BEFORE, _BOUNDARY_BEHIND = r"(?<![a-z0-9])", r"(?![a-z0-9])"

# How a character of a spelling is matched: a blank stands for blanks, hyphens, a line end, a hyphen for these or none.
# A tilde at the end stands for a plural or nothing, an ellipsis for up to ten characters of the same clause.
_SHAPES = {" ": r"[ \-\n]{1,3}", "-": r"[ \-\n]?", "~": "(?:e?s)?", "…": r"[^。、\n]{0,10}?"}


def spellings(entry: Any) -> list[str]:
    """Return all spellings of one vocabulary entry: `{en = [...], ja = [...]}`, a list, or one string."""
    if isinstance(entry, str):
        return [entry]
    if isinstance(entry, dict):
        return [spelling for part in entry.values() for spelling in spellings(part)]
    return [spelling for part in entry for spelling in spellings(part)]


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
