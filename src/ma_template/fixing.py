"""Mends the form of an update: banners and prompts back to the published ones, and never an answer."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from ma_template.checking import check
from ma_template.config import Config
from ma_template.diagnostics import Finding
from ma_template.mends import MENDED, Edit, Left, Mend, apply, plan
from ma_template.models import Diagnostic
from ma_template.reading import read_block
from ma_template.recognise import find_blocks
from ma_template.source import Span

_DAY = "2000-01-01"  # what is mended does not depend on the day


class FixResult(NamedTuple):
    """What `fix` did. Places are those of the text as it was; no answer's words are told.

    Attributes:
        text: the mended text.
        applied: what was put right, in order.
        left: what was left as it is, and why.
        edits: the changes themselves, in order: for editors.
    """

    text: str
    applied: tuple[Mend, ...]
    left: tuple[Left, ...]
    edits: tuple[Edit, ...]

    @property
    def changed(self) -> bool:
        """Return whether anything was put right."""
        return bool(self.edits)


def fix(
    text: str,
    *,
    config: Config | None = None,
    modernise: bool = False,
    only: Collection[Diagnostic] | None = None,
) -> FixResult:
    """Put the form of an update right: what the findings marked `fixable` name, and nothing else.

    Every character of every answer is there before and after, in order; a second call changes nothing more. Quoted
    blocks are not touched. Other text that shared a line with a banner moves to a line of its own, outside the block.

    Args:
        text: the update.
        config: the settings; findings that they ignore are not mended.
        modernise: also replace the older form by the current one (MA111), and labels of sections by full prompts.
        only: mend these findings alone, as `check` reports them for this text (offsets in code points); None: all.

    Raises:
        TypeError: `text` is no text.
    """
    config = (config or Config()).model_copy(update={"offsets": "code-point"})
    report = check(text, as_of=_DAY, config=config)
    wanted = None if only is None else {(one.code, one.span.start, one.span.end) for one in only}
    found = [
        _finding(one)
        for one in report.diagnostics
        if one.code in MENDED and (wanted is None or (one.code, one.span.start, one.span.end) in wanted)
    ]
    if not report.blocks or not (found or modernise):
        return FixResult(text, (), (), ())
    blocks = find_blocks(text[: config.max_characters], config.additions)[: config.max_blocks]
    readings = [read_block(index, block, text, report.as_of, config) for index, block in enumerate(blocks)]
    planned = plan(text, readings, found, config, modernise=modernise)
    applied = sorted((mend for edit in planned.edits for mend in edit.mends), key=lambda mend: (mend.span, mend.code))
    return FixResult(apply(text, planned.edits), tuple(applied), planned.left, planned.edits)


def _finding(one: Diagnostic) -> Finding:
    return Finding(one.code, Span(one.span.start, one.span.end), one.block, one.field, (), one.fixable)
