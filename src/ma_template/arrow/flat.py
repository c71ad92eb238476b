"""The flat view: one row a request."""

from __future__ import annotations

from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from ma_template.arrow.schema import REQUESTS, SCHEMA
from ma_template.histories import date_that_counts, days_to

Checked = TypeVar("Checked", pa.RecordBatch, pa.Table)
Row = dict[str, Any]


def requests(checked: Checked) -> Checked:
    """Return the flat view of results: the schema `REQUESTS`, one row a request, and one for every update in error.

    Args:
        checked: a batch or table of the schema `SCHEMA`.
    """
    worth = pc.or_kleene(pc.greater(checked.column("block_count"), 0), pc.is_valid(checked.column("error")))
    updates = checked.filter(worth).select(SCHEMA.names).to_pylist()
    rows = [row for update in updates for row in _requests(update)]
    made = pa.Table if isinstance(checked, pa.Table) else pa.RecordBatch
    return made.from_pylist(rows, schema=REQUESTS)


def _requests(update: Row) -> list[Row]:
    head = {name: update[name] for name in ("id", "source", "row", "as_of", "at", "error")}
    if update["error"] is not None:
        return [head]
    return [
        {**head, **_request(number, block, update)}
        for number, block in enumerate(update["blocks"])
        if not block["quoted"]
    ]


def _request(number: int, block: Row, update: Row) -> Row:
    found = [diagnostic for diagnostic in update["diagnostics"] if diagnostic["block"] == number]
    severities = [diagnostic["severity"] for diagnostic in found]
    reason, milestone, requester = (block[name] or {} for name in ("reason", "milestone", "requester"))
    kind = milestone.get("type") or {}
    when = date_that_counts(milestone.get("dates") or [], update["as_of"]) or {}
    return {
        **{name: block[name] for name in ("template", "language", "answer_language", "unfilled", "status")},
        "block": number,
        "missing": block["missing"],
        "invalid": block["invalid"],
        "codes": [diagnostic["code"] for diagnostic in found],
        "error_count": severities.count("error"),
        "warning_count": severities.count("warning"),
        "info_count": severities.count("info"),
        "reason": reason.get("text"),
        "impact": reason.get("impact"),
        "milestone": milestone.get("text"),
        "category": kind.get("category"),
        "kind": kind.get("kind"),
        "date": when.get("start"),
        "date_end": when.get("end"),
        "date_precision": when.get("precision"),
        "date_problem": when.get("problem"),
        "days": days_to(when.get("start"), update["as_of"]),
        "name": requester.get("name"),
        "phones": [phone["e164"] or phone["raw"] for phone in requester.get("phones") or []],
        "emails": [email["address"] or email["raw"] for email in requester.get("emails") or []],
        "pagers": [pager["e164"] or pager["raw"] for pager in requester.get("pagers") or []],
        "callback": requester.get("callback"),
    }
