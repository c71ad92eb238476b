"""The page of the command line, from its argparse parsers: docs/reference/command-line.md."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping

from ma_template.reference import escaped


def page(commands: Mapping[str, argparse.ArgumentParser]) -> str:
    """Return the page of these commands, in their order, in Markdown."""
    out = [
        "# Command line\n",
        "What `--help` shows, on one page. How the commands are used: [check](../cli.md), [mend](../fix.md), "
        "[write](../new.md), [configure](../configuration.md). `ma-lint PATH...` is `ma-lint check PATH...`; "
        "`ma-lint --version` shows the version, with `--verbose` also those of what a reading depends on.\n",
    ]
    for name, command in commands.items():
        out += [f"## ma-lint {name}\n", *_command(command)]
    return "\n".join(out)


def _command(command: argparse.ArgumentParser) -> Iterator[str]:
    yield f"```text\n{_usage(command)}\n```\n"
    for paragraph in (command.description or "").splitlines():
        yield f"{escaped(paragraph)}\n"
    positional, options, *named = command._action_groups  # argparse has no public name for them
    yield from _table("argument", [*_actions(positional), *_actions(options)])
    for group in named:
        yield from _table(" ".join(filter(None, (group.title, group.description))), _actions(group))
    if command.epilog:
        title, *examples = command.epilog.splitlines()
        shown = "\n".join(line.removeprefix("  ") for line in examples)
        yield f"{_capital(title)}\n\n```sh\n{shown}\n```\n"


def _actions(group: argparse._ArgumentGroup) -> list[argparse.Action]:
    return [action for action in group._group_actions if not isinstance(action, argparse._HelpAction)]


def _table(title: str, actions: list[argparse.Action]) -> Iterator[str]:
    if actions:
        yield "\n".join([f"| {title} | meaning |\n|---|---|", *map(_row, actions)]) + "\n"


def _usage(command: argparse.ArgumentParser) -> str:
    parts = [command.prog]
    if any(action.option_strings for group in command._action_groups for action in _actions(group)):
        parts.append("[options]")
    for action in command._get_positional_actions():
        word = str(action.metavar or action.dest)
        parts.append({"+": f"{word}...", "?": f"[{word}]"}.get(str(action.nargs), word))
    return " ".join(parts)


def _row(action: argparse.Action) -> str:
    value = _value(action)
    spelled = [f"`{name}{value}`" for name in action.option_strings] or [f"`{action.metavar}`"]
    return f"| {', '.join(spelled)} | {_cell(action.help or '')} |"


def _value(action: argparse.Action) -> str:
    if action.nargs == 0:
        return ""
    if action.metavar is None and action.choices:
        return " " + "\\|".join(map(str, action.choices))  # a bar would end the cell
    return f" {action.metavar}" if action.metavar else ""


def _cell(text: str) -> str:
    return escaped(text).replace("|", "\\|")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
