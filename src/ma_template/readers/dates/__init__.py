"""Reads the dates of an answer, in English and Japanese alike.

Data flows one way: forms (patterns with their builders) -> scan (pieces) -> join (expressions) -> resolve (days) ->
roles. What is read and what is not: docs/readers/dates.md.
"""

from __future__ import annotations

import unicodedata

from ma_template.patterns import late
from ma_template.readers.dates.forms import Text
from ma_template.readers.dates.join import Joiner
from ma_template.readers.dates.resolve import Resolver, without_restated
from ma_template.readers.dates.roles import roles
from ma_template.readers.dates.scan import scan
from ma_template.readers.dates.wrapping import unwrap
from ma_template.readers.values import ReadDate, Settings
from ma_template.source import View, lower

# A number that may have an enclosed one before it; the first digits apart, so that the search is quick.
_GLUED = late("[0-9][0-9](?:[0-9]{1,2}[/月.]|[0-9]{3,4}[年/.-])")


def _without_numbering(view: View, low: str) -> str:
    """Leave out the ① of ①12/1, which the view writes 1."""
    for match in _GLUED.finditer(low):
        for at in range(match.start(), match.start() + 2):
            if unicodedata.category(view.raw(at, at + 1)[:1]) == "No":
                low = f"{low[:at]} {low[at + 1 :]}"
    return low


_ORDER = late(r"(?<![a-z])(?:(dd?[/.-]mm?)|(mm?[/.-]dd?))[/.-]yy")


def _with_order_said(low: str, settings: Settings) -> Settings:
    """Take the order of day and month from the answer where it is said there: 07/12/2026 (dd/mm/yyyy)."""
    said = _ORDER.search(low)
    return settings._replace(date_order="dmy" if said[1] else "mdy") if said else settings


def read_dates(view: View, settings: Settings) -> tuple[ReadDate, ...]:
    """Return the dates of an answer in order of text.

    Args:
        view: the answer to the milestone prompt, as compared.
        settings: `language` decides how 12/1 is read, `as_of` what is relative to it.

    Days that do not exist are spelled as written (2026-11-31, H40-12-01 for a year outside of its era): the calendar
    in the models judges them. Any text is accepted; nothing is raised.
    """
    low = lower(view.text)
    if not 1000 <= settings.as_of.year < 9000:  # so near to the calendar's ends no relative day can be reckoned
        settings = settings._replace(as_of=settings.as_of.replace(year=2000, day=1))
    if not view.source.isascii():
        low = _without_numbering(view, low)
    if "yy" in low:
        settings = _with_order_said(low, settings)
    low, places = unwrap(view.text, low)
    pieces, label_words = scan(Text(view.text, low, places, settings))
    if not pieces:
        return ()
    resolver = Resolver(settings)
    for group in Joiner(low, pieces).run():
        resolver.read(group)
    readings = resolver.readings
    if len(readings) > 1:
        readings = [reading for reading in readings if not reading.loose] or readings
        readings = without_restated(low, readings)
    found = roles(low, label_words, readings)
    return tuple(
        [
            ReadDate(
                view.span(places[start], places[end - 1] + 1), role, first, last, precision, candidates, problem, notes
            )
            for (start, end, _, first, last, precision, candidates, problem, notes), role in zip(
                readings, found, strict=True
            )
        ]
    )
