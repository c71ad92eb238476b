"""How the fuzzer damages what it has: as people and programs do, in the grammar of each target, or as bytes.

A mutator takes bytes, the most bytes it may return, and dice; `in_bytes` is the fuzzer's own mutation of bytes.
"""

from __future__ import annotations

import json
import random
import re
import tomllib
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from damage import ANSWERS
from ma_template.wording import rewordings, templates

Mutate = Callable[[bytes, int], bytes]
Mutator = Callable[[bytes, int, random.Random, Mutate], bytes]

LINES = [line for form in templates() for line in (form.opening, form.closing, *form.prompts.values())]
LINES += [prompt.text for prompt in rewordings()]
LINES += ["Reason:", "Milestone:", "Requester:", "理由：", "マイルストーン：", "要請者：", "***", "-----", "", "Name:"]
GIVEN: dict[str, list[str]] = tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))
WORDS = GIVEN["words"]
ODD: list[Any] = [None, True, 0, -0.0, 1e308, 10**30, "", " ", [], {}, [[]], {"": ""}, "ja", "日本語", "\ud83d", "en\n"]
ODD += GIVEN["times"]
_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def form(dice: random.Random) -> list[str]:
    """Return the lines of a form that somebody filled in, labels for some prompts."""
    template = dice.choice(templates())
    answers = ANSWERS[dice.choice(["en", "ja"])]
    lines = [template.opening]
    for name, answer in answers.items():
        prompt = template.prompts[name]
        lines += [f"{prompt} {answer[0]}", *answer[1:]] if dice.random() < 0.3 else [prompt, *answer]
    return [*lines, template.closing]


def damage(text: str, dice: random.Random) -> str:
    """Return a text with one more damage."""
    lines = text.split("\n")
    at = dice.randrange(len(lines))
    if dice.random() < 0.5:  # what makes a form: banners, prompts, labels
        likely = [n for n, line in enumerate(lines) if "*" in line or len(line) > 45 or line.endswith((":", "："))]
        at = dice.choice(likely or [at])
    line = lines[at]
    place, other = dice.randrange(len(line) + 1), dice.randrange(len(lines))
    blanks = [found.start() for found in re.finditer(" ", line)] or [place]
    blank = dice.choice(blanks)
    kinds: list[Callable[[], list[str]]] = [
        list,  # drop
        lambda: [line, line],  # double
        lambda: [line[:blank], line[blank:]],  # wrap
        lambda: [line[:place], line[place:]],
        lambda: [line.translate(_WIDE)],  # widen
        lambda: [line.replace("*", "\\*")],  # escape
        lambda: [line.replace("*", "&#42;")],
        lambda: ["> " + line],  # quote
        lambda: [line, dice.choice(LINES)],  # mix languages
        lambda: [dice.choice(LINES)],
        lambda: [line[:place] + dice.choice(WORDS) + line[place:]],
        lambda: [dice.choice(WORDS) + line],
        lambda: [line + dice.choice(WORDS)],
        lambda: [line[:place] + line[place + 1 :]],  # a letter dropped, doubled, swapped
        lambda: [line[:place] + line[place : place + 1] + line[place:]],
        lambda: [line[:place] + line[place : place + 2][::-1] + line[place + 2 :]],
        lambda: [lines[other]],
        lambda: [line.upper()],
        lambda: [line.lstrip("* ")],
        lambda: [line.rstrip("* ")],
        lambda: [re.sub(r"\*{3,}", dice.choice(["", "*", "**", "★★★★", "＊＊＊＊", "* * * *"]), line)],
        lambda: re.sub(r"\s*(\*{3,})\s*", r"\n\1\n", line).strip("\n").split("\n"),
        lambda: [f"<b>{line}</b>"],
        lambda: [f"| {line} |"],
        lambda: ["", line, ""],
        lambda: form(dice),
    ]
    out = [*lines[:at], *dice.choice(kinds)(), *lines[at + 1 :]]
    whole = dice.random()
    if whole < 0.02:
        out = ["> " + each for each in out]
    elif whole < 0.04:
        out = [each + "\r" for each in out]
    elif whole < 0.08:
        out[at : at + 2] = reversed(out[at : at + 2])
    return "\n".join(out) if whole < 0.98 else "\r".join(out)


def text(data: bytes, limit: int, dice: random.Random, in_bytes: Mutate) -> bytes:
    """Damage a text as people do; one time in ten its bytes."""
    if dice.random() < 0.1:
        return in_bytes(data, limit)
    damaged = data.decode("utf-8", "replace")
    for _ in range(dice.randint(1, 4)):
        damaged = damage(damaged, dice)
    return damaged.encode("utf-8", "replace")[:limit]


def message(data: bytes, limit: int, dice: random.Random, in_bytes: Mutate) -> bytes:
    """Damage the text in a message, another of its fields, or its bytes."""
    try:
        payload = json.loads(data)
    except (ValueError, RecursionError):
        return in_bytes(data, limit)
    way = dice.random()
    if way < 0.15 or not isinstance(payload, dict):
        return in_bytes(data, limit)
    places = list(_places(payload))
    if not places:
        return in_bytes(data, limit)
    here, name = dice.choice(places)
    if way < 0.6:
        texts = [(place, key) for place, key in places if isinstance(place[key], str) and len(place[key]) > 40]
        here, name = dice.choice(texts or [(here, name)])
    if isinstance(here[name], str) and way < 0.8:
        here[name] = text(here[name].encode("utf-8", "replace"), limit, dice, in_bytes).decode("utf-8", "replace")
    else:
        here[name] = dice.choice(ODD)
    return json.dumps(payload, ensure_ascii=dice.random() < 0.5).encode("utf-8", "surrogatepass")[:limit]


def _places(payload: Any, depth: int = 0) -> Any:
    """Yield what holds a value, and its name or number there, down to a depth."""
    named = payload.items() if isinstance(payload, dict) else enumerate(payload)
    for name, value in list(named):
        yield payload, name
        if isinstance(value, dict | list) and depth < 4:
            yield from _places(value, depth + 1)


def mail(data: bytes, limit: int, dice: random.Random, in_bytes: Mutate) -> bytes:
    """Damage the heads of a mail, the HTML in it, its text, or its bytes."""
    way = dice.random()
    if way < 0.3:
        return in_bytes(data, limit)
    damaged = data.decode("utf-8", "surrogateescape")
    if way < 0.6:
        lines = damaged.split("\n")
        heads = [number for number, line in enumerate(lines) if ":" in line[:30] or line.startswith("--")] or [0]
        at = dice.choice(heads)
        head = dice.choice(GIVEN["heads"])
        lines[at : at + dice.randrange(2)] = [head, *([""] if dice.random() < 0.2 else [])]
        damaged = "\n".join(lines)
    elif way < 0.85:
        at = dice.randrange(len(damaged) + 1)
        damaged = damaged[:at] + dice.choice(GIVEN["tags"]) + damaged[at:]
    else:
        damaged = damage(damaged, dice)
    return damaged.encode("utf-8", "surrogateescape" if way < 0.85 else "replace")[:limit]


def as_mails(written: str, dice: random.Random) -> bytes:
    """Return a text as a mail, written in one of the ways in which mail programs write it."""
    mail = EmailMessage()
    mail["Subject"] = "SR 3-0123456789 要請"
    charset = dice.choice(["utf-8", "iso-2022-jp", "shift_jis", "utf-8"])
    known = written.encode(charset, "replace").decode(charset, "ignore")
    mail.set_content(known, charset=charset, cte=dice.choice(["base64", "quoted-printable", "8bit"]))
    if dice.random() < 0.6:
        html = "".join(f"<p>{line}</p>" if dice.random() < 0.7 else line + "<br>\n" for line in written.split("\n"))
        mail.add_alternative(f"<html><body>{html}</body></html>", subtype="html")
    if dice.random() < 0.3:
        mail.add_attachment(b"x", maintype="application", subtype="octet-stream", filename="x.log")
    return mail.as_bytes()


def cross(one: bytes, other: bytes, limit: int, dice: random.Random) -> bytes:
    """Return the beginning of one text and the end of another, cut between lines."""
    lines, others = one.split(b"\n"), other.split(b"\n")
    return b"\n".join([*lines[: dice.randrange(len(lines) + 1)], *others[dice.randrange(len(others)) :]])[:limit]


def any_bytes(data: bytes, limit: int, dice: random.Random, in_bytes: Mutate) -> bytes:
    """Damage bytes; now and then take the text in another encoding."""
    if dice.random() < 0.1:
        encoding = dice.choice(["cp932", "euc-jp", "utf-16", "iso-2022-jp"])
        return data.decode("utf-8", "replace").encode(encoding, "replace")[:limit]
    return in_bytes(data, limit)


MUTATORS: dict[str, Mutator] = {
    "check": text,
    "fix": text,
    "webhook": message,
    "signature": any_bytes,
    "mail": mail,
    "decoder": any_bytes,
}
