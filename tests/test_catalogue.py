"""The declarations of the rules: complete, in step with the contract and the pages, and worded with care."""

from __future__ import annotations

import json
import pickle
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
import wcwidth
import yaml

from ma_template import reference
from ma_template.diagnostics import (
    DAMAGE,
    FIELDS,
    LANGUAGES,
    LIMITS,
    MISMATCHES,
    ODDITIES,
    PLACES,
    Finding,
    Rule,
    Severity,
    Text,
)
from ma_template.reference.rules import index
from ma_template.rules import RULES, find, without_pointless
from ma_template.source import Span

CONTRACT: dict[str, list[str]] = yaml.load(
    (Path(__file__).parents[1] / "fixtures" / "contract-codes.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader
)
EVERY_RULE = pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
EVERY_LANGUAGE = pytest.mark.parametrize("lang", ["en", "ja"])
EXAMPLES = ("wrong", "right", "wrong_sr", "right_sr")
LIST_PLACES = {"candidates", "what"}


def texts(rule: Rule) -> dict[str, Text]:
    """Return every text of a rule that is written for people, by its name."""
    return {name: value for name, value in rule._asdict().items() if isinstance(value, Text)}


def places(sentence: str) -> list[str]:
    return sorted(re.findall(r"\{(.*?)\}", sentence))


# -- in step with the contract and the pages


def test_the_declarations_are_the_contracts_list() -> None:
    declared = {code: (rule.name, rule.severity, rule.fixable) for code, rule in RULES.items()}
    assert declared == {code: (*entry[:2], entry[2] if entry[2:] else "no") for code, entry in CONTRACT.items()}


def test_rules_stand_in_order_of_well_formed_codes_and_names() -> None:
    assert list(RULES) == sorted(RULES)
    assert all(re.fullmatch(r"MA[1-9]\d\d", code) for code in RULES)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+){1,3}", rule.name) for rule in RULES.values())
    assert len({rule.name for rule in RULES.values()}) == len(RULES)


def test_two_rules_of_one_code_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from ma_template import rules

    twin = rules.reason.REASON_MISSING._replace(name="reason-lost")
    monkeypatch.setattr(rules.advice, "TWIN", twin, raising=False)
    with pytest.raises(ValueError, match="MA201"):
        rules._collected()


def test_every_page_is_linked_and_every_link_leads_to_a_page() -> None:
    linked = set(re.findall(r"\]\((.*?)\)", index()))
    assert linked == {f"{code}.md" for code in RULES}


# -- worded with care


@EVERY_RULE
def test_both_languages_have_something_to_say(rule: Rule) -> None:
    for name, text in texts(rule).items():
        if name not in EXAMPLES:
            assert text.en.strip() == text.en != ""
            assert text.ja.strip() == text.ja != ""
            assert not re.search("[ぁ-んァ-ヶ一-龠]", text.en.replace("管理者による対応を要請", ""))
            assert re.search("[ぁ-んァ-ヶ一-龠]", text.ja)
            assert not re.search(r"[！-｝　]", text.ja), "brackets, colons and digits are half-width in our Japanese"
            assert "  " not in text.en + text.ja
    assert (rule.wrong, rule.wrong_sr) != (rule.right, rule.right_sr)
    assert (rule.wrong_sr is None) == (rule.right_sr is None)
    assert rule.right.en
    assert rule.right.ja


@EVERY_RULE
def test_headings_are_clauses_and_explanations_are_sentences(rule: Rule) -> None:
    for lang in ("en", "ja"):
        end = "。" if lang == "ja" else "."
        assert not rule.heading(lang).endswith(end)
        assert not rule.message.of(lang).endswith(end)
        assert not rule.expected.of(lang).endswith(end)
        for text in (rule.explain, rule.source, rule.fixable_when):
            assert text is None or text.of(lang).endswith(end)
    assert rule.message.en[0] in "{" or not rule.message.en[0].isupper()
    assert 2 <= len(sentences(rule.explain.en)) <= 5
    assert 2 <= len(sentences(rule.explain.ja)) <= 5


@EVERY_RULE
def test_messages_have_the_same_known_places_in_both_languages(rule: Rule) -> None:
    assert places(rule.message.en) == places(rule.message.ja)
    assert set(places(rule.message.en)) <= PLACES.keys()
    if places(rule.message.en):
        assert rule.title is not None, "a message with places needs a title without them"
    for name, text in texts(rule).items():
        if name not in ("message", "wrong_sr", "right_sr"):
            assert "{" not in text.en + text.ja


def sentences(text: str) -> list[str]:
    return [sentence.strip() for sentence in re.split(r"(?<=[.?!])\s+(?=[A-Z])|(?<=。)", text) if sentence.strip()]


@EVERY_LANGUAGE
def test_no_two_rules_share_a_sentence(lang: Any) -> None:
    said_by = defaultdict(set)
    for rule in RULES.values():
        for name in ("title", "message", "expected", "explain", "source", "fixable_when"):
            text = getattr(rule, name)
            for sentence in sentences(text.of(lang)) if text else ():
                said_by[sentence].add(rule.code)
    assert {sentence: codes for sentence, codes in said_by.items() if len(codes) > 1} == {}


@EVERY_RULE
def test_fields_and_codes_that_a_rule_names_exist(rule: Rule) -> None:
    assert rule.field is None or rule.field in FIELDS
    assert set(rule.pointless_after) <= RULES.keys() - {rule.code}
    assert (rule.fixable == "sometimes") == (rule.fixable_when is not None)
    assert isinstance(rule.severity, Severity)


# -- what a finding says


ARGUMENTS: dict[str, Any] = {
    "date": "2026-12-01",
    "start": "2026-12-01",
    "end": "2026-12-10",
    "candidates": ("2027-03-04", "2027-04-03"),
    "count": 1200,
    "line": 7,
    "days": 14,
    "severity": 4,
    "field": "requester.phone",
    "section": "reason",
    "opening": "en",
    "closing": "ja",
    "what": ("typo", "one-sided"),
    "limit": "blocks",
    "oddity": "internal",
    "mismatch": "stopped",
}


@EVERY_RULE
@EVERY_LANGUAGE
def test_a_message_takes_its_arguments_and_falls_back_without_them(rule: Rule, lang: Any) -> None:
    wanted = places(rule.message.of(lang))
    filled = rule.render(lang, **ARGUMENTS)
    assert "{" not in filled
    assert (filled != rule.heading(lang)) == bool(wanted)
    for place in wanted:
        lacking = {name: value for name, value in ARGUMENTS.items() if name != place}
        assert rule.render(lang, **lacking) == rule.heading(lang)
        for nonsense in ("", "no such thing", (), ("no such thing",), None, 1.5, b"x"):
            assert rule.render(lang, **{**ARGUMENTS, place: nonsense}) in (rule.heading(lang), filled)
    assert rule.render(lang, **ARGUMENTS, unheard_of="?") == filled


RENDERED = [
    ("MA104", {"what": ["width"]}, "the banner is not as published: it has full-width or look-alike characters",
     "開始行または終了行が所定の形と異なります(全角文字や似た別の文字が使われている)"),
    ("MA104", {"what": ["case", "stars", "broken"]},
     "the banner is not as published: the label's capitals differ, there are fewer than three asterisks on a side and "
     "it is broken over several lines",
     "開始行または終了行が所定の形と異なります(見出しの大文字・小文字が異なる、アスタリスクが3個に満たない、複数の行に分かれている)"),
    ("MA105", {"opening": "ja", "closing": "en"}, "the opening banner is in Japanese, the closing banner in English",
     "開始行は日本語、終了行は英語です"),
    ("MA108", {"section": "milestone"}, "the prompt for the milestone appears twice; both answers were read as one",
     "マイルストーンの設問が2回あります。記入はつなげて読み取りました"),
    ("MA109", {"field": "requester.email"}, "the requester's e-mail address is still a placeholder",
     "要請者のメールアドレスが仮の記入のままです"),
    ("MA110", {"count": 12}, "the update holds 12 requests", "1つの更新内容に要請が12件あります"),
    ("MA305", {"candidates": ("2027-03-04", "2027-04-03")},
     "the date has more than one reading: Thu 4 March 2027 or Sat 3 April 2027",
     "日付が複数の意味に読めます(2027年3月4日(木)または2027年4月3日(土))"),
    ("MA305", {"candidates": ()}, "the date has more than one reading", "日付が複数の意味に読めます"),
    ("MA306", {"date": "2026-02-30"}, "there is no such day: 30 February 2026", "存在しない日付です(2026年2月30日)"),
    ("MA306", {"date": "2026-13-01"}, "there is no such day: 2026-13-01", "存在しない日付です(2026年13月1日)"),
    ("MA309", {"date": "2026-12-14T17:00"},
     "the date depends on the day of reading; it was taken as Mon 14 December 2026, 17:00",
     "読む日によって変わる日付です(2026年12月14日(月) 17:00として読み取りました)"),
    ("MA311", {"start": "2026-12-01", "end": "2026-12-10"},
     "the date is not a single day; it was read as Tue 1 December 2026 to Thu 10 December 2026",
     "日付が1日に定まっていません(2026年12月1日(火)から2026年12月10日(木)までとして読み取りました)"),
    ("MA501", {"date": "2026-11-24T09:30:00+09:00"},
     "the milestone is due on Tue 24 November 2026, 09:30 (+09:00); telephone support is quicker",
     "期日が2026年11月24日(火) 09:30 (+09:00)に迫っています。電話サポートのほうが早く伝わります"),
    ("MA505", {"severity": 1, "mismatch": "no-impact"},
     "the SR's severity is 1, which does not match the request: it states no business impact",
     "SRの重大度は1ですが、要請の内容と合いません(事業への影響が書かれていない)"),
    ("MA506", {"date": "2026-12-15"}, "Tue 15 December 2026 stands nowhere in the SR's milestone dates",
     "2026年12月15日(火)が、SRのマイルストーン期日にありません"),
    ("MA508", {"count": 3, "days": 14},
     "this is request number 3 within 14 days, with reason and milestone unchanged",
     "14日以内で3回目の要請ですが、理由もマイルストーンも変わっていません"),
    ("MA901", {"limit": "blocks", "count": 1000},
     "there are too many requests, and the later ones were not checked: raise max-blocks to have them checked "
     "(limit: 1,000)",
     "要請が多すぎるため、上限を超えた要請は確認していません。確認するには max-blocks を引き上げてください"
     "(上限: 1,000)"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "arguments", "english", "japanese"), RENDERED)
def test_messages_read_well(code: str, arguments: dict[str, Any], english: str, japanese: str) -> None:
    assert RULES[code].render("en", **arguments) == english
    assert RULES[code].render("ja", **arguments) == japanese


@pytest.mark.parametrize("words", [FIELDS, LANGUAGES, DAMAGE, LIMITS, ODDITIES, MISMATCHES])
def test_no_two_roles_are_called_the_same(words: dict[str, Text]) -> None:
    assert len({text.en for text in words.values()}) == len(words)
    assert len({text.ja for text in words.values()}) == len(words)


def test_a_finding_takes_what_its_rule_says_and_can_be_sent_to_a_worker() -> None:
    rule = RULES["MA305"]
    found = rule.at(Span(3, 9), block=1, candidates=("2027-03-04", "2027-04-03"))
    assert found == Finding(
        "MA305", Span(3, 9), 1, "milestone.dates", (("candidates", ("2027-03-04", "2027-04-03")),), False
    )
    assert pickle.loads(pickle.dumps(found)) == found
    assert len({found, rule.at(Span(3, 9), block=2)}) == 2
    assert RULES["MA104"].at(Span(0, 1), fixable=True).fixable
    assert not RULES["MA102"].at(Span(0, 1)).fixable
    assert RULES["MA102"].at(Span(0, 1), fixable=True).fixable
    assert RULES["MA109"].at(Span(0, 1), field="reason").field == "reason"
    assert RULES["MA311"].at(Span(0, 1), start="2026-12-01", end=None).arguments == (("start", "2026-12-01"),)


# -- what silences what


SILENT = [
    # what stands beside it, the finding, is it dropped?
    (("MA401", 0, "requester"), ("MA403", 0, "requester.phone"), True),
    (("MA401", 1, "requester"), ("MA403", 0, "requester.phone"), False),
    (("MA106", 0, None), ("MA201", 0, "reason"), True),
    (("MA106", 0, None), ("MA102", 0, None), False),
    (("MA107", 0, None), ("MA106", 0, None), True),
    (("MA109", 0, "requester.phone"), ("MA403", 0, "requester.phone"), True),
    (("MA109", 0, "requester.phone"), ("MA406", 0, "requester.email"), False),
    (("MA109", 0, "requester"), ("MA406", 0, "requester.email"), True),
    (("MA109", 0, "requester"), ("MA401", 0, "requester"), True),
    (("MA201", 0, "reason"), ("MA202", 0, "reason.impact"), True),
    (("MA301", 0, "milestone"), ("MA302", 0, "milestone.dates"), True),
    (("MA306", 0, "milestone.dates"), ("MA302", 0, "milestone.dates"), True),
    (("MA306", 0, "milestone.dates"), ("MA303", 0, "milestone.type"), False),
    (("MA404", 0, "requester.phone"), ("MA403", 0, "requester.phone"), True),
    (("MA201", 0, "reason"), ("MA301", 0, "milestone"), False),
]


@pytest.mark.parametrize(("beside", "finding", "dropped"), SILENT)
def test_a_finding_that_another_one_makes_pointless_is_dropped(
    beside: tuple[str, int, str | None], finding: tuple[str, int, str | None], dropped: bool
) -> None:
    first, second = (Finding(code, Span(0, 1), block, field) for code, block, field in (beside, finding))
    for findings in ([first, second], [second, first]):
        assert without_pointless(findings) == ([first] if dropped else findings)


@pytest.mark.parametrize(("section", "first"), [("reason", "MA201"), ("milestone", "MA301"), ("requester", "MA401")])
def test_a_missing_section_and_an_unfilled_template_silence_the_sections_own_codes(section: str, first: str) -> None:
    own = [rule for rule in RULES.values() if rule.code[:3] == first[:3]]
    assert len(own) > 1
    for rule in own:
        assert rule.field is not None
        assert rule.field.split(".")[0] == section
        assert {"MA106", "MA107"} <= set(rule.pointless_after)
        assert rule.code == first or first in rule.pointless_after
        assert ("MA109" in rule.pointless_after) == rule.name.endswith("-missing")


# -- found, listed, explained


@pytest.mark.parametrize("word", ["MA403", "ma403", " MA403 ", "phone-missing", "Phone-Missing", "phone_missing"])
def test_a_rule_is_found_by_code_or_name_in_any_case(word: str) -> None:
    assert find(word).code == "MA403"


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("MA4033", "did you mean MA403 (phone-missing)?"),
        ("phone-mising", "did you mean MA403 (phone-missing)?"),
        ("nonsense words", "`ma-lint rules` lists them all"),
        ("", "`ma-lint rules` lists them all"),
    ],
)
def test_an_unknown_rule_is_answered_with_the_nearest_one(word: str, hint: str) -> None:
    with pytest.raises(LookupError, match=re.escape(f"there is no rule {word!r}; {hint}")):
        find(word)


@EVERY_RULE
@EVERY_LANGUAGE
def test_an_explanation_fits_the_screen_and_holds_both_examples(rule: Rule, lang: Any) -> None:
    shown = reference.explain(rule, lang)
    lines = shown.split("\n")
    assert lines[0].startswith(f"{rule.code} {rule.name}")
    assert all(0 <= wcwidth.wcswidth(line) <= 100 for line in lines)
    assert all(reference.display_width(line) == wcwidth.wcswidth(line) for line in lines)
    assert all(line == line.rstrip() for line in lines)
    for example in (rule.wrong, rule.right):
        block = "\n".join(f"    {line}".rstrip() for line in example.of(lang).split("\n"))
        assert block in shown
    unwrapped = re.sub(r"\s+", "", shown)
    for text in (rule.explain, rule.expected, rule.source, rule.fixable_when):
        assert text is None or re.sub(r"\s+", "", text.of(lang)) in unwrapped
    assert not any(line.lstrip()[:1] in set("、。」)ー") for line in lines if line)


@EVERY_LANGUAGE
def test_the_table_has_one_aligned_line_for_every_rule(lang: Any) -> None:
    heading, *rows = reference.rule_table(lang).splitlines()
    assert [row.split()[0] for row in rows] == list(RULES)
    second = [reference.display_width(row[: row.index(RULES[row[:5]].name)]) for row in rows]
    assert set(second) == {reference.display_width(heading[: heading.index(heading.split()[1])])}


def test_the_list_for_programs_says_all_of_it() -> None:
    listed = json.loads(json.dumps(reference.rule_list(), ensure_ascii=False))
    assert [entry["code"] for entry in listed] == list(RULES)
    assert len({frozenset(entry) for entry in listed}) == 1, "keys are always there"
    missing = listed[[entry["code"] for entry in listed].index("MA403")]
    assert missing["severity"] == "error"
    assert missing["fixable"] == "no"
    assert missing["fixable_when"] is None
    assert missing["examples"]["wrong"]["ja"] == "山田太郎、taro.yamada@example.co.jp"


def test_explaining_loads_nothing_heavy() -> None:
    script = (
        "import sys; from ma_template.reference import explain, rule_table; from ma_template.rules import find;"
        "explain(find('MA403'), 'ja'); rule_table('en');"
        "print(*{'pydantic', 'phonenumbers', 'email_validator', 'lark', 'rapidfuzz', 'wcwidth', 'dataclasses'}"
        " & sys.modules.keys())"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.split() == []


def test_every_rule_is_looked_for() -> None:
    from ma_template.rules.base import CHECKED

    assert set(RULES) == CHECKED
