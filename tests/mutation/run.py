"""Changes the code in one place at a time and runs the tests: a change that no test notices is a gap in the tests.

usage: python tests/mutation/run.py LOG [--count N] [--seed N] [--commit REV] [--workers N] [--budget SECONDS]
                                   [--again survived]                                   (needs the extra `mutation`)

A sample of mutants is drawn by seed from a commit and tried in copies of it, never in the working tree. Each outcome is
a line of the log; a run that was stopped goes on where it was (LOG.tests.json keeps which tests call what). `--again
survived` tries the log's survivors again, with the tests of another commit whose code is the same.

The mutants are mutmut's own operators. mutmut itself does not mutate decorated functions, and every rule, every date
form and every table of wording here is one; so the operators are applied by this file, and a mutated function takes the
place of the one that is loaded: its code object is exchanged in a fork, after all tests were collected. Functions that
ran while the tests were collected cannot be tried so: they are mutated on disk, and pytest starts anew.

Left out, because a change there breaks the import, or nothing at all: module and class level, parameters' defaults,
decorators, annotations, imports, asserts (they state what the type checker is told), `cast(…)`, docstrings, and what
mutmut leaves out itself. No place is mutated twice.

A mutant meets the tests that call the function (as a run under cProfile tells), the quickest first, up to a budget of
processor time.
"""

from __future__ import annotations

import argparse
import cProfile
import difflib
import gc
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, NamedTuple

import hypothesis
import libcst as cst
import libcst.matchers as m
import pytest
from libcst.metadata import MetadataWrapper
from mutmut.mutation.mutators import mutation_operators

ROOT = Path(__file__).parents[2]
CODE = Path("src/ma_template")

ROOMS = {
    "recogniser": [
        *["recognise.py", "lines.py", "matching.py", "sections.py", "blocks.py", "candidates.py", "reading.py"],
        "taking.py",
    ],
    "readers": ["readers/*.py"],
    "dates": ["readers/dates/*.py"],
    "models": ["models.py", "drafts.py", "judges.py"],
    "rules": ["rules/*.py"],
}
TESTS = [
    *["test_fixtures.py", "test_rule_examples.py", "test_check.py", "test_agreement.py", "readers"],
    *["test_recognise.py", "test_matching.py", "test_sections.py", "test_catalogue.py", "test_text_report.py"],
    *["test_models.py", "test_mail_domains.py", "test_history.py", "test_service_request.py", "test_additions.py"],
    *[
        "test_effort.py",
        "test_redact.py",
        "test_new.py",
        "test_taking.py",
        "test_fix.py",
        "test_render.py",
        "test_mending.py",
    ],
]
NO_TRIAL = 98  # the exit status of a child that could not try its mutant
SOME = 150  # cases of one test that are tried before the others
LEFT_OUT = "test_check.py::test_hostile_texts_get_a_report"  # a third of all time, for what `readers/` count


class Mutant(NamedTuple):
    """A changed file. `name` says where and what: file, number of the place in it, number of the change there."""

    name: str
    room: str
    path: str
    function: str
    change: str
    source: str


class Places(cst.CSTVisitor):
    """Collects the nodes inside functions that can be changed to some effect, each with its changes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, cst.CSTNode, list[cst.CSTNode]]] = []
        self._scopes: list[cst.FunctionDef | cst.ClassDef] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.Annotation | cst.Decorator | cst.Assert | cst.Import | cst.ImportFrom | cst.Param):
            return False
        if m.matches(node, m.Call(func=m.Name("len") | m.Name("isinstance") | m.Name("cast"))):
            return False
        if isinstance(node, cst.FunctionDef | cst.ClassDef):
            self._scopes.append(node)
        elif any(isinstance(scope, cst.FunctionDef) for scope in self._scopes):
            changes = [new for kind, change in mutation_operators if isinstance(node, kind) for new in change(node)]
            if changes:
                self.found.append((self._outermost(), node, changes))
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        if isinstance(original_node, cst.FunctionDef | cst.ClassDef):
            self._scopes.pop()

    def _outermost(self) -> str:
        kinds = [isinstance(scope, cst.FunctionDef) for scope in self._scopes]
        return ".".join(scope.name.value for scope in self._scopes[: kinds.index(True) + 1])


def mutants(root: Path, dice: random.Random) -> Iterator[Mutant]:
    """Give mutants in an order settled by the dice: a place at a time, and one of the changes there."""
    modules, places = {}, []
    for room, patterns in ROOMS.items():
        for path in sorted(path for pattern in patterns for path in (root / CODE).glob(pattern)):
            wrapper = MetadataWrapper(cst.parse_module(path.read_text("utf-8")))
            visitor = Places()
            wrapper.visit(visitor)
            modules[path] = wrapper.module
            places += [(room, path, number, *place) for number, place in enumerate(visitor.found)]
    print(f"{len(places)} places, {sum(len(changes) for *_, changes in places)} mutants", flush=True)
    dice.shuffle(places)
    for room, path, place, function, node, changes in places:
        number = dice.randrange(len(changes))
        original = modules[path].code
        source = modules[path].deep_replace(node, changes[number]).code  # type: ignore[union-attr]
        try:
            compile(source, str(path), "exec")
        except SyntaxError:
            continue
        inner = str(path.relative_to(root / CODE))
        lines = difflib.unified_diff(original.splitlines(), source.splitlines(), lineterm="", n=0)
        change = "\n".join(line for line in lines if not line.startswith(("---", "+++")))
        yield Mutant(f"{inner}:{place}:{number}", room, inner, function, change, source)


def copy_of(commit: str, folder: Path) -> Path:
    """Unpack a commit, with its tables compiled as an installation has them."""
    folder.mkdir(parents=True)
    archive = subprocess.run(["git", "archive", commit], cwd=ROOT, check=True, capture_output=True).stdout
    subprocess.run(["tar", "-x", "-C", folder], input=archive, check=True)
    code = "from pathlib import Path; from ma_template import wording; wording.compile_tables(Path('grammar'))"
    environment = os.environ | {"PYTHONPATH": str(folder / "src")}
    subprocess.run([sys.executable, "-c", code], cwd=folder, env=environment, check=True)
    return folder


def codes_in(code: CodeType) -> Iterator[CodeType]:
    """Return a code object and those inside it."""
    yield code
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from codes_in(inner)


Key = tuple[str, str, int]
"""File, qualified name and first line of a function."""


class Trials:
    """Runs instead of pytest's loop over the collected tests."""

    def __init__(self, root: Path, waiting: list[Mutant], log: Path, workers: int, budget: float) -> None:
        self._root = root
        self._waiting = waiting
        self._log = log
        self._workers = workers
        self._budget = budget
        self._collecting = cProfile.Profile()
        self._failed: list[str] = []
        self._trials = 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._failed.append(report.nodeid)

    def begin(self) -> None:
        """Watch what runs while tests are collected."""
        self._collecting.enable()

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self._collecting.disable()
        if session.testsfailed:
            sys.exit("some tests cannot be collected")
        self._session = session
        self._at_import = set(self._called(self._collecting))
        self._functions: dict[Key, list[FunctionType]] = defaultdict(list)
        for thing in gc.get_objects():
            if isinstance(thing, FunctionType) and thing.__code__.co_filename.startswith(str(self._root)):
                self._functions[self._key_of(thing.__code__)].append(thing)
        seen = self._log.with_suffix(".tests.json")
        names = [item.nodeid for item in session.items]
        before = json.loads(seen.read_text("utf-8"))["names"] if seen.exists() else names
        if not seen.exists() or before != names:
            _, code, _ = self._in_child(lambda: self._look(seen, names), None)
            if code:
                sys.exit("the tests could not be run")
        found = json.loads(seen.read_text("utf-8"))
        self._older = set(before)
        self._failing: list[str] = found["failed"]
        self._seconds: list[float] = found["seconds"]
        self._callers = {tuple(key): set(tests) for key, tests in found["callers"]}
        print(
            f"{len(session.items)} tests; not used, since they fail before anything is changed: {self._failing}",
            flush=True,
        )
        gc.freeze()
        running: dict[int, tuple[Mutant, Path]] = {}
        copies = [shutil.copytree(self._root, Path(f"{self._root}-{number}")) for number in range(self._workers)]
        for mutant in [*self._waiting, *[None] * self._workers]:
            while len(running) >= (self._workers if mutant else 1):
                self._collect(running, copies)
            if mutant:
                copy = copies.pop()
                said = Path(f"{copy}.said")
                said.unlink(missing_ok=True)
                running[self._start(mutant, copy, said)] = mutant, copy
            elif not running:
                break
        return True

    def _collect(self, running: dict[int, tuple[Mutant, Path]], copies: list[Path]) -> None:
        child, status, used = os.wait3(0)
        mutant, copy = running.pop(child)
        shutil.copyfile(self._root / CODE / mutant.path, copy / CODE / mutant.path)
        copies.append(copy)
        said = Path(f"{copy}.said")
        test = said.read_text("utf-8", "replace").strip() if said.exists() else ""
        if os.WIFEXITED(status) and os.WEXITSTATUS(status) == NO_TRIAL:
            raise RuntimeError(f"{mutant.name} could not be tried")
        outcome = "killed" if status else "survived"
        if os.WIFSIGNALED(status):
            number = os.WTERMSIG(status)
            outcome = "timed out" if number in (signal.SIGXCPU, signal.SIGALRM, signal.SIGKILL) else outcome
            test = f"signal {number}"
        failures = [line for line in test.splitlines() if line.startswith(("FAILED ", "ERROR "))]
        result = {
            **{name: value for name, value in mutant._asdict().items() if name != "source"},
            "outcome": outcome,
            "test": (failures or [test])[0][-300:],
            "seconds": round(used.ru_utime + used.ru_stime, 1),
        }
        with self._log.open("a") as log:
            print(json.dumps(result, ensure_ascii=False), file=log)

    def _key_of(self, code: CodeType) -> Key:
        return code.co_filename.removeprefix(f"{self._root / CODE}/"), code.co_qualname, code.co_firstlineno

    def _called(self, profile: cProfile.Profile) -> Iterator[Key]:
        root = str(self._root / CODE)
        for entry in profile.getstats():
            if isinstance(entry.code, CodeType) and entry.code.co_filename.startswith(root):
                yield self._key_of(entry.code)

    def _in_child(self, work: Any, seconds: float | None) -> tuple[int, int, float]:
        child = self._fork(work, seconds)
        _, status, used = os.wait4(child, 0)
        return child, status, used.ru_utime + used.ru_stime

    def _fork(self, work: Any, seconds: float | None) -> int:
        self._trials += 1
        child = os.fork()
        if child:
            return child
        try:
            temporary = Path(f"{self._root}.tmp", str(self._trials))
            temporary.mkdir(parents=True)
            os.environ["PYTEST_DEBUG_TEMPROOT"] = os.environ["TMPDIR"] = str(temporary)
            if seconds:  # processor time, which does not depend on what else the machine does; a hang may use none
                resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 3))
                resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))
                signal.alarm(1200)
            with open(os.devnull, "w") as nowhere:
                os.dup2(nowhere.fileno(), 1)
            code = work()
            shutil.rmtree(temporary, ignore_errors=True)
            os._exit(code)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(NO_TRIAL)  # never back into the parent's code

    def _run(self, number: int, after: int | None) -> bool:
        items = self._session.items
        item, following = items[number], None if after is None else items[after]
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        return not self._failed

    def _look(self, seen: Path, names: list[str]) -> int:
        """Write which tests call which functions, and how long each takes."""
        callers, seconds, failed = defaultdict(list), [], []
        for number in range(len(self._session.items)):
            profile = cProfile.Profile()
            begin = time.process_time()
            profile.enable()
            self._failed.clear()
            fine = self._run(number, number + 1 if number + 1 < len(self._session.items) else None)
            profile.disable()
            seconds.append(time.process_time() - begin)
            if fine:
                for key in self._called(profile):
                    callers[key].append(number)
            else:
                failed.append(self._session.items[number].nodeid)
        found = {"names": names, "callers": [*callers.items()], "seconds": seconds, "failed": failed}
        seen.write_text(json.dumps(found), "utf-8")
        return 0

    def _tests(self, key: Key) -> list[int]:
        """Return the tests for a function, the quickest first: new ones, some cases of each, then the other cases."""
        callers = self._callers.get(key, set())
        chosen = callers
        if len(callers) < 4:  # none, or it stands behind a cache that the first test filled
            chosen = set().union(*self._callers.values())
        cases: Counter[str] = Counter()
        ranked = []
        for number in sorted(chosen, key=self._seconds.__getitem__):
            name = self._session.items[number].nodeid
            test = name.partition("[")[0]
            cases[test] += 1
            ranked.append((number not in callers, name in self._older, cases[test] > SOME, len(ranked), number))
        tests, budget = [], self._budget
        for *_, number in sorted(ranked):
            if budget > 0:
                tests.append(number)
                budget -= self._seconds[number]
        return tests

    def _start(self, mutant: Mutant, copy: Path, said: Path) -> int:
        path = str(self._root / CODE / mutant.path)
        loaded = [key for key in self._functions if key[:2] == (mutant.path, mutant.function)]
        codes = [code for code in codes_in(compile(mutant.source, path, "exec")) if self._key_of(code) in loaded]
        if len(loaded) == 1 and len(codes) == 1 and loaded[0] not in self._at_import:
            functions = self._functions[loaded[0]]
            if all(function.__code__.co_freevars == codes[0].co_freevars for function in functions):
                tests = self._tests(loaded[0])
                limit = 10 + 3 * sum(self._seconds[number] for number in tests)
                return self._fork(lambda: self._try(functions, codes[0], tests, said), limit)
        return self._fork(lambda: self._afresh(mutant, copy, said), 60 + sum(self._seconds))

    def _try(self, functions: list[FunctionType], code: CodeType, tests: list[int], said: Path) -> int:
        for function in functions:
            function.__code__ = code
        self._failed.clear()
        for number, after in zip(tests, [*tests[1:], None], strict=True):
            if not self._run(number, after):
                said.write_text(self._failed[0])
                return 1
        return 0

    def _afresh(self, mutant: Mutant, copy: Path, said: Path) -> int:
        path = copy / CODE / mutant.path
        path.write_text(mutant.source, "utf-8")
        for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*.pyc"):
            compiled.unlink()
        with said.open("w") as file:
            os.dup2(file.fileno(), 1)
            os.dup2(file.fileno(), 2)
        os.chdir(copy)
        os.environ.update({"PYTHONPATH": str(copy / "src"), "PYTHONDONTWRITEBYTECODE": "1"})
        code = "import sys; import run; run.calm(); sys.exit(run.pytest.main(sys.argv[1:]))"
        os.environ["PYTHONPATH"] += f":{Path(__file__).parent}"
        options = ["-x", "--tb=no", "-rfE", *(f"--deselect={test}" for test in self._failing)]
        os.execv(sys.executable, [sys.executable, "-c", code, *options, *arguments()])


def arguments() -> list[str]:
    """Return what pytest is told, here and anew."""
    names = [f"tests/{name}" for name in TESTS]
    options = ["-q", "-p", "no:cacheprovider", "-Wignore::pytest.PytestAssertRewriteWarning"]
    return [*options, f"--deselect=tests/{LEFT_OUT}", *names]


def calm() -> None:
    """Let Hypothesis try the same examples every time, however slow the machine is."""
    checks = list(hypothesis.HealthCheck)
    hypothesis.settings.register_profile("calm", derandomize=True, database=None, suppress_health_check=checks)
    hypothesis.settings.load_profile("calm")


def show(results: list[dict[str, Any]]) -> None:
    """Print the score, in all and by room."""
    for room in [*ROOMS, "all"]:
        tally = Counter(result["outcome"] for result in results if room in (result["room"], "all"))
        found = tally["killed"] + tally["timed out"]
        if total := tally.total():
            parts = ", ".join(f"{number} {outcome}" for outcome, number in sorted(tally.items()))
            print(f"{room:11} {total:4} mutants: {parts}; score {found / total:.1%}")


def read(log: Path) -> dict[str, dict[str, Any]]:
    """Return the last outcome of each mutant in a log."""
    lines = log.read_text("utf-8").splitlines() if log.exists() else []
    return {result["name"]: result for result in map(json.loads, lines)}


def main() -> None:
    """Draw the sample and try it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("log", type=Path, help="one line of JSON a mutant; those in it are not tried again")
    parser.add_argument("--count", type=int, default=600)
    parser.add_argument("--seed", type=int, default=20261123)
    parser.add_argument("--commit", default="HEAD", help="what to draw from and to test, default HEAD")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--budget", type=float, default=60, help="processor time for a mutant's tests, in seconds")
    parser.add_argument("--again", choices=["survived"], help="try these of the log again")
    given = parser.parse_args()

    log = given.log.absolute()
    done = read(log)
    with tempfile.TemporaryDirectory() as home:
        root = copy_of(given.commit, Path(home, "copy"))
        sample: list[Mutant] = []
        for mutant in mutants(root, random.Random(given.seed)):
            sample.append(mutant)
            if len(sample) == given.count:
                break
        waiting = [mutant for mutant in sample if done.get(mutant.name, {}).get("outcome") in (None, given.again)]
        if waiting:
            os.chdir(root)
            sys.path.insert(0, str(root / "src"))
            os.environ["PYTHONPATH"] = str(root / "src")
            calm()
            trials = Trials(root, waiting, log, given.workers, given.budget)
            trials.begin()
            code = pytest.main(["-s", *arguments()], plugins=[trials])
            if code not in (0, 5):
                sys.exit(int(code))
    done = read(log)
    show([done[mutant.name] for mutant in sample])


if __name__ == "__main__":
    main()
