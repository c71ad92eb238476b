"""The page of the JSON report, from the models: docs/reference/report.md."""

from __future__ import annotations

import re
from typing import Any

from ma_template.models import Report, json_schema
from ma_template.reference import escaped

# From the outside in, as a reader meets them.
_ORDER = (
    "Block", "Reason", "Milestone", "MilestoneType", "MilestoneDate", "Requester", "Phone", "Email", "Contact",
    "Diagnostic", "TextSpan",
)  # fmt: skip


def page(example: Report) -> str:
    """Return the page in Markdown, with an example of a report."""
    schema = json_schema()
    models = schema["$defs"]
    assert sorted(models) == sorted(_ORDER), "every model has its section"
    out = [
        "# JSON report\n",
        "What `check` returns, `ma-lint --format jsonl` prints one a line, and the [HTTP API](../portal/api.md) "
        "answers. `ma-lint --format json` prints all of them in one object, in `documents`. Keys are always there: "
        "what is unknown is `null`, what there is none of is `[]`.\n",
        "The JSON Schema: [report.schema.json](../report.schema.json), also printed by `ma-lint schema`. What may "
        "stand in `missing` and `invalid`: `reason`, `reason.impact`, `milestone`, `milestone.type`, "
        "`milestone.dates`, `requester`, `requester.name`, `requester.phone`, `requester.email`. The codes: "
        "[rules](../rules/index.md).\n",
        "## Report\n",
        _section(schema),
    ]
    for name in _ORDER:
        out += [f"## {name}\n", _section(models[name])]
    out += ["## An example\n", f"```json\n{_laid_out(example)}\n```\n"]
    return "\n".join(out)


def _section(model: dict[str, Any]) -> str:
    rows = [
        f"| `{name}` | {_kind(field)} | {_cell(field.get('description', ''))} |"
        for name, field in model["properties"].items()
    ]
    heading = "| key | value | meaning |\n|---|---|---|"
    return "\n".join([f"{_cell(model.get('description', ''))}\n", heading, *rows]) + "\n"


def _kind(field: dict[str, Any]) -> str:
    if "anyOf" in field:
        return " or ".join(map(_kind, field["anyOf"]))
    if "$ref" in field:
        name = field["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "const" in field:
        return f"`{field['const']}`"
    if "enum" in field:
        return ", ".join(f"`{value}`" for value in field["enum"])
    if field["type"] == "array":
        return f"list of {_kinds(field['items'])}"
    if field["type"] == "object":
        return f"object of {_kind(field['additionalProperties'])}"
    if field.get("format") == "date":
        return "date"
    return {"null": "`null`"}.get(field["type"], str(field["type"]))


def _kinds(field: dict[str, Any]) -> str:
    return "strings" if field.get("type") == "string" else _kind(field)


def _cell(text: str) -> str:
    """Docstrings speak of None, JSON of null; code spans stay as they are."""
    spans = " ".join(text.replace("None", "null").split()).split("`")
    return "`".join(part if number % 2 else escaped(part) for number, part in enumerate(spans)).replace("|", "\\|")


def _laid_out(example: Report) -> str:
    """Return a report as JSON, every span on one line."""
    return re.sub(r'\{\s+("start": \d[^}]*?)\s+\}', _on_one_line, example.model_dump_json(indent=2))


def _on_one_line(span: re.Match[str]) -> str:
    return "{" + " ".join(span[1].split()) + "}"
