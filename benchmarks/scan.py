"""`ma-lint scan` beside pyarrow merely reading the same JSON Lines and writing them as Parquet (issues 7 and 8).

usage: python benchmarks/scan.py [--rows 100000,1000000] [--rounds N] [--folder DIR] [--json FILE]

The updates are those of benchmarks/updates.py: seeded, English and Japanese, 0.3 to 20 KB, 2 % with a block; a million
take about 5 GB in the folder. Time is told twice: by the clock, which other work on the machine disturbs, and of the
processors. Memory is the largest sum over all processes (shared pages counted once, `Pss`), sampled 10 times a second.
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
import threading
import time
from pathlib import Path
from typing import Any

import updates

PEER = """
import sys, pyarrow.json as pj, pyarrow.parquet as pq
reader = pj.open_json(sys.argv[1], read_options=pj.ReadOptions(block_size=8 << 20))
with pq.ParquetWriter(sys.argv[2], reader.schema) as writer:
    for batch in reader:
        writer.write_batch(batch)
"""
COLUMNS = ["--id-column", "sr", "--as-of-column", "updated_at", "--region-column", "region"]


def memory_of(root: int) -> int:
    """Return the memory of a process and those it started, in bytes."""
    total, waiting = 0, [root]
    while waiting:
        process = waiting.pop()
        try:
            rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
            total += next(int(line.split()[1]) << 10 for line in rollup.splitlines() if line.startswith("Pss:"))
            for task in os.listdir(f"/proc/{process}/task"):
                waiting += map(int, Path(f"/proc/{process}/task/{task}/children").read_text().split())
        except (OSError, StopIteration):
            continue
    return total


def measured(command: list[str], environment: dict[str, str]) -> dict[str, float]:
    """Run a command; return seconds by the clock and of the processors, and the most memory in bytes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    process = subprocess.Popen(command, env=environment)
    peak = 0
    ended = threading.Event()

    def sample() -> None:
        nonlocal peak
        while not ended.wait(0.1):
            peak = max(peak, memory_of(process.pid))

    sampler = threading.Thread(target=sample)
    sampler.start()
    status = process.wait()
    clock = time.perf_counter() - begun
    ended.set()
    sampler.join()
    if status:
        raise SystemExit(f"{command[:4]} ended with {status}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processors = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"clock": clock, "processors": processors, "memory": peak}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", default="100000,1000000")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--folder", help="where there is room (default: that of temporary files)")
    parser.add_argument("--json", metavar="FILE", help="write the figures there too")
    options = parser.parse_args()
    found: list[dict[str, Any]] = []
    for count in map(int, options.rows.split(",")):
        with tempfile.TemporaryDirectory(dir=options.folder) as name:
            source, target = Path(name, "updates.jsonl"), Path(name, "out.parquet")
            updates.write(str(source), count)
            size = source.stat().st_size
            scan = [sys.executable, "-m", "ma_template", "scan", str(source), "--output", str(target), *COLUMNS]
            programs = {
                "pyarrow": [sys.executable, "-c", PEER, str(source), str(target)],
                "ma-lint scan": [*scan, "--isolated", "--quiet"],
            }
            # Modules are compiled once, as an installer does.
            environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(Path(name, "bytecode"))}
            environment.pop("PYTHONDONTWRITEBYTECODE", None)
            updates.write(str(Path(name, "few.jsonl")), 100)
            few = [part.replace("updates.jsonl", "few.jsonl") for part in programs["ma-lint scan"]]
            subprocess.run(few, env=environment, check=True)
            target.unlink()
            runs: dict[str, list[dict[str, float]]] = {program: [] for program in programs}
            for _ in range(options.rounds):
                for program, command in programs.items():
                    runs[program].append(measured(command, environment))
                    target.unlink()
        print(f"{count:,} updates, {size / 1e6:,.0f} MB")
        for program, results in runs.items():
            row = {key: statistics.median(result[key] for result in results) for key in results[0]}
            found.append({"program": program, "rows": count, "bytes": size, **row})
            print(
                f"  {program:14} {row['clock']:7.1f} s  {row['processors']:7.1f} s of processors  "
                f"{count / row['clock']:9,.0f} rows/s  {size / row['clock'] / 1e6:6.0f} MB/s  "
                f"{row['memory'] / 1e6:6.0f} MB of memory"
            )
        peer, ours = found[-2:]
        print(
            f"  ratio: {ours['clock'] / peer['clock']:.2f} by the clock (goal 2.5, aim 1.5), "
            f"{ours['processors'] / peer['processors']:.2f} of processors"
        )
    scans = [row for row in found if row["program"] == "ma-lint scan"]
    if len(scans) > 1:
        print(f"memory, largest to smallest: {scans[-1]['memory'] / scans[0]['memory']:.2f} (at most 1.2)")
    if options.json:
        Path(options.json).write_text(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
