"""Logs without personal data: a line of JSON an event, on standard error; for people where that is a terminal.

Nothing a caller sent is logged: no text, no address, no query, no path but that of the matched operation. Of an
exception its type and the places in the code are told, never its message, which may quote what was being read.
"""

from __future__ import annotations

import logging
import sys
import time
import traceback
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from pydantic_core import to_json

NAME = "ma_template.portal"


def _moment(record: logging.LogRecord) -> str:
    second = int(record.created)
    return f"{_second(second)}.{int((record.created - second) * 1000):03}Z"


@lru_cache(maxsize=1)
def _second(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).isoformat()[:19]


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    fields: dict[str, Any] = dict(getattr(record, "fields", ()))
    if record.exc_info and record.exc_info[0]:
        frames = traceback.extract_tb(record.exc_info[2])
        fields["exception"] = record.exc_info[0].__name__
        fields["frames"] = [
            f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames[-12:]
        ]
    return fields


def _first_line(record: logging.LogRecord) -> str:
    """Return what the server says. Further lines may quote exceptions and objects."""
    return record.getMessage().strip().partition("\n")[0]


class JsonFormatter(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        event = record.msg if record.name == NAME else "server"
        line = {"time": _moment(record), "level": record.levelname.lower(), "event": event, **_fields(record)}
        if event == "server":
            line["message"] = _first_line(record)
        return to_json(line).decode()


class TerminalFormatter(logging.Formatter):
    """The same for people."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        words = _first_line(record) if record.name != NAME else record.msg
        told = " ".join(
            f"{name}={','.join(map(str, value)) if isinstance(value, list) else value}"
            for name, value in _fields(record).items()
        )
        return f"{_moment(record)[11:23]} {record.levelname.lower():7} {words} {told}".rstrip()


def configuration(level: str) -> dict[str, Any]:
    """Return the logging configuration for `logging.config.dictConfig` and uvicorn."""
    formatter = TerminalFormatter if sys.stderr is not None and sys.stderr.isatty() else JsonFormatter
    logger = {"handlers": ["stderr"], "level": level.upper(), "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"portal": {"()": formatter}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "portal"}},
        "loggers": {NAME: logger, "uvicorn": logger, "uvicorn.error": logger, "asyncio": logger},
    }


_LOG = logging.getLogger(NAME)
_BLANK = vars(logging.LogRecord(NAME, logging.NOTSET, "", 0, "", (), None))


def event(level: int, name: str, *, exception: BaseException | None = None, **fields: object) -> None:
    """Log an event with its fields.

    Its record is a copy of a blank one: to find out thread, process and place in the code for each, which nobody reads
    here, would take longer than to write the line.
    """
    if _LOG.isEnabledFor(level):
        record = logging.LogRecord.__new__(logging.LogRecord)
        record.__dict__ = {
            **_BLANK,
            "levelno": level,
            "levelname": logging.getLevelName(level),
            "msg": name,
            "created": time.time(),
            "exc_info": exception and (type(exception), exception, exception.__traceback__),
            "fields": fields,
        }
        _LOG.handle(record)
