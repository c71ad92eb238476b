"""What `ma-lint config` and `ma-lint init` print: the settings in force as TOML or JSON, a file to begin with."""

from __future__ import annotations

import json
from typing import Any

from ma_template.config import LintConfig
from ma_template.report import Language
from ma_template.settings import OWN_FILE, Origin, Settings
from ma_template.wording import table

_WIDEST = 40  # columns up to which the remarks behind the values are kept in line


def as_toml(settings: Settings, path: str, lang: Language) -> str:
    """Return the settings in force as a configuration file, with the origin of each value as a remark."""
    words = table("words/configuring")[lang]
    title = words["in_force" if settings.file else "in_force_without_file"]
    lines = [f"# {title.format(path=path, file=settings.file)}"]
    rows = []
    for name, value in settings.config.model_dump(mode="json").items():
        key = name.replace("_", "-")
        rows.append(
            (f"# {key}" if value is None else f"{key} = {_toml(value)}", _said(settings.origins.get(name), words))
        )
    width = max((len(left) for left, _ in rows if len(left) <= _WIDEST), default=0)
    lines += [f"{left:<{width}}  # {origin}" for left, origin in rows]
    return "\n".join(lines) + "\n"


def as_data(settings: Settings, path: str) -> dict[str, Any]:
    """Return the same as plain data."""
    values = {}
    for name, value in settings.config.model_dump(mode="json").items():
        origin = settings.origins.get(name)
        values[name.replace("_", "-")] = {
            "value": value,
            "origin": "default" if origin is None else "file" if origin.file else "command-line",
            "file": origin and origin.file,
            "line": origin and origin.line,
        }
    return {"schema_version": 1, "path": path, "file": settings.file, "settings": values}


def _said(origin: Origin | None, words: dict[str, Any]) -> str:
    if origin is None:
        return str(words["default"])
    if origin.file is None:
        return str(words["command_line"])
    return f"{origin.file}:{origin.line}" if origin.line else origin.file


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        items = ", ".join(f"{_toml_key(name)} = {_toml(item)}" for name, item in value.items() if item is not None)
        return f"{{ {items} }}" if items else "{}"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")  # TOML writes these as JSON does


def _toml_key(name: str) -> str:
    return name if name.replace("-", "").replace("_", "").isalnum() and name.isascii() else _toml(name)


def first_file(lang: Language) -> str:
    """Return the text of a configuration file that sets nothing and explains everything."""
    words = table("words/configuring")
    said = words[lang]
    blocks = [f"# {line}".rstrip() for line in said["head"].rstrip("\n").split("\n")]
    plain = [(name, field) for name, field in LintConfig.model_fields.items() if name not in _TABLES]
    tables = [(name, LintConfig.model_fields[name]) for name in _TABLES]  # TOML wants them behind the plain keys
    for name, field in plain + tables:
        key = name.replace("_", "-")
        comment = said["keys"][key] if lang == "ja" else field.description
        blocks.append(f"\n# {comment}")
        blocks += [f"#{line}" if line else "#" for line in words["examples"][key].rstrip("\n").split("\n")]
    return "\n".join(blocks) + "\n"


_TABLES = ("severity", "per_file_ignores", "milestones", "templates")


def config_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a configuration file."""
    schema = LintConfig.model_json_schema()
    schema["properties"] = {name.replace("_", "-"): value for name, value in schema["properties"].items()}
    schema["title"] = f"Configuration of ma-lint: {OWN_FILE}, or [tool.ma-lint] in pyproject.toml"
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
