"""Tells whether an answer asks outright for a telephone call (MA503)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from ma_template.patterns import late
from ma_template.readers.vocabulary import any_of, spellings
from ma_template.source import View
from ma_template.wording import table

# What could be a call, by the letters it holds. A label is no wish: "Phone: ...", "phone number", 電話：.
_SPOKEN = {
    "call": re.compile(r"call(?<!\wcall)"),
    "ring": re.compile(r"ring(?<!\wring)s?\b"),
    "phone": re.compile(r"phone(?! ?(?:no\b|number|[:/(+\d]))"),
    "buzz": re.compile(r"buzz(?<!\wbuzz)"),
    "dial": re.compile(r"dial(?<!\wdial)"),
    "bell": re.compile(r"bell(?<!\wbell)\b"),
}
_SPOKEN_JA = {
    "電話": re.compile(r"電話(?!番号(?!に|へ|まで)| ?:| ?[0-9])"),
    "折": re.compile(r"折り?返|折電|折tel"),
    "架電": re.compile("架電"),
    "コール": re.compile("コールバック"),
    "直して": re.compile(r"け直して|けなおして"),
    "tel": re.compile(r"tel(?<![a-z]tel)(?![a-z:]| ?[:0-9+(])"),
}
# How far a sentence is looked at on either side of what looks like a wish.
_LEFT, _RIGHT = 160, 90
_SENTENCE_END = late(r"[.!?;](?=\s|$)|[。！？;]|\n(?=\s*(?:\n|[-*•・■●◆>\d]|[^\W\da-z_]))")
_CLAUSE_END = late(r"[,:、()]| - ")
_OWN_SUBJECT = late(
    r"(?:,|:| -|\()\s{1,2}(?:(?:and|but|because|since|as|for|so)\s)?"
    r"(?:i|we|it|this|that|they|nobody|no one|the|our|your|my|an?|no|not|another|yet another|e?-?mails?|updates?)\s"
)
_IMPERATIVE = late(r"(?:[^\w\s]|\n|\A|\band)\s*\Z")
_SPACE = r"\s{1,2}"
# A word, or a courtesy put in: ", please, ".
_WORD = r"(?:[\w'’/-]{1,24}\s{1,2}|[\w'’/-]{1,24},\s(?:please|pls|kindly|today|if possible),\s)"


class _English(NamedTuple):
    ask: re.Pattern[str]
    whom: re.Pattern[str]
    own: re.Pattern[str]
    condition: re.Pattern[str]
    courtesy: re.Pattern[str]
    offered: re.Pattern[str]
    refused: re.Pattern[str]
    instead: re.Pattern[str]
    regular: re.Pattern[str]
    past: re.Pattern[str]


class _Japanese(NamedTuple):
    ask: re.Pattern[str]
    condition: re.Pattern[str]
    courtesy: re.Pattern[str]
    offered: re.Pattern[str]
    refused: re.Pattern[str]
    regular: re.Pattern[str]


@cache
def _english() -> _English:
    en = {role: any_of(spellings(words)) for role, words in table("words/calls")["en"].items()}
    not_behind = rf"(?![ -]{en['not_behind']})"
    done = rf"(?=\s{{0,2}}(?:$|[^\w\s])|{_SPACE}{en['whom']})"
    somebody = rf"(?!to\s)(?:{_WORD}){{1,7}}?"
    call = (
        # ring me back, telephones our DBA
        rf"(?:{en['verb']}(?!{_SPACE}(?:call|conversation|line|number)s?\b)(?P<object>(?:{_SPACE}|[,.!?]|$))"
        # give me a ring, return my call
        rf"|(?:give|gives|drop|drops){_SPACE}(?:{_WORD}){{1,3}}?an?{_SPACE}(?:{_WORD}){{0,2}}?{en['ring']}"
        rf"|(?:return|returns|answer|answers){_SPACE}(?:my|our|the|this){_SPACE}(?:phone )?calls?"
        rf"(?:{done}|{_SPACE}(?:from|of){_SPACE}(?:this|today|yesterday|noon))"
        # get back to me by phone
        rf"|{en['reach']}\s{{0,2}}(?:{_WORD}){{0,5}}?{en['by_phone']})"
    )
    leads = (
        # please, please do
        rf"{en['polite']},?{_SPACE}(?:{_WORD}){{0,2}}?(?:pick{_SPACE}up{_SPACE}the{_SPACE}phone{_SPACE}(?:and|to){_SPACE})?",
        # have a manager, ask your duty manager to; it would help if a manager could
        rf"{en['have']}{_SPACE}{somebody}",
        # a manager must
        rf"(?P<must>{en['must']}){_SPACE}(?!(?:we|i|they|you|he|she)\s)(?:{_WORD}){{0,2}}?",
        # could somebody
        rf"{en['can']}{_SPACE}{en['somebody']}{_SPACE}(?:{_WORD}){{0,4}}?",
    )
    shapes = (
        # we need to speak to a manager on the phone
        rf"(?:(?:need|want|wish|like|have){_SPACE})?to{_SPACE}{en['speak']}\s{{0,2}}(?:{_WORD}){{0,5}}?{en['by_phone']}",
        rf"(?:{'|'.join(leads)}){call}",
        # we need a call back; give me a ring
        rf"{en['wish']}{_SPACE}(?:{_WORD}){{0,3}}?(?<!to\s){en['noun']}{not_behind}",
        # callback from a manager requested
        rf"(?<![a-z]\s)call{_SPACE}(?:requested|required|needed|wanted)(?=\s*(?:$|[^\w\s]))",
        rf"{en['certain_noun']}{_SPACE}(?:(?:is|from|by|to){_SPACE}(?:{_WORD}){{0,4}}?)?{en['wanted']}",
        # call me back asap; return my call
        rf"(?P<imperative>{en['verb']}){_SPACE}(?:me|us){_SPACE}(?:{_WORD}){{0,5}}?{en['urgent']}",
        # please do not write, call me
        rf"(?P<bare>{en['verb']}){_SPACE}(?:me|us)(?=\s*(?:$|[.!]))",
        rf"(?P<order>return){_SPACE}(?:my|our){_SPACE}(?:phone )?calls?{done}",
        # can we get a call
        rf"(?:{en['can']}|may){_SPACE}(?:we|i){_SPACE}(?:please{_SPACE})?(?:get|have|expect|receive){_SPACE}(?:{_WORD}){{0,3}}?"
        rf"{en['noun']}{not_behind}",
        rf"{en['wish_to_be']}{_SPACE}(?:{_WORD}){{0,2}}?{en['called']}",
    )
    return _English(
        ask=late(rf"(?<![a-z0-9'])(?=[a-z])(?:{'|'.join(f'(?:{shape})' for shape in shapes)})", re.MULTILINE),
        whom=late(rf"{en['whom']}|\+\d|\(?\d{{2,5}}[)-]|\d{{5}}|\d{{2,4}} \d\d|$|[,.!?\n(;]"),
        own=late(rf"(?:{en['own']})\s*$"),
        condition=late(en["condition"]),
        courtesy=late(en["condition_of_courtesy"]),
        offered=late(en["offered"]),
        refused=late(rf"{en['refused']}"),
        instead=late(en["instead"]),
        regular=late(rf"{en['regular']}(?!{_SPACE}(?:{_WORD})?{en['person']})"),
        past=late(en["past"]),
    )


@cache
def _japanese() -> _Japanese:
    ja = {role: any_of(spellings(words)) for role, words in table("words/calls")["ja"].items()}
    return _Japanese(
        ask=late(rf"{ja['call']}(?:{ja['link']}| ){{0,6}}{ja['wish']}(?!{ja['not_behind']})"),
        condition=late(ja["condition"]),
        courtesy=late(ja["condition_of_courtesy"]),
        offered=late(ja["offered"]),
        refused=late(ja["refused"]),
        regular=late(ja["regular"]),
    )


def asks_for_call(view: View) -> bool:
    """Tell whether the answer asks outright for a call: "please have a manager call me back", 折り返しお電話ください.

    Not: an offer ("call me any time"), a condition ("if anything is unclear, ring me"), a wish for a meeting or for
    regular calls, a complaint that nobody called, a program's calls. Never raises; takes linear time.
    """
    text = view.text
    low = text.lower()
    if len(low) != len(text):
        text = low  # a few capitals grow: İ
    if any(_is_outright(text, low, found) for found in _near_triggers(low)):
        return True
    if not any(sign in low and spoken.search(low) for sign, spoken in _SPOKEN_JA.items()):
        return False
    return any(_is_outright_japanese(low, found) for found in _japanese().ask.finditer(low))


def _near_triggers(low: str) -> Iterator[re.Match[str]]:
    """Yield what looks like an English wish around the words that could be a call, from left to right."""
    triggers = [found.span() for sign, spoken in _SPOKEN.items() if sign in low for found in spoken.finditer(low)]
    done = 0
    for start, end in sorted(triggers):
        if end < done:
            continue
        at, stop = max(done, start - _LEFT), min(len(low), end + _RIGHT)
        while found := _english().ask.search(low, at, stop):
            yield found
            at = found.start() + 1  # "ask for a telephone call": not a telephone that calls
        done = max(done, end)


def _sentence(low: str, start: int, end: int) -> tuple[int, int]:
    """Return where the sentence around `low[start:end]` begins and ends, as far as it is looked at."""
    begin = max(0, start - _LEFT)
    for found in _SENTENCE_END.finditer(low, begin, start):
        begin = found.end()
    stop = _SENTENCE_END.search(low, end, min(len(low), end + _RIGHT))
    return begin, stop.start() if stop else min(len(low), end + _RIGHT)


def _is_outright(text: str, low: str, found: re.Match[str]) -> bool:
    words = _english()
    start, end = found.span()
    if found["object"] is not None:
        end = found.start("object")
        if not _somebody_behind(text, low, end):
            return False
    if found["must"] and words.own.search(low, max(0, start - 30), start):
        return False
    ordered = found["imperative"] or found["bare"] or found["order"]
    if ordered and not _IMPERATIVE.search(low, max(0, start - 5), start):
        return False
    begin, stop = _sentence(low, start, end)
    # What a clause with its own subject says is another matter: "ring me back, I do not want another web update".
    if own := _OWN_SUBJECT.search(low, end, stop):
        stop = own.start()
    if found["bare"] and not words.instead.search(low, begin, start):
        return False
    clause = begin
    for comma in _CLAUSE_END.finditer(low, begin, start):
        clause = comma.end()
    asked = found[0]
    if words.regular.search(low, start, min(stop, end + 40)) or words.refused.search(low, max(clause, start - 30), end):
        return False
    if words.past.search(low, end, min(stop, end + 40)) or words.past.search(low, clause, start):
        return False
    around = words.courtesy.sub(" ", low[begin:stop])
    if words.condition.search(around):
        return False
    return "back" in asked or low.startswith(" back", end) or not words.offered.search(low, begin, stop)


def _somebody_behind(text: str, low: str, at: int) -> bool:
    """Tell whether a person, a number or nothing follows the verb: not "call the procedure", "call back the API"."""
    words = _english()
    at = _skip_blanks(low, at)
    if low.startswith("back", at):
        at = _skip_blanks(low, at + len("back"))
    if at >= len(low) or words.whom.match(low, at):
        return True
    return text[at].isupper() and not text[at : at + 2].isupper()


def _skip_blanks(low: str, at: int) -> int:
    while at < len(low) and low[at] in " \t\n":
        at += 1
    return at


def _is_outright_japanese(low: str, found: re.Match[str]) -> bool:
    words = _japanese()
    start, end = found.span()
    begin, stop = _sentence(low, start, end)
    # Behind the clause something else is refused: お電話ください、Webでの回答は不要です.
    clause = _CLAUSE_END.search(low, end, stop)
    if words.refused.search(low, start, clause.start() if clause else stop):
        return False
    if words.regular.search(low, max(begin, start - 20), end):
        return False
    around = words.courtesy.sub("", low[begin:start])
    if words.condition.search(around):
        return False
    return found[0].startswith("折") or not words.offered.search(low, begin, stop)
