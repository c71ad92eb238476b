"""Wording of single lines: what is a banner, a prompt, a label, and what only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ma_template.lines import Line, name_lines
from ma_template.matching import hope_of, hopes_of
from ma_template.wording import templates

REASON = templates()[0].prompts["reason"]
RIYUU = next(t for t in templates() if t.language == "ja").prompts["reason"]


def only(text: str) -> Line:
    (line,) = name_lines(text)
    return line


@pytest.mark.parametrize(
    ("before", "behind"),
    [
        ("", ""), ("1) ", ""), ("(1) ", ""), ("1. ", ":"), ("a) ", ""), ("Q: ", ""), ("Q1. ", ""), ("- ", ""),
        ("• ", " -"), ("**", "**"), ("\\*\\*", "\\*\\*"), ("<b>", "</b>"), ("<p><b>", "</b></p>"), ("[", "]"),
        ("> ", ""), ("### ", ""), ("ii) ", ""), ("\t", "\t"), ("2 ", ""), ("| ", " |"),
    ],
)  # fmt: skip
def test_marks_around_a_prompt_do_not_count(before: str, behind: str) -> None:
    for prompt in (REASON, REASON.upper(), REASON.lower()):
        line = only(before + prompt + behind)
        assert (line.kind, line.section, line.altered, line.answer) == ("PROMPT", "reason", (), None)


@pytest.mark.parametrize("before", ["", "■", "①", "１．", "（１）", "・", "【", "Ｑ１．", "問1 ", "1", "　"])
def test_marks_before_a_japanese_prompt_do_not_count(before: str) -> None:
    line = only(before + RIYUU)
    assert (line.kind, line.section, line.altered) == ("PROMPT", "reason", ())


@pytest.mark.parametrize(
    ("text", "section", "altered"),
    [
        ("Reason for requested management attention:", "reason", False),
        ("Name of the person requesting management attention", "requester", False),
        ("Reason for requested managment atention, including buisness impact of the problem:", "reason", True),
        ("Why do you want management attention, and what is the impact on your business?", "reason", True),
        ("Which milestone is affected, what type is it and what is the critical date?", "milestone", True),
        ("Who is requesting (name, phone, e-mail)?", "requester", True),
        ("管理者対応を要請する理由と事業への影響をお書きください。", "reason", True),
        ("マイルストーンの種類と期日を教えてください。", "milestone", True),
        ("要請者のお名前と電話番号、メールアドレス：", "requester", True),
    ],
)
def test_prompts_in_other_words(text: str, section: str, *, altered: bool) -> None:
    line = only(text)
    assert (line.kind, line.section, bool(line.altered)) == ("PROMPT", section, altered)


@pytest.mark.parametrize(
    "text",
    [
        "The reason for the escalation is the business impact of the outage.",
        "Here ***** Request Management Attention ***** and so on it goes with words behind it",
        "We know the reason, and the impact is clear: management wants attention now.",
        "The milestone date is critical and the type is a business milestone",
        "業務影響の理由により管理者対応を要請します。",
        "マイルストーンの期日は12月1日です。",
        "要請者の氏名と電話番号は次のとおりです。",
        "/******* request handler, attention: names only *******/",
        "select /*+ parallel(4) */ * from v$backup_piece where handle like '%*%';",
        "RMAN-00569: =============== ERROR MESSAGE STACK FOLLOWS ===============",
        "We know the **Request Management Attention** template (the one with the **** lines).",
        'Do you want "***** Request Management Attention *****" pasted into the SR, as our runbook says?',
        "なお、***管理者による対応を要請***のひな型は存じております。",
        "***** Management Summary Report *****",
        "***** 運用管理者への申し送り *****",
        "件名：管理者による対応を要請する件について",
    ],
)
def test_look_alikes_are_other_text(text: str) -> None:
    assert only(text).kind == "TEXT"


@pytest.mark.parametrize(
    ("text", "altered"),
    [
        ("***Request Management Attention***", ()),
        ("* * * Request  Management\u00a0Attention * * *", ()),
        ("> ******* Request Management Attention *******", ()),
        ("＊＊＊＊ 管理者による対応を要請 ＊＊＊＊", ("width",)),
        ("******* ＲＥＱＵＥＳＴ Management Attention *******", ("width",)),
        ("******* REQUEST MANAGEMENT ATTENTION *******", ("case",)),
        ("******* Request Managment Atention *******", ("typo",)),
        ("******* Request Management Attention", ("one-sided",)),
        ("Request Management Attention *******", ("one-sided",)),
        (r"\*\*\*\* Request Management Attention \*\*\*\*", ("escaped",)),
        ("&#42;&#42;&#42; Request Management Attention &#42;&#42;&#42;", ("escaped",)),
        ("| **** Request Management Attention **** |", ("markup",)),
        ("[10:02] taro: **** Request Management Attention ****", ("other-text",)),
        ("******* Request Management\nAttention *******", ("broken",)),
        ("*******\nRequest Management Attention *******", ("one-sided", "broken")),
    ],
)
def test_banners(text: str, altered: tuple[str, ...]) -> None:
    line = only(text)
    assert (line.kind, line.altered) == ("BANNER", altered)


@pytest.mark.parametrize(
    ("text", "kind", "section"),
    [
        ("Reason: it stops", "LABEL", "reason"),
        ("Business impact - none", "ITEM", "reason"),
        ("【期日】12/1", "ITEM", "milestone"),
        ("■マイルストーン：切替", "LABEL", "milestone"),
        ("・氏名　　　大河内　慎之介", "ITEM", "requester"),
        ("1) Milestone = go-live", "LABEL", "milestone"),
        ("**Contact:** Ada", "LABEL", "requester"),
        ("理由", "LABEL", "reason"),
    ],
)
def test_labels(text: str, kind: str, section: str) -> None:
    line = only(text)
    assert (line.kind, line.section) == (kind, section)


PIECES = [
    *[word for template in templates() for word in template.label.lower().split()],
    *[prompt.lower() for template in templates() for prompt in template.prompts.values()],
    *["reason", "why", "contact", "name", "req", "***", "*", "&#42;", "&amp;", "<b>", "h1.", "h7.", "12)", "3.", "q2:"],
    *["2026-11-23 08:15", "node 17", "0", "9", " ", ": ", " - ", "'", "x" * 40, "管理", "の"],
]


@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=6).map(" ".join), max_size=8))
@example(["h1. busine pager", "h7. busine pager"])
@example([f"&#{number};&#42;&#42; request management attention" for number in (42, 48)])
def test_the_hope_of_many_rows_is_that_of_each(rows: list[str]) -> None:
    others = [row.translate(str.maketrans("0123456789", "9876543210")) for row in rows]
    assert hopes_of([*rows, *others]) == [hope_of([row]) for row in [*rows, *others]]
