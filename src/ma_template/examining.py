"""The main job: an update is looked at, in order, and described as plain data. No input or output, no state."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from ma_template.choices import Choices
from ma_template.describing import Describer, Description
from ma_template.diagnostics import Finding, Severity
from ma_template.mends import settled
from ma_template.reading import Reading, read_block
from ma_template.recognise import find_blocks
from ma_template.rules import RULES, without_pointless
from ma_template.rules.advice import LIMIT_REACHED
from ma_template.rules.base import Earlier, Update, look
from ma_template.source import Source

if TYPE_CHECKING:  # it is a pydantic model, which a check without settings does not wait for
    from ma_template.service_request import ServiceRequest

Resolver = Callable[[str], bool]
"""Says whether a mail domain takes mail (MA408). It may raise OSError: then nothing is known."""


def examine(
    text: str, day: date, choices: Choices, resolver: Resolver | None = None, sr: ServiceRequest | None = None
) -> Description:
    """Find, read and judge the requests in an update: what its `Report` is made of.

    Args:
        text: the update.
        day: the day it is judged at.
        choices: the settings.
        resolver: says whether a mail domain takes mail; needed for MA408 only.
        sr: the service request's own fields, where they are at hand.
    """
    read, cut = text, len(text) > choices.max_characters
    if cut:
        read = text[: choices.max_characters]
    nodes = find_blocks(read, choices.additions)
    readings = [read_block(index, block, read, day, choices) for index, block in enumerate(nodes[: choices.max_blocks])]
    filled = any(reading.live and not reading.unfilled for reading in readings)
    for reading in readings:
        reading.copy = reading.unfilled and reading.live and filled
    source = Source(text)
    findings: list[Finding] = []
    if readings or choices.require or cut:
        earlier = _earlier(sr, choices, day) if sr and filled else []
        live = [reading for reading in readings if reading.live]
        update = Update(source, readings, live, choices, day, resolver, cut, nodes, sr, earlier)
        findings = without_pointless(list(look(update)))
        findings.sort(key=lambda finding: (finding.span.start, finding.code, finding.span.end))
    return _described(source, readings, findings, choices, day)


def _earlier(sr: ServiceRequest, choices: Choices, day: date) -> list[Earlier]:
    """Read the SR's earlier requests, the latest first, as they were meant on their day. None is later than `day`."""
    known = [one for one in sr.earlier_requests or () if one.day is None or one.day <= day]
    found: list[Earlier] = []
    left = choices.max_blocks
    for one in sorted(known, key=lambda one: one.day or date.min, reverse=True):
        text = one.text[: choices.max_characters]
        nodes = find_blocks(text, choices.additions)[:left]
        left -= len(nodes)
        readings = [read_block(index, node, text, one.day or day, choices) for index, node in enumerate(nodes)]
        readings = [reading for reading in readings if reading.live and not reading.unfilled]
        if readings:
            found.append(Earlier(one.day, readings))
    return found


def _described(
    source: Source, readings: list[Reading], findings: list[Finding], choices: Choices, day: date
) -> Description:
    describer = Describer(source, utf16=choices.offsets == "utf-16")
    # What other settings make an error or hide does not matter here: the status means the same everywhere.
    faulty = {finding.block for finding in findings if RULES[finding.code].severity is Severity.ERROR}
    copies = {reading.index for reading in readings if reading.copy}  # the document's status does not suffer (ruling 4)
    blocks = [
        describer.block(reading, complete=reading.quoted or not (reading.unfilled or reading.index in faulty))
        for reading in readings
    ]
    live = any(reading.live for reading in readings)
    shown = [finding for finding in findings if _listed_as(finding, choices)]
    shown = settled(source.text, readings, shown, choices)
    if len(shown) > choices.max_diagnostics:
        first_out = shown[choices.max_diagnostics]
        shown = shown[: choices.max_diagnostics]
        shown.append(LIMIT_REACHED.at(first_out.span, limit="findings", count=choices.max_diagnostics))
    return {
        "schema_version": 1,
        "source": None,
        "encoding": None,
        "as_of": day,
        "status": "absent" if not live else "incomplete" if faulty - copies - {None} else "complete",
        "blocks": blocks,
        "diagnostics": [_diagnostic(describer, finding, choices) for finding in shown],
    }


def _listed_as(finding: Finding, choices: Choices) -> str | None:
    return choices.listed_as(finding.code, RULES[finding.code].severity.value)


def _diagnostic(describer: Describer, finding: Finding, choices: Choices) -> dict[str, Any]:
    rule = RULES[finding.code]
    arguments = dict(finding.arguments)
    return {
        "code": finding.code,
        "rule": rule.name,
        "severity": _listed_as(finding, choices) or rule.severity.value,
        "message": rule.render("en", **arguments),
        "field": finding.field,
        "block": finding.block,
        "span": describer.span(finding.span),
        "fixable": finding.fixable,
        "arguments": {
            name: value if isinstance(value, str | int) else list(value) for name, value in arguments.items()
        },
    }
