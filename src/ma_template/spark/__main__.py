"""A job for `spark-submit`: files of updates in, files of results out.

    spark-submit [options of Spark] .../ma_template/spark/__main__.py INPUT OUTPUT
    python -m ma_template.spark INPUT OUTPUT

INPUT and OUTPUT are paths that Spark can reach (`hdfs://`, `s3a://`, a folder that all machines share): Parquet, JSON
Lines or CSV by the ending of their names, or as told by an option. Spark writes a folder, not a file.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_KINDS = {".parquet": "parquet", ".jsonl": "json", ".ndjson": "json", ".json": "json", ".csv": "csv"}
_PACKED = (".gz", ".zst", ".bz2")

OURS = {
    "spark.sql.session.timeZone": "UTC",  # a day is that of UTC, as `ma-lint scan` reads it
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",  # not the outdated INT96
}
"""Settings of Spark that make its files those of `ma-lint scan`."""


def main(arguments: Sequence[str] | None = None, session: SparkSession | None = None) -> int:
    """Run the job and return the exit status: 0 done, 2 it could not be. A session that is given is left running."""
    parser = argparse.ArgumentParser(prog="python -m ma_template.spark", description=__doc__.partition("\n")[0])
    parser.add_argument("input", metavar="INPUT", help="updates; with --history results of this job or of ma-lint scan")
    parser.add_argument("output", metavar="OUTPUT", help="a folder that Spark makes")
    parser.add_argument("--history", action="store_true", help="write the history of each SR instead")
    parser.add_argument("--text-column", default="body", metavar="NAME", help="the updates' text (default: body)")
    parser.add_argument("--id-column", metavar="NAME", help="the service request's number")
    parser.add_argument("--as-of-column", metavar="NAME", help="day or time stamp that each update is judged at")
    parser.add_argument("--region-column", metavar="NAME", help="region of each update's telephone numbers")
    parser.add_argument(
        "--sr-columns", metavar="FIELD=NAME,…", help="the service request's own fields, each in a column"
    )
    parser.add_argument("--as-of", metavar="DATE", help="day that all updates are judged at (default: today)")
    parser.add_argument("--region", metavar="CC", help="region of telephone numbers without a country code, e.g. JP")
    parser.add_argument("--date-order", choices=("ymd", "mdy", "dmy"), help="how 03/04/2026 is read")
    parser.add_argument("--timezone", metavar="ZONE", help="time zone of today and of naive time stamps")
    parser.add_argument("--redact", action="store_true", help="mask what people wrote")
    kinds = sorted(set(_KINDS.values()))
    parser.add_argument("--input-format", choices=kinds, help="where INPUT's name does not tell")
    parser.add_argument(
        "--output-format", choices=("json", "parquet"), help="where OUTPUT's name does not tell (parquet)"
    )
    parser.add_argument("--overwrite", action="store_true", help="replace an OUTPUT that is there")
    given = parser.parse_args(arguments)
    for column, value in (("as_of_column", "as_of"), ("region_column", "region")):
        if getattr(given, column) and getattr(given, value):
            parser.error(f"--{column.replace('_', '-')} and --{value.replace('_', '-')} cannot be given together")
    given.sr_columns = dict(pair.partition("=")[::2] for pair in (given.sr_columns or "").split(",") if pair)
    kind = given.input_format or _kind(given.input)
    if kind is None:
        parser.error(f"what {given.input} holds cannot be told by its name: give --input-format")
    own = None
    try:
        session = session or (own := _session())  # Java may be missing, the cluster not answer ...
        updates = _read(session, kind, given)
        found = _found(updates, given)
        to = given.output_format or ("json" if _kind(given.output) == "json" else "parquet")
        found.write.mode("overwrite" if given.overwrite else "errorifexists").format(to).save(given.output)
    except Exception as error:
        return _failed(error)
    finally:
        if own:
            own.stop()
    return 0


def _session() -> SparkSession:
    # Executors on this machine run the Python that runs this; on others spark-submit or the environment says which.
    os.environ.setdefault("PYSPARK_DRIVER_PYTHON", sys.executable)
    if not os.environ.get("PYSPARK_PYTHON") and not os.environ.get("MASTER", "").startswith(("spark:", "k8s:", "yarn")):
        os.environ["PYSPARK_PYTHON"] = sys.executable
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("ma-template")
    for name, value in OURS.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def _read(session: SparkSession, kind: str, given: argparse.Namespace) -> DataFrame:
    if kind == "parquet" or given.history:
        if kind == "json":
            from ma_template.arrow import SCHEMA
            from ma_template.spark import schema_of

            return session.read.schema(schema_of(SCHEMA)).json(given.input)
        return session.read.parquet(given.input)
    # Columns are texts: a number or a time is read as it is written, and no pass over the data is needed to guess.
    named = (given.text_column, given.id_column, given.as_of_column, given.region_column, *given.sr_columns.values())
    names = dict.fromkeys(name for name in named if name)
    reader = session.read
    if kind == "json":
        return reader.schema(", ".join(f"`{name}` STRING" for name in names)).json(given.input)
    return reader.csv(given.input, header=True, multiLine=True, escape='"', enforceSchema=False)


def _found(updates: DataFrame, given: argparse.Namespace) -> DataFrame:
    from ma_template import spark

    settings: dict[str, Any] = {
        name: value for name in ("date_order", "timezone") if (value := getattr(given, name)) is not None
    }
    if given.history:
        from ma_template.config import Config

        return spark.history(updates, Config(**settings))
    return spark.check(
        updates,
        text=given.text_column,
        id=given.id_column,
        as_of=given.as_of_column or given.as_of,
        region=given.region_column or given.region,
        sr_columns=given.sr_columns or None,
        redact=given.redact,
        redact_key=os.environ.get("MA_LINT_REDACT_KEY") or None if given.redact else None,
        **settings,
    )


def _kind(path: str) -> str | None:
    name = path.rstrip("/*").lower()
    for packed in _PACKED:
        name = name.removesuffix(packed)
    return _KINDS.get(os.path.splitext(name)[1])


def _failed(error: Exception) -> int:
    told = next(iter(str(error).strip().splitlines()), type(error).__name__)
    print(f"ma_template.spark: error: {told}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
