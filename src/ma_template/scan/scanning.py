"""A whole scan."""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import hmac
import os
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Any, Literal, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from ma_template import __version__
from ma_template.arrow import SCHEMA_VERSION, BatchCheck
from ma_template.config import Config, as_date
from ma_template.jobs import in_order
from ma_template.overview import Tally
from ma_template.scan.dividing import Looked, Reading, Unit, look, units
from ma_template.scan.inputs import STANDARD_INPUT, Input, find, told_by_name, unchanged
from ma_template.scan.journal import Facts, Journal
from ma_template.scan.outputs import output
from ma_template.scan.problems import failed, failed_by
from ma_template.scan.rows import Columns
from ma_template.scan.shapes import View
from ma_template.scan.working import Part, Shape, Work

_REPORT = "report.html"
_AHEAD = 4  # units that a process may be ahead of the one whose turn it is


class Options(NamedTuple):
    """What a scan is told.

    `day`: at which rows without a time stamp are judged. `report`: where the page for people goes, in `lang`.
    """

    inputs: Sequence[str]
    output: str
    columns: Columns
    config: Config
    day: datetime.date | None
    encoding: str
    separator: str | None
    view: View | None
    redact: bool
    key: str | None
    largest: int
    size: int
    jobs: int
    resume: bool
    overwrite: bool
    report: str | None
    lang: Literal["en", "ja"]


class Summary(NamedTuple):
    """What was found (see `ma_template.scan.working.count`), in how many bytes of input and seconds."""

    counts: Counter[str]
    size: int
    seconds: float

    @property
    def faulty(self) -> bool:
        """Whether some rows could not be checked."""
        return any(name.startswith("error:") for name in self.counts)


Step = Callable[[int, int], object]
"""Told after each part: bytes of input and rows that it stands for."""


def scan(options: Options, begin: Callable[[int | None], object], step: Step) -> Summary:
    """Do a scan. `begin` is told the bytes of the input, None where that is not known.

    Raises:
        ScanError: it cannot be done, or no further.
    """
    started = time.monotonic()
    told = told_by_name(options.output)
    if told is None or options.output.lower().endswith(".json"):
        raise failed(options.output, "scan-output-kind")
    kind, packing = told
    shape = Shape(kind, options.view or ("requests" if kind == "csv" else "updates"))
    inputs = find(options.inputs)
    _see_to_output(options, inputs)
    reading = Reading(options.columns, options.encoding, options.separator, options.size, options.largest)
    looked = [look(given, reading) for given in inputs]
    with contextlib.closing(
        Journal(options.output, _facts(options, inputs, shape), resume=options.resume, overwrite=options.overwrite)
    ) as journal:
        begin(None if any(given.path == STANDARD_INPUT for given in inputs) else sum(given.size for given in inputs))
        made = journal.parts.path("output.tmp")
        if journal.finished is None:
            check = BatchCheck(
                text=options.columns.text,
                id=options.columns.id,
                as_of=options.columns.as_of,
                region=options.columns.region,
                sr_columns=dict(options.columns.sr),
                config=options.config,
                encoding=options.encoding,
                max_bytes=options.largest,
                redact=options.redact,
                redact_key=options.key,
                today=datetime.date.fromisoformat(journal.facts["today"]),
            )
            names = [(given.path, given.kind) for given in inputs]
            work = Work(names, reading, check, shape, journal.parts, report=options.report is not None)
            tally = Tally(often=options.config.frequent_requests, window=options.config.frequent_days)
            counts = _assemble(options, inputs, looked, reading, work, shape, packing, journal, made, tally, step)
            for given in inputs:
                if not unchanged(given):
                    raise failed(given.path, "scan-changed")
            if options.report is not None:
                from ma_template.overview import page

                with open(journal.parts.path(_REPORT), "w", encoding="utf-8") as file:
                    file.write(page(tally, options.lang, today=datetime.date.fromisoformat(journal.facts["today"])))
        else:
            counts = Counter(journal.finished["counts"])
        size = sum(given.size for given in inputs)
        outputs = {made: options.output}
        if options.report is not None:
            outputs[journal.parts.path(_REPORT)] = options.report
        journal.finish(outputs, {"counts": counts})
    return Summary(counts, size, time.monotonic() - started)


def _see_to_output(options: Options, inputs: Sequence[Input]) -> None:
    target = os.path.realpath(options.output)
    if any(given.path != STANDARD_INPUT and os.path.realpath(given.path) == target for given in inputs):
        raise failed(options.output, "scan-is-input")
    if options.resume and any(given.path == STANDARD_INPUT for given in inputs):
        raise failed(STANDARD_INPUT, "scan-no-resume")
    if os.path.isdir(target):
        raise failed(options.output, "scan-output-folder")
    if options.report is not None:
        report = os.path.realpath(options.report)
        if report == target:
            raise failed(options.report, "scan-report-is-output")
        if os.path.isdir(report) or not os.access(os.path.dirname(report), os.W_OK):
            raise failed(options.report, "scan-report-place")
        if os.path.exists(report) and not (options.overwrite or options.resume):
            raise failed(options.report, "scan-exists")
    begun = os.path.isdir(os.path.join(os.path.dirname(target), f".{os.path.basename(target)}.scan"))
    if os.path.exists(target) and not options.overwrite and not (options.resume and begun):
        raise failed(options.output, "scan-exists")


def _facts(options: Options, inputs: Sequence[Input], shape: Shape) -> Facts:
    """Return all that decides what the results are, by the names under which a user knows it."""
    key = options.key and hmac.digest(options.key.encode(), b"ma-lint scan", "sha256").hex()
    today = options.day or as_date(None, options.config)
    return {
        "INPUT": [[given.path, given.size, given.changed] for given in inputs],
        "--text-column": options.columns.text,
        "--id-column": options.columns.id,
        "--as-of-column": options.columns.as_of,
        "--region-column": options.columns.region,
        "--sr-columns": [list(pair) for pair in options.columns.sr],
        "--as-of": options.day and options.day.isoformat(),
        "--encoding": options.encoding,
        "--delimiter": options.separator,
        "--rows": shape.view,
        "--report": options.report is not None,
        "--redact": options.redact,
        "MA_LINT_REDACT_KEY": key,
        "--max-bytes": options.largest,
        "--chunk-bytes": options.size,
        "--config": hashlib.sha256(options.config.model_dump_json().encode()).hexdigest(),
        "ma-template": __version__,
        "pyarrow": pa.__version__,
        "schema": SCHEMA_VERSION,
        "today": today.isoformat(),
    }


def _assemble(
    options: Options,
    inputs: Sequence[Input],
    looked: Sequence[Looked],
    reading: Reading,
    work: Work,
    shape: Shape,
    packing: str | None,
    journal: Journal,
    made: str,
    tally: Tally,
    step: Step,
) -> Counter[str]:
    """Do all units and set their parts one behind the other; return what was found."""
    counts: Counter[str] = Counter()
    base, source = 0, 0
    pieces = units(inputs, looked, reading, lambda number, data: _spooled(journal, number, data))
    file = None
    try:
        file = output(made, shape.kind, packing, shape.view)
        with contextlib.closing(_parts(work, pieces, options, inputs)) as parts:
            for part in parts:
                if part.unit.source != source:
                    base, source = 0, part.unit.source
                with pa.OSFile(journal.parts.part(part.unit.number)) as kept:
                    reader = pa.ipc.open_file(kept)
                    for number in range(reader.num_record_batches):
                        file.write(_moved(reader.get_batch(number), base))
                base += part.counted
                counts += part.counts
                tally.count(part.counts["rows"], part.requests)
                step(part.unit.weight, part.counts["rows"])
        file.close()
        file = None
    except OSError as error:
        raise failed_by(options.output, "scan-unwritable", error) from None
    finally:
        if file:  # else Arrow closes it later, and prints what cannot be written then
            with contextlib.suppress(OSError):
                file.close()
    return counts


def _spooled(journal: Journal, number: int, data: bytes) -> str:
    """Keep unpacked data for a unit, unless that is done already."""
    if journal.parts.counts(number) is not None:
        return journal.parts.path("")
    return journal.parts.spool(number, data)


def _parts(
    work: Work, pieces: Iterator[Unit], options: Options, inputs: Sequence[Input]
) -> Generator[Part, None, None]:
    size = sum(given.size for given in inputs)
    small = size <= options.size and not any(given.packing or given.path == STANDARD_INPUT for given in inputs)
    if options.jobs == 1 or small:
        return (work(unit) for unit in pieces)
    return in_order(work, pieces, options.jobs, _lost, batch=2, ahead=_AHEAD * options.jobs)


def _lost(unit: Unit, status: int) -> Any:
    reason = f"signal {-status}" if status < 0 else f"exit status {status}"
    raise failed(None, "scan-worker-lost", reason=reason)


def _moved(batch: pa.RecordBatch, by: int) -> pa.RecordBatch:
    """Return the batch with numbers of rows that count from the beginning of the input."""
    at = batch.schema.get_field_index("row")
    return batch.set_column(at, batch.schema.field(at), pc.add(batch.column(at), by)) if by else batch
