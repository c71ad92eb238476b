"""Writes the pages under docs/rules/ and docs/reference/, or says which are out of date."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from ma_template import check
from ma_template.cli import parsers
from ma_template.reference import command_line, report, rules, settings
from ma_template.rules import RULES

ROOT = Path(__file__).parents[3]  # of a checkout
DOCS = ROOT / "docs"

_NOTE = "<!-- Made by `python -m ma_template.reference`: change the declarations in {source}. -->\n\n"
_EXAMPLE = "fixtures/good/en/two-contacts.txt"


def pages() -> dict[str, str]:
    """Return every page by its path below docs/."""
    commands = parsers()[1]
    options = {name for action in commands["check"]._actions for name in action.option_strings}
    example = check((ROOT / _EXAMPLE).read_text(encoding="utf-8"), as_of="2026-11-23")
    return {
        "rules/index.md": _noted("src/ma_template/rules/", rules.index()),
        **{f"rules/{rule.code}.md": _noted("src/ma_template/rules/", rules.page(rule)) for rule in RULES.values()},
        "reference/command-line.md": _noted("src/ma_template/cli.py", command_line.page(commands)),
        "reference/settings.md": _noted("src/ma_template/config.py", settings.page(options)),
        "reference/report.md": _noted("src/ma_template/models.py", report.page(example)),
    }


def _noted(source: str, page: str) -> str:
    return _NOTE.format(source=source) + page


def stale(docs: Path = DOCS) -> list[str]:
    """Return the pages below `docs` that are missing, out of date or made of nothing."""
    wanted = pages()
    folders = sorted({name.partition("/")[0] for name in wanted})
    there = {
        path.relative_to(docs).as_posix(): path.read_text(encoding="utf-8")
        for folder in folders
        for path in (docs / folder).glob("*.md")
    }
    return sorted(name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name))


def write(docs: Path = DOCS) -> list[str]:
    """Bring the pages below `docs` up to date and return those that were not."""
    wanted = pages()
    changed = stale(docs)
    for name in changed:
        path = docs / name
        if name in wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted[name], encoding="utf-8", newline="\n")
        else:
            path.unlink()
    return changed


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the pages, or with `--check` say which are out of date (exit status 1)."""
    parser = argparse.ArgumentParser(prog="python -m ma_template.reference", description=main.__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; exit status 1 if a page is out of date")
    parser.add_argument("--docs", type=Path, default=DOCS, help="default: docs of this checkout")
    given = parser.parse_args(arguments)
    changed = stale(given.docs) if given.check else write(given.docs)
    for name in changed:
        print(f"{'out of date' if given.check else 'written'}: {given.docs / name}")
    if given.check and changed:
        print("python -m ma_template.reference writes them", file=sys.stderr)
    return 1 if given.check and changed else 0


if __name__ == "__main__":
    sys.exit(main())
