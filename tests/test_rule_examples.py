"""The examples of the rules are true: `wrong` gives its code and no other fault, `right` does not give it.

They stand in `ma-lint explain` and in docs/rules/, so people will copy them.
"""

from __future__ import annotations

from datetime import date

import pytest

from ma_template.diagnostics import Language, Rule, Text
from ma_template.rules import RULES
from ma_template.rules.examples import options_of, update_of

AS_OF = date(2026, 11, 23)  # a Monday
EVERY_RULE = pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
EVERY_LANGUAGE = pytest.mark.parametrize("lang", ["en", "ja"])


def takes_mail(domain: str) -> bool:
    """Stand in for the DNS (MA408): no network in tests."""
    return not domain.startswith("no-mail.")


def codes(rule: Rule, example: Text, sr: Text | None, lang: Language) -> dict[str, str]:
    """Check an example of a rule as a whole update; return the codes found, each with its severity.

    The one place that knows how `check` is called.
    """
    from ma_template import check

    options = options_of(rule, sr, lang)
    if options.get("check_mail_domain"):
        options["resolver"] = takes_mail
    report = check(update_of(rule, example).of(lang), as_of=AS_OF, **options)
    return {found.code: found.severity for found in report.diagnostics}


@EVERY_RULE
@EVERY_LANGUAGE
def test_wrong_gives_the_code_and_no_other_fault(rule: Rule, lang: Language) -> None:
    found = codes(rule, rule.wrong, rule.wrong_sr, lang)
    assert found.get(rule.code) == rule.severity
    assert {code for code, severity in found.items() if severity != "info"} <= {rule.code}


@EVERY_RULE
@EVERY_LANGUAGE
def test_right_gives_no_fault_at_all(rule: Rule, lang: Language) -> None:
    found = codes(rule, rule.right, rule.right_sr, lang)
    assert rule.code not in found
    assert {code for code, severity in found.items() if severity != "info"} == set()
