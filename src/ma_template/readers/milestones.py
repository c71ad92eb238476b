"""Reads what a milestone is: its category and kind (contract, section 2, and rulings 17 and 21).

A milestone's word that is part of another name gives way: "the audit team" is no audit, 新店舗のシステム切替 no launch.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Literal, NamedTuple

from ma_template.patterns import late
from ma_template.readers.placeholders import is_placeholder
from ma_template.readers.values import ReadDate, ReadType, Settings
from ma_template.readers.vocabulary import Vocabulary, any_of, forms, spellings
from ma_template.source import View, lower
from ma_template.wording import table

Kind = Literal["business", "implementation"]

# A milestone is named early; the rest of a very long answer is not looked at.
_LONGEST = 4000
_CLAUSE = late(r"[^,;!?、。\n()\[\]【】「」|/\t•・:~]+")
_SENTENCE_STOP = late(r"\.(?= |$)| -{1,2} ")
_CONTENT = late(r"[a-zà-ÿ][a-zà-ÿ'&\-]{2,}|[一-龯々ァ-ヶー]{2,}")
# "Release 26C" names a version, not a release.
_VERSION = late(r"releases? ?v?[0-9]")
_LABEL_MARK = late(r" ?[:=】\]\t]| - | is ")
_LONGEST_LABEL = 60
_OPENING = late(r" ?[(:] ?")
_ITEM_END = late(r"[,;、。\n|/\t]|$")
_WORDS_BEFORE = late(r"(?:[a-zà-ÿ][a-zà-ÿ0-9'&]{0,20}[ \-]){1,3}$")
_WORDS_BEHIND = late(r"(?:(?:'s?)?[ \-/&]{1,3}[a-z]{2,20}(?![a-z])){1,4}")
_WORD = late(r"[a-z]{2,}")
_JAPANESE_BEFORE = late(r"[一-龯々ァ-ヶー0-9]{1,12}$")
_JAPANESE_BEHIND = late(r"[一-龯々ァ-ヶー]{0,16}")
_COMPOUND_BEHIND = late(r"[・/&]?[一-龯々ァ-ヶー]{1,16}")
_BODY_REACH = 8

# How a word names a milestone: outright; only where nothing else does ("new store", "after the go-live"); or likewise,
# and not in a clause about the fix ("we need the patch"). `_NO` is none: part of another name.
_STRONG, _ASIDE, _WEAK, _NO = range(4)


class _Meaning(NamedTuple):
    category: str
    rank: int


class _Name(NamedTuple):
    """A word that names a milestone, where it stands in the compared text."""

    start: int
    end: int
    category: str
    rank: int

    @property
    def strong(self) -> bool:
        return self.rank == _STRONG


class _Label(NamedTuple):
    start: int
    end: int
    is_type: bool


class _Said(NamedTuple):
    """A kind that is said outright."""

    start: int
    end: int
    kind: Kind


class _Modifiers(NamedTuple):
    """What makes a milestone's word a part of another name."""

    bodies: frozenset[str]
    things: frozenset[str]
    systems: frozenset[str]
    links: frozenset[str]
    before: re.Pattern[str]
    denied: re.Pattern[str]
    japanese_bodies: Vocabulary[bool]
    japanese_things: tuple[str, ...]
    japanese_systems: tuple[str, ...]
    japanese_links: tuple[str, ...]
    japanese_behind: tuple[str, ...]
    japanese_denied: tuple[str, ...]
    of_systems: frozenset[str]


@cache
def _categories() -> tuple[Vocabulary[_Meaning], dict[str, Kind | None]]:
    """Return the words that name a milestone, and the kinds of the categories."""
    categories = table("words/milestones")["categories"]
    words = []
    for category, entry in categories.items():
        for rank, part in ((_STRONG, "en"), (_STRONG, "ja"), (_ASIDE, "aside"), (_WEAK, "weak")):
            meaning = _Meaning(category, rank)
            words += [(spelling, meaning) for spelling in spellings(entry.get(part, ()))]
    nothing = _Meaning("", _NO)
    words += [(spelling, nothing) for spelling in spellings(table("words/milestones")["compounds"])]
    return Vocabulary(words), {category: entry.get("kind") for category, entry in categories.items()}


@cache
def _modifiers() -> _Modifiers:
    words = table("words/milestones")["modifiers"]

    def english(part: str) -> frozenset[str]:
        return frozenset(form for spelling in spellings(words[part]["en"]) for form in forms(spelling))

    def japanese(part: str) -> tuple[str, ...]:
        return tuple(spellings(words[part]["ja"]))

    bodies = [(spelling, True) for spelling in japanese("bodies")]
    bodies += [(spelling, False) for spelling in spellings(words["bodies"]["not_ja"])]
    return _Modifiers(
        bodies=english("bodies"),
        things=english("things"),
        systems=english("systems"),
        links=english("links"),
        before=re.compile(rf"(?<![a-z])(?:{'|'.join(spellings(words['before']['en']))})[ \-]{{1,3}}(?:(?:the|our) )?$"),
        denied=re.compile(
            rf"(?<![a-z])(?:{'|'.join(spellings(words['denied']['en']))})[ \n]{{1,3}}"
            r"(?:(?:the|our|a|an|your|its|their)[ \n]{1,3}(?:[a-z-]{2,16} ){0,2})?$"
        ),
        japanese_bodies=Vocabulary(bodies),
        japanese_things=japanese("things"),
        japanese_systems=japanese("systems"),
        japanese_links=japanese("links"),
        japanese_behind=japanese("behind"),
        japanese_denied=japanese("denied"),
        of_systems=frozenset(words["systems"]["categories"]),
    )


@cache
def _kind_words() -> dict[str, Kind]:
    kinds = table("words/milestones")["kinds"]
    every: tuple[Kind, Kind] = ("business", "implementation")
    return {spelling: kind for kind in every for spelling in spellings(kinds[kind])}


@cache
def _kind_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return how a kind is said, and how both are named at once."""
    kinds = table("words/milestones")["kinds"]
    a_kind, noun = f"(?:{any_of(_kind_words())})", any_of(spellings(kinds["noun"]))
    stop = r"(?: ?(?:$|[\n,;/|)\]】、。.・(:\t<>]| - )|です|とな|である)"
    # "business milestone" anywhere; "business" or 事業 alone only as an item of its own.
    said = re.compile(
        rf"(?P<kind>{a_kind})[ \-]?{noun}"
        rf"|(?:^|[\n,;/|(\[【、。・:=.\t>] ?| - |(?<=[0-9)\]】日時]) |(?<![a-z]) (?=[^a-z]))"
        rf"(?:it is |this is )?(?:an? |the )?(?P<alone>{a_kind})(?={stop}| (?=[0-9]))"
    )
    return said, re.compile(rf"{a_kind} ?(?:or|and|/|または|又は|もしくは|か|・|、|,) ?{a_kind}")


@cache
def _labels() -> Vocabulary[bool]:
    """Return the labels, and whether they announce a type."""
    labels = table("words/milestones")["labels"]
    return Vocabulary(
        [(word, is_type) for is_type in (True, False) for word in spellings(labels["type" if is_type else "other"])]
    )


@cache
def _type_cues() -> tuple[str, ...]:
    """Return what stands in every label that announces a type."""
    words = sorted(spellings(table("words/milestones")["labels"]["type"]), key=len)
    return tuple(word for at, word in enumerate(words) if not any(shorter in word for shorter in words[:at]))


@cache
def _silent_clauses() -> Vocabulary[bool]:
    return Vocabulary((word, True) for word in spellings(table("words/milestones")["silent"]["clauses"]))


@cache
def _told() -> tuple[str, ...]:
    return tuple(spellings(table("words/milestones")["silent"]["told"]))


@cache
def _silent_words() -> frozenset[str]:
    return frozenset(spellings(table("words/milestones")["silent"]["words"]))


@cache
def _silent_japanese() -> Vocabulary[bool]:
    return Vocabulary((word, True) for word in spellings(table("words/milestones")["silent"]["ja"]))


def read_type(view: View, settings: Settings, dates: tuple[ReadDate, ...]) -> ReadType | None:
    """Return the type of the milestone in a milestone's answer, None where no word says what the milestone is.

    A type said outright decides ("type: billing", "business milestone"), for its kind and, where it names one, for its
    category; else the first milestone named does, in compounds too (ruling 21). `other` is a milestone that is none
    of the contract's categories. `dates` are the dates read in `view`: their words name no milestone. Never raises.
    """
    text = lower(view.text[:_LONGEST])
    vocabulary, kind_of = _categories()
    names = [_name(text, found) for found in vocabulary.find(text) if found[2].rank != _NO]
    labels = _labels_in(text) if not names or _labels_matter(text, names) else []
    if dates:
        names = [name for name in names if not _in_date(view, name, dates)]
    if labels:
        names = [name for name in names if not _in_label(name, labels)]
    kinds = _kinds(text)
    said = _said_outright(text, labels, names, kinds)
    name = said or _first(text, names)
    if name is None:
        return _other(view, text, labels, kinds, dates)
    kind = _kind_beside(text, name, names, kinds, labels) or kind_of[name.category]
    start, end = _whole_name(view, text, name, names, dates)
    return ReadType(view.span(start, end), name.category, kind)


def _name(text: str, found: tuple[int, int, _Meaning]) -> _Name:
    start, end, (category, rank) = found
    if rank == _STRONG and text.startswith("release", start) and _VERSION.match(text, start):
        rank = _WEAK
    return _Name(start, end, category, rank)


def _standing(text: str, name: _Name) -> int:
    """Return how a word names a milestone among the words around it: `_STRONG` to `_NO`."""
    words = _modifiers()
    if text[name.end - 1].isascii():
        behind = _WORDS_BEHIND.match(text, name.end)
        rank = _standing_before(_WORD.findall(behind[0]), name, words) if behind else name.rank
    else:
        behind = _COMPOUND_BEHIND.match(text, name.end)
        rank = _standing_before_japanese(behind[0], name, words) if behind else name.rank
        if rank == _STRONG and text.startswith(words.japanese_behind, name.end):
            return _ASIDE
    if text.startswith(words.japanese_denied, behind.end() if behind else name.end):
        return _NO
    if rank != _NO and name.start and words.denied.search(text, max(0, name.start - 48), name.start):
        return _NO
    if rank == _STRONG and name.start and words.before.search(text, max(0, name.start - 20), name.start):
        return _ASIDE
    return rank


def _standing_before(behind: list[str], name: _Name, words: _Modifiers) -> int:
    """Return how a word names a milestone before others: "audit support team", "training centre", "contract system"."""
    for word in behind:
        if word in words.bodies:
            return _NO
        if word in words.things or (word in words.systems and name.category in words.of_systems):
            return max(name.rank, _ASIDE)
        if word not in words.links:
            break
    return name.rank


def _standing_before_japanese(behind: str, name: _Name, words: _Modifiers) -> int:
    """Return how a word names a milestone before others: 検査部門, 請求管理課, 研修センター, 稼働後."""
    for start, end, is_body in words.japanese_bodies.find(behind[: _BODY_REACH + 4]):
        # 課 and 室 are ends of many words: they count right behind, or behind what such names are made of.
        if is_body and (end - start > 1 or start == 0 or behind[:start] in words.japanese_links):
            return _NO
    rest = behind
    while (link := next((link for link in words.japanese_links if rest.startswith(link)), None)) is not None:
        rest = rest[len(link) :]
    if rest.startswith(words.japanese_things) or (
        name.category in words.of_systems
        and (behind.startswith(words.japanese_systems) or rest.startswith(words.japanese_systems))
    ):
        return max(name.rank, _ASIDE)
    return name.rank


def _in_date(view: View, name: _Name, dates: tuple[ReadDate, ...]) -> bool:
    start, end = view.span(name.start, name.end)
    for date in dates:  # noqa: SIM110  # asked of every name, and a generator costs as much again
        if date.span.start <= start and end <= date.span.end:
            return True
    return False


def _labels_matter(text: str, names: list[_Name]) -> bool:
    """Tell whether a label may announce a type, or hold one of the names."""
    for cue in _type_cues():
        if cue in text:
            return True
    for name in names:
        end = text.find("\n", name.end, name.end + _LONGEST_LABEL)
        if _LABEL_MARK.search(text, name.end, end if end > 0 else name.end + _LONGEST_LABEL):
            return True
    return False


def _labels_in(text: str) -> list[_Label]:
    """Return the labels, and whether each announces a type: "Type: ...", 期日：..."""
    labels: list[_Label] = []
    line = 0
    for mark in _LABEL_MARK.finditer(text):
        end = mark.start()
        line = max(line, text.rfind("\n", line, end) + 1, end - _LONGEST_LABEL)
        found = _labels().find(text[line:end])
        if found and line + found[-1][1] == end:
            labels.append(_Label(line + found[-1][0], mark.end(), found[-1][2]))
        line = mark.end()
    return labels


def _in_label(name: _Name, labels: list[_Label]) -> bool:
    return any(label.start <= name.start < label.end for label in labels)


def _kinds(text: str) -> list[_Said]:
    """Return where a kind is said outright."""
    kind_words = _kind_words()
    for word in kind_words:
        if word in text:
            break
    else:
        return []
    a_kind, both_kinds = _kind_patterns()
    both = [found.span() for found in both_kinds.finditer(text)]
    said = []
    for found in a_kind.finditer(text):
        group = "kind" if found["kind"] is not None else "alone"
        start = found.start(group)
        if not any(first <= start < last for first, last in both):
            said.append(_Said(start, found.end(), kind_words[found[group]]))
    return said


def _said_outright(text: str, labels: list[_Label], names: list[_Name], kinds: list[_Said]) -> _Name | None:
    """Return the category of "type: billing" or "business milestone (billing)", if there is one."""
    for _, start, is_type in labels:
        end = _end_of_line(text, start)
        if is_type:
            for name in names:
                if start <= name.start < end and _standing(text, name) != _NO:
                    return name
    for _, end, _ in kinds:
        opening = _OPENING.match(text, end)
        if opening and (named := next((name for name in names if name.start == opening.end() and name.strong), None)):
            return named
    return None


def _first(text: str, names: list[_Name]) -> _Name | None:
    """Return the first milestone named outright; else the first that is only named beside something else."""
    rest: list[tuple[int, _Name]] = []
    for name in names:
        rank = _standing(text, name)
        if rank == _STRONG:
            return name
        rest.append((rank, name))
    for wanted in (_ASIDE, _WEAK):
        for rank, name in rest:
            if rank == wanted and (rank == _ASIDE or not _silent_clauses().find(_clause_around(text, name.start))):
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
    kinds: list[_Said],
    labels: list[_Label],
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
    if start and text[start].isascii():
        before = _WORDS_BEFORE.search(text, max(0, start - 64), start)
        parts = re.split(r"(?<=[ \-])", before[0]) if before else []
        for part in reversed([part for part in parts if part]):
            if part.rstrip(" -") in _silent_words():
                break
            start -= len(part)
    elif not text[start].isascii():
        before = _JAPANESE_BEFORE.search(text, max(0, start - 12), start)
        start = before.start() if before else start
        behind = _JAPANESE_BEHIND.match(text, end)
        end = behind.end() if behind else end
    at = view.span(start, end)
    for date in dates:
        if at.start < date.span.end and date.span.start < at.end:
            return name.start, name.end
    return start, end


def _other(
    view: View,
    text: str,
    labels: list[_Label],
    kinds: list[_Said],
    dates: tuple[ReadDate, ...],
) -> ReadType | None:
    """Return `other` for a milestone without a category: what is left when dates, labels and wishes are set aside."""
    kind = kinds[0].kind if kinds else None
    for found in _CLAUSE.finditer(text):
        start = found.start()
        for part in _SENTENCE_STOP.split(found[0]):
            at = text.index(part, start)
            start = at + len(part)
            if is_placeholder(part) or _silent_clauses().find(part):
                continue
            if part.rstrip().endswith(_told()) and not _holds_date(view, at, start, dates):
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


def _holds_date(view: View, start: int, end: int, dates: tuple[ReadDate, ...]) -> bool:
    place = view.span(start, end)
    return any(place.start < date.span.end and date.span.start < place.end for date in dates)


def _says_something(
    view: View,
    token: re.Match[str],
    at: int,
    dates: tuple[ReadDate, ...],
    labels: list[_Label],
    kinds: list[_Said],
) -> bool:
    start, end = at + token.start(), at + token.end()
    if any(first <= start < last for first, last, _ in (*labels, *kinds)):
        return False
    if _holds_date(view, start, end, dates):
        return False
    if token[0][0].isascii() or token[0][0] < "぀":
        return token[0] not in _silent_words()
    return len(token[0]) - sum(end - start for start, end, _ in _silent_japanese().find(token[0])) > 1
