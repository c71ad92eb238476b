"""No pattern and no fuzzy comparison is a time bomb: each is fed hostile texts, and steps are counted, not seconds."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

import ma_template
from backtracking import MOST_STEPS, Counted, Growth, Mode, growth, worst_texts
from conftest import ROOT
from ma_template import check, fix, likeness
from ma_template.wording import published

PACKAGE = Path(ma_template.__file__).parent

# Patterns that are asked of what somebody else wrote only within a bound, and those that are never asked of it.
BOUNDED = {
    "readers/calls.py": {
        "_SENTENCE_END": "160 characters before a word, 90 behind it",
        "_IMPERATIVE": "5 characters",
    },
    "lsp/completing.py": {"_WORD_AT_END": "40 characters of a line"},
}
OWN_TEXTS = ("reference/", "overview/plots.py", "readers/dates/forms.py:268")  # pages, pictures and patterns of our own


class Pattern(NamedTuple):
    """A pattern of the package, where it is compiled, and how it is asked."""

    source: str | bytes
    flags: int
    place: str
    mode: Mode


@cache
def everything() -> tuple[tuple[Pattern, ...], list[str]]:
    """Return all patterns, and places where one is compiled that is not among them."""
    command = [sys.executable, str(ROOT / "tests" / "patterns_in_use.py")]
    done = subprocess.run(command, capture_output=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr.decode()
    found = json.loads(done.stdout)
    patterns = []
    for one in found["patterns"]:
        source = one["source"].encode("latin-1") if one["raw"] else one["source"]
        patterns.append(Pattern(source, one["flags"], one["place"], one["mode"]))
    return tuple(patterns), found["missed"]


def deep(call: Callable[[], Any]) -> Any:
    """Call where thousands of calls may be under way within each other, as matching a long text takes."""
    made: list[Any] = []

    def run() -> None:
        before = sys.getrecursionlimit()
        sys.setrecursionlimit(200_000)
        try:
            made.append(call())
        finally:
            sys.setrecursionlimit(before)

    size = threading.stack_size(256 * 1024 * 1024)
    try:
        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
    finally:
        threading.stack_size(size)
    return made[0]


# ---------------------------------------------------------------------------------------------------------------------
# What counts is right, and sees what is planted

BAD: list[tuple[str, Mode]] = [
    (r"(a+)+$", "match"),  # 2 ** n
    (r"(a|a)*b", "match"),
    (r"(?:\s*x?)*y", "match"),
    (r"^(\w+\s?)*$", "match"),
    (r"(?:a|b|ab)*c", "match"),
    (r"(.*)*x", "fullmatch"),
    (r"a*a*b", "match"),  # n * n
    (r"x\s*,?\s*y", "match"),
    (r".*,.*,.*;", "fullmatch"),
    (r"[ ]*(?:[-*] ?)?[ ]*$", "match"),
    (r"\d+\.?\d+\.?\d+x", "match"),
    (r"\s+$", "search"),  # n starts, n steps each
    (r"[.!?]+(?= |$)", "search"),
    (r"\([^)]*\)", "search"),
    (r"(?=.*x)y", "search"),
    (r"(?!.*x)y", "search"),
    (r"\w+@\w+\.com", "search"),
    (r" *, *", "search"),
    (r"<!--.*?-->", "search"),
    (r"\*[\s*]*[^\w*]{0,3}\Z", "search"),
    (r"(?i:[a-z]+)\d", "search"),
    (r"(?:[>|]\s?)+(?![^\r\n]*\|\s*$)", "match"),  # each mark given back looks at the whole line again
    (r"に(?:の|を|[ \t-]{1,9}){0,6}修", "match"),  # bounded, and half a million ways to divide 54 blanks
    (r"[a-z]{0,400}[a-z]{0,400}x", "search"),
]
GOOD: list[tuple[str, Mode]] = [
    (r"[^,]+", "search"),
    (r"\b\w+\b", "search"),
    (r"\s*+x", "match"),
    (r"(?<!\s)\s++$", "search"),
    (r"a{0,20}b", "search"),
    (r"(?:ab|cd)+e", "match"),
    (r"x\s*(?:,\s*)?y", "match"),
    (r"(?:[>|]\s?)++(?![^\r\n]*\|\s*$)", "match"),
    (r"に(?:の|を|[ \t-]{1,9}+){0,6}修", "match"),
    (r"(?:Mon|Tues|Wednes)day", "search"),
]


@pytest.mark.parametrize(("source", "mode"), BAD)
def test_a_planted_bomb_is_found(source: str, mode: Mode) -> None:
    found = deep(lambda: growth(source, 0, mode))
    assert found is not None
    assert not found.linear, found


@pytest.mark.parametrize(("source", "mode"), GOOD)
def test_what_is_harmless_is_not_accused(source: str, mode: Mode) -> None:
    found = deep(lambda: growth(source, 0, mode))
    assert found is None or found.linear, found


def test_counted_matches_as_re_does() -> None:
    """Every pattern of the package finds the same places in its own hostile texts, and in a filled-in form."""
    patterns, _ = everything()
    form = (ROOT / "fixtures" / "devset" / "dev-001.txt").read_bytes().decode()[:300]
    ways: dict[Mode, Callable[[re.Pattern[Any], Any], Any]] = {
        "search": lambda pattern, text: [found.span() for found in pattern.finditer(text)],
        "match": lambda pattern, text: [found.span() for found in [pattern.match(text)] if found],
        "fullmatch": lambda pattern, text: [found.span() for found in [pattern.fullmatch(text)] if found],
    }
    compared = 0
    for pattern in patterns[::6]:
        texts = [hostile.text(20) for hostile in worst_texts(pattern.source, pattern.flags)[0][:4]]
        for text in [*texts, form.encode("ascii", "replace").decode() if isinstance(pattern.source, bytes) else form]:
            if isinstance(pattern.source, bytes):
                given: Any = text.encode("latin-1", "replace")
                text = given.decode("latin-1")
            else:
                given = text
            real = ways[pattern.mode](re.compile(pattern.source, pattern.flags), given)
            made = deep(partial(Counted(pattern.source, pattern.flags).spans, text, pattern.mode))
            assert made == real, (pattern, text)
            compared += len(real)
    assert compared > 150


# ---------------------------------------------------------------------------------------------------------------------
# The patterns of the package


def test_every_pattern_is_known() -> None:
    patterns, missed = everything()
    assert missed == [], "compiled in no way that patterns_in_use.py comes by"
    assert len(patterns) > 400


FILES = sorted(
    path.relative_to(PACKAGE).as_posix()
    for path in PACKAGE.rglob("*.py")
    if re.search(r"\blate\(|\bre\.[a-z]+\(", path.read_text("utf-8")) and path.name != "patterns.py"
)


@pytest.mark.parametrize("file", [file for file in FILES if not file.startswith(OWN_TEXTS)])
def test_every_pattern_is_linear(file: str) -> None:
    patterns, _ = everything()
    lines = (PACKAGE / file).read_text("utf-8").split("\n")
    bounded = BOUNDED.get(file, {})
    faulty: list[tuple[Pattern, Growth]] = []
    for pattern in patterns:
        of, line = pattern.place.rsplit(":", 1)
        written = lines[int(line) - 1].split(" ")[0] if of == file else ""
        if of != file or written in bounded or pattern.place in OWN_TEXTS:
            continue
        found = deep(partial(growth, pattern.source, pattern.flags, pattern.mode))
        if found is not None and not found.linear:
            faulty.append((pattern, found))
    assert not faulty, "\n".join(f"{pattern.place} {pattern.mode}: {found}" for pattern, found in faulty)
    assert MOST_STEPS <= 600


# ---------------------------------------------------------------------------------------------------------------------
# Fuzzy comparisons

FORM = published("management-attention", "en")
PROMPTS = "\n".join(FORM.prompts.values()) + "\n"
IN_ANSWER = f"{FORM.opening}\n{PROMPTS}"
HOSTILE = {  # as in row 8 of benchmarks/table.py, and what fuzzy comparisons are made of
    "asterisks only": "*",
    "lines of asterisks": "*" * 30 + "\n",
    "opening banners only": FORM.opening + "\n",
    "prompts only": PROMPTS,
    "misspelt prompts": "Reson for requestd managment atention, includng busines impact\n",
    "quoted blocks": f"> {FORM.opening}\n> {PROMPTS.splitlines()[0]}\n> it stops\n> {FORM.closing}\n\n",
    "one line": "word ",
    "line ends only": "\n",
    "nested look-alikes": "*** *** Request *** Management *** Attention ***\n",
    "broken banners": "***\nRequest Management Attention\n***\n",
    "dense dates": "2026-12-01, 3/4, 1 Dec 2026, ",
    "lines of dates": "Go-live 2026-12-01\n",
    "dense digits": "+81 3-5555-0123 ",
    "lines of digits": "+81 3-5555-0123\n",
    "a misspelt prompt on one line": "Reson for requestd managment atention ",
    "misspelt banners": "*** Requst Managment Atention ***\n",
    "misspelt labels": "Reqeuster: Mielstone: Resaon:\n",
    "misspelt banners in Japanese": "＊＊＊ 管理者にによる対応の要請 ＊＊＊\n",
}
LONGEST_COMPARED = 400  # characters of either side


def cells(call: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> tuple[int, int]:
    """Return the work of the fuzzy comparisons of a call, one side's length times the other's, and the longest side."""
    made = [0, 0]

    def counting(real: Callable[..., Any]) -> Callable[..., Any]:
        def compare(one: str, other: str, **given: Any) -> Any:
            made[0] += (len(one) + 1) * (len(other) + 1)
            made[1] = max(made[1], len(one), len(other))
            return real(one, other, **given)

        return compare

    ratio, distance = counting(fuzz.ratio), counting(Levenshtein.distance)
    with monkeypatch.context() as patch:
        patch.setattr(likeness, "_fuzz_ratio", lambda: ratio)
        patch.setattr(Levenshtein, "distance", distance)
        call()
    return made[0], made[1]


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("inside", [False, True])
@pytest.mark.parametrize("face", [lambda text: check(text, as_of="2026-11-23"), fix], ids=["check", "fix"])
def test_fuzzy_comparisons_are_bounded(
    kind: str, inside: bool, face: Callable[[str], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    def text(size: int) -> str:
        return IN_ANSWER * inside + HOSTILE[kind] * (size // len(HOSTILE[kind]))

    short, _ = cells(lambda: face(text(1_500)), monkeypatch)
    long, longest = cells(lambda: face(text(6_000)), monkeypatch)
    assert long <= 5 * short + 50_000
    assert longest <= LONGEST_COMPARED


def test_fuzzy_comparisons_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    work, longest = cells(lambda: check(IN_ANSWER + HOSTILE["misspelt prompts"] * 20), monkeypatch)
    assert work > 10_000
    assert longest > 40


def test_fuzzy_comparisons_are_made_in_one_place() -> None:
    """`likeness.py` is counted above. What else compares is asked of names that an operator typed, 40 characters each,
    and of the lines of a file that is mended (`ma-lint fix --diff`)."""
    made = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if any(name.split(".")[0] in ("rapidfuzz", "difflib") for name in names):
                made.add(path.relative_to(PACKAGE).as_posix())
    names = {
        "arrow/columns.py",
        "cli.py",
        "encodings.py",
        "portal/settings.py",
        "rules/__init__.py",
        "scan/problems.py",
    }
    assert made == {"likeness.py", "mending.py", "settings.py", *names}
