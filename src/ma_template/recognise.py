"""Source -> tree, by the LALR grammar `grammar/update.lark`, which Lark has compiled (`compiling.py`).

No text can make it raise or recurse: every line has a terminal, and the grammar takes every sequence of terminals.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ma_template.additions import Additions, own_forms
from ma_template.blocks import Banner, Block, Junk, Node, Tree
from ma_template.candidates import maybe
from ma_template.lines import Line, may_open, name_lines
from ma_template.source import Span
from ma_template.update_table import RULES, STATES


class _Situation:
    """What was read so far: nodes that are settled, and the lines of the stretch that is not."""

    __slots__ = ("below", "closing", "lines", "nodes", "opening")

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.lines: list[Line] = []
        self.opening: list[Line] = []
        self.closing: list[Line] = []
        self.below: list[Line] = []

    def settle_junk(self) -> None:
        lines, self.lines = self.lines, []
        if lines and self.nodes and isinstance(self.nodes[-1], Junk):
            lines = [*self.nodes.pop().lines, *lines]
        if lines:
            self.nodes.append(Junk(Span(lines[0].span.start, lines[-1].span.end), tuple(lines)))

    def settle_block(self) -> None:
        lines = [*self.opening, *self.lines, *self.closing]
        # A block reaches from its first to its last line with text.
        self.nodes.append(
            Block(
                Span(lines[0].body.start, max(line.body.end for line in lines)),
                _as_banner(self.opening),
                _as_banner(self.closing),
                tuple(self.lines),
            )
        )
        # Asterisks below a bare closing label are no part of it (ruling 2).
        self.lines, self.opening, self.closing, self.below = self.below, [], [], []


def _as_banner(lines: list[Line]) -> Banner | None:
    if not lines:
        return None
    label = next(line for line in lines if line.kind in ("BANNER", "NAME"))
    assert label.template is not None
    assert label.language is not None
    altered = (*label.altered, "broken") if len(lines) == 3 else label.altered
    return Banner(Span(lines[0].body.start, lines[-1].body.end), label.template, label.language, tuple(altered))


class _Building:
    """One method for each named alternative of the grammar; called when it is reduced, never recursively.

    A method gets the situation before and what was read, and gives the situation after.
    """

    def nothing(self, _children: list[Any]) -> _Situation:
        return _Situation()

    def more(self, children: list[Any]) -> _Situation:
        situation, line = children
        situation.lines.append(line)
        return situation  # type: ignore[no-any-return]

    outside = more

    def loose(self, children: list[Any]) -> _Situation:
        children[0].settle_junk()
        return self.more(children)

    def name_outside(self, children: list[Any]) -> _Situation:
        situation, named = children
        situation.lines.extend(named)
        return situation  # type: ignore[no-any-return]

    name_after = name_outside

    def opens(self, children: list[Any]) -> _Situation:
        situation, banner = children
        situation.settle_junk()
        situation.opening = banner
        return situation  # type: ignore[no-any-return]

    opens_after = opens

    def name_opens(self, children: list[Any]) -> _Situation:
        situation, mark = children
        at = max(index for index, line in enumerate(situation.lines) if line.kind == "NAME")
        situation.lines, opening = situation.lines[:at], situation.lines[at:]
        situation.settle_junk()
        situation.opening = opening
        situation.lines = [mark]
        return situation  # type: ignore[no-any-return]

    def reopens(self, children: list[Any]) -> _Situation:
        situation, mark = children
        banner, situation.closing = [*situation.closing, *situation.below], []
        situation.below = []
        situation.settle_block()
        situation.opening = banner
        situation.lines = [mark]
        return situation  # type: ignore[no-any-return]

    opens_second = reopens

    def opens_late(self, children: list[Any]) -> _Situation:
        situation, mark = children
        banner, situation.closing = [*situation.closing, *situation.below], []
        situation.below = []
        situation.settle_junk()
        situation.opening = banner
        situation.lines = [mark]
        return situation  # type: ignore[no-any-return]

    def closes(self, children: list[Any]) -> _Situation:
        situation, banner = children
        if banner[-1].kind == "BELOW" and len(banner) == 2:
            situation.below = [banner.pop()]
        situation.closing = banner
        return situation  # type: ignore[no-any-return]

    def block_done(self, children: list[Any]) -> _Situation:
        (situation,) = children
        situation.settle_block()
        return situation  # type: ignore[no-any-return]

    headless_done = block_done

    def asked_to_end(self, children: list[Any]) -> Tree:
        (situation,) = children
        situation.settle_block()
        return self.update(children)

    open_to_end = asked_to_end

    def update(self, children: list[Any]) -> Tree:
        (situation,) = children
        situation.settle_junk()
        return Tree(tuple(situation.nodes))

    def whole(self, children: list[Any]) -> list[Line]:
        return children

    broken = bare = bare_under = bare_over = whole


_BUILDING = _Building()


def walk(
    lines: Iterable[Line],
    rules: tuple[tuple[str, str, int], ...] = RULES,
    states: tuple[dict[str, int], ...] = STATES,
) -> Tree:
    """Return the tree of named lines, by an LALR table (`compiling.Table`): shift, reduce, no more.

    Raises:
        KeyError: the table is that of a grammar that does not take these lines.
    """
    situations = [0]
    values: list[Any] = []
    for line in (*lines, None):
        kind = line.kind if line else "$END"
        while (step := states[situations[-1]][kind]) < 0:
            alternative, made, size = rules[~step]
            first = len(values) - size
            children = values[first:]
            del values[first:], situations[first + 1 :]
            value = getattr(_BUILDING, alternative)(children)
            if made == "update":
                return value  # type: ignore[no-any-return]
            values.append(value)
            situations.append(states[situations[-1]][made])
        situations.append(step)
        values.append(line)
    raise AssertionError("an update ends with $END")


def recognise(text: str, additions: Additions | None = None) -> Tree:
    """Return the tree of an update. Works on any text, in time that grows linearly."""
    own = own_forms(additions) if additions and additions.variants else None
    return walk(name_lines(text, own))


def parse(text: str, additions: Additions | None = None) -> Tree:
    """Return the blocks of an update as they stand in the text, with nothing read or judged yet.

    `additions` is a company's own wording: `Config.additions`.
    """
    return recognise(text, additions) if maybe(text, additions) else _NOTHING


def find_blocks(text: str, additions: Additions | None = None) -> tuple[Block, ...]:
    """Return the blocks of an update: those of `parse`, and told sooner where lines speak of requests but hold none."""
    if not maybe(text, additions) or not (may_open(text) or (additions and additions.variants)):
        return ()
    return recognise(text, additions).blocks


_NOTHING = Tree(())
