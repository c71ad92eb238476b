"""Advice from the process around the template, and what a check has left out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from ma_template.diagnostics import Rule, Severity, Text
from ma_template.rules.base import Update, per_answer, per_update
from ma_template.rules.milestone import days_of
from ma_template.source import Span

if TYPE_CHECKING:
    from ma_template.diagnostics import Finding
    from ma_template.readers.values import ReadDate
    from ma_template.reading import Reading
from ma_template.rules.examples import joined, request

DEADLINE_IMMINENT = Rule(
    code="MA501",
    name="deadline-imminent",
    severity=Severity.WARNING,
    field="milestone.dates",
    title=Text(
        en="the milestone is due today or tomorrow; telephone support is quicker",
        ja="期日が今日または明日に迫っています。電話サポートのほうが早く伝わります",
    ),
    message=Text(
        en="the milestone is due on {date}; telephone support is quicker",
        ja="期日が{date}に迫っています。電話サポートのほうが早く伝わります",
    ),
    expected=Text(
        en="a call to telephone support, with the SR number at hand",
        ja="SR番号をお手元に用意のうえ、電話サポートへ連絡",
    ),
    explain=Text(
        en="An update may be read too late for this date. Call telephone support and ask for management attention "
        "there. Leave the request in the SR all the same, so that its history can be seen.",
        ja="更新内容が読まれる頃には、期日を過ぎている可能性があります。電話サポートに連絡し、管理者による対応を要請し"
        "てください。経緯が分かるよう、この要請もサービス・リクエストに残しておいてください。",
    ),
    source=Text(
        en="The process says that updates may not be read at once, and recommends the telephone for what is urgent.",
        ja="プロセスの案内では、更新内容は即時に確認されない場合があるため、急ぐ場合は電話サポートの利用を勧めています。",
    ),
    example_in="milestone",
    wrong=Text(en="Go-live of the web shop on 2026-11-24", ja="通販サイトの本番稼働、2026年11月24日"),
    right=Text(en="Go-live of the web shop on 2026-12-15", ja="通販サイトの本番稼働、2026年12月15日"),
)

REQUEST_UNCHANGED = Rule(
    code="MA502",
    name="request-unchanged",
    severity=Severity.INFO,
    title=Text(
        en="the same request stands here already, word for word",
        ja="一字一句同じ要請がすでにあります",
    ),
    message=Text(
        en="the same request stands already on line {line}, word for word",
        ja="一字一句同じ要請がすでに{line}行目にあります",
    ),
    expected=Text(en="what has changed since the earlier request", ja="前回の要請から変わったこと"),
    explain=Text(
        en="A request that only repeats the last one gives the manager nothing new to act on. Say what has happened "
        "since: what was promised, what has become worse, which date has come closer. If it was pasted twice by "
        "mistake, delete one copy.",
        ja="前回を繰り返すだけでは、管理者が新たに判断できる材料がありません。約束されたこと、悪化したこと、近づいた期"
        "日など、その後の変化を記入してください。誤って二重に貼り付けた場合は、一方を削除してください。",
    ),
    example_in="update",
    wrong=joined(
        request(),
        Text(
            en="> " + request().en.replace("\n", "\n> "),
            ja="> " + request().ja.replace("\n", "\n> "),
        ),
        by="\n\n",
    ),
    right=joined(
        request(
            reason=Text(
                en="The fix of 20 November made it worse: 60 stores cannot take orders.",
                ja="11月20日の修正後に悪化し、60店舗で受注ができません。",
            )
        ),
        Text(
            en="> " + request().en.replace("\n", "\n> "),
            ja="> " + request().ja.replace("\n", "\n> "),
        ),
        by="\n\n",
    ),
)

MANAGER_CONTACT_ADVISED = Rule(
    code="MA503",
    name="manager-contact-advised",
    severity=Severity.INFO,
    field="requester",
    message=Text(
        en="a call is asked for, but there is no second contact",
        ja="折り返しの電話を希望していますが、2人目の連絡先がありません",
    ),
    expected=Text(
        en="your own manager's name and number as well: Keiko Mori, +81 3-5555-0145",
        ja="自社のマネージャーの氏名と電話番号も: 森恵子、03-5555-0145",
    ),
    explain=Text(
        en="When the support manager calls, you may be in a meeting or off shift, and some decisions are your "
        "manager's. Add the name and number of your own manager, or of somebody else who can decide.",
        ja="サポート・マネージャーから電話があったときに、会議中や勤務時間外のこともあれば、上司の判断が必要になること"
        "もあります。自社のマネージャーなど、判断できる方の氏名と電話番号を併記してください。",
    ),
    source=Text(
        en="The process asks for your own contact details and your manager's where a call back is wanted; the support "
        "manager aims to call within an hour.",
        ja="プロセスの案内では、折り返しの連絡を希望する場合、自身のマネージャーの連絡先も用意するよう求めています。"
        "折り返しは1時間以内が目安です。",
    ),
    example_in="requester",
    wrong=Text(
        en="Taro Yamada, +81 3-5555-0123, taro.yamada@example.com\nPlease have a manager call me back.",
        ja="山田太郎、03-5555-0123、taro.yamada@example.co.jp\n折り返しお電話ください。",
    ),
    right=Text(
        en="Taro Yamada, +81 3-5555-0123, taro.yamada@example.com\nPlease have a manager call me back.\n"
        "My manager: Keiko Mori, +81 3-5555-0145, keiko.mori@example.com",
        ja="山田太郎、03-5555-0123、taro.yamada@example.co.jp\n折り返しお電話ください。\n"
        "上司: 森恵子、03-5555-0145、keiko.mori@example.co.jp",
    ),
)

LIMIT_REACHED = Rule(
    code="MA901",
    name="limit-reached",
    severity=Severity.WARNING,
    title=Text(
        en="a limit was reached, and not everything was looked at",
        ja="上限に達したため、一部を確認していません",
    ),
    message=Text(en="{limit} (limit: {count})", ja="{limit}(上限: {count})"),
    expected=Text(
        en="a shorter update, or a higher limit in the configuration",
        ja="更新内容を短くするか、設定で上限を引き上げる",
    ),
    explain=Text(
        en="Limits on length, requests and findings keep one odd text from holding up all the others. What was not "
        "looked at may still hold faults. Attach logs as files instead of pasting them, or raise the limit.",
        ja="長さや要請、指摘の数には、極端な入力で全体の処理が滞らないよう上限があります。確認していない部分に不備が残"
        "っている可能性があります。ログは貼り付けずにファイルとして添付するか、上限を引き上げてください。",
    ),
    example_in="update",
    example_options={"max_blocks": 1},
    wrong=joined(
        request(),
        request(milestone=Text(en="Payroll run on 2026-12-18", ja="給与計算、2026年12月18日")),
        by="\n\n",
    ),
    right=request(),
)


@per_answer(DEADLINE_IMMINENT)
def check_deadline(reading: Reading) -> Iterator[Finding]:
    today = reading.as_of.isoformat()
    nearest: tuple[str, ReadDate] | None = None
    for read in reading.dates:
        for day in days_of(read):
            if day >= today and (nearest is None or day < nearest[0]) and read.span not in reading.judged.impossible:
                nearest = day, read
    if nearest and nearest[0] <= (reading.as_of + timedelta(days=1)).isoformat():
        yield DEADLINE_IMMINENT.at(nearest[1].span, date=nearest[0])


@per_update(REQUEST_UNCHANGED)
def check_unchanged(update: Update) -> Iterator[Finding]:
    if len(update.readings) < 2 and not update.earlier:
        return
    seen = {reading.index: _words(reading) for reading in update.readings if not reading.unfilled}
    first: dict[tuple[str, ...], Reading] = {}
    for reading in update.readings:
        if reading.quoted and reading.index in seen:
            first.setdefault(seen[reading.index], reading)
    in_sr = {_words(reading) for one in update.earlier for reading in one.readings}
    for reading in update.live:
        if reading.index not in seen:
            continue
        earlier = first.get(seen[reading.index])
        if earlier:
            line = update.source.place(earlier.block.span.start).line
            yield REQUEST_UNCHANGED.at(reading.head, block=reading.index, line=line)
        else:
            first[seen[reading.index]] = reading
            if seen[reading.index] in in_sr:
                yield REQUEST_UNCHANGED.at(reading.head, block=reading.index)


def _words(reading: Reading) -> tuple[str, ...]:
    sections = reading.sections.values()
    return tuple(" ".join(section.view(reading.source).text.split()) for section in sections)


@per_answer(MANAGER_CONTACT_ADVISED)
def check_call(reading: Reading) -> Iterator[Finding]:
    if reading.callback and not reading.contacts.others:
        yield MANAGER_CONTACT_ADVISED.at(reading.place("requester"))


@per_update(LIMIT_REACHED)
def check_limits(update: Update) -> Iterator[Finding]:
    end = len(update.source.text)
    if update.cut:
        yield LIMIT_REACHED.at(Span(end, end), limit="text", count=update.choices.max_characters)
    for reading in update.live:
        for place, limit in reading.cut:
            count = update.choices.max_line_length if limit == "line" else update.choices.max_answer_length
            yield LIMIT_REACHED.at(place, block=reading.index, limit=limit, count=count)
    if len(update.nodes) > len(update.readings):
        left_out = update.nodes[len(update.readings)]
        yield LIMIT_REACHED.at(left_out.span, limit="blocks", count=update.choices.max_blocks)
