"""Results of earlier scans (or of Spark) as the input of `ma-lint history`."""

from __future__ import annotations

import contextlib
import csv
import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ma_template.arrow import SCHEMA_VERSION
from ma_template.arrow.past import NEEDED
from ma_template.arrow.schema import VERSION_KEY
from ma_template.scan import jsonlines
from ma_template.scan.inputs import STANDARD_INPUT, Input, Stream
from ma_template.scan.problems import failed, failed_by

_SIGN = "request_count"  # a column that results have, and hardly any updates
_READ = 8 << 20
_LARGEST = 1 << 30
_ROWS = 4_096
_ERRORS = (pa.ArrowException, OSError, ValueError)


class Totals:
    """What is counted while results are read: rows that could not be checked, requests of no known SR."""

    faulty = 0
    homeless = 0


def holds_results(given: Input) -> bool:
    """Tell whether a file holds results, by its columns. Standard input holds updates.

    Raises:
        ScanError: it cannot be read, or its results are of no use here.
    """
    if given.path == STANDARD_INPUT:
        return False
    if given.kind == "parquet":
        try:
            schema = pq.read_schema(given.path)
        except _ERRORS as error:
            raise failed_by(given.path, "scan-not-parquet", error) from None
        names = schema.names
        version = (schema.metadata or {}).get(VERSION_KEY, b"").decode(errors="replace")
        if version not in ("", str(SCHEMA_VERSION)):
            raise failed(given.path, "history-version", version=version, known=SCHEMA_VERSION)
    else:
        with contextlib.closing(Stream(given)) as stream:
            head = stream.read(1 << 16)
        line = head.split(b"\n", 1)[0]
        cells = next(csv.reader([line.decode(errors="replace").strip()]), []) if given.kind == "csv" else None
        names = list(_loaded(line) or ()) if cells is None else cells
    if _SIGN in names and given.kind != "csv":
        return True
    if _SIGN in names or {"codes", "missing", "days"} <= set(names):
        raise failed(given.path, "history-flat")
    return False


def results(inputs: Iterable[Input], totals: Totals) -> Iterator[pa.RecordBatch]:
    """Yield results as batches of the columns `NEEDED`: those that have a request and an id.

    Raises:
        ScanError: a file cannot be read, or a line of it is no result.
    """
    for given in inputs:
        for batch in _parquet(given) if given.kind == "parquet" else _lines(given):
            totals.faulty += len(batch) - batch.column("error").null_count
            asking = batch.filter(pc.greater(batch.column("request_count"), 0))
            totals.homeless += asking.column("id").null_count
            yield asking


def _parquet(given: Input) -> Iterator[pa.RecordBatch]:
    try:
        with pq.ParquetFile(given.path) as file:
            for batch in file.iter_batches(batch_size=_ROWS, columns=NEEDED.names):
                yield batch.select(NEEDED.names).cast(NEEDED)
    except _ERRORS as error:
        raise failed_by(given.path, "history-no-results", error) from None


def _lines(given: Input) -> Iterator[pa.RecordBatch]:
    with contextlib.closing(Stream(given)) as stream:
        for data in jsonlines.chunks(stream, _READ, _LARGEST):
            rows = []
            for line in data.split(b"\n"):
                if line.strip():
                    row = _loaded(line)
                    if row is None or not row.keys() >= set(NEEDED.names):
                        raise failed(given.path, "history-no-results", reason="JSON")
                    rows.append(row)
            # Most updates hold no request, and nothing more is asked of them.
            kept = [row for row in rows if row["request_count"] != 0]
            try:
                yield pa.RecordBatch.from_pylist([_typed(row) for row in kept], schema=NEEDED)
            except _ERRORS as error:
                raise failed_by(given.path, "history-no-results", error) from None


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    day, at = row["as_of"], row["at"]
    return {
        **row,
        "as_of": date.fromisoformat(day) if day else None,
        "at": datetime.fromisoformat(at) if at else None,
    }


def _loaded(line: bytes) -> dict[str, Any] | None:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) else None
