"""Feeds a target with what a coverage-guided fuzzer (atheris) makes up.

usage: python tests/fuzz/run.py TARGET [--minutes N] [--corpus FOLDER]      (needs the extra `fuzz`)

It starts from the fixtures, damages them in the target's own grammar (`mutators.py`) and keeps what reaches new code in
the corpus folder; a folder of an earlier run is gone on from. Where something does not hold, it stops and says which
file holds the case: put it into fixtures/fuzz/TARGET/, see `pytest tests/fuzz` fail, and mend it.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import atheris

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(Path(__file__).parent)]

with atheris.instrument_imports(include=["ma_template"]):
    import mutators
    import targets

# Bytes. Longer inputs reach the same code and cost more: `fix` reads a text some ten times for one answer.
LONGEST = {"check": 2_500, "fix": 2_000, "webhook": 5_000, "signature": 500, "mail": 5_000, "decoder": 2_000}
FIELDS = {
    "at": "2026-11-23T09:00:00Z",
    "number": 3,
    "lang": "ja",
    "opened": "1795424400",
    "severity": "4",
    "problem": "",
}


def seeds(target: str) -> Iterator[bytes]:
    """Yield what the fuzzer begins with."""
    dice = random.Random(0)
    updates = [path.read_bytes() for path in sorted((ROOT / "fixtures").rglob("*.txt")) if "unseen" not in path.parts]
    if target in ("check", "fix", "decoder"):
        yield from updates
    elif target == "webhook":
        yield from (path.read_bytes() for path in (ROOT / "docs" / "portal" / "examples").glob("*.json"))
        for data in updates:
            fields = {name: value for name, value in FIELDS.items() if dice.random() < 0.5}
            yield json.dumps({"text": data.decode("utf-8", "replace"), **fields}).encode()
    elif target == "mail":
        yield from (path.read_bytes() for path in (ROOT / "fixtures").rglob("*.eml"))
        yield from (mutators.as_mails(data.decode("utf-8", "replace"), dice) for data in updates)
    else:
        yield from (b"sha256=00\n1795424400\n{}", b"\n2026-11-23T09:00:00Z\n", b"v1,AAAA\nmsg_1 1795424400\nbody")


def main() -> None:
    """Run the fuzzer until the time is over."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", choices=sorted(targets.TARGETS))
    parser.add_argument("--minutes", type=float, default=10, help="processor time (default: %(default)s)")
    parser.add_argument("--corpus", type=Path, help="where inputs that reach new code are kept (default: a new folder)")
    options = parser.parse_args()
    target = options.target
    corpus = options.corpus or Path(tempfile.mkdtemp(prefix=f"ma-fuzz-{target}-"))
    corpus.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(seeds(target)):
        if len(data) <= LONGEST[target]:
            (corpus / f"seed-{number}").write_bytes(data)

    def mutate(data: bytes, limit: int, seed: int) -> bytes:
        if time.process_time() > options.minutes * 60:
            signal.raise_signal(signal.SIGUSR1)  # how the fuzzer is told to end and to print its figures
        dice = random.Random(seed)
        return mutators.MUTATORS[target](data, limit, dice, lambda data, limit: bytes(atheris.Mutate(data, limit)))

    def cross(one: bytes, other: bytes, limit: int, seed: int) -> bytes:
        return mutators.cross(one, other, limit, random.Random(seed))

    flags = {
        "max_len": LONGEST[target],
        "timeout": 600,  # on a busy machine a moment may take long
        "report_slow_units": 600,
        "rss_limit_mb": 2_000,
        "artifact_prefix": f"{corpus}/failed-",
        "print_final_stats": 1,
    }
    arguments = [sys.argv[0], str(corpus), *(f"-{name}={value}" for name, value in flags.items())]
    atheris.Setup(arguments, targets.TARGETS[target], custom_mutator=mutate, custom_crossover=cross)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
