"""A company's own words and its own wording of the form."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import FIXTURES, examples
from growth import grows_linearly
from ma_template import Config, check, fix, parse
from ma_template.cli import main
from ma_template.readers.own_words import reworded
from ma_template.readers.values import Category
from ma_template.source import View

DAY = "2026-11-23"
FORM = {
    "language": "en",
    "banner": "Executive Attention Needed",
    "prompts": {
        "reason": "Tell us why executives should look at this, and what it costs the business",
        "milestone": "The milestone in danger and its date",
        "requester": "Your name and how we can reach you",
    },
    "labels": {"reason": ["why now"]},
}
FORM_JA = {
    "language": "ja",
    "banner": "役員へのお願い",
    "prompts": {"reason": "役員に見てほしい理由と、事業上の損失", "requester": "お名前と折り返し先"},
    "labels": {"milestone": ["守りたい期日"]},
}
CONFIG = Config(
    templates=[FORM, FORM_JA],  # type: ignore[list-item]
    placeholders=["see mail", "別途メール"],  # type: ignore[arg-type]
    milestones={"launch": ["grand opening", "開局"]},  # type: ignore[dict-item]
)
PROMPTS = list(FORM["prompts"].values())  # type: ignore[attr-defined]
ANSWERS = ["40 stores cannot sell.", "Go-live on 2026-12-15", "Taro Yamada, +81 3-5555-0123, taro@example.com"]


def filled(
    opening: str = "*** Executive Attention Needed ***",
    closing: str = "*** Executive Attention Needed ***",
    prompts: Any = PROMPTS,
    answers: Any = ANSWERS,
) -> str:
    pairs = [line for prompt, answer in zip(prompts, answers, strict=True) for line in (prompt, answer)]
    return "\n".join(["hello", opening, *pairs, closing, "bye", ""])


# -- the form


@pytest.mark.parametrize(
    "text",
    [
        filled(),
        filled("********** EXECUTIVE   ATTENTION NEEDED **********", "*** executive attention: needed ***"),
        filled("＊＊＊　Ｅｘｅｃｕｔｉｖｅ Attention Needed　＊＊＊"),
        filled("Executive Attention Needed", "Executive Attention Needed"),
        filled(closing="************* Request Management Attention *************"),
        filled(
            prompts=["Why now:", "2. The milestone in danger and its date:", "- Your name, and how we can reach you -"]
        ),
        filled(
            prompts=[
                "Tell us why executives should look at this,\nand what it costs\nthe business",
                "Milestone:",
                "Name:",
            ]
        ),
        filled().replace("\n", "\r\n"),
    ],
)
def test_a_company_s_form_is_a_request_like_any_other(text: str) -> None:
    report = check(text, as_of=DAY, config=CONFIG)
    assert report.status == "complete"
    assert [found.code for found in report.diagnostics if found.code not in ("MA202", "MA105")] == []
    (block,) = report.blocks
    assert (block.template, block.language) == ("management-attention", "en")
    assert block.reason is not None
    assert block.reason.text == ANSWERS[0]
    assert block.milestone is not None
    assert block.milestone.text == ANSWERS[1]
    assert (
        text[block.span.start : block.span.end].strip()
        == text[6 + text.startswith("hello\r") :].rsplit("bye")[0].strip()
    )
    assert check(text, as_of=DAY).status != "complete"  # nobody else's


def test_a_form_in_japanese() -> None:
    text = (
        "*** 役員への お願い ***\n１）役員に見てほしい理由と、事業上の損失\n全店で受注できません。\n"
        "【守りたい期日】開局 2026年12月15日\nお名前と折り返し先：山田太郎 03-5555-0123 taro@example.co.jp\n"
        "*** 役員へのお願い ***\n"
    )
    report = check(text, as_of=DAY, config=CONFIG)
    assert report.status == "complete"
    (block,) = report.blocks
    assert block.language == "ja"
    assert block.milestone is not None
    assert block.milestone.type is not None
    assert (block.milestone.type.category, block.milestone.type.raw) == ("launch", "開局")


def test_a_banner_broken_over_lines_is_altered_as_a_published_one_is() -> None:
    text = filled("************\nExecutive Attention Needed\n************")
    report = check(text, as_of=DAY, config=CONFIG)
    assert [found.code for found in report.diagnostics] == ["MA104"]
    assert report.blocks[0].span.line == 2


def test_without_its_banner_it_is_still_told() -> None:
    report = check(filled(opening=""), as_of=DAY, config=CONFIG)
    assert "MA103" in [found.code for found in report.diagnostics]
    assert len(report.blocks) == 1


@pytest.mark.parametrize(
    "text",
    ["Executive attention needed here, they say.", "*** Executive Attention ***", "why now: because", "*** 役員 ***"],
)
def test_what_only_looks_like_it_is_none(text: str) -> None:
    assert check(text, as_of=DAY, config=CONFIG).status == "absent"


def test_the_published_form_reads_as_before() -> None:
    for path in sorted((FIXTURES / "devset").glob("*.txt"))[::4]:
        text = path.read_bytes().decode()
        assert check(text, as_of=DAY, config=CONFIG) == check(text, as_of=DAY)


def test_fix_leaves_a_company_s_form_alone() -> None:
    for opening in ("*** Executive Attention Needed ***", "** executive attention NEEDED"):
        assert not fix(filled(opening), config=CONFIG).changed


def test_the_tree_shows_it() -> None:
    assert len(parse(filled(), CONFIG.additions).blocks) == 1
    assert parse(filled()).blocks == ()


# -- placeholders


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("see mail", "MA109"),
        ("See Mail.", "MA109"),
        ("Taro Yamada\n+81 3-5555-0123\nE-mail: see mail", "MA109"),
        ("別途メール", "MA109"),
        ("別途メールでご連絡します", "MA109"),
        ("山田太郎 03-5555-0123\nメール：別途メール", "MA109"),
    ],
)
def test_own_words_leave_an_answer_open(answer: str, code: str) -> None:
    text = filled(answers=[*ANSWERS[:2], answer])
    found = check(text, as_of=DAY, config=CONFIG)
    assert code in [one.code for one in found.diagnostics]
    plain = check(text, as_of=DAY, config=CONFIG.model_copy(update={"placeholders": ()}))
    assert code not in [one.code for one in plain.diagnostics]


def test_own_words_within_a_sentence_are_prose() -> None:
    text = filled(answers=["40 stores cannot sell; for the logs see mail of Monday.", *ANSWERS[1:]])
    assert check(text, as_of=DAY, config=CONFIG) == check(text, as_of=DAY, config=Config(templates=[FORM]))  # type: ignore[list-item]


# -- milestones


@pytest.mark.parametrize("category", Category.__args__)  # type: ignore[attr-defined]
@pytest.mark.parametrize(("word", "written"), [("blue moon", "The Blue Moon"), ("青い月", "新青い月")])
def test_own_words_name_every_category(category: str, word: str, written: str) -> None:
    config = Config(milestones={category: [word]})  # type: ignore[dict-item]
    text = (
        f"*** Request Management Attention ***\nReason: stopped\nMilestone: 2026-12-15 {written}\n"
        "Requester: Taro Yamada, +81 3-5555-0123, taro@example.com\n*** Request Management Attention ***\n"
    )
    milestone = check(text, as_of=DAY, config=config).blocks[0].milestone
    assert milestone is not None
    assert milestone.type is not None
    assert milestone.type.category == category
    assert word in milestone.type.raw.lower()
    assert text[milestone.type.span.start : milestone.type.span.end] == milestone.type.raw
    other = check(text, as_of=DAY).blocks[0].milestone
    assert other is not None
    assert other.type is None or other.type.category == "other"


# -- places


@examples(100)
@given(
    st.lists(
        st.sampled_from(["開局", "grand opening", "ｶﾞ", "①", " ", "\n", "a", "Grand\nOpening", "12月"]), max_size=12
    )
)
def test_places_are_those_of_the_words_as_written(pieces: list[str]) -> None:
    assert CONFIG.additions is not None
    text = "".join(pieces)
    view = View.of(text)
    own = reworded(view, CONFIG.additions, "milestone")
    at = 0
    for start in range(len(own.text)):
        span = own.span(start, start + 1)
        assert span.start <= span.end <= len(text)
        assert span.start >= at or text[span.start : span.end].lower().split() in (["開局"], ["grand", "opening"])
        at = max(at, span.start)
    assert own.span(0, len(own.text)) == view.span(0, len(view.text))


def test_many_configurations_at_once() -> None:
    """What one thread adds, another does not see."""
    texts = {name: filled(f"*** {name} ***", f"*** {name} ***") for name in ("Alpha Call", "Beta Call", "Gamma Call")}
    wrong: list[str] = []

    def work(name: str) -> None:
        config = Config(templates=[{**FORM, "banner": name}])  # type: ignore[list-item]
        for _ in range(20):
            for other, text in texts.items():
                opened = parse(text, config.additions).blocks[0].opening is not None
                if opened != (other == name):
                    wrong.append(name)

    threads = [threading.Thread(target=work, args=(name,)) for name in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_ma_lint_knows_them_from_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text(filled())
    Path("ma-lint.toml").write_text(
        'require = true\n[[templates]]\nlanguage = "en"\nbanner = "Executive Attention Needed"\n'
    )
    assert main(["--as-of", DAY, "--isolated", "--require", "a.txt"]) == 1
    Path("b.txt").write_text(filled(prompts=["Reason:", "Milestone:", "Requester:"]))
    assert main(["--as-of", DAY, "b.txt"]) == 0


@pytest.mark.parametrize("piece", ["*", " ", "* ", "> ", "executive ", "tell us why ", "開", "see mail, "])
def test_work_grows_with_hostile_lines(piece: str) -> None:
    opening = "*** Executive Attention Needed ***\n"
    assert grows_linearly(lambda text: check(opening + text, as_of=DAY, config=CONFIG), piece * 90 + "\n", 9_000)


def test_own_words_without_an_own_form_open_no_block() -> None:
    report = check("Hello, see mail.", config=Config(placeholders=["see mail"]), as_of=DAY)  # type: ignore[arg-type]
    assert (report.status, report.blocks) == ("absent", ())
