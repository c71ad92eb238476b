"""Reads what a milestone is: its category and kind (contract, section 2, and rulings 17 and 21)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Literal, NamedTuple

from ma_template.readers.placeholders import is_placeholder
from ma_template.readers.values import ReadDate, ReadType, Settings
from ma_template.readers.vocabulary import any_of, spellings
from ma_template.source import View
from ma_template.wording import table

Kind = Literal["business", "implementation"]

# A milestone is named early; the rest of a very long answer is not looked at.
_LONGEST = 4000
_CLAUSE = re.compile(r"[^,;、。\n()\[\]【】「」|/\t•・:~]+")
_SENTENCE_STOP = re.compile(r"\.(?= |$)| -{1,2} ")
_CONTENT = re.compile(r"[a-zà-ÿ][a-zà-ÿ'&\-]{2,}|[一-龯々ァ-ヶー]{2,}")
# "Release 26C" names a version, not a release.
_VERSION = re.compile(r"releases? ?v?[0-9]")
_LABEL_MARK = re.compile(r"[:=】\]\t]| - | is ")
_OPENING = re.compile(r" ?[(:] ?")
_ITEM_END = re.compile(r"[,;、。\n|/\t]|$")
_WORDS_BEFORE = re.compile(r"(?:[a-zà-ÿ][a-zà-ÿ0-9'&]{0,20}[ \-]){1,3}$")
_JAPANESE_BEFORE = re.compile(r"[一-龯々ァ-ヶー0-9]{1,12}$")
_JAPANESE_BEHIND = re.compile(r"[一-龯々ァ-ヶー]{0,16}")


class _Name(NamedTuple):
    """A word that names a milestone, where it stands in the compared text."""

    start: int
    end: int
    category: str
    strong: bool


class _Wording(NamedTuple):
    names: re.Pattern[str]
    meaning: dict[str, tuple[str, bool]]
    kind_of: dict[str, Kind | None]
    said_kind: re.Pattern[str]
    kind_words: dict[str, Kind]
    both_kinds: re.Pattern[str]
    label: re.Pattern[str]
    silent_clause: re.Pattern[str]
    silent_words: frozenset[str]
    silent_japanese: re.Pattern[str]


def _plain(spelling: str) -> str:
    """Return what all shapes of a spelling have in common: no blanks, no hyphens."""
    return re.sub(r"[ \-\n~]", "", spelling)


@cache
def _wording() -> _Wording:
    words = table("words/milestones")
    meaning: dict[str, tuple[str, bool]] = {}
    every: list[str] = []
    for category, entry in words["categories"].items():
        strong = spellings({language: entry.get(language, []) for language in ("en", "ja")})
        for spelling, is_strong in [(s, True) for s in strong] + [(s, False) for s in entry.get("weak", [])]:
            every.append(spelling)
            plural = [f"{_plain(spelling)}s", f"{_plain(spelling)}es"] if spelling.endswith("~") else []
            for plain in [_plain(spelling), *plural]:
                meaning.setdefault(plain, (category, is_strong))
    kinds, labels, silent = words["kinds"], words["labels"], words["silent"]
    business, implementation = any_of(kinds["business"]), any_of(kinds["implementation"])
    a_kind, noun = f"(?:{business}|{implementation})", any_of(kinds["noun"])
    type_label, other_label = any_of(labels["type"]), any_of(labels["other"])
    stop = r"(?: ?(?:$|[\n,;/|)\]】、。.・(:\t<>]| - )|です|とな|である)"
    return _Wording(
        names=re.compile(any_of(every)),
        meaning=meaning,
        kind_of={category: entry.get("kind") for category, entry in words["categories"].items()},
        # "business milestone" anywhere; "business" or 事業 alone only as an item of its own.
        said_kind=re.compile(
            rf"(?P<kind>{a_kind})[ \-]?{noun}"
            rf"|(?:^|[\n,;/|(\[【、。・:=.\t>] ?| - |(?<=[0-9)\]】日時]) |(?<![a-z]) (?=[^a-z]))"
            rf"(?:it is |this is )?(?:an? |the )?(?P<alone>{a_kind})(?={stop}| (?=[0-9]))"
        ),
        kind_words={spelling: kind for kind in ("business", "implementation") for spelling in kinds[kind]},
        both_kinds=re.compile(rf"{a_kind} ?(?:or|and|/|または|又は|もしくは|か|・|、|,) ?{a_kind}"),
        label=re.compile(rf"(?:(?P<type>{type_label})|{other_label}) ?(?:[:=】\]]| - | is |\t)"),
        silent_clause=re.compile(any_of(silent["clauses"])),
        silent_words=frozenset(silent["words"]),
        silent_japanese=re.compile(any_of(silent["ja"])),
    )


def read_type(view: View, settings: Settings, dates: tuple[ReadDate, ...]) -> ReadType | None:
    """Return the type of the milestone in a milestone's answer, None where no word says what the milestone is.

    A type said outright decides ("type: billing", "business milestone"), for its kind and, where it names one, for its
    category; else the first milestone named does, in compounds too (ruling 21). `other` is a milestone that is none
    of the contract's categories. `dates` are the dates read in `view`: their words name no milestone. Never raises.
    """
    text = _lower(view.text[:_LONGEST])
    words = _wording()
    labels: list[tuple[int, int, bool]] = []
    if _LABEL_MARK.search(text):
        labels = [(found.start(), found.end(), found["type"] is not None) for found in words.label.finditer(text)]
    names = [name for name in _names(text) if not _in_date(view, name, dates) and not _in_label(name, labels)]
    kinds = _kinds(text)
    said = _said_outright(text, labels, names, kinds)
    name = said or _first(text, names)
    if name is None:
        return _other(view, text, labels, kinds, dates)
    kind = _kind_beside(text, name, names, kinds, labels) or words.kind_of[name.category]
    start, end = _whole_name(view, text, name, names, dates)
    return ReadType(view.span(start, end), name.category, kind)


def _lower(text: str) -> str:
    """Return the text in lower case, every character at its place."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


def _names(text: str) -> Iterable[_Name]:
    words = _wording()
    for found in words.names.finditer(text):
        category, strong = words.meaning[_plain(found[0])]
        if strong and _VERSION.match(text, found.start()) and found[0].startswith("release"):
            strong = False
        yield _Name(found.start(), found.end(), category, strong)


def _in_date(view: View, name: _Name, dates: tuple[ReadDate, ...]) -> bool:
    if not dates:
        return False
    start, end = view.span(name.start, name.end)
    return any(date.span.start <= start and end <= date.span.end for date in dates)


def _in_label(name: _Name, labels: list[tuple[int, int, bool]]) -> bool:
    return any(start <= name.start < end for start, end, _ in labels)


def _kinds(text: str) -> list[tuple[int, int, Kind]]:
    """Return where a kind is said outright."""
    words = _wording()
    if not any(word in text for word in words.kind_words):
        return []
    both = [found.span() for found in words.both_kinds.finditer(text)]
    said = []
    for found in words.said_kind.finditer(text):
        group = "kind" if found["kind"] is not None else "alone"
        start = found.start(group)
        if not any(first <= start < last for first, last in both):
            said.append((start, found.end(), words.kind_words[found[group]]))
    return said


def _said_outright(
    text: str, labels: list[tuple[int, int, bool]], names: list[_Name], kinds: list[tuple[int, int, Kind]]
) -> _Name | None:
    """Return the category of "type: billing" or "business milestone (billing)", if there is one."""
    for _, start, is_type in labels:
        end = _end_of_line(text, start)
        if is_type and (named := next((name for name in names if start <= name.start < end), None)):
            return named
    for _, end, _ in kinds:
        opening = _OPENING.match(text, end)
        if opening and (named := next((name for name in names if name.start == opening.end() and name.strong), None)):
            return named
    return None


def _first(text: str, names: list[_Name]) -> _Name | None:
    """Return the first milestone named; a weak word only if no other names one and its clause is not about the fix."""
    for name in names:
        if name.strong:
            return name
    silent = _wording().silent_clause
    for name in names:
        if not silent.search(_clause_around(text, name.start)):
            return name
    return None


def _clause_around(text: str, at: int) -> str:
    start = max(text.rfind(mark, max(0, at - 200), at) for mark in ",;、。\n(")
    end = _ITEM_END.search(text, at)
    return text[start + 1 : min(end.start(), at + 200) if end else at + 200]


def _end_of_line(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def _kind_beside(
    text: str,
    name: _Name,
    names: list[_Name],
    kinds: list[tuple[int, int, Kind]],
    labels: list[tuple[int, int, bool]],
) -> Kind | None:
    """Return the kind said of this milestone: under its label, on its line, or on a line that names no other one."""
    if not kinds:
        return None
    for _, start, is_type in labels:
        end = _end_of_line(text, start)
        if is_type and (said := next((kind for at, _, kind in kinds if start <= at < end), None)):
            return said
    line_start, line_end = text.rfind("\n", 0, name.start) + 1, _end_of_line(text, name.start)
    for at, _, kind in kinds:
        if line_start <= at < line_end:
            return kind
    for at, _, kind in kinds:
        start, end = text.rfind("\n", 0, at) + 1, _end_of_line(text, at)
        if not any(other.strong and start <= other.start < end for other in names):
            return kind
    return None


def _whole_name(view: View, text: str, name: _Name, names: list[_Name], dates: tuple[ReadDate, ...]) -> tuple[int, int]:
    """Return the place of the compound that the word belongs to: "Production cutover", 基幹システム切替."""
    start, end = name.start, name.end
    for other in names:
        if end <= other.start <= end + 1 and text[end : other.start] in ("", " ", "-"):
            end = other.end
    if text[start].isascii():
        before = _WORDS_BEFORE.search(text, max(0, start - 64), start)
        parts = re.split(r"(?<=[ \-])", before[0]) if before else []
        for part in reversed([part for part in parts if part]):
            if part.rstrip(" -") in _wording().silent_words:
                break
            start -= len(part)
    else:
        before = _JAPANESE_BEFORE.search(text, max(0, start - 12), start)
        start = before.start() if before else start
        behind = _JAPANESE_BEHIND.match(text, end)
        end = behind.end() if behind else end
    for date in dates:
        at = view.span(start, end)
        if at.start < date.span.end and date.span.start < at.end:
            return name.start, name.end
    return start, end


def _other(
    view: View,
    text: str,
    labels: list[tuple[int, int, bool]],
    kinds: list[tuple[int, int, Kind]],
    dates: tuple[ReadDate, ...],
) -> ReadType | None:
    """Return `other` for a milestone without a category: what is left when dates, labels and wishes are set aside."""
    words = _wording()
    kind = kinds[0][2] if kinds else None
    for found in _CLAUSE.finditer(text):
        start = found.start()
        for part in _SENTENCE_STOP.split(found[0]):
            at = text.index(part, start)
            start = at + len(part)
            if words.silent_clause.search(part) or is_placeholder(part):
                continue
            content = [
                (at + token.start(), at + token.end())
                for token in _CONTENT.finditer(part)
                if _says_something(view, token, at, dates, labels, kinds)
            ]
            if content:
                return ReadType(view.span(content[0][0], content[-1][1]), "other", kind)
    if kinds:
        return ReadType(view.span(kinds[0][0], kinds[0][1]), "other", kind)
    return None


def _says_something(
    view: View,
    token: re.Match[str],
    at: int,
    dates: tuple[ReadDate, ...],
    labels: list[tuple[int, int, bool]],
    kinds: list[tuple[int, int, Kind]],
) -> bool:
    words = _wording()
    start, end = at + token.start(), at + token.end()
    if any(first <= start < last for first, last, _ in (*labels, *kinds)):
        return False
    place = view.span(start, end)
    if any(place.start < date.span.end and date.span.start < place.end for date in dates):
        return False
    if token[0][0].isascii() or token[0][0] < "぀":
        return token[0] not in words.silent_words
    return len(words.silent_japanese.sub("", token[0])) > 1
