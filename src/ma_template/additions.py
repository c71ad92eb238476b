"""A company's own wording, beside the published one: words, and variants of the form.

An immutable value that is handed to a check with its configuration. What is compiled from it is kept for the few that
a process meets; nothing global changes, and whoever adds nothing pays nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from ma_template.wording import Label, Prompt, SectionName, Template, key

_KEPT = 16
_TELLING = 6  # letters of a wording by which a text that may hold it is found


class Variant(NamedTuple):
    """A company's wording of a published form. `prompts` and `labels`: section and wording."""

    template: str
    language: str
    banner: str | None = None
    prompts: tuple[tuple[SectionName, str], ...] = ()
    labels: tuple[tuple[SectionName, str], ...] = ()


class Additions(NamedTuple):
    """All that a company adds. `milestones`: category and word."""

    placeholders: tuple[str, ...] = ()
    milestones: tuple[tuple[str, str], ...] = ()
    variants: tuple[Variant, ...] = ()


class OwnForms(NamedTuple):
    """The variants, compiled: banners and labels by their compared form, prompts the longest first."""

    banners: dict[str, Template]
    prompts: tuple[Prompt, ...]
    labels: dict[str, Label]
    telling: re.Pattern[str]

    def may_stand_in(self, text: str) -> bool:
        """Return whether a text may hold one of them. False is certain."""
        return not text.isascii() or self.telling.search(text) is not None

    def begins_prompt(self, letters: str) -> bool:
        """Return whether these letters are the beginning of a prompt, and not all of it."""
        return len(letters) > _TELLING and any(
            len(letters) < len(prompt.key) and prompt.key.startswith(letters) for prompt in self.prompts
        )


@lru_cache(_KEPT)
def own_forms(additions: Additions | None) -> OwnForms | None:
    """Return the variants, compiled; None if there are none."""
    if additions is None or not additions.variants:
        return None
    banners: dict[str, Template] = {}
    prompts: list[Prompt] = []
    labels: dict[str, Label] = {}
    for variant in additions.variants:
        if variant.banner is not None:
            compared = key(variant.banner)
            stars = f"{'*' * 19} {variant.banner} {'*' * 19}"
            banners[compared] = Template(
                variant.template, variant.language, variant.banner, compared, stars, stars, dict(variant.prompts)
            )
        for section, text in variant.prompts:
            prompts.append(Prompt(section, variant.language, variant.template, text, key(text)))
        for section, text in variant.labels:
            labels[key(text)] = Label(section, variant.language, whole=True)
    tellings = {compared[:_TELLING] for compared in (*banners, *(prompt.key for prompt in prompts))}
    patterns = (r"[\W_]{0,20}".join(map(re.escape, telling)) for telling in sorted(tellings))
    return OwnForms(
        banners,
        tuple(sorted(prompts, key=lambda prompt: -len(prompt.key))),
        labels,
        re.compile("|".join(patterns) or r"(?!)", re.IGNORECASE),
    )
