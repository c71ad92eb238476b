"""Tells an answer from a placeholder: TBD, N/A, "-", 未定, 後日連絡 (contract, section 3 and ruling 11).

Most answers are none, and their first word shows it: no placeholder begins so. The vocabularies are built when an
answer first needs them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, Literal, NamedTuple

from ma_template.patterns import late
from ma_template.readers.values import ReadDate, ReadType
from ma_template.readers.vocabulary import Vocabulary, forms, spellings
from ma_template.source import View
from ma_template.wording import table

# A placeholder with all its apologies is short; what is longer says something.
_LONGEST = 240
# What is looked at in a milestone's or a reason's answer.
_MOST_READ, _WIDEST = 4000, 500
_SENTENCE_END = late(r"[。]+|(?<![.!?])[.!?]++(?= |$)|(?<=[ぁ-んァ-ヶ一-龯])[!?]+")
# Bullets, numbers, quotes and brackets around an item.
_LEFT = late(r"(?:[\s\-*・•●○◦■□▪◆◇▶►>|'\"`「『(\[{<〈《【_~:=#※→,、]|[0-9①-⑳]{1,2}[.)] )*")
_RIGHT = " \t-*・'\"`」』)]}>〉》】_~:;,.!?。、…#|"
_NUMBERED = late(r"^[ \t\-*・•(「]*[0-9a-z]{1,2}[.)] ")
# What may stand around a slot of a form, "<name>".
_BEFORE_SLOT, _BEHIND_SLOT = " \t-*・•●■□◆▶※>(「『'\"", " \t)」』'\"。.,:;"
_OPENS_SLOT, _CLOSES_SLOT = "<[{〈", ">]}〉"
# Characters that only fill a gap, though Unicode calls them letters.
_FILLERS = "ー〇々"
_MASK = late(r"[\dx×○〇◯△*#?_+\-() /.:@年月日時分]+")
_MASKED = late(r"^x$|[x×○〇◯△*#?]{2}|[x○〇◯][年月日時分]")
_MASK_LETTERS = frozenset("x年月日時分")
# "ご連絡" is 連絡, "追って、ご連絡" is 追って連絡.
_POLITENESS = late(r"[ご御](?=[一-龯])|(?<=後日|別途|次第|ほど|って)、")
# The first words, or characters of another script, by which a placeholder is told from most answers.
_HEAD = late(r"[A-Za-z]+(?:[ \-\n]{1,3}[A-Za-z]+){0,2}|[^\W\d_ー々〇ご御A-Za-z].{0,2}", re.DOTALL)
_LATIN_GAP = late(r"[ \-\n]+")
_GAP = late(r" {2,}")
_CONTACT = late(r"@|\+\d|\b0\d{1,4}-\d{1,4}-\d{3}")
# "no later" is not "later".
_DENIED = late(r"\b(?:no|not|than) $")
_MOST_IN_A_ROW, _MOST_LINKS, _MOST_TAILS, _MOST_NAMED = 4, 3, 5, 6
# What parts a closed word from a remark behind it, and an item from its word.
_BREAK = late(r" {0,3}(?:[\-,、;/|(\[~→※…。]|[.!?](?: |$)|\.\.)")
_LINK = late(r" ?[:=\-,、;] ?")
_NAMED_GAP = late(r"[ :=\-,、;]{0,3}")

Item = Literal["dates", "type", "impact", "other"]


class _Line(NamedTuple):
    """A text as its shape is looked at, and with blanks for hyphens as words are looked up in it."""

    text: str
    flat: str


def _line(text: str) -> _Line:
    if "  " in text:
        text = _GAP.sub(" ", text)
    return _Line(text, text.replace("-", " ").replace("\n", " "))


def _table() -> dict[str, Any]:
    return table("words/placeholders")


def _vocabulary(*entries: Any) -> Vocabulary[bool]:
    return Vocabulary((word, True) for entry in entries for word in spellings(entry))


@cache
def _heads() -> frozenset[str]:
    """Return the first words, up to three, or characters of another script that a placeholder may begin with."""
    words = _table()
    going_on = words["open"]
    parts = [words[part] for part in ("none", "pending", "items", "links", "slots")]
    parts += [going_on[part] for part in ("en", "before_verb", "promise")]
    heads = {"we", "i", "it", "they"}
    for part in parts:
        for word in spellings(part):
            heads.update(found[0] for form in forms(word) if (found := _HEAD.match(form)))
    return frozenset(heads)


def _may_begin(text: str) -> bool:
    """Tell whether a placeholder may begin as a text does."""
    head = _HEAD.search(text)
    if head is None:
        return True
    heads, word = _heads(), head[0].lower()
    if word[0] in _MASK_LETTERS or word in heads:
        return True
    if word.isascii():
        words = _LATIN_GAP.split(word, 2)
        return words[0] in heads or (len(words) > 1 and f"{words[0]} {words[1]}" in heads) or " ".join(words) in heads
    return word[:2] in heads or word[0] in heads


@cache
def _pending() -> Vocabulary[bool]:
    return _vocabulary(_table()["pending"])


@cache
def _none() -> Vocabulary[bool]:
    items = _table()["items"]
    nothing = [f"no {name}" for item in ("dates", "other") for name in spellings(items[item])]
    return _vocabulary(_table()["none"], nothing)


@cache
def _open() -> Vocabulary[bool]:
    return _vocabulary(_table()["open"]["en"])


@cache
def _promises() -> Vocabulary[bool]:
    return _vocabulary(_table()["open"]["promise"])


@cache
def _before_verb() -> Vocabulary[bool]:
    return _vocabulary(_table()["open"]["before_verb"])


@cache
def _verbs() -> Vocabulary[bool]:
    return _vocabulary(_table()["open"]["verb"])


@cache
def _subjects() -> Vocabulary[bool]:
    return _vocabulary(["we", "i", "it", "they"])


@cache
def _beginnings() -> Vocabulary[bool]:
    """Return how an open point may begin, whatever follows."""
    words = _table()["open"]
    return _vocabulary(words["en"], words["promise"], words["before_verb"], ["we", "i", "it", "they"])


@cache
def _names(item: Item) -> Vocabulary[bool]:
    return _vocabulary(_table()["items"][item])


@cache
def _behind_item() -> Vocabulary[bool]:
    return _vocabulary(_table()["links"]["after_item"])


@cache
def _named() -> Vocabulary[bool]:
    """Return the items, and what may stand beside them."""
    return _vocabulary(_table()["links"], _table()["items"])


@cache
def _tails() -> Vocabulary[bool]:
    return _vocabulary(_table()["tails"]["en"], _table()["tails"]["ja"])


@cache
def _prepositions() -> Vocabulary[bool]:
    return _vocabulary(_table()["tails"]["prepositions"])


@cache
def _slots() -> frozenset[str]:
    return frozenset(form for word in spellings(_table()["slots"]["words"]) for form in forms(word))


@cache
def _slot_verbs() -> Vocabulary[bool]:
    return _vocabulary(_table()["slots"]["verbs"])


@cache
def _courtesies() -> frozenset[str]:
    return frozenset(spellings(_table()["beside"]["courtesy"]))


def is_placeholder(text: str) -> bool:
    """Tell whether an item or a whole answer says nothing but that its value is still open, or that there is none.

    `text` is in compared form (`View.text`) and may have several lines: then all of them have to be placeholders.
    Blank text is no placeholder (it is simply missing); nor is a real answer that begins with such a word ("None of
    our users can log in"), or the statement that there is no impact. Never raises.
    """
    if not _may_begin(text):
        return False
    if len(text) > _LONGEST:
        return not _has_words(text) and not text.isspace()
    if not _has_words(text):
        return bool(text) and not text.isspace()
    found = False
    for line in text.casefold().split("\n"):
        for sentence in _SENTENCE_END.split(_NUMBERED.sub("", line)):
            if not _has_words(sentence):
                continue
            if _says_nothing(sentence):
                found = True
            elif _bare(sentence) not in _courtesies():
                return False
    if found and _CONTACT.search(text):
        return _MASK.fullmatch(_bare(text.strip().casefold())) is not None
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
    open_items: set[Literal["dates", "type"]] = set()
    bare = False
    for line in _lines(view):
        claimed: set[int] = set()
        for item in ("dates", "type"):
            for end in _ends_of_names(line, item):
                if _open_point(line, end, none=True, listed=True) is not None:
                    claimed.add(end)
                    if item in missing:
                        open_items.add(item)
        bare = bare or any(_open_point(line, start, listed=True) is not None for start in _starts(line) - claimed)
        bare = bare or any(_bare(part.strip()) == "" for part in re.split("[,、;/|]", line.text) if part.strip())
    if bare and not open_items:
        open_items.add(missing[0])
    return frozenset(open_items)


def impact_placeholder(view: View) -> bool:
    """Tell whether the answer names the impact and leaves it open: "Business impact: to be confirmed", 影響調査中."""
    return any(_open_point(line, end) is not None for line in _lines(view) for end in _ends_of_names(line, "impact"))


def _ends_of_names(line: _Line, item: Item) -> Iterator[int]:
    """Yield where items end that are spoken of, up to what is said of them: "our final date is still ", "期日は"."""
    for _, end, _ in _names(item).find(line.text):
        for _ in range(_MOST_LINKS):
            link = _LINK.match(line.text, end)
            behind = end + 1 if line.text[end : end + 1] == " " else end
            if link:
                end = link.end()
            elif (word := _behind_item().match(line.flat, behind)) is not None:
                end = word + 1 if line.text[word : word + 1] == " " else word
            else:
                end = behind
        yield end


def _starts(line: _Line) -> set[int]:
    """Return where something is said that may leave a point open."""
    starts = {start for start, _, _ in _pending().find(line.text)}
    until = 0
    for start, _, _ in _beginnings().find(line.text):
        if start >= until and (end := _going_on(line.flat, start)) is not None:
            starts.add(start)
            until = end
    return starts


def _lines(view: View) -> list[_Line]:
    """Return the first lines of an answer, each without its politeness and what is beyond the width of any form."""
    lines = view.text[:_MOST_READ].casefold().split("\n")
    return [_line(_POLITENESS.sub("", line[:_WIDEST])) for line in lines]


def _has_words(text: str) -> bool:
    return any(char.isalnum() and char not in _FILLERS for char in text)


def _bare(sentence: str) -> str:
    """Return the sentence without bullets, brackets and punctuation around it, and without its politeness."""
    left = _LEFT.match(sentence)
    return _POLITENESS.sub("", sentence[left.end() if left else 0 :].rstrip(_RIGHT))


def _says_nothing(sentence: str) -> bool:
    bare = _bare(sentence)
    if (_MASK.fullmatch(bare) and _MASKED.search(bare)) or not _has_words(bare):
        return True
    if _is_slot(sentence.lstrip(_BEFORE_SLOT).rstrip(_BEHIND_SLOT)) or _is_slot(bare):
        return True
    if not _may_begin(bare):
        return False
    line = _line(bare)
    if _open_point(line, 0, none=True) is not None:
        return True
    end = 0
    for _ in range(_MOST_NAMED):
        named = _named().match(line.flat, end)
        if named is None:
            break
        gap = _NAMED_GAP.match(line.text, named)
        end = gap.end() if gap else named
    if not end:
        return False
    rest = line.text[end:]
    if _MASK.fullmatch(rest) and _MASKED.search(rest):
        return True
    about_impact = bool(_names("impact").find(line.text[:end]))
    return _open_point(line, end, none=not about_impact) is not None


def _is_slot(text: str) -> bool:
    """Tell whether a text is the slot of a form, to be filled: "<name>", "[insert date here]", yyyy/mm/dd."""
    flat = text.replace("-", " ")
    if flat in _slots():
        return True
    if text[:1] not in _OPENS_SLOT or text[-1:] not in _CLOSES_SLOT or not text:
        return False
    at = 1
    for _ in range(2):
        verb = _slot_verbs().match(flat, at)
        at = verb + 1 if verb is not None and flat[verb : verb + 1] == " " else at
    rest = flat[at:-1].removesuffix(" here")
    return any(_names(item).match(rest, 0) == len(rest) for item in ("dates", "type", "impact", "other"))


def _going_on(flat: str, start: int) -> int | None:
    """Return where "TBD", "to be confirmed", "we will let you know" ends, None if it does not stand there."""
    end = _open().match(flat, start)
    if end is not None:
        return end
    subject = _subjects().match(flat, start)
    if subject is not None and flat[subject : subject + 1] == " ":
        start = subject + 1
    end = _promises().match(flat, start)
    if end is not None:
        return end
    head = _before_verb().match(flat, start)
    if head is None or flat[head : head + 1] != " ":
        return None
    return _verbs().match(flat, head + 4 if flat.startswith("be ", head + 1) else head + 1)


def _open_point(line: _Line, start: int, *, none: bool = False, listed: bool = False) -> int | None:
    """Return where the placeholder that begins at `start` ends, None if there is none.

    A closed word ("pending", "none") counts only where the item ends behind it or a remark is parted from it. In a
    list (`listed`) a blank ends a Japanese item too.
    """
    text, flat = line
    going_on = _going_on(flat, start)
    if going_on is not None:
        return going_on
    end = None if _DENIED.search(text, max(0, start - 6), start) else _pending().match(flat, start)
    pending = end is not None
    if end is None and none:
        end = _none().match(flat, start)
    if end is None:
        return None
    for _ in range(_MOST_IN_A_ROW):  # 確認中のため後日連絡
        end = _end_of_tails(flat, end)
        again = _pending().match(flat, end) if pending else None
        if again is None:
            break
        end = again
    rest = text[end : end + _LONGEST].strip(_RIGHT)
    if not rest or _BREAK.match(text, end):
        return end
    if text[end] != " ":
        return None
    if listed and not text[end - 1].isascii():
        return end
    if pending and (_prepositions().match(flat, end + 1) is not None or _is_remark(rest)):
        return end
    return None


def _end_of_tails(flat: str, end: int) -> int:
    """Return where the words end that follow a closed word without making it a statement."""
    for _ in range(_MOST_TAILS):
        behind = end + 1 if flat[end : end + 1] == " " else end
        tail = _tails().match(flat, behind)
        if tail is None:
            break
        end = tail
    return end


def _is_remark(text: str) -> bool:
    """Tell whether words behind a blank go on about the open point: "未定 12月中に決定予定"."""
    return any(word in text for word in spellings(_table()["beside"]["remark"]))
