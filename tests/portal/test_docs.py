"""What docs/portal says is there is there, and what is there is said."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

from ma_template.portal.settings import Hook, Limits, Settings, load
from ma_template.portal.words import FOLDER, words
from portal.conftest import ROOT, Server

DOCS = ROOT / "docs" / "portal"
PAGES = sorted(DOCS.glob("*.md"))


def page(name: str) -> str:
    return (DOCS / f"{name}.md").read_text(encoding="utf-8")


def test_every_setting_is_explained() -> None:
    operation, webhooks = page("operation"), page("webhooks")
    assert [name for name in (*Settings.model_fields, *Limits.model_fields) if f"`{name}`" not in operation] == [
        "limits",  # explained as [limits], [check] and [hooks.NAME]
        "check",
        "hooks",
    ]
    assert not [name for name in Hook.model_fields if f"`{name}`" not in webhooks]


def test_the_example_shows_every_setting_with_its_default(monkeypatch: pytest.MonkeyPatch) -> None:
    path = DOCS / "examples" / "portal.toml"
    shown = load(path)
    assert shown.limits == Limits()
    said = path.read_text(encoding="utf-8")
    assert not [name for name in (*Settings.model_fields, *Limits.model_fields) if name not in said]


def test_every_attribute_of_the_element_is_explained() -> None:
    module = (FOLDER / "static" / "ma-template-check.js").read_text(encoding="utf-8")
    options = json.loads(re.search(r"const OPTIONS = (\[.*?\]);", module)[1])  # type: ignore[index]
    used = set(re.findall(r"(?:get|has)Attribute\(\"([\w-]+)\"", module)) | set(options)
    explained = page("element")
    assert not [name for name in used if f"`{name}`" not in explained]
    tokens = set(re.findall(r"var\((--ma-[\w-]+)", module))
    assert not [name for name in tokens if name not in explained]
    parts = set(re.findall(r"part: \"(\w+)\"", module))
    assert not [name for name in parts if name not in explained]


def test_every_operation_and_metric_is_listed(server: Server) -> None:
    listed = page("api") + page("operation")
    assert not [path for path in server.get("/openapi.json").json()["paths"] if path not in listed]
    metrics = set(re.findall(r"# HELP (\w+)", server.get("/metrics").text))
    assert not [name for name in metrics if f"`{name}`" not in listed and not name.endswith("_created")]


def test_every_problem_has_words_in_both_languages() -> None:
    table = words("problems")
    raised = set()
    for path in FOLDER.glob("*.py"):
        raised |= set(re.findall(r'ProblemError\(\s*"([\w-]+)"', path.read_text(encoding="utf-8")))
    problems = {name for name, said in table.items() if "status" in said}
    assert raised - {"invalid"} <= problems
    assert problems - raised <= {"not-found", "method-not-allowed"}
    for name in problems:
        places = [set(re.findall(r"\{\w+\}", table[name]["detail"][lang])) for lang in ("en", "ja")]
        assert places[0] == places[1], name


def test_both_languages_of_the_page_have_the_same_words() -> None:
    def keys(table: object) -> object:
        return {key: keys(value) for key, value in table.items()} if isinstance(table, dict) else None

    for name in ("page", "comments"):
        assert keys(words(name)["en"]) == keys(words(name)["ja"])


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_examples_in_the_pages_can_be_parsed_and_links_lead_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for language, code in re.findall(r"```(json|toml)\n(.*?)```", text, re.DOTALL):
        if language == "json":
            for document in re.split(r"\n(?=\{)", code):
                json.loads(document)
        else:
            tomllib.loads(code)
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", text):
        file, _, anchor = target.partition("#")
        found = (path.parent / file).resolve() if file else path
        assert found.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", found.read_text(encoding="utf-8"), re.MULTILINE)
            slugs = [re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in headings]
            assert anchor in slugs, target
