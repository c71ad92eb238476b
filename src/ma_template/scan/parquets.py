"""Parquet: read row group by row group, some rows at a time."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.parquet as pq

from ma_template.scan.inputs import Input
from ma_template.scan.problems import failed, failed_by, no_column
from ma_template.scan.rows import Columns, Rows

_ERRORS = (pa.ArrowException, OSError, ValueError)
_FEWEST, _MOST = 16, 8_192  # rows at a time


def look(given: Input, columns: Columns) -> list[int]:
    """Return the bytes of each row group as they stand in the file.

    Raises:
        ScanError: the file is no Parquet, or a column is not there.
    """
    try:
        metadata = pq.read_metadata(given.path)
        names = metadata.schema.to_arrow_schema().names
    except _ERRORS as error:
        raise failed_by(given.path, "scan-not-parquet", error) from None
    for name in columns.names:
        if name not in names:
            raise no_column(given.path, name, names)
        if names.count(name) > 1:
            raise failed(given.path, "scan-column-twice", given=name)
    groups = (metadata.row_group(number) for number in range(metadata.num_row_groups))
    return [sum(group.column(at).total_compressed_size for at in range(group.num_columns)) for group in groups]


def read(path: str, group: int, columns: Columns, size: int) -> Iterator[Rows]:
    """Yield the rows of a row group, about `size` bytes at a time.

    Raises:
        ScanError: the file is damaged.
    """
    try:
        with pq.ParquetFile(path, buffer_size=1 << 20, pre_buffer=False) as file:
            metadata = file.metadata.row_group(group)
            sizes = [metadata.column(at).total_uncompressed_size for at in range(metadata.num_columns)]
            rows = metadata.num_rows * size // max(1, sum(sizes))
            for batch in file.iter_batches(
                batch_size=min(_MOST, max(_FEWEST, rows)), row_groups=[group], columns=columns.names, use_threads=False
            ):
                yield Rows(batch.select(columns.names), {}, None, len(batch))
    except _ERRORS as error:
        raise failed_by(path, "scan-not-parquet", error) from None
