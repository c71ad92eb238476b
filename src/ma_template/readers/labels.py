"""Reads labels: which words say what follows ("Mobile:", 電話番号, 【氏名】) and whose it is ("Manager's phone")."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal, NamedTuple

from ma_template.readers.vocabulary import any_of, spellings
from ma_template.wording import table

Kind = Literal["name", "phone", "pager", "email", "fax", "phs", "extension", "number", "aside", "contact", "part"]
Who = Literal["requester", "other", "absent", "chief"]

# Between the words of a label; a label is short, whatever stands around it.
_JOIN = r"(?:['’]s\b|[ '’/.&・,()#=\-のは]){0,4}"
_LONGEST = 60
_VAGUE: frozenset[Kind] = frozenset(("aside", "contact", "number"))
_PARTS: tuple[Who, ...] = ("other", "absent", "chief", "requester")  # "the requester's manager" is the manager
_LAST_LETTER = re.compile(r"(?<= )[a-z][.)]?$")
_LETTER = re.compile(r"\(?([a-z])[.) ]{0,2}")
_KANJI = re.compile(r"[一-鿿](?=[一-鿿])")
_KANJI_OR_KANA = re.compile(r"[^\x00-\u2fff]{2,4}")


class Label(NamedTuple):
    """What a label announces, and whose. Without kinds it names a person's part only ("Manager").

    `order`: the kinds as they are named, where there are several: TEL/FAX.
    """

    kinds: frozenset[Kind]
    who: Who | None
    order: tuple[Kind, ...] = ()


class _Vocabulary(NamedTuple):
    kind: dict[str, Kind]
    who: dict[str, Who]
    letters: dict[str, Kind]
    whole: dict[str, Label]
    word: re.Pattern[str]
    label: re.Pattern[str]
    at_end: re.Pattern[str]


@cache
def _vocabulary() -> _Vocabulary:
    words = table("words/contacts")
    kind: dict[str, Kind] = {}
    who: dict[str, Who] = {}
    letters: dict[str, Kind] = {}
    fillers: set[str] = set()
    for role, spelt in words["labels"].items():
        if role == "letter":
            letters.update({letter: letter_kind for letter_kind, group in spelt.items() for letter in group})
        elif role == "filler":
            fillers.update(_forms(spellings(spelt)))
        else:
            kind.update(dict.fromkeys(_forms(spellings(spelt)), role))
    for role, spelt in words["people"].items():
        who.update(dict.fromkeys(_forms(spellings(spelt)), role))
    # Most labels are one of the spellings, letter by letter.
    whole = {spelling: Label(_kinds((meaning,)), None) for spelling, meaning in kind.items()}
    whole |= {spelling: Label(frozenset(), meaning) for spelling, meaning in who.items() if spelling not in kind}
    word = any_of(sorted(fillers | kind.keys() | who.keys()))
    label = rf"(?:{word}{_JOIN}){{1,6}}+"
    return _Vocabulary(
        kind={_key(spelling): meaning for spelling, meaning in kind.items()},
        who={_key(spelling): meaning for spelling, meaning in who.items()},
        letters=letters,
        whole=whole,
        word=re.compile(word),
        label=re.compile(label),
        at_end=re.compile(rf"{label}$"),
    )


def _forms(words: list[str]) -> set[str]:
    """Return the words in lower case, the short Japanese ones also spread out: 氏名 and 氏 名."""
    forms = {word.lower() for word in words}
    return forms | {" ".join(word) for word in forms if _KANJI_OR_KANA.fullmatch(word)}


def _key(word: str) -> str:
    return re.sub(r"[ \-\n]", "", word)


def label_at(low: str, start: int, end: int) -> tuple[Label, int] | None:
    """Return the label at the head of `low[start:end]` (lower case, one line) and where it ends."""
    if label := _vocabulary().whole.get(low[start:end]):
        return label, end
    found = _vocabulary().label.match(low, start, min(end, start + _LONGEST))
    if found is None:
        return None
    label = _meaning(found[0])
    return (label, found.end()) if label else None


def label_before(low: str, start: int, end: int) -> tuple[Label, int] | None:
    """Return the label at the end of `low[start:end]` and where it begins."""
    if whole := _vocabulary().whole.get(low[start:end]):
        return whole, start
    begin = max(start, end - _LONGEST)
    while found := _vocabulary().at_end.search(low, begin, end):
        label = _meaning(found[0])
        if label and label.who == "chief" and label.kinds and found.start() > start:
            label = Label(label.kinds, None)  # 小林 部長 直通: a title, and the label of a number
        begin = found.start() + 1
        if label is None or (found.start() > start and _is_part_of_word(label, low, found.start(), end)):
            continue
        return label, found.start()
    return None


def _is_part_of_word(label: Label, low: str, start: int, end: int) -> bool:
    """Tell whether a Japanese label is the end of something else: 課長代理 is nobody's deputy, 大川 正 no 正担当."""
    alone = end - start == 1 and not low[start].isascii()
    return alone or (label.who is not None and _KANJI.match(low, start - 1) is not None)


def letter_before(low: str, start: int, end: int) -> tuple[Label, int] | None:
    """Return the single letter at the end of other words and where it begins: "Jane Doe M"."""
    found = _LAST_LETTER.search(low, max(start + 1, end - 4), end)
    label = letter_label(low, found.start(), end) if found else None
    return (label, found.start()) if found and label else None


def letter_label(low: str, start: int, end: int) -> Label | None:
    """Return what a single letter announces: "m", "(t)", "c."."""
    found = _LETTER.fullmatch(low, start, end)
    kind = _vocabulary().letters.get(found[1]) if found else None
    return Label(frozenset((kind,)), None) if kind else None


def _kinds(order: tuple[Kind, ...]) -> frozenset[Kind]:
    return frozenset((*order, "name") if "part" in order else order)


def _meaning(label: str) -> Label | None:
    words = _vocabulary()
    keys = [_key(word) for word in words.word.findall(label)]
    order = tuple(words.kind[key] for key in keys if key in words.kind)
    kinds = _kinds(order)
    kinds = kinds - _VAGUE or kinds  # an e-mail address is no address, a contact phone a phone
    parts = {words.who[key] for key in keys if key in words.who}
    who = next((part for part in _PARTS if part in parts), None)
    return Label(kinds, who, order) if kinds or who else None
