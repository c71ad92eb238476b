"""Does a real Spark cluster give the library's rows, also when a machine dies in mid-job?

    .venv/bin/python benchmarks/spark_cluster.py [--rows 40000] [--partitions 80]

Starts a standalone cluster on the loopback interface (one master, two workers, as processes), checks generated updates
on it, kills one worker with its executor by SIGKILL when some of the tasks are done, and compares the rows that come
out, and the histories made of them, with the library's. Needs Java 17 and the extra `spark`; takes a few minutes. Exit
status 0: the rows are the same, and the worker was killed in time.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyspark

from ma_template import spark
from ma_template.arrow import check_table, history_table

ROOT = Path(__file__).parents[1]
HOST = "127.0.0.1"
OPTIONS: dict[str, Any] = {"text": "body", "id": "sr", "as_of": "updated_at"}


def generated(count: int) -> pa.Table:
    """Return updates of many SRs; a third of them hold a request, some are null."""
    texts = [path.read_bytes().decode() for path in sorted((ROOT / "fixtures" / "bad").glob("*/*.txt"))]
    bodies: list[str | None] = []
    for number in range(count):
        kind = number % 3
        body = texts[number // 3 % len(texts)] if kind == 0 else f"Update {number}: the trace is uploaded.\n" * 20
        bodies.append(None if number % 97 == 0 else body)
    return pa.table(
        {
            "body": bodies,
            "sr": [f"SR-{number % (count // 8)}" for number in range(count)],
            "updated_at": [
                f"2026-{1 + number // 28 % 12:02}-{1 + number % 28:02}T09:00:00Z" for number in range(count)
            ],
        }
    )


class Cluster:
    """A standalone cluster: a master and two workers, each a process in a group of its own."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._started: list[subprocess.Popen[bytes]] = []
        with socket.create_server((HOST, 0)) as free:
            self._port = free.getsockname()[1]
        self.url = f"spark://{HOST}:{self._port}"

    def start(self) -> None:
        """Start all, and wait until both workers are known to the master."""
        self._run("master", "org.apache.spark.deploy.master.Master", "--host", HOST, "--port", str(self._port))
        for name in ("worker-1", "worker-2"):
            self._run(name, "org.apache.spark.deploy.worker.Worker", "--host", HOST, "--cores", "1",
                      "--memory", "1g", "--work-dir", f"{self._folder}/{name}", self.url)  # fmt: skip
        until = time.monotonic() + 180
        while len(re.findall("Registering worker", Path(self._folder, "master.log").read_text())) < 2:
            if time.monotonic() > until:
                raise TimeoutError("the workers did not register: see the logs in " + self._folder)
            time.sleep(0.5)

    def _run(self, name: str, *command: str) -> None:
        home = Path(pyspark.__file__).parent
        environment = {
            **os.environ,
            "SPARK_HOME": str(home),
            "SPARK_LOCAL_IP": HOST,
            "SPARK_MASTER_WEBUI_PORT": "0",
            "SPARK_WORKER_WEBUI_PORT": "0",
            "PYSPARK_PYTHON": sys.executable,
        }
        with open(f"{self._folder}/{name}.log", "wb") as log:
            self._started.append(
                subprocess.Popen(
                    [str(home / "bin" / "spark-class"), *command],
                    env=environment,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            )

    def kill_a_worker(self) -> None:
        """End the last worker and its executors as a power cut would."""
        os.killpg(self._started[-1].pid, signal.SIGKILL)

    def stop(self) -> None:
        """End what was started and is still there."""
        for process in reversed(self._started):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def main() -> int:
    """Run it and say what came out."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=40_000)
    parser.add_argument("--partitions", type=int, default=80)
    given = parser.parse_args()
    updates = generated(given.rows)
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["SPARK_LOCAL_IP"] = HOST
    with tempfile.TemporaryDirectory(prefix="ma-cluster-") as folder:
        cluster = Cluster(folder)
        try:
            cluster.start()
            return _compare(cluster, updates, given.partitions)
        finally:
            cluster.stop()


def _compare(cluster: Cluster, updates: pa.Table, partitions: int) -> int:
    session = (
        pyspark.sql.SparkSession.builder.master(cluster.url)
        .config("spark.driver.host", HOST)
        .config("spark.ui.enabled", "false")
        .config("spark.executor.memory", "512m")
        .config("spark.sql.shuffle.partitions", "8")
        .config("spark.sql.session.timeZone", "UTC")
        .getOrCreate()
    )
    try:
        tracker = session.sparkContext.statusTracker()
        killed: list[int] = []

        def kill_in_mid_job() -> None:
            while not killed:
                for stage in map(tracker.getStageInfo, tracker.getActiveStageIds()):
                    if stage and stage.numTasks >= partitions and stage.numCompletedTasks >= partitions // 4:
                        cluster.kill_a_worker()
                        killed.append(stage.numCompletedTasks)
                        return
                time.sleep(0.05)

        threading.Thread(target=kill_in_mid_job, daemon=True).start()
        begun = time.monotonic()
        given = session.createDataFrame(updates).repartition(partitions)
        results = spark.check(given, **OPTIONS).toArrow()
        taken = time.monotonic() - begun
        past = spark.history(session.createDataFrame(results)).toArrow()
    finally:
        session.stop()
    expected = check_table(updates, **OPTIONS)
    same = _sorted(results) == _sorted(expected)
    same_past = _sorted(past) == _sorted(history_table(expected))
    print(f"{len(updates):,} updates in {partitions} tasks on one master and two workers: {taken:.0f} s")
    print(
        f"a worker was killed when {killed[0]} tasks were done"
        if killed
        else "no worker was killed: the job was too short"
    )
    print(f"rows: {results.num_rows:,}, {'the same as' if same else 'NOT those of'} the library")
    print(f"requests in histories: {past.num_rows:,}, {'the same as' if same_past else 'NOT those of'} the library")
    return 0 if same and same_past and killed else 1


def _sorted(table: pa.Table) -> list[Any]:
    return sorted(table.to_pylist(), key=lambda row: (row["id"], str(row["as_of"]), str(row)))


if __name__ == "__main__":
    sys.exit(main())
