"""The table of what `check` and `ma-lint` are to reach: each row a ratio within this run, beside its goal and aim.

usage: python benchmarks/table.py [--rows 1,2,3] [--quick] [--json FILE]      (needs the extra `bench`)

Rows 1 to 3, 8 and 9 are measured here; 4 to 7 and 10 by the programs beside this one, whose ratios are taken over.
Rounds are interleaved and medians of processor time compared, so that a busy machine slows both sides alike. `--quick`
takes smaller texts and fewer rounds. Exit status 1: a goal is not reached. What each row means: docs/performance.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from check_speed import block, feature, timed

from ma_template import check
from ma_template.wording import published

AS_OF = "2026-11-23"
HERE = Path(__file__).parent


class Row(NamedTuple):
    """One line of the table. `figure` is a ratio; None where it could not be measured, then `note` says why."""

    number: int
    work: str
    against: str
    figure: float | None
    goal: float | None
    aim: float | None
    note: str = ""
    least: bool = False  # the figure is to be at least the goal

    @property
    def reached(self) -> bool:
        """Return whether the goal is reached."""
        if self.goal is None:
            return True
        if self.figure is None:
            return False
        return self.figure >= self.goal if self.least else self.figure <= self.goal


def medians(rounds: int, *works: Callable[[], object], seconds: float = 0.2) -> list[float]:
    """Return microseconds a call of each, medians of interleaved rounds; the first round only warms up."""
    taken: list[list[float]] = [[] for _ in works]
    for _ in range(rounds + 1):
        for times, work in zip(taken, works, strict=True):
            times.append(timed(work, seconds))
    return [statistics.median(times[1:]) for times in taken]


# ---------------------------------------------------------------------------------------------------------------------
# 1, 2: one block


def one_block(quick: bool) -> Iterator[Row]:
    """Return `check` of a filled block beside a parser of its kind, and beside the least that a script could do."""
    import phonenumbers
    from email_validator import validate_email
    from gherkin.parser import Parser
    from gherkin.token_scanner import TokenScanner

    for language in ("en", "ja"):
        text, peer = block(language), feature(language)
        assert check(text, as_of=AS_OF).status == "complete"
        prompts = list(published("management-attention", language).prompts.values())
        dates = ("2026-12-01", "2026-11-27")
        numbers = ("03-5555-0123", "090-1234-5678") if language == "ja" else ("+81-3-5555-0123", "+81 90-1234-5678")
        gherkin = Parser()

        def least(
            text: str = text, prompts: list[str] = prompts, numbers: tuple[str, ...] = numbers, dates: Any = dates
        ) -> None:
            for prompt in prompts:
                text.index(prompt)
            for day in dates:
                date.fromisoformat(day)
            for number in numbers:
                phonenumbers.parse(number, "JP")
            validate_email("taro.yamada@example.co.jp", check_deliverability=False)

        ours, parsing, script = medians(
            3 if quick else 9,
            lambda text=text: check(text, as_of=AS_OF),
            lambda peer=peer, gherkin=gherkin: gherkin.parse(TokenScanner(peer)),
            least,
        )
        size = len(text.encode())
        told = f"check {ours:.0f} us, {size} bytes"
        yield Row(1, f"a filled block, {language}", f"gherkin {parsing:.0f} us", ours / parsing, 0.8, 0.45, told)
        yield Row(2, f"a filled block, {language}", f"script {script:.0f} us", ours / script, 3, 2, told)


# ---------------------------------------------------------------------------------------------------------------------
# 3: texts without a block


def logs(characters: int) -> dict[str, str]:
    """Return texts without a block: prose, a log with asterisks, and one that speaks of requests and managers."""
    chance = random.Random(1)
    words = re.split(
        " ", "the order system was started at node and service returned an error after restart of database"
    )
    plain = [" ".join(chance.choices(words, k=12)) for _ in range(1_000)]
    starred = [f"*** {line} ***" if number % 10 == 0 else line for number, line in enumerate(plain)]
    worded = [f"{line}, request {number}" if number % 20 == 0 else line for number, line in enumerate(starred)]
    return {
        name: "\n".join(chance.choices(lines, k=characters // 65))
        for name, lines in (("prose", plain), ("a log with asterisks", starred), ("a log of requests", worded))
    }


def without_block(quick: bool) -> Iterator[Row]:
    """Return `check` of long texts without a block beside a search for one word."""
    for name, text in logs(1_000_000 if quick else 10_000_000).items():
        assert not check(text, as_of=AS_OF).blocks
        ours, search = medians(
            3, lambda text=text: check(text, as_of=AS_OF), lambda text=text: "milestone" in text.lower(), seconds=0.02
        )
        note = f"{len(text) / 1e6:.0f} MB, {ours / 1000:.0f} ms"
        if name == "a log of requests":
            yield Row(3, name, "'milestone' in text.lower()", ours / search, None, None, note)
        else:
            yield Row(3, name, "'milestone' in text.lower()", ours / search, 5, 2, note)


# ---------------------------------------------------------------------------------------------------------------------
# 8: growth


def hostile() -> dict[str, Callable[[int], str]]:
    """Return the hostile kinds of text, each by the number of characters."""
    form = published("management-attention", "en")
    prompts = "\n".join(form.prompts.values()) + "\n"
    quoted = f"> {form.opening}\n> {prompts.splitlines()[0]}\n> it stops\n> {form.closing}\n\n"
    in_answer = f"{form.opening}\n{prompts}"

    def repeated(piece: str, before: str = "", behind: str = "") -> Callable[[int], str]:
        return lambda size: before + piece * ((size - len(before) - len(behind)) // len(piece)) + behind

    return {
        "asterisks only": repeated("*"),
        "lines of asterisks": repeated("*" * 30 + "\n"),
        "opening banners only": repeated(form.opening + "\n"),
        "prompts only": repeated(prompts),
        "misspelt prompts": repeated("Reson for requestd managment atention, includng busines impact\n", in_answer),
        "quoted blocks": repeated(quoted),
        "one line": repeated("word ", in_answer, "\n" + form.closing),
        "line ends only": repeated("\n", form.opening, form.closing),
        "nested look-alikes": repeated("*** *** Request *** Management *** Attention ***\n"),
        "broken banners": repeated("***\nRequest Management Attention\n***\n"),
        "dense dates": repeated("2026-12-01, 3/4, 1 Dec 2026, ", in_answer),
        "lines of dates": repeated("Go-live 2026-12-01\n", in_answer),
        "dense digits": repeated("+81 3-5555-0123 ", in_answer),
        "lines of digits": repeated("+81 3-5555-0123\n", in_answer),
    }


def growth(quick: bool) -> Iterator[Row]:
    """Return the largest factor by which processor time grows when a text is doubled, for each hostile kind."""
    sizes = [125_000, 250_000, 500_000] if quick else [1_000_000, 2_000_000, 4_000_000, 8_000_000]
    for name, make in hostile().items():
        times = []
        for size in sizes:
            text = make(size)
            begun = time.process_time()
            check(text, as_of=AS_OF)
            times.append(time.process_time() - begun)
        factors = [later / max(before, 0.01) for before, later in pairwise(times)]  # 10 ms: no time
        told = ", ".join(f"{seconds:.2f}" for seconds in times) + " s"
        yield Row(8, name, "itself, twice as long", max(factors), 2.2, None, told)


# ---------------------------------------------------------------------------------------------------------------------
# 9: memory

# The peak is set back (Linux) once the text is there: making it took more than the text.
PEAK = """
import re, sys
sys.path.insert(0, {folder!r})
from table import logs, hostile
from ma_template import check
check("*** Request Management Attention ***\\nGo-live 2026-12-01\\n+81 3-5555-0123", as_of={as_of!r})
text = {text}
def status(name):
    return int(re.search(name + r":\\s*(\\d+)", open("/proc/self/status").read())[1]) * 1024
open("/proc/self/clear_refs", "w").write("5")
before = status("VmRSS")
check(text, as_of={as_of!r})
print((status("VmHWM") - before) / len(text))
"""


def memory(quick: bool) -> Iterator[Row]:
    """Return how much memory `check` takes beside the text, in the text's own size; each in a process of its own."""
    size = 10_000_000 if quick else 100_000_000
    log, unclosed = f"logs({size})['a log with asterisks']", "hostile()['lines of dates'](2000)"
    texts = {
        "prose": f"logs({size})['prose']",
        "a block, then a log": f"hostile()['one line'](2000) + '\\n' + {log}",
        "an unclosed block, then a log": f"{unclosed} + {log}",
        "a lone banner, then a log": f"hostile()['opening banners only'](70) + {log}",
        "line ends only": f"hostile()['line ends only']({size})",
    }
    for name, text in texts.items():
        code = PEAK.format(folder=str(HERE), as_of=AS_OF, text=text)
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        yield Row(9, name, f"{size // 1_000_000} MB of text", float(done.stdout), 4, 2)


# ---------------------------------------------------------------------------------------------------------------------
# 4 to 7, 10: measured by other programs


class Elsewhere(NamedTuple):
    """A row that another program measures: its command, and how its ratio is found in what it prints."""

    number: int
    work: str
    against: str
    goal: float
    aim: float
    command: tuple[str, ...]
    ratio: str
    least: bool = False


ELSEWHERE = (
    Elsewhere(
        4, "ma-lint, 1 KB with a block", "importing its libraries", 1.2, 1.0, ("startup.py",),
        r"ma-lint, a block / the four libraries: ([0-9.]+)",
    ),
    Elsewhere(
        5, "ma-lint, no block", "yamllint, 1 KB", 0.6, 0.4, ("startup.py",),
        r"ma-lint, no block / yamllint, 1 KB: ([0-9.]+)",
    ),
    Elsewhere(
        6, "ma-lint, 1,000 files", "check-jsonschema, 1,000 files", 1.2, 0.8, ("many_files.py",),
        r"ma-lint / check-jsonschema: ([0-9.]+)",
    ),
    Elsewhere(
        7, "ma-lint scan, 1 million updates", "pyarrow, the same data", 2.5, 1.5, ("scan.py", "--rows", "1000000"),
        r"ratio: ([0-9.]+)",
    ),
    Elsewhere(
        10, "/v1/check, requests per second", "an endpoint that answers the same", 0.55, 0.65, ("portal_load.py",),
        r"(?m)^plain, usual +[0-9.]+ +([0-9.]+)", least=True,
    ),
)  # fmt: skip


def elsewhere(numbers: set[int]) -> Iterator[Row]:
    """Return the rows of the other programs; each program runs once."""
    printed: dict[tuple[str, ...], str] = {}
    for one in ELSEWHERE:
        if one.number not in numbers:
            continue
        figure, note = None, " ".join(one.command)
        if not (HERE / one.command[0]).exists():
            note += ": to come"
        else:
            if one.command not in printed:
                command = [sys.executable, str(HERE / one.command[0]), *one.command[1:]]
                done = subprocess.run(command, capture_output=True, text=True, check=False)
                printed[one.command] = done.stdout
            found = re.search(one.ratio, printed[one.command])
            figure = float(found[1]) if found else None
            note += "" if found else ": printed no ratio"
        yield Row(one.number, one.work, one.against, figure, one.goal, one.aim, note, one.least)


# ---------------------------------------------------------------------------------------------------------------------


def rows(numbers: set[int], quick: bool) -> Iterator[Row]:
    """Return the rows of these numbers, in the order in which they are measured."""
    if numbers & {1, 2}:
        yield from (row for row in one_block(quick) if row.number in numbers)
    if 3 in numbers:
        yield from without_block(quick)
    yield from elsewhere(numbers)
    if 8 in numbers:
        yield from growth(quick)
    if 9 in numbers:
        yield from memory(quick)


def told(row: Row) -> str:
    """Return a row as it is printed."""
    figure = "-" if row.figure is None else f"{row.figure:.2f}"
    sign = ">=" if row.least else "<="
    goal, aim = ("" if limit is None else f"{sign} {limit:g}" for limit in (row.goal, row.aim))
    mark = "" if row.figure is None or row.goal is None else "yes" if row.reached else "no"
    return f"{row.number:>2} {row.work:32} {row.against:34} {figure:>8} {goal:8} {aim:8} {mark:4} {row.note}"


def main() -> None:
    """Print the table, and write it as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", default="1,2,3,4,5,6,7,8,9,10", help="numbers with commas between")
    parser.add_argument("--quick", action="store_true", help="smaller texts, fewer rounds")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the table there, too")
    options = parser.parse_args()
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{machine}; load average {os.getloadavg()[0]:.1f}")
    print(f"{'':2} {'work':32} {'against':34} {'figure':>8} {'goal':8} {'aim':8} {'met':4}")
    found = []
    for row in rows({int(number) for number in options.rows.split(",")}, options.quick):
        found.append(row)
        print(told(row), flush=True)
    if options.json:
        table = [{**row._asdict(), "reached": row.reached} for row in found]
        options.json.write_text(json.dumps({"machine": machine, "rows": table}, indent=2) + "\n")
    sys.exit(any(row.figure is not None and not row.reached for row in found))


if __name__ == "__main__":
    main()
