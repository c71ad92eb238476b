"""The command line `ma-lint`.

Exit status (contract, section 6): 0 nothing at error level, 1 at least one finding there, 2 could not do the job,
and by the custom of shells 130 after Ctrl-C and 141 where nobody reads the output any more.

Modules are imported where they are used: `--version`, `--help` and a text without any block need neither the models
nor the readers, and stay quick.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import io
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, NoReturn, TextIO

from ma_template import __version__

if TYPE_CHECKING:
    import datetime

    from ma_template.choices import Choices, Plain
    from ma_template.files import Update
    from ma_template.histories import History
    from ma_template.models import Report
    from ma_template.report import Described, Language, Piece, Problem, Writer
    from ma_template.resolver import MailDomains
    from ma_template.scan.past import Totals
    from ma_template.scan.scanning import Options
    from ma_template.service_request import ServiceRequest
    from ma_template.settings import Settings

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

    def _print_message(self, message: str, file: Any = None) -> None:
        """Write the help. argparse would pass over a disk that is full."""
        if sys.stdout is None:
            raise _FailedError(_problem(None, "no-output"))
        (file or sys.stdout).write(message)


class _Help(argparse.RawDescriptionHelpFormatter):
    """Help as wide as the terminal. argparse itself would import half a dozen modules to ask for that, each time."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_columns(sys.stdout) - 2)


# ---------------------------------------------------------------------------------------------------------------------
# Commands and options


_Add = Callable[..., _Parser]
"""Adds a command: its name, what runs it, what it is for, examples, and more that its help says."""


def parsers(only: str | None = None) -> tuple[_Parser, dict[str, _Parser]]:
    """Return the parser of the whole command line, and those of its commands by name.

    `only`: the one command that is going to be used; to build them all takes as long as to read a text.
    """

    def add(
        name: str, run: Callable[[argparse.Namespace], int], summary: str, examples: str, text: str = ""
    ) -> _Parser:
        command = commands.add_parser(
            name,
            help=summary,
            description=f"{summary[0].upper()}{summary[1:]}.\n{text}".rstrip(),
            epilog=_examples(examples),
            formatter_class=_Help,
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
        formatter_class=_Help,
        allow_abbrev=False,
    )
    parser.add_argument("-V", "--version", action="store_true", help="show the version and exit")
    parser.add_argument("-v", "--verbose", action="store_true", help="with --version: also those of what it relies on")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=_Parser)
    for name, build in _COMMANDS.items():
        if only in (None, name):
            build(add)
    return parser, commands.choices


def _add_check(add: _Add) -> None:
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
        "--check-mail-domain",
        action=argparse.BooleanOptionalAction,
        help="ask the DNS whether mail domains take mail (MA408)",
    )
    reading.add_argument(
        "--sr", metavar="FILE", help="the service request's own fields as JSON: judged beside each update"
    )
    reading.add_argument("--encoding", metavar="NAME", help="encoding of the files (default: auto, told by itself)")
    reading.add_argument("--stdin-filename", metavar="NAME", help="what standard input is called in the report")
    judging = check.add_argument_group("judging")
    judging.add_argument(
        "--require", action=argparse.BooleanOptionalAction, help="an update without a request is an error (MA101)"
    )
    judging.add_argument("--strict", action=argparse.BooleanOptionalAction, help="warnings fail too: exit status 1")
    judging.add_argument(
        "--select", action="append", metavar="CODES", help="list only these codes or rule names, comma-separated"
    )
    judging.add_argument("--extend-select", action="append", metavar="CODES", help="these too, where a file selects")
    judging.add_argument("--ignore", action="append", metavar="CODES", help="do not list these")
    judging.add_argument("--extend-ignore", action="append", metavar="CODES", help="nor these: adds to a file's")
    _configuration_options(check.add_argument_group("configuration"))
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


def _add_fix(add: _Add) -> None:
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
    fix.add_argument("--encoding", metavar="NAME", help="encoding of the files (default: auto, told by itself)")
    fix.add_argument("--stdin-filename", metavar="NAME", help="what standard input is called in messages")
    _configuration_options(fix)
    fix.add_argument("--lang", choices=("en", "ja"), help="language of the messages (default: of the locale)")


def _add_new(add: _Add) -> None:
    new = add(
        "new",
        _new,
        "write a request: an empty form, a form with answers, or question by question",
        """
        ma-lint new                             asks, on a terminal
        ma-lint new --lang both > form.txt      prints the empty form
        ma-lint new --name "Taro Yamada" --phone "+81 3-5555-0100"
        ma-lint new --from request.json
        """,
        "Without any option it asks, item by item; with options it prints.\n"
        "Exit status: 0 printed, 2 an answer cannot be used (all are told at once).",
    )
    form = new.add_argument_group("form")
    form.add_argument("--lang", choices=("en", "ja", "both"), help="language of the form (default: of the locale)")
    form.add_argument("--ask", action="store_true", help="ask for what is not given as an option")
    form.add_argument("--from", dest="source", metavar="FILE", help="a request as JSON, or - for standard input")
    answers = new.add_argument_group("answers", "each is read and checked as ma-lint check would")
    for name, what in (
        ("reason", "why management attention is needed"),
        ("impact", "how it affects the business"),
        ("milestone", "the milestone, in words"),
        ("type", "what kind of milestone it is: go-live, payroll, audit ..."),
        ("date", "when it is, or by when a fix is needed; may be given several times"),
        ("name", "who asks"),
        ("phone", "may be given several times"),
        ("pager", "may be given several times"),
        ("email", "may be given several times"),
    ):
        several = name in ("date", "phone", "pager", "email")
        answers.add_argument(f"--{name}", action="append" if several else "store", metavar="TEXT", help=what)
    reading = new.add_argument_group("reading")
    reading.add_argument("--as-of", metavar="DATE", help="day that tomorrow and Friday are reckoned from")
    reading.add_argument("--region", metavar="CC", help="region of telephone numbers without a country code, e.g. JP")
    reading.add_argument("--date-order", choices=("ymd", "mdy", "dmy"), help="how 03/04/2026 is read")
    _configuration_options(new)


def _add_explain(add: _Add) -> None:
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


def _add_rules(add: _Add) -> None:
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


def _add_config(add: _Add) -> None:
    config = add(
        "config",
        _config,
        "show the settings in force and where each comes from",
        """
        ma-lint config
        ma-lint config updates/sr-42.txt
        ma-lint config --format json
        ma-lint config --schema > ma-lint.schema.json
        """,
    )
    config.add_argument("path", nargs="?", default=".", metavar="PATH", help="file or folder (default: this folder)")
    config.add_argument("--format", choices=("text", "json"), default="text", help="default: text, which is TOML")
    config.add_argument("--schema", action="store_true", help="print the JSON Schema of a configuration file instead")
    config.add_argument("--lang", choices=("en", "ja"), help="default: of the locale")
    _configuration_options(config)


def _add_init(add: _Add) -> None:
    init = add(
        "init",
        _init,
        "write a configuration file in which everything is explained",
        """
        ma-lint init                   writes ma-lint.toml into this folder
        ma-lint init updates/ --lang ja
        """,
        "A file that is there already is never touched.",
    )
    init.add_argument("folder", nargs="?", default=".", metavar="FOLDER", help="default: this folder")
    init.add_argument("--lang", choices=("en", "ja"), help="default: of the locale")


def _add_schema(add: _Add) -> None:
    add("schema", _schema, "print the JSON Schema of a report", "ma-lint schema > report.schema.json")


def _add_serve(add: _Add) -> None:
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


def _add_lsp(add: _Add) -> None:
    lsp = add(
        "lsp",
        _lsp,
        "help in an editor while a request is typed (language server)",
        """
        ma-lint lsp                    editors start it like this and talk to it over standard input and output
        ma-lint lsp --tcp 2087         waits for one editor at this port of this machine
        """,
        "It needs the extra: pip install 'ma-template[lsp]'. How editors are set up: docs/editors.md.",
    )
    lsp.add_argument("--tcp", type=int, metavar="PORT", help="listen at this port of this machine")
    lsp.add_argument("--lang", choices=("en", "ja"), help="language of messages (default: the editor's)")
    _configuration_options(lsp)


def _add_scan(add: _Add) -> None:
    _scan_options(
        add(
            "scan",
            _scan,
            "check files of many updates (JSON Lines, CSV, Parquet) into one file of results",
            """
            ma-lint scan updates.jsonl --output results.parquet
            ma-lint scan exports/ --text-column comment --id-column sr --as-of-column updated_at -o results.parquet
            ma-lint scan 'exports/*.csv.gz' --redact --output requests.csv
            zcat updates.jsonl.gz | ma-lint scan - --output results.jsonl
            """,
            "Exit status: 0 every row was checked, 1 some rows could not be (they say why in the column error),\n"
            "2 the scan could not be done. It needs the extra: pip install 'ma-template[arrow]'.",
        )
    )


def _add_history(add: _Add) -> None:
    history = add(
        "history",
        _history,
        "show the requests of each service request in time order, and what changed between them",
        """
        ma-lint history results.parquet
        ma-lint history updates.jsonl --id-column sr --as-of-column updated_at --only open
        ma-lint history results.parquet --sr SR-42
        ma-lint history results.parquet --format json --output histories.json
        """,
        "INPUT holds results of ma-lint scan (one row an update), or updates, which are checked first.\n"
        "Exit status: 0 shown, 1 some rows could not be checked, 2 it could not be done.\n"
        "It needs the extra: pip install 'ma-template[arrow]'.",
    )
    _input_options(history)
    output = history.add_argument_group("output")
    output.add_argument("--sr", action="append", metavar="NUMBER", help="only this service request; may be repeated")
    output.add_argument(
        "--only",
        choices=("open", "repeated", "frequent"),
        help="only service requests with something open, a request repeated word for word, or too many requests",
    )
    output.add_argument(
        "--redact",
        action="store_true",
        help="mask answers, names, numbers and addresses of updates (results: as they were scanned)",
    )
    output.add_argument("--format", choices=("text", "json", "jsonl", "parquet"), help="default: by --output, or text")
    output.add_argument("-o", "--output", metavar="FILE", help="write it there, whole or not at all")
    output.add_argument("-j", "--jobs", metavar="N", help="processes for updates (default: one a processor)")
    output.add_argument("--lang", choices=("en", "ja"), help="language of the text (default: of the locale)")
    history.set_defaults(rows=None, chunk_bytes=None, resume=False, overwrite=False, report=None)


def _add_completion(add: _Add) -> None:
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


def _input_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "paths",
        nargs="+",
        metavar="INPUT",
        help="file, folder or pattern: .jsonl, .ndjson, .json, .csv, .tsv (also .gz, .zst), .parquet; - for JSON Lines",
    )
    columns = command.add_argument_group("columns")
    columns.add_argument("--text-column", default="body", metavar="NAME", help="the updates' text (default: body)")
    columns.add_argument("--id-column", metavar="NAME", help="handed through, e.g. the service request's number")
    columns.add_argument("--as-of-column", metavar="NAME", help="day or time stamp that each update is judged at")
    columns.add_argument("--region-column", metavar="NAME", help="region of each update's telephone numbers")
    columns.add_argument(
        "--sr-columns",
        metavar="FIELD=NAME,…",
        help="the service request's own fields, judged beside each update: severity=priority,problem=description",
    )
    reading = command.add_argument_group("reading")
    reading.add_argument(
        "--as-of", metavar="DATE", help="day that updates without a time stamp are judged at (default: today)"
    )
    reading.add_argument("--region", metavar="CC", help="region of telephone numbers without a country code, e.g. JP")
    reading.add_argument("--date-order", choices=("ymd", "mdy", "dmy"), help="how 03/04/2026 is read")
    reading.add_argument(
        "--timezone", metavar="ZONE", help="time zone of today and of naive time stamps, e.g. Asia/Tokyo"
    )
    reading.add_argument(
        "--encoding", metavar="NAME", default="utf-8", help="of CSV files and binary columns (default: utf-8; or auto)"
    )
    reading.add_argument("--delimiter", metavar="CHAR", help="separator of CSV cells (default: comma; tab for .tsv)")
    reading.add_argument("--max-bytes", metavar="N", help="larger rows are not checked (default: 10 MiB)")
    _configuration_options(reading)


def _scan_options(scan: argparse.ArgumentParser) -> None:
    _input_options(scan)
    output = scan.add_argument_group("output")
    output.add_argument("-o", "--output", required=True, metavar="OUT", help="a .parquet, .jsonl or .csv file")
    output.add_argument(
        "--rows",
        choices=("updates", "requests"),
        help="one row an update or one a request (default: updates; for .csv requests)",
    )
    output.add_argument(
        "--redact",
        action="store_true",
        help="mask answers, names, numbers and addresses (stable pseudonyms: set MA_LINT_REDACT_KEY)",
    )
    output.add_argument(
        "--report", metavar="HTML", help="also write a page for people: completeness, gaps, lead times, repeats"
    )
    output.add_argument("--resume", action="store_true", help="go on where a scan with the same options was ended")
    output.add_argument(
        "--overwrite", action="store_true", help="replace an output, or an unfinished scan, that is there"
    )
    output.add_argument(
        "-j", "--jobs", metavar="N", help="processes (default: one a processor); the output is the same"
    )
    output.add_argument("--chunk-bytes", metavar="N", help="input read by a process at a time (default: 8 MiB)")
    output.add_argument("--lang", choices=("en", "ja"), help="language of the table (default: of the locale)")
    output.add_argument("-q", "--quiet", action="store_true", help="no bar, no table")


def _configuration_options(command: argparse._ActionsContainer) -> None:
    which = command.add_mutually_exclusive_group()
    which.add_argument(
        "--config", metavar="FILE", help="configuration (default: the nearest ma-lint.toml or pyproject.toml above)"
    )
    which.add_argument("--isolated", action="store_true", help="read no configuration file")


def _examples(lines: str) -> str:
    return "examples:\n" + "\n".join(f"  {line.strip()}" for line in lines.strip().splitlines())


_COMMANDS: dict[str, Callable[[_Add], None]] = {
    "check": _add_check,
    "fix": _add_fix,
    "new": _add_new,
    "explain": _add_explain,
    "rules": _add_rules,
    "config": _add_config,
    "init": _add_init,
    "schema": _add_schema,
    "serve": _add_serve,
    "lsp": _add_lsp,
    "scan": _add_scan,
    "history": _add_history,
    "completion": _add_completion,
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run `ma-lint` with these arguments (default: those of the process) and return the exit status."""
    before = gc.get_threshold()
    gc.set_threshold(100_000)  # loading makes a great many objects and no garbage
    try:
        return _main(list(sys.argv[1:] if argv is None else argv))
    finally:
        gc.set_threshold(*before)  # whoever calls this from a program of their own goes on as before


def _main(argv: list[str]) -> int:
    try:
        try:
            status = _run(argv)
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
    except Exception as error:
        _tell(_fault(None, error))
        status = FAILED
    return status


def _run(argv: list[str]) -> int:
    if not argv:
        parsers()[0].print_help(sys.stderr)
        return FAILED
    if argv[0] not in _COMMANDS and argv[0] not in ("-h", "--help", "-V", "--version"):
        argv = ["check", *argv]
    parser, commands = parsers(argv[0] if argv[0] in _COMMANDS else None)
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
            offsets=checker.offsets,
            strict=bool(arguments.strict),
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
            paths, misconfigured = checker.configured([] if problems else list(find(arguments.paths)))
            for problem in misconfigured:
                report_problem(problem)
            progress.total = len(paths)
            if STANDARD_INPUT in paths:
                jobs = 1  # a worker has no standard input
            writers = [writer(arguments.format, run._replace(write=str, strict=strict)) for strict in (False, True)]
            task = _Task(checker, writers, arguments.stdin_filename)
            with contextlib.closing(results(task, paths, jobs, _lost)) as outcomes:
                for outcome in outcomes:
                    dns_silent = dns_silent or outcome.dns_silent
                    if isinstance(outcome.result, Problem):
                        report_problem(_meant_a_command(outcome.result))
                    else:
                        reports.put(outcome.result)
                        if outcome.result.errors or (outcome.strict and outcome.result.warnings):
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
    strict: bool = False
    dns_silent: bool = False


class _Task:
    """Reads and checks one path and puts the report into words: all that can be done in another process."""

    def __init__(self, checker: _Checker, writers: Sequence[Writer], stdin_name: str | None) -> None:
        self._checker = checker
        self._writers = writers  # where warnings pass, and where they fail
        self._stdin_name = stdin_name

    def __call__(self, path: str | Problem) -> _Outcome:
        from ma_template.files import STANDARD_INPUT, read
        from ma_template.report import Problem

        if isinstance(path, Problem):
            return _Outcome(path)
        settings = self._checker.settings(path)
        update = read(
            path, self._stdin_name if path == STANDARD_INPUT else None, settings.given.get("encoding", "auto")
        )
        if isinstance(update, Problem):
            return _Outcome(update)
        strict = bool(settings.given.get("strict"))
        try:
            report = self._checker.check(update, settings)
            piece = self._writers[strict].render(report, update.text)
        except (_FailedError, OSError):
            raise
        except Exception as error:  # a mistake of ours harms this file only
            return _Outcome(_fault(path, error))
        return _Outcome(piece, strict, self._checker.dns_silent)


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


def _given(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return what the command line sets, by the names of `LintConfig`."""
    names = ("region", "date_order", "timezone", "offsets", "require", "check_mail_domain", "strict", "encoding")
    given = {name: value for name in names if (value := getattr(arguments, name)) is not None}
    for name in ("select", "extend_select", "ignore", "extend_ignore"):
        if getattr(arguments, name) is not None:
            given[name] = ",".join(getattr(arguments, name))
    return given


class _Checker:
    """Checks updates with the settings of a command line and of configuration files.

    The engine is loaded at the first text that may hold a block. Settings whose values have to be judged are judged
    at once, so that a wrong one is told whatever the texts hold: `problems` says which are wrong.
    """

    def __init__(self, arguments: argparse.Namespace) -> None:
        import datetime

        from ma_template.settings import Configurations, Settings

        given = _given(arguments)
        self._configurations = Configurations(given, arguments.config, isolated=arguments.isolated)
        self._stdin_name: str | None = arguments.stdin_filename
        self._redact: bool = arguments.redact
        self._sr: ServiceRequest | None = None
        self._resolver: MailDomains | None = None
        self._now = datetime.datetime.now(datetime.UTC)  # one run has one moment
        self._day: datetime.date | None = None
        self.as_of: datetime.date | None = None
        self.problems: list[Problem] = list(self._configurations.problems)
        self._told = len(self.problems)
        if arguments.as_of is not None:
            try:
                self._day = datetime.datetime.fromisoformat(arguments.as_of).date()
            except ValueError:
                self.problems.append(_problem(None, "as_of", given=arguments.as_of))
        if arguments.sr is not None:
            self._take_sr(arguments.sr, arguments.paths)
        # What concerns the report as a whole is taken from the settings for the first path.
        first = None if self.problems else self._configurations.of(self._named(arguments.paths[0]))
        self._first = first or Settings(given, {})
        if not self.problems:
            self.as_of = self._today(self._first)

    def _take_sr(self, path: str, paths: list[str]) -> None:
        from ma_template.files import STANDARD_INPUT
        from ma_template.sr_file import read_service_request

        if path == STANDARD_INPUT and STANDARD_INPUT in paths:
            self.problems.append(_problem(None, "sr-input"))
            return
        found = read_service_request(path)
        if isinstance(found, list):
            self.problems += found
        else:
            self._sr = found

    @property
    def offsets(self) -> Literal["code-point", "utf-16"]:
        """What offsets of the report count."""
        return self._first.given.get("offsets", "code-point")  # type: ignore[no-any-return]

    def configured(self, paths: list[str | Problem]) -> tuple[list[str | Problem], list[Problem]]:
        """Return the paths whose configuration is in order, and what is wrong with the others'."""
        sound = [path for path in paths if not isinstance(path, str) or self._configurations.of(self._named(path))]
        return sound, self._configurations.problems[self._told :]

    def settings(self, path: str) -> Settings:
        """Return the settings for a path that is configured."""
        settings = self._configurations.of(self._named(path))
        assert settings is not None
        return settings

    def _named(self, path: str) -> str:
        from ma_template.files import STANDARD_INPUT

        return self._stdin_name or path if path == STANDARD_INPUT else path

    def _today(self, settings: Settings) -> datetime.date:
        """Return the day to judge at. The library's `as_date` does the same, but cannot be had without the models."""
        if self._day is not None:
            return self._day
        zone = settings.given.get("timezone")
        if zone is None:
            return self._now.date()
        from ma_template.zones import named

        return self._now.astimezone(named(zone)).date()

    @property
    def dns_silent(self) -> bool:
        """Did the DNS leave a question open?"""
        return self._resolver is not None and self._resolver.silent

    def check(self, update: Update, settings: Settings) -> Report | Described:
        """Return the report of an update."""
        from ma_template.candidates import maybe

        day = self._today(settings)
        additions = settings.config.additions if "templates" in settings.given else None
        if not maybe(update.text, additions) and not settings.given.get("require"):
            from ma_template.report import absent

            return absent(update.source, update.encoding, day)
        plain = None if self._redact else settings.plain
        if plain is not None:
            plain.offsets = self.offsets  # one report, one way to count
            return self._plainly(update, plain, day)
        from ma_template import check

        config = settings.of_file(update.source)
        if config.offsets != self.offsets:
            config = config.model_copy(update={"offsets": self.offsets})
        report = check(update.text, as_of=day, config=config, sr=self._sr, resolver=self._domains(config))
        report = report.model_copy(update={"source": update.source, "encoding": update.encoding})
        if self._redact:
            from ma_template import redact

            report = redact(report, os.environ.get("MA_LINT_REDACT_KEY") or None)
        return report

    def _plainly(self, update: Update, choices: Plain, day: datetime.date) -> Described:
        """Return the report as plain data: where nothing has to be configured, nobody waits for the models."""
        from ma_template.examining import examine

        described = examine(update.text, day, choices, self._domains(choices), self._sr)
        described["source"] = update.source
        described["encoding"] = update.encoding
        return described

    def _domains(self, choices: Choices) -> MailDomains | None:
        if choices.check_mail_domain and self._resolver is None:
            from ma_template.resolver import MailDomains

            self._resolver = MailDomains()
        return self._resolver


# ---------------------------------------------------------------------------------------------------------------------
# The other commands


def _fix(arguments: argparse.Namespace) -> int:
    from ma_template.mending import Options, mend
    from ma_template.settings import Configurations

    lang = arguments.lang or _locale()
    given = {"encoding": arguments.encoding} if arguments.encoding else {}
    with _output(None, for_machines=False) as out:
        options = Options(
            out=out,
            tell=lambda problem: _tell(problem, lang),
            lang=lang,
            configurations=Configurations(given, arguments.config, isolated=arguments.isolated),
            colour=_coloured("auto", out),
            diff=arguments.diff,
            check=arguments.check,
            modernise=arguments.modernise,
            stdin_name=arguments.stdin_filename,
        )
        return mend(arguments.paths, options)


def _config(arguments: argparse.Namespace) -> int:
    from ma_template.configuring import as_data, as_toml, config_schema
    from ma_template.report.json import dumps
    from ma_template.settings import Configurations

    lang = arguments.lang or _locale()
    for_machines = arguments.schema or arguments.format == "json"
    if arguments.schema:
        shown = dumps(config_schema(), indent=2) + "\n"
    else:
        if not os.path.lexists(arguments.path):
            raise _FailedError(_problem(arguments.path, "not-found"))
        configurations = Configurations({}, arguments.config, isolated=arguments.isolated)
        settings = configurations.of(arguments.path)
        if settings is None:
            for problem in configurations.problems:
                _tell(problem, lang)
            return FAILED
        if for_machines:
            shown = dumps(as_data(settings, arguments.path), indent=2) + "\n"
        else:
            shown = as_toml(settings, arguments.path, lang)
    with _output(None, for_machines=for_machines) as out:
        out.write(shown)
    return OK


def _init(arguments: argparse.Namespace) -> int:
    from ma_template.configuring import first_file
    from ma_template.report import visible
    from ma_template.settings import OWN_FILE
    from ma_template.wording import table

    lang = arguments.lang or _locale()
    path = OWN_FILE if arguments.folder == "." else os.path.join(arguments.folder, OWN_FILE)
    if os.path.lexists(path):
        raise _FailedError(_problem(path, "exists"))
    try:
        with _output(path, for_machines=True) as file:
            file.write(first_file(lang))
    except _FailedError as failed:
        raise _FailedError(failed.problem._replace(key="unwritable-file")) from None
    with _output(None, for_machines=False) as out:
        out.write(table("words/configuring")[lang]["written"].format(path=visible(path)) + "\n")
    return OK


def _new(arguments: argparse.Namespace) -> int:
    from ma_template.forms import FIELDS_IN_ORDER
    from ma_template.writing import Options, write

    lang: Language = arguments.lang if arguments.lang in ("en", "ja") else _locale()
    given: dict[Any, list[str]] = {}
    for field in FIELDS_IN_ORDER:
        value = getattr(arguments, field)
        if value is not None:
            given[field] = value if isinstance(value, list) else [value]
    if arguments.source is not None and (given or arguments.ask):
        raise _FailedError(_problem(None, "new-both", option=f"--{next(iter(given), 'ask')}"))
    bare = not (given or arguments.source or arguments.lang)
    ask = arguments.ask or (bare and sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty())
    if ask:
        _need_dialogue(lang)
    settings = _settings_of_answers(arguments, lang) if given or ask else {}
    if settings is None:
        return FAILED
    with _output(None, for_machines=False) as out:
        options = Options(
            out=out,
            tell=lambda problem, kind="error": _tell(problem, lang, kind),
            lang=lang,
            language=arguments.lang or lang,
            given=given,
            settings=settings,
            source=arguments.source,
            ask=ask,
            colour=_coloured("auto", sys.stderr),
        )
        return write(options)


def _need_dialogue(lang: Language) -> None:
    """See that a dialogue can be held: there is a terminal, and the package that draws it."""
    if sys.stdin is None or sys.stderr is None or not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise _FailedError(_problem(None, "new-terminal"))
    from importlib.util import find_spec

    if find_spec("questionary") is None:
        raise _FailedError(_problem(None, "new-extra", lang=lang))


def _settings_of_answers(arguments: argparse.Namespace, lang: Language) -> dict[str, Any] | None:
    """Return the options of `check` with which answers are read; None where they make no sense, which is told."""
    from ma_template.config import Config, as_date
    from ma_template.settings import Configurations

    named = ("region", "date_order", "timezone", "fiscal_year_start")
    given = {name: getattr(arguments, name) for name in named[:2] if getattr(arguments, name)}
    configurations = Configurations(given, arguments.config, isolated=arguments.isolated)
    problems = configurations.problems
    found = None if problems else configurations.of(".")
    try:
        config = Config(**{name: found.given[name] for name in named if found and name in found.given})
        day = as_date(arguments.as_of, config)
    except ValueError:
        problems = problems or [_problem(None, "as_of", given=arguments.as_of)]
    for problem in problems:
        _tell(problem, lang)
    return None if problems else {"as_of": day, "config": config}


def _explain(arguments: argparse.Namespace) -> int:
    from ma_template.reference import explain
    from ma_template.rules import find
    from ma_template.settings import unknown_rule

    lang = arguments.lang or _locale()
    status = OK
    shown = []
    for code in arguments.codes:
        try:
            shown.append(explain(find(code), lang))
        except LookupError:
            _tell(unknown_rule(code), lang)
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
        return serve(load(arguments.config, **{name: value for name, value in given.items() if value is not None}))
    except SettingsError as error:
        raise _FailedError(_problem(None, "usage", message=str(error), command="ma-lint serve")) from None


def _lsp(arguments: argparse.Namespace) -> int:
    from ma_template.report import Problem

    try:
        from ma_template.lsp.documents import Wishes
        from ma_template.lsp.server import HOST, serve
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("ma_template"):
            raise
        raise _FailedError(_problem(None, "extra", command="ma-lint lsp", extra="lsp")) from None
    wishes = Wishes(arguments.lang or _locale(), arguments.config, arguments.isolated)
    if arguments.tcp is not None and not 0 < arguments.tcp < 65_536:
        raise _FailedError(_problem(None, "port", given=arguments.tcp))
    try:
        return serve(wishes, port=arguments.tcp, keep_lang=arguments.lang is not None)
    except OSError as error:
        raise _FailedError(Problem.of(f"{HOST}:{arguments.tcp}", "port-taken", error)) from None


def _scan(arguments: argparse.Namespace) -> int:
    from importlib.util import find_spec

    try:
        from ma_template.scan.problems import ScanError
        from ma_template.scan.scanning import scan
        from ma_template.scan.showing import Meter, show
    except ModuleNotFoundError as error:
        if error.name != "pyarrow":
            raise
        raise _FailedError(_problem(None, "extra", command="ma-lint scan", extra="arrow")) from None
    lang = arguments.lang or _locale()
    problems: list[Problem] = []
    if arguments.report is not None and not all(map(find_spec, ("jinja2", "matplotlib"))):
        raise _FailedError(_problem(None, "extra", command="ma-lint scan --report", extra="overview"))
    options = _scan_settings(arguments, problems, lang)
    for problem in problems:
        _tell(problem, lang)
    if options is None:
        return FAILED
    try:
        with Meter(lang, quiet=arguments.quiet) as meter:
            summary = scan(options, meter.begin, meter.step)
    except ScanError as error:
        _tell(error.problem, lang)
        return FAILED
    except KeyboardInterrupt:
        _tell(_problem(None, "scan-interrupted"), lang)
        return INTERRUPTED
    if not arguments.quiet:
        with _output(None, for_machines=False) as out:
            show(summary, options.output, lang, out, width=_width(out), colour=_coloured("auto", out))
    return FOUND if summary.faulty else OK


def _history(arguments: argparse.Namespace) -> int:
    try:
        from ma_template.scan.past import Totals
        from ma_template.scan.problems import ScanError
        from ma_template.scan.tracing import histories
    except ModuleNotFoundError as error:
        if error.name != "pyarrow":
            raise
        raise _FailedError(_problem(None, "extra", command="ma-lint history", extra="arrow")) from None
    lang = arguments.lang or _locale()
    problems: list[Problem] = []
    options = _scan_settings(arguments, problems, lang)
    for problem in problems:
        _tell(problem, lang)
    if options is None:
        return FAILED
    totals = Totals()
    wanted = arguments.sr and frozenset(arguments.sr)
    asked = (
        one
        for one in histories(options, totals)
        if (wanted is None or one.sr in wanted) and (arguments.only is None or one.shows(arguments.only))
    )
    ending = os.path.splitext(arguments.output or "")[1].lower().lstrip(".")
    kind = arguments.format or (ending if ending in ("json", "jsonl", "parquet") else "text")
    try:
        _write_histories(asked, kind, arguments.output, lang, totals)
    except ScanError as error:
        _tell(error.problem, lang)
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    return FOUND if totals.faulty else OK


def _write_histories(asked: Iterator[History], kind: str, path: str | None, lang: Language, totals: Totals) -> None:
    from ma_template.report.history import HistoryText, as_json, remarks

    if kind == "parquet":
        if path is None:
            raise _FailedError(
                _problem(None, "usage", message="--format parquet needs --output", command="ma-lint history")
            )
        from ma_template.arrow.past import write_parquet

        with _whole_file(path) as file:
            write_parquet(asked, file.buffer)
    else:
        with _output(path, for_machines=kind != "text") as out:
            if kind == "json":
                out.writelines(as_json(asked, totals))
            elif kind == "jsonl":
                out.writelines(one.model_dump_json() + "\n" for one in asked)
            else:
                text = HistoryText(out, lang)
                for one in asked:
                    text.write(one)
                text.end()
    for remark in remarks(totals, lang):
        if sys.stderr is not None:
            print(f"ma-lint: {remark}", file=sys.stderr)


def _scan_settings(arguments: argparse.Namespace, problems: list[Problem], lang: Language) -> Options | None:
    """Return what a scan is told; None where it makes no sense, of which `problems` is told."""
    import datetime

    from ma_template.encodings import AUTO, canonical
    from ma_template.report import Problem
    from ma_template.scan.rows import Columns
    from ma_template.scan.scanning import Options
    from ma_template.settings import Configurations

    names = ("region", "date_order", "timezone")
    given = {name: value for name in names if (value := getattr(arguments, name)) is not None}
    configurations = Configurations(given, arguments.config, isolated=arguments.isolated)
    problems += configurations.problems
    settings = None if problems else configurations.of(".")
    problems += configurations.problems[len(problems) :]
    day = None
    if arguments.as_of is not None:
        try:
            day = datetime.datetime.fromisoformat(arguments.as_of).date()
        except ValueError:
            problems.append(_problem(None, "as_of", given=arguments.as_of))
    try:
        encoding = AUTO if arguments.encoding.lower() == AUTO else canonical(arguments.encoding)
        if encoding.startswith(("utf-16", "utf-32", "utf-7", "iso-2022")):
            problems.append(_problem(None, "scan-encoding", given=arguments.encoding))
    except ValueError:
        problems.append(Problem(None, "encoding", {"key": "--encoding", "given": arguments.encoding}))
    separator = {"\\t": "\t", "tab": "\t"}.get(arguments.delimiter, arguments.delimiter)
    if separator is not None and (len(separator) != 1 or not separator.isascii() or separator in '"\r\n\0'):
        problems.append(_problem(None, "scan-delimiter", given=arguments.delimiter))
    jobs = _jobs(arguments.jobs, problems)
    largest = _bytes(arguments.max_bytes, "--max-bytes", 10 << 20, problems)
    size = _bytes(arguments.chunk_bytes, "--chunk-bytes", 8 << 20, problems)
    beside = _sr_columns(arguments.sr_columns, problems)
    if problems or settings is None:
        return None
    return Options(
        inputs=arguments.paths,
        output=arguments.output,
        columns=Columns(
            arguments.text_column, arguments.id_column, arguments.as_of_column, arguments.region_column, beside
        ),
        config=settings.config,
        day=day,
        encoding=encoding,
        separator=separator,
        view=arguments.rows,
        redact=arguments.redact,
        key=(os.environ.get("MA_LINT_REDACT_KEY") or None) if arguments.redact else None,
        largest=largest,
        size=size,
        jobs=jobs,
        resume=arguments.resume,
        overwrite=arguments.overwrite,
        report=arguments.report,
        lang=lang,
    )


def _sr_columns(given: str | None, problems: list[Problem]) -> tuple[tuple[str, str], ...]:
    """Return fields of the service request, each with its column."""
    if given is None:
        return ()
    from ma_template.service_request import ServiceRequest

    pairs = [pair.partition("=")[::2] for pair in given.split(",")]
    found = tuple((field.strip(), name.strip()) for field, name in pairs)
    if all(field in ServiceRequest.model_fields and name for field, name in found):
        return found
    problems.append(_problem(None, "sr-columns", given=given, known=", ".join(ServiceRequest.model_fields)))
    return ()


def _bytes(given: str | None, option: str, default: int, problems: list[Problem]) -> int:
    if given is None:
        return default
    if given.isdecimal() and given.isascii() and 0 < int(given) < 1 << 40:
        return int(given)
    problems.append(_problem(None, "scan-number", option=option, given=given))
    return default


def _completion(arguments: argparse.Namespace) -> int:
    from ma_template.completion import script

    with _output(None, for_machines=True) as out:
        out.write(script(parsers()[0], arguments.shell))
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
    return _columns(out) if out.isatty() or os.environ.get("COLUMNS") else _WIDTH_OF_A_FILE


def _columns(out: TextIO | None) -> int:
    """Return how wide the terminal is, as `shutil.get_terminal_size` does."""
    given = os.environ.get("COLUMNS", "")
    if given.isdecimal() and int(given):
        return int(given)
    with contextlib.suppress(AttributeError, ValueError, OSError):
        return os.get_terminal_size(out.fileno()).columns or _WIDTH_OF_A_FILE  # type: ignore[union-attr]
    return _WIDTH_OF_A_FILE


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


def _fault(source: str | None, error: Exception) -> Problem:
    """Return what is told of a mistake of ours."""
    from ma_template.report import wordless

    return _problem(source, "fault", error=wordless(error))


def _unknown_option(given: str, parser: argparse.ArgumentParser) -> Problem:
    import re

    name = given.partition("=")[0]
    meant = _nearest(name, re.findall(r"--[a-z-]+", parser.format_usage()))
    if meant:
        return _problem(None, "option-meant", given=name, meant=meant)
    return _problem(None, "option", given=name, command=parser.prog)


def _meant_a_command(problem: Problem) -> Problem:
    """Ask back where a name that is no file looks like a command misspelt."""
    commands = list(_COMMANDS)
    meant = problem.key == "not-found" and _nearest(problem.source or "", commands)
    return _problem(problem.source, "command-meant", meant=meant) if meant else problem


def _nearest(given: str, known: list[str]) -> str | None:
    from difflib import get_close_matches

    return next(iter(get_close_matches(given[:40], known, 1)), None)


def _tell(problem: Problem, lang: Language | None = None, kind: Literal["error", "warning"] = "error") -> None:
    if sys.stderr is not None:
        print(problem.line(lang or _locale(), kind), file=sys.stderr)
