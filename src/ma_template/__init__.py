"""Finds requests for management attention in support tickets, reads every field and says what is missing.

    >>> import ma_template
    >>> ma_template.check("no request here", as_of="2026-11-23").status
    'absent'

Names are imported when they are first used, so that `ma-lint --version` need not wait for pydantic.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ma_template.checking import check
    from ma_template.config import Config
    from ma_template.encodings import decode
    from ma_template.fixing import FixResult, fix
    from ma_template.histories import Change, History, PastRequest, history
    from ma_template.models import Block, Diagnostic, IncompleteRequestError, Report, Request, json_schema
    from ma_template.recognise import parse
    from ma_template.redacting import redact
    from ma_template.rendering import RenderError, render
    from ma_template.service_request import EarlierRequest, ServiceRequest

__version__ = "0.1.0"
__all__ = [
    "Block",
    "Change",
    "Config",
    "Diagnostic",
    "EarlierRequest",
    "FixResult",
    "History",
    "IncompleteRequestError",
    "PastRequest",
    "RenderError",
    "Report",
    "Request",
    "ServiceRequest",
    "check",
    "decode",
    "fix",
    "history",
    "json_schema",
    "parse",
    "redact",
    "render",
]

_HOME = {
    "Block": "models",
    "Change": "histories",
    "Config": "config",
    "Diagnostic": "models",
    "EarlierRequest": "service_request",
    "FixResult": "fixing",
    "History": "histories",
    "IncompleteRequestError": "models",
    "PastRequest": "histories",
    "RenderError": "rendering",
    "Report": "models",
    "Request": "models",
    "ServiceRequest": "service_request",
    "check": "checking",
    "decode": "encodings",
    "fix": "fixing",
    "history": "histories",
    "json_schema": "models",
    "parse": "recognise",
    "redact": "redacting",
    "render": "rendering",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
