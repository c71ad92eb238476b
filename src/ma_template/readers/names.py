"""Reads the person's name in a piece of a contact answer: what is left without titles, departments and companies."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, cached_property
from typing import NamedTuple

from ma_template.patterns import late
from ma_template.readers.vocabulary import any_of
from ma_template.wording import table

# A character that stands for one the reader is to look past: a reading inside a name, 葛葉(くずは)礼司.
PASSED = "\x1d"

# Kana, kanji and hangul: a letter, and none of those in front of them. (A set of all of them takes long to compile.)
_JAPANESE_SIGN = r"(?![\x00-〄〇-\u3040])\w"
_JAPANESE = late(_JAPANESE_SIGN)
_LATIN = late(r"[A-Za-zÀ-ɏ]")
_JAPANESE_WORD = late(rf"[^ 　{PASSED}][^ ]*")
_JAPANESE_NAME = late(rf"(?:{_JAPANESE_SIGN}|{PASSED}|(?<=[ァ-ヴー])[・=](?=[ァ-ヴ])){{1,30}}")
_KANA_ONLY = late(r"[ぁ-んァ-ヴー・=]+")
# 印刷受付の蓮見: no kana behind it (佐々木のぞみ), and more than one sign before and behind.
_OF_A_PLACE = late(rf"(?:(?![ \n]){_JAPANESE_SIGN}){{2}}の(?:(?![ぁ-ん]){_JAPANESE_SIGN}){{2}}")
_GLUED_KATAKANA = late(r"[ァ-ヴー]{8,}")
_EDGE_LEFT = late(r"[^\w]+")
_LATIN_WORD = late(
    r"(?:[sd]/o|a/[lp])\b|(?<= )['’][ts](?= )|(?:M[rs]|Mrs|Dr|Prof)\.(?=[A-Z])"
    r"|[^\W\d_]+(?:['’.&-][^\W\d_]+)*[.'’]?|[0-9][\w.-]*"
)
_LINKS = frozenset(("y", "e", "s/o", "d/o", "a/l", "a/p"))
_INITIAL = late(r"(?:[^\W\d_]\.)+[^\W\d_]?\.?|[^\W\d_]\.?")
_ACRONYM = late(r"[A-Z]{1,4}")

# How sure a name is. A guess counts only where an address bears it out.
LABELLED, INTRODUCED, FULL, SINGLE, WEAK, GUESS = 8, 5, 3, 2, 1, 0


class Name(NamedTuple):
    """A name: its place, the places of its words, and how sure it is (LABELLED down to WEAK).

    `rest`: the place of its other part, where a form asks for first and last name apart.
    """

    start: int
    end: int
    words: tuple[tuple[int, int], ...]
    weight: int
    rest: tuple[int, int] | None = None


class _Vocabulary(NamedTuple):
    honorific: frozenset[str]
    suffix: frozenset[str]
    particle: frozenset[str]
    title: frozenset[str]
    unit: frozenset[str]
    company: frozenset[str]
    stop: frozenset[str]
    introduced: frozenset[str]
    introducing: frozenset[str]
    joined: frozenset[str]
    located: frozenset[str]
    also: frozenset[str]
    family: frozenset[str]
    given: frozenset[str]
    said: frozenset[str]
    place: frozenset[str]


class _Words:
    """Words looked for in a name. Their pattern is compiled, and asked, only where one of their characters stands."""

    def __init__(self, words: Iterable[str], behind: str = "") -> None:
        self._words = list(words)
        self._behind = behind
        self._at_end = behind == "$"
        self.signs = frozenset(word[-1 if self._at_end else 0] for word in self._words)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(any_of(self._words) + self._behind)

    def match(self, text: str, start: int, end: int) -> re.Match[str] | None:
        """Return the word that stands right there."""
        return self._pattern.match(text, start, end) if text[start : start + 1] in self.signs else None

    def search(self, text: str, start: int, end: int) -> re.Match[str] | None:
        """Return the first word between the two; with `$` the longest one that ends at `end`."""
        if self._at_end:
            return self._pattern.search(text, start, end) if text[end - 1 : end] in self.signs else None
        return None if self.signs.isdisjoint(text[start:end]) else self._pattern.search(text, start, end)

    def finditer(self, text: str, start: int, end: int) -> Iterable[re.Match[str]]:
        """Return all words between the two."""
        return () if self.signs.isdisjoint(text[start:end]) else self._pattern.finditer(text, start, end)


class _JapaneseVocabulary(NamedTuple):
    words: frozenset[str]
    units: frozenset[str]
    roles: frozenset[str]
    like_title: frozenset[str]
    like_unit: tuple[str, ...]
    like_chief: tuple[str, ...]
    place: frozenset[str]
    behind_name: _Words
    in_front: _Words
    unit_in_front: _Words
    unit_end: _Words
    field: _Words
    company: _Words
    company_end: _Words
    before: _Words
    behind: _Words
    stop: _Words
    reference: _Words
    signs: frozenset[str]  # of everything that may stand in a Japanese word beside or instead of a name


@cache
def _western() -> _Vocabulary:
    words = table("words/contacts")
    names = words["names"]
    return _Vocabulary(
        **{
            role: frozenset(names[role]["en"])
            for role in (
                "honorific",
                "suffix",
                "particle",
                "title",
                "unit",
                "company",
                "introduced",
                "introducing",
                "joined",
                "located",
                "also",
                "family",
                "given",
                "said",
            )
        },
        stop=frozenset(words["not_names"]["en"]),
        place=frozenset(words["not_names"]["place"]),
    )


@cache
def _japanese_words() -> _JapaneseVocabulary:
    words = table("words/contacts")
    names, stop = words["names"], words["not_names"]
    title = [title for title in names["title"]["ja"] if not title.isascii()]
    units, honorifics = names["unit"]["ja"], names["honorific"]["ja"]
    company, ends = names["company"]["ja"], names["company"]["ja_end"]
    beside = [*title, *units, *honorifics, *names["field"]["ja"], *company, *ends, "㈱"]
    return _JapaneseVocabulary(
        words=frozenset(title) | frozenset(units) | frozenset(honorifics),
        units=frozenset(units),
        roles=frozenset(names["role"]["ja"]),
        like_title=frozenset(names["like_title"]["ja"]),
        like_unit=tuple(names["like_unit"]["ja"]),
        like_chief=tuple(names["like_chief"]["ja"]),
        place=frozenset(stop["place"]),
        behind_name=_Words([*honorifics, *title], "$"),
        in_front=_Words(title),
        unit_in_front=_Words(units),
        unit_end=_Words(units, "$"),
        field=_Words(names["field"]["ja"]),
        company=_Words([*company, "㈱"]),
        company_end=_Words(ends, "$"),
        before=_Words(names["sentence"]["before"], "[、 ]*"),
        behind=_Words(names["sentence"]["behind"]),
        stop=_Words(stop["ja"]),
        reference=_Words(words["reference"]["ja"]),
        signs=frozenset(word[0] for word in beside),
    )


@cache
def western_words() -> frozenset[str]:
    """Return the words in lower case that are a part of nobody's name."""
    words = _western()
    return words.stop | words.title | words.unit | words.company | words.honorific | words.particle


def is_japanese(text: str, start: int, end: int) -> bool:
    """Tell whether kana or kanji (or hangul) stand there."""
    return not text.isascii() and _JAPANESE.search(text, start, end) is not None


def is_kana(text: str, start: int, end: int) -> bool:
    """Tell whether nothing but kana stands there, as in a reading."""
    return _KANA_ONLY.fullmatch(text[start:end].replace(" ", "")) is not None


def script(text: str, start: int, end: int) -> str:
    """Return the script a name is written in: ja (hangul too), la, or another."""
    if is_japanese(text, start, end):
        return "ja"
    return "la" if _LATIN.search(text, start, end) else "other"


def read_name(text: str, low: str, start: int, end: int, *, labelled: bool = False) -> Name | None:
    """Return the person named in `text[start:end]`, a piece of one line without items or labels.

    `low` is the text in lower case, character by character. `labelled`: the piece stands behind a label for names.
    Titles, honorifics, departments and companies are left out (ruling 14, 22); prose, roles and places name nobody.
    """
    if not text.isascii() and is_japanese(text, start, end):
        name = _read_japanese(text, low, start, end, labelled)
    else:
        name = _read_western(text, low, start, end, labelled)
    return name


def is_reference(low: str, start: int, end: int) -> bool:
    """Tell whether the piece points to something known elsewhere: "same as before", SR登録者と同じ."""
    words = table("words/contacts")["reference"]
    return any(low.find(word, start, end) >= 0 for word in words["en"]) or bool(
        _japanese_words().reference.search(low, start, end)
    )


# ---------------------------------------------------------------------------------------------------------------------
# Western names


def _read_western(text: str, low: str, start: int, end: int, labelled: bool) -> Name | None:
    words = _western()
    tokens: list[tuple[int, int, str, str]] = []  # start, end, role, key
    for found in _LATIN_WORD.finditer(text, start, end):
        first, last = found.span()
        key = low[first:last].rstrip(".'’")
        tokens.append((first, last, _role(words, text[first:last], key), key))
    if not tokens:
        return None
    if (
        len(tokens) in (2, 3)
        and all(token[2] == "name" for token in tokens)
        and text[start:end].replace(" ", "").isalpha()
    ):
        keys = [token[3] for token in tokens]
        if min(map(len, keys)) > 2 and " ".join(keys) not in words.place:  # most names
            places = tuple([(first, last) for first, last, _, _ in tokens])
            return Name(places[0][0], places[-1][1], places, LABELLED if labelled else FULL)
    if len(tokens) == 2:
        _settle_pair(text, tokens, words)
    _settle(tokens)
    prose = sum(token[2] in ("stop", "lower") for token in tokens)
    runs = _runs(text, tokens, frozenset(("name",)))
    best: Name | None = None
    for first, last in runs:
        name = _weigh(text, low, tokens, first, last, prose=prose > 0, labelled=labelled)
        if name and (best is None or name.weight > best.weight):
            best = name
    if best is None and (labelled or prose == len(tokens)):
        best = _lower_case(text, tokens, labelled)
    return best


def _settle_pair(text: str, tokens: list[tuple[int, int, str, str]], words: _Vocabulary) -> None:
    """Make a word that is seldom a name one in a piece of two words: Doris Day, Wei He, Tuan Le, Sunday Adeyemi."""
    for at, (seldom, other) in enumerate(((words.given, tokens[1]), (words.family, tokens[0]))):
        start, end, _, key = tokens[at]
        if other[2] == "name" and key in seldom and text[start].isupper() and text[start + 1 : end].islower():
            tokens[at] = (start, end, "name", key)


def _settle(tokens: list[tuple[int, int, str, str]]) -> None:
    """Make the words that could be a part of a name one where a name stands beside them, and prose elsewhere."""
    for at, (start, end, role, key) in enumerate(tokens):
        if role == "also":
            left = tokens[at - 1][2] if at else ""
            behind = (tokens[place][2] for place in range(at + 1, len(tokens)))
            right = next((role for role in behind if role != "particle"), "")  # Jan van der Berg
            named = (left == "name" and right in ("", "name", "also")) or (
                left in ("", "honorific") and right == "name"
            )
            tokens[at] = (start, end, "name" if named else "stop", key)


def _role(words: _Vocabulary, word: str, key: str) -> str:
    if word[0].isdigit():
        return "noise"
    if word in _LINKS or (key == "md" and word[1] == "d"):  # Ruiz y Picasso, Md. Rezaul Karim; but "Jane Doe MD"
        return "name" if key == "md" else "particle"
    if key in words.suffix:
        return "suffix"
    if key in words.honorific and (word[0].isupper() or word.endswith(".")) and len(key) > 1:
        return "honorific"
    if key in words.particle and (word[0].islower() or key not in words.stop) and len(key) > 1:
        return "particle"
    if key in words.also and word[0].isupper() and (len(word) < 2 or word[1:].islower()):
        return "also"
    if key in words.stop and not (
        word[0].isupper() and key in ("i", "a", "e", "y", "may", "june") and word.endswith(".")
    ):
        return "stop"
    if key in words.company:
        return "company"
    if key in words.unit:
        return "unit"
    if key in words.title:
        return "title"
    if word[0].isupper() or not word[0].islower():
        return "name"
    if any(char.isupper() for char in word) and len(word) > 3:
        return "name"  # d'Angelo, al-Hamdan, deShawn
    return "lower"


def _runs(text: str, tokens: list[tuple[int, int, str, str]], core: frozenset[str]) -> list[tuple[int, int]]:
    """Return index pairs (first, last) of the stretches that could be a name: its words, particles, suffixes."""
    runs = []
    at = 0
    while at < len(tokens):
        role = tokens[at][2]
        if role not in core and not (role == "particle" and at + 1 < len(tokens)):
            at += 1
            continue
        first = last = at
        found = role in core
        while last + 1 < len(tokens):
            left, right = tokens[last], tokens[last + 1]
            between = text[left[1] : right[0]].replace(PASSED, "")
            if between.strip() or right[2] not in core | {"particle", "suffix"}:
                break
            if text[left[1] - 1] == "." and len(left[3]) > 3 and "." not in left[3]:
                break  # the end of a sentence
            last += 1
            found = found or right[2] in core
        at = last + 1
        while last > first and tokens[last][2] == "particle":
            last -= 1
        if found:
            runs.append((first, last))
    return runs


def _weigh(
    text: str, low: str, tokens: list[tuple[int, int, str, str]], first: int, last: int, *, prose: bool, labelled: bool
) -> Name | None:
    words = _western()
    run = tokens[first : last + 1]
    full_words = [token for token in run if token[2] == "name" and not _INITIAL.fullmatch(text[token[0] : token[1]])]
    if not full_words:
        return None
    behind = tokens[last + 1] if last + 1 < len(tokens) else None
    before = tokens[first - 1] if first else None
    single = len(run) == 1
    if behind and behind[2] == "company":
        return None  # Fresh Logistics, Contoso Ltd
    if single and behind and behind[2] == "unit":
        return None  # Tokyo Office
    if " ".join(token[3] for token in run) in words.place:
        return None
    if labelled and single and before and before[2] == "unit":
        return None  # Oracle Support Team Contoso
    if labelled:
        weight = LABELLED
    elif before and before[2] == "honorific":
        weight = INTRODUCED
    elif prose:
        introduced = before is not None and before[3] in words.introduced and before[2] != "name"
        introduced = introduced or (first > 1 and tokens[first - 2][3] == "behalf")
        introducing = first == 0 and behind is not None and (behind[3] in words.introducing)
        if (before is None and behind is None) or (before is not None and before[3] in words.joined):
            weight = SINGLE if single else FULL
        elif introduced:
            weight = INTRODUCED if not single else FULL
        elif introducing or (not single and (before is None or before[2] == "title")):
            weight = FULL
        elif not single and (before is None or before[3] not in words.located):
            weight = SINGLE
        else:
            return None
    else:
        weight = SINGLE if single else FULL
    if single and not labelled and weight <= SINGLE:
        word = text[run[0][0] : run[0][1]]
        if len(tokens) > 1 and any(token[2] in ("unit", "company") for token in tokens):
            return None
        if _ACRONYM.fullmatch(word) or len(word) < 3:
            weight = WEAK
    return _name(text, run, weight)


def _lower_case(text: str, tokens: list[tuple[int, int, str, str]], labelled: bool) -> Name | None:
    """Read a name without capitals: behind its label, after "I am", or two or three words and nothing else."""
    runs = _runs(text, tokens, frozenset(("lower",)))
    for first, last in runs:
        long_enough = 1 <= last - first <= 3
        if labelled or (long_enough and last - first + 1 == len(tokens)):
            return _name(text, tokens[first : last + 1], LABELLED if labelled else WEAK)
        if long_enough and first and tokens[first - 1][3] in _western().said:
            return _name(text, tokens[first : last + 1], INTRODUCED)
        if long_enough and first and last + 1 == len(tokens) and tokens[first - 1][3] in _western().introduced:
            return _name(text, tokens[first : last + 1], GUESS)
        if len(tokens) == 1 and len(tokens[0][3]) > 2:
            return _name(text, tokens, GUESS)
    return None


def _name(text: str, run: list[tuple[int, int, str, str]], weight: int) -> Name:
    places = []
    for start, end, role, key in run:
        bare_end = end
        if (
            text[end - 1] in ".'’"
            and role != "suffix"
            and not _INITIAL.fullmatch(text[start:end])
            and (len(key) > 3 or (start, end) == run[-1][:2])
        ):
            bare_end -= 1
        elif (
            (start, end) == run[-1][:2]
            and text[end : end + 1] == "."
            and ((role == "suffix" and len(key) == 2) or _INITIAL.fullmatch(text[start:end]))
        ):
            bare_end += 1  # Jr. and a last initial keep the dot that ends the item
        places.append((start, bare_end))
    return Name(places[0][0], places[-1][1], tuple(places), weight)


# ---------------------------------------------------------------------------------------------------------------------
# Japanese names


def _read_japanese(text: str, low: str, start: int, end: int, labelled: bool) -> Name | None:
    words = _japanese_words()
    ending = words.behind.search(text, min(start + 2, end), end)
    sentence = ending is not None
    if ending:
        end = ending.start()
    while (head := words.before.match(text, start, end)) and head.end() < end:
        start, sentence = head.end(), True
    while (belongs := text.find("の", start, end)) > start and (
        words.unit_end.search(text, start, belongs)
        or words.field.search(text, start, belongs)
        or (sentence and _OF_A_PLACE.match(text, belongs - 2, end))
    ):
        start, sentence = belongs + 1, True
    polite = words.behind_name.search(text, start + 1, end)
    if polite and not is_japanese(text, start, polite.start()):
        return _read_western(text, low, start, polite.start(), labelled)  # John Smith様
    pieces: list[tuple[int, int]] = []
    told = False  # a title or honorific stands beside it
    titled = 0  # the piece in front of a title, where it is katakana
    latin: list[tuple[int, int]] = []
    for found in _JAPANESE_WORD.finditer(text, start, end):
        first, last = found.span()
        if not is_japanese(text, first, last):
            if first < last:
                latin.append((first, last))
            continue
        kept = _person_in(text, first, last)
        if kept is None:
            if pieces and not labelled:
                told = told or text[first:last] in words.words
            continue
        told = told or kept != (first, last)
        if pieces and titled == len(pieces):
            pieces.clear()  # フロント支配人 ジャン・デュボワ: what a title was part of
        pieces.append(kept)
        if kept[1] < last and kept[1] - kept[0] > 2 and is_kana(text, *kept):
            titled = len(pieces)
    if not pieces:
        if latin and (labelled or sentence or len(latin) > 1):
            return _read_western(text, low, latin[0][0], latin[-1][1], labelled or sentence)
        if latin and words.unit_end.search(text, start, latin[0][0] - 1):
            name = _read_western(text, low, *latin[0], labelled=False)
            return name and name._replace(weight=WEAK)  # 基盤部　Kuzuha
        return None
    if labelled and len(latin) > 1 and latin[-1][1] <= pieces[0][0]:
        return _read_western(text, low, latin[0][0], latin[-1][1], labelled)  # 氏名：Reiji Kuzuha 葛葉
    if len(pieces) > 1 and text[slice(*pieces[0])] in words.place:
        pieces = pieces[1:]
    if len(pieces) > 2:
        if len(pieces) > 4:
            return None
        written = [piece for piece in pieces if not is_kana(text, *piece)]
        pieces = written if len(written) == len(pieces) // 2 else pieces[-2:]  # 荒牧 樹 あらまき いつき
    whole = "".join(text[first:last] for first, last in pieces).replace(PASSED, "")
    if (words.stop if not labelled else words.reference).search(whole, 0, len(whole)):
        return None
    if not 1 <= len(whole) <= (24 if _KANA_ONLY.fullmatch(whole) else 9):
        return None
    if len(pieces) == 1 and whole in words.place and not labelled:
        return None
    if labelled:
        weight = LABELLED
    elif sentence or told:
        weight = INTRODUCED
    elif len(pieces) == 2 or "・" in whole:
        weight = FULL
    elif len(whole) == 1 or _KANA_ONLY.fullmatch(whole):
        weight = WEAK
    else:
        weight = SINGLE
    return _pieces(text, pieces, weight)


def _pieces(text: str, pieces: list[tuple[int, int]], weight: int) -> Name:
    return Name(pieces[0][0], pieces[-1][1], tuple(pieces), weight)


def _person_in(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return what is left of a Japanese word without honorific, title, department; None if no name is."""
    words = _japanese_words()
    if words.signs.isdisjoint(text[start:end]) and _JAPANESE_NAME.fullmatch(text, start, end):
        return start, end  # most names
    edge = _EDGE_LEFT.match(text, start, end)
    if edge:
        start = edge.end()
    while end > start and not (text[end - 1].isalnum() or text[end - 1] in "々ー" + PASSED):
        end -= 1
    if words.company.search(text, start, end):
        return None
    titled = text[end - 1 : end] in words.behind_name.signs
    if not titled and words.unit_end.search(text, start, end) and not _like_unit(text[start:end]):
        return None  # 物流部
    for _ in range(3):
        word = text[start:end]
        if word in words.words:
            return None
        if word in words.like_title:
            return start, end
        # 山本部長 is 山本 + 部長, not 山 + 本部長
        behind = words.behind_name.search(text, start + 2, end) or words.behind_name.search(text, start + 1, end)
        if behind is None:
            break
        if behind[0] in words.roles and end - behind.start() < end - start:
            return None  # 閲覧担当
        if _GLUED_KATAKANA.fullmatch(text, start, end):
            return None  # エリアマネージャー
        end = behind.start()
    word = text[start:end]
    front = words.in_front.match(text, start, end)
    if front and end - front.end() >= 2 and not word.startswith(words.like_chief):
        start = front.end()
    start = _behind_unit(text, start, end)
    word = text[start:end]
    if not word or word in words.words or not _JAPANESE_NAME.fullmatch(word):
        return None
    if words.unit_end.search(text, start, end) and not (_like_unit(word) and len(word) <= 4):
        return None
    if words.field.search(text, start, end) or (len(word) >= 4 and words.company_end.search(text, start, end)):
        return None
    return start, end


def _like_unit(word: str) -> bool:
    """Tell whether a family name may end there as departments do: 阿部, 仁科. One sign and 部 is no department."""
    words = _japanese_words()
    return word.endswith(words.like_unit) or (len(word) == 2 and word[1] == "部" and word not in words.units)


def _behind_unit(text: str, start: int, end: int) -> int:
    """Return where the name begins that is glued to its department: 経理部山田太郎, 経理部長谷川."""
    words = _japanese_words()
    best = start
    for unit in words.unit_in_front.finditer(text, start, end):
        at = unit.end()
        if end - at < 2 or at - start < 3 or _like_unit(text[start:at]):
            continue
        if at - start >= 5 or words.field.search(text, start, at) or not _JAPANESE.match(text, start):
            best = at
            chief = words.in_front.match(text, at - 1, end)
            if chief and end - chief.end() >= 2 and not text.startswith(words.like_chief, at):
                best = chief.end()
    return best
