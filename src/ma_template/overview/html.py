"""The page itself: one HTML file that loads nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from statistics import median_low
from types import ModuleType
from typing import Any, Literal, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined, Template, select_autoescape
from markupsafe import Markup

from ma_template.diagnostics import FIELDS
from ma_template.overview.tally import Example, Group, Tally
from ma_template.reading import PATHS
from ma_template.wording import table

Language = Literal["en", "ja"]

_LAST_DAYS = (1, 7, 14, 30, 90)
"""Where one column of the lead times ends, in days; the last one is open. The first is imminent (MA501)."""

_SHOWN_SRS = 10
_SHOWN_GAPS = 3


class _Named(NamedTuple):
    """A row of a table: what it is about, and the requests."""

    name: str
    group: Group
    most: str


def page(tally: Tally, lang: Language = "en", *, today: date | None = None) -> str:
    """Return the page as HTML, in UTF-8.

    Args:
        tally: what was counted.
        lang: the language that the page is in.
        today: the day that the page says it was made on.
    """
    from ma_template import __version__

    return _Page(tally, lang).html(today or date.today(), __version__)


class _Page:
    def __init__(self, tally: Tally, lang: Language) -> None:
        self._tally = tally
        self._lang: Language = lang
        self._words: Mapping[str, Any] = table("words/overview")[lang]
        self._joint: str = table("words/report")[lang]["parts"]

    def html(self, today: date, version: str) -> str:
        tally = self._tally
        mondays = sorted(tally.weeks)
        gaps = self._gaps()
        leads = self._leads()
        repeated = tally.repeated
        return _template().render(
            lang=self._lang,
            w=self._words,
            tally=tally,
            version=version,
            today=today.isoformat(),
            weeks=[(monday, tally.weeks[monday]) for monday in mondays],
            weeks_plot=self._weeks(mondays),
            gaps=[(self._item(path), tally.missing[path], tally.invalid[path]) for path in gaps],
            gaps_plot=self._gaps_plot(gaps),
            forms=self._groups((self._form(*form), group) for form, group in tally.forms.items()),
            answers=self._groups((self._answers(answers), group) for answers, group in tally.answers.items()),
            leads=leads,
            lead_plot=self._leads_plot(leads),
            median=self._median(),
            categories=self._categories(),
            repeated=[(sr, days, tally.frequent(days)) for sr, days in list(repeated.items())[:_SHOWN_SRS]],
            repeated_count=len(repeated),
            frequent_count=sum(map(tally.frequent, repeated.values())),
            worst=[(example, *self._example(example)) for example in tally.worst],
        )

    def _weeks(self, mondays: list[date]) -> Markup | None:
        if len(mondays) < 2:
            return None
        groups = [self._tally.weeks[monday] for monday in mondays]
        requests, rates = [group.requests for group in groups], [group.rate for group in groups]
        return _drawn(_plots().weeks(mondays, requests, rates, self._words["rate"], self._words["requests_word"]))

    def _gaps(self) -> list[str]:
        found = self._tally.missing + self._tally.invalid
        return sorted((path for path in PATHS if found[path]), key=lambda path: -found[path])

    def _gaps_plot(self, paths: list[str]) -> Markup | None:
        if not paths:
            return None
        words, tally = self._words["gaps"], self._tally
        parts = [
            (words["missing"], [tally.missing[path] for path in paths]),
            (words["invalid"], [tally.invalid[path] for path in paths]),
        ]
        return _drawn(_plots().bars([self._item(path) for path in paths], parts, self._words["requests_word"]))

    def _leads(self) -> list[tuple[str, int]]:
        amounts = [0] * (len(_LAST_DAYS) + 2)
        for days, times in self._tally.leads.items():
            amounts[0 if days < 0 else 1 + sum(days > last for last in _LAST_DAYS)] += times
        words = self._words["lead"]
        return list(zip((words["past"], *words["days"]), amounts, strict=True))

    def _leads_plot(self, leads: list[tuple[str, int]]) -> Markup | None:
        if not self._tally.leads:
            return None
        labels, amounts = zip(*leads, strict=True)
        return _drawn(_plots().columns(labels, amounts, 2, self._words["requests_word"]))

    def _median(self) -> int | None:
        coming = [days for days in self._tally.leads.elements() if days >= 0]
        return median_low(coming) if coming else None

    def _categories(self) -> str:
        names = table("words/report")[self._lang].get("categories", {})
        found = self._tally.categories.most_common(5)
        return self._joint.join(f"{names.get(name, name.replace('-', ' '))} ({times})" for name, times in found)

    def _groups(self, groups: Iterable[tuple[str, Group]]) -> list[_Named]:
        named = [_Named(name, group, self._most(group)) for name, group in groups]
        return sorted(named, key=lambda row: -row.group.requests)

    def _most(self, group: Group) -> str:
        return self._items(path for path, _ in group.gaps.most_common(_SHOWN_GAPS))

    def _form(self, language: str, template: str) -> str:
        name: str = self._words["languages"].get(language, language)
        return f"{name} ({self._words['groups']['older']})" if template == "escalation-request" else name

    def _answers(self, language: str | None) -> str:
        return str(self._words["languages"][language] if language else self._words["groups"]["none"])

    def _items(self, paths: Iterable[str]) -> str:
        return self._joint.join(map(self._item, paths))

    def _item(self, path: str) -> str:
        return FIELDS[path].of(self._lang)

    def _example(self, example: Example) -> tuple[str, str, str]:
        form = self._form(example.language, example.template)
        return self._items(example.missing), self._items(example.invalid), form


def _drawn(picture: str) -> Markup:
    return Markup(picture)  # noqa: S704  # matplotlib draws it, of counts and of our own words


def _plots() -> ModuleType:
    """Import the plots when there is something to draw: who only counts does not wait for matplotlib."""
    from ma_template.overview import plots

    return plots


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("ma_template.overview", ""),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html.j2")
