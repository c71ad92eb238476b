"""The generated pages: written, compared, cleared away, and complete."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ma_template.cli import parsers
from ma_template.config import LintConfig
from ma_template.models import json_schema
from ma_template.reference.__main__ import main, pages, stale
from ma_template.rules import RULES


def test_the_pages_are_up_to_date() -> None:
    assert stale() == [], "run: python -m ma_template.reference"


def test_pages_are_checked_written_and_cleared_away(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--docs", str(tmp_path)]
    assert main([*arguments, "--check"]) == 1
    assert not list(tmp_path.iterdir())
    assert main(arguments) == 0
    assert main([*arguments, "--check"]) == 0
    (tmp_path / "rules" / "MA403.md").write_text("an older page", encoding="utf-8")
    (tmp_path / "rules" / "MA999.md").write_text("a page of no rule", encoding="utf-8")
    (tmp_path / "reference" / "report.md").unlink()
    (tmp_path / "library.md").write_text("a page that somebody wrote", encoding="utf-8")
    capsys.readouterr()
    assert main([*arguments, "--check"]) == 1
    told = [line.removeprefix(f"out of date: {tmp_path}/") for line in capsys.readouterr().out.splitlines()]
    assert told == ["reference/report.md", "rules/MA403.md", "rules/MA999.md"]
    assert main(arguments) == 0
    assert stale(tmp_path) == []
    assert (tmp_path / "library.md").exists()


def headings(name: str) -> list[str]:
    return re.findall(r"^## (.+)$", pages()[name], re.MULTILINE)


def test_every_command_and_option_is_on_its_page() -> None:
    commands = parsers()[1]
    assert headings("reference/command-line.md") == [f"ma-lint {name}" for name in commands]
    page = pages()["reference/command-line.md"]
    for name, command in commands.items():
        section = page.partition(f"## ma-lint {name}\n")[2].partition("\n## ")[0]
        options = {option for action in command._actions for option in action.option_strings} - {"-h", "--help"}
        assert not [option for option in options if not re.search(f"^\\|.*`{option}[ `]", section, re.MULTILINE)]


def test_every_setting_is_on_its_page_in_both_languages() -> None:
    assert headings("reference/settings.md") == [name.replace("_", "-") for name in LintConfig.model_fields]
    sections = re.split(r"^## ", pages()["reference/settings.md"], flags=re.MULTILINE)[1:]
    for section in sections:
        assert re.search(r"^[A-Z].*\.$", section, re.MULTILINE)
        assert re.search(r'^<div lang="ja">\n\n.*。\n', section, re.MULTILINE)
        assert "```toml\n" in section


def test_every_key_of_a_report_is_explained() -> None:
    schema = json_schema()
    models = {"Report": schema, **schema["$defs"]}
    assert set(headings("reference/report.md")) == {*models, "An example"}
    for name, model in models.items():
        for key, field in model["properties"].items():
            assert field.get("description", "").endswith("."), f"{name}.{key} has no description"


def test_every_rule_has_its_page() -> None:
    assert {name for name in pages() if name.startswith("rules/")} == {
        "rules/index.md",
        *(f"rules/{code}.md" for code in RULES),
    }
