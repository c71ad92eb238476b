"""What the columns of a batch say of each row: text, time, region, id. Whole columns at a time; a bad row is marked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from ma_template.candidates import maybe
from ma_template.config import Config, as_date, as_moment
from ma_template.encodings import UndecodableError, decode
from ma_template.matching import ENOUGH, hopeful_pattern, hopes_of, low_of
from ma_template.service_request import ServiceRequest

UTF_8 = "utf-8"
_MOMENT = pa.timestamp("us", "UTC")

Faults = dict[int, str]
"""Why rows cannot be checked: row number (from 0) -> one of `ERRORS`."""


def column(batch: pa.RecordBatch, name: str) -> pa.Array:
    """Return the column of a name.

    Raises:
        ValueError: there is none, or several; the message says which there are.
    """
    places = batch.schema.get_all_field_indices(name)
    if len(places) == 1:
        return batch.column(places[0])
    if places:
        raise ValueError(f"{len(places)} columns are called {name!r}")
    raise ValueError(missing_column(name, batch.schema.names))


def missing_column(name: str, names: Sequence[str]) -> str:
    """Return the sentence that tells of a missing column, and of the one that may be meant."""
    return f"no column {name!r}" + _hint(name, names)


def _hint(name: str, names: Sequence[str]) -> str:
    from difflib import get_close_matches

    by_lower = {known.lower()[:40]: known for known in names}
    meant = get_close_matches(name.lower()[:40], list(by_lower), 1)
    if meant:
        return f"; did you mean {by_lower[meant[0]]!r}?"
    return f"; there are: {', '.join(map(repr, names[:20]))}" if names else ""


# ---------------------------------------------------------------------------------------------------------------------
# Text


def texts_of(values: pa.Array, encoding: str, largest: int, faults: Faults) -> pa.Array:
    """Return the texts of a column as a string array, null where there is none, which `faults` is told.

    Every kind of string and binary column is taken; `encoding` is that of binary ones (`auto`: told for each row).
    `largest` is the most bytes that a text may have.
    """
    values = _plain(values)
    kind = values.type
    _mark(faults, pc.is_null(values), "null")
    if not (_is_string(kind) or _is_binary(kind)):
        _mark(faults, pc.is_valid(values), "not-text")
        return pa.nulls(len(values), pa.string())
    large = pc.greater(pc.binary_length(values), largest)
    if pc.any(large).as_py():
        _mark(faults, large, "too-large")
        values = pc.if_else(large, None, values)
    if _is_binary(kind) and encoding != UTF_8:
        return _each(values, faults, lambda given: _well_formed(decode(given, encoding).text))
    # Strings are looked at too: not every writer of Arrow data sees to it that they are UTF-8.
    raw = values.cast(pa.large_binary() if kind == pa.large_string() else pa.binary()) if _is_string(kind) else values
    try:
        return raw.cast(pa.large_string() if raw.type == pa.large_binary() else pa.string())
    except pa.ArrowInvalid:
        return _each(raw, faults, lambda given: given.decode(UTF_8))


def _plain(values: pa.Array) -> pa.Array:
    """Return a column without dictionary, runs, views or wrapping: things that few kernels take."""
    if isinstance(values, pa.ExtensionArray):
        values = values.storage
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if pa.types.is_run_end_encoded(values.type):
        values = pc.run_end_decode(values)
    kind = values.type
    if pa.types.is_string_view(kind):
        return values.cast(pa.large_string())
    if pa.types.is_binary_view(kind) or pa.types.is_fixed_size_binary(kind):
        return values.cast(pa.large_binary())
    return values


def _is_string(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _is_binary(kind: pa.DataType) -> bool:
    return bool(pa.types.is_binary(kind) or pa.types.is_large_binary(kind))


def _mark(faults: Faults, rows: pa.Array, why: str) -> None:
    for row in pc.indices_nonzero(rows).to_pylist():
        faults.setdefault(row, why)


def _each(values: pa.Array, faults: Faults, read: Callable[[bytes], str]) -> pa.Array:
    texts: list[str | None] = []
    for row, given in enumerate(values.to_pylist()):
        try:
            texts.append(None if given is None else read(given))
        except (UnicodeDecodeError, UndecodableError):
            texts.append(None)
            faults.setdefault(row, "undecodable")
    return pa.array(texts, pa.large_string())


def _well_formed(text: str) -> str:
    """Return the text with U+FFFD for lone surrogates, which some encodings can spell and Arrow cannot hold."""
    return text if text.isascii() else text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def rows_to_look_at(texts: pa.Array, config: Config) -> list[int]:
    """Return the rows whose text `check` may have something to say of. Those left out hold no block, for certain."""
    if config.require:
        return pc.indices_nonzero(pc.is_valid(texts)).to_pylist()  # type: ignore[no-any-return]
    rows = _with_hope(texts)
    if config.templates:
        rows |= {row for row, text in enumerate(texts.to_pylist()) if text and maybe(text, config.additions)}
    long = pc.greater(pc.binary_length(texts), config.max_characters)
    rows.update(pc.indices_nonzero(long).to_pylist())
    return sorted(rows)


def _with_hope(texts: pa.Array) -> set[int]:
    """Return the rows whose text may open a block: what `may_open` says, without a look at each text.

    The lines of all texts are searched at once; only those with a cue or the like are looked at by themselves.
    """
    lines = pc.split_pattern(texts, "\n")
    parents, flat = pc.list_parent_indices(lines), pc.list_flatten(lines)
    worth = pc.match_substring_regex(flat, hopeful_pattern(), ignore_case=True)
    cued = flat.filter(worth).dictionary_encode()  # tickets repeat many a line
    hope_by_line = _hopes(cued.dictionary.to_pylist())
    hopes: dict[int, int] = {}
    for row, line in zip(parents.filter(worth).to_pylist(), cued.indices.to_pylist(), strict=True):
        hopes[row] = hopes.get(row, 0) + hope_by_line[line]
    return {row for row, hope in hopes.items() if hope >= ENOUGH and maybe(texts[row].as_py())}


def _hopes(lines: list[str]) -> list[int]:
    """Return the hopes of lines that end at LF; lone carriage returns may cut one into several."""
    hopes = hopes_of(low_of(line.replace("\r", "")) for line in lines)
    for number, line in enumerate(lines):
        if "\r" in line.removesuffix("\r"):
            hopes[number] = sum(hopes_of(map(low_of, line.split("\r"))))
    return hopes


# ---------------------------------------------------------------------------------------------------------------------
# Time


class Times(NamedTuple):
    """The day at which each row is judged (date32), and the moment (UTC) where a time stamp says it."""

    days: pa.Array
    moments: pa.Array


def times_of(values: pa.Array, default: date, config: Config, faults: Faults) -> Times:
    """Return days and moments of a column of dates, time stamps or their ISO 8601 spelling.

    Null counts as `default`; what is no time is told to `faults`. Naive time stamps count in `config.timezone`.
    """
    values = _plain(values)
    try:
        times = _times(values, config.timezone)
    except (pa.ArrowInvalid, ValueError, OverflowError):  # some row is out of all calendars
        times = None
    if times is not None:
        return times._replace(days=pc.fill_null(times.days, default))
    read = [_time(value, default, config, row, faults) for row, value in enumerate(_python(values))]
    return Times(pa.array([day for day, _ in read], pa.date32()), pa.array([moment for _, moment in read], _MOMENT))


def _times(values: pa.Array, zone: str) -> Times | None:
    """Return the times of a column that consists of times, None if it has to be read row by row."""
    kind = values.type
    if pa.types.is_null(kind) or pa.types.is_date(kind):
        days, moments = values.cast(pa.date32()), pa.nulls(len(values), _MOMENT)
    elif pa.types.is_timestamp(kind) and kind.tz:
        days, moments = pc.local_timestamp(values).cast(pa.date32(), safe=False), values.cast(_MOMENT, safe=False)
    elif pa.types.is_timestamp(kind):
        days = values.cast(pa.date32(), safe=False)
        placed = pc.assume_timezone(values, zone, ambiguous="earliest", nonexistent="earliest")
        moments = placed.cast(_MOMENT, safe=False)
    else:
        return None
    known = pc.fill_null(pc.and_(pc.greater_equal(days, date.min), pc.less_equal(days, date.max)), True)
    return Times(days, moments) if pc.all(known).as_py() is not False else None


def _python(values: pa.Array) -> list[Any]:
    """Return the values as Python objects; an Exception stands for one that has none."""
    try:
        return values.to_pylist()  # type: ignore[no-any-return]
    except (ValueError, OverflowError, UnicodeDecodeError):
        return [_one(value) for value in values]


def _one(value: pa.Scalar[Any]) -> Any:
    try:
        return value.as_py()
    except (ValueError, OverflowError, UnicodeDecodeError) as error:
        return error


def _time(given: Any, default: date, config: Config, row: int, faults: Faults) -> tuple[date | None, datetime | None]:
    if given is None or given == "" or given == b"":
        return default, None
    try:
        return moment_of(given, config)
    except (ValueError, OverflowError):
        faults.setdefault(row, "as-of-invalid")
        return None, None


def moment_of(given: Any, config: Config) -> tuple[date, datetime | None]:
    """Return the day of an `as_of`, and the moment in UTC where it is a time stamp.

    Raises:
        ValueError: it is neither a date or time stamp nor the ISO 8601 spelling of one.
    """
    if isinstance(given, bytes):
        given = given.decode(UTF_8)
    if isinstance(given, str):
        given = given.strip()
    elif not isinstance(given, date):
        raise ValueError(f"as_of is no date: a {type(given).__name__}")
    return as_date(given, config), as_moment(given, config)


# ---------------------------------------------------------------------------------------------------------------------
# Region and id


def regions_of(values: pa.Array, config: Config, faults: Faults) -> list[Config]:
    """Return the settings for each row of a column of regions. Null and empty mean those of `config`."""
    known: dict[str, Config | None] = {"": config}
    settings = []
    for row, given in enumerate(_python(_plain(values))):
        if isinstance(given, bytes):
            given = given.decode(UTF_8, "replace")
        region = given.strip() if isinstance(given, str) else "" if given is None else "no text"
        if region not in known:
            known[region] = _with_region(config, region)
        found = known[region]
        if found is None:
            faults.setdefault(row, "region-invalid")
        settings.append(found or config)
    return settings


def _with_region(config: Config, region: str) -> Config | None:
    try:
        return type(config).model_validate({**config.model_dump(exclude_unset=True), "region": region})
    except ValueError:
        return None


def ids_of(values: pa.Array, name: str) -> pa.Array:
    """Return a column of ids as text.

    Raises:
        ValueError: it is neither text nor numbers nor anything else that is written as a text.
    """
    values = _plain(values)
    if _is_string(values.type) or _is_binary(values.type):
        raw = values.cast(pa.large_binary())
        try:
            return raw.cast(pa.large_string()).cast(pa.string())
        except pa.ArrowInvalid:
            texts = [given and given.decode(UTF_8, "replace") for given in raw.to_pylist()]
            return pa.array(texts, pa.string())
    try:
        return values.cast(pa.string())
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
        raise ValueError(f"column {name!r} is {values.type}: an id is a text or a number") from None


# ---------------------------------------------------------------------------------------------------------------------
# The service request


def requests_of(fields: Mapping[str, pa.Array]) -> Callable[[int], ServiceRequest | None]:
    """Return what gives the service request of a row; `fields` are the columns of its fields."""
    columns = {field: _plain(values) for field, values in fields.items()}

    def of_row(row: int) -> ServiceRequest | None:
        if not columns:
            return None
        return ServiceRequest.from_export({field: _field(values[row]) for field, values in columns.items()})

    return of_row


def _field(value: pa.Scalar[Any]) -> Any:
    given = _one(value)
    if isinstance(given, Exception):
        return None
    return given.decode(UTF_8, "replace") if isinstance(given, bytes) else given
