"""Reads who asks for management attention and how to reach them: persons, numbers, pagers, addresses.

An answer is cut into tokens: addresses and runs of digits first, then separators, brackets and the words between
them. One pass over the tokens keeps in mind what the last label announced and whose items follow.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from ma_template.patterns import late
from ma_template.readers.emails import Address, find_host_words
from ma_template.readers.labels import Kind, Label, Who, brings_in, label_at, label_before, letter_before, letter_label
from ma_template.readers.names import (
    FULL,
    GUESS,
    LABELLED,
    SINGLE,
    WEAK,
    Name,
    is_japanese,
    is_kana,
    is_reference,
    read_name,
    script,
    western_words,
)
from ma_template.readers.persons import NEAR, REQUIRED, Found, Gaps, Person, assembled, matches
from ma_template.readers.phones import Number, is_date, looks_like_phone
from ma_template.readers.placeholders import is_placeholder
from ma_template.readers.plain import read_plain
from ma_template.readers.tokens import ITEM, REST, Answer, spelled
from ma_template.readers.values import ReadContacts, Settings
from ma_template.readers.vocabulary import any_of
from ma_template.source import View
from ma_template.wording import table

_BULLET = late(r"[ >]*(?:[-+#~.]+ |\(?[0-9a-z]{1,2}[.)] |[0-9]\.(?=[^\d]))")
_SLOT = late(r"[(\[{<〈][^\n\x1e()\[\]{}<>〈〉]{1,40}[)\]}>〉]")
_GAP = late(r" *(?:-{1,3}|\.{2,}|\?+) *")
_ACCOUNT = late(r"[a-z0-9]+[._][a-z0-9._-]+")
_EDGE = " \t-.~'`“”‘’?+&"
_CUT_OFF = late(r"[a-z]{3,20}")
_VALUE = late(r"(?:[^\n\t|,;、/\x1e]|(?<=[nN])/(?=[aA])){1,200}+")
_MAIL_SIGNS = ("wrote:", "from:", "original message", "forwarded message", "差出人", "送信者", "元のメッセージ")
_OLDER_MAIL = late(
    r"^[ >]*(?:-{2,} ?(?:original message|forwarded message|元のメッセージ)|on [^\n]{5,120} wrote:"
    r"|(?:from|差出人|送信者) ?:[^\n]{1,200}\n[ >]*(?:sent|date|to|送信日時|日時|宛先) ?:)",
    re.MULTILINE,
)
_NO_DIGIT = late(r"[^0-9]+")
# Between a name and the same name in another script.
_BESIDE_ON_LINE = late(r"[^\x1e\n]{0,20}")
_BESIDE = late(r"[^\x1e\n]{0,20}(?:\n[^\x1e\n]{0,8})?")
_TELEPHONES: frozenset[Kind] = frozenset(("phone", "pager", "fax", "phs", "extension"))
_HOUSE: frozenset[Kind] = frozenset(("pager", "fax", "phs", "extension"))  # may be short
_NAMING: frozenset[Kind] = frozenset(("name", "contact", "part"))
_NAME: frozenset[Kind] = frozenset(("name",))
_VAGUE: frozenset[Kind] = frozenset(("aside", "contact", "number"))
_NOTHING: frozenset[Kind] = frozenset()
_ELSEWHERE = frozenset(("other", "absent", "chief"))


class _Pending:
    """The last label, until its value comes. Without a colon a separator puts it to sleep: it may still be joined."""

    __slots__ = ("asleep", "carried", "colon", "kinds", "order", "owner", "start", "tried")

    def __init__(
        self, kinds: frozenset[Kind], owner: Person | None, start: int, colon: bool, order: tuple[Kind, ...] = ()
    ) -> None:
        self.kinds = kinds
        self.owner = owner
        self.start = start
        self.colon = colon
        self.order = order  # the kinds as they are named, where there are several
        self.asleep = False
        self.carried = False  # stood alone on the line before
        self.tried = False  # something stood behind it that was no value


@cache
def _nothing() -> re.Pattern[str]:
    """Return the pattern of what says that somebody has no pager: 不所持."""
    return re.compile(rf"[はがをも: ]?{any_of(table('words/contacts')['nothing']['ja'])}")


def read_contacts(view: View, settings: Settings) -> ReadContacts:
    """Read the answer to the requester prompt.

    `settings.language` decides which unlabelled digits look like a number. Nothing is judged here: invalid numbers and
    addresses are given too (rulings 23, 24). The requester is the labelled person, or the first one (contract, 2).
    Never raises; takes time linear in the length of the text.
    """
    if not view.text or view.text.isspace():
        return ReadContacts()
    return read_plain(view) or read_freely(view, settings)


def read_freely(view: View, settings: Settings) -> ReadContacts:
    """Read an answer of any form, plain or not."""
    return _Reader(view, settings).read()


def _older_mail(low: str) -> int:
    """Return where an older mail begins below an answer whose closing banner is missing: its people ask for nothing."""
    if any(sign in low for sign in _MAIL_SIGNS):
        found = _OLDER_MAIL.search(low)
        if found and found.start():
            return found.start()
    return len(low) + 1


class _Reader:
    """One pass over one answer. Made for one call and thrown away."""

    def __init__(self, view: View, settings: Settings) -> None:
        self.view = view
        answer = Answer(view)
        self.items = answer.items
        self.text, self.low, self.tokens = answer.text, answer.low, answer.tokens
        self.japanese = settings.language == "ja"
        self.at = 0
        self.skip_to = 0
        self.person = Person()
        self.people = [self.person]
        self.known: dict[str, Person] = {}  # by name as written
        self.known_by_word: dict[str, Person] = {}
        self.addresses: list[Address] | None = None  # all of them, once somebody asks
        self.houses: set[str] | None = None  # what the domains of the addresses are made of
        self.pending: _Pending | None = None
        self.aside = False  # the rest of the item is about something else
        self.line_start = True
        self.brackets: list[Person] = []  # who was spoken of when each open bracket opened
        self.named_outside: bool | None = None  # whether the words before the bracket named somebody
        self.switched_here = False  # another person was brought in on this line
        self.named_here = False
        self.told_inline: Person | None = None  # somebody else whose name and item stood on one line before this one
        self.parted: Name | None = None  # a name's first part, behind "First name:"
        self.chief_next = False  # "Manager" stood alone on a line: a title, or the part of the next name
        self.last: Found | None = None
        self.gaps = Gaps()

    def read(self) -> ReadContacts:
        """Go through the tokens, then put the persons together."""
        items = self.items
        below = _older_mail(self.low)
        for at, (kind, start, end) in enumerate(self.tokens):
            if start < self.skip_to:
                continue
            if start >= below:
                break
            self.at = at
            if kind == "text":
                self._take_text(start, end)
                self.line_start = False
            elif kind == "item":
                item = items.get(start)
                if isinstance(item, Number):
                    self._take_number(item)
                elif item is not None:
                    self._take_address(item)
                self.line_start = False
            elif kind == "line":
                self._end_line()
            elif kind == "colon":
                if self.pending:
                    self.pending.colon, self.pending.asleep = True, False
            elif kind == "open":
                if not self._take_slot(start) and self.text[start] in "([{〔":
                    self.brackets.append(self.person)
            elif kind == "close":
                self._close(self.text[start])
            else:
                self._stop(self.text[start])
        return assembled(self.view, self.text, self.people, self.gaps)

    def _kind(self, index: int) -> str:
        return self.tokens[index][0]  # in front of the first token and behind the last there are line ends

    def _next(self) -> str:
        """Return the kind of the next token; of the one behind it where that is an opening bracket before an item."""
        kind = self.tokens[self.at + 1][0]
        if kind != "open":
            return kind
        if self._kind(self.at + 2) == "item":
            return "item"
        if [self._kind(self.at + ahead) for ahead in (2, 3, 4)] == ["text", "close", "item"]:
            _, start, end = self.tokens[self.at + 2]
            label = label_at(self.low, start, end)
            return "item" if label and label[1] == end else kind  # FAX(代) 03-...
        return kind

    def _behind_number(self) -> bool:
        """Tell whether this token stands right behind the last number, in brackets or not."""
        before = self.at - 1
        if self._kind(before) == "open":
            before -= 1
        return self.last is not None and self.last.token == before

    def _close(self, sign: str) -> None:
        if sign in ")]}〕":
            if self.brackets:
                self.person = self.brackets.pop()
        elif self.pending and sign != ">":
            self.pending.colon = True

    def _stop(self, sign: str) -> None:
        pending = self.pending
        if pending:
            start = self.tokens[self.at][1]
            if pending.colon:
                if sign in "○●◎◇◆△□■*" and self._take_value_placeholder(pending, start, start):
                    return  # 氏名：○○
            elif sign in "/,;、。・":
                pending.asleep = True
            elif self.text.startswith(" -", start) and self._kind(self.at + 1) == "stop":
                self._take_gap()  # "pager - | ..."
        if sign not in ", ":
            self.aside = False
        if sign in ";。|\t":
            self.named_outside = None

    def _end_line(self) -> None:
        pending = self.pending
        if pending:
            if pending.asleep or pending.carried or pending.tried or pending.kinds == {"aside"}:
                if not (pending.carried and self.line_start):  # blank lines do not count
                    self.pending = None
            else:
                pending.carried = True
        first = self.people[0]
        if (
            self.switched_here
            and self.person.names
            and not self.person.has_items
            and first.names
            and not first.has_items
        ):
            self.person = first  # "Manager: ..." as one line of a list of labels
        if self.switched_here and self.person.has_items:
            self.told_inline = self.person
        elif self.named_here:
            self.told_inline = None
        self.switched_here = self.named_here = False
        self.aside = False
        self.brackets.clear()
        self.named_outside = None
        self.last = None
        self.line_start = True

    # -----------------------------------------------------------------------------------------------------------------
    # Words: labels first, then what they announce

    def _take_text(self, start: int, end: int) -> None:
        given = start, end
        if self.line_start and (bullet := _BULLET.match(self.text, start, end)):
            start = bullet.end()
        while start < end and self.text[start] in _EDGE:
            start += 1
        while end > start and self.text[end - 1] in _EDGE:
            end -= 1
        if start == end:
            if _GAP.fullmatch(self.text, *given) and self._kind(self.at + 1) != "item":
                self._take_gap()
            return
        following = self._next()
        if following in ("colon", "item"):
            letter = letter_label(self.low, start, end)
            found = (letter, start) if letter else label_before(self.low, start, end)
            found = found or letter_before(self.low, start, end)
            if found:
                if found[1] > start:
                    self._take_words(start, found[1])
                label = found[0]
                if self.aside and label.kinds:
                    label = Label(label.kinds, None)  # 役職：課長　TEL: the title belongs to what came before
                self._take_label(label, max(start, found[1]), end, colon=False, before_item=following == "item")
                return
            if following == "item" and self._belongs_to_address(start, end):
                return
        elif self.brackets and (letter := letter_label(self.low, start, end)) and following == "close":
            self._take_label_behind(letter)
            return
        elif self._is_none(start, end):
            return
        head = label_at(self.low, start, end)
        if head is None:
            self._take_words(start, end)
        elif head[1] >= end:
            if " -" in self.text[end : given[1]]:
                self._take_open(head[0].kinds, start, given[1])  # "pager -; ..."
                if following == "stop":
                    return
            if not self._take_label_behind(head[0]):
                self._take_label(head[0], start, end, colon=False, before_item=False)
        else:
            self._take_labelled(head[0], start, head[1], end)

    def _belongs_to_address(self, start: int, end: int) -> bool:
        """Take a word that a blank cut off its address: "Karin Holm, karin holm@example.com"."""
        begin = max(start, self.text.rfind(" ", start, end) + 1)
        word = self.low[begin:end]
        if not _CUT_OFF.fullmatch(self.text, begin, end) or word in western_words():
            return False
        label = label_at(self.low, start, begin) if begin > start else None
        labelled = "email" in (label[0].kinds if label else self.pending.kinds if self.pending else _NOTHING)
        if (begin > start and not (label and labelled)) or not (labelled or self.person.names):
            return False
        place = self.tokens[self.at + 1][1]
        address = self.items.get(place)
        if not isinstance(address, Address) or self.text[end:place] != " " or word in address.address.lower():
            return False
        self.items[place] = Address(begin, address.end, self.view.text[begin : address.end])
        return True

    def _is_none(self, start: int, end: int) -> bool:
        """Take "no phone", "no pager": there is none."""
        if not self.low.startswith("no ", start):
            return False
        found = label_at(self.low, start + 3, end)
        if found is None or found[1] < end or "number" in found[0].kinds:
            return False
        self._take_open(found[0].kinds, start, end)
        return True

    def _take_label_behind(self, label: Label) -> bool:
        """Let a label behind a number say what it is: "+39 06 4567 8901 pager", 03-5555-0143（代表）."""
        kinds = label.kinds & _TELEPHONES
        if not kinds:
            return False
        if not self._behind_number() or self.last is None:
            if self._kind(self.at - 1) != "open" or self._kind(self.at + 1) != "close":
                return False
            before = self.text[: self.tokens[self.at - 1][1]][-1:]
            return before.isdigit() or before in (ITEM, REST)  # 8841（社内PHS）
        if self.last.labelled and self._kind(self.at - 1) == "open" and self._kind(self.at + 2) == "item":
            return False  # (TEL) ... (FAX) ...: the labels lead
        if "phone" not in kinds and "extension" not in kinds:
            self.last.kind = next(iter(kinds))
        return True

    def _take_labelled(self, label: Label, start: int, stop: int, end: int) -> None:
        """Take words that begin with a label without a colon: 氏名 山田, "Name Jane Doe", 電話なし."""
        parted = self.text[stop - 1] == " " or self.text[stop] == " " or not self.text[stop - 1].isalnum()
        if is_placeholder(self.text[stop:end]) and label.kinds:
            self._take_open(label.kinds, start, end)
            return
        if not parted and self.text[stop - 1 : stop] not in ("の", "は"):
            self._take_words(start, end)
            return
        if "name" in label.kinds or label.who in ("requester", "other", "absent"):
            if label.kinds <= _NAMING:
                self._take_label(label, start, stop, colon=True, before_item=False)
                self._take_words(stop, end)
                return
        elif label.who == "chief":
            name = read_name(self.text, self.low, stop, end)
            if name and any(person.names for person in self.people):
                if self._is_function(start, name):
                    return
                self._bring_in("chief")
                self._add_name(name)
                return
        elif label.kinds == {"aside"} and not self.text[stop - 1].isascii():
            self.aside = True
            return
        elif label.kinds == {"contact"}:
            self._take_words(stop, end)
            return
        elif label.kinds == {"email"} and _ACCOUNT.fullmatch(self.low, stop, end):
            self._add_address(Address(stop, end, self.view.text[stop:end]))
            return
        self._take_words(start, end)

    def _is_function(self, start: int, name: Name) -> bool:
        """Tell whether a title and what follows say what the requester does: "Jane Doe, Director Internal Controls"."""
        person = self.person
        if person.has_items or not person.names or not self.text[start].isupper():
            return False
        if self.brackets and self._kind(self.at + 1) != "close":
            return False
        return not matches(self.text, name, self._addresses())

    def _addresses(self) -> list[Address]:
        if self.addresses is None:
            self.addresses = [item for item in self.items.values() if isinstance(item, Address)]
        return self.addresses

    def _take_label(self, label: Label, start: int, end: int, *, colon: bool, before_item: bool) -> None:
        following = self._kind(self.at + 1)
        if self._in_label_brackets():
            colon, start, end = True, start - 1, end + 1
        elif following == "colon":
            colon, end = True, self.tokens[self.at + 1][2]
        owner: Person | None = None
        if label.who == "chief" and label.kinds <= _VAGUE:
            if not colon:  # a title beside a name, unless it stands alone on its line
                self.chief_next = not label.kinds and self.line_start and following in ("line", "open")
                return
            first = label.kinds and not any(person.names for person in self.people)
            label = Label(_NAME, None) if first else Label(frozenset(), "chief")
        if label.who:
            if label.kinds & _TELEPHONES or "email" in label.kinds:
                owner = self._somebody(label.who)
            elif label.who != "requester" and not colon and self._named_just_now() and not before_item:
                self.person.role = label.who  # "Dana Whitcombe, my boss"
                return
            elif label.who != "requester" and not colon and self.brackets and len(self.person.names) > 1:
                name = self.person.names.pop()  # "Jane Doe (primary), Dana Whitcombe (secondary)"
                other = self._new(label.who)
                other.names.append(name)
                self._remember(self._spelled(name), other)
                return
            else:
                self._bring_in(label.who)
        previous = self.pending
        kinds, order = label.kinds, label.order or tuple(label.kinds)
        if previous and not previous.carried and not previous.tried and kinds and previous.kinds:
            joined = not previous.colon or self._kind(self.at - 1) != "line"
            if joined and (previous.asleep or not previous.colon):
                if self._kind(self.at - 1) == "open" and not previous.asleep and previous.kinds & _HOUSE:
                    kinds = previous.kinds  # FAX(代)
                else:
                    kinds, order = kinds | previous.kinds, previous.order + order
                owner = owner or previous.owner
        if kinds or owner:
            self.pending = _Pending(kinds, owner, start, colon, order)
            if owner is None:
                self._take_asked(kinds, start, end)
            self.aside = kinds == {"aside"} and colon
        elif label.who:
            self.pending = _Pending(_NAME, None, start, colon)
            self._take_asked(_NAME, start, end)
        else:
            self.pending = None

    def _in_label_brackets(self) -> bool:
        before, start, _ = self.tokens[self.at - 1]
        return before == "open" and self.text[start] in "【〈《[<「『" and self._kind(self.at + 1) == "close"

    def _named_just_now(self) -> bool:
        return bool(self.person.names) and not self.person.has_items and not self.line_start and len(self.people) > 1

    def _bring_in(self, role: Who) -> None:
        """Turn to the person who plays this part; what follows is about them."""
        self.chief_next = False
        self.switched_here = role != "requester"
        if role == "requester":
            known = next((person for person in self.people if person.role == "requester"), None)
            if known is None and self.person.role is None and not (self.person.names and self.person.has_items):
                self.person.role = "requester"
                return
            self.person = known or self._new(role)
        elif self.person.role == role and not self.person.names and not self.person.has_items:
            return
        else:
            self.person = self._new(role)

    def _somebody(self, role: Who) -> Person:
        """Return the person of this part whom the items of one label belong to ("Manager's phone")."""
        if role == "requester":
            return next((person for person in self.people if person.role in ("requester", None)), self.people[0])
        known = [
            person for person in self.people if person.role == role or (role == "other" and person.role == "chief")
        ]
        return known[-1] if known else self._new(role)

    def _new(self, role: Who | None) -> Person:
        person = Person(role)
        self.people.append(person)
        return person

    # -----------------------------------------------------------------------------------------------------------------
    # Words that are no label

    def _take_slot(self, start: int) -> bool:
        """Take the form's own slot in the place of a value: "Name: <your name>"."""
        pending = self.pending
        if pending is None or not pending.colon or pending.tried or not _SLOT.match(self.text, start):
            return False
        return self._take_value_placeholder(pending, start, start)

    def _take_gap(self) -> None:
        """Take a dash or dots in the place of a value."""
        before = self._kind(self.at - 1)
        if self.pending and not self.pending.asleep:
            self._take_open(self.pending.kinds, self.pending.start, self.tokens[self.at][2])
            self.pending = None
        elif before in ("stop", "line") and self._kind(self.at + 1) in ("line", "stop"):
            self.gaps.bare.append(self.tokens[self.at][1:])

    def _take_open(self, kinds: frozenset[Kind], start: int, end: int) -> None:
        """Take the place of a placeholder, its label included."""
        if self.person.role not in _ELSEWHERE:
            for item in REQUIRED:
                if item in kinds:
                    self.gaps.open.setdefault(item, (start, end))

    def _take_asked(self, kinds: frozenset[Kind], start: int, end: int) -> None:
        """Take the place of a label: if its value is missing, it is missing there."""
        if self.person.role not in _ELSEWHERE:
            for item in REQUIRED:
                if item in kinds:
                    self.gaps.asked.setdefault(item, (start, end))

    def _take_words(self, start: int, end: int, *, parted: bool = False) -> None:
        while start < end and self.text[start] in _EDGE:
            start += 1
        while end > start and self.text[end - 1] in _EDGE:
            end -= 1
        if start >= end or self.aside:
            return
        pending = self.pending if self.pending and not self.pending.asleep else None
        labelled = False
        if pending:
            if pending.kinds == {"aside"}:
                self.aside = True
                return
            if pending.colon and self._take_value_placeholder(pending, start, end):
                if self.skip_to < end:
                    self._take_words(self.skip_to, end)
                return
            broken = pending.colon and "email" in pending.kinds and not pending.carried
            if broken and not pending.kinds & _NAMING and self._next() != "item":
                self._take_broken_address(start)
                return
            labelled = "name" in pending.kinds and (pending.colon or pending.carried)
            pending.tried = pending.tried or not pending.kinds & _NAMING
        if not parted and " " in self.text[start:end] and is_japanese(self.text, start, end):
            first, start = start, self._take_none(start, end)
            if start > first:
                self._take_words(start, end, parted=True)
                return
        if not labelled:
            other = brings_in(self.low, start, end)
            if other and not self.brackets:
                who, first, last = other
                if first > start:
                    self._read_words(start, first, labelled=False)
                self._bring_in(who)
                self._read_words(last, end, labelled=False, introduced=True)
                return
        if self._read_words(start, end, labelled=labelled) and pending and pending.kinds & _NAMING:
            self.pending = None

    def _take_none(self, start: int, end: int) -> int:
        """Take items that there is none of, parted by blanks: 山田 太郎　ポケベルなし. Return where the rest begins."""
        at = start
        while at < end:
            stop = self.text.find(" ", at, end) % (end + 1)
            label = label_at(self.low, at, end)
            if label and label[0].kinds & (_TELEPHONES | {"email"}) and at < label[1] < end:
                behind = self.text.find(" ", label[1] + 1, end) % (end + 1)
                if is_placeholder(self.text[label[1] : behind]) or _nothing().fullmatch(self.text, label[1], behind):
                    self._take_open(label[0].kinds, at, behind)
                    self._take_words(start, at, parted=True)
                    start = stop = behind
            at = stop + 1
        return start

    def _take_value_placeholder(self, pending: _Pending | None, start: int, end: int) -> bool:
        """Take the value of a label where it is only a placeholder, remarks behind it included."""
        value = _VALUE.match(self.text, start)
        if pending is None or value is None:
            return False
        stop = self._end_of_value(start, value.end())
        if not is_placeholder(self.text[start:stop]):
            if not start < end < stop or not is_placeholder(self.text[start:end]):
                return False
            stop = end
        if pending.owner is None:
            self._take_open(pending.kinds, pending.start, stop)
        if pending.kinds == {"contact"}:
            self.gaps.bare.append((pending.start, stop))
        self.pending = None
        self.skip_to = stop
        return True

    def _end_of_value(self, start: int, end: int) -> int:
        """Return where a value ends that another item may follow: "TBD - new mobile ordered", but "none - Jane Doe"."""
        dash = self.text.find(" - ", start, end)
        if dash > start:
            name = read_name(self.text, self.low, dash + 3, end)
            if name and name.weight >= FULL:
                return dash
        blank = self.text.find(" ", start, end)
        if blank > start and is_japanese(self.text, start, blank) and is_placeholder(self.text[start:blank]):
            return blank
        return end

    def _take_broken_address(self, start: int) -> None:
        """Take what stands under an e-mail label and has no @: it is no address (MA407, ruling 24)."""
        value = _VALUE.match(self.text, start)
        assert value is not None
        end = value.end()
        while self.text[end - 1] in _EDGE:
            end -= 1
        self.pending = None
        self.skip_to = value.end()
        words = self.low[start:end].split()
        hosts = find_host_words(self.low, start, end)
        if hosts:
            start, end = hosts[0]
        elif (
            not re.search("[a-z]", self.low[start:end])
            or is_japanese(self.text, start, end)
            or is_reference(self.low, start, end)
            or len(words) > (5 if "at" in words else 2)
            or (len(words) > 1 and not all(word.isalpha() for word in words))
        ):
            return
        self._add_address(Address(start, end, self.view.text[start:end]))

    def _read_words(self, start: int, end: int, *, labelled: bool, introduced: bool = False) -> bool:
        """Read the name, the address without an @ or the placeholder in plain words; tell whether there was a name."""
        for first, last in find_host_words(self.low, start, end):
            if self._among_items(start, first) and self._among_items(last, end):
                self._add_address(Address(first, last, self.view.text[first:last]))
                start, end = (start, first) if first > start else (last, end)
                break
        if start >= end:
            return False
        name = read_name(self.text, self.low, start, end, labelled=labelled)
        if name is None and introduced and end - start < 40:
            name = read_name(self.text, self.low, start, end, labelled=True)
        if name is None:
            if self.text[start:end].isspace():
                return False
            if not labelled and is_placeholder(self.text[start:end]) and not self.brackets:
                self.gaps.bare.append((start, end))
            if not self.brackets:
                self.named_outside = False
            return False
        beside = self.brackets and not labelled and (self.named_outside or self.person.names)
        if beside and not (self.person.has_items and self._next() == "item" and name.weight >= FULL):
            self._hand_over(name)
            return False  # a reading, a nickname, a title
        if not self.brackets:
            self.named_outside = True
        name = self._with_given_name(name, end, labelled=labelled)
        self._add_name(name, part=labelled and self.pending is not None and "part" in self.pending.kinds)
        return True

    def _hand_over(self, name: Name) -> None:
        """Give the number before a bracket to the person named inside: "415-555-0101 (Jane), 415-555-0102 (Dana)"."""
        if not self._behind_number() or self.last is None:
            return
        spelled = self._spelled(name)
        person = self.known_by_word.get(spelled)
        if self.person.numbers[-1:] != [self.last]:
            return
        if person is self.person:
            behind = [known for known in person.names[1:NEAR] if spelled in self._spelled(known).split()]
            if not behind:
                return
            person.names.remove(behind[0])  # "Jane Doe, Dana White": two persons after all
            person = self._new(None)
            person.names.append(behind[0])
            self._remember(self._spelled(behind[0]), person)
        if person:
            person.numbers.append(self.person.numbers.pop())

    def _with_given_name(self, name: Name, end: int, *, labelled: bool) -> Name:
        """Return the name with what follows its comma: "Achterberg, Gwendolyn"."""
        if len(name.words) > 1 or name.end != end or name.weight <= WEAK:
            return name
        (sign, comma, _), (words, start, end) = self.tokens[self.at + 1 : self.at + 3]
        if sign != "stop" or self.text[comma] != "," or words != "text":
            return name
        if is_japanese(self.text, name.start, end) or self._is_house(name):
            return name
        start += 1
        given = read_name(self.text, self.low, start, end)
        if given is None or given.start != start or end - given.end > 1 or given.weight <= WEAK:
            return name
        if len(given.words) > 1 and not labelled and given.words[1][1] - given.words[1][0] > 2:
            return name  # "Contoso, Jane Doe"; but "Doe, Jane Q."
        self.skip_to = end
        return Name(name.start, given.end, name.words + given.words, max(name.weight, FULL))

    def _is_house(self, name: Name) -> bool:
        """Tell whether the name is the company's, as the domain of an address says."""
        if self.houses is None:
            hosts = (item.address.lower().rpartition("@")[2] for item in self._addresses())
            self.houses = {label for host in hosts for label in host.split(".")}
        return self.low[name.start : name.end] in self.houses

    def _among_items(self, start: int, end: int) -> bool:
        """Tell whether the words beside a host name leave it an item: nothing, a name, no sentence."""
        words = self.low[start:end].split()
        return not words or (len(words) <= 4 and read_name(self.text, self.low, start, end) is not None)

    def _add_name(self, name: Name, *, part: bool = False) -> None:
        self.named_here = True
        names = self.person.names
        joined = names and not self.person.has_items and (part or names[-1] is self.parted)
        if joined and names[-1].weight == name.weight == LABELLED:
            names[-1] = names[-1]._replace(words=names[-1].words + name.words, rest=(name.start, name.end))
            self._remember(self._spelled(names[-1]), self.person)
            return
        if part:
            self.parted = name
        spelled = self._spelled(name)
        known = self.known.get(spelled) or self._known_by_short(name, spelled)
        if known:
            self.person = known
            return
        person = self.person
        if person.names and self._is_same_name(person.names[-1], name):
            # A name in two scripts: the first (ruling 23). An address may carry the other.
            person.names[-1] = person.names[-1]._replace(words=person.names[-1].words + name.words)
            self._remember(spelled, person)
            return
        if self.chief_next and person.names:
            self._bring_in("chief")
            person = self.person
        elif person.has_items and name.weight >= SINGLE and any(known.weight > GUESS for known in person.names):
            self.person = person = self._new(None)
        elif person.names and name.weight == LABELLED and any(known.weight == LABELLED for known in person.names):
            if not person.has_items:
                return  # "Name: Jane Doe / Dana Whitcombe"
            self.person = person = self._new(None)
        elif name.weight == GUESS and (person.names or len(self.people) > 1):
            return
        person.names.append(name)
        self._remember(spelled, person)

    def _is_same_name(self, first: Name, second: Name) -> bool:
        """Tell whether the second name is the first in another script: 荒牧 樹 / Tatsuki Aramaki."""
        latin = script(self.text, first.start, first.end) == "la"
        if script(self.text, first.start, first.end) == script(self.text, second.start, second.end) and (
            not is_kana(self.text, second.start, second.end) or is_kana(self.text, first.start, first.end)
        ):
            return False
        if first.weight <= WEAK or (latin and len(first.words) == 1 and first.weight < second.weight):
            return False  # Contoso / 山田 太郎
        return (_BESIDE_ON_LINE if latin else _BESIDE).fullmatch(self.text, first.end, second.start) is not None

    def _remember(self, spelled: str, person: Person) -> None:
        self.known[spelled] = person
        for word in (spelled, *spelled.split()):
            self.known_by_word[word] = person

    def _known_by_short(self, name: Name, spelled: str) -> Person | None:
        """Return the requester where one word of their name stands again: 佐藤 after 佐藤ゆかり."""
        first = self.people[0]
        if len(name.words) > 1 or len(spelled) < 2 or not first.names:
            return None
        if self._kind(self.at + 1) == "colon" and spelled in self.known_by_word:
            return self.known_by_word[spelled]  # "Jane: +1 ..."
        full = self._spelled(first.names[0])
        return first if spelled in full.split() or (full.startswith(spelled) and is_japanese(full, 0, 1)) else None

    # -----------------------------------------------------------------------------------------------------------------
    # Numbers and addresses

    def _take_number(self, number: Number) -> None:
        pending = self.pending if self.pending and not self.pending.asleep else None
        kinds = pending.kinds if pending else _NOTHING
        if kinds == {"number"} and number.number[0] == "+" and number.digits > 8:
            kinds, pending = _NOTHING, None  # "control room +358 9 555 0144"
        if self.aside or kinds == {"aside"} or kinds == {"number"}:
            if kinds != {"aside"}:
                self.pending = None
            return
        if "extension" in kinds and number.digits <= 7:
            self._take_extension(number)
            self.pending = None
            return
        kind = self._kind_of(number, pending)
        if kind is None:
            if pending and kinds & _TELEPHONES and self._kind(self.at + 1) in ("stop", "line"):
                self.pending = None  # internal phone 8841
            return
        if number.digits < 7 and pending and pending.colon and (end := self._end_of_mask(number)):
            self._take_open(kinds, pending.start, end)
            self.pending = None
            return
        owner = (pending.owner if pending else None) or self._owner("numbers")
        found = Found(number, kind, self.at, bool(kinds & _TELEPHONES), pending.order if pending else ())
        owner.numbers.append(found)
        self.last = found
        if pending and kinds & (_TELEPHONES | {"contact"}):
            self.pending = None

    def _end_of_mask(self, number: Number) -> int:
        """Return where the mask ends that the digits begin, 090-XXXX-XXXX; 0 if they do not."""
        value = _VALUE.match(self.view.text, number.start)
        if value is None:
            return 0
        if is_placeholder(value[0]):
            return value.end()
        blank = self.view.text.find(" ", number.start, value.end())  # another item may follow
        return blank if blank > 0 and is_placeholder(self.view.text[number.start : blank]) else 0

    def _kind_of(self, number: Number, pending: _Pending | None) -> Kind | None:
        """Return what the number is, None if it is nobody's."""
        kinds = pending.kinds if pending else _NOTHING
        if is_date(number.number):
            return None
        if kinds & _TELEPHONES and (
            number.digits >= 6
            or (pending is not None and pending.colon)
            or (kinds <= _HOUSE and _NO_DIGIT.search(number.number) is None)
        ):
            if "phone" in kinds or "extension" in kinds:
                return "phone"
            if "pager" in kinds:
                return "pager"
            if "phs" in kinds and number.digits >= 10:
                return "phone"
            return "fax" if "fax" in kinds else "phs"
        if self._carried_on(number):
            assert self.last is not None
            return self._second_kind(self.last)
        if self.text[number.start - 1 : number.start] == "#":
            return None
        before, behind = self._kind(self.at - 1), self._kind(self.at + 1)
        alone = before not in ("text", "item") and behind not in ("text", "item")
        if looks_like_phone(number.number, number.digits, alone=alone, japanese=self.japanese):
            return "phone"
        return None

    def _owner(self, items: Literal["numbers", "emails"]) -> Person:
        """Return whose an item is. Behind the line that told all about somebody else it is what the requester lacks."""
        if self.person is self.told_inline and not self.named_here:
            first = next((person for person in self.people if person.role in ("requester", None)), None)
            if first and first.names and not getattr(first, items):
                return first
        return self.person

    def _carried_on(self, number: Number) -> bool:
        """Tell whether the label of the number before holds for this one too: "Pager: 020-... / 020-..."."""
        if self.last is None or not self.last.labelled or number.digits < 7 or self.last.kind in ("fax", "phs"):
            return False
        between = self.tokens[self.last.token + 1 : self.at]
        if len(between) > 3 and between[0][0] == "open" and between[2][0] == "close":
            between = between[3:]  # （代表）
        return all(kind == "stop" for kind, _, _ in between)

    def _second_kind(self, first: Found) -> Kind:
        """Return what the second number behind a label is: with "TEL/FAX: a / b" the two follow the label's order."""
        others = [kind for kind in first.order if kind in ("pager", "fax") and kind != first.kind]
        if not others or first.kind != "phone" or "phone" not in first.order:
            return first.kind
        if first.order.index(others[0]) > first.order.index("phone"):
            return others[0]
        first.kind = others[0]
        return "phone"

    def _take_extension(self, number: Number) -> None:
        """Give the extension on its own (内線：4410) to the number before it; alone it is no number (ruling 14)."""
        numbers = self.person.numbers
        if numbers and numbers[-1].number.extension is None and numbers[-1].kind == "phone":
            digits = _NO_DIGIT.sub("", number.number)
            numbers[-1].number = numbers[-1].number._replace(extension=digits)

    def _take_address(self, address: Address) -> None:
        blank = address.address.find(" @")
        if (
            blank >= 0
            and address.address.count(" ") == 1
            and self.view.raw(address.start + blank, address.start + blank + 1) != " "
        ):
            # Any white space that is no plain blank is as invisible before an @ as elsewhere (ruling 6).
            address = address._replace(address=address.address.replace(" ", ""))
        self._add_address(address)

    def _add_address(self, address: Address) -> None:
        owner = (self.pending.owner if self.pending and not self.pending.asleep else None) or self._owner("emails")
        owner.emails.append(address)
        if self.pending and not self.pending.asleep and not self.pending.kinds & _TELEPHONES:
            self.pending = None

    def _spelled(self, name: Name) -> str:
        return spelled(self.view, self.text, name)
