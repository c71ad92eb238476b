"""What became of the requests of each SR: in time order, with what changed, what was only repeated, what is open.

Works on plain updates, which are checked first, and on results of `ma_template.arrow` and `ma-lint scan`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, computed_field

from ma_template.checking import check
from ma_template.config import Config, as_moment
from ma_template.readers.news import Asked, in_a_row
from ma_template.reading import PATHS
from ma_template.redacting import MASK
from ma_template.source import fold
from ma_template.zones import named

Row = Mapping[str, Any]
"""A row of results, as in the Arrow schema `ma_template.arrow.SCHEMA`, or the same of a report."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Change(_Part):
    """What differs from the request before. `field` is a dotted path; the values are as they stand in the report."""

    field: str
    kind: Literal["added", "removed", "changed"]
    before: tuple[str, ...]
    after: tuple[str, ...]


class PastRequest(_Part):
    """A request in the history of its SR.

    Attributes:
        number: its place in the SR, from 1.
        at: when its update was made, where that is known to the moment; as_of: the day it was judged at.
        source, row: where the update stood, in results of `ma-lint scan`.
        block: the index of the block in its update.
        missing, invalid, status: as in the report.
        changes: what differs from the request before, none of the first.
        repeats: the number of an earlier request that it repeats word for word (MA502); None if it does not, or where
            words are masked.
        in_a_row: how many updates in a row, this one included and none older than `frequent_days`, have asked for the
            same; None where words are masked.
        frequent: so many that it is too often (MA508).
        category: the milestone's type; milestone: the date that counts, the nearest one from `as_of` on, else the last;
            days: from `as_of` to it, less than zero for the past.
    """

    number: int
    at: datetime.datetime | None
    as_of: datetime.date
    source: str | None
    row: int | None
    block: int
    status: Literal["complete", "incomplete"]
    missing: tuple[str, ...]
    invalid: tuple[str, ...]
    changes: tuple[Change, ...]
    repeats: int | None
    in_a_row: int | None
    frequent: bool
    category: str | None
    milestone: str | None
    days: int | None


class History(_Part):
    """The requests of one SR, in time order. `sr` is None where updates do not say which SR they belong to."""

    sr: str | None
    requests: tuple[PastRequest, ...]

    @computed_field  # type: ignore[prop-decorator]
    @property
    def open(self) -> tuple[str, ...]:
        """What is still missing or invalid in the last request, as dotted paths."""
        last = self.requests[-1]
        return tuple(sorted({*last.missing, *last.invalid}, key=PATHS.index))

    def shows(self, what: Literal["open", "repeated", "frequent"]) -> bool:
        """Return whether something is open, a request was repeated word for word, or requests were too frequent."""
        if what == "open":
            return bool(self.open)
        return any(past.frequent if what == "frequent" else past.repeats is not None for past in self.requests)


def history(
    updates: Iterable[Row] | Any,
    *,
    text: str = "body",
    id: str = "sr",
    as_of: str = "updated_at",
    config: Config | None = None,
    **overrides: Any,
) -> list[History]:
    """Return the history of every SR that has a request, in the order in which SRs first appear.

    Args:
        updates: mappings with the fields named below, or with the columns of `ma_template.arrow.SCHEMA` (which are
            not checked anew); or a table of either kind that speaks Arrow's C stream interface.
        text: the field with the text of a plain update.
        id: its field with the SR; updates without it are taken as those of one SR.
        as_of: its field with the day or time stamp at which it was made (null: today).
        config: the settings; of `frequent_requests` and `frequent_days` also for results.
        **overrides: fields of `Config` that differ in this call.

    Raises:
        ValueError: a setting or a time makes no sense.
        TypeError: a text is no text.
    """
    config = config or Config()
    if overrides:
        config = type(config).model_validate({**config.model_dump(exclude_unset=True), **overrides})
    by_sr: dict[str | None, list[Row]] = {}
    for row in _rows(updates, (text, id, as_of), config):
        if row["error"] is None and any(map(_is_request, row["blocks"])):
            by_sr.setdefault(row["id"], []).append(row)
    return [history_of(sr, rows, config) for sr, rows in by_sr.items()]


def history_of(sr: str | None, rows: Iterable[Row], config: Config) -> History:
    """Return the history of one SR from its rows of results, of which at least one has a request."""
    return History(sr=sr, requests=tuple(map(PastRequest.model_validate, trace(rows, config))))


def _rows(updates: Any, names: tuple[str, str, str], config: Config) -> Iterator[Row]:
    if hasattr(updates, "__arrow_c_stream__"):
        updates = _of_table(updates, names)
    for update in updates:
        yield update if "blocks" in update else _checked(update, names, config)


def _of_table(table: Any, names: tuple[str, str, str]) -> Iterator[Row]:
    import pyarrow as pa
    import pyarrow.compute as pc

    for batch in pa.RecordBatchReader.from_stream(table):
        if "block_count" in batch.schema.names:
            batch = batch.filter(pc.greater(batch.column("block_count"), 0))
        else:
            batch = batch.select([name for name in batch.schema.names if name in names])
        yield from batch.to_pylist()


def _checked(update: Row, names: tuple[str, str, str], config: Config) -> Row:
    text, id, as_of = (update.get(name) for name in names)
    if text is None:
        return {"error": "null"}
    report = check(text, as_of=as_of, config=config)
    return {
        "id": None if id is None else str(id),
        "as_of": report.as_of,
        "at": as_moment(as_of, config),
        "error": None,
        "blocks": report.model_dump()["blocks"],
    }


def _is_request(block: Row) -> bool:
    return not (block["quoted"] or block["unfilled"])


# ---------------------------------------------------------------------------------------------------------------------
# One SR


class _Update(NamedTuple):
    """An update with its requests; `requests` maps the index of a block to the block."""

    row: Row
    as_of: datetime.date
    at: datetime.datetime | None
    requests: dict[int, Row]


def trace(rows: Iterable[Row], config: Config) -> list[dict[str, Any]]:
    """Return the requests of one SR's results in time order: what `PastRequest` is made of.

    Updates of one day without a time of day are before those with one, and else keep their order.
    """
    updates = sorted((_update(row) for row in rows), key=lambda update: _when(update, config))
    updates = [update for update in updates if update.requests]
    found: list[dict[str, Any]] = []
    words: dict[tuple[str, ...], int] = {}
    before: dict[int, Row] = {}
    for place, update in enumerate(updates):
        for index, block in update.requests.items():
            number = len(found) + 1
            said = _words(block)
            repeats = words.get(said) if said else None
            if said:
                words.setdefault(said, number)
            past = before.get(index) or next(reversed(before.values()), None)
            in_a_row = 1 + _in_a_row(block, update, updates[:place], config) if said else None
            found.append(
                {
                    "number": number,
                    **_facts(index, block, update),
                    "changes": _changes(past, block) if past else [],
                    "repeats": repeats,
                    "in_a_row": in_a_row,
                    "frequent": in_a_row is not None and in_a_row >= config.frequent_requests,
                }
            )
        before = update.requests or before
    return found


def _update(row: Row) -> _Update:
    as_of = row["as_of"]
    day = as_of if isinstance(as_of, datetime.date) else datetime.date.fromisoformat(as_of)
    at = row.get("at")
    moment = datetime.datetime.fromisoformat(at) if isinstance(at, str) else at
    return _Update(row, day, moment, {index: one for index, one in enumerate(row["blocks"]) if _is_request(one)})


def _when(update: _Update, config: Config) -> datetime.datetime:
    zone = named(config.timezone)
    if update.at is None:
        return datetime.datetime.combine(update.as_of, datetime.time(), zone)
    return update.at


def _facts(index: int, block: Row, update: _Update) -> dict[str, Any]:
    milestone = block["milestone"] or {}
    counts = date_that_counts(milestone.get("dates") or [], update.as_of) or {}
    return {
        "at": update.at,
        "as_of": update.as_of,
        "source": update.row.get("source"),
        "row": update.row.get("row"),
        "block": index,
        "status": block["status"],
        "missing": list(block["missing"]),
        "invalid": list(block["invalid"]),
        "category": (milestone.get("type") or {}).get("category"),
        "milestone": counts.get("start"),
        "days": days_to(counts.get("start"), update.as_of),
    }


def date_that_counts(dates: Sequence[Row], as_of: datetime.date) -> Row | None:
    """Return the nearest of a milestone's dates that is not past, else the last one, else the first without a day."""
    placed = sorted((when for when in dates if when["start"]), key=lambda when: str(when["start"]))
    today = as_of.isoformat()
    coming = (when for when in placed if (when["end"] or when["start"])[:10] >= today)
    return next(coming, None) or next(iter(placed[-1:] or dates), None)


def days_to(start: str | None, as_of: datetime.date) -> int | None:
    """Return the days from `as_of` to a date of a report, less than zero for the past."""
    return (datetime.date.fromisoformat(start[:10]) - as_of).days if start else None


def _answer(block: Row, section: str) -> str:
    return (block[section] or {}).get("text") or ""


def _words(block: Row) -> tuple[str, ...]:
    """Return the words of a request as they are compared; none where they are masked."""
    answers = [_answer(block, section) for section in ("reason", "milestone", "requester")]
    return () if MASK in answers else tuple(_compared(answer) for answer in answers)


def _compared(text: str) -> str:
    return " ".join(fold(text).split())


def _asked(block: Row) -> Asked:
    return Asked(_answer(block, "reason"), _answer(block, "milestone"))


def _in_a_row(block: Row, update: _Update, earlier: Sequence[_Update], config: Config) -> int:
    """Return how many of the updates before, none older than `frequent_days`, have asked for the same in a row."""
    recent = takewhile(lambda one: (update.as_of - one.as_of).days <= config.frequent_days, reversed(earlier))
    return in_a_row(_asked(block), (map(_asked, one.requests.values()) for one in recent))


# ---------------------------------------------------------------------------------------------------------------------
# What differs


def _changes(before: Row, after: Row) -> list[dict[str, Any]]:
    found = []
    for field, was in _values(before).items():
        now = _values(after)[field]
        if [_compared(value) for value in was] == [_compared(value) for value in now]:
            continue
        kind = "changed" if was and now else "added" if now else "removed"
        found.append({"field": field, "kind": kind, "before": was, "after": now})
    told = {change["field"]: change for change in found}
    idle = set()
    reason, impact = told.get("reason"), told.get("reason.impact")
    if impact and (reason is None or (reason["before"], reason["after"]) == (impact["before"], impact["after"])):
        idle.add("reason.impact")  # the same words, wrapped otherwise; or the impact is all there is
    if not told.keys().isdisjoint(("milestone.type", "milestone.dates")):
        idle.add("milestone")  # its words say nothing new
    return [change for change in found if change["field"] not in idle]


def _values(block: Row) -> dict[str, list[str]]:
    """Return what a request says, by dotted path: lists of words, codes and dates."""
    reason, milestone, requester = (block[name] or {} for name in ("reason", "milestone", "requester"))
    kind = milestone.get("type") or {}
    return {
        "reason": _one(reason.get("text")),
        "reason.impact": _one(reason.get("impact")),
        "milestone": _one(milestone.get("text")),
        "milestone.type": _one(kind.get("category")),
        "milestone.dates": sorted(
            when["start"] or " / ".join(when["candidates"]) or when["raw"] for when in milestone.get("dates") or ()
        ),
        "requester.name": _one(requester.get("name")),
        "requester.phone": sorted(_number(phone) for phone in requester.get("phones") or ()),
        "requester.email": sorted(email["address"] or email["raw"] for email in requester.get("emails") or ()),
        "requester.pager": sorted(_number(pager) for pager in requester.get("pagers") or ()),
        "requester.other_contacts": sorted(_contact(one) for one in requester.get("other_contacts") or ()),
    }


def _one(value: str | None) -> list[str]:
    return [value] if value else []


def _number(phone: Row) -> str:
    number: str = phone["e164"] or phone["raw"]
    return f"{number} x{phone['extension']}" if phone.get("extension") else number


def _contact(contact: Row) -> str:
    parts = [
        contact["name"],
        *map(_number, contact["phones"]),
        *(one["address"] or one["raw"] for one in contact["emails"]),
    ]
    return ", ".join(part for part in parts if part)
