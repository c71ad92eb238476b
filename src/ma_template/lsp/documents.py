"""One state of one document: its text with all that is known of it, worked out when it is first asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from pygls.workspace import PositionCodec

from ma_template.candidates import maybe
from ma_template.lsp.positions import Positions
from ma_template.report import Language, Problem
from ma_template.settings import Configurations, Settings

if TYPE_CHECKING:
    from ma_template.blocks import Block
    from ma_template.config import LintConfig
    from ma_template.models import Diagnostic, Report

_LINE_END = re.compile(r"\r\n|\r|\n")


class Wishes(NamedTuple):
    """What the editor's settings and the command line ask for.

    Attributes:
        lang: the language of everything that is said.
        config: a configuration file for all documents; None: the nearest above each.
        isolated: read no configuration file.
        pages: where the pages of the rules are, for links to them; None: nowhere.
    """

    lang: Language
    config: str | None = None
    isolated: bool = False
    pages: str | None = None


class Document:
    """A text as it was at one moment. Nothing in it changes, so that it can be looked at in a thread.

    Attributes:
        uri: of the document.
        version: the editor's number for this state; None where it gives none.
        path: of the file, or of a folder where it has none yet.
        text: what stands in it.
        wishes: as they were at that moment.
    """

    def __init__(
        self, uri: str, version: int | None, path: str, text: str, wishes: Wishes, codec: PositionCodec
    ) -> None:
        self.uri = uri
        self.version = version
        self.path = path
        self.text = text
        self.wishes = wishes
        self.positions = Positions(text, codec)

    @cached_property
    def _settings(self) -> tuple[Settings | None, Sequence[Problem]]:
        # Read anew for every state of a document: that takes a millisecond, and no edit of the settings is missed.
        configurations = Configurations({}, self.wishes.config, isolated=self.wishes.isolated)
        return configurations.of(self.path), configurations.problems

    @property
    def problems(self) -> Sequence[Problem]:
        """What is wrong with the configuration; then nothing is checked."""
        return self._settings[1]

    @cached_property
    def config(self) -> LintConfig | None:
        """The settings it is checked with, None where they are wrong."""
        settings = self._settings[0]
        if settings is None:
            return None
        return settings.of_file(self.path).model_copy(update={"offsets": "code-point"})

    @cached_property
    def report(self) -> Report | None:
        """What `check` says of it today; None where it cannot hold a request, or the configuration is wrong."""
        config = self.config
        if config is None or not (config.require or maybe(self.text, config.additions)):
            return None
        from ma_template.checking import check

        return check(self.text, config=config)

    @property
    def diagnostics(self) -> Sequence[Diagnostic]:
        """The findings, in order."""
        return self.report.diagnostics if self.report else ()

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks as they were recognised, with their lines."""
        if self.report is None or self.config is None:
            return ()
        from ma_template.recognise import parse

        return parse(self.text[: self.config.max_characters], self.config.additions).blocks

    @property
    def first_line(self) -> str:
        """The first line, without its end."""
        return _LINE_END.split(self.text, maxsplit=1)[0]

    def line_before(self, offset: int) -> str:
        """Return the line up to an offset."""
        return _LINE_END.split(self.text[:offset])[-1]
