"""Every update under fixtures/ has its approved twins: what was recognised, and the whole report."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from conftest import FIXTURES
from ma_template import check, parse
from ma_template.blocks import Block, Tree
from ma_template.source import Source

AS_OF = "2026-11-23"
FOLDERS = ("devset", "good", "bad")
UPDATES = sorted(path for folder in FOLDERS for path in (FIXTURES / folder).rglob("*.txt"))


def drawn(text: str, tree: Tree) -> Iterator[str]:
    """Draw a tree, a line for each line of the update that means something, to be read in a diff."""
    source = Source(text)

    def at(offset: int) -> str:
        return "({}:{})".format(*source.place(offset))

    for node in tree.nodes:
        banners = [node.opening, node.closing] if isinstance(node, Block) else []
        kind = "BLOCK" if isinstance(node, Block) else "JUNK"
        yield f"{kind} {at(node.span.start)}-{at(node.span.end)}"
        for name, banner in zip(("opening", "closing"), banners, strict=False):
            if banner:
                role = f"{banner.template}/{banner.language}"
                yield f"  {at(banner.span.start)} {name} {role} {' '.join(banner.altered)}".rstrip()
            else:
                yield f"  no {name}"
        for line in node.lines:
            words = text[line.body.start : line.body.end][:40].replace("\r", "␍").replace("\n", "␊")
            role = f" {line.section}/{line.language}" if line.section else ""
            answer = f" answer {at(line.answer)}" if line.answer is not None else ""
            yield f"  {at(line.body.start)} {line.kind}{role}{answer} {' '.join(line.altered)}|{words}|"


@pytest.mark.parametrize("path", UPDATES, ids=lambda path: str(path.relative_to(FIXTURES)))
def test_blocks_and_report_are_as_approved(path: Path, approved: Callable[[Path, str], None]) -> None:
    text = path.read_bytes().decode()
    approved(path.with_suffix(".blocks"), "\n".join(drawn(text, parse(text))) + "\n")
    report = check(text, as_of=AS_OF).model_dump(mode="json")
    approved(path.with_suffix(".report.json"), json.dumps(report, ensure_ascii=False, indent=1) + "\n")


def test_there_are_updates_in_every_folder() -> None:
    for folder in FOLDERS:
        assert any(path.is_relative_to(FIXTURES / folder) for path in UPDATES), folder


def test_no_twin_without_its_update() -> None:
    found = [path for folder in FOLDERS for path in (FIXTURES / folder).rglob("*")]
    twins = [path for path in found if path.suffix in (".blocks", ".json")]
    stray = [path for path in twins if not path.with_name(path.name.split(".")[0] + ".txt").exists()]
    assert not stray
