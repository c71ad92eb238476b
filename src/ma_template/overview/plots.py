"""The plots of the page, as SVG: their text is text, in the reader's own fonts and in the colours of the page."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Sequence
from datetime import date
from functools import wraps
from typing import Any, ParamSpec

import matplotlib as mpl
import matplotlib.dates
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

# What a plot is drawn in, and the page's variable that takes its place: so that it follows light and dark.
_PAINTS = {"#010101": "--text", "#020202": "--muted", "#030303": "--border", "#040404": "--accent", "#050505": "--bad"}
_TEXT, _MUTED, _BORDER, _ACCENT, _BAD = _PAINTS
_STYLE: Any = {
    "svg.fonttype": "none",  # text stays text
    "font.size": 10,
    "text.color": _TEXT,
    "axes.labelcolor": _MUTED,
    "axes.edgecolor": _BORDER,
    "xtick.color": _MUTED,
    "ytick.color": _MUTED,
    "grid.color": _BORDER,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
}
_WIDTH = 7.6  # inches; the page scales it


P = ParamSpec("P")
_dates: Any = mpl.dates  # it has no types


def _styled(draw: Callable[P, Figure]) -> Callable[P, str]:
    """Draw in our style, whatever the caller's is, and return the figure as SVG."""

    @wraps(draw)
    def drawn(*given: P.args, **named: P.kwargs) -> str:
        with mpl.rc_context({**_STYLE, "svg.hashsalt": draw.__name__}), warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Glyph .* missing from", UserWarning)  # the browser has the glyphs
            return _svg(draw(*given, **named))

    return drawn


@_styled
def weeks(mondays: Sequence[date], requests: Sequence[int], rates: Sequence[float], label: str, right: str) -> Figure:
    """Return requests a week as bars, and the share of complete ones (0 to 1) as a line above them."""
    figure, axes = _begin(2.9, left=0.08, right=0.88)
    at = _dates.date2num(mondays)
    axes.bar(at, requests, width=5, color=_BORDER)
    axes.set_ylabel(right)
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.xaxis_date()
    formats = ["%Y", "%Y-%m", "%m-%d", "%H:%M", "%H:%M", "%S"]  # numbers are the same in both languages
    locator = axes.xaxis.get_major_locator()
    axes.xaxis.set_major_formatter(
        _dates.ConciseDateFormatter(locator, formats=formats, zero_formats=formats, show_offset=False)
    )
    share = axes.twinx()
    share.plot(at, rates, color=_ACCENT, linewidth=2, marker="o", markersize=4)
    share.set_ylim(0, 1.04)
    share.set_ylabel(label, color=_ACCENT)
    share.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    share.spines["right"].set_visible(True)
    share.tick_params(axis="y", labelcolor=_ACCENT)
    return figure


@_styled
def bars(labels: Sequence[str], parts: Sequence[tuple[str, Sequence[int]]], unit: str) -> Figure:
    """Return horizontal bars, the first on top: for each label its parts (name, amounts) one behind the other."""
    figure, axes = _begin(0.36 * len(labels) + 0.75, left=0.3, right=0.97)
    places = range(len(labels), 0, -1)
    done = [0] * len(labels)
    for (name, amounts), paint in zip(parts, (_BAD, _ACCENT), strict=False):
        axes.barh(places, amounts, left=done, color=paint, height=0.62, label=name)
        done = [before + amount for before, amount in zip(done, amounts, strict=True)]
    for place, total in zip(places, done, strict=True):
        axes.annotate(str(total), (total, place), (4, 0), textcoords="offset points", va="center", color=_TEXT)
    axes.set_yticks(list(places), labels, color=_TEXT)
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel(unit)
    axes.set_xlim(0, max(done, default=1) * 1.12 or 1)
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.grid(axis="x", linewidth=0.6)
    if len(parts) > 1:
        axes.legend(loc="lower right", frameon=False)
    return figure


@_styled
def columns(labels: Sequence[str], amounts: Sequence[int], warned: int, unit: str) -> Figure:
    """Return upright bars; the first `warned` of them in the colour of a warning."""
    figure, axes = _begin(2.7, left=0.08, right=0.97)
    axes.bar(range(len(labels)), amounts, color=[_BAD] * warned + [_ACCENT] * (len(labels) - warned), width=0.7)
    for place, amount in enumerate(amounts):
        axes.annotate(str(amount), (place, amount), (0, 3), textcoords="offset points", ha="center", color=_TEXT)
    axes.set_xticks(range(len(labels)), labels)
    axes.set_ylabel(unit)
    axes.set_ylim(0, max(amounts, default=1) * 1.15 or 1)
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.grid(axis="y", linewidth=0.6)
    return figure


def _begin(height: float, *, left: float, right: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(_WIDTH, height))
    # Set by hand: how wide the reader's font is cannot be known here.
    figure.subplots_adjust(left=left, right=right, top=1 - 0.12 / height, bottom=0.55 / height)
    return figure, figure.add_subplot()


def _svg(figure: Figure) -> str:
    file = io.StringIO()
    figure.savefig(file, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    svg = file.getvalue()
    svg = svg[svg.index("<svg") :]
    for paint, variable in _PAINTS.items():
        svg = svg.replace(paint, f"var({variable})")
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'(font: |font-family: )[^;"]*', _own_font, svg)
    return re.sub(r'<svg [^>]*?(viewBox="[^"]*")[^>]*>', r'<svg \1 aria-hidden="true" focusable="false">', svg, count=1)


def _own_font(style: re.Match[str]) -> str:
    """Leave a text its size and give it the page's font."""
    size = re.search(r"[\d.]+px", style[0])
    return f"font: {size[0]} var(--font)" if size else "font-family: var(--font)"
