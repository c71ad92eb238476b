"""Loads the tables under grammar/: templates, labels, vocabularies. Wording is data; code knows only its roles."""

from __future__ import annotations

import json
import os
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple
from zlib import crc32

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
    """Return the table `grammar/NAME.toml`. The caller does not change it.

    JSON is read twenty times as fast as TOML, so it is compiled when the package is installed (`hatch_build.py`). Where
    it is not there, or the table has been changed since, the table itself is read.
    """
    path = os.path.join(_folder(), name)
    with open(f"{path}.toml", "rb") as file:
        source = file.read()
    try:
        with open(f"{path}.json", "rb") as file:
            made: dict[str, Any] = json.loads(file.read())
        if made["of"] == crc32(source):
            return made["table"]  # type: ignore[no-any-return]
    except (OSError, ValueError):
        pass
    return _read(source)


def compiled(source: bytes) -> str:
    """Return the compiled form of a table: it says what it was made of."""
    return json.dumps({"of": crc32(source), "table": _read(source)}, ensure_ascii=False)


def compile_tables(folder: Path) -> None:
    """Write the compiled form of every table in a folder beside it, as an installation does."""
    for path in folder.rglob("*.toml"):
        path.with_suffix(".json").write_text(compiled(path.read_bytes()), "utf-8")


def _read(source: bytes) -> dict[str, Any]:
    import tomllib  # only where there is nothing compiled

    return tomllib.loads(source.decode())


def _template_names() -> list[str]:
    files = os.listdir(os.path.join(_folder(), "templates"))
    return [f"templates/{file.removesuffix('.toml')}" for file in files if file.endswith(".toml")]


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
    for name in sorted(_template_names(), key=lambda name: "escal" in name):
        data = table(name)
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
        for data in map(table, sorted(_template_names()))
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
