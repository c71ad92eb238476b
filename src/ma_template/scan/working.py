"""One unit of work: rows read, checked, and kept as a part. Done in many processes."""

from __future__ import annotations

import contextlib
import os
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from ma_template.arrow import BatchCheck
from ma_template.arrow.batches import bounded
from ma_template.overview.tally import Row, requests_of
from ma_template.scan.dividing import Reading, Unit, read
from ma_template.scan.journal import Facts, Parts
from ma_template.scan.problems import failed_by
from ma_template.scan.shapes import View, shape_of, shaped


class Shape(NamedTuple):
    """What is written: the kind of file and what a row is."""

    kind: str
    view: View


class Part(NamedTuple):
    """A part that is done.

    `counted`: the rows of the input that were passed by. `requests`: what the page for people counts of them, if there
    is to be one.
    """

    unit: Unit
    counted: int
    counts: Counter[str]
    requests: list[Row]


class Work:
    """Does units. `inputs`: name and kind of each."""

    def __init__(
        self,
        inputs: Sequence[tuple[str, str]],
        reading: Reading,
        check: BatchCheck,
        shape: Shape,
        parts: Parts,
        *,
        report: bool,
    ) -> None:
        self._inputs = inputs
        self._reading = reading
        self._check = check
        self._shape = shape
        self._parts = parts
        self._report = report

    def __call__(self, unit: Unit) -> Part:
        """Do one unit, unless it is done already.

        Raises:
            ScanError: the input cannot be read, or the part cannot be written.
        """
        known = self._parts.counts(unit.number)
        if known is None:
            known = self._do(unit)
        return Part(unit, known["counted"], Counter(known["counts"]), known["requests"])

    def _do(self, unit: Unit) -> Facts:
        name, kind = self._inputs[unit.source]
        made = self._parts.path(f"{unit.number:08}.{os.getpid()}.tmp")
        counted = 0
        counts: Counter[str] = Counter()
        requests: list[Row] = []
        try:
            options = pa.ipc.IpcWriteOptions(compression="lz4")
            with (
                pa.OSFile(made, "wb") as file,
                pa.ipc.new_file(file, shape_of(*self._shape), options=options) as writer,
            ):
                for rows in read(unit, kind, self._reading):
                    start = 0
                    numbers = rows.numbers or range(1, len(rows.batch) + 1)
                    for piece in bounded([rows.batch]):
                        end = start + len(piece)
                        faults = {row - start: why for row, why in rows.faults.items() if start <= row < end}
                        numbered = [number + counted for number in numbers[start:end]]
                        start = end
                        results = self._check.rows(piece, faults)
                        results = _placed(results, name, numbered)
                        counts += count(results)
                        if self._report:
                            requests += requests_of(results)
                        writer.write_batch(shaped(results, *self._shape))
                    counted += rows.counted
            known = {"counted": counted, "counts": counts, "requests": requests}
            self._parts.done(unit.number, made, known)
            if unit.spooled:
                os.unlink(unit.path)
        except OSError as error:
            with contextlib.suppress(OSError):
                os.unlink(made)
            raise failed_by(None, "scan-unwritable", error) from None
        return known


def _placed(results: pa.RecordBatch, source: str, numbers: list[int]) -> pa.RecordBatch:
    """Return results with the columns that say where each row stands."""
    names = results.schema.names
    results = results.set_column(names.index("source"), "source", pa.repeat(pa.scalar(source), len(results)))
    return results.set_column(names.index("row"), "row", pa.array(numbers, pa.int64()))


def count(results: pa.RecordBatch) -> Counter[str]:
    """Return what there is in results of the schema `SCHEMA`.

    rows; status:…; error:…; blocks, requests, complete; code:….
    """
    found: Counter[str] = Counter(rows=len(results))
    for name in ("status", "error"):
        for value in pc.value_counts(results.column(name).drop_null()).to_pylist():
            found[f"{name}:{value['values']}"] = value["counts"]
    for name in ("block", "request", "complete"):
        found[name] = pc.sum(results.column(f"{name}_count"), min_count=0).as_py()
    codes = pc.list_flatten(results.column("diagnostics")).field("code")
    for value in pc.value_counts(codes).to_pylist():
        found[f"code:{value['values']}"] = value["counts"]
    return found
