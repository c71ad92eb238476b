"""The text report: places under the right characters, whole reports in both languages, and what must never leak out."""

from __future__ import annotations

import datetime
import string
import time
from typing import Any, get_args

import phonenumbers
import pytest

from ma_template.models import (
    Block,
    Category,
    Diagnostic,
    Email,
    Milestone,
    MilestoneDate,
    MilestoneType,
    Phone,
    Report,
    Requester,
    TextSpan,
)
from ma_template.report import Problem, Run, absent, visible
from ma_template.report.frame import display_width, excerpt, strip
from ma_template.report.text import TextWriter, _international
from ma_template.rules import RULES
from ma_template.source import Source
from ma_template.wording import table

WORDS = table("words/report")


# -- frames


@pytest.mark.parametrize(
    ("line", "marked", "shown", "offset", "length"),
    [
        ("phone: 555", "555", "phone: 555", 7, 3),
        ("電話：03-5555", "03-5555", "電話：03-5555", 6, 7),  # three characters, two columns each
        ("ﾃﾞﾝﾜ 03", "03", "ﾃﾞﾝﾜ 03", 5, 2),  # half-width kana: one column each, the voice mark too
        ("が 03", "03", "が 03", 3, 2),  # a kana and its combining mark share two columns
        ("👩‍💻 x", "x", "👩‍💻 x", 3, 1),  # woman, joiner, laptop: one emoji
        ("👩‍💻👩‍💻", "👩‍💻👩‍💻", "👩‍💻👩‍💻", 0, 4),
        ("\tx", "x", "    x", 4, 1),  # tab stops every four columns
        ("ab\tx", "x", "ab  x", 4, 1),
        ("a\x1b[31mb", "b", "a␛[31mb", 6, 1),  # an escape sequence is shown, not obeyed
        ("a\u202eb", "b", "a·b", 2, 1),  # neither are direction marks
        ("a\u200bb", "b", "a·b", 2, 1),
        ("a\x9bb\x7f", "b", "a·b␡", 2, 1),
        ("a\u2028b", "b", "a·b", 2, 1),
        ("\x00", "\x00", "␀", 0, 1),
        ("a\ud800b", "b", "a�b", 2, 1),
    ],
)
def test_the_mark_stands_under_the_place(line: str, marked: str, shown: str, offset: int, length: int) -> None:
    start = line.index(marked)
    assert strip(line, start, start + len(marked), 40) == (shown, offset, length)


@pytest.mark.parametrize(
    ("start", "end", "offset", "length"),
    [(0, 3, 0, 3), (2, 2, 2, 1), (5, 8, 5, 3), (8, 8, 8, 1), (7, 9, 7, 1), (9, 12, 8, 1), (4, 3, 4, 1)],
)
@pytest.mark.parametrize("line", ["plain on", "naïve on"])
def test_a_plain_line_is_shown_as_any_other(line: str, start: int, end: int, offset: int, length: int) -> None:
    assert strip(line, start, end, 40) == (line, offset, length)


def test_an_empty_place_has_a_mark_of_one_column() -> None:
    assert strip("Phone:", 6, 6, 40) == ("Phone:", 6, 1)
    assert strip("", 0, 0, 40) == ("", 0, 1)


def test_what_the_output_cannot_hold_does_not_move_the_mark() -> None:
    assert strip("電話: 03", 4, 6, 40, "ascii") == ("??: 03", 4, 2)
    assert strip("電話: 髙", 4, 5, 40, "cp932") == ("電話: 髙", 6, 2)


@pytest.mark.parametrize("width", [20, 30, 57])
@pytest.mark.parametrize("letter", ["x", "字", "👩‍💻", "\t"])
@pytest.mark.parametrize("place", [0, 10, 100, 300, 599])
def test_a_long_line_is_cut_around_the_place(letter: str, place: int, width: int) -> None:
    line = letter * place + "HERE" + letter * (600 - place)
    start = line.index("HERE")
    shown = strip(line, start, start + 4, width)
    assert display_width(shown.text) <= width
    assert shown.length == 4
    before = shown.text[: shown.text.index("HERE")]
    assert display_width(before) == shown.offset
    if letter != "\t":
        assert before.startswith("…") == (before.count(letter) < place)


def test_a_place_longer_than_the_line_is_marked_to_the_edge() -> None:
    shown = strip("x" * 500, 10, 400, 30)
    assert (shown.offset, shown.length, len(shown.text)) == (10, 19, 30)  # the last column holds the sign of omission


def test_what_stands_before_the_place_is_shown_where_it_fits() -> None:
    assert strip("Reason: " + "x" * 100, 8, 108, 30).text.startswith("Reason: x")


def test_a_line_of_ten_megabytes_takes_no_longer_than_a_short_one() -> None:
    line = "字" * 3_000_000
    begun = time.process_time()
    shown = strip(line, 1_500_000, 1_500_002, 40)
    assert time.process_time() - begun < 0.1
    assert shown.length == 4
    assert display_width(shown.text) <= 40


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("short", 10, "short"),
        ("two\n  lines", 20, "two lines"),
        ("a sentence too long", 10, "a sentenc…"),
        ("給与計算が止まる", 9, "給与計算…"),  # four characters and the sign of omission
        ("x\x1b[2Jy", 10, "x␛[2Jy"),
    ],
)
def test_excerpts(text: str, width: int, shown: str) -> None:
    assert excerpt(text, width) == shown


def test_what_is_shown_is_one_line_without_control() -> None:
    every = "".join(map(chr, [*range(0x300), 0x2028, 0x2029, 0x202E, 0xFEFF, 0xDC80]))
    assert not any(
        char < " " or "\x7f" <= char <= "\x9f" or char in "\u2028\u2029\u202e\ufeff" for char in visible(every)
    )
    assert len(visible(every)) == len(every)


# -- words


def _shape(value: object, path: str = "") -> dict[str, object]:
    """Every sentence of a table by its path, with the places it holds."""
    if isinstance(value, dict):
        return {name: shape for key, inner in value.items() for name, shape in _shape(inner, f"{path}.{key}").items()}
    sentences = value if isinstance(value, list) else [value]
    return {path: {place for text in sentences for _, place, _, _ in string.Formatter().parse(text) if place}}


def test_both_languages_say_the_same_things() -> None:
    english, japanese = (_shape({**WORDS[lang], "categories": {}}) for lang in ("en", "ja"))
    assert english == japanese


def test_every_category_has_a_japanese_name() -> None:
    assert set(WORDS["ja"]["categories"]) == set(get_args(Category))


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_file_name_cannot_write_to_the_terminal(lang: str) -> None:
    line = Problem("bad\x1b[2J\nname", "not-found").line("ja" if lang == "ja" else "en")
    assert "\x1b" not in line
    assert "\n" not in line
    assert "bad␛[2J␊name" in line


# -- reports put together by hand: what no update of the fixtures shows

DAY = datetime.date(2026, 11, 23)
TEXT = """one
Reason:

\t原因 🙂 here
"""


def span(text: str, start: int, end: int, *, utf16: bool = False) -> TextSpan:
    source = Source(text)
    first, last = source.place(start), source.place(end)
    columns = [first.column, last.column]
    if utf16:
        columns = [
            place.column + source.utf16(at) - at - (source.utf16(at - place.column + 1) - (at - place.column + 1))
            for at, place in ((start, first), (end, last))
        ]
        start, end = source.utf16(start), source.utf16(end)
    return TextSpan(start=start, end=end, line=first.line, column=columns[0], end_line=last.line, end_column=columns[1])


NOWHERE = span(TEXT, 0, 3)


def finding(code: str, place: TextSpan = NOWHERE, **arguments: Any) -> Diagnostic:
    rule = RULES[code]
    return Diagnostic(
        code=code,
        rule=rule.name,
        severity=rule.severity.value,
        message=rule.render("en", **arguments),
        field=rule.field,
        block=0,
        span=place,
        fixable=False,
        arguments=arguments,
    )


def block(**given: Any) -> Block:
    fields: dict[str, Any] = {
        "template": "management-attention",
        "language": "en",
        "answer_language": "en",
        "quoted": False,
        "unfilled": False,
        "status": "complete",
        "span": NOWHERE,
        "missing": (),
        "invalid": (),
        "reason": None,
        "milestone": None,
        "requester": None,
    }
    return Block(**{**fields, **given})


def phone(raw: str, **given: Any) -> Phone:
    return Phone(**{"raw": raw, "e164": None, "extension": None, "valid": None, "span": NOWHERE, **given})


def date(raw: str, **given: Any) -> MilestoneDate:
    fields: dict[str, Any] = {
        "raw": raw,
        "role": "milestone",
        "start": None,
        "end": None,
        "precision": "day",
        "candidates": (),
        "problem": None,
        "span": NOWHERE,
    }
    return MilestoneDate(**{**fields, **given})


def written(*blocks: Block, findings: tuple[Diagnostic, ...] = (), text: str = TEXT, **run: Any) -> str:
    """Return what the text writer makes of one report."""
    out: list[str] = []
    writer = TextWriter(Run(**{"write": out.append, "version": "0", "lang": "en", "as_of": DAY, **run}))
    writer.begin()
    status = "incomplete" if any(block.status == "incomplete" for block in blocks) else "complete"
    report = Report(source="a.txt", encoding="utf-8", as_of=DAY, status=status, blocks=blocks, diagnostics=findings)
    writer.add(report, text)
    writer.end([])
    return "".join(out)


def test_an_answer_that_is_not_there_is_shown_below_what_asked_for_it() -> None:
    place = TEXT.index("\n\n") + 1
    shown = written(findings=(finding("MA201", span(TEXT, place, place)),)).splitlines()
    assert shown[1:4] == [" 2 | Reason:", " 3 |", "   | ^"]


@pytest.mark.parametrize("offsets", ["code-point", "utf-16"])
def test_the_mark_stands_right_whatever_columns_count(offsets: str) -> None:
    at = TEXT.index("here")
    place = span(TEXT, at, at + 4, utf16=offsets == "utf-16")
    shown = written(findings=(finding("MA302", place),), offsets=offsets).splitlines()
    assert shown[0].startswith(f"a.txt:4:{7 if offsets == 'code-point' else 8}: error[MA302] date-missing: ")
    assert shown[1:3] == [" 4 |     原因 🙂 here", "   |             ^^^^"]


def test_a_place_of_several_lines_says_how_many() -> None:
    shown = written(findings=(finding("MA201", span(TEXT, 0, len(TEXT) - 1)),)).splitlines()
    assert shown[1:3] == [" 1 | one", "   | ^^^ and 3 more lines"]


def test_notes_are_counted_until_somebody_asks() -> None:
    findings = (finding("MA110", count=2), finding("MA112", section="reason"))
    assert "MA110" not in written(findings=findings)
    assert "2 notes hidden; --verbose shows them\n" in written(findings=findings)
    shown = written(findings=findings, verbose=True)
    assert "a.txt:1:1: info[MA110] several-requests: " in shown
    assert "hidden" not in shown
    assert "2 notes" in shown.splitlines()[-1]


def test_quiet_is_one_line_a_finding() -> None:
    shown = written(block(), findings=(finding("MA403"), finding("MA110", count=2)), quiet=True)
    assert shown == "a.txt:1:1: error[MA403] phone-missing: the requester's phone number is missing\n"


UNDERSTOOD = block(
    status="incomplete",
    missing=("reason", "requester.name"),
    invalid=("requester.email",),
    milestone=Milestone(
        text="x",
        span=NOWHERE,
        type=MilestoneType(category="period-close", kind="business", raw="x", span=NOWHERE),
        dates=(
            date("a", start="2026-12-01", end="2026-12-03"),
            date("b", problem="ambiguous", candidates=("2026-03-04", "2026-04-03"), role="resolve_by"),
            date("FY26 Q3", problem="fiscal-unknown"),
            date("31 Nov", problem="impossible"),
        ),
    ),
    requester=Requester(
        text="x",
        span=NOWHERE,
        name=None,
        phones=(
            phone("x", e164="+442079460123", valid=True, extension="21"),
            phone("555-0100"),
            phone("0\x1b12", valid=False),
        ),
        pagers=(),
        emails=(Email(raw="a@@b", address=None, valid=False, span=NOWHERE),),
        callback=False,
        other_contacts=(),
    ),
)


def test_what_was_understood_in_english() -> None:
    assert written(UNDERSTOOD, width=100).splitlines()[1:11] == [
        "  ✗ reason      ✗ impact",
        "  ✓ milestone   ✓ type period-close (business)",
        "                ✓ dates Tue 1 December 2026 to Thu 3 December 2026,",
        "                        resolve by Wed 4 March 2026 or Fri 3 April 2026?,",
        "                        FY26 Q3 (fiscal year not known), and 1 more",
        "  ✓ requester   ✗ name",
        "                ✓ phone +44 20 7946 0123 ext. 21, 555-0100 (no country code), 0␛12 (invalid)",
        "                ! email a@@b (invalid)",
        "",
        "1 file checked: 1 incomplete",
    ]


def test_what_was_understood_in_japanese_on_a_narrow_terminal() -> None:
    assert written(UNDERSTOOD, width=60, lang="ja", encoding="cp932").splitlines() == [
        "a.txt: ブロック1、1行目: 不備あり",
        "  × 理由",
        "    × 影響",
        "  ○ マイルストーン",
        "    ○ 種類 締め (事業)",
        "    ○ 期日 2026年12月1日(火)～2026年12月3日(木)、",
        "           解決期限",
        "           2026年3月4日(水)または2026年4月3日(金)?、",
        "           FY26 Q3 (会計年度の開始月が不明)、ほか1件",
        "  ○ 要請者",
        "    × 氏名",
        "    ○ 電話番号 +44 20 7946 0123 内線21、",
        "               555-0100 (国番号不明)、0␛12 (無効)",
        "    ! メール a@@b (無効)",
        "",
        "1件のファイルを確認: 不備あり1件",
    ]


@pytest.mark.parametrize(("encoding", "marks"), [("utf-8", "✓✗!"), ("cp932", "○×!"), ("ascii", "vx!")])
def test_marks_that_the_output_can_hold(encoding: str, marks: str) -> None:
    shown = written(UNDERSTOOD, encoding=encoding)
    assert [f"{mark} {word}" in shown for mark, word in zip(marks, ("milestone", "name", "email"), strict=True)] == [
        True
    ] * 3


def test_blocks_that_are_not_judged_have_one_line() -> None:
    filled = block()
    quoted = block(quoted=True, status="incomplete")
    empty = block(unfilled=True, status="incomplete", missing=("reason", "milestone", "requester"))
    assert "block 1 (management-attention, en), line 1: quoted, not judged\n\n1 file" in written(quoted)
    assert "block 2 (management-attention, en), line 1: empty copy, not judged\n\n1 file" in written(filled, empty)
    alone = written(empty)
    assert ": not filled in\n  ✗ reason      ✗ impact\n" in alone


def test_colours_only_where_asked_for() -> None:
    findings = (finding("MA403"), finding("MA202"))
    plain, coloured = (written(UNDERSTOOD, findings=findings, colour=colour) for colour in (False, True))
    assert "\x1b" not in plain
    assert "\x1b[31;1merror[MA403]\x1b[0m" in coloured
    assert "\x1b[33;1mwarning[MA202]\x1b[0m" in coloured
    import re

    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


def test_a_narrow_terminal_breaks_lines_at_words() -> None:
    long = finding("MA306", span(TEXT, 0, 3), date="2026-11-31")
    shown = written(UNDERSTOOD, findings=(long,), width=40).splitlines()
    assert shown[:3] == ["a.txt:1:1: error[MA306]", "  date-invalid: there is no such day: 31", "  November 2026"]
    assert all(display_width(line) <= 40 for line in shown)
    wide = written(findings=(long,), width=72).splitlines()
    assert wide[0] == "a.txt:1:1: error[MA306] date-invalid: there is no such day: 31 November 2026"


def test_what_has_no_blank_is_broken_all_the_same() -> None:
    address = "somebody.with.a.long.name@example.com"
    who = UNDERSTOOD.requester.model_copy(  # type: ignore[union-attr]
        update={"emails": (Email(raw=address, address=address, valid=True, span=NOWHERE),)}
    )
    shown = written(block(requester=who), width=40).splitlines()
    at = shown.index("    ✓ email somebody.with.a.long.name@ex")
    assert shown[at + 1] == "            ample.com"


def totals(lang: str, *statuses: str, problems: tuple[Problem, ...] = ()) -> str:
    out: list[str] = []
    writer = TextWriter(Run(write=out.append, version="0", lang="ja" if lang == "ja" else "en", as_of=DAY))
    for status in statuses:
        if status == "absent":
            writer.add(absent("a", "utf-8", DAY), "")
            continue
        found = (finding("MA403"), finding("MA202"), finding("MA202")) if status == "incomplete" else ()
        writer.add(
            Report(source="a", encoding=None, as_of=DAY, status=status, blocks=(), diagnostics=found),  # type: ignore[arg-type]
            TEXT,
        )
    writer.end(problems)
    return out[-1]


def test_the_last_line_counts() -> None:
    mixed = ("complete", "incomplete", "absent", "incomplete")
    assert totals("en", *mixed) == (
        "4 files checked: 1 complete, 2 incomplete, 1 without a request; 2 errors, 4 warnings\n"
    )
    assert totals("ja", *mixed) == ("4件のファイルを確認: 不備なし1件、不備あり2件、要請なし1件 / エラー2件、警告4件\n")
    assert totals("en", "complete") == "1 file checked: 1 complete; nothing to mend\n"
    unread = (Problem("b", "not-found"),)
    assert totals("en", "absent", problems=unread) == "1 file checked: 1 without a request, 1 not read\n"
    assert totals("en", problems=unread) == "0 files checked: 1 not read\n"


def test_a_number_is_written_as_phonenumbers_would_after_parsing_it() -> None:
    kinds = phonenumbers.PhoneNumberType.values()
    examples = [
        number
        for region in (*phonenumbers.SUPPORTED_REGIONS, *map(str, phonenumbers.COUNTRY_CODES_FOR_NON_GEO_REGIONS))
        for kind in kinds
        if (
            number := phonenumbers.example_number_for_non_geo_entity(int(region))
            if region.isdecimal()
            else phonenumbers.example_number_for_type(region, kind)
        )
    ]
    international = phonenumbers.PhoneNumberFormat.INTERNATIONAL
    assert len(examples) > 1_000
    for number in examples:
        e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        assert _international(e164) == phonenumbers.format_number(phonenumbers.parse(e164), international)
