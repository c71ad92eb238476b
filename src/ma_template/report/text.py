"""The format `text`: what a person needs to see what is wrong, where, and how to mend it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from ma_template.report import Described, Language, Piece, Problem, Run, Writer, messages, visible
from ma_template.report.frame import characters, display_width, excerpt, strip
from ma_template.source import Source
from ma_template.wording import table

# The nine items of a request (contract, section 3) in rows, one a section: key of the label, dotted path.
_ROWS = (
    (("reason", "reason"), ("impact", "reason.impact")),
    (("milestone", "milestone"), ("type", "milestone.type"), ("dates", "milestone.dates")),
    (
        ("requester", "requester"),
        ("name", "requester.name"),
        ("phone", "requester.phone"),
        ("email", "requester.email"),
    ),
)
# Marks for present, missing and invalid; the first set that the output can hold is taken.
_MARKS = ("✓✗!", "○×!", "vx!")
_SHOWN_AT_MOST = 3
_NARROWEST = 40
_NARROW = 72
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")

_RED, _GREEN, _YELLOW, _BLUE, _CYAN, _BOLD = "31", "32", "33", "34", "36", "1"
_SEVERITY_COLOUR = {"error": _RED, "warning": _YELLOW, "info": _CYAN}
_MARK_COLOUR = (_GREEN, _RED, _RED)
_STATUS_COLOUR = {"complete": (_GREEN,), "incomplete": (_RED,), "unfilled": (_RED,)}


class _Item(NamedTuple):
    mark: str  # one column, with its colour
    label: str
    width: int  # columns of the label
    values: list[str]


class TextWriter(Writer):
    """Writes findings with their place in the text, a summary of every block, and a last line with the totals."""

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self._words: dict[str, Any] = table("words/report")[run.lang]
        self._width = max(run.width, _NARROWEST)
        self._narrow = self._width < _NARROW
        widest = max(display_width(self._words["item"][row[0][0]]) for row in _ROWS)
        self._indent = 4 if self._narrow else widest + 7  # where the items of a section begin
        marks = next(marks for marks in _MARKS if _can_write(run.encoding, marks))
        self._marks = [self._paint(mark, colour, _BOLD) for mark, colour in zip(marks, _MARK_COLOUR, strict=True)]
        self._allowed = self._paint(marks[1], _YELLOW, _BOLD)
        self._labels: dict[str, tuple[str, int]] = {}  # each with its width; on a wide terminal sections stand in line
        for row in _ROWS:
            for at, (label, _) in enumerate(row):
                shown = self._words["item"][label]
                if at == 0 and not self._narrow:
                    shown += " " * (self._indent - 7 - display_width(shown))
                self._labels[label] = shown, display_width(shown)
        around = self._indent + 2 + self._labels["impact"][1] + 1 + display_width(self._words["quote"]) - 7
        self._excerpt = min(self._width - around, 72)
        self._statuses: Counter[str] = Counter()
        self._found: Counter[str] = Counter()

    def _say(self, report: Described, text: str) -> str:
        """Return the findings of an update and the summary of its blocks."""
        source = Source(text)
        out: list[str] = []
        for found, message in zip(report["diagnostics"], messages(report, self._run.lang), strict=True):
            if found["severity"] == "info" and not self._run.verbose:
                continue
            out += self._heading(report, found, message)
            if not self._run.quiet:
                if not self._run.redacted:
                    out += self._frame(source, found)
                out += self._advice(found)
                out.append("")
        if not self._run.quiet:
            for number in range(len(report["blocks"])):
                out += self._summary(report, number)
                out.append("")
        out.append("")
        return "\n".join(out)

    def put(self, piece: Piece) -> None:
        """Write what is said of an update, and count."""
        self._statuses[piece.status] += 1
        self._found.update(error=piece.errors, warning=piece.warnings, info=piece.notes)
        self._run.write(piece.text)

    def end(self, problems: Iterable[Problem]) -> None:
        """Write the totals."""
        if self._run.quiet:
            return
        words = self._words
        unread = len({problem.source for problem in problems if problem.source is not None})
        if self._found["info"] and not self._run.verbose:
            self._run.write(_count(words["notes_hidden"], self._found["info"]) + "\n")
        files = {**self._statuses, "unread": unread}
        parts = [words["files"][name].format(count=files[name]) for name in words["files"] if files.get(name)]
        found = [
            self._paint(_count(words["findings"][severity], self._found[severity]), _SEVERITY_COLOUR[severity])
            for severity in ("error", "warning", "info")
            if self._found[severity] and (severity != "info" or self._run.verbose)
        ]
        if not found and self._statuses["complete"] and not unread:
            found.append(words["findings"]["none"])
        checked = sum(self._statuses.values())
        groups = [words["parts"].join(group) for group in (parts, found) if group]
        total = _count(words["checked"], checked, parts=words["groups"].join(groups)).rstrip(": ")
        if self._narrow and len(groups) > 1 and display_width(_COLOUR.sub("", total)) > self._width:
            total = f"{_count(words['checked'], checked, parts=groups[0])}\n{groups[1]}"
        self._run.write(total + "\n")

    # -- findings

    def _heading(self, report: Described, found: Described, message: str) -> Iterator[str]:
        """Yield what is found where: one line that editors can jump to, on a narrow terminal the sentence below."""
        words = self._words
        source, severity = visible(report["source"] or "-"), words["severity"][found["severity"]]
        level = words["level"].format(severity=severity, code=found["code"])
        sentence = words["sentence"].format(rule=found["rule"], message=visible(message))
        place = {"line": found["span"]["line"], "column": found["span"]["column"]}
        width = display_width(words["finding"].format(source=source, level=level, **place)) + display_width(sentence)
        level = self._paint(level, _SEVERITY_COLOUR[found["severity"]], _BOLD)
        head = words["finding"].format(source=self._paint(source, _BOLD), level=level, **place)
        if self._run.quiet or not self._narrow or width < self._width:
            yield f"{head} {sentence}"
            return
        from ma_template.reference import wrap

        yield head
        for piece in wrap(sentence, self._width - 2):
            yield "  " + piece

    def _frame(self, source: Source, found: Described) -> Iterator[str]:
        """Yield the line that a finding is about, and marks under the place."""
        number = found["span"]["line"]
        line = _line(source, number)
        start, end = self._code_points(source, found["span"])
        margin = _margin(found)
        room = self._width - margin - 4
        if not line.strip() and number > 1:  # an answer that is not there: show what asked for it
            above = next((at for at in range(number - 1, max(number - 4, 0), -1) if _line(source, at).strip()), None)
            if above is not None:
                yield self._ruled(str(above), margin, strip(_line(source, above), 0, 0, room, self._run.encoding).text)
        shown = strip(line, start, end, room, self._run.encoding)
        yield self._ruled(str(number), margin, shown.text)
        marks = self._paint("^" * shown.length, _SEVERITY_COLOUR[found["severity"]], _BOLD)
        more = found["span"]["end_line"] - number
        if more > 0:
            hint = _count(self._words["more_lines"], more)
            if shown.offset + shown.length + 1 + display_width(hint) <= room:
                marks += " " + hint
        yield self._ruled("", margin, " " * shown.offset + marks)

    def _advice(self, found: Described) -> Iterator[str]:
        """Yield what a right answer looks like."""
        margin = _margin(found)
        label = self._words["expected"]
        indent = margin + 3 + display_width(label)
        head = " " * (margin + 1) + self._paint("=", _BLUE) + " " + self._paint(label, _BOLD)
        for piece in _expected(found["code"], self._run.lang, self._width - indent):
            yield head + piece
            head = " " * indent

    def _ruled(self, number: str, margin: int, text: str) -> str:
        return (self._paint(f"{number:>{margin}} |", _BLUE) + " " + text).rstrip()

    def _code_points(self, source: Source, span: Described) -> tuple[int, int]:
        """Return where a span begins and ends on its first line, in code points from 0."""
        line = _line(source, span["line"])
        on_one = span["end_line"] == span["line"]
        start, end = span["column"] - 1, span["end_column"] - 1 if on_one else len(line)
        if self._run.offsets == "utf-16":
            start = _from_utf16(line, start)
            end = _from_utf16(line, end) if on_one else len(line)
        return start, max(start, end)

    # -- summaries

    def _summary(self, report: Described, number: int) -> Iterator[str]:
        words = self._words
        block = report["blocks"][number]
        status = _status(report, block)
        first, last = block["span"]["line"], block["span"]["end_line"]
        source, told = visible(report["source"] or "-"), words["status"][status]
        form = words["block_narrow" if self._narrow else "block"]
        given = {"number": number + 1, "template": block["template"], "language": block["language"]}
        given["lines"] = words["lines"][0 if first == last else 1].format(first=first, last=last)
        gap = (
            "\n  "
            if self._narrow and display_width(form.format(source=source, status=told, **given)) > self._width
            else ""
        )
        shown = self._paint(told, *_STATUS_COLOUR.get(status, ()), _BOLD)
        yield form.format(source=self._paint(source, _BOLD), status=gap + shown, **given).replace(" \n", "\n")
        if status in ("quoted", "copy"):
            return
        for row in _ROWS:
            yield from self._row([self._item(block, label, path) for label, path in row])

    def _item(self, block: Described, label: str, path: str) -> _Item:
        missing = invalid = False
        if block["missing"]:
            missing = any(path == given or path.startswith(given + ".") for given in block["missing"])
        if block["invalid"] and "." in path:
            invalid = any(given == path or given.startswith(path + ".") for given in block["invalid"])
        section = None if missing or "." not in path else block[path.partition(".")[0]]
        values = [visible(value) for value in self._understood(section, label)] if section else []
        if len(values) > _SHOWN_AT_MOST:
            more = self._words["more"].format(count=len(values) - _SHOWN_AT_MOST)
            values = [*values[:_SHOWN_AT_MOST], more]
        if len(values) > 1:
            several = self._words["several"]
            values = [value + several for value in values[:-1]] + values[-1:]
        mark = self._marks[1 if missing else 2 if invalid else 0]
        if missing and path == "reason.impact" and "reason" not in block["missing"]:
            mark = self._allowed  # a warning only (ruling 13)
        return _Item(mark, *self._labels[label], values)

    def _row(self, row: list[_Item]) -> Iterator[str]:
        """Yield a section and its items: side by side as far as they fit, on a narrow terminal the section above."""
        line, taken = " ", 1
        for at, item in enumerate(row):
            gap = 1 if at == 0 else 3
            head = 2 + item.width
            if not item.values:
                width = head
            else:
                head += 1
                width = head + display_width("".join(item.values))
            if at and (taken + gap + width > self._width or (self._narrow and at == 1)):
                yield line.rstrip()
                line, taken, gap = "", 0, self._indent
            line += f"{' ' * gap}{item.mark} {item.label}"
            if not item.values:
                taken += gap + head
                continue
            line += " "
            if taken + gap + width <= self._width:  # most
                line += "".join(item.values)
                taken += gap + width
                continue
            taken += gap + head
            hanging = taken
            for value in item.values:
                fits = taken + display_width(value.rstrip()) <= self._width
                if not fits and taken > hanging:
                    yield line.rstrip()
                    line, taken = " " * hanging, hanging
                if hanging + display_width(value.rstrip()) > self._width:
                    *lines, value = _broken(value, self._width - hanging)
                    for piece in lines:
                        yield (line + piece).rstrip()
                        line, taken = " " * hanging, hanging
                line += value
                taken += display_width(value)
        yield line.rstrip()

    def _understood(self, section: Described, label: str) -> list[str]:
        """Return what was read for an item of a section, in a few words."""
        words = self._words
        if label == "impact":
            impact = section["impact"]
            return [words["quote"].format(words=excerpt(impact, self._excerpt))] if impact else []
        if label == "type":
            return [self._type(section["type"])] if section["type"] else []
        if label == "dates":
            return [self._date(date) for date in section["dates"]]
        if label == "name":
            return [section["name"]] if section["name"] else []
        if label == "phone":
            return [self._phone(phone) for phone in section["phones"]]
        return [
            words["faulty"].format(item=email["raw"]) if email["valid"] is False else email["address"] or email["raw"]
            for email in section["emails"]
        ]

    def _type(self, milestone: Described) -> str:
        words = self._words
        category = words["categories"].get(milestone["category"], milestone["category"])
        kind = milestone["kind"]
        return str(words["kind"].format(category=category, kind=words["kinds"][kind]) if kind else category)

    def _phone(self, phone: Described) -> str:
        words = self._words
        valid, e164, raw = phone["valid"], phone["e164"], phone["raw"]
        if valid and e164:
            number = e164 if self._run.redacted else _international(e164)
        else:
            number = words["faulty" if valid is False else "no_region"].format(item=raw, number=raw)
        extension = phone["extension"]
        return words["extension"].format(number=number, extension=extension) if extension else number

    def _date(self, date: Described) -> str:
        from ma_template.diagnostics import spell_date

        words, lang = self._words, self._run.lang
        start, end = date["start"], date["end"]
        shown: str
        if date["problem"] == "ambiguous":
            shown = words["ambiguous"].format(
                dates=words["either"].join(spell_date(candidate, lang) for candidate in date["candidates"])
            )
        elif date["problem"] == "fiscal-unknown":
            shown = words["fiscal"].format(date=date["raw"])
        elif start is None:
            shown = words["faulty"].format(item=date["raw"])
        elif end and end != start:
            shown = words["range"].format(start=spell_date(start, lang), end=spell_date(end, lang))
        else:
            shown = spell_date(start, lang)
        return str(words["resolve_by"].format(date=shown)) if date["role"] == "resolve_by" else shown

    def _paint(self, text: str, *colours: str) -> str:
        return f"\x1b[{';'.join(colours)}m{text}\x1b[0m" if self._run.colour else text


def _broken(value: str, width: int) -> list[str]:
    """Break a value into lines of at most `width` columns: at its blanks, or anywhere in what has none."""
    lines = [""]
    for word in re.split(r"(?<= )", value):
        if lines[-1] and display_width((lines[-1] + word).rstrip()) > width:
            lines.append("")
        for char in characters(word):
            if display_width(lines[-1] + char.rstrip()) > width:
                lines.append("")
            lines[-1] += char
    return lines


def _margin(found: Described) -> int:
    return max(len(str(found["span"]["line"])), 2)


def _count(forms: list[str], count: int, **more: str) -> str:
    """Return the form for one, or for several (and none)."""
    return forms[0 if count == 1 else 1].format(count=count, **more)


def _status(report: Described, block: Described) -> str:
    """Return what a block is to the reader. An unfilled one beside a live, filled one is a copy (ruling 4)."""
    if block["quoted"]:
        return "quoted"
    if block["unfilled"]:
        filled = any(not other["quoted"] and not other["unfilled"] for other in report["blocks"])
        return "copy" if filled else "unfilled"
    return str(block["status"])


@lru_cache(256)
def _expected(code: str, lang: Language, width: int) -> list[str]:
    from ma_template.reference import wrap
    from ma_template.rules import RULES

    return wrap(RULES[code].expected.of(lang), width)


def _international(e164: str) -> str:
    """Return a valid number in E.164 as it is written in international letters: +442079460001 as +44 20 7946 0001."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneNumber, PhoneNumberFormat, format_number

    # Nothing is left to parse but where the country code ends; and zeros that a whole number would lose.
    ends = next(end for end in (2, 3, 4) if int(e164[1:end]) in COUNTRY_CODE_TO_REGION_CODE)
    national = e164[ends:]
    zeros = len(national) - len(national.lstrip("0"))
    number = PhoneNumber(
        country_code=int(e164[1:ends]),
        national_number=int(national),
        italian_leading_zero=True if zeros else None,
        number_of_leading_zeros=zeros if zeros > 1 else None,
    )
    return str(format_number(number, PhoneNumberFormat.INTERNATIONAL))


def _line(source: Source, number: int) -> str:
    start, end = source.line_span(number)
    return source.text[start:end]


def _from_utf16(line: str, units: int) -> int:
    """Return how many code points the first `units` UTF-16 units of a line are."""
    if line.isascii():
        return min(units, len(line))
    return len(line.encode("utf-16-le", "surrogatepass")[: 2 * units].decode("utf-16-le", "replace"))


def _can_write(encoding: str, text: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
