"""Limits: one that is met is told in both languages with the setting that raises it, and nothing else is lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ma_template import Config, check, fix
from ma_template.cli import main
from ma_template.rules import RULES

DAY = "2026-11-23"


def form(reason: str = "The order system is down.\n40 stores cannot take orders.", day: str = "2026-12-15") -> str:
    return f"""*** Request Management Attention ***
Reason for requested management attention, including business impact of the problem that requires attention
{reason}
Business or implementation milestone, critical date(s) (milestone date or resolve by date), along with the type of \
business or implementation milestone
Go-live of the web shop on {day}
Name of the person requesting management attention, contact information: phone number, pager, email address
Taro Yamada, +81 3-5555-0123, taro.yamada@example.com
*** Request Management Attention ***
"""


class Case(NamedTuple):
    """A text that meets a limit, and what is said; `found` of those that were found anyway."""

    setting: str
    limit: int
    text: str
    en: str
    ja: str
    places: list[tuple[int, int]]


LONG = form(reason="40 stores cannot take orders. " + "x" * 2_000 + " see 2026-11-31")
TALL = form(reason="40 stores cannot take orders.\n" + "and so on\n" * 200)
FAULTY = form(reason="TBD", day="2026-11-31")
THREE = FAULTY + "\n" + form(day="2026-12-16") + "\n" + form(day="2026-11-31")
ENDLESS = form() + "log line\n" * 1_000 + form(day="2026-11-31")

CASES = [
    Case(
        "max-characters", len(form()) + 100, ENDLESS,
        f"the update is too long, and what follows the limit was not read: raise max-characters to have it read "
        f"(limit: {len(form()) + 100:,})",
        f"更新内容が長すぎるため、上限より後ろは読み取っていません。読み取るには max-characters を引き上げてください"
        f"(上限: {len(form()) + 100:,})",
        [(len(ENDLESS), len(ENDLESS))],
    ),
    Case(
        "max-blocks", 2, THREE,
        "there are too many requests, and the later ones were not checked: raise max-blocks to have them checked "
        "(limit: 2)",
        "要請が多すぎるため、上限を超えた要請は確認していません。確認するには max-blocks を引き上げてください(上限: 2)",
        [(THREE.rindex("\n\n") + 2, len(THREE) - 1)],
    ),
    Case(
        "max-line-length", 1_000, LONG,
        "a line is too long, and its end was not read: raise max-line-length to have it read (limit: 1,000)",
        "長すぎる行があるため、その行の残りは読み取っていません。読み取るには max-line-length を引き上げてください"
        "(上限: 1,000)",
        [(LONG.index("40 stores") + 1_000,) * 2],
    ),
    Case(
        "max-answer-length", 500, TALL,
        "an answer is too long, and its end was not read: raise max-answer-length to have it read (limit: 500)",
        "長すぎる記入があるため、その残りは読み取っていません。読み取るには max-answer-length を引き上げてください"
        "(上限: 500)",
        [(TALL.index("40 stores") + 500,) * 2],
    ),
    Case(
        "max-diagnostics", 1, FAULTY,
        "there are too many findings, and the later ones are not listed: raise max-diagnostics to have them listed "
        "(limit: 1)",
        "指摘が多すぎるため、上限を超えた指摘は表示していません。表示するには max-diagnostics を引き上げてください"
        "(上限: 1)",
        [(FAULTY.index("2026-11-31"), FAULTY.index("2026-11-31") + 10)],
    ),
]  # fmt: skip
EACH = pytest.mark.parametrize("case", CASES, ids=[case.setting for case in CASES])


def limited(case: Case) -> dict[str, Any]:
    return {case.setting.replace("-", "_"): case.limit}


@EACH
def test_a_limit_that_is_met_is_told_with_the_setting_that_raises_it(case: Case) -> None:
    report = check(case.text, as_of=DAY, **limited(case))
    told = [found for found in report.diagnostics if found.code == "MA901"]
    assert [found.severity for found in told] == ["warning"]
    assert [(found.span.start, found.span.end) for found in told] == case.places
    assert told[0].message == case.en
    assert RULES["MA901"].render("ja", **told[0].arguments) == case.ja


@EACH
def test_a_limit_that_is_not_met_is_not_told(case: Case) -> None:
    assert "MA901" not in [found.code for found in check(case.text, as_of=DAY).diagnostics]


@EACH
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_setting_that_is_named_raises_it(
    case: Case, lang: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    update, settings = tmp_path / "update.txt", tmp_path / "ma-lint.toml"
    update.write_bytes(case.text.encode())
    told = []
    for number in (case.limit, 1_000_000):
        settings.write_text(f"{case.setting} = {number}\n")
        main(["check", "--as-of", DAY, "--lang", lang, "--format", "json", str(update)])
        (document,) = json.loads(capsys.readouterr().out)["documents"]
        told.append([found["message"] for found in document["diagnostics"] if found["code"] == "MA901"])
    assert told == [[{"en": case.en, "ja": case.ja}[lang]], []]


# -- nothing else is lost: what is not beyond the limit is said as it is without it


def said(text: str, **given: Any) -> tuple[str, list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the status, the blocks and all findings but MA901."""
    report = check(text, as_of=DAY, **given).model_dump(mode="json")
    return report["status"], report["blocks"], [found for found in report["diagnostics"] if found["code"] != "MA901"]


def test_a_text_is_read_up_to_the_limit() -> None:
    limit = len(form()) + 100
    assert said(ENDLESS, max_characters=limit) == said(ENDLESS[:limit])


def test_requests_up_to_the_limit_are_judged_as_if_there_were_no_more() -> None:
    status, blocks, findings = said(THREE, max_blocks=2)
    assert (status, blocks, findings) == said(THREE[: THREE.rindex("\n\n")])
    assert [block["status"] for block in blocks] == ["incomplete", "complete"]


def test_of_a_line_that_is_too_long_only_its_end_is_not_read() -> None:
    assert said(LONG, max_line_length=1_000) == said(LONG)  # nothing stands there; and its text is reported whole
    impact = LONG.replace("40 stores cannot take orders. ", "Note: ").replace(
        " see 2026", ". 40 stores cannot sell. 2026"
    )
    (block,) = said(impact, max_line_length=1_000)[1]
    (whole,) = said(impact)[1]
    assert whole["reason"].pop("impact") == "40 stores cannot sell."
    assert block["reason"].pop("impact") is None
    for one in (whole, block):
        one.pop("missing"), one["reason"].pop("span")
    assert block == whole


def test_of_an_answer_that_is_too_long_only_its_end_is_not_read() -> None:
    assert said(TALL, max_answer_length=500) == said(TALL)


def test_the_first_findings_are_listed_and_the_status_is_that_of_all() -> None:
    status, blocks, findings = said(FAULTY)
    assert [found["code"] for found in findings] == ["MA109", "MA306"]
    assert said(FAULTY, max_diagnostics=1) == (status, blocks, findings[:1])


@EACH
def test_what_was_not_looked_at_is_not_mended(case: Case) -> None:
    damaged = case.text.replace("*** Request", "** Request")
    whole, part = fix(damaged).text, fix(damaged, config=Config(**limited(case))).text
    assert part != damaged
    if case.setting == "max-diagnostics":  # mended is what is listed
        assert part != whole
    elif case.setting in ("max-characters", "max-blocks"):
        behind = damaged[case.limit + 200 :] if case.setting == "max-characters" else damaged[damaged.rindex("\n\n") :]
        assert part.endswith(behind)
        assert not whole.endswith(behind)
    else:
        assert part == whole
