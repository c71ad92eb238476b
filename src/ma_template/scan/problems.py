"""Why a scan cannot go on."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from ma_template.report import Problem


class ScanError(Exception):
    """A scan cannot begin or go on; `problem` says why, and what to do."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


def failed(source: str | None, key: str, **arguments: str | int) -> ScanError:
    """Return the error for a sentence of the table `problem`."""
    return ScanError(Problem(source, key, arguments))


def failed_by(source: str | None, key: str, error: BaseException) -> ScanError:
    """Return the error for what the operating system or a library tells."""
    if isinstance(error, OSError) and error.errno:
        return ScanError(Problem.of(source, key, error))
    return failed(source, key, reason=str(error).strip().partition("\n")[0][:200] or type(error).__name__)


def no_column(source: str, given: str, names: Sequence[str]) -> ScanError:
    """Return the error for a column that is not there, with the one that may be meant."""
    lower = {name.lower()[:40]: name for name in names}
    meant = get_close_matches(given.lower()[:40], list(lower), 1)
    if meant:
        return failed(source, "scan-column-meant", given=given, meant=lower[meant[0]])
    return failed(source, "scan-column", given=given, names=", ".join(names[:20]))
