"""Every regular expression of the package, as it is compiled: `python tests/patterns_in_use.py` prints them as JSON.

Run in a process of its own, where nothing is compiled yet. Most patterns are made of the tables of `grammar/`, so the
source is read for the places where one is compiled, and the package is made to come by those where it is not written
out.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import io
import json
import pkgutil
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import ma_template
from ma_template import patterns

PACKAGE = Path(ma_template.__file__).parent
FIXTURES = Path(__file__).parents[1] / "fixtures"
_TAKES_A_PATTERN = {"compile", "search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"}


class Use(NamedTuple):
    """A pattern, where in the package it is compiled (`file:line`), and how it is asked."""

    source: str | bytes
    flags: int
    place: str
    mode: str


class Site(NamedTuple):
    """A place in the source that compiles a pattern: file, lines, the pattern if it is written out, and its name."""

    file: str
    first: int
    last: int
    written: str | bytes | None
    flags: int
    name: str  # of what is called for it, or of what it is assigned to; empty where there is none


def sites() -> Iterator[Site]:
    """Yield each place in the package that compiles a pattern."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if path == Path(patterns.__file__):
            continue
        tree = ast.parse(path.read_text("utf-8"))
        names = {id(call): name for name, calls in _named(tree) for call in calls}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args and (of := _compiles(node.func)):
                given = [*node.args[1:2], *(word.value for word in node.keywords if word.arg == "flags")]
                words = {name.attr for value in given for name in ast.walk(value) if isinstance(name, ast.Attribute)}
                flags = sum(
                    int(getattr(re, word)) for word in words if isinstance(getattr(re, word, None), re.RegexFlag)
                )
                written = node.args[0].value if isinstance(node.args[0], ast.Constant) else None
                name = names.get(id(node), "") if of in ("late", "compile") else f"re.{of}"
                file = path.relative_to(PACKAGE).as_posix()
                yield Site(file, node.lineno, node.end_lineno or node.lineno, written, flags, name)  # type: ignore[arg-type]


def _named(tree: ast.Module) -> Iterator[tuple[str, list[ast.expr]]]:
    """Yield the names of a module that stand for a pattern alone: assigned, or returned by a function."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, [node.value]
        elif isinstance(node, ast.FunctionDef):
            returned = [inner.value for inner in ast.walk(node) if isinstance(inner, ast.Return) and inner.value]
            if "Pattern[" in ast.unparse(node.returns or ast.Constant("")) and len(returned) == 1:
                yield f"{node.name}()", returned


def _compiles(called: ast.expr) -> str | None:
    if isinstance(called, ast.Name):
        return called.id if called.id == "late" else None
    if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id == "re":
        return called.attr if called.attr in _TAKES_A_PATTERN else None
    return None


def asked() -> dict[tuple[str, str], set[str]]:
    """Return by which methods each name of each module is asked; "?" where it is handed on."""
    found: dict[tuple[str, str], set[str]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        own = path.relative_to(PACKAGE).as_posix()
        homes = {name: own for name, _ in _named(tree)}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("ma_template."):
                home = (node.module or "").removeprefix("ma_template.").replace(".", "/")
                home = f"{home}.py" if (PACKAGE / f"{home}.py").exists() else f"{home}/__init__.py"
                homes |= {alias.asname or alias.name: home for alias in node.names}
                homes |= {f"{alias.asname or alias.name}()": home for alias in node.names}
        told: set[int] = set()
        kept = {  # local names of what a function returned
            node.targets[0].id: node.value.func
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
            and isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Name)
        }  # fmt: skip
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute):
                called = isinstance(node.value, ast.Call)
                inner = node.value.func if isinstance(node.value, ast.Call) else node.value
                if isinstance(inner, ast.Name):
                    told.add(id(inner))
                    name = f"{inner.id}()" if called else inner.id
                    found.setdefault((homes.get(name, own), name), set()).add(node.attr)
                    if not called and (maker := kept.get(inner.id)) is not None:
                        told.add(id(maker))
                        name = f"{maker.id}()"
                        found.setdefault((homes.get(name, own), name), set()).add(node.attr)
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and id(node) not in told:
                for name in (node.id, f"{node.id}()"):
                    found.setdefault((homes.get(name, own), name), set()).add("?")
    return found


def _mode(site: Site | None, methods: dict[tuple[str, str], set[str]]) -> str:
    if site is None or not site.name:
        return "search"
    ways = {site.name[3:]} if site.name.startswith("re.") else methods.get((site.file, site.name), {"?"})
    return "fullmatch" if ways <= {"fullmatch"} else "match" if ways <= {"match", "fullmatch"} else "search"


def watch() -> list[Use]:
    """Return the list to which every pattern is added from now on that the package compiles."""
    seen: list[Use] = []
    compiled, made = re._compile, patterns._Late.__init__  # type: ignore[attr-defined]

    def note(source: Any, flags: Any, depth: int) -> None:
        frame = sys._getframe(depth)
        while frame.f_code.co_filename in (re.__file__, patterns.__file__):
            if frame.f_code.co_name == "__getattr__":
                return  # a late pattern, noted when it was made
            frame = frame.f_back  # type: ignore[assignment]
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(PACKAGE) and isinstance(source, str | bytes):
            seen.append(Use(source, int(flags), f"{path.relative_to(PACKAGE).as_posix()}:{frame.f_lineno}", ""))

    def compile_and_note(source: Any, flags: Any) -> Any:
        note(source, flags, 2)
        return compiled(source, flags)

    def make_and_note(late: Any, source: Any, flags: int) -> None:
        note(source, flags, 2)
        made(late, source, flags)

    re._compile = compile_and_note  # type: ignore[attr-defined]
    patterns._Late.__init__ = make_and_note  # type: ignore[method-assign]
    return seen


def come_by() -> None:
    """Let the package compile what it compiles of its tables, and of a company's own words."""
    for module in pkgutil.walk_packages(ma_template.__path__, "ma_template."):
        if not module.name.endswith("__main__"):
            for value in list(vars(importlib.import_module(module.name)).values()):
                made = getattr(value, "__wrapped__", None)  # cached, of the tables alone
                if (
                    made is not None
                    and "Pattern" in str(made.__annotations__.get("return"))
                    and not inspect.signature(made).parameters
                ):
                    value()
    from ma_template import Config, check, fix
    from ma_template.encodings import decode
    from ma_template.scan import csvs

    list(csvs.cut(io.BytesIO(b"x" * 3_000_000 + b"\n"), ",", 1_000, 1_000))  # type: ignore[arg-type]
    for codec in ("cp932", "cp1252"):
        decode("お客様の業務が停止しています。déjà vu".encode(codec, "ignore"))
    form = {
        "language": "en",
        "banner": "Executive Attention Needed",
        "prompts": {"reason": "Tell us why, and what it costs"},
    }
    own = Config.model_validate(
        {
            "templates": [form],
            "placeholders": ["see mail", "別途メール"],
            "milestones": {"launch": ["grand opening", "開局"]},
        }
    )
    for path in sorted(FIXTURES.glob("[dbg]*/**/*.txt")):
        text = path.read_bytes().decode()
        check(text, as_of="2026-11-23", fiscal_year_start=4)
        check(text, as_of="2026-11-23", config=own)
        fix(text)


def found() -> tuple[list[Use], list[str]]:
    """Return every pattern, and the places where one is compiled that is not among them."""
    seen = watch()
    come_by()
    methods, missed, homes = asked(), [], {}
    for site in sites():
        lines = [f"{site.file}:{line}" for line in range(site.first, site.last + 1)]
        homes |= dict.fromkeys(lines, site)
        if site.written is not None:
            seen.append(Use(site.written, site.flags, lines[0], ""))
        elif not any(use.place in lines for use in seen):
            missed.append(lines[0])
    strict: dict[tuple[str | bytes, int], Use] = {}
    for use in seen:
        known = use._replace(flags=use.flags & ~re.UNICODE, mode=_mode(homes.get(use.place), methods))
        other = strict.setdefault((known.source, known.flags), known)
        if known.mode == "search" and other.mode != "search":  # the same pattern is asked in several ways
            strict[known.source, known.flags] = known
    return [*strict.values()], missed


def main() -> None:
    uses, missed = found()
    shown = [
        {**use._asdict(), "source": use.source if isinstance(use.source, str) else use.source.decode("latin-1"),
         "raw": isinstance(use.source, bytes)} for use in uses
    ]  # fmt: skip
    json.dump({"patterns": shown, "missed": missed}, sys.stdout)


if __name__ == "__main__":
    main()
