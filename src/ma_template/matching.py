"""Tells what one line, or one wrapped run of lines, is by its wording: banner, prompt, label.

Exact wording is told by pattern, near misses by rapidfuzz on short keys of lines that hold a cue; both are bounded by
the length of what is read. Every `low` here is a line as it is compared: folded (see `View`) and in lower case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Literal, NamedTuple

from ma_template.additions import OwnForms
from ma_template.likeness import all_alike, any_alike, nearest, ratio
from ma_template.patterns import late
from ma_template.source import MOST_READ, easily_folded, fold, quote_marks, resizes
from ma_template.wording import (
    SECTIONS,
    Label,
    Prompt,
    SectionName,
    Template,
    labels,
    prompts,
    rewordings,
    table,
    templates,
)

LONGEST_BANNER = 300  # characters, with runs of asterisks set aside; what is longer is prose
_LONGEST_PROMPT = 400  # characters, with all blanks and marks
_LONGEST_ASIDE = 60  # letters of other text beside a banner
_LONGEST_LABEL = 90  # characters of a line that could be a banner's label alone
_BARE_LABEL = 90.0  # how like a label is that stands without asterisks, at least
_MOST_COMPARED = 60  # characters of a row whose letters tell whether it begins like a prompt
_BEGINNING = 36  # of these letters
_LIKE_A_PROMPT = 55.0  # how like the beginning of a prompt is, at least: wrapped over lines, it is all there is of it

_STARS = late(r"(\*[\s*]*)")
_MARKUP = late(r"\x1b\[[0-9;]{0,20}m|</?[a-z][^<>]{0,60}>|\\(?=[*_\\#>-])", re.IGNORECASE)
_ENTITY = late(r"&(?:#\d{1,6}|#x[0-9a-f]{1,5}|[a-z]{2,10});", re.IGNORECASE)

_FRAME = late(r"</?[a-zA-Z][^<>]{0,60}>|[|#_=]")

_NO_LETTER = late(r"[\W_]+")
_NO_ASCII_LETTER = bytes(code for code in range(128) if not chr(code).isalnum())
# What may stand before a prompt or a label: bullets, numbers, brackets, Q:, bold marks, tags, escapes.
_DECORATION = late(
    r"""(?:</?[a-z][^<>]{0,40}>
        |[\s>|#=~*_•・■□◆◇●○◎▪▫▶►▼▽※✓✔☐☑→⇒\-\\]
        |[(\[【〔]?\s?(?:\d{1,2}|[ivx]{1,4}|[a-z])\s?[)\].:】〕](?!\d)
        |\d{1,2}(?:\s(?=\D)|(?=[^\x00-\x7f\s]))
        |[(\[【〔「『<《“"']
        |[qa]\d{0,2}\s?[.:)]
        |h[1-6]\.\s
        |(?:section|問|設問|項目)\s?\d{1,2}\s?[.:)]?
    ){0,12}""",
    re.VERBOSE,
)
_AFTER_PROMPT = late(r"(?:[\s\])}】〕」』>\"'”*_:;.。．,、?~|=→⇒\\-]|</[a-z]{1,10}>|<br ?/?>){0,60}")
_LABEL = late(
    r"""(?P<label>[^\s:=】〕\]|*_][^:=】〕\]|*_\t]{0,70}?)
        \s{0,20}(?:\*\*|__|</[a-z]{1,10}>)?\s{0,20}
        (?P<end>[】〕\]]\s{0,5}[:=]?|[:=](?![/=])|\s-{1,2}\s|\||\t|$)(?:\*{1,2}(?!\*)|_{1,2}(?!\w))?""",
    re.VERBOSE,
)
_LABEL_BY_BLANK = late(r"(?P<label>[^\x00-\x7f](?:[^\s:\x00-\x7f]|/){0,15})(?P<end>\s+)(?=\S)")
_LABEL_JOINT = late(r"\s?(?:[/・&,、+]|\band\b|(?<=[^\x00-\x7f])(?:と|及び|および|ならびに)(?=[^\x00-\x7f]))\s?")
_LABEL_END = late(r"[】〕\]:=|\t]| -{1,2} ")
_NUMBERED = late(r"(?:[ivx]{1,4}\s?[).\]:]|section|[qa]\d)")
_HEAD_END = late(r"[:?]|\s-{1,2}\s|$")
# A sentence that tells, and does not ask.
_TOLD = {
    "en": re.compile(
        r"[.!]\s*$|^(?!(?:what|which|who|whom|why|when|how|please)\b).*\b(?:is|are|was|were|will|has|have|we)\b"
    ),
    "ja": re.compile(r"(?:す|た|る|ん|(?<!くださ)(?<!下さ)い)[。.!]?\s*$"),
}
_WORD = late(r"[a-z]+")
_JAPANESE = late("[\u3040-\u30ff\u3400-\u9fff]")


class _Low(dict[int, str]):
    """One character to the form in which lines are compared: folded, in lower case, every kind of asterisk `*`."""

    def __init__(self) -> None:
        super().__init__(dict.fromkeys(map(ord, "∗⁎✱✲✳✴✵✶✻✼✽❊❋٭★☆"), "*"))
        self.resizing = {"\r"}

    def __missing__(self, code: int) -> str:
        if resizes(chr(code)):
            self.resizing.add(chr(code))
        char = fold(chr(code))
        low = char.lower()
        self[code] = low if len(low) == len(char) else char
        return self[code]


# A memo of single characters, the same whoever fills it; it holds no text.
_LOW = _Low()


def low_of(raw: str) -> str:
    """Return a line as it is compared. What stands where in it is as in its view."""
    folded = easily_folded(raw)
    if folded is not None:
        return folded.lower()
    low = raw.translate(_LOW)
    return low if _LOW.resizing.isdisjoint(raw) else fold(raw).translate(_LOW)


def keeps_places(raw: str) -> bool:
    """Return whether each character of a line whose `low_of` was taken is one character there."""
    return raw.isascii() or _LOW.resizing.isdisjoint(raw)


class Match(NamedTuple):
    """A wording that was recognised: what it is, where it ends in the line, and how it differs.

    `altered` is in the words of MA104 and MA112, `score` how near it comes (0 to 1).
    """

    kind: Literal["PROMPT", "LABEL", "ITEM"]
    section: str
    language: str
    template: str | None
    end: int
    altered: tuple[str, ...] = ()
    score: float = 1.0


class BannerMatch(NamedTuple):
    """A banner that was recognised: whose, how many asterisks on each side, and how it differs.

    `strong`: the asterisks alone make it a banner, whatever stands around it.
    """

    template: Template
    left: int
    right: int
    strong: bool
    altered: tuple[str, ...]


def _letters(low: str) -> str:
    """Return letters and digits alone: the form in which wording is compared."""
    if low.isascii():
        return low.encode().translate(None, _NO_ASCII_LETTER).decode()
    return _NO_LETTER.sub("", low)


# ---------------------------------------------------------------------------------------------------------------------
# Banners


@cache
def _tightened() -> dict[str, Template]:
    """Label without white space, as published -> template: for the exact comparison of ruling 8."""
    return {re.sub(r"\s", "", template.label): template for template in templates()}


_BLANK = late(r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")


def _as_published(raw: str) -> bool:
    """White space and quote marks set aside, 3 or more asterisks, the label, 3 or more asterisks, and nothing else."""
    bare = _BLANK.sub("", raw[quote_marks(raw) :])
    label = bare.strip("*")
    at = bare.find(label) if label else 0
    return label in _tightened() and at >= 3 and len(bare) - at - len(label) >= 3


def _without_markup(low: str) -> str:
    """Return a line without tags, escapes and colours; the line itself where there is none."""
    return _MARKUP.sub("", low) if "<" in low or "\\" in low or "\x1b" in low else low


@cache
def _label_keys() -> tuple[str, ...]:
    """Return the published labels as letters."""
    return tuple(template.label_key for template in templates())


def _label_of(compared: str, starred: bool) -> tuple[Template, float] | None:
    """Return the template whose label this is, or nearly is."""
    if not 3 <= len(compared) <= 60:
        return None
    best: tuple[Template, float] | None = None
    lowest = 76.0 if starred else _BARE_LABEL
    size, in_ascii = len(compared), compared.isascii()
    for template in templates():
        known = template.label_key
        if compared == known:
            score = 100.0
        elif compared.startswith(known) and any(compared[len(known) :] == other.label_key for other in templates()):
            score = 99.0  # both languages on one line
        elif (in_ascii and not known.isascii()) or 200 * min(size, len(known)) < lowest * (size + len(known)):
            continue  # in other letters, or too long or too short, whatever its letters are
        else:
            score = ratio(compared, known)
        if best is None or score > best[1]:
            best = template, score
    if best is None:
        return None
    japanese = best[0].language == "ja"
    needed = (76.0 if japanese else 86.0) if starred else (90.0 if japanese else 95.0)
    return best if best[1] >= needed else None


@cache
def _plain_banner() -> re.Pattern[str]:
    labels = "|".join("(" + r"\s+".join(template.label.split()) + ")" for template in templates())
    return re.compile(rf"\s*\*{{3,}}\s*(?:{labels})\s*\*{{3,}}\s*")


def read_banner(low: str, raw: str | None) -> BannerMatch | None:
    """Read one line (or a wrapped run, then `raw` is None) as a banner."""
    plain_banner = _plain_banner().fullmatch(raw) if raw is not None else None
    if plain_banner:
        assert plain_banner.lastindex is not None
        return BannerMatch(templates()[plain_banner.lastindex - 1], 3, 3, True, ())
    if "*" not in low and len(low) > _LONGEST_LABEL and low.isascii() and "&" not in low and "\x1b" not in low:
        return None  # a bare label is short
    plain = low
    if "&" in plain:
        plain = _ENTITY.sub(lambda match: _unescaped(match[0]), plain)
    parts = _STARS.split(_without_markup(plain))
    if sum(map(len, parts[::2])) > LONGEST_BANNER or len(parts) > 41:
        return None
    words = [_letters(part) for part in parts[::2]]
    for index in range(0, len(parts), 2):
        compared = words[index // 2]
        if not compared:
            continue
        left = parts[index - 1].count("*") if index else 0
        right = parts[index + 1].count("*") if index + 1 < len(parts) else 0
        found = _label_of(compared, max(left, right) >= 3)
        if found is None and max(left, right) >= 3:
            found = _label_at_edge(parts[index], left, right)
        if found is None:
            continue
        if raw is not None and max(left, right) >= 3 and _as_published(raw):
            return BannerMatch(found[0], left, right, True, ())
        template, score = found
        other_text = sum(map(bool, words)) > 1 or score < 0
        if other_text and score >= 0 and not (left >= 3 and right >= 3 and _set_off(parts, index)):
            continue
        strong = max(left, right) >= 3
        if not strong and other_text:
            continue
        altered = []
        if other_text:
            altered.append("other-text")
        elif score < 100:
            altered.append("typo")
        if (left == 0) != (right == 0):
            altered.append("one-sided")
        elif min(left, right) < 3:
            altered.append("stars")
        if raw is not None:
            altered += _disguise(raw, template)
            altered = altered or ["markup"]  # a bullet, a frame, a back-tick: something else stands on the line
        return BannerMatch(template, left, right, strong, tuple(altered))
    return None


def _unescaped(entity: str) -> str:
    import html  # its table of entities is large

    return html.unescape(entity)


def _set_off(parts: list[str], index: int) -> bool:
    """Return whether the text around a starred label leaves it a banner: a prefix or an appendix, but no sentence."""
    before, after = "".join(parts[: index - 1 : 2]), "".join(parts[index + 2 :: 2])
    letters_before, letters_after = len(_letters(before)), len(_letters(after))
    if letters_before > 3 and letters_after > 3 and letters_before + letters_after > _LONGEST_ASIDE // 2:
        return False
    joined = after[:1].isalnum() and not parts[index + 1][-1:].isspace()  # the words go on without a break
    return letters_before <= _LONGEST_ASIDE and letters_after <= _LONGEST_ASIDE and not joined


def _disguise(raw: str, template: Template) -> list[str]:
    """Say how the characters of a banner differ, though it reads as published."""
    found = []
    if not raw.isascii() and any("\uff01" <= char <= "\uff5e" or char in "∗⁎✱✲✳✴✵✶✻✼✽❊❋٭★☆﹡" for char in raw):
        found.append("width")
    if "\\" in raw or "\x1b" in raw or _ENTITY.search(raw):
        found.append("escaped")
    if _FRAME.search(_ENTITY.sub("", raw) if "&" in raw else raw):
        found.append("markup")
    letters = _letters(raw)
    if not found and letters.lower() == template.label_key and letters != _letters(template.label):
        found.append("case")
    return found


def _label_at_edge(part: str, left: int, right: int) -> tuple[Template, float] | None:
    """The label beside asterisks on one side, then other text that is set off by a mark: '*** LABEL: see below'."""
    edge = None
    if left >= 3 and not right:
        head = re.split(r"[:;,(\[/|。、-]", part.strip(), maxsplit=1)
        edge = head[0] if len(head) == 2 else None
    elif right >= 3 and not left:
        tail = re.split(r"[:;,)\]/|。、>-]", part.strip())
        edge = tail[-1] if len(tail) > 1 else None
    found = _label_of(_letters(edge), True) if edge is not None else None
    return (found[0], -1.0) if found else None


def begins_label(run: str) -> bool:
    """Return whether this is the first part of a broken banner: asterisks perhaps, then the beginning of a label."""
    if len(run) > LONGEST_BANNER:
        return False
    compared = _letters(_without_markup(run))
    if not 3 <= len(compared) <= 40:
        return False
    for label in _label_keys():  # noqa: SIM110  # a generator costs as much again
        if label.startswith(compared) and label != compared:
            return True
    return False


# ---------------------------------------------------------------------------------------------------------------------
# Labels and prompts


def start_of(low: str) -> int:
    """Return where the words of a line begin: behind bullets, numbers, brackets, bold marks and the like."""
    if low[:2].isalpha() and not _NUMBERED.match(low):
        return 0
    match = _DECORATION.match(low)
    return match.end() if match else 0


def read_label(low: str, start: int, known: dict[str, Label] | None = None) -> Match | None:
    """Read a cut-down prompt: a label of the tables, or of `known`, with a colon, bracket, tab or nothing behind it.

    `start` is `start_of(low)`.
    """
    if start and low[start - 1].isalnum():
        start = len(low) - len(low.lstrip())
    if known is None:
        known = labels()
    found = None
    match = None
    if mark := _LABEL_END.search(low, start, start + 100):
        if mark[0] == ":" and low[mark.end() : mark.end() + 1] not in _NO_LABEL_BEHIND:  # most labels
            words = low[start : mark.start()].replace(" ", "")
            if words.isalnum():
                found = known.get(words)
                if found:
                    return _label(found, low, mark.end())
        match = _LABEL.match(low, start)
    elif len(low) - start <= 72:
        found = known.get(_letters(low[start:]))
        if found:
            return Match("LABEL" if found.whole else "ITEM", found.section, found.language, None, len(low))
    if match:
        found = known.get(match["label"]) or known.get(_letters(match["label"])) or _joined(match["label"], known)
    if found is None and not low.isascii():
        match = _LABEL_BY_BLANK.match(low, start)
        if match:
            found = known.get(_letters(match["label"])) or _joined(match["label"], known)
    if found is None or match is None:
        return None
    if not match["end"]:
        return _label(found, low, len(low))
    if match["end"].isspace():
        return Match("LABEL" if found.whole else "ITEM", found.section, found.language, None, match.end())
    return _label(found, low, match.end())


def _joined(label: str, known: dict[str, Label]) -> Label | None:
    """Return the label that several labels of one section make up: "Reason / Impact", 氏名・電話・メール."""
    parts = _LABEL_JOINT.split(label)
    if not 2 <= len(parts) <= 6:
        return None
    found = [known.get(_letters(part)) for part in parts]
    sections = {label.section for label in found if label}
    if None in found or len(sections) != 1:
        return None
    return next((label for label in found if label and label.whole), found[0])


# What makes a colon no label's end (a URL, an assignment), or is left to the pattern.
_NO_LABEL_BEHIND = frozenset("/=*_")


def _label(found: Label, low: str, end: int) -> Match:
    """Return the label that ends there, with the blanks behind it."""
    while end < len(low) and low[end] in " \t:":
        end += 1
    return Match("LABEL" if found.whole else "ITEM", found.section, found.language, None, end)


def begins_other(low: str) -> bool:
    """Return whether a new prompt or label, or a list item, begins with this line: then it continues none."""
    start = start_of(low)
    found = read_label(low, start)
    if found and found.kind == "LABEL":
        return ":" in low[: found.end]
    return read_published(low, start) is not None


def goes_on(run: str, start: int) -> bool:
    """Return whether a run of lines is a published prompt so far: then its next line begins nothing else."""
    compared = _letters(run[start:])
    return any(prompt.key.startswith(compared) or compared.startswith(prompt.key) for prompt in prompts())


@cache
def _initials() -> frozenset[str]:
    return frozenset(prompt.key[:4] for prompt in prompts())


def first_letters(low: str, start: int) -> str:
    """Return up to four letters and digits, those with which the words of a line begin."""
    head = low[start : start + 4]
    return head if head.isalnum() else _letters(low[start : start + 12])[:4]


def read_published(low: str, start: int) -> Match | None:
    """Read a published prompt, whole and exact, at the beginning of a line; an answer may follow."""
    return _prompt_at(low, start, prompts()) if first_letters(low, start) in _initials() else None


def _prompt_at(low: str, start: int, known: Iterable[Prompt]) -> Match | None:
    compared = _letters(low[start : start + _LONGEST_PROMPT])
    for prompt in known:
        if compared.startswith(prompt.key):
            end = _behind_marks(low, _behind_letters(low, start, len(prompt.key)))
            return Match("PROMPT", prompt.section, prompt.language, prompt.template, end)
    return None


def _behind_letters(low: str, at: int, count: int) -> int:
    """Return the place behind that many letters and digits."""
    while count:
        count -= low[at].isalnum()
        at += 1
    return at


def _behind_marks(low: str, at: int) -> int:
    match = _AFTER_PROMPT.match(low, at)
    assert match is not None
    return match.end()


@cache
def _vocabulary(language: str, section: str) -> frozenset[str]:
    """Words (English) or pairs of characters (Japanese) of all wordings of one prompt."""
    wordings = [p.text for p in (*prompts(), *rewordings()) if (p.language, p.section) == (language, section)]
    texts = [fold(text).lower() for text in wordings]
    texts += table("words/cues")["prompts"]["asking"][language]
    if language == "en":
        return frozenset(word for text in texts for word in _WORD.findall(text))
    return frozenset(pair for text in texts for pair in _pairs(_letters(text)))


def _pairs(text: str) -> list[str]:
    return [text[i : i + 2] for i in range(len(text) - 1)]


@cache
def _cue_groups() -> tuple[tuple[str, SectionName, tuple[tuple[str, ...], ...]], ...]:
    cues = table("words/cues")["prompts"]
    return tuple(
        (language, section, tuple(map(tuple, cues[section][language])))
        for section in SECTIONS
        for language in ("en", "ja")
    )


@cache
def _line_cues() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the cues of a line in ASCII, and of any line."""
    cues: list[str] = table("words/cues")["line"]["fragments"]
    shortest = _shortest(tuple(cues))
    return tuple(filter(str.isascii, shortest)), shortest


def has_cue(low: str) -> bool:
    """Return whether a line is worth a closer look: without a cue it is no banner and no prompt, however damaged."""
    for cue in _line_cues()[not low.isascii()]:  # noqa: SIM110  # asked of every line, and a generator costs as much again
        if cue in low:
            return True
    return False


def rows_with_cue(low: str) -> Iterator[str]:
    """Yield the rows of a text (as it is compared, rows ending at LF) that hold a cue, each once."""
    seen = set()
    for cue in _line_cues()[not low.isascii()]:
        at = low.find(cue)
        while at >= 0:
            start, end = low.rfind("\n", 0, at) + 1, low.find("\n", at)
            if end < 0:
                end = len(low)
            if start not in seen:
                seen.add(start)
                yield low[start:end]
            at = low.find(cue, end)


@cache
def _heads() -> tuple[frozenset[str], ...]:
    """Return the first four letters of every label and published prompt; shorter labels by their length, 1 to 3."""
    keys = [*labels(), *(prompt.key for prompt in prompts())]
    heads = frozenset(key[:4] for key in keys if len(key) > 3)
    return (heads, *(frozenset(key for key in keys if len(key) == size) for size in (1, 2, 3)))


def begins_none(low: str, start: int) -> bool:
    """Return whether a line begins with the letters of no label and no published prompt. False asks to look closer."""
    head = first_letters(low, start)
    if len(head) < 4 or (start and low[start - 1].isalnum()):
        return False
    heads, one, two, three = _heads()
    return not (head in heads or head[:3] in three or head[:2] in two or head[0] in one)


def _asks(head: str, groups: tuple[tuple[str, ...], ...]) -> bool:
    return all(any(cue in head for cue in group) for group in groups)


def may_ask(low: str, start: int) -> bool:
    """Return whether a prompt may stand here in other words: the cues of one are there, or its beginning nearly is."""
    found = _asking(low, start)
    if isinstance(found, str):
        return any_alike(found, _beginnings(len(found), found.isascii()), at_least=_LIKE_A_PROMPT)
    return bool(found)


def _asking(low: str, start: int) -> int | str:
    """Return 1 where the cues of a prompt stand, 0 where there is none; else the letters of the beginning, whose
    likeness to a prompt's tells.
    """
    head = low[start : start + 400]
    for cues, beside in _first_cues()[not head.isascii()]:
        for cue in cues:
            if cue in head:
                for other in beside:
                    if other in head:
                        return 1
                break
    compared = _letters(head[:_MOST_COMPARED])[:_BEGINNING]
    return compared if len(compared) >= 6 else 0


_Cues = tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]


@cache
def _first_cues() -> tuple[_Cues, _Cues]:
    """Return the cues of each prompt in two groups, of which one each is needed: prompts in ASCII, and all."""
    pairs = tuple((_shortest(first), _shortest(second)) for _, _, (first, second) in _cue_groups())
    return tuple(pair for pair in pairs if "".join(pair[0]).isascii()), pairs


def _shortest(cues: tuple[str, ...]) -> tuple[str, ...]:
    """Return the cues that hold no other one."""
    return tuple(cue for cue in cues if not any(other in cue for other in cues if other != cue))


@cache
def _beginnings(size: int, in_ascii: bool) -> tuple[str, ...]:
    """Return the first letters of every published prompt that a beginning may be like."""
    keys = dict.fromkeys(prompt.key[:size] for prompt in prompts())
    return tuple(key for key in keys if key.isascii() or not in_ascii)


# Letters and marks that are compared as they are, or as no letter and no asterisk: none of them makes up a cue unseen.
_OPEN_LETTERS = r"\t\r -~、-〿ぁ-ゖァ-ヺー・一-鿿：（）！？％，．／０-９～…’“”"


@cache
def hopeful_pattern() -> str:
    """Return a pattern that finds, with case ignored, every line whose `hope_of` is not certain to be 0, and some more.

    It is plain enough for engines that search whole columns (RE2): cues; letters that are compared as something else;
    the letters with which a published prompt begins, whatever stands between them.
    """
    cues = map(re.escape, _line_cues()[True])
    apart = (r"[^0-9A-Za-z]*".join(prompt.key[:12]) for prompt in prompts())
    return "|".join([*cues, f"[^{_OPEN_LETTERS}]", *dict.fromkeys(apart)])


ENOUGH = 2
"""The hope with which a block may stand in a text."""


def hope_of(rows: Iterable[str]) -> int:
    """Return what rows may add to a block, taken together: 2 for a banner, which opens one; 1 for a prompt, of which it
    takes two; 0 for a row that is neither. Less than `ENOUGH` is certain, more only asks to look closer.
    """
    hope = 0
    unsure = []
    for low in rows:
        found = _hope_by_wording(low)
        if isinstance(found, str):
            unsure.append(found)
        else:
            hope += found
            if hope >= ENOUGH:
                return hope
    return hope + len(_like_prompts(unsure))


def hopes_of(rows: Iterable[str]) -> list[int]:
    """Return the hope (see `hope_of`) of each row. Rows that differ in numbers alone, as in a log, are judged once."""
    keys = [_with_any_number(low) for low in rows]
    found = {low: _hope_by_wording(low) for low in dict.fromkeys(keys)}
    unsure = [(low, beginning) for low, beginning in found.items() if isinstance(beginning, str)]
    alike = _like_prompts([beginning for _, beginning in unsure])
    hopes = found | {low: int(place in alike) for place, (low, _) in enumerate(unsure)}
    return [int(hopes[key]) for key in keys]


_ANY_DIGIT = dict.fromkeys(map(ord, "123456789"), "0")


def _with_any_number(low: str) -> str:
    """Return a row with noughts for all digits, where its hope does not depend on which they are."""
    if not low.isascii() or "&#" in low:  # a number may stand for an asterisk
        return low
    key = low.translate(_ANY_DIGIT)
    return low if "h0." in key else key  # a heading's mark has 1 to 6 (see _DECORATION)


def _like_prompts(beginnings: Sequence[str]) -> set[int]:
    """Return the places of those beginnings of rows that are like a prompt's; all of a kind are compared at once."""
    kinds: dict[tuple[int, bool], list[int]] = {}
    for place, beginning in enumerate(beginnings):
        kinds.setdefault((len(beginning), beginning.isascii()), []).append(place)
    return {
        places[number]
        for kind, places in kinds.items()
        for number in all_alike([beginnings[place] for place in places], _beginnings(*kind), at_least=_LIKE_A_PROMPT)
    }


def _hope_by_wording(low: str) -> int | str:
    """Return the hope of a row, or the letters of its beginning where their likeness to a prompt's has to tell."""
    if not has_cue(low):
        return int(read_published(low, start_of(low)) is not None)
    if len(low) > MOST_READ:
        return ENOUGH
    start = start_of(low)
    if "*" in low or ("&" in low and _ENTITY.search(low)) or _without_markup(low) != low:
        if read_banner(low, None) or begins_label(low):
            return ENOUGH
    else:  # the same, where nothing but letters counts, and those of the beginning tell that they are too many
        letters = _letters(low[: start + _MOST_COMPARED])
        if len(letters) <= _longest_bare_label() or letters.startswith(_label_keys()):
            letters = _letters(low)
            if len(letters) <= 60:
                if _label_of(letters, False):
                    return ENOUGH
                if len(letters) >= 3 and any(label.startswith(letters) for label in _label_keys()):
                    return ENOUGH
    return _asking(low, start)


@cache
def _longest_bare_label() -> int:
    """Return how many letters a banner's label without asterisks has at most."""
    return int(max(map(len, _label_keys())) * (200 - _BARE_LABEL) / _BARE_LABEL)


def read_near(low: str, start: int) -> Match | None:
    """Read a prompt that was shortened, misspelt or reworded: the head of the line, up to a mark that may end it."""
    best: Match | None = None
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
            end = _behind_marks(low, _end_of(prompt, low, start, end))
            best = Match("PROMPT", prompt.section, prompt.language, prompt.template, end, altered, score)
    return best


def _end_of(prompt: Prompt, low: str, start: int, end: int) -> int:
    """Return where a misspelt prompt ends: before `end` where an answer follows it with no mark between."""
    compared = _letters(low[start:end])
    if len(compared) <= len(prompt.key) + 3:
        return end
    for size in (8, 6, 4):
        at = compared.find(prompt.key[-size:], max(0, len(prompt.key) - 2 * size - 4))
        if at >= 0:
            return _behind_letters(low, start, at + size)
    return end


def _nearest(head: str, marked: bool) -> tuple[Prompt, float, tuple[str, ...]] | None:
    """Return the prompt that this wording comes nearest to, how near (0 to 1), and whether it was reworded (MA112)."""
    compared = _letters(head)
    japanese = len(_JAPANESE.findall(compared)) * 2 > len(compared)
    if len(compared) < (7 if japanese else 10):
        return None
    language = "ja" if japanese else "en"
    best: tuple[Prompt, float, tuple[str, ...]] | None = None
    words = _WORD.findall(head)
    for prompt, all_words in _published_in(language):
        if _cut_down(compared, words, prompt, all_words):
            score = 0.9 + 0.1 * len(compared) / len(prompt.key)
            if best is None or score > best[1]:
                best = prompt, score, ()
    if best:
        return best
    sentence = not marked and _TOLD[language].search(head)
    wordings, keys = _wordings_in(language)
    near = nearest(compared, keys, at_least=70.0)
    if near and near[1] / 100 >= (0.72 if japanese else 0.78):
        best = wordings[near[0]], near[1] / 100, ("wording",)
    if best or sentence or re.search(r"\d|@", head):
        return best
    for spoken, section, groups in _cue_groups():
        if spoken != language or not _asks(head, groups):
            continue
        units = _pairs(compared) if japanese else words
        known = _vocabulary(language, section)
        share = sum(unit in known for unit in units) / max(1, len(units))
        if share >= (0.66 if japanese else 0.8) and len(units) >= 4 and (best is None or share * 0.8 > best[1]):
            prompt = next(p for p in prompts() if (p.language, p.section) == (language, section))
            best = prompt, share * 0.8, ("wording",)
    return best


@cache
def _published_in(language: str) -> tuple[tuple[Prompt, tuple[str, ...]], ...]:
    """Return the published prompts of a language, the longest first, each with its words in ASCII letters."""
    return tuple(
        (prompt, tuple(_WORD.findall(prompt.text.lower()))) for prompt in prompts() if prompt.language == language
    )


@cache
def _wordings_in(language: str) -> tuple[tuple[Prompt, ...], tuple[str, ...]]:
    """Return all wordings of the prompts of a language, and the same as they are compared."""
    wordings = tuple(prompt for prompt in (*prompts(), *rewordings()) if prompt.language == language)
    return wordings, tuple(prompt.key for prompt in wordings)


def _cut_down(compared: str, words: list[str], prompt: Prompt, all_words: tuple[str, ...]) -> bool:
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
    left = iter(all_words)
    return all(word in left for word in words)


# ---------------------------------------------------------------------------------------------------------------------
# A company's own wording of the form, which is known whole and exact, however it is starred, spaced and capitalised


def read_own(low: str, own: OwnForms) -> Match | BannerMatch | None:
    """Read a line as the banner, a prompt or a label of a company's own wording."""
    bare = low.lstrip("> |\t")
    label = bare.strip("* \t")
    template = own.banners.get(_letters(label)) if len(label) <= LONGEST_BANNER and "*" not in label else None
    if template:
        at = bare.index(label)
        left, right = bare.count("*", 0, at), bare.count("*", at)
        return BannerMatch(template, left, right, max(left, right) >= 3, ())
    start = start_of(low)
    return _prompt_at(low, start, own.prompts) or read_label(low, start, own.labels)


def read_own_run(low: str, own: OwnForms) -> Match | Literal["unfinished"] | None:
    """Read a wrapped run of lines as a prompt of a company's own wording: there it is, or it may go on below."""
    start = start_of(low)
    found = _prompt_at(low, start, own.prompts)
    return found or ("unfinished" if own.begins_prompt(_letters(low[start : start + _LONGEST_PROMPT])) else None)
