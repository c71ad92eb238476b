"""What people look up: `ma-lint explain`, `ma-lint rules`, and the pages under docs/rules/ and docs/reference/.

All of it is made from declarations: the rules, the options of the command line, the settings, the models.
`python -m ma_template.reference` writes the pages, `--check` says whether they are up to date. Imports stay few and
light here: `explain` has to start at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from unicodedata import east_asian_width

from ma_template.diagnostics import FIELDS, Language, Rule, Text
from ma_template.rules import RULES

WIDTH = 100

_WORDS = {
    "error": Text("error", "エラー"),
    "warning": Text("warning", "警告"),
    "info": Text("info", "参考"),
    "yes": Text("yes", "可"),
    "no": Text("no", "不可"),
    "sometimes": Text("sometimes", "条件付き"),
    "expected": Text("Expected: ", "推奨: "),
    "wrong": Text("Wrong", "悪い例"),
    "right": Text("Right", "良い例"),
    "in-section": Text(" (the answer on the {section})", "({section}の記入)"),
    "with": Text("The examples are checked with {options}.", "例は{options}を指定して確認したものです。"),
    "beside": Text("The SR's fields (--sr)", "SRの項目(--sr)"),
    "empty": Text("(nothing)", "(未記入)"),
    "fix-yes": Text("`ma-lint fix` mends it.", "`ma-lint fix`で修正できます。"),
    "fix-no": Text("`ma-lint fix` leaves it as it is.", "`ma-lint fix`では修正しません。"),
    "fix-sometimes": Text("`ma-lint fix` mends it in some cases.", "`ma-lint fix`で修正できる場合があります。"),
    "not-after": Text("Not reported beside {codes}.", "{codes}と同時には報告しません。"),
    "field": Text("Field: {field}.", "項目: {field}。"),
    "code": Text("code", "コード"),
    "name": Text("rule", "ルール"),
    "severity": Text("level", "レベル"),
    "fixable": Text("fixable", "修正"),
    "finding": Text("finding", "指摘の内容"),
}


# ---------------------------------------------------------------------------------------------------------------------
# For a terminal


def explain(rule: Rule, lang: Language) -> str:
    """Return what a person should know about a rule, in lines of at most `WIDTH` columns."""
    lines = [f"{rule.code} {rule.name} ({_WORDS[rule.severity].of(lang)})", ""]
    for paragraph in _paragraphs(rule, lang):
        lines += [*wrap(paragraph, WIDTH), ""]
    for title, example, _ in _examples(rule, lang):
        lines += [f"{title}:"]
        for line in example.split("\n"):
            lines += [("    " + piece).rstrip() for piece in wrap(line, WIDTH - 4)]
        lines.append("")
    lines += wrap(_fine_print(rule, lang).replace("`", ""), WIDTH)
    return "\n".join(lines) + "\n"


def rule_table(lang: Language) -> str:
    """Return all rules, one a line, below a line of headings."""
    columns = ("code", "name", "severity", "fixable", "finding")
    rows = [[_WORDS[column].of(lang) for column in columns]]
    for rule in RULES.values():
        words = [_WORDS[word].of(lang) for word in (rule.severity, rule.fixable)]
        rows.append([rule.code, rule.name, *words, rule.heading(lang)])
    widths = [max(display_width(row[column]) for row in rows) for column in range(len(columns))]
    return "".join("  ".join(map(_padded, row, widths)).rstrip() + "\n" for row in rows)


def _padded(cell: str, width: int) -> str:
    return cell + " " * (width - display_width(cell))


def _paragraphs(rule: Rule, lang: Language) -> Iterator[str]:
    yield rule.heading(lang)
    yield rule.explain.of(lang)
    if rule.source:
        yield rule.source.of(lang)
    yield _WORDS["expected"].of(lang) + rule.expected.of(lang)


def _examples(rule: Rule, lang: Language) -> Iterator[tuple[str, str, str]]:
    """Yield title, text and format of the wrong and the right example, each with the SR beside it where it has one."""
    for which, example, sr in (("wrong", rule.wrong, rule.wrong_sr), ("right", rule.right, rule.right_sr)):
        yield _example_title(rule, which, lang), _example_text(example, lang), "text"
        if sr:
            yield _WORDS["beside"].of(lang), sr.of(lang), "json"


def _example_title(rule: Rule, which: str, lang: Language) -> str:
    title = _WORDS[which].of(lang)
    if rule.example_in == "update":
        return title
    return title + _WORDS["in-section"].of(lang).format(section=FIELDS[rule.example_in].of(lang))


def _example_text(example: Text, lang: Language) -> str:
    return example.of(lang) or _WORDS["empty"].of(lang)


def _fine_print(rule: Rule, lang: Language) -> str:
    parts = []
    if rule.example_options:
        options = "、".join if lang == "ja" else ", ".join
        named = options(_option(name, value) for name, value in rule.example_options.items())
        parts.append(_WORDS["with"].of(lang).format(options=named))
    if rule.field:
        parts.append(_WORDS["field"].of(lang).format(field=f"`{rule.field}`"))
    if rule.pointless_after:
        codes = "、".join(rule.pointless_after) if lang == "ja" else ", ".join(rule.pointless_after)
        parts.append(_WORDS["not-after"].of(lang).format(codes=codes))
    parts.append(_WORDS[f"fix-{rule.fixable}"].of(lang))
    if rule.fixable_when:
        parts.append(rule.fixable_when.of(lang))
    return ("" if lang == "ja" else " ").join(parts)


def _option(name: str, value: bool | int | str) -> str:
    return f"`--{name.replace('_', '-')}`" if value is True else f"`{name} = {value}`"


# A word or a Japanese character, with the brackets before it and the punctuation behind it: none of these may begin
# or end a line alone. A blank belongs to what stands before it.
_PIECE = re.compile(
    r"[「(]*(?:[!-'*-~]+(?:\([!-~]*\)[!-'*-~]*)*|[^「」()])[、。」)ー々っゃゅょッャュョ:]*\s*|[「」()]+\s*"
)


def display_width(text: str) -> int:
    """Return how many columns a rule's own text takes; it holds nothing but plain letters, kana and kanji."""
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def wrap(text: str, width: int) -> list[str]:
    """Break a rule's own text into lines of at most `width` columns, at blanks and between Japanese characters."""
    lines, line, taken = [], "", 0
    for piece in _PIECE.findall(text):
        needed = display_width(piece.rstrip())
        if line and taken + needed > width:
            lines.append(line.rstrip())
            line, taken = "", 0
        line += piece
        taken += needed + len(piece) - len(piece.rstrip())
    return [*lines, line.rstrip()]


# ---------------------------------------------------------------------------------------------------------------------
# For programs


def as_data(rule: Rule) -> dict[str, Any]:
    """Return a rule as plain data for JSON. Keys are always there; what a rule does not have is null."""
    return {
        "code": rule.code,
        "name": rule.name,
        "severity": rule.severity.value,
        "since": rule.since,
        "field": rule.field,
        "fixable": rule.fixable,
        "fixable_when": _both(rule.fixable_when),
        "pointless_after": list(rule.pointless_after),
        "title": _both(rule.title or rule.message),
        "message": _both(rule.message),
        "expected": _both(rule.expected),
        "explanation": _both(rule.explain),
        "source": _both(rule.source),
        "examples": {
            "in": rule.example_in,
            "options": dict(rule.example_options),
            "wrong": _both(rule.wrong),
            "right": _both(rule.right),
            "wrong_sr": _both(rule.wrong_sr),
            "right_sr": _both(rule.right_sr),
        },
    }


def rule_list() -> list[dict[str, Any]]:
    """Return all rules as plain data, in order of code."""
    return [as_data(rule) for rule in RULES.values()]


def _both(text: Text | None) -> dict[str, str] | None:
    return text and {"en": text.en, "ja": text.ja}


# ---------------------------------------------------------------------------------------------------------------------
# In Markdown


def markdown(rule: Rule, lang: Language) -> str:
    """Return in Markdown what `explain` shows."""
    heading, *paragraphs = _paragraphs(rule, lang)
    out = [f"**{heading}**\n", *(f"{escaped(paragraph)}\n" for paragraph in paragraphs)]
    for title, example, kind in _examples(rule, lang):
        out += [f"{title}:\n", f"```{kind}\n{example}\n```\n"]
    out.append(f"{_fine_print(rule, lang)}\n")
    return "\n".join(out)


def escaped(paragraph: str) -> str:
    """Return plain words as Markdown."""
    return re.sub(r"[*_<]", r"\\\g<0>", paragraph)
