"""The rules: one module per section of a request, one declaration per code. Nobody keeps a second list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from ma_template.diagnostics import Finding, Rule
from ma_template.rules import advice, block, milestone, reason, requester, service_request


def _collected() -> Mapping[str, Rule]:
    rules: dict[str, Rule] = {}
    for module in (block, reason, milestone, requester, advice, service_request):
        for value in vars(module).values():
            # Identity, since a module may use what another one has declared.
            if isinstance(value, Rule) and rules.setdefault(value.code, value) is not value:
                raise ValueError(f"two rules are declared as {value.code}")
    return MappingProxyType(dict(sorted(rules.items())))


RULES: Mapping[str, Rule] = _collected()
"""Every rule by its code, in order of code."""


def find(word: str) -> Rule:
    """Return the rule of a code or a rule name, in any case.

    Raises:
        LookupError: there is no such rule; the message names the nearest one.
    """
    wanted = word.strip()
    if rule := RULES.get(wanted.upper()):
        return rule
    wanted = wanted.lower().replace("_", "-")
    for rule in RULES.values():
        if rule.name == wanted:
            return rule
    from rapidfuzz import fuzz, process

    spellings = [(spelling.lower(), rule) for rule in RULES.values() for spelling in (rule.code, rule.name)]
    known = [spelling for spelling, _ in spellings]
    nearest = process.extractOne(wanted[:40], known, scorer=fuzz.ratio, score_cutoff=60)
    hint = f"did you mean {_called(spellings[nearest[2]][1])}?" if nearest else "`ma-lint rules` lists them all"
    raise LookupError(f"there is no rule {word[:40]!r}; {hint}")


def _called(rule: Rule) -> str:
    return f"{rule.code} ({rule.name})"


def without_pointless(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings, in order, without those that another one makes pointless.

    It does where the rule of the latter names its code (`Rule.pointless_after`), and it stands in the same block and
    concerns the whole block, the same field, or the section that the field belongs to.
    """
    concerned = {(found.block, found.code, found.field) for found in findings}

    def pointless(found: Finding) -> bool:
        fields = (None, found.field, found.field and found.field.partition(".")[0])
        return any(
            (found.block, code, field) in concerned for code in RULES[found.code].pointless_after for field in fields
        )

    return [found for found in findings if not pointless(found)]
