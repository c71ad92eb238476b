"""Names, numbers and addresses of a whole corpus go through every face; none may stand in what leaves the caller.

The canaries are what the corpus itself holds: every name, number and address that is read in it, plus every sentence of
an impact. Looked through: logs, metrics, problems, findings, annotations for CI, error messages, redacted results.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from conftest import FIXTURES
from ma_template import check, redact
from ma_template.arrow import check_batch, requests
from ma_template.report.json import as_document, dumps
from portal.conftest import started

AS_OF = "2026-11-23"
PATHS = sorted((FIXTURES / "devset").glob("*.txt"))
TEXTS = [path.read_bytes().decode() for path in PATHS]


def personal(document: Any) -> Iterator[str]:
    """Yield what a report holds of people: names, numbers, addresses, and what they wrote of their trouble."""
    for block in document["blocks"]:
        requester = block["requester"] or {}
        for person in (requester, *requester.get("other_contacts", ())):
            yield person.get("name") or ""
            for phone in [*person.get("phones", ()), *person.get("pagers", ())]:
                yield from (phone["raw"], phone["e164"] or "")
            for email in person.get("emails", ()):
                yield from (email["raw"], email["address"] or "")
        yield (block["reason"] or {}).get("impact") or ""


@pytest.fixture(scope="module")
def canaries() -> list[str]:
    found = {word for text in TEXTS for word in personal(as_document(check(text, as_of=AS_OF)))}
    kept = sorted(word for word in found if len(word) >= 4)
    assert len(kept) > 200
    return kept


def leaked(told: str, canaries: list[str]) -> list[str]:
    """Return the canaries that stand in a text, written plainly or as JSON or a URL would."""
    plain = told.encode().decode("unicode_escape", "replace") if "\\u" in told else told
    return [word for word in canaries if word in told or word in plain]


def lint(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ma_template", *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        cwd=cwd,
        timeout=120,
        check=False,
    )


def test_the_search_finds_what_is_there(canaries: list[str]) -> None:
    told = lint("--as-of", AS_OF, "--format", "json", FIXTURES / "devset", cwd=FIXTURES)
    assert len(leaked(told.stdout, canaries)) > 0.9 * len(canaries)


def test_findings(canaries: list[str]) -> None:
    for text in TEXTS:
        report = check(text, as_of=AS_OF)
        said = [*report.messages("en"), *report.messages("ja"), *(found.message for found in report.diagnostics)]
        assert not leaked("\n".join(said), canaries)


@pytest.mark.parametrize("form", ["sarif", "github", "junit"])
def test_annotations_for_ci(form: str, canaries: list[str]) -> None:
    told = lint("--as-of", AS_OF, "--format", form, FIXTURES / "devset", cwd=FIXTURES)
    assert told.returncode == 1
    assert not leaked(told.stdout + told.stderr, canaries)


@pytest.mark.parametrize("form", ["text", "json", "jsonl"])
def test_redacted_reports(form: str, canaries: list[str]) -> None:
    told = lint("--as-of", AS_OF, "--redact", "--format", form, FIXTURES / "devset", cwd=FIXTURES)
    assert told.returncode == 1
    assert not leaked(told.stdout + told.stderr, canaries)


def test_redacted_by_the_library(canaries: list[str]) -> None:
    told = [dumps(as_document(redact(check(text, as_of=AS_OF)))) for text in TEXTS]
    assert not leaked("\n".join(told), canaries)


def test_errors_of_the_command_line(canaries: list[str], tmp_path: Path) -> None:
    """Files that cannot be read, written or mended: the message names the file and the fault, not what is in it."""
    for number, text in enumerate(TEXTS[:40]):
        (tmp_path / f"{number}.txt").write_bytes(text.encode() + b"\xff\xfe\xfa")
    told = lint("--encoding", "utf-8", tmp_path, cwd=tmp_path)
    assert told.returncode == 2
    assert not leaked(told.stdout + told.stderr, canaries)
    told = lint("fix", "--check", FIXTURES / "devset", cwd=FIXTURES)
    assert not leaked(told.stdout + told.stderr, canaries)


def test_the_portal_s_logs_metrics_and_problems(canaries: list[str], tmp_path: Path) -> None:
    with started(tmp_path) as server:
        told = []
        for text in TEXTS:
            server.check(text, as_of=AS_OF)
            server.post("/v1/fix", json.dumps({"text": text}))
            server.post("/v1/check", text, "text/plain")
            # Mistakes of the caller, with people in them.
            told.append(server.post("/v1/check", json.dumps({"text": text})[:-3]).text)
            told.append(server.check(text, as_of=text[:60], region=text[-30:], nonsense=text).text)
            told.append(server.post("/v1/render", json.dumps({"requester": {"name": text}, "reason": 3})).text)
            told.append(server.post("/v1/hooks/unknown", text).text)
        for word in canaries[:40]:
            told.append(server.get("/v1/rules/" + httpx.URL("/" + word).raw_path.decode()[1:].replace("/", "")).text)
        told.append(server.get("/metrics").text)
    assert not leaked(server.log, canaries)
    assert not leaked("\n".join(told), canaries)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file of the corpus, with rows that cannot be checked."""
    path = tmp_path_factory.mktemp("table") / "updates.jsonl"
    rows = [json.dumps({"id": f"3-{number}", "body": text}) for number, text in enumerate(TEXTS)]
    bad = [row[:-5] for row in rows[:20]] + [json.dumps({"id": "x", "body": [text]}) for text in TEXTS[:20]]
    path.write_text("\n".join([*rows, *bad]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["out.parquet", "out.jsonl", "out.csv"])
def test_redacted_scans(name: str, table: Path, canaries: list[str], tmp_path: Path) -> None:
    told = lint("scan", table, "--id-column", "id", "--redact", "-o", name, "--report", "page.html", cwd=tmp_path)
    assert told.returncode == 1
    found = (
        pq.read_table(tmp_path / name).to_pylist() if name == "out.parquet" else (tmp_path / name).read_text("utf-8")
    )
    assert not leaked(json.dumps(found, ensure_ascii=False, default=str), canaries)
    assert not leaked(told.stdout + told.stderr, canaries)


def test_a_page_and_a_table_of_a_scan_that_is_not_redacted(table: Path, canaries: list[str], tmp_path: Path) -> None:
    told = lint("scan", table, "--id-column", "id", "-o", "out.parquet", "--report", "page.html", cwd=tmp_path)
    assert told.returncode == 1
    assert not leaked(told.stdout + told.stderr, canaries)
    assert not leaked((tmp_path / "page.html").read_text("utf-8"), canaries)


def test_redacted_batches(canaries: list[str]) -> None:
    batch = pa.RecordBatch.from_pylist([{"body": text} for text in TEXTS])
    for options in ({"redact": True}, {"redact_key": b"a key"}):
        results = check_batch(batch, as_of=AS_OF, **options)
        told = [*results.to_pylist(), *requests(results).to_pylist()]
        assert not leaked(json.dumps(told, ensure_ascii=False, default=str), canaries)


# ---------------------------------------------------------------------------------------------------------------------
# An editor


class Editor:
    """A `ma-lint lsp` that is told anything at all, right or wrong, and what it says beside its answers."""

    def __init__(self, log: Path) -> None:
        self._log = log.open("wb")
        self._server = subprocess.Popen(
            [sys.executable, "-m", "ma_template", "lsp"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            cwd=log.parent,
        )
        self.said: list[dict[str, Any]] = []
        self._number = 0

    def send(self, body: bytes) -> None:
        assert self._server.stdin
        self._server.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._server.stdin.flush()

    def tell(self, method: str, params: Any) -> None:
        self.send(json.dumps({"jsonrpc": "2.0", "method": method, "params": params}).encode())

    def ask(self, method: str, params: Any) -> dict[str, Any]:
        """Return the answer; whatever else is said meanwhile is kept in `said`."""
        self._number += 1
        self.send(json.dumps({"jsonrpc": "2.0", "id": self._number, "method": method, "params": params}).encode())
        while (message := self.read()).get("id") != self._number or "method" in message:
            pass
        return message

    def read(self) -> dict[str, Any]:
        assert self._server.stdout
        size = 0
        while (line := self._server.stdout.readline().strip()) or not size:
            assert line or self._server.poll() is None
            if line.lower().startswith(b"content-length:"):
                size = int(line.split(b":")[1])
        message: dict[str, Any] = json.loads(self._server.stdout.read(size))
        self.said.append(message)
        return message

    def leave(self) -> None:
        assert self._server.stdin
        assert self.ask("shutdown", None)["result"] is None
        self.tell("exit", None)
        assert self._server.wait(30) == 0
        self._server.stdin.close()
        assert self._server.stdout
        self._server.stdout.close()
        self._log.close()


def test_an_editor_s_log(canaries: list[str], tmp_path: Path) -> None:
    """Texts that are open, mistakes in messages, and a fault of ours: findings, log and standard error name nobody."""
    log = tmp_path / "stderr"
    editor = Editor(log)
    editor.ask("initialize", {"processId": None, "rootUri": tmp_path.as_uri(), "capabilities": {}})
    editor.tell("initialized", {})
    for number, text in enumerate(TEXTS):
        uri = (tmp_path / f"{number}.txt").as_uri()
        document = {"uri": uri, "languageId": "plaintext", "version": 1, "text": text}
        editor.tell("textDocument/didOpen", {"textDocument": document})
        while editor.read().get("method") != "textDocument/publishDiagnostics":
            pass
        # Mistakes of the editor, with people in them; pygls answers none that it cannot read.
        nowhere = {"textDocument": {"uri": text}, "position": {"line": 10**9, "character": 1}}
        editor.ask("textDocument/hover", nowhere)
        for method, params in (
            ("textDocument/hover", {"textDocument": {"uri": uri}, "position": text}),
            ("textDocument/completion", {"textDocument": document, "position": [text]}),
            (f"textDocument/{text[:40]}", {"words": text}),
        ):
            editor.send(json.dumps({"jsonrpc": "2.0", "id": method, "method": method, "params": params}).encode())
        editor.tell("textDocument/didChange", {"textDocument": {"uri": uri, "version": text}, "contentChanges": text})
        editor.tell("workspace/didChangeConfiguration", {"settings": {"ma-lint": {"lang": text, "pages": [text]}}})
    editor.leave()
    found = [one["params"] for one in editor.said if one.get("method") == "textDocument/publishDiagnostics"]
    assert sum(len(one["diagnostics"]) for one in found) > 100
    assert sum(one.get("method", "").startswith("window/") for one in editor.said) > len(TEXTS)
    assert not leaked(log.read_text("utf-8") + json.dumps(found, ensure_ascii=False), canaries)
    beside = [one for one in editor.said if one.get("method", "").startswith(("window/", "$/"))]
    assert not leaked(json.dumps(beside, ensure_ascii=False), canaries)


# ---------------------------------------------------------------------------------------------------------------------
# Spark

SURROUNDINGS = {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}


def test_spark_s_log(canaries: list[str], tmp_path: Path) -> None:
    """A job with rows that cannot be read and people where a time should stand: its log and its redacted results."""
    rows = [{"id": f"3-{number}", "body": text, "when": AS_OF} for number, text in enumerate(TEXTS)]
    rows += [{"id": "x", "body": text, "when": text} for text in TEXTS[:20]]
    lines = [json.dumps(row) for row in rows]
    lines += [line[:-5] for line in lines[:20]] + [json.dumps({"id": "y", "body": [text]}) for text in TEXTS[:20]]
    (tmp_path / "updates.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    columns = ["--id-column", "id", "--as-of-column", "when", "--redact"]
    told = subprocess.run(
        [sys.executable, "-m", "ma_template.spark", tmp_path / "updates.jsonl", tmp_path / "results.parquet", *columns],
        env={**os.environ, **SURROUNDINGS, "MASTER": "local[2]"},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    assert not leaked(told.stdout + told.stderr, canaries)
    results = pq.read_table(tmp_path / "results.parquet").to_pylist()
    assert sum(row["error"] == "as-of-invalid" for row in results) == 20
    assert sum(bool(row["blocks"]) for row in results) > 60
    assert not leaked(json.dumps(results, ensure_ascii=False, default=str), canaries)
