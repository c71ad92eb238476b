"""The output file, written part behind part."""

from __future__ import annotations

from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv
import pyarrow.parquet as pq

from ma_template.scan.shapes import View, shape_of

_GROUP_ROWS = 1 << 16
_GROUP_BYTES = 32 << 20


class Output(Protocol):
    """Takes batches of one shape, in order."""

    def write(self, batch: pa.RecordBatch) -> None:
        """Write a batch."""

    def close(self) -> None:
        """Write what has to be written at the end."""


def output(path: str, kind: str, packing: str | None, view: View) -> Output:
    """Return the output of a kind; the file is made."""
    if kind == "parquet":
        return _Parquet(path, view)
    sink = pa.output_stream(path, compression=packing)
    return _Csv(sink, view) if kind == "csv" else _JsonLines(sink)


class _Parquet:
    def __init__(self, path: str, view: View) -> None:
        self._schema = shape_of("parquet", view)
        self._writer = pq.ParquetWriter(path, self._schema, compression="zstd")
        self._waiting: list[pa.RecordBatch] = []
        self._rows = 0
        self._bytes = 0

    def write(self, batch: pa.RecordBatch) -> None:
        self._waiting.append(batch)
        self._rows += len(batch)
        self._bytes += batch.nbytes
        if self._rows >= _GROUP_ROWS or self._bytes >= _GROUP_BYTES:
            self._write()

    def _write(self) -> None:
        table = pa.Table.from_batches(self._waiting, self._schema)
        self._writer.write_table(table, row_group_size=max(1, len(table)))
        self._waiting, self._rows, self._bytes = [], 0, 0

    def close(self) -> None:
        if self._rows:
            self._write()
        self._writer.close()


class _Csv:
    def __init__(self, sink: pa.NativeFile, view: View) -> None:
        self._sink = sink
        self._writer = pcsv.CSVWriter(sink, shape_of("csv", view))

    def write(self, batch: pa.RecordBatch) -> None:
        self._writer.write_batch(batch)

    def close(self) -> None:
        try:
            self._writer.close()
        finally:
            self._sink.close()


class _JsonLines:
    def __init__(self, sink: pa.NativeFile) -> None:
        self._sink = sink

    def write(self, batch: pa.RecordBatch) -> None:
        row = pc.fill_null(batch.column("row").cast(pa.string()), "null")
        for line in pc.binary_join_element_wise(batch.column("before"), row, batch.column("behind"), "").to_pylist():
            self._sink.write(line.encode() + b"\n")

    def close(self) -> None:
        self._sink.close()
