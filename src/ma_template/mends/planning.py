"""Plans how to mend one block: an edit for each finding that names a fault of a banner or a prompt."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ma_template.blocks import Banner
from ma_template.diagnostics import Finding
from ma_template.lines import Line
from ma_template.matching import low_of, read_label, read_near, read_published, start_of
from ma_template.mends.banners import beside, unwrapped
from ma_template.mends.prompts import is_wording, tail_of
from ma_template.mends.values import CURRENT, OLDER, Edit, Left, Mend
from ma_template.patterns import late
from ma_template.reading import Reading
from ma_template.source import MOST_READ, Span, View, fold, quote_marks, rows
from ma_template.wording import SectionName, published

_ROW = late(r"[^\r\n]*")
_LINE_END = late(r"\r\n|\r|\n")
_BORDER = late(r"[|│┃║]")
_MARKS = late(r"(?:[\s\])}】〕」』>\"'”*_:;.。．,、?!~|=→⇒\\-]|</[a-z]{1,10}>|<br ?/?>)++", re.IGNORECASE)
_POINTERS = late(r"[:：=→⇒]|\s[-–—]+(?=\s|$)")
_ENDED = late(r"[:：?？]")


class Planner:
    """Plans the edits of one block."""

    def __init__(self, text: str, reading: Reading, found: Sequence[Finding], modernise: bool) -> None:
        self.text = text
        self.reading = reading
        self.block = reading.block
        self.found = found
        self.modernise = modernise
        self.template = CURRENT if modernise else reading.template
        self.left: list[Left] = []

    def steps(self) -> Iterator[list[Edit]]:
        """Yield the edits in groups that only make sense together."""
        opening = self._opening()
        added = bool(opening and self.block.opening is None)
        closing = self._closing(added=added)
        # A closing banner in the language of an opening one that is added has to come with it.
        together = added and self.block.closing and self.block.closing.language != self.reading.language
        yield from [opening + closing] if together else [opening, closing]
        for edit in self._prompts():
            yield [edit]
        if self.modernise:
            yield list(self._labels())
        elif superseded := self._finding("MA111"):
            self.left.append(Left("MA111", superseded.span, "only-modernise"))

    def _finding(self, code: str, span: Span | None = None) -> Finding | None:
        return next((found for found in self.found if found.code == code and span in (None, found.span)), None)

    # --- banners

    def _opening(self) -> list[Edit]:
        banner = self.block.opening
        if banner is None:
            missing = self._finding("MA103")
            if missing is None:
                return []
            form = published(self.template, self.reading.language)
            if form.name != self.template:  # labels in Japanese above a closing banner that there is in English only
                self.left.append(Left("MA103", missing.span, "only-modernise"))
                return []
            start = self.block.span.start
            if self.text.startswith("\ufeff", start):
                start += 1  # a byte order mark stays in front of everything
            line = self._marks(start) + form.opening + self._line_end(start)
            return [Edit(Span(start, start), line, (Mend("MA103", missing.span, "opening-added"),))]
        mends = self._faults_of(banner)
        if not mends:
            return []
        form = published(CURRENT if self.modernise else banner.template, banner.language)
        return [self._replaced(banner, form.opening, above=True, mends=mends)]

    def _closing(self, *, added: bool) -> list[Edit]:
        """Mend the closing banner. `added`: an opening banner was, in the language of the first prompt."""
        banner = self.block.closing
        language = self.reading.language
        if banner is None:
            missing = self._finding("MA102")
            if missing is None:
                return []
            if not missing.fixable:
                self.left.append(Left("MA102", missing.span, "place-uncertain"))
                return []
            end = self.block.span.end
            last = list(rows(self.text, self.block.span))[-1]
            line = self._line_end(end) + self._marks(last.start) + published(self.template, language).closing
            return [Edit(Span(end, end), line, (Mend("MA102", missing.span, "closing-added"),))]
        mends = self._faults_of(banner)
        form = published(CURRENT if self.modernise else banner.template, banner.language)
        if self._finding("MA105") or (added and banner.language != language):
            mends.append(Mend("MA105", banner.span, "closing-language"))
            form = published(self.template, language)
        return [self._replaced(banner, form.closing, above=False, mends=mends)] if mends else []

    def _faults_of(self, banner: Banner) -> list[Mend]:
        mends = []
        if self._finding("MA104", banner.span):
            mends.append(Mend("MA104", banner.span, "banner-restored"))
        superseded = self._finding("MA111")
        if self.modernise and superseded and banner.template == OLDER:
            mends.append(Mend("MA111", banner.span, "banner-modernised"))
        return mends

    def _replaced(self, banner: Banner, line: str, *, above: bool, mends: list[Mend]) -> Edit:
        """Put a published line in a banner's place. Other text on it moves to a line of its own outside the block."""
        first = next(rows(self.text, banner.span))
        front = self._front(first)
        other = beside(self.text, banner)
        if other:
            break_ = self._line_end(banner.span.end) + front
            line = other + break_ + line if above else line + break_ + other
        return Edit(Span(first.start + len(front), banner.span.end), line, tuple(mends))

    def _front(self, row: Span) -> str:
        """Return the quote marks and blanks that a line begins with."""
        at = row.start + quote_marks(self.text[row.start : row.end][:MOST_READ])
        while at < row.end and not fold(self.text[at]).strip():
            at += 1
        return self.text[row.start : at]

    def _marks(self, start: int) -> str:
        """Return the quote marks of the line that begins here: a line added beside it gets the same."""
        row = _ROW.match(self.text, start, start + MOST_READ)
        return row[0][: quote_marks(row[0])] if row else ""

    def _line_end(self, at: int) -> str:
        """Return how lines end hereabouts."""
        match = _LINE_END.search(self.text, at) or _LINE_END.search(self.text)
        return match[0] if match else "\n"

    # --- prompts

    def _prompts(self) -> Iterator[Edit]:
        superseded = self.modernise and self._finding("MA111")
        for section in self.reading.sections.values():
            for line in section.prompts:
                mends = []
                if self._finding("MA112", line.body):
                    mends.append(Mend("MA112", line.body, "prompt-restored"))
                if superseded and line.template == OLDER:
                    mends.append(Mend("MA111", line.body, "prompt-modernised"))
                edit = self._reworded(line, section.name, mends) if mends else None
                if edit:
                    yield edit

    def _labels(self) -> Iterator[Edit]:
        """Replace the labels of whole sections that divide the block; those inside an answer belong to it."""
        answers = [piece for section in self.reading.sections.values() for part in section.parts for piece in part]
        for line in self.block.lines:
            if line.kind == "LABEL" and not any(piece.start <= line.body.start < piece.end for piece in answers):
                name: SectionName = line.section  # type: ignore[assignment]
                edit = self._reworded(line, name, [Mend("MA112", line.body, "label-to-prompt")])
                if edit:
                    yield edit

    def _reworded(self, line: Line, name: SectionName, mends: list[Mend]) -> Edit | None:
        """Put the published prompt in the place of a line's wording; what stands before and behind it stays."""
        assert line.language is not None
        wording = published(self.template, line.language).prompts[name]
        pieces = list(rows(self.text, line.body))
        if len(pieces) > 1:
            pieces = [Span(row.start + len(self._front(row)), row.end) for row in pieces]
        view = View(self.text, [Span(row.start, min(row.end, row.start + MOST_READ)) for row in pieces])
        low = low_of(view.text)
        start = start_of(low)
        match = read_label(low, start) if line.kind == "LABEL" else read_published(low, start) or read_near(low, start)
        if match is None:
            return None
        if line.kind == "LABEL" and start and low[start - 1].isalnum():
            start = len(low) - len(low.lstrip())
        behind = next(
            (marks.start() for marks in _MARKS.finditer(low, start, match.end) if marks.end() == match.end), match.end
        )
        if behind <= start:
            return None
        begin, stop = view.span(start, behind)
        end = line.body.end if line.answer is None else line.answer
        ended = _ENDED.search(self.text, stop, end) is not None
        if line.altered and not is_wording(low[start:behind], name, line.language, ended):
            # Somebody's words may stand on the line, read as part of the prompt: they are not ours to replace.
            self.left += (Left(mend.code, mend.span, "prompt-uncertain") for mend in mends)
            return None
        tail = tail_of(self.text[begin:stop], unwrapped(self.text[stop:end]), wording, line.answer is not None)
        if line.kind == "LABEL" and line.answer is not None and not _BORDER.search(tail):
            # As published, the prompt has a line of its own.
            tail = _POINTERS.sub("", tail).rstrip() + self._line_end(end) + self._marks(pieces[0].start)
        return Edit(Span(begin, end), wording + tail, tuple(mends))
