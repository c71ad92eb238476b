"""The command line `ma-lint`.

Exit status (contract, section 6): 0 nothing at error level, 1 at least one finding there, 2 could not do the job,
and by the custom of shells 130 after Ctrl-C and 141 where nobody reads the output any more.

Modules are imported where they are used: `--version`, `--help` and a text without any block need neither the models
nor the readers, and stay quick.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, NoReturn, TextIO

from ma_template import __version__

if TYPE_CHECKING:
    import datetime

    from ma_template.config import Config
    from ma_template.files import Update
    from ma_template.models import Report
    from ma_template.report import Absent, Language, Piece, Problem, Writer
    from ma_template.resolver import MailDomains

OK, FOUND, FAILED, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 130, 141

_WIDTH_OF_A_FILE = 100  # columns of a text report that no terminal shows


class _FailedError(Exception):
    """The job cannot be done at all; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.key)
        self.problem = problem


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are told like all others, in one line."""

    def error(self, message: str) -> NoReturn:
        from ma_template.report import Problem

        raise _FailedError(Problem(None, "usage", {"message": message, "command": self.prog}))


# ---------------------------------------------------------------------------------------------------------------------
# Commands and options


def _parser() -> tuple[_Parser, dict[str, _Parser]]:
    def add(
        name: str, run: Callable[[argparse.Namespace], int], summary: str, examples: str, text: str = ""
    ) -> _Parser:
        command = commands.add_parser(
            name,
            help=summary,
            description=f"{summary[0].upper()}{summary[1:]}.\n{text}".rstrip(),
            epilog=_examples(examples),
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        command.set_defaults(run=run)
        return command

    parser = _Parser(
        prog="ma-lint",
        description="Finds management-attention requests in support-ticket text, reads and checks them.",
        epilog=_examples(
            """
            ma-lint update.txt             check a file: the same as ma-lint check update.txt
            ma-lint check updates/         check every *.txt, *.md and *.eml file of a folder
            pbpaste | ma-lint -            check what was copied
            ma-lint explain MA403          what a finding means, with a wrong and a right example
            """
        ),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("-V", "--version", action="store_true", help="show the version and exit")
    parser.add_argument("-v", "--verbose", action="store_true", help="with --version: also those of what it relies on")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=_Parser)

    check = add(
        "check",
        _check,
        "check files, folders or standard input (the command may be left out)",
        """
        ma-lint check update.txt
        ma-lint check --region JP --as-of 2026-11-23 updates/
        ma-lint check --format json --output report.json updates/
        ma-lint check --ignore MA202 --strict update.txt
        git show HEAD:update.txt | ma-lint check --stdin-filename update.txt -
        """,
        "Exit status: 0 no finding at error level, 1 at least one, 2 something could not be done.",
    )
    check.add_argument(
        "paths", nargs="+", metavar="PATH", help="file, folder (*.txt, *.md, *.eml in it), or - for standard input"
    )
    reading = check.add_argument_group("reading")
    reading.add_argument(
        "--as-of", metavar="DATE", help="day the updates are judged at, e.g. 2026-11-23 (default: today)"
    )
    reading.add_argument("--region", metavar="CC", help="region of telephone numbers without a country code, e.g. JP")
    reading.add_argument(
        "--date-order", choices=("ymd", "mdy", "dmy"), help="how 03/04/2026 is read (default: reported as ambiguous)"
    )
    reading.add_argument(
        "--timezone", metavar="ZONE", help="time zone in which today is taken, e.g. Asia/Tokyo (default: UTC)"
    )
    reading.add_argument(
        "--check-mail-domain", action="store_true", help="ask the DNS whether mail domains take mail (MA408)"
    )
    reading.add_argument("--stdin-filename", metavar="NAME", help="what standard input is called in the report")
    judging = check.add_argument_group("judging")
    judging.add_argument("--require", action="store_true", help="an update without a request is an error (MA101)")
    judging.add_argument("--strict", action="store_true", help="warnings fail too: exit status 1")
    judging.add_argument(
        "--select", action="append", metavar="CODES", help="list only these codes or rule names, comma-separated"
    )
    judging.add_argument("--ignore", action="append", metavar="CODES", help="do not list these")
    output = check.add_argument_group("output")
    output.add_argument(
        "--format", choices=("text", "json", "jsonl", "sarif", "github", "junit"), default="text", help="default: text"
    )
    output.add_argument(
        "--output", metavar="FILE", help="write the report there, whole or not at all, instead of standard output"
    )
    output.add_argument(
        "--lang", choices=("en", "ja"), help="language of the messages (default: of the locale; for machines en)"
    )
    output.add_argument(
        "--offsets", choices=("code-point", "utf-16"), help="what offsets and columns count (default: code-point)"
    )
    output.add_argument(
        "--color", choices=("auto", "always", "never"), default="auto", help="default: auto, on a terminal"
    )
    output.add_argument(
        "--redact",
        action="store_true",
        help="mask answers, names, numbers and addresses (stable pseudonyms: set MA_LINT_REDACT_KEY)",
    )
    output.add_argument(
        "-j", "--jobs", metavar="N", help="processes for many files (default: one a processor); the report is the same"
    )
    amount = output.add_mutually_exclusive_group()
    amount.add_argument("-v", "--verbose", action="store_true", help="show notes (info-level findings) too")
    amount.add_argument("-q", "--quiet", action="store_true", help="one line a finding, nothing else")

    fix = add(
        "fix",
        _fix,
        "mend banners and prompts, never an answer",
        """
        ma-lint fix update.txt          rewrites the file
        ma-lint fix --diff updates/     shows what it would do
        pbpaste | ma-lint fix - | pbcopy
        """,
        "Exit status: 0 done or nothing to do, 1 (--check only) something to mend, 2 something could not be done.",
    )
    fix.add_argument("paths", nargs="+", metavar="PATH", help="file, folder, or - to filter standard input")
    fix.add_argument("--diff", action="store_true", help="show what would be changed, and change nothing")
    fix.add_argument("--check", action="store_true", help="change nothing; exit status 1 if there is something to mend")
    fix.add_argument(
        "--modernise", action="store_true", help="also replace the older form by the current one, and labels by prompts"
    )
    fix.add_argument("--stdin-filename", metavar="NAME", help="what standard input is called in messages")
    fix.add_argument("--lang", choices=("en", "ja"), help="language of the messages (default: of the locale)")

    explain = add(
        "explain",
        _explain,
        "explain codes of findings, each with a wrong and a right example",
        """
        ma-lint explain MA403
        ma-lint explain phone-missing MA302 --lang ja
        """,
    )
    explain.add_argument("codes", nargs="+", metavar="CODE", help="code or rule name")
    explain.add_argument("--lang", choices=("en", "ja"), help="default: of the locale")

    rules = add(
        "rules",
        _rules,
        "list all rules",
        """
        ma-lint rules
        ma-lint rules --format json
        """,
    )
    rules.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    rules.add_argument("--lang", choices=("en", "ja"), help="default: of the locale")

    add("schema", _schema, "print the JSON Schema of a report", "ma-lint schema > report.schema.json")

    serve = add(
        "serve",
        _serve,
        "serve the portal hook: page, element, HTTP API and webhooks",
        """
        ma-lint serve                              the page is then at http://127.0.0.1:8000/
        ma-lint serve --config portal.toml --workers 4
        """,
        "It needs the extra: pip install 'ma-template[portal]'. Stop it with Ctrl-C; requests under way are finished.",
    )
    serve.add_argument("--host", metavar="ADDRESS", help="address to listen at (default: 127.0.0.1)")
    serve.add_argument("--port", type=int, metavar="N", help="port to listen at (default: 8000; 0: any free one)")
    serve.add_argument("--workers", type=int, metavar="N", help="processes that answer (default: 1)")
    serve.add_argument("--config", metavar="FILE", help="settings of the service, in TOML (default: none)")

    completion = add(
        "completion",
        _completion,
        "print the script that completes commands and options in a shell",
        """
        source <(ma-lint completion bash)                                    in ~/.bashrc
        ma-lint completion zsh > ~/.zfunc/_ma-lint                           with fpath+=~/.zfunc in ~/.zshrc
        ma-lint completion fish > ~/.config/fish/completions/ma-lint.fish
        """,
    )
    completion.add_argument("shell", choices=("bash", "zsh", "fish"), metavar="SHELL", help="bash, zsh or fish")
    return parser, commands.choices


def _examples(lines: str) -> str:
    return "examples:\n" + "\n".join(f"  {line.strip()}" for line in lines.strip().splitlines())


def main(argv: Sequence[str] | None = None) -> int:
    """Run `ma-lint` with these arguments (default: those of the process) and return the exit status."""
    try:
        try:
            status = _run(list(sys.argv[1:] if argv is None else argv))
            if sys.stdout is not None:
                sys.stdout.flush()
        except _FailedError as failed:
            _tell(failed.problem)
            status = FAILED
        except KeyboardInterrupt:
            _tell(_problem(None, "interrupted"))
            status = INTERRUPTED
    except BrokenPipeError:
        _forget_standard_output()
        status = PIPE_CLOSED
    except OSError as error:  # nothing but standard output is left to fail
        _tell(_unwritable(None, error))
        _forget_standard_output()
        status = FAILED
    return status


def _run(argv: list[str]) -> int:
    parser, commands = _parser()
    if not argv:
        parser.print_help(sys.stderr)
        return FAILED
    if argv[0] not in commands and argv[0] not in ("-h", "--help", "-V", "--version"):
        argv = ["check", *argv]
    try:
        arguments, unknown = parser.parse_known_args(argv)
    except SystemExit:  # argparse has shown the help
        return OK
    if unknown:
        raise _FailedError(_unknown_option(unknown[0], commands.get(argv[0], parser)))
    if arguments.version:
        print(f"ma-lint {__version__}")
        if arguments.verbose:
            from ma_template.versions import versions

            print(versions(), end="")
        return OK
    run: Callable[[argparse.Namespace], int] = arguments.run
    return run(arguments)


# ---------------------------------------------------------------------------------------------------------------------
# ma-lint check


def _check(arguments: argparse.Namespace) -> int:
    from ma_template.files import STANDARD_INPUT, find
    from ma_template.jobs import results
    from ma_template.progress import Progress
    from ma_template.report import Problem, Run, writer
    from ma_template.wording import table

    text_format = arguments.format == "text"
    lang: Language = arguments.lang or (_locale() if text_format else "en")
    checker = _Checker(arguments)
    jobs = _jobs(arguments.jobs, checker.problems)
    problems = checker.problems
    for problem in problems:
        _tell(problem, lang)
    if problems and arguments.format not in ("json", "sarif", "junit"):  # formats that tell of them in the report
        return FAILED

    status = OK
    dns_silent = False
    with (
        _output(arguments.output, for_machines=not text_format) as out,
        Progress(out, table("words/report")[lang]["progress"]) as progress,
    ):

        def report_problem(problem: Problem) -> None:
            problems.append(problem)
            with progress.aside():
                _tell(problem, lang)

        run = Run(
            write=progress.write,
            version=__version__,
            lang=lang,
            as_of=checker.as_of,
            offsets=arguments.offsets or "code-point",
            strict=arguments.strict,
            redacted=arguments.redact,
            width=_width(out),
            colour=text_format and _coloured(arguments.color, out),
            encoding=out.encoding or "utf-8",
            verbose=arguments.verbose,
            quiet=arguments.quiet,
        )
        reports = writer(arguments.format, run)
        reports.begin()
        try:
            paths = [] if problems else list(find(arguments.paths))
            progress.total = len(paths)
            if STANDARD_INPUT in paths:
                jobs = 1  # a worker has no standard input
            task = _Task(checker, writer(arguments.format, run._replace(write=str)), arguments.stdin_filename)
            with contextlib.closing(results(task, paths, jobs, _lost)) as outcomes:
                for outcome in outcomes:
                    dns_silent = dns_silent or outcome.dns_silent
                    if isinstance(outcome.result, Problem):
                        report_problem(_meant_a_command(outcome.result))
                    else:
                        reports.put(outcome.result)
                        if outcome.result.errors or (arguments.strict and outcome.result.warnings):
                            status = FOUND
                    progress.step()
        except KeyboardInterrupt:
            report_problem(Problem(None, "interrupted"))
            status = INTERRUPTED
        reports.end(problems)
    if dns_silent:
        _tell(Problem(None, "dns-silent"), lang, "warning")
    return FAILED if problems and status != INTERRUPTED else status


class _Outcome(NamedTuple):
    """What became of one path."""

    result: Piece | Problem
    dns_silent: bool = False


class _Task:
    """Reads and checks one path and puts the report into words: all that can be done in another process."""

    def __init__(self, checker: _Checker, reports: Writer, stdin_name: str | None) -> None:
        self._checker = checker
        self._reports = reports
        self._stdin_name = stdin_name

    def __call__(self, path: str | Problem) -> _Outcome:
        from ma_template.files import STANDARD_INPUT, read
        from ma_template.report import Problem

        update = read(path, self._stdin_name if path == STANDARD_INPUT else None) if isinstance(path, str) else path
        if isinstance(update, Problem):
            return _Outcome(update)
        report = self._checker.check(update)
        return _Outcome(self._reports.render(report, update.text), self._checker.dns_silent)


def _lost(path: str | Problem, status: int) -> _Outcome:
    """Return the outcome where a worker died."""
    import signal

    if not isinstance(path, str):
        return _Outcome(path)
    reason = signal.Signals(-status).name if status < 0 else f"exit status {status}"
    return _Outcome(_problem(path, "worker-lost", reason=reason))


def _jobs(given: str | None, problems: list[Problem]) -> int:
    from ma_template.jobs import cores

    if given is None:
        return cores()
    if given.isdecimal() and given.isascii() and 0 < int(given) < 1_000:
        return int(given)
    problems.append(_problem(None, "jobs", given=given))
    return 1


class _Checker:
    """Checks updates with the settings of a command line.

    The engine is loaded at the first text that may hold a block. Settings whose values have to be judged are judged
    at once, so that a wrong one is told whatever the texts hold: `problems` says which are wrong.
    """

    def __init__(self, arguments: argparse.Namespace) -> None:
        self._settings: dict[str, Any] = {
            name: getattr(arguments, name)
            for name in ("region", "date_order", "timezone", "offsets", "require", "check_mail_domain")
            if getattr(arguments, name)
        }
        for name in ("select", "ignore"):
            if getattr(arguments, name) is not None:
                self._settings[name] = ",".join(getattr(arguments, name))
        self._config: Config | None = None
        self._redact: bool = arguments.redact
        self._resolver: MailDomains | None = None
        self.problems: list[Problem] = []
        self.as_of: datetime.date | None = None
        if not self._settings.keys().isdisjoint(("region", "timezone", "select", "ignore")):
            self._judge_settings()
        if all(problem.key != "timezone" for problem in self.problems):
            self._set_day(arguments.as_of)

    def _judge_settings(self) -> None:
        from pydantic import ValidationError

        from ma_template.config import Config

        try:
            self._config = Config(**self._settings)
        except ValidationError as error:
            for fault in error.errors(include_url=False, include_context=False):
                name, given = str(fault["loc"][0]), str(fault["input"])
                if name in ("select", "ignore"):
                    self.problems.append(_unknown_rule(given))
                else:  # told in the reader's language, which the library's own message is not
                    self.problems.append(_problem(None, name, given=given))

    def _set_day(self, given: str | None) -> None:
        """Take the day to judge at. It is worked out once, so that one run has one day.

        The library's own `as_date` does the same, but cannot be had without the models.
        """
        import datetime

        if given is None:
            zone: datetime.tzinfo = datetime.UTC
            if "timezone" in self._settings:
                from zoneinfo import ZoneInfo

                zone = ZoneInfo(self._settings["timezone"])
            self.as_of = datetime.datetime.now(zone).date()
            return
        try:
            self.as_of = datetime.datetime.fromisoformat(given).date()
        except ValueError:
            self.problems.append(_problem(None, "as_of", given=given))

    @property
    def dns_silent(self) -> bool:
        """Did the DNS leave a question open?"""
        return self._resolver is not None and self._resolver.silent

    def check(self, update: Update) -> Report | Absent:
        """Return the report of an update."""
        from ma_template.candidates import maybe
        from ma_template.report import Absent

        assert self.as_of is not None
        if not maybe(update.text) and not self._settings.get("require"):
            return Absent(update.source, update.encoding, self.as_of)
        from ma_template import check

        if self._config is None:
            self._judge_settings()
        assert self._config is not None
        if self._config.check_mail_domain and self._resolver is None:
            from ma_template.resolver import MailDomains

            self._resolver = MailDomains()
        report = check(update.text, as_of=self.as_of, config=self._config, resolver=self._resolver)
        report = report.model_copy(update={"source": update.source, "encoding": update.encoding})
        if self._redact:
            from ma_template import redact

            report = redact(report, os.environ.get("MA_LINT_REDACT_KEY") or None)
        return report


# ---------------------------------------------------------------------------------------------------------------------
# The other commands


def _fix(arguments: argparse.Namespace) -> int:
    from ma_template.mending import Options, mend

    lang = arguments.lang or _locale()
    with _output(None, for_machines=False) as out:
        options = Options(
            out=out,
            tell=lambda problem: _tell(problem, lang),
            lang=lang,
            colour=_coloured("auto", out),
            diff=arguments.diff,
            check=arguments.check,
            modernise=arguments.modernise,
            stdin_name=arguments.stdin_filename,
        )
        return mend(arguments.paths, options)


def _explain(arguments: argparse.Namespace) -> int:
    from ma_template.reference import explain
    from ma_template.rules import find

    lang = arguments.lang or _locale()
    status = OK
    shown = []
    for code in arguments.codes:
        try:
            shown.append(explain(find(code), lang))
        except LookupError:
            _tell(_unknown_rule(code), lang)
            status = FAILED
    with _output(None, for_machines=False) as out:
        out.write("\n".join(shown))
    return status


def _rules(arguments: argparse.Namespace) -> int:
    from ma_template.reference import rule_list, rule_table
    from ma_template.report.json import dumps

    for_machines = arguments.format == "json"
    with _output(None, for_machines=for_machines) as out:
        out.write(dumps(rule_list(), indent=2) + "\n" if for_machines else rule_table(arguments.lang or _locale()))
    return OK


def _schema(arguments: argparse.Namespace) -> int:
    from ma_template import json_schema
    from ma_template.report.json import dumps

    with _output(None, for_machines=True) as out:
        out.write(dumps(json_schema(), indent=2) + "\n")
    return OK


def _serve(arguments: argparse.Namespace) -> int:
    try:
        from ma_template.portal.serve import serve
        from ma_template.portal.settings import SettingsError, load
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("ma_template"):
            raise
        raise _FailedError(_problem(None, "extra", command="ma-lint serve", extra="portal")) from None
    given = {name: getattr(arguments, name) for name in ("host", "port", "workers")}
    try:
        settings = load(arguments.config, **{name: value for name, value in given.items() if value is not None})
    except SettingsError as error:
        raise _FailedError(_problem(None, "usage", message=str(error), command="ma-lint serve")) from None
    return serve(settings)


def _completion(arguments: argparse.Namespace) -> int:
    from ma_template.completion import script

    with _output(None, for_machines=True) as out:
        out.write(script(_parser()[0], arguments.shell))
    return OK


# ---------------------------------------------------------------------------------------------------------------------
# Where the output goes


@contextlib.contextmanager
def _output(path: str | None, *, for_machines: bool) -> Iterator[TextIO]:
    """Give the stream to write to: standard output, or a file that appears whole when all is written.

    For machines, and in files, text is UTF-8 with LF everywhere; a terminal gets its own encoding.
    """
    if path is not None and path != "-":
        with _whole_file(path) as file:
            yield file
        return
    if sys.stdout is None:
        raise _FailedError(_problem(None, "no-output"))
    if isinstance(sys.stdout, io.TextIOWrapper):
        if for_machines:
            sys.stdout.reconfigure(encoding="utf-8", newline="\n")
        else:
            sys.stdout.reconfigure(errors="backslashreplace")
    yield sys.stdout


@contextlib.contextmanager
def _whole_file(path: str) -> Iterator[TextIO]:
    target = os.path.realpath(path)
    if os.path.exists(target) and not os.path.isfile(target):  # a device or pipe cannot be replaced
        try:
            with open(target, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
                yield file
        except BrokenPipeError:
            raise
        except OSError as error:
            raise _FailedError(_unwritable(path, error)) from None
        return
    beside = f"{target}.{os.getpid()}.tmp"
    try:
        with open(beside, "x", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            if os.path.exists(target):
                os.chmod(beside, os.stat(target).st_mode & 0o777)
            yield file
        os.replace(beside, target)
    except BaseException as error:
        with contextlib.suppress(OSError):
            os.unlink(beside)
        if isinstance(error, OSError):
            raise _FailedError(_unwritable(path, error)) from None
        raise


def _forget_standard_output() -> None:
    """Send what is left to nowhere: Python flushes standard output once more at its end."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _width(out: TextIO) -> int:
    if not out.isatty() and not os.environ.get("COLUMNS"):
        return _WIDTH_OF_A_FILE
    from shutil import get_terminal_size

    return get_terminal_size((_WIDTH_OF_A_FILE, 24)).columns


def _coloured(choice: str, out: TextIO) -> bool:
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR") or out is not sys.stdout:
        return False
    forced = os.environ.get("FORCE_COLOR")
    return forced != "0" if forced else out.isatty() and os.environ.get("TERM") != "dumb"


def _locale() -> Language:
    named = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "ja" if named.lower().startswith("ja") else "en"


# ---------------------------------------------------------------------------------------------------------------------
# What could not be done


def _problem(source: str | None, key: str, **arguments: str | int) -> Problem:
    from ma_template.report import Problem

    return Problem(source, key, arguments)


def _unwritable(path: str | None, error: OSError) -> Problem:
    from ma_template.report import Problem

    return Problem.of(path, "unwritable", error)


def _unknown_option(given: str, parser: argparse.ArgumentParser) -> Problem:
    import re

    name = given.partition("=")[0]
    meant = _nearest(name, re.findall(r"--[a-z-]+", parser.format_usage()))
    if meant:
        return _problem(None, "option-meant", given=name, meant=meant)
    return _problem(None, "option", given=name, command=parser.prog)


def _unknown_rule(given: str) -> Problem:
    from ma_template.rules import RULES

    codes = {rule.name: rule.code for rule in RULES.values()}
    meant = _nearest(given.upper(), list(codes.values())) or codes.get(_nearest(given.lower(), list(codes)) or "")
    if meant:
        return _problem(None, "rule-meant", given=given, meant=f"{meant} ({RULES[meant].name})")
    return _problem(None, "rule", given=given)


def _meant_a_command(problem: Problem) -> Problem:
    """Ask back where a name that is no file looks like a command misspelt."""
    commands = ["check", "completion", "fix", "explain", "rules", "schema", "serve"]
    meant = problem.key == "not-found" and _nearest(problem.source or "", commands)
    return _problem(problem.source, "command-meant", meant=meant) if meant else problem


def _nearest(given: str, known: list[str]) -> str | None:
    from difflib import get_close_matches

    return next(iter(get_close_matches(given[:40], known, 1)), None)


def _tell(problem: Problem, lang: Language | None = None, kind: Literal["error", "warning"] = "error") -> None:
    if sys.stderr is not None:
        print(problem.line(lang or _locale(), kind), file=sys.stderr)
