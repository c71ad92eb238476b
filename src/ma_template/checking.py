"""`check()`: an update in, a report out. No input or output, no state that a call changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from ma_template.config import Config, as_date
from ma_template.examining import Resolver, examine
from ma_template.models import Report
from ma_template.service_request import ServiceRequest

_DEFAULT = Config()


def check(
    text: str,
    *,
    as_of: date | str | None = None,
    config: Config | None = None,
    sr: ServiceRequest | Mapping[str, Any] | None = None,
    resolver: Resolver | None = None,
    **overrides: Any,
) -> Report:
    """Find, read and judge the requests for management attention in an update.

    Args:
        text: the update, as somebody pasted it. Any text will do.
        as_of: the day it is judged at: a date, a time stamp (cut to its date) or their ISO 8601 spelling. Today in
            `config.timezone` by default.
        config: the settings; the defaults of `Config` by default.
        sr: the service request's own fields, as a `ServiceRequest` or a mapping of its fields (MA502, MA504 to MA508).
            What is not given is not judged.
        resolver: says whether a mail domain takes mail; needed for MA408 only.
        **overrides: fields of `Config` that differ in this call, e.g. `region="JP"`.

    Raises:
        ValueError: a setting or `as_of` makes no sense (pydantic.ValidationError is one).
        TypeError: `text` is no text.
    """
    if not isinstance(text, str):
        raise TypeError(f"check() takes a text, not {type(text).__name__}: decode bytes first")
    config = config or _DEFAULT
    if overrides:
        config = type(config).model_validate({**config.model_dump(exclude_unset=True), **overrides})
    if sr is not None and not isinstance(sr, ServiceRequest):
        sr = ServiceRequest.model_validate(sr)
    described = examine(text, as_date(as_of, config), config, resolver, sr)
    return Report.__pydantic_validator__.validate_python(described)  # type: ignore[no-any-return]
