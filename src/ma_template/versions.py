"""What `ma-lint --version --verbose` tells: everything that a reading can depend on, for reports of faults."""

from __future__ import annotations

import platform
import sys
import unicodedata
from importlib import metadata, resources
from pathlib import Path
from zoneinfo import TZPATH

_LIBRARIES = (
    "lark", "pydantic", "pydantic-core", "phonenumbers", "email-validator", "dnspython", "idna", "rapidfuzz", "wcwidth",
    "rich",
)  # fmt: skip


def versions() -> str:
    """Return one line a component: its name and its version, `-` where it is not installed."""
    rows = [("Python", f"{platform.python_version()} ({platform.python_implementation()}, {sys.platform})")]
    rows += [(name, _version(name)) for name in _LIBRARIES]
    rows += [
        ("telephone numbering plans", _version("phonenumbers")),  # libphonenumber's: the package is numbered after it
        ("time zones", _time_zones()),
        ("Unicode", unicodedata.unidata_version),
    ]
    width = max(len(name) for name, _ in rows)
    return "".join(f"{name:<{width}}  {version}\n" for name, version in rows)


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "-"


def _time_zones() -> str:
    """Return the version of the time zones: of the system, or where it has none, of the package tzdata."""
    for folder in map(Path, TZPATH):
        for name in ("tzdata.zi", "+VERSION"):
            if (folder / name).is_file():
                with (folder / name).open(encoding="utf-8", errors="replace") as file:
                    return file.readline().removeprefix("# version").strip() + " (system)"
        if (folder / "UTC").is_file():
            return "of the system"
    try:
        zones = resources.files("tzdata").joinpath("zoneinfo/tzdata.zi").read_text("utf-8")
    except (ModuleNotFoundError, OSError):
        return "-"
    return zones.partition("\n")[0].removeprefix("# version").strip() + " (tzdata)"
