"""What a scan has done so far, kept in a folder beside its output until that is whole.

A part stands under its own name only when it is whole, and counts once its counts stand beside it. Whoever ends the
scan, and however, the next one finds either all of a part or nothing.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import sys
from collections.abc import Mapping
from typing import IO, Any

import pyarrow as pa

from ma_template.scan.problems import failed, failed_by

Facts = dict[str, Any]


class Parts:
    """The parts of the results, and what else is kept in the folder. It may be sent to other processes."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def path(self, name: str) -> str:
        """Return where something of the scan is kept."""
        return os.path.join(self.folder, name)

    def part(self, number: int) -> str:
        """Return where a part of the results is kept."""
        return self.path(f"{number:08}.arrow")

    def counts(self, number: int) -> Facts | None:
        """Return the counts of a part that is done, None where it is still to be done."""
        found = self.load(f"{number:08}.json")
        if found is None:
            return None
        try:
            with pa.OSFile(self.part(number)) as file:
                pa.ipc.open_file(file)
        except (OSError, pa.ArrowException):  # a machine that lost its power
            return None
        return found

    def done(self, number: int, made: str, counts: Facts) -> None:
        """Keep the part that stands in the file `made`."""
        os.replace(made, self.part(number))
        self.store(f"{number:08}.json", counts)

    def spool(self, number: int, data: bytes) -> str:
        """Keep unpacked data in a file; return its path."""
        path = self.path(f"{number:08}.input")
        with open(path, "wb") as file:
            file.write(data)
        return path

    def load(self, name: str) -> Facts | None:
        """Return what was stored under a name, None if nothing whole was."""
        try:
            with open(self.path(name), encoding="utf-8") as file:
                return json.load(file)  # type: ignore[no-any-return]
        except (FileNotFoundError, ValueError):
            return None

    def store(self, name: str, facts: Facts) -> None:
        """Store something under a name, whole or not at all."""
        beside = self.path(f"{name}.{os.getpid()}.tmp")
        with open(beside, "w", encoding="utf-8") as file:
            json.dump(facts, file)
        os.replace(beside, self.path(name))


class Journal:
    """The folder of a scan, held by one process.

    Args:
        output: the path of the output.
        facts: all that decides what the results are, by the name under which a person knows it; a scan goes on only
            where they are the same as before.
        resume: go on with what is there.
        overwrite: begin anew where something is there.

    Attributes:
        facts: the facts with which the scan was begun.
        finished: what was stored at the end, if the scan had come so far; only the output is to appear then.

    Raises:
        ScanError: it cannot go on so.
    """

    def __init__(self, output: str, facts: Facts, *, resume: bool, overwrite: bool) -> None:
        self._output = output
        self._target = os.path.realpath(output)
        folder, name = os.path.split(self._target)
        self.parts = Parts(os.path.join(folder, f".{name}.scan"))
        self.facts = facts
        self.finished: Facts | None = None
        self._lock: IO[str] | None = None
        try:
            self._open(resume=resume, overwrite=overwrite)
        except BaseException as error:
            self.close()
            if isinstance(error, OSError):
                raise failed_by(output, "scan-unwritable", error) from None
            raise

    def _open(self, *, resume: bool, overwrite: bool) -> None:
        folder = self.parts.folder
        known = os.path.isdir(folder)
        if known and not (resume or overwrite):
            raise failed(self._output, "scan-unfinished", folder=folder)
        if not known:
            os.mkdir(folder, 0o700)
        self._take_lock()
        before = self.parts.load("facts.json") if known and resume else None
        if before is None:
            for name in os.listdir(folder):
                if name != "lock":
                    os.unlink(self.parts.path(name))
            self.parts.store("facts.json", self.facts)
            return
        for name, value in json.loads(json.dumps(self.facts)).items():
            if name in before and value != before[name] and name != "today":
                raise failed(self._output, "scan-other", what=name)
        self.facts = before
        self.finished = self.parts.load("finished.json")

    def _take_lock(self) -> None:
        """See that nobody else works in the folder. The lock ends with the process, however that ends."""
        self._lock = open(self.parts.path("lock"), "w")  # noqa: SIM115 (open as long as the scan goes)
        if sys.platform == "win32":
            return
        import fcntl

        try:
            fcntl.lockf(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EACCES, errno.EAGAIN):
                raise
            raise failed(self._output, "scan-busy") from None

    def finish(self, outputs: Mapping[str, str], facts: Facts) -> None:
        """Let the outputs appear, and the folder go. `outputs`: where each was made, and where it is to stand.

        What was moved before the scan was ended once is not moved again.
        """
        try:
            if self.finished is None:
                self.parts.store("finished.json", facts)
                self.finished = facts
            for made, target in outputs.items():
                if os.path.exists(made):
                    try:
                        _move(made, os.path.realpath(target))
                    except OSError as error:
                        raise failed_by(target, "scan-unwritable", error) from None
            last = ("finished.json", "facts.json", "lock")
            names = os.listdir(self.parts.folder)
            for name in sorted(names, key=lambda name: last.index(name) if name in last else -1):
                with contextlib.suppress(OSError):
                    os.unlink(self.parts.path(name))
        except OSError as error:
            raise failed_by(self._output, "scan-unwritable", error) from None
        self.close()
        with contextlib.suppress(OSError):
            os.rmdir(self.parts.folder)

    def close(self) -> None:
        """Let go of the folder; it stays, for a scan that goes on."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None


def _move(made: str, target: str) -> None:
    """Let a file appear whole, on another disk too."""
    beside = os.path.join(os.path.dirname(target), f".{os.path.basename(target)}.{os.getpid()}.tmp")
    try:
        os.replace(made, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        try:
            shutil.copyfile(made, beside)
            os.replace(beside, target)
        finally:
            with contextlib.suppress(OSError):
                os.unlink(beside)
