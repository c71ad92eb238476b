"""The comment that a webhook is answered with: ready to post, in the language of the request.

Its words are Jinja templates, run in a sandbox, that a team can replace. What they are given is listed in
docs/portal/webhooks.md. The block that is shown stands behind quote marks: when the ticket system sends the posted
comment back to the hook, it is a quotation, and nobody is asked twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader, StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from ma_template import check
from ma_template.diagnostics import FIELDS
from ma_template.models import Block, Diagnostic, Report
from ma_template.portal.words import Language, words
from ma_template.rules import RULES
from ma_template.wording import templates

Decision = Literal["accept", "reject", "none"]

_ITEMS = {
    "reason": ("reason.impact",),
    "milestone": ("milestone.type", "milestone.dates"),
    "requester": ("requester.name", "requester.phone", "requester.email"),
}


class Comments:
    """Writes comments with the service's own templates, or those of a folder."""

    def __init__(self, folder: Path | None = None) -> None:
        """Load the templates.

        Raises:
            ValueError: a template cannot be used; says which and why.
        """
        own = PackageLoader("ma_template.portal", "templates")
        loaders = [FileSystemLoader(folder)] if folder else []
        self._environment = ImmutableSandboxedEnvironment(
            loader=ChoiceLoader([*loaders, own, PrefixLoader({"ma_template": own})]),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        if folder and not folder.is_dir():
            raise ValueError(f"{folder} is no folder")
        samples: tuple[tuple[str, Decision], ...] = (("", "reject"), (_FAULTY, "reject"), (_COMPLETE, "accept"))
        for lang in ("en", "ja"):
            for text, decision in samples:
                try:
                    self.write(check(text, require=True), decision, lang, "3-0123456789")
                except TemplateError as error:
                    raise ValueError(f"comment.{lang}.txt.j2: {error}") from None

    def write(self, report: Report, decision: Decision, lang: Language, sr: str | None) -> str | None:
        """Return the comment, None where there is nothing to say.

        Raises:
            jinja2.TemplateError: the template fails on this report.
        """
        if decision == "none":
            return None
        live = [block for block in report.blocks if not block.quoted]
        block = next((one for one in live if one.status == "incomplete"), live[0] if live else None)
        said = [
            _said(found, message, lang)
            for found, message in zip(report.diagnostics, report.messages(lang), strict=True)
        ]
        comment = self._environment.get_template(f"comment.{lang}.txt.j2").render(
            decision=decision,
            sr=sr,
            errors=[one for one in said if one["severity"] == "error"],
            warnings=[one for one in said if one["severity"] == "warning"],
            block="\n".join(f"> {line}".rstrip() for line in marked(block, lang)) if block else "",
            report=report.model_dump(mode="json"),
        )
        return comment.strip() + "\n"


def _said(found: Diagnostic, message: str, lang: Language) -> dict[str, Any]:
    return {
        "code": found.code,
        "severity": found.severity,
        "field": found.field,
        "line": found.span.line,
        "message": message[:1].upper() + message[1:],
        "expected": RULES[found.code].expected.of(lang),
    }


def marked(block: Block, lang: Language) -> Iterator[str]:
    """Yield the lines of a block as published, with its answers, and a mark at every gap, in `lang`."""
    said = words("comments")[lang]
    form = next(
        (one for one in templates() if (one.name, one.language) == (block.template, block.language)), templates()[0]
    )
    answers = {"reason": block.reason, "milestone": block.milestone, "requester": block.requester}
    yield form.opening
    for section, prompt in form.prompts.items():
        answer = answers[section]
        yield ""
        yield prompt
        yield ""
        if answer is None or section in block.missing:
            yield said["gap"].format(item=FIELDS[section].of(lang))
            continue
        yield from answer.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        for path in _ITEMS[section]:
            if path in block.missing:
                yield said["gap"].format(item=FIELDS[path].of(lang))
            elif path in block.invalid:
                yield said["wrong"].format(item=FIELDS[path].of(lang))
    yield ""
    yield form.closing


_COMPLETE = """*** Request Management Attention ***
Reason for requested management attention, including business impact of the problem that requires attention
Storage is read-only and 120 users cannot work.
Business or implementation milestone, critical date(s) (milestone date or resolve by date), along with the type of
business or implementation milestone
Go-live on 2099-11-30
Name of the person requesting management attention, contact information: phone number, pager, email address
Taro Yamada, +81 3-5555-0123, taro.yamada@example.com
*** Request Management Attention ***
"""
_FAULTY = _COMPLETE.replace("2099-11-30", "2026-11-31").replace("+81 3-5555-0123, ", "")
