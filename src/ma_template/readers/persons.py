"""Puts persons together: which name is theirs, whose address is whose, and who of them all is the requester."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from ma_template.patterns import late
from ma_template.readers.emails import Address
from ma_template.readers.labels import Kind, Who
from ma_template.readers.names import GUESS, Name
from ma_template.readers.phones import Number
from ma_template.readers.tokens import spelled
from ma_template.readers.values import Item, ReadContacts, ReadEmail, ReadPerson, ReadPhone
from ma_template.source import Span, View

REQUIRED: tuple[Item, ...] = ("name", "phone", "email")
# So many names and addresses of one person are compared with each other.
NEAR = 16
_NO_DIGIT = late(r"[^0-9]+")


class Found:
    """A number that was taken, and what a label behind it may still change."""

    __slots__ = ("kind", "labelled", "number", "order", "token")

    def __init__(self, number: Number, kind: Kind, token: int, labelled: bool, order: tuple[Kind, ...] = ()) -> None:
        self.number = number
        self.kind = kind
        self.token = token
        self.labelled = labelled
        self.order = order  # what its label announces, where that is several: TEL/FAX


class Person:
    """Somebody under construction. `role` is None while nothing says which part this person plays."""

    __slots__ = ("emails", "names", "numbers", "role")

    def __init__(self, role: Who | None = None) -> None:
        self.role = role
        self.names: list[Name] = []
        self.numbers: list[Found] = []
        self.emails: list[Address] = []

    @property
    def has_items(self) -> bool:
        """Return whether a number or an address was found for this person."""
        return bool(self.numbers or self.emails)


class Gaps:
    """Where items are missing, in offsets of the answer's text.

    `open`: items that hold a placeholder, label included. `asked`: the labels of the requester's items.
    `bare`: placeholders without a label; each stands for the first item that is still missing (ruling 11).
    """

    __slots__ = ("asked", "bare", "open")

    def __init__(self) -> None:
        self.open: dict[Item, tuple[int, int]] = {}
        self.asked: dict[Item, tuple[int, int]] = {}
        self.bare: list[tuple[int, int]] = []


def assembled(view: View, text: str, people: list[Person], gaps: Gaps) -> ReadContacts:
    """Return who was found: the requester is the labelled person, or the first one (contract, section 2)."""
    requester, others = _divided(text, people, gaps)
    read = read_person(view, text, requester)
    missing = [item for item, there in zip(REQUIRED, (read.name, read.phones, read.emails), strict=True) if not there]
    if not missing:
        return ReadContacts(read, tuple(read_person(view, text, person) for person in others))
    waiting = [item for item in missing if item not in gaps.open]
    places = gaps.asked | dict(zip(waiting, gaps.bare, strict=False)) | gaps.open
    return ReadContacts(
        read,
        tuple(read_person(view, text, person) for person in others),
        frozenset({item for item in missing if item in gaps.open} | set(waiting[: len(gaps.bare)])),
        tuple((item, _place(view, text, *places[item])) for item in missing if item in places),
    )


def _divided(text: str, people: list[Person], gaps: Gaps) -> tuple[Person, list[Person]]:
    people = [person for person in people if person.names or person.has_items or person.role]
    if len(people) < 2 and not (people and people[0].role in ("other", "absent")):
        return people[0] if people else Person(), []
    requester = next((person for person in people if person.role == "requester"), None)
    requester = requester or next((person for person in people if person.role is None), None)
    requester = requester or next((person for person in people if person.role == "chief"), None)
    if requester is None and not gaps.open:  # 担当：不在、代理：仁科
        requester = next((person for person in people if person.names and person.has_items), None)
    requester = requester or Person()
    others = []
    for person in people:
        if person is requester:
            continue
        if (person.role is None and _is_same(text, person, requester)) or (
            person.role == "absent" and not person.names
        ):
            requester.names += person.names
            requester.numbers += person.numbers
            requester.emails += person.emails
        elif person.names or person.has_items:
            others.append(person)
    _sort_addresses(text, requester, others)
    return requester, [person for person in others if person.role or person.has_items]


def _is_same(text: str, person: Person, requester: Person) -> bool:
    """Tell whether an unmarked name behind the requester's brings in nobody: a company, a product, a place."""
    if any(matches(text, name, person.emails) for name in person.names[:NEAR]):
        return False
    return not (requester.numbers and person.numbers) and not (requester.emails and person.emails)


def _sort_addresses(text: str, requester: Person, others: Iterable[Person]) -> None:
    """Give addresses that carry the requester's name to the requester, and the other way round."""
    for other, _ in zip(others, range(NEAR), strict=False):
        for giver, taker in ((other, requester), (requester, other)):
            for address in giver.emails[:NEAR]:
                mine = any(matches(text, name, [address]) for name in giver.names)
                theirs = any(matches(text, name, [address]) for name in taker.names)
                if theirs and not mine:
                    giver.emails.remove(address)
                    taker.emails.append(address)


def matches(text: str, name: Name, emails: list[Address]) -> bool:
    """Tell whether an address carries the name: w.vandersteen@ and Willemijn van der Steen."""
    if not emails:
        return False
    words = [_plain(text[start:end]) for start, end in name.words]
    long_words = [word for word in words if len(word) > 2]
    return any(word in _plain(email.address.partition("@")[0]) for email in emails[:NEAR] for word in long_words)


def _plain(word: str) -> str:
    """Return the letters of a word as an address would spell them."""
    word = word.lower()
    if not word.isascii():
        word = unicodedata.normalize("NFKD", word.replace("ø", "o").replace("ł", "l").replace("ß", "ss"))
    return "".join(char for char in word if char.isascii() and char.isalpha())


def _best_name(text: str, person: Person) -> Name | None:
    names = person.names
    if len(names) == 1 and names[0].weight != GUESS:
        return names[0]
    best: Name | None = None
    best_score = -1
    for name in names[:NEAR]:
        score = 2 * name.weight
        if (len(names) > 1 or not score) and matches(text, name, person.emails):
            score += 5
        elif name.weight == GUESS:
            continue
        if score > best_score:
            best, best_score = name, score
    return best


def read_person(view: View, text: str, person: Person) -> ReadPerson:
    """Return what was found of one person. `text`: the answer's compared form, what is to be passed over masked."""
    name = _best_name(text, person)
    return ReadPerson(
        spelled(view, text, name) if name else None,
        view.span(name.start, name.end) if name else None,
        _phones(view, [found.number for found in person.numbers if found.kind == "phone"]),
        _phones(view, [found.number for found in person.numbers if found.kind == "pager"]),
        _emails(view, person.emails),
    )


def _phones(view: View, numbers: list[Number]) -> tuple[ReadPhone, ...]:
    if len({number[-2:] for _, _, number, _, _ in numbers}) == len(numbers) > 1:
        numbers = sorted(numbers)
    elif len(numbers) > 1:
        # With its country code or without, it is the same number: ruling 23.
        once: dict[tuple[str, str | None], Number] = {}
        for number in sorted(numbers):
            key = _NO_DIGIT.sub("", number.number)[-9:].lstrip("0")
            once.setdefault((key, number.extension), number)
        numbers = list(once.values())
    return tuple([ReadPhone(view.span(start, end), number, extension) for start, end, number, extension, _ in numbers])


def _emails(view: View, addresses: list[Address]) -> tuple[ReadEmail, ...]:
    if len(addresses) > 1:
        once: dict[str, Address] = {}
        hosts = {address.address.rpartition("@")[2].lower() for address in addresses if "@" in address.address}
        for address in sorted(addresses):
            key = address.address.lower()
            if "@" in key or key not in hosts:  # the site of the house whose address stands beside it
                once.setdefault(key, address)
        addresses = list(once.values())
    return tuple([ReadEmail(view.span(start, end), address) for start, end, address in addresses])


def _place(view: View, text: str, start: int, end: int) -> Span:
    while end > start and text[end - 1] == " ":
        end -= 1
    while text[start] == " ":
        start += 1
    return view.span(start, end)
