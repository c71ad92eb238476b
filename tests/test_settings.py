"""Configuration: where settings come from, what they do, and how a wrong one is told."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from conftest import FIXTURES, ROOT
from ma_template import Config, check
from ma_template.cli import main
from ma_template.config import LintConfig
from ma_template.configuring import _toml, _toml_key, as_toml, config_schema, first_file
from ma_template.settings import Configurations

Captured = pytest.CaptureFixture[str]
DAY = ["--as-of", "2026-11-23"]

WARNED = """\
*** Request Management Attention ***
Reason: the gateway answers with an error now and then
Milestone: go-live on 15 December 2026
Requester: Taro Yamada, +81 3-5555-0123, taro.yamada@example.com
*** Request Management Attention ***
"""
FAULTY = WARNED.replace(", +81 3-5555-0123", "")


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    Path("warned.txt").write_text(WARNED)
    Path("faulty.txt").write_text(FAULTY)


def write(name: str, text: str) -> None:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text)


def found(capsys: Captured, *arguments: str) -> dict[str, list[tuple[str, str]]]:
    """Check and return what is listed of each file: code and severity."""
    main([*DAY, "--format", "json", *arguments])
    documents = json.loads(capsys.readouterr().out)["documents"]
    return {
        document["source"]: [(one["code"], one["severity"]) for one in document["diagnostics"]]
        for document in documents
    }


# -- where settings come from


def in_force(capsys: Captured, *arguments: str) -> dict[str, Any]:
    assert main(["config", "--format", "json", *arguments]) == 0
    settings: dict[str, Any] = json.loads(capsys.readouterr().out)["settings"]
    return settings


def test_without_a_file_everything_is_as_by_default(capsys: Captured) -> None:
    settings = in_force(capsys)
    assert {one["origin"] for one in settings.values()} == {"default"}
    assert settings["timezone"] == {"value": "UTC", "origin": "default", "file": None, "line": None}
    assert set(settings) == {name.replace("_", "-") for name in LintConfig.model_fields}


def test_the_nearest_file_counts_and_none_above_it(capsys: Captured) -> None:
    write("ma-lint.toml", '\n# the outer\nregion = "JP"\nrequire = true\n')
    write("in/pyproject.toml", '[project]\nname = "x"\n\n[tool.ma-lint]\nregion = "US"\n')
    write("in/deep/er/a.txt", "text")
    write("other/pyproject.toml", "[tool.ruff]\n# not of ma-lint\n")  # not ours, though it names us
    write("other/a.txt", "text")
    write("both/pyproject.toml", '[tool.ma-lint]\nregion = "US"\n')
    write("both/ma-lint.toml", 'region = "DE"\n')
    expected = {".": "JP", "in/deep/er/a.txt": "US", "in": "US", "other/a.txt": "JP", "both": "DE"}
    assert {path: in_force(capsys, path)["region"]["value"] for path in expected} == expected
    assert in_force(capsys, "in/deep")["require"]["origin"] == "default"
    assert in_force(capsys, "in/deep")["region"] == {
        "value": "US", "origin": "file", "file": "in/pyproject.toml", "line": 5,
    }  # fmt: skip
    assert in_force(capsys)["region"]["line"] == 3


def test_a_file_may_be_named_or_left_aside(capsys: Captured) -> None:
    write("ma-lint.toml", 'ignore = ["MA202"]\n')
    write("ci.toml", 'severity = { MA202 = "error" }\n')
    write("ci-shared.toml", '[tool.ma-lint]\nseverity = { MA202 = "info" }\n')
    assert found(capsys, "warned.txt") == {"warned.txt": []}
    assert found(capsys, "--isolated", "warned.txt") == {"warned.txt": [("MA202", "warning")]}
    assert found(capsys, "--config", "ci.toml", "warned.txt") == {"warned.txt": [("MA202", "error")]}
    assert found(capsys, "--config", "ci-shared.toml", "warned.txt") == {"warned.txt": [("MA202", "info")]}
    assert main(["--config", "ci.toml", "--isolated", "warned.txt"]) == 2
    assert "not allowed with argument" in capsys.readouterr().err


def test_the_command_line_wins(capsys: Captured) -> None:
    write("ma-lint.toml", 'region = "JP"\nselect = ["MA403", "MA202"]\nignore = ["MA202"]\n')
    assert found(capsys, "faulty.txt", "warned.txt") == {"faulty.txt": [("MA403", "error")], "warned.txt": []}
    assert found(capsys, "--ignore", "MA310", "warned.txt") == {"warned.txt": [("MA202", "warning")]}
    assert found(capsys, "--extend-ignore", "MA403", "faulty.txt") == {"faulty.txt": []}
    assert found(capsys, "--select", "MA302", "faulty.txt") == {"faulty.txt": []}
    assert found(capsys, "--select", "MA302", "--extend-select", "phone-missing", "faulty.txt") == {
        "faulty.txt": [("MA403", "error")]
    }
    national = WARNED.replace("+81 3-5555-0123", "(415) 555-0123")
    write("national.txt", national)
    main([*DAY, "--format", "json", "--region", "us", "national.txt"])
    block = json.loads(capsys.readouterr().out)["documents"][0]["blocks"][0]
    assert block["requester"]["phones"][0]["e164"] == "+14155550123"


def test_what_a_file_switches_on_the_command_line_switches_off(capsys: Captured) -> None:
    write("ma-lint.toml", "strict = true\nrequire = true\n")
    write("plain.txt", "text")
    assert main([*DAY, "warned.txt"]) == 1
    assert main([*DAY, "--no-strict", "warned.txt"]) == 0
    assert main([*DAY, "plain.txt"]) == 1
    assert main([*DAY, "--no-require", "plain.txt"]) == 0


def test_standard_input_stands_where_its_name_says(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    import io
    import sys
    from types import SimpleNamespace

    write("in/ma-lint.toml", 'ignore = ["MA202"]\n')
    for name, codes in (("in/a.txt", []), ("a.txt", [("MA202", "warning")])):
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(WARNED.encode())))
        assert found(capsys, "--stdin-filename", name, "-") == {name: codes}


def test_each_file_has_its_own_whatever_process_does_it(capsys: Captured) -> None:
    for number in range(12):
        write(f"{number:02}/a.txt", WARNED)
        if number % 2:
            write(f"{number:02}/ma-lint.toml", 'severity = { MA202 = "error" }\n')
    write("04/ma-lint.toml", "strict = true\n")
    one = found(capsys, "--jobs", "1", ".")
    assert one["./01/a.txt"] == [("MA202", "error")]
    assert one["./02/a.txt"] == [("MA202", "warning")]
    assert found(capsys, "--jobs", "2", ".") == one
    assert main([*DAY, "02", "06"]) == 0
    assert main([*DAY, "02", "04"]) == 1


# -- what they do


@pytest.mark.parametrize(
    ("toml", "name", "listed", "status"),
    [
        ("", "warned.txt", [("MA202", "warning")], 0),
        ("strict = true", "warned.txt", [("MA202", "warning")], 1),
        ('severity = { MA202 = "error" }', "warned.txt", [("MA202", "error")], 1),
        ('severity = { impact-missing = "off" }\nstrict = true', "warned.txt", [], 0),
        ('severity = { MA202 = "info" }\nstrict = true', "warned.txt", [("MA202", "info")], 0),
        ('severity = { MA403 = "warning" }', "faulty.txt", [("MA202", "warning"), ("MA403", "warning")], 0),
        ('severity = { MA403 = "off" }', "faulty.txt", [("MA202", "warning")], 0),
        ('extend-select = ["MA202"]', "faulty.txt", [("MA202", "warning"), ("MA403", "error")], 1),
        ('select = "MA403, MA302"', "faulty.txt", [("MA403", "error")], 1),
        ('[per-file-ignores]\n"faulty.*" = ["MA403"]', "faulty.txt", [("MA202", "warning")], 0),
        ('[per-file-ignores]\n"sub/*" = ["MA403"]', "faulty.txt", [("MA202", "warning"), ("MA403", "error")], 1),
        ('ignore = ["MA202"]\n[per-file-ignores]\n"*.txt" = "MA403"', "faulty.txt", [], 0),
    ],
)
def test_severities_decide_the_exit_status_and_nothing_else(
    toml: str, name: str, listed: list[tuple[str, str]], status: int, capsys: Captured
) -> None:
    write("ma-lint.toml", toml)
    assert main([*DAY, "--format", "json", name]) == status
    document = json.loads(capsys.readouterr().out)["documents"][0]
    assert [(one["code"], one["severity"]) for one in document["diagnostics"]] == listed
    # Contract, section 2: these follow the default severities, whatever is configured.
    plain = check(Path(name).read_text(), as_of="2026-11-23")
    assert document["status"] == plain.status
    assert [block["status"] for block in document["blocks"]] == [block.status for block in plain.blocks]
    assert document["blocks"][0]["missing"] == list(plain.blocks[0].missing)


def test_per_file_ignores_are_seen_from_the_file_s_folder(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    write("ma-lint.toml", '[per-file-ignores]\n"drafts/*" = ["MA202"]\n')
    write("drafts/deep/a.txt", WARNED)
    assert found(capsys, "drafts")["drafts/deep/a.txt"] == []
    monkeypatch.chdir("drafts")
    assert found(capsys, "deep")["deep/a.txt"] == []


def test_the_library_takes_the_same(capsys: Captured) -> None:
    assert [
        one.severity for one in check(WARNED, as_of="2026-11-23", severity={"impact-missing": "error"}).diagnostics
    ] == ["error"]
    config = LintConfig(region="JP", strict=True)
    national = WARNED.replace("+81 3", "03")
    assert check(national, config=config, ignore=["MA202"], as_of="2026-11-23").diagnostics == ()
    with pytest.raises(ValueError, match="did you mean MA202"):
        Config(severity={"MA2O2": "error"})


@pytest.mark.parametrize("encoding", ["cp932", "euc-jp", "utf-16-le"])
def test_the_encoding_may_be_set(encoding: str, capsys: Captured) -> None:
    Path("a.txt").write_bytes("理由：".encode(encoding))
    write("ma-lint.toml", f'encoding = "{encoding}"\n')
    main(["--format", "json", "a.txt"])
    assert json.loads(capsys.readouterr().out)["documents"][0]["encoding"] == encoding
    assert main(["--encoding", "utf-8", "a.txt"]) == 2
    assert "a.txt: cannot be read as utf-8: byte 0x" in capsys.readouterr().err
    assert main(["--encoding", "shift-jsi", "a.txt"]) == 2
    assert "--encoding shift-jsi: there is no such encoding; did you mean shift-jis?" in capsys.readouterr().err


def test_today_is_taken_in_the_file_s_time_zone(capsys: Captured) -> None:
    write("east/ma-lint.toml", 'timezone = "Pacific/Kiritimati"\n')
    write("west/ma-lint.toml", 'timezone = "Pacific/Niue"\n')
    for folder in ("east", "west"):
        write(f"{folder}/a.txt", "text")
    main(["--format", "json", "east", "west"])
    report = json.loads(capsys.readouterr().out)
    east, west = (document["as_of"] for document in report["documents"])
    assert east > west  # 25 hours apart: never the same day
    assert report["as_of"] == east


def test_one_report_counts_in_one_way(capsys: Captured) -> None:
    write("a/ma-lint.toml", 'offsets = "utf-16"\n')
    for folder in ("a", "b"):
        write(f"{folder}/a.txt", "🙂" + WARNED)
    main([*DAY, "--format", "json", "a", "b"])
    ends = {one["blocks"][0]["span"]["end"] for one in json.loads(capsys.readouterr().out)["documents"]}
    assert ends == {len("🙂" + WARNED.rstrip()) + 1}  # the emoji counts for two
    assert main([*DAY, "a"]) == 0  # the frames of the text report stand where they should
    assert "Reason: the gateway" in capsys.readouterr().out


def test_keys_may_be_spelled_as_in_the_library(capsys: Captured) -> None:
    write("ma-lint.toml", 'fiscal_year_start = 4\nper_file_ignores = { "warned.txt" = ["MA202"] }\n')
    assert main(["config", "--format", "json"]) == 0
    shown = json.loads(capsys.readouterr().out)["settings"]
    assert shown["fiscal-year-start"] == {"value": 4, "origin": "file", "file": "ma-lint.toml", "line": 1}
    assert shown["per-file-ignores"]["value"] == {"warned.txt": ["MA202"]}


# -- what is wrong

WRONG = [
    ('regoin = "JP"', "1: unknown key regoin; did you mean region?"),
    ('date_ordre = "ymd"', "1: unknown key date_ordre; did you mean date-order?"),
    ('region = "JP"\ndate-order = "ymd"\ndate_order = "ymd"', "3: date_order is the same setting as date-order, "),
    ("fiscal_year_start = 13", "1: fiscal_year_start 13 is no month: give a number from 1 to 12"),
    ("zzz = 1", "1: unknown key zzz; `ma-lint init` writes a file with all there are"),
    ('\n# x\nregion = "XX"', "3: region XX is no region: give the two letters of a country, such as JP or US"),
    ("region = 81", "1: region must be a text in quotes"),
    ('timezone = "Mars"', "1: timezone Mars is no time zone: give a name such as Asia/Tokyo or UTC"),
    ('date-order = "dmx"', "1: date-order cannot be dmx: did you mean dmy? (one of ymd, mdy, dmy)"),
    ("fiscal-year-start = 13", "1: fiscal-year-start 13 is no month: give a number from 1 to 12"),
    ("max-blocks = 0", "1: max-blocks 0 is no limit: give a whole number above 0"),
    ('strict = "perhaps"', "1: strict must be true or false"),
    ('select = [\n  "MA403",\n  "MA4O3",\n]', "1: there is no rule MA4O3; did you mean MA403 (phone-missing)?"),
    ("ignore = 202", '1: ignore must be a list in brackets, such as ["MA202", "MA303"]'),
    ('[severity]\nMA202 = "eror"', "2: severity.MA202 cannot be eror: did you mean error? (one of error, warning,"),
    ('[severity]\nimpact-mising = "error"', "2: there is no rule impact-mising; did you mean MA202 (impact-missing)?"),
    ("severity = 3", "1: severity must be a table"),
    ('encoding = "shiftjs"', "1: encoding shiftjs: there is no such encoding; did you mean shiftjis?"),
    ('[milestones]\n\npayrol = ["x"]', "3: milestones.payrol: there is no category payrol; did you mean payroll?"),
    ('placeholders = ["?!"]', "1: placeholders ?!: a wording needs letters, or it would be found everywhere"),
    ('[[templates]]\nbanner = "Exec"', "1: templates.language is missing"),
    ('[[templates]]\nlanguage = "en"\npromts = {}', "3: unknown key promts; did you mean prompts?"),
    ('[[templates]]\nlanguage = "en"\n[templates.prompts]\nreson = "x"', "4: unknown key reson; did you mean reason?"),
    ('[per-file-ignores]\n"*.txt" = ["MA2O2"]', "2: there is no rule MA2O2; did you mean MA202 (impact-missing)?"),
    ('[tool.ma-lint]\nregion = "JP"', "1: in ma-lint.toml the keys stand by themselves, without [tool.ma-lint]"),
    ('region = "JP\n', "1: this is no TOML: "),
    ('region = "JP"\nregion = "US"', "2: this is no TOML: "),
    ('a = """', "1: this is no TOML: "),
]  # fmt: skip


@pytest.mark.parametrize(("toml", "told"), WRONG, ids=[told for _, told in WRONG])
def test_what_is_wrong_is_told_with_its_line(toml: str, told: str, capsys: Captured) -> None:
    write("ma-lint.toml", toml)
    assert main(["warned.txt"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith(f"ma-lint: error: ma-lint.toml:{told}")
    write(
        "pyproject.toml", '[project]\nname = """\n[tool.ma-lint]\n"""\n\n[tool.ma-lint]\nignore = []\nfoo-bar-baz = 1\n'
    )
    Path("ma-lint.toml").unlink()
    assert main(["config"]) == 2
    assert capsys.readouterr().err.startswith("ma-lint: error: pyproject.toml:8: unknown key foo-bar-baz")


def test_everything_wrong_is_told_at_once_in_order_and_in_japanese(capsys: Captured) -> None:
    write("ma-lint.toml", 'strict = 3.5\nregoin = 1\n[severity]\nMA2O2 = "off"\n[milestones]\ngo-lve = []\n')
    assert main(["--lang", "ja", "warned.txt"]) == 2
    printed, told = capsys.readouterr()
    assert told.splitlines() == [
        "ma-lint: エラー: ma-lint.toml:1: strict には true か false を指定してください",
        "ma-lint: エラー: ma-lint.toml:2: キー regoin はありません。region のことですか?",
        "ma-lint: エラー: ma-lint.toml:4: ルール MA2O2 はありません。MA202 (impact-missing) のことですか?",
        "ma-lint: エラー: ma-lint.toml:6: milestones.go-lve: 分類 go-lve はありません。go-live のことですか?",
    ]
    assert "warned" not in printed


def test_a_wrong_file_does_not_stop_the_others(capsys: Captured) -> None:
    write("good/a.txt", WARNED)
    write("bad/ma-lint.toml", "strict = 3.5\n")
    for name in ("bad/a.txt", "bad/b.txt"):
        write(name, WARNED)
    assert main([*DAY, "--format", "json", "bad", "good"]) == 2
    report = json.loads(capsys.readouterr().out)
    assert [document["source"] for document in report["documents"]] == ["good/a.txt"]
    assert report["errors"] == [{"source": None, "message": "bad/ma-lint.toml:1: strict must be true or false"}]


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda path: None, "there is no such configuration file"),
        (lambda path: path.mkdir(), "cannot be read: it is a folder"),
        (lambda path: path.write_bytes(b"x\n\xff"), "the configuration is not UTF-8"),
        (lambda path: path.write_bytes(b"a=" + b"[" * 5_000), "this is no TOML: arrays nested too deeply"),
        (lambda path: path.write_bytes(b"\0"), "this is no TOML"),
    ],
)
def test_a_file_that_is_none(make: Callable[[Path], object], told: str, capsys: Captured) -> None:
    make(Path("given.toml"))
    assert main(["--config", "given.toml", "warned.txt"]) == 2
    error = capsys.readouterr().err
    assert error.startswith("ma-lint: error: given.toml")
    assert told in error
    assert error.count("\n") == 1


def test_a_folder_where_the_file_should_be(capsys: Captured) -> None:
    Path("ma-lint.toml").mkdir()
    assert main(["warned.txt"]) == 2
    assert capsys.readouterr().err == "ma-lint: error: ma-lint.toml: cannot be read: it is a folder\n"


def test_windows_files_are_read(capsys: Captured) -> None:
    Path("ma-lint.toml").write_bytes('\ufeff# 設定\r\nregion = "XX"\r\n'.encode())
    assert main(["config"]) == 2
    assert "ma-lint.toml:2: region XX" in capsys.readouterr().err


# -- ma-lint config, ma-lint init


def test_what_is_in_force_is_shown_as_a_file(capsys: Captured) -> None:
    write("ma-lint.toml", '[milestones]\nlaunch = ["開局", "say \\"go\\""]\n[severity]\nMA202 = "off"\n')
    assert main(["config"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("# settings in force for ., from ma-lint.toml\n")
    assert 'milestones = { launch = ["開局", "say \\"go\\""] }  # ma-lint.toml:1\n' in shown
    assert "# region" in shown
    write("shown.toml", shown)
    again = Configurations({}, "shown.toml").of(".")
    before = Configurations({}).of(".")
    assert again is not None
    assert before is not None
    assert again.config == before.config
    assert main(["config", "gone"]) == 2
    assert "gone: no such file or folder" in capsys.readouterr().err


def active(text: str) -> str:
    """Return a first file with every example in it put into force."""
    return re.sub("^#(?=[^ #\n])", "", text, flags=re.MULTILINE)


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_first_file_says_everything_and_sets_nothing(lang: Any, capsys: Captured) -> None:
    assert main(["init", "--lang", lang]) == 0
    capsys.readouterr()
    text = Path("ma-lint.toml").read_text("utf-8")
    assert text == first_file(lang)
    assert tomllib.loads(text) == {}
    assert main(["init"]) == 2
    assert "it is there already" in capsys.readouterr().err
    assert Path("ma-lint.toml").read_text("utf-8") == text
    # Every setting is explained; each works when the mark before it is taken away.
    assert set(tomllib.loads(active(text))) == {name.replace("_", "-") for name in LintConfig.model_fields}
    write("ma-lint.toml", active(text))
    assert main(["config"]) == 0, capsys.readouterr().err


def test_a_first_file_where_none_can_be_written(capsys: Captured) -> None:
    assert main(["init", "gone"]) == 2
    assert "gone/ma-lint.toml: cannot be written: no such folder" in capsys.readouterr().err


# -- schema, documentation


def test_the_schema_is_the_one_in_docs(approved: Callable[[Path, str], None], capsys: Captured) -> None:
    assert main(["config", "--schema"]) == 0
    approved(ROOT / "docs" / "config.schema.json", capsys.readouterr().out)


def test_the_schema_takes_what_the_model_takes() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft202012Validator(config_schema())
    validator.validate(tomllib.loads(active(first_file("en"))))
    for toml, _ in WRONG:
        try:
            data = tomllib.loads(toml)
        except tomllib.TOMLDecodeError:
            continue
        if any(word in toml for word in ("MA2O2", "MA4O3", "mising", '"XX"', "Mars", "shiftjs", "?!")):
            continue  # only code can know these
        assert not validator.is_valid(data), toml


def test_this_project_has_no_configuration_that_changes_the_tests() -> None:
    assert Configurations({}).of(str(FIXTURES)).file is None  # type: ignore[union-attr]


# -- ma-lint fix


def test_fix_follows_the_configuration(capsys: Captured) -> None:
    altered = WARNED.replace("*** Request", "** Request", 1)
    write("a.txt", altered)
    write("ma-lint.toml", 'ignore = ["MA104"]\n')
    assert main(["fix", "--check", "a.txt"]) == 0
    assert main(["fix", "--check", "--isolated", "a.txt"]) == 1
    write("ma-lint.toml", "ignor = []\n")
    capsys.readouterr()
    assert main(["fix", "a.txt", "warned.txt"]) == 2
    assert capsys.readouterr().err == "ma-lint: error: ma-lint.toml:1: unknown key ignor; did you mean ignore?\n"
    assert Path("a.txt").read_text() == altered
    assert main(["fix", "--encoding", "utf8x", "--isolated", "a.txt"]) == 2
    assert "--encoding utf8x: there is no such encoding; did you mean utf8?" in capsys.readouterr().err
    Path("b.txt").write_bytes(altered.encode("utf-16-le"))
    assert main(["fix", "--isolated", "--encoding", "utf-16-le", "b.txt"]) == 0
    assert "********" in Path("b.txt").read_bytes().decode("utf-16-le")


# -- anything at all

KEYS = [name.replace("_", "-") for name in LintConfig.model_fields] + ["x", "templates.banner"]
VALUES = st.recursive(
    st.sampled_from(["", "JP", "MA202", "en", "auto", "1979-05-27", "%", "\U0001f642"])
    | st.booleans()
    | st.integers(-5, 10**20)
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["language", "prompts", "reason", "MA202", "go-live", "*"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)


@hypothesis.settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(KEYS), VALUES, min_size=1, max_size=3))
def test_no_table_makes_it_fail(table: dict[str, Any]) -> None:
    rows = [f"{_toml_key(key)} = {_toml(value)}" for key, value in table.items()]
    write("ma-lint.toml", "\n".join(rows).replace("e+", "e"))
    configurations = Configurations({})
    settings = configurations.of(".")
    assert (settings is None) == bool(configurations.problems)
    for problem in configurations.problems:
        for lang in ("en", "ja"):
            assert problem.message(lang).startswith("ma-lint.toml:")  # type: ignore[arg-type]
    if settings is not None:
        as_toml(settings, ".", "en")
        assert settings.config.additions is None or check(WARNED, config=settings.config)


@hypothesis.settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from([*"[]x=\n\"'\r1.\\", "severity", "[[templates]]"]), max_size=12))
def test_no_text_makes_it_fail(pieces: list[str]) -> None:
    Path("ma-lint.toml").write_bytes("".join(pieces).encode())
    configurations = Configurations({})
    assert (configurations.of(".") is None) == bool(configurations.problems)
    assert all(problem.message("ja") for problem in configurations.problems)
