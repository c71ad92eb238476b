"""The results in the shape in which they are written: whole for Parquet, as text for JSON Lines and CSV.

A shape is made where the rows are checked. All shapes have a column `row`, which counts within the unit until the
part is set behind those before it.
"""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from typing import Any, Literal

import pyarrow as pa

from ma_template.arrow import REQUESTS, SCHEMA, requests

View = Literal["updates", "requests"]

_LINES = pa.schema([("before", pa.string()), ("row", pa.int64()), ("behind", pa.string())])
_SEPARATOR = "; "  # between the items of a list in a cell


def shape_of(kind: str, view: View) -> pa.Schema:
    """Return the schema of a shape."""
    whole = SCHEMA if view == "updates" else REQUESTS
    if kind == "parquet":
        return whole
    if kind == "jsonl":
        return _LINES
    return pa.schema([(field.name, field.type if _is_number(field.type) else pa.string()) for field in whole])


def shaped(results: pa.RecordBatch, kind: str, view: View) -> pa.RecordBatch:
    """Return results of the schema `SCHEMA` in the shape of a kind of file."""
    batch = results if view == "updates" else requests(results)
    if kind == "parquet":
        return batch
    schema = shape_of(kind, view)
    if kind == "jsonl":
        return pa.RecordBatch.from_pylist([_line(row) for row in batch.to_pylist()], schema=schema)
    lists = [field for field in batch.schema if pa.types.is_list(field.type)]
    deep = {field.name for field in lists if field.type.value_type != pa.string()}  # as JSON
    rows = [
        {name: _dumps(value) if name in deep and value is not None else _cell(value) for name, value in row.items()}
        for row in batch.to_pylist()
    ]
    return pa.RecordBatch.from_pylist(rows, schema=schema)


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_boolean(kind))


def _line(row: dict[str, Any]) -> dict[str, Any]:
    """Return a JSON object cut at the number of the row."""
    for found in row.get("diagnostics") or []:
        found["arguments"] = json.loads(found["arguments"])  # in Arrow a text, in JSON what it is
    names = list(row)
    at = names.index("row")
    before = _dumps({name: row[name] for name in names[:at]})[:-1] + ',"row":'
    behind = "," + _dumps({name: row[name] for name in names[at + 1 :]})[1:]
    return {"before": before, "row": row["row"], "behind": behind}


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_written)


def _written(value: Any) -> str:
    """Return a time as ISO 8601."""
    assert isinstance(value, date)
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else value.isoformat()


# ---------------------------------------------------------------------------------------------------------------------
# Cells

_FORMULAS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_SIGNED = re.compile(r"[+-][0-9]*")


def _cell(value: Any) -> Any:
    """Return a value as a cell: times in ISO 8601, lists of words joined."""
    if isinstance(value, date):
        return _written(value)
    if isinstance(value, list):
        return safe(_SEPARATOR.join(value))
    return safe(value) if isinstance(value, str) else value


def safe(text: str) -> str:
    """Return the text so that no spreadsheet takes it for a formula: an apostrophe before what may begin one.

    (OWASP, CSV injection.) Numbers with a sign, such as +81355550123, are none and stay.
    """
    begin = text.lstrip("\t\r\n \u3000\ufeff\"'")
    return "'" + text if begin.startswith(_FORMULAS) and not _SIGNED.fullmatch(text) else text
