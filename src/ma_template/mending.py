"""`ma-lint fix`: mends files in place, shows what it would do, or filters standard input."""

from __future__ import annotations

import contextlib
import difflib
import os
import stat
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, TextIO

from ma_template.candidates import maybe
from ma_template.encodings import UnencodableError, encode
from ma_template.files import STANDARD_INPUT, Update, bytes_of, find, text_of
from ma_template.patterns import late
from ma_template.report import Language, Problem, visible
from ma_template.settings import Configurations, Settings
from ma_template.source import Source
from ma_template.wording import table

if TYPE_CHECKING:
    from ma_template.fixing import FixResult

UNCHANGED, WOULD_CHANGE, FAILED = 0, 1, 2

_LINES = late(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_BLANK = "\u00a0"  # stands in the published Japanese banners, but in no Japanese encoding
_COLOURS = {"+": "\x1b[32m", "-": "\x1b[31m", "@": "\x1b[36m"}


class Options(NamedTuple):
    """What `ma-lint fix` is asked for. `out` is standard output."""

    out: TextIO
    tell: Callable[[Problem], None]
    lang: Language
    configurations: Configurations
    colour: bool = False
    diff: bool = False
    check: bool = False
    modernise: bool = False
    stdin_name: str | None = None


def mend(paths: Sequence[str], options: Options) -> int:
    """Mend files, folders' files and standard input. Return the exit status.

    0: done, or nothing to do; with `check`, 1 where something would be mended; 2 where something could not be done.
    """
    return _Mender(options).mend(paths)


class _Mender:
    def __init__(self, options: Options) -> None:
        self._options = options
        self._words = table("words/fix")[options.lang]
        self._keeps = options.diff or options.check  # files as they are
        self._counts: Counter[str] = Counter()
        self._done = 0
        self._left = 0
        self._told = 0  # problems of the configuration

    def mend(self, paths: Sequence[str]) -> int:
        found: list[str | Problem] = list(find(paths))
        if self._misconfigured():
            if STANDARD_INPUT in found:
                self._give_back(bytes_of(STANDARD_INPUT, STANDARD_INPUT))
            return FAILED
        # What is said goes where no text and no diff goes.
        self._say = sys.stderr if self._options.diff or STANDARD_INPUT in found else self._options.out
        for path in found:
            problem = self._mend(path) if isinstance(path, str) else path
            if problem:
                self._counts["failed"] += 1
                self._options.tell(problem)
        self._summary()
        if self._counts["failed"] or self._told:
            return FAILED
        return WOULD_CHANGE if self._options.check and self._counts["would"] else UNCHANGED

    def _misconfigured(self) -> bool:
        """Tell what is wrong in configurations, once."""
        problems = self._options.configurations.problems
        for problem in problems[self._told :]:
            self._options.tell(problem)
        self._told = len(problems)
        return bool(problems)

    def _mend(self, path: str) -> Problem | None:
        """Mend one file. Return why that could not be done."""
        source = (path == STANDARD_INPUT and self._options.stdin_name) or path
        data = bytes_of(path, source)
        if isinstance(data, Problem):
            return data
        settings = self._options.configurations.of(source)
        if settings is None:
            self._misconfigured()
            self._counts["failed"] += 1
        problem = self._mend_text(path, source, data, settings) if settings else None
        if path == STANDARD_INPUT and (problem or not settings):
            self._give_back(data)
        return problem

    def _give_back(self, data: bytes | Problem) -> None:
        """Let what is filtered pass as it came: a filter that fails must not swallow it."""
        if isinstance(data, bytes) and not self._keeps:
            self._filter(data)

    def _mend_text(self, path: str, source: str, data: bytes, settings: Settings) -> Problem | None:
        update = text_of(data, source, settings.given.get("encoding", "auto"))
        if isinstance(update, Problem):
            return update
        if update.mail and path == STANDARD_INPUT and not self._keeps:
            return Problem(update.source, "fix-mail")
        result = self._result(update, settings)
        problem = None
        if result is not None and result.changed:
            problem = self._write(path, data, update, result)
        elif path == STANDARD_INPUT:
            self._give_back(data)
        if result is not None:
            self._tell(update, result, mended=problem is None)
        if problem is None:
            self._counts[("would" if self._keeps else "mended") if result and result.changed else "unchanged"] += 1
        return problem

    def _result(self, update: Update, settings: Settings) -> FixResult | None:
        """Return what `fix` made of a text, None where it cannot hold a request."""
        additions = settings.config.additions if "templates" in settings.given else None
        if not maybe(update.text, additions):
            return None
        from ma_template.fixing import fix

        return fix(update.text, config=settings.of_file(update.source), modernise=self._options.modernise)

    def _write(self, path: str, before: bytes, update: Update, result: FixResult) -> Problem | None:
        text, problem = result.text, None
        try:
            text, after = _encoded(update, result)
        except UnencodableError as error:
            problem = Problem(update.source, "fix-encoding", {"encoding": error.encoding, "character": error.codepoint})
            after = b""
        if update.mail:
            problem = Problem(update.source, "fix-mail")
        if self._options.diff and problem is None:
            self._show(update, text)
        if self._keeps or problem:
            return problem
        if path == STANDARD_INPUT:
            self._filter(after)
            return None
        return rewrite(path, before, after)

    def _filter(self, data: bytes) -> None:
        self._options.out.flush()
        self._options.out.buffer.write(data)

    # --- what is said

    def _tell(self, update: Update, result: FixResult, *, mended: bool) -> None:
        source = Source(update.text)
        lines = []
        if mended:
            shape = "would" if self._keeps else "mended"
            lines = [(one.span.start, shape, one.code, self._words["what"][one.what]) for one in result.applied]
            self._done += len(result.applied)
        lines += [(one.span.start, "left", one.code, self._words["why"][one.why]) for one in result.left]
        self._left += len(result.left)
        for start, shape, code, words in sorted(lines):
            line, column = source.place(start)
            told = self._words[shape].format(
                source=visible(update.source), line=line, column=column, code=code, words=words
            )
            print(told, file=self._say)

    def _summary(self) -> None:
        if not self._counts:
            return
        words = self._words
        parts = [words["parts"][name].format(count=count) for name, count in sorted(self._counts.items()) if count]
        files = _counted(words["files"], sum(self._counts.values()))
        told = words["summary"].format(files=files, parts=words["between"].join(parts))
        more = [
            _counted(words[name], count) for name, count in (("changes", self._done), ("lefts", self._left)) if count
        ]
        if more:
            told = words["also"].format(summary=told, more=words["between"].join(more))
        print(told, file=self._say)

    def _show(self, update: Update, mended: str) -> None:
        """Write a unified diff: as bytes of the text's own encoding, or so that nothing in it steers a terminal."""
        lines = list(_diff(update.source, update.text, mended))
        out = self._options.out
        if out.isatty():
            for line in lines:
                colour = _COLOURS.get(line[0]) if self._options.colour else None
                shown = visible(line.rstrip("\r\n"))
                print(f"{colour}{shown}\x1b[0m" if colour else shown, file=out)
            return
        encoding = "utf-8" if update.encoding.startswith("utf") else update.encoding
        self._filter(encode("".join(lines), encoding))


def _counted(forms: Sequence[str], count: int) -> str:
    return forms[count != 1].format(count=count)


def _diff(name: str, before: str, after: str) -> Iterator[str]:
    old, new = _LINES.findall(before), _LINES.findall(after)
    for line in difflib.unified_diff(old, new, visible(name), visible(name)):
        if line.endswith("\n"):
            yield line
        elif line.endswith("\r"):
            yield line[:-1] + "\n"
        else:
            yield line + "\n\\ No newline at end of file\n"


def _encoded(update: Update, result: FixResult) -> tuple[str, bytes]:
    """Return the mended text and its bytes in the encoding it had.

    Raises:
        UnencodableError: the encoding cannot hold what was put in.
    """
    try:
        return result.text, encode(result.text, update)
    except UnencodableError:
        from ma_template.mends import apply

        edits = [edit._replace(text=edit.text.replace(_BLANK, " ")) for edit in result.edits]
        text = apply(update.text, edits)
        return text, encode(text, update)


# ---------------------------------------------------------------------------------------------------------------------
# Writing files


def _bytes(path: str) -> bytes:
    if path == STANDARD_INPUT:
        return b""
    with open(path, "rb") as file:
        return file.read()


def rewrite(path: str, before: bytes, after: bytes) -> Problem | None:
    """Replace what a file holds, all at once. Return why that could not be done: then the file is as it was.

    It is not written where it may not be, where it no longer holds `before`, or where it is no ordinary file.
    Its permissions stay; where `path` is a link, the file that it leads to is replaced.
    """
    target = os.path.realpath(path)
    beside = os.path.join(os.path.dirname(target), f".{os.path.basename(target)[:200]}.{os.getpid()}.tmp")
    try:
        status = os.stat(target)
        if not stat.S_ISREG(status.st_mode):
            return Problem(path, "fix-special")
        if not status.st_mode & 0o222 or not os.access(target, os.W_OK):
            return Problem(path, "fix-read-only")
        try:
            with open(beside, "xb") as file:
                file.write(after)
                file.flush()
                os.fsync(file.fileno())
            with contextlib.suppress(OSError):  # only an administrator may give files away
                os.chown(beside, status.st_uid, status.st_gid)
            os.chmod(beside, stat.S_IMODE(status.st_mode))
            if _bytes(target) != before:
                return Problem(path, "fix-changed")
            os.replace(beside, target)
        finally:
            with contextlib.suppress(OSError):
                os.unlink(beside)
    except OSError as error:
        return Problem.of(path, "fix-unwritable", error)
    return None
