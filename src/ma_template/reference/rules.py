"""The pages of the rules: docs/rules/."""

from __future__ import annotations

from ma_template.diagnostics import Language, Rule
from ma_template.reference import markdown
from ma_template.rules import RULES


def page(rule: Rule) -> str:
    """Return the page of a rule in Markdown, English first."""
    out = [f"# {rule.code} {rule.name}\n", f"{rule.severity} · since {rule.since} · [all rules](index.md)\n"]
    languages: tuple[tuple[Language, str], ...] = (("en", "English"), ("ja", "日本語"))
    for lang, title in languages:
        out += [f"## {title}\n", f'<div lang="{lang}">\n', markdown(rule, lang), "</div>\n"]
    return "\n".join(out)


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
