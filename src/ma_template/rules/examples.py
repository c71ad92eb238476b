"""A complete request, as the frame of the rules' examples: each example changes one thing in it."""

from __future__ import annotations

from typing import Any

from ma_template.diagnostics import Language, Rule, Text

NOTHING = Text(en="", ja="")

OPENING = Text(
    en="******************* Request Management Attention *******************",
    ja="******************* 管理者による対応を要請 *******************",
)
CLOSING = Text(
    en="************* Request Management Attention *************",
    ja="******************* 管理者による対応を要請 *******************",
)
REASON_PROMPT = Text(en="Reason: ", ja="理由: ")
MILESTONE_PROMPT = Text(en="Milestone: ", ja="マイルストーン: ")
REQUESTER_PROMPT = Text(en="Requester: ", ja="要請者: ")
REASON = Text(
    en="The order system is down, and 40 stores cannot take orders.",
    ja="受注システムが停止し、40店舗で受注ができません。",
)
MILESTONE = Text(en="Go-live of the web shop on 2026-12-15", ja="通販サイトの本番稼働、2026年12月15日")
REQUESTER = Text(
    en="Taro Yamada, +81 3-5555-0123, taro.yamada@example.com",
    ja="山田太郎、03-5555-0123、taro.yamada@example.co.jp",
)


def joined(*texts: Text, by: str = "") -> Text:
    """Return texts put together, language by language; empty ones are left out."""
    return Text(*(by.join(part for part in parts if part) for parts in zip(*texts, strict=True)))


def request(
    *,
    opening: Text = OPENING,
    reason_prompt: Text = REASON_PROMPT,
    reason: Text = REASON,
    milestone: Text = MILESTONE,
    requester: Text = REQUESTER,
    closing: Text = CLOSING,
) -> Text:
    """Return a request with one thing or another changed; a banner of `NOTHING` is left out."""
    return joined(
        opening,
        joined(reason_prompt, reason),
        joined(MILESTONE_PROMPT, milestone),
        joined(REQUESTER_PROMPT, requester),
        closing,
        by="\n",
    )


def update_of(rule: Rule, example: Text) -> Text:
    """Return an example of the rule as a whole update: an answer alone is put into an otherwise complete request."""
    if rule.example_in == "update":
        return example
    return request(**{rule.example_in: example})


def options_of(rule: Rule, sr: Text | None, lang: Language) -> dict[str, Any]:
    """Return what an example of the rule is checked with; `sr`: the SR's fields beside it (`wrong_sr`, `right_sr`)."""
    import json

    return {**rule.example_options, **({"sr": json.loads(sr.of(lang))} if sr else {})}
