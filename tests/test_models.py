"""The strict `Request` model judges, and each of its fields, types and constraints is needed for it."""

from __future__ import annotations

import copy
import json
import types
from collections.abc import Iterator
from typing import Annotated, Any, Literal, get_origin

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from conftest import FIXTURES, ROOT
from ma_template import check, json_schema
from ma_template.drafts import Judged, faults
from ma_template.models import (
    Request,
    RequestMilestone,
    RequestReason,
    RequestRequester,
    RequestType,
    request_faults,
)
from ma_template.readers.values import ReadDate, ReadEmail, ReadPhone
from ma_template.rules.base import CLAIMS
from ma_template.source import Span

DATA = yaml.safe_load((FIXTURES / "requests.yaml").read_text("utf-8"))
HERE = Span(0, 0)


def read_date(word: Any) -> Any:
    if not isinstance(word, str):
        return word
    if "|" in word:
        readings = tuple(sorted(part.strip() for part in word.split("|")))
        return ReadDate(HERE, "milestone", None, candidates=readings, problem="ambiguous")
    return ReadDate(HERE, "milestone", word)


READ = {
    "milestone.dates": read_date,
    "requester.phone": lambda word: ReadPhone(HERE, word) if isinstance(word, str) else word,
    "requester.pager": lambda word: ReadPhone(HERE, word) if isinstance(word, str) else word,
    "requester.email": lambda word: ReadEmail(HERE, word) if isinstance(word, str) else word,
}


def drafted(changes: dict[str, Any]) -> dict[str, Any]:
    draft = copy.deepcopy(DATA["complete"])
    for path, value in changes.items():
        *way, last = path.split(".")
        place = draft
        for step in way:
            place = place[step]
        if value is None:
            del place[last]
        else:
            place[last] = value
    for path, read in READ.items():
        section, item = path.split(".")
        if isinstance(draft.get(section), dict) and isinstance(draft[section].get(item), list):
            draft[section][item] = [read(word) for word in draft[section][item]]
    return draft


def errors(model: type[BaseModel], changes: dict[str, Any]) -> list[str]:
    try:
        model.model_validate(drafted(changes), context=Judged())
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False, include_context=False)
        return [".".join(map(str, fault["loc"])) + " " + fault["type"] for fault in found]
    return []


@pytest.mark.parametrize("case", DATA["cases"], ids=lambda case: case["why"])
def test_request_judges(case: dict[str, Any]) -> None:
    assert errors(Request, case["draft"]) == case["errors"]


MODELS = (RequestReason, RequestType, RequestMilestone, RequestRequester, Request)


def poorer() -> Iterator[tuple[str, type[BaseModel], str, Any]]:
    """Every way to take away one field, type or constraint: what, of which model, which field, its annotation then."""
    for model in MODELS:
        for name, field in model.model_fields.items():
            where = f"{model.__name__}.{name}"
            yield f"{where} is not asked for", model, name, (Any, None)
            default = ... if field.is_required() else field.default
            kind: Any = field.annotation
            for index, constraint in enumerate(field.metadata):
                others = [other for number, other in enumerate(field.metadata) if number != index]
                rest = Annotated[kind, *others] if others else kind
                yield f"{where} without {constraint}", model, name, (rest, default)
            if get_origin(kind) is list:
                anything = Annotated[list[Any], *field.metadata] if field.metadata else list[Any]
                yield f"{where} of anything", model, name, (anything, default)
            elif get_origin(kind) in (Literal, types.UnionType) or kind is str:
                yield f"{where} of anything at all", model, name, (Any, default)


def rebuilt(changed: type[BaseModel], name: str, definition: Any) -> type[BaseModel]:
    """The request model, with one field of one of its models defined otherwise."""
    made: dict[Any, type[BaseModel]] = {}
    for model in MODELS:
        fields: dict[str, Any] = {}
        for field_name, field in model.model_fields.items():
            kind = made.get(field.annotation, field.annotation)
            kind = Annotated[kind, *field.metadata] if field.metadata else kind
            fields[field_name] = (kind, ... if field.is_required() else field.default)
        if model is changed:
            fields[name] = definition
        made[model] = create_model(model.__name__, __config__=ConfigDict(model.model_config), **fields)
    return made[Request]


def test_rebuilding_alone_changes_nothing() -> None:
    same = rebuilt(RequestType, "kind", (Literal["business", "implementation"] | None, None))
    for case in DATA["cases"]:
        assert errors(same, case["draft"]) == case["errors"]


@pytest.mark.parametrize(("what", "model", "name", "definition"), list(poorer()), ids=lambda value: str(value)[:60])
def test_every_field_type_and_constraint_is_needed(what: str, model: Any, name: str, definition: Any) -> None:
    model_without = rebuilt(model, name, definition)
    noticed = [case["why"] for case in DATA["cases"] if errors(model_without, case["draft"]) != case["errors"]]
    assert noticed, f"{what}: no case in fixtures/requests.yaml notices"


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_strictness_and_closedness_are_needed(model: type[BaseModel]) -> None:
    assert model.model_config["extra"] == "forbid"
    assert model.model_config["strict"]


WORDS = st.sampled_from(["Leeds", "八重樫", "", "a\ud800b"])
DATES = st.sampled_from(["2026-12-15", "2026-11-31", "2026-12-15T10:00", "2026-12-01|2026-01-12"])
PHONES = st.sampled_from(["+44 20 7946 0123", "03-5555-0100", "+1", "1234"])
EMAILS = st.sampled_from(["imogen.achterberg@example.com", "imogen@example", "imogen..a@docomo.ne.jp"])


def few(words: st.SearchStrategy[str], path: str) -> st.SearchStrategy[list[Any]]:
    return st.lists(words, max_size=3).map(
        lambda chosen: [READ[path](word)._replace(span=Span(number, number)) for number, word in enumerate(chosen)]
    )


DRAFTS = st.fixed_dictionaries(
    {},
    optional={
        "reason": st.fixed_dictionaries({"text": WORDS, "impact": st.none()}),
        "milestone": st.fixed_dictionaries(
            {"dates": few(DATES, "milestone.dates")},
            optional={"type": st.just({"category": "go-live", "kind": "implementation"})},
        ),
        "requester": st.fixed_dictionaries(
            {
                "phone": few(PHONES, "requester.phone"),
                "email": few(EMAILS, "requester.email"),
                "pager": few(PHONES, "requester.pager"),
            },
            optional={"name": WORDS},
        ),
    },
)


@pytest.mark.parametrize("region", [None, "JP", "GB"])
@given(DRAFTS)
def test_the_judge_without_pydantic_says_the_same(region: str | None, draft: dict[str, Any]) -> None:
    """`ma-lint` does not wait for pydantic: what the readers may draft is refused for the same, in the same order."""
    assert faults(draft, Judged(region)) == request_faults(draft, Judged(region))


def test_every_error_of_the_judge_is_claimed() -> None:
    """What a draft made by the readers can fail with is either a gap or a fault that a rule reports."""
    seen = set()
    for path in sorted((FIXTURES / "devset").glob("*.txt")):
        report = check(path.read_bytes().decode(), as_of="2026-11-23")
        for number, block in enumerate(report.blocks):
            if block.quoted or block.unfilled:
                continue
            named = {found.field for found in report.diagnostics if found.block == number and found.severity != "info"}
            for item in (*block.missing, *block.invalid):
                seen.add(item)
                assert item in named, (path.name, item)
    assert {"milestone.dates", "requester.phone", "requester.email", "requester.name"} <= seen
    # What a draft of the readers can fail with: each error type at each place where the model may raise it.
    assert set(CLAIMS) == {
        ("reason", "missing"),
        ("milestone", "missing"),
        ("milestone.type", "missing"),
        ("milestone.dates", "too_short"),
        ("milestone.dates", "date_impossible"),
        ("requester", "missing"),
        ("requester.name", "missing"),
        ("requester.phone", "too_short"),
        ("requester.phone", "phone_invalid"),
        ("requester.email", "too_short"),
        ("requester.email", "email_invalid"),
    }


def test_schema_is_as_published_and_reports_match_it() -> None:
    schema = json_schema()
    published = json.loads((ROOT / "docs" / "report.schema.json").read_text("utf-8"))
    assert schema == published, "run: ma-lint schema > docs/report.schema.json"
    validator = jsonschema.Draft202012Validator(schema)
    for path in sorted((FIXTURES / "devset").glob("*.txt"))[::4]:
        validator.validate(json.loads(check(path.read_bytes().decode(), as_of="2026-11-23").model_dump_json()))
    with pytest.raises(jsonschema.ValidationError):
        validator.validate({"schema_version": 2})
