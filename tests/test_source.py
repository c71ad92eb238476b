"""The text, its places, and the view in which it is compared."""

from __future__ import annotations

import sys
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ma_template.source import PLAIN, Source, Span, View, fold, quote_marks, rows, stretches


@pytest.mark.parametrize(
    ("given_text", "compared"),
    [
        ("ＡＢ１２：（株）", "AB12:(株)"),
        ("ﾎﾟｹｯﾄﾍﾞﾙ", "ポケットベル"),
        ("㋿８年㈱①", "令和8年(株)1"),
        ("a\u00a0b\u3000c\u2003d\te", "a b c d\te"),
        ("ta\u200bro\u00ad@\u2060x\ufeff", "taro@x"),
        ("03－1234‐5678−9–0—1", "03-1234-5678-9-0-1"),
        ("12/1〜3～5", "12/1~3~5"),
        ("０３ー１２３４ー５６７８ サーバー", "03-1234-5678 サーバー"),
        ("a\r\nb\rc\nd\u2028e\x0bf", "a\nb\nc\nd e f"),
        ("e\u0301", "é"),
        ("…", "..."),
    ],
)
def test_compared_form(given_text: str, compared: str) -> None:
    assert View.of(given_text).text == compared
    assert fold(given_text) == compared


def test_plain_characters_are_their_own_form() -> None:
    """PLAIN is a short cut: it must never change what comes out."""
    for code in range(sys.maxunicode + 1):
        char = chr(code)
        if PLAIN.fullmatch(char):
            assert unicodedata.normalize("NFKC", char) == char, hex(code)
            assert unicodedata.category(char) not in ("Cf", "Zs") or char == " ", hex(code)
            assert unicodedata.combining(char) == 0, hex(code)


def test_the_way_back() -> None:
    text = "> ㋿８年\r\n> ﾎﾟ"
    view = View(text, [Span(2, 5), Span(9, 11)])
    assert view.text == "令和8年\nポ"
    assert [view.raw(start, end) for start, end in ((0, 2), (2, 3), (5, 6), (0, 1))] == ["㋿", "８", "ﾎﾟ", "㋿"]
    assert view.raw(3, 6) == "年\r\n> ﾎﾟ"


@given(st.text(st.sampled_from("aｱﾞﾟ㋿①\u200b\r\n １ー-é\u0301漢")))
def test_places_of_a_view_are_in_order_and_inside(text: str) -> None:
    view = View.of(text)
    ends = [view.span(at, at + 1) for at in range(len(view.text))]
    assert all(0 <= span.start <= span.end <= len(text) for span in ends)
    assert all(one.start <= other.start for one, other in pairwise(ends))


def test_lines_end_at_LF_CRLF_and_CR_and_at_nothing_else() -> None:  # noqa: N802
    source = Source("a\r\nb\rc\nd\x0be\x0cf\x85g\u2028h")
    assert [source.place(at).line for at in (0, 3, 5, 7, 13)] == [1, 2, 3, 4, 4]
    assert source.place(7) == (4, 1)


@pytest.mark.parametrize(
    ("row", "marks"),
    [
        *[
            ("> a", 2),
            (">> a", 3),
            ("> > a", 4),
            ("| a", 2),
            ("| a | b |", 0),
            ("＞ a", 2),
            ("a > b", 0),
            (">", 1),
            ("", 0),
        ],
        *[
            ("\ufeff> a", 3),
            ("\u200b \u200b> \u00ad> a", 8),
            ("\ufeff| a | b |\u200b", 0),
            ("> \u200ba", 2),
            ("\ufeffa", 0),
        ],
    ],
)
def test_quote_marks(row: str, marks: int) -> None:
    assert quote_marks(row) == marks


def test_rows_leave_blank_and_invisible_lines_out() -> None:
    text = "a\n\n \u3000\n\u200b\nb"
    assert [text[row.start : row.end] for row in rows(text, Span(0, len(text)))] == ["a", "b"]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_places_in_a_long_text_are_those_of_a_short_one(line_end: str) -> None:
    """A long text keeps only some of its line starts."""
    piece = line_end.join(["one", "", "", "four", "\r\n", "x" * 70]) + line_end
    text = piece * 2_000
    long, lines = Source(text), Source(piece).lines - 1
    assert len(text) > 100_000
    assert long.lines == 2_000 * lines + 1
    for number in (0, 1, 63, 777, 1_999):
        for offset in range(len(piece)):
            line, column = Source(piece).place(offset)
            at = number * len(piece) + offset
            assert long.place(at) == (number * lines + line, column)
            assert long.places(Span(at, at)) == (number * lines + line, column) * 2
        for line in range(1, lines + 1):
            start, end = Source(piece).line_span(line)
            base = number * len(piece)
            assert long.line_span(number * lines + line) == (base + start, base + end)
    with pytest.raises(IndexError):
        long.line_span(long.lines + 1)


def test_many_stretches_are_a_sequence_in_little_memory() -> None:
    few = [Span(0, 3), Span(4, 4), Span(7, 9)]
    many = stretches(few, "x" * 200_000)
    assert not isinstance(many, list)
    assert stretches(few, "x" * 10) == few == list(many)
    assert (len(many), many[0], many[2], many[-1]) == (3, Span(0, 3), Span(7, 9), Span(7, 9))
    assert (list(many[1:]), list(many[:-1]), list(many[3:])) == (few[1:], few[:-1], [])
    assert not stretches((), "x" * 200_000)
    bound = 2 * 4 * 100_000
    assert bound <= sys.getsizeof(stretches((Span(n, n) for n in range(100_000)), "x" * 200_000)._bounds) <= 1.2 * bound  # type: ignore[attr-defined]
