"""What is counted, for Prometheus. Labels are operations, statuses and codes of rules; nothing of any text.

With several workers the counts are kept in files that all of them share (`PROMETHEUS_MULTIPROC_DIR`, which
`ma-lint serve` sets before this module is imported).
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4 as CONTENT_TYPE
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

__all__ = ["CONTENT_TYPE", "IN_FLIGHT", "count_decision", "count_report", "count_request", "exposition"]

_REGISTRY = CollectorRegistry()
_REQUESTS = Counter("ma_portal_requests", "Requests answered.", ("operation", "method", "status"), registry=_REGISTRY)
_SECONDS = Histogram(
    "ma_portal_request_seconds",
    "Time from the first byte of a request to the last of its answer.",
    ("operation",),
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=_REGISTRY,
)
_REPORTS = Counter("ma_portal_reports", "Texts checked.", ("status",), registry=_REGISTRY)
_FINDINGS = Counter("ma_portal_findings", "Findings reported.", ("code",), registry=_REGISTRY)
_DECISIONS = Counter("ma_portal_decisions", "Webhooks answered.", ("hook", "decision"), registry=_REGISTRY)
IN_FLIGHT = Gauge(
    "ma_portal_requests_in_flight", "Requests under way.", multiprocess_mode="livesum", registry=_REGISTRY
)


# Looking a label up costs more than counting, so what was looked up is kept.
@cache
def _request(operation: str, method: str, status: int) -> tuple[Counter, Histogram]:
    return _REQUESTS.labels(operation, method, str(status)), _SECONDS.labels(operation)


@cache
def _report(status: str) -> Counter:
    return _REPORTS.labels(status)


@cache
def _finding(code: str) -> Counter:
    return _FINDINGS.labels(code)


def count_request(operation: str, method: str, status: int, seconds: float) -> None:
    """Count an answered request. `operation` is the path template of one of our operations."""
    requests, histogram = _request(operation, method, status)
    requests.inc()
    histogram.observe(seconds)


def count_report(status: str, codes: list[str]) -> None:
    """Count a checked text and its findings."""
    _report(status).inc()
    for code in codes:
        _finding(code).inc()


def count_decision(hook: str, decision: str) -> None:
    """Count an answered webhook."""
    _DECISIONS.labels(hook, decision).inc()


def exposition() -> bytes:
    """Return all counts, those of every worker together, in Prometheus' text format."""
    registry = _REGISTRY
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if folder:
        _forget_the_dead(folder)
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)


def _forget_the_dead(folder: str) -> None:
    """Take what a killed worker had under way out of the gauges; what it had counted stays."""
    for path in Path(folder).glob("gauge_live*_*.db"):
        pid = int(path.stem.rpartition("_")[2])
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            mark_process_dead(pid)  # type: ignore[no-untyped-call]
        except PermissionError:
            pass
