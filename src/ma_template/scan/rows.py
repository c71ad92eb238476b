"""Rows as all kinds of files give them."""

from __future__ import annotations

from typing import Any, NamedTuple

import pyarrow as pa

from ma_template.arrow.columns import Faults


class Columns(NamedTuple):
    """The names of the columns that are read; `sr`: fields of the service request, each with its column."""

    text: str
    id: str | None = None
    as_of: str | None = None
    region: str | None = None
    sr: tuple[tuple[str, str], ...] = ()

    @property
    def own(self) -> list[str]:
        """The names of all but the service request's columns, each once, in a fixed order."""
        return [name for name in dict.fromkeys((self.text, self.id, self.as_of, self.region)) if name is not None]

    @property
    def names(self) -> list[str]:
        """The names, each once, in a fixed order."""
        return list(dict.fromkeys([*self.own, *(name for _, name in self.sr)]))


class Rows(NamedTuple):
    """Some rows of a file.

    `batch` has the columns that are read; `faults` are rows of it that are known to be bad; `numbers` are the rows'
    numbers, counted from 1 at the beginning of the unit (None: they are 1, 2, 3 …); `counted` is how many rows of the
    file have been passed by, blank ones too.
    """

    batch: pa.RecordBatch
    faults: Faults
    numbers: list[int] | None
    counted: int


class Gathered:
    """Gathers rows one by one, for what the fast readers refuse."""

    def __init__(self, columns: Columns) -> None:
        self._names = columns.names
        self._values: list[list[Any]] = [[] for _ in self._names]
        self._faults: Faults = {}
        self._numbers: list[int] = []

    def add(self, number: int, values: list[Any], fault: str | None = None) -> None:
        """Add a row: its number, its values in the order of the names, and what is wrong with it."""
        if fault is not None:
            self._faults[len(self._numbers)] = fault
        self._numbers.append(number)
        for column, value in zip(self._values, values or [None] * len(self._names), strict=True):
            column.append(value)

    def rows(self, kind: pa.DataType, counted: int) -> Rows:
        """Return the rows gathered, all columns being of one kind: text or bytes."""
        batch = pa.RecordBatch.from_arrays([pa.array(values, kind) for values in self._values], names=self._names)
        return Rows(batch, self._faults, self._numbers, counted)
