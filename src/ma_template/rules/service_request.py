"""The SR beside the request: the process's own checklist, gone through where the SR's fields are at hand.

A field that is not given is not judged. Nothing is said beside a request that is quoted or not filled in.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING

from ma_template.diagnostics import Rule, Severity, Text
from ma_template.rules.base import Update, per_sr
from ma_template.rules.examples import REASON, joined, request

if TYPE_CHECKING:
    from ma_template.diagnostics import Finding
    from ma_template.readers.news import Asked
    from ma_template.readers.values import ReadDate
    from ma_template.reading import Reading

_UNFILLED = ("MA106", "MA107")

SR_PROBLEM_MISSING = Rule(
    code="MA504",
    name="sr-problem-missing",
    severity=Severity.INFO,
    field="sr.problem",
    pointless_after=_UNFILLED,
    message=Text(en="the SR's problem statement is empty", ja="SRの問題の説明が記入されていません"),
    expected=Text(
        en="in the SR: what happens, where, since when, and what it should do instead",
        ja="SRに、何が、どこで、いつから起きているか、本来はどうなるべきか",
    ),
    explain=Text(
        en="A manager who takes up the request opens the SR first. If nothing tells what the problem is, the engineers "
        "start by asking. Fill in the SR's problem statement before you ask for attention.",
        ja="要請を受けた管理者は、まずSRを開きます。問題の説明がなければ、担当者は状況の確認から始めなければなりません。"
        "要請の前に、SRの問題の説明を記入してください。",
    ),
    source=Text(
        en="The process asks to review the SR beforehand, the problem statement first.",
        ja="プロセスの案内では、事前に「問題の説明が正しく記入されているか」を見直すよう求めています。",
    ),
    example_in="update",
    wrong=request(),
    right=request(),
    wrong_sr=Text(en='{"problem": ""}', ja='{"problem": ""}'),
    right_sr=Text(
        en='{"problem": "Since the patch of 20 November, order entry ends with ORA-00600."}',
        ja='{"problem": "11月20日のパッチ適用後、受注入力がORA-00600で終了する。"}',
    ),
)

SR_SEVERITY_MISMATCH = Rule(
    code="MA505",
    name="sr-severity-mismatch",
    severity=Severity.WARNING,
    field="sr.severity",
    pointless_after=(*_UNFILLED, "MA201"),
    title=Text(
        en="the SR's severity does not match what the request says",
        ja="SRの重大度が要請の内容と合いません",
    ),
    message=Text(
        en="the SR's severity is {severity}, which does not match the request: {mismatch}",
        ja="SRの重大度は{severity}ですが、要請の内容と合いません({mismatch})",
    ),
    expected=Text(
        en="the severity reset: 1 service lost, 2 severe loss without an acceptable workaround, 3 minor loss, 4 none",
        ja="重大度の再設定: 1 サービス停止、2 許容できる回避策のない重大な支障、3 軽微な支障、4 支障なし",
    ),
    explain=Text(
        en="Severity decides who works on an SR and at what hours. Business that has stopped waits behind others at "
        "severity 3 or 4, and severity 1 without any impact will be questioned. Ask the support engineer to reset the "
        "severity, or state the impact in the request.",
        ja="重大度によって、担当する人と対応時間が決まります。重大度3や4のままでは、業務が止まっていても後回しになりかね"
        "ません。重大度1でも、影響が書かれていなければ疑問を持たれます。担当者に重大度の再設定を依頼するか、要請に影響を"
        "記入してください。",
    ),
    source=Text(
        en="The process asks whether the severity is chosen rightly, and to have it reset where it is not.",
        ja="プロセスの案内では、重大度が適切に選択されているかを確認し、必要なら再設定するよう求めています。",
    ),
    example_in="update",
    wrong=request(),
    right=request(),
    wrong_sr=Text(en='{"severity": 4}', ja='{"severity": 4}'),
    right_sr=Text(en='{"severity": 1}', ja='{"severity": 1}'),
)

SR_MILESTONE_UNRECORDED = Rule(
    code="MA506",
    name="sr-milestone-unrecorded",
    severity=Severity.INFO,
    field="sr.milestone_dates",
    pointless_after=(*_UNFILLED, "MA301", "MA302"),
    title=Text(
        en="the request's date stands nowhere in the SR's milestone dates",
        ja="要請の期日が、SRのマイルストーン期日にありません",
    ),
    message=Text(
        en="{date} stands nowhere in the SR's milestone dates",
        ja="{date}が、SRのマイルストーン期日にありません",
    ),
    expected=Text(en="the same date on record in the SR", ja="SRにも同じ期日を登録"),
    explain=Text(
        en="Whoever plans the work looks at the dates on record, not at every update. A milestone that stands in the "
        "request alone is easily overlooked, and two different dates raise doubts. Enter the date in the SR.",
        ja="対応計画を立てる人は、更新内容を1件ずつ読むのではなく、登録された期日を見ます。要請にしか書かれていない期日"
        "は見落とされやすく、食い違っていればどちらも疑われます。SRに期日を登録してください。",
    ),
    source=Text(
        en="The process asks whether milestone dates, where there are any, are entered in the SR.",
        ja="プロセスの案内では、マイルストーン期日がSRに記入されているかを確認するよう求めています。",
    ),
    example_in="update",
    wrong=request(),
    right=request(),
    wrong_sr=Text(en='{"milestone_dates": []}', ja='{"milestone_dates": []}'),
    right_sr=Text(en='{"milestone_dates": ["2026-12-15"]}', ja='{"milestone_dates": ["2026-12-15"]}'),
)

SR_WORKAROUND_UNANSWERED = Rule(
    code="MA507",
    name="sr-workaround-unanswered",
    severity=Severity.INFO,
    field="reason",
    pointless_after=(*_UNFILLED, "MA109", "MA201"),
    message=Text(
        en="the SR names a workaround, and the request does not say why it will not do",
        ja="SRに回避策がありますが、それでは足りない理由が要請に書かれていません",
    ),
    expected=Text(
        en="why it does not help: entering orders by hand takes 12 people and reaches 80 of 400 a day",
        ja="役に立たない理由: 手入力では12人がかりでも、1日400件のうち80件しか処理できない",
    ),
    explain=Text(
        en="With a workaround on record, a problem looks as if it could wait. Say what it costs, how far it reaches, "
        "or why it cannot be used. If it will do until the fix comes, management attention may not be needed.",
        ja="回避策が登録されていると、急がなくてもよい問題に見えます。どれだけ手間がかかるか、どこまで足りるか、なぜ使え"
        "ないのかを書いてください。修正までそれでしのげるのであれば、管理者による対応は不要かもしれません。",
    ),
    source=Text(
        en="The process asks whether a workaround, where there is one, is realistic and acceptable.",
        ja="プロセスの案内では、回避策がある場合、それが現実的で適切かを確認するよう求めています。",
    ),
    example_in="update",
    wrong=request(),
    right=request(
        reason=joined(
            REASON,
            Text(
                en="\nEntering orders by hand is no solution: it takes 12 people and reaches 80 of 400 a day.",
                ja="手入力では12人がかりでも追いつきません。",
            ),
        )
    ),
    wrong_sr=Text(
        en='{"workaround": "Enter the orders by hand in the back office."}',
        ja='{"workaround": "受注は事務所で手入力する。"}',
    ),
    right_sr=Text(
        en='{"workaround": "Enter the orders by hand in the back office."}',
        ja='{"workaround": "受注は事務所で手入力する。"}',
    ),
)


def _earlier_of(text: str) -> str:
    escaped = text.replace("\n", "\\n")
    return (
        f'{{"earlier_requests": [\n  {{"at": "2026-11-16", "text": "{escaped}"}},\n'
        f'  {{"at": "2026-11-19", "text": "{escaped}"}}\n]}}'
    )


REQUEST_FREQUENT = Rule(
    code="MA508",
    name="request-frequent",
    severity=Severity.INFO,
    pointless_after=_UNFILLED,
    title=Text(
        en="requests follow one another without a changed reason or milestone",
        ja="理由もマイルストーンも変わらないまま、要請が続いています",
    ),
    message=Text(
        en="this is request number {count} within {days} days, with reason and milestone unchanged",
        ja="{days}日以内で{count}回目の要請ですが、理由もマイルストーンも変わっていません",
    ),
    expected=Text(
        en="news in the reason or the milestone, or a word with the manager who has the last request",
        ja="理由またはマイルストーンの新しい情報、または前回の要請を受けた管理者への相談",
    ),
    explain=Text(
        en="Attention that is asked for as a routine wears off, and a later, graver request is taken less seriously. "
        "Ask the manager of the last request how it stands. Send another one when something has changed.",
        ja="繰り返される要請は次第に重く受け止められなくなり、後で本当に重大な要請をしても、軽く見られかねません。前回の要"
        "請を受けた管理者に、まず状況を確認してください。改めて要請するのは、変化があったときにしてください。",
    ),
    source=Text(
        en="The process warns that routine use, and severity that is always overstated, make later requests count for "
        "less.",
        ja="プロセスの案内では、急を要さない要請や重大度の誇張が続くと、以後の要請の重要性が誤解されかねないと注意していま"
        "す。",
    ),
    example_in="update",
    wrong=request(),
    right=request(
        reason=Text(
            en="The fix of 20 November made it worse: 60 stores cannot take orders.",
            ja="11月20日の修正後に悪化し、60店舗で受注ができません。",
        )
    ),
    wrong_sr=Text(en=_earlier_of(request().en), ja=_earlier_of(request().ja)),
    right_sr=Text(en=_earlier_of(request().en), ja=_earlier_of(request().ja)),
)


@per_sr(SR_PROBLEM_MISSING)
def check_problem(update: Update) -> Iterator[Finding]:
    if update.sr and update.sr.problem is not None and update.answered and _empty(update.sr.problem):
        first = update.answered[0]
        yield SR_PROBLEM_MISSING.at(first.head, block=first.index)


def _empty(answer: str) -> bool:
    from ma_template.readers.placeholders import is_placeholder
    from ma_template.source import fold

    text = fold(answer).strip()
    return not text or is_placeholder(text)


@per_sr(SR_SEVERITY_MISMATCH)
def check_severity(update: Update) -> Iterator[Finding]:
    if update.sr is None or update.sr.severity in (None, 2):
        return
    from ma_template.readers.stoppages import states_stoppage

    for reading in update.answered:
        mismatch = None
        if update.sr.severity == 1:
            mismatch = "no-impact" if "reason.impact" in reading.missing else None
        elif "reason" in reading.views and states_stoppage(reading.views["reason"]):
            mismatch = "stopped"
        if mismatch:
            yield SR_SEVERITY_MISMATCH.at(
                reading.place("reason"), block=reading.index, severity=update.sr.severity, mismatch=mismatch
            )


@per_sr(SR_MILESTONE_UNRECORDED)
def check_milestone_recorded(update: Update) -> Iterator[Finding]:
    if update.sr is None or update.sr.milestone_dates is None:
        return
    recorded = {day.date() if isinstance(day, datetime) else day for day in update.sr.milestone_dates}
    for reading in update.answered:
        dates = [(read, _stretches(read)) for read in reading.dates if read.span not in reading.judged.impossible]
        dates = [(read, stretches) for read, stretches in dates if stretches]
        # Dates that are over, told beside a coming one, are history.
        coming = [one for one in dates if any(last >= reading.as_of for _, last in one[1])] or dates
        if coming and not any(
            first <= day <= last for _, stretches in coming for first, last in stretches for day in recorded
        ):
            read, stretches = coming[0]
            day = stretches[0][0].isoformat() if len(stretches) == 1 else None
            yield SR_MILESTONE_UNRECORDED.at(read.span, block=reading.index, date=day)


def _stretches(read: ReadDate) -> list[tuple[date, date]]:
    """Return the first and last day of each reading of a date."""
    if read.candidates:
        return [(_day(moment), _day(moment)) for moment in read.candidates]
    return [(_day(read.start), _day(read.end or read.start))] if read.start else []


def _day(moment: str) -> date:
    return date.fromisoformat(moment[:10])


@per_sr(SR_WORKAROUND_UNANSWERED)
def check_workaround(update: Update) -> Iterator[Finding]:
    if update.sr is None or update.sr.workaround is None:
        return
    from ma_template.readers.workarounds import names_workaround, says_why_not

    if _empty(update.sr.workaround) or not names_workaround(update.sr.workaround):
        return
    for reading in update.answered:
        if not any(says_why_not(view, update.sr.workaround) for view in reading.views.values()):
            yield SR_WORKAROUND_UNANSWERED.at(reading.place("reason"), block=reading.index)


@per_sr(REQUEST_FREQUENT)
def check_frequency(update: Update) -> Iterator[Finding]:
    from ma_template.readers.news import in_a_row

    choices = update.choices
    for reading in update.answered:
        within = (
            map(_asked, one.readings)
            for one in update.earlier
            if one.at is not None and (update.as_of - one.at).days <= choices.frequent_days
        )
        count = 1 + in_a_row(_asked(reading), within)
        if count >= choices.frequent_requests:
            yield REQUEST_FREQUENT.at(reading.head, block=reading.index, count=count, days=choices.frequent_days)


def _asked(reading: Reading) -> Asked:
    from ma_template.readers.news import Asked

    views = reading.views
    return Asked(*(views[name].text if name in views else "" for name in ("reason", "milestone")))
