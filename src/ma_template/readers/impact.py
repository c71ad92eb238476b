"""Reads the business impact out of a reason: the one sentence that states it best (contract, `reason.impact`, MA202).

Every sentence is scored by the classes of words in it (grammar/words/impact.toml): somebody or something of the
business that is hit, and harm done to it, or an effect that speaks for itself; technical terms, words about the
support and wishes speak against it. What denies an impact never states one.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from ma_template.readers.placeholders import is_placeholder
from ma_template.readers.sentences import BULLET, items, sentences
from ma_template.readers.values import Settings
from ma_template.readers.vocabulary import any_of
from ma_template.source import Span, View
from ma_template.wording import table

# An impact is stated early; the rest of a very long reason (a pasted log) is not looked at.
_LONGEST = 12_000
_LONGEST_SENTENCE = 1_500
# Numbers in circles are bullets; in compared form they are digits.
_INNER_LABEL_MARK = re.compile(r"[:=】]")
_CIRCLED = re.compile(r"[①-⑳⑴-⒇❶-❿➀-➓]")
_FIRST_CIRCLED = frozenset("①⑴❶➀")
_TOKEN = re.compile(r"[A-Za-z0-9_$#ß-öø-ÿ]+(?:'[a-z]+|[.,][0-9][0-9.,]*)?|[€£¥₹]")
_MESSAGE_CODE = re.compile(r"[A-Z]{2,8}-[0-9]{3}")
_CLAUSE_END = re.compile(r"[,;:()、。](?![0-9])| - ")
_JAPANESE = re.compile(r"[぀-ヿ一-鿿]")
_JAPANESE_WORD = re.compile(r"[一-龯々]{2,}|[ァ-ヶー]{3,}")
_LATIN = re.compile(r"[A-Za-z]")
_ENDINGS = ("", "s", "es", "'s", "ed", "d", "ing")
# A count belongs to the noun that follows within so many words: "2,100 hourly warehouse staff".
_COUNT_REACH = 4


@dataclass(frozen=True, slots=True, eq=False)
class _Class:
    """One class of words: its side (concern, harm, effect, against, denial ...), its weight, and the most it counts."""

    side: str
    name: str
    weight: float
    most: float


_Hits = dict[_Class, int]
_Phrases = dict[str, list[tuple[str, ...]]]
_Entry = tuple[tuple[_Class, ...] | None, _Phrases | None]
# Words without a meaning of their own, but for the words behind them.
_NUMBER = _Class("number", "", 0.0, 0.0)
_SCALE = _Class("scale", "", 0.0, 0.0)
_UNLISTED: _Entry = (None, None)


class _Wording(NamedTuple):
    # Every listed word: its classes, and the phrases that begin with it by their second word, the longest first.
    words: dict[str, _Entry]
    japanese: re.Pattern[str]
    classes: dict[str, dict[str, _Class]]
    counted: re.Pattern[str]
    amount: re.Pattern[str]
    before_amount: frozenset[str]
    behind_amount: frozenset[str]
    scales: frozenset[str]
    denied: re.Pattern[str]
    denied_heads: tuple[str, ...]
    but: re.Pattern[str]
    label: re.Pattern[str]
    inner_label: re.Pattern[str]
    label_weights: dict[str, float]
    empty_answer: re.Pattern[str]
    common: frozenset[str]
    world: _Class
    world_alone: float
    enough: float
    second_concern: float


@cache
def _wording() -> _Wording:
    data = table("words/impact")
    classes, meaning, japanese = _vocabulary(data)
    common = {word + ending for word in data["world"]["en"] for ending in (*_ENDINGS, "ly")}
    phrases: dict[str, _Phrases] = {}
    for word in sorted(meaning, key=len, reverse=True):
        parts = tuple(word.split(" "))
        if len(parts) > 1:
            phrases.setdefault(parts[0], {}).setdefault(parts[1], []).append(parts)
    amount, count, label = data["effect"]["amount"], data["harm"]["count"], data["label"]
    scale = any_of(amount["scales"])
    strong, weak, other = any_of(label["en"] + label["ja"]), any_of(label["weak"]), any_of(label["other"])
    return _Wording(
        words={
            word: (tuple(meaning.get(word, ())) if word in meaning or word in common else None, phrases.get(word))
            for word in {*meaning, *phrases, *common}
        },
        japanese=re.compile(any_of(japanese)),
        classes=classes,
        counted=re.compile(
            rf"[0-9][0-9.,]{{0,12}} ?{scale}?余?り?(?:(?P<who>{any_of(count['who'])})|{any_of(count['what'])})"
        ),
        amount=re.compile(rf"[0-9万億兆千] ?(?:{scale} ?){{0,2}}余?{any_of(amount['behind'])}"),
        before_amount=frozenset(amount["before"]),
        behind_amount=frozenset(amount["behind"]),
        scales=frozenset(amount["scales"]),
        denied=re.compile(any_of(data["denial"]["ja"])),
        denied_heads=tuple({spelling[:2] for spelling in data["denial"]["ja"]}),
        but=re.compile(any_of(data["denial"]["but"])),
        label=re.compile(
            rf"[ \t]*[【\[<(「『*]{{0,3}} ?(?:(?P<strong>{strong})|(?P<weak>{weak})|(?P<other>{other}))"
            r" ?(?:[:=】\]>]|[\-]{1,2}(?= )) ?"
        ),
        inner_label=re.compile(rf"(?<=[ .;,、。)\]】])(?:{strong} ?[:=])|【[^】\n]{{1,20}}】"),
        label_weights={"strong": label["weight"], "weak": label["weak_weight"], "other": 0.0},
        empty_answer=re.compile(rf"(?:{any_of(label['degree'])}|[ .,;:!。、/()\-\n])+$|{any_of(label['pointing'])}"),
        common=frozenset(data["world"]["ja"]),
        world=_Class("world", "", data["world"]["weight"], data["world"]["most"]),
        world_alone=data["world"]["alone"],
        enough=data["enough"],
        second_concern=data["second_concern"],
    )


def _vocabulary(data: dict[str, Any]) -> tuple[dict[str, dict[str, _Class]], dict[str, set[_Class]], list[str]]:
    """Return the classes by side and name, the classes of every word, and the Japanese words."""
    classes: dict[str, dict[str, _Class]] = {}
    meaning: dict[str, set[_Class]] = {}
    japanese: dict[str, None] = {}
    for side in ("concern", "harm", "effect", "against"):
        for name, entry in data[side].items():
            kept = _Class(side, name, entry["weight"], entry.get("most", entry["weight"]))
            classes.setdefault(side, {})[name] = kept
            for form in _forms(entry.get("en", ())):
                meaning.setdefault(form, set()).add(kept)
            for word in entry.get("ja", ()):
                meaning.setdefault(word.lower(), set()).add(kept)
                japanese[word.lower()] = None
    # A compound hides the words in it.
    for form in _forms(data["compounds"]["en"]):
        meaning[form] = set()
    for word in data["compounds"]["ja"]:
        meaning[word.lower()] = set()
        japanese[word.lower()] = None
    classes["denial"] = {"": _Class("denial", "", 0.0, 0.0)}
    for form in _forms(data["denial"]["en"]):
        meaning.setdefault(form, set()).add(classes["denial"][""])
    for word in data["harm"]["count"]["numbers"]:
        meaning.setdefault(word, set()).add(_NUMBER)
    for word in data["effect"]["amount"]["scales"]:
        meaning.setdefault(word, set()).add(_SCALE)
    return classes, meaning, list(japanese)


def _forms(spellings: Iterable[str]) -> Iterator[str]:
    for spelling in spellings:
        word = spelling.lower().replace("-", " ")
        if word.endswith("~"):
            yield from (word[:-1] + ending for ending in _ENDINGS)
        else:
            yield word


def read_impact(view: View, settings: Settings) -> Span | None:
    """Return the place of the one sentence of a reason that states the business impact best, None if none does.

    The place is that of one sentence, list item or line, without the bullet or label in front of it. Never raises.
    """
    text = view.text[:_LONGEST]
    if not text.isascii() and not _FIRST_CIRCLED.isdisjoint(view.raw(0, len(text))):
        text = _with_bullets(view, text)
    best: _Sentence | None = None
    best_score = _wording().enough
    for sentence in _sentences(text):
        score = _score(text[sentence.start : min(sentence.end, sentence.start + _LONGEST_SENTENCE)], sentence.label)
        if score >= best_score:  # of equals the later one: the problem is told first, then what it does
            best, best_score = sentence, score
    return view.span(best.start, best.end) if best else None


def _with_bullets(view: View, text: str) -> str:
    """Return the compared text with bullets for numbers in circles, every character at its place."""
    return "".join(
        "・" if char.isdigit() and _CIRCLED.match(view.raw(at, at + 1)) else char for at, char in enumerate(text)
    )


# --- sentences under their labels -------------------------------------------------------------------------------------


class _Sentence(NamedTuple):
    """One sentence, without bullet and label; `label` is the weight of a label that announces an impact, else 0."""

    start: int
    end: int
    label: float


def _sentences(text: str) -> Iterator[_Sentence]:
    words = _wording()
    lowered = _lower(text)
    # A label alone on its line is a heading: it holds until the next label or blank line.
    heading, fresh = 0.0, False
    for start, end in items(text, lambda line: words.label.match(_lower(line)) is not None):
        if start == end:
            heading = heading if fresh else 0.0
            continue
        bullet = BULLET.match(text, start, end)
        for piece_start, piece_end in _pieces(lowered, bullet.end() if bullet else start, end):
            at, label = piece_start, heading
            if named := words.label.match(lowered, piece_start, piece_end):
                at, label = named.end(), words.label_weights[named.lastgroup or "other"]
                heading, fresh = 0.0, False
                if not text[at:piece_end].strip():
                    heading, fresh = label, True
                    continue
            fresh = False
            for sentence_start, sentence_end in sentences(text, at, piece_end):
                yield _Sentence(sentence_start, sentence_end, label)


def _pieces(lowered: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Split an item before labels inside it: "Reason: ... Impact: ...", 【事象】…【影響】…"""
    at = start
    if not _INNER_LABEL_MARK.search(lowered, start, end):
        yield start, end
        return
    for inner in _wording().inner_label.finditer(lowered, start, end):
        if inner.start() > at:
            yield at, inner.start()
            at = inner.start()
    yield at, end


def _lower(text: str) -> str:
    """Return the text in lower case, every character at its place."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


# --- scores -----------------------------------------------------------------------------------------------------------


def _score(sentence: str, label: float) -> float:
    """Return how clearly a sentence states an impact: the best of its clauses, or all of them together."""
    words = _wording()
    if label and (is_placeholder(sentence) or words.empty_answer.match(sentence.lower())):
        return 0.0
    sentence = sentence.replace("\n", "" if _JAPANESE.search(sentence) else " ")
    clauses, denied = _read(sentence)
    if denied:
        # "No user is affected, but the go-live will slip."
        parts = [_read(part) for part in words.but.split(sentence)]
        clauses = [clause for part, part_denied in parts if not part_denied for clause in part]
        if len(parts) == 1 or not clauses:
            return 0.0
    scores = [_weigh(clause) for clause in clauses]
    if len(clauses) > 1:
        together: _Hits = {}
        for clause in clauses:
            for kept, times in clause.items():
                together[kept] = together.get(kept, 0) + times
        scores.append(_weigh(together))
    return label + max(scores)


def _read(sentence: str) -> tuple[list[_Hits], bool]:
    """Return how often each class of words stands in each clause, and whether the sentence denies an impact."""
    words = _wording()
    ends = [found.start() for found in _CLAUSE_END.finditer(sentence)]
    clauses: list[_Hits] = [{} for _ in range(len(ends) + 1)]
    denied = False
    if sentence.isascii() or not _JAPANESE.search(sentence):
        _count_english(sentence, ends, clauses)
    else:
        lowered = _lower(sentence)
        denied = any(head in lowered for head in words.denied_heads) and words.denied.search(lowered) is not None
        _count_japanese(lowered, ends, clauses)
        if _LATIN.search(sentence):
            _count_english(sentence, ends, clauses)
    denial = words.classes["denial"][""]
    return clauses, denied or any(denial in hits for hits in clauses)


def _count_japanese(sentence: str, ends: list[int], clauses: list[_Hits]) -> None:
    words = _wording()
    entries, classes = words.words, words.classes
    technical = classes["against"]["technical"]
    for summed in words.amount.finditer(sentence):
        clauses[bisect(ends, summed.start())][classes["effect"]["amount"]] = 1
    for counted in words.counted.finditer(sentence):
        hits = clauses[bisect(ends, counted.start())]
        hits[classes["harm"]["count"]] = 1
        if counted["who"]:
            hits[classes["concern"]["people"]] = 1
    clause, hits = 0, clauses[0]
    listed_until = 0
    waiting: list[_Class] = []
    for found in words.japanese.finditer(sentence):
        start, end = found.span()
        meaning = entries.get(found[0], _UNLISTED)[0] or ()  # a hyphen may be written as a blank
        if waiting:
            # 受注テーブル is no order.
            if start > listed_until or technical not in meaning:
                for kept in waiting:
                    hits[kept] = hits.get(kept, 0) + 1
            waiting = []
        if end - start < 4 and sentence[start] >= "ァ" and _is_fragment(sentence, start, end):
            continue
        if listed_until + 1 < start:
            _count_unlisted(sentence, listed_until, start, ends, clauses)
        listed_until = end
        while clause < len(ends) and ends[clause] <= start:
            clause += 1
            hits = clauses[clause]
        for kept in meaning:
            if kept.side == "concern":
                waiting.append(kept)
            else:
                hits[kept] = hits.get(kept, 0) + 1
    for kept in waiting:
        hits[kept] = hits.get(kept, 0) + 1
    _count_unlisted(sentence, listed_until, len(sentence), ends, clauses)


def _count_unlisted(sentence: str, start: int, end: int, ends: list[int], clauses: list[_Hits]) -> None:
    """Count the Japanese words that no list knows."""
    words = _wording()
    for found in _JAPANESE_WORD.finditer(sentence, start, end):
        if found[0] not in words.common:
            hits = clauses[bisect(ends, found.start())]
            hits[words.world] = hits.get(words.world, 0) + 1


def _is_fragment(clause: str, start: int, end: int) -> bool:
    """Tell whether a short word is only a piece of a longer one: ライン in オンライン, 家 in 専門家."""
    if clause[start] <= "ー":
        return start > 0 and "ァ" <= clause[start - 1] <= "ー"
    if end - start > 1:
        return False
    return (start > 0 and clause[start - 1] >= "一") or (end < len(clause) and clause[end] >= "一")


def _unlisted(clause: str, start: int, end: int) -> int:
    """Count the Japanese words that no list knows."""
    if end - start < 2:
        return 0
    common = _wording().common
    return sum(word not in common for word in _JAPANESE_WORD.findall(clause, start, end))


def _count_english(sentence: str, ends: list[int], clauses: list[_Hits]) -> None:
    words = _wording()
    entries, world, classes = words.words, words.world, words.classes
    technical, count, amount = classes["against"]["technical"], classes["harm"]["count"], classes["effect"]["amount"]
    written: list[str] = []
    starts: list[int] = []
    for found in _TOKEN.finditer(sentence):
        written.append(found[0])
        starts.append(found.start())
    tokens = [token.lower() for token in written]
    shouting = sentence.isupper()
    for found in _MESSAGE_CODE.finditer(sentence):
        clauses[bisect(ends, found.start())][technical] = 1
    clause, hits = 0, clauses[0]
    counted_until = -1
    at = 0
    while at < len(tokens):
        token = tokens[at]
        here, at = at, at + 1
        while clause < len(ends) and ends[clause] <= starts[here]:
            clause += 1
            hits = clauses[clause]
            counted_until = -1
        meaning, phrases = entries.get(token) or _UNLISTED
        if phrases is not None and at < len(tokens):
            for phrase in phrases.get(tokens[at], ()):
                if len(phrase) == 2 or tuple(tokens[here : here + len(phrase)]) == phrase:
                    meaning, at = entries[" ".join(phrase)][0], here + len(phrase)
                    break
        if meaning is None:
            if token[0].isdigit():
                counted_until = here + _COUNT_REACH
                if _is_amount(tokens, here):
                    hits[amount] = 1
                if token.count(".") > 1:
                    hits[technical] = hits.get(technical, 0) + 1
            elif "_" in token or "$" in token:
                hits[technical] = hits.get(technical, 0) + 1
            elif len(token) > 3 and written[here].islower():
                hits[world] = hits.get(world, 0) + 1
            continue
        for kept in meaning:
            if kept.side == "concern":
                # "orders table", SHOUTED names: no orders.
                if (not shouting and len(token) > 3 and written[here].isupper()) or (
                    at < len(tokens) and technical in (entries.get(tokens[at], _UNLISTED)[0] or ())
                ):
                    continue
                if here <= counted_until:
                    hits[count] = 1
            elif kept is _NUMBER:
                counted_until = here + _COUNT_REACH
            elif kept is _SCALE and _is_amount(tokens, here):
                hits[amount] = 1
            hits[kept] = hits.get(kept, 0) + 1


def _is_amount(tokens: list[str], at: int) -> bool:
    """Tell whether a sum of money stands there: "USD 1.3 million", "9k dollars", "half a million dollars"."""
    words = _wording()
    if at and tokens[at - 1] in words.before_amount:
        return True
    behind = at + 1
    while behind < len(tokens) and behind < at + 3 and (tokens[behind] in words.scales or tokens[behind] == "of"):
        behind += 1
    return behind < len(tokens) and tokens[behind] in words.behind_amount


def _weigh(hits: _Hits) -> float:
    """Return the score of a clause from the classes of its words; each class counts once."""
    words = _wording()
    concern = harm = count = effect = against = 0.0
    concerns = 0
    for kept, times in hits.items():
        if kept.side == "concern":
            concerns += 1
            concern = max(concern, kept.weight)
        elif kept.side == "effect":
            effect += kept.weight
        elif kept.side == "against":
            against += min(kept.most, kept.weight * times)
        elif kept.name == "count":
            count = kept.weight
        elif kept.side == "harm":
            harm = max(harm, kept.weight)
    score = concern + harm + effect - against
    if concerns:
        score += count + words.second_concern * (concerns - 1)
    if not against and (unlisted := hits.get(words.world)):
        score += min(words.world.most if harm else words.world_alone, words.world.weight * unlisted)
    return score
