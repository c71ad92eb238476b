"""Draws what `ma-lint` prints on a terminal, for the README: `python docs/images/terminal.py [--columns N] FILE.svg`.

Every character stands in its own cells, two for a kanji, so that the picture looks the same in any monospace font.
What follows `--` are the arguments of ma-lint.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path

import wcwidth

THEMES = {
    "dark": ("#0d1117", "#e6edf3", ("#ff7b72", "#3fb950", "#d29922", "#58a6ff", "#39c5cf")),
    "light": ("#ffffff", "#1f2328", ("#cf222e", "#116329", "#9a6700", "#0969da", "#1b7c83")),
}
CODES = ("31", "32", "33", "34", "36")
CELL, LINE, MARGIN, SIZE = 8.4, 19, 14, 14
FONTS = "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, 'Noto Sans Mono CJK JP', monospace"


def draw(text: str, columns: int, theme: str) -> str:
    """Return the SVG of a terminal `columns` wide that shows a text with its colours."""
    back, front, fills = THEMES[theme]
    colours = dict(zip(CODES, fills, strict=True))
    out: list[str] = []
    row, column, style = 0, 0, ""
    for piece in re.split(r"(\x1b\[[0-9;]*m|\n)", text):
        if piece == "\n":
            row, column = row + 1, 0
        elif piece.startswith("\x1b"):
            codes = piece[2:-1].split(";")
            fill = next((f' fill="{colours[code]}"' for code in codes if code in colours), "")
            style = fill + (' font-weight="bold"' if "1" in codes else "")
        else:
            for run in _runs(piece):
                width = wcwidth.wcswidth(run)
                while column + width > columns:  # as a terminal does
                    room = columns - column if run.isascii() else 0
                    out.append(_text(run[:room], row, column, room, style))
                    run, width, row, column = run[room:], width - room, row + 1, 0
                out.append(_text(run, row, column, width, style))
                column += width
    width, height = 2 * MARGIN + columns * CELL, 2 * MARGIN + (row + (column > 0)) * LINE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
        f'font-family="{FONTS}" font-size="{SIZE}" fill="{front}">\n'
        f'<rect width="100%" height="100%" rx="8" fill="{back}"/>\n' + "".join(out) + "</svg>\n"
    )


def _runs(text: str) -> Iterator[str]:
    """Yield ASCII in runs without wide gaps, and everything else by the character."""
    for run in re.findall(r"[!-~]+(?: [!-~]+)*| +|[^ -~]+", text):
        yield from (run,) if run.isascii() else wcwidth.iter_graphemes(run)


def _text(run: str, row: int, column: int, width: int, style: str) -> str:
    lead = len(run) - len(run.lstrip(" "))
    if not (run := run.strip(" ")):
        return ""
    width = len(run) if run.isascii() else width
    x, y = MARGIN + (column + lead) * CELL, MARGIN + (row + 0.75) * LINE
    fit = f' textLength="{width * CELL:.1f}" lengthAdjust="spacingAndGlyphs"'
    return f'<text x="{x:.1f}" y="{y:.1f}"{fit}{style}>{escape(run)}</text>\n'


def main() -> None:
    """Run ma-lint and draw what it prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--columns", type=int, default=100)
    parser.add_argument("--theme", choices=THEMES, default="dark")
    parser.add_argument("file", type=Path)
    own, given = sys.argv[1:], []
    if "--" in own:
        own, given = own[: own.index("--")], own[own.index("--") + 1 :]
    options = parser.parse_args(own)
    done = subprocess.run(
        [sys.executable, "-m", "ma_template", "--color=always", *given],
        env={**os.environ, "COLUMNS": str(options.columns), "PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=False,
    )
    options.file.write_text(draw(done.stdout, options.columns, options.theme), encoding="utf-8")


if __name__ == "__main__":
    main()
