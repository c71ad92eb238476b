"""Tells an answer from a placeholder: TBD, N/A, "-", 未定, 後日連絡 (contract, section 3 and ruling 11)."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal, NamedTuple

from ma_template.readers.values import ReadDate, ReadType
from ma_template.readers.vocabulary import any_of, spellings
from ma_template.source import View
from ma_template.wording import table

# A placeholder with all its apologies is short; what is longer says something.
_LONGEST = 240
# What is looked at in a milestone's or a reason's answer.
_MOST_READ, _WIDEST = 4000, 500
_SENTENCE_END = re.compile(r"[。]+|[.!?]+(?= |$)|(?<=[ぁ-んァ-ヶ一-龯])[!?]+")
# Bullets, numbers, quotes and brackets around an item.
_LEFT = re.compile(r"(?:[\s\-*・•●○◦■□▪◆◇▶►>|'\"`「『(\[{<〈《【_~:=#※→,、]|[0-9①-⑳]{1,2}[.)] )*")
_RIGHT = " \t-*・'\"`」』)]}>〉》】_~:;,.!?。、…#|"
_NUMBERED = re.compile(r"^[ \t\-*・•(「]*[0-9a-z]{1,2}[.)] ")
# What may stand around a slot of a form, "<name>".
_BEFORE_SLOT, _BEHIND_SLOT = " \t-*・•●■□◆▶※>(「『'\"", " \t)」』'\"。.,:;"
# Characters that only fill a gap, though Unicode calls them letters.
_FILLERS = "ー〇々"
_MASK = re.compile(r"[\dx×○〇◯△*#?_+\-() /.:@年月日時分]+")
_MASKED = re.compile(r"^x$|[x×○〇◯△*#?]{2}|[x○〇◯][年月日時分]")
# "ご連絡" is 連絡, "追って、ご連絡" is 追って連絡.
_POLITENESS = re.compile(r"[ご御](?=[一-龯])|(?<=後日|別途|次第|ほど|って)、")
_FIRST_LETTER = re.compile(r"[A-Za-z]+|[^\W\d_ー々〇ご御]")
_FIRST_WORD = re.compile(r"[a-z]+|.", re.DOTALL)
_CONTACT = re.compile(r"@|\+\d|\b0\d{1,4}-\d{1,4}-\d{3}")
# "no later" is not "later".
_DENIED = re.compile(r"\b(?:no|not|than) $")
_MOST_IN_A_ROW = 4
# What parts a closed word from a remark behind it, and an item from its word.
_BREAK = re.compile(r" {0,3}(?:[\-,、;/|(\[~→※…。]|[.!?](?: |$)|\.\.)")

Item = Literal["dates", "type", "impact", "other"]


class _Wording(NamedTuple):
    first_words: frozenset[str]
    items: dict[str, re.Pattern[str]]
    anything: re.Pattern[str]
    going_on: re.Pattern[str]
    pending: re.Pattern[str]
    none: re.Pattern[str]
    tail: re.Pattern[str]
    preposition: re.Pattern[str]
    remark: re.Pattern[str]
    courtesy: re.Pattern[str]
    slot: re.Pattern[str]


@cache
def _wording() -> _Wording:
    words = table("words/placeholders")
    going_on, tails = words["open"], words["tails"]
    names = {item: any_of(spellings(spelt)) for item, spelt in words["items"].items()}
    every_name = f"(?:{'|'.join(names.values())})"
    before, after = any_of(words["links"]["before_item"]), any_of(words["links"]["after_item"])

    def about(name: str) -> str:
        """An item that is spoken of, up to what is said of it: "our final date is still ", "期日は、"."""
        return rf"(?:{before} ?){{0,3}}{name}(?: ?[:=\-,、;] ?| ?{after} ?| ){{0,3}}"

    heads = [words[part] for part in ("none", "pending", "items", "links", "slots")]
    heads += [going_on[part] for part in ("en", "before_verb", "promise")]
    first_words = {found[0] for word in spellings(heads) if (found := _FIRST_WORD.match(word))}
    passive = f"{any_of(going_on['before_verb'])} (?:be )?{any_of(going_on['verb'])}"
    slot_verbs = any_of(words["slots"]["verbs"])
    subject = "(?:(?:we|i|it|they) )?"
    return _Wording(
        first_words=frozenset(first_words | {"we", "i", "it", "they"}),
        items={item: re.compile(about(name)) for item, name in names.items()},
        anything=re.compile(rf"(?:(?:{before}|{after}|{every_name})[ :=\-,、;]{{0,3}}){{0,6}}"),
        going_on=re.compile(rf"(?:{any_of(going_on['en'])}|{subject}(?:{any_of(going_on['promise'])}|{passive}))"),
        pending=re.compile(any_of(spellings(words["pending"]))),
        none=re.compile(f"(?:no (?:{names['dates']}|{names['other']})|{any_of(spellings(words['none']))})"),
        tail=re.compile(rf"(?: {{0,2}}(?:{any_of(tails['en'])}|{any_of(tails['ja'])})){{0,5}}"),
        preposition=re.compile(f" {any_of(tails['prepositions'])}"),
        remark=re.compile(any_of(words["beside"]["remark"])),
        courtesy=re.compile(any_of(words["beside"]["courtesy"])),
        slot=re.compile(
            rf"{any_of(words['slots']['words'])}|[<\[{{〈](?:{slot_verbs} ){{0,2}}{every_name}(?: here)?[>\]}}〉]"
        ),
    )


def is_placeholder(text: str) -> bool:
    """Tell whether an item or a whole answer says nothing but that its value is still open, or that there is none.

    `text` is in compared form (`View.text`) and may have several lines: then all of them have to be placeholders.
    Blank text is no placeholder (it is simply missing); nor is a real answer that begins with such a word ("None of
    our users can log in"), or the statement that there is no impact. Never raises.
    """
    first = _FIRST_LETTER.search(text)
    word = first[0].lower().strip("x") if first else ""
    if word and word not in _wording().first_words and not _MASKED.search(text[:_LONGEST].lower()):
        return False
    if len(text) > _LONGEST:
        return not _has_words(text) and not text.isspace()
    if not _has_words(text):
        return bool(text) and not text.isspace()
    if _CONTACT.search(text) and not _MASK.fullmatch(_bare(text.strip().casefold())):
        return False
    found = False
    for line in text.casefold().split("\n"):
        for sentence in _SENTENCE_END.split(_NUMBERED.sub("", line)):
            if not _has_words(sentence):
                continue
            if _says_nothing(sentence):
                found = True
            elif not _wording().courtesy.fullmatch(_bare(sentence)):
                return False
    return found


def milestone_placeholders(
    view: View, dates: tuple[ReadDate, ...], kind: ReadType | None
) -> frozenset[Literal["dates", "type"]]:
    """Tell which required items of a milestone's answer are only placeholders; what was read is never one.

    "Go-live, date TBD" leaves the dates open, "Date: 2026-12-01, Type: TBD" the type. A bare placeholder stands for
    the first item that is still missing (ruling 11). `dates` and `kind` are what the other readers found in `view`.
    """
    missing: list[Literal["dates", "type"]] = []
    if kind is None:
        missing.append("type")
    if not dates:
        missing.append("dates")
    if not missing:
        return frozenset()
    words = _wording()
    open_items: set[Literal["dates", "type"]] = set()
    bare = False
    for line in _lines(view):
        claimed: set[int] = set()
        for item in ("dates", "type"):
            for named in words.items[item].finditer(line):
                said = _open_point(line, named.end(), none=True, listed=True)
                if said is not None:
                    claimed.add(named.end())
                    if item in missing:
                        open_items.add(item)
        starts = {found.start() for pattern in (words.going_on, words.pending) for found in pattern.finditer(line)}
        bare = bare or any(_open_point(line, start, listed=True) is not None for start in starts - claimed)
        bare = bare or any(part and _bare(part) == "" for part in re.split(r" *[,、;/|] *", line) if part.strip())
    if bare and not open_items:
        open_items.add(missing[0])
    return frozenset(open_items)


def impact_placeholder(view: View) -> bool:
    """Tell whether the answer names the impact and leaves it open: "Business impact: to be confirmed", 影響調査中."""
    words = _wording()
    for line in _lines(view):
        for named in words.items["impact"].finditer(line):
            if _open_point(line, named.end()) is not None:
                return True
    return False


def _lines(view: View) -> list[str]:
    """Return the first lines of an answer, each without its politeness and what is beyond the width of any form."""
    lines = view.text[:_MOST_READ].casefold().split("\n")
    return [_POLITENESS.sub("", line[:_WIDEST]) for line in lines]


def _has_words(text: str) -> bool:
    return any(char.isalnum() and char not in _FILLERS for char in text)


def _bare(sentence: str) -> str:
    """Return the sentence without bullets, brackets and punctuation around it, and without its politeness."""
    left = _LEFT.match(sentence)
    return _POLITENESS.sub("", sentence[left.end() if left else 0 :].rstrip(_RIGHT))


def _says_nothing(sentence: str) -> bool:
    words = _wording()
    if words.slot.fullmatch(sentence.lstrip(_BEFORE_SLOT).rstrip(_BEHIND_SLOT)):
        return True
    bare = _bare(sentence)
    if not _has_words(bare) or (_MASK.fullmatch(bare) and _MASKED.search(bare)) or words.slot.fullmatch(bare):
        return True
    first_word = _FIRST_WORD.match(bare)
    if first_word is None or first_word[0] not in words.first_words:
        return False
    if _open_point(bare, 0, none=True) is not None:
        return True
    item = words.anything.match(bare)
    if item is None or not item.end():
        return False
    about_impact = words.items["impact"].search(bare, 0, item.end()) is not None
    rest = bare[item.end() :]
    if _MASK.fullmatch(rest) and _MASKED.search(rest):
        return True
    return _open_point(bare, item.end(), none=not about_impact) is not None


def _open_point(text: str, start: int, *, none: bool = False, listed: bool = False) -> int | None:
    """Return where the placeholder that begins at `start` ends, None if there is none.

    A closed word ("pending", "none") counts only where the item ends behind it or a remark is parted from it. In a
    list (`listed`) a blank ends a Japanese item too.
    """
    words = _wording()
    going_on = words.going_on.match(text, start)
    if going_on is not None:
        return going_on.end()
    closed = None if _DENIED.search(text, max(0, start - 6), start) else words.pending.match(text, start)
    pending = closed is not None
    if closed is None and none:
        closed = words.none.match(text, start)
    if closed is None:
        return None
    end = closed.end()
    for _ in range(_MOST_IN_A_ROW):  # 確認中のため後日連絡
        tail = words.tail.match(text, end)
        end = tail.end() if tail else end
        again = words.pending.match(text, end) if pending else None
        if again is None:
            break
        end = again.end()
    rest = text[end : end + _LONGEST].strip(_RIGHT)
    if not rest or _BREAK.match(text, end):
        return end
    if listed and text[end] == " " and not text[end - 1].isascii():
        return end
    if pending and (words.preposition.match(text, end) or (text[end] == " " and words.remark.search(rest))):
        return end
    return None
