"""Reads the business impact out of a reason: the one sentence that states it best (contract, `reason.impact`, MA202).

Every sentence is scored by the classes of words in it (grammar/words/impact.toml): somebody or something of the
business that is hit, and harm done to it, or an effect that speaks for itself; technical terms, words about the
support and wishes speak against it. What denies an impact never states one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from ma_template.readers.placeholders import is_placeholder
from ma_template.readers.values import Settings
from ma_template.readers.vocabulary import any_of
from ma_template.source import Span, View
from ma_template.wording import table

# An impact is stated early; the rest of a very long reason (a pasted log) is not looked at.
_LONGEST = 12_000
_LONGEST_SENTENCE = 1_500

# --- sentences ---------------------------------------------------------------------------------------------------------

_BULLET = re.compile(
    r"[ \t]*(?:(?:[\-*+・•●○◦■□▪◆◇▶►>※→✓☆★]{1,3}|\(?(?:[0-9]{1,2}|[a-z]|[ivx]{1,4})[.)](?=[^0-9])|\([0-9]{1,2}\))[ \t]*){1,2}"
)
_SENTENCE_END = re.compile(
    r"[。!?]+[\"'」』)\]]{0,3}|\.{1,3}[\"')\]]{0,3}(?=[ \t\n]|$)|(?<=[ぁ-んァ-ヶ一-龯])\.(?=[ぁ-んァ-ヶ一-龯])"
)
_ABBREVIATION = re.compile(
    r"(?:^|[ \t(\"'/~])(?:[a-z]|e\.g|i\.e|etc|approx|appr|ca|resp|incl|excl|max|min|no|nos|nr|vs|mr|mrs|ms|dr|prof|st|inc"
    r"|ltd|co|corp|dept|fig|a\.m|p\.m|u\.s|u\.k|est|hrs|tel|ext|vol|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)$",
    re.IGNORECASE,
)
# A line that ends so goes on in the next one; a line that ends otherwise may have been wrapped at the full width.
_GOES_ON = re.compile(
    r"(?:[,、;(「『/&]|[のをにがはとへや]|[ \t](?:the|an?|of|and|or|to|in|on|at|by|for|with|from|that|which|is|are|was|were|our"
    r"|we|not|its|their|this|these|every|all|be|has|have|had|until|because|so))$",
    re.IGNORECASE,
)
_COMPLETE = re.compile(r"(?:です|ます|ました|ません|でした|した|ない|なし|いる|中|済み|れる|する)[)」』\]\"']?$")
_FIRST_WORD = re.compile(r"[ \t]*[^ \t\n]+")


class _Sentence(NamedTuple):
    """One sentence, list item or line of the compared text, without bullet and label."""

    start: int
    end: int
    # How strongly the label in front says that this is the impact, 0 without such a label.
    label: float


def _sentences(text: str) -> Iterator[_Sentence]:
    """Split a text into sentences; wrapped lines make one sentence, the items of a list several."""
    words = _wording()
    heading, fresh = 0.0, False
    for start, end in _items(text):
        if start == end:
            heading = heading if fresh else 0.0
            continue
        bullet = _BULLET.match(text, start, end)
        for piece_start, piece_end in _pieces(text, bullet.end() if bullet else start, end):
            named = words.label.match(text.lower(), piece_start, piece_end)
            label = heading
            at = piece_start
            if named:
                at = named.end()
                label = words.label_weights[named.lastgroup or ""]
                heading, fresh = 0.0, False
                if not text[at:piece_end].strip():
                    heading, fresh = label, True
                    continue
            fresh = False
            yield from _split(text, at, piece_end, label)


def _items(text: str) -> Iterator[tuple[int, int]]:
    """Return the places of lines, wrapped ones joined; a blank line is an empty place."""
    lines: list[tuple[int, int]] = []
    at = 0
    for line in text.split("\n"):
        lines.append((at, at + len(line)))
        at += len(line) + 1
    number = 0
    while number < len(lines):
        start, end = lines[number]
        if not text[start:end].strip():
            yield start, start
            number += 1
            continue
        paragraph = number
        while paragraph + 1 < len(lines) and text[slice(*lines[paragraph + 1])].strip():
            paragraph += 1
        punctuated = any("。" in text[slice(*lines[at])] for at in range(number, paragraph + 1))
        width = max(_width(text[slice(*lines[at])]) for at in range(number, paragraph + 1))
        item_start, item_end = start, end
        for follower_start, follower_end in lines[number + 1 : paragraph + 1]:
            line, follower = text[start:end], text[follower_start:follower_end]
            if not _is_wrapped(line.rstrip(), follower, width, punctuated):
                yield item_start, item_end
                item_start = follower_start
            start, end = follower_start, follower_end
            item_end = end
        yield item_start, item_end
        number = paragraph + 1


def _width(line: str) -> int:
    """Return the columns of a line: a kanji is two wide."""
    return len(line) if line.isascii() else sum(2 if char > "\u2e80" else 1 for char in line)


def _is_wrapped(line: str, follower: str, width: int, punctuated: bool) -> bool:
    """Tell whether a line goes on in the next one.

    `width` is that of the widest line of the paragraph; where its sentences are `punctuated` with 。, a line without
    one goes on whatever its last word.
    """
    if _BULLET.match(follower) or _wording().label.match(follower.lower()) or line.endswith((":", "】")):
        return False
    if _GOES_ON.search(line):
        return True
    if line[-1:] in "。.!?" or (not punctuated and _COMPLETE.search(line)):
        return False
    first = _FIRST_WORD.match(follower)
    head = first[0].lstrip() if first else ""
    if line[-1:] > "\u2e80" or head[:1] > "\u2e80":
        return width >= 24 and _width(line) >= width - 4
    if head[:1].islower() and _width(line) * 2 >= width and width >= 30:
        return True
    return width >= 40 and _width(line) + 1 + len(head) > width


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Split an item before labels inside it: "Reason: ... Impact: ...", 【事象】…【影響】…"""
    at = start
    for inner in _wording().inner_label.finditer(text.lower(), start, end):
        if inner.start() > at:
            yield at, inner.start()
            at = inner.start()
    yield at, end


def _split(text: str, start: int, end: int, label: float) -> Iterator[_Sentence]:
    at = start
    for stop in _SENTENCE_END.finditer(text, start, end):
        if stop[0] == "." and _ABBREVIATION.search(text, max(at, stop.start() - 8), stop.start()):
            continue
        yield from _trimmed(text, at, stop.end(), label)
        at = stop.end()
    yield from _trimmed(text, at, end, label)


def _trimmed(text: str, start: int, end: int, label: float) -> Iterator[_Sentence]:
    end = min(end, start + _LONGEST_SENTENCE)
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield _Sentence(start, end, label)


# --- scores ------------------------------------------------------------------------------------------------------------

_TOKEN = re.compile(r"[a-z\u00df-\u00ff]+(?:'[a-z]+)?|[0-9][0-9.,]*|[a-z0-9]+[_$#][a-z0-9_$#]*")
_IDENTIFIER = re.compile(
    r"\b(?:[A-Za-z0-9]+[_$][A-Za-z0-9_$]*|[A-Z]{2,8}-[0-9]{3,}|[A-Za-z0-9]+(?:\.[A-Za-z0-9]+){2,}|[a-z]+[A-Z][A-Za-z]+)"
)
_CAPITALS = re.compile(r"\b[A-Z]{4,}\b")
_CLAUSE_END = re.compile(r"[,;:()、。](?![0-9])| - ")
_JAPANESE_WORD = re.compile(r"[一-龯々]{2,}|[ァ-ヶー]{3,}")
_JAPANESE = re.compile(r"[぀-ヿ一-鿿]")
_ENDINGS = ("", "s", "es", "'s", "ed", "d", "ing")
_NUMBER_WORDS = frozenset(
    (
        "two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty dozen dozens hundred hundreds"
        " thousand thousands million millions all every each half most many several entire whole both"
    ).split()
)


class _Class(NamedTuple):
    """One class of words: its side (concern, harm, effect, against), its name and its weight."""

    side: str
    name: str
    weight: float
    most: float


class _Wording(NamedTuple):
    words: dict[str, frozenset[_Class]]
    phrases: dict[str, tuple[tuple[str, ...], ...]]
    japanese: re.Pattern[str]
    technical_japanese: re.Pattern[str]
    classes: dict[str, dict[str, _Class]]
    counted: re.Pattern[str]
    amount: re.Pattern[str]
    denial: re.Pattern[str]
    but: re.Pattern[str]
    label: re.Pattern[str]
    inner_label: re.Pattern[str]
    label_weights: dict[str, float]
    degree: re.Pattern[str]
    world: _Class
    world_alone: float
    common: frozenset[str]
    enough: float
    second_concern: float


@cache
def _wording() -> _Wording:
    data = table("words/impact")
    words: dict[str, set[_Class]] = {}
    japanese: set[str] = set()
    classes: dict[str, dict[str, _Class]] = {}
    for side in ("concern", "harm", "effect", "against"):
        for name, entry in data[side].items():
            kept = _Class(side, name, entry["weight"], entry.get("most", entry["weight"]))
            classes.setdefault(side, {})[name] = kept
            for spelling in entry.get("en", ()):
                for form in _forms(spelling):
                    words.setdefault(form, set()).add(kept)
            for spelling in entry.get("ja", ()):
                words.setdefault(spelling.lower(), set()).add(kept)
                japanese.add(spelling.lower())
    for spelling in data["compounds"]["en"]:
        for form in _forms(spelling):
            words[form] = set()
    for spelling in data["compounds"]["ja"]:
        words[spelling.lower()] = set()
        japanese.add(spelling.lower())
    phrases: dict[str, set[tuple[str, ...]]] = {}
    for word in words:
        parts = tuple(word.split(" "))
        if len(parts) > 1:
            phrases.setdefault(parts[0], set()).add(parts)
    amount, label = data["effect"]["amount"], data["label"]
    scale, behind, before = any_of(amount["scales"]), any_of(amount["behind"]), any_of(amount["before"])
    strong, weak, other = (
        any_of(label["en"] + label["ja"]),
        any_of(label["weak"]),
        any_of(label["other_en"] + label["other_ja"]),
    )
    mark = r" ?(?:[:=】\]>]|[\-]{1,2}(?= )) ?"
    opening = r"[ \t]*[【\[<(「『*]{0,3} ?"
    denial = [re.escape(spelling.lower()).replace("…", "[^。、\n]{0,10}?") for spelling in data["denial"]["ja"]]
    return _Wording(
        words={word: frozenset(meaning) for word, meaning in words.items()},
        phrases={head: tuple(sorted(tails, key=len, reverse=True)) for head, tails in phrases.items()},
        japanese=re.compile(any_of(japanese)),
        technical_japanese=re.compile(any_of(word.lower() for word in data["against"]["technical"]["ja"])),
        classes=classes,
        counted=re.compile(rf"[0-9][0-9.,]* ?{scale}?余?り?{any_of(data['harm']['count']['counters'])}"),
        amount=re.compile(
            rf"{before} ?(?:~ ?)?[0-9]|[0-9] ?(?:{scale} ?){{0,3}}余?{behind}|(?:hundred|thousand|million|billion) (?:of )?{behind}"
        ),
        denial=re.compile(f"(?:{any_of(data['denial']['en'])}|{'|'.join(denial)})"),
        but=re.compile(any_of(data["denial"]["but"])),
        label=re.compile(rf"{opening}(?:(?P<strong>{strong})|(?P<weak>{weak})|(?P<other>{other})){mark}"),
        inner_label=re.compile(rf"(?<=[ .;,、。)\]])(?:【[^】\n]{{1,20}}】|{strong} ?[:=])|【[^】\n]{{1,20}}】"),
        label_weights={"strong": label["weight"], "weak": label["weak_weight"], "other": 0.0},
        degree=re.compile(rf"(?:(?:{any_of(data['label']['degree'])}|[ .,;:!。、/()\-])+)"),
        world=_Class("world", "", data["world"]["weight"], data["world"]["most"]),
        world_alone=data["world"]["alone"],
        common=frozenset(
            [word + ending for word in data["world"]["en"] for ending in (*_ENDINGS, "ly")] + data["world"]["ja"]
        ),
        enough=data["enough"],
        second_concern=data["second_concern"],
    )


def _forms(spelling: str) -> Iterator[str]:
    spelling = spelling.lower().replace("-", " ")
    if spelling.endswith("~"):
        yield from (spelling[:-1] + ending for ending in _ENDINGS)
    else:
        yield spelling


def read_impact(view: View, settings: Settings) -> Span | None:
    """Return the place of the one sentence of a reason that states the business impact best, None if none does.

    The place is that of one sentence, list item or line, without the bullet or label in front of it. Never raises.
    """
    text = view.text[:_LONGEST]
    best: _Sentence | None = None
    best_score = _wording().enough
    for sentence in _sentences(text):
        score = _score(text[sentence.start : sentence.end], sentence.label)
        if score >= best_score:  # the problem is told first, then what it does
            best, best_score = sentence, score
    return view.span(best.start, best.end) if best else None


def _score(sentence: str, label: float) -> float:
    words = _wording()
    lowered = sentence.lower()
    if label and (is_placeholder(sentence) or words.degree.fullmatch(lowered)):
        return 0.0
    original = sentence.replace("\n", "" if _JAPANESE.search(lowered) else " ")
    plain = _lower(original)
    if words.denial.search(plain):
        parts = words.but.split(plain)
        original = plain = ", ".join(part for part in parts if not words.denial.search(part))
        if len(parts) == 1 or not plain:
            return 0.0
    hits = sorted(_hits(plain, original), key=lambda hit: hit[0])
    ends = [found.start() for found in _CLAUSE_END.finditer(plain)]
    clauses: list[list[_Class]] = [[]]
    remaining = iter([*ends, len(plain) + 1])
    end = next(remaining)
    for position, kept in hits:
        while position > end:
            end = next(remaining)
            clauses.append([])
        clauses[-1].append(kept)
    scores = [_weigh(clause) for clause in clauses]
    if len(clauses) > 1:
        scores.append(_weigh([kept for clause in clauses for kept in clause]))
    return label + max(scores)


def _hits(plain: str, original: str) -> Iterator[tuple[int, _Class]]:
    """Return where words of a class stand in a sentence; what an identifier or a compound hides is none."""
    words = _wording()
    technical = words.classes["against"]["technical"]
    for found in _IDENTIFIER.finditer(original):
        yield found.start(), technical
    for found in words.amount.finditer(plain):
        yield found.start(), words.classes["effect"]["amount"]
    if _JAPANESE.search(plain):
        at = 0
        for found in words.japanese.finditer(plain):
            yield from _unknown(plain, at, found.start())
            at = found.end()
            for kept in words.words[found[0]]:
                if kept.side != "concern" or not words.technical_japanese.match(plain, at):
                    yield found.start(), kept
        yield from _unknown(plain, at, len(plain))
        for found in words.counted.finditer(plain):
            yield found.start(), words.classes["harm"]["count"]
    shouted = frozenset() if original.isupper() else frozenset(word.lower() for word in _CAPITALS.findall(original))
    yield from _english_hits(plain, original, shouted)


def _unknown(plain: str, start: int, end: int) -> Iterator[tuple[int, _Class]]:
    """Return where Japanese words stand that no list knows."""
    words = _wording()
    for found in _JAPANESE_WORD.finditer(plain, start, end):
        if found[0] not in words.common:
            yield found.start(), words.world


def _lower(text: str) -> str:
    """Return the text in lower case, every character at its place."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


def _english_hits(plain: str, original: str, shouted: frozenset[str]) -> Iterator[tuple[int, _Class]]:
    words = _wording()
    technical = words.classes["against"]["technical"]
    count = words.classes["harm"]["count"]
    tokens = [(found.start(), found[0]) for found in _TOKEN.finditer(plain)]
    number_at = -9
    skip = 0
    for at, (position, token) in enumerate(tokens):
        if at < skip:
            continue
        if token[0].isdigit() or token in _NUMBER_WORDS:
            number_at = at
        meaning = words.words.get(token)
        for phrase in words.phrases.get(token, ()):
            if tuple(word for _, word in tokens[at : at + len(phrase)]) == phrase:
                meaning = words.words[" ".join(phrase)]
                skip = at + len(phrase)
                break
        if meaning is None and len(token) >= 4 and token not in words.common and original[position].islower():
            yield position, words.world
        follower = tokens[max(skip, at + 1)][1] if max(skip, at + 1) < len(tokens) else ""
        for kept in meaning or ():
            # "orders table", SHOUTED names: no orders.
            if kept.side == "concern" and (token in shouted or technical in words.words.get(follower, ())):
                continue
            yield position, kept
            if kept.side == "concern" and at - number_at <= 4:
                yield position, count


def _weigh(hits: list[_Class]) -> float:
    """Return the score of a clause from the classes of its words."""
    words = _wording()
    kinds = set(hits)
    concerns = [kept.weight for kept in kinds if kept.side == "concern"]
    harms = [kept for kept in kinds if kept.side == "harm" and kept.name != "count"]
    score = sum(kept.weight for kept in kinds if kept.side == "effect")
    if concerns:
        score += max(concerns) + words.second_concern * (len(concerns) - 1)
    if harms:
        score += max(kept.weight for kept in harms)
    if harms or concerns:
        score += sum(kept.weight for kept in kinds if kept.name == "count")
    against = [kept for kept in kinds if kept.side == "against"]
    for kept in against:
        score -= min(kept.most, kept.weight * hits.count(kept))
    if not against:
        spoken_of = min(words.world.most, words.world.weight * hits.count(words.world))
        score += spoken_of if harms else min(words.world_alone, spoken_of)
    return score
