"""The formats for CI: valid, with places that are right, and without a word of anybody's answer."""

from __future__ import annotations

import datetime
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest
import xmlschema

from ma_template import check
from ma_template.cli import main
from ma_template.diagnostics import Language
from ma_template.report import Format, Problem, Run, absent, writer
from ma_template.rules import RULES
from ma_template.rules.examples import options_of, update_of

ROOT = Path(__file__).parents[1]
SCHEMAS = ROOT / "fixtures" / "schemas"
DAY = datetime.date(2026, 11, 23)
FORMATS = ("sarif", "github", "junit")
EVERY_FORMAT = pytest.mark.parametrize("name", FORMATS)

SARIF = jsonschema.Draft4Validator(json.loads((SCHEMAS / "sarif-2.1.0-rtm.5.json").read_text("utf-8")))
JUNIT = xmlschema.XMLSchema(SCHEMAS / "junit-10.xsd")
# GitHub, "Workflow commands": ::COMMAND NAME=VALUE,...::MESSAGE; a value holds no bare % : , and a message no bare %.
GITHUB = re.compile(
    r"::(?P<command>error|warning|notice) (?P<values>\w+=[^%:,\r\n]*(?:%[0-9A-F]{2}[^%:,\r\n]*)*"
    r"(?:,\w+=[^%:,\r\n]*(?:%[0-9A-F]{2}[^%:,\r\n]*)*)*)::(?P<message>(?:[^%\r\n]|%(?:25|0A|0D))*)"
)

# The number stands behind an emoji of one code point, two kanji and a full-width colon: column 5, in UTF-16 column 6.
WIDE = """\
*** 管理者による対応を要請 ***
理由: 出荷が止まり、1日に約400件の損失が出ている
マイルストーン: 新倉庫の稼働開始 2026年12月15日
要請者: 大河内 慎之介
🙂電話：０３－５５５５－０１２
👩‍💻メール：okochi＠minato
*** 管理者による対応を要請 ***
"""
PLACES = {
    "code-point": {"MA404": (5, 5, 16), "MA407": (6, 8, 21)},
    "utf-16": {"MA404": (5, 6, 17), "MA407": (6, 10, 23)},
}


def written(name: Format, *updates: tuple[Any, ...], problems: tuple[Problem, ...] = (), **options: Any) -> str:
    """Return the log of these updates: source, text, and what `check` needs to know."""
    out: list[str] = []
    offsets = options.get("offsets", "code-point")
    reports = writer(name, Run(**{"write": out.append, "version": "0.1.0", "lang": "en", "as_of": DAY, **options}))
    reports.begin()
    for source, text, *more in updates:
        report = check(text, as_of=DAY, offsets=offsets, **dict(*more))
        reports.add(report.model_copy(update={"source": source, "encoding": "utf-8"}), text)
    reports.end(problems)
    return "".join(out)


def annotations(log: str) -> Iterator[tuple[str, dict[str, str], str]]:
    """Take workflow commands apart as GitHub's runner does; whatever is no command fails."""
    for line in log.splitlines():
        match = GITHUB.fullmatch(line)
        assert match, line
        values = dict(value.split("=", 1) for value in match["values"].split(","))
        yield match["command"], {key: _plain(value) for key, value in values.items()}, _plain(match["message"])


def _plain(value: str) -> str:
    return re.sub("%([0-9A-F]{2})", lambda code: chr(int(code[1], 16)), value)


# -- valid


LANGUAGES: tuple[Language, ...] = ("en", "ja")


def every_example() -> list[tuple[Any, ...]]:
    """Return an update for every code, in both languages."""
    return [
        (
            f'{code}/{lang} ☃%20:,&<".txt',
            update_of(rule, rule.wrong).of(lang),
            {**options_of(rule, rule.wrong_sr, lang), **NO_MAIL},
        )
        for code, rule in RULES.items()
        for lang in LANGUAGES
    ]


NO_MAIL = {"resolver": lambda domain: False}
PROBLEMS = (
    Problem("gone %.txt", "not-found"),
    Problem("a\x1b[2J\ud800\ufffe\nb", "broken-link"),
    Problem(None, "interrupted"),
)


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("updates", [every_example(), []], ids=["every rule", "nothing"])
def test_sarif_is_valid(updates: list[tuple[Any, ...]], lang: str) -> None:
    log = json.loads(written("sarif", *updates, problems=PROBLEMS, lang=lang))
    SARIF.validate(log)
    run = log["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(RULES)
    assert all(rule["help"]["text"] and rule["help"]["markdown"] for rule in rules)
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
    assert len(run["artifacts"]) == len(updates)
    for location in (artifact["location"]["uri"] for artifact in run["artifacts"]):
        assert re.fullmatch(r"(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})+", location)


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("strict", [False, True])
def test_junit_is_valid(lang: str, strict: bool) -> None:
    log = written("junit", *every_example(), ("plain.txt", "nothing"), problems=PROBLEMS, lang=lang, strict=strict)
    JUNIT.validate(log)
    for suite in ElementTree.fromstring(log):
        counted = [len(suite.findall(path)) for path in ("testcase", "testcase/failure", "testcase/error")]
        assert counted == [int(suite.attrib[name]) for name in ("tests", "failures", "errors")]


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_github_lines_keep_to_the_grammar(lang: str) -> None:
    updates = every_example()
    log = list(annotations(written("github", *updates, problems=PROBLEMS, lang=lang)))
    assert {values.get("file") for _, values, _ in log} >= {source for source, *_ in updates}
    assert {command for command, _, _ in log} == {"error", "warning", "notice"}
    for _, values, _ in log:
        assert ("col" in values) == (values["title"] != "ma-lint" and "endLine" not in values)


@EVERY_FORMAT
def test_a_name_cannot_break_the_log(name: Format) -> None:
    log = written(name, ("x\n::error::y\x1b[2J", WIDE), problems=PROBLEMS)
    assert "\n::error::y" not in log
    assert "\x1b" not in log
    log.encode()


# -- places


def test_columns_behind_kanji_and_emoji() -> None:
    for offsets, places in PLACES.items():
        run = json.loads(written("sarif", ("a.txt", WIDE), offsets=offsets))["runs"][0]
        assert run["columnKind"] == {"code-point": "unicodeCodePoints", "utf-16": "utf16CodeUnits"}[offsets]
        regions = {
            result["ruleId"]: result["locations"][0]["physicalLocation"]["region"]
            for result in run["results"]
            if result["ruleId"] in places
        }
        assert {
            code: (region["startLine"], region["startColumn"], region["endColumn"]) for code, region in regions.items()
        } == places

        lines = annotations(written("github", ("a.txt", WIDE), offsets=offsets))
        found = {values["title"].split()[0]: values for _, values, _ in lines}
        for code, place in places.items():
            assert tuple(int(found[code][key]) for key in ("line", "col", "endColumn")) == place

        junit = written("junit", ("a.txt", WIDE), offsets=offsets)
        for code, (line, column, _) in places.items():
            assert f'name="{code} {RULES[code].name} ({line}:{column})"' in junit
            assert f"a.txt:{line}:{column}: error[{code}] " in junit


def test_levels() -> None:
    results = json.loads(written("sarif", *every_example()))["runs"][0]["results"]
    levels = {result["ruleId"]: result["level"] for result in results}
    assert levels == {code: {"info": "note"}.get(RULES[code].severity, RULES[code].severity) for code in levels}


def test_junit_fails_where_the_exit_status_does() -> None:
    warned = update_of(RULES["MA202"], RULES["MA202"].wrong).en
    plain, strict = (
        ElementTree.fromstring(written("junit", ("a.txt", warned), strict=strict)) for strict in (False, True)
    )
    assert plain.findall(".//failure") == []
    assert str(plain.findtext(".//system-out")).startswith("a.txt:2:9: warning[MA202] ")
    assert [failure.attrib["type"] for failure in strict.findall(".//failure")] == ["MA202"]


def test_what_could_not_be_read_is_in_the_log() -> None:
    run = json.loads(written("sarif", problems=PROBLEMS))["runs"][0]
    invocation = run["invocations"][0]
    assert invocation["executionSuccessful"] is False
    assert [told["descriptor"]["id"] for told in invocation["toolExecutionNotifications"]] == [
        "not-found",
        "broken-link",
        "interrupted",
    ]
    assert json.loads(written("sarif"))["runs"][0]["invocations"][0]["executionSuccessful"] is True
    assert ElementTree.fromstring(written("junit", problems=PROBLEMS)).findall(".//error")[0].attrib == {
        "type": "not-found",
        "message": "no such file or folder",
    }
    assert next(annotations(written("github", problems=PROBLEMS))) == (
        "error",
        {"file": "gone %.txt", "title": "ma-lint"},
        "no such file or folder",
    )


def test_a_wrong_option_is_in_the_log(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--format", "sarif", "--as-of", "soon", str(tmp_path)]) == 2
    invocation = json.loads(capsys.readouterr().out)["runs"][0]["invocations"][0]
    assert "soon" in invocation["toolConfigurationNotifications"][0]["message"]["text"]
    assert invocation["executionSuccessful"] is False


def test_paths() -> None:
    log = json.loads(written("sarif", ("./a b.txt", "x"), ("/x/日.txt", "x"), ("c:d/e.txt", "x"), ("-", "x")))
    assert [artifact["location"]["uri"] for artifact in log["runs"][0]["artifacts"]] == [
        "a%20b.txt",
        "file:///x/%E6%97%A5.txt",
        "c%3Ad/e.txt",
        "-",
    ]
    assert "file=" not in written("github", ("-", WIDE))
    assert "file=sub/a.txt," in written("github", ("./sub/a.txt", WIDE))


# -- no answer's words


CANARY = """\
Hello Zebulon, call Quillon first.
**** Request Management Atention **** Wolverton
Reason: The Marmaduke gateway is down and Fenwick cannot ship
Milestone: Xanthe cutover on 31 November 2026, then 03/04/2031 (Mon), 7 August, next Friday
Requester: Ottoline Featherstone, +1 415 555 019, 415 555 0177, ottoline(at)petrel.example.com, o..f@docomo.ne.jp
Please have a manager ring me. Deputy: Ignatius Blackwood +44 20 7946 0958 ignatius@kestrel.example.org
Requester: Ottoline Featherstone again
**** 管理者による対応を要請 ****
**** Request Management Attention ****
Reason: the Marmaduke gateway
Milestone: TBD Hollis
Requester: Quillon Sedgewick
"""
SECRETS = """
    Zebulon Quillon Wolverton Atention Marmaduke Fenwick Xanthe Ottoline Featherstone ottoline petrel docomo Ignatius
    Blackwood ignatius kestrel Hollis Sedgewick gateway ship 2031 019 0177 0958 415 7946 Friday August
    大河内 慎之介 okochi minato 出荷 新倉庫 ５５５５
"""


def said(name: str, log: str) -> str:
    """Return what is said of updates; the rules' own help has invented people in its examples."""
    if name == "sarif":
        run = json.loads(log)["runs"][0]
        del run["tool"]
        return json.dumps(run, ensure_ascii=False)
    return "\n".join(line.partition("expected: ")[0] for line in log.replace("%0A", "\n").splitlines())


@EVERY_FORMAT
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_no_answer_is_told(name: Format, lang: str) -> None:
    updates = [("a.txt", CANARY), ("b.txt", CANARY.replace("\n", "\n> ")), ("c.txt", WIDE)]
    log = said(name, written(name, *updates, lang=lang))
    assert log.count("MA") > 8
    assert [secret for secret in SECRETS.split() if re.search(rf"\b{secret}\b", log)] == []


@EVERY_FORMAT
def test_no_answer_of_the_development_set_is_told(name: Format) -> None:
    for path in sorted((ROOT / "fixtures" / "devset").glob("*.txt")):
        text = path.read_bytes().decode()
        report = check(text, as_of=DAY)
        log = said(name, written(name, ("a.txt", text)))
        for block in report.blocks:
            secrets = [block.reason and block.reason.impact]
            if block.milestone and block.milestone.type:
                secrets.append(block.milestone.type.raw)
            if who := block.requester:
                secrets += [who.name, *(item.raw for item in (*who.phones, *who.pagers, *who.emails))]
                secrets += [phone.e164 for phone in who.phones]
            for secret in filter(None, secrets):
                assert str(secret) not in log, path.name


# -- the command


@EVERY_FORMAT
def test_the_file_appears_whole(name: Format, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_text(WIDE, "utf-8")
    assert main(["--format", name, "--as-of", "2026-11-23", str(tmp_path)]) == 1
    printed = capsys.readouterr().out
    assert main(["--format", name, "--as-of", "2026-11-23", "--output", str(tmp_path / "log"), str(tmp_path)]) == 1
    assert (tmp_path / "log").read_text("utf-8") == printed
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", "log"]


def test_a_text_without_a_block_needs_no_engine_in_github(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("nothing")
    code = "import sys; from ma_template.cli import main; main(sys.argv[1:]); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code, "--format", "github", str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert not {"pydantic", "phonenumbers", "email_validator", "lark", "rich"} & set(done.stdout.split())


@EVERY_FORMAT
def test_the_light_report_is_said_like_the_engine_s(name: Format) -> None:
    full = check("nothing", as_of=DAY).model_copy(update={"source": "a.txt", "encoding": "utf-8"})
    reports = writer(name, Run(str, "0", "en", DAY))
    assert reports.render(absent("a.txt", "utf-8", DAY), "nothing") == reports.render(full, "nothing")
