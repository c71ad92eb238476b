"""How a rule's check is attached to its declaration, and what it is given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ma_template.diagnostics import Finding, Rule

if TYPE_CHECKING:  # the declarations alone must import fast: `ma-lint explain` needs nothing of this
    from datetime import date

    from ma_template.blocks import Block
    from ma_template.choices import Choices
    from ma_template.drafts import Fault
    from ma_template.reading import Reading
    from ma_template.service_request import ServiceRequest
    from ma_template.source import Source


class Earlier(NamedTuple):
    """An earlier update of the same SR, with its requests; `at` is None where nobody says when."""

    at: date | None
    readings: Sequence[Reading]


class Update(NamedTuple):
    """All that is known of an update when the rules are asked.

    `readings` are the blocks that were read, `nodes` all that were recognised (more, where a limit was met);
    `cut`: the text was longer than the limit. `sr`: the SR's own fields, where they are given; `earlier`: its requests
    before this update, as given.
    """

    source: Source
    readings: Sequence[Reading]
    live: Sequence[Reading]
    choices: Choices
    as_of: date
    resolver: Callable[[str], bool] | None
    cut: bool
    nodes: Sequence[Block]
    sr: ServiceRequest | None = None
    earlier: Sequence[Earlier] = ()

    @property
    def answered(self) -> Sequence[Reading]:
        """The blocks that are judged and that somebody filled in."""
        return [reading for reading in self.live if not reading.unfilled]


UpdateCheck = Callable[[Update], Iterable[Finding]]
BlockCheck = Callable[["Reading"], Iterable[Finding]]

# What looks for findings: filled when the rules' modules are imported, never later.
_OF_UPDATES: list[UpdateCheck] = []
_OF_SRS: list[UpdateCheck] = []
_OF_BLOCKS: list[BlockCheck] = []
_OF_ANSWERS: list[BlockCheck] = []
CHECKED: set[str] = set()
"""The codes that something looks for."""


def per_update(*rules: Rule) -> Callable[[UpdateCheck], UpdateCheck]:
    """Attach a check that looks at a whole update for what these rules report."""

    def attach(check: UpdateCheck) -> UpdateCheck:
        CHECKED.update(rule.code for rule in rules)
        _OF_UPDATES.append(check)
        return check

    return attach


def per_sr(*rules: Rule) -> Callable[[UpdateCheck], UpdateCheck]:
    """Attach a check that looks at an update beside its SR's own fields, for what these rules report."""

    def attach(check: UpdateCheck) -> UpdateCheck:
        CHECKED.update(rule.code for rule in rules)
        _OF_SRS.append(check)
        return check

    return attach


def per_block(*rules: Rule) -> Callable[[BlockCheck], BlockCheck]:
    """Attach a check that looks at one live block for what these rules report; its findings get the block's number."""

    def attach(check: BlockCheck) -> BlockCheck:
        CHECKED.update(rule.code for rule in rules)
        _OF_BLOCKS.append(check)
        return check

    return attach


def per_answer(*rules: Rule) -> Callable[[BlockCheck], BlockCheck]:
    """Attach a check that looks at one live block somebody filled in for what these rules report."""

    def attach(check: BlockCheck) -> BlockCheck:
        CHECKED.update(rule.code for rule in rules)
        _OF_ANSWERS.append(check)
        return check

    return attach


CLAIMS: dict[tuple[str, str], tuple[Rule, Callable[[Reading, Fault], Finding]]] = {}
"""Path and type of a validation error -> the rule that reports it. Filled when the rules' modules are imported."""


def claims(
    rule: Rule, *types: str
) -> Callable[[Callable[[Reading, Fault], Finding]], Callable[[Reading, Fault], Finding]]:
    """Attach what reports the strict model's errors of these types at the rule's field."""

    def attach(report: Callable[[Reading, Fault], Finding]) -> Callable[[Reading, Fault], Finding]:
        assert rule.field is not None
        CHECKED.add(rule.code)
        for kind in types:
            CLAIMS[rule.field, kind] = rule, report
        return report

    return attach


def look(update: Update) -> Iterator[Finding]:
    """Return what all rules find in an update, pointless or not, in no order."""
    for of_update in _OF_UPDATES:
        yield from of_update(update)
    if update.sr is not None:
        for of_sr in _OF_SRS:
            yield from of_sr(update)
    for reading in update.live:
        for check in _OF_BLOCKS:
            for finding in check(reading):
                yield finding._replace(block=reading.index)
        if reading.unfilled:
            continue
        for check in _OF_ANSWERS:
            for finding in check(reading):
                yield finding._replace(block=reading.index)
        for fault in reading.faults:
            claim = CLAIMS.get((fault.path, fault.type))
            if claim:
                yield claim[1](reading, fault)._replace(block=reading.index)
