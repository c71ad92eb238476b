"""Loads the tables under grammar/: templates, labels, vocabularies. Wording is data; code knows only its roles."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any


@cache
def grammar_folder() -> Path:
    """Return the folder of grammar files: inside the package in a wheel, beside src/ in a checkout."""
    package = Path(__file__).parent
    inside = package / "grammar"
    return inside if inside.is_dir() else package.parents[1] / "grammar"


@cache
def table(name: str) -> dict[str, Any]:
    """Return the table `grammar/NAME.toml`. The caller does not change it."""
    with (grammar_folder() / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)
