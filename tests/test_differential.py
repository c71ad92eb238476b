"""One corpus through every face: library, command line, HTTP, Arrow, `scan`, Spark and editors say the same.

Fixtures, and forms damaged at random (always the same ones). A larger corpus: `pytest tests/test_differential.py
--examples 1000`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from pyspark.sql import SparkSession

from conftest import FIXTURES, examples
from damage import damaged
from ma_template import check, spark
from ma_template.arrow import check_batch
from ma_template.cli import main
from portal.conftest import started
from test_lsp import session as editor

DAY = "2026-11-23"

Said = dict[str, Any]


def corpus() -> list[str]:
    """Return the texts, each once."""
    texts = [path.read_bytes().decode() for path in sorted(FIXTURES.glob("[gb]*/*/*.txt"))]
    texts += [path.read_bytes().decode() for path in sorted((FIXTURES / "devset").glob("*.txt"))[::4]]
    texts += ["", "no request here\n", "🚑 *** Request Management Attention ***\r\nReason: 🔥\rMilestone: TBD\n"]

    @seed(9)
    @settings(examples(100), database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(damaged())
    def add(text: str) -> None:
        texts.append(text)

    add()
    # A mark of byte order at the beginning belongs to a file's encoding, not to its text.
    return [text for text in dict.fromkeys(texts) if not text.startswith("\ufeff")]


TEXTS = corpus()


def said(report: Said) -> Said:
    """Return what a report says of a text, without where it came from."""
    return {name: report[name] for name in ("status", "blocks", "diagnostics")}


def row(given: Said) -> Said:
    """Return the same of a row of an Arrow table, where arguments of messages are JSON."""
    assert given["error"] is None
    found = [{**one, "arguments": json.loads(one["arguments"])} for one in given["diagnostics"]]
    return {"status": given["status"], "blocks": given["blocks"], "diagnostics": found}


@pytest.fixture(scope="module")
def expected() -> list[Said]:
    """Say what the library says."""
    reports = [said(check(text, as_of=DAY).model_dump(mode="json")) for text in TEXTS]
    assert {report["status"] for report in reports} == {"complete", "incomplete", "absent"}
    codes = {found["code"] for report in reports for found in report["diagnostics"]}
    assert len(codes) > 30, codes  # a corpus of which little is said would show little
    return reports


@pytest.fixture(scope="module")
def table() -> pa.Table:
    """Return the corpus as a table."""
    return pa.table({"body": TEXTS, "number": [str(number) for number in range(len(TEXTS))]})


def test_the_command_line(expected: list[Said], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number, text in enumerate(TEXTS):
        (tmp_path / f"{number:06}.txt").write_bytes(text.encode())
    main(["check", "--isolated", "--as-of", DAY, "--format", "json", "--lang", "en", str(tmp_path)])
    printed = json.loads(capsys.readouterr().out)
    assert printed["errors"] == []
    assert [Path(document["source"]).stem for document in printed["documents"]] == [
        f"{number:06}" for number in range(len(TEXTS))
    ]
    assert [said(document) for document in printed["documents"]] == expected


def test_http(expected: list[Said], tmp_path: Path) -> None:
    with started(tmp_path) as server:
        for text, report in zip(TEXTS, expected, strict=True):
            answer = server.check(text, as_of=DAY)
            assert answer.status_code == 200, answer.text
            assert said(answer.json()) == report, text
        server.client.close()


def test_arrow(expected: list[Said], table: pa.Table) -> None:
    (batch,) = table.to_batches()
    assert [row(one) for one in check_batch(batch, text="body", as_of=DAY).to_pylist()] == expected


def test_scan(expected: list[Said], table: pa.Table, tmp_path: Path) -> None:
    given, made = tmp_path / "updates.jsonl", tmp_path / "results.parquet"
    given.write_text("".join(json.dumps({"body": text}) + "\n" for text in TEXTS), encoding="utf-8")
    assert main(["scan", str(given), "--isolated", "--as-of", DAY, "-q", "-o", str(made)]) == 0
    assert [row(one) for one in pq.read_table(made).to_pylist()] == expected


def test_spark(expected: list[Said], table: pa.Table, spark_session: SparkSession) -> None:
    results = spark.check(spark_session.createDataFrame(table), text="body", id="number", as_of=DAY).toArrow()
    rows = sorted(results.to_pylist(), key=lambda one: int(one["id"]))
    assert [row(one) for one in rows] == expected


@pytest.mark.anyio
async def test_editors(tmp_path: Path) -> None:
    texts = TEXTS[:: max(1, len(TEXTS) // 25)]
    async with editor(tmp_path, encoding="utf-32") as client:
        for number, text in enumerate(texts):
            client.open(text, f"{number}.txt")
            found = await client.diagnostics(name=f"{number}.txt")
            shown = [(one.code, one.message, one.range.start.line, one.range.start.character) for one in found]
            # An editor asks of today.
            assert sorted(shown) == sorted(
                (one.code, one.message, one.span.line - 1, one.span.column - 1) for one in check(text).diagnostics
            ), text


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
