"""`ma-lint`: what it is given, what it prints where, and the status it ends with."""

from __future__ import annotations

import datetime
import errno
import gc
import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from compatibility import closed
from ma_template import Config, check
from ma_template.choices import Plain
from ma_template.cli import main, parsers
from ma_template.examining import examine
from ma_template.report import absent, messages
from ma_template.report.json import as_document
from ma_template.wording import published, table

ROOT = Path(__file__).parents[1]
FIXTURES = ROOT / "fixtures" / "cli"
DAY = ["--as-of", "2026-11-23"]

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _plain_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """A text that holds no request."""
    path = tmp_path / "plain.txt"
    path.write_text("nothing is asked here\n")
    return path


def command(*arguments: str, stdin: bytes | None = None, **surroundings: str) -> subprocess.CompletedProcess[bytes]:
    """Run the real command in a process of its own."""
    environment = {"PATH": os.environ["PATH"], **surroundings}
    return subprocess.run(
        [sys.executable, "-m", "ma_template", *arguments], input=stdin, env=environment, capture_output=True, timeout=60
    )


def documents(captured: Captured, *arguments: str) -> dict[str, Any]:
    """Check with --format json and return what was printed."""
    main(["check", "--format", "json", *arguments])
    found: dict[str, Any] = json.loads(captured.readouterr().out)
    return found


# -- help, version, usage


def test_without_arguments_the_help_is_shown(capsys: Captured) -> None:
    assert main([]) == 2
    assert "ma-lint explain MA403" in capsys.readouterr().err


@pytest.mark.parametrize("name", parsers()[1])
def test_every_command_has_help_with_examples(name: str, capsys: Captured) -> None:
    assert main([name, "--help"]) == 0
    shown = capsys.readouterr().out
    assert f"  ma-lint {name}" in shown.partition("examples:")[2]


def test_the_version_is_the_package_s(capsys: Captured) -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"ma-lint {declared}\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--formt", "json", "x"], "unknown option --formt; did you mean --format?"),
        (["check", "--regio=JP", "x"], "unknown option --regio; did you mean --region?"),
        (["check", "--zzz", "x"], "unknown option --zzz (ma-lint check --help shows those there are)"),
        (["--job-count", "2", "x"], "unknown option --job-count (ma-lint check --help shows those there are)"),
        (["--format", "xml", "x"], "argument --format: invalid choice: 'xml'"),
        (["check"], "the following arguments are required: PATH (ma-lint check --help shows how)"),
        (["--quiet", "--verbose", "x"], "not allowed with argument"),
        (["chek"], "chek: no such file or folder; did you mean the command check?"),
    ],
)
def test_a_wrong_command_line_is_one_clear_line(arguments: list[str], message: str, capsys: Captured) -> None:
    assert main(arguments) == 2
    told = capsys.readouterr().err
    assert told.startswith("ma-lint: error: ")
    assert message in told
    assert told.count("\n") == 1


# -- values of options


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--as-of", "2026-02-30", "--as-of 2026-02-30 is no date: write it as 2026-11-23"),
        ("--as-of", "tomorrow", "--as-of tomorrow is no date"),
        ("--jobs", "0", "--jobs 0 is no number of processes"),
        ("--jobs", "two", "--jobs two is no number of processes"),
        ("--region", "XX", "--region XX is no region"),
        ("--timezone", "Mars/Base", "--timezone Mars/Base is no time zone"),
        ("--timezone", "../../etc/passwd", "is no time zone"),
        ("--select", "MA4O3", "there is no rule MA4O3; did you mean MA403 (phone-missing)?"),
        ("--ignore", "MA302,phone-missin", "there is no rule phone-missin; did you mean MA403 (phone-missing)?"),
        ("--ignore", "zzzzzz", "there is no rule zzzzzz; ma-lint rules lists them all"),
    ],
)
def test_a_bad_value_is_told_even_where_no_text_needs_it(
    option: str, value: str, told: str, plain: Path, capsys: Captured
) -> None:
    assert main([option, value, str(plain)]) == 2
    text = capsys.readouterr()
    assert text.out == ""
    assert text.err.startswith("ma-lint: error: ")
    assert told in text.err

    assert main([option, value, "--format", "json", str(plain)]) == 2
    report = json.loads(capsys.readouterr().out)
    assert report["documents"] == []
    assert [error["source"] for error in report["errors"]] == [None]
    assert told in report["errors"][0]["message"]


@pytest.mark.parametrize(
    ("given", "day"),
    [
        ("2026-11-23", "2026-11-23"),
        ("2026-11-23T23:30-05:00", "2026-11-23"),  # cut to the day in its own offset
        ("2026-11-23T23:30Z", "2026-11-23"),
        ("2026-11-23T08:00", "2026-11-23"),
    ],
)
def test_as_of_is_a_day(given: str, day: str, plain: Path, capsys: Captured) -> None:
    found = documents(capsys, "--as-of", given, "--timezone", "Asia/Tokyo", str(plain))
    assert found["as_of"] == day
    assert found["documents"][0]["as_of"] == day


def test_today_is_taken_in_the_time_zone(plain: Path, capsys: Captured) -> None:
    east, west = (
        documents(capsys, "--timezone", zone, str(plain))["as_of"] for zone in ("Pacific/Kiritimati", "Pacific/Niue")
    )
    assert east > west  # 25 hours apart: never the same day


# -- what is read


def test_a_folder_gives_its_texts_sorted(tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("b.txt", "a.md", "A.TXT", "skipped.log", "sub/c.txt", ".hidden/d.txt", ".e.txt", "z/y/x.Md"):
        path = tmp_path / "updates" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("text")
    monkeypatch.chdir(tmp_path)
    found = documents(capsys, "updates")
    assert [document["source"] for document in found["documents"]] == [
        "updates/A.TXT", "updates/a.md", "updates/b.txt", "updates/sub/c.txt", "updates/z/y/x.Md",
    ]  # fmt: skip
    again = documents(capsys, "updates/", "updates/b.txt", "./updates/sub")
    assert again["documents"] == found["documents"]


def test_arguments_keep_their_order(tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("b.txt", "a.txt"):
        Path(name).write_text("text")
    assert [document["source"] for document in documents(capsys, "b.txt", "a.txt", "b.txt")["documents"]] == [
        "b.txt",
        "a.txt",
    ]


def test_what_cannot_be_read_does_not_stop_the_others(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("good.txt").write_text("text")
    Path("picture.txt").write_bytes(b"fine\n" + bytes(range(255, 0, -1)))
    Path("utf16.txt").write_bytes("text".encode("utf-16")[:-1])
    Path("cut.txt").write_bytes("至急です\n日".encode()[:-1])
    Path("mail.eml").write_text("Subject: x\n\n")
    Path("empty").mkdir()
    Path("empty/notes.log").write_text("text")
    Path("links").mkdir()
    Path("links/away.txt").symlink_to("nowhere")
    paths = ["picture.txt", "utf16.txt", "cut.txt", "mail.eml", "empty", "links", "gone.txt", "good.txt"]
    assert main(["--format", "json", *paths]) == 2
    printed, told = capsys.readouterr()
    report = json.loads(printed)
    assert [document["source"] for document in report["documents"]] == ["good.txt"]
    errors = {error["source"]: error["message"] for error in report["errors"]}
    assert list(errors) == [
        "picture.txt",
        "utf16.txt",
        "cut.txt",
        "mail.eml",
        "empty",
        "links/away.txt",
        "gone.txt",
    ]
    assert "byte 0xff at offset 5 (line 2)" in errors["picture.txt"]
    assert "--encoding NAME" in errors["picture.txt"]
    assert errors["utf16.txt"].startswith("cannot be read as utf-16: byte 0x74 at offset 8 (line 1)")
    assert errors["cut.txt"].startswith("cannot be read as utf-8: byte 0xe6 at offset 13 (line 2)")
    assert errors["mail.eml"].startswith("the mail holds no text")
    assert errors["empty"] == "the folder holds no *.txt, *.md or *.eml file"
    assert errors["gone.txt"] == "no such file or folder"
    assert told.splitlines() == [f"ma-lint: error: {source}: {message}" for source, message in errors.items()]


def test_errors_speak_japanese_too(tmp_path: Path, capsys: Captured) -> None:
    assert main(["--lang", "ja", str(tmp_path / "gone.txt")]) == 2
    printed, told = capsys.readouterr()
    assert told == f"ma-lint: エラー: {tmp_path}/gone.txt: ファイルまたはフォルダーが見つかりません\n"
    assert "読み取り不可1件" in printed


def test_a_folder_loop_is_told_and_left(tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("top/in").mkdir(parents=True)
    Path("top/in/a.txt").write_text("text")
    Path("top/in/up").symlink_to("..")
    Path("top/again").symlink_to("in")  # the same folder twice is no loop, and is read once
    assert main(["--format", "json", "top"]) == 2
    report = json.loads(capsys.readouterr().out)
    assert [document["source"] for document in report["documents"]] == ["top/in/a.txt"]
    assert report["errors"] == [
        {"source": "top/in/up", "message": "the folder leads back to top and was not entered again"}
    ]


@pytest.mark.parametrize(
    ("lang", "told"), [("en", "cannot be read: permission is missing"), ("ja", "読み取れません: 権限がありません")]
)
def test_a_file_without_permission(
    lang: str, told: str, plain: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:  # the tests may run as root, who may read everything
        raise PermissionError(errno.EACCES, "Permission denied")

    table("words/report")  # loaded while files can be opened
    monkeypatch.setattr("builtins.open", refuse)
    assert main(["--lang", lang, str(plain)]) == 2
    assert told in capsys.readouterr().err


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "marked.txt"
    path.write_bytes(b"\xef\xbb\xbftext")
    assert documents(capsys, str(path))["documents"][0]["encoding"] == "utf-8-sig"


def test_standard_input(tmp_path: Path) -> None:
    done = command("--format", "json", "-", stdin=b"text")
    assert json.loads(done.stdout)["documents"][0]["source"] == "-"
    named = command("check", "--format", "json", "--stdin-filename", "update.txt", "-", stdin="日本語".encode())
    assert json.loads(named.stdout)["documents"][0]["source"] == "update.txt"
    assert command("-", stdin=b"\xff").stderr.startswith(
        b"ma-lint: error: -: the encoding cannot be told: byte 0xff at offset 0"
    )


def test_a_file_name_that_is_no_unicode(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/\xff.txt"
    with open(path, "wb") as file:
        file.write(b"text")
    done = command("--format", "json", str(tmp_path))
    assert done.returncode == 0
    assert json.loads(done.stdout.decode())["documents"][0]["source"].endswith("/\ufffd.txt")
    assert command(str(tmp_path)).returncode == 0


def test_a_program_that_calls_the_command_goes_on_as_before(plain: Path, capsys: Captured) -> None:
    before = gc.get_threshold()
    assert main([str(plain)]) == 0
    assert main(["--nonsense"]) == 2
    assert gc.get_threshold() == before


def test_a_mistake_of_ours_harms_one_file_and_quotes_nobody(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ma_template import examining

    request = (FIXTURES / "english.txt").read_text("utf-8")
    names = ("good.txt", "odd.txt", "plain.txt")
    for name, text in zip(names, (request, f"{request}Ottoline Graves\n", "nothing"), strict=True):
        (tmp_path / name).write_text(text)
    real = examining.examine

    def failing(text: str, *rest: Any) -> Any:
        if "Ottoline" in text:
            raise ValueError(f"cannot read {text!r}")
        return real(text, *rest)

    monkeypatch.setattr(examining, "examine", failing)
    assert main(["--format", "jsonl", "--jobs", "1", str(tmp_path)]) == 2
    told = capsys.readouterr()
    assert [json.loads(line)["source"] for line in told.out.splitlines()] == [
        str(tmp_path / name) for name in names[::2]
    ]
    assert told.err.startswith(
        f"ma-lint: error: {tmp_path / 'odd.txt'}: not done because of a fault in ma-lint (ValueError, test_cli.py:"
    )
    assert told.err.count("\n") == 1
    assert "Ottoline" not in told.err


def test_a_mistake_of_ours_elsewhere_is_one_line(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: Any) -> int:
        raise KeyError("Ottoline Graves")

    monkeypatch.setattr("ma_template.cli._explain", failing)
    assert main(["explain", "MA403"]) == 2
    told = capsys.readouterr().err
    assert told.startswith("ma-lint: error: not done because of a fault in ma-lint (KeyError, test_cli.py:")
    assert told.count("\n") == 1
    assert "Ottoline" not in told


# -- where it goes


def test_the_file_appears_whole(tmp_path: Path, plain: Path, capsys: Captured) -> None:
    report = tmp_path / "report.json"
    report.write_text("old")
    report.chmod(0o640)
    assert main(["--format", "json", "--output", str(report), str(plain)]) == 0
    assert json.loads(report.read_text())["documents"][0]["status"] == "absent"
    assert report.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == ["plain.txt", "report.json"]
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("where", ["missing/report.json", "folder"])
def test_a_file_that_cannot_be_written(where: str, tmp_path: Path, plain: Path, capsys: Captured) -> None:
    (tmp_path / "folder").mkdir()
    assert main(["--output", str(tmp_path / where), str(plain)]) == 2
    assert "cannot write the report" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "plain.txt"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_full_disk(plain: Path) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "ma_template", str(plain)], stdout=full, stderr=subprocess.PIPE, timeout=60
        )
    assert done.returncode == 2
    assert done.stderr == b"ma-lint: error: cannot write the report: no space is left\n"
    for shown in (["--help"], ["scan", "--help"], ["rules"], ["explain", "MA403"], ["schema"], ["new", "--lang", "en"]):
        with open("/dev/full", "wb") as full:
            done = subprocess.run(
                [sys.executable, "-m", "ma_template", *shown], stdout=full, stderr=subprocess.PIPE, timeout=60
            )
        assert (done.returncode, done.stderr) == (2, b"ma-lint: error: cannot write the report: no space is left\n")
    told = command("--output", "/dev/full", str(plain))
    assert told.returncode == 2
    assert told.stderr == b"ma-lint: error: /dev/full: cannot write the report: no space is left\n"


def test_a_closed_pipe_is_quiet(tmp_path: Path) -> None:
    for number in range(2_000):
        (tmp_path / f"{number}.txt").write_text("text")
    running = subprocess.Popen(
        [sys.executable, "-m", "ma_template", "--format", "jsonl", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert running.stdout is not None
    running.stdout.readline()
    running.stdout.close()
    assert running.stderr is not None
    assert running.stderr.read() == b""
    running.stderr.close()
    assert running.wait(60) == 141


def test_ctrl_c_ends_with_what_was_found(
    tmp_path: Path, plain: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    import ma_template.files

    real = ma_template.files.read

    def read(path: str, *rest: str | None) -> object:
        if path.endswith("second.txt"):
            raise KeyboardInterrupt
        return real(path, *rest)

    monkeypatch.setattr("ma_template.files.read", read)
    (tmp_path / "second.txt").write_text("text")
    assert main(["--format", "json", str(plain), str(tmp_path / "second.txt")]) == 130
    printed, told = capsys.readouterr()
    report = json.loads(printed)
    assert len(report["documents"]) == 1
    assert [error["message"] for error in report["errors"]] == ["interrupted; the report ends here"]
    assert told == "ma-lint: error: interrupted; the report ends here\n"


@pytest.mark.parametrize("encoding", ["ascii", "cp932", "latin-1"])
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_terminal_that_cannot_show_everything(encoding: str, lang: str, plain: Path) -> None:
    done = command("--lang", lang, str(plain), PYTHONIOENCODING=encoding)
    assert done.returncode == 0
    assert done.stderr == b""


def test_machines_get_utf8_whatever_the_locale(tmp_path: Path) -> None:
    path = tmp_path / "日本語.txt"
    path.write_text("text")
    done = command("--format", "jsonl", str(path), PYTHONIOENCODING="ascii", PYTHONUTF8="1")
    assert json.loads(done.stdout.decode("utf-8"))["source"] == str(path)


# -- start-up

HEAVY = {"pydantic", "lark", "phonenumbers", "email_validator", "rapidfuzz", "wcwidth", "importlib.metadata"}


@pytest.mark.parametrize(
    "arguments", [["--version"], ["--help"], ["{plain}"], ["--format", "json", "{plain}"], ["explain", "MA403"]]
)
def test_what_needs_no_engine_does_not_load_it(arguments: Sequence[str], plain: Path) -> None:
    code = (
        "import sys; from ma_template.cli import main; main(sys.argv[1:]);"
        "print(*sorted(sys.modules), sep='\\n', file=sys.stderr)"
    )
    given = [argument.format(plain=plain) for argument in arguments]
    done = subprocess.run([sys.executable, "-c", code, *given], capture_output=True, text=True, timeout=60, check=True)
    assert not HEAVY & set(done.stderr.split())


@pytest.mark.parametrize("options", [[], ["--region", "jp", "--date-order", "ymd", "--strict"]])
def test_a_check_without_settings_does_not_load_pydantic(options: Sequence[str]) -> None:
    code = "import sys; from ma_template.cli import main; main(sys.argv[1:]); sys.exit('pydantic' in sys.modules)"
    subprocess.run(
        [sys.executable, "-c", code, *options, str(FIXTURES / "english.txt")],
        capture_output=True,
        timeout=60,
        check=True,
    )


# What one file with a complete request may cost at the start. The counts were 221 and 120 when this was written.
COUNTED = """
import re, re._compiler, sys
real, patterns = re._compiler.compile, []
re._compiler.compile = lambda *given: patterns.append(given) or real(*given)
from ma_template.cli import main
main(sys.argv[1:])
print(len(sys.modules), len(patterns), *sorted(sys.modules), file=sys.stderr)
"""


def test_a_check_loads_what_it_needs_and_no_more(tmp_path: Path) -> None:
    form = published("management-attention", "en")
    answers = {
        "reason": "The order system is down, and 400 orders a day cannot be shipped.",
        "milestone": "Go-live of the new warehouse, 2026-12-15",
        "requester": "Imogen Achterberg\nPhone: +44 20 7946 0123\nE-mail: imogen.achterberg@example.com",
    }
    filled = (f"{form.prompts[section]}\n{answer}" for section, answer in answers.items())
    path = tmp_path / "update.txt"
    path.write_text("\n".join([form.opening, *filled, form.closing, ""]))
    command = [sys.executable, "-c", COUNTED, *DAY, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    modules, patterns, *names = done.stderr.split()
    assert "1 complete" in done.stdout
    unwanted = {*HEAVY, "rich", "multiprocessing"}
    if sys.version_info < (3, 14):  # from then on argparse needs it
        unwanted.add("dataclasses")
    assert unwanted & set(names) == {"phonenumbers"}
    assert int(modules) <= 300
    assert int(patterns) <= 180


@pytest.mark.parametrize("folder", ["good", "bad", "devset"])
@pytest.mark.parametrize("options", [{}, {"region": "gb", "date_order": "dmy", "require": True}])
def test_what_is_told_without_pydantic_is_the_report(folder: str, options: dict[str, Any]) -> None:
    day = datetime.date(2026, 11, 23)
    for path in sorted((FIXTURES.parent / folder).rglob("*.txt")):
        text = path.read_bytes().decode()
        told, report = examine(text, day, Plain(**options)), check(text, as_of=day, **options)
        for lang in ("en", "ja"):
            assert json.dumps(as_document(told, lang)) == json.dumps(as_document(report, lang)), path
        assert messages(told, "ja") == report.messages("ja")


def test_the_plain_choices_are_the_defaults() -> None:
    names = [name for name in (*vars(Plain), *vars(Plain())) if not name.startswith("_")]
    assert {"region", "max_blocks", "offsets", "additions"} <= set(names)
    for name in names:
        if name not in ("judge", "listed_as"):
            assert getattr(Plain(), name) == getattr(Config(), name), name


# -- the other commands


def test_explain(capsys: Captured) -> None:
    assert main(["explain", "MA403"]) == 0
    english = capsys.readouterr().out
    assert english.startswith("MA403 phone-missing (error)\n")
    assert main(["explain", "phone-missing", "--lang", "ja"]) == 0
    assert capsys.readouterr().out.startswith("MA403 phone-missing (エラー)\n")
    assert main(["explain", "MA302", "ma403"]) == 0
    both = capsys.readouterr().out
    assert both.endswith(english)
    assert both.startswith("MA302 date-missing")


def test_explain_what_there_is(capsys: Captured) -> None:
    assert main(["explain", "MA404x", "MA403"]) == 2
    printed, told = capsys.readouterr()
    assert printed.startswith("MA403")
    assert told == "ma-lint: error: there is no rule MA404x; did you mean MA404 (phone-invalid)?\n"


def test_rules(capsys: Captured) -> None:
    assert main(["rules"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert main(["rules", "--format", "json"]) == 0
    rules = json.loads(capsys.readouterr().out)
    assert [line.split()[:2] for line in lines[1:]] == [[rule["code"], rule["name"]] for rule in rules]


def test_rules_of_another_language(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "ja_JP.UTF-8")
    main(["rules"])
    assert "要請者の電話番号がありません" in capsys.readouterr().out
    monkeypatch.setenv("LC_ALL", "C.UTF-8")  # weighs more than LANG
    main(["rules"])
    assert "要請者" not in capsys.readouterr().out


def test_the_schema_is_the_library_s(capsys: Captured) -> None:
    from ma_template import json_schema

    assert main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out) == json_schema()


# -- whole reports, as people see them


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("english", ["english.txt"]),
        ("english.verbose", ["--verbose", "--color", "always", "english.txt"]),
        ("japanese", ["--lang", "ja", "japanese.txt"]),
        ("japanese.narrow", ["--lang", "ja", "japanese.txt"]),
        ("several.quiet", ["--quiet", "--strict", "."]),
    ],
)
def test_a_report_as_approved(
    name: str,
    options: list[str],
    approved: Callable[[Path, str], None],
    capsys: Captured,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(FIXTURES)
    if name.endswith("narrow"):
        monkeypatch.setenv("COLUMNS", "60")
    assert main([*DAY, *options]) == 1
    printed, told = capsys.readouterr()
    assert told == ""
    approved(FIXTURES / f"{name}.out", printed)


def test_json_in_the_language_and_offsets_asked_for(capsys: Captured) -> None:
    path = FIXTURES / "english.txt"
    units = path.read_text().encode("utf-16-le")
    plain = documents(capsys, *DAY, str(path))["documents"][0]
    asked = documents(capsys, *DAY, "--lang", "ja", "--offsets", "utf-16", str(path))["documents"][0]
    assert [found["code"] for found in asked["diagnostics"]] == [found["code"] for found in plain["diagnostics"]]
    messages = {found["code"]: found["message"] for found in asked["diagnostics"]}
    assert messages["MA403"] == "要請者の電話番号がありません"
    for document, cut in (
        (plain, lambda a, b: path.read_text()[a:b]),
        (asked, lambda a, b: units[2 * a : 2 * b].decode("utf-16-le")),
    ):
        email = document["blocks"][0]["requester"]["emails"][0]
        assert cut(email["span"]["start"], email["span"]["end"]) == "imogen.achterberg(at)parcels.example.com"


# -- what decides the exit status

WARNED = """\
*** Request Management Attention ***
Reason: the gateway answers with an error now and then
Milestone: go-live on 15 December 2026
Requester: Taro Yamada, +81 3-5555-0123, taro.yamada@example.com
*** Request Management Attention ***
"""


@pytest.mark.parametrize(
    ("options", "status", "codes"),
    [
        ([], 0, ["MA202"]),
        (["--strict"], 1, ["MA202"]),
        (["--strict", "--ignore", "impact-missing"], 0, []),
        (["--strict", "--ignore", "MA101", "--ignore", "MA202,MA305"], 0, []),
        (["--strict", "--select", "MA4O3"], 2, None),
        (["--select", "MA403,MA202", "--strict"], 1, ["MA202"]),
        (["--select", "MA403", "--strict"], 0, []),
    ],
)
def test_the_exit_status_follows_what_is_listed(
    options: list[str], status: int, codes: list[str] | None, tmp_path: Path, capsys: Captured
) -> None:
    path = tmp_path / "warned.txt"
    path.write_text(WARNED)
    assert main([*DAY, "--format", "json", *options, str(path)]) == status
    found = json.loads(capsys.readouterr().out)["documents"]
    assert codes is None or [diagnostic["code"] for diagnostic in found[0]["diagnostics"]] == codes
    assert all(document["status"] == "complete" for document in found)


def test_an_unreadable_file_weighs_more_than_a_finding(tmp_path: Path, capsys: Captured) -> None:
    assert main([*DAY, "gone.txt", str(FIXTURES / "english.txt")]) == 2
    assert "MA403" in capsys.readouterr().out


def test_a_request_may_be_required(plain: Path, capsys: Captured) -> None:
    assert main([str(plain)]) == 0
    assert main(["--require", str(plain)]) == 1
    assert f"{plain}:1:1: error[MA101] block-absent: " in capsys.readouterr().out


def test_the_options_reach_the_engine(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "open.txt"
    path.write_text(WARNED.replace("15 December 2026", "03/04/2027").replace("+81 3-5555-0123", "03-5555-0123"))

    def found(*options: str) -> tuple[Any, Any]:
        block = documents(capsys, *DAY, *options, str(path))["documents"][0]["blocks"][0]
        return block["milestone"]["dates"][0]["start"], block["requester"]["phones"][0]["e164"]

    assert found() == (None, None)
    assert found("--date-order", "dmy", "--region", "jp") == ("2027-04-03", "+81355550123")
    assert found("--date-order", "mdy") == ("2027-03-04", None)


def test_json_lines_are_the_documents(capsys: Captured) -> None:
    assert main([*DAY, "--format", "jsonl", str(FIXTURES)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line) for line in lines] == documents(capsys, *DAY, str(FIXTURES))["documents"]


def test_every_document_matches_the_schema(capsys: Captured) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    main(["schema"])
    schema = closed(json.loads(capsys.readouterr().out))
    for document in documents(capsys, *DAY, "--lang", "ja", str(FIXTURES))["documents"]:
        jsonschema.validate(document, schema, jsonschema.Draft202012Validator)


# -- the light report of a text without any block is the engine's own


def test_the_light_report_equals_the_engine_s() -> None:
    day = datetime.date(2026, 11, 23)
    full = check("nothing", as_of=day).model_copy(update={"source": "a.txt", "encoding": "utf-8"})
    assert as_document(absent("a.txt", "utf-8", day)) == as_document(full)
