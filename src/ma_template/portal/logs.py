"""Logs without personal data: a line of JSON an event, on standard error; for people where that is a terminal.

Nothing a caller sent is logged: no text, no address, no query, no path but that of the matched operation. Of an
exception its type and the places in the code are told, never its message, which may quote what was being read.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import Any

NAME = "ma_template.portal"

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def _moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


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
        return _ENCODER.encode(line)


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


def event(level: int, name: str, *, exception: BaseException | None = None, **fields: object) -> None:
    """Log an event with its fields.

    The record is handed over ready: finding out who called, as `Logger.log` does, takes longer than writing the line.
    """
    if _LOG.isEnabledFor(level):
        told = (type(exception), exception, exception.__traceback__) if exception else None
        record = logging.LogRecord(NAME, level, "", 0, name, (), told)
        record.fields = fields
        _LOG.handle(record)


def leave_out_what_nobody_reads() -> None:
    """Let records tell nothing of threads and processes, which costs calls of the system for each."""
    logging.logThreads = logging.logMultiprocessing = logging.logProcesses = False
