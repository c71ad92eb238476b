"""One page for a support manager: how complete the requests were, and what was missing (extra `overview`).

    tally = Tally()
    for batch in results:          # of ma_template.arrow.check_batch, or read from the output of `ma-lint scan`
        tally.add(batch)
    Path("report.html").write_text(page(tally, "en"), encoding="utf-8")

A page holds nobody's words, names, numbers or addresses: counts, codes, dates, categories and SR numbers only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ma_template.overview.tally import Tally

if TYPE_CHECKING:
    from ma_template.overview.html import page

__all__ = ["Tally", "page"]


def __getattr__(name: str) -> Any:
    # Who only counts needs neither Jinja nor matplotlib.
    if name == "page":
        from ma_template.overview.html import page

        return page
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
