"""Counts what a page shows, batch after batch: memory grows with the weeks and with the SRs that hold a request."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import Any, NamedTuple

import pyarrow as pa

from ma_template.arrow import requests
from ma_template.choices import Plain

Row = dict[str, Any]

_WORST = 8
_COUNTED = [
    *["id", "source", "row", "as_of", "error", "template", "language", "answer_language", "unfilled", "status"],
    *["missing", "invalid", "codes", "error_count", "warning_count", "category", "days"],
]
_UNCHANGED, _COPY = "MA502", "MA107"


@dataclass
class Group:
    """Requests that have something in common."""

    requests: int = 0
    complete: int = 0
    gaps: Counter[str] = field(default_factory=Counter)

    @property
    def rate(self) -> float:
        """Return the share of complete ones, 0 to 1."""
        return self.complete / self.requests if self.requests else 0.0


class Example(NamedTuple):
    """An incomplete request, without a word of it. `days`: from the request to its milestone."""

    id: str | None
    source: str | None
    row: int | None
    as_of: date
    language: str
    template: str
    category: str | None
    days: int | None
    missing: tuple[str, ...]
    invalid: tuple[str, ...]
    codes: tuple[str, ...]


def requests_of(checked: pa.RecordBatch | pa.Table) -> list[Row]:
    """Return what counts of results of the schema `ma_template.arrow.SCHEMA`: nobody's words, as JSON can hold it."""
    flat = requests(checked).select(_COUNTED)
    at = flat.schema.get_field_index("as_of")
    return flat.set_column(at, "as_of", flat.column(at).cast(pa.string())).to_pylist()  # type: ignore[no-any-return]


class Tally:
    """What was counted so far. Not for several threads at once.

    Attributes:
        often, window: so many requests of one SR within so many days are frequent (see MA508).
        updates: all rows.
        errors: rows that could not be checked, by reason.
        all: all requests (blocks neither quoted nor an unfilled copy beside a filled one).
        unfilled: those without any answer.
        first, last: the days of the earliest and the latest request; None: there is none.
        weeks: requests by the Monday of the week they are dated in.
        forms: requests by language of the form and its name.
        answers: requests by the language of the answers; None: unfilled.
        missing, invalid: items, by dotted path.
        codes: findings.
        categories: milestones by their category.
        leads: days from the request to its milestone, how often.
        undated: requests without a day to count to.
        days: for each SR the days of its requests, where its rows have an id.
        unchanged: requests that repeat an earlier one word for word.
    """

    def __init__(self, *, often: int = Plain.frequent_requests, window: int = Plain.frequent_days) -> None:
        """Begin at nothing."""
        self.often = often
        self.window = window
        self.updates = 0
        self.errors: Counter[str] = Counter()
        self.all = Group()
        self.unfilled = 0
        self.first: date | None = None
        self.last: date | None = None
        self.weeks: dict[date, Group] = {}
        self.forms: dict[tuple[str, str], Group] = {}
        self.answers: dict[str | None, Group] = {}
        self.missing: Counter[str] = Counter()
        self.invalid: Counter[str] = Counter()
        self.codes: Counter[str] = Counter()
        self.categories: Counter[str] = Counter()
        self.leads: Counter[int] = Counter()
        self.undated = 0
        self.days: dict[str, list[date]] = {}
        self.unchanged = 0
        self._worst: list[tuple[int, int, Example]] = []
        self._order = count()

    def add(self, checked: pa.RecordBatch | pa.Table) -> None:
        """Count the rows of a result with the schema `ma_template.arrow.SCHEMA`.

        Raises:
            KeyError: it has another schema.
        """
        self.count(checked.num_rows, requests_of(checked))

    def count(self, updates: int, requests: Iterable[Row]) -> None:
        """Count so many updates, and what `requests_of` said of them."""
        self.updates += updates
        for request in requests:
            if request["error"] is not None:
                self.errors[request["error"]] += 1
            elif _COPY not in request["codes"]:
                self._count({**request, "as_of": date.fromisoformat(request["as_of"])})

    def _count(self, request: Row) -> None:
        day: date = request["as_of"]
        gaps = [*request["missing"], *request["invalid"]]
        complete = request["status"] == "complete"
        form = (request["language"], request["template"])
        answers = request["answer_language"]
        monday = day - timedelta(day.weekday())
        self.first, self.last = min(day, self.first or day), max(day, self.last or day)
        for group in (
            self.all,
            self.weeks.setdefault(monday, Group()),
            self.forms.setdefault(form, Group()),
            self.answers.setdefault(answers, Group()),
        ):
            group.requests += 1
            group.complete += complete
            group.gaps.update(gaps)
        self.missing.update(request["missing"])
        self.invalid.update(request["invalid"])
        self.codes.update(set(request["codes"]))
        self.unchanged += _UNCHANGED in request["codes"]
        self.unfilled += request["unfilled"]
        if request["category"]:
            self.categories[request["category"]] += 1
        if request["days"] is not None:
            self.leads[request["days"]] += 1
        elif not request["unfilled"]:
            self.undated += 1
        if request["id"] is not None:
            self.days.setdefault(request["id"], []).append(day)
        if not complete and not request["unfilled"]:
            self._remember(request)

    def _remember(self, request: Row) -> None:
        told = (request[name] for name in Example._fields)
        example = Example._make(tuple(each) if isinstance(each, list) else each for each in told)
        rank = 2 * request["error_count"] + request["warning_count"]
        entry = (rank, -next(self._order), example)  # of equals the first is kept
        if len(self._worst) < _WORST:
            heapq.heappush(self._worst, entry)
        else:
            heapq.heappushpop(self._worst, entry)

    @property
    def worst(self) -> list[Example]:
        """Return the least complete requests that were filled in at all, the worst first."""
        return [example for *_, example in sorted(self._worst, reverse=True)]

    @property
    def repeated(self) -> dict[str, list[date]]:
        """Return the SRs with more than one request, those with the most first."""
        found = {sr: sorted(days) for sr, days in self.days.items() if len(days) > 1}
        return dict(sorted(found.items(), key=lambda item: (-len(item[1]), item[0])))

    def frequent(self, days: list[date]) -> bool:
        """Return whether sorted days hold `often` requests within `window` days."""
        return any(
            (later - first).days <= self.window for first, later in zip(days, days[self.often - 1 :], strict=False)
        )
