"""Feeds a target with what a coverage-guided fuzzer (atheris) makes up.

usage: python tests/fuzz/run.py TARGET [--minutes N] [--corpus FOLDER]      (needs the extra `fuzz`)

It starts from the fixtures, damages them (drop, double, swap, wrap, widen, escape, quote, mix languages) and keeps what
reaches new code in the corpus folder. Where something does not hold, it stops and says which file holds the case: put
it into fixtures/fuzz/TARGET/, see `pytest tests/fuzz` fail, and mend it.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import atheris

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(Path(__file__).parent)]

with atheris.instrument_imports(include=["ma_template"]):
    import targets

    from ma_template.wording import rewordings, templates

LINES = [line for form in templates() for line in (form.opening, form.closing, *form.prompts.values())]
LINES += [prompt.text for prompt in rewordings()]
ANSWERS = [
    *[
        "2026-12-01",
        "03/04/2027",
        "12月1日(月)",
        "令和8年2月30日",
        "next Friday",
        "17:00-",
        "Q4 FY27",
        "~12/5",
        "期限:",
    ],
    *["+81 3-5555-0123", "(415) 555-0123 x12", "内線 1234", "TBD", "未定", "a.b@example.co.jp", "山田太郎様", "Dr. A."],
    *["go-live", "本番稼働", "> ", "\\*", "**", "<b>", "&nbsp;", "\u3000", "\u00a0", "\u200b", "\ufeff", "\r"],
    *["\x1b[1m", "😀", "～", "~12/5"],
]
SEEDS = (".txt", ".eml", ".json")
LONGEST = 6_000  # bytes
WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def damage(text: str, dice: random.Random) -> str:
    """Return a text with one more damage, of the kinds that people and programs do."""
    lines = text.split("\n")
    at = dice.randrange(len(lines))
    line = lines[at]
    place = dice.randrange(len(line) + 1)
    damages: list[Callable[[], list[str]]] = [
        list,  # drop
        lambda: [line, line],  # double
        lambda: [line[:place], line[place:]],  # wrap
        lambda: [line.translate(WIDE)],  # widen
        lambda: [line.replace("*", "\\*")],  # escape
        lambda: ["> " + line],  # quote
        lambda: [line, dice.choice(LINES)],  # mix
        lambda: [line[:place] + dice.choice(ANSWERS) + line[place:]],
        lambda: [line[:place] + line[place + 1 :]],
        lambda: [line[:place] + line[place : place + 2][::-1] + line[place + 2 :]],  # swap
        lambda: [lines[dice.randrange(len(lines))]],
    ]
    return "\n".join([*lines[:at], *dice.choice(damages)(), *lines[at + 1 :]])


def mutate(data: bytes, limit: int, seed: int) -> bytes:
    """Damage a text as people do, or its bytes as the fuzzer does."""
    dice = random.Random(seed)
    if dice.random() < 0.4:
        return bytes(atheris.Mutate(data, limit))
    text = data.decode("utf-8", "replace")
    for _ in range(dice.randint(1, 4)):
        text = damage(text, dice)
    return text.encode("utf-8", "replace")[:limit]


def mutate_message(data: bytes, limit: int, seed: int) -> bytes:
    """Damage the text in a message, or the message."""
    try:
        message = json.loads(data)
        message["text"] = mutate(message["text"].encode(), limit - 200, seed).decode("utf-8", "replace")
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return bytes(atheris.Mutate(data, limit))
    if seed % 3 == 0:
        return bytes(atheris.Mutate(json.dumps(message).encode()[:limit], limit))
    return json.dumps(message).encode()[:limit]


def main() -> None:
    """Run the fuzzer until the time is over."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", choices=sorted(targets.TARGETS))
    parser.add_argument("--minutes", type=float, default=10, help="how long (default: %(default)s)")
    parser.add_argument("--corpus", type=Path, help="where inputs that reach new code are kept (default: a new folder)")
    options = parser.parse_args()
    corpus = options.corpus or Path(tempfile.mkdtemp(prefix=f"ma-fuzz-{options.target}-"))
    corpus.mkdir(parents=True, exist_ok=True)
    for number, path in enumerate(path for path in (ROOT / "fixtures").rglob("*") if path.suffix in SEEDS):
        data = path.read_bytes()
        if options.target == "webhook" and path.suffix == ".txt":
            data = json.dumps(
                {"text": data.decode("utf-8", "replace"), "at": "2026-11-23T09:00:00Z", "sr": 3, "lang": "ja"}
            ).encode()
        if len(data) < LONGEST:
            (corpus / f"seed-{number}").write_bytes(data)
    flags = {"max_total_time": round(options.minutes * 60), "max_len": LONGEST, "timeout": 20, "rss_limit_mb": 2_000}
    told = [f"-{name}={value}" for name, value in flags.items()]
    mutators = {"check": mutate, "fix": mutate, "webhook": mutate_message}
    own = {"custom_mutator": mutators[options.target]} if options.target in mutators else {}
    atheris.Setup(
        [sys.argv[0], str(corpus), *told, f"-artifact_prefix={corpus}/failed-", "-print_final_stats=1"],
        targets.TARGETS[options.target],
        **own,
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
