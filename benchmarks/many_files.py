"""`ma-lint` on 1,000 files with a block of 1 KB each, beside check-jsonschema on 1,000 JSON files of the same content.

usage: python benchmarks/many_files.py [--files N] [--rounds N]      (needs the extra `bench`)

Prints medians of interleaved rounds and the ratio (issue 8, line 6). Every file is different. check-jsonschema has one
process, so `--jobs 1` compares like with like; the default number of jobs is what a user meets: what counts there is
the time on the clock, and it means something only where all processors are free. All run as they do for somebody who
has installed them: byte code and tables compiled beforehand.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from ma_template.wording import compile_tables, grammar_folder, templates

TEXT = {"type": "string", "minLength": 1}
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "additionalProperties": False,
    "required": ["reason", "milestone", "requester"],
    "properties": {
        "reason": TEXT,
        "milestone": {
            "type": "object",
            "required": ["text", "date"],
            "properties": {"text": TEXT, "date": {"type": "string", "format": "date"}},
        },
        "requester": {
            "type": "object",
            "required": ["name", "phone", "email"],
            "properties": {
                "name": TEXT,
                "phone": {"type": "string", "pattern": r"^\+[0-9 ()-]{7,20}$"},
                "email": {"type": "string", "format": "email"},
            },
        },
    },
}


def request(number: int) -> dict[str, Any]:
    """Return one of many requests."""
    return {
        "reason": f"Interface {number} of the Leeds warehouse has failed, and {number + 7} orders cannot be shipped.\n"
        * 4,
        "milestone": {"text": "Go-live of the new warehouse", "date": f"2026-12-{1 + number % 28:02}"},
        "requester": {
            "name": "Imogen Achterberg",
            "phone": f"+44 20 7946 0{number % 1000:03}",
            "email": f"imogen.achterberg{number}@example.com",
        },
    }


def update(given: dict[str, Any]) -> str:
    """Return a request in the published form."""
    form = next(t for t in templates() if (t.name, t.language) == ("management-attention", "en"))
    milestone, requester = given["milestone"], given["requester"]
    answers = {
        "reason": given["reason"],
        "milestone": f"{milestone['text']}, {milestone['date']}",
        "requester": "\n".join(requester.values()),
    }
    filled = (f"{form.prompts[section]}\n{answer}" for section, answer in answers.items())
    return "\n".join([form.opening, *filled, form.closing, ""])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    compile_tables(grammar_folder())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for kind in ("updates", "requests"):
            (folder / kind).mkdir()
        for number in range(options.files):
            given = request(number)
            (folder / "updates" / f"{number:05}.txt").write_text(update(given))
            (folder / "requests" / f"{number:05}.json").write_text(json.dumps(given, indent=2))
        (folder / "schema.json").write_text(json.dumps(SCHEMA))
        lint = [sys.executable, "-m", "ma_template", "--as-of", "2026-11-23", str(folder / "updates")]
        peer = [sys.executable, "-m", "check_jsonschema", "--schemafile", str(folder / "schema.json")]
        programs = {
            "check-jsonschema": [*peer, *map(str, sorted((folder / "requests").iterdir()))],
            "ma-lint --jobs 1": [*lint, "--jobs", "1"],
            "ma-lint": lint,
        }
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(folder / "bytecode")}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        times: dict[str, list[tuple[float, float]]] = {program: [] for program in programs}
        for number in range(options.rounds + 1):  # the first round only compiles, as an installer does
            for program, command in programs.items():
                begun, spent = time.perf_counter(), processor_time()
                subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
                if number:
                    times[program].append((processor_time() - spent, time.perf_counter() - begun))
    medians = {
        program: tuple(statistics.median(column) for column in zip(*taken, strict=True))
        for program, taken in times.items()
    }
    for program, (processor, clock) in medians.items():
        print(f"{program:18} {processor:6.2f} s of processor time, {clock:6.2f} s on the clock")
    of_peer = medians["check-jsonschema"]
    for program in ("ma-lint --jobs 1", "ma-lint"):
        processor, clock = (own / peer for own, peer in zip(medians[program], of_peer, strict=True))
        print(f"{program} / check-jsonschema: {processor:.2f} and {clock:.2f} (goal 1.2, aim 0.8)")


def processor_time() -> float:
    """Return the seconds that all children have taken so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
