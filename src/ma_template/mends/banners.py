"""What shares a line with a banner: it is not the banner's, and must not be lost with it."""

from __future__ import annotations

import html
import re
from itertools import islice

from ma_template.blocks import Banner
from ma_template.likeness import ratio
from ma_template.matching import low_of
from ma_template.patterns import late
from ma_template.source import MOST_READ, Span, View, quote_marks, rows
from ma_template.wording import key, templates

_MOST_PARTS = 40  # words of a line that a label is looked for in

_STARS_BEFORE = late(r"[^\w*]{0,3}[\s*]*\*")  # in what stands before the label, read from its end
_STARS_BEHIND = late(r"[^\w*]{0,3}\*[\s*]*")
_PART = late(r"[^\s*:;,()\[\]/|。、>-]+")
_HIDDEN = late(r"\x1b\[[0-9;]{0,20}m|</?[a-z][^<>]{0,60}>|\\(?=[*_\\#>-])|&(?:#\d{1,6}|#x[0-9a-f]{1,5}|[a-z]{2,10});")
_TELLING = late("[|│┃║\u2600-\u27bf\U0001f000-\U0001faff]")  # a table's border, pictographs
_WRAPPED = late(r"(?P<blank>[^\S\r\n]++)(?![\r\n])|[^\S\r\n]*+[\r\n]\s*+(?:[>|]\s?)*+")


def beside(text: str, banner: Banner) -> str:
    """Return the text that shares a banner's line: words, an emoji, a chat prefix, a table's border. May be empty."""
    view = View(text, [Span(row.start + quote_marks(text[row.start : row.end][:MOST_READ]), row.end)
                       for row in rows(text, banner.span)])  # fmt: skip
    low = low_of(view.text)
    shown, places = _shown(low)
    before, after = _around(shown, banner)
    start, end = (places[at] if at < len(places) else len(low) for at in (before, after))
    kept = []
    for first, last, words in ((0, start, shown[:before]), (end, len(low), shown[after:])):
        compared = key(words)
        is_label = any(compared == form.label_key for form in templates())
        if (compared and not is_label) or _TELLING.search(words):
            raw = view.raw(first, last) if last > first else ""
            kept.append(unwrapped(raw).strip())
    return " ".join(part for part in kept if part)


def unwrapped(raw: str) -> str:
    """Return several lines as one, without the quote marks of the later ones."""
    return _WRAPPED.sub(lambda match: match["blank"] or " ", raw)


def _shown(low: str) -> tuple[str, list[int]]:
    """Return a line without escapes and tags, its entities resolved, and where each of its characters stood."""
    parts: list[str] = []
    places: list[int] = []
    at = 0
    for match in _HIDDEN.finditer(low):
        parts.append(low[at : match.start()])
        places += range(at, match.start())
        at = match.end()
        if match[0][0] == "&":
            char = html.unescape(match[0])[:1]
            parts.append(char)
            places += [match.start()] * len(char)
    parts.append(low[at:])
    places += range(at, len(low))
    return "".join(parts), places


def _around(shown: str, banner: Banner) -> tuple[int, int]:
    """Return where the banner itself begins and ends in its line: asterisks, label, asterisks."""
    label = next(
        form.label_key for form in templates() if (form.name, form.language) == (banner.template, banner.language)
    )
    exact = re.search(r"[\W_]*?".join(label), shown)
    if exact:
        start, end = exact.span()
    else:  # misspelt: the run of words that comes nearest to the label
        words = [match.span() for match in islice(_PART.finditer(shown), _MOST_PARTS)]
        runs = [(first[0], last[1]) for at, first in enumerate(words) for last in words[at:]]
        start, end = max(runs, key=lambda run: (ratio(key(shown[run[0] : run[1]]), label), run[1] - run[0]))
    before = _STARS_BEFORE.match(shown[:start][::-1])
    after = _STARS_BEHIND.match(shown, end)
    return start - before.end() if before else start, after.end() if after else end
