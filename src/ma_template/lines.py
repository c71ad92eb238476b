"""Names the lines of an update: banner, prompt, label, other text. The lexer of `grammar/update.lark`.

It looks at one line, or one wrapped run of lines, at a time and never decides what opens or closes a block. Exact and
near-miss wording are told apart here; the fuzzy matcher sees only short keys of lines that hold a cue.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Literal, NamedTuple

from rapidfuzz import fuzz

from ma_template.source import MOST_READ, Span, View, fold, quote_marks
from ma_template.wording import Prompt, Template, any_of, labels, prompts, rewordings, table, templates

Kind = Literal["BANNER", "NAME", "ABOVE", "BELOW", "PROMPT", "LABEL", "ITEM", "TEXT"]

_LONGEST_BANNER = 300  # with runs of asterisks set aside; what is longer is prose
_MOST_WRAPPED = 7  # lines over which a prompt may be broken

_ROW = re.compile(r"[^\r\n]+")
_STAR_LIKE = str.maketrans(dict.fromkeys("∗⁎✱✲✳✴✵✶✻✼✽❊❋٭★☆", "*"))
_STARS = re.compile(r"(\*[\s*]*)")
_MARKUP = re.compile(r"\x1b\[[0-9;]{0,20}m|</?[a-z][^<>]{0,60}>|\\(?=[*_\\#>-])", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,6}|#x[0-9a-f]{1,5}|[a-z]{2,10});", re.IGNORECASE)

_NO_LETTER = re.compile(r"[\W_]+")
# What may stand before a prompt or a label: bullets, numbers, brackets, Q:, bold marks, tags, escapes.
_DECORATION = re.compile(
    r"""(?:[\s>|#=~*_•・■□◆◇●○◎▪▫▶►▼▽※✓✔☐☑→⇒\-\\]
        |[(\[【〔]?\s?(?:\d{1,2}|[ivx]{1,4}|[a-z])\s?[)\].:】〕](?!\d)
        |\d{1,2}\s(?=\D)
        |[(\[【〔「『<《“"']
        |[qa]\d{0,2}\s?[.:)]
        |<[a-z][^<>]{0,40}>
        |(?:section|問|設問|項目)\s?\d{1,2}\s?[.:)]?
    ){0,12}""",
    re.VERBOSE,
)
_AFTER_PROMPT = re.compile(r"(?:[\s\])}】〕」』>\"'”*_:;.。．,、?~|=→⇒\\-]|</[a-z]{1,10}>|<br ?/?>){0,60}")
_LABEL = re.compile(
    r"""(?P<label>[^\s:=】〕\]|*_][^:=】〕\]|*_\t]{0,70}?)
        \s{0,20}(?:\*\*|__|</[a-z]{1,10}>)?\s{0,20}
        (?P<end>[】〕\]]\s{0,5}[:=]?|[:=](?![/=])|\s-{1,2}\s|\||\t|$)(?:\*\*|__)?""",
    re.VERBOSE,
)
_LABEL_BY_BLANK = re.compile(r"(?P<label>[^\x00-\x7f][^\s:\x00-\x7f]{0,15})(?P<end>\s+)(?=\S)")
_HEAD_END = re.compile(r"[:?]|\s-{1,2}\s|$")
_WORD = re.compile(r"[a-z]+")
_JAPANESE = re.compile("[\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Line:
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


def name_lines(text: str) -> Iterator[Line]:
    """Name every line of a text, in order. The spans of the result join to the whole text."""
    at = 0  # where the next line to give begins
    body: Span | None = None  # first and last place of the text gathered since
    held: Line | None = None  # a special line waits for the start of the next one: blank lines ride on it
    namer = _Namer(text)

    def gathered(stop: int) -> Iterator[Line]:
        nonlocal at, held, body
        if held is not None:
            end = body.start if body else stop
            yield _with_span(held, Span(at, end))
            at, held = end, None
        if body is not None:
            yield Line("TEXT", Span(at, stop), body)
            at, body = stop, None

    for row in namer.rows():
        named = namer.name(row)
        if not named:
            body = Span(body.start if body else row.start, row.end)
            continue
        if named[0].kind == "ABOVE" and body is not None:
            # The asterisks above a label were gathered as text already: give them back.
            body = _without_last_row(text, body, named[0].body.start)
        for line in named:
            start = line.body.start
            yield from gathered(start if held or body else at)
            held = line
    if held is not None or body is not None or at < len(text):
        if held is None and body is None:
            body = Span(at, at)
        yield from gathered(len(text))


def _with_span(line: Line, span: Span) -> Line:
    return Line(line.kind, span, line.body, line.section, line.language, line.template, line.answer, line.altered)


def _without_last_row(text: str, body: Span, start: int) -> Span | None:
    end = start
    while end > body.start and text[end - 1] in "\r\n":
        end -= 1
    return Span(body.start, end) if end > body.start else None


def _letters(low: str) -> str:
    """Return letters and digits alone of a text that is folded and lower case: the form in which wording is compared."""
    return _NO_LETTER.sub("", low)


class _Match(NamedTuple):
    """A wording that was recognised: what it is, where it ends in the row's view, and how it differs."""

    kind: Kind
    section: str | None
    language: str | None
    template: str | None
    end: int | None
    altered: tuple[str, ...]
    score: float = 1.0


class _Namer:
    """Names the rows of one text, each at most once or twice."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._done = 0  # rows before this place belong to a run that is named already
        self._stars: Span | None = None  # the row right before, if it holds nothing but asterisks

    def rows(self) -> Iterator[Span]:
        for match in _ROW.finditer(self.text):
            if match.start() >= self._done and not match[0][:MOST_READ].isspace():
                yield Span(match.start(), match.end())

    def name(self, row: Span) -> list[Line]:
        """Return the special lines that begin in this row: none for other text, up to three for a broken banner."""
        view = self._view(row)
        low = view.text.lower()
        if not low.strip():
            return []
        above, self._stars = self._stars, None
        if len(low) != len(view.text):  # a letter whose lower case is longer: compare as it is
            low = view.text
        if "*" in low and not low.strip("* \t\\>|"):
            self._stars = row if low.count("*") >= 3 else None
            return []
        if not _cues().search(low.translate(_STAR_LIKE)):
            label = _label(low)
            return [self._line(label, view, row)] if label else []
        banner = self._banner(row, low, above)
        if banner:
            return banner
        found: _Match | Line | None = _published(low, _start(low))
        if found is None:
            found = _label(low)
            if found is None or (found.kind == "LABEL" and found.end is not None and found.end >= min(len(low), 16)):
                found = self._prompt(row, view, low) or found
        if found is None:
            return []
        if isinstance(found, Line):
            self._done = found.body.end
            return [found]
        return [self._line(found, view, row)]

    def _view(self, row: Span) -> View:
        return View(self.text, (Span(row.start, min(row.end, row.start + MOST_READ)),))

    def _next(self, row: Span) -> Span | None:
        """Return the line right below, if it holds text."""
        match = _ROW.match(self.text, row.end + (2 if self.text.startswith("\r\n", row.end) else 1))
        if match is None or not fold(match[0][:MOST_READ]).strip():
            return None
        return Span(match.start(), match.end())

    def _line(self, found: _Match, view: View, row: Span) -> Line:
        answer = None
        if found.end is not None and view.text[found.end :].strip():
            answer = view.span(found.end, found.end + 1).start
        return Line(found.kind, row, row, found.section, found.language, found.template, answer, found.altered)

    # --- banners

    def _banner(self, row: Span, low: str, above: Span | None) -> list[Line]:
        first = _read_banner(low, self.text[row.start : min(row.end, row.start + MOST_READ)])
        last = row
        broken: tuple[str, ...] = ()
        if first is None:
            run = low
            while _begins_label(run) and (following := self._next(last)) and last.start - row.start < MOST_READ:
                last = following
                run += " " + fold(self.text[last.start : last.end][:_LONGEST_BANNER]).lower()
                first = _read_banner(run, None)
                if first is not None:
                    broken = ("broken",)
                    break
            if first is None:
                return []
        kind: Kind = "BANNER" if first.strong else "NAME"
        lines = []
        altered = tuple(dict.fromkeys(first.altered + broken))
        if kind == "BANNER":
            below = self._next(last)
            if first.right == 0 and below and self._only_stars(below):
                last, altered = below, (*altered, "broken")  # its right half stands on the next line
            start = row.start
            if first.left == 0 and above is not None:
                start, altered = above.start, (*altered, "broken")
            lines.append(self._banner_line(kind, Span(start, last.end), first.template, altered))
            if start != row.start:
                lines[0] = self._banner_line("BANNER", Span(start, last.end), first.template, altered)
        else:
            if above is not None:
                lines.append(Line("ABOVE", above, above))
            lines.append(self._banner_line(kind, Span(row.start, last.end), first.template, altered))
            below = self._next(last)
            if below and self._only_stars(below):
                lines.append(Line("BELOW", below, below))
                last = below
        self._done = last.end
        return lines

    def _only_stars(self, row: Span) -> bool:
        shown = fold(self.text[row.start : row.end][:MOST_READ]).translate(_STAR_LIKE)
        return not shown.strip("* \t\\>|") and shown.count("*") >= 3

    @staticmethod
    def _banner_line(kind: Kind, body: Span, template: Template, altered: tuple[str, ...]) -> Line:
        return Line(kind, body, body, None, template.language, template.name, None, altered)

    # --- prompts

    def _prompt(self, row: Span, view: View, low: str) -> _Match | Line | None:
        start = _start(low)
        if not _may_ask(low, start):
            return None
        best: tuple[_Match, Span, View] | None = None
        alone = _near(low, start)
        if alone and alone.score >= 0.9 and not alone.altered and alone.end is not None and low[alone.end :].strip():
            return alone
        if alone:
            best = alone, row, view
        # A prompt may be wrapped: join the lines below while that brings it nearer to a published one.
        pieces, last = [row], row
        while len(pieces) < _MOST_WRAPPED and (following := self._next(last)):
            last = following
            pieces.append(last)
            joined = View(self.text, [Span(p.start + self._marks(p), min(p.end, p.start + MOST_READ)) for p in pieces])
            text = joined.text.lower()
            if len(text) > 400 or (len(pieces) > 2 and best is None) or len(text) != len(joined.text):
                break
            if _start_of_other(text.rsplit("\n", 1)[1]):
                break
            match = _published(text, _start(text)) or _near(text, _start(text))
            if (
                match
                and match.end is not None
                and match.end > text.rfind("\n")
                and (best is None or match.score > best[0].score + 0.02)
            ):
                best = match, Span(row.start, last.end), joined
        if best is None:
            return None
        match, body, joined = best
        return self._line(match, joined, body)

    def _marks(self, row: Span) -> int:
        return quote_marks(self.text[row.start : row.end][:MOST_READ])


# ---------------------------------------------------------------------------------------------------------------------
# Banners


class _Banner(NamedTuple):
    template: Template
    left: int
    right: int
    strong: bool
    altered: tuple[str, ...]


@cache
def _cues() -> re.Pattern[str]:
    return any_of(tuple(table("words/cues")["line"]["fragments"]))


@cache
def _tightened() -> dict[str, Template]:
    """Label without white space, as published -> template: for the exact comparison of ruling 8."""
    return {re.sub(r"\s", "", template.label): template for template in templates()}


_BLANK = re.compile(r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")


def _as_published(raw: str) -> bool:
    """White space and quote marks set aside, 3 or more asterisks, the label, 3 or more asterisks, and nothing else."""
    bare = _BLANK.sub("", raw[quote_marks(raw) :])
    label = bare.strip("*")
    at = bare.find(label) if label else 0
    return label in _tightened() and at >= 3 and len(bare) - at - len(label) >= 3


def _label_of(compared: str, starred: bool) -> tuple[Template, float] | None:
    """Return the template whose label this is, or nearly is."""
    if not 3 <= len(compared) <= 60:
        return None
    best: tuple[Template, float] | None = None
    for template in templates():
        score = 100.0 if compared == template.label_key else fuzz.ratio(compared, template.label_key)
        if len(compared) > len(template.label_key) and compared.startswith(template.label_key):
            rest = compared[len(template.label_key) :]
            if any(rest == other.label_key for other in templates()):
                score = 99.0  # both languages on one line
        if best is None or score > best[1]:
            best = template, score
    assert best is not None
    japanese = best[0].language == "ja"
    needed = (76.0 if japanese else 86.0) if starred else (90.0 if japanese else 95.0)
    return best if best[1] >= needed else None


def _read_banner(low: str, raw: str | None) -> _Banner | None:
    """Read one line (or a wrapped run, then `raw` is None) as a banner."""
    if "*" not in low and "&" not in low and len(low) > 120 and "\x1b" not in low:
        return None  # a bare label is short
    plain = low.translate(_STAR_LIKE)
    if "&" in plain:
        plain = _ENTITY.sub(lambda match: html.unescape(match[0]), plain)
    if "<" in plain or "\\" in plain or "\x1b" in plain:
        plain = _MARKUP.sub("", plain)
    parts = _STARS.split(plain)
    if sum(map(len, parts[::2])) > _LONGEST_BANNER or len(parts) > 41:
        return None
    others = [bool(_letters(part)) for part in parts[::2]]
    for index in range(0, len(parts), 2):
        if not others[index // 2]:
            continue
        left = parts[index - 1].count("*") if index else 0
        right = parts[index + 1].count("*") if index + 1 < len(parts) else 0
        found = _label_of(_letters(parts[index]), max(left, right) >= 3)
        if found is None and max(left, right) >= 3:
            found = _label_at_edge(parts[index], left, right)
        if found is None:
            continue
        if raw is not None and max(left, right) >= 3 and _as_published(raw):
            return _Banner(found[0], left, right, True, ())
        template, score = found
        other_text = sum(others) > 1 or score < 0
        if other_text and not (left >= 3 and right >= 3) and score >= 0:
            continue
        strong = max(left, right) >= 3
        if not strong and other_text:
            continue
        altered = []
        if other_text:
            altered.append("other-text")
        elif score < 100:
            altered.append("typo")
        if not left or not right:
            altered.append("one-sided")
        elif min(left, right) < 3:
            altered.append("stars")
        altered += _disguise(raw or low, template)
        return _Banner(template, left, right, strong, tuple(altered))
    return None


def _disguise(raw: str, template: Template) -> list[str]:
    """Say how the characters of a banner differ, though it reads as published."""
    found = []
    if any("\uff01" <= char <= "\uff5e" or char in "∗⁎✱✲✳✴✵✶✻✼✽❊❋٭★☆﹡" for char in raw):
        found.append("width")
    if "\\" in raw or "\x1b" in raw or _ENTITY.search(raw):
        found.append("escaped")
    if re.search(r"</?[a-zA-Z][^<>]{0,60}>|[|#_=]", raw):
        found.append("markup")
    letters = _letters(raw)
    if not found and letters.lower() == template.label_key and letters != _letters(template.label):
        found.append("case")
    return found


def _label_at_edge(part: str, left: int, right: int) -> tuple[Template, float] | None:
    """The label beside asterisks on one side, then other text that is set off by a mark: '*** LABEL: see below'."""
    head = re.split(r"[:;,(\[/|。、-]", part.strip(), maxsplit=1)
    if left >= 3 and not right and len(head) == 2:
        found = _label_of(_letters(head[0]), True)
        return (found[0], -1.0) if found else None
    tail = re.split(r"[:;,)\]/|。、>-]", part.strip())
    if right >= 3 and not left and len(tail) > 1:
        found = _label_of(_letters(tail[-1]), True)
        return (found[0], -1.0) if found else None
    return None


def _begins_label(run: str) -> bool:
    """Is this the first part of a broken banner: asterisks perhaps, then only the beginning of a label?"""
    compared = _letters(_MARKUP.sub("", run))
    if not 3 <= len(compared) <= 40:
        return False
    return any(
        len(compared) < len(template.label_key) and template.label_key.startswith(compared) for template in templates()
    )


# ---------------------------------------------------------------------------------------------------------------------
# Labels and prompts


def _start(low: str) -> int:
    match = _DECORATION.match(low)
    return match.end() if match else 0


def _label(low: str) -> _Match | None:
    """Read a cut-down prompt: a label of the tables with a colon, bracket, tab or nothing behind it."""
    start = _start(low)
    if start and low[start - 1].isalnum():
        start = len(low) - len(low.lstrip())
    match = _LABEL.match(low, start)
    known = labels().get(_letters(match["label"])) if match else None
    if known is None:
        match = _LABEL_BY_BLANK.match(low, start)
        known = labels().get(_letters(match["label"])) if match else None
        if known is None or match is None:
            return None
    assert match is not None
    after = _AFTER_PROMPT.match(low, match.start("end"))
    end = after.end() if after and after.end() > match.end() else match.end()
    if match["end"] and not match["end"].isspace():
        end = match.end()
        while end < len(low) and low[end] in " \t:":
            end += 1
    return _Match("LABEL" if known.whole else "ITEM", known.section, known.language, None, end, ())


def _start_of_other(low: str) -> bool:
    """Does a new prompt or label, or a list item, begin with this line? Then it continues none."""
    start = _start(low)
    found = _label(low)
    if found and found.kind == "LABEL" and found.end is not None:
        return ":" in low[: found.end]
    return _published(low, start) is not None


@cache
def _published_pattern() -> re.Pattern[str]:
    """All published prompts, letter by letter, with any marks and blanks between the letters."""
    return re.compile("|".join("(" + r"[\W_]{0,12}".join(prompt.key) + ")" for prompt in prompts()))


def _published(low: str, start: int) -> _Match | None:
    """Read a published prompt, whole and exact, at the beginning of a line; an answer may follow."""
    match = _published_pattern().match(low, start)
    if match is None or match.lastindex is None:
        return None
    prompt = prompts()[match.lastindex - 1]
    after = _AFTER_PROMPT.match(low, match.end())
    assert after is not None
    return _Match("PROMPT", prompt.section, prompt.language, prompt.template, after.end(), ())


@cache
def _vocabulary(language: str, section: str) -> frozenset[str]:
    """Words (English) or pairs of characters (Japanese) of all wordings of one prompt."""
    wordings = [p.text for p in (*prompts(), *rewordings()) if (p.language, p.section) == (language, section)]
    texts = [fold(text).lower() for text in wordings]
    if language == "en":
        return frozenset(word for text in texts for word in _WORD.findall(text))
    return frozenset(pair for text in texts for pair in _pairs(_letters(text)))


def _pairs(text: str) -> list[str]:
    return [text[i : i + 2] for i in range(len(text) - 1)]


@cache
def _cue_groups(language: str, section: str) -> tuple[re.Pattern[str], ...]:
    return tuple(any_of(tuple(group)) for group in table("words/cues")["prompts"][section][language])


def _may_ask(low: str, start: int) -> bool:
    """Could a prompt stand here in other words? It holds the cues of one, or begins like a published one."""
    for section in ("reason", "milestone", "requester"):
        for language in ("en", "ja"):
            if all(group.search(low, start, start + 400) for group in _cue_groups(language, section)):
                return True
    compared = _letters(low[start : start + 60])[:36]
    return len(compared) >= 6 and any(
        fuzz.ratio(compared, prompt.key[: len(compared)], score_cutoff=74.0) for prompt in prompts()
    )


def _near(low: str, start: int) -> _Match | None:
    """Read a prompt that was shortened, misspelt or reworded: the head of the line, up to a mark that may end it."""
    best: _Match | None = None
    ends = list(islice(_HEAD_END.finditer(low, start), 4))
    if ends and ends[-1].start() != len(low) and len(ends) < 4:
        ends.append(re.compile(r"$").search(low) or ends[-1])
    for match in ends:
        end = match.start()
        head = low[start:end]
        if not 8 <= len(head) <= 320:
            continue
        found = _nearest(head, marked=match[0] != "")
        if found is None:
            continue
        prompt, score, altered = found
        if best is None or score > best.score:
            after = _AFTER_PROMPT.match(low, end)
            assert after is not None
            best = _Match("PROMPT", prompt.section, prompt.language, prompt.template, after.end(), altered, score)
    return best


def _nearest(head: str, marked: bool) -> tuple[Prompt, float, tuple[str, ...]] | None:
    """Return the prompt that this wording comes nearest to, how near (0 to 1), and whether it was reworded (MA112)."""
    compared = _letters(head)
    japanese = len(_JAPANESE.findall(compared)) * 2 > len(compared)
    if len(compared) < (7 if japanese else 10):
        return None
    language = "ja" if japanese else "en"
    best: tuple[Prompt, float, tuple[str, ...]] | None = None
    for prompt in prompts():
        if prompt.language != language:
            continue
        if _cut_down(compared, head, prompt):
            score = 0.9 + 0.1 * len(compared) / len(prompt.key)
            if best is None or score > best[1]:
                best = prompt, score, ()
    if best:
        return best
    sentence = head.rstrip()[-1:] in ".。!" and not marked
    for prompt in (*prompts(), *rewordings()):
        if prompt.language != language:
            continue
        score = fuzz.ratio(compared, prompt.key, score_cutoff=70.0) / 100
        if score >= (0.72 if japanese else 0.78) and (best is None or score > best[1]):
            best = prompt, score, ("wording",)
    if best or sentence or re.search(r"\d|@", head):
        return best
    for section in ("reason", "milestone", "requester"):
        if not all(group.search(head) for group in _cue_groups(language, section)):
            continue
        units = _pairs(compared) if japanese else _WORD.findall(head)
        known = _vocabulary(language, section)
        share = sum(unit in known for unit in units) / max(1, len(units))
        if share >= (0.66 if japanese else 0.8) and len(units) >= 4 and (best is None or share * 0.8 > best[1]):
            prompt = next(p for p in prompts() if (p.language, p.section) == (language, section))
            best = prompt, share * 0.8, ("wording",)
    return best


def _cut_down(compared: str, head: str, prompt: Prompt) -> bool:
    """Is this the prompt with words left out (no MA112), and still more than a label?"""
    if len(compared) < 0.33 * len(prompt.key):
        return False
    if prompt.language == "ja":
        if len(compared) < 8:
            return False
        at = 0
        for char in compared:
            at = prompt.key.find(char, at) + 1
            if not at:
                return False
        pairs = _pairs(compared)
        return sum(pair in prompt.key for pair in pairs) >= 0.8 * len(pairs)
    words = iter(_WORD.findall(prompt.text.lower()))
    return all(word in words for word in _WORD.findall(head))
