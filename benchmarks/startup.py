"""How long `ma-lint` takes from start to end, as ratios to programs of its kind, in one run (issue 8, lines 4 and 5).

usage: python benchmarks/startup.py [--rounds N] [--profile]      (needs the extra `bench`)

Every round starts every program once, in turn, so that a busy machine slows all alike; medians of the
processor time are compared, which a busy machine disturbs less than the time on the clock.

All run as they do for somebody who has installed them: byte code and tables compiled beforehand, and without
interegular, which only developers have and which lark would load.
`--profile` shows what a start with a block spends its time on: modules, pattern compilation, tables.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from ma_template.wording import compile_tables, grammar_folder, templates

LIBRARIES = "import sys; sys.modules['interegular'] = None; import lark, pydantic, phonenumbers, email_validator"
ANSWERS = {
    "reason": "The order system of the Leeds warehouse is down, and 400 orders a day cannot be shipped.\n" * 3,
    "milestone": "Go-live of the new warehouse, 2026-12-15",
    "requester": "Imogen Achterberg\nPhone: +44 20 7946 0123\nE-mail: imogen.achterberg@example.com",
}
YAML = "".join(f"key{number:02}:\n  - first: 'value {number}'\n    second: true\n" for number in range(20))

PROFILE = """
import json, re._compiler, sys, time
spent = {"patterns": [0, 0.0], "tables": [0, 0.0]}
who = {}
def timed(name, real):
    depth = [0]
    def wrapper(*given, **more):
        begun = time.perf_counter(); depth[0] += 1
        try:
            return real(*given, **more)
        finally:
            depth[0] -= 1
            if not depth[0]:
                took = time.perf_counter() - begun
                spent[name][0] += 1; spent[name][1] += took
                frame = sys._getframe(1)
                while "ma_template" not in frame.f_code.co_filename and frame.f_back: frame = frame.f_back
                at = frame.f_code.co_filename.rpartition("site-packages/")[2].rpartition("src/")[2]
                entry = who.setdefault((name, at), [0, 0.0]); entry[0] += 1; entry[1] += took
    return wrapper
re._compiler.compile = timed("patterns", re._compiler.compile)
json.loads = timed("tables", json.loads)
begun = time.perf_counter()
import ma_template.cli
status = ma_template.cli.main(sys.argv[1:])
whole = time.perf_counter() - begun
print(f"in all {1000 * whole:.0f} ms", file=sys.stderr)
for name, (count, took) in spent.items():
    print(f"{name}: {count}, {1000 * took:.0f} ms", file=sys.stderr)
for (name, at), (count, took) in sorted(who.items(), key=lambda item: -item[1][1])[:16]:
    print(f"  {1000 * took:6.1f} ms  {count:4} {name:8}  {at}", file=sys.stderr)
"""


def main() -> None:
    """Measure, print, and with `--profile` say where the time goes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    compile_tables(grammar_folder())
    with tempfile.TemporaryDirectory() as folder:
        plain, block, yaml = (Path(folder) / name for name in ("plain.txt", "block.txt", "some.yaml"))
        plain.write_text("The interface has failed since Thursday, and nobody knows why.\n" * 16)
        form = next(t for t in templates() if (t.name, t.language) == ("management-attention", "en"))
        filled = (f"{form.prompts[section]}\n{answer}" for section, answer in ANSWERS.items())
        block.write_text("\n".join([form.opening, *filled, form.closing, ""]))
        yaml.write_text(f"---\n{YAML}")
        lint = [sys.executable, "-m", "ma_template"]
        programs = {
            "python, nothing": [sys.executable, "-c", "pass"],
            "yamllint, 1 KB": [sys.executable, "-m", "yamllint", str(yaml)],
            "ma-lint --version": [*lint, "--version"],
            "ma-lint, no block": [*lint, str(plain)],
            "the four libraries": [sys.executable, "-c", LIBRARIES],
            "ma-lint, a block": [*lint, "--as-of", "2026-11-23", str(block)],
        }
        if options.profile:
            command = [sys.executable, "-c", PROFILE, *programs["ma-lint, a block"][3:]]
            subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        times = measure(programs, options.rounds, Path(folder) / "bytecode")
    median = {name: statistics.median(processor for processor, _ in taken) for name, taken in times.items()}
    for name, taken in times.items():
        clock = statistics.median(clock for _, clock in taken)
        print(f"{name:20} {1000 * median[name]:6.0f} ms of processor time, {1000 * clock:6.0f} ms on the clock")
    for name, peer, goal, aim in (
        ("ma-lint --version", "yamllint, 1 KB", 0.6, 0.4),
        ("ma-lint, no block", "yamllint, 1 KB", 0.6, 0.4),
        ("ma-lint, a block", "the four libraries", 1.2, None),
        ("ma-lint, a block", "yamllint, 1 KB", None, 1.0),
    ):
        wanted = ", ".join(f"{word} {value}" for word, value in (("goal", goal), ("aim", aim)) if value)
        print(f"{name} / {peer}: {median[name] / median[peer]:.2f} ({wanted})")


def measure(programs: dict[str, list[str]], rounds: int, bytecode: Path) -> dict[str, list[tuple[float, float]]]:
    """Return the seconds that each program took in each round, of processor time and on the clock.

    The first round only compiles, as an installer does.
    """
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(bytecode)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in programs}
    for number in range(rounds + 1):
        for name, command in programs.items():
            begun, spent = time.perf_counter(), processor_time()
            done = subprocess.run(
                command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False
            )
            taken = processor_time() - spent, time.perf_counter() - begun
            if done.returncode:
                raise SystemExit(f"{name} failed: {done.stderr.decode()}")
            if number:
                times[name].append(taken)
    return times


def processor_time() -> float:
    """Return the seconds that all children have taken so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
