"""The requester: a person with a number and an address, so that somebody can call back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from ma_template.diagnostics import Rule, Severity, Text
from ma_template.rules.base import Update, claims, per_answer, per_update

if TYPE_CHECKING:
    from ma_template.diagnostics import Finding
    from ma_template.drafts import Fault
    from ma_template.reading import Reading
from ma_template.rules.examples import MILESTONE, REASON, request

# Japanese answers mean Japanese numbers; only English ones, in whichever template, leave the country open.
ENGLISH_REASON = Text(en=REASON.en, ja=REASON.en)
ENGLISH_MILESTONE = Text(en=MILESTONE.en, ja=MILESTONE.en)

REQUESTER_MISSING = Rule(
    code="MA401",
    name="requester-missing",
    severity=Severity.ERROR,
    field="requester",
    pointless_after=("MA106", "MA107", "MA109"),
    message=Text(en="the requester's name and contact details are missing", ja="要請者の氏名と連絡先がありません"),
    expected=Text(
        en="name, phone number and e-mail address of the person who asks",
        ja="要請する方の氏名、電話番号、メールアドレス",
    ),
    explain=Text(
        en="Without a name and a way to reach that person the manager can neither ask back nor report. Give name, "
        "phone number with country code and e-mail address; a pager only if you carry one.",
        ja="氏名と連絡先がないと、マネージャーは状況を問い合わせることも、経過を知らせることもできません。氏名、電話番"
        "号、メールアドレスを記入してください。ポケットベルは、お持ちの場合だけで結構です。",
    ),
    example_in="requester",
    wrong=Text(en="", ja=""),
    right=Text(
        en="Taro Yamada, +81 3-5555-0123, taro.yamada@example.com",
        ja="山田太郎、03-5555-0123、taro.yamada@example.co.jp",
    ),
)

NAME_MISSING = Rule(
    code="MA402",
    name="name-missing",
    severity=Severity.ERROR,
    field="requester.name",
    pointless_after=("MA106", "MA107", "MA109", "MA401"),
    message=Text(en="the requester's name is missing", ja="要請者の氏名がありません"),
    expected=Text(en="the name of a person, not of a department", ja="部署名ではなく、個人の氏名"),
    explain=Text(
        en="With only a department or a role, the manager has to ask around for somebody who knows about the SR. Name "
        "one person who can speak about it; department and title may stand beside the name.",
        ja="部署名や役職名だけでは、誰に取り次いでもらえばよいのか分かりません。この件について話せる方の氏名を記入して"
        "ください。部署名や役職名を併記してもかまいません。",
    ),
    example_in="requester",
    wrong=Text(
        en="IT Operations, +81 3-5555-0123, it-operations@example.com",
        ja="情報システム部、03-5555-0123、it-operations@example.co.jp",
    ),
    right=Text(
        en="Taro Yamada, IT Operations, +81 3-5555-0123, it-operations@example.com",
        ja="情報システム部 山田太郎、03-5555-0123、it-operations@example.co.jp",
    ),
)

PHONE_MISSING = Rule(
    code="MA403",
    name="phone-missing",
    severity=Severity.ERROR,
    field="requester.phone",
    pointless_after=("MA106", "MA107", "MA109", "MA401", "MA404"),
    message=Text(en="the requester's phone number is missing", ja="要請者の電話番号がありません"),
    expected=Text(
        en="a number with country code, such as +81 3-5555-0123",
        ja="市外局番からの電話番号: 03-5555-0123",
    ),
    explain=Text(
        en="Management attention usually starts with a call. Give a number where the requester can be reached in the "
        "next few hours. An extension, a fax or an in-house number alone cannot be called from outside.",
        ja="管理者による対応は、電話での状況確認から始まることが多くあります。この先数時間のうちに要請者が出られる番号"
        "を記入してください。内線番号やFAX番号だけでは、社外から電話をかけられません。",
    ),
    example_in="requester",
    wrong=Text(en="Taro Yamada, taro.yamada@example.com", ja="山田太郎、taro.yamada@example.co.jp"),
    right=Text(
        en="Taro Yamada, +81 90-1234-5678, taro.yamada@example.com",
        ja="山田太郎、090-1234-5678、taro.yamada@example.co.jp",
    ),
)

PHONE_INVALID = Rule(
    code="MA404",
    name="phone-invalid",
    severity=Severity.ERROR,
    field="requester.phone",
    pointless_after=("MA106", "MA107", "MA401"),
    message=Text(en="the phone number is not valid", ja="電話番号が正しくありません"),
    expected=Text(en="a complete number: +44 20 7946 0123", ja="桁数の正しい電話番号: 090-1234-5678"),
    explain=Text(
        en="The number has too many or too few digits, or its country gives out no such number. Compare it digit by "
        "digit. With a country code in front it cannot be taken for a number of another country.",
        ja="桁数に過不足があるか、その国では割り当てられていない番号です。1桁ずつ見比べてください。国番号を付けておけ"
        "ば、別の国の番号と取り違えられることもありません。",
    ),
    example_in="requester",
    wrong=Text(
        en="Taro Yamada, +81 3-5555-01234, taro.yamada@example.com",
        ja="山田太郎、03-5555-01234、taro.yamada@example.co.jp",
    ),
    right=Text(
        en="Taro Yamada, +81 3-5555-0123, taro.yamada@example.com",
        ja="山田太郎、03-5555-0123、taro.yamada@example.co.jp",
    ),
)

PHONE_REGION_UNKNOWN = Rule(
    code="MA405",
    name="phone-region-unknown",
    severity=Severity.WARNING,
    field="requester.phone",
    pointless_after=("MA106", "MA107", "MA401"),
    message=Text(
        en="the phone number has no country code, and its country is not known",
        ja="電話番号に国番号がなく、どの国の番号か分かりません",
    ),
    expected=Text(
        en="a plus sign and the country code in front: +1 415 555 0123",
        ja="先頭に+と国番号: +81 3-5555-0123",
    ),
    explain=Text(
        en="Support teams call from several countries, and the same digits reach somebody else in each of them. Write "
        "the number with its country code. If all your numbers belong to one country, set region in the configuration.",
        ja="サポートは複数の国から電話をかけるため、国番号がないと別の相手につながることがあります。国番号を付けて記入"
        "してください。英語で記入された番号は、日本の番号とはみなしません。番号がすべて同じ国のものであれば、設定の"
        "regionで指定できます。",
    ),
    example_in="update",
    wrong=request(
        reason=ENGLISH_REASON,
        milestone=ENGLISH_MILESTONE,
        requester=Text(
            en="Linda Park, 415 555 0123, linda.park@example.com",
            ja="Taro Yamada, 03-5555-0123, taro.yamada@example.co.jp",
        ),
    ),
    right=request(
        reason=ENGLISH_REASON,
        milestone=ENGLISH_MILESTONE,
        requester=Text(
            en="Linda Park, +1 415 555 0123, linda.park@example.com",
            ja="Taro Yamada, +81 3-5555-0123, taro.yamada@example.co.jp",
        ),
    ),
)

EMAIL_MISSING = Rule(
    code="MA406",
    name="email-missing",
    severity=Severity.ERROR,
    field="requester.email",
    pointless_after=("MA106", "MA107", "MA109", "MA401", "MA407"),
    message=Text(en="the requester's e-mail address is missing", ja="要請者のメールアドレスがありません"),
    expected=Text(en="an address such as taro.yamada@example.com", ja="メールアドレス: taro.yamada@example.co.jp"),
    explain=Text(
        en="The action plan, and questions that need no call, come by mail. Give an address that the requester reads "
        "while the problem lasts; one is enough.",
        ja="実施計画や、電話するまでもない質問はメールで届きます。対応中に要請者が確認できるアドレスを1つ記入してください。",
    ),
    example_in="requester",
    wrong=Text(en="Taro Yamada, +81 3-5555-0123", ja="山田太郎、03-5555-0123"),
    right=Text(
        en="Taro Yamada, +81 3-5555-0123, taro.yamada@example.com",
        ja="山田太郎、03-5555-0123、taro.yamada@example.co.jp",
    ),
)

EMAIL_INVALID = Rule(
    code="MA407",
    name="email-invalid",
    severity=Severity.ERROR,
    field="requester.email",
    pointless_after=("MA106", "MA107", "MA401"),
    message=Text(en="the e-mail address is not valid", ja="メールアドレスの形式が正しくありません"),
    expected=Text(
        en="one @, a domain with its ending, no blanks: name@example.com",
        ja="@が1つ、末尾まで揃ったドメイン、空白なし: name@example.co.jp",
    ),
    explain=Text(
        en="Mail to this address would not arrive. Look for a lost @ or ending, a blank inside, or an address spelt "
        "out in words, and write it as you would type it into a mail program.",
        ja="このままではメールが届きません。@やドメインの末尾(.co.jpなど)が抜けていないか、途中に空白がないか、「アッ"
        "ト」などの言葉で書かれていないかを確かめ、メールソフトに入力するとおりに記入してください。",
    ),
    example_in="requester",
    wrong=Text(
        en="Taro Yamada, +81 3-5555-0123, taro.yamada@example",
        ja="山田太郎、03-5555-0123、taro.yamada@example",
    ),
    right=Text(
        en="Taro Yamada, +81 3-5555-0123, taro.yamada@example.com",
        ja="山田太郎、03-5555-0123、taro.yamada@example.co.jp",
    ),
)

EMAIL_UNDELIVERABLE = Rule(
    code="MA408",
    name="email-undeliverable",
    severity=Severity.WARNING,
    field="requester.email",
    pointless_after=("MA106", "MA107", "MA401"),
    message=Text(
        en="the domain of the e-mail address receives no mail",
        ja="メールアドレスのドメインがメールを受信できません",
    ),
    expected=Text(en="an address whose domain can receive mail", ja="メールを受信できるドメインのアドレス"),
    explain=Text(
        en="The domain behind the @ does not exist, or no mail server is named for it. Check how it is spelt. The DNS "
        "is asked only with --check-mail-domain.",
        ja="@より後ろのドメインが存在しないか、メールサーバーが登録されていません。つづりを確かめてください。"
        "DNSへの問い合わせは、--check-mail-domainを指定した場合にだけ行います。",
    ),
    example_in="requester",
    example_options={"check_mail_domain": True},
    wrong=Text(
        en="Taro Yamada, +81 3-5555-0123, taro.yamada@no-mail.example.com",
        ja="山田太郎、03-5555-0123、taro.yamada@no-mail.example.co.jp",
    ),
    right=Text(
        en="Taro Yamada, +81 3-5555-0123, taro.yamada@example.com",
        ja="山田太郎、03-5555-0123、taro.yamada@example.co.jp",
    ),
)

EMAIL_NONSTANDARD = Rule(
    code="MA409",
    name="email-nonstandard",
    severity=Severity.WARNING,
    field="requester.email",
    pointless_after=("MA106", "MA107", "MA401"),
    title=Text(
        en="the e-mail address is in use, but not as the standard allows",
        ja="メールアドレスが標準の形式ではありません",
    ),
    message=Text(
        en="the e-mail address is not as the standard allows: {oddity}",
        ja="メールアドレスが標準の形式ではありません({oddity})",
    ),
    expected=Text(en="an address that every mail system accepts", ja="どのメールシステムでも使えるアドレス"),
    explain=Text(
        en="Some mobile carriers have given out addresses with doubled dots or a dot before the @, and some companies "
        "use domains that exist only inside. The address counts as given, but mail from outside may be refused. Use "
        "an ordinary address if you have one.",
        ja="一部の携帯電話会社が発行した、ドットが連続する、または@の直前にあるアドレスや、社内だけで使われるドメイン"
        "のアドレスです。記入済みとして扱いますが、社外からのメールは届かないことがあります。可能であれば、通常のアド"
        "レスをお使いください。",
    ),
    example_in="requester",
    wrong=Text(
        en="Taro Yamada, +81 3-5555-0123, taro.yamada@example.local",
        ja="山田太郎、090-1234-5678、taro..yamada@docomo.ne.jp",
    ),
    right=Text(
        en="Taro Yamada, +81 3-5555-0123, taro.yamada@example.com",
        ja="山田太郎、090-1234-5678、taro.yamada@example.ne.jp",
    ),
)


@claims(REQUESTER_MISSING, "missing")
def check_requester(reading: Reading, _fault: Fault) -> Finding:
    return REQUESTER_MISSING.at(reading.place("requester"))


@claims(NAME_MISSING, "missing")
def check_name(reading: Reading, _fault: Fault) -> Finding:
    return NAME_MISSING.at(reading.gap("requester.name"))


@claims(PHONE_MISSING, "too_short")
def check_phone(reading: Reading, _fault: Fault) -> Finding:
    return PHONE_MISSING.at(reading.gap("requester.phone"))


@claims(PHONE_INVALID, "phone_invalid")
def check_phone_valid(reading: Reading, fault: Fault) -> Finding:
    return PHONE_INVALID.at(reading.contacts.requester.phones[fault.item or 0].span)


@per_answer(PHONE_REGION_UNKNOWN)
def check_phone_region(reading: Reading) -> Iterator[Finding]:
    for phone in reading.contacts.requester.phones:
        if reading.judged.phones.get(phone.span) == (None, None):
            yield PHONE_REGION_UNKNOWN.at(phone.span)


@claims(EMAIL_MISSING, "too_short")
def check_email(reading: Reading, _fault: Fault) -> Finding:
    return EMAIL_MISSING.at(reading.gap("requester.email"))


@claims(EMAIL_INVALID, "email_invalid")
def check_email_valid(reading: Reading, fault: Fault) -> Finding:
    return EMAIL_INVALID.at(reading.contacts.requester.emails[fault.item or 0].span)


@per_update(EMAIL_UNDELIVERABLE)
def check_email_domain(update: Update) -> Iterator[Finding]:
    if not (update.choices.check_mail_domain and update.resolver):
        return
    for reading in update.live:
        for email in reading.contacts.requester.emails:
            address, valid = reading.judged.emails.get(email.span, (None, False))
            if address and valid and not _takes_mail(update.resolver, address.rpartition("@")[2]):
                yield EMAIL_UNDELIVERABLE.at(email.span, block=reading.index)


def _takes_mail(resolver: Callable[[str], bool], domain: str) -> bool:
    try:
        return resolver(domain)
    except OSError:
        return True  # the DNS does not answer: nothing is known


@per_answer(EMAIL_NONSTANDARD)
def check_email_standard(reading: Reading) -> Iterator[Finding]:
    for email in reading.contacts.requester.emails:
        address, valid = reading.judged.emails.get(email.span, (None, False))
        if address and valid is None:
            carrier = ".." in address or ".@" in address
            yield EMAIL_NONSTANDARD.at(email.span, oddity="carrier" if carrier else "internal")
