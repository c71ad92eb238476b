"""Approved outputs: `pytest --approve` writes them anew; read `git diff` before you commit what it wrote."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from pyspark.sql import SparkSession

ROOT = Path(__file__).parents[1]
FIXTURES = ROOT / "fixtures"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--approve", action="store_true", help="write approved outputs anew instead of comparing them")
    parser.addoption("--examples", type=int, metavar="N", help="try each property with N examples, not its own number")


_wished: list[int] = []  # examples, where --examples is given


def examples(number: int) -> settings:
    """Return Hypothesis settings: so many examples, or as many as --examples wishes."""
    return settings(max_examples=_wished[0] if _wished else number, deadline=None)


def pytest_configure(config: pytest.Config) -> None:
    if wished := config.getoption("--examples"):
        _wished.append(wished)
    settings.register_profile("house", examples(settings.default.max_examples))  # a loaded machine is no failure
    settings.load_profile("house")
    if config.getoption("--approve") and os.environ.get("CI"):
        raise pytest.UsageError("--approve is for people who read the diff: it refuses to run where CI is set")


@pytest.fixture
def approved(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Return a function that compares a text with the approved one in a file, or writes it (--approve)."""

    def compare(path: Path, text: str) -> None:
        if request.config.getoption("--approve"):
            if not path.exists() or path.read_bytes() != text.encode():
                path.write_bytes(text.encode())
            return
        if not path.exists():
            pytest.fail(f"{path.relative_to(ROOT)} is missing: run `pytest --approve {request.node.location[0]}`")
        assert text == path.read_bytes().decode(), f"{path.relative_to(ROOT)}: `pytest --approve` rewrites it"

    return compare


_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")  # no longer: while Playwright runs, no other test could run an event loop
def chromium() -> Iterator[Browser]:
    """Start the real browser of the machine."""
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        said = "Chromium is missing: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(said)
        pytest.skip(said)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        yield browser
        browser.close()


OF_SPARK = {
    "PYSPARK_PYTHON": sys.executable,
    "SPARK_LOCAL_IP": "127.0.0.1",
    # A JVM that lives for seconds has no time to get fast.
    "SPARK_SUBMIT_OPTS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
}


@pytest.fixture(scope="module")
def spark_session() -> Iterator[SparkSession]:
    """Start a real `local[2]` session. Without Java this fails."""
    from pyspark.sql import SparkSession

    from ma_template.spark.__main__ import OURS

    with pytest.MonkeyPatch.context() as patch:
        for name, value in OF_SPARK.items():
            patch.setenv(name, value)
        builder = (
            SparkSession.builder.master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", "2")
        )
        for name, value in OURS.items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
        yield session
        session.stop()
