"""No look-alike becomes a block: search a machine's own files for blocks that are none.

usage: python benchmarks/lookalikes.py [FOLDER...]

Reads every text file with three asterisks in a row below the folders (by default a Debian machine's C headers, its
packages' documentation and Python's own library) and prints how many blocks were found in them: there should be none.
"""

from __future__ import annotations

import gzip
import sys
import sysconfig
import time
from pathlib import Path

from ma_template import parse

DEFAULT = [Path("/usr/include"), Path("/usr/share/doc"), Path(sysconfig.get_paths()["stdlib"])]


def texts(folders: list[Path]) -> list[tuple[Path, str]]:
    """Return path and content of every UTF-8 text file with three asterisks in a row."""
    found = []
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_symlink() or not path.is_file() or path.suffix in (".pyc", ".so", ".a"):
                continue
            try:
                data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
                if b"***" in data:
                    found.append((path, data.decode()))
            except (OSError, UnicodeDecodeError, EOFError):
                continue
    return found


def main() -> int:
    """Print the figures; the exit status is 1 if a block was found."""
    corpus = texts([Path(argument) for argument in sys.argv[1:]] or DEFAULT)
    started = time.perf_counter()
    blocks = [(path, len(parse(text).blocks)) for path, text in corpus]
    seconds = time.perf_counter() - started
    size = sum(len(text) for _, text in corpus) / 1e6
    for path, count in blocks:
        if count:
            print(f"{path}: {count} blocks")
    print(f"{len(corpus)} files, {size:.1f} million characters, {seconds:.1f} s: {sum(n for _, n in blocks)} blocks")
    return int(any(count for _, count in blocks))


if __name__ == "__main__":
    sys.exit(main())
