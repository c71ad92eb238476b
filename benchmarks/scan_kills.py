"""`ma-lint scan` killed (SIGKILL) again and again at random moments and resumed: the same rows in the same order.

usage: python benchmarks/scan_kills.py [--kills N] [--rows N] [--seed N]

An uninterrupted scan tells how long it takes and what is right. Then scans are killed, each at a random moment of that
time, and resumed, until there were enough kills; whenever one comes to its end, its output is compared, row by row and
byte by byte, and the next one begins anew. Ends with exit status 1 at the first difference.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyarrow.parquet as pq
import updates

OPTIONS = ["--id-column", "sr", "--as-of-column", "updated_at", "--region-column", "region", "--isolated", "--quiet"]


def main() -> int:
    """Kill, resume, compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        source, expected, output = (Path(folder, name) for name in ("updates.jsonl", "expected.parquet", "out.parquet"))
        updates.write(str(source), options.rows, options.seed)
        scan = [sys.executable, "-m", "ma_template", "scan", str(source), *OPTIONS, "--chunk-bytes", str(1 << 20)]
        begun = time.monotonic()
        subprocess.run([*scan, "--output", str(expected)], check=True)
        whole = time.monotonic() - begun
        print(f"uninterrupted: {whole:.1f} s, {options.rows:,} rows")
        kills = compared = 0
        unfinished = True
        while kills < options.kills or unfinished:
            unfinished = True
            process = subprocess.Popen([*scan, "--output", str(output), "--resume"])
            try:
                process.wait(chance.uniform(0, whole) if kills < options.kills else None)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                kills += 1
                kept = Path(folder, ".out.parquet.scan")
                if kept.exists() or not output.exists():
                    parts = len(list(kept.glob("*.json"))) if kept.exists() else 0
                    print(f"killed for the {kills}. time; parts kept: {parts}")
                    continue
                print(f"killed for the {kills}. time, when all was done")
            else:
                if process.returncode:
                    print(f"a scan ended with {process.returncode}")
                    return 1
            same = pq.read_table(output).equals(pq.read_table(expected))
            bytes_too = output.read_bytes() == expected.read_bytes()
            left = sorted(os.listdir(folder))
            print(f"came to its end: the same rows: {same}; the same bytes: {bytes_too}")
            if not same or left != ["expected.parquet", "out.parquet", "updates.jsonl"]:
                print(f"left in the folder: {left}")
                return 1
            compared += 1
            unfinished = False
            output.unlink()
    print(f"{kills} kills, {compared} scans compared: the same rows in the same order")
    return 0


if __name__ == "__main__":
    sys.exit(main())
