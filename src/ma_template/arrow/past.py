"""The history of SRs as a table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from ma_template.arrow.schema import HISTORY
from ma_template.config import Config
from ma_template.histories import Row, trace

NEEDED = ("id", "source", "row", "as_of", "at", "error", "block_count", "blocks")
"""The columns of results that a history is made of."""


def history_table(results: Any, config: Config | None = None) -> pa.Table:
    """Return the requests of each SR (`id`) in time order: the schema `HISTORY`. Rows without an id are left out.

    Args:
        results: any table of the schema `SCHEMA`, at least its columns `NEEDED`.
        config: the settings; `frequent_requests`, `frequent_days` and `timezone` count.
    """
    config = config or Config()
    by_sr: dict[str, list[Row]] = {}
    for batch in pa.RecordBatchReader.from_stream(results):
        worth = pc.and_kleene(pc.greater(batch.column("block_count"), 0), pc.is_valid(batch.column("id")))
        for row in batch.select(NEEDED).filter(worth).to_pylist():
            by_sr.setdefault(row["id"], []).append(row)
    return pa.Table.from_pylist(
        [past for sr, rows in by_sr.items() for past in _numbered(sr, trace(rows, config))], HISTORY
    )


def _numbered(sr: str, requests: list[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    for request in requests:
        yield {"id": sr, "last": request is requests[-1], **request}
