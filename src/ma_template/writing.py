"""`ma-lint new`: prints a form, empty, with given answers in it, or with those that a dialogue asks for."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol, TextIO

from ma_template.files import read
from ma_template.forms import Field, Form, FormLanguage, compose
from ma_template.report import Problem
from ma_template.wording import table

if TYPE_CHECKING:
    from ma_template.taking import Remark

DONE, FAILED, INTERRUPTED = 0, 2, 130


class Tell(Protocol):
    """Says on standard error what could not be done, or what is doubtful."""

    def __call__(self, problem: Problem, kind: Literal["error", "warning"] = "error") -> None: ...


class Options(NamedTuple):
    """What `ma-lint new` is asked for.

    Attributes:
        out: standard output.
        tell: says what is wrong.
        lang: the language of messages and questions.
        language: the language of the form.
        given: answers given as options.
        settings: those of `check`: `as_of`, `region` and others.
        source: a file (or `-`) that holds a request as JSON; None: there is none.
        ask: ask for what is not given.
        colour: colour what is said in the dialogue.
    """

    out: TextIO
    tell: Tell
    lang: Literal["en", "ja"]
    language: FormLanguage
    given: Mapping[Field, Sequence[str]]
    settings: Mapping[str, Any]
    source: str | None = None
    ask: bool = False
    colour: bool = False


def write(options: Options) -> int:
    """Print the form. Return the exit status: 0, 2 where an answer cannot be used, 130 where the dialogue was left."""
    if options.source is not None:
        return _from_json(options, options.source)
    if not options.given and not options.ask:
        _print(compose(Form(), options.language), options.out)
        return DONE
    return _from_answers(options)


def _from_answers(options: Options) -> int:
    from ma_template.diagnostics import FIELDS
    from ma_template.taking import Taker, fill, still_lacking

    labels: Literal["en", "ja"] = options.lang if options.language == "both" else options.language
    taker = Taker(options.lang, labels, options.settings)
    filled = fill(options.given, taker)
    for option, remark in filled.errors:
        options.tell(_problem(option, remark))
    if filled.errors:
        return FAILED
    words = table("words/new")[options.lang]
    form = filled.form
    if options.ask:
        from ma_template.asking import Asker

        try:
            form = Asker(taker, colour=options.colour).ask(form, list(options.given))
        except (KeyboardInterrupt, EOFError):
            print(f"\n{words['farewell']}", file=sys.stderr)
            return INTERRUPTED
    else:
        for option, shown in filled.shown:
            print(f"{option}: {words['understood'].format(shown=shown)}", file=sys.stderr)
        for option, remark in filled.doubts:
            options.tell(_problem(option, remark), "warning")
    missing, wrong = still_lacking(form, options.language, taker)
    for path, remark in wrong:
        options.tell(_problem(FIELDS[path].of(options.lang), remark))
    if wrong:
        return FAILED
    if options.ask:
        print(f"\n{words['ready']}\n", file=sys.stderr)
    elif missing:
        print(words["open"].format(fields=words["between"].join(missing)), file=sys.stderr)
    _print(compose(form, options.language), options.out)
    return DONE


def _from_json(options: Options, source: str) -> int:
    from ma_template.rendering import RenderError, render

    update = read(source)
    if isinstance(update, Problem):
        options.tell(update)
        return FAILED
    try:
        given = json.loads(update.text)
    except json.JSONDecodeError as error:
        where = {"line": error.lineno, "column": error.colno}
        options.tell(Problem(source, "new-json", {"reason": error.msg, **where}))
        return FAILED
    if not isinstance(given, dict):
        options.tell(Problem(source, "new-object"))
        return FAILED
    try:
        text = render(given, options.language)
    except RenderError as error:
        for fault in error.faults:
            options.tell(Problem(source, "new-fault", {"path": fault.path, "message": fault.message(options.lang)}))
        return FAILED
    _print(text, options.out)
    return DONE


def _problem(what: str, remark: Remark) -> Problem:
    key = "new-answer-expected" if remark.expected else "new-answer"
    return Problem(None, key, {"what": what, "message": remark.message, "expected": remark.expected})


def _print(text: str, out: TextIO) -> None:
    """Print a form. Where a terminal's encoding has no no-break space, the published Japanese banners do without."""
    try:
        text.encode(out.encoding or "utf-8")
    except UnicodeEncodeError:
        text = text.replace("\u00a0", " ")
    out.write(text)
