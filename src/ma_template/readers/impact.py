"""Reads the business impact out of a reason: the one sentence that states it best (contract, `reason.impact`, MA202).

Every sentence is scored by the classes of words in it (grammar/words/impact.toml): somebody or something of the
business that is hit, and harm done to it, or an effect that speaks for itself; technical terms, words about the
support and wishes speak against it. What denies an impact never states one.

A set of classes is a number with a bit for each: words are looked up, and what a clause holds is or-ed together.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import compress
from operator import not_
from typing import Any, Final, NamedTuple

from ma_template.patterns import late
from ma_template.readers.placeholders import is_placeholder
from ma_template.readers.sentences import after_bullet, items, sentences
from ma_template.readers.values import Settings
from ma_template.readers.vocabulary import Vocabulary, any_of, forms, spellings
from ma_template.source import Span, View, lower
from ma_template.wording import table

# An impact is stated early; the rest of a very long reason (a pasted log) is not looked at.
_LONGEST = 12_000
_LONGEST_SENTENCE = 1_500
_LONGEST_LABEL = 70
# Numbers in circles are bullets; in compared form they are digits.
_CIRCLED = late(r"[①-⑳⑴-⒇❶-❿➀-➓]")
_LABEL_MARK = late(r"[:=】\]>\-](?:(?<!-)|-?(?= )) ?")
# Marks that may end a label or begin one; no label ends with a digit, so the colon of 08:40 is none.
_ANY_MARK = late(r"[:=】\]>【\-](?:(?<![:\-])|(?<=-)(?= )|(?<=:)(?:(?<![0-9].)|(?![0-9])))")
_BEFORE_LABEL = "【[<(「『*"
_INNER_MARK = late(r"[:=【](?:(?<!【)|(?=[^】\n]{1,20}】))")
_INNER_GAP = late(r"[ .;,、。)\]】]")
# Sentences are read together, with a mark behind each that is never in a view.
_SENTENCE_END = "\f"
# What parts cause and effect, besides punctuation: ため, により; in English a word of the table. In front one class of
# characters, here and below: all others are passed over quickly.
_CLAUSE_END = late(
    r"[,:;()、。 たにせ\f]"
    r"(?:(?<=[;()、。\f])|(?<=[,:])(?![0-9])|(?<= )- |(?<=た)め(?!に|の|し)|(?<=に)よ(?:り|って)|(?<=せ)いで)"
)
# A word or number, with what is written in one with it ("can't", 1,200, ORA-00600), a currency, or what ends a clause.
_TOKEN = late(
    r"[A-Za-z0-9_$#ß-öø-ÿ]++(?:(?=[-'.,])(?:-[0-9]{3,}|'[a-z]+|(?:[.,][0-9]+)+))?|[,:](?![0-9])|[;()€£¥₹\f]| - "
)
_MESSAGE_CODE = late(r"[A-Z]{2,8}-")
_JAPANESE = late(r"[぀-鿿]")
_JAPANESE_WORD = late(r"[一-龯々ァ-ヶー](?:(?<=[一-龯々])[一-龯々]+|(?<=[ァ-ヶー])[ァ-ヶー]{2,})")
# English words inside a Japanese sentence; PRD-07 and ORA-00600 are none.
_LATIN = late(r"[A-Za-z$€£¥₹](?:(?<=[a-z])[a-z]|(?<=[A-Z])(?<![A-Za-z][A-Z])[A-Z]++(?![a-z0-9_\-])|(?<=[$€£¥₹]))")
# What stands in a Japanese sentence between Latin words.
_FOREIGN = late(r"[^\x00-ÿ€₹]+")
_ENDINGS = ("", "s", "es", "'s", "ed", "d", "ing")
# A count belongs to the noun that follows within so many words: "2,100 hourly warehouse staff".
_COUNT_REACH = 4

# --- classes of words: a bit for each ---------------------------------------------------------------------------------

_SIDES: Final = ("concern", "harm", "effect", "against")
# Words without a meaning of their own, but for the words behind them, what ends a clause, and words of no list.
_NUMBER_WORD, _SCALE, _DENIAL, _CLAUSE, _UNLISTED = 1, 2, 4, 8, 16
_FIRST_CLASS = 5
# A word that says nothing, and begins no phrase either: many words of a sentence.
_SILENT = -1

_Phrases = dict[str, list[tuple[list[str], int]]]
"""The phrases that begin with a word, by their second word, the longest first, each with its classes."""
_Entry = tuple[int, _Phrases | None]
_NOTHING: _Entry = (0, None)

_Clause = tuple[int, int, int]
"""What a clause holds: its classes, how many technical terms, and how many words of no list."""


class _Classes(NamedTuple):
    bits: dict[str, int]
    concern: int
    against: int
    technical: int
    counted: int
    people: int
    amount: int
    measured: int
    threat: int
    term_weight: float
    most_terms: float
    world_weight: float
    most_world: float
    world_alone: float
    clear: float


class _English(NamedTuple):
    words: dict[str, _Entry]
    before_amount: frozenset[str]
    behind_amount: frozenset[str]
    scales: frozenset[str]


class _Japanese(NamedTuple):
    words: Vocabulary[int]
    common: frozenset[str]
    # A number with what is counted behind it; the group: people, shops ...
    counted: re.Pattern[str]
    amount: re.Pattern[str]
    denied_head: re.Pattern[str]


@cache
def _table() -> dict[str, Any]:
    return table("words/impact")


@cache
def _classes() -> _Classes:
    names = [f"{side}.{name}" for side in _SIDES for name in _table()[side]]
    bits = {name: 1 << (_FIRST_CLASS + at) for at, name in enumerate(names)}
    technical, world = _table()["against"]["technical"], _table()["world"]
    return _Classes(
        bits,
        concern=sum(bit for name, bit in bits.items() if name.startswith("concern.")),
        against=sum(bit for name, bit in bits.items() if name.startswith("against.")),
        technical=bits["against.technical"],
        counted=bits["harm.count"],
        people=bits["concern.people"],
        amount=bits["effect.amount"],
        measured=bits["effect.amount"] | bits["harm.count"],
        threat=bits["effect.threat"],
        term_weight=technical["weight"],
        most_terms=technical["most"],
        world_weight=world["weight"],
        most_world=world["most"],
        world_alone=world["alone"],
        clear=world["clear"],
    )


@cache
def _english() -> _English:
    data = _table()
    words = dict.fromkeys(spellings(data["world"]["short"]), _SILENT)
    words |= {word + ending: _SILENT for word in spellings(data["world"]["en"]) for ending in (*_ENDINGS, "ly")}
    for name, bit in _classes().bits.items():
        side, _, part = name.partition(".")
        entry = data[side][part]
        _add(words, entry.get("en", ()), bit)
        _add(words, [word for word in spellings(entry.get("ja", ())) if word.isascii()], bit)
    _add(words, data["denial"]["en"], _DENIAL)
    _add(words, data["harm"]["count"]["numbers"], _NUMBER_WORD)
    _add(words, data["effect"]["amount"]["scales"], _SCALE)
    # A compound hides the words in it; what speaks against an impact it may still say.
    kept = _classes().against | _DENIAL
    for compound in [*spellings(data["compounds"]["en"]), *spellings(data["compounds"]["ja"])]:
        if compound.isascii():
            for form in _forms(compound):
                before = words.get(form, 0)
                words[form] = (before & kept if before > 0 else 0) or _SILENT
    words |= dict.fromkeys((",", ";", ":", "(", ")", " - ", _SENTENCE_END, *spellings(data["clauses"])), _CLAUSE)
    phrases: dict[str, _Phrases] = {}
    for word in [word for word in words if " " in word and word != " - "]:
        parts = word.split(" ")
        several = phrases.setdefault(parts[0], {}).setdefault(parts[1], [])
        several.append((parts, max(words[word], 0)))
        if len(several) > 1:
            several.sort(key=lambda phrase: len(phrase[0]), reverse=True)
    # Few sets of classes are in use: one entry each is kept, and what is close together is found quickly.
    entries = {meaning: (meaning, None) for meaning in words.values()} | {0: _NOTHING, _SILENT: _NOTHING}
    amount = data["effect"]["amount"]
    return _English(
        {word: entries[meaning] for word, meaning in words.items() if " " not in word or word == " - "}
        | {first: (max(words.get(first, _UNLISTED), 0), behind) for first, behind in phrases.items()},
        *(frozenset(spellings(amount[part])) for part in ("before", "behind", "scales")),
    )


def _add(words: dict[str, int], entry: Any, bit: int) -> None:
    known = words.get
    for spelling in spellings(entry):
        for form in _forms(spelling):
            before = known(form, 0)
            words[form] = before | bit if before > 0 else bit


def _forms(spelling: str) -> list[str]:
    """Return a word with all endings that a tilde stands for."""
    word = spelling.replace("-", " ")
    return [word[:-1] + ending for ending in _ENDINGS] if word[-1] == "~" else [word]


@cache
def _japanese() -> _Japanese:
    data = _table()
    meaning: dict[str, int] = {}
    for name, bit in _classes().bits.items():
        side, _, part = name.partition(".")
        for word in spellings(data[side][part].get("ja", ())):
            meaning[word] = meaning.get(word, 0) | bit
    for compound in spellings(data["compounds"]["ja"]):
        meaning[compound] = meaning.get(compound, 0) & _classes().against
    amount, count = data["effect"]["amount"], data["harm"]["count"]
    scales = "|".join(word for word in spellings(amount["scales"]) if not word.isascii())
    behind = spellings(amount["behind"])
    who, what = _either(spellings(count["who"])), _either(spellings(count["what"]))
    denied = spellings(data["denial"]["ja"])
    return _Japanese(
        Vocabulary(meaning.items()),
        frozenset(spellings(data["world"]["ja"])),
        re.compile(rf"[0-9](?<![0-9][0-9])[0-9.,]{{0,30}}+ {{0,12}}+(?:{scales})?+[余り]{{0,12}}+(?:({who})|{what})"),
        re.compile(rf"[0-9万億兆千](?![0-9.,:]) ?(?:(?:{scales}|k|m|bn) ?){{0,2}}余?(?:{_either(behind)})(?![a-z])"),
        # Where one may begin that denies an impact: the first two characters of each.
        re.compile("|".join(sorted({rf"{spelling[0]}(?={spelling[1]})" for spelling in denied}))),
    )


@cache
def _denied() -> re.Pattern[str]:
    return re.compile(_either(spellings(_table()["denial"]["ja"])).replace("…", "[^。、\f]{0,10}?"))


def _either(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


# --- labels -----------------------------------------------------------------------------------------------------------


@cache
def _labels() -> dict[str, float]:
    """Return the labels with the weight of each; those of other things weigh nothing."""
    label = _table()["label"]
    found: dict[str, float] = {}
    for words, weight in (
        ((*spellings(label["en"]), *spellings(label["ja"])), label["weight"]),
        (spellings(label["weak"]), label["weak_weight"]),
        (spellings(label["other"]), 0.0),
    ):
        for word in words:
            for form in forms(word):
                found.setdefault(form, weight)
    return found


@cache
def _empty_answer() -> re.Pattern[str]:
    label = _table()["label"]
    degree, pointing = any_of(spellings(label["degree"])), any_of(spellings(label["pointing"]))
    return re.compile(rf"(?:{degree}|[ .,;:!。、/()\-\n])+$|{pointing}")


@cache
def _but() -> re.Pattern[str]:
    return re.compile(any_of(spellings(_table()["denial"]["but"])))


def _label(lowered: str, start: int, end: int) -> tuple[int, float] | None:
    """Return where the label at the head of a piece ends, and its weight."""
    mark = _LABEL_MARK.search(lowered, start, min(end, start + _LONGEST_LABEL))
    if mark is None:
        return None
    head = lowered[start : mark.start()].strip(" \t").lstrip(_BEFORE_LABEL).strip()
    weight = _labels().get(head.replace("-", " ").replace("\n", " "))
    return None if weight is None else (mark.end(), weight)


def _begins_with_label(line: str) -> bool:
    lowered = lower(line)
    return _label(lowered, 0, len(lowered)) is not None


# --- the reader -------------------------------------------------------------------------------------------------------


def read_impact(view: View, settings: Settings) -> Span | None:
    """Return the place of the one sentence of a reason that states the business impact best, None if none does.

    The place is that of one sentence, list item or line, without the bullet or label in front of it. Never raises.
    """
    text = view.text[:_LONGEST]
    if not text.isascii() and _CIRCLED.search(view.raw(0, len(text))):
        text = _with_bullets(view, text)
    places = _sentences(text)
    written = [text[start : min(end, start + _LONGEST_SENTENCE)] for start, end, _ in places]
    best: tuple[int, int] | None = None
    best_seen = 0
    best_score, measured = _table()["enough"], _table()["measured"]
    for (start, end, label), sentence, held in zip(places, written, _read(written), strict=True):
        score, seen = _score(sentence, held, label)
        if score < best_score:
            continue
        if best and score < best_score + measured and _gives_way(seen, best_seen):
            continue
        # Of equals the later one: the problem is told first, then what it does.
        best, best_score, best_seen = (start, end), score, seen
    return view.span(*best) if best else None


def _gives_way(threat: int, measured: int) -> bool:
    """Tell by their classes whether the first sentence says what will come, and the second one measures what is."""
    classes = _classes()
    return bool(threat & classes.threat and not threat & classes.measured) and bool(
        measured & classes.measured and not measured & classes.threat
    )


def _with_bullets(view: View, text: str) -> str:
    """Return the compared text with bullets for numbers in circles, every character at its place."""
    return "".join(
        "・" if char.isdigit() and _CIRCLED.match(view.raw(at, at + 1)) else char for at, char in enumerate(text)
    )


def names_business(clause: str) -> bool:
    """Return whether a clause speaks of people, trade or places of the business: what a stop of business stops."""
    classes = _classes()
    wanted = classes.bits["concern.people"] | classes.bits["concern.trade"] | classes.bits["concern.place"]
    return any(seen & wanted for clauses, _ in _read([clause]) for seen, _, _ in clauses)


# --- sentences under their labels -------------------------------------------------------------------------------------


def _sentences(text: str) -> list[tuple[int, int, float]]:
    """Return the sentences without bullet and label, each with the weight of an impact's label, else 0."""
    found: list[tuple[int, int, float]] = []
    lowered = lower(text)
    # A label alone on its line is a heading: it holds until the next label or blank line.
    heading, fresh = 0.0, False
    mark = _ANY_MARK.search(lowered)
    first_mark = mark.start() if mark else len(text)
    for start, end in items(text, _begins_with_label):
        if start == end:
            heading = heading if fresh else 0.0
            continue
        start = after_bullet(text, start, end)
        if end <= first_mark or not _ANY_MARK.search(lowered, start, end):
            for first, last in sentences(text, start, end):
                found.append((first, last, heading))
            fresh = False
            continue
        for piece_start, piece_end in _pieces(lowered, start, end):
            at, label = piece_start, heading
            if named := _label(lowered, piece_start, piece_end):
                at, label = named
                heading, fresh = 0.0, False
                if not text[at:piece_end].strip():
                    heading, fresh = label, True
                    continue
            fresh = False
            found += [(first, last, label) for first, last in sentences(text, at, piece_end)]
    return found


def _pieces(lowered: str, start: int, end: int) -> list[tuple[int, int]]:
    """Split an item before labels inside it: "Reason: ... Impact: ...", 【事象】…【影響】…"""
    pieces: list[tuple[int, int]] = []
    at = start
    for mark in _INNER_MARK.finditer(lowered, start, end):
        begin = mark.start() if mark[0] == "【" else _inner_label(lowered, at, mark.start())
        if begin is not None and begin > at:
            pieces.append((at, begin))
            at = begin
    pieces.append((at, end))
    return pieces


def _inner_label(lowered: str, start: int, end: int) -> int | None:
    """Return where the longest label of an impact begins that ends at `end`, inside a sentence."""
    if lowered[end - 1].isdigit():  # 08:40
        return None
    strong = _table()["label"]["weight"]
    end -= lowered[end - 1] == " "
    begin = max(start, end - _LONGEST_LABEL)
    for gap in _INNER_GAP.finditer(lowered, begin, end):
        if _labels().get(lowered[gap.end() : end].replace("-", " ").replace("\n", " ")) == strong:
            return gap.end()
    return None


# --- scores -----------------------------------------------------------------------------------------------------------


class _Held(NamedTuple):
    """What a sentence holds. `denied`: Japanese words in it deny an impact; English ones are a class."""

    clauses: list[_Clause]
    denied: bool


def _score(sentence: str, held: _Held, label: float) -> tuple[float, int]:
    """Return how clearly a sentence states an impact (the best of its clauses, or all together), and its classes."""
    if label and (is_placeholder(sentence) or _empty_answer().match(sentence.lower())):
        return 0.0, 0
    clauses = held.clauses
    together = clauses[0] if len(clauses) == 1 else _together(clauses)
    if held.denied or together[0] & _DENIAL:
        # "No user is affected, but the go-live will slip."
        parts = _read(_but().split(_unwrapped(sentence)))
        clauses = [
            clause for part, denied in parts if not denied and not _together(part)[0] & _DENIAL for clause in part
        ]
        if len(parts) == 1 or not clauses:
            return 0.0, 0
        together = _together(clauses)
    best = _weigh(together)
    if len(clauses) > 1:
        best = max(best, *map(_weigh, clauses))
    seen, technical, _ = together
    if not technical and not label and best >= _classes().clear and not seen & _classes().against:
        best = max(best, _table()["enough"])  # nothing technical, nothing about the support: it tells of the world
    return label + best, seen


def _together(clauses: list[_Clause]) -> _Clause:
    seen = technical = unlisted = 0
    for clause in clauses:
        seen |= clause[0]
        technical += clause[1]
        unlisted += clause[2]
    return seen, technical, unlisted


def _unwrapped(sentence: str) -> str:
    return sentence.replace("\n", "" if _JAPANESE.search(sentence) else " ") if "\n" in sentence else sentence


def _read(sentences: list[str]) -> list[_Held]:
    """Return what sentences hold; those of one language are read together."""
    if not sentences:
        return []
    whole = _SENTENCE_END.join(map(_unwrapped, sentences))
    if whole.isascii():
        return _read_english(whole)
    in_japanese = [_JAPANESE.search(sentence) is not None for sentence in sentences]
    if all(in_japanese):
        return _read_japanese(whole)
    if not any(in_japanese):
        return _read_english(whole)
    texts = whole.split(_SENTENCE_END)
    japanese = iter(_read_japanese(_SENTENCE_END.join(compress(texts, in_japanese))))
    english = iter(_read_english(_SENTENCE_END.join(compress(texts, map(not_, in_japanese)))))
    return [next(japanese if spoken else english) for spoken in in_japanese]


def _read_japanese(written: str) -> list[_Held]:
    text = lower(written)
    words, classes = _japanese(), _classes()
    concern, technical = classes.concern, classes.technical
    ends = [found.start() for found in _CLAUSE_END.finditer(text)]
    ends.append(len(text))
    seen = [0] * len(ends)
    terms = [0] * len(ends)
    for counted in words.counted.finditer(text):
        seen[bisect(ends, counted.start())] |= classes.counted | (classes.people if counted[1] else 0)
    for summed in words.amount.finditer(text):
        seen[bisect(ends, summed.start())] |= classes.amount
    rest: list[str] = []  # the text, with blanks for the words found
    clause = listed_until = waiting = 0
    clause_end = ends[0]
    for start, end, meaning in words.words.find(text):
        if waiting:
            # 受注テーブル is no order.
            if start > listed_until or not meaning & technical:
                seen[clause] |= waiting
            waiting = 0
        if end - start < 4 and text[start] >= "ァ" and _is_fragment(text, start, end):
            continue
        rest += text[listed_until:start], " " * (end - start)
        listed_until = end
        while clause_end <= start:
            clause += 1
            clause_end = ends[clause]
        if meaning & technical:
            terms[clause] += 1
        waiting = meaning & concern
        seen[clause] |= meaning ^ waiting
    seen[clause] |= waiting
    rest.append(text[listed_until:])
    unlisted = _unlisted("".join(rest), ends, seen, terms)
    clauses: list[_Clause] = list(zip(seen, terms, unlisted, strict=True))
    if _LATIN.search(written):
        _add_foreign(clauses, written, ends)
    denials = [head.start() for head in words.denied_head.finditer(text) if _denied().match(text, head.start())]
    held: list[_Held] = []
    first = 0
    for number, end in enumerate(ends, 1):
        if number == len(ends) or text[end] == _SENTENCE_END:
            denied = bool(denials) and denials[0] < end
            if denied:
                denials = [denial for denial in denials if denial > end]
            held.append(_Held(clauses[first:number], denied))
            first = number
    return held


def _unlisted(rest: str, ends: list[int], seen: list[int], terms: list[int]) -> list[int]:
    """Return how many words of no list each clause holds: 0 where it says what makes them count for nothing."""
    common, against = _japanese().common, _classes().against
    counts: list[int] = []
    start = 0
    for end, classes, technical in zip(ends, seen, terms, strict=True):
        if technical or classes & against:
            counts.append(0)
        else:
            found = _JAPANESE_WORD.findall(rest, start, end)
            counts.append(len(found) - sum(map(common.__contains__, found)))
        start = end
    return counts


def _add_foreign(clauses: list[_Clause], written: str, ends: list[int]) -> None:
    """Add to the clauses of Japanese sentences what their English words say."""
    start = 0
    for number, end in enumerate(ends):
        if _LATIN.search(written, start, end):
            part = _FOREIGN.sub("\x01", written[start:end].lstrip(_SENTENCE_END))
            [(english, _)] = _read_english(part, foreign=True)
            clauses[number] = _together([clauses[number], *english])
        start = end


def _is_fragment(clause: str, start: int, end: int) -> bool:
    """Tell whether a short word is only a piece of a longer one: ライン in オンライン, 家 in 専門家."""
    if clause[start] <= "ー":
        return start > 0 and "ァ" <= clause[start - 1] <= "ー"
    if end - start > 1:
        return False
    return (start > 0 and clause[start - 1] >= "一") or (end < len(clause) and clause[end] >= "一")


def _read_english(written: str, *, foreign: bool = False) -> list[_Held]:
    english, classes = _english(), _classes()
    concern, technical = classes.concern, classes.technical
    entry_of = english.words.get
    spelled = _TOKEN.findall(written)
    spelled.append(_SENTENCE_END)
    tokens = list(map(str.lower, spelled))
    sentences = written.split(_SENTENCE_END)
    held: list[_Held] = []
    clauses: list[_Clause] = []
    seen = terms = unlisted = until = 0
    counted_until = -1
    for here, entry in enumerate(map(entry_of, tokens)):
        if entry is _NOTHING or here < until:
            continue
        meaning = _UNLISTED
        if entry is not None:
            meaning, phrases = entry
            if phrases is not None:
                following = tokens[here + 1]
                if following in phrases:
                    for phrase, said in phrases[following]:
                        if len(phrase) == 2 or tokens[here : here + len(phrase)] == phrase:
                            meaning, until = said, here + len(phrase)
                            break
        if not meaning:
            continue
        token = tokens[here]
        if meaning == _UNLISTED:
            if token.isalpha():
                if len(token) > 3 and spelled[here].islower():
                    unlisted += 1
            elif token[0].isdigit():
                counted_until = here + _COUNT_REACH
                if _is_amount(tokens, here, english):
                    seen |= classes.amount
                if token.count(".") > 1:
                    terms += 1
            elif "_" in token or "$" in token or _MESSAGE_CODE.match(spelled[here]):
                terms += 1
            elif "-" in token:
                seen |= entry_of(token[: token.index("-")], _NOTHING)[0] & ~_UNLISTED  # SR-1234
            elif len(token) > 3 and spelled[here].islower():
                unlisted += 1
            continue
        if meaning == _CLAUSE:
            clauses.append((seen, terms, unlisted))
            seen = terms = unlisted = 0
            counted_until = -1
            if token == _SENTENCE_END:
                held.append(_Held(clauses, False))
                clauses = []
            continue
        if meaning & concern:
            behind = max(until, here + 1)
            # "orders table", SHOUTED names: no orders. In a Japanese sentence capitals are names of tables.
            if (
                len(token) > 3 and spelled[here].isupper() and (foreign or not sentences[len(held)].isupper())
            ) or entry_of(tokens[behind], _NOTHING)[0] & technical:
                meaning &= ~concern
            elif here <= counted_until:
                seen |= classes.counted
        if meaning & _NUMBER_WORD:
            counted_until = here + _COUNT_REACH
        if meaning & _SCALE and _is_amount(tokens, here, english):
            seen |= classes.amount
        if meaning & technical:
            terms += 1
        seen |= meaning
    return held


def _is_amount(tokens: list[str], at: int, words: _English) -> bool:
    """Tell whether a sum of money stands there: "USD 1.3 million", "9k dollars", "half a million dollars"."""
    if at and tokens[at - 1] in words.before_amount:
        return True
    behind = at + 1
    while behind < len(tokens) and behind < at + 3 and (tokens[behind] in words.scales or tokens[behind] == "of"):
        behind += 1
    return behind < len(tokens) and tokens[behind] in words.behind_amount


@lru_cache(maxsize=4_096)
def _weigh(clause: _Clause) -> float:
    """Return the score of a clause from the classes of its words; each class counts once, technical terms each."""
    seen, terms, unlisted = clause
    score, harmed = _weight_of(seen)
    classes = _classes()
    if terms:
        return score - min(classes.most_terms, classes.term_weight * terms)
    if unlisted and not seen & classes.against:
        return score + min(classes.most_world if harmed else classes.world_alone, classes.world_weight * unlisted)
    return score


@lru_cache(maxsize=4_096)
def _weight_of(seen: int) -> tuple[float, bool]:
    """Return what a set of classes weighs, technical terms aside, and whether harm is among them."""
    weights: dict[str, dict[str, float]] = {side: {} for side in _SIDES}
    for name, bit in _classes().bits.items():
        if seen & bit:
            side, _, part = name.partition(".")
            entry = _table()[side][part]
            weights[side][part] = entry["weight"]
    weights["against"].pop("technical", None)
    count = weights["harm"].pop("count", 0.0)
    concerns, harms = weights["concern"].values(), weights["harm"].values()
    score = max(concerns, default=0.0) + max(harms, default=0.0)
    score += sum(weights["effect"].values()) - sum(weights["against"].values())
    if concerns:
        score += count + _table()["second_concern"] * (len(concerns) - 1)
    return score, bool(harms) and max(harms) > 0
