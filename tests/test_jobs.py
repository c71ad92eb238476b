"""Many files in several processes: the same report in the same order, whatever happens to a process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from multiprocessing import connection
from pathlib import Path

import pytest

from ma_template.cli import main
from ma_template.jobs import in_order, results

ROOT = Path(__file__).parents[1]
DAY = ["--as-of", "2026-11-23"]
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="workers are forked on Linux only")


def doubled(number: int) -> tuple[int, int]:
    """Give twice the number, and say which process did it; some numbers take longer."""
    if number % 7 == 0:
        time.sleep(0.003)
    return 2 * number, os.getpid()


def deadly(number: int) -> int:
    """End the whole process at some numbers."""
    if number in (5, 6, 40):
        os.kill(os.getpid(), signal.SIGKILL)
    if number == 50:
        os._exit(3)
    return number


def lost(number: int, status: int) -> tuple[str, int, int]:
    return "lost", number, status


@pytest.mark.parametrize("method", [pytest.param("fork", marks=LINUX), "spawn"])
def test_results_come_in_order_from_several_processes(method: str) -> None:
    found = list(in_order(doubled, range(100), 2, lost, method))
    assert [result[0] for result in found] == [2 * number for number in range(100)]
    pids = {result[1] for result in found}
    assert len(pids) == 2
    assert os.getpid() not in pids


def test_items_are_taken_as_they_are_needed() -> None:
    taken = []

    def items() -> Iterator[int]:
        for number in range(40):
            taken.append(number)
            yield number

    seen = []
    for result in in_order(doubled, items(), 2, lost, batch=2, ahead=5):
        assert len(taken) <= len(seen) + 5
        seen.append(result[0])
    assert seen == [2 * number for number in range(40)]


@LINUX
def test_a_worker_that_dies_takes_one_item_with_it() -> None:
    found = list(in_order(deadly, range(60), 2, lost))
    assert [result for result in found if isinstance(result, tuple)] == [
        ("lost", 5, -signal.SIGKILL),
        ("lost", 6, -signal.SIGKILL),
        ("lost", 40, -signal.SIGKILL),
        ("lost", 50, 3),
    ]
    assert [result for result in found if isinstance(result, int)] == [
        number for number in range(60) if number not in (5, 6, 40, 50)
    ]


@LINUX
def test_a_worker_killed_from_outside_takes_nothing_with_it() -> None:
    found = in_order(doubled, range(2_000), 2, lost)
    results = [next(found) for _ in range(100)]
    os.kill(results[-1][1], signal.SIGKILL)
    results += found
    assert [result[0] for result in results] == [2 * number for number in range(2_000)]
    assert len({result[1] for result in results}) == 3


@LINUX
@pytest.mark.parametrize(("held", "fewest", "most"), [(60.0, 50, 110), (0.0, 800, 1_700)])
def test_results_come_several_at_a_time_where_they_are_quick(
    held: float, fewest: int, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = []
    wait = connection.wait
    monkeypatch.setattr(connection, "wait", lambda pipes: waits.append(1) or wait(pipes))
    monkeypatch.setattr("ma_template.jobs._HELD", held)
    assert list(in_order(str, range(1_600), 2, lost, batch=16)) == list(map(str, range(1_600)))
    assert fewest <= len(waits) <= most


@LINUX
def test_what_a_worker_raises_is_raised_here() -> None:
    with pytest.raises(ZeroDivisionError):
        list(in_order(lambda number: 1 // (number - 20), range(40), 2, lost))


@LINUX
def test_where_no_process_can_be_started_the_work_is_done_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise BlockingIOError("no more processes")

    monkeypatch.setattr("multiprocessing.popen_fork.Popen", refuse)
    assert [result[0] for result in in_order(doubled, range(20), 2, lost)] == [2 * number for number in range(20)]


@LINUX
def test_workers_end_with_the_one_who_asked() -> None:
    found = in_order(doubled, range(10_000), 2, lost)
    workers = {next(found)[1] for _ in range(200)}
    found.close()
    for pid in workers:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_few_or_quick_items_start_no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ma_template.jobs.in_order", None)
    for items in (range(8), range(2_000)):
        assert list(results(lambda number: number, items, 2, lost)) == list(items)


# -- the command


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of 150 updates, and some files that cannot be read."""
    folder = tmp_path_factory.mktemp("many")
    texts = [path.read_bytes() for path in sorted((ROOT / "fixtures" / "devset").glob("*.txt"))]
    for number in range(150):
        (folder / f"{number:04}.txt").write_bytes(texts[number % len(texts)])
    (folder / "0050.txt").unlink()
    (folder / "0050.txt").symlink_to("nowhere")
    return folder


@pytest.mark.parametrize("name", ["json", "text"])
def test_the_report_is_the_same_with_any_number_of_jobs(
    name: str, many: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ma_template.jobs._PAYS", 0.0)  # start workers at once
    told = []
    for jobs in ("1", "3"):
        report = tmp_path / jobs
        assert main([*DAY, "--format", name, "--jobs", jobs, "--output", str(report), str(many)]) == 2
        told.append((report.read_bytes(), capfd.readouterr().err))
    assert told[0] == told[1]
    assert told[0][1].count("\n") == 1
    assert told[0][1].endswith("the link leads nowhere\n")


@LINUX
def test_a_killed_worker_is_one_clear_error(
    many: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import ma_template.files

    real: Callable[..., object] = ma_template.files.read

    def read(path: str, *rest: str | None) -> object:
        if path.endswith("0100.txt"):
            os.kill(os.getpid(), signal.SIGKILL)
        return real(path, *rest)

    monkeypatch.setattr("ma_template.jobs._PAYS", 0.0)
    monkeypatch.setattr("ma_template.files.read", read)
    assert main([*DAY, "--format", "jsonl", "--jobs", "2", str(many)]) == 2
    printed, told = capfd.readouterr()
    assert printed.count("\n") == 148
    assert [line.partition(f"{many}/")[2] for line in told.splitlines()] == [
        "0100.txt: not checked: the process that was at it ended unexpectedly (SIGKILL); --jobs 1 needs the least "
        "memory",
        "0050.txt: the link leads nowhere",
    ]


@LINUX
def test_ctrl_c_ends_the_report_and_all_workers(many: Path, tmp_path: Path) -> None:
    """Ctrl-C goes to the whole group of processes, as from a terminal."""
    code = (
        "import sys, time, pathlib, ma_template.cli as cli, ma_template.jobs as jobs, ma_template.files as files\n"
        "real, jobs._PAYS, marker = files.read, 0.0, pathlib.Path(sys.argv[1])\n"
        "def read(path, *rest):\n"
        "    time.sleep(0.05)\n"
        "    if path.endswith('0040.txt'): marker.touch()\n"
        "    return real(path, *rest)\n"
        "files.read = read\n"
        "sys.exit(cli.main(sys.argv[2:]))"
    )
    marker = tmp_path / "marker"
    running = subprocess.Popen(
        [sys.executable, "-c", code, str(marker), *DAY, "--format", "json", "--jobs", "3", str(many)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    for _ in range(600):
        if marker.exists():
            break
        time.sleep(0.05)
    os.killpg(running.pid, signal.SIGINT)
    printed, told = running.communicate(timeout=20)
    import json

    report = json.loads(printed)
    assert running.returncode == 130
    assert told.decode().splitlines()[-1] == "ma-lint: error: interrupted; the report ends here"
    assert "Traceback" not in told.decode()
    assert 0 < len(report["documents"]) < 149
    with pytest.raises(ProcessLookupError):
        os.killpg(running.pid, 0)
