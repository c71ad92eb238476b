"""`ma-lint new`: empty forms, answers as options or JSON, and the dialogue on a real terminal."""

from __future__ import annotations

import io
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pexpect
import pytest

from ma_template import check, render
from ma_template.cli import main
from ma_template.forms import FIELDS_IN_ORDER
from ma_template.taking import Taker
from ma_template.wording import table

DAY = ["--as-of", "2026-11-23"]
ENGLISH = {
    "--reason": "The order gateway stops every morning.", "--impact": "40 stores cannot take orders until noon.",
    "--milestone": "Go-live of the web shop", "--date": "15 Dec 2026", "--name": "Taro Yamada",
    "--phone": "+81 3-5555-0123 ext 12", "--pager": "+1 415 555 0111", "--email": "taro.yamada@example.com",
}  # fmt: skip
JAPANESE = {
    "--reason": "受注システムが毎朝停止します。", "--impact": "40店舗で正午まで受注ができません。",
    "--milestone": "年末の大仕事", "--type": "sales-event", "--date": "12月15日", "--name": "山田太郎",
    "--phone": "03-5555-0123", "--email": "taro.yamada@example.co.jp",
}  # fmt: skip

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _plain_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def options(given: dict[str, str], **others: str) -> list[str]:
    return [word for name, value in {**given, **others}.items() for word in (name, value)]


def printed(captured: Captured, *arguments: str) -> str:
    assert main(["new", *arguments]) == 0
    return captured.readouterr().out


def refused(captured: Captured, *arguments: str) -> list[str]:
    """Return what is told where nothing is printed."""
    assert main(["new", *arguments]) == 2
    out, err = captured.readouterr()
    assert out == ""
    return err.splitlines()  # type: ignore[no-any-return]


# -- forms


@pytest.mark.parametrize("language", ["en", "ja", "both"])
def test_the_empty_form(language: str, capsys: Captured) -> None:
    assert printed(capsys, "--lang", language) == render(None, language)  # type: ignore[arg-type]


def test_the_empty_form_speaks_the_locale_s_language(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    assert printed(capsys) == render(None, "en")
    monkeypatch.setenv("LANG", "ja_JP.UTF-8")
    assert printed(capsys) == render(None, "ja")


def test_the_empty_form_is_printed_at_once() -> None:
    """Neither models nor readers are loaded for it."""
    code = "import sys; from ma_template.cli import main; main(['new']); sys.exit('pydantic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], stdin=subprocess.DEVNULL, capture_output=True).returncode == 0


def test_a_terminal_without_no_break_spaces_gets_blanks(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding="cp932")
    monkeypatch.setattr("sys.stdout", out)
    assert main(["new", "--lang", "ja"]) == 0
    out.flush()
    assert out.buffer.getvalue().decode("cp932") == render(None, "ja").replace("\u00a0", " ")  # type: ignore[attr-defined]


# -- answers as options


@pytest.mark.parametrize("language", ["en", "ja", "both"])
@pytest.mark.parametrize("given", [ENGLISH, JAPANESE], ids=["English", "Japanese"])
def test_a_filled_form_is_complete(
    given: dict[str, str], language: str, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    text = printed(capsys, *DAY, "--lang", language, "--region", "JP", *options(given))
    report = check(text, as_of="2026-11-23", require=True)
    assert report.status == "complete"
    assert {found.severity for found in report.diagnostics} <= {"info"}
    request = report.blocks[0].request
    assert request.reason.impact == given["--impact"]
    assert [date.start for date in request.milestone.dates] == ["2026-12-15"]
    assert request.milestone.type.category == ("sales-event" if given is JAPANESE else "go-live")
    assert [phone.number for phone in request.requester.phone] == ["+81355550123"]
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8"))
    assert main(["check", "--require", *DAY, "-"]) == 0


def test_how_the_form_looks(capsys: Captured) -> None:
    text = printed(capsys, *DAY, *options(ENGLISH, **{"--type": "go-live"}))
    assert (
        "\nThe order gateway stops every morning.\nBusiness impact: 40 stores cannot take orders until noon.\n" in text
    )
    assert "\nGo-live of the web shop\nDate: 2026-12-15 (Tue)\nType: go-live\n" in text
    assert "\nName: Taro Yamada\nPhone: +81 3-5555-0123 ext. 12\nPager: +1 415-555-0111\nE-mail: taro.y" in text
    text = printed(capsys, *DAY, "--lang", "ja", *options(JAPANESE))
    assert "\n年末の大仕事\n期日: 2026-12-15 (火)\n種類: セール\n" in text
    assert "\n氏名: 山田太郎\n電話番号: +81 3-5555-0123\nメールアドレス: taro.y" in text


def test_some_answers_leave_the_rest_open(capsys: Captured) -> None:
    assert main(["new", *DAY, "--name", "Taro Yamada", "--email", "taro.yamada@example.com"]) == 0
    out, err = capsys.readouterr()
    (block,) = check(out).blocks
    assert block.missing == ("reason", "milestone", "requester.phone")
    assert err == "Still open: reason, milestone, requester's phone number.\n"


def test_dates_are_told_as_they_were_understood(capsys: Captured) -> None:
    assert main(["new", *DAY, "--date", "next business day", "--date", "5 to 6 December"]) == 0
    out, err = capsys.readouterr()
    assert "\nDate: 2026-11-24 (Tue)\nDate: 2026-12-05 (Sat) to 2026-12-06 (Sun)\n" in out
    assert "--date 1: understood: Tue 24 November 2026\n" in err
    assert "--date 2: understood: Sat 5 December 2026 to Sun 6 December 2026\n" in err
    assert "warning: --date 1: the milestone is due on Tue 24 November 2026" in err


def test_everything_that_cannot_be_used_is_told_at_once_and_without_a_word_of_it(capsys: Captured) -> None:
    told = refused(
        capsys, *DAY, "--reason", "TBD", "--date", "2026-02-30", "--date", "03/04/2027", "--date", "soonish",
        "--type", "foo", "--name", "Sales Department", "--phone", "12", "--email", "nobody", "--pager", "zzz",
    )  # fmt: skip
    assert [line.partition(";")[0].removeprefix("ma-lint: error: ") for line in told] == [
        "--reason: the reason is still a placeholder",
        "--type: this was not understood as the type of milestone",
        "--date 1: there is no such day: 30 February 2026",
        "--date 2: the date has more than one reading: Thu 4 March 2027 or Sat 3 April 2027",
        "--date 3: this was not understood as the milestone date",
        "--name: this was not understood as the requester's name",
        "--phone: this was not understood as the requester's phone number",
        "--pager: this was not understood as the requester's pager number",
        "--email: the e-mail address is not valid",
    ]
    assert not any(word in line for line in told for word in ("soonish", "foo", "Sales", "nobody", "zzz"))
    assert all("; expected: " in line for line in told if "pager" not in line)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--reason", "One\nRequest Management Attention\ntwo"], "--reason: line 2 is itself a banner of the form"),
        (["--reason", "One\n> two"], "--reason: line 2 begins with a quote mark"),
        (["--date", "2026-12-01 (Wed)"], "--date: the weekday does not belong to the date"),
        (["--as-of", "foo", "--date", "tomorrow"], "--as-of foo is no date"),
        (["--region", "XX", "--phone", "1"], "--region XX is no region"),
        (["--from", "x.json", "--name", "Taro"], "--from and --name cannot be given together"),
        (["--from", "x.json"], "x.json: no such file or folder"),
        (["--ask"], "a dialogue needs a terminal"),
        (["--lang", "fr"], "argument --lang: invalid choice"),
    ],
)
def test_what_makes_no_sense_is_one_line(arguments: list[str], told: str, capsys: Captured) -> None:
    (line,) = refused(capsys, *arguments)
    assert told in line


def test_errors_in_japanese(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.setenv("LANG", "ja_JP.UTF-8")
    assert refused(capsys, "--date", "2026-02-30") == [
        "ma-lint: エラー: --date: 存在しない日付です(2026年2月30日) (書き方: 暦にある日付(たとえば11月は30日まで))"
    ]


def test_answers_that_are_read_otherwise_beside_each_other_are_told(capsys: Captured) -> None:
    """Among Japanese answers a number without a country code is a Japanese one, and this is none."""
    told = refused(
        capsys, *DAY, "--lang", "both", "--reason", "受注システムが停止しています。", "--phone", "415 555 0123"
    )
    assert told
    assert all("phone number" in line for line in told)


def test_a_pager_that_is_none_is_left_out(capsys: Captured) -> None:
    assert "Pager:" not in printed(capsys, "--pager", "none")


# -- JSON


def test_a_request_as_json(tmp_path: Path, capsys: Captured) -> None:
    given = {
        "reason": {"text": "The gateway stops.", "impact": "40 stores cannot take orders."},
        "milestone": {"name": "Go-live of the web shop", "date": "2026-12-15"},
        "requester": {"name": "Taro Yamada", "phone": "+81355550123", "email": "taro.yamada@example.com"},
    }
    path = tmp_path / "request.json"
    path.write_text(json.dumps(given))
    assert printed(capsys, "--from", str(path)) == render(given)
    assert printed(capsys, "--from", str(path), "--lang", "ja") == render(given, "ja")


def test_a_block_of_a_report_as_json(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    text = printed(capsys, *DAY, *options(ENGLISH))
    block = check(text, as_of="2026-11-23").blocks[0].model_dump_json()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(block.encode()), encoding="utf-8"))
    assert printed(capsys, "--from", "-") == text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", ["request.json: no JSON: Expecting property name enclosed in double quotes (line 1, column 2)"]),
        ("[]", ["request.json: no JSON object that holds a request"]),
        ('{"reason": "It stops.", "wish": 1}', ["request.json: wish: is no part of a request"]),
        (
            '{"reason": "It stops.", "milestone": "Go-live", "requester": {"name": "TBD"}}',
            [
                "request.json: milestone.dates: is missing",
                "request.json: requester: is missing",
            ],
        ),
    ],
)
def test_json_that_is_no_request(text: str, told: list[str], tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "request.json").write_text(text)
    assert refused(capsys, "--from", "request.json") == [f"ma-lint: error: {line}" for line in told]


# -- words


def test_both_languages_have_the_same_words() -> None:
    words = table("words/new")
    assert words["en"].keys() == words["ja"].keys()
    for name in ("ask", "hint"):
        assert words["en"][name].keys() == words["ja"][name].keys() == set(FIELDS_IN_ORDER) - {"type"}


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_hints_show_answers_that_are_understood(lang: Any) -> None:
    taker = Taker(lang, lang, {"as_of": "2026-11-23"})
    hints = table("words/new")[lang]["hint"]
    for field, start in (("name", "e.g. "), ("email", "e.g. "), ("phone", "with the country code, e.g. ")):
        example = hints[field].removeprefix(start).removeprefix("例: ").partition("。")[0]
        assert taker.take(field, example).written, hints[field]  # type: ignore[arg-type]
    for example in hints["date"].removeprefix("e.g. ").removeprefix("例: ").replace("、", ", ").split(", "):
        taken = taker.take("date", example)
        assert taken.shown, example
        assert not taken.errors


# -- the dialogue, on a real terminal


class Dialogue:
    """`ma-lint new --ask` on a terminal; the form goes to a file, so that standard output is seen to hold it alone."""

    def __init__(self, folder: Path, *arguments: str, columns: int = 120, **surroundings: str) -> None:
        self.out = folder / "out.txt"
        command = shlex.join([sys.executable, "-m", "ma_template", "new", "--ask", *DAY, *arguments])
        environment = {"PATH": os.environ["PATH"], "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1", **surroundings}
        self.child = pexpect.spawn(
            "/bin/sh", ["-c", f"{command} > {shlex.quote(str(self.out))}"],
            env=environment, encoding="utf-8", timeout=20, dimensions=(60, columns),
        )  # fmt: skip

    def __enter__(self) -> Dialogue:
        return self

    def __exit__(self, *_: object) -> None:
        self.child.close(force=True)

    def sees(self, *words: str) -> Dialogue:
        for one in words:
            self.child.expect_exact(one)
        return self

    def asked(self, question: str) -> Dialogue:
        """Wait for a question and for the prompt that takes the answer."""
        return self.sees(question, "›")

    def says(self, answer: str) -> Dialogue:
        self.child.send(answer + "\r")
        return self

    def says_instead(self, answer: str) -> Dialogue:
        """Rub out what was written before, which is offered again, and say something else."""
        return self.says("\x15" + answer)

    def ends(self) -> int:
        self.child.expect(pexpect.EOF)
        self.child.close()
        return int(self.child.exitstatus)


def test_what_is_said_stays_below_its_own_beginning_on_a_narrow_terminal(tmp_path: Path) -> None:
    with Dialogue(tmp_path, columns=60, LANG="ja_JP.UTF-8", LC_ALL="ja_JP.UTF-8", PYTHONUTF8="1") as dialogue:
        dialogue.sees(
            "順番にお尋ねします。\r\n  Ctrl-Cで中止できます(記入は保存されません)。\r\n", "要請する理由は何ですか?"
        )
        dialogue.sees("›").says("受注が止まり、40店舗で販売できません。")
        dialogue.sees("  ✓ 事業への影響として読み取りました: 「", "\r\n    ", "Enter)")


def test_the_dialogue_in_english(tmp_path: Path) -> None:
    with Dialogue(tmp_path, LANG="C.UTF-8") as dialogue:
        dialogue.sees("question by question").asked("Why do you need management attention?")
        dialogue.says("TBD").sees("✗ the reason is still a placeholder", "expected: the answer itself").sees("›")
        dialogue.says_instead("Nightly batch ends with ORA-01555.").asked("How does it affect the business?")
        dialogue.says("").sees("✗ an answer is needed here").sees("›").says("40 stores cannot take orders until noon.")
        dialogue.asked("Which milestone is at risk?").says("the big thing in spring")
        dialogue.sees("What kind of milestone is that?", "go-live").says("\x1b[B")  # the second: cutover
        dialogue.asked("When is it").says("30 February 2027").sees("✗ there is no such day: 30 February 2027").sees("›")
        dialogue.says_instead("03/04/2027").sees("more than one reading").sees(
            "Which day is meant?", "Sat 3 April 2027"
        )
        dialogue.says("\x1b[B").asked("Your name").says("Sales Department")
        dialogue.sees("✗ this was not understood as the requester's name").sees("›").says_instead("Taro Yamada")
        dialogue.asked("Your phone number").says("03-5555-0123").sees("! the phone number has no country code")
        dialogue.sees("Use it all the same?", "No, write it anew").says("\x1b[B")
        dialogue.asked("Your phone number").says_instead("+81 3 5555 0123").sees("✓ understood: +81 3-5555-0123")
        dialogue.asked("Your pager number").says("").asked("Your e-mail address").says("taro(at)example.com")
        dialogue.sees("✗ the e-mail address is not valid").sees("›").says_instead("taro.yamada@example.com")
        dialogue.sees("Ready to paste into the service request:")
        assert dialogue.ends() == 0
    report = check(dialogue.out.read_text("utf-8"), as_of="2026-11-23", require=True)
    assert report.status == "complete"
    request = report.blocks[0].request
    assert request.milestone.type.category == "cutover"
    assert [date.start for date in request.milestone.dates] == ["2027-04-03"]
    assert request.requester.name == "Taro Yamada"
    assert report.blocks[0].span.start == 0


def test_the_dialogue_in_japanese(tmp_path: Path) -> None:
    with Dialogue(tmp_path, LANG="ja_JP.UTF-8") as dialogue:
        dialogue.asked("要請する理由は何ですか?").says("未定").sees("✗ 理由が仮の記入のままです", "書き方: ").sees("›")
        dialogue.says_instead("夜間バッチがORA-01555で異常終了します。40店舗で受注ができません。")
        dialogue.sees("✓ 事業への影響として読み取りました", "40店舗で受注ができません。")
        dialogue.asked("事業にどのような影響").says("").asked("どのマイルストーンに").says("通販サイトの本番稼働")
        dialogue.sees("✓ 読み取り結果: 本番稼働 (実装マイルストーン)")
        dialogue.asked("期日はいつですか?").says("そのうち").sees("✗ 期日として読み取れませんでした").sees("›")
        dialogue.says_instead("11/20").sees("! マイルストーンの期日がすべて過ぎています")
        dialogue.sees("このまま使いますか?").says("\x1b[B")
        dialogue.asked("期日はいつですか?").says_instead("来週金曜").sees("✓ 読み取り結果: 2026年12月4日(金)")
        dialogue.asked("氏名").says("営業部").sees("✗ 要請者の氏名として読み取れませんでした")
        dialogue.sees("›").says_instead("山田太郎")
        dialogue.asked("電話番号").says("０３－５５５５－０１２３").sees("✓ 読み取り結果: +81 3-5555-0123")
        dialogue.asked("ポケットベル").says("なし").asked("メールアドレス").says("taro.yamada@example.co.jp")
        dialogue.sees("そのまま貼り付けられます")
        assert dialogue.ends() == 0
    report = check(dialogue.out.read_text("utf-8"), as_of="2026-11-23", require=True)
    assert (report.status, report.blocks[0].language) == ("complete", "ja")
    assert report.blocks[0].request.requester.phone[0].number == "+81355550123"
    assert report.blocks[0].request.reason.impact == "40店舗で受注ができません。"


def test_what_is_given_is_not_asked_for(tmp_path: Path) -> None:
    given = options({name: value for name, value in ENGLISH.items() if name not in ("--name", "--pager")})
    with Dialogue(tmp_path, *given) as dialogue:
        dialogue.asked("Your name").says("Taro Yamada").asked("Your pager number").says("").sees("Ready to paste")
        assert dialogue.ends() == 0
    assert check(dialogue.out.read_text("utf-8"), as_of="2026-11-23").status == "complete"


@pytest.mark.parametrize("key", ["\x03", "\x04"], ids=["Ctrl-C", "Ctrl-D"])
def test_the_dialogue_may_be_left(key: str, tmp_path: Path) -> None:
    with Dialogue(tmp_path) as dialogue:
        dialogue.asked("Why do you need")
        dialogue.child.send(key)
        dialogue.sees("Left without writing anything.")
        assert dialogue.ends() == 130
    assert dialogue.out.read_text() == ""


def test_a_choice_may_be_left_too(tmp_path: Path) -> None:
    with Dialogue(tmp_path, LANG="ja_JP.UTF-8") as dialogue:
        dialogue.asked("理由は何ですか?").says("夜間バッチが異常終了します。").asked("どのような影響").says(
            "40店舗で受注ができません"
        )
        dialogue.asked("どのマイルストーン").says("大仕事").sees("どの種類のマイルストーンですか?", "その他")
        dialogue.child.send("\x03")
        dialogue.sees("何も出力せずに中止しました。")
        assert dialogue.ends() == 130


def test_a_terminal_that_cannot_show_the_marks(tmp_path: Path) -> None:
    with Dialogue(tmp_path, PYTHONIOENCODING="ascii") as dialogue:
        dialogue.sees("Why do you need management attention?", ">").says("TBD")
        dialogue.sees("x the reason is still a placeholder")


def test_without_the_package_for_dialogues_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    for stream in ("sys.stdin", "sys.stdout", "sys.stderr"):
        monkeypatch.setattr(f"{stream}.isatty", lambda: True, raising=False)
    assert main(["new"]) == 2
    assert "pip install 'ma-template[new]'; without it, ma-lint new --lang en prints" in capsys.readouterr().err
