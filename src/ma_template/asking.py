"""The dialogue of `ma-lint new`: asks for one item after the other, and says at once how each answer was understood."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any, TextIO

import questionary
from prompt_toolkit.output import create_output

from ma_template.forms import Field, Form, write_range
from ma_template.reference import wrap
from ma_template.taking import Remark, Taken, Taker, put
from ma_template.wording import table

_ORDER: tuple[Field, ...] = ("reason", "impact", "milestone", "date", "name", "phone", "pager", "email")
_COLOURS = {"question": "1", "good": "32", "bad": "31", "doubt": "33", "quiet": "2", "expected": "2"}
_MARKS = {"question": "\n", "good": "  ✓ ", "bad": "  ✗ ", "doubt": "  ! ", "quiet": "  ", "expected": "    "}
_NO_TERMINAL = 100  # columns of a text that no terminal shows
_FALLBACKS = str.maketrans("✓✗›", "vx>")
_PLAIN = questionary.Style([(name, "noinherit") for name in ("qmark", "question", "answer", "pointer", "highlighted")])


class Asker:
    """Asks on a terminal. What is shown goes to standard error, so that standard output holds the form alone.

    Raises (from every method that asks):
        KeyboardInterrupt, EOFError: whoever is asked leaves.
    """

    def __init__(self, taker: Taker, *, colour: bool, out: TextIO | None = None) -> None:
        self._taker = taker
        self._out = out or sys.stderr
        self._colour = colour
        self._words: Mapping[str, Any] = table("words/new")[taker.lang]
        self._look: dict[str, Any] = {"output": create_output(stdout=self._out)}
        if not colour:
            self._look["style"] = _PLAIN

    def ask(self, form: Form, given: Sequence[Field] = ()) -> Form:
        """Return the form with all that is not given yet asked for."""
        self._say("quiet", self._words["welcome"])
        for field in _ORDER:
            if field not in given:
                form = self._item(field, form)
            if field == "milestone" and "type" not in given:
                form = self._type(form)
        return form

    def _item(self, field: Field, form: Form) -> Form:
        """Ask for one item until the answer can be used, or none is needed."""
        optional = field == "pager"
        if field == "impact" and (found := self._taker.take("reason", form.reason).shown):
            self._say("good", self._words["impact_found"].format(shown=self._words["quote"].format(words=found[0])))
            optional = True
        answer = ""
        while True:
            answer = self._text(field, answer)
            if not answer.strip():
                if optional:
                    return form
                self._say("bad", self._words["required"])
                continue
            taken = self._taker.take(field, answer, form)
            written = self._settled(field, taken)
            if written:
                return put(form, field, written)
            if not taken.errors and not taken.doubts:  # said in words that there is none
                return form

    def _settled(self, field: Field, taken: Taken) -> tuple[str, ...]:
        """Return what is to be written of an answer, nothing where it has to be given anew."""
        for remark in taken.errors:
            self._remark("bad", remark)
        if taken.readings:
            return self._which(taken.readings)
        if taken.errors:
            return ()
        for remark in taken.doubts:
            self._remark("doubt", remark)
        if taken.shown and field != "reason":
            shown = self._words["between"].join(taken.shown)
            self._say("good", self._words["understood"].format(shown=shown))
        if taken.doubts and not self._keeps():
            return ()
        return taken.written

    def _which(self, readings: Sequence[str]) -> tuple[str, ...]:
        """Let one of several readings of a date be chosen."""
        from ma_template.diagnostics import spell_date

        choices = {spell_date(reading, self._taker.lang): reading for reading in readings}
        chosen = self._choice(self._words["which"], [*choices, self._words["none_of_these"]])
        return (write_range(choices[chosen], None, self._taker.labels),) if chosen in choices else ()

    def _type(self, form: Form) -> Form:
        """Ask for the type of the milestone where its words do not tell it."""
        taken = self._taker.take("type", form.milestone) if form.milestone else Taken()
        categories: Mapping[str, str] = table("words/form")[self._taker.lang]["categories"]
        if taken.written and not taken.doubts:
            return form
        names = {words: name for name, words in categories.items()}
        chosen = names[self._choice(self._words["which_type"], list(names))]
        return put(form, "type", self._taker.take("type", chosen).written)

    # --- asking

    def _text(self, field: Field, before: str) -> str:
        self._say("question", self._words["ask"][field])
        self._say("quiet", self._words["hint"][field])
        return str(questionary.text("", default=before, qmark=self._shown("›"), **self._look).unsafe_ask())

    def _choice(self, question: str, choices: Sequence[str]) -> str:
        self._say("question", question)
        mark = self._shown("›")
        asked = questionary.select(
            "", choices, qmark=mark, pointer=mark, instruction=self._words["arrows"], **self._look
        )
        return str(asked.unsafe_ask())

    def _keeps(self) -> bool:
        keep, change = self._words["keep"], self._words["change"]
        return self._choice(self._words["whether"], [keep, change]) == str(keep)

    # --- saying

    def _remark(self, kind: str, remark: Remark) -> None:
        self._say(kind, remark.message)
        if remark.expected:
            self._say("expected", self._words["expected"].format(expected=remark.expected))

    def _say(self, kind: str, words: str) -> None:
        """Say something behind its mark; what takes several lines stays below its own beginning."""
        mark = self._shown(_MARKS[kind])
        margin = " " * len(mark.lstrip("\n"))
        line = mark + f"\n{margin}".join(wrap(words, self._columns() - len(margin)))
        print(f"\x1b[{_COLOURS[kind]}m{line}\x1b[0m" if self._colour else line, file=self._out)

    def _columns(self) -> int:
        try:
            return os.get_terminal_size(self._out.fileno()).columns or _NO_TERMINAL
        except (OSError, ValueError):
            return _NO_TERMINAL

    def _shown(self, mark: str) -> str:
        """Return a mark as the terminal can show it."""
        try:
            mark.encode(self._out.encoding or "ascii")
        except UnicodeEncodeError:
            return mark.translate(_FALLBACKS)
        return mark
