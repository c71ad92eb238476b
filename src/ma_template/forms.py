"""The published forms, empty or with answers written into them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from ma_template.patterns import late
from ma_template.sections import answer_language
from ma_template.source import View
from ma_template.wording import SECTIONS, SectionName, published, table, templates

LabelLanguage = Literal["en", "ja"]
FormLanguage = Literal["en", "ja", "both"]
Field = Literal["reason", "impact", "milestone", "type", "date", "name", "phone", "pager", "email"]
FIELDS_IN_ORDER: tuple[Field, ...] = (
    "reason", "impact", "milestone", "type", "date", "name", "phone", "pager", "email",
)  # fmt: skip

_MOMENT = late(r"(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2})?)([+-]\d{2}:\d{2})?)?")


class Form(NamedTuple):
    """What is written into a form, item by item, as it is to stand there; `""` and `()` are left open.

    `texts` holds whole answers as somebody wrote them; the items of such a section are not looked at.
    """

    reason: str = ""
    impact: str = ""
    milestone: str = ""
    type: str = ""
    dates: tuple[str, ...] = ()
    name: str = ""
    phones: tuple[str, ...] = ()
    pagers: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    texts: Mapping[SectionName, str] = {}

    def answers(self, language: LabelLanguage) -> dict[SectionName, str]:
        """Return the text of each section, its items behind labels of this language."""
        words = table("words/form")[language]

        def lines(**items: Iterable[str]) -> list[str]:
            return [words[name].format(value) for name, values in items.items() for value in values if value]

        parts: dict[SectionName, list[str]] = {
            "reason": [self.reason, *lines(impact=[self.impact])],
            "milestone": [self.milestone, *lines(date=self.dates, type=[self.type])],
            "requester": lines(name=[self.name], phone=self.phones, pager=self.pagers, email=self.emails),
        }
        return {name: self.texts.get(name, "\n".join(filter(None, part))).strip() for name, part in parts.items()}

    def labels(self, language: FormLanguage) -> LabelLanguage:
        """Return the language of the items' labels: where the form is in both languages, that of what is written."""
        if language != "both":
            return language
        written = "\n".join([self.reason, self.impact, self.milestone, self.name, *self.texts.values()])
        return "ja" if answer_language([View.of(written)]) == "ja" else "en"


def compose(form: Form, language: FormLanguage, template: str = "management-attention") -> str:
    """Return the published form with these answers in it. Whether they will be read back is not checked.

    In both languages each prompt stands in English and below it in Japanese, between English banners.

    Raises:
        ValueError: there is no such form.
    """
    languages = ("en", "ja") if language == "both" else (language,)
    known = {(one.name, one.language) for one in templates()}
    if not known.issuperset((template, one) for one in languages):
        raise ValueError(f"there is no form {template} in this language ({language})")
    forms = [published(template, one) for one in languages]
    answers = form.answers(form.labels(language))
    lines = [forms[0].opening]
    for name in SECTIONS:
        lines += ["", *(one.prompts[name] for one in forms)]
        if answers[name]:
            lines += ["", answers[name]]
    return "\n".join([*lines, "", forms[0].closing, ""])


# ---------------------------------------------------------------------------------------------------------------------
# From values to what is written


def write_moment(moment: str, language: LabelLanguage) -> str:
    """Return an ISO 8601 date or date-time as it is written into a form; anything else as it is.

    >>> write_moment("2026-12-01", "en"), write_moment("2026-12-01T17:00+09:00", "ja")
    ('2026-12-01 (Tue)', '2026-12-01 17:00 UTC+09:00')
    """
    match = _MOMENT.fullmatch(moment)
    if match is None:
        return moment
    day, clock, offset = match.groups()
    if clock:
        zone = "UTC" if offset == "+00:00" else f"UTC{offset}"
        return f"{day} {clock} {zone}" if offset else f"{day} {clock}"
    words = table("words/form")[language]
    try:
        return str(words["day"].format(day, words["weekdays"][datetime.date.fromisoformat(day).weekday()]))
    except ValueError:  # no such day: told when it is read back
        return day


def is_moment(text: str) -> bool:
    """Return whether this is an ISO 8601 date or date-time, as reports spell them."""
    return _MOMENT.fullmatch(text) is not None


def write_range(start: str, end: str | None, language: LabelLanguage) -> str:
    """Return a date, or a range with both its ends, as it is written into a form."""
    first = write_moment(start, language)
    return table("words/form")[language]["range"].format(first, write_moment(end, language)) if end else first


def write_number(number: str, extension: str | None, language: LabelLanguage) -> str:
    """Return a telephone number as it is written into a form: grouped as people read it, if it has a country code."""
    if number.startswith("+"):
        import phonenumbers

        try:
            parsed = phonenumbers.parse(number)
            number = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
        except phonenumbers.NumberParseException:  # told when it is read back
            pass
    return table("words/form")[language]["extension"].format(number, extension) if extension else number


def write_type(category: str, kind: str | None, language: LabelLanguage) -> str:
    """Return the type of a milestone as it is written into a form; words that are no category stay as they are."""
    words = table("words/form")[language]
    named = words["categories"].get(category, category)
    return str(words["kinds"][kind].format(named)) if kind else named
