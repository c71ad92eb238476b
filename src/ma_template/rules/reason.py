"""The reason: without it nobody knows why the normal way is not enough, nor how much hangs on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ma_template.diagnostics import Rule, Severity, Text
from ma_template.rules.base import claims, per_answer

if TYPE_CHECKING:
    from ma_template.diagnostics import Finding
    from ma_template.drafts import Fault
    from ma_template.reading import Reading

REASON_MISSING = Rule(
    code="MA201",
    name="reason-missing",
    severity=Severity.ERROR,
    field="reason",
    pointless_after=("MA106", "MA107", "MA109"),
    message=Text(en="the reason for the request is missing", ja="要請の理由がありません"),
    expected=Text(
        en="two or three sentences on what is wrong, why it cannot wait and what it does to the business",
        ja="何が起きているか、なぜ急ぐのか、事業にどう影響しているかを2～3文で",
    ),
    explain=Text(
        en="The reason tells the manager why the normal handling of the SR is not enough. Say what is wrong, what has "
        "been tried so far, and which harm it does to the business while it lasts.",
        ja="理由は、なぜ通常の対応では足りないのかを管理者に伝えるためのものです。何が起きているのか、これまでに何を試"
        "したのか、解決するまで事業にどのような支障が続くのかを記入してください。",
    ),
    example_in="reason",
    wrong=Text(en="", ja=""),
    right=Text(
        en="The patch failed again on Friday. Until it works, 400 orders a day cannot be shipped.",
        ja="金曜日もパッチの適用に失敗しました。適用できるまで、1日400件の受注を出荷できません。",
    ),
)

IMPACT_MISSING = Rule(
    code="MA202",
    name="impact-missing",
    severity=Severity.WARNING,
    field="reason.impact",
    pointless_after=("MA106", "MA107", "MA109", "MA201"),
    message=Text(en="the reason states no business impact", ja="理由に事業への影響が書かれていません"),
    expected=Text(
        en="who or what suffers, and how much: 400 orders a day cannot be shipped",
        ja="誰に、何が、どの程度: 1日400件の受注を出荷できない",
    ),
    explain=Text(
        en="Symptoms, error numbers and the age of an SR do not tell a manager how much is at stake. Name the harm: to "
        "money, customers, staff, orders or legal duties, or the go-live that is at risk. Give figures where there "
        "are any.",
        ja="症状やエラー番号、経過日数だけでは、どれほど重大な問題なのかが管理者に伝わりません。金額、顧客、社員、受"
        "注、法令上の義務、危ぶまれる本番稼働など、どのような支障があるのかを記入してください。数字があれば添えてくだ"
        "さい。",
    ),
    source=Text(
        en="The process asks for the effect on the business, or the risk to the implementation plan, in writing.",
        ja="プロセスの案内では、事業に及ぼす影響や実装計画にもたらすリスクを文書で示すよう求めています。",
    ),
    example_in="reason",
    wrong=Text(
        en="The patch fails with ORA-00600. We have uploaded the trace files twice.",
        ja="パッチの適用がORA-00600で失敗します。トレース・ファイルは2回送付しました。",
    ),
    right=Text(
        en="The patch still fails with ORA-00600. As a result, 400 orders a day cannot be shipped.",
        ja="パッチの適用がORA-00600で失敗し続けています。そのため、1日400件の受注を出荷できません。",
    ),
)


@claims(REASON_MISSING, "missing")
def check_reason(reading: Reading, _fault: Fault) -> Finding:
    return REASON_MISSING.at(reading.place("reason"))


@per_answer(IMPACT_MISSING)
def check_impact(reading: Reading) -> Iterator[Finding]:
    if "reason.impact" in reading.missing:
        yield IMPACT_MISSING.at(reading.place("reason"))
