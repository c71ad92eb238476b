"""Dates: the table of expressions, and what holds for any text."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from conftest import examples
from ma_template.patterns import _Late
from ma_template.readers.dates import read_dates
from ma_template.readers.dates.scan import FORMS
from ma_template.readers.values import Language, ReadDate, Settings
from ma_template.source import Span, View

AS_OF = date(2026, 11, 23)
# The base loader leaves every value as it is typed: 2026-12-01 is no date yet.
TABLE: dict[str, Any] = yaml.load(
    (Path(__file__).parents[2] / "fixtures/tables/dates.yaml").read_text("utf-8"), Loader=yaml.CBaseLoader
)


def marked(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Return a text without its marks «», and the places that they enclose; without marks the whole text."""
    if "«" not in text:
        return text, [(0, len(text))]
    plain, spans = "", []
    for number, piece in enumerate(text.replace("»", "«").split("«")):
        if number % 2:
            spans.append((len(plain), len(plain) + len(piece)))
        plain += piece
    return plain, spans


def meaning(row: dict[str, Any]) -> dict[str, Any]:
    """Return what a row of the table means, with what it does not say."""
    start = None if row["start"] == "null" else row["start"]
    return {
        "role": row.get("role", "milestone"),
        "start": start,
        "end": row.get("end"),
        "precision": row.get("precision", "minute" if start and "T" in start else "day"),
        "candidates": tuple(row.get("candidates", ())),
        "problem": row.get("problem"),
        "notes": frozenset(row.get("notes", ())),
    }


def read(found: ReadDate) -> dict[str, Any]:
    return {name: getattr(found, name) for name in meaning({"start": "null"})}


def spellings() -> Iterator[Any]:
    for row in TABLE["spellings"]:
        options: dict[str, Any] = {"date_order": row["date_order"]} if "date_order" in row else {}
        if "fiscal_year_start" in row:
            options["fiscal_year_start"] = int(row["fiscal_year_start"])
        for languages in ("both", "en", "ja"):
            for text in row.get(languages, ()):
                for language in ("en", "ja") if languages == "both" else (languages,):
                    yield pytest.param(text, language, options, row["means"], id=f"{language}: {text}")


@pytest.mark.parametrize(("text", "language", "options", "means"), list(spellings()))
def test_spelling(text: str, language: Language, options: dict[str, Any], means: dict[str, Any]) -> None:
    plain, spans = marked(text)
    found = read_dates(View.of(plain), Settings(language, AS_OF, **options))
    assert [read(one) for one in found] == [meaning(means)]
    assert [plain[one.span.start : one.span.end] for one in found] == [plain[start:end] for start, end in spans]


def broken_spellings() -> Iterator[tuple[str, Language, dict[str, Any], dict[str, Any]]]:
    """Every spelling with a line end for one of its blanks, or between two Japanese letters."""
    for param in spellings():
        text, language, options, means = param.values
        plain = text.replace("«", "").replace("»", "")
        for gap in re.finditer("(?<=[\\w.,)]) (?=[\\w(])|(?<=[ぁ-鿿])(?=[ぁ-鿿])", plain):
            yield f"{plain[: gap.start()]}\n{plain[gap.end() :]}", language, options, means


def test_spellings_broken_by_wrapping() -> None:
    """A line end inside a date reads like a blank. The few exceptions, all of them like two dates, are in the table."""
    exceptions = set(TABLE["two_lines"])
    wrong = set()
    count = 0
    for text, language, options, means in broken_spellings():
        found = read_dates(View.of(text), Settings(language, AS_OF, **options))
        count += 1
        if [read(one) for one in found] != [meaning(means)]:
            wrong.add(text)
    assert count > 2500
    assert sorted(wrong) == sorted(exceptions)


@pytest.mark.parametrize("row", TABLE["sentences"], ids=lambda row: row["text"])
def test_sentence(row: dict[str, Any]) -> None:
    plain, spans = marked(row["text"])
    found = read_dates(View.of(plain), Settings(row.get("language") or language_of(plain), AS_OF))
    assert [read(one) for one in found] == [meaning(one) for one in row["dates"]]
    assert [(one.span.start, one.span.end) for one in found] == spans


@pytest.mark.parametrize(
    ("text", "language", "readings"),
    [
        pytest.param(text, language, readings, id=text)
        for language, rows in TABLE["phrases"].items()
        for row in rows
        for text, readings in row.items()
    ],
)
def test_phrase(text: str, language: Language, readings: list[str]) -> None:
    plain, spans = marked(text)
    found = read_dates(View.of(plain), Settings(language, AS_OF))
    assert [in_short(one) for one in found] == [sorted(reading.split(", ")) for reading in readings]
    if "«" in text:
        assert [(one.span.start, one.span.end) for one in found] == spans


def in_short(one: ReadDate) -> list[str]:
    """Return a reading as the phrases of the table spell it: what it means, and its notes unless it is ambiguous."""
    if one.problem == "fiscal-unknown":
        return ["fiscal"]
    role = ["resolve-by"] if one.role == "resolve_by" else []
    if one.problem == "ambiguous":
        return sorted([" or ".join(one.candidates), *role])
    return sorted([f"{one.start} to {one.end}" if one.end else str(one.start), *role, *one.notes])


def language_of(text: str) -> Language:
    """Return ja where at least a fifth of the letters are kana or kanji (contract, ruling 1)."""
    letters = [char for char in text if char.isalpha()]
    return "ja" if 5 * sum("\u3040" <= char <= "\u9fff" for char in letters) >= len(letters) else "en"


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("text", TABLE["none"]["en"] + TABLE["none"]["ja"])
def test_no_date(text: str, language: Language) -> None:
    assert read_dates(View.of(text), Settings(language, AS_OF)) == ()


def test_table_is_large() -> None:
    count = sum(len(row.get(name, ())) for row in TABLE["spellings"] for name in ("both", "en", "ja"))
    assert count > 800
    assert len(TABLE["sentences"]) > 80
    assert len(TABLE["none"]["en"]) + len(TABLE["none"]["ja"]) > 100


def test_spans_are_places_in_the_update() -> None:
    """The view may be put together from lines behind quote marks; the span is in the text as given."""
    update = "> go-live on\r\n> ４ Dec\u200bember\u00a02026, then"
    view = View(update, [Span(2, 12), Span(16, len(update))])
    (found,) = read_dates(view, Settings("en", AS_OF))
    assert found.start == "2026-12-04"
    assert update[found.span.start : found.span.end] == "４ Dec\u200bember\u00a02026"


@pytest.mark.parametrize("year", [1, 999, 9000, 9999])
def test_days_near_the_calendar_s_ends(year: int) -> None:
    found = read_dates(View.of("go-live 2026-12-05, tomorrow"), Settings("en", date(year, 12, 31)))
    assert found[0].start == "2026-12-05"


# ---------------------------------------------------------------------------------------------------------------------
# Any text

PIECES = st.one_of(
    st.text(max_size=12),
    st.sampled_from(TABLE["hostile"]),
    st.sampled_from(
        [word for row in TABLE["spellings"] for name in ("both", "en", "ja") for word in row.get(name, ())]
    ),
)


@examples(400)
@given(
    st.lists(PIECES, max_size=12),
    st.sampled_from(["", " ", "\n", ", "]),
    st.sampled_from(["en", "ja"]),
    st.dates(),
    st.sampled_from([None, 1, 4, 12]),
)
@example(["20100101", "WEEK01"], " ", "en", AS_OF, None)  # the week belongs to its number, not to the day
@example(["昭和2026年12月5日～6日"], "", "ja", AS_OF, None)  # the start, spelled S2026-12-05, is no day to compare
def test_any_text(pieces: list[str], glue: str, language: Language, as_of: date, fiscal: int | None) -> None:
    text = glue.join(pieces)
    found = read_dates(View.of(text), Settings(language, as_of, fiscal_year_start=fiscal))
    end = 0
    for one in found:
        assert end <= one.span.start < one.span.end <= len(text)
        end = one.span.end
        assert (one.start is None) == (one.problem is not None)
        assert list(one.candidates) == sorted(set(one.candidates))
        assert (len(one.candidates) > 1) == (one.problem == "ambiguous")
        outside_its_era = (one.start or "0")[0].isalpha() or (one.end or "0")[0].isalpha()  # S99-12-01
        if one.start and one.end and one.precision != "minute" and not outside_its_era:
            assert one.start <= one.end


@pytest.mark.parametrize("unit", TABLE["hostile"])
def test_work_grows_with_the_text(unit: str) -> None:
    """Four times the text is no more than about four times the work (lines of Python run are counted, not time)."""

    def work(length: int) -> int:
        view, options = View.of(unit * (length // len(unit))), Settings("en", AS_OF)
        count = 0

        def count_line(*_: object) -> Any:
            nonlocal count
            count += 1
            return count_line

        sys.settrace(count_line)
        try:
            read_dates(view, options)
        finally:
            sys.settrace(None)
        return count

    work(200)  # patterns are compiled
    assert work(4000) <= 5 * work(1000) + 500


FIRST_USE = """
import re, sys, datetime
compiled = []
real = re._compiler.compile
re._compiler.compile = lambda pattern, flags=0: compiled.append(pattern) or real(pattern, flags)
from ma_template.readers.values import Settings
from ma_template.source import View
from ma_template.wording import table
table("words/dates")
before = len(compiled)
from ma_template.readers.dates import read_dates
imported = len(compiled)
found = read_dates(View.of(sys.argv[1]), Settings("en", datetime.date(2026, 11, 23)))
print(len(found), imported - before, len(compiled) - imported)
"""


@pytest.mark.parametrize(
    "text",
    ["Go-live of the new warehouse, 2026-12-15", "Go-live 1 December 2026", "本番稼働：2026年12月1日（火）17:00"],
)
def test_first_use_compiles_few_patterns(text: str) -> None:
    """A start waits for what it needs: of some hundred patterns those that the answer meets."""
    command = [sys.executable, "-c", FIRST_USE, text]
    run = subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8")
    found, imported, read = map(int, run.stdout.split())
    assert found == 1
    assert imported <= 8
    assert read <= 10


def all_patterns() -> list[str]:
    patterns = [form.pattern for form in FORMS]  # the pattern of words takes them whole and never goes back
    for name in (
        "bare",
        "clocks",
        "digits",
        "english",
        "forms",
        "japanese",
        "join",
        "periods",
        "relative",
        "roles",
        "scan",
        "wrapping",
    ):
        module = sys.modules[f"ma_template.readers.dates.{name}"]
        patterns += [value.pattern for value in vars(module).values() if isinstance(value, re.Pattern | _Late)]
    return patterns


def test_every_repetition_is_bounded() -> None:
    """What the count above cannot see: no pattern may wander through the text."""
    patterns = all_patterns()
    assert len(patterns) > 60
    for pattern in patterns:
        bare = re.sub(r"\\.|\[(?:\\.|[^\]\\])+\]", "x", pattern)
        assert not re.search(r"[*+]|\{[0-9]*,\}", bare), pattern
        assert all(int(most) <= 120 for most in re.findall(r"\{[0-9]*,?([0-9]+)\}", bare)), pattern
