"""What a rule is and what a finding is. Rules are declared under `ma_template.rules`; writers make the sentences here.

A finding carries a code, a place and arguments (roles, dates, counts); never a sentence, never an answer's words.
Everything here is a named tuple: `ma-lint explain` has to start at once, and the import of dataclasses alone would
cost it a third of its time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Literal, NamedTuple

from ma_template.patterns import late
from ma_template.source import Span

Language = Literal["en", "ja"]
Argument = str | int | Sequence[str]


class Severity(StrEnum):
    """How much a finding weighs (contract, section 4)."""

    ERROR = "error"  # the request is not complete
    WARNING = "warning"  # it is, but likely to be misread or delayed
    INFO = "info"  # worth knowing


class Text(NamedTuple):
    """The same words in English and in Japanese."""

    en: str
    ja: str

    def of(self, lang: Language) -> str:
        """Return the words in one language."""
        return self.ja if lang == "ja" else self.en


class Finding(NamedTuple):
    """What a rule found, and where. Hashable and picklable; the severity is the rule's or the configuration's.

    Attributes:
        code: of the rule.
        span: the place in the update as given, in code points.
        block: index of the block it belongs to, None where it belongs to the update.
        field: dotted path of what it is about (contract, section 3), None where it is about no single field.
        arguments: what fills the {places} of the rule's message, by name.
        fixable: `ma-lint fix` mends this one.
    """

    code: str
    span: Span
    block: int | None = None
    field: str | None = None
    arguments: tuple[tuple[str, Argument], ...] = ()
    fixable: bool = False


class Rule(NamedTuple):
    """One rule, declared once; everything that is said about it anywhere is derived from this.

    Attributes:
        code: `MA` and three digits.
        name: the problem in two to four words, as after "allow".
        severity: the default.
        field: dotted path of what its findings are about; None where it varies or there is no single field.
        message: the finding as one clause. May hold {places}, each known to `PLACES`.
        title: the message without places. Needed where the message has some, else the message itself.
        expected: one line saying what a right answer looks like.
        explain: why it matters and what to do.
        wrong: an example that gives this code and no other error or warning.
        right: the same, put right.
        example_in: where the examples stand: the answer of that section in an otherwise complete request, or a whole
            update. They are read on Monday, 23 November 2026.
        example_options: the options of `check` that the rule needs to speak at all.
        fixable: does `ma-lint fix` mend it?
        fixable_when: if `sometimes`: when.
        wrong_sr, right_sr: where the rule looks at the SR too: its fields beside the examples, as JSON (`--sr`).
        pointless_after: codes that silence it in the same block, where they concern the whole block, the same field
            or the section it belongs to (`rules.without_pointless`).
        source: what the published process says about it.
        since: the version that brought it.
    """

    code: str
    name: str
    severity: Severity
    message: Text
    expected: Text
    explain: Text
    wrong: Text
    right: Text
    example_in: Literal["reason", "milestone", "requester", "update"]
    field: str | None = None
    title: Text | None = None
    example_options: Mapping[str, bool | int | str] = {}
    wrong_sr: Text | None = None
    right_sr: Text | None = None
    fixable: Literal["yes", "no", "sometimes"] = "no"
    fixable_when: Text | None = None
    pointless_after: tuple[str, ...] = ()
    source: Text | None = None
    since: str = "0.1"

    def at(
        self,
        span: Span,
        *,
        block: int | None = None,
        field: str | None = None,
        fixable: bool | None = None,
        **arguments: Argument | None,
    ) -> Finding:
        """Return a finding of this rule. `field` and `fixable` are needed only where the rule leaves them open.

        An argument that is None is left out: then the message is the rule's title.
        """
        return Finding(
            self.code,
            span,
            block,
            self.field if field is None else field,
            tuple((name, value) for name, value in arguments.items() if value is not None),
            self.fixable == "yes" if fixable is None else fixable,
        )

    def heading(self, lang: Language) -> str:
        """Return the message without places: the rule in one line."""
        return (self.title or self.message).of(lang)

    def render(self, lang: Language, **arguments: Argument) -> str:
        """Return the message for a reader. Falls back to the heading where an argument lacks or makes no sense."""
        message = self.message.of(lang)
        try:
            return _PLACE.sub(lambda place: PLACES[place[1]](arguments[place[1]], lang), message)
        except (KeyError, TypeError, ValueError):
            return self.heading(lang)


# ---------------------------------------------------------------------------------------------------------------------
# From an argument to words

FIELDS: Mapping[str, Text] = {
    "reason": Text("reason", "理由"),
    "reason.impact": Text("business impact", "事業への影響"),
    "milestone": Text("milestone", "マイルストーン"),
    "milestone.type": Text("type of milestone", "マイルストーンの種類"),
    "milestone.dates": Text("milestone date", "期日"),
    "requester": Text("requester", "要請者"),
    "requester.name": Text("requester's name", "要請者の氏名"),
    "requester.phone": Text("requester's phone number", "要請者の電話番号"),
    "requester.email": Text("requester's e-mail address", "要請者のメールアドレス"),
    "requester.pager": Text("requester's pager number", "要請者のポケットベル番号"),
    "sr.problem": Text("SR's problem statement", "SRの問題の説明"),
    "sr.severity": Text("SR's severity", "SRの重大度"),
    "sr.milestone_dates": Text("SR's milestone dates", "SRのマイルストーン期日"),
}
"""What people call each dotted path. A pager may be named, but is never required. `sr.…`: of the service request."""

LANGUAGES: Mapping[str, Text] = {"en": Text("English", "英語"), "ja": Text("Japanese", "日本語")}

DAMAGE: Mapping[str, Text] = {
    "typo": Text("the label is misspelt", "見出しの文字に誤りがある"),
    "case": Text("the label's capitals differ", "見出しの大文字・小文字が異なる"),
    "one-sided": Text("asterisks stand on one side only", "アスタリスクが片側にしかない"),
    "stars": Text("there are fewer than three asterisks on a side", "アスタリスクが3個に満たない"),
    "width": Text("it has full-width or look-alike characters", "全角文字や似た別の文字が使われている"),
    "escaped": Text("it has escape characters or codes", "エスケープ文字が混ざっている"),
    "markup": Text("it has formatting marks or tags", "書式の記号やタグが混ざっている"),
    "other-text": Text("other text stands on the line", "同じ行に別の文字がある"),
    "broken": Text("it is broken over several lines", "複数の行に分かれている"),
}
"""What may have happened to a banner (MA104, argument `what`)."""

LIMITS: Mapping[str, Text] = {
    "text": Text(
        "the update is too long, and what follows the limit was not read: raise max-characters to have it read",
        "更新内容が長すぎるため、上限より後ろは読み取っていません。読み取るには max-characters を引き上げてください",
    ),
    "blocks": Text(
        "there are too many requests, and the later ones were not checked: raise max-blocks to have them checked",
        "要請が多すぎるため、上限を超えた要請は確認していません。確認するには max-blocks を引き上げてください",
    ),
    "line": Text(
        "a line is too long, and its end was not read: raise max-line-length to have it read",
        "長すぎる行があるため、その行の残りは読み取っていません。読み取るには max-line-length を引き上げてください",
    ),
    "answer": Text(
        "an answer is too long, and its end was not read: raise max-answer-length to have it read",
        "長すぎる記入があるため、その残りは読み取っていません。読み取るには max-answer-length を引き上げてください",
    ),
    "findings": Text(
        "there are too many findings, and the later ones are not listed: raise max-diagnostics to have them listed",
        "指摘が多すぎるため、上限を超えた指摘は表示していません。表示するには max-diagnostics を引き上げてください",
    ),
}
"""Which limit was met, what was not looked at, and the setting that changes this (MA901, argument `limit`)."""

ODDITIES: Mapping[str, Text] = {
    "carrier": Text(
        "its dots stand where only some mobile carriers allow them",
        "一部の携帯電話会社だけが認めるドットの使い方",
    ),
    "internal": Text("its domain is known only inside an organisation", "組織内だけで使われるドメイン"),
}
"""Why the standard refuses an address in use (MA409, argument `oddity`)."""

MISMATCHES: Mapping[str, Text] = {
    "stopped": Text("it says that business has stopped", "業務が止まっていると書かれている"),
    "no-impact": Text("it states no business impact", "事業への影響が書かれていない"),
}
"""What a request says that the SR's severity does not (MA505, argument `mismatch`)."""

_PLACE = late(r"\{(\w+)\}")
_ISO = late(r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}:\d{2})(?::\d{2})?(Z|[+-]\d{2}:\d{2})?)?")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
_WEEKDAYS = Text("MonTueWedThuFriSatSun", "月火水木金土日")
_AND = Text(" and ", "、")
_OR = Text(" or ", "または")


def spell_date(moment: str, lang: Language) -> str:
    """Return an ISO 8601 date or date-time in words, with its weekday; a day that does not exist has none.

    >>> spell_date("2026-12-01", "en"), spell_date("2026-12-01", "ja")
    ('Tue 1 December 2026', '2026年12月1日(火)')
    """
    from datetime import date

    match = _ISO.fullmatch(moment)
    if match is None:
        raise ValueError("no ISO 8601 date")
    year, month, day = int(match[1]), int(match[2]), int(match[3])
    try:
        names = _WEEKDAYS.of(lang)
        letters = len(names) // 7
        number = date(year, month, day).weekday()
        weekday = names[letters * number : letters * (number + 1)]
    except ValueError:
        weekday = ""
    if lang == "ja":
        words = f"{year}年{month}月{day}日" + (f"({weekday})" if weekday else "")
    elif 1 <= month <= 12:
        words = f"{weekday} {day} {_MONTHS[month - 1]} {year}".lstrip()
    else:
        words = moment[:10]
    if match[4]:
        zone = "UTC" if match[5] in ("Z", "+00:00") else match[5]
        words += (" " if lang == "ja" else ", ") + match[4] + (f" ({zone})" if zone else "")
    return words


def _date(value: Argument, lang: Language) -> str:
    return spell_date(str(value), lang)


def _number(value: Argument, lang: Language) -> str:
    return f"{int(str(value)):,}"


def _word(words: Mapping[str, Text]) -> Callable[[Argument, Language], str]:
    return lambda value, lang: words[str(value)].of(lang)


def _listed(one: Callable[[Argument, Language], str], last: Text) -> Callable[[Argument, Language], str]:
    def several(value: Argument, lang: Language) -> str:
        items = [value] if isinstance(value, str | int) else list(value)
        if not items:
            raise ValueError("nothing to list")
        *rest, end = (one(item, lang) for item in items)
        return ("、" if lang == "ja" else ", ").join(rest) + last.of(lang) + end if rest else end

    return several


PLACES: Mapping[str, Callable[[Argument, Language], str]] = {
    "date": _date,
    "start": _date,
    "end": _date,
    "candidates": _listed(_date, _OR),
    "count": _number,
    "line": _number,
    "days": _number,
    "severity": _number,
    "field": _word(FIELDS),
    "section": _word(FIELDS),
    "opening": _word(LANGUAGES),
    "closing": _word(LANGUAGES),
    "what": _listed(_word(DAMAGE), _AND),
    "limit": _word(LIMITS),
    "oddity": _word(ODDITIES),
    "mismatch": _word(MISMATCHES),
}
"""The {places} that a message may have, with the way each argument is put into words."""
