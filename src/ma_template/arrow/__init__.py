"""Updates in Arrow tables, and results as Arrow tables (extra `arrow`).

    from ma_template.arrow import check_batch
    results = check_batch(batch, text="body", id="sr", as_of="updated_at")

The schemas are published: `SCHEMA` (one row an update) and `REQUESTS` (one row a request).
"""

from ma_template.arrow.batches import LARGEST, BatchCheck, check_batch, check_table
from ma_template.arrow.flat import requests
from ma_template.arrow.past import history_table
from ma_template.arrow.schema import ERRORS, HISTORY, REQUESTS, SCHEMA, SCHEMA_VERSION

__all__ = [
    "ERRORS",
    "HISTORY",
    "LARGEST",
    "REQUESTS",
    "SCHEMA",
    "SCHEMA_VERSION",
    "BatchCheck",
    "check_batch",
    "check_table",
    "history_table",
    "requests",
]
