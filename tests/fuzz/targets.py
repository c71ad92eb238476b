"""What must hold of any bytes: one function a target, fed by the fuzzer, and by `test_cases.py` with what it found.

A target returns quietly, or raises: an AssertionError where something does not hold, anything else where it breaks.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from jsonschema import Draft202012Validator

from ma_template import Report, check
from ma_template.encodings import AUTO, EncodingError, decode, encode
from ma_template.mail import NoTextError, read_mail
from ma_template.portal.bodies import as_json
from ma_template.portal.comments import Comments
from ma_template.portal.hooks import decided, language_of
from ma_template.portal.payloads import moment, parsed, text_at
from ma_template.portal.problems import ProblemError
from ma_template.report.json import as_document
from test_check import spans
from test_fix import mended

AS_OF = "2026-11-23"
ENCODINGS = (AUTO, "utf-8", "utf-16", "cp932", "euc-jp", "iso-2022-jp")
_SCHEMA = Draft202012Validator(Report.model_json_schema())
_COMMENTS = Comments()


def text_check(data: bytes) -> None:
    """`check`: a report that fits its schema, with places inside the text and inside each other."""
    try:
        text = data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
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
    """`fix`: no answer is touched, a second run changes nothing, nothing fixable is left."""
    text = data.decode("utf-8", "replace")
    for modernise in (False, True):
        mended(text, modernise=modernise)


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
    """A ticket system's JSON is answered, or refused with a problem that a person can read."""
    try:
        payload = parsed(data)
    except ProblemError:
        return
    moment(text_at(payload, "/at", "/issue/updated"))
    text = text_at(payload, "/text", "/issue/fields/comment", "/0")
    if text is None:
        return
    report = check(text, as_of=AS_OF)
    lang = language_of(report, text_at(payload, "/lang"))
    decision = decided(report, "error")
    _COMMENTS.write(report, decision, lang, text_at(payload, "/sr"))
    json.loads(as_json(report))


TARGETS: dict[str, Callable[[bytes], None]] = {
    "check": text_check,
    "fix": text_fix,
    "decoder": decoder,
    "mail": mail,
    "webhook": webhook,
}
