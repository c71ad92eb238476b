"""Updates in Spark data frames (extra `spark`): the results of `ma_template.arrow`, made by Spark's executors.

    from ma_template import spark
    results = spark.check(updates, text="body", id="sr", as_of="updated_at")
    spark.history(results)

Spark distributes, retries and stores; it is only given the functions. Executors need the package with all it depends
on (docs/spark.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from ma_template.arrow import HISTORY, SCHEMA, BatchCheck, history_table
from ma_template.arrow.batches import bounded
from ma_template.arrow.past import NEEDED
from ma_template.config import Config

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

__all__ = ["check", "history", "schema_of"]


def check(
    df: DataFrame,
    *,
    text: str = "body",
    id: str | None = None,
    as_of: str | date | None = None,
    region: str | None = None,
    sr_columns: Mapping[str, str] | None = None,
    config: Config | None = None,
    **options: Any,
) -> DataFrame:
    """Check the updates of a data frame; the result has a row for each and the schema `ma_template.arrow.SCHEMA`.

    Like every transformation it is done when the result is needed, and may be done again. Rows without a day are judged
    at the day on which this was called, however often a task is tried. A time stamp's day is that in the session's time
    zone (`spark.sql.session.timeZone`), since Spark keeps no other.

    Args:
        df: the updates.
        text, id, as_of, region, sr_columns: columns, or for `as_of` and `region` one value for all, as in
            `ma_template.arrow.check_batch`.
        config: the settings; the defaults of `Config` by default.
        **options: further options of `check_batch`.

    Raises:
        ValueError: a column is not there, or a setting makes no sense.
    """
    beside = dict(sr_columns or {})
    look = partial(BatchCheck, config=config, **options)
    # Faults in names and settings are told here and now, as the library tells them.
    empty = pa.record_batch([pa.nulls(0) for _ in df.columns], df.columns)
    look(text=text, id=id, as_of=as_of, region=region, sr_columns=beside)(empty)
    # Columns travel under names without dots, which Spark's own function would take for paths.
    given = dict.fromkeys((text, id, as_of, region, *beside.values()))
    columns = [name for name in given if isinstance(name, str) and name in df.columns]
    called = {name: f"c{number}" for number, name in enumerate(columns)}
    chosen = [column.alias(called[name]) for name, column in zip(columns, _named(df, columns), strict=True)]

    def renamed(name: Any) -> Any:
        return called.get(name, name) if isinstance(name, str) else name

    settled = look(
        text=renamed(text),
        id=renamed(id),
        as_of=renamed(as_of),
        region=renamed(region),
        sr_columns={field: renamed(name) for field, name in beside.items()},
    )
    return df.select(*chosen).mapInArrow(_each(settled), schema_of(SCHEMA))


def history(results: DataFrame, config: Config | None = None) -> DataFrame:
    """Return the requests of each SR in time order: the schema `ma_template.arrow.HISTORY`.

    Args:
        results: what `check` returned with an `id`, or results of `ma-lint scan`. Rows without an id are left out.
        config: the settings; `frequent_requests`, `frequent_days` and `timezone` count.
    """
    config = config or Config()

    def of_one(rows: pa.Table) -> pa.Table:
        return history_table(rows, config)

    asking = results.where("request_count > 0 AND id IS NOT NULL").select(*_named(results, NEEDED.names))
    return asking.groupBy("id").applyInArrow(of_one, schema_of(HISTORY))


def _each(look: BatchCheck) -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def results(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return map(look, bounded(batches))

    return results


def _named(df: DataFrame, columns: Iterable[Any]) -> list[Column]:
    """Return columns by their whole names; a dot in one leads nowhere."""
    return [df[f"`{name.replace('`', '``')}`"] for name in columns]


# ---------------------------------------------------------------------------------------------------------------------
# Schemas

_TYPES = {
    pa.string(): "STRING",
    pa.bool_(): "BOOLEAN",
    pa.int32(): "INT",
    pa.int64(): "BIGINT",
    pa.date32(): "DATE",
    pa.timestamp("us", "UTC"): "TIMESTAMP",
}


def schema_of(schema: pa.Schema) -> str:
    """Return an Arrow schema of this package as Spark spells it (DDL)."""
    return ", ".join(f"`{field.name}` {_type(field.type)}" for field in schema)


def _type(kind: pa.DataType) -> str:
    if pa.types.is_list(kind):
        return f"ARRAY<{_type(kind.value_type)}>"
    if pa.types.is_struct(kind):
        children = (kind.field(number) for number in range(kind.num_fields))
        return f"STRUCT<{', '.join(f'`{child.name}`: {_type(child.type)}' for child in children)}>"
    return _TYPES[kind]
