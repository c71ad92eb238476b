"""Tells what of a change of a schema breaks those who rely on it: docs/compatibility.md says what a version promises.

JSON Schemas are compared as pydantic writes them (objects, arrays, `enum`, `const`, `anyOf`, `$ref`); anything else
that differs is told as well, so that nothing passes because it was not understood.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import pyarrow as pa

Schema = dict[str, Any]
Side = Literal["written", "read"]
_WORDS = {"title", "description", "examples", "default", "$defs", "$schema", "$id", "deprecated"}
_BOUNDS = {"minimum": 1, "exclusiveMinimum": 1, "minLength": 1, "minItems": 1}
_BOUNDS |= {"maximum": -1, "exclusiveMaximum": -1, "maxLength": -1, "maxItems": -1}


def broken(old: Schema, new: Schema, side: Side) -> list[str]:
    """Return what of the change from one JSON Schema to another breaks somebody, as `path: what`.

    Args:
        old: as it was released.
        new: as it is to be.
        side: `written` for what we write and others read and store: nothing may be lost, and what is stored must be
            read; `read` for what others write and we read: what was taken must be taken.
    """
    return list(_broken("", (old, old), (new, new), side))


def closed(schema: Any) -> Any:
    """Return a JSON Schema that takes no key beside those it names: the published one lets later versions say more."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: closed(each) for name, each in schema.items()}
    return {**found, "additionalProperties": False} if "required" in found else found


_Place = tuple[Schema, Schema]  # a schema, and the document in which its references are


def _resolved(place: _Place) -> _Place:
    schema, root = place
    while "$ref" in schema:
        schema = {**root["$defs"][schema["$ref"].rpartition("/")[2]], **{k: schema[k] for k in schema if k != "$ref"}}
    return schema, root


def _kinds(place: _Place) -> dict[str, Schema]:
    """Return the alternatives of a schema by their kind: `null`, `string`, `object` and so on."""
    schema, root = _resolved(place)
    if "anyOf" in schema:
        return {kind: found for each in schema["anyOf"] for kind, found in _kinds((each, root)).items()}
    names = schema.get("type", "any")
    return dict.fromkeys([names] if isinstance(names, str) else names, schema)


def _values(schema: Schema) -> set[Any] | None:
    return {schema["const"]} if "const" in schema else set(schema["enum"]) if "enum" in schema else None


def _broken(path: str, old: _Place, new: _Place, side: Side) -> Iterator[str]:
    before, after = _kinds(old), _kinds(new)
    for kind in sorted(before.keys() - after.keys()):
        yield f"{path}: {kind} is gone"
    if side == "written":
        for kind in sorted(after.keys() - before.keys()):
            yield f"{path}: {kind} is new"
    for kind in sorted(before.keys() & after.keys()):
        yield from _broken_kind(path, (before[kind], old[1]), (after[kind], new[1]), side)


def _broken_kind(path: str, old: _Place, new: _Place, side: Side) -> Iterator[str]:
    (before, old_root), (after, new_root) = old, new
    was, now = _values(before), _values(after)
    if now is not None:
        gone = "other values are" if was is None else ", ".join(sorted(map(str, was - now)))
        if gone:
            yield f"{path}: {gone} gone"
    for name, sign in _BOUNDS.items():
        if name in after and (name not in before or sign * after[name] > sign * before[name]):
            yield f"{path}: {name} is narrower"
    known = before.get("properties", {})
    wanted, needed = set(before.get("required", ())), set(after.get("required", ()))
    for name in sorted(needed - wanted):
        yield f"{path}.{name}: is required"
    for name in sorted(wanted - needed) if side == "written" else ():
        yield f"{path}.{name}: is no longer required"
    for name, each in known.items():
        if name in after.get("properties", {}):
            yield from _broken(f"{path}.{name}", (each, old_root), (after["properties"][name], new_root), side)
        else:
            yield f"{path}.{name}: is gone"
    for name, below in (("items", "[]"), ("additionalProperties", ".*"), ("propertyNames", ".*=")):
        was, now = before.get(name, True), after.get(name, True)
        if isinstance(was, dict) and isinstance(now, dict):
            yield from _broken(path + below, (was, old_root), (now, new_root), side)
        elif was is not now and now is not True:
            yield f"{path}{below}: is narrower"
    understood = {*_WORDS, *_BOUNDS, "type", "anyOf", "const", "enum", "properties", "required", "items"}
    understood |= {"additionalProperties", "propertyNames"}
    for name in sorted((before.keys() | after.keys()) - understood):
        if before.get(name) != after.get(name):
            yield f"{path}: {name} differs"


def broken_columns(old: pa.Schema, new: pa.Schema) -> list[str]:
    """Return what of the change from one Arrow schema to another breaks somebody, as `column: what`."""
    return list(_broken_fields("", list(old), list(new)))


def _broken_fields(path: str, old: list[pa.Field], new: list[pa.Field]) -> Iterator[str]:
    found = {field.name: field for field in new}
    for field in old:
        name = path + field.name
        if field.name not in found:
            yield f"{name}: is gone"
        else:
            yield from _broken_type(name, field.type, found[field.name].type)
    kept = [field.name for field in old if field.name in found]
    if [field.name for field in new][: len(kept)] != kept:
        yield f"{path or 'columns'}: stand in another order"


def _broken_type(path: str, old: pa.DataType, new: pa.DataType) -> Iterator[str]:
    if pa.types.is_struct(old) and pa.types.is_struct(new):
        yield from _broken_fields(path + ".", list(old), list(new))
    elif pa.types.is_list(old) and pa.types.is_list(new):
        yield from _broken_type(path + "[]", old.value_type, new.value_type)
    elif old != new:
        yield f"{path}: {old} became {new}"
