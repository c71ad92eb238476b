"""What OpenAPI says beside the models: bodies that the framework does not see, problems, values that libraries know."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from ma_template.models import Request as Filled
from ma_template.portal.bodies import JSON, TEXT
from ma_template.portal.exchange import CheckRequest, FixRequest, RenderRequest
from ma_template.portal.problems import Problem
from ma_template.rules import RULES

SCHEMAS: tuple[type[BaseModel], ...] = (Filled, CheckRequest, FixRequest, RenderRequest, Problem)
"""Models that OpenAPI refers to, but the framework does not see."""


def problem_responses(*keys: int) -> dict[int | str, dict[str, Any]]:
    """Return the documentation of answers that are problem details."""
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": _SAID[status], "content": content} for status in sorted({*keys, 401, 500, 503})}


_SAID = {
    400: "The body cannot be read: malformed JSON, or not UTF-8.",
    401: "The bearer token, or a hook's signature, is missing or wrong.",
    404: "There is nothing of this name.",
    408: "The body came too slowly.",
    409: "The message was received before.",
    413: "The body is too large.",
    415: "The media type is not supported.",
    422: "Something in the request makes no sense; `errors` says what.",
    500: "The service failed.",
    503: "Too many requests at once, or the check took too long. See Retry-After.",
}
WITH_BODY = (400, 408, 413, 415, 422)


def body_of(model: type[BaseModel], *, text: bool = False) -> dict[str, Any]:
    """Return the documentation of a body."""
    content: dict[str, Any] = {JSON: {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}}}
    if text:
        content[TEXT] = {"schema": {"type": "string"}}
    return {"required": True, "content": content}


def narrowed(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a model with options, saying which values there are where the model asks a library."""
    from zoneinfo import available_timezones

    from phonenumbers import SUPPORTED_REGIONS

    rules = [*RULES, *(rule.name for rule in RULES.values())]
    known: dict[str, dict[str, Any]] = {
        "as_of": {"format": "date"},
        "region": {"enum": sorted(SUPPORTED_REGIONS)},
        "timezone": {"enum": sorted(available_timezones())},
        "select": {"items": {"type": "string", "enum": rules}},
        "ignore": {"items": {"type": "string", "enum": rules}},
    }
    for name, more in known.items():
        field = schema.get("properties", {}).get(name)
        if field:
            next(kind for kind in field.get("anyOf", [field]) if kind.get("type") != "null").update(more)
    return schema


def parameters_of(model: type[BaseModel]) -> list[dict[str, Any]]:
    """Return the documentation of a model's fields as query parameters."""
    schema = narrowed(model.model_json_schema())
    found = []
    for name, field in schema["properties"].items():
        kinds = [kind for kind in field.get("anyOf", [field]) if kind.get("type") != "null"]
        kind = {key: value for key, value in kinds[0].items() if key not in ("title", "description", "default")}
        parameter = {"name": name, "in": "query", "required": False, "schema": kind}
        if kind.get("type") == "array":
            parameter |= {"style": "form", "explode": False}
        found.append({**parameter, "description": field.get("description", "")})
    return found


def document(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document of the service."""
    schema = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        openapi_version="3.1.0",
        routes=app.routes,
        license_info=app.license_info,
    )
    components = schema.setdefault("components", {}).setdefault("schemas", {})
    for model in SCHEMAS:
        described = narrowed(model.model_json_schema(ref_template="#/components/schemas/{model}"))
        components.update(described.pop("$defs", {}))
        components[model.__name__] = described
    for name in ("HTTPValidationError", "ValidationError"):  # the framework's own, which this service never sends
        components.pop(name, None)
    for path in schema["paths"].values():
        for operation in path.values():
            default = operation["responses"].get("422", {}).get("content", {}).get("application/json")
            if default:
                del operation["responses"]["422"]
    return schema
