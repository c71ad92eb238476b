"""Redacting: nothing that somebody wrote is left, and everything else is."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pytest

from ma_template import check, redact
from ma_template.cli import main
from ma_template.models import Report

ROOT = Path(__file__).parents[1]
DAY = datetime.date(2026, 11, 23)

UPDATE = """\
**** Request Management Attention ****
Reason: the Marmaduke gateway is down, and Fenwick cannot ship 400 orders a day
Milestone: Xanthe cutover, 15 December 2026
Requester: Ottoline Featherstone, +44 20 7946 0187 ext. 577, ottoline@petrel.example.com, pager +44 20 7946 0199
Deputy: Ignatius Blackwood, +44 20 7946 0958, ignatius@kestrel.example.org
**** Request Management Attention ****

**** 管理者による対応を要請 ****
理由: 出荷が止まり、1日に約400件の損失が出ている
マイルストーン: 新倉庫の稼働開始 2026年12月15日
要請者: 大河内 慎之介、０３－５５５５－０１２３、okochi@minato.example.co.jp
**** 管理者による対応を要請 ****
"""
SECRETS = """
    Marmaduke Fenwick Xanthe Ottoline Featherstone ottoline petrel Ignatius Blackwood ignatius kestrel 0187 0199
    0958 577 orders 出荷 新倉庫 大河内 慎之介 okochi minato ５５５５ 81355550123
"""


def report(text: str = UPDATE) -> Report:
    return check(text, as_of=DAY).model_copy(update={"source": "a.txt", "encoding": "utf-8"})


def leaves(value: Any, path: str = "") -> dict[str, Any]:
    if isinstance(value, dict):
        return {at: leaf for key, inner in value.items() for at, leaf in leaves(inner, f"{path}.{key}").items()}
    if isinstance(value, list):
        return {at: leaf for key, inner in enumerate(value) for at, leaf in leaves(inner, f"{path}[{key}]").items()}
    return {path: value}


def test_nothing_of_what_was_written_is_left() -> None:
    written = redact(report()).model_dump_json()
    assert [secret for secret in SECRETS.split() if secret in written] == []


def test_everything_else_stays() -> None:
    before, after = (leaves(each.model_dump(mode="json")) for each in (report(), redact(report())))
    assert before.keys() == after.keys()
    changed = {path.rpartition(".")[2] for path in before if before[path] != after[path]}
    assert changed == {"text", "impact", "raw", "name", "e164", "address", "extension"}
    assert {path for path in before if before[path] is None} == {path for path in after if after[path] is None}


def test_the_same_person_keeps_the_same_pseudonym() -> None:
    twice = redact(report(UPDATE + UPDATE.replace("Ottoline Featherstone", "OTTOLINE  Featherstone")))
    first, second, third, _ = (block.requester for block in twice.blocks)
    assert first
    assert second
    assert third
    assert first.name == "person-1"
    assert third.name == first.name
    assert second.name not in (None, first.name)
    assert first.phones[0].raw == first.phones[0].e164 == third.phones[0].raw == "phone-1"
    assert first.emails[0].address == third.emails[0].address == "email-1"


def test_a_key_makes_pseudonyms_stable_over_reports() -> None:
    def name(key: str | bytes | None, text: str = UPDATE) -> str | None:
        who = redact(report(text), key).blocks[-1].requester
        assert who
        return who.name

    alone = UPDATE[UPDATE.index("**** 管理者") :]
    assert name("secret") == name(b"secret", alone)
    assert name(None) != name(None, alone)  # numbers begin anew in every report
    assert name("secret") != name("another")
    with pytest.raises(ValueError, match="empty"):
        name("")


def test_an_invalid_item_is_masked_too() -> None:
    bad = UPDATE.replace("7946 0187", "7946 018").replace("ottoline@petrel.example.com", "ottoline@petrel")
    written = redact(report(bad)).model_dump_json()
    assert "petrel" not in written
    assert "7946 018" not in written


@pytest.mark.parametrize("name", ["json", "jsonl", "text"])
@pytest.mark.parametrize("key", [None, "secret"])
def test_the_command(
    name: str, key: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MA_LINT_REDACT_KEY", raising=False)
    if key:
        monkeypatch.setenv("MA_LINT_REDACT_KEY", key)
    path = tmp_path / "a.txt"
    path.write_text(UPDATE.replace("15 December 2026", "31 November 2026").replace("7946 0187", "7946 018"), "utf-8")
    assert main(["--redact", "--format", name, "--verbose", "--as-of", "2026-11-23", str(path)]) == 1
    written = capsys.readouterr().out
    assert [secret for secret in SECRETS.split() if secret in written] == []
    assert "MA306" in written
    assert ("person-1" in written) == (key is None)
    if name == "json":
        again = json.loads(written)["documents"][0]
        assert Report.model_validate(again).blocks[0].span.line == 1


def test_devset() -> None:
    """Nothing of any answer of the development set is left."""
    for path in sorted((ROOT / "fixtures" / "devset").glob("*.txt")):
        before = report(path.read_bytes().decode())
        after = redact(before, "k").model_dump(mode="json")
        # A date is kept, and a milestone may have been named by the very word of its category.
        kept = (".category", ".start", ".end", ".template")
        written = {leaf for at, leaf in leaves(after["blocks"]).items() if not at.endswith(kept)}
        for at, leaf in leaves(before.model_dump(mode="json")["blocks"]).items():
            if at.endswith((".text", ".raw", ".name", ".e164", ".address", ".impact")) and leaf:
                assert leaf not in written, path.name
