"""The page for support managers: right figures, nobody's words, and a page that a browser shows without a network."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from markupsafe import escape
from playwright.sync_api import Browser

from ma_template.arrow import check_batch
from ma_template.overview import Tally, page
from ma_template.wording import table

EN = """************* Request Management Attention *************
Reason: {reason}
Milestone: {milestone}
Requester: {requester}
************* Request Management Attention *************
"""
JA = """************* 管理者による対応を要請 *************
理由：{reason}
マイルストーン：{milestone}
要請者：{requester}
************* 管理者による対応を要請 *************
"""
REASON = "The zyzzyva press stands still; 400 orders a day are lost."
REASON_JA = "印刷機が停止し、1日400件の受注を失っています。"
WHO = "Zebulon Quandary, +1 415 555 0177, zebulon.quandary@example.com"
COMPLETE = EN.format(reason=REASON, milestone="Go-live, 2026-12-01", requester=WHO)
NO_MAIL = EN.format(reason=REASON, milestone="Go-live, 2026-11-24", requester="Zebulon Quandary, +1 415 555 0177")
NO_DATE_JA = JA.format(reason=REASON_JA, milestone="本番稼働、至急", requester="久遠寺 雪乃、03-5555-0177")
WRONG_DAY_JA = JA.format(
    reason=REASON_JA, milestone="本番稼働、2026年11月31日", requester="久遠寺 雪乃、03-5555-0177、yukino@example.co.jp"
)
BARE = EN.format(reason="", milestone="", requester="")

# the day of each row, its SR, its text
ROWS = [
    ("2026-11-02", "3-1", COMPLETE),
    ("2026-11-04", "3-1", NO_MAIL),
    ("2026-11-09", "3-1", NO_MAIL),
    ("2026-11-10", "3-2", NO_DATE_JA),
    ("2026-11-11", "3-3", WRONG_DAY_JA),
    ("2026-11-12", "3-4", "Nothing of the kind."),
    ("2026-11-13", "3-5", BARE),
    ("2026-11-13", "3-6", None),
    ("2026-11-23", "<script>alert(1)</script>", NO_MAIL),
]
CANARIES = (
    "Zebulon",
    "Quandary",
    "5550177",
    "555 0177",
    "zebulon.quandary",
    "zyzzyva",
    "久遠寺",
    "5555",
    "印刷機",
    "400",
)


@pytest.fixture(scope="module")
def tally() -> Tally:
    columns = ["at", "sr", "body"]
    batch = pa.RecordBatch.from_pylist([dict(zip(columns, row, strict=True)) for row in ROWS])
    counted = Tally()
    results = check_batch(batch, text="body", id="sr", as_of="at")
    counted.add(results.slice(0, 4))
    counted.add(results.slice(4))
    return counted


def test_what_is_counted(tally: Tally) -> None:
    assert tally.updates == 9
    assert tally.errors == {"null": 1}
    assert (tally.all.requests, tally.all.complete, tally.unfilled) == (7, 1, 1)
    assert tally.missing == {
        "requester.email": 4,
        "milestone.dates": 1,
        "reason": 1,
        "milestone": 1,
        "requester": 1,
    }
    assert tally.invalid == {"milestone.dates": 1}
    weeks = {monday.isoformat(): (week.requests, week.complete) for monday, week in tally.weeks.items()}
    assert weeks == {"2026-11-02": (2, 1), "2026-11-09": (4, 0), "2026-11-23": (1, 0)}
    assert {form: group.requests for form, group in tally.forms.items()} == {
        ("en", "management-attention"): 5,
        ("ja", "management-attention"): 2,
    }
    assert {answers: group.requests for answers, group in tally.answers.items()} == {"en": 4, "ja": 2, None: 1}
    assert tally.leads == {29: 1, 20: 1, 15: 1, 1: 1}
    assert tally.undated == 2
    assert list(tally.repeated) == ["3-1"]
    assert tally.frequent(tally.repeated["3-1"])
    assert [example.id for example in tally.worst] == ["3-2", ROWS[-1][1], "3-1", "3-1", "3-3"]  # MA501 makes it worse


def test_frequent_is_three_within_a_fortnight() -> None:
    first = datetime.date(2026, 11, 1)
    near, far = ([first, first + datetime.timedelta(3), first + datetime.timedelta(days)] for days in (14, 15))
    assert Tally().frequent(near)
    assert not Tally().frequent(far)


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_page_holds_nobody_s_words(tally: Tally, lang: str) -> None:
    told = page(tally, lang, today=datetime.date(2026, 11, 23))  # type: ignore[arg-type]
    text = re.sub(r"<[^>]*>", "", re.sub(r"<style>.*?</style>|<svg.*?</svg>", "", told, flags=re.DOTALL))
    assert not [canary for canary in CANARIES if canary in text]
    assert "<script" not in told
    assert "&lt;script&gt;alert(1)" in told
    assert not re.search(r"""(?:src|href)=["'](?!#)""", told)
    assert not re.search(r"\{\w+\}", text), "a place was left open"


def test_both_languages_say_the_same_things() -> None:
    def keys(words: dict[str, object], path: str = "") -> Iterator[str]:
        for name, value in words.items():
            yield path + name
            if isinstance(value, dict):
                yield from keys(value, f"{path}{name}.")

    words = table("words/overview")
    assert list(keys(words["en"])) == list(keys(words["ja"]))


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_pages_without_requests_or_trend(lang: str) -> None:
    words = table("words/overview")[lang]
    empty = Tally()
    assert words["none"].replace("{updates}", "0") in page(empty, lang)  # type: ignore[arg-type]
    empty.add(check_batch(pa.RecordBatch.from_pylist([{"body": COMPLETE}]), text="body", as_of="2026-11-23"))
    told = page(empty, lang)  # type: ignore[arg-type]
    for said in (words["weeks"]["single"], words["gaps"]["nothing"], words["worst"]["nothing"]):
        assert str(escape(said)) in told
    assert words["repeats"]["without_id"].replace("-", "") in told.replace("-", "")


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("width", [360, 1200])
def test_a_browser_shows_it(tally: Tally, chromium: Browser, tmp_path: Path, lang: str, width: int) -> None:
    words = table("words/overview")[lang]
    (tmp_path / "report.html").write_text(page(tally, lang), encoding="utf-8")  # type: ignore[arg-type]
    shown = chromium.new_page(viewport={"width": width, "height": 800})
    complaints: list[str] = []
    asked: list[str] = []
    shown.on("console", lambda message: complaints.append(message.text))
    shown.on("request", lambda request: asked.append(request.url))
    shown.goto((tmp_path / "report.html").as_uri())
    assert shown.title() == words["title"]
    assert [heading.inner_text() for heading in shown.locator("h2").all()] == [
        words[part]["title"] for part in ("weeks", "gaps", "groups", "lead", "repeats", "worst", "errors")
    ]
    # The plots' text is text, in the page's own font, and inside its plot.
    labels = shown.locator("figure svg text")
    assert words["gaps"]["missing"] in [label.strip() for label in labels.all_text_contents()]
    font = "element => getComputedStyle(element).fontFamily"
    assert labels.first.evaluate(font) == shown.locator("body").evaluate(font)
    for figure in shown.locator("figure svg").all():
        frame = figure.bounding_box()
        assert frame is not None
        for label in figure.locator("text").all():
            box = label.bounding_box()
            assert box is not None
            assert box["x"] >= frame["x"] - 1, label.text_content()
            assert box["x"] + box["width"] <= frame["x"] + frame["width"] + 1, label.text_content()
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
    assert not complaints
    assert len(asked) == 1
    shown.close()
