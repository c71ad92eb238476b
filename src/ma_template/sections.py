"""Which lines of a block answer which prompt.

The grammar says where a block begins and ends; here its lines are given to the three sections, in this order: behind
their own prompt or label; where all prompts stand together, or none at all, paragraph by paragraph (ruling 5).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache

from ma_template.blocks import Block
from ma_template.lines import Line
from ma_template.patterns import late
from ma_template.source import Span, View, fold, quote_marks, stretches
from ma_template.wording import SECTIONS, SectionName, table

_LINE_END = late(r"\r\n|\r|\n")
_MARKED = late(r"^[^\S\r\n]*[>|＞]|[\r\n][^\S\r\n]*[>|＞]")
_RULE_CHARACTERS = "*=_~#+━─―ー-|　 \t\u00a0＊－＝"
_RULE = late(r"[\s*=_~#+━─―ー\-|]{5,}")


@cache
def _looks_like_contact() -> re.Pattern[str]:
    words = "|".join(table("words/paragraphs")["contact"])
    return re.compile(rf"[\w.+-]@|\+?\d[\d() -]{{7,}}\d|(?:{words})", re.IGNORECASE)


@cache
def _looks_like_date() -> re.Pattern[str]:
    words, months = ("|".join(table("words/paragraphs")[name]) for name in ("date", "months"))
    digits = r"\d{1,4}[-/.年月]\d|\d[月日]"
    named = rf"(?:^|[^a-z])(?:{months})[a-z]{{0,6}}[ .,-]{{0,2}}\d|\d{{1,2}}(?:st|nd|rd|th)? ?(?:{months})"
    return re.compile(f"{digits}|{named}|{words}", re.IGNORECASE)


class Section:
    """What answers one prompt: stretches of rows, a further one where the prompt stands twice (MA108)."""

    __slots__ = ("name", "parts", "prompts", "repeated")

    def __init__(self, name: SectionName) -> None:
        self.name = name
        self.prompts: list[Line] = []
        self.parts: list[Sequence[Span]] = []
        self.repeated: list[Line] = []  # prompts that stand here a second time

    @property
    def pieces(self) -> list[Span]:
        """The stretches whose texts, joined by line breaks, are the answer."""
        pieces: list[Span] = []
        for part in self.parts:
            if pieces:
                pieces.append(Span(pieces[-1].end, pieces[-1].end))  # a blank line between two answers
            pieces.extend(part)
        return pieces

    @property
    def span(self) -> Span:
        """Where the answer stands; of several, the first."""
        return Span(self.parts[0][0].start, self.parts[0][-1].end)

    def text(self, source: str) -> str:
        """What the person wrote."""
        return "\n".join(source[piece.start : piece.end] for piece in self.pieces)

    def view(self, source: str) -> View:
        """What the person wrote, as the readers take it."""
        return View(source, self.pieces)

    def __bool__(self) -> bool:
        return bool(self.parts)


Sections = dict[SectionName, Section]


def divide(block: Block, source: str) -> Sections:
    """Return the sections of a block, each with what answers it; those without an answer are there, but empty."""
    sections: Sections = {name: Section(name) for name in SECTIONS}
    asked = {line.section for line in block.lines if line.kind == "PROMPT"}
    labelled = any(line.kind == "LABEL" or (line.kind == "ITEM" and line.answer is not None) for line in block.lines)
    marked = _marked(source, block.span)
    before: list[Span] = []
    rows = before
    current: str | None = None
    order: list[SectionName] = []
    for line in block.lines:
        name = _opened_by(line, current, asked, sections)
        if name is None:
            rows.extend(_rows(source, line.body) if marked else [line.body])
            continue
        section = sections[name]
        if line.kind == "PROMPT":
            # The same prompt in the other language with no answer in between is one prompt (ruling 9).
            twin = section.prompts and section.prompts[-1].language != line.language
            if section.prompts and not (twin and not any(_trimmed(source, part) for part in section.parts)):
                section.repeated.append(line)
            section.prompts.append(line)
        if current != name or line.kind == "PROMPT":
            current = name
            rows = []
            section.parts.append(rows)
            order.append(name)
        if line.kind == "ITEM":
            rows.append(_unquoted(source, line.body) if marked else line.body)
        elif line.answer is not None:
            rows.append(Span(line.answer, line.body.end))
    if not asked and not order and before:
        _in_order(source, before, sections)
    else:
        _spread(source, sections, order)
        if before and (asked or labelled):
            _lead(source, before, sections, order)
    for section in sections.values():
        section.parts = [part for part in (_trimmed(source, part) for part in section.parts) if part]
    return sections


def _marked(source: str, span: Span) -> bool:
    """Return whether a row in a stretch begins with a quote mark or a table's."""
    for mark in ">|＞":
        if source.find(mark, *span) >= 0:
            return _MARKED.search(source, *span) is not None
    return False


def _opened_by(line: Line, current: str | None, asked: set[str | None], sections: Sections) -> SectionName | None:
    """Return the section that this line opens, None for a line of the section that is open."""
    if line.section is None:
        return None
    name: SectionName = line.section  # type: ignore[assignment]
    if line.kind == "PROMPT":
        return name
    if name in asked:
        return None  # a label under the full prompt is part of the answer
    if line.kind == "LABEL":
        return name if name != current else None
    # An item's label opens its section where the section's own label was left out; only an impact leads back to one.
    if name == current or (sections[name].parts and name != "reason"):
        return None
    if current in asked and current == "reason" and name != "reason" and not _comes_next(name, asked):
        return None
    return name


def _comes_next(name: str, asked: set[str | None]) -> bool:
    return name == "requester" or "milestone" not in asked


def _rows(source: str, body: Span) -> Iterator[Span]:
    """Yield the rows of a stretch without their quote marks, blank ones too."""
    at = body.start
    for match in _LINE_END.finditer(source, body.start, body.end):
        yield _unquoted(source, Span(at, match.start()))
        at = match.end()
    yield _unquoted(source, Span(at, body.end))


def _unquoted(source: str, row: Span) -> Span:
    marks = quote_marks(source[row.start : min(row.end, row.start + 2_000)])
    return Span(row.start + marks, row.end)


def _blank(source: str, row: Span) -> bool:
    return not fold(source[row.start : row.end]).strip()


def _trimmed(source: str, rows: Sequence[Span]) -> Sequence[Span]:
    """Leave out blank rows and ruled lines around an answer and join what stands together untouched."""
    if len(rows) == 1:
        start, end = rows[0]
        if end > start and source[start].isalnum() and not _edge(source[start]) and not _edge(source[end - 1]):
            return rows  # most answers
    if any(_ruled(source, row) for row in rows):
        rows = _each(source, rows)
    first, last = 0, len(rows)
    while first < last and _idle(source, rows[first]):
        first += 1
    while last > first and _idle(source, rows[last - 1]):
        last -= 1
    joined: list[Span] = []
    for number in range(first, last):
        row = rows[number]
        between = source[joined[-1].end : row.start] if joined else "x"
        if joined and not between.strip(" \t\r\n\u00a0\u3000"):
            joined[-1] = Span(joined[-1].start, row.end)
        else:
            joined.append(row)
    if not joined:
        return []
    start, end = joined[0].start, joined[-1].end
    while start < joined[0].end and source[start].isspace():
        start += 1
    while end > joined[-1].start and source[end - 1].isspace():
        end -= 1
    joined[0] = Span(start, joined[0].end)
    joined[-1] = Span(joined[-1].start, end)
    return joined


def _ruled(source: str, row: Span) -> bool:
    """Return whether a stretch may begin or end with a ruled line."""
    return row.end > row.start and (source[row.start] in _RULE_CHARACTERS or source[row.end - 1] in _RULE_CHARACTERS)


def _edge(char: str) -> bool:
    """Return whether an answer with this character at its end may have to be trimmed."""
    return char in _RULE_CHARACTERS or char.isspace()


def _idle(source: str, row: Span) -> bool:
    if row.end > row.start and source[row.start].isalnum():
        return False
    text = fold(source[row.start : row.end])
    return not text.strip() or _RULE.fullmatch(text) is not None


def _paragraphs(source: str, rows: Sequence[Span]) -> Sequence[Span]:
    """Return the paragraphs among rows: runs of rows between blank ones. Without blank rows: the rows.

    Each is told by the number of its first row and that of the row behind its last.
    """
    found = stretches(_runs(source, rows), source)
    if len(found) == 1 and found[0].end - found[0].start > 2:
        return stretches((Span(number, number + 1) for number in range(*found[0])), source)
    return found


def _runs(source: str, rows: Sequence[Span]) -> Iterator[Span]:
    first = number = 0
    for number, row in enumerate(rows):
        if _idle(source, row):
            if number > first:
                yield Span(first, number)
            first = number + 1
    if rows and number >= first:
        yield Span(first, number + 1)


def _each(source: str, rows: Iterable[Span]) -> Sequence[Span]:
    """Return the rows of stretches."""
    return stretches((row for stretch in rows for row in _rows(source, stretch)), source)


class _Words:
    """What stands in paragraphs, as it is compared: a row at a time, since paragraphs may be long."""

    def __init__(self, source: str, rows: Sequence[Span], paragraphs: Sequence[Span]) -> None:
        self._source = source
        self._rows = rows
        self._paragraphs = paragraphs

    def hold(self, pattern: re.Pattern[str], number: int) -> bool:
        """Return whether a row of a paragraph holds what the pattern finds, which never reaches over two rows."""
        return any(map(pattern.search, self._folded(number)))

    def fewer_than(self, limit: int, number: int) -> bool:
        """Return whether a paragraph has fewer characters, line ends counted."""
        for row in self._folded(number):
            limit -= len(row) + 1
            if limit < 0:
                return False
        return True

    def _folded(self, number: int) -> Iterator[str]:
        for at in range(*self._paragraphs[number]):
            start, end = self._rows[at]
            yield fold(self._source[start:end])


def _in_order(source: str, before: Sequence[Span], sections: Sections) -> None:
    """Give paragraphs to sections in order; what is more or fewer than them is told apart by what stands in it."""
    rows = _each(source, before)
    paragraphs = _paragraphs(source, rows)
    if not paragraphs:
        return
    ends = (1, 2, 3)
    if len(paragraphs) != len(SECTIONS):
        ends = _told_apart(_Words(source, rows, paragraphs), len(paragraphs))
    first = 0
    for name, end in zip(SECTIONS, ends, strict=True):
        if end > first:
            sections[name].parts.append(rows[paragraphs[first].start : paragraphs[end - 1].end])
        first = end


def _told_apart(words: _Words, count: int) -> tuple[int, int, int]:
    """Divide any number of paragraphs into reason, milestone and requester; return where each ends."""
    contact_like, date_like = _looks_like_contact(), _looks_like_date()
    # The requester begins with the first of the last paragraphs that hold a way to reach somebody.
    contact = count
    while contact > 0 and words.hold(contact_like, contact - 1):
        contact -= 1
    if 2 < contact < count and words.fewer_than(30, contact - 1) and not words.hold(date_like, contact - 1):
        contact -= 1  # a short line above the first number or address is the name
    if contact == count and count >= 3:
        contact -= 1
    # The milestone is the last paragraph with a date before it; without one, the last but the first.
    dated = next((number for number in reversed(range(contact)) if words.hold(date_like, number)), None)
    milestone = max(1, contact - 1)
    if dated is not None and (dated > 0 or words.fewer_than(60, 0)):
        milestone = dated
    while milestone - 1 > 0 and words.hold(date_like, milestone - 1) and words.fewer_than(120, milestone - 1):
        milestone -= 1
    milestone = min(milestone, contact)
    return milestone, contact, count


def _spread(source: str, sections: Sections, order: list[SectionName]) -> None:
    """All prompts stand together and then as many paragraphs: read in order (ruling 5)."""
    if len(order) != len(set(order)) or len(order) < 2:
        return
    if any(_trimmed(source, part) for name in order[:-1] for part in sections[name].parts):
        return
    last = sections[order[-1]]
    rows = _each(source, last.parts[-1])
    paragraphs = _paragraphs(source, rows)
    if len(paragraphs) != len(order) or not any(_blank(source, rows[number]) for number in range(1, len(rows) - 1)):
        return
    if "requester" in order:
        at = order.index("requester")
        words = _Words(source, rows, paragraphs)
        found = [words.hold(_looks_like_contact(), number) for number in range(len(paragraphs))]
        if any(found) and not found[at]:
            return
        if order[0] != "requester" and found[0] and paragraphs[0].end - paragraphs[0].start < 40:
            return
    for name, (first, end) in zip(order, paragraphs, strict=True):
        sections[name].parts = [rows[first:end]]


def _lead(source: str, rows: Sequence[Span], sections: Sections, order: list[SectionName]) -> None:
    """What stands before the first prompt answers the reason whose prompt was deleted; else it is no answer."""
    if "reason" not in order and _trimmed(source, rows):
        sections["reason"].parts.append(rows)


def answer_language(views: Collection[View]) -> str:
    """Return `ja` where a fifth of the letters are kana or kanji, letters of addresses not counted (ruling 1)."""
    if all(view.text.isascii() for view in views):
        return "en"
    longest = sum(len(view.text) for view in views)  # no text has more letters than characters
    letters = japanese = 0
    for view in views:
        text = view.text
        if "@" in text:
            text = _ADDRESS.sub("", text)
        found = 0 if text.isascii() else sum(map(len, _KANA_OR_KANJI.findall(text)))
        japanese += found
        if japanese * 5 >= longest:
            return "ja"
        letters += found + len(_OTHER_LETTER.findall(text))
    return "ja" if japanese and japanese * 5 >= letters else "en"


_ADDRESS = late(r"[^\s<>()\[\],;:@\u3000-\u9fff]{1,100}@[^\s<>()\[\],;:@\u3000-\u9fff]{1,200}")
_KANA_OR_KANJI = late("[\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff々〆]+")
_OTHER_LETTER = late("[^\\W\\d_\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff々〆]")
