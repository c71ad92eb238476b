"""Where the settings of `ma-lint` come from: the defaults, then the nearest configuration file, then the command line.

Everything wrong in a file is told with its line and key, in the reader's language; nothing is raised for it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from ma_template import zones
from ma_template.patterns import late
from ma_template.report import Problem

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

    from ma_template.choices import Plain
    from ma_template.config import LintConfig

OWN_FILE = "ma-lint.toml"
SHARED_FILE = "pyproject.toml"

_OURS = late(r"""\s*\[+\s*tool\s*\.\s*["']?ma-lint\b""")
_TOML_PLACE = late(r"(?P<reason>.*) \(at (?:line (?P<line>\d+), column \d+|end of document)\)", re.DOTALL)

_Path = tuple[str | int, ...]


class Origin(NamedTuple):
    """Who set something: a file (with the line, from 1), or else the command line."""

    file: str | None
    line: int | None = None


class Settings:
    """The settings in force for some files.

    Attributes:
        given: field name -> value, as the file and the command line give it; the rest is as by default.
        origins: field name -> who gave it.
        file: the configuration file, as it is shown; None without one.
    """

    def __init__(self, given: Mapping[str, Any], origins: Mapping[str, Origin], file: str | None = None) -> None:
        self.given = given
        self.origins = origins
        self.file = file
        self._folder = os.path.dirname(os.path.abspath(file)) if file else None

    @cached_property
    def config(self) -> LintConfig:
        """The whole of the settings, validated; the models are loaded only now.

        Raises:
            pydantic.ValidationError: a value makes no sense.
        """
        from ma_template.config import LintConfig

        return LintConfig.model_validate(self.given)

    @property
    def plain(self) -> Plain | None:
        """The settings without the models, None where there is something in them that only the models can judge."""
        if self.file is not None or _judged(self.given):
            return None
        from ma_template.choices import Plain

        return Plain(**{name: value for name, value in self.given.items() if name != "strict"})

    def of_file(self, path: str) -> LintConfig:
        """Return the settings for one file: per-file ignores are worked in."""
        config = self.config
        if self._folder is None or not config.per_file_ignores:
            return config
        beside = os.path.relpath(os.path.abspath(path), self._folder).replace(os.sep, "/")
        names = (os.path.basename(path), beside)
        codes = tuple(
            code
            for pattern, ignored in config.per_file_ignores.items()
            if any(fnmatchcase(name, pattern) for name in names)
            for code in ignored
        )
        return config.model_copy(update={"extend_ignore": (*config.extend_ignore, *codes)}) if codes else config


class Configurations:
    """Finds and reads the configuration files of a run, each once.

    Args:
        given: field name -> value of what the command line gives; it wins over any file.
        file: the one file for all (`--config`); None: the nearest above each path.
        isolated: read no file at all.

    `problems` says what is wrong: in the command line from the beginning, in files once they are needed.
    """

    def __init__(self, given: Mapping[str, Any], file: str | None = None, *, isolated: bool = False) -> None:
        self.problems: list[Problem] = []
        self._given = given
        self._file = file
        self._isolated = isolated
        self._nearest: dict[str, str | None] = {}
        self._read: dict[str | None, Settings | None] = {}
        if _judged(given):
            from pydantic import ValidationError

            from ma_template.config import LintConfig

            try:
                LintConfig.model_validate(given)
            except ValidationError as error:
                self.problems += _problems(error, lambda path: (None, f"--{_kebab(path[0])}"))

    def of(self, path: str) -> Settings | None:
        """Return the settings for a file or folder; None where the configuration is wrong: `problems` says how."""
        file = self._file
        if file is None and not self._isolated:
            folder = os.path.abspath(path)
            file = self._above(folder if os.path.isdir(folder) else os.path.dirname(folder))
        if file not in self._read:
            self._read[file] = self._settings(file)
        return self._read[file]

    def _above(self, folder: str) -> str | None:
        if folder not in self._nearest:
            found = None
            if os.path.lexists(os.path.join(folder, OWN_FILE)):
                found = os.path.join(folder, OWN_FILE)
            elif _is_ours(os.path.join(folder, SHARED_FILE)):
                found = os.path.join(folder, SHARED_FILE)
            elif folder != os.path.dirname(folder):
                found = self._above(os.path.dirname(folder))
            self._nearest[folder] = found
        return self._nearest[folder]

    def _settings(self, file: str | None) -> Settings | None:
        origins = dict.fromkeys(self._given, Origin(None))
        if file is None:
            return Settings(self._given, origins)
        read = _File(_shown(file))
        if read.problems:
            self.problems += read.problems
            return None
        return Settings({**read.given, **self._given}, {**read.origins, **origins}, read.name)


def _judged(given: Mapping[str, Any]) -> bool:
    """Return whether there is something among the options of a command line that only the models can judge."""
    if not given.keys() <= {"region", "date_order", "offsets", "require", "check_mail_domain", "strict"}:
        return True
    if "region" not in given:
        return False
    from ma_template.judges import is_region

    return not is_region(given["region"])


def _is_ours(path: str) -> bool:
    """Return whether a pyproject.toml holds our table, or would, if it could be read."""
    try:
        with open(path, "rb") as file:
            text = file.read().decode("utf-8", "replace")
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return False
    except OSError:
        return True
    if "ma-lint" not in text:
        return False
    import tomllib  # most runs have no file to read

    try:
        tool = tomllib.loads(text).get("tool")
        return isinstance(tool, dict) and "ma-lint" in tool
    except (tomllib.TOMLDecodeError, RecursionError):
        return any(map(_OURS.match, text.split("\n")))


def _shown(path: str) -> str:
    """Return a path as people write it: from here, where it is below."""
    try:
        beside = os.path.relpath(path)
    except ValueError:  # another drive
        return path
    return path if beside.startswith(os.pardir) else beside


def _kebab(name: str | int) -> str:
    return str(name).replace("_", "-")


class _File:
    """One configuration file, read. Without `problems`, `given` is valid."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.given: dict[str, Any] = {}
        self.origins: dict[str, Origin] = {}
        self.problems: list[Problem] = []
        self._text = ""
        self._written: dict[str, str] = {}  # field name -> key as it stands in the file
        table = self._table()
        if table is not None:
            self._take(table)

    def _table(self) -> dict[str, Any] | None:
        """Return the table with our keys, None where there is something wrong."""
        import tomllib

        try:
            with open(self.name, "rb") as file:
                self._text = file.read().decode("utf-8-sig").replace("\r\n", "\n")
            data = tomllib.loads(self._text)
        except OSError as error:
            missing = isinstance(error, FileNotFoundError)
            self.problems.append(_wrong(self.name, "config-missing") if missing else _unreadable(self.name, error))
            return None
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            self.problems.append(_wrong(f"{self.name}:{line}", "config-encoding"))
            return None
        except tomllib.TOMLDecodeError as error:
            place = _TOML_PLACE.fullmatch(str(error))
            line = int(place["line"]) if place and place["line"] else self._text.rstrip("\n").count("\n") + 1
            reason = place["reason"] if place else str(error)
            self.problems.append(_wrong(f"{self.name}:{line}", "toml", {"reason": reason}))
            return None
        except RecursionError:
            self.problems.append(_wrong(self.name, "toml", {"reason": "arrays nested too deeply"}))
            return None
        inner = self._ours(data)
        if isinstance(inner, dict):
            return inner
        self.problems.append(_wrong(self._place(()), "table", {"key": "tool.ma-lint"}))
        return None

    def _ours(self, data: dict[str, Any]) -> Any:
        name = os.path.basename(self.name)
        if name == OWN_FILE or (name != SHARED_FILE and "tool" not in data):
            return data
        tool = data.get("tool", {})
        return tool.get("ma-lint", {}) if isinstance(tool, dict) else None

    def _take(self, table: dict[str, Any]) -> None:
        from pydantic import ValidationError

        from ma_template.config import LintConfig

        names = {_kebab(name): name for name in LintConfig.model_fields}
        for written, value in table.items():
            name = names.get(_kebab(written))  # the library's spelling, with underscores, will do
            if name in self._written:
                twice = {"key": written, "other": self._written[name]}
                self.problems.append(_wrong(self._place((written,)), "key-twice", twice))
            elif name is not None:
                self.given[name] = value
                self._written[name] = written
                self.origins[name] = Origin(self.name, self._line((written,)))
            elif written == "tool":
                self.problems.append(_wrong(self._place((written,)), "key-tool"))
            else:
                self.problems.append(_unknown("key", written, names, self._place((written,)), {"key": written}))
        try:
            LintConfig.model_validate(self.given)
        except ValidationError as error:
            self.problems += _problems(error, self._where)
        self.problems.sort(key=lambda problem: int(str(problem.arguments["where"]).rpartition(":")[2]))

    def _where(self, path: _Path) -> tuple[str | None, str]:
        written = (self._written[str(path[0])], *path[1:])
        return self._place(written), ".".join(part for part in written if isinstance(part, str))

    def _place(self, path: _Path) -> str:
        line = self._line(path)
        return f"{self.name}:{line}" if line else self.name

    def _line(self, path: _Path) -> int | None:
        """Return the line of a key, or of the nearest one above it."""
        while path:
            for whole in (path, ("tool", "ma-lint", *path)):
                if whole in self._lines:
                    return self._lines[whole]
            path = path[:-1]
        return self._lines.get(("tool", "ma-lint"))

    def _begins(self, rows: list[str]) -> bool:
        import tomllib

        try:
            data = tomllib.loads("\n".join(rows))
        except tomllib.TOMLDecodeError:
            return False  # it looked like a header, within a text of several lines
        return bool(self._ours(data) == self._ours(tomllib.loads(self._text)))

    @cached_property
    def _lines(self) -> dict[_Path, int]:
        """Where each key and item stands. The library does not say; but a key is not there until its line is read."""
        import tomllib

        rows = self._text.split("\n")
        # A long file that is shared with other tools is read from our table on.
        first = next((number for number, row in enumerate(rows) if _OURS.match(row) and self._begins(rows[number:])), 0)
        found: dict[_Path, int] = {}
        begins = first
        for end in range(first + 1, len(rows) + 1):
            try:
                data = tomllib.loads("\n".join(rows[first:end]))
            except tomllib.TOMLDecodeError:
                continue  # within a statement of several lines
            for path in _paths(data):
                found.setdefault(path, begins + 1)
            begins = end
        return found


def _paths(value: Any, above: _Path = ()) -> Iterator[_Path]:
    inner: Iterable[tuple[str | int, Any]] = ()
    if isinstance(value, dict):
        inner = value.items()
    elif isinstance(value, list):
        inner = enumerate(value)
    for name, item in inner:
        yield (*above, name)
        yield from _paths(item, (*above, name))


# ---------------------------------------------------------------------------------------------------------------------
# What is wrong with a value


def _wrong(where: str | None, key: str, told: Mapping[str, str | int] = MappingProxyType({})) -> Problem:
    """Return a problem of the settings: no update is its source. `where` is a place in a file; None: an option."""
    return Problem(None, key, {**told, "where": where} if where else dict(told))


def _unreadable(name: str, error: OSError) -> Problem:
    problem = Problem.of(None, "unreadable", error)
    return problem._replace(arguments={**problem.arguments, "where": name})


_CODES = ("select", "extend_select", "ignore", "extend_ignore", "severity", "per_file_ignores")


def _problems(error: ValidationError, where: Callable[[_Path], tuple[str | None, str]]) -> list[Problem]:
    """Return what a validation found, in words of ours. `where` gives the source and the key as people write it."""
    found = []
    for fault in error.errors(include_url=False):
        path = tuple(part for part in fault["loc"] if part != "[key]")
        source, key = where(path)
        found.append(_problem(fault, path, source, key))
    return found


def _problem(fault: ErrorDetails, path: _Path, source: str | None, key: str) -> Problem:
    field, given = str(path[0]), str(fault["input"])[:60]
    told: dict[str, str | int] = {"key": key, "given": given}
    kind = fault["type"]
    if kind == "literal_error":
        choices = re.findall(r"'([^']*)'", str(fault.get("ctx", {}).get("expected", "")))
        if field == "milestones":
            return _unknown("category", given, choices, source, told)
        if fault["loc"][-1] == "[key]":
            return _unknown("key", given, choices, source, told)
        return _unknown("choice", given, choices, source, {**told, "choices": ", ".join(choices)})
    if kind == "extra_forbidden":
        from ma_template.config import TemplateWording

        return _unknown("key", str(path[-1]), TemplateWording.model_fields, source, told)
    if kind == "value_error":
        if field == "timezone" and not zones.known():
            return _wrong(source, "no-zones", told)
        if field in ("region", "timezone"):
            return _wrong(source, field, told)
        if field == "encoding":
            from ma_template.encodings import UnknownEncodingError

            raised = fault.get("ctx", {}).get("error")
            meant = raised.meant if isinstance(raised, UnknownEncodingError) else None
            return _wrong(source, "encoding-meant" if meant else "encoding", {**told, "meant": meant or ""})
        if field in _CODES:
            return unknown_rule(given, source)
        return _wrong(source, "no-letters", told)
    if kind == "missing":
        return _wrong(source, "key-missing", told)
    if kind == "string_too_long":
        return _wrong(source, "too-long", told)
    if field == "fiscal_year_start":
        return _wrong(source, "month", told)
    if field.startswith(("max_", "frequent_")):
        return _wrong(source, "count", told)
    wanted = {"bool": "boolean", "string": "text", "tuple": "list", "dict": "table", "model": "table"}
    return _wrong(source, wanted.get(kind.partition("_")[0], "value"), {**told, "reason": fault["msg"]})


def _unknown(what: str, given: str, known: Iterable[str], source: str | None, told: Mapping[str, str | int]) -> Problem:
    meant = nearest(given.lower().replace("_", "-"), list(known))
    return _wrong(source, f"{what}-meant" if meant else what, {**told, "given": given, "meant": meant or ""})


def unknown_rule(given: str, source: str | None = None) -> Problem:
    """Return the problem of a code or rule name that there is not, with the one that was probably meant."""
    from ma_template.rules import RULES

    codes = {rule.name: rule.code for rule in RULES.values()}
    meant = nearest(given.upper(), list(codes.values())) or codes.get(nearest(given.lower(), list(codes)) or "")
    if meant:
        return _wrong(source, "rule-meant", {"given": given, "meant": f"{meant} ({RULES[meant].name})"})
    return _wrong(source, "rule", {"given": given})


def nearest(given: str, known: Sequence[str]) -> str | None:
    """Return the known word that this one comes nearest to, None if none is near."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(given[:40], known, 1)), None)
