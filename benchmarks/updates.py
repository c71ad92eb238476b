"""Seeded, varied updates for benchmarks: English and Japanese, 0.3 to 20 KB, 2 % with a block.

usage: python benchmarks/updates.py ROWS [SEED] > updates.jsonl

Lines of logs and talk as they stand in tickets; names and numbers are invented. One line in twenty holds a word that a
block may hold as well (request, manager, 管理, asterisks), so that most long updates hold some, as they do in life.
"""

from __future__ import annotations

import json
import math
import random
import sys
from collections.abc import Iterator
from typing import Any

from ma_template.wording import templates

SMALLEST, LARGEST = 300, 20_000  # bytes
WITH_BLOCK = 0.02
WITH_CUE = 0.05
JAPANESE = 0.3

_ENGLISH = """
We restarted the application server at {clock} and the error came back after {n} minutes.
{day} {clock}:17.{n} ERROR [worker-{n}] db.pool - connection {n} timed out after 30000 ms
{day} {clock}:02.{n} INFO  [http-{n}] GET /api/v2/orders/{n} 200 {n} ms
{day} {clock}:41.{n} WARN  [gc] pause of {n} ms, heap at 87 %
ORA-0{n}: unable to extend table SALES.ORDERS by {n} in tablespace USERS
The customer uploaded the trace files of node {n}; development is looking at them.
Please send the output of the three queries below and the alert log since {day}.
Patch {n} was applied on the test system, and the problem did not show up again.
Workaround: run the job with one thread only until the fix is there.
Severity was lowered to 2, since the secondary site has taken over.
I spoke with the storage administrator; latency of volume {n} was normal.
Next update on {day} before {clock}, as agreed on the phone.
at com.example.billing.InvoiceJob.run(InvoiceJob.java:{n})
at com.example.platform.Scheduler.lambda$start${n}(Scheduler.java:{n})
----- Call Stack Trace -----
Thanks, this looks better now. We will watch it over the weekend.
CPU {n} % user, {n} % system, load average {n}.{n}, run queue {n}.
We cannot reproduce it with the data that we have; could you export schema {n}?
""".strip().splitlines()

_JAPANESE = """
{day} {clock} に再起動しましたが、{n}分後に同じエラーが発生しました。
添付のログ ({n}件) を確認しましたところ、接続プールの枯渇が原因と思われます。
お手数ですが、以下のコマンドの実行結果をお送りください。
{day} {clock}:17.{n} ERROR [worker-{n}] 接続がタイムアウトしました (30000 ms)
テスト環境にパッチ{n}を適用した結果、現象は再現しておりません。
回避策として、並列度を1に下げて実行していただけますでしょうか。
本番機の負荷は {n}% で推移しており、応答時間も正常の範囲内です。
次回のご報告は {day} {clock} 頃を予定しております。
担当者が不在のため、明日改めてご連絡いたします。
ノード{n}のトレースファイルを取得しましたので、ご確認をお願いいたします。
""".strip().splitlines()

_CUES = {
    "en": [
        "The HTTP request to the gateway returns 502 about {n} times an hour.",
        "*** SESSION ID:({n}.{n}) {day} {clock}:11.{n}",
        "Our service manager asked when the root cause analysis will be ready.",
        "The change request CR-{n} has been approved for the maintenance window on {day}.",
        "The reason for the restart of node {n} is not known yet.",
    ],
    "ja": [
        "管理画面から設定を変更しても反映されない件について、開発部門に確認中です。",
        "お客様からのご要請により、調査結果を英語でもお送りします。",
    ],
}

_REASONS = {
    "en": [
        "The picking robots of warehouse {n} stand still, and {n} orders a day cannot be shipped.",
        "Payroll for {n} employees cannot be run, and wages will be late.",
        "The interface to the bank fails, so that {n} payments wait; penalties are due from {day} on.",
        "",
    ],
    "ja": [
        "倉庫{n}の出荷が止まっており、1日あたり{n}件の注文を処理できません。",
        "給与計算が実行できず、{n}名への支払いが遅れます。",
        "銀行接続が停止しており、{n}件の振込が保留となっています。",
        "",
    ],
}
_MILESTONES = {
    "en": [
        "Go-live of the new warehouse, {coming}",
        "Payroll cutover on {coming}",
        "Quarter-end close, 12/{n2}",
        "ASAP",
        "TBD",
    ],
    "ja": ["新倉庫の稼働開始 {coming}", "給与計算 {coming_ja}", "本番移行 12月{n2}日", "未定"],
}
_PEOPLE = {
    "en": [
        "Imogen Achterberg, +44 20 7946 0{n3}, imogen.achterberg{n}@example.com",
        "Name: Ottoline Featherstone\nPhone: +1 415 555 01{n2}\nE-mail: ottoline{n}@example.org",
        "Bram Okonjo, bram.okonjo@example.net",
        "TBD",
    ],
    "ja": [
        "大河内 慎之介 03-5555-01{n2} okochi{n}@example.co.jp",
        "氏名: 水無月 薫\n電話: 090-1234-56{n2}\nメール: minazuki{n}@example.co.jp",
        "情報システム部 葛葉 kuzuha@example.co.jp",
    ],
}


def rows(count: int, seed: int = 1) -> Iterator[dict[str, Any]]:
    """Yield updates as rows of an export: number, time stamp, region, text."""
    chance = random.Random(seed)
    pools = {"en": _pool(_ENGLISH, chance), "ja": _pool(_JAPANESE, chance)}
    mean = {name: sum(len(line.encode()) + 1 for line in pool) / len(pool) for name, pool in pools.items()}
    forms = {t.language: t for t in templates() if t.name == "management-attention"}
    for number in range(count):
        language = "ja" if chance.random() < JAPANESE else "en"
        size = math.exp(chance.uniform(math.log(SMALLEST), math.log(LARGEST)))
        lines = chance.choices(pools[language], k=max(1, round(size / mean[language])))
        for at in range(len(lines)):
            if chance.random() < WITH_CUE:
                lines[at] = _filled(chance.choice(_CUES[language]), chance)
        if chance.random() < WITH_BLOCK:
            lines.insert(chance.randrange(len(lines) + 1), _block(forms[language], language, chance))
        yield {
            "sr": f"3-{number // 4:08}",
            "updated_at": f"2026-{1 + number % 11:02}-{1 + number % 28:02}T{number % 24:02}:{number % 60:02}:00Z",
            "region": "JP" if language == "ja" else "GB",
            "channel": "portal",
            "body": "\n".join(lines),
        }


def _pool(patterns: list[str], chance: random.Random) -> list[str]:
    return [_filled(chance.choice(patterns), chance) for _ in range(4_000)]


def _filled(pattern: str, chance: random.Random) -> str:
    day = chance.randrange(1, 29)
    return pattern.format(
        n=chance.randrange(2, 9_999),
        n2=chance.randrange(10, 29),
        n3=chance.randrange(100, 999),
        day=f"2026-11-{day:02}",
        clock=f"{chance.randrange(24):02}:{chance.randrange(60):02}",
        coming=f"{day} December 2026",
        coming_ja=f"2026年12月{day}日",
    )


def _block(form: Any, language: str, chance: random.Random) -> str:
    answers = {"reason": _REASONS, "milestone": _MILESTONES, "requester": _PEOPLE}
    parts = [form.opening]
    for section, prompt in form.prompts.items():
        parts += [prompt, _filled(chance.choice(answers[section][language]), chance)]
    return "\n".join(["", *parts, form.closing, ""])


def write(path: str, count: int, seed: int = 1) -> None:
    """Write updates as JSON Lines."""
    with open(path, "w", encoding="utf-8") as file:
        for row in rows(count, seed):
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    for row in rows(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1):
        print(json.dumps(row, ensure_ascii=False))
