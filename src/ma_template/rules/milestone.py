"""The milestone: what has to happen, and by which day."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ma_template.diagnostics import Rule, Severity, Text
from ma_template.rules.base import claims, per_answer

if TYPE_CHECKING:
    from ma_template.diagnostics import Finding
    from ma_template.drafts import Fault
    from ma_template.readers.values import ReadDate
    from ma_template.reading import Reading

MILESTONE_MISSING = Rule(
    code="MA301",
    name="milestone-missing",
    severity=Severity.ERROR,
    field="milestone",
    pointless_after=("MA106", "MA107", "MA109"),
    message=Text(en="the milestone is missing", ja="マイルストーンがありません"),
    expected=Text(
        en="what has to happen, and by when: Go-live of the web shop on 2026-12-15",
        ja="何を、いつまでに: 通販サイトの本番稼働、2026年12月15日",
    ),
    explain=Text(
        en="The milestone shows by when the problem has to be solved, and what depends on it. Give the event, its date "
        "and whether it is a business or an implementation milestone.",
        ja="マイルストーンは、いつまでに解決が必要で、何がそれにかかっているのかを示すものです。予定の内容と期日、事業"
        "と実装のどちらのマイルストーンなのかを記入してください。",
    ),
    example_in="milestone",
    wrong=Text(en="", ja=""),
    right=Text(
        en="Go-live of the web shop on 2026-12-15 (implementation milestone)",
        ja="通販サイトの本番稼働、2026年12月15日(実装のマイルストーン)",
    ),
)

DATE_MISSING = Rule(
    code="MA302",
    name="date-missing",
    severity=Severity.ERROR,
    field="milestone.dates",
    pointless_after=("MA106", "MA107", "MA109", "MA301", "MA306"),
    message=Text(en="the milestone has no date", ja="マイルストーンの期日がありません"),
    expected=Text(
        en="a calendar date such as 2026-12-15, with time and zone where they matter",
        ja="2026年12月15日のような日付。必要に応じて時刻とタイムゾーンも",
    ),
    explain=Text(
        en="Almost every request says ASAP or urgent, and neither sets a date. Give the day of the milestone, or the "
        "day by which the fix is needed. If neither is settled, give the latest day you can accept.",
        ja="「至急」や「できるだけ早く」だけでは、いつまでに必要なのかが伝わりません。マイルストーンの日付、または解決"
        "が必要な日を記入してください。まだ決まっていない場合は、許容できる最も遅い日でかまいません。",
    ),
    example_in="milestone",
    wrong=Text(en="Go-live of the web shop, as soon as possible", ja="通販サイトの本番稼働、至急"),
    right=Text(en="Go-live of the web shop on 2026-12-15", ja="通販サイトの本番稼働、2026年12月15日"),
)

MILESTONE_TYPE_MISSING = Rule(
    code="MA303",
    name="milestone-type-missing",
    severity=Severity.ERROR,
    field="milestone.type",
    pointless_after=("MA106", "MA107", "MA109", "MA301"),
    message=Text(en="nothing says what kind of milestone it is", ja="マイルストーンの種類が書かれていません"),
    expected=Text(
        en="what is due on that day: a go-live, a payroll run, a month-end close, an audit",
        ja="その日に何があるか: 本番稼働、給与計算、月次決算、監査など",
    ),
    explain=Text(
        en="A date alone does not say what is lost when it passes. Name what is due, such as a go-live, an upgrade or "
        "an audit. The support team then knows which people are needed, and at which hours.",
        ja="日付だけでは、過ぎると何が失われるのかが分かりません。本番稼働、アップグレード、監査など、何の期日なのかを"
        "記入してください。どの担当者がどの時間帯に必要なのかを、サポート側で判断しやすくなります。",
    ),
    example_in="milestone",
    wrong=Text(en="Resolve by 2026-12-15", ja="2026年12月15日までに解決をお願いします。"),
    right=Text(en="Payroll run, resolve by 2026-12-15", ja="給与計算のため、2026年12月15日までに解決をお願いします。"),
)

MILESTONE_TYPE_UNRECOGNISED = Rule(
    code="MA304",
    name="milestone-type-unrecognised",
    severity=Severity.INFO,
    field="milestone.type",
    pointless_after=("MA106", "MA107", "MA301"),
    message=Text(
        en="the kind of milestone is none of the usual ones",
        ja="マイルストーンの種類が既定の分類に当てはまりません",
    ),
    expected=Text(
        en="a usual word where one fits: go-live, cutover, testing, period close, launch",
        ja="当てはまるものがあれば一般的な言葉で: 本番稼働、切替、テスト、決算、発売など",
    ),
    explain=Text(
        en="Nothing is missing: the milestone is filed under other. Where one of the usual kinds fits, say it "
        "outright, so that requests sorted by kind are sorted correctly.",
        ja="不足ではありません。種類は「その他」として扱います。一般的な分類に当てはまる場合は明記してください。"
        "種類別の集計や振り分けに正しく反映されます。",
    ),
    example_in="milestone",
    wrong=Text(en="Relocation of our head office on 2026-12-15", ja="本社移転、2026年12月15日"),
    right=Text(
        en="Cutover to the network of our new head office on 2026-12-15",
        ja="本社移転に伴うネットワーク切替、2026年12月15日",
    ),
)

DATE_AMBIGUOUS = Rule(
    code="MA305",
    name="date-ambiguous",
    severity=Severity.WARNING,
    field="milestone.dates",
    pointless_after=("MA106", "MA107", "MA301"),
    title=Text(en="the date has more than one reading", ja="日付が複数の意味に読めます"),
    message=Text(
        en="the date has more than one reading: {candidates}",
        ja="日付が複数の意味に読めます({candidates})",
    ),
    expected=Text(
        en="the year first, or the month in letters: 2027-04-03 or 3 April 2027",
        ja="年から始まる日付: 2027-04-03、2027年4月3日",
    ),
    explain=Text(
        en="Some people read 03/04/2027 as 3 April, others as 4 March, and support teams include both. Write the year "
        "first or the month in letters. Fiscal periods such as FY26 Q3 depend on where the year begins: give the last "
        "day instead, or set fiscal_year_start in the configuration.",
        ja="03/04/2027は、国によって4月3日とも3月4日とも読まれます。年を先頭に書いてください。「年度末」や「FY26 Q3」"
        "などの会計期間は年度の始まりによって変わるため、末日の日付を記入するか、設定のfiscal_year_startを指定してくだ"
        "さい。",
    ),
    example_in="milestone",
    wrong=Text(en="Go-live of the web shop on 03/04/2027", ja="通販サイトの本番稼働、03/04/2027"),
    right=Text(en="Go-live of the web shop on 3 April 2027", ja="通販サイトの本番稼働、2027/04/03"),
)

DATE_INVALID = Rule(
    code="MA306",
    name="date-invalid",
    severity=Severity.ERROR,
    field="milestone.dates",
    pointless_after=("MA106", "MA107", "MA301"),
    title=Text(en="there is no such day", ja="存在しない日付です"),
    message=Text(en="there is no such day: {date}", ja="存在しない日付です({date})"),
    expected=Text(
        en="a day that the calendar has; November, for one, ends on the 30th",
        ja="暦にある日付(たとえば11月は30日まで)",
    ),
    explain=Text(
        en="Nobody can tell which day is meant. Look it up in the calendar: often the month is a day shorter, or two "
        "digits have changed places.",
        ja="暦にない日付のため、どの日を指すのか判断できません。月の日数の数え違いや、数字の入れ替わりがよくあります。"
        "カレンダーで確かめてください。",
    ),
    example_in="milestone",
    wrong=Text(en="Go-live of the web shop on 2026-11-31", ja="通販サイトの本番稼働、2026年11月31日"),
    right=Text(en="Go-live of the web shop on 2026-11-30", ja="通販サイトの本番稼働、2026年11月30日"),
)

DATE_PAST = Rule(
    code="MA307",
    name="date-past",
    severity=Severity.WARNING,
    field="milestone.dates",
    pointless_after=("MA106", "MA107", "MA301"),
    title=Text(en="every date of the milestone is past", ja="マイルストーンの期日がすべて過ぎています"),
    message=Text(
        en="every date of the milestone is past; the last one was {date}",
        ja="マイルストーンの期日がすべて過ぎています(最後の期日は{date})",
    ),
    expected=Text(en="the next date that can still be met", ja="これから迎える次の期日"),
    explain=Text(
        en="A past date is often left over from an earlier request, and makes the matter look settled. If the "
        "milestone was moved, write its new date. If it was missed, say so in the reason, and give the date that "
        "counts now.",
        ja="過ぎた期日は、以前の要請をコピーしたときに残りがちで、すでに終わった話と受け取られかねません。延期した場合"
        "は、新しい期日を記入してください。間に合わなかった場合は、その旨を理由の欄に書き、現在の期日を記入してくださ"
        "い。",
    ),
    example_in="milestone",
    wrong=Text(en="Go-live of the web shop on 2026-11-02", ja="通販サイトの本番稼働、2026年11月2日"),
    right=Text(
        en="Go-live of the web shop, moved from 2026-11-02 to 2026-12-15",
        ja="通販サイトの本番稼働、2026年11月2日から2026年12月15日に延期",
    ),
)

DATE_WEEKDAY_MISMATCH = Rule(
    code="MA308",
    name="date-weekday-mismatch",
    severity=Severity.WARNING,
    field="milestone.dates",
    pointless_after=("MA106", "MA107", "MA301"),
    title=Text(en="the weekday does not belong to the date", ja="日付と曜日が一致していません"),
    message=Text(
        en="the weekday does not belong to the date, which is {date}",
        ja="日付と曜日が一致していません(暦では{date})",
    ),
    expected=Text(
        en="the weekday of that date, or none: 2026-12-15 (Tue)",
        ja="日付に合った曜日: 2026年12月15日(火)。曜日は省略可",
    ),
    explain=Text(
        en="Either the date or the weekday is wrong, and the team may prepare for the wrong day. The date is what was "
        "read here; check both against the calendar.",
        ja="日付と曜日のどちらかが誤っており、違う日に合わせて準備が進むおそれがあります。ここでは日付のほうを読み取り"
        "ました。両方を暦と照らし合わせてください。",
    ),
    example_in="milestone",
    wrong=Text(en="Go-live of the web shop on 2026-12-15 (Wed)", ja="通販サイトの本番稼働、2026年12月15日(水)"),
    right=Text(en="Go-live of the web shop on 2026-12-15 (Tue)", ja="通販サイトの本番稼働、2026年12月15日(火)"),
)

DATE_RELATIVE = Rule(
    code="MA309",
    name="date-relative",
    severity=Severity.WARNING,
    field="milestone.dates",
    pointless_after=("MA106", "MA107", "MA301"),
    title=Text(en="the date depends on the day of reading", ja="読む日によって変わる日付です"),
    message=Text(
        en="the date depends on the day of reading; it was taken as {date}",
        ja="読む日によって変わる日付です({date}として読み取りました)",
    ),
    expected=Text(
        en="the calendar date itself instead of tomorrow or next Friday",
        ja="「明日」「来週金曜」ではなく、その日の日付",
    ),
    explain=Text(
        en="Words such as tomorrow mean another day to whoever opens the SR later, or in another time zone. Here they "
        "were counted from the day of the check; write the date itself.",
        ja="「明日」や「来週」は、読む日やタイムゾーンが変われば別の日を指します。ここでは確認した日を基準に数えまし"
        "た。意図した日付をそのまま記入してください。",
    ),
    example_in="milestone",
    wrong=Text(en="Go-live of the web shop in three weeks", ja="通販サイトの本番稼働、3週間後"),
    right=Text(en="Go-live of the web shop on 2026-12-14", ja="通販サイトの本番稼働、2026年12月14日"),
)

DATE_YEAR_INFERRED = Rule(
    code="MA310",
    name="date-year-inferred",
    severity=Severity.INFO,
    field="milestone.dates",
    pointless_after=("MA106", "MA107", "MA301"),
    title=Text(en="the date has no year", ja="日付に年がありません"),
    message=Text(
        en="the date has no year; it was taken as {date}",
        ja="日付に年がありません({date}として読み取りました)",
    ),
    expected=Text(en="the year as well: 15 December 2026", ja="年も含めた日付: 2026年12月15日"),
    explain=Text(
        en="A date without a year is taken as the next one to come, or as just past if it is at most 45 days back. "
        "Around the turn of the year this can go wrong, so add the year.",
        ja="年のない日付は、次に来るその日として読み取ります。ただし45日前までは、過ぎたばかりの日とみなします。年末年"
        "始の前後では取り違えるおそれがあるため、年も記入してください。",
    ),
    example_in="milestone",
    wrong=Text(en="Go-live of the web shop on 15 December", ja="通販サイトの本番稼働、12月15日"),
    right=Text(en="Go-live of the web shop on 15 December 2026", ja="通販サイトの本番稼働、2026年12月15日"),
)

DATE_IMPRECISE = Rule(
    code="MA311",
    name="date-imprecise",
    severity=Severity.WARNING,
    field="milestone.dates",
    pointless_after=("MA106", "MA107", "MA301"),
    title=Text(en="the date is not a single day", ja="日付が1日に定まっていません"),
    message=Text(
        en="the date is not a single day; it was read as {start} to {end}",
        ja="日付が1日に定まっていません({start}から{end}までとして読み取りました)",
    ),
    expected=Text(en="one day, such as 4 December 2026", ja="特定の1日: 2026年12月4日"),
    explain=Text(
        en="Early December leaves open when the work has to be ready, and teams plan for the end of such a span. Write "
        "the day itself. Where it is still open, write the last day that would do.",
        ja="「12月上旬」では、いつまでに対応を終えるべきかが定まらず、期間の終わりに合わせて計画されがちです。特定の日"
        "を記入してください。日程が未確定でも、間に合う最後の日を書けば伝わります。",
    ),
    example_in="milestone",
    wrong=Text(en="Go-live of the web shop in early December 2026", ja="通販サイトの本番稼働、2026年12月上旬"),
    right=Text(en="Go-live of the web shop on 4 December 2026", ja="通販サイトの本番稼働、2026年12月4日"),
)


@claims(MILESTONE_MISSING, "missing")
def check_milestone(reading: Reading, _fault: Fault) -> Finding:
    return MILESTONE_MISSING.at(reading.place("milestone"))


@claims(DATE_MISSING, "too_short")
def check_dates(reading: Reading, _fault: Fault) -> Finding:
    return DATE_MISSING.at(reading.place("milestone"))


@claims(MILESTONE_TYPE_MISSING, "missing")
def check_type(reading: Reading, _fault: Fault) -> Finding:
    return MILESTONE_TYPE_MISSING.at(reading.place("milestone"))


@per_answer(MILESTONE_TYPE_UNRECOGNISED)
def check_category(reading: Reading) -> Iterator[Finding]:
    if reading.type and reading.type.category == "other":
        yield MILESTONE_TYPE_UNRECOGNISED.at(reading.type.span)


@claims(DATE_INVALID, "date_impossible")
def check_impossible(reading: Reading, fault: Fault) -> Finding:
    read = reading.dates[fault.item or 0]
    return DATE_INVALID.at(read.span, date=reading.judged.impossible[read.span][:10])


@per_answer(DATE_PAST)
def check_past(reading: Reading) -> Iterator[Finding]:
    today = reading.as_of.isoformat()
    latest: tuple[str, ReadDate] | None = None
    for read in reading.dates:
        days = days_of(read)
        if not days or days[-1] >= today or _is_impossible(read, reading):
            return
        if latest is None or days[-1] > latest[0]:
            latest = days[-1], read
    if latest:
        yield DATE_PAST.at(latest[1].span, date=latest[0])


@per_answer(DATE_AMBIGUOUS, DATE_WEEKDAY_MISMATCH, DATE_RELATIVE, DATE_YEAR_INFERRED, DATE_IMPRECISE)
def check_each_date(reading: Reading) -> Iterator[Finding]:
    for read in reading.dates:
        if read.problem:
            yield DATE_AMBIGUOUS.at(read.span, candidates=read.candidates)
        notes = () if _is_impossible(read, reading) else read.notes
        if "weekday-mismatch" in notes:
            yield DATE_WEEKDAY_MISMATCH.at(read.span, date=str(read.start)[:10])
        if "relative" in notes:
            yield _told(DATE_RELATIVE, read, date=read.start)
        if "year-inferred" in notes:
            yield _told(DATE_YEAR_INFERRED, read, date=read.start)
        if "imprecise" in notes:
            yield _told(DATE_IMPRECISE, read, start=read.start, end=read.end)


def _told(rule: Rule, read: ReadDate, **moments: str | None) -> Finding:
    """Return a finding that tells the moments, as far as they are known."""
    known = tuple((name, moment) for name, moment in moments.items() if moment)
    return rule.at(read.span)._replace(arguments=known)


def _is_impossible(read: ReadDate, reading: Reading) -> bool:
    return read.span in reading.judged.impossible


def days_of(read: ReadDate) -> list[str]:
    """Return the days a date may mean, spelled ISO 8601, in order; none where nobody knows."""
    moments = read.candidates or [moment for moment in (read.start, read.end) if moment]
    return sorted(moment[:10] for moment in moments)
