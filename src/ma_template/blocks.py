"""The blocks of an update and their sections, as they were recognised: frozen values with places, nothing judged."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ma_template.source import Span

if TYPE_CHECKING:
    from ma_template.lines import Line


class Banner(NamedTuple):
    """An opening or closing banner. `altered` says how it differs from the published one (MA104)."""

    span: Span
    template: str
    language: str
    altered: tuple[str, ...]


class Junk(NamedTuple):
    """A stretch that is no block."""

    span: Span
    lines: tuple[Line, ...]


class Block(NamedTuple):
    """One template. Its lines are those between the banners; a banner is None where it is not there."""

    span: Span
    opening: Banner | None
    closing: Banner | None
    lines: tuple[Line, ...]


Node = Block | Junk


class Tree(NamedTuple):
    """A whole update: blocks and what stands between them, in order. The lines of all nodes join to the text."""

    nodes: tuple[Node, ...]

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Return the blocks alone."""
        return tuple(node for node in self.nodes if isinstance(node, Block))
