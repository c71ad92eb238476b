"""`check` as a whole: places, statuses, options, and what it promises of any text."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

import ma_template
from conftest import FIXTURES, examples
from ma_template import Config, Report, check
from ma_template.wording import templates

AS_OF = "2026-11-23"
UPDATES = sorted((FIXTURES / "devset").glob("*.txt"))
FILLED = """******************* Request Management Attention *******************
Reason: The gateway is down and 400 orders a day cannot be shipped.
Milestone: Go-live of the new warehouse, 2026-12-18
Name: Ada Nakamura
Phone: +44 20 7946 0101
E-mail: ada.nakamura@example.com
************* Request Management Attention *************
"""


def spans(node: Any, inside: dict[str, Any] | None = None) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Every object with a span, with the span."""
    if isinstance(node, dict):
        if isinstance(node.get("span"), dict):
            yield node, node["span"]
        for value in node.values():
            yield from spans(value)
    elif isinstance(node, list):
        for value in node:
            yield from spans(value)


def dumped(report: Report) -> dict[str, Any]:
    return json.loads(report.model_dump_json())


@pytest.mark.parametrize("path", UPDATES, ids=lambda path: path.stem)
def test_places_are_what_they_claim(path: Any) -> None:
    text = path.read_bytes().decode()
    for offsets, units in (("code-point", text), ("utf-16", text.encode("utf-16-le"))):
        size = 1 if offsets == "code-point" else 2
        for node, span in spans(dumped(check(text, as_of=AS_OF, offsets=offsets))):
            part = units[span["start"] * size : span["end"] * size]
            meant = part if isinstance(part, str) else part.decode("utf-16-le")
            if "raw" in node:
                assert meant == node["raw"]
            before = units[: span["start"] * size]
            shown = before if isinstance(before, str) else before.decode("utf-16-le")
            lines = shown.replace("\r\n", "\n").replace("\r", "\n").split("\n")
            assert span["line"] == len(lines)
            column = lines[-1] if offsets == "code-point" else lines[-1].encode("utf-16-le")
            assert span["column"] == len(column) // size + 1


def test_utf16_counts_an_emoji_as_two() -> None:
    report = check("😀 hello\n" + FILLED, as_of=AS_OF)
    utf16 = check("😀 hello\n" + FILLED, as_of=AS_OF, offsets="utf-16")
    assert utf16.blocks[0].span.start == report.blocks[0].span.start + 1
    assert utf16.blocks[0].span.line == report.blocks[0].span.line == 2


def test_a_complete_request() -> None:
    report = check(FILLED, as_of=AS_OF)
    assert report.status == "complete"
    assert not report.diagnostics
    request = report.blocks[0].request
    assert request.requester.name == "Ada Nakamura"
    assert request.requester.phone[0].number == "+442079460101"
    assert request.milestone.dates[0].start == "2026-12-18"
    assert request.milestone.type.category == "go-live"


def test_an_incomplete_request_says_what_is_missing_and_nothing_else() -> None:
    report = check(FILLED.replace("Phone: +44 20 7946 0101", "Phone: TBD"), as_of=AS_OF)
    with pytest.raises(ma_template.IncompleteRequestError) as caught:
        _ = report.blocks[0].request
    assert caught.value.missing == ("requester.phone",)
    assert str(caught.value) == "the block is no complete request (missing: requester.phone)"
    assert [found.code for found in report.diagnostics] == ["MA109"]


def test_status_does_not_depend_on_what_is_selected() -> None:
    text = FILLED.replace("Name: Ada Nakamura\n", "")
    full, none = check(text, as_of=AS_OF), check(text, as_of=AS_OF, ignore="MA402", select=["MA101", "ma402"])
    assert [found.code for found in full.diagnostics] == ["MA402"]
    assert none.diagnostics == ()
    assert none.status == full.status == "incomplete"
    assert none.blocks == full.blocks


def test_absent_with_and_without_require() -> None:
    assert check("nothing", as_of=AS_OF).status == "absent"
    report = check("nothing", as_of=AS_OF, require=True)
    assert report.status == "absent"
    assert [found.code for found in report.diagnostics] == ["MA101"]


@pytest.mark.parametrize(
    ("as_of", "day"),
    [
        ("2026-11-23", date(2026, 11, 23)),
        (date(2026, 11, 23), date(2026, 11, 23)),
        ("2026-11-23T23:30:00-08:00", date(2026, 11, 23)),
        (datetime(2026, 11, 23, 23, 59, tzinfo=timezone(timedelta(hours=9))), date(2026, 11, 23)),
        ("2026-11-23T01:00:00", date(2026, 11, 23)),
    ],
)
def test_as_of_is_the_date_in_its_own_offset(as_of: Any, day: date) -> None:
    assert check("", as_of=as_of).as_of == day


@pytest.mark.parametrize(
    "wrong",
    [
        {"as_of": "next Tuesday"},
        {"region": "Japan"},
        {"timezone": "Mars/Olympus"},
        {"select": "MA999"},
        {"colour": "red"},
        {"fiscal_year_start": 13},
    ],
)
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # pydantic.ValidationError is one, with its own long message
        check("", **{"as_of": AS_OF, **wrong})


def test_bytes_are_refused_clearly() -> None:
    with pytest.raises(TypeError, match="decode bytes first"):
        check(b"text")  # type: ignore[arg-type]


def test_region_and_date_order_settle_what_is_open() -> None:
    text = FILLED.replace("2026-12-18", "04/12/2026").replace("+44 20 7946 0101", "020 7946 0101")
    open_report = check(text, as_of=AS_OF)
    assert [found.code for found in open_report.diagnostics] == ["MA305", "MA405"]
    settled = check(text, as_of=AS_OF, region="GB", date_order="dmy")
    assert not settled.diagnostics
    assert settled.blocks[0].milestone is not None
    assert settled.blocks[0].milestone.dates[0].start == "2026-12-04"
    assert settled.blocks[0].requester is not None
    assert settled.blocks[0].requester.phones[0].e164 == "+442079460101"


def test_mail_domains_are_asked_for_only_on_demand() -> None:
    """MA408 with a resolver that is a stub: the tests reach no DNS."""
    asked: list[str] = []

    def nobody_home(domain: str) -> bool:
        asked.append(domain)
        return False

    def broken(domain: str) -> bool:
        raise OSError("no DNS")

    assert not check(FILLED, as_of=AS_OF, resolver=nobody_home).diagnostics
    assert not asked
    report = check(FILLED, as_of=AS_OF, resolver=nobody_home, check_mail_domain=True)
    assert [found.code for found in report.diagnostics] == ["MA408"]
    assert asked == ["example.com"]
    assert not check(FILLED, as_of=AS_OF, resolver=broken, check_mail_domain=True).diagnostics


def test_limits_are_said() -> None:
    many = FILLED * 3
    codes = [found.code for found in check(many, as_of=AS_OF, max_blocks=2).diagnostics]
    assert "MA901" in codes
    assert len(check(many, as_of=AS_OF, max_blocks=2).blocks) == 2
    assert "MA901" in [found.code for found in check(many, as_of=AS_OF, max_characters=600).diagnostics]
    assert "MA901" in [found.code for found in check(many, as_of=AS_OF, max_line_length=40).diagnostics]
    long = check(FILLED, as_of=AS_OF, max_answer_length=20)
    assert [
        (found.arguments["limit"], found.arguments["count"]) for found in long.diagnostics if found.code == "MA901"
    ] == [("answer", 20)] * 3
    whole = check(FILLED, as_of=AS_OF)
    assert long.blocks[0].model_dump()["reason"]["text"] == whole.blocks[0].model_dump()["reason"]["text"]
    short = check(many, as_of=AS_OF, max_diagnostics=1)
    assert [found.code for found in short.diagnostics][-1] == "MA901"
    assert len(short.diagnostics) == 2


def test_the_limit_of_an_answer_counts_all_its_lines() -> None:
    """Each quoted line is a piece of its own: 60 and 40 characters are read, and the cut is told where it is."""
    quoted = "".join(f"\n> {letter * 60}" for letter in "abc")
    text = FILLED.replace("Reason: The gateway is down and 400 orders a day cannot be shipped.", f"Reason:{quoted}")
    (cut,) = [found for found in check(text, as_of=AS_OF, max_answer_length=100).diagnostics if found.code == "MA901"]
    assert cut.span is not None
    assert cut.span.start == text.index("b" * 60) + 40
    assert "MA901" not in [found.code for found in check(text, as_of=AS_OF, max_answer_length=200).diagnostics]


def test_messages_in_both_languages() -> None:
    report = check(FILLED.replace("2026-12-18", "2026-11-31"), as_of=AS_OF)
    assert report.messages("en") == [found.message for found in report.diagnostics]
    assert report.messages("ja") == ["存在しない日付です(2026年11月31日)"]


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("a..b@docomo.ne.jp", "its dots stand where only some mobile carriers allow them"),
        ("ada.@ezweb.ne.jp", "its dots stand where only some mobile carriers allow them"),
        ("ops@corp.local", "its domain is known only inside an organisation"),
    ],
)
def test_an_address_beside_the_standard_is_told_with_its_reason(address: str, why: str) -> None:
    report = check(FILLED.replace("ada.nakamura@example.com", address), as_of=AS_OF)
    assert [(found.code, found.message) for found in report.diagnostics] == [
        ("MA409", f"the e-mail address is not as the standard allows: {why}")
    ]


@pytest.mark.parametrize(
    "written", ["30 November to 31 November 2026", "2026-11-31 to 2026-12-02", "31 Nov 2026 17:00"]
)
def test_the_day_that_does_not_exist_is_named(written: str) -> None:
    report = check(FILLED.replace("2026-12-18", written), as_of=AS_OF)
    assert [found.message for found in report.diagnostics] == ["there is no such day: 31 November 2026"]


def test_lone_surrogates_are_replaced_in_json_only() -> None:
    text = FILLED.replace("The gateway", "The \ud83d gateway").replace("Phone: +44 ", "Phone: ")
    report = check(text, as_of=AS_OF)
    assert report.blocks[0].reason is not None
    assert "\ud83d" in report.blocks[0].reason.text
    assert dumped(report) == dumped(check(text.replace("\ud83d", "\ufffd"), as_of=AS_OF))
    assert dumped(report)["diagnostics"]


def test_same_text_same_bytes() -> None:
    for path in UPDATES[:20]:
        text = path.read_bytes().decode()
        assert check(text, as_of=AS_OF).model_dump_json() == check(text, as_of=AS_OF).model_dump_json()


def test_threads_agree() -> None:
    texts = [path.read_bytes().decode() for path in UPDATES]
    expected = [check(text, as_of=AS_OF) for text in texts]
    wrong: list[int] = []

    def work() -> None:
        for number, text in enumerate(texts):
            if check(text, as_of=AS_OF) != expected[number]:
                wrong.append(number)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_config_is_frozen_and_shared() -> None:
    config = Config(region="jp")
    assert config.region == "JP"
    with pytest.raises(ValidationError):
        config.region = "US"  # type: ignore[misc]
    assert check("", config=config, as_of=AS_OF, require=True).diagnostics[0].code == "MA101"


# --- any text


@given(st.text())
@examples(300)
def test_any_text_gets_a_report(text: str) -> None:
    report = check(text, as_of=AS_OF)
    assert report.status in ("absent", "complete", "incomplete")


ANSWER = st.text(st.characters(codec="utf-8", exclude_categories=("C",)), min_size=1, max_size=40)


@given(st.lists(ANSWER, min_size=3, max_size=3), st.sampled_from(list(templates())))
@examples(300)
def test_places_nest_for_any_answers(answers: list[str], template: Any) -> None:
    rows = [template.opening]
    for prompt, answer in zip(template.prompts.values(), answers, strict=True):
        rows += [prompt, answer]
    text = "\n".join([*rows, template.closing])
    for block in dumped(check(text, as_of=AS_OF))["blocks"]:
        outer = block["span"]
        assert 0 <= outer["start"] <= outer["end"] <= len(text)
        for node, span in spans([block[name] for name in ("reason", "milestone", "requester")]):
            assert outer["start"] <= span["start"] <= span["end"] <= outer["end"]
            if "raw" in node:
                assert text[span["start"] : span["end"]] == node["raw"]


# Answers that are drawn from plain words cannot be taken for a banner, prompt, label or placeholder.
WORDS = st.sampled_from(
    ["orders", "shipping", "gateway", "nightly", "batch", "warehouse", "terminals", "stock", "bookings"]
)
SENTENCES = st.lists(WORDS, min_size=3, max_size=9).map(lambda words: " ".join(words).capitalize() + ".")
REASONS = st.lists(SENTENCES, min_size=1, max_size=4).map(
    lambda lines: "\n".join([*lines, "We lose 4,000 euros a day because of it."])
)
NAMES = st.sampled_from(["Ada Nakamura", "Piet van der Meer", "Siobhan O'Hara", "Reiji Kuzuha"])
PHONES = st.integers(100, 199).map(lambda number: f"+1 415 555 0{number}")
DAYS = st.dates(date(2026, 11, 26), date(2028, 12, 31))


@given(
    REASONS,
    DAYS,
    NAMES,
    PHONES,
    st.sampled_from(list(templates())),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
@examples(200)
def test_a_block_in_the_published_form_comes_back(
    reason: str, day: date, name: str, phone: str, template: Any, line_end: str, blank: bool
) -> None:
    answers = (reason, f"Go-live of the portal, {day}", f"{name}\n{phone}\nsomebody@example.com")
    rows = ["Hello,", "", template.opening]
    for prompt, answer in zip(template.prompts.values(), answers, strict=True):
        rows += [""] * blank + [prompt] + [""] * blank + answer.split("\n")
    text = line_end.join([*rows, template.closing, "", "Regards"])
    report = check(text, as_of=AS_OF)
    (block,) = report.blocks
    assert report.status == "complete"
    assert block.reason is not None
    assert block.milestone is not None
    assert block.requester is not None
    assert block.reason.text == reason.replace("\n", line_end)
    assert [found.start for found in block.milestone.dates] == [day.isoformat()]
    assert block.requester.name == name
    assert block.requester.phones[0].e164 == "+" + "".join(filter(str.isdigit, phone))
    assert block.requester.emails[0].address == "somebody@example.com"


# --- hostile texts: a report, no crash, no recursion


@pytest.mark.parametrize(
    "text",
    [
        "*" * 1_000_000,
        "\n" * 1_000_000,
        "\x00" * 10_000 + FILLED,
        "\ud800\udfff" * 1_000 + FILLED,
        (templates()[0].opening + "\n") * 20_000,
        "> " * 50_000 + FILLED,
        "a" * 1_000_000 + "\n" + FILLED,
        FILLED.replace("The gateway", "x" * 300_000),
        FILLED.replace("2026-12-18", "12/12 " * 20_000),
        FILLED.replace("+44 20", "4 " * 20_000),
    ],
    ids=[
        "asterisks",
        "line ends",
        "NUL",
        "surrogates",
        "banners",
        "quotes",
        "long line",
        "long answer",
        "dates",
        "digits",
    ],
)
def test_hostile_texts_get_a_report(text: str) -> None:
    assert check(text, as_of=AS_OF).status in ("absent", "complete", "incomplete")
