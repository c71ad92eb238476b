"""The SR beside the request: MA502 across an SR, MA504 to MA508. A field that is not given is not judged."""

from __future__ import annotations

import json
import pickle
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from ma_template import EarlierRequest, Report, ServiceRequest, check
from ma_template.cli import main
from ma_template.diagnostics import Text
from ma_template.rules.examples import REASON, request

UPDATE = request().en  # stopped business, go-live on 2026-12-15
NO_IMPACT = request(reason=Text("The patch fails with ORA-00600.", "パッチがORA-00600で失敗します。")).en


def judged(text: str = UPDATE, as_of: str = "2026-11-23", sr: Any = None, **options: Any) -> Report:
    return check(text, as_of=as_of, sr=sr, **options)


def codes(text: str = UPDATE, **fields: Any) -> list[str]:
    return [found.code for found in judged(text, sr=ServiceRequest(**fields)).diagnostics]


def test_what_is_not_given_is_not_judged() -> None:
    assert codes() == []
    assert codes(number="3-40012345678", opened=date(2026, 11, 1)) == []
    assert codes(problem=None, severity=None, workaround=None, milestone_dates=None, earlier_requests=None) == []
    assert codes(NO_IMPACT) == ["MA202"]


def test_an_sr_says_nothing_about_an_update_without_a_request() -> None:
    sr = {"problem": "", "severity": 4, "milestone_dates": [], "workaround": "Enter orders by hand."}
    assert judged("Thank you for the update.", sr=sr).diagnostics == ()
    quoted = "> " + UPDATE.replace("\n", "\n> ")
    assert judged(quoted, sr=sr).diagnostics == ()
    unfilled = request(reason=Text("", ""), milestone=Text("", ""), requester=Text("", "")).en
    assert [found.code for found in judged(unfilled, sr=sr).diagnostics] == ["MA106"]


def test_all_of_it_at_once_and_where() -> None:
    sr = {"problem": " ", "severity": 4, "milestone_dates": ["2026-12-18"], "workaround": "Enter orders by hand."}
    report = judged(sr=sr)
    found = [(one.code, one.severity, one.field, one.block, one.span.line) for one in report.diagnostics]
    assert found == [
        ("MA504", "info", "sr.problem", 0, 1),
        ("MA505", "warning", "sr.severity", 0, 2),
        ("MA507", "info", "reason", 0, 2),
        ("MA506", "info", "sr.milestone_dates", 0, 3),
    ]
    assert report.status == "complete"
    assert report == judged(sr=ServiceRequest(**sr))


@pytest.mark.parametrize("problem", ["", "  \n", "TBD", "-", "N/A", "未記入", "なし", "\u3000"])
def test_an_empty_problem_statement(problem: str) -> None:
    assert codes(problem=problem) == ["MA504"]


def test_a_problem_statement() -> None:
    assert codes(problem="Order entry ends with ORA-00600.") == []
    assert codes(problem="受注入力がORA-00600で終了する。") == []


def test_two_requests_in_one_update_have_one_problem_statement() -> None:
    other = request(milestone=Text("Payroll run on 2026-12-18", "")).en
    found = judged(f"{UPDATE}\n\n{other}", sr={"problem": "", "milestone_dates": ["2026-12-18"]}).diagnostics
    assert [(one.code, one.block) for one in found if one.code > "MA5"] == [("MA504", 0), ("MA506", 0)]


@pytest.mark.parametrize(
    ("severity", "text", "expected"),
    [
        (1, UPDATE, []),
        (1, NO_IMPACT, ["MA202", "MA505"]),
        (2, UPDATE, []),
        (2, NO_IMPACT, ["MA202"]),
        (3, UPDATE, ["MA505"]),
        (4, UPDATE, ["MA505"]),
        (3, NO_IMPACT, ["MA202"]),
        (4, NO_IMPACT, ["MA202"]),
        (4, request(reason=Text("Order entry is slow, 20 seconds an order.", "")).en, []),
        (4, request().ja, ["MA505"]),
        (1, request().ja, []),
    ],
)
def test_severity(severity: int, text: str, expected: list[str]) -> None:
    assert sorted(codes(text, severity=severity)) == expected


def test_a_reason_that_is_missing_says_nothing_about_severity() -> None:
    assert codes(request(reason=Text("", "")).en, severity=1) == ["MA201"]


def milestone(words: str) -> str:
    return request(milestone=Text(words, words)).en


@pytest.mark.parametrize(
    ("text", "recorded", "expected"),
    [
        (UPDATE, [], ["MA506"]),
        (UPDATE, ["2026-12-15"], []),
        (UPDATE, ["2026-12-14", "2026-12-16"], ["MA506"]),
        (UPDATE, ["2026-12-14", "2026-12-15T08:00:00+09:00"], []),
        # The first of December to the tenth.
        (milestone("Go-live in early December 2026"), ["2026-12-07"], ["MA311"]),
        (milestone("Go-live in early December 2026"), ["2026-12-11"], ["MA311", "MA506"]),
        (milestone("Go-live on 03/04/2027"), ["2027-04-03"], ["MA305"]),
        (milestone("Go-live on 03/04/2027"), ["2027-04-04"], ["MA305", "MA506"]),
        # One of the request's dates is on record; the past one is history.
        (milestone("UAT on 2026-12-01, go-live on 2026-12-15"), ["2026-12-15"], []),
        (milestone("Go-live was planned for 2026-11-01, now 2026-12-15"), ["2026-11-01"], ["MA506"]),
        (milestone("Go-live as soon as possible"), [], ["MA302"]),
        (milestone("Go-live on 2026-02-30"), [], ["MA306"]),
    ],
)
def test_milestone_dates(text: str, recorded: list[str], expected: list[str]) -> None:
    assert sorted(codes(text, milestone_dates=recorded)) == expected


def test_the_date_is_told() -> None:
    found = judged(sr={"milestone_dates": []}).diagnostics[0]
    assert found.message == "Tue 15 December 2026 stands nowhere in the SR's milestone dates"
    assert UPDATE[found.span.start : found.span.end] == "2026-12-15"
    found = judged(milestone("Go-live on 03/04/2027"), sr={"milestone_dates": []}).diagnostics[1]
    assert found.message == "the request's date stands nowhere in the SR's milestone dates"


def test_workaround() -> None:
    by_hand = "Enter the orders by hand in the back office."
    assert codes(workaround=by_hand) == ["MA507"]
    assert codes(workaround="") == []
    assert codes(workaround="N/A") == []
    assert codes(workaround="There is no workaround.") == []
    assert codes(request().ja, workaround="受注は事務所で手入力する。") == ["MA507"]
    answer = " The workaround is not acceptable: it takes 12 people."
    assert codes(request(reason=Text(REASON.en + answer, "")).en, workaround=by_hand) == []


# -- earlier requests

CHANGED = request(reason=Text("Since Friday 60 stores cannot take orders, and returns have stopped.", "")).en
MOVED = milestone("Go-live of the web shop on 2026-12-18")


def earlier(*days: str, text: str = UPDATE) -> list[dict[str, str]]:
    return [{"at": day, "text": text} for day in days]


@pytest.mark.parametrize(
    ("requests", "expected"),
    [
        ([], []),
        (earlier("2026-11-19"), ["MA502"]),
        (earlier("2026-11-19", "2026-11-16"), ["MA502", "MA508"]),
        (earlier("2026-11-16", "2026-11-19"), ["MA502", "MA508"]),
        # The ninth of November is fourteen days ago, the eighth fifteen.
        (earlier("2026-11-09", "2026-11-19"), ["MA502", "MA508"]),
        (earlier("2026-11-08", "2026-11-19"), ["MA502"]),
        # Something else was said in between.
        ([*earlier("2026-11-16"), *earlier("2026-11-19", text=CHANGED)], ["MA502"]),
        ([*earlier("2026-11-12", text=CHANGED), *earlier("2026-11-16", "2026-11-19")], ["MA502", "MA508"]),
        (earlier("2026-11-16", "2026-11-19", text=CHANGED), []),
        (earlier("2026-11-16", "2026-11-19", text=MOVED), []),
        # Other spelling, another requester: no news, but not the same word for word.
        (
            earlier("2026-11-16", "2026-11-19", text=UPDATE.replace("down,", "DOWN -").replace("Taro", "Jiro")),
            ["MA508"],
        ),
        # Not yet made; of no known day; nothing in it.
        (earlier("2026-11-24", "2026-11-25"), []),
        ([UPDATE, UPDATE], ["MA502"]),
        (["no request here", {"text": ""}], []),
        (earlier("2026-11-16", "2026-11-19", text="> " + UPDATE.replace("\n", "\n> ")), []),
    ],
)
def test_earlier_requests(requests: list[Any], expected: list[str]) -> None:
    assert codes(earlier_requests=requests) == expected


def test_how_many_requests_are_too_many_is_configured() -> None:
    sr = {"earlier_requests": earlier("2026-11-02", "2026-11-19")}
    assert [one.code for one in judged(sr=sr).diagnostics] == ["MA502"]
    wider = judged(sr=sr, frequent_days=21).diagnostics
    assert [(one.code, one.message) for one in wider] == [
        ("MA502", "the same request stands here already, word for word"),
        ("MA508", "this is request number 3 within 21 days, with reason and milestone unchanged"),
    ]
    fewer = judged(sr=sr, frequent_requests=2).diagnostics
    assert [one.code for one in fewer] == ["MA502", "MA508"]
    with pytest.raises(ValidationError):
        judged(sr=sr, frequent_requests=1)


def test_relative_dates_of_an_earlier_request_are_those_of_its_day() -> None:
    """The words are the same, and so is the reading; only the day moves on. Words decide."""
    text = milestone("Go-live next Friday, 2026-12-04")
    assert "MA502" in codes(text, earlier_requests=earlier("2026-11-19", text=text))


def test_a_request_that_stands_twice_is_told_once() -> None:
    quoted = f"{UPDATE}\n\n> " + UPDATE.replace("\n", "\n> ")
    found = judged(quoted, sr={"earlier_requests": [UPDATE]}).diagnostics
    assert [(one.code, one.arguments) for one in found] == [("MA502", {"line": 7})]


# -- the model


def test_fields_as_ticket_systems_give_them() -> None:
    sr = ServiceRequest.model_validate_json(
        json.dumps(
            {
                "number": 340012345678,
                "opened": "2026-11-01T09:30:00Z",
                "severity": "2",
                "problem": "Order entry ends with ORA-00600.",
                "business_impact": "40 stores cannot take orders.",
                "workaround": "",
                "milestone_dates": ["2026-12-15", "2026-12-18T00:00:00+09:00"],
                "earlier_requests": ["text", {"at": "2026-11-16", "text": "text"}],
            }
        )
    )
    assert sr.number == "340012345678"
    assert sr.opened == datetime(2026, 11, 1, 9, 30, tzinfo=UTC)
    assert sr.severity == 2
    assert sr.milestone_dates is not None
    assert sr.milestone_dates[0] == date(2026, 12, 15)
    assert sr.earlier_requests == (EarlierRequest(text="text"), EarlierRequest(at=date(2026, 11, 16), text="text"))
    assert pickle.loads(pickle.dumps(sr)) == sr
    assert ServiceRequest.model_validate_json(sr.model_dump_json()) == sr


@pytest.mark.parametrize(
    "fields",
    [{"severity": 0}, {"severity": 5}, {"severity": "high"}, {"opened": "soon"}, {"milestone_dates": "2026-12-15"},
     {"urgency": 1}, {"earlier_requests": [{"at": "2026-11-16"}]}, {"problem": ["x"]}],
)  # fmt: skip
def test_fields_that_make_no_sense(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        judged(sr=fields)


def test_nothing_of_the_sr_gets_into_the_report() -> None:
    secret = "Zebra-4711"
    sr = {"problem": secret, "business_impact": secret, "workaround": secret, "number": secret}
    assert secret not in judged(sr={**sr, "earlier_requests": [secret]}).model_dump_json()


def exported(**fields: Any) -> dict[str, Any]:
    return ServiceRequest.from_export(fields).model_dump(exclude_none=True)


@pytest.mark.parametrize(
    ("written", "severity"),
    [
        ("2 - High", 2),
        ("Severity 1", 1),
        ("Sev3", 3),
        ("重大度４", 4),
        (2.0, 2),
        ("2.0", 2),
        (" 4 ", 4),
        ("5 - Planning", None),
        ("12", None),
        ("high", None),
        ("", None),
        (True, None),
        (0, None),
    ],
)
def test_severity_as_it_is_exported(written: Any, severity: int | None) -> None:
    assert exported(severity=written).get("severity") == severity


def test_other_fields_as_they_are_exported() -> None:
    assert exported(number=4711, problem="", workaround=None) == {"number": "4711", "problem": ""}
    assert exported(opened="2026-11-01 09:30") == {"opened": datetime(2026, 11, 1, 9, 30)}
    assert exported(opened="yesterday") == {}
    days = (date(2026, 12, 15), date(2026, 12, 18))
    for written in ("2026-12-15; 2026-12-18", '["2026-12-15", "2026-12-18"]', ["2026-12-15", date(2026, 12, 18)]):
        assert exported(milestone_dates=written) == {"milestone_dates": days}
    assert exported(milestone_dates="") == {"milestone_dates": ()}
    assert exported(milestone_dates="2026-12-15, soon") == {}
    assert exported(milestone_dates=date(2026, 12, 15)) == {"milestone_dates": days[:1]}
    one = {"at": date(2026, 11, 16), "text": "a"}
    assert exported(earlier_requests=[{"at": "2026-11-16", "text": "a"}, "b"]) == {
        "earlier_requests": (one, {"text": "b"})
    }
    assert exported(earlier_requests='[{"at": "2026-11-16", "text": "a"}]') == {"earlier_requests": (one,)}
    assert exported(earlier_requests="an update") == {"earlier_requests": ({"text": "an update"},)}
    assert exported(earlier_requests=[1]) == {}
    with pytest.raises(ValueError, match="no field 'urgency'; there are: number, opened, severity"):
        exported(urgency=1)


# -- from a file


def lint(tmp_path: Path, sr: str, *more: str) -> tuple[int, Path]:
    path = tmp_path / "sr.json"
    path.write_text(sr, encoding="utf-8")
    update = tmp_path / "update.txt"
    update.write_text(UPDATE, encoding="utf-8")
    arguments = ["check", "--as-of", "2026-11-23", "--isolated", "--sr", str(path), *more, str(update)]
    return main(arguments), path


def test_the_command_line_takes_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fields = {"severity": 4, "problem": "", "milestone_dates": ["2026-12-15"]}
    for more in ([], ["--region", "JP"], ["--redact"]):  # with and without settings the models are waited for
        status, _ = lint(tmp_path, json.dumps(fields), "--format", "jsonl", *more)
        report = json.loads(capsys.readouterr().out)
        assert [found["code"] for found in report["diagnostics"]] == ["MA504", "MA505"]
        assert status == 0
    assert lint(tmp_path, json.dumps(fields), "--strict")[0] == 1
    assert "MA505" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{", "no JSON: Expecting property name enclosed in double quotes (line 1, column 2)"),
        ("[]", "no JSON object that holds the fields of a service request"),
        ("[" * 100_000, "no JSON object that holds the fields of a service request"),
        ('{"severty": 4}', "there is no field severty; did you mean severity?"),
        (
            '{"xyz": 4}',
            "there is no field xyz; there are number, opened, severity, problem, business_impact, workaround, "
            "milestone_dates, earlier_requests",
        ),
        ('{"severity": "Zebra-4711"}', "severity must be 1, 2, 3 or 4"),
        ('{"opened": "Zebra-4711"}', "opened is no day: write it as 2026-11-23 or 2026-11-23T17:00+09:00"),
        ('{"problem": ["Zebra-4711"]}', "problem must be a text"),
        ('{"milestone_dates": "Zebra-4711"}', "milestone_dates must be a list"),
        ('{"milestone_dates": ["2026-12-15", "Zebra-4711"]}', "milestone_dates.1 is no day: write it as 2026-11-23 or"),
        ('{"earlier_requests": [{"at": "2026-11-16"}]}', "earlier_requests.0.text is missing"),
        ('{"earlier_requests": [4711]}', "earlier_requests.0 must be the text of an update, or an object with text"),
        (
            '{"earlier_requests": [{"text": "", "day": 1}]}',
            "there is no field earlier_requests.0.day; there are at, text",
        ),
    ],
)
def test_a_file_that_makes_no_sense(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], written: str, said: str
) -> None:
    status, path = lint(tmp_path, written)
    out, err = capsys.readouterr()
    assert (status, out) == (2, "")
    assert err.startswith(f"ma-lint: error: {path}: {said}")
    assert err.count("\n") == 1
    assert "Zebra" not in err


def test_a_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--sr", str(tmp_path / "gone.json"), "-"]) == 2
    assert capsys.readouterr().err == f"ma-lint: error: {tmp_path / 'gone.json'}: no such file or folder\n"
    assert main(["check", "--sr", "-", "-"]) == 2
    assert "standard input cannot be the update and the service request at once" in capsys.readouterr().err
