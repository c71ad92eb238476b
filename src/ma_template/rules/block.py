"""The template itself: its banners, its prompts, and whether anything was written into it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ma_template.diagnostics import Rule, Severity, Text
from ma_template.rules.base import Update, per_answer, per_block, per_update
from ma_template.source import Span, rows

if TYPE_CHECKING:
    from ma_template.diagnostics import Finding
    from ma_template.reading import Reading
from ma_template.rules.examples import CLOSING, MILESTONE, NOTHING, joined, request

UNFILLED = request(reason=NOTHING, milestone=NOTHING, requester=NOTHING)
FULL_PROMPT = Text(
    en="Reason for requested management attention, including business impact of the problem\n",
    ja="対応が必要な問題によって事業に及ぼされる影響を含め、管理者による対応を要請する理由。\n",
)
ANOTHER = request(
    reason=Text(
        en="Payslips are wrong, and 900 employees will be paid too little.",
        ja="給与明細に誤りがあり、このままでは社員900人への支給額が不足します。",
    ),
    milestone=Text(en="Payroll run on 2026-12-18", ja="給与計算、2026年12月18日"),
)

BLOCK_ABSENT = Rule(
    code="MA101",
    name="block-absent",
    severity=Severity.ERROR,
    message=Text(
        en="the update holds no request for management attention",
        ja="更新内容に、管理者による対応の要請がありません",
    ),
    expected=Text(
        en="the published template, from opening to closing banner, filled in",
        ja="開始行から終了行までを含む、記入済みのテンプレート",
    ),
    explain=Text(
        en="A request told in prose is easily taken for an ordinary update. Insert the template with its lines of "
        "asterisks and fill it in. This is checked only with --require.",
        ja="文章だけで書かれた要請は、通常の更新と見分けがつきません。アスタリスクの行も含めてテンプレートを挿入し、各"
        "欄に記入してください。この確認は、--requireを指定した場合にだけ行います。",
    ),
    source=Text(
        en="The process asks for the template with its **** lines, so that nothing needed is left out.",
        ja="プロセスの案内では、必要な情報が欠けないよう、****の線を含めてテンプレートを挿入するよう求めています。",
    ),
    example_in="update",
    example_options={"require": True},
    wrong=Text(
        en="Please have a manager look at this SR. The order system is down, and we go live on 2026-12-15.",
        ja="管理者の方にご確認をお願いします。2026年12月15日に通販サイトの本番稼働を控えています。",
    ),
    right=request(),
)

CLOSING_BANNER_MISSING = Rule(
    code="MA102",
    name="closing-banner-missing",
    severity=Severity.ERROR,
    fixable="sometimes",
    fixable_when=Text(
        en="Only where every line below the last prompt is contact information, never behind a signature.",
        ja="最後の設問より下の行がすべて連絡先と読み取れる場合に限ります。署名がある場合は補いません。",
    ),
    message=Text(en="the closing banner is missing", ja="テンプレートの終了行がありません"),
    expected=Text(
        en="a last line: ************* Request Management Attention *************",
        ja="最後の行: ******************* 管理者による対応を要請 *******************",
    ),
    explain=Text(
        en="Without the closing banner nobody can tell where the request ends, and a signature or the next message is "
        "read as part of it. Put the closing banner below the last answer.",
        ja="終了行がないと、どこまでが要請なのか判断できず、署名や続きの文章まで要請の一部として読み取られます。"
        "最後の記入の下に終了行を入れてください。",
    ),
    example_in="update",
    wrong=request(closing=NOTHING),
    right=request(),
)

OPENING_BANNER_MISSING = Rule(
    code="MA103",
    name="opening-banner-missing",
    severity=Severity.ERROR,
    fixable="sometimes",
    fixable_when=Text(
        en="Left as it is where an opening banner would change how the request is read.",
        ja="補うと要請の読み取り方が変わる場合は、そのままにします。",
    ),
    message=Text(en="the opening banner is missing", ja="テンプレートの開始行がありません"),
    expected=Text(
        en="a first line: ******************* Request Management Attention *******************",
        ja="最初の行: ******************* 管理者による対応を要請 *******************",
    ),
    explain=Text(
        en="The opening banner is what makes a request stand out from all the other text of an SR. Put it back above "
        "the first prompt.",
        ja="開始行は、多くの文章の中から要請を見つけるための目印です。最初の設問の上に開始行を入れてください。",
    ),
    example_in="update",
    wrong=request(opening=NOTHING),
    right=request(),
)

BANNER_ALTERED = Rule(
    code="MA104",
    name="banner-altered",
    severity=Severity.WARNING,
    fixable="sometimes",
    fixable_when=Text(
        en="Left as it is where other text stands on the line and moving it would change how the request is read.",
        ja="同じ行に別の文字があり、移すと要請の読み取り方が変わる場合は、そのままにします。",
    ),
    title=Text(en="a banner is not as published", ja="開始行または終了行が所定の形と異なります"),
    message=Text(
        en="the banner is not as published: {what}",
        ja="開始行または終了行が所定の形と異なります({what})",
    ),
    expected=Text(
        en="three asterisks or more, the label as published, three asterisks or more, on one line",
        ja="半角アスタリスク3個以上、所定の見出し、半角アスタリスク3個以上を1行に",
    ),
    explain=Text(
        en="This banner could still be recognised, but a hurried reader or another program may miss it. Copy the line "
        "from the published template. The number of asterisks (three or more) and the spaces do not matter.",
        ja="この行はまだ認識できましたが、急いでいる人や別のプログラムには見落とされるおそれがあります。公開されている"
        "テンプレートの行をコピーしてください。アスタリスクの数(3個以上)や空白の有無は問いません。",
    ),
    example_in="update",
    wrong=request(
        opening=Text(
            en="******************* Request Managment Attention", ja="＊＊＊＊＊ 管理者による対応を要請 ＊＊＊＊＊"
        )
    ),
    right=request(opening=Text(en="***** Request Management Attention *****", ja="***** 管理者による対応を要請 *****")),
)

BANNER_LANGUAGE_MISMATCH = Rule(
    code="MA105",
    name="banner-language-mismatch",
    severity=Severity.WARNING,
    fixable="sometimes",
    fixable_when=Text(
        en="Left as it is where the closing banner's line holds other text that would then be read as part of a "
        "request.",
        ja="終了行と同じ行に別の文字があり、要請の一部として読み取られるようになる場合は、そのままにします。",
    ),
    title=Text(en="opening and closing banner are in different languages", ja="開始行と終了行の言語が異なります"),
    message=Text(
        en="the opening banner is in {opening}, the closing banner in {closing}",
        ja="開始行は{opening}、終了行は{closing}です",
    ),
    expected=Text(en="a closing banner in the language of the opening one", ja="開始行と同じ言語の終了行"),
    explain=Text(
        en="This is often what remains when both templates were pasted and one was cut away, and some answers may have "
        "gone with it. See whether anything is lost, and use banners of one language; the answers may be in either.",
        ja="両方の言語のテンプレートを貼り付けて一部を削ったときに起こりやすく、記入まで削られていることがあります。内"
        "容が欠けていないか確かめ、開始行と終了行の言語をそろえてください。各欄はどちらの言語で記入してもかまいませ"
        "ん。",
    ),
    example_in="update",
    wrong=request(closing=Text(en=CLOSING.ja, ja=CLOSING.en)),
    right=request(),
)

TEMPLATE_UNFILLED = Rule(
    code="MA106",
    name="template-unfilled",
    severity=Severity.ERROR,
    pointless_after=("MA107",),
    message=Text(en="the template has not been filled in", ja="テンプレートが未記入です"),
    expected=Text(en="an answer under each of the three prompts", ja="3つの設問それぞれへの記入"),
    explain=Text(
        en="The template was pasted, but nothing was written into it, so nobody can act on it. Under the prompts, say "
        "why attention is needed and how the business is affected, which milestone is at risk and when it is due, and "
        "whom to call.",
        ja="テンプレートはありますが、どの欄も空のため、対応を始められません。各設問の下に、要請の理由と事業への影響、"
        "マイルストーンと期日、要請者の氏名と連絡先を記入してください。",
    ),
    example_in="update",
    wrong=UNFILLED,
    right=request(),
)

UNFILLED_COPY = Rule(
    code="MA107",
    name="unfilled-copy",
    severity=Severity.INFO,
    message=Text(
        en="an empty copy of the template was left beside the filled-in one",
        ja="記入済みのテンプレートのほかに、未記入のテンプレートが残っています",
    ),
    expected=Text(en="only the template that is filled in", ja="記入済みのテンプレートだけ"),
    explain=Text(
        en="The template was probably pasted in both languages and filled in once. Nothing is missing. Delete the "
        "empty copy, so that nobody takes it for a second request that was never finished.",
        ja="両方の言語のテンプレートを貼り付け、片方に記入したものと思われます。不足はありません。書きかけの別の要請と"
        "誤解されないよう、未記入のほうは削除してください。",
    ),
    example_in="update",
    wrong=joined(request(), Text(en=UNFILLED.ja, ja=UNFILLED.en), by="\n\n"),
    right=request(),
)

SECTION_REPEATED = Rule(
    code="MA108",
    name="section-repeated",
    severity=Severity.WARNING,
    title=Text(en="a prompt appears twice in one request", ja="1つの要請に同じ設問が2回あります"),
    message=Text(
        en="the prompt for the {section} appears twice; both answers were read as one",
        ja="{section}の設問が2回あります。記入はつなげて読み取りました",
    ),
    expected=Text(en="each of the three prompts once", ja="3つの設問がそれぞれ1回ずつ"),
    explain=Text(
        en="The answers were joined in the order in which they stand, and may contradict each other. If one of them is "
        "out of date, delete it. If two requests have run together, give each its own banners.",
        ja="2つの記入は上から順につなげたため、内容が食い違っていることがあります。古い記入が残っている場合は削除して"
        "ください。2件の要請が混ざっている場合は、それぞれに開始行と終了行を付けてください。",
    ),
    example_in="update",
    wrong=request(
        reason_prompt=FULL_PROMPT,
        reason=Text(en="The order system is down.", ja="受注システムが停止しています。"),
        milestone=joined(
            MILESTONE,
            joined(FULL_PROMPT, Text(en="40 stores cannot take orders.", ja="40店舗で受注ができません。")),
            by="\n",
        ),
    ),
    right=request(
        reason_prompt=FULL_PROMPT,
        reason=Text(
            en="The order system is down. 40 stores cannot take orders.",
            ja="受注システムが停止しています。40店舗で受注ができません。",
        ),
    ),
)

PLACEHOLDER_ANSWER = Rule(
    code="MA109",
    name="placeholder-answer",
    severity=Severity.ERROR,
    pointless_after=("MA106", "MA107"),
    title=Text(en="a placeholder stands where an answer is needed", ja="必要な項目が仮の記入のままです"),
    message=Text(
        en="the {field} is still a placeholder",
        ja="{field}が仮の記入のままです",
    ),
    expected=Text(en="the answer itself instead of TBD or N/A", ja="「未定」「後日連絡」ではなく、実際の内容"),
    explain=Text(
        en="TBD, N/A or a dash counts as no answer: nobody can plan with it or call back. Write what is known today, "
        "such as the latest acceptable date or the person on duty, and update the SR when that changes.",
        ja="「未定」「後日連絡」「N/A」などは、記入がないものとして扱います。そのままでは計画も連絡もできないためで"
        "す。許容できる最も遅い期日や当番の担当者など、現時点で分かることを記入し、変わったときにサービス・リクエスト"
        "を更新してください。",
    ),
    example_in="requester",
    wrong=Text(
        en="Name: Taro Yamada\nPhone: TBD\nE-mail: taro.yamada@example.com",
        ja="氏名: 山田太郎\n電話番号: 後日連絡\nメールアドレス: taro.yamada@example.co.jp",
    ),
    right=Text(
        en="Name: Taro Yamada\nPhone: +81 3-5555-0123\nE-mail: taro.yamada@example.com",
        ja="氏名: 山田太郎\n電話番号: 03-5555-0123\nメールアドレス: taro.yamada@example.co.jp",
    ),
)

SEVERAL_REQUESTS = Rule(
    code="MA110",
    name="several-requests",
    severity=Severity.INFO,
    title=Text(en="the update holds several requests", ja="1つの更新内容に複数の要請があります"),
    message=Text(
        en="the update holds {count} requests",
        ja="1つの更新内容に要請が{count}件あります",
    ),
    expected=Text(en="one request in an update", ja="1回の更新につき1件の要請"),
    explain=Text(
        en="Each request is read and judged by itself, and the later ones are easily overlooked. If they concern one "
        "problem, make them one request with all its milestones. If not, each belongs in the SR of its problem.",
        ja="要請は1件ずつ読み取って確認しますが、2件目以降は見落とされがちです。同じ問題についての要請であれば、すべて"
        "のマイルストーンを1件にまとめてください。別の問題であれば、それぞれのサービス・リクエストに記入してください。",
    ),
    example_in="update",
    wrong=joined(request(), ANOTHER, by="\n\n"),
    right=request(),
)

TEMPLATE_SUPERSEDED = Rule(
    code="MA111",
    name="template-superseded",
    severity=Severity.INFO,
    fixable="sometimes",
    fixable_when=Text(en="Only with --modernise.", ja="--moderniseを指定した場合に限ります。"),
    message=Text(
        en="this is the older template, Escalation Request",
        ja="旧テンプレート(Escalation Request)が使われています",
    ),
    expected=Text(
        en="the current template, Request Management Attention",
        ja="現行のテンプレート(管理者による対応を要請)",
    ),
    explain=Text(
        en="The older form asks for the same things and is read in the same way; some quick reference guides still "
        "show it. Use the current template next time, or let ma-lint fix --modernise replace banners and prompts.",
        ja="旧テンプレートも求める内容は同じで、同じように読み取ります。古いクイック・リファレンスには今も掲載されてい"
        "ます。次回からは現行のテンプレートをお使いください。ma-lint fix --moderniseで開始行・終了行と設問を置き換える"
        "こともできます。",
    ),
    example_in="update",
    wrong=request(
        opening=Text(*["****************Escalation Request **************"] * 2),
        closing=Text(*["****************Escalation Request**************"] * 2),
    ),
    right=request(),
)

PROMPT_ALTERED = Rule(
    code="MA112",
    name="prompt-altered",
    severity=Severity.INFO,
    fixable="sometimes",
    fixable_when=Text(
        en="Left as it is where somebody's words may stand on the prompt's line.",
        ja="設問と同じ行に記入が含まれている可能性がある場合は、そのままにします。",
    ),
    title=Text(en="a prompt is not worded as published", ja="設問の文言が所定のものと異なります"),
    message=Text(
        en="the prompt for the {section} is not worded as published",
        ja="{section}の設問の文言が所定のものと異なります",
    ),
    expected=Text(
        en="the prompt as published, or cut down to a label such as Reason:",
        ja="所定の設問、または「理由:」のように短くした項目名",
    ),
    explain=Text(
        en="The prompt was recognised all the same. Keep the published wording, or a plain label: after one more "
        "change the prompt might be taken for part of an answer.",
        ja="設問として認識できましたが、文言がさらに変わると、記入の一部と取り違えるおそれがあります。公開されている文"
        "言か、短い項目名をお使いください。",
    ),
    example_in="update",
    wrong=request(
        reason_prompt=Text(
            en="Why do you request management attention, and what is the business impact?\n",
            ja="管理者による対応を要請する理由と、問題が事業に及ぼす影響をご記入ください。\n",
        )
    ),
    right=request(),
)


@per_update(BLOCK_ABSENT)
def check_absent(update: Update) -> Iterator[Finding]:
    if update.choices.require and not update.live:
        yield BLOCK_ABSENT.at(Span(0, 0))


@per_block(CLOSING_BANNER_MISSING, OPENING_BANNER_MISSING, BANNER_ALTERED, BANNER_LANGUAGE_MISMATCH)
def check_banners(reading: Reading) -> Iterator[Finding]:
    opening, closing = reading.block.opening, reading.block.closing
    if closing is None:
        yield CLOSING_BANNER_MISSING.at(reading.tail, fixable=_ends_with_contact(reading))
    if opening is None:
        yield OPENING_BANNER_MISSING.at(reading.head, fixable=True)
    for banner in (opening, closing):
        if banner and banner.altered:
            yield BANNER_ALTERED.at(banner.span, fixable=True, what=banner.altered)
    if opening and closing and opening.language != closing.language:
        yield BANNER_LANGUAGE_MISMATCH.at(
            closing.span, fixable=True, opening=opening.language, closing=closing.language
        )


@per_block(TEMPLATE_UNFILLED, UNFILLED_COPY, TEMPLATE_SUPERSEDED)
def check_template(reading: Reading) -> Iterator[Finding]:
    if reading.unfilled:
        yield (UNFILLED_COPY if reading.copy else TEMPLATE_UNFILLED).at(reading.head)
    if reading.template == "escalation-request":
        yield TEMPLATE_SUPERSEDED.at(reading.head)


@per_block(SECTION_REPEATED, PROMPT_ALTERED)
def check_prompts(reading: Reading) -> Iterator[Finding]:
    for section in reading.sections.values():
        for prompt in section.repeated:
            yield SECTION_REPEATED.at(prompt.body, field=section.name, section=section.name)
        for prompt in section.prompts:
            if prompt.altered:
                yield PROMPT_ALTERED.at(prompt.body, field=section.name, fixable=True, section=section.name)


@per_answer(PLACEHOLDER_ANSWER)
def check_placeholders(reading: Reading) -> Iterator[Finding]:
    for path in sorted(reading.placeholders.intersection(reading.missing)):
        if path != "reason.impact":  # MA202 says it (ruling 11)
            yield PLACEHOLDER_ANSWER.at(reading.gap(path), field=path)._replace(arguments=(("field", path),))


@per_update(SEVERAL_REQUESTS)
def check_several(update: Update) -> Iterator[Finding]:
    filled = [reading for reading in update.live if not reading.unfilled]
    if len(filled) > 1:
        yield SEVERAL_REQUESTS.at(filled[1].head, count=len(filled))


def _ends_with_contact(reading: Reading) -> bool:
    """Was every line after the last prompt read as contact? Only then is it certain where the block ends."""
    section = reading.sections["requester"]
    prompts = [line for line in reading.block.lines if line.kind in ("PROMPT", "LABEL")]
    if not section or not prompts or prompts[-1].section != "requester":
        return False
    people = (reading.contacts.requester, *reading.contacts.others)
    read = [person.name_span for person in people if person.name_span]
    read += [item.span for person in people for item in (*person.phones, *person.pagers)]
    read += [email.span for person in people for email in person.emails]
    return all(
        any(span.start < row.end and row.start < span.end for span in read)
        for piece in section.pieces
        for row in rows(reading.source, piece)
    )
