"""The main job: an update in, a report out. No input or output, no state that a call changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from ma_template.config import Config, as_date
from ma_template.describing import Describer
from ma_template.diagnostics import Finding, Severity
from ma_template.mends import settled
from ma_template.models import Report
from ma_template.reading import Reading, read_block
from ma_template.recognise import parse
from ma_template.rules import RULES, without_pointless
from ma_template.rules.advice import LIMIT_REACHED
from ma_template.rules.base import Update, look
from ma_template.source import Source

Resolver = Callable[[str], bool]
"""Says whether a mail domain takes mail (MA408). It may raise OSError: then nothing is known."""

_DEFAULT = Config()


def check(
    text: str,
    *,
    as_of: date | str | None = None,
    config: Config | None = None,
    sr: None = None,
    resolver: Resolver | None = None,
    **overrides: Any,
) -> Report:
    """Find, read and judge the requests for management attention in an update.

    Args:
        text: the update, as somebody pasted it. Any text will do.
        as_of: the day it is judged at: a date, a time stamp (cut to its date) or their ISO 8601 spelling. Today in
            `config.timezone` by default.
        config: the settings; the defaults of `Config` by default.
        sr: the service request's own fields (MA504 to MA508): comes with a later version.
        resolver: says whether a mail domain takes mail; needed for MA408 only.
        **overrides: fields of `Config` that differ in this call, e.g. `region="JP"`.

    Raises:
        ValueError: a setting or `as_of` makes no sense (pydantic.ValidationError is one).
        TypeError: `text` is no text.
    """
    if not isinstance(text, str):
        raise TypeError(f"check() takes a text, not {type(text).__name__}: decode bytes first")
    config = config or _DEFAULT
    if overrides:
        config = type(config).model_validate({**config.model_dump(exclude_unset=True), **overrides})
    day = as_date(as_of, config)
    read, cut = text, len(text) > config.max_characters
    if cut:
        read = text[: config.max_characters]
    nodes = parse(read, config.additions).blocks
    readings = [read_block(index, block, read, day, config) for index, block in enumerate(nodes[: config.max_blocks])]
    filled = any(reading.live and not reading.unfilled for reading in readings)
    for reading in readings:
        reading.copy = reading.unfilled and reading.live and filled
    source = Source(text)
    findings: list[Finding] = []
    if readings or config.require or cut:
        update = Update(source, readings, config, day, resolver, cut, nodes)
        findings = without_pointless(list(look(update)))
        findings.sort(key=lambda finding: (finding.span.start, finding.code, finding.span.end))
    return _report(source, readings, findings, config, day)


def _report(source: Source, readings: list[Reading], findings: list[Finding], config: Config, day: date) -> Report:
    describer = Describer(source, utf16=config.offsets == "utf-16")
    # What other settings make an error or hide does not matter here: the status means the same everywhere.
    faulty = {finding.block for finding in findings if RULES[finding.code].severity is Severity.ERROR}
    copies = {reading.index for reading in readings if reading.copy}  # the document's status does not suffer (ruling 4)
    blocks = [
        describer.block(reading, complete=reading.quoted or not (reading.unfilled or reading.index in faulty))
        for reading in readings
    ]
    live = any(reading.live for reading in readings)
    shown = [finding for finding in findings if _listed_as(finding, config)]
    shown = settled(source.text, readings, shown, config)
    if len(shown) > config.max_diagnostics:
        first_out = shown[config.max_diagnostics]
        shown = shown[: config.max_diagnostics]
        shown.append(LIMIT_REACHED.at(first_out.span, limit="findings", count=config.max_diagnostics))
    return Report.__pydantic_validator__.validate_python(  # type: ignore[no-any-return]
        {
            "source": None,
            "encoding": None,
            "as_of": day,
            "status": "absent" if not live else "incomplete" if faulty - copies - {None} else "complete",
            "blocks": blocks,
            "diagnostics": [_diagnostic(describer, finding, config) for finding in shown],
        }
    )


def _listed_as(finding: Finding, config: Config) -> str | None:
    return config.listed_as(finding.code, RULES[finding.code].severity.value)


def _diagnostic(describer: Describer, finding: Finding, config: Config) -> dict[str, Any]:
    rule = RULES[finding.code]
    arguments = dict(finding.arguments)
    return {
        "code": finding.code,
        "rule": rule.name,
        "severity": _listed_as(finding, config) or rule.severity.value,
        "message": rule.render("en", **arguments),
        "field": finding.field,
        "block": finding.block,
        "span": describer.span(finding.span),
        "fixable": finding.fixable,
        "arguments": {
            name: value if isinstance(value, str | int) else list(value) for name, value in arguments.items()
        },
    }
