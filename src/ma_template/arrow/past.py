"""The history of SRs as a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ma_template.arrow.schema import HISTORY, SCHEMA
from ma_template.config import Config
from ma_template.histories import History, Row, trace

_ROWS = 10_000

NEEDED = pa.schema(
    [
        SCHEMA.field(name)
        for name in ("id", "source", "row", "as_of", "at", "error", "block_count", "request_count", "blocks")
    ]
)
"""The columns of results that a history is made of."""


def history_table(results: Any, config: Config | None = None) -> pa.Table:
    """Return the requests of each SR (`id`) in time order: the schema `HISTORY`. Rows without an id are left out.

    Args:
        results: any table of the schema `SCHEMA`, at least its columns `NEEDED`.
        config: the settings; `frequent_requests`, `frequent_days` and `timezone` count.
    """
    config = config or Config()
    rows = [
        past
        for sr, updates in by_sr(pa.RecordBatchReader.from_stream(results))
        for past in _numbered(sr, trace(updates, config))
    ]
    return pa.Table.from_pylist(rows, HISTORY)


def by_sr(results: Iterable[pa.RecordBatch]) -> Iterator[tuple[str, list[Row]]]:
    """Yield each SR that has a request with its updates that hold one, in the order in which SRs first appear.

    Only what is needed of these updates is kept meanwhile, and as Arrow data: rows are Python objects one SR at a time.
    """
    kept = []
    for batch in results:
        worth = pc.and_kleene(pc.greater(batch.column("request_count"), 0), pc.is_valid(batch.column("id")))
        kept.append(batch.select(NEEDED.names).filter(worth))
    if not kept:
        return
    table = pa.Table.from_batches(kept).combine_chunks()
    places: dict[str, list[int]] = {}
    for place, sr in enumerate(table.column("id").to_pylist()):
        places.setdefault(sr, []).append(place)
    for sr, rows in places.items():
        yield sr, table.take(pa.array(rows, pa.int64())).to_pylist()


def write_parquet(histories: Iterable[History], file: BinaryIO) -> None:
    """Write histories as Parquet of the schema `HISTORY`. Those that name no SR are left out."""
    with pq.ParquetWriter(file, HISTORY, compression="zstd") as writer:
        waiting: list[dict[str, Any]] = []
        for one in histories:
            if one.sr is not None:
                waiting += _numbered(one.sr, [past.model_dump() for past in one.requests])
            if len(waiting) >= _ROWS:
                writer.write_table(pa.Table.from_pylist(waiting, HISTORY))
                waiting = []
        writer.write_table(pa.Table.from_pylist(waiting, HISTORY))


def _numbered(sr: str, requests: list[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    for request in requests:
        yield {"id": sr, "last": request is requests[-1], **request}
