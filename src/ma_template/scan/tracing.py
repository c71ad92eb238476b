"""`ma-lint history`: the histories of SRs from results, and from updates, which are scanned first."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator

from ma_template.arrow.past import by_sr
from ma_template.histories import History, history_of
from ma_template.scan.inputs import find
from ma_template.scan.past import Totals, holds_results, results
from ma_template.scan.problems import failed
from ma_template.scan.scanning import Options, scan


def histories(options: Options, totals: Totals) -> Iterator[History]:
    """Yield the history of every SR that has a request, in the order in which SRs first appear.

    Raises:
        ScanError: an input cannot be read, or says of no update which SR it belongs to.
    """
    given = find(options.inputs)
    known = {one.path: holds_results(one) for one in given}
    updates = [path for path, held in known.items() if not held]
    if updates and options.columns.id is None:
        raise failed(updates[0], "history-no-id-column")
    with tempfile.TemporaryDirectory(prefix="ma-lint-") as folder:
        if updates:
            scanned = os.path.join(folder, "results.parquet")
            scan(options._replace(inputs=updates, output=scanned, view="updates"), _quiet, _quiet)
            # In the place of the first of them: the order of SRs is that of the inputs.
            given = [one for one in given if known[one.path] or one.path == updates[0]]
            given = [one if known[one.path] else find([scanned])[0] for one in given]
        found = 0
        for sr, rows in by_sr(results(given, totals)):
            found += 1
            yield history_of(sr, rows, options.config)
        if totals.homeless and not found:
            raise failed(None, "history-no-ids")


def _quiet(*_: object) -> None:
    """Say nothing: the histories are what is asked for."""
