"""The history of SRs for people: a paragraph an SR, a line a request, what changed below it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, TextIO

from ma_template.diagnostics import FIELDS, spell_date
from ma_template.report import Language, visible
from ma_template.wording import table

if TYPE_CHECKING:
    from ma_template.histories import Change, History, PastRequest
    from ma_template.scan.past import Totals

_LONGEST = 60  # columns of a value; the report has all of it


def as_json(histories: Iterable[History], totals: Totals) -> Iterator[str]:
    """Yield the pieces of one JSON document with all histories, and how many updates are not in it."""
    yield '{"schema_version":1,"histories":['
    for number, one in enumerate(histories):
        yield (",\n" if number else "\n") + one.model_dump_json()
    yield f'\n],"not_checked":{totals.faulty},"without_sr":{totals.homeless}}}\n'


def remarks(totals: Totals, lang: Language) -> list[str]:
    """Return what is to be said of updates that are in no history."""
    words = table("words/history")[lang]
    counts = {"faulty": totals.faulty, "homeless": totals.homeless}
    return [words[key][count > 1].format(count=f"{count:,}") for key, count in counts.items() if count]


class HistoryText:
    """Writes histories as text, one after the other, and sums them up at the end."""

    def __init__(self, out: TextIO, lang: Language) -> None:
        self._out = out
        self._lang = lang
        self._words = table("words/history")[lang]
        self._kinds = table("words/report")[lang]["categories"]
        self.srs = self.requests = self.open = self.repeats = self.frequent = 0

    def write(self, history: History) -> None:
        """Write the history of one SR."""
        requests = history.requests
        self.srs += 1
        self.requests += len(requests)
        self.open += bool(history.open)
        self.repeats += sum(past.repeats is not None for past in requests)
        self.frequent += sum(past.frequent for past in requests)
        first, last = (self._date(past.as_of.isoformat()) for past in (requests[0], requests[-1]))
        head = self._several("sr", len(requests), sr=visible(history.sr or ""), first=first, last=last)
        fields = self._words["between"].join(self._field(path) for path in history.open)
        tail = self._words["open"].format(fields=fields) if fields else self._words["none_open"]
        lines = [head + self._words["parts"] + tail]
        for past in requests:
            lines.append("  " + self._request(past))
            lines += ["     " + self._change(change) for change in past.changes]
        self._out.write("\n".join(lines) + "\n\n")

    def end(self) -> None:
        """Write the summary."""
        if not self.srs:
            self._out.write(self._words["nothing"] + "\n")
            return
        self._out.write(
            self._words["summary"].format(
                srs=self._several("srs", self.srs),
                requests=self._several("requests", self.requests),
                **{name: f"{getattr(self, name):,}" for name in ("open", "repeats", "frequent")},
            )
            + "\n"
        )

    def _request(self, past: PastRequest) -> str:
        words = self._words
        parts = [words["status"][past.status]]
        if past.days is not None and past.milestone:
            told = {"what": self._kind(past.category), "date": self._date(past.milestone[:10])}
            key = "today" if past.days == 0 else "ahead" if past.days > 0 else "past"
            parts.append(
                words["today"].format(**told) if past.days == 0 else self._several(key, abs(past.days), **told)
            )
        if past.repeats is not None:
            parts.append(words["repeats"].format(number=past.repeats))
        if past.frequent or (past.in_a_row or 0) > 1:
            parts.append(words["frequent" if past.frequent else "in_a_row"].format(count=past.in_a_row))
        when = self._date(past.as_of.isoformat())
        return str(words["request"].format(number=past.number, date=when, parts=words["parts"].join(parts)))

    def _change(self, change: Change) -> str:
        before, after = (
            self._words["between"].join(self._value(change.field, value) for value in values)
            for values in (change.before, change.after)
        )
        template = self._words[change.kind]
        return str(template.format(field=self._field(change.field), before=before, after=after))

    def _value(self, field: str, value: str) -> str:
        if field == "milestone.type":
            return self._kind(value)
        shown = visible(" ".join(value.split()))
        return shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"

    def _field(self, path: str) -> str:
        return FIELDS[path].of(self._lang) if path in FIELDS else str(self._words["other_contacts"])

    def _kind(self, category: str | None) -> str:
        return str(self._kinds.get(category, category)) if category else str(self._words["milestone"])

    def _date(self, day: str) -> str:
        return spell_date(day, self._lang)

    def _several(self, key: str, count: int, **told: Any) -> str:
        one, more = self._words[key]
        return str((one if count == 1 else more).format(count=f"{count:,}", **told))
