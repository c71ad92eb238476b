"""What the service answers when it cannot do what was asked: problem details (RFC 9457) in the caller's language.

Nothing a caller sent is repeated in them but names of fields: bodies hold personal data.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.responses import Response

from ma_template.portal.words import Language, words

MEDIA_TYPE = "application/problem+json"

_PLACE_IN_JSON = re.compile(r"at line (\d+) column (\d+)")


class Fault(BaseModel):
    """One thing that is wrong with a request. Exactly one of `pointer` and `parameter` is set."""

    model_config = ConfigDict(extra="forbid")

    pointer: str | None = Field(default=None, description="JSON Pointer (RFC 6901) into the body.")
    parameter: str | None = Field(default=None, description="Name of the query or path parameter.")
    detail: str


class Problem(BaseModel):
    """Problem details (RFC 9457)."""

    model_config = ConfigDict(extra="forbid")

    type: str = Field(description="Reference of the kind of problem.")
    title: str
    status: int
    detail: str
    request_id: str | None = Field(default=None, description="As in the service's log and in X-Request-Id.")
    errors: list[Fault] | None = Field(default=None, description="What is wrong with which field (problem `invalid`).")


class Reason(NamedTuple):
    """Why JSON could not be read: a key of the table `reasons` with what its sentence needs."""

    key: str
    places: Mapping[str, int] = MappingProxyType({})


class Wrong(NamedTuple):
    """One thing that is wrong with a request: where, and how to tell it."""

    kind: Literal["pointer", "parameter"]
    where: str
    tell: Callable[[Language], str]

    @classmethod
    def known(cls, kind: Literal["pointer", "parameter"], where: str, fault: str, field: str = "") -> Wrong:
        """Return a fault of the table `faults`: by the name of the field, else by the kind of fault.

        What is expected may stand behind the kind and a colon.
        """
        return cls(kind, where, lambda lang: _fault(field, fault, lang))


class ProblemError(Exception):
    """Something cannot be done: a key of `words/problems.toml` with what its sentences need."""

    def __init__(
        self,
        key: str,
        *,
        faults: Iterable[Wrong] = (),
        headers: Mapping[str, str] | None = None,
        **arguments: str | int | Reason,
    ) -> None:
        super().__init__(key)
        self.key = key
        self.faults = tuple(faults)
        self.headers = dict(headers or {})
        self.arguments = arguments

    @property
    def status(self) -> int:
        """Return the HTTP status."""
        return int(words("problems")[self.key]["status"])

    def details(self, lang: Language, request_id: str | None = None, root_path: str = "") -> Problem:
        """Return the problem in words."""
        table = words("problems")
        said = table[self.key]
        arguments = {
            name: table["reasons"][value.key][lang].format_map(value.places) if isinstance(value, Reason) else value
            for name, value in self.arguments.items()
        }
        faults = [Fault.model_validate({wrong.kind: wrong.where, "detail": wrong.tell(lang)}) for wrong in self.faults]
        return Problem(
            type=f"{root_path}/problems#{self.key}",
            title=said["title"][lang],
            status=said["status"],
            detail=said["detail"][lang].format_map(arguments),
            request_id=request_id,
            errors=faults or None,
        )

    def response(self, lang: Language, request_id: str | None = None, root_path: str = "") -> Response:
        """Return the HTTP response."""
        return Response(
            self.details(lang, request_id, root_path).model_dump_json(exclude_none=True),
            status_code=self.status,
            media_type=MEDIA_TYPE,
            headers={"Content-Language": lang, "Vary": "Accept-Language", **self.headers},
        )


def _fault(field: str, error: str, lang: Language) -> str:
    faults = words("problems")["faults"]
    kind, _, expected = error.partition(":")
    known = faults.get(kind) if kind in ("extra_forbidden", "missing") else faults.get(field) or faults.get(kind)
    return str((known or faults["other"])[lang]).format(expected=expected)


def from_validation(error: ValidationError, kind: Literal["pointer", "parameter"] = "pointer") -> ProblemError:
    """Return the problem that a failed validation is: malformed JSON, or fields that make no sense."""
    errors = error.errors(include_url=False, include_input=False)
    first = errors[0]
    if first["type"] == "json_invalid":
        return malformed(first["msg"])
    if not first["loc"] and first["type"] in ("model_type", "model_attributes_type", "dict_type"):
        return ProblemError("malformed-json", reason=Reason("object"))
    return ProblemError("invalid", faults=[_as_fault(one, kind) for one in errors[:20]])


def pointer(steps: Iterable[str]) -> str:
    """Return a JSON Pointer (RFC 6901); each step cut to a length that can hold no text of anybody's."""
    return "".join("/" + step[:60].replace("~", "~0").replace("/", "~1") for step in steps)


def malformed(message: str) -> ProblemError:
    """Return the problem of a body that is no JSON. `message` is the reader's own; only places are taken from it."""
    place = _PLACE_IN_JSON.search(message)
    if "recursion" in message:
        reason = Reason("deep")
    elif "EOF" in message and place and place[1] == "1" and place[2] == "0":
        reason = Reason("empty")
    else:
        line, column = (int(place[1]), int(place[2])) if place else (1, 1)
        reason = Reason("syntax", {"line": line, "column": column})
    return ProblemError("malformed-json", reason=reason)


def _as_fault(error: Any, kind: Literal["pointer", "parameter"]) -> Wrong:
    steps = [str(step) for step in error["loc"]]
    field = next((step for step in steps if step in words("problems")["faults"]), "")
    expected = error.get("ctx", {}).get("expected", "") if error["type"] == "literal_error" else ""
    name = error["type"] + (f":{expected}" if expected else "")
    return Wrong.known(kind, pointer(steps) if kind == "pointer" else ".".join(steps)[:60], name, field)
