"""One page for a support manager: how complete the requests were, and what was missing (extra `overview`).

    tally = Tally()
    for batch in results:          # of ma_template.arrow.check_batch, or read from the output of `ma-lint scan`
        tally.add(batch)
    Path("report.html").write_text(page(tally, "en"), encoding="utf-8")

A page holds nobody's words, names, numbers or addresses: counts, codes, dates, categories and SR numbers only.
"""

from ma_template.overview.page import page
from ma_template.overview.tally import Tally

__all__ = ["Tally", "page"]
