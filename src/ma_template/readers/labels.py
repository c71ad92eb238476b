"""Reads labels: which words say what follows ("Mobile:", 電話番号, 【氏名】) and whose it is ("Manager's phone")."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal, NamedTuple

from ma_template.patterns import late
from ma_template.readers.vocabulary import any_of, spellings
from ma_template.wording import table

Kind = Literal["name", "phone", "pager", "email", "fax", "phs", "extension", "number", "aside", "contact", "part"]
Who = Literal["requester", "other", "absent", "chief"]

# Between the words of a label, up to four of them.
_JOINS = frozenset(" '’/.&・,()#=のは")
_MOST_JOINS, _MOST_WORDS, _LONGEST = 4, 6, 60
_LATIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
_NAME: frozenset[Kind] = frozenset(("name",))
_VAGUE: frozenset[Kind] = frozenset(("aside", "contact", "number"))
_PARTS: tuple[Who, ...] = ("other", "absent", "chief", "requester")  # "the requester's manager" is the manager
_LAST_LETTER = late(r"(?<= )[a-z][.)]?$")
_LATIN_WORD = late(r"[a-z0-9]+")
_JAPANESE_HEAD = late(r"(?<![^ とや])(?=([^\x00-\u3004]{2}))")
_LETTER = late(r"\(?([a-z])[.) ]{0,2}")


class Label(NamedTuple):
    """What a label announces, and whose. Without kinds it names a person's part only ("Manager").

    `order`: the kinds as they are named, where there are several: TEL/FAX.
    """

    kinds: frozenset[Kind]
    who: Who | None
    order: tuple[Kind, ...] = ()


Meaning = tuple[Kind | None, Who | None]


class _Vocabulary(NamedTuple):
    """`words`: a spelling to what it means, hyphens written as blanks. `sizes`: how long the words are that begin with
    these two characters, the longest first. `whole`: the labels that are one word.
    """

    words: dict[str, Meaning]
    sizes: dict[str, tuple[int, ...]]
    whole: dict[str, Label]
    letters: dict[str, Label]


@cache
def _vocabulary() -> _Vocabulary:
    words = table("words/contacts")
    kinds: dict[str, Kind] = {}
    parts: dict[str, Who] = {}
    letters: dict[str, Label] = {}
    fillers: set[str] = set()
    for role, spelt in words["labels"].items():
        if role == "letter":
            for kind, group in spelt.items():
                letters.update(dict.fromkeys(group, Label(frozenset((kind,)), None)))
        elif role == "filler":
            fillers.update(_forms(spellings(spelt)))
        else:
            kinds.update(dict.fromkeys(_forms(spellings(spelt)), role))
    for role, spelt in words["people"].items():
        parts.update(dict.fromkeys(_forms(spellings(spelt)), role))
    by_kind = {_key(spelling): kind for spelling, kind in kinds.items()}
    by_part = {_key(spelling): part for spelling, part in parts.items()}
    meanings: dict[str, Meaning] = {}
    for spelling in fillers | kinds.keys() | parts.keys():
        key = _key(spelling)
        meaning = by_kind.get(key), by_part.get(key)
        meanings[spelling.replace("-", " ")] = meaning
        if "-" in spelling:  # e-mail is spelled email, too
            meanings[spelling.replace("-", "")] = meaning
    sizes: dict[str, set[int]] = {}
    for spelling in meanings:
        sizes.setdefault(spelling[:2], set()).add(len(spelling))
    of_kind = {kind: Label(_kinds((kind,)), None, (kind,)) for kind in set(kinds.values())}
    of_part = {part: Label(frozenset(), part) for part in set(parts.values())}
    whole = {spelling: of_part[part] for spelling, part in parts.items()}
    whole |= {spelling: of_kind[kind] for spelling, kind in kinds.items()}
    return _Vocabulary(
        words=meanings,
        sizes={head: tuple(sorted(found, reverse=True)) for head, found in sizes.items()},
        whole=whole,
        letters=letters,
    )


def _forms(words: list[str]) -> set[str]:
    """Return the words in lower case, the short Japanese ones also spread out: 氏名 and 氏 名."""
    forms = {word.lower() for word in words}
    return forms | {" ".join(word) for word in forms if 2 <= len(word) <= 4 and min(word) > "\u2fff"}


def _key(word: str) -> str:
    return word.replace(" ", "").replace("-", "")


def whole_label(low: str) -> Label | None:
    """Return the label that a text in lower case is, letter by letter."""
    return _vocabulary().whole.get(low)


def label_at(low: str, start: int, end: int) -> tuple[Label, int] | None:
    """Return the label at the head of `low[start:end]` (lower case, one line) and where it ends."""
    if label := _vocabulary().whole.get(low[start:end]):
        return label, end
    if start >= end or (start and low[start] in _LATIN and low[start - 1] in _LATIN):
        return None
    size, meanings = _words(low[start : min(end, start + _LONGEST)].replace("-", " "), 0)
    found = _label(meanings)
    return (found, start + size) if found else None


def label_before(low: str, start: int, end: int) -> tuple[Label, int] | None:
    """Return the label at the end of `low[start:end]` and where it begins."""
    if whole := _vocabulary().whole.get(low[start:end]):
        return whole, start
    begin = max(start, end - _LONGEST)
    text = low[begin:end].replace("-", " ")
    before = low[begin - 1] if begin else " "
    for at, char in enumerate(text):
        if char in _LATIN and before in _LATIN:
            continue
        before = char
        size, meanings = _words(text, at)
        if at + size < len(text):
            continue
        label = _label(meanings)
        if label and label.who == "chief" and label.kinds and begin + at > start:
            label = Label(label.kinds, None)  # 小林 部長 直通: a title, and the label of a number
        if label and not (begin + at > start and _is_part_of_word(label, low, begin + at, end)):
            return label, begin + at
    return None


def _words(text: str, at: int) -> tuple[int, list[Meaning]]:
    """Return how long the run of label words is that begins there, what parts them included, and their meanings.

    The longest word counts. One that begins or ends with a Latin letter or a digit stands alone there.
    """
    words, sizes = _vocabulary().words, _vocabulary().sizes
    start = at
    meanings: list[Meaning] = []
    while len(meanings) < _MOST_WORDS:
        for size in sizes.get(text[at : at + 2], ()):
            word = text[at : at + size]
            if word in words and not (word[-1] in _LATIN and text[at + size : at + size + 1] in _LATIN):
                break
        else:
            word = text[at : at + 1]
            if word not in words or (word in _LATIN and text[at + 1 : at + 2] in _LATIN):
                break
        meanings.append(words[word])
        at += len(word)
        for _ in range(_MOST_JOINS):
            char = text[at : at + 1]
            if char not in _JOINS:
                break
            at += 1
            if char in "'’" and text[at : at + 1] == "s" and not text[at + 1 : at + 2].isalnum():
                at += 1
        if at < len(text) and text[at] in _LATIN and text[at - 1] in _LATIN:
            break
    return at - start, meanings


def _is_part_of_word(label: Label, low: str, start: int, end: int) -> bool:
    """Tell whether a Japanese label is the end of something else: 課長代理 is nobody's deputy, 大川 正 no 正担当."""
    if label.kinds == _NAME and label.who is None and low[start - 1] == " ":
        return False  # 姓：蓮見　名：光太郎
    alone = end - start == 1 and not low[start].isascii()
    return alone or (
        (label.who is not None or label.kinds == _NAME)
        and "一" <= min(low[start - 1 : start + 1]) <= max(low[start - 1 : start + 1]) <= "鿿"
    )


def letter_before(low: str, start: int, end: int) -> tuple[Label, int] | None:
    """Return the single letter at the end of other words and where it begins: "Jane Doe M"."""
    found = _LAST_LETTER.search(low, max(start + 1, end - 4), end)
    label = letter_label(low, found.start(), end) if found else None
    return (label, found.start()) if found and label else None


def letter_label(low: str, start: int, end: int) -> Label | None:
    """Return what a single letter announces: "m", "(t)", "c."."""
    found = _LETTER.fullmatch(low, start, end) if end - start < 5 else None
    return _vocabulary().letters.get(found[1]) if found else None


def _kinds(order: tuple[Kind, ...]) -> frozenset[Kind]:
    return frozenset((*order, "name") if "part" in order else order)


def _label(meanings: list[Meaning]) -> Label | None:
    """Return what words say together, None if they only fill up."""
    if not meanings:
        return None
    order = tuple(kind for kind, _ in meanings if kind)
    kinds = _kinds(order)
    kinds = kinds - _VAGUE or kinds  # an e-mail address is no address, a contact phone a phone
    parts = {part for _, part in meanings}
    who = next((part for part in _PARTS if part in parts), None)
    return Label(kinds, who, order) if kinds or who else None


class _Others(NamedTuple):
    """Words that bring in somebody else. `heads`: how they begin, the first word or two characters."""

    heads: frozenset[str]
    absent: frozenset[str]
    words: tuple[str, ...]


@cache
def _others() -> _Others:
    people = table("words/contacts")["people"]
    words = [
        word for role in ("other", "absent") for word in spellings(people[role]) if word.isascii() or len(word) > 1
    ]
    heads = frozenset(_LATIN_WORD.match(word)[0] if word.isascii() else word[:2] for word in words)  # type: ignore[index]
    return _Others(heads, frozenset(spellings(people["absent"])), tuple(words))


@cache
def _others_pattern() -> re.Pattern[str]:
    english = [word for word in _others().words if word.isascii()]
    japanese = sorted((word for word in _others().words if not word.isascii()), key=len, reverse=True)
    return re.compile(rf"{any_of(english)}|(?<![^ とや])(?:{'|'.join(japanese)})(?=[のは ]|$)")


def brings_in(low: str, start: int, end: int) -> tuple[Who, int, int] | None:
    """Return the words inside a sentence that bring in somebody else ("or my boss", 上司の), and where they stand."""
    heads = _others().heads
    if heads.isdisjoint(_LATIN_WORD.findall(low, start, end)) and (
        low.isascii() or heads.isdisjoint(_JAPANESE_HEAD.findall(low, start, end))
    ):
        return None
    found = _others_pattern().search(low, start, end)
    return ("absent" if found[0] in _others().absent else "other", *found.span()) if found else None
