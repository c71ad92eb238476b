"""How Sphinx makes the documentation site: `.venv/bin/sphinx-build -W --keep-going docs site`.

Nothing is fetched, neither here nor by a reader: the pages can be opened from a disk.
"""

from __future__ import annotations

import inspect
import re
from typing import Any

from pydantic import BaseModel
from sphinx.application import Sphinx
from sphinx.search.en import SearchEnglish

import ma_template

project = "ma-template"
version = release = ma_template.__version__
language = "en"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_copybutton"]
exclude_patterns = ["**/examples/**", "images/*.py"]

myst_heading_anchors = 3  # links such as cli.md#exit-status are checked: -W makes an error of every broken one
suppress_warnings = ["misc.highlighting_failure"]  # an ellipsis in an example is no JSON and no Python

autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
default_role = "code"  # what docstrings put in single backticks
toc_object_entries_show_parents = "hide"

html_theme = "furo"
html_title = "ma-template"
html_favicon = "../src/ma_template/portal/static/icon.svg"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_copyright = False
html_theme_options = {"footer_icons": [], "light_logo": None}
html_search_language = "en-ja"
copybutton_prompt_text = "$ "
copybutton_only_copy_prompt_lines = True
copybutton_here_doc_delimiter = "END"


class SearchEnglishAndJapanese(SearchEnglish):
    """English words by their stems, as Sphinx has it; Japanese, which writes no blanks, by pairs of characters."""

    lang = "en-ja"
    _japanese = r"[\u3040-\u30ff\u3400-\u9fff\u3005]"
    _pieces = re.compile(rf"{_japanese}+|(?:(?!{_japanese})\w)+")
    js_splitter_code = r"""
var splitQuery = (query) =>
  (query.match(/[\u3040-\u30ff\u3400-\u9fff\u3005]+|(?:(?![\u3040-\u30ff\u3400-\u9fff\u3005])[\p{L}\p{N}_])+/gu) ?? [])
    .flatMap((piece) =>
      /^[\u3040-\u30ff\u3400-\u9fff\u3005]{3}/u.test(piece)
        ? Array.from({ length: piece.length - 1 }, (_, i) => piece.slice(i, i + 2))
        : [piece]);
"""

    def split(self, text: str) -> list[str]:
        """Return the words of a text, as splitQuery does with what a reader types."""
        words = []
        for piece in self._pieces.findall(text):
            if len(piece) > 2 and re.match(self._japanese, piece):
                words += [piece[i : i + 2] for i in range(len(piece) - 1)]
            else:
                words.append(piece)
        return words


def _no_signature(_app: Sphinx, what: str, _name: str, item: Any, *_rest: Any) -> tuple[str, None] | None:
    """Leave out the constructors of models: their fields are described elsewhere."""
    return ("", None) if what == "class" and inspect.isclass(item) and issubclass(item, BaseModel) else None


def _say_language(_app: Sphinx, page: str, _template: str, context: dict[str, Any], _doctree: Any) -> None:
    """Mark pages such as dba.ja as Japanese, for screen readers and for the choice of glyphs."""
    if page.endswith(".ja"):
        context["language"] = "ja"


def setup(app: Sphinx) -> None:
    """Hook in what is above."""
    app.add_search_language(SearchEnglishAndJapanese)
    app.connect("autodoc-process-signature", _no_signature)
    app.connect("html-page-context", _say_language)
