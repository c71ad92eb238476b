"""Regular expressions that are compiled when they are first used.

A short run uses few of them, and compiling them all takes longer than all else that it does.
"""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast


class _Late:
    def __init__(self, source: str | bytes, flags: int) -> None:
        self._source = source
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        # Called for what is not there yet, so for each method once.
        value = getattr(re.compile(self._source, self._flags), name)
        setattr(self, name, value)
        return value


def late(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return what `re.compile` does, but compiled when the first of its methods is called for."""
    return cast("re.Pattern[AnyStr]", _Late(source, flags))
