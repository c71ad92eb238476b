"""`ma-lint new`: an empty form, or one with answers in it, each understood by the library's own readers and judges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ma_template.checking import check
from ma_template.diagnostics import FIELDS, spell_date
from ma_template.forms import (
    FIELDS_IN_ORDER,
    Field,
    Form,
    FormLanguage,
    compose,
    write_number,
    write_range,
    write_type,
)
from ma_template.readers.placeholders import is_placeholder
from ma_template.rendering import unwritable
from ma_template.rules import RULES
from ma_template.wording import table

if TYPE_CHECKING:
    from ma_template.models import Block, Diagnostic, Phone

Language = Literal["en", "ja"]

_PATHS: Mapping[Field, str] = {
    "reason": "reason", "impact": "reason.impact", "milestone": "milestone", "type": "milestone.type",
    "date": "milestone.dates", "name": "requester.name", "phone": "requester.phone", "pager": "requester.pager",
    "email": "requester.email",
}  # fmt: skip
_PLACES: Mapping[Field, str] = {"date": "dates", "phone": "phones", "pager": "pagers", "email": "emails"}
_BESIDE: Mapping[Language, dict[str, Any]] = {
    "en": {"name": "Taro Yamada", "phones": ("+1 415 555 0100",)},
    "ja": {"name": "山田太郎", "phones": ("+81 3-5555-0100",)},
}
# What leaves a doubt that only the writer can settle; told by code, since in a form just being written it is no
# warning yet. That a date is relative or has no year does no harm: it is written out in full.
_ERRORS = frozenset({"MA305", "MA308"})
_HARMLESS = frozenset({"MA309", "MA310"})


class Remark(NamedTuple):
    """What is wrong with an answer, or doubtful, and what a right one looks like."""

    message: str
    expected: str = ""


class Taken(NamedTuple):
    """How an answer was understood.

    Attributes:
        written: as it goes into the form; nothing where it cannot be used.
        shown: in words, for whoever gave it: dates spelled out, numbers with their country code.
        errors: why it cannot be used.
        doubts: why it may not be what was meant.
        readings: ISO dates to choose from, where a date has several readings.
    """

    written: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    errors: tuple[Remark, ...] = ()
    doubts: tuple[Remark, ...] = ()
    readings: tuple[str, ...] = ()


class Taker:
    """Takes answers to single questions. `settings` are those of `check`: `as_of`, `region`, `date_order`."""

    def __init__(self, lang: Language, labels: Language, settings: Mapping[str, Any]) -> None:
        self.lang = lang
        self.labels = labels
        self.settings = settings

    def take(self, field: Field, given: str, form: Form | None = None) -> Taken:
        """Return how an answer is understood, beside those in the form already."""
        given = given.strip() if field in ("reason", "impact") else " ".join(given.split())
        base = Form(reason=form.reason) if form and field == "impact" else Form()
        if _PATHS[field].startswith("requester."):
            # Beside another item, so that what is said concerns this one and not the requester as a whole.
            base = Form(**_BESIDE[self.labels])
        answered = put(base, field, (_in_form(field, given, self.labels),))
        if faults := list(unwritable(answered)):
            return Taken(errors=tuple(Remark(fault.message(self.lang)) for fault in faults))
        report = check(compose(answered, self.labels), **self.settings)
        block = report.blocks[0]
        errors: list[Remark] = []
        doubts: list[Remark] = []
        for found in report.diagnostics:
            if _concerns(found, field) and found.code not in _HARMLESS:
                remark = self.remark(found)
                if RULES[found.code].name.endswith("-missing"):  # it is not missing, but was not found in this
                    remark = remark._replace(message=self._unread(field))
                (errors if found.severity == "error" or found.code in _ERRORS else doubts).append(remark)
        written, shown = self._understood(field, given, block)
        if field == "pager" and is_placeholder(given):
            return Taken()
        if not written and not errors:
            errors.append(Remark(self._unread(field)))
        readings = tuple(
            reading for date in (block.milestone.dates if block.milestone else ()) for reading in date.candidates
        )
        return Taken(() if errors else written, shown, tuple(errors), tuple(doubts), readings if errors else ())

    def _unread(self, field: Field) -> str:
        return str(table("words/new")[self.lang]["unread"].format(field=FIELDS[_PATHS[field]].of(self.lang)))

    def remark(self, found: Diagnostic) -> Remark:
        """Return a finding in words."""
        rule = RULES[found.code]
        return Remark(rule.render(self.lang, **found.arguments), rule.expected.of(self.lang))

    def _understood(self, field: Field, given: str, block: Block) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return what is written, and what is shown of it."""
        milestone, requester = block.milestone, block.requester
        if field == "reason":
            impact = block.reason.impact if block.reason else None
            return (given,), (impact,) if impact else ()
        if field in ("type", "milestone"):
            kind = milestone.type if milestone else None
            known = kind is not None and kind.category != "other"
            shown = (write_type(kind.category, kind.kind, self.lang),) if kind and known else ()
            return (_in_form(field, given, self.labels),) if milestone else (), shown
        if field == "date":
            spans = [(date.start, date.end) for date in (milestone.dates if milestone else ()) if date.start]
            written = tuple(write_range(start, end, self.labels) for start, end in spans)
            return written, tuple(self._spelled(start, end) for start, end in spans)
        if field == "name":
            name = requester.name if requester else None
            return ((given,), ()) if name else ((), ())
        if field in ("phone", "pager"):
            numbers = (requester.phones if field == "phone" else requester.pagers) if requester else ()
            written = tuple(map(self._number, numbers))
            return written, tuple(one for one in written if one != given)
        if field == "email":
            addresses = tuple(email.address or email.raw for email in (requester.emails if requester else ()))
            return addresses, tuple(one for one in addresses if one != given)
        return (given,), ()

    def _spelled(self, start: str, end: str | None) -> str:
        first = spell_date(start, self.lang)
        shape = table("words/report")[self.lang]["range"]
        return str(shape.format(start=first, end=spell_date(end, self.lang))) if end else first

    def _number(self, phone: Phone) -> str:
        if phone.e164:
            return write_number(phone.e164, phone.extension, self.labels)
        return phone.raw


def put(form: Form, field: Field, values: Sequence[str]) -> Form:
    """Return a form with one item filled in."""
    item: Any = tuple(values) if field in _PLACES else "\n".join(values)
    return form._replace(**{_PLACES.get(field, field): item})


def _in_form(field: Field, given: str, labels: Language) -> str:
    """Return an answer as it stands in the form before it is understood: the name of a category in its language."""
    if field == "type" and given.lower() in table("words/form")["en"]["categories"]:
        return write_type(given.lower(), None, labels)
    return given


def _concerns(found: Diagnostic, field: Field) -> bool:
    """Is a finding about this item, or about the whole section that only this item stands in?"""
    path = _PATHS[field]
    return found.field is not None and found.field in (path, path.partition(".")[0])


class Filled(NamedTuple):
    """A form with given answers in it.

    Attributes:
        form: the answers that could be used.
        errors: what is wrong with the others, each with its option (`--phone`, or `--phone 2` where there are several).
        doubts: what may not be as meant.
        shown: how dates were understood.
    """

    form: Form
    errors: tuple[tuple[str, Remark], ...]
    doubts: tuple[tuple[str, Remark], ...]
    shown: tuple[tuple[str, str], ...]


def fill(given: Mapping[Field, Sequence[str]], taker: Taker) -> Filled:
    """Return a form with all these answers, each taken by itself: all that is wrong is told at once."""
    form = Form()
    errors: list[tuple[str, Remark]] = []
    doubts: list[tuple[str, Remark]] = []
    shown: list[tuple[str, str]] = []
    for field in FIELDS_IN_ORDER:
        written: list[str] = []
        values = given.get(field, ())
        for number, value in enumerate(values, 1):
            option = f"--{field} {number}" if len(values) > 1 else f"--{field}"
            taken = taker.take(field, value, form)
            written += taken.written
            errors += ((option, remark) for remark in taken.errors)
            doubts += ((option, remark) for remark in taken.doubts)
            if field == "date":
                shown += ((option, words) for words in taken.shown)
        form = put(form, field, written)
    return Filled(form, tuple(errors), tuple(doubts), tuple(shown))


def still_lacking(form: Form, language: FormLanguage, taker: Taker) -> tuple[list[str], list[tuple[str, Remark]]]:
    """Return what a form lacks, in words, and what is wrong in it as a whole, each with its path.

    Answers that were understood one by one may be read otherwise beside each other.
    """
    report = check(compose(form, language), **taker.settings)
    block = report.blocks[0]
    missing = [FIELDS[path].of(taker.lang) for path in block.missing if path != "reason.impact" or form.reason]
    wrong = [
        (found.field, taker.remark(found))
        for found in report.diagnostics
        if found.field is not None and (found.field in block.invalid or found.code in _ERRORS)
    ]
    return missing, wrong
