"""The time of `check()` on a filled block of 1 KB, beside gherkin-official parsing a feature of 1 KB, in one run.

usage: python benchmarks/check_speed.py [--rounds N]      (needs the extra `bench`)

Prints medians of interleaved rounds and the ratio.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

from ma_template import check
from ma_template.wording import templates

REASON_EN = """Storage cluster PRD-07 has been read-only since 08:40 and order intake is stopped.
About 1,200 branch users cannot register orders, and paper forms are in use.
If this is not solved before the evening batch, next-day shipping is lost too.
The support case has had no update for six hours and the workaround did not hold."""
REASON_JA = """本番系ストレージPRD-07が08:40から読み取り専用となり、受注登録が停止しています。
約1,200名の支店利用者が受注を登録できず、紙の帳票で代替しています。
夜間バッチまでに解消しない場合、翌日の出荷にも影響が及びます。
待機系への切り替えを10:15に試みましたが、20分後に切り戻しました。"""
ANSWERS = {
    "en": (REASON_EN, "Go-live of the new warehouse, 2026-12-01\nResolve by: 27 November 2026",
           "Taro Yamada\nPhone: +81-3-5555-0123 ext. 45\nMobile: +81 90-1234-5678\ntaro.yamada@example.co.jp"),
    "ja": (REASON_JA, "新倉庫システムの本番稼働、2026年12月1日（火）\n解決期限：2026年11月27日（金）17:00",
           "物流部 山田 太郎\n電話：03-5555-0123（内線 45）\n携帯：090-1234-5678\ntaro.yamada@example.co.jp"),
}  # fmt: skip


def block(language: str) -> str:
    """Return a filled block in the published form, about 1 KB."""
    template = next(t for t in templates() if t.language == language and t.name == "management-attention")
    parts = [template.opening]
    for prompt, answer in zip(template.prompts.values(), ANSWERS[language], strict=True):
        parts += [prompt, answer]
    return "\n\n".join([*parts, template.closing]) + "\n"


MORE = {
    "en": [
        "Revenue at risk is estimated at 4.5 million yen for each hour of the outage.",
        "Please assign a senior engineer and a duty manager, and send hourly updates to us.",
        "The vendor of the upper layer confirmed that their side shows no error since Monday.",
        "Executives of our customer were informed and expect a written plan by 18:00 today.",
    ],
    "ja": [
        "停止一時間あたりの影響額は約450万円と見積もっています。",
        "至急、上級技術者の割り当てと一時間ごとの状況報告をお願いします。",
        "顧客の役員へは報告済みで、本日18:00までに復旧計画の提示が必要です。",
    ],
}


def feature(language: str) -> str:
    """Return the same answers as a feature file, filled up to 1 KB: a template's prompts take up room, too."""
    words = {"en": ("Feature", "Scenario", "* "), "ja": ("機能", "シナリオ", "* ")}[language]
    rows = [f"# language: {language}", f"{words[0]}: {'reason'}"]
    rows += ["  " + line for line in [*ANSWERS[language][0].splitlines(), *MORE[language]]]
    for name, answer in zip(("milestone", "requester"), ANSWERS[language][1:], strict=True):
        rows += ["", f"  {words[1]}: {name}", *(f"    {words[2]}{line}" for line in answer.splitlines())]
    return "\n".join(rows) + "\n"


def timed(work: Callable[[], object], seconds: float = 0.2) -> float:
    """Return microseconds of processor time a call, over about that many seconds: others may be at work here."""
    count, started = 0, time.process_time()
    while (elapsed := time.process_time() - started) < seconds or not count:
        work()
        count += 1
    return elapsed / count * 1e6


def main() -> None:
    """Print the table."""
    from gherkin.parser import Parser
    from gherkin.token_scanner import TokenScanner

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    print(f"{'language':8} {'block B':>8} {'check us':>9} {'feature B':>10} {'gherkin us':>11} {'ratio':>6}")
    for language in ("en", "ja"):
        text, peer = block(language), feature(language)
        assert check(text, as_of="2026-11-23").status == "complete"
        gherkin = Parser()
        ours, theirs = [], []
        for _ in range(rounds + 1):
            ours.append(timed(lambda text=text: check(text, as_of="2026-11-23")))
            theirs.append(timed(lambda peer=peer, gherkin=gherkin: gherkin.parse(TokenScanner(peer))))
        mine, other = statistics.median(ours[1:]), statistics.median(theirs[1:])
        print(
            f"{language:8} {len(text.encode()):8} {mine:9.0f} {len(peer.encode()):10} {other:11.0f} {mine / other:6.2f}"
        )


if __name__ == "__main__":
    main()
