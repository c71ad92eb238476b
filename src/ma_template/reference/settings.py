"""The page of the settings, from `LintConfig`: docs/reference/settings.md."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, get_args

from ma_template.config import LintConfig, TemplateWording
from ma_template.readers.values import Category
from ma_template.reference import escaped
from ma_template.wording import table


def page(options: Collection[str]) -> str:
    """Return the page in Markdown. `options`: those of `ma-lint check`, as `--region`."""
    schema = LintConfig.model_json_schema()
    words = table("words/configuring")
    out = [
        "# Settings\n",
        "Every key of `ma-lint.toml`, or of the table `[tool.ma-lint]` in `pyproject.toml`. Where files are looked "
        "for, and what own words and wordings do: [configuration](../configuration.md). The library takes the same "
        'settings, with `_` for `-` in their names: `check(text, date_order="ymd")`.\n',
        "The JSON Schema, for editors: [config.schema.json](../config.schema.json).\n",
    ]
    for name, field in LintConfig.model_fields.items():
        key = name.replace("_", "-")
        told = schema["properties"][name]
        out.append(f"## {key}\n")
        out.append(f"{escaped(field.description or '')}\n")
        out.append(f'<div lang="ja">\n\n{escaped(words["ja"]["keys"][key])}\n\n</div>\n')
        facts = [_kind(name, told), f"default: {_default(told.get('default'))}"]
        if f"--{key}" in options:
            facts.append(f"on the command line: `--{key}`")
        out.append(" · ".join(facts) + "\n")
        if name == "templates":
            out.append(_wordings())
        out.append(f"```toml\n{words['examples'][key].strip()}\n```\n")
    return "\n".join(out)


def _kind(name: str, told: dict[str, Any]) -> str:
    if name == "milestones":
        return f"table: category = list of words; categories: {_listed(get_args(Category))}"
    if name == "templates":
        return "list of tables"
    if name == "severity":
        return f"table: code or rule name = {_listed(told['additionalProperties']['enum'])}"
    if name == "per_file_ignores":
        return "table: pattern = list of codes or rule names"
    told = next((kind for kind in told.get("anyOf", [told]) if kind.get("type") != "null"), told)
    if "enum" in told:
        return _listed(told["enum"])
    if "minimum" in told and "maximum" in told:
        return f"{told['minimum']} to {told['maximum']}"
    return {"string": "text", "boolean": "`true` or `false`", "integer": "number", "array": "list"}[told["type"]]


def _default(value: Any) -> str:
    if value is None:
        return "not set"
    if value in ([], {}):
        return "none"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"{value:,}" if isinstance(value, int) else f'`"{value}"`'


def _listed(values: Collection[str]) -> str:
    return ", ".join(f'`"{value}"`' for value in values)


def _wordings() -> str:
    fields = TemplateWording.model_fields.items()
    rows = [f"| `{name}` | {escaped(field.description or '')} |" for name, field in fields]
    return "\n".join(["| key | meaning |\n|---|---|", *rows]) + "\n"
