"""What must hold of any bytes: one function a target, fed by the fuzzer, and by `test_cases.py` with what it found.

A target returns quietly, or raises: an AssertionError where something does not hold, anything else where it breaks.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import os
import tempfile
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from ma_template import Report, check
from ma_template.encodings import AUTO, EncodingError, decode, encode
from ma_template.mail import NoTextError, read_mail
from ma_template.portal.app import create_app
from ma_template.portal.hooks import Judgement
from ma_template.portal.problems import ProblemError
from ma_template.portal.settings import Hook, Settings
from ma_template.portal.signatures import Seal
from ma_template.recognise import find_blocks, recognise
from ma_template.report.json import as_document
from test_check import spans
from test_fix import mended

AS_OF = "2026-11-23"
ENCODINGS = (AUTO, "utf-8", "utf-16", "cp932", "euc-jp", "iso-2022-jp")
_SCHEMA = jsonschema_rs.validator_for(Report.model_json_schema())
_SECRET = os.environ.setdefault("MA_FUZZ_SECRET", "whsec_" + base64.b64encode(b"0123456789abcdef").decode())
_HOOK = Hook(
    text=("/text", "/comments", "/comment/body", "/event/comment/body", "/list/0"),
    sr="/number",
    sr_fields={
        "opened": "/opened",
        "severity": "/severity",
        "problem": "/problem",
        "business_impact": "/impact",
        "workaround": "/workaround",
        "milestone_dates": "/dates",
        "earlier_requests": "/earlier",
    },
    updated="/at",
    language="/lang",
    secret_env="MA_FUZZ_SECRET",
    signature="hmac-sha256",
    signed="{timestamp}.{body}",
    timestamp_header="X-Time",
    reject_on="warning",
)


def text_check(data: bytes) -> None:
    """`check`: a report that fits its schema, with places inside the text and inside each other; no block missed."""
    try:
        text = data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
    assert find_blocks(text) == recognise(text).blocks
    report = as_document(check(text, as_of=AS_OF))
    _SCHEMA.validate(report)
    for node, span in spans(report):
        assert 0 <= span["start"] <= span["end"] <= len(text), node
        assert span["line"] >= 1, node
        assert span["column"] >= 1, node
        if "raw" in node:
            assert node["raw"] == _told(text[span["start"] : span["end"]]), node
    for number, block in enumerate(report["blocks"]):
        for _, inner in spans([block[name] for name in ("reason", "milestone", "requester")]):
            assert block["span"]["start"] <= inner["start"] <= inner["end"] <= block["span"]["end"]
        if block["quoted"] or block["unfilled"]:
            continue
        errors = [one for one in report["diagnostics"] if one["block"] == number and one["severity"] == "error"]
        assert (block["status"] == "incomplete") == bool(errors)
        assert block["status"] == "incomplete" or not ({*block["missing"], *block["invalid"]} - {"reason.impact"})


def _told(text: str) -> str:
    """Return a text as a report tells it: without lone surrogates."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def text_fix(data: bytes) -> None:
    """`fix`: no answer is touched, a second run changes nothing, nothing fixable is left.

    The older form is made the newer one in every second text, told by its length: both ways would take twice as long.
    """
    mended(data.decode("utf-8", "replace"), modernise=len(data) % 2 == 1)


def decoder(data: bytes) -> None:
    """Bytes are a text, or one clear error; a text is written back as the same bytes, or read back as the same text."""
    for encoding in ENCODINGS:
        try:
            decoded = decode(data, encoding)
        except EncodingError:
            continue
        try:
            again = encode(decoded.text, decoded)
        except EncodingError:
            continue
        assert decode(again, decoded.encoding).text == decoded.text, encoding


def mail(data: bytes) -> None:
    """A mail is a text, or there is none in it."""
    try:
        assert read_mail(data).text.strip()
    except NoTextError:
        return


def webhook(data: bytes) -> None:
    """A signed message of a ticket system is answered, or refused with a problem that a person can read."""
    at = repr(time.time()).encode()
    status, body = asyncio.run(_posted(data, at, _signed(at + b"." + data)))
    answer = json.loads(body)
    if status == 200:
        Judgement.model_validate_json(body)
        _SCHEMA.validate(answer["report"])
        assert (answer["decision"] == "none") == (answer["comment"] is None), answer["decision"]
    else:
        assert status in (400, 422), answer
        assert answer["status"] == status, answer
        assert answer["detail"], answer


def _signed(signed: bytes) -> str:
    return hmac.digest(_SECRET.encode(), signed, hashlib.sha256).hex()


@cache
def _service() -> Any:
    folder = Path(tempfile.mkdtemp(prefix="ma-fuzz-state-"))
    return create_app(Settings(hooks={"fuzz": _HOOK}, page=False), folder)


async def _posted(body: bytes, at: bytes, signature: str) -> tuple[int, bytes]:
    """Send a message to the service, over ASGI, and return the answer's status and body."""
    headers = [(b"content-type", b"application/json"), (b"x-time", at), (b"x-signature", signature.encode())]
    scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http"}
    path = "/v1/hooks/fuzz"
    scope |= {"path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "headers": headers}
    told: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        told.append(message)

    await _service()(scope, receive, send)
    return told[0]["status"], b"".join(message.get("body", b"") for message in told[1:])


def signature(data: bytes) -> None:
    """Nobody without the secret proves anything, whatever the heads say: first line the signature, second the time."""
    given, _, rest = data.partition(b"\n")
    at, _, body = rest.partition(b"\n")
    number, _, stamp = at.partition(b" ")
    names = ("x-signature", "x-time", "webhook-signature", "webhook-id", "webhook-timestamp")
    values = (given, at, given, number, stamp)
    headers = {name: value.decode("latin-1") for name, value in zip(names, values, strict=True)}
    for seal in _seals():
        try:
            seal.prove(headers, body)
        except ProblemError as problem:
            said = problem.key
        else:
            said = "proved without the secret"
        assert said in ("signature-wrong", "signature-stale"), said


@cache
def _seals() -> tuple[Seal, ...]:
    ways = ({}, {"encoding": "base64"}, {"prefix": "sha256="}, {"signature": "standard"})
    return tuple(Seal(_HOOK.model_copy(update=change)) for change in ways)


TARGETS: dict[str, Callable[[bytes], None]] = {
    "check": text_check,
    "fix": text_fix,
    "decoder": decoder,
    "mail": mail,
    "webhook": webhook,
    "signature": signature,
}
