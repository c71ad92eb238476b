"""Webhooks: who may send them, and what they are answered. The three examples of the docs are what is tested."""

from __future__ import annotations

import base64
import copy
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from standardwebhooks import Webhook

from ma_template import check
from ma_template.portal.payloads import found, moment
from ma_template.rules.examples import request
from portal.conftest import CANARY, ROOT, Server, started
from portal.test_api import COMPLETE, problem

EXAMPLES = ROOT / "docs" / "portal" / "examples"
SYSTEMS = ("servicenow", "jira", "zendesk")
SETTINGS = "\n".join((EXAMPLES / f"{name}.toml").read_text(encoding="utf-8") for name in SYSTEMS)
KEY = b"0123456789abcdef0123456789abcdef"
SECRETS = {
    "MA_HOOK_SERVICENOW": "whsec_" + base64.b64encode(KEY).decode(),
    "MA_HOOK_JIRA": "jira's secret",
    "MA_HOOK_ZENDESK": "Zendesk's secret",
}


def payload(name: str) -> Any:
    """Return the recorded payload of a system; Jira's own time stamp is brought up to date."""
    recorded = json.loads((EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    if name == "jira":
        recorded["timestamp"] = time.time_ns() // 1_000_000
    return recorded


def mac(secret: str, signed: bytes) -> bytes:
    return hmac.new(secret.encode(), signed, hashlib.sha256).digest()


Sign = Callable[[bytes, datetime], dict[str, str]]


def _servicenow(body: bytes, at: datetime) -> dict[str, str]:
    number = f"msg_{time.time_ns()}"
    signature = Webhook(SECRETS["MA_HOOK_SERVICENOW"]).sign(number, at, body.decode())
    return {"webhook-id": number, "webhook-timestamp": str(int(at.timestamp())), "webhook-signature": signature}


def _jira(body: bytes, _: datetime) -> dict[str, str]:
    return {"X-Hub-Signature": "sha256=" + mac(SECRETS["MA_HOOK_JIRA"], body).hex()}


def _zendesk(body: bytes, at: datetime) -> dict[str, str]:
    written = f"{at:%Y-%m-%dT%H:%M:%S}.{time.time_ns() % 1_000_000:06}Z"
    signature = base64.b64encode(mac(SECRETS["MA_HOOK_ZENDESK"], written.encode() + body)).decode()
    return {"X-Zendesk-Webhook-Signature": signature, "X-Zendesk-Webhook-Signature-Timestamp": written}


SIGN: dict[str, Sign] = {"servicenow": _servicenow, "jira": _jira, "zendesk": _zendesk}


@pytest.fixture(scope="module")
def hooked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with started(
        tmp_path_factory.mktemp("hooks"), 'token_env = "T"\n' + SETTINGS, T="not for hooks", **SECRETS
    ) as server:
        yield server
        for secret in (*SECRETS.values(), CANARY, "Okwuosa", "山田", "CS0010023", "SUP-148"):
            assert secret not in server.log


def send(
    server: Server, name: str, given: Any, *, at: datetime | None = None, signed: dict[str, str] | None = None
) -> httpx.Response:
    """Send a payload as its system does."""
    body = given if isinstance(given, bytes) else json.dumps(given).encode()
    headers = SIGN[name](body, at or datetime.now(UTC)) if signed is None else signed
    return server.post(f"/v1/hooks/{name}", body, headers=headers)


# -- what is answered


def test_servicenow_in_japanese_is_rejected_with_a_comment_to_post(hooked: Server) -> None:
    answer = send(hooked, "servicenow", payload("servicenow"))
    assert answer.status_code == 200
    judged = answer.json()
    assert (judged["decision"], judged["language"], judged["sr"]) == ("reject", "ja", "CS0010023")
    assert judged["report"]["as_of"] == "2026-11-23"
    assert [found["code"] for found in judged["report"]["diagnostics"]] == ["MA109", "MA403"]
    assert (
        judged["comment"]
        == """\
管理者による対応のご要請（SR CS0010023）をありがとうございます。次の点をご確認ください。

・期日が仮の記入のままです（11行目）。書き方: 「未定」「後日連絡」ではなく、実際の内容
・要請者の電話番号がありません（15行目）。書き方: 市外局番からの電話番号: 03-5555-0123

読み取った内容を以下に示します。【 】の箇所をご記入のうえ、もう一度お送りください。

> ******************* 管理者による対応を要請\u00a0*******************
>
> 対応が必要な問題によって事業に及ぼされる影響を含め、管理者による対応を要請する理由。
>
> 本番系ストレージが08:40から読み取り専用となり、受注登録が停止しています😱
> 約1,200名の支店利用者が受注を登録できず、紙の帳票で代替しています。
>
> 事業または実装のマイルストーン、重要な期日(マイルストーン期日、解決期限)、事業または実装マイルストーンの種類。
>
> 新倉庫システムの本番稼働。日程は未定です。
> 【ご記入ください: 期日】
>
> 管理者による対応を要請する人物の氏名と連絡先情報:電話番号、ポケットベル、メールアドレス
>
> 物流部 山田 太郎
> taro.yamada@example.co.jp
> 【ご記入ください: 要請者の電話番号】
>
> *******************\u00a0 管理者による対応を要請\u00a0*******************
"""
    )


def test_jira_in_english_is_accepted(hooked: Server) -> None:
    given = payload("jira")
    judged = send(hooked, "jira", given).json()
    assert (judged["decision"], judged["language"], judged["sr"]) == ("accept", "en", "SUP-148")
    assert judged["comment"] == "Your request for management attention on SR SUP-148 is complete.\n"
    expected = check(given["comment"]["body"], as_of="2026-11-23")
    assert judged["report"] == expected.model_dump(mode="json")


def test_zendesk_s_older_form_is_rejected_for_warnings_too_where_that_is_configured(hooked: Server) -> None:
    given = payload("zendesk")
    judged = send(hooked, "zendesk", given).json()
    assert judged["decision"] == "reject"
    assert "[[ please add: requester's e-mail address ]]" in judged["comment"]
    given["event"]["comment"]["body"] = given["event"]["comment"]["body"].replace("0123,", "0123, n@example.com")
    judged = send(hooked, "zendesk", given).json()
    assert judged["report"]["status"] == "complete"
    assert judged["decision"] == "reject"
    assert "more than one reading" in judged["comment"]
    assert "> ****************Escalation Request" in judged["comment"]


def test_the_sr_s_own_fields_are_judged(tmp_path: Path) -> None:
    fields = (
        '\n[hooks.zendesk.sr_fields]\nseverity = "/sr/priority"\nproblem = "/sr/problem"\nopened = "/sr/opened"\n'
        'workaround = "/sr/none"\nmilestone_dates = "/sr/due"\nearlier_requests = "/sr/updates"\n'
    )
    settings = (EXAMPLES / "zendesk.toml").read_text(encoding="utf-8") + fields
    text = request().en
    with started(tmp_path, settings, MA_HOOK_ZENDESK=SECRETS["MA_HOOK_ZENDESK"]) as server:

        def judged(**sr: Any) -> list[str]:
            given = copy.deepcopy(payload("zendesk"))
            given["event"]["comment"]["body"] = text
            answer = send(server, "zendesk", {**given, "sr": sr}).json()
            return [one["code"] for one in answer["report"]["diagnostics"] if one["code"] >= "MA502"]

        assert judged() == []
        assert judged(problem="", priority="3 - Moderate", due="2026-12-18, 2026-12-20", opened=1_763_000_000) == [
            "MA504",
            "MA505",
            "MA506",
        ]
        assert judged(priority=1, problem="ORA-00600", due=["2026-12-15"], updates=[{"at": "x", "text": text}]) == [
            "MA502"
        ]
        assert judged(priority="highest", due="soon", updates={"x": 1}) == []


def test_an_update_without_a_request_needs_no_answer(hooked: Server) -> None:
    given = payload("jira")
    given["comment"]["body"] = "Thanks, it works now. " + CANARY
    judged = send(hooked, "jira", given).json()
    assert (judged["decision"], judged["comment"]) == ("none", None)


def test_the_posted_comment_is_not_answered_again(hooked: Server) -> None:
    for name, place in (("servicenow", ("comments",)), ("zendesk", ("event", "comment", "body"))):
        given = payload(name)
        comment = send(hooked, name, given).json()["comment"]
        inner = given
        for step in place[:-1]:
            inner = inner[step]
        inner[place[-1]] = comment
        assert send(hooked, name, given).json()["decision"] == "none"


def test_the_payload_s_language_wins(hooked: Server) -> None:
    given = payload("servicenow")
    given["contact"]["preferred_language"] = "en"
    judged = send(hooked, "servicenow", given).json()
    assert judged["language"] == "en"
    assert "[[ please add: requester's phone number ]]" in judged["comment"]
    assert judged["report"]["diagnostics"][1]["message"] == "the requester's phone number is missing"


# -- who may send


@pytest.mark.parametrize("name", SYSTEMS)
def test_wrong_signatures_are_refused(hooked: Server, name: str) -> None:
    body = json.dumps(payload(name)).encode()
    right = SIGN[name](body, datetime.now(UTC))
    field = next(header for header in right if header.lower().endswith("signature"))
    secret_of_another = {"X-Hub-Signature": "sha256=" + mac("another", body).hex()}
    wrong = [
        {},
        {**right, field: ""},
        {**right, field: right[field][:-6] + "AAAA=="},
        {**right, field: "sha1=" + right[field]},
        {**right, field: "v1,!!!"},
        {**right, field: "v1"},
        {**right, field: "\u00e9"},
        {header: value for header, value in right.items() if header != field},
        {**right, **(secret_of_another if name == "jira" else {field: "v1," + base64.b64encode(KEY).decode()})},
    ]
    for headers in wrong:
        encoded = {key: value.encode("latin-1") for key, value in headers.items()}
        answer = send(hooked, name, body, signed=encoded)  # type: ignore[arg-type]
        assert problem(answer)["type"] == "/problems#signature-wrong", headers
    assert problem(send(hooked, name, body + b" ", signed=right))["type"] == "/problems#signature-wrong"
    assert send(hooked, name, body, signed=right).status_code == 200


@pytest.mark.parametrize("name", SYSTEMS)
@pytest.mark.parametrize("minutes", [-6, 6])
def test_old_and_future_messages_are_refused(hooked: Server, name: str, minutes: int) -> None:
    at = datetime.now(UTC) + timedelta(minutes=minutes)
    given = payload(name)
    if name == "jira":
        given["timestamp"] = int(at.timestamp() * 1000)
    assert problem(send(hooked, name, given, at=at))["type"] == "/problems#signature-stale"


def test_a_message_without_its_signed_time_is_refused(hooked: Server) -> None:
    given = payload("jira")
    del given["timestamp"]
    assert problem(send(hooked, "jira", given))["type"] == "/problems#signature-wrong"


@pytest.mark.parametrize("name", SYSTEMS)
def test_replays_are_refused(hooked: Server, name: str) -> None:
    body = json.dumps(payload(name)).encode()
    signed = SIGN[name](body, datetime.now(UTC))
    assert send(hooked, name, body, signed=signed).status_code == 200
    answer = send(hooked, name, body, signed=signed)
    assert problem(answer)["type"] == "/problems#replayed"
    assert answer.status_code == 409


def test_a_message_that_could_not_be_answered_may_come_again(hooked: Server) -> None:
    given = payload("zendesk")
    given["event"]["comment"]["body"] = "  "
    body = json.dumps(given).encode()
    signed = SIGN["zendesk"](body, datetime.now(UTC))
    for _ in range(2):
        assert problem(send(hooked, "zendesk", body, signed=signed))["type"] == "/problems#text-not-found"


def test_replays_are_told_by_every_worker(tmp_path: Path) -> None:
    with started(tmp_path, SETTINGS, ("--workers", "2"), **SECRETS) as server:
        body = json.dumps(payload("jira")).encode()
        signed = SIGN["jira"](body, datetime.now(UTC))
        statuses = []
        for _ in range(12):
            with httpx.Client(timeout=30) as fresh:  # a new connection may reach another worker
                url = server.url + "/v1/hooks/jira"
                statuses.append(fresh.post(url, content=body, headers={"content-type": "application/json", **signed}))
        assert sorted(answer.status_code for answer in statuses) == [200] + [409] * 11
        lines = server.get("/metrics").text.splitlines()
        counted = [line for line in lines if line.startswith("ma_portal_requests_total") and "hooks" in line]
        assert sum(float(line.rpartition(" ")[2]) for line in counted) == 12


def test_what_is_no_json_is_told_only_to_whoever_signed_it(hooked: Server) -> None:
    assert problem(send(hooked, "jira", b"{", signed={}))["type"] == "/problems#signature-wrong"
    assert problem(send(hooked, "jira", b"{"))["type"] == "/problems#malformed-json"
    assert problem(send(hooked, "jira", b"[" * 50_000))["type"] == "/problems#malformed-json"
    assert problem(hooked.post("/v1/hooks/elsewhere", "{}"))["type"] == "/problems#hook-unknown"


# -- settings


def test_own_comments_and_severities(tmp_path: Path) -> None:
    folder = tmp_path / "comments"
    folder.mkdir()
    own = '{% extends "ma_template/comment.en.txt.j2" %}'
    (folder / "comment.ja.txt.j2").write_text(own)
    (folder / "comment.en.txt.j2").write_text("{{ decision }} {{ sr }}: {{ errors | join(' ', 'code') }}")
    settings = """
    [hooks.own]
    secret_env = "MA_HOOK_JIRA"
    signature = "hmac-sha256"
    timestamp = "/at"
    text = "/text"
    sr = "/number"
    comments = "comments"
    check = { severity = { impact-missing = "error", phone-missing = "warning" } }
    """
    with started(tmp_path, settings, **SECRETS) as server:

        def judged(text: str) -> Any:
            body = json.dumps({"text": text, "at": time.time(), "number": 7}).encode()
            signature = mac(SECRETS["MA_HOOK_JIRA"], body).hex()
            return server.post("/v1/hooks/own", body, headers={"X-Signature": signature}).json()

        assert judged(COMPLETE.replace("+1 212 555 0123", ""))["decision"] == "accept"
        without_impact = COMPLETE.partition("The fast")[0] + "It is slow.\nBusiness" + COMPLETE.partition("Business")[2]
        assert judged(without_impact)["comment"] == "reject 7: MA202\n"


@pytest.mark.parametrize(
    ("hook", "expected"),
    [
        ('secret_env = "NOWHERE"', "the environment variable NOWHERE holds no secret"),
        ('secret_env = "K"\nsignature = "standard"', "hooks.own: "),
        ('secret_env = "K"\nsignature = "hmac-sha256"', "without a signed time replays cannot be told"),
        ('secret_env = "K"\nsignature = "hmac-sha256"\ntimestamp = "at"', "begins with a slash"),
        (
            'secret_env = "K"\nsignature = "hmac-sha256"\ntimestamp_header = "X-Time"',
            "signed holds {timestamp} exactly where",
        ),
        ('secret_env = "K"\nsignature = "hmac-sha256"\ntimestamp = "/at"\ncomments = "nowhere"', "is no folder"),
        (
            'secret_env = "K"\nsignature = "hmac-sha256"\ntimestamp = "/at"\ncomments = "broken"',
            "comment.ja.txt.j2",
        ),
        (
            'secret_env = "K"\nsignature = "hmac-sha256"\ntimestamp = "/at"\ncomments = "escape"',
            "comment.en.txt.j2",
        ),
        (
            'secret_env = "K"\nsignature = "hmac-sha256"\ntimestamp = "/at"\ncomments = "climbing"',
            "comment.en.txt.j2: ../secret",
        ),
        ('secret_env = "K"\nsignature = "hmac-sha256"\ntimestamp = "/at"\ncomments = "hasty"', "comment.en.txt.j2"),
        ('secret_env = "K"\nsignature = "hmac-sha256"\ntimestamp = "/at"\ncheck = {region = "QQ"}', "region"),
        ('secret_env = "K"\ntolerance = 600', "at most 300 seconds"),
    ],
)
def test_wrong_hooks_end_the_start_with_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], hook: str, expected: str
) -> None:
    from ma_template.cli import main

    monkeypatch.setenv("K", "!")
    for name, lang, template in (
        ("broken", "ja", "{{ no_such_thing }}"),
        ("escape", "en", "{{ sr.__class__.__mro__ }}"),
        ("climbing", "en", "{% include '../secret' %}"),
        ("hasty", "en", "{{ errors[0].message }}"),  # a complete request has none
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"comment.{lang}.txt.j2").write_text(template)
    (tmp_path / "secret").write_text("beside the folder of the templates")
    config = tmp_path / "portal.toml"
    config.write_text(f'[hooks.own]\ntext = "/text"\n{hook}\n', encoding="utf-8")
    assert main(["serve", "--config", str(config)]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert expected in said


# -- pointers and times


@pytest.mark.parametrize(
    ("pointer", "expected"),
    [("", "whole"), ("/a", 1), ("/b/1/c", "x"), ("/d~1e", 2), ("/f~0g", 3), ("/~01", 4), ("/", 5), ("/b/2", None),
     ("/b/-", None), ("/b/01", [0]), ("/a/b", None), ("/none", None)],
)  # fmt: skip
def test_json_pointers(pointer: str, expected: Any) -> None:
    document = {"a": 1, "b": [[0], {"c": "x"}], "d/e": 2, "f~g": 3, "~1": 4, "": 5}
    if expected == "whole":
        assert found(document, pointer) is document
    elif pointer == "/b/01":
        assert found(document, pointer) is None  # RFC 6901: no leading zeros
    else:
        assert found(copy.deepcopy(document), pointer) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-11-23T08:40:12Z", "2026-11-23T08:40:12+00:00"),
        ("2026-11-23T17:40:12.345+0900", "2026-11-23T17:40:12.345000+09:00"),
        ("2026-11-23 08:40:12", "2026-11-23T08:40:12"),
        ("1795423212", "2026-11-23T08:40:12+00:00"),
        ("1795423212345", "2026-11-23T08:40:12.345000+00:00"),
        ("yesterday", None),
        ("9" * 400, None),
        ("", None),
    ],
)
def test_times_as_ticket_systems_write_them(written: str, expected: str | None) -> None:
    at = moment(written)
    assert (at and at.isoformat()) == expected
