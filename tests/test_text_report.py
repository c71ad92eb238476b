"""The text report: places under the right characters, whole reports in both languages, and what must never leak out."""

from __future__ import annotations

import string
import time

import pytest

from ma_template.report import Problem, visible
from ma_template.report.frame import display_width, excerpt, strip
from ma_template.wording import table

WORDS = table("words/report")


# -- frames


@pytest.mark.parametrize(
    ("line", "marked", "shown", "offset", "length"),
    [
        ("phone: 555", "555", "phone: 555", 7, 3),
        ("電話：03-5555", "03-5555", "電話：03-5555", 6, 7),  # three characters, two columns each
        ("ﾃﾞﾝﾜ 03", "03", "ﾃﾞﾝﾜ 03", 5, 2),  # half-width kana: one column each, the voice mark too
        ("が 03", "03", "が 03", 3, 2),  # a kana and its combining mark share two columns
        ("👩‍💻 x", "x", "👩‍💻 x", 3, 1),  # woman, joiner, laptop: one emoji
        ("👩‍💻👩‍💻", "👩‍💻👩‍💻", "👩‍💻👩‍💻", 0, 4),
        ("\tx", "x", "    x", 4, 1),  # tab stops every four columns
        ("ab\tx", "x", "ab  x", 4, 1),
        ("a\x1b[31mb", "b", "a␛[31mb", 6, 1),  # an escape sequence is shown, not obeyed
        ("a\u202eb", "b", "a·b", 2, 1),  # neither are direction marks
        ("a\u200bb", "b", "a·b", 2, 1),
        ("a\x9bb\x7f", "b", "a·b␡", 2, 1),
        ("a\u2028b", "b", "a·b", 2, 1),
        ("\x00", "\x00", "␀", 0, 1),
        ("a\ud800b", "b", "a�b", 2, 1),
    ],
)
def test_the_mark_stands_under_the_place(line: str, marked: str, shown: str, offset: int, length: int) -> None:
    start = line.index(marked)
    assert strip(line, start, start + len(marked), 40) == (shown, offset, length)


def test_an_empty_place_has_a_mark_of_one_column() -> None:
    assert strip("Phone:", 6, 6, 40) == ("Phone:", 6, 1)
    assert strip("", 0, 0, 40) == ("", 0, 1)


def test_what_the_output_cannot_hold_does_not_move_the_mark() -> None:
    assert strip("電話: 03", 4, 6, 40, "ascii") == ("??: 03", 4, 2)
    assert strip("電話: 髙", 4, 5, 40, "cp932") == ("電話: 髙", 6, 2)


@pytest.mark.parametrize("width", [20, 30, 57])
@pytest.mark.parametrize("letter", ["x", "字", "👩‍💻", "\t"])
@pytest.mark.parametrize("place", [0, 10, 100, 300, 599])
def test_a_long_line_is_cut_around_the_place(letter: str, place: int, width: int) -> None:
    line = letter * place + "HERE" + letter * (600 - place)
    start = line.index("HERE")
    shown = strip(line, start, start + 4, width)
    assert display_width(shown.text) <= width
    assert shown.length == 4
    before = shown.text[: shown.text.index("HERE")]
    assert display_width(before) == shown.offset
    if letter != "\t":
        assert before.startswith("…") == (before.count(letter) < place)


def test_a_place_longer_than_the_line_is_marked_to_the_edge() -> None:
    shown = strip("x" * 500, 10, 400, 30)
    assert (shown.offset, shown.length, len(shown.text)) == (10, 19, 30)  # the last column holds the sign of omission


def test_what_stands_before_the_place_is_shown_where_it_fits() -> None:
    assert strip("Reason: " + "x" * 100, 8, 108, 30).text.startswith("Reason: x")


def test_a_line_of_ten_megabytes_takes_no_longer_than_a_short_one() -> None:
    line = "字" * 3_000_000
    begun = time.process_time()
    shown = strip(line, 1_500_000, 1_500_002, 40)
    assert time.process_time() - begun < 0.1
    assert shown.length == 4
    assert display_width(shown.text) <= 40


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("short", 10, "short"),
        ("two\n  lines", 20, "two lines"),
        ("a sentence too long", 10, "a sentenc…"),
        ("給与計算が止まる", 9, "給与計算…"),  # four characters and the sign of omission
        ("x\x1b[2Jy", 10, "x␛[2Jy"),
    ],
)
def test_excerpts(text: str, width: int, shown: str) -> None:
    assert excerpt(text, width) == shown


def test_what_is_shown_is_one_line_without_control() -> None:
    every = "".join(map(chr, [*range(0x300), 0x2028, 0x2029, 0x202E, 0xFEFF, 0xDC80]))
    assert not any(
        char < " " or "\x7f" <= char <= "\x9f" or char in "\u2028\u2029\u202e\ufeff" for char in visible(every)
    )
    assert len(visible(every)) == len(every)


# -- words


def _shape(value: object, path: str = "") -> dict[str, object]:
    """Every sentence of a table by its path, with the places it holds."""
    if isinstance(value, dict):
        return {name: shape for key, inner in value.items() for name, shape in _shape(inner, f"{path}.{key}").items()}
    sentences = value if isinstance(value, list) else [value]
    return {path: {place for text in sentences for _, place, _, _ in string.Formatter().parse(text) if place}}


def test_both_languages_say_the_same_things() -> None:
    english, japanese = (_shape({**WORDS[lang], "categories": {}}) for lang in ("en", "ja"))
    assert english == japanese


def test_every_category_has_a_japanese_name() -> None:
    from typing import get_args

    from ma_template.models import Category

    assert set(WORDS["ja"]["categories"]) == set(get_args(Category))


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_file_name_cannot_write_to_the_terminal(lang: str) -> None:
    line = Problem("bad\x1b[2J\nname", "not-found").line("ja" if lang == "ja" else "en")
    assert "\x1b" not in line
    assert "\n" not in line
    assert "bad␛[2J␊name" in line
