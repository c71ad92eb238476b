"""Completion scripts for shells, made from the command line's own parser by shtab."""

from __future__ import annotations

import argparse

SHELLS = ("bash", "zsh", "fish")
_FILES = ("PATH", "FILE")


def script(parser: argparse.ArgumentParser, shell: str) -> str:
    """Return what the shell has to read to complete commands, options, their choices and file names."""
    import shtab

    for action in _actions(parser):
        if action.metavar in _FILES:
            action.complete = shtab.FILE  # type: ignore[attr-defined]
    made = str(shtab.complete(parser, shell=shell))
    if shell == "bash":  # the command may be left out: where no command fits, a file name may
        made = made.replace("complete -o filenames -F", "complete -o default -o filenames -F")
    if shell == "fish":
        made += "complete -c ma-lint -n '_shtab_ma_lint_using' -F\n"
    return made


def _actions(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    found = []
    for action in parser._actions:  # argparse has no other way to ask
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                found += _actions(command)
        else:
            found.append(action)
    return found
