"""Random damage to a filled-in form: what people and programs do to it before it arrives."""

from __future__ import annotations

import re

from hypothesis import strategies as st

from ma_template.wording import Template, rewordings, templates

ANSWERS = {
    "en": {
        "reason": ["The order gateway stops every morning.", "", "40 stores cannot take orders until noon."],
        "milestone": ["Go-live of the web shop", "2026-12-15"],
        "requester": ["Taro Yamada", "+81 3-5555-0123", "taro.yamada@example.com"],
    },
    "ja": {
        "reason": ["受注システムが毎朝停止します。", "", "40店舗で正午まで受注ができません。"],
        "milestone": ["通販サイトの本番稼働", "2026年12月15日"],
        "requester": ["山田太郎", "電話番号: 03-5555-0123", "taro.yamada@example.co.jp"],
    },
}
LABELS = {
    "en": {"reason": "Reason:", "milestone": "Milestone:", "requester": "Requester:"},
    "ja": {"reason": "理由：", "milestone": "マイルストーン：", "requester": "要請者："},
}
AROUND = [
    "",
    "Hello team,",
    "お世話になっております。",
    "> quoted words",
    "Thanks, Taro",
    "-----",
    "*****",
    "Impact: none",
]
BESIDE = [
    *[("[10:31] Taro: ", ""), ("| ", " |"), ("| ", ""), ("<b>", "</b>"), ("<p>", "</p>"), ("\x1b[1m", "\x1b[0m")],
    *[("# ", ""), ("- ", ""), ("1) ", ""), ("**", "**"), ("【", "】"), ("> ", ""), ("> > ", ""), ("\ufeff", "")],
    *[("", ": see below"), ("", " please help"), ("FYI ", " - thanks"), ("Reason: ", ""), ("\u3000", "\u200b")],
    *[("😀", ""), ("🚨 ", " 🚨"), ("x", ""), ("", "x"), ("\u202e", ""), ("&nbsp;", "<br>"), ("TBD ", ""), ("", " or ")],
]
_WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})


def form(draw: st.DrawFn) -> list[str]:
    """Return the lines of a form that somebody filled in properly."""
    template: Template = draw(st.sampled_from(templates()))
    answers = {name: ANSWERS[draw(st.sampled_from(["en", "ja"]))][name] for name in ANSWERS["en"]}
    gap = draw(st.sampled_from([[], [""]]))
    inline = draw(st.booleans())
    labels = LABELS[template.language] if draw(st.integers(0, 3)) == 0 else None
    lines = [template.opening]
    for name, answer in answers.items():
        prompt = labels[name] if labels else template.prompts[name]
        first = [f"{prompt} {answer[0]}", *answer[1:]] if inline else [prompt, *gap, *answer]
        lines += [*gap, *first]
    return [*lines, *gap, template.closing]


def typo(draw: st.DrawFn, line: str) -> str:
    """Drop, double or swap a letter."""
    if len(line) < 3:
        return line
    at = draw(st.integers(0, len(line) - 2))
    return draw(st.sampled_from([line[:at] + line[at + 1 :], line[:at] + line[at] + line[at:],
                                 line[:at] + line[at + 1] + line[at] + line[at + 2 :]]))  # fmt: skip


def wrap(draw: st.DrawFn, line: str) -> str:
    """Break a line where it has a blank, or anywhere."""
    places = [match.start() for match in re.finditer(" ", line)] or list(range(1, max(2, len(line))))
    at = draw(st.sampled_from(places))
    return line[:at].rstrip() + "\n" + line[at:].lstrip()


def beside(draw: st.DrawFn, line: str) -> str:
    """Put something in front of a line and behind it."""
    before, after = draw(st.sampled_from(BESIDE))
    return before + line + after


def reword(draw: st.DrawFn, line: str) -> str:
    """Put a prompt in other words, an answer behind it or not."""
    prompt = draw(st.sampled_from(rewordings()))
    return prompt.text + draw(st.sampled_from(["", ":", "?", "：", " - the line stops", ": the line stops"]))


CHANGES = {
    "typo": typo,
    "wrap": wrap,
    "beside": beside,
    "reword": reword,
    "widen": lambda draw, line: line.translate(_WIDE),
    "escape": lambda draw, line: re.sub(r"([*_()])", r"\\\1", line),
    "entities": lambda draw, line: line.replace("*", "&#42;"),
    "upper": lambda draw, line: line.upper(),
    "left half": lambda draw, line: line[: len(line) // 2] + line[len(line) // 2 :].rstrip("* "),
    "right half": lambda draw, line: line.lstrip("* "),
    "stars off": lambda draw, line: re.sub(r"\*{3,}", draw(st.sampled_from(["", "**", "★★★★", "＊＊＊＊"])), line),
    "three lines": lambda draw, line: re.sub(r"\s*(\*{3,})\s*", r"\n\1\n", line).strip("\n"),
    "blank line": lambda draw, line: "\n" + line,
    "other language": lambda draw, line: draw(
        st.sampled_from([text for form in templates() for text in (form.opening, form.closing, *form.prompts.values())])
    ),
}  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn, most: int = 4) -> str:
    """Return a text with one or two forms in it and some damage: lines changed, dropped, doubled or swapped."""
    lines: list[str] = []
    for _ in range(draw(st.integers(1, 2))):
        lines += [draw(st.sampled_from(AROUND)), *form(draw), draw(st.sampled_from(AROUND))]
    special = [index for index, line in enumerate(lines) if "*" in line or len(line) > 45 or line.endswith(("：", ":"))]
    for _ in range(draw(st.integers(1, most))):
        at = min(draw(st.sampled_from(special) | st.integers(0, len(lines) - 1)), len(lines) - 2)
        change = draw(st.sampled_from(["drop", "double", "swap", "quote some", "move", *CHANGES]))
        if change == "drop" and len(lines) > 3:
            del lines[at]
        elif change == "double":
            lines.insert(at, lines[at])
        elif change == "swap":
            lines[at : at + 2] = reversed(lines[at : at + 2])
        elif change == "quote some":
            behind = draw(st.integers(at + 1, len(lines)))
            lines[at:behind] = ["> " + line for line in lines[at:behind]]
        elif change == "move":
            lines.insert(draw(st.integers(0, len(lines) - 1)), lines.pop(at))
        elif change in CHANGES:
            lines[at] = CHANGES[change](draw, lines[at])
    end = draw(st.sampled_from(["\n", "\n", "\r\n", "\r"]))
    text = "\n".join(lines) + draw(st.sampled_from(["", "\n"]))
    if draw(st.integers(0, 9)) == 0:
        text = "\n".join("> " + line for line in text.split("\n"))
    return text.replace("\n", end)
