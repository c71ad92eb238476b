"""Loads what the portal says in its own name: tables under `portal/words/`, English and Japanese side by side."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Literal

Language = Literal["en", "ja"]
LANGUAGES: tuple[Language, ...] = ("en", "ja")
FOLDER = Path(__file__).parent


@cache
def words(name: str) -> dict[str, Any]:
    """Return the table `portal/words/NAME.toml`. The caller does not change it."""
    with (FOLDER / "words" / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def negotiated(accept_language: str | None, default: Language = "en") -> Language:
    """Return the better of our two languages for an Accept-Language header (RFC 9110, section 12.5.4).

    >>> negotiated("fr, ja;q=0.8, en;q=0.5"), negotiated(None), negotiated("*")
    ('ja', 'en', 'en')
    """
    best, weight = default, 0.0
    for item in (accept_language or "")[:500].split(","):
        tag, _, parameter = item.strip().partition(";")
        primary = tag.strip().lower().partition("-")[0]
        try:
            given = float(parameter.strip().removeprefix("q=")) if parameter else 1.0
        except ValueError:
            continue
        if weight < given <= 1:
            if primary == "en":
                best, weight = "en", given
            elif primary == "ja":
                best, weight = "ja", given
    return best
