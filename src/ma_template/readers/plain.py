"""Reads plain contact answers fast: one person, one item a line, with or without its label.

Most people fill the template in like that. Whatever is not plain is left to the general reader in `contacts.py`; where
this one answers, the two agree (tests/readers/test_contacts.py).
"""

from __future__ import annotations

import re
from functools import cache

from ma_template.patterns import late
from ma_template.readers.emails import Address, tops
from ma_template.readers.labels import Kind, brings_in, label_at, whole_label
from ma_template.readers.names import GUESS, is_japanese, read_name
from ma_template.readers.persons import Found, Person, read_person
from ma_template.readers.phones import Number
from ma_template.readers.placeholders import is_placeholder
from ma_template.readers.values import ReadContacts
from ma_template.readers.vocabulary import spellings
from ma_template.source import View
from ma_template.wording import table

# Numbers of an unmistakable shape: with blanks only, or with hyphens behind the country code.
_NUMBER = (
    r"(?:\+[0-9]{1,3}(?:(?:[ ][0-9]{1,5}){1,4}[ ][0-9]{3,5}|[ -][0-9]{1,5}(?:-[0-9]{3,5}){1,3})"
    r"|0[0-9]{1,4}(?:-[0-9]{3,4}){2})"
)
_EXTENSION = r"(?:,?[ ]?(?:ext\.?|内線)[ ]?(?P<bare>[0-9]{1,6})|[ ]?\((?:ext\.?|内線)[ :]?(?P<inside>[0-9]{1,6})\))"
_LINE = late(
    rf"""[ ]*+(?:[-*•・■●◆][ ]?)?(?:(?P<label>[^\W\d_][^\n:()\[\]@,;/|、。…]{{0,30}}):[ ]*+)?
    (?:(?P<number>{_NUMBER}){_EXTENSION}?
    | (?P<address>[A-Za-z0-9][A-Za-z0-9._+-]{{0,60}}@(?:[A-Za-z0-9-]{{1,60}}\.){{1,4}}(?P<top>[A-Za-z]{{2,10}}))
    | (?P<words>[^\W\d_]{{1,20}}(?:[ ][^\W\d_]{{1,20}}){{0,3}})
    | (?P<none>[nN]/[aA]|-++))?[ ]*+$""",
    re.VERBOSE | re.MULTILINE,
)
_MOST_LINES = 12
_NUMBERS: frozenset[Kind | None] = frozenset((None, "phone", "pager", "fax"))


@cache
def _none() -> frozenset[str]:
    return frozenset(spellings(table("words/placeholders")["none"]))


def read_plain(view: View) -> ReadContacts | None:
    """Return name, numbers and addresses of an answer that is plain and lacks nothing, None for any other."""
    text = view.text
    low = text.lower()
    if len(low) != len(text) or text.count("\n") > _MOST_LINES:
        return None
    person = Person()
    at = 0
    while at < len(text):
        line = _LINE.match(text, at)
        if line is None or not _take(line, low, text, person):
            return None
        at = line.end() + 1
    if not (person.names and person.emails and any(found.kind == "phone" for found in person.numbers)):
        return None
    return ReadContacts(read_person(view, text, person))


def _take(line: re.Match[str], low: str, text: str, person: Person) -> bool:
    """Take what stands on one line; tell whether it is plain."""
    kind: Kind | None = None
    what = line.lastgroup
    if line["label"]:
        start, end = line.span("label")
        label = whole_label(low[start:end].rstrip(" ."))
        if label is None or what == "label" or len(label.kinds) + (label.who is not None) != 1:
            return False
        if label.who not in (None, "requester"):
            return False
        (kind,) = label.kinds or ("name",)
    if what is None:
        return True
    if line["words"]:
        return _take_words(*line.span("words"), low, text, kind, person)
    if line["number"]:
        return kind in _NUMBERS and _take_number(line, text, kind or "phone", person)
    if line["address"]:
        start, end = line.span("address")
        person.emails.append(Address(start, end, text[start:end]))
        return kind in (None, "email") and line["top"].lower() in tops()
    return kind == "pager"


def _take_words(start: int, end: int, low: str, text: str, kind: Kind | None, person: Person) -> bool:
    if kind == "pager":
        return low[start:end] in _none() or is_placeholder(text[start:end])
    if kind not in (None, "name") or person.names or is_placeholder(text[start:end]):
        return False
    starts = [start]
    blank = text.find(" ", start, end)
    if blank > 0 and is_japanese(text, start, end):
        if is_placeholder(text[start:blank]):
            return False
        starts += [at + 1 for at in range(blank, end) if text[at] == " "]
    if any(label_at(low, at, end) for at in starts) or (kind is None and brings_in(low, start, end)):
        return False
    name = read_name(text, low, start, end, labelled=kind == "name")
    if name is None or name.weight == GUESS:
        return False
    person.names.append(name)
    return True


def _take_number(line: re.Match[str], text: str, kind: Kind, person: Person) -> bool:
    start, end = line.span("number")
    number = text[start:end]
    digits = sum(map(str.isdigit, number))
    extension = line["bare"] or line["inside"]
    if extension:
        end = line.end("bare") if line["bare"] else line.end("inside") + 1
    person.numbers.append(Found(Number(start, end, number, extension, digits), kind, 0, labelled=True))
    return 9 <= digits <= 13
