"""The published Arrow schemas: one row an update, and one row a request.

Names and meanings are those of the JSON report (contract, section 2). The version stands in the schema's metadata and
changes when a column changes its name, type or meaning; a new column at the end does not change it.
"""

from __future__ import annotations

import pyarrow as pa

SCHEMA_VERSION = 1

VERSION_KEY = b"ma_template.schema_version"
"""Under this key the metadata of a schema, and of a Parquet file, hold the version."""

_METADATA = {VERSION_KEY: str(SCHEMA_VERSION)}
_WORDS = pa.list_(pa.string())

SPAN = pa.struct([(name, pa.int32()) for name in ("start", "end", "line", "column", "end_line", "end_column")])

_DATE = pa.struct(
    [
        ("raw", pa.string()),
        ("role", pa.string()),
        ("start", pa.string()),
        ("end", pa.string()),
        ("precision", pa.string()),
        ("candidates", _WORDS),
        ("problem", pa.string()),
        ("span", SPAN),
    ]
)
_PHONE = pa.struct(
    [
        ("raw", pa.string()),
        ("e164", pa.string()),
        ("extension", pa.string()),
        ("valid", pa.bool_()),
        ("span", SPAN),
    ]
)
_EMAIL = pa.struct([("raw", pa.string()), ("address", pa.string()), ("valid", pa.bool_()), ("span", SPAN)])
_CONTACT = pa.struct([("name", pa.string()), ("phones", pa.list_(_PHONE)), ("emails", pa.list_(_EMAIL))])
_TYPE = pa.struct([("category", pa.string()), ("kind", pa.string()), ("raw", pa.string()), ("span", SPAN)])

BLOCK = pa.struct(
    [
        ("template", pa.string()),
        ("language", pa.string()),
        ("answer_language", pa.string()),
        ("quoted", pa.bool_()),
        ("unfilled", pa.bool_()),
        ("status", pa.string()),
        ("span", SPAN),
        ("missing", _WORDS),
        ("invalid", _WORDS),
        ("reason", pa.struct([("text", pa.string()), ("impact", pa.string()), ("span", SPAN)])),
        (
            "milestone",
            pa.struct([("text", pa.string()), ("span", SPAN), ("type", _TYPE), ("dates", pa.list_(_DATE))]),
        ),
        (
            "requester",
            pa.struct(
                [
                    ("text", pa.string()),
                    ("span", SPAN),
                    ("name", pa.string()),
                    ("phones", pa.list_(_PHONE)),
                    ("pagers", pa.list_(_PHONE)),
                    ("emails", pa.list_(_EMAIL)),
                    ("callback", pa.bool_()),
                    ("other_contacts", pa.list_(_CONTACT)),
                ]
            ),
        ),
    ]
)
"""A block as in the report."""

DIAGNOSTIC = pa.struct(
    [
        ("code", pa.string()),
        ("rule", pa.string()),
        ("severity", pa.string()),
        ("message", pa.string()),
        ("field", pa.string()),
        ("block", pa.int32()),
        ("span", SPAN),
        ("fixable", pa.bool_()),
        ("arguments", pa.string()),
    ]
)
"""A diagnostic as in the report; its `arguments`, whose kinds differ from rule to rule, are a JSON object as text."""

_UPDATE = [
    ("id", pa.string()),
    ("source", pa.string()),
    ("row", pa.int64()),
    ("as_of", pa.date32()),
    ("at", pa.timestamp("us", "UTC")),
    ("error", pa.string()),
]

SCHEMA = pa.schema(
    [
        *_UPDATE,
        ("status", pa.string()),
        ("block_count", pa.int32()),
        ("request_count", pa.int32()),
        ("complete_count", pa.int32()),
        ("error_count", pa.int32()),
        ("warning_count", pa.int32()),
        ("info_count", pa.int32()),
        ("blocks", pa.list_(BLOCK)),
        ("diagnostics", pa.list_(DIAGNOSTIC)),
    ],
    metadata=_METADATA,
)
"""One row an update, in the order of the input.

`id`: what the input's own id column says. `source`, `row`: the file and the row in it, counted from 1; null from the
library. `as_of`: the day the update is judged at; `at`: the moment, where a time stamp was given. `error`: why the row
could not be checked (see `ERRORS`), null where it was; then all that follows is null. `status`, `blocks`,
`diagnostics`: as in the report. `block_count`: all blocks, `request_count`: those neither quoted nor unfilled,
`complete_count`: the complete ones of these; `error_count`, `warning_count`, `info_count`: the diagnostics.
"""

REQUESTS = pa.schema(
    [
        *_UPDATE,
        ("block", pa.int32()),
        ("template", pa.string()),
        ("language", pa.string()),
        ("answer_language", pa.string()),
        ("unfilled", pa.bool_()),
        ("status", pa.string()),
        ("missing", _WORDS),
        ("invalid", _WORDS),
        ("codes", _WORDS),
        ("error_count", pa.int32()),
        ("warning_count", pa.int32()),
        ("info_count", pa.int32()),
        ("reason", pa.string()),
        ("impact", pa.string()),
        ("milestone", pa.string()),
        ("category", pa.string()),
        ("kind", pa.string()),
        ("date", pa.string()),
        ("date_end", pa.string()),
        ("date_precision", pa.string()),
        ("date_problem", pa.string()),
        ("days", pa.int32()),
        ("name", pa.string()),
        ("phones", _WORDS),
        ("emails", _WORDS),
        ("pagers", _WORDS),
        ("callback", pa.bool_()),
    ],
    metadata=_METADATA,
)
"""One row a request: every block that is not quoted, and one row for every update that could not be checked.

`block`: the index of the block in its update. `codes`: its diagnostics, in order, each as often as it was found, which
the three counts sum up. `date`: the milestone date that counts, the nearest one from `as_of` on, else the last one;
`days`: from `as_of` to it, less than zero for the past. `phones`, `emails`, `pagers`: the number in E.164 or the
address, as written where it is not valid. `error` and what comes before it are as in `SCHEMA`.
"""

_CHANGE = pa.struct([("field", pa.string()), ("kind", pa.string()), ("before", _WORDS), ("after", _WORDS)])

HISTORY = pa.schema(
    [
        ("id", pa.string()),
        ("number", pa.int32()),
        ("at", pa.timestamp("us", "UTC")),
        ("as_of", pa.date32()),
        ("source", pa.string()),
        ("row", pa.int64()),
        ("block", pa.int32()),
        ("last", pa.bool_()),
        ("status", pa.string()),
        ("missing", _WORDS),
        ("invalid", _WORDS),
        ("changes", pa.list_(_CHANGE)),
        ("repeats", pa.int32()),
        ("in_a_row", pa.int32()),
        ("frequent", pa.bool_()),
        ("category", pa.string()),
        ("milestone", pa.string()),
        ("days", pa.int32()),
    ],
    metadata=_METADATA,
)
"""One row a request in the history of its SR (`id`), in time order; the columns are those of
`ma_template.PastRequest`. `last`: it is the SR's last request, and what is missing or invalid in it is open.
"""

ERRORS = ("null", "not-text", "undecodable", "too-large", "malformed", "as-of-invalid", "region-invalid", "failed")
"""What `error` may say; the words are stable.

null: there is no text. not-text: the value is a number or the like. undecodable: its bytes are no text in the encoding.
too-large: longer than the limit. malformed (`ma-lint scan` only): the row itself cannot be read. as-of-invalid,
region-invalid: the row's time stamp or region. failed: the check itself failed, which is a mistake of ours.
"""
