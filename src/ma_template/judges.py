"""Says whether a telephone number or an e-mail address is a good one: the only callers of the two libraries for it.

Both libraries are heavy; they are imported when the first number, or the first address that is not plain, is judged.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from ma_template.patterns import late
from ma_template.wording import table

_INTERNATIONAL = late(r"[\s(]*\+")
# 00 and 011 are dialled before the country code in most of the world and in North America.
_DIALLED_ABROAD = late(r"[\s(]*(?:00|011)(?=[\s).-]*[1-9])")
_DOTS_DOUBLED_OR_LAST = late(r"\.{2,}|\.$")
_SHORT_TOP = late(r"\.[a-z]$", re.IGNORECASE)
# Nearly every address is so plain that all standards take it as it is. email-validator is not loaded for these.
_PLAIN_ADDRESS = late(r"[a-z0-9]+(?:[._+-][a-z0-9]+)*@(?:[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*\.)+[A-Za-z]{2,}")
_LONGEST_PLAIN = 64  # no part of it is too long then
_PUNCTUATION = str.maketrans("", "", " -().")  # phonenumbers drops it sign by sign
# The libraries are not asked about what cannot be a number or an address: their patterns are not built for it.
_LONGEST_NUMBER = 64
_LONGEST_ADDRESS = 320


class PhoneVerdict(NamedTuple):
    """`e164` is None unless the number is valid; `valid` is None where no region is known to read it in (MA405)."""

    e164: str | None
    valid: bool | None


class EmailVerdict(NamedTuple):
    """`address` is None where it is invalid (MA407); `valid` is None for one that is in use all the same (MA409)."""

    address: str | None
    valid: bool | None


_UNKNOWN_REGION = PhoneVerdict(None, None)
_NO_NUMBER = PhoneVerdict(None, False)
_NO_ADDRESS = EmailVerdict(None, False)


def is_region(region: str) -> bool:
    """Return whether there are telephone numbers of a region: a CLDR code, in any case."""
    import phonenumbers

    return region.upper() in phonenumbers.SUPPORTED_REGIONS


def judge_phone(number: str, region: str | None) -> PhoneVerdict:
    """Judge a number in compared form (ASCII digits), without label and extension.

    `region` is a CLDR region code ("JP"), in which a number without a country code is read; None leaves such a number
    undecided. 00 and 011 are read as + where that makes a valid number and the national reading does not (ruling 24).
    Never raises.
    """
    if len(number) > _LONGEST_NUMBER:
        return _NO_NUMBER
    if _INTERNATIONAL.match(number):
        return PhoneVerdict(e164, True) if (e164 := _valid_e164(number, None)) else _NO_NUMBER
    if region and (e164 := _valid_e164(number, region)):
        return PhoneVerdict(e164, True)
    dialled = _DIALLED_ABROAD.match(number)
    if dialled and (e164 := _valid_e164("+" + number[dialled.end() :], None)):
        return PhoneVerdict(e164, True)
    return _NO_NUMBER if region else _UNKNOWN_REGION


def _valid_e164(number: str, region: str | None) -> str | None:
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number.translate(_PUNCTUATION), region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def judge_email(address: str) -> EmailVerdict:
    """Judge an address in compared form. Nothing is looked up on the network. Never raises.

    Standard addresses come back normalised. In use, but refused by the standard (ruling MA409), and given back as
    written: dots doubled or before the @ at carriers that issued such, and addresses in internal domains.
    """
    local, at, domain = address.rpartition("@")
    if not at or len(address) > _LONGEST_ADDRESS or _SHORT_TOP.search(domain):
        return _NO_ADDRESS
    in_use, inside = _domains()
    named = domain.lower()
    if named in in_use and _DOTS_DOUBLED_OR_LAST.search(local):
        regular = _valid_address(_DOTS_DOUBLED_OR_LAST.sub(".", local).strip(".") + "@" + domain)
        return EmailVerdict(address, None) if regular else _NO_ADDRESS
    host, dot, top = named.rpartition(".")
    if dot and top in inside:
        regular = _valid_address(f"{local}@{host}.example.com")
        return EmailVerdict(address, None) if regular else _NO_ADDRESS
    if len(address) <= _LONGEST_PLAIN and _PLAIN_ADDRESS.fullmatch(address):
        return EmailVerdict(f"{local}@{named}", True)
    normalised = _valid_address(address)
    return EmailVerdict(normalised, True) if normalised else _NO_ADDRESS


@cache
def _domains() -> tuple[frozenset[str], frozenset[str]]:
    words = table("words/contacts")["email"]
    return frozenset(words["carrier"]), frozenset(words["internal"])


def _valid_address(address: str) -> str | None:
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(address, check_deliverability=False, strict=True).normalized
    except EmailNotValidError:
        return None
