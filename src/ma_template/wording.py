"""Loads the tables under grammar/: templates, labels, vocabularies. Wording is data; code knows only its roles."""

from __future__ import annotations

import os
import re
import tomllib
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ma_template.patterns import late
from ma_template.source import fold

if TYPE_CHECKING:
    from pathlib import Path  # a text without any block is done before it would have been loaded

SectionName = Literal["reason", "milestone", "requester"]
SECTIONS: tuple[SectionName, ...] = ("reason", "milestone", "requester")
"""The three parts that every template asks for, in its order."""

_NOT_A_LETTER = late(r"[\W_]+")


@cache
def _folder() -> str:
    package = os.path.dirname(os.path.abspath(__file__))
    inside = os.path.join(package, "grammar")
    return inside if os.path.isdir(inside) else os.path.join(package, "..", "..", "grammar")


@cache
def grammar_folder() -> Path:
    """Return the folder of grammar files: inside the package in a wheel, beside src/ in a checkout."""
    from pathlib import Path

    return Path(_folder())


@cache
def table(name: str) -> dict[str, Any]:
    """Return the table `grammar/NAME.toml`. The caller does not change it."""
    with open(os.path.join(_folder(), f"{name}.toml"), "rb") as file:
        return tomllib.load(file)


class Template(NamedTuple):
    """One published form. `label_key` is the banner's label as it is compared."""

    name: str
    language: str
    label: str
    label_key: str
    opening: str
    closing: str
    prompts: dict[str, str]


class Prompt(NamedTuple):
    """A published prompt. `template` is None where several forms ask in the same words."""

    section: str
    language: str
    template: str | None
    text: str
    key: str


class Label(NamedTuple):
    """What a cut-down prompt stands for: a whole section, or one item inside it."""

    section: str
    language: str
    whole: bool


def key(text: str) -> str:
    """Return letters and digits alone, in lower case and width folded: the form in which wording is compared."""
    return _NOT_A_LETTER.sub("", fold(text).lower())


@cache
def templates() -> tuple[Template, ...]:
    """Return the published forms, the current ones first."""
    found = []
    for path in sorted((grammar_folder() / "templates").glob("*.toml"), key=lambda path: "escal" in path.name):
        data = table(f"templates/{path.stem}")
        banner = data["banner"]
        found.append(
            Template(
                data["template"],
                data["language"],
                banner["label"],
                key(banner["label"]),
                banner["opening"],
                banner["closing"],
                data["prompts"],
            )
        )
    return tuple(found)


@cache
def published(name: str, language: str) -> Template:
    """Return the published form of a template in a language; where there is none, the current form in that language."""
    forms = [form for form in templates() if form.language == language]
    return next((form for form in forms if form.name == name), forms[0])


@cache
def prompts() -> tuple[Prompt, ...]:
    """Return every published prompt once, the longest first."""
    found: dict[str, Prompt] = {}
    for template in templates():
        for section, text in template.prompts.items():
            compared = key(text)
            shared = compared in found
            found[compared] = Prompt(section, template.language, None if shared else template.name, text, compared)
    return tuple(sorted(found.values(), key=lambda prompt: -len(prompt.key)))


@cache
def rewordings() -> tuple[Prompt, ...]:
    """Return the other ways in which people put the prompts."""
    return tuple(
        Prompt(section, data["language"], data["template"], text, key(text))
        for template in sorted((grammar_folder() / "templates").glob("*.toml"))
        for data in (table(f"templates/{template.stem}"),)
        for section, texts in data["rewordings"].items()
        for text in texts
    )


@cache
def labels() -> dict[str, Label]:
    """Return compared label -> what it stands for."""
    return {
        key(text): Label(section, language, rank == "section")
        for section, ranks in table("words/labels").items()
        for rank in ("item", "section")
        for language, texts in sorted(ranks[rank].items(), reverse=True)  # English wins where both have a word
        for text in texts
    }


@cache
def any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern that finds any of these words, the longest first."""
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))
