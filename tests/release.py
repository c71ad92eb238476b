"""Writes what a release leaves behind, for later versions to read: fixtures/releases/VERSION/.

usage: python tests/release.py      (once, before a release is tagged; what is there is never written anew)

fixtures/releases/updates.jsonl is checked in every shape in which results are stored, and beside them are kept the
schemas and what a caller may name. tests/test_compatibility.py reads all of it with the version of the day.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import sys
from pathlib import Path

import ma_template
from ma_template.cli import main, parsers
from ma_template.rules import RULES

RELEASES = Path(__file__).parents[1] / "fixtures" / "releases"
UPDATES = RELEASES / "updates.jsonl"
AS_OF = "2026-11-23"
_COLUMNS = ["--id-column", "sr", "--as-of-column", "updated_at", "--isolated", "--jobs", "1"]


def told(*arguments: str) -> str:
    """Return what `ma-lint` prints."""
    with contextlib.redirect_stdout(io.StringIO()) as out:
        status = main(list(arguments))
    if status not in (0, 1):
        raise SystemExit(f"ma-lint {' '.join(arguments)}: exit status {status}")
    return out.getvalue()


def public() -> dict[str, object]:
    """Return what a caller may name: names of the library, rules, options with their choices."""
    return {
        "library": sorted(ma_template.__all__),
        "rules": {code: [rule.name, rule.severity.value] for code, rule in RULES.items()},
        "options": {
            name: {
                option: list(action.choices) if action.choices and option.startswith("--") else []
                for action in command._actions
                for option in action.option_strings
            }
            for name, command in parsers()[1].items()
        },
    }


def write(folder: Path) -> None:
    """Write everything into a new folder."""
    folder.mkdir()
    (folder / "report.schema.json").write_text(told("schema"), encoding="utf-8")
    (folder / "config.schema.json").write_text(told("config", "--schema"), encoding="utf-8")
    (folder / "public.json").write_text(json.dumps(public(), indent=1) + "\n", encoding="utf-8")
    rows = [json.loads(line) for line in UPDATES.read_text(encoding="utf-8").splitlines()]
    shutil.copy(UPDATES, ".")
    names = []
    for number, row in enumerate(rows):
        if row["body"] is not None:
            names.append(f"{number:02}.txt")
            Path(names[-1]).write_bytes(row["body"].encode())
    check = ["check", "--isolated", "--as-of", AS_OF]
    for name, options in {
        "reports.json": ["--format", "json"],
        "reports.jsonl": ["--format", "jsonl", "--lang", "ja", "--offsets", "utf-16"],
        "redacted.jsonl": ["--format", "jsonl", "--redact"],
    }.items():
        (folder / name).write_text(told(*check, *options, *names), encoding="utf-8")
    for name, options in {
        "results.parquet": [],
        "results.jsonl": [],
        "requests.parquet": ["--rows", "requests"],
        "requests.csv": [],
    }.items():
        told("scan", UPDATES.name, *_COLUMNS, *options, "--quiet", "--output", str(folder / name))
    for name in ("history.json", "history.parquet"):
        kind = name.rpartition(".")[2]
        told("history", str(folder / "results.parquet"), "--format", kind, "--output", str(folder / name))


if __name__ == "__main__":
    import tempfile

    target = RELEASES / ma_template.__version__
    if target.exists():
        sys.exit(f"{target} is there already: what a release wrote is never written anew")
    with tempfile.TemporaryDirectory() as place:
        os.chdir(place)
        write(target)
    print(f"written: {target}")
