"""The reading agrees with labels: figures that must not fall. The labels are people's, the scorer is tests/score.py."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

import score
from conftest import FIXTURES
from ma_template import check
from ma_template.readers.impact import read_impact
from ma_template.readers.values import Settings
from ma_template.source import View

FLOORS = {
    "devset": {
        "perfect": 0.97, "blocks": 1.0, "spans exact": 1.0, "dates": 0.98, "phones": 0.98, "emails": 0.98, "name": 0.98,
        "codes": 0.98, "info codes": 0.95,
    },
    "unseen/round-1-en": {"perfect": 0.9, "blocks": 1.0, "spans exact": 1.0},
    "unseen/round-1-ja": {"perfect": 0.9, "blocks": 1.0, "spans exact": 1.0},
    "unseen/round-3": {"perfect": 0.97, "blocks": 1.0, "spans exact": 1.0},
    "unseen/round-4": {"perfect": 0.95, "blocks": 1.0, "spans exact": 1.0},
}  # fmt: skip


def figures(folder: Path) -> tuple[dict[str, float], list[str]]:
    tally = score.Tally()
    wrong = []
    for line in (folder / "gold.jsonl").read_text("utf-8").splitlines():
        gold = json.loads(line)
        text = (folder / gold["file"]).read_bytes().decode()
        report = check(text, as_of=score.AS_OF).model_dump(mode="json")
        bad = score.score_document(tally, report, gold, text)
        tally.share("perfect", not bad)
        if bad:
            wrong.append(f"{gold['file']}: {'; '.join(bad)}")
    return tally.figures(), wrong


@pytest.mark.parametrize("name", FLOORS)
def test_agreement_does_not_fall(name: str) -> None:
    found, wrong = figures(FIXTURES / name)
    low = {aspect: found[aspect] for aspect, floor in FLOORS[name].items() if found[aspect] < floor}
    assert not low, "\n".join([str(low), *wrong])


def test_impact_of_labelled_reasons() -> None:
    """Labels: fixtures/devset/reasons.jsonl. Right: the verdict, and the sentence where there is one."""
    lines = (FIXTURES / "devset" / "reasons.jsonl").read_text("utf-8").splitlines()
    right = 0
    for line in lines:
        gold = json.loads(line)
        view = View.of(gold["text"])
        found = read_impact(view, Settings(gold["lang"], score_day()))
        words = gold["text"][found.start : found.end] if found else None
        right += bool(words) == gold["impact"] and (not gold["impact"] or gold["impact_contains"] in words)
    assert right / len(lines) >= 0.93


def score_day() -> date:

    return date.fromisoformat(score.AS_OF)
