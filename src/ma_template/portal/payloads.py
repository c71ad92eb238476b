"""Reads what a ticket system sends: any JSON, with pointers to what matters in it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from pydantic_core import from_json

from ma_template.portal.bodies import HALF, without_surrogates
from ma_template.portal.problems import malformed

_INDEX = re.compile(r"0|[1-9]\d{0,8}", re.ASCII)


def parsed(body: bytes) -> Any:
    """Return JSON as data.

    Raises:
        ProblemError: it is no JSON, or nested too deeply.
    """
    try:
        return from_json(body)
    except ValueError as error:
        if HALF in str(error):
            return from_json(without_surrogates(body))
        raise malformed(str(error)) from None


def found(payload: Any, pointer: str | None) -> Any:
    """Return what a JSON Pointer (RFC 6901) leads to, None where it leads to nothing.

    >>> found({"a/b": [{"c": 1}]}, "/a~1b/0/c")
    1
    """
    if pointer is None:
        return None
    here = payload
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(here, dict):
            here = here.get(name)
        elif isinstance(here, list) and _INDEX.fullmatch(name) and int(name) < len(here):
            here = here[int(name)]
        else:
            return None
    return here


def text_at(payload: Any, *pointers: str | None) -> str | None:
    """Return the first text or number, as a text, that a pointer leads to."""
    for pointer in pointers:
        here = found(payload, pointer)
        if isinstance(here, int | float) and not isinstance(here, bool):
            return str(here)
        if isinstance(here, str) and here.strip():
            return here
    return None


def moment(written: str | None) -> datetime | None:
    """Return a time as ticket systems write it: ISO 8601 in its variants, or seconds or milliseconds since 1970.

    One without a zone has none; None where it cannot be read.
    """
    if written is None:
        return None
    try:
        if written.replace(".", "", 1).isdecimal():
            number = float(written)
            return datetime.fromtimestamp(number / 1000 if number > 1e11 else number, UTC)
        return datetime.fromisoformat(written.strip())
    except (ValueError, OverflowError, OSError):
        return None
