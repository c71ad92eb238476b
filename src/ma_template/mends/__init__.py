"""How a damaged form is put right: edits to banners and prompts, and never to an answer (contract, section 4).

Every plan is tried before it is given out: the mended text is recognised and read again, and an edit after which any
answer, block or value would be read otherwise is taken back.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ma_template.choices import Choices
from ma_template.diagnostics import Finding
from ma_template.mends.values import CURRENT, OLDER, Edit, Left, Mend, Plan, apply
from ma_template.reading import Reading, read_block
from ma_template.recognise import find_blocks

__all__ = ["MENDED", "Edit", "Left", "Mend", "Plan", "apply", "plan", "settled"]

MENDED = frozenset({"MA102", "MA103", "MA104", "MA105", "MA111", "MA112"})

_MOST_TRIALS = 24  # a text that needs more was made to need more: what is not tried is not mended


def plan(
    text: str, readings: Sequence[Reading], found: Sequence[Finding], choices: Choices, *, modernise: bool = False
) -> Plan:
    """Return how to mend what can be mended among the findings.

    Args:
        text: the update.
        readings: all its blocks.
        found: what the rules say of them; only codes of `MENDED` are looked at.
        choices: the settings the blocks were read with.
        modernise: replace the older form by the current one, and labels by full prompts.
    """
    from ma_template.mends.planning import Planner  # few updates have something to mend

    steps: list[_Step] = []
    left: list[Left] = []
    by_block: dict[int | None, list[Finding]] = defaultdict(list)
    for finding in found:
        if finding.code in MENDED:
            by_block[finding.block].append(finding)
    for reading in readings:
        if reading.live:
            planner = Planner(text, reading, by_block[reading.index], modernise)
            steps += (_Step(reading.index, tuple(edits)) for edits in planner.steps() if edits)
            left += planner.left
    taken, refused = _tried(text, steps, readings, choices, modernise)
    left += (Left(mend.code, mend.span, "read-otherwise") for step in refused for mend in step.mends)
    return Plan(tuple(_edits(taken)), tuple(sorted(left, key=lambda one: (one.span, one.code))))


def settled(text: str, readings: Sequence[Reading], found: Sequence[Finding], choices: Choices) -> list[Finding]:
    """Return the findings, none of them marked fixable that cannot be mended after all."""
    if not any(finding.fixable for finding in found):
        return list(found)
    left = {(one.code, one.span) for one in plan(text, readings, found, choices).left}
    return [finding._replace(fixable=finding.fixable and (finding.code, finding.span) not in left) for finding in found]


class _Step(NamedTuple):
    """Edits of one block that only make sense together."""

    block: int
    edits: tuple[Edit, ...]

    @property
    def mends(self) -> list[Mend]:
        return [mend for edit in self.edits for mend in edit.mends]


def _edits(steps: Iterable[_Step]) -> list[Edit]:
    return sorted((edit for step in steps for edit in step.edits), key=lambda edit: edit.span)


def _tried(
    text: str, steps: Sequence[_Step], readings: Sequence[Reading], choices: Choices, modernise: bool
) -> tuple[list[_Step], list[_Step]]:
    """Divide steps into those after which everything is read as before, and those that have to be taken back."""
    taken: list[_Step] = []
    refused: list[_Step] = []
    waiting = [list(steps)] if steps else []
    trials = 0
    while waiting:
        some = waiting.pop()
        trials += 1
        if trials > _MOST_TRIALS:
            refused += some
        elif _reads_alike(apply(text, _edits(taken + some)), taken + some, readings, choices, modernise):
            taken += some
        elif len(some) == 1:
            refused += some
        else:
            half = len(some) // 2
            waiting += [some[half:], some[:half]]
    return taken, refused


def _reads_alike(
    mended: str, steps: Sequence[_Step], readings: Sequence[Reading], choices: Choices, modernise: bool
) -> bool:
    """Is every block there with its answers and values, and is nothing faulty any more that was to be mended?"""
    blocks = find_blocks(mended[: choices.max_characters], choices.additions)[: choices.max_blocks]
    if len(blocks) != len(readings):
        return False
    mends: dict[int, list[str]] = defaultdict(list)
    for step in steps:
        mends[step.block] += (mend.code for mend in step.mends)
    for before, block in zip(readings, blocks, strict=True):
        after = read_block(before.index, block, mended, before.as_of, choices)
        faults = _faults(before)
        faults.subtract(mends[before.index])
        if not _same(before, after, modernise) or _faults(after) - +faults:  # `+`: nothing below zero
            return False
    return True


def _same(before: Reading, after: Reading, modernise: bool) -> bool:
    modernised = modernise and before.template == OLDER and after.template == CURRENT
    return (
        (before.template == after.template or modernised)
        and before.language == after.language
        and before.quoted == after.quoted
        and before.missing == after.missing
        and before.invalid == after.invalid
        and before.answer_language == after.answer_language
        and _written(before) == _written(after)
        and all(
            before.sections[name].text(before.source) == after.sections[name].text(after.source)
            and len(before.sections[name].repeated) == len(after.sections[name].repeated)
            for name in before.sections
        )
    )


def _written(reading: Reading) -> str:
    """Return all that stands between the banners of a block but its prompts and labels, without the blanks."""
    found = []
    for line in reading.block.lines:
        start = line.body.start
        if line.kind in ("PROMPT", "LABEL"):
            start = line.body.end if line.answer is None else line.answer
        found.append(reading.source[start : line.body.end])
    return "".join("".join(found).split())


def _faults(reading: Reading) -> Counter[str]:
    """Count what can be mended in a block, by code."""
    block = reading.block
    banners = [banner for banner in (block.opening, block.closing) if banner]
    prompts = [line for section in reading.sections.values() for line in section.prompts]
    return Counter(
        {
            "MA102": block.closing is None,
            "MA103": block.opening is None,
            "MA104": sum(bool(banner.altered) for banner in banners),
            "MA105": len({banner.language for banner in banners}) > 1,
            "MA112": sum(bool(line.altered) for line in prompts),
        }
    )
