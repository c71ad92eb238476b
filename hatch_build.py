"""Compiles the tables of grammar/ when the package is built or installed: what `wording.table` then reads."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompiledTables(BuildHookInterface):
    """Writes each compiled table beside the table, from where the wheel takes it."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Do it."""
        sys.path.insert(0, str(Path(self.root, "src")))
        from ma_template.wording import compile_tables

        compile_tables(Path(self.root, "grammar"))
