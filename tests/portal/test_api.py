"""The HTTP API: the library's report, and clear answers where there is none."""

from __future__ import annotations

import json
import logging
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from conftest import FIXTURES
from ma_template import check, fix, render
from ma_template.cli import main
from ma_template.portal import logs
from ma_template.report.json import as_document, dumps
from ma_template.rules import RULES
from ma_template.rules.examples import request
from portal.conftest import AS_OF, CANARY, DEVSET, Server, started

COMPLETE = (FIXTURES / "devset" / "dev-001.txt").read_text(encoding="utf-8")
JA, EN = {"Accept-Language": "ja"}, {"Accept-Language": "en"}


def problem(answer: httpx.Response) -> dict[str, Any]:
    """Return problem details, well formed."""
    assert answer.headers["content-type"] == "application/problem+json"
    found: dict[str, Any] = answer.json()
    assert found["status"] == answer.status_code
    assert found["type"].startswith("/problems#")
    assert found["title"]
    assert found["detail"]
    assert found["request_id"] == answer.headers["x-request-id"]
    return found


# -- the report


def test_library_and_service_give_the_same_bytes_for_the_whole_development_set(server: Server) -> None:
    assert len(DEVSET) == 80
    for path in DEVSET:
        text = path.read_bytes().decode()
        report = check(text, as_of=AS_OF)
        for lang in ("en", "ja"):
            expected = dumps(as_document(report, lang)).encode()
            assert server.check(text, as_of=AS_OF, lang=lang).content == expected, path.name
        assert (
            server.post(f"/v1/check?as_of={AS_OF}", text, "text/plain", headers=EN).content
            == dumps(as_document(report)).encode()
        )


def test_every_option_reaches_the_library(server: Server) -> None:
    text = "🙂\n" + COMPLETE.replace("2026-12-01", "03/04/2026").replace("+1 212 555 0123", "03-5555-0123")
    options: dict[str, Any] = {
        "region": "JP",
        "date_order": "dmy",
        "timezone": "Asia/Tokyo",
        "fiscal_year_start": 4,
        "require": True,
        "select": ["date-past", "MA403"],
        "ignore": ["MA202"],
        "offsets": "utf-16",
    }
    as_of = "2026-11-23T23:30-08:00"
    expected = check(text, as_of=as_of, **options)
    assert expected.blocks[0].span.start == 3
    assert server.check(text, as_of=as_of, **options).content == dumps(as_document(expected)).encode()
    query = {**options, "select": "date-past,MA403", "ignore": "MA202", "as_of": as_of}
    plain = server.client.post(
        server.url + "/v1/check", params=query, content=text, headers={"content-type": "text/plain; charset=UTF-8"}
    )
    assert plain.content == dumps(as_document(expected)).encode()


def test_the_service_request_reaches_the_library(server: Server) -> None:
    text = request().en
    sr = {
        "number": "3-40012345678",
        "opened": "2026-11-01T09:30:00Z",
        "severity": 4,
        "problem": "",
        "business_impact": None,
        "workaround": "Enter the orders by hand.",
        "milestone_dates": ["2026-12-18"],
        "earlier_requests": [text, {"at": "2026-11-16", "text": text}, {"at": "2026-11-19T08:00:00", "text": text}],
    }
    report = check(text, as_of=AS_OF, sr=sr)
    assert [found.code for found in report.diagnostics] == ["MA502", "MA504", "MA508", "MA505", "MA507", "MA506"]
    answer = server.check(text, as_of=AS_OF, sr=sr)
    assert answer.content == dumps(as_document(report)).encode()
    merged = server.client.post(server.url + "/v1/check?offsets=utf-16", json={"text": text, "as_of": AS_OF, "sr": sr})
    assert merged.content == dumps(as_document(report)).encode()
    assert server.check(text, as_of=AS_OF, sr=None).json()["diagnostics"] == []


@pytest.mark.parametrize(
    ("sr", "pointer"),
    [
        ({"severity": 5}, "/sr/severity"),
        ({"severity": "2"}, "/sr/severity"),
        ({"milestone_dates": ["soon"]}, "/sr/milestone_dates/0"),
        ({"urgency": 1}, "/sr/urgency"),
        ("SR-1", "/sr"),
    ],
)
def test_a_service_request_that_makes_no_sense(server: Server, sr: Any, pointer: str) -> None:
    found = problem(server.check(COMPLETE, sr=sr))
    assert found["status"] == 422
    assert pointer in {error["pointer"] for error in found["errors"]}


def test_options_of_the_body_win_over_the_query_s(server: Server) -> None:
    answer = server.client.post(
        server.url + "/v1/check?offsets=utf-16&lang=ja", json={"text": "🙂\n" + COMPLETE, "lang": "en", "as_of": AS_OF}
    )
    assert answer.headers["content-language"] == "en"
    assert answer.json()["blocks"][0]["span"]["start"] == 3


@pytest.mark.parametrize(
    ("header", "lang"),
    [("ja", "ja"), ("ja-JP,ja;q=0.9,en;q=0.8", "ja"), ("fr, en;q=0.5, ja;q=0.4", "en"), ("de", "en"), ("", "en")],
)
def test_messages_are_in_the_caller_s_language(server: Server, header: str, lang: str) -> None:
    text = COMPLETE.replace("+1 212 555 0123", "")
    answer = server.post("/v1/check", json.dumps({"text": text}), headers={"Accept-Language": header})
    assert answer.headers["content-language"] == lang
    messages = [found["message"] for found in answer.json()["diagnostics"] if found["code"] == "MA403"]
    assert messages == [RULES["MA403"].message.of("ja" if lang == "ja" else "en")]


def test_half_an_emoji_keeps_its_place(server: Server) -> None:
    body = (
        b'{"text": "\\ud83d '
        + COMPLETE.replace("\n", "\\n").replace('"', '\\"').encode()
        + b'", "as_of": "%s"}' % (AS_OF.encode())
    )
    assert (
        server.post("/v1/check", body).content == dumps(as_document(check("\ud83d " + COMPLETE, as_of=AS_OF))).encode()
    )


def test_settings_of_the_server_hold_until_a_request_sets_its_own(tmp_path: Path) -> None:
    text = COMPLETE.replace("+1 212 555 0123", "03-5555-0123")
    with started(tmp_path, '[check]\nregion = "JP"\nrequire = true\n') as server:
        assert "MA405" not in server.check(text).text
        assert server.check("nothing").json()["diagnostics"][0]["code"] == "MA101"
        assert "MA404" in server.check(text, region="US").text
        assert server.check("nothing", require=False).json()["diagnostics"] == []


# -- what cannot be done


@pytest.mark.parametrize(
    ("body", "media_type", "status", "key"),
    [
        (b"", "application/json", 400, "malformed-json"),
        (b'{"text": "Zebrafink', "application/json", 400, "malformed-json"),
        (b'["Zebrafink"]', "application/json", 400, "malformed-json"),
        (b"[" * 100_000, "application/json", 400, "malformed-json"),
        (b'{"text": "\\ud800", "lang": ' + b"[" * 100_000, "application/json", 400, "malformed-json"),
        (b'{"text": "Zebrafink \xff"}', "application/json", 400, "not-utf8"),
        (b"Zebrafink \xff", "text/plain", 400, "not-utf8"),
        (b"{}", "application/xml", 415, "wrong-media-type"),
        (b"{}", "", 415, "wrong-media-type"),
        (b"Zebrafink", "text/plain; charset=shift_jis", 415, "wrong-media-type"),
        (b"{}", "application/json", 422, "invalid"),
        (b'{"text": 1}', "application/json", 422, "invalid"),
        (b'{"text": "", "sr": {"name": "Zebrafink"}}', "application/json", 422, "invalid"),
    ],
)
def test_a_body_that_cannot_be_read(server: Server, body: bytes, media_type: str, status: int, key: str) -> None:
    said = []
    for language in (EN, JA):
        answer = server.post("/v1/check", body, media_type, headers=language)
        found = problem(answer)
        assert (answer.status_code, found["type"]) == (status, f"/problems#{key}")
        assert CANARY not in answer.text
        said.append(found["title"] + found["detail"])
    assert said[0].isascii()
    assert not said[1].isascii()


@pytest.mark.parametrize(
    ("name", "value", "english", "japanese"),
    [
        ("region", "QQ", "two letters of a country", "国を表す2文字"),
        ("timezone", "Mars/Olympus", "time zone", "タイムゾーン名"),
        ("as_of", "Zebrafink", "2026-11-23", "2026-11-23"),
        ("as_of", "2026-02-30", "2026-11-23", "2026-11-23"),
        ("date_order", "ydm", "'ymd', 'mdy' or 'dmy'", "'ymd', 'mdy' or 'dmy'"),
        ("fiscal_year_start", 13, "1 to 12", "1～12"),
        ("select", ["MA403", "Zebrafink"], "codes or names", "コードまたは名前"),
        ("lang", "fr", "'en' or 'ja'", "'en' or 'ja'"),
        ("require", "perhaps", "true or false", "trueまたはfalse"),
        ("max_characters", 5, "no such", "ありません"),
        ("check_mail_domain", True, "no such", "ありません"),
    ],
)
def test_a_wrong_option_says_where_and_what_is_expected(
    server: Server, name: str, value: Any, english: str, japanese: str
) -> None:
    plain = ",".join(value) if isinstance(value, list) else str(value)
    for language, expected in ((EN, english), (JA, japanese)):
        body = json.dumps({"text": "", name: value})
        in_body = problem(server.post("/v1/check", body, headers=language))["errors"]
        in_query = problem(
            server.client.post(
                server.url + "/v1/check",
                params={name: plain},
                content="",
                headers={"content-type": "text/plain", **language},
            )
        )["errors"]
        assert [len(in_body), len(in_query)] == [1, 1]
        assert in_body[0]["pointer"].split("/")[1] == name
        assert in_query[0]["parameter"].split(".")[0] == name
        for found in (in_body[0], in_query[0]):
            assert expected in found["detail"]
            assert CANARY not in found["detail"]


def test_a_parameter_given_twice_is_refused(server: Server) -> None:
    answer = server.post("/v1/check?lang=en&lang=ja", "", "text/plain")
    assert problem(answer)["errors"][0]["parameter"] == "lang"


def test_unknown_paths_and_methods(server: Server) -> None:
    assert problem(server.get("/v1/" + CANARY))["type"] == "/problems#not-found"
    answer = server.get("/v1/check", headers=JA)
    assert problem(answer)["title"] == "このメソッドは使えません"
    assert answer.headers["allow"] == "POST"


# -- the other operations


def test_the_template_is_the_library_s_and_counts_as_unfilled(server: Server) -> None:
    for lang in ("en", "ja", "both"):
        text = server.get("/v1/template", params={"lang": lang}).text
        assert text == render(None, lang)
        assert [block.unfilled for block in check(text).blocks] == [True]
    assert server.get("/v1/template").text == render(None, "en")
    assert problem(server.get("/v1/template?lang=fr"))["errors"][0]["parameter"] == "lang"


def test_mending_gives_what_the_library_gives_with_places_in_the_caller_s_units(server: Server) -> None:
    text = "🙂🙂\n" + COMPLETE.replace("* Request Management Attention *", "* Reqest Management Attention *", 1)
    expected = fix(text)
    answer = server.post("/v1/fix", json.dumps({"text": text, "offsets": "utf-16", "lang": "ja"})).json()
    assert expected.changed
    assert (answer["text"], answer["changed"]) == (expected.text, True)
    (mended,) = answer["applied"]
    assert (mended["code"], mended["rule"]) == ("MA104", "banner-altered")
    assert mended["message"] == "開始行または終了行を所定の形に復元"
    assert mended["span"]["start"] == expected.applied[0].span.start + 2
    unchanged = server.post("/v1/fix", json.dumps({"text": expected.text})).json()
    assert (unchanged["text"], unchanged["changed"], unchanged["applied"]) == (expected.text, False, [])


def test_a_request_is_written_and_read_back(server: Server) -> None:
    request = check(COMPLETE, as_of=AS_OF).blocks[0].request
    body = json.dumps({"request": request.model_dump(mode="json"), "language": "ja"})
    text = server.post("/v1/render", body).json()["text"]
    assert text == render(request, "ja")
    assert check(text, as_of=AS_OF).blocks[0].request.requester == request.requester
    short = {"reason": "Payroll stopped.", "milestone": "Go-live on 2026-12-01", "requester": "Taro Yamada"}
    answer = server.post("/v1/render", json.dumps({"request": short}), headers=JA)
    errors = problem(answer)["errors"]
    assert problem(answer)["type"] == "/problems#unrenderable"
    assert [one["pointer"] for one in errors] == ["/request/requester/phone", "/request/requester/email"]
    assert errors[0]["detail"] == "記入がありません"


def test_rules_are_the_library_s(server: Server) -> None:
    rules = server.get("/v1/rules").json()
    assert [rule["code"] for rule in rules] == list(RULES)
    assert server.get("/v1/rules/ma403").json() == next(rule for rule in rules if rule["code"] == "MA403")
    assert server.get("/v1/rules/phone-missing").json()["code"] == "MA403"
    assert problem(server.get(f"/v1/rules/{CANARY}"))["type"] == "/problems#rule-unknown"


def test_openapi_describes_what_is_answered(server: Server) -> None:
    described = server.get("/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    schema = {
        "$ref": "#/components/schemas/Report",
        "components": {"schemas": described["components"]["schemas"]},
    }
    Draft202012Validator(schema).validate(server.check(COMPLETE).json())
    schema["$ref"] = "#/components/schemas/Problem"
    Draft202012Validator(schema).validate(server.check(COMPLETE, lang="fr").json())
    for rule in server.get("/v1/rules").json():
        Draft202012Validator({**schema, "$ref": "#/components/schemas/RuleDescription"}).validate(rule)


def test_health_and_head(server: Server) -> None:
    assert server.get("/healthz").text == "ok\n"
    assert server.get("/readyz").status_code == 200
    answer = server.client.head(server.url + "/healthz")
    assert (answer.status_code, answer.content) == (200, b"")


def test_metrics_count_operations_and_codes(server: Server) -> None:
    def counted(line: str) -> float:
        found = [row for row in server.get("/metrics").text.splitlines() if row.startswith(line)]
        return float(found[0].rpartition(" ")[2]) if found else 0

    finding = 'ma_portal_findings_total{code="MA403"}'
    request = 'ma_portal_requests_total{method="POST",operation="/v1/check",status="200"}'
    before = counted(finding), counted(request)
    server.check(COMPLETE.replace("+1 212 555 0123", ""))
    assert (counted(finding), counted(request)) == (before[0] + 1, before[1] + 1)


# -- who may ask


def test_a_token_is_asked_for_where_one_is_set(tmp_path: Path) -> None:
    with started(tmp_path, 'token_env = "SECRET"', SECRET="open sesame") as server:
        for given in ({}, {"Authorization": "Bearer open"}, {"Authorization": "Bearer open sesame!"}):
            answer = server.post("/v1/check", "hello", "text/plain", headers=given)
            assert problem(answer)["type"] == "/problems#unauthorised"
            assert answer.headers["www-authenticate"] == "Bearer"
        assert server.get("/metrics").status_code == 401
        right = {"Authorization": "Bearer open sesame"}
        assert server.post("/v1/check", "hello", "text/plain", headers=right).status_code == 200
        assert server.get("/healthz").status_code == 200
        server.stop()
        assert "sesame" not in server.log


def test_other_sites_may_call_only_where_they_are_listed(server: Server, tmp_path: Path) -> None:
    site = {"Origin": "https://portal.example.com"}
    preflight = {**site, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    assert "access-control-allow-origin" not in server.check("x").headers
    assert server.client.options(server.url + "/v1/check", headers=preflight).status_code == 405
    with started(tmp_path, 'origins = ["https://portal.example.com"]') as listed:
        assert listed.client.options(listed.url + "/v1/check", headers=preflight).status_code == 200
        answer = listed.post("/v1/check", "{", headers=site)
        assert answer.status_code == 400
        assert answer.headers["access-control-allow-origin"] == "https://portal.example.com"
        other = listed.post("/v1/check", "{", headers={"Origin": "https://elsewhere.example.com"})
        assert "access-control-allow-origin" not in other.headers


# -- logs


def test_logs_tell_of_a_request_but_nothing_of_its_text(tmp_path: Path) -> None:
    trace = "0af76519-16cd-43dd-8448-eb211c80319c"
    with started(tmp_path) as server:
        text = COMPLETE.replace("Nathan Okwuosa", CANARY).replace("+1 212 555 0123", "")
        answer = server.post("/v1/check?as_of=2026-11-23", text, "text/plain", headers={"X-Request-Id": trace})
        assert answer.headers["x-request-id"] == trace
        server.get(f"/v1/rules/{CANARY}?q={CANARY}", headers={"X-Request-Id": CANARY, "User-Agent": CANARY})
        server.get(f"/{CANARY}")
        server.wait_for(lambda: len(server.events("request")) >= 4)
        assert server.stop() == 0
    first, second, third = (one for one in server.events("request") if one["operation"] != "/readyz")
    assert first["id"] == trace
    assert first["operation"] == "/v1/check"
    assert first["bytes_in"] == len(text.encode())
    assert first["bytes_out"] == len(answer.content)
    assert first["report"] == "incomplete"
    assert first["codes"] == ["MA403"]
    assert 0 < first["ms"] < 5_000
    assert (second["operation"], second["status"]) == ("/v1/rules/{code}", 404)
    assert (third["operation"], third["status"]) == ("other", 404)
    for secret in (CANARY, "Okwuosa", "555 0123", "5550123", "nathan", "payroll", "127.0.0.1:"):
        assert secret not in "\n".join(line for line in server.log.splitlines() if "running on" not in line)


# -- settings and start


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ('hots = "x"', "hots: there is no such setting; did you mean host?"),
        ("[limits]\nbody_byte = 1", "limits.body_byte: there is no such setting; did you mean body_bytes?"),
        ("port = 99999", "port: "),
        ('origins = ["portal.example.com"]', "an origin is a scheme and a host"),
        ("port = [1\nhost = ", "line 2"),
        ('[check]\nregion = "QQ"', "check.region: unknown region"),
    ],
)
def test_wrong_settings_end_the_start_with_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], settings: str, expected: str
) -> None:
    path = tmp_path / "portal.toml"
    path.write_text(settings, encoding="utf-8")
    assert main(["serve", "--config", str(path)]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert expected in said


def test_help_shows_how_and_a_missing_extra_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", "--help"]) == 0
    assert "  ma-lint serve --config portal.toml" in capsys.readouterr().out.partition("examples:")[2]
    for module in ("serve", "hooks"):
        monkeypatch.delitem(sys.modules, f"ma_template.portal.{module}", raising=False)
    monkeypatch.setitem(sys.modules, "fastapi", None)
    assert main(["serve"]) == 2
    assert "pip install 'ma-template[portal]'" in capsys.readouterr().err


def test_a_stop_finishes_requests_under_way(tmp_path: Path) -> None:
    with started(tmp_path) as server:
        long = "The cat sat on the mat. Reason for attention.\n" * 9_000
        with ThreadPoolExecutor() as pool:
            answer = pool.submit(server.post, "/v1/check", long, "text/plain")
            time.sleep(0.3)
            assert not answer.done(), "the text is too short to be under way"
            server.process.terminate()
            assert answer.result(timeout=30).status_code == 200
        assert server.process.wait(timeout=20) == 0


def test_an_exception_is_logged_without_what_it_quotes() -> None:
    try:
        raise ValueError(f"cannot read {CANARY}")
    except ValueError:
        told = sys.exc_info()
    asyncio_s = logging.LogRecord("asyncio", logging.ERROR, "x.py", 1, f"Task failed\nfuture: {CANARY}", (), told)
    ours = logging.LogRecord(logs.NAME, logging.ERROR, "x.py", 1, "failed", (), told)
    for record in (asyncio_s, ours):
        for formatter in (logs.JsonFormatter(), logs.TerminalFormatter()):
            line = formatter.format(record)
            assert CANARY not in line
            assert "ValueError" in line
            assert "test_api.py:" in line
