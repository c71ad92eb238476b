"""Which dates say when the fix is needed: `resolve_by`; every other date is a milestone's (contract, section 2)."""

from __future__ import annotations

import re

from ma_template.readers.dates.words import WORDS, beginnings, one_of
from ma_template.readers.dates.wrapping import HARD
from ma_template.readers.values import Role

_ROLES = WORDS["roles"]
_WIDEST = 90  # a label or a wish stands no further from its date
_LETTER = "(?:(?<![a-z])(?=[a-z])|(?=[^a-z]))"  # no English word begins in the middle of another


def _phrase(name: str) -> str:
    return rf"{_LETTER}{one_of(_ROLES[name])}".replace("[ \t\n-]", r"[\s-]")


_ANY = re.compile(beginnings(word for name in ("resolve", "wanted", "need", "wanted_ja") for word in _ROLES[name]))
# A new clause begins behind a full stop, a semicolon, a blank line, a line end before a bullet or number.
_CLAUSE_END = re.compile(r"[.!?](?=\s)|[;。]|[\n\f](?=[ \t]{0,8}(?:\n|[-*•・▪■●○◆(\[【]|[0-9]{1,2}[.)]))")
_LABEL = re.compile(rf"(?P<milestone>{_phrase('milestone')})|(?P<resolve>{_phrase('resolve')})")
_ADJACENT = re.compile(rf"(?:\s|[()\[\]<>】」』:=,*|~→・、-]|{_phrase('fillers')}){{0,16}}$")
_COLON = re.compile(r"[^;。\n\f]{0,40}[:=]\s{0,4}$")
_NO_MORE_THAN_A_FEW = re.compile(r"[^。\n\f]{0,12}$")
_UNTIL = re.compile(rf"{_phrase('until')}[ ,]{{0,2}}(?:the |on |about |around |around the )?$")
_WANTED = re.compile(rf"(?P<wanted>{_phrase('wanted')})|(?P<need>{_phrase('need')}(?! to(?![a-z])))")
_VETO = re.compile(_phrase("veto"))
_BEHIND = re.compile(
    rf"[ )\]]{{0,3}}(?P<bracket>\()?(?:[=:,-]{{1,2}} ?)?(?:is |as |= )?{one_of(_ROLES['resolve_after'])}"
)
_OPEN_JA = rf"[ \n)\]]{{0,3}}{one_of(_ROLES['until_ja'])}"
_NOT_JA = rf"(?!{one_of(_ROLES['wanted_not_ja'])})"
_BEHIND_JA = re.compile(
    rf"{_OPEN_JA}(?:{one_of(_ROLES['fillers_ja'])}{{0,6}}{_NOT_JA}{one_of(_ROLES['wanted_ja'])}"
    rf"|[^。、\f]{{0,12}}?(?<![未])(?<!法改正){_NOT_JA}{one_of(_ROLES['wanted_most_ja'])})"
)
_UNTIL_JA = re.compile(_OPEN_JA)
_SUBJECT_JA = re.compile(rf"{one_of(_ROLES['subject_ja'])}{one_of(_ROLES['particles_ja'])}[^。\f]{{0,6}}$")


def roles(low: str, spans: list[tuple[int, int]]) -> list[Role]:
    """Return the role of each date; `spans` are their places in the text in lower case, in order."""
    if not _ANY.search(low):
        return ["milestone"] * len(spans)
    found: list[Role] = []
    for index, (start, end) in enumerate(spans):
        left = max(spans[index - 1][1] if index else 0, start - _WIDEST)
        right = min(spans[index + 1][0] if index + 1 < len(spans) else len(low), end + _WIDEST)
        before = low[left:start]
        clause = before[max((match.end() for match in _CLAUSE_END.finditer(before)), default=0) :]
        behind = low[end:right]
        another = index + 1 < len(spans) and right == spans[index + 1][0]
        needed = (
            _wished_behind(clause, behind, low[start:end].endswith("中"))
            or _labelled(clause)
            or _wished(clause)
            or _named_behind(behind, another)
            or (index > 0 and found[-1] == "resolve_by" and _goes_on(before))
        )
        found.append("resolve_by" if needed else "milestone")
    return found


def _wished_behind(clause: str, behind: str, within: bool) -> bool:
    """12月10日までに解決; 解決は12月10日まで."""
    if _BEHIND_JA.match(behind):
        return True
    until = within or _UNTIL_JA.match(behind) is not None
    return until and _SUBJECT_JA.search(clause) is not None


def _labelled(clause: str) -> bool:
    """Resolve by: 1 December; the nearest label counts."""
    labels = list(_LABEL.finditer(clause))
    if not labels or labels[-1]["resolve"] is None:
        return False
    last = labels[-1]
    rest = clause[last.end() :]
    if not last[0].isascii() and _NO_MORE_THAN_A_FEW.match(rest):
        return True
    return _ADJACENT.match(rest) is not None or _COLON.match(rest) is not None


def _wished(clause: str) -> bool:
    """We need the fix, tested, by 1 December."""
    until = _UNTIL.search(clause)
    if until is None:
        return False
    region = clause[: until.start()]
    return any(wish["wanted"] or not _VETO.search(region, wish.end()) for wish in _WANTED.finditer(region))


def _named_behind(behind: str, another: bool) -> bool:
    """1 December 2026 is the resolve-by date; but not where the name belongs to the date that follows."""
    named = _BEHIND.match(behind)
    if named is None:
        return False
    return bool(named["bracket"]) or not another or not _ADJACENT.match(behind[named.end() :])


def _goes_on(before: str) -> bool:
    """... or 3 December at the latest."""
    return HARD not in before and before != "\n" and _ADJACENT.match(before) is not None
