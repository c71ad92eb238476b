"""The grammar, compiled by Lark: `grammar/update.lark` -> `update_table.py`, which `recognise.py` walks.

usage: python -m ma_template.compiling [--check]

It runs when the grammar is changed, not when an update is read: loading Lark and compiling would take longer than all
the rest of a short run. The only module that imports lark.
"""

from __future__ import annotations

import sys
from collections import deque
from pathlib import Path
from typing import NamedTuple

from lark import Lark
from lark.parsers.lalr_analysis import Shift

from ma_template.wording import grammar_folder

START, END = "update", "$END"

_WRITTEN_TO = Path(__file__).with_name("update_table.py")
_HEAD = '''"""The LALR table of grammar/update.lark. Written by `python -m ma_template.compiling`: not to be edited."""

from __future__ import annotations

# fmt: off
# ruff: noqa: E501

'''


class Table(NamedTuple):
    """An LALR(1) parse table.

    Attributes:
        rules: name of the alternative, the nonterminal that it makes, how many symbols it takes.
        states: for each state, the first being the one to begin with: symbol -> the state to go to, or a negative
            number whose complement is the rule to reduce by.
    """

    rules: tuple[tuple[str, str, int], ...]
    states: tuple[dict[str, int], ...]


def compile_grammar(grammar: str, *, strict: bool = False) -> Table:
    """Return the table of a grammar, numbered in the same way however Lark numbers it.

    `strict` refuses conflicts instead of settling them in silence; it needs interegular.

    Raises:
        lark.exceptions.LarkError: the grammar makes no sense.
    """
    compiled = Lark(grammar, parser="lalr", lexer="basic", start=START, strict=strict).parser.parser._parse_table
    first, last = compiled.start_states[START], compiled.end_states[START]
    steps_of = {
        state: {str(symbol): step for symbol, step in sorted(steps.items()) if symbol != END or state != last}
        for state, steps in compiled.states.items()
    }
    rules: dict[tuple[str, str, int], int] = {}
    numbers = {first: 0}
    states: list[dict[str, int]] = []
    waiting = deque([first])
    while waiting:
        states.append({})
        for symbol, (action, argument) in steps_of[waiting.popleft()].items():
            if action is Shift:
                if argument not in numbers:
                    numbers[argument] = len(numbers)
                    waiting.append(argument)
                states[-1][symbol] = numbers[argument]
            else:
                made = str(argument.origin.name)
                rule = (str(argument.alias or made), made, len(argument.expansion))
                states[-1][symbol] = ~rules.setdefault(rule, len(rules))
    return Table(tuple(rules), tuple(states))


def written(table: Table) -> str:
    """Return the table as a module: a state, or a rule, a line."""
    rules = "".join(f"    {rule},\n" for rule in table.rules)
    states = "".join(f"    {state},\n" for state in table.states)
    module = (
        f"RULES: tuple[tuple[str, str, int], ...] = (\n{rules})\n\nSTATES: tuple[dict[str, int], ...] = (\n{states})\n"
    )
    return _HEAD + module.replace("'", '"')


def main(argv: list[str]) -> int:
    """Write the table, or with `--check` say whether the one that is there is current."""
    made = written(compile_grammar((grammar_folder() / "update.lark").read_text("utf-8")))
    if argv != ["--check"]:
        _WRITTEN_TO.write_text(made, "utf-8")
        return 0
    if _WRITTEN_TO.read_text("utf-8") == made:
        return 0
    print(f"{_WRITTEN_TO.name} is not what grammar/update.lark says: run python -m ma_template.compiling")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
