"""The documentation site: it builds without a warning, no link is broken, and nothing is fetched."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import pytest
from playwright.sync_api import Browser, expect

import ma_template

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"


def build(source: Path, target: Path) -> subprocess.CompletedProcess[str]:
    """Run the documented command, without a network: a proxy that is not there."""
    nowhere = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", str(source), str(target)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **nowhere})


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("site")
    done = build(DOCS, target)
    assert done.returncode == 0, done.stderr
    return target


class Page(HTMLParser):
    """What a page links to, what it loads, and what can be linked to in it."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.ids: set[str] = set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.ids |= {given[name] for name in ("id", "name") if name in given}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        self.loaded += [given["src"]] if "src" in given else []
        self.loaded += [given["href"]] if tag == "link" and given.get("rel") != "canonical" and "href" in given else []


@pytest.fixture(scope="session")
def pages(site: Path) -> dict[Path, Page]:
    found = {path: Page(path) for path in site.rglob("*.html")}
    assert len(found) > 50
    return found


def test_every_link_leads_to_a_page_and_a_place_in_it(site: Path, pages: dict[Path, Page]) -> None:
    broken = defaultdict(set)
    for path, page in pages.items():
        for link in {*page.links, *page.loaded}:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            inside = target.is_relative_to(site) and target.exists()
            place = unquote(parts.fragment)
            if not inside or (place and target in pages and place not in pages[target].ids):
                broken[str(path.relative_to(site))].add(link)
    assert not broken


def test_nothing_is_fetched_from_elsewhere(site: Path, pages: dict[Path, Page]) -> None:
    assert not {url for page in pages.values() for url in page.loaded if urlsplit(url).netloc}
    for path in site.rglob("*.css"):
        style = path.read_text(encoding="utf-8")
        assert not re.search(r"""(?:@import|url\()\s*["']?(?:https?:)?//""", style), path
    for path in site.rglob("*.js"):
        assert not re.search(r"""(?:import|fetch|src)\s*[(=]?\s*["'](?:https?:)?//""", path.read_text("utf-8")), path


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("[a page that is not there](nowhere.md)", "nowhere.md"),
        ("[a heading that is not there](other.md#nowhere)", "nowhere"),
        ("![a picture that is not there](nowhere.png)", "nowhere.png"),
    ],
)
def test_a_broken_link_stops_the_build(line: str, said: str, tmp_path: Path) -> None:
    source = tmp_path / "docs"
    shutil.copytree(DOCS / "_static", source / "_static")
    (source / "conf.py").write_text((DOCS / "conf.py").read_text("utf-8").replace("../src", f"{ROOT}/src"), "utf-8")
    (source / "index.md").write_text(f"# A page\n\n{line}\n\n```{{toctree}}\nother\n```\n", "utf-8")
    (source / "other.md").write_text("# Another\n\n## A heading\n", "utf-8")
    done = build(source, tmp_path / "site")
    assert done.returncode == 1
    assert said in done.stderr
    (source / "index.md").write_text("# A page\n\n[good](other.md#a-heading)\n\n```{toctree}\nother\n```\n", "utf-8")
    assert build(source, tmp_path / "site").returncode == 0


def test_search_finds_english_and_japanese_on_a_disk(site: Path, chromium: Browser) -> None:
    page = chromium.new_page()
    for words, found in (("phone-missing", "MA403"), ("電話番号", "MA403"), ("期日", "MA302"), ("宇宙船", None)):
        page.goto(f"{site.as_uri()}/search.html?q={quote(words)}")
        expect(page.locator("#search-results")).to_contain_text(found or "did not match any documents")
    page.close()


def test_every_promised_name_is_on_the_page_of_the_library(site: Path, pages: dict[Path, Page]) -> None:
    there = pages[site / "library.html"].ids
    assert not [name for name in ma_template.__all__ if f"ma_template.{name}" not in there]


@pytest.mark.parametrize("path", sorted(ROOT.glob("*.md")), ids=lambda path: path.name)
def test_links_of_the_pages_beside_docs_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target
