"""What a release promised: what it wrote is read, what it took is taken, what it named has its name."""

from __future__ import annotations

import copy
import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from jsonschema import Draft202012Validator

from compatibility import Schema, broken, broken_columns
from conftest import FIXTURES
from ma_template import Report, check, history, json_schema, redact
from ma_template.arrow import HISTORY, REQUESTS, SCHEMA, SCHEMA_VERSION, history_table, requests
from ma_template.cli import main
from ma_template.overview import Tally, page
from release import UPDATES, public, write

FIRST = FIXTURES / "releases" / "0.1.0"
RELEASES = sorted(path for path in (FIXTURES / "releases").iterdir() if path.is_dir())
Captured = pytest.CaptureFixture[str]

release = pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.name)


def loaded(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def holds(found: Any, told: Any) -> bool:
    """Return whether everything that was told is there; more may be."""
    if isinstance(told, dict):
        return isinstance(found, dict) and all(name in found and holds(found[name], told[name]) for name in told)
    if isinstance(told, list):
        return isinstance(found, list) and len(found) == len(told) and all(map(holds, found, told))
    return bool(found == told)


def reports(release: Path) -> list[dict[str, Any]]:
    documents = [*loaded(release / "reports.json")["documents"], *lines(release / "reports.jsonl")]
    documents += lines(release / "redacted.jsonl")
    assert len(documents) == 3 * 34
    return documents


# ---------------------------------------------------------------------------------------------------------------------
# What was written is read


@release
def test_stored_reports_are_reports(release: Path) -> None:
    validator = Draft202012Validator(json_schema())
    for document in reports(release):
        validator.validate(document)
        report = Report.model_validate(document)
        assert holds(json.loads(report.model_dump_json()), document)
        assert len(report.messages("ja")) == len(document["diagnostics"])
        redact(report)


def test_what_the_first_release_said_is_understood() -> None:
    """Of fixtures/good/en/two-contacts.txt, typed by hand: who takes everything and understands nothing fails here."""
    report = Report.model_validate(loaded(FIRST / "reports.json")["documents"][5])
    [block] = report.blocks
    request = block.request
    assert (report.status, report.as_of.isoformat()) == ("complete", "2026-11-23")
    assert request.requester.name == "Orla Fitzgibbon"
    assert [(one.number, one.extension) for one in request.requester.phone] == [("+442079460112", "308")]
    assert [one.number for one in request.requester.pager] == ["+442079460113"]
    assert [one.address for one in request.requester.email] == ["orla.fitzgibbon@claims.example.org"]
    assert [(one.start, one.end) for one in request.milestone.dates] == [
        ("2026-12-04T17:00+00:00", None),
        ("2026-12-14", "2026-12-20"),
    ]
    assert request.milestone.type.category == "go-live"
    assert [contact.name for contact in block.requester.other_contacts] == ["Ruben Castellan"]


@release
def test_a_stored_block_is_written_as_a_request(release: Path, tmp_path: Path, capsys: Captured) -> None:
    documents = loaded(release / "reports.json")["documents"]
    complete = [block for one in documents for block in one["blocks"] if block["status"] == "complete"]
    written = 0
    for block in complete:
        (tmp_path / "block.json").write_text(json.dumps(block), encoding="utf-8")
        status = main(["new", "--from", str(tmp_path / "block.json")])
        text = capsys.readouterr().out
        if status == 0:
            written += 1
            assert check(text, as_of="2026-11-23").status == "complete"
    assert written >= 10


@release
def test_stored_results_have_their_history(release: Path, tmp_path: Path, capsys: Captured) -> None:
    # Of 35 updates 3 hold no request, 2 cannot be checked, and 3 are of an SR that is there already.
    told = loaded(release / "history.json")
    assert (len(told["histories"]), told["not_checked"]) == (
        27,
        2,
    )  # of 35 updates: 2 hold no request, 2 cannot be checked, 3 and 1 are of one SR
    for name in ("results.parquet", "results.jsonl"):
        assert main(["history", str(release / name), "--format", "json"]) == 1
        assert holds(json.loads(capsys.readouterr().out), told)
    results = pq.read_table(release / "results.parquet")
    stored = pq.read_table(release / "history.parquet")
    assert history_table(results).select(stored.column_names).equals(stored)
    found = [json.loads(one.model_dump_json()) for one in history(lines(release / "results.jsonl"))]
    assert holds(found, told["histories"])


@release
def test_stored_results_make_a_page_and_requests(release: Path) -> None:
    results = pq.read_table(release / "results.parquet")
    stored = pq.read_table(release / "requests.parquet")
    assert requests(results).select(stored.column_names).to_pylist() == stored.to_pylist()
    tally = Tally()
    tally.add(results)
    assert "SR-1" in page(tally, "en")
    with (release / "requests.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == stored.column("id").to_pylist()


def test_results_of_a_later_schema_are_told_and_not_misread(tmp_path: Path, capsys: Captured) -> None:
    later = pq.read_table(FIRST / "results.parquet").replace_schema_metadata(
        {"ma_template.schema_version": str(SCHEMA_VERSION + 1)}
    )
    pq.write_table(later, tmp_path / "results.parquet")
    assert main(["history", str(tmp_path / "results.parquet")]) == 2
    told = capsys.readouterr()
    assert not told.out
    assert told.err == (
        f"ma-lint: error: {tmp_path / 'results.parquet'}: written with schema 2, and this version reads schema 1: "
        "use the version of ma-template that wrote it, or scan the updates anew\n"
    )


def test_a_report_of_a_later_version_may_say_more() -> None:
    """Who keeps the schema of the first release, or its library, takes what later ones add to it."""
    document = loaded(FIRST / "reports.json")["documents"][5]
    document["blocks"][0]["requester"]["time_zone"] = "Europe/London"
    document["tone"] = None
    Draft202012Validator(loaded(FIRST / "report.schema.json")).validate(document)
    assert Report.model_validate(document).blocks[0].requester.name == "Orla Fitzgibbon"


# ---------------------------------------------------------------------------------------------------------------------
# What was taken is taken, what was named has its name


def test_every_setting_that_a_release_had(tmp_path: Path, capsys: Captured) -> None:
    shutil.copy(FIRST.parent / "ma-lint.toml", tmp_path)
    assert main(["config", str(tmp_path), "--format", "json"]) == 0
    settings = json.loads(capsys.readouterr().out)["settings"]
    from_file = {name for name, setting in settings.items() if setting["file"]}
    assert from_file >= {name for release in RELEASES for name in loaded(release / "config.schema.json")["properties"]}


@release
def test_what_has_a_name_keeps_it(release: Path) -> None:
    promised, there = loaded(release / "public.json"), public()
    assert set(promised["library"]) <= set(there["library"])
    assert promised["rules"].items() <= there["rules"].items()
    for command, options in promised["options"].items():
        for option, choices in options.items():
            assert option in there["options"][command], f"ma-lint {command} {option} is gone"
            assert set(choices) <= set(there["options"][command][option]), f"ma-lint {command} {option}"


@release
def test_no_schema_changed_incompatibly(release: Path) -> None:
    """A change that this finds needs the next `schema_version`, a way to read the old one, and a line in CHANGELOG."""
    schema = loaded(release / "report.schema.json")
    if version(schema) == version(json_schema()):
        assert broken(schema, json_schema(), "written") == []
    assert broken(loaded(release / "config.schema.json"), config_schema(), "read") == []
    for name, today in (("results", SCHEMA), ("requests", REQUESTS), ("history", HISTORY)):
        stored = pq.read_schema(release / f"{name}.parquet")
        if name == "history" or stored.metadata[b"ma_template.schema_version"] == b"%d" % SCHEMA_VERSION:
            assert broken_columns(stored, today) == []


def version(schema: Schema) -> int:
    return schema["properties"]["schema_version"]["const"]


def config_schema() -> Schema:
    return loaded(FIXTURES.parent / "docs" / "config.schema.json")


# ---------------------------------------------------------------------------------------------------------------------
# What is told apart: planted changes

Change = Callable[[Schema], object]


def definition(schema: Schema, name: str) -> Schema:
    return schema["$defs"][name]["properties"]


PLANTED: list[tuple[str, Change, list[str]]] = [
    ("nothing", lambda schema: None, []),
    ("a word more in a description", lambda s: definition(s, "Email")["raw"].update(description="As written."), []),
    ("a new key", lambda s: definition(s, "Block").update(tone={"type": "string"}), []),
    ("a new word", lambda s: definition(s, "MilestoneType")["category"]["enum"].append("festival"), []),
    ("a new object", lambda s: s["$defs"].update(Tone={"type": "object"}), []),
    ("a key less", lambda s: definition(s, "Email").pop("valid"), [".blocks[].requester.emails[].valid: is gone"]),
    (
        "a key by another name",
        lambda s: definition(s, "Block").update(state=definition(s, "Block").pop("status")),
        [".blocks[].status: is gone"],
    ),
    (
        "a new key that old reports lack",
        lambda s: (
            definition(s, "Block").update(tone={"type": "string"}),
            s["$defs"]["Block"]["required"].append("tone"),
        ),
        [".blocks[].tone: is required"],
    ),
    (
        "a key that may be left out",
        lambda s: s["$defs"]["Reason"]["required"].remove("impact"),
        [".blocks[].reason.impact: is no longer required"],
    ),
    (
        "no null any more",
        lambda s: definition(s, "Phone").update(valid={"type": "boolean"}),
        [".blocks[].requester.phones[].valid: null is gone"],
    ),
    (
        "null, too",
        lambda s: definition(s, "Phone").update(raw={"anyOf": [{"type": "string"}, {"type": "null"}]}),
        [".blocks[].requester.phones[].raw: null is new"],
    ),
    (
        "another type",
        lambda s: definition(s, "TextSpan").update(start={"type": "string"}),
        [".blocks[].span.start: integer is gone", ".blocks[].span.start: string is new"],
    ),
    (
        "a word less",
        lambda s: definition(s, "MilestoneDate")["precision"]["enum"].remove("quarter"),
        [".blocks[].milestone.dates[].precision: quarter gone"],
    ),
    (
        "only these words",
        lambda s: definition(s, "Diagnostic").update(rule={"type": "string", "enum": ["a"]}),
        [".diagnostics[].rule: other values are gone"],
    ),
    (
        "another version without a word",
        lambda s: s["properties"]["schema_version"].update(const=2),
        [".schema_version: 1 gone"],
    ),
    ("a shorter text", lambda s: definition(s, "Email")["raw"].update(maxLength=10), ["raw: maxLength is narrower"]),
    ("nothing beside it", lambda s: s["$defs"]["Email"].update(additionalProperties=False), [".*: is narrower"]),
    ("what is not understood", lambda s: definition(s, "Email")["raw"].update(pattern="a"), ["raw: pattern differs"]),
]


@pytest.mark.parametrize(("change", "told"), [case[1:] for case in PLANTED], ids=[case[0] for case in PLANTED])
def test_planted_changes_of_the_report(change: Change, told: list[str]) -> None:
    schema = loaded(FIRST / "report.schema.json")
    changed = copy.deepcopy(schema)
    change(changed)
    found = broken(schema, changed, "written")
    assert bool(found) == bool(told)
    for one in told:
        assert any(each.endswith(one) for each in found), found


def test_planted_changes_of_the_settings() -> None:
    schema = loaded(FIRST / "config.schema.json")
    more = copy.deepcopy(schema)
    more["properties"]["tone"] = {"type": "string"}
    more["properties"]["offsets"]["enum"].append("bytes")
    more["properties"]["require"] = {"anyOf": [{"type": "boolean"}, {"type": "string"}]}
    assert broken(schema, more, "read") == []
    less = copy.deepcopy(schema)
    del less["properties"]["region"]
    less["properties"]["offsets"]["enum"].remove("utf-16")
    less["properties"]["max-blocks"]["exclusiveMinimum"] = 5
    assert set(broken(schema, less, "read")) == {
        ".region: is gone",
        ".offsets: utf-16 gone",
        ".max-blocks: exclusiveMinimum is narrower",
    }


def test_planted_changes_of_the_columns() -> None:
    more = SCHEMA.append(pa.field("tone", pa.string()))
    assert broken_columns(SCHEMA, more) == []
    assert broken_columns(more, SCHEMA) == ["tone: is gone"]
    wider = SCHEMA.set(2, pa.field("row", pa.int32()))
    assert broken_columns(SCHEMA, wider) == ["row: int64 became int32"]
    assert broken_columns(SCHEMA, pa.schema([SCHEMA.field(1), SCHEMA.field(0), *list(SCHEMA)[2:]])) == [
        "columns: stand in another order"
    ]
    found = SCHEMA.field("diagnostics").type.value_type
    short = pa.list_(pa.struct([found.field(number) for number in range(found.num_fields - 1)]))
    shorter = SCHEMA.set(SCHEMA.get_field_index("diagnostics"), pa.field("diagnostics", short))
    assert broken_columns(SCHEMA, shorter) == ["diagnostics[].arguments: is gone"]


def test_the_next_release_can_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    write(tmp_path / "next")
    assert {path.name for path in (tmp_path / "next").iterdir()} == {path.name for path in FIRST.iterdir()}
    assert len((tmp_path / "next" / "results.jsonl").read_text("utf-8").splitlines()) == len(lines(UPDATES))
