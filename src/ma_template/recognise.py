"""Source -> tree, by the LALR grammar `grammar/update.lark`. The only module that imports lark.

No text can make it raise or recurse: every line has a terminal, and the grammar takes every sequence of terminals.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from lark import Lark, Token, Transformer
from lark.lexer import Lexer

from ma_template.additions import Additions, OwnForms, own_forms
from ma_template.blocks import Banner, Block, Junk, Node, Tree
from ma_template.candidates import maybe
from ma_template.lines import Line, name_lines
from ma_template.source import Span
from ma_template.wording import grammar_folder


class _LineToken(Token):
    """A terminal of the grammar that carries the named line. Lark's own places are not used."""

    __slots__ = ("named",)
    named: Line
    start_pos = line = column = end_line = end_column = end_pos = None

    def __new__(cls, named: Line, text: str) -> _LineToken:
        token = str.__new__(cls, text[named.span.start : named.span.end])
        token.type = named.kind
        token.named = named
        return token


class _LineLexer(Lexer):
    own: OwnForms | None = None

    def __init__(self, conf: Any) -> None:
        pass

    def lex(self, text: str) -> Iterator[Token]:  # type: ignore[override]  # lark calls a custom lexer with the text
        for named in name_lines(text, self.own):
            yield _LineToken(named, text)


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


class _Building(Transformer[Token, Tree]):
    """One method for each named alternative of the grammar; called when it is reduced, never recursively.

    A method gets the situation before and the tokens that were read, and gives the situation after.
    """

    def nothing(self, _children: list[Any]) -> _Situation:
        return _Situation()

    def more(self, children: list[Any]) -> _Situation:
        situation, token = children
        situation.lines.append(token.named)
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
        situation.lines = [mark.named]
        return situation  # type: ignore[no-any-return]

    def reopens(self, children: list[Any]) -> _Situation:
        situation, mark = children
        banner, situation.closing = [*situation.closing, *situation.below], []
        situation.below = []
        situation.settle_block()
        situation.opening = banner
        situation.lines = [mark.named]
        return situation  # type: ignore[no-any-return]

    opens_second = reopens

    def opens_late(self, children: list[Any]) -> _Situation:
        situation, mark = children
        banner, situation.closing = [*situation.closing, *situation.below], []
        situation.below = []
        situation.settle_junk()
        situation.opening = banner
        situation.lines = [mark.named]
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
        return [token.named for token in children]

    broken = bare = bare_under = bare_over = whole


def build_parser(grammar: str, *, strict: bool = False, own: OwnForms | None = None) -> Lark:
    """Compile the grammar. `strict` refuses conflicts instead of settling them in silence; it needs interegular."""
    lexer = type("_OwnLexer", (_LineLexer,), {"own": own}) if own else _LineLexer
    return Lark(grammar, parser="lalr", lexer=lexer, start="update", transformer=_Building(), strict=strict)


@lru_cache(16)
def _parser(additions: Additions | None) -> Lark:
    return build_parser((grammar_folder() / "update.lark").read_text("utf-8"), own=own_forms(additions))


def recognise(text: str, additions: Additions | None = None) -> Tree:
    """Return the tree of an update. Works on any text, in time that grows linearly."""
    parser = _parser(additions if additions and additions.variants else None)
    return parser.parse(text)  # type: ignore[return-value]


def parse(text: str, additions: Additions | None = None) -> Tree:
    """Return the blocks of an update as they stand in the text, with nothing read or judged yet.

    `additions` is a company's own wording: `Config.additions`.
    """
    return recognise(text, additions) if maybe(text, additions) else _NOTHING


_NOTHING = Tree(())
