"""From bytes to models and back."""

from __future__ import annotations

import json
from codecs import BOM_UTF8
from typing import TypeVar
from urllib.parse import parse_qsl

from pydantic import BaseModel, ValidationError
from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

from ma_template.describing import Description
from ma_template.models import Report
from ma_template.portal.exchange import LISTS
from ma_template.portal.problems import ProblemError, Wrong, from_validation, malformed
from ma_template.portal.words import Language
from ma_template.report.json import as_document, dumps

JSON, TEXT = "application/json", "text/plain"

HALF = "hex escape"
"""What the parser of JSON complains of where half an emoji is escaped."""

Model = TypeVar("Model", bound=BaseModel)
Headers = tuple[tuple[bytes, bytes], ...]


class Written(Response):
    """JSON with its headers, both of them bytes already: the framework's own response would write headers anew."""

    def __init__(self, body: bytes, headers: Headers) -> None:
        self.status_code = 200
        self.background = None
        self.body = body
        length = str(len(body)).encode()
        self.raw_headers = [*headers, (b"content-length", length), (b"content-type", JSON.encode())]


def media_type(request: Request, *accepted: str) -> str:
    """Return the media type of a body.

    Raises:
        ProblemError: it is none of those accepted, or not in UTF-8.
    """
    given = request.headers.get("content-type", "")
    if given in accepted:  # as it mostly is
        return given
    kind, *parameters = (part.strip().lower() for part in given.split(";"))
    charset = next((value.strip('"') for value in parameters if value.startswith("charset=")), "charset=utf-8")
    if kind not in accepted or charset.removeprefix("charset=").strip('"') not in ("utf-8", "utf8", "us-ascii"):
        raise ProblemError(
            "wrong-media-type", accepted=" / ".join(accepted), headers={"Accept-Post": ", ".join(accepted)}
        )
    return kind


def from_json(model: type[Model], body: bytes) -> Model:
    """Return a body as a model.

    Raises:
        ProblemError: it is no JSON, or fields make no sense.
    """
    body = body.removeprefix(BOM_UTF8)
    try:
        return model.model_validate_json(body, strict=True)
    except ValidationError as error:
        if HALF in str(error.errors(include_input=False, include_url=False)[0]["msg"]):
            return from_json(model, without_surrogates(body))
        if (offset := _not_utf8(body)) is not None:
            raise ProblemError("not-utf8", offset=offset) from None
        raise from_validation(error) from None


def without_surrogates(body: bytes) -> bytes:
    """Return JSON in which escapes of half an emoji, as JavaScript may write them, are U+FFFD and keep their place.

    Raises:
        ProblemError: it is no JSON.
    """
    try:
        return dumps(json.loads(body)).encode()
    except (ValueError, RecursionError):
        raise malformed("recursion or syntax") from None


def as_text(body: bytes) -> str:
    """Return a body as text, without a byte order mark.

    Raises:
        ProblemError: it is not UTF-8.
    """
    try:
        return body.removeprefix(BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        raise ProblemError("not-utf8", offset=error.start) from None


def _not_utf8(body: bytes) -> int | None:
    try:
        body.decode()
    except UnicodeDecodeError as error:
        return error.start
    return None


def from_query(model: type[Model], query: str) -> Model:
    """Return query parameters as a model. A list is comma-separated.

    Raises:
        ProblemError: a parameter is unknown, given twice, or makes no sense.
    """
    given: dict[str, str | list[str]] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        kind = "repeated_parameter" if name in given else "" if name in model.model_fields else "unexpected_parameter"
        if kind:
            raise ProblemError("invalid", faults=[Wrong.known("parameter", name[:60], kind)])
        given[name] = [code.strip() for code in value.split(",") if code.strip()] if name in LISTS else value
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise from_validation(error, "parameter") from None


def in_language(report: Report, lang: Language) -> Report:
    """Return a report with its messages in `lang`."""
    if lang == "en" or not report.diagnostics:
        return report
    messages = zip(report.diagnostics, report.messages(lang), strict=True)
    return report.model_copy(
        update={"diagnostics": tuple(one.model_copy(update={"message": message}) for one, message in messages)}
    )


def as_json(model: BaseModel) -> bytes:
    """Return a model as JSON: of a report, the bytes that the library's own writer makes."""
    return model.__pydantic_serializer__.to_json(model)


def described_in(report: Description, lang: Language) -> bytes:
    """Return the JSON of a report with its messages in `lang`: the same bytes without the models."""
    return to_json(as_document(report, lang))
