"""Words of a vocabulary found in a text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ma_template.readers.vocabulary import Vocabulary, any_of, spellings

WORDS = [
    "go-live~",
    "go live date",
    "sit",
    "unit test~",
    "10-k",
    "x",
    "切替",
    "切替日",
    "切り替え",
    "切",
    "uat環境",
    "ru適用",
    "のuat",
]
VOCABULARY = Vocabulary((word, word) for word in WORDS)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("the go-live", ["go-live"]),
        ("golives", ["golives"]),
        ("go\nlive", ["go\nlive"]),
        ("go - live date", ["go - live date"]),
        ("cargo-live", []),
        ("situation, sit", ["sit"]),
        ("go-lively", []),
        ("本番切替日と切替", ["切替日", "切替"]),
        ("切る", ["切"]),
        ("新uat環境のuat", ["uat環境", "のuat"]),
        ("のuats", []),
        ("10-k", ["10-k"]),
        ("110-k", []),
        ("10k,x", ["10k", "x"]),
    ],
)
def test_words_found(text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end, _ in VOCABULARY.find(text)] == found


PIECES = st.sampled_from(
    [*"abx sgolive10-kの切替日り\n", "  ", "   ", "go", "live", "unit", "test", "切り替え", "uat", "環境"]
)


@given(st.lists(PIECES).map("".join))
def test_a_dictionary_finds_what_a_pattern_finds(text: str) -> None:
    # A pattern lets a hyphen stand for one blank at most; the dictionary takes a wider gap, too.
    text = re.sub(r"[ \-\n]{2,}", " ", text)
    pattern = re.compile(any_of(WORDS))
    assert [found[:2] for found in VOCABULARY.find(text)] == [found.span() for found in pattern.finditer(text)]


def test_spellings_with_commas_between() -> None:
    assert spellings({"en": "go-live, cut over,\n  switch", "ja": ["切替"]}) == [
        "go-live",
        "cut over",
        "switch",
        "切替",
    ]
    assert spellings(["a, b"]) == ["a, b"]
