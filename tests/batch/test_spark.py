"""Spark: the rows of the library, made in another process by a real `local[2]` session. Without Java this fails."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyspark.sql import DataFrame, SparkSession

from conftest import OF_SPARK
from ma_template import Config, spark
from ma_template.arrow import HISTORY, SCHEMA, check_table, history_table
from ma_template.cli import main as scan
from ma_template.rules.examples import request
from ma_template.spark.__main__ import main

ROOT = Path(__file__).parents[2]
TEXTS = [
    path.read_bytes().decode()
    for kind in ("good", "bad")
    for path in sorted((ROOT / "fixtures" / kind).glob("*/*.txt"))
]


def updates() -> pa.Table:
    """Return updates of ten SRs, one of them faulty and a few without a request."""
    texts: list[str | None] = [*TEXTS, "no request here", None, request().en, request().ja, request().en]
    return pa.table(
        {
            "body": texts,
            "sr": [f"SR-{number % 10}" for number in range(len(texts))],
            "updated_at": [f"2026-11-{1 + number % 23:02}T08:00:00Z" for number in range(len(texts))],
            "row": pa.array(range(len(texts)), pa.int64()),
            "a.dot": ["" for _ in texts],
        }
    )


UPDATES = updates()
OPTIONS: dict[str, Any] = {"text": "body", "id": "sr", "as_of": "updated_at"}


@pytest.fixture(scope="module")
def session(spark_session: SparkSession) -> SparkSession:
    return spark_session


@pytest.fixture(scope="module")
def given(session: SparkSession) -> DataFrame:
    return session.createDataFrame(UPDATES).repartition(3)


@pytest.fixture(scope="module")
def results(given: DataFrame) -> DataFrame:
    return spark.check(given, **OPTIONS).cache()


def rows(table: pa.Table) -> list[dict[str, Any]]:
    return sorted(table.to_pylist(), key=lambda row: (row["id"], str(row["at"]), row.get("number", 0)))


def test_row_for_row_as_the_library(results: DataFrame) -> None:
    expected = check_table(UPDATES, **OPTIONS)
    made = results.toArrow()
    assert made.schema.names == SCHEMA.names
    assert rows(made) == rows(expected)
    assert {row["status"] for row in made.to_pylist()} == {"complete", "incomplete", "absent", None}
    assert [row["error"] for row in rows(made) if row["error"]] == ["null"]
    made.cast(SCHEMA)  # the types are the published ones, but for where an item may be null


def test_row_for_row_as_scan(results: DataFrame, tmp_path: Path) -> None:
    source, made = tmp_path / "updates.parquet", tmp_path / "results.parquet"
    pq.write_table(UPDATES, source)
    columns = ["--id-column", "sr", "--as-of-column", "updated_at"]
    assert scan(["scan", str(source), *columns, "--isolated", "-q", "-o", str(made)]) == 1  # one text is null
    place = ["source", "row"]  # a data frame has no files
    assert rows(results.toArrow().drop_columns(place)) == rows(pq.read_table(made).drop_columns(place))


def test_the_sr_s_fields_from_columns(session: SparkSession) -> None:
    given = pa.table({"body": [request().en] * 3, "sr": ["a", "b", "c"], "a.severity": ["4 - Low", "1", None]})
    fields = {"severity": "a.severity"}
    made = spark.check(session.createDataFrame(given), id="sr", as_of=date(2026, 11, 23), sr_columns=fields).toArrow()
    codes = {row["id"]: [found["code"] for found in row["diagnostics"]] for row in made.to_pylist()}
    assert codes == {"a": ["MA505"], "b": [], "c": []}
    with pytest.raises(ValueError, match="no field 'urgency'"):
        spark.check(session.createDataFrame(given), sr_columns={"urgency": "sr"})


def test_history_by_sr(results: DataFrame) -> None:
    made = spark.history(results).toArrow()
    assert made.schema.names == HISTORY.names
    expected = history_table(check_table(UPDATES, **OPTIONS))
    assert len(expected) >= 20
    assert rows(made) == rows(expected)
    strict = Config(frequent_requests=2, frequent_days=60)
    assert rows(spark.history(results, strict).toArrow()) == rows(
        history_table(check_table(UPDATES, **OPTIONS), strict)
    )


def test_what_makes_no_sense_is_told_before_anything_runs(given: DataFrame) -> None:
    with pytest.raises(ValueError, match="no column 'bodi'; did you mean 'body'"):
        spark.check(given, text="bodi")
    with pytest.raises(ValueError, match="and no column 'soon'"):
        spark.check(given, as_of="soon")
    with pytest.raises(ValueError, match="Atlantis"):
        spark.check(given, timezone="Atlantis")


def test_settings_and_columns_with_dots_reach_the_executors(given: DataFrame) -> None:
    made = spark.check(given.where("row = 0"), id="a.dot", as_of=date(2026, 11, 23), select="MA101", require=True)
    [row] = made.toArrow().to_pylist()
    assert (row["id"], row["as_of"], row["diagnostics"]) == ("", date(2026, 11, 23), [])


def test_the_command_for_spark_submit(tmp_path: Path) -> None:
    """The whole of it, in a process of its own: a session is made as the command makes it."""
    source, made = tmp_path / "updates.parquet", tmp_path / "results.parquet"
    few = UPDATES.slice(0, 8)
    pq.write_table(few, source)
    run = subprocess.run(
        [sys.executable, "-m", "ma_template.spark", source, made, "--id-column", "sr", "--as-of-column", "updated_at"],
        env={**os.environ, **OF_SPARK, "MASTER": "local[2]"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert run.returncode == 0, run.stderr
    assert rows(pq.read_table(made).cast(SCHEMA)) == rows(check_table(few, **OPTIONS))


COLUMNS = ("--id-column", "sr", "--as-of-column", "updated_at")


def test_json_lines_and_then_their_history(tmp_path: Path, session: SparkSession) -> None:
    source, made, past = (tmp_path / name for name in ("updates.jsonl", "results.jsonl", "history.parquet"))
    given = UPDATES.drop_columns(["row", "a.dot"]).to_pylist()
    source.write_text("".join(json.dumps(row) + "\n" for row in given), encoding="utf-8")
    assert main([str(source), str(made), *COLUMNS], session) == 0
    assert main(["--history", str(made), str(past)], session) == 0
    expected = history_table(check_table(UPDATES, **OPTIONS))
    assert rows(pq.read_table(past).cast(HISTORY)) == rows(expected)


def test_the_sr_s_fields_in_json_lines(
    tmp_path: Path, session: SparkSession, capsys: pytest.CaptureFixture[str]
) -> None:
    source, made = tmp_path / "updates.jsonl", tmp_path / "results.parquet"
    given = [{"body": request().en, "sr": name, "level": level} for name, level in (("a", "4 - Low"), ("b", "1"))]
    source.write_text("".join(json.dumps(row) + "\n" for row in given), encoding="utf-8")
    job = [str(source), str(made), "--id-column", "sr", "--as-of", "2026-11-23", "--sr-columns"]
    assert main([*job, "severity=level"], session) == 0
    codes = {row["id"]: [found["code"] for found in row["diagnostics"]] for row in pq.read_table(made).to_pylist()}
    assert codes == {"a": ["MA505"], "b": []}
    assert main([*job, "urgency=level"], session) == 2
    assert "no field 'urgency'" in capsys.readouterr().err


def test_csv(tmp_path: Path, session: SparkSession) -> None:
    source, made = tmp_path / "updates.csv", tmp_path / "results.parquet"
    plain = UPDATES.slice(0, 4).select(["body", "sr", "updated_at"])
    with source.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, plain.schema.names)
        writer.writeheader()
        writer.writerows(plain.to_pylist())
    assert main([str(source), str(made), *COLUMNS], session) == 0
    assert rows(pq.read_table(made).cast(SCHEMA)) == rows(check_table(plain, **OPTIONS))


def test_what_cannot_be_done_is_told_in_one_line(
    tmp_path: Path, session: SparkSession, capsys: pytest.CaptureFixture[str]
) -> None:
    source, made = tmp_path / "updates.parquet", tmp_path / "results"
    pq.write_table(UPDATES, source)
    for arguments, said in (
        ([str(tmp_path / "gone.parquet"), str(made)], "PATH_NOT_FOUND"),
        ([str(source), str(tmp_path)], "PATH_ALREADY_EXISTS"),
        ([str(source), str(made), "--text-column", "text"], "no column 'text'"),
        ([str(source), str(made), "--region", "ZZ"], "region is no country code, and no column 'ZZ'"),
    ):
        assert main(arguments, session) == 2
        err = capsys.readouterr().err
        assert err.startswith("ma_template.spark: error: ")
        assert said in err
        assert err.count("\n") == 1
    assert not made.exists()
    for arguments, said in (
        (["updates", str(made)], "give --input-format"),
        (["a.csv", "b", "--region", "JP", "--region-column", "r"], "cannot be given together"),
    ):
        with pytest.raises(SystemExit):
            main(arguments, session)
        assert said in capsys.readouterr().err
