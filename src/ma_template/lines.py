"""Names the lines of an update: banner, prompt, label, other text. The lexer of `grammar/update.lark`.

It looks at one line, or one wrapped run of lines, at a time and never decides what opens or closes a block. What the
words of a line mean is told by `matching.py`.
"""

from __future__ import annotations

from functools import cache
from typing import Literal, NamedTuple

from ma_template.additions import OwnForms
from ma_template.matching import (
    ENOUGH,
    LONGEST_BANNER,
    BannerMatch,
    Match,
    begins_label,
    begins_none,
    begins_other,
    goes_on,
    has_cue,
    hope_of,
    keeps_places,
    low_of,
    may_ask,
    read_banner,
    read_label,
    read_near,
    read_own,
    read_own_run,
    read_published,
    rows_with_cue,
    start_of,
)
from ma_template.patterns import late
from ma_template.source import MOST_READ, Span, View, fold, quote_marks
from ma_template.wording import prompts, templates

Kind = Literal["BANNER", "NAME", "ABOVE", "BELOW", "PROMPT", "LABEL", "ITEM", "TEXT"]

_MOST_WRAPPED = 7  # lines over which a prompt may be broken

_ROW = late(r"[^\r\n]+")


class Line(NamedTuple):
    """A named line or run of lines.

    `span` reaches to the start of the next one (blank lines ride on it); `body` is what stands on the line or lines,
    without the last line end. `answer` is where an answer begins on the same line, behind a prompt or label.
    `altered` says how the wording differs from the published one, in the words of MA104 and MA112.
    """

    kind: Kind
    span: Span
    body: Span
    section: str | None = None
    language: str | None = None
    template: str | None = None
    answer: int | None = None
    altered: tuple[str, ...] = ()


# A named line before its neighbours are known, and with them its span: body, and the rest of a `Line`, kind first.
_Named = tuple[Span, tuple[Kind, str | None, str | None, str | None, int | None, tuple[str, ...]]]

_TEXT: tuple[Kind, None, None, None, None, tuple[str, ...]] = ("TEXT", None, None, None, None, ())


def name_lines(text: str, own: OwnForms | None = None) -> list[Line]:
    """Name every line of a text, in order. The spans of the result join to the whole text.

    `own` is a company's own wording of the form, beside the published one.
    """
    found: list[_Named] = []
    first, last = -1, -1  # the rows of other text gathered since
    namer = _Namer(text, own)
    for match in _ROW.finditer(text):
        start, end = match.span()
        if start < namer.done:
            continue
        named = namer.name(start, end)
        if named is None:
            continue
        if not named:
            if first < 0:
                first = start
            last = end
            continue
        if first >= 0:
            if named[0][0].start < start:
                # The asterisks above a label were gathered as text already: give them back.
                last = _end_before(text, named[0][0].start)
            if last > first:
                found.append((Span(first, last), _TEXT))
            first = -1
        found.extend(named)
    if first >= 0:
        found.append((Span(first, last), _TEXT))
    elif not found:
        return [Line("TEXT", Span(0, len(text)), Span(0, 0))] if text else []
    lines: list[Line] = []
    at = len(text)
    for body, (kind, section, language, template, answer, altered) in reversed(found):
        start = body.start if len(lines) + 1 < len(found) else 0
        lines.append(Line(kind, Span(start, at), body, section, language, template, answer, altered))
        at = start
    lines.reverse()
    return lines


def _end_before(text: str, start: int) -> int:
    while start > 0 and text[start - 1] in "\r\n":
        start -= 1
    return start


@cache
def _verbatim() -> dict[str, tuple[Kind, str | None, str | None, str | None, int | None, tuple[str, ...]]]:
    """Return what the lines of the published forms are, as they are published: what most people leave untouched."""
    return {
        text: ("BANNER", None, template.language, template.name, None, ())
        for template in templates()
        for text in (template.opening, template.closing)
    } | {prompt.text: ("PROMPT", prompt.section, prompt.language, prompt.template, None, ()) for prompt in prompts()}


class _Namer:
    """Names the rows of one text, each at most once or twice."""

    def __init__(self, text: str, own: OwnForms | None) -> None:
        self.text = text
        self._own = own
        self.done = 0  # rows before this place belong to a run that is named already
        self._stars: Span | None = None  # the row right before, if it holds nothing but asterisks

    def name(self, start: int, end: int) -> list[_Named] | tuple[()] | None:
        """Return the special lines that begin in this row: up to three for a broken banner, none for other text.

        A row of blanks and invisible characters is no line at all: None.
        """
        raw = self.text[start : min(end, start + MOST_READ)]
        published = _verbatim().get(raw)
        if published is not None and self._stars is None:
            return [(Span(start, end), published)]
        low = low_of(raw)
        begin = start_of(low)
        cue = has_cue(low)
        if not cue and self._own is None and begins_none(low, begin):  # most lines of an answer
            self._stars = None
            return ()
        if not low or low.isspace():
            return None
        row = Span(start, end)
        above, self._stars = self._stars, None
        if "*" in low and not low.strip("* \t\\>|"):
            self._stars = row if low.count("*") >= 3 else None
            return ()
        if self._own is not None and (lines := self._own_lines(row, low, above, self._own)):
            return lines
        found: Match | _Named | None = read_published(low, begin)
        if found is None:
            if cue:
                banner = read_banner(low, raw)
                if banner or begins_label(low):
                    lines = self._banner(row, low, banner, above)
                    if lines:
                        return lines
                found = read_label(low, begin)
                if found is None or (found.kind == "LABEL" and found.end >= min(len(low), 16)):
                    found = self._prompt(row, low, begin) or found
            else:
                found = read_label(low, begin)
        if found is None:
            return ()
        if isinstance(found, Match):
            return [self._line(found, row, low)]
        self.done = found[0].end
        return [found]

    def _next(self, row: Span) -> Span | None:
        """Return the line right below, if it holds text."""
        match = _ROW.match(self.text, row.end + (2 if self.text.startswith("\r\n", row.end) else 1))
        if match is None or not fold(match[0][:MOST_READ]).strip():
            return None
        return Span(match.start(), match.end())

    def _line(self, found: Match, body: Span, low: str, view: View | None = None) -> _Named:
        """Return the line that a wording was found in; the view is needed where the line is a wrapped run."""
        answer = None
        if low[found.end :].strip():
            if view is None and keeps_places(self.text[body.start : body.end]):
                answer = body.start + found.end
            else:
                view = view or View(self.text, (Span(body.start, min(body.end, body.start + MOST_READ)),))
                answer = view.span(found.end, found.end + 1).start
        return body, (found.kind, found.section, found.language, found.template, answer, found.altered)

    def _own_lines(self, row: Span, low: str, above: Span | None, own: OwnForms) -> list[_Named]:
        """Name a row, or a run that begins with it, in a company's own wording."""
        found = read_own(low, own)
        if isinstance(found, BannerMatch):
            return self._banner(row, low, found, above)
        if found is not None:
            return [self._line(found, row, low)]
        pieces, run = [row], low
        while (match := read_own_run(run, own)) == "unfinished" and (following := self._next(pieces[-1])):
            pieces.append(following)
            view = View(self.text, [Span(p.start + self._marks(p), min(p.end, p.start + MOST_READ)) for p in pieces])
            run = low_of(view.text)
        if not isinstance(match, Match):
            return []
        self.done = pieces[-1].end
        return [self._line(match, Span(row.start, self.done), run, view)]

    # --- banners

    def _banner(self, row: Span, low: str, first: BannerMatch | None, above: Span | None) -> list[_Named]:
        last = row
        broken: tuple[str, ...] = ()
        run = low
        while first is None and begins_label(run) and (following := self._next(last)):
            last = following
            run += " " + low_of(self.text[last.start : last.end][:LONGEST_BANNER])
            first = read_banner(run, None)
            broken = ("broken",)
        if first is None:
            return []
        altered = first.altered + broken
        if first.strong:
            start = row.start
            if first.left == 0 and above is not None:  # its left half stands on the line above
                start, altered = above.start, (*altered, "broken")
            if first.right == 0 and (below := self._next(last)) and self._only_stars(below):
                last, altered = below, (*altered, "broken")
            self.done = last.end
            return [self._banner_line("BANNER", Span(start, last.end), first, altered)]
        lines = [self._banner_line("NAME", Span(row.start, last.end), first, altered)]
        if above is not None:
            lines.insert(0, (above, ("ABOVE", *_TEXT[1:])))
        if (below := self._next(last)) and self._only_stars(below):
            lines.append((below, ("BELOW", *_TEXT[1:])))
            last = below
        self.done = last.end
        return lines

    def _only_stars(self, row: Span) -> bool:
        shown = low_of(self.text[row.start : row.end][:MOST_READ])
        return not shown.strip("* \t\\>|") and shown.count("*") >= 3

    @staticmethod
    def _banner_line(kind: Kind, body: Span, banner: BannerMatch, altered: tuple[str, ...] = ()) -> _Named:
        template = banner.template
        return body, (kind, None, template.language, template.name, None, tuple(dict.fromkeys(altered)))

    # --- prompts

    def _prompt(self, row: Span, low: str, start: int) -> Match | _Named | None:
        """Read a prompt in other words, or one that is wrapped over several lines."""
        if not may_ask(low, start):
            return None
        best = read_near(low, start)
        if best and best.score >= 0.9 and not best.altered and low[best.end :].strip():
            return best
        body, view, text = row, None, low
        # Join the lines below while that brings it nearer to a published one.
        pieces, last = [row], row
        while len(pieces) < _MOST_WRAPPED and (following := self._next(last)):
            if self._is_banner(following):
                break  # "Reason:" above a form is no beginning of "Reason for requested management attention"
            last = following
            pieces.append(last)
            joined = View(self.text, [Span(p.start + self._marks(p), min(p.end, p.start + MOST_READ)) for p in pieces])
            run = low_of(joined.text)
            if len(run) > 400 or (len(pieces) > 2 and best is None):
                break
            start = start_of(run)
            if begins_other(run.rsplit("\n", 1)[1]) and not goes_on(run, start):
                break
            exact = read_published(run, start)
            match = exact or read_near(run, start)
            if match and match.end > run.rfind("\n") and (exact or best is None or match.score > best.score + 0.02):
                best, body, view, text = match, Span(row.start, last.end), joined, run
            if exact:
                break
        return self._line(best, body, text, view) if best else None

    def _is_banner(self, row: Span) -> bool:
        raw = self.text[row.start : min(row.end, row.start + MOST_READ)]
        low = low_of(raw)
        banner = read_banner(low, raw) if has_cue(low) else None
        return banner is not None and banner.strong

    def _marks(self, row: Span) -> int:
        return quote_marks(self.text[row.start : row.end][:MOST_READ])


# ---------------------------------------------------------------------------------------------------------------------
# No line worth a name

_AT_A_TIME = 16_000  # characters
_BESIDE_LETTERS = bytes(code for code in range(256) if not (code < 128 and chr(code).isalnum()))


def may_open(text: str) -> bool:
    """Return whether the lines of a text may open a block: one is perhaps a banner, or two are perhaps prompts.

    False is certain; True only asks to name them all. Looks at few lines: without a cue a line is neither, but for
    published prompts whose words are taken apart, which letters alone tell.
    """
    for banner in _openings():
        if banner in text:
            return True
    hope = 0
    at = 0
    while at < len(text):
        end = text.find("\n", at + _AT_A_TIME)
        if end < 0:
            end = len(text)
        low = _low_of_many(text[at:end]) if end - at <= 2 * _AT_A_TIME else None
        at = end
        if low is None or _may_hold_a_prompt(low):
            return True
        hope += hope_of(rows_with_cue(low))
        if hope >= ENOUGH:
            return True
    return False


@cache
def _openings() -> tuple[str, ...]:
    """Return the published banners, as most people leave them."""
    return tuple(dict.fromkeys(template.opening for template in templates()))


def _may_hold_a_prompt(low: str) -> bool:
    """Return whether the letters of a published prompt stand in a text one behind the other, whatever is between."""
    in_english, in_japanese = _prompt_heads()
    letters = low.encode("utf-8", "surrogatepass").translate(None, _BESIDE_LETTERS)
    for head in in_english:
        if head in letters:
            return True
    if low.isascii():
        return False
    for key in in_japanese:  # noqa: SIM110  # a generator costs as much again
        if all(char in low for char in key) and key in "".join(filter(str.isalnum, low)):
            return True
    return False


@cache
def _prompt_heads() -> tuple[tuple[bytes, ...], tuple[str, ...]]:
    """Return the beginnings of the published prompts in ASCII letters, and the other prompts."""
    keys = [prompt.key for prompt in prompts()]
    return (
        tuple(dict.fromkeys(key[:12].encode() for key in keys if key.isascii())),
        tuple(key for key in keys if not key.isascii()),
    )


def _low_of_many(text: str) -> str | None:
    """Return lines as they are compared, all at once; None where that has to be done one by one."""
    if text.isascii():
        if not text.replace("\n", "").replace("\r", "").replace("\t", "").isprintable():
            return None
        low = text.lower()
    else:
        low = low_of(text)
    return low.replace("\r", "\n") if "\r" in low else low
