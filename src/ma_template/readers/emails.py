"""Finds e-mail addresses, and what was meant to be one. Whether an address is good is for the judge to say."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from ma_template.patterns import late
from ma_template.readers.vocabulary import any_of
from ma_template.wording import table

_LATIN = "A-Za-z0-9À-ɏ"
_LOCAL = rf"[{_LATIN}._%+'&~!#$^?-]"
_HOST = rf"[{_LATIN}._-]"

# Everything around an @ that could belong to it. A blank beside the @ is a fault, and part of what was written.
_AROUND_AT = late(rf"(?<!{_LOCAL})({_LOCAL}{{0,200}}+)( ?)@+( ?)({_HOST}{{0,250}}+(?:@+{_HOST}{{0,250}}+){{0,3}}+)")
_RIGHT_OF_COMMA = late(rf"[,、]({_HOST}{{1,60}}+)(?![@{_LATIN}])")
_RIGHT_OF_SPACED_DOT = late(r"(?: \. ?|\. )([a-z]{2,4}(?:\.[a-z]{2})?)(?= ?(?:$|[\n\t,;、/|)>]))", re.MULTILINE)
# A lone word in front, no blank on either side of the comma: "karin,holm@example.com".
_LEFT_OF_COMMA = late(r"(?:^|[\n:;|<>\t]) ?[-*•・]? ?([A-Za-z][A-Za-z0-9_-]{0,30})[,、]$")
_NEXT_LINE = late(r"[ \t]*\n *([A-Za-z0-9.-]{2,60}+)(?=$|[\s,;、/|)>])")
_QUOTES = "'`*_"
_SIGN_FOR_AT = "★☆◎●■◆※"
_URL = late(r"(?:https?|ftp)://[^\s<>()\"]{1,500}|\bwww\.[^\s<>()\"]{1,250}", re.IGNORECASE)
_HOST_WORD = late(r"(?<![\w@./\\-])[a-z0-9_+-]{1,64}(?:[.#][a-z0-9_-]{1,63}){1,6}(?![\w@/\\-])")


class Address(NamedTuple):
    """An address as it stands in the text: place and compared form."""

    start: int
    end: int
    address: str


@cache
def tops() -> frozenset[str]:
    """Return the last labels of the host names that are taken for such."""
    return frozenset(table("words/contacts")["email"]["top"])


@cache
def _files() -> frozenset[str]:
    return frozenset(table("words/contacts")["email"]["file"])


@cache
def _signs_spelled_out() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what an @ spelled out is told by: the words in Latin letters, everything else."""
    words = table("words/contacts")["email"]["at"]
    latin = tuple(word for word in words if word.isascii())
    return latin, (*(word for word in words if not word.isascii()), *_SIGN_FOR_AT)


@cache
def _spelled_out() -> re.Pattern[str]:
    """Return the shape of "taro.yamada (at) example dot com"."""
    words = table("words/contacts")["email"]
    at, dot = any_of(words["at"]), any_of(words["dot"])
    dotted = rf" ?[\[({{<]? ?{dot} ?[\])}}>]? ?"
    return re.compile(
        rf"(?<![\w.+-])(?P<local>[a-z0-9._+-]{{1,64}}+(?:{dotted}[a-z0-9_+-]{{1,64}}){{0,3}})"
        rf" ?(?P<at>[\[({{<] ?(?:{at}|a) ?[\])}}>]|{at}|[{_SIGN_FOR_AT}]) ?"
        rf"(?P<domain>[a-z0-9-]{{1,63}}(?:(?:{dotted}|\.)[a-z0-9-]{{1,63}}){{1,5}})"
    )


def find_urls(low: str) -> list[tuple[int, int]]:
    """Return the places of web addresses: what stands in them is neither an address nor a number."""
    if "://" not in low and "www." not in low:
        return []
    return [found.span() for found in _URL.finditer(low)]


def find_addresses(text: str, low: str) -> list[Address]:
    """Return every address with an @, or with its name spelled out, in order; broken ones too.

    `text` is in compared form, `low` the same in lower case, character by character.
    """
    found = []
    at = 0
    while (sign := text.find("@", at)) >= 0:
        match = _AROUND_AT.search(text, max(at, text.rfind("\n", at, sign)))
        if match is None:
            break
        if address := _with_at(text, match):
            found.append(address)
        at = match.end()
    if _may_be_spelled_out(low):
        for match in _spelled_out().finditer(low):
            bare_word = match["at"] == "at"
            if not bare_word or not re.search(r"\.\w", match["domain"]) or "." in match["local"]:
                found.append(Address(*match.span(), text[slice(*match.span())]))
        found.sort()
    return found


def _may_be_spelled_out(low: str) -> bool:
    latin, others = _signs_spelled_out()
    if any(f" {word} " in low or f"{word})" in low or f"{word}]" in low or f"{word}>" in low for word in latin):
        return True
    if "(a)" in low or "[a]" in low:
        return True
    return not low.isascii() and any(sign in low for sign in others)


def _with_at(text: str, match: re.Match[str]) -> Address | None:
    local, blank_before, blank_behind, domain = match.groups()
    start, end = match.span()
    if (blank_before and local) or blank_behind:
        named = domain.rstrip(".").lower()
        if "." not in named or named.rpartition(".")[2] not in tops() or not local:
            if not local or blank_before:  # "call me @ 5pm" is no address
                return None
            domain, end = "", match.end(3) - len(blank_behind)
    elif blank_before:
        start += len(blank_before)
    while local and local[0] in _QUOTES and (len(local) == 1 or text[end : end + 1] == local[0] or local[0] != "_"):
        local, start = local[1:], start + 1
    if local and text[start - 1 : start] in (",", "、"):
        start -= _length_before_comma(text, start, local, domain)
    if not local and ("." not in domain or domain.rstrip(".").rpartition(".")[2].lower() not in tops()):
        return None  # a lone sign, or somebody's handle
    behind = text[match.end() : match.end() + 1]
    kept = domain.rstrip("._-")
    end -= len(domain) - len(kept)
    rest = _NEXT_LINE.match(text, match.end()) if behind in ("\n", " ", "\t") else None
    if rest and _is_broken(text, match.end(), domain, rest[1].lower()):
        return Address(start, rest.end(1), text[start : match.end()] + rest[1])
    if behind in (",", "、", " ", "."):
        end = _end_behind(text, kept, end)
    return Address(start, end, text[start:end].replace("、", ","))


def _length_before_comma(text: str, start: int, local: str, domain: str) -> int:
    """Return how long the part is that a comma for a dot cut off the name of an address, 0 where it cut off nothing.

    "Kuzuha,reiji@example.com" and "kuzuha,r.kuzuha@example.com" are a name and an address, "contoso,jane@contoso.com"
    a company and one.
    """
    cut = _LEFT_OF_COMMA.search(text, max(0, text.rfind("\n", 0, start), start - 48), start)
    if cut is None:
        return 0
    word = cut[1].lower()
    if cut[1][0].isupper() != local[0].isupper() or word in local.lower() or word in domain.lower().split("."):
        return 0
    return start - cut.start(1)


def _end_behind(text: str, kept: str, end: int) -> int:
    """Return where an address ends whose last dot is a comma, or has a blank beside it."""
    comma = _RIGHT_OF_COMMA.match(text, end)
    if comma and _for_a_dot(kept, comma[1].rstrip(".").lower()) and not _says_more(text, kept, comma.end()):
        return comma.start(1) + len(comma[1].rstrip("."))
    spaced = _RIGHT_OF_SPACED_DOT.match(text, end)
    return spaced.end() if spaced and kept and spaced[1].rpartition(".")[2] in tops() else end


def _is_broken(text: str, end: int, domain: str, rest: str) -> bool:
    """Tell whether the domain was wrapped: taro@tsushin. ends a full line, example.co.jp begins the next."""
    ends = domain.lower().rpartition(".")[2] in tops()
    wraps = domain.endswith(".") or "." in rest
    full = end - text.rfind("\n", 0, end) > 20
    return bool(domain) and not ends and wraps and full and rest.rpartition(".")[2] in tops()


def _for_a_dot(left: str, right: str) -> bool:
    """Tell whether the comma between the two stands for a dot: seizo,example.co.jp and example,com."""
    if right in tops() or (right.count(".") == 1 and all(label in tops() for label in right.split("."))):
        return True
    return "." not in left and "." in right and right.rpartition(".")[2] in tops()


def _says_more(text: str, left: str, end: int) -> bool:
    """Tell whether the words behind a whole address only begin like a domain: "a@example.com, no pager"."""
    dot, top = left.rpartition(".")[1:]
    return bool(dot) and top.lower() in tops() and text[end : end + 1] == " " and text[end + 1 : end + 2].isalpha()


def find_host_words(low: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return words of host-like shape, such as shimura.example.jp: an address whose @ was lost (ruling 24)."""
    if low.find(".", start, end) < 0:
        return []
    places = []
    for found in _HOST_WORD.finditer(low, start, end):
        labels = re.split(r"[.#]", found[0])
        if labels[-1] in tops() and labels[-1] not in _files() and labels[0] != "www":
            places.append(found.span())
    return places
