"""How an update is read and judged, as the engine asks for it: `Config` answers, and `Plain` without pydantic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol

from ma_template.drafts import Draft, Fault, Judged, faults

if TYPE_CHECKING:
    from ma_template.additions import Additions


class Choices(Protocol):
    """What the engine asks; `Config` explains each."""

    region: str | None
    date_order: Literal["ymd", "mdy", "dmy"] | None
    fiscal_year_start: int | None
    require: bool
    check_mail_domain: bool
    offsets: Literal["code-point", "utf-16"]
    frequent_requests: int
    frequent_days: int
    max_characters: int
    max_blocks: int
    max_line_length: int
    max_answer_length: int
    max_diagnostics: int

    @property
    def additions(self) -> Additions | None:
        """The company's own wording, as readers and recogniser take it; None if there is none."""

    def listed_as(self, code: str, default: str) -> str | None:
        """Return the severity with which findings of a code are listed, None where they are not."""

    def judge(self, draft: Draft, judged: Judged) -> tuple[Fault, ...]:
        """Return what is missing or invalid in a draft, in the order of the fields of `Request`."""


class Plain:
    """The defaults, and the choices that options of the command line settle without the models."""

    fiscal_year_start: int | None = None
    frequent_requests = 3
    frequent_days = 14
    max_characters = 200_000_000
    max_blocks = 1_000
    max_line_length = 100_000
    max_answer_length = 200_000
    max_diagnostics = 10_000
    additions: Additions | None = None

    def __init__(
        self,
        *,
        region: str | None = None,
        date_order: Literal["ymd", "mdy", "dmy"] | None = None,
        require: bool = False,
        check_mail_domain: bool = False,
        offsets: Literal["code-point", "utf-16"] = "code-point",
    ) -> None:
        self.region = region and region.upper()
        self.date_order = date_order
        self.require = require
        self.check_mail_domain = check_mail_domain
        self.offsets: Literal["code-point", "utf-16"] = offsets

    def listed_as(self, code: str, default: str) -> str | None:
        """Return the rule's own severity: nothing is left out."""
        return default

    def judge(self, draft: Draft, judged: Judged) -> tuple[Fault, ...]:
        """Return what is missing or invalid in a draft, without the models."""
        return faults(draft, judged)
