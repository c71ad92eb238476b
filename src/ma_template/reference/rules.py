"""The pages of the rules: docs/rules/."""

from __future__ import annotations

import re
from functools import partial

from ma_template.diagnostics import Language, Rule
from ma_template.reference import markdown
from ma_template.rules import RULES


def page(rule: Rule) -> str:
    """Return the page of a rule in Markdown, English first."""
    out = [f"# {rule.code} {rule.name}\n", f"{rule.severity} · since {rule.since} · [all rules](index.md)\n"]
    languages: tuple[tuple[Language, str], ...] = (("en", "English"), ("ja", "日本語"))
    for lang, title in languages:
        out += [f"## {title}\n", f'<div lang="{lang}">\n', _linked(markdown(rule, lang), rule), "</div>\n"]
    return "\n".join(out)


def _linked(text: str, rule: Rule) -> str:
    """Make links of the codes of other rules, but not within examples."""
    prose = re.split(r"(```.*?```)", text, flags=re.DOTALL)
    prose[::2] = [_CODE.sub(partial(_link, but=rule.code), part) for part in prose[::2]]
    return "".join(prose)


_CODE = re.compile(r"(?<![A-Za-z0-9])MA\d{3}(?!\d)")


def _link(found: re.Match[str], but: str) -> str:
    code = found[0]
    return f"[{code}]({code}.md)" if code in RULES and code != but else code


def index() -> str:
    """Return the page that lists all rules."""
    out = ["# Rules\n"]
    out.append(
        "error: the request is not complete. warning: it is, but likely to be misread or delayed. info: worth "
        "knowing.\n`ma-lint explain CODE` shows a page in the terminal.\n"
    )
    out.append("| code | rule | level | fixable | finding | 指摘の内容 |\n|---|---|---|---|---|---|")
    for rule in RULES.values():
        code = f"[{rule.code}]({rule.code}.md)"
        cells = (code, rule.name, rule.severity, rule.fixable, rule.heading("en"), rule.heading("ja"))
        out.append(f"| {' | '.join(cells)} |")
    out.append("\n```{toctree}\n:hidden:\n:glob:\n\nMA*\n```")
    return "\n".join(out) + "\n"
