"""`check()`: an update in, a report out. No input or output, no state that a call changes."""

from __future__ import annotations

from datetime import date
from typing import Any

from ma_template.config import Config, as_date
from ma_template.examining import Resolver, examine
from ma_template.models import Report

_DEFAULT = Config()


def check(
    text: str,
    *,
    as_of: date | str | None = None,
    config: Config | None = None,
    sr: None = None,
    resolver: Resolver | None = None,
    **overrides: Any,
) -> Report:
    """Find, read and judge the requests for management attention in an update.

    Args:
        text: the update, as somebody pasted it. Any text will do.
        as_of: the day it is judged at: a date, a time stamp (cut to its date) or their ISO 8601 spelling. Today in
            `config.timezone` by default.
        config: the settings; the defaults of `Config` by default.
        sr: the service request's own fields (MA504 to MA508): comes with a later version.
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
    described = examine(text, as_date(as_of, config), config, resolver)
    return Report.__pydantic_validator__.validate_python(described)  # type: ignore[no-any-return]
