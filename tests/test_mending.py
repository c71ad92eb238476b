"""`ma-lint fix`: what it writes where, and that a file it cannot mend stays as it was."""

from __future__ import annotations

import io
import os
import resource
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import ma_template.fixing
from ma_template import FixResult, fix
from ma_template.cli import main
from ma_template.mending import rewrite
from ma_template.mends import apply
from ma_template.wording import published, table

EN, JA = published("management-attention", "en"), published("management-attention", "ja")
DAMAGED = """\
** Request Managment Attention **
Reason: the gateway stops, 40 stores cannot take orders — “again”
Milestone: go-live 2026-12-15
Requester: Taro Yamada, +81 3-5555-0123, taro.yamada@example.com
** Request Management Attention **
"""
MENDED = "\n".join([EN.opening, *DAMAGED.splitlines()[1:4], EN.closing, ""])
JAPANESE = DAMAGED.replace("** Request Managment Attention **", "**管理者による対応を要請**").replace(
    "** Request Management Attention **", "**管理者による対応を要請**"
)

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _plain_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def update(tmp_path: Path) -> Path:
    path = tmp_path / "update.txt"
    path.write_bytes(DAMAGED.encode())
    return path


def command(*arguments: str, stdin: bytes = b"", **options: Any) -> subprocess.CompletedProcess[bytes]:
    """Run the real command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "ma_template", "fix", *arguments],
        input=stdin,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        timeout=60,
        **options,
    )


def untouched(path: Path) -> tuple[bytes, float, list[str]]:
    """Return what must be the same after a failure: the bytes, the time, and what stands beside the file."""
    return path.read_bytes(), path.stat().st_mtime_ns, sorted(os.listdir(path.parent))


def merry(text: str, **options: Any) -> FixResult:
    """Mend with a character that few encodings have."""
    result = fix(text, **options)
    edits = tuple(edit._replace(text=edit.text + " 🎉") for edit in result.edits)
    return result._replace(edits=edits, text=apply(text, edits))


# -- what is written


def test_a_file_is_rewritten_and_a_second_run_changes_nothing(update: Path, capsys: Captured) -> None:
    assert main(["fix", str(update)]) == 0
    assert update.read_bytes() == MENDED.encode()
    assert capsys.readouterr().out == (
        f"{update}:1:1: mended[MA104] banner put back as published\n"
        f"{update}:5:1: mended[MA104] banner put back as published\n"
        "1 file: 1 mended; 2 changes\n"
    )
    before = untouched(update)
    assert main(["fix", str(update)]) == 0
    assert untouched(update) == before
    assert capsys.readouterr().out == "1 file: 1 unchanged\n"


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [("utf-8", b""), ("utf-8", b"\xef\xbb\xbf"), ("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff")],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_encoding_mark_and_line_ends_stay(encoding: str, mark: bytes, line_end: str, update: Path) -> None:
    update.write_bytes(mark + DAMAGED.replace("\n", line_end).encode(encoding))
    assert main(["fix", str(update)]) == 0
    assert update.read_bytes() == mark + MENDED.replace("\n", line_end).encode(encoding)


@pytest.mark.parametrize("encoding", ["cp932", "euc-jp", "iso-2022-jp"])
def test_published_no_break_spaces_become_blanks_where_the_encoding_has_none(encoding: str, update: Path) -> None:
    text = JAPANESE.replace("— “again”", "").replace("the gateway stops", "受注システムが停止しています")
    update.write_bytes(text.encode(encoding))
    assert main(["fix", str(update)]) == 0
    assert update.read_bytes().decode(encoding) == fix(text).text.replace("\u00a0", " ")
    assert main(["fix", "--check", str(update)]) == 0


def test_permissions_stay_and_a_link_stays_a_link(update: Path, tmp_path: Path) -> None:
    update.chmod(0o640)
    link = tmp_path / "link.txt"
    link.symlink_to(update.name)
    assert main(["fix", str(link)]) == 0
    assert link.is_symlink()
    assert update.read_bytes() == MENDED.encode()
    assert stat.S_IMODE(update.stat().st_mode) == 0o640


def test_folders_are_walked_and_other_files_left_alone(update: Path, capsys: Captured) -> None:
    other = update.with_name("plain.txt")
    other.write_text("nothing is asked here\n")
    before = other.stat().st_mtime_ns
    assert main(["fix", str(update.parent)]) == 0
    assert other.stat().st_mtime_ns == before
    assert capsys.readouterr().out.endswith("2 files: 1 mended, 1 unchanged; 2 changes\n")


def test_what_is_left_is_told_with_the_reason(update: Path, capsys: Captured) -> None:
    update.write_text(DAMAGED.rsplit("**", 2)[0] + "Kind regards from the warehouse\n")
    assert main(["fix", str(update)]) == 0
    told = capsys.readouterr().out
    assert f"{update}:5:1: left[MA102] no closing banner added: " in told
    assert told.endswith("1 file: 1 mended; 1 change, 1 fault left\n")


def test_the_older_form_needs_the_option(update: Path, capsys: Captured) -> None:
    update.write_text(MENDED.replace("Request Management Attention", "Escalation Request"))
    assert main(["fix", str(update)]) == 0
    assert "left[MA111] the older form is kept; --modernise replaces it" in capsys.readouterr().out
    assert main(["fix", "--modernise", str(update)]) == 0
    assert update.read_text().startswith(EN.opening + "\n" + EN.prompts["reason"] + "\nthe gateway")


# -- --check, --diff, standard input


def test_check_only_tells(update: Path, capsys: Captured) -> None:
    before = untouched(update)
    assert main(["fix", "--check", str(update)]) == 1
    assert untouched(update) == before
    told = capsys.readouterr().out
    assert told.count("would mend[MA104]") == 2
    assert told.endswith("1 file: 1 would be mended; 2 changes\n")


def test_diff_only_shows(update: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(update.parent)
    before = untouched(update)
    done = command("--diff", "update.txt")
    assert done.returncode == 0
    assert untouched(update) == before
    body = DAMAGED.splitlines()[1:4]
    assert done.stdout.decode().splitlines() == [
        "--- update.txt", "+++ update.txt", "@@ -1,5 +1,5 @@",
        "-** Request Managment Attention **", f"+{EN.opening}", *(f" {line}" for line in body),
        "-** Request Management Attention **", f"+{EN.closing}",
    ]  # fmt: skip
    assert command("--diff", "--check", "update.txt").returncode == 1


@pytest.mark.parametrize("encoding", ["utf-8", "cp932"])
def test_a_diff_is_written_in_the_text_s_own_encoding(encoding: str, update: Path) -> None:
    text = JAPANESE.replace("— “again”", "受注できません")
    update.write_bytes(text.encode(encoding))
    shown = command("--diff", str(update)).stdout.decode(encoding)
    assert "-**管理者による対応を要請**" in shown
    assert shown.count("受注できません") == 1


def test_standard_input_is_filtered_and_what_is_told_goes_elsewhere() -> None:
    done = command("-", stdin=b"\xef\xbb\xbf" + DAMAGED.replace("\n", "\r\n").encode())
    assert done.returncode == 0
    assert done.stdout == b"\xef\xbb\xbf" + MENDED.replace("\n", "\r\n").encode()
    assert done.stderr.count(b"mended[MA104]") == 2


@pytest.mark.parametrize("text", [b"", b"nothing is asked here", b"\xef\xbb\xbfcaf\xc3\xa9\r\rx", MENDED.encode()])
def test_a_filter_gives_back_what_needs_no_mending(text: bytes) -> None:
    assert command("-", stdin=text).stdout == text


def test_a_filter_that_fails_does_not_swallow_the_text(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    text = JAPANESE.replace("— “again”", "受注できません").encode("cp932")
    monkeypatch.setattr(ma_template.fixing, "fix", merry)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text)))
    assert main(["fix", "-"]) == 2
    captured = capfdbinary.readouterr()
    assert captured.out == text
    assert b"cp932 has no character U+1F389" in captured.err


def test_a_mail_is_not_filtered() -> None:
    for text in (DAMAGED, "nothing is asked here"):
        mail = b"Subject: SR\n\n" + text.encode("ascii", "ignore")
        done = command("-", "--stdin-filename", "mail.eml", stdin=mail)
        assert (done.returncode, done.stdout) == (2, mail)
        assert b"mail files are not rewritten" in done.stderr


def test_what_cannot_be_filtered_comes_out_as_it_went_in(tmp_path: Path) -> None:
    settings = tmp_path / "ma-lint.toml"
    settings.write_text('regoin = "JP"\n')
    picture = b"\x89PNG\r\n\x1a\n\x00" + DAMAGED.encode()
    for options, text in (
        ([], picture),
        (["--encoding", "cp932"], b"\xfd\xfe" + DAMAGED.encode()),
        (["--encoding", "no-such"], DAMAGED.encode()),
        (["--config", str(settings)], DAMAGED.encode()),
        (["--config", str(tmp_path / "none.toml")], DAMAGED.encode()),
    ):
        done = command("-", *options, stdin=text)
        assert (done.returncode, done.stdout) == (2, text)
        assert done.stderr.startswith(b"ma-lint: error: ")
        assert command("-", "--check", *options, stdin=text).stdout == b""


def test_messages_in_japanese(update: Path, capsys: Captured) -> None:
    assert main(["fix", "--lang", "ja", str(update)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{update}:1:1: 修正[MA104] 開始行または終了行を所定の形に復元",
        f"{update}:5:1: 修正[MA104] 開始行または終了行を所定の形に復元",
        "1件のファイル: 修正1件 / 2か所を変更",
    ]


def test_both_languages_have_the_same_words() -> None:
    words = table("words/fix")
    assert words["en"].keys() == words["ja"].keys()
    for name in ("what", "why", "parts"):
        assert words["en"][name].keys() == words["ja"][name].keys()


# -- what cannot be done: the file stays as it was


def test_a_read_only_file(update: Path, capsys: Captured) -> None:
    update.chmod(0o444)
    before = untouched(update)
    assert main(["fix", str(update)]) == 2
    assert untouched(update) == before
    captured = capsys.readouterr()
    assert captured.err == f"ma-lint: error: {update}: the file is read-only: nothing was changed\n"
    assert captured.out == "1 file: 1 not done\n"


def test_a_file_that_changes_meanwhile(update: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    def slow(text: str, **options: Any) -> Any:
        update.write_bytes(b"somebody else was here\n" + DAMAGED.encode())
        return fix(text, **options)

    monkeypatch.setattr(ma_template.fixing, "fix", slow)
    assert main(["fix", str(update)]) == 2
    assert update.read_bytes() == b"somebody else was here\n" + DAMAGED.encode()
    assert os.listdir(update.parent) == ["update.txt"]
    assert "the file was changed while it was being mended" in capsys.readouterr().err


def test_a_file_that_changes_while_it_is_read(update: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.setattr("ma_template.mending._bytes", lambda path: b"as it was a moment ago")
    before = untouched(update)
    assert main(["fix", str(update)]) == 2
    assert untouched(update) == before
    assert "run fix again" in capsys.readouterr().err


def test_a_disk_that_is_full(update: Path) -> None:
    """No process may write more than so many bytes: what is to be written beside the file does not fit."""
    before = untouched(update)
    done = command(str(update), preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100)))
    assert done.returncode == 2
    assert b"cannot be rewritten: File too large; the file is as it was" in done.stderr
    assert untouched(update) == before


def test_a_folder_in_which_nothing_may_be_written(update: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.replace", refuse)
    before = untouched(update)
    problem = rewrite(str(update), DAMAGED.encode(), MENDED.encode())
    assert problem
    assert problem.message("en") == "cannot be rewritten: permission is missing; the file is as it was"
    assert untouched(update)[::2] == before[::2]


def test_an_encoding_that_cannot_hold_the_mended_text(
    update: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setattr(ma_template.fixing, "fix", merry)
    update.write_bytes(JAPANESE.replace("— “again”", "受注できません").encode("cp932"))
    before = untouched(update)
    assert main(["fix", str(update)]) == 2
    assert untouched(update) == before
    assert "cp932 has no character U+1F389, which the mended text needs: nothing was changed" in capsys.readouterr().err


def test_a_mail_file(update: Path, capsys: Captured) -> None:
    mail = update.with_suffix(".eml")
    mail.write_bytes(b"Subject: SR\nContent-Type: text/plain; charset=utf-8\n\n" + DAMAGED.encode())
    before = untouched(mail)
    assert main(["fix", str(mail)]) == 2
    assert untouched(mail) == before
    assert "mail files are not rewritten" in capsys.readouterr().err


def test_what_is_no_ordinary_file(tmp_path: Path) -> None:
    problem = rewrite(os.devnull, b"", b"")
    assert problem
    assert problem.key == "fix-special"


def test_a_missing_file_does_not_stop_the_others(update: Path, capsys: Captured) -> None:
    assert main(["fix", str(update.with_name("missing.txt")), str(update)]) == 2
    assert update.read_bytes() == MENDED.encode()
    captured = capsys.readouterr()
    assert "missing.txt: no such file or folder" in captured.err
    assert captured.out.endswith("2 files: 1 not done, 1 mended; 2 changes\n")
