"""A batch of updates in, a batch of results out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from ma_template.arrow.columns import (
    UTF_8,
    Faults,
    Times,
    column,
    ids_of,
    missing_column,
    moment_of,
    regions_of,
    requests_of,
    rows_to_look_at,
    texts_of,
    times_of,
)
from ma_template.arrow.schema import BLOCK, DIAGNOSTIC, SCHEMA
from ma_template.checking import check
from ma_template.config import Config, as_date
from ma_template.encodings import AUTO, canonical
from ma_template.redacting import redact as redacted
from ma_template.service_request import ServiceRequest

if TYPE_CHECKING:
    from ma_template.models import Report

LARGEST = 10 << 20
"""The default limit on a text: 10 MiB."""

Described = dict[str, Any]


class BatchCheck:
    """`check_batch` with everything settled beforehand: for many batches, in one process or in many (it pickles).

    The arguments and the errors are those of `check_batch`. Rows without a day are judged at `today`, by default the
    day on which this was made.
    """

    def __init__(
        self,
        *,
        text: str = "body",
        id: str | None = None,
        as_of: str | date | None = None,
        region: str | None = None,
        sr_columns: Mapping[str, str] | None = None,
        config: Config | None = None,
        encoding: str = UTF_8,
        max_bytes: int = LARGEST,
        redact: bool = False,
        redact_key: str | bytes | None = None,
        today: date | None = None,
        **overrides: Any,
    ) -> None:
        config = config or Config()
        if overrides:
            config = type(config).model_validate({**config.model_dump(exclude_unset=True), **overrides})
        if redact_key is not None and not redact_key:
            raise ValueError("the key for pseudonyms is empty")
        if max_bytes < 1:
            raise ValueError(f"max_bytes is {max_bytes}: give a number of bytes, at least 1")
        self._text = text
        self._id = id
        self._as_of = as_of
        self._region = region
        self._sr_columns = dict(sr_columns or {})
        ServiceRequest.from_export(dict.fromkeys(self._sr_columns))  # unknown fields are told here
        self._config = config
        self._encoding = encoding if encoding == AUTO else canonical(encoding)
        self._max_bytes = max_bytes
        self._redact = redact or redact_key is not None
        self._key = redact_key
        self._today = today or as_date(None, config)

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Return the results of a batch."""
        return self.rows(batch, {})

    def rows(self, batch: pa.RecordBatch, faults: Faults) -> pa.RecordBatch:
        """Return the results of a batch of which some rows are known to be faulty already."""
        faults = dict(faults)
        texts = texts_of(column(batch, self._text), self._encoding, self._max_bytes, faults)
        ids = pa.nulls(len(batch), pa.string())
        if self._id is not None:
            ids = ids_of(column(batch, self._id), self._id)
        times = self._times(batch, faults)
        settings = self._settings(batch, faults)
        beside = requests_of({field: column(batch, name) for field, name in self._sr_columns.items()})
        reports: dict[int, Described] = {}
        for row in rows_to_look_at(texts, self._config):
            if row in faults:
                continue
            try:
                day = times.days[row].as_py()
                report = check(texts[row].as_py(), as_of=day, config=settings(row), sr=beside(row))
                reports[row] = _described(redacted(report, self._key) if self._redact else report)
            except Exception:  # one row must not end a job of millions
                faults[row] = "failed"
        return _results(ids, times, faults, reports)

    def _times(self, batch: pa.RecordBatch, faults: Faults) -> Times:
        given = self._as_of
        if isinstance(given, str) and given in batch.schema.names:
            return times_of(column(batch, given), self._today, self._config, faults)
        if given is None:
            day, moment = self._today, None
        else:
            try:
                day, moment = moment_of(given, self._config)
            except ValueError as error:
                raise ValueError(_neither(str(error), given, batch)) from None
        return Times(
            pa.repeat(pa.scalar(day, pa.date32()), len(batch)),
            pa.repeat(pa.scalar(moment, SCHEMA.field("at").type), len(batch)),
        )

    def _settings(self, batch: pa.RecordBatch, faults: Faults) -> Callable[[int], Config]:
        """Return what gives the settings of a row."""
        config = self._config
        if self._region is not None and self._region in batch.schema.names:
            return regions_of(column(batch, self._region), config, faults).__getitem__
        if self._region is not None:
            try:
                config = type(config).model_validate({**config.model_dump(exclude_unset=True), "region": self._region})
            except ValueError:
                raise ValueError(_neither("region is no country code", self._region, batch)) from None
        return lambda row: config


def check_batch(
    batch: pa.RecordBatch,
    *,
    text: str = "body",
    id: str | None = None,
    as_of: str | date | None = None,
    region: str | None = None,
    sr_columns: Mapping[str, str] | None = None,
    config: Config | None = None,
    encoding: str = UTF_8,
    max_bytes: int = LARGEST,
    redact: bool = False,
    redact_key: str | bytes | None = None,
    **overrides: Any,
) -> pa.RecordBatch:
    """Check the updates of a batch; the result has one row for each, in order, and the schema `SCHEMA`.

    No row raises: one that cannot be checked says why in `error` (see `ERRORS`). A row without a request costs little.

    Args:
        batch: the updates. Columns of text may be of any string or binary type, plain or dictionary-encoded.
        text: the name of the column of texts.
        id: the name of a column that is handed through, e.g. with the number of the service request.
        as_of: the name of a column with the day or time stamp that each update is judged at (null: today), or one day
            for all. Today in `config.timezone` by default.
        region: the name of a column with the region of each update's telephone numbers, or one region for all.
        sr_columns: fields of the service request that each update belongs to, and the columns that they stand in, as
            `{"severity": "priority"}`: read as by `ServiceRequest.from_export`; null is not judged.
        config: the settings; the defaults of `Config` by default.
        encoding: of binary columns; `auto`: told for each row by itself.
        max_bytes: longer texts are not checked (10 MiB by default); strings count as UTF-8.
        redact: mask what people wrote (see `ma_template.redact`); ids are kept.
        redact_key: makes pseudonyms the same in all rows and batches; given, it redacts.
        **overrides: fields of `Config` that differ in this call, e.g. `date_order="dmy"`.

    Raises:
        ValueError: a column is not there, or a setting makes no sense.
    """
    return BatchCheck(
        text=text,
        id=id,
        as_of=as_of,
        region=region,
        sr_columns=sr_columns,
        config=config,
        encoding=encoding,
        max_bytes=max_bytes,
        redact=redact,
        redact_key=redact_key,
        **overrides,
    )(batch)


def check_table(table: Any, **options: Any) -> pa.Table:
    """Check the updates of a whole table, batch by batch; `options` are those of `check_batch`.

    `table` may be any table that speaks Arrow's C stream interface: of pyarrow, Polars, pandas, DuckDB …

    Raises:
        ValueError: as `check_batch`.
    """
    task = BatchCheck(**options)
    reader = pa.RecordBatchReader.from_stream(table)
    return pa.Table.from_batches(map(task, bounded(reader)), SCHEMA)


_ROWS = 8_192


def bounded(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Cut batches so that the results of one, all Python objects for a moment, stay small."""
    for batch in batches:
        for start in range(0, len(batch), _ROWS):
            yield batch.slice(start, _ROWS)


def _neither(why: str, given: Any, batch: pa.RecordBatch) -> str:
    return f"{why}, and {missing_column(given, batch.schema.names)}" if isinstance(given, str) else why


# ---------------------------------------------------------------------------------------------------------------------
# Reports to columns


def _described(report: Report) -> Described:
    described = report.model_dump()
    for found in described["diagnostics"]:
        found["arguments"] = json.dumps(found["arguments"], ensure_ascii=False)
    return described


def _results(ids: pa.Array, times: Times, faults: Faults, reports: dict[int, Described]) -> pa.RecordBatch:
    count = len(ids)
    status: list[str | None] = ["absent"] * count
    counts: dict[str, list[int | None]] = {
        name: [0] * count
        for name in ("block_count", "request_count", "complete_count", "error_count", "warning_count", "info_count")
    }
    for row, report in reports.items():
        status[row] = report["status"]
        for name, value in _counts(report).items():
            counts[name][row] = value
    errors: list[str | None] = [None] * count
    for row, why in faults.items():
        errors[row], status[row] = why, None
        for values in counts.values():
            values[row] = None
    known = {
        "id": ids,
        "as_of": times.days,
        "at": times.moments,
        "error": pa.array(errors, pa.string()),
        "status": pa.array(status, pa.string()),
        **{name: pa.array(values, pa.int32()) for name, values in counts.items()},
        "blocks": _lists(count, faults, reports, "blocks", BLOCK),
        "diagnostics": _lists(count, faults, reports, "diagnostics", DIAGNOSTIC),
    }
    columns = [known.get(field.name) for field in SCHEMA]
    return pa.record_batch(
        [pa.nulls(count, field.type) if given is None else given for field, given in zip(SCHEMA, columns, strict=True)],
        schema=SCHEMA,
    )


def _counts(report: Described) -> dict[str, int]:
    requests = [block for block in report["blocks"] if not (block["quoted"] or block["unfilled"])]
    severities = [found["severity"] for found in report["diagnostics"]]
    return {
        "block_count": len(report["blocks"]),
        "request_count": len(requests),
        "complete_count": sum(block["status"] == "complete" for block in requests),
        "error_count": severities.count("error"),
        "warning_count": severities.count("warning"),
        "info_count": severities.count("info"),
    }


def _lists(count: int, faults: Faults, reports: dict[int, Described], name: str, kind: pa.DataType) -> pa.Array:
    """Return a column of lists: those of the reports, empty ones elsewhere, null for faults."""
    lengths = [0] * count
    for row, report in reports.items():
        lengths[row] = len(report[name])
    items = [item for row in sorted(reports) for item in reports[row][name]]
    offsets = pa.array(accumulate(lengths, initial=0), pa.int32())
    nulls = pa.array([row in faults for row in range(count)], pa.bool_()) if faults else None
    return pa.ListArray.from_arrays(offsets, pa.array(items, kind), type=pa.list_(kind), mask=nulls)
