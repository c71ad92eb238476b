"""Recognising: total on any text, loses nothing, and every alternative of the grammar is needed."""

from __future__ import annotations

import re
import sys
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from lark import Lark
from lark.exceptions import LarkError
from lark.lexer import Lexer

from conftest import FIXTURES, examples
from ma_template import decode, parse
from ma_template.blocks import Block, Tree
from ma_template.candidates import _HIDES, _MAY_HIDE, _fragments, maybe
from ma_template.compiling import compile_grammar, main
from ma_template.lines import Line, may_open, name_lines
from ma_template.matching import low_of
from ma_template.recognise import _Building, find_blocks, recognise, walk
from ma_template.source import Source, Span
from ma_template.update_table import RULES, STATES
from ma_template.wording import Template, grammar_folder, templates

GRAMMAR = (grammar_folder() / "update.lark").read_text("utf-8")
SHAPES = yaml.safe_load((FIXTURES / "shapes.yaml").read_text("utf-8"))
SPELLED = {
    "B": "******* Request Management Attention *******",
    "N": "Request Management Attention",
    "S": "*******",
    "R": templates()[0].prompts["reason"],
    "M": templates()[0].prompts["milestone"],
    "Q": templates()[0].prompts["requester"],
    "L": "Reason: the gateway stops",
    "I": "Phone: +1 415 555 0100",
    "T": "nothing in particular",
    "_": "",
}

PIECES = [template.opening for template in templates()] + [template.closing for template in templates()]
PIECES += [template.label for template in templates()] + ["*" * 12, "** Request Management Attention **", "＊＊＊＊"]
PIECES += [prompt for template in templates() for prompt in template.prompts.values()]
PIECES += [
    "Reason: it stops",
    "理由：停止",
    "Impact: none",
    "Phone: +1 415 555 0100",
    "> ",
    "| ",
    "",
    " ",
    "\u3000",
    "text",
    "停止中です。",
]
PIECES += [
    "/* **** */",
    "Reason for requested management attention, including business",
    "\\*\\*\\*\\* Request",
    "\u200b*",
    "�",
    "\ud800",
]

lines_of_updates = st.lists(st.sampled_from(PIECES) | st.text(max_size=20), max_size=14)
line_ends = st.sampled_from(["\n", "\r\n", "\r"])


@st.composite
def updates(draw: st.DrawFn) -> str:
    return "".join(line + draw(line_ends) for line in draw(lines_of_updates))


def joined(text: str) -> str:
    return "".join(text[line.span.start : line.span.end] for line in name_lines(text))


def spelled(lines: str) -> str:
    return "\n".join(SPELLED[letter] for letter in lines)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: f"{shape['lines']}: {shape['why']}")
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_shapes(shape: dict[str, Any], line_end: str) -> None:
    text = spelled(shape["lines"]).replace("\n", line_end)
    source = Source(text)
    found = [
        "<" * (block.opening is None)
        + f"{source.place(block.span.start).line}-{source.place(block.span.end).line}"
        + ">" * (block.closing is None)
        for block in parse(text).blocks
    ]
    assert found == shape["blocks"]


def places(tree: Tree) -> list[tuple[int, int, bool, bool]]:
    return [(b.span.start, b.span.end, b.opening is not None, b.closing is not None) for b in tree.blocks]


@given(updates())
@examples(400)
def test_every_line_lands_in_a_token_and_nothing_is_lost(text: str) -> None:
    assert joined(text) == text
    tree = recognise(text)
    covered = [line for node in tree.nodes for line in node.lines]
    assert all(0 <= block.span.start < block.span.end <= len(text) for block in tree.blocks)
    for earlier, later in zip(tree.blocks, tree.blocks[1:], strict=False):
        assert earlier.span.end <= later.span.start
    for line in covered:
        assert line.span.start <= line.body.start <= line.body.end <= line.span.end


@pytest.mark.parametrize("head", ["", "\n\n", " \n\u200b\n", "\r\n\r\n"])
@pytest.mark.parametrize("line", ["hello", "Reason: x", "***** Request Management Attention *****"])
def test_blank_lines_above_and_below_are_kept(head: str, line: str) -> None:
    text = f"{head}{line}\nJane Doe\n{head}"
    assert joined(text) == text


@given(st.text())
def test_any_text_is_taken(text: str) -> None:
    assert joined(text) == text
    recognise(text)


@given(updates())
@examples(200)
def test_what_holds_a_block_is_a_candidate(text: str) -> None:
    """The quick look may ask for a closer one in vain, but it never misses a block."""
    assert parse(text) == recognise(text) if recognise(text).blocks else True


@given(updates())
@examples(400)
def test_what_holds_a_block_may_open_one(text: str) -> None:
    """The closer look, at lines with a cue alone, never misses a block either."""
    assert may_open(text) or not recognise(text).blocks


def test_what_is_compared_as_part_of_a_cue_hides_nothing() -> None:
    """Every character that is compared as something else, or not seen: put in a cue's place, it is a cue."""
    cues = "".join(_fragments()[0]).replace(" ", "")
    unseen = 0
    for code in (*range(0x80, 0xD800), *range(0xE000, sys.maxunicode + 1)):
        char = chr(code)
        low = low_of(char)
        if low in (char, char.lower()) and char not in "ſİı":
            continue
        unseen += not low
        if not low:
            assert maybe(char.join("manag"))
        elif any(letter in cues for letter in low):
            assert _HIDES.search(char), hex(code)
            assert _MAY_HIDE.search(char), hex(code)
    assert unseen > 150


@pytest.mark.parametrize("template", templates(), ids=lambda template: template.label)
def test_banners_in_references_and_with_wide_blanks_between_are_seen(template: Template) -> None:
    """As a form in another encoding or a mail's HTML has them (ruling 8), and as Japanese titles are set (ruling 6)."""
    label = template.label
    for written in (
        "".join(f"&#{ord(char)};" for char in label),
        "".join(f"&#x{ord(char):X};" for char in label),
        "&shy;".join(label),
        "\u3000".join(label),
        "\xa0".join(label),
    ):
        text = f"***** {written} *****\nThe gateway stops."
        assert len(recognise(text).blocks) == 1
        assert parse(text) == recognise(text)
    assert not maybe("Fish &#38; chips &amp; ポンプ")


@pytest.mark.parametrize(
    "letters", ["𝐫𝐞𝐪𝐮𝐞𝐬𝐭", "ⓡⓔⓠⓤⓔⓢⓣ", "ｒｅｑｕｅｓｔ", "re\u202equ\u2066est", "ﾏｲルｽト", "\uf9e4管\uf9e4"]
)
def test_cues_in_other_letters_are_seen(letters: str) -> None:
    assert maybe(f"ポンプの件です。{letters}😀")
    assert not maybe("ポンプの件です。™ ㎡ Ⅳ ｻｰﾊﾞｰ ＤＢ 😀")


@pytest.mark.parametrize("folder", ["good", "bad", "devset", "cli"])
def test_no_fixture_is_passed_over(folder: str) -> None:
    texts = [decode(path.read_bytes()).text for path in sorted((FIXTURES / folder).rglob("*.txt"))]
    assert texts
    for text in texts:
        pieces = [text, *(text[at:] for at in range(0, len(text), 97))]
        for piece in pieces:
            assert find_blocks(piece) == recognise(piece).blocks


def test_letters_taken_apart_are_still_a_prompt() -> None:
    """Published prompts whose every word is taken apart, so that no line holds a cue."""
    for form in templates():
        spaced = "\n".join(" ".join(prompt) for prompt in form.prompts.values())
        assert len(recognise(spaced).blocks) == 1
        assert may_open(spaced)
        assert find_blocks(spaced) == recognise(spaced).blocks
        for prompt in form.prompts.values():  # twice the same one is enough
            assert len(find_blocks(f"{' '.join(prompt)}\n{' '.join(prompt)}")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "*****\n管理者\nによる対応を要請\n*****\n出荷が止まっています。\n",
        "*****\nRequest\nManagement Attention\n*****\nOrders wait.\n",
    ],
)
def test_a_banner_broken_behind_its_first_word_opens_a_block(text: str) -> None:
    assert maybe(text)
    assert may_open(text)
    (block,) = parse(text).blocks
    assert (block.span.start, block.span.end) == (0, len(text.rstrip("\n")))


def test_a_bare_label_between_long_terminal_escapes_is_a_banner() -> None:
    banner = "\x1b[38;2;255;100;100m" * 4 + "Request Management Attention\x1b[0m"
    text = f"{banner}\nReason: orders wait\n{banner}"
    (block,) = parse(text).blocks
    assert (block.span.start, block.span.end) == (0, len(text))


@pytest.mark.parametrize("above", ["Reason:", "Reason for escalation:", "Business reason", "Reason for", "理由："])
def test_words_of_a_prompt_above_a_banner_are_no_wrapped_prompt(above: str) -> None:
    for form in templates():
        text = "\n".join([above, form.opening, *form.prompts.values(), form.closing])
        (block,) = recognise(text).blocks
        assert (block.span.start, block.opening is not None) == (len(above) + 1, True)


def test_talk_of_requests_opens_nothing() -> None:
    talk = "The HTTP request fails.\n*** SESSION ID:(12.7)\nOur manager asked for the reason.\n管理画面を確認中です。\n"
    assert maybe(talk)
    assert not may_open(talk)
    assert not may_open(talk * 2_000)


def test_grammar_has_no_conflicts_and_is_compiled() -> None:
    """Expected to fail after a change to grammar/update.lark: run `python -m ma_template.compiling`."""
    assert compile_grammar(GRAMMAR, strict=True) == (RULES, STATES)


def test_the_compiled_grammar_is_written_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 0, capsys.readouterr().out


class TypedLine(Line):
    """A named line that Lark takes for a token."""

    start_pos = line = column = end_line = end_column = end_pos = None

    @property
    def type(self) -> str:
        return self.kind


class Given(Lexer):
    def __init__(self, conf: Any) -> None:
        pass

    def lex(self, lines: Any) -> Any:  # type: ignore[override]  # lark calls a custom lexer with what it is given
        return iter(lines)


LARK = Lark(GRAMMAR, parser="lalr", lexer=Given, start="update", transformer=_Building())
RUNS = ("BANNER", "NAME", "ABOVE NAME", "NAME BELOW", "ABOVE NAME BELOW", "PROMPT", "LABEL", "ITEM", "TEXT")


@given(st.lists(st.sampled_from(RUNS), max_size=20))
def test_lines_are_read_as_lark_reads_them(runs: list[str]) -> None:
    lines = [
        TypedLine(kind, Span(at, at + 1), Span(at, at + 1), language="en", template="management-attention")  # type: ignore[arg-type]
        for at, kind in enumerate(" ".join(runs).split())
    ]
    assert LARK.parse(lines) == walk(lines)  # type: ignore[arg-type, comparison-overlap]


def alternatives() -> list[tuple[int, str]]:
    """Every alternative of the grammar that has a name or is a choice of its own."""
    found = []
    for number, line in enumerate(GRAMMAR.splitlines()):
        if re.match(r"^\s*(\w+:|\|)\s", line) and not line.startswith(("//", "update:", "after:")):
            found.append((number, " ".join(line.split())))
    return found


def without(number: int) -> str:
    lines = GRAMMAR.splitlines()
    line = lines[number]
    if re.match(r"^\s*\|", line):
        lines[number] = ""
    else:  # the first alternative of a rule: the next one moves up
        head = line.split(":")[0] + ":"
        lines[number] = ""
        if number + 1 < len(lines) and re.match(r"^\s*\|", lines[number + 1]):
            lines[number + 1] = head + lines[number + 1].replace("|", "", 1)
    return "\n".join(lines)


@pytest.mark.parametrize(("number", "alternative"), alternatives(), ids=lambda value: str(value))
def test_every_alternative_of_the_grammar_is_needed(number: int, alternative: str) -> None:
    """Without any one of them, the grammar does not compile, or some fixture is read otherwise."""
    try:
        poorer = compile_grammar(without(number))
    except LarkError:
        return
    for shape in SHAPES:
        text = spelled(shape["lines"])
        try:
            tree = walk(name_lines(text), *poorer)
        except KeyError:
            return
        if places(tree) != places(recognise(text)):
            return
    pytest.fail(f"no fixture needs `{alternative}`: add one to fixtures/shapes.yaml")


def test_blocks_are_the_grammar_s_alone() -> None:
    """Block nodes hold exactly the lines between their banners, in order."""
    for shape in SHAPES:
        text = spelled(shape["lines"])
        for node in recognise(text).nodes:
            if isinstance(node, Block):
                for line in node.lines:
                    assert node.span.start <= line.body.start
                    assert line.body.end <= node.span.end
