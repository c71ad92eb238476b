"""Reads the file with the SR's own fields that the command line is given (`--sr FILE.json`)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ma_template.encodings import AUTO
from ma_template.files import read
from ma_template.report import Problem
from ma_template.settings import nearest

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from ma_template.service_request import ServiceRequest


def read_service_request(path: str) -> ServiceRequest | list[Problem]:
    """Return the service request of a JSON file (`-`: standard input), or all that is wrong with it.

    What is told names fields, never their contents.
    """
    update = read(path, encoding=AUTO)
    if isinstance(update, Problem):
        return [update]
    try:
        given = json.loads(update.text)
    except json.JSONDecodeError as error:
        where: dict[str, str | int] = {"line": error.lineno, "column": error.colno}
        return [Problem(path, "new-json", {"reason": error.msg, **where})]
    except RecursionError:
        return [Problem(path, "sr-object")]
    if not isinstance(given, dict):
        return [Problem(path, "sr-object")]
    from pydantic import ValidationError

    from ma_template.service_request import ServiceRequest

    try:
        return ServiceRequest.model_validate(given)
    except ValidationError as error:
        return [_problem(path, fault) for fault in error.errors(include_url=False, include_input=False)]


_KEYS = {
    "missing": "sr-missing",
    "moment": "sr-moment",
    "string_type": "sr-text",
    "tuple_type": "sr-list",
    "model_type": "sr-request",
}


def _problem(path: str, fault: ErrorDetails) -> Problem:
    steps = [str(step) for step in fault["loc"]]
    told: dict[str, str | int] = {"field": ".".join(steps)[:80], "reason": fault["msg"]}
    if fault["type"] == "extra_forbidden":
        known = _fields(steps)
        meant = nearest(steps[-1].lower(), list(known))
        return Problem(path, "sr-key-meant" if meant else "sr-key", {**told, "meant": meant or ", ".join(known)})
    key = "sr-severity" if steps[:1] == ["severity"] else _KEYS.get(fault["type"], "sr-value")
    return Problem(path, key, told)


def _fields(steps: list[str]) -> Mapping[str, Any]:
    from ma_template.service_request import EarlierRequest, ServiceRequest

    model = EarlierRequest if steps[0] == "earlier_requests" else ServiceRequest
    return model.model_fields
