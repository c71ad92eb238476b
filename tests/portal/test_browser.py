"""Page, element and demo in real Chromium, driven as people use them."""

from __future__ import annotations

import contextlib
import datetime
import http.server
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from conftest import FIXTURES
from ma_template import check
from portal.conftest import Server, started

EN = (FIXTURES / "devset" / "dev-001.txt").read_text(encoding="utf-8")
JA = (FIXTURES / "portal" / "incomplete-ja.txt").read_text(encoding="utf-8")
PHONE, WRONG_DAY, WRONG_MAIL = "03-5555-0123", "2026年11月31日", "taro.yamada@example\n"


@contextlib.contextmanager
def visit(browser: Browser, url: str, *, clean: bool = True, **context: Any) -> Iterator[Page]:
    """Open a page. It may ask nobody but its own server, and its console stays silent."""
    tab: BrowserContext = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **context})
    page = tab.new_page()
    page.set_default_timeout(10_000)
    complaints: list[str] = []
    page.on(
        "console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(url)
    try:
        yield page
        origin = "/".join(url.split("/")[:3])
        if clean:
            assert not complaints
            assert not [one for one in asked if not one.startswith((origin, "data:"))]
    finally:
        tab.close()


def paste(page: Page, text: str) -> None:
    """Put a text into the text area as a paste does: all at once, as one input event."""
    page.locator("textarea").focus()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(text)


def headline(page: Page) -> Any:
    """Return the line that says it all."""
    return page.locator("ma-template-check .headline")


def messages(page: Page) -> list[str]:
    """Return what the findings say, in order."""
    return page.locator("ma-template-check .message").all_inner_texts()


def selected(page: Page) -> str:
    """Return what is selected in the text area."""
    return str(
        page.evaluate("(a => a.value.slice(a.selectionStart, a.selectionEnd))(document.querySelector('textarea'))")
    )


def marked(page: Page, severity: str) -> list[str]:
    """Return the stretches that are marked in the text."""
    return page.locator(f"ma-template-check mark.{severity}").all_text_contents()


def select(page: Page, words: str, *, after: bool = False) -> None:
    """Select words in the text area, or put the caret behind them."""
    page.evaluate(
        """([words, after]) => {
            const area = document.querySelector('textarea');
            const start = area.value.indexOf(words), end = start + words.length;
            area.focus();
            area.setSelectionRange(after ? end : start, end);
        }""",
        [words, after],
    )


# -- the main job


def test_an_incomplete_japanese_update_is_completed_and_copied(server: Server, chromium: Browser) -> None:
    permissions = ["clipboard-read", "clipboard-write"]
    with visit(chromium, server.url + "/?lang=ja", permissions=permissions, locale="ja-JP") as page:
        paste(page, JA)
        expect(headline(page)).to_have_text("修正が必要な点が3件あります")
        assert messages(page) == [
            "存在しない日付です(2026年11月31日)",
            "要請者の電話番号がありません",
            "メールアドレスの形式が正しくありません",
        ]
        # Emoji of two UTF-16 units, with a skin tone, stand before the block and in it.
        assert JA.index("🙏🏽") < JA.index("😱") < JA.index(WRONG_DAY)
        assert marked(page, "error") == [WRONG_DAY, "物流部 山田 太郎\n", "taro.yamada@example"]
        jumps = page.locator("ma-template-check .jump")
        jumps.nth(0).click()
        assert selected(page) == WRONG_DAY
        jumps.nth(2).click()
        assert selected(page) == "taro.yamada@example"
        # Each is put right where the page leads to.
        page.keyboard.insert_text("taro.yamada@example.co.jp")
        expect(headline(page)).to_have_text("修正が必要な点が2件あります")
        jumps.nth(0).click()
        page.keyboard.insert_text("2099年11月30日")
        expect(headline(page)).to_have_text("修正が必要な点が1件あります")
        select(page, "山田 太郎", after=True)
        page.keyboard.insert_text("\n" + PHONE)
        expect(headline(page)).to_have_text("記入漏れはありません")
        assert not messages(page)
        assert not marked(page, "error")
        page.get_by_role("button", name="コピー").click()
        expect(page.locator("ma-template-check .note")).to_have_text("コピーしました。")
        copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == JA.replace(WRONG_DAY, "2099年11月30日").replace("太郎\n", f"太郎\n{PHONE}\n").replace(
        WRONG_MAIL, "taro.yamada@example.co.jp\n"
    )
    assert check(copied).status == "complete"


def test_what_was_understood_is_spelled_out(server: Server, chromium: Browser) -> None:
    soon = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1)).date()
    text = (
        EN.replace("2026-12-01", f"{soon.isoformat()} 17:00 JST")
        .replace("+1 212 555 0123", "0044 20 7946 0123 ext. 45")
        .replace("nathan.okwuosa@example.com", "nathan.okwuosa@example.com\nPlease have a manager call me back.")
    )
    with visit(chromium, server.url + "/?lang=en", timezone_id="UTC") as page:
        paste(page, text)
        expect(headline(page)).to_have_text("Complete")
        shown = page.locator("ma-template-check .checklist").inner_text()
        weekday = f"{soon:%A}, {soon.day} {soon:%B} {soon.year}"
        for words in (f"{weekday} 17:00 (+09:00)", "Payroll (business)", "+442079460123 ext. 45", "Nathan Okwuosa"):
            assert words in shown
        assert "Call back\nasked for" in shown
        advice = page.locator("ma-template-check li.telephone")
        expect(advice).to_contain_text("telephone support is quicker")
        ticked = page.locator("ma-template-check .checklist :is(.section, .item).ok")
        assert ticked.count() == 9


def test_keyboard_alone_is_enough(server: Server, chromium: Browser) -> None:
    with visit(chromium, server.url + "/?lang=en") as page:

        def tab_to(name: str, *, back: bool = False) -> None:
            for _ in range(40):
                page.keyboard.press("Shift+Tab" if back else "Tab")
                where = "(e => (e?.shadowRoot?.activeElement ?? e)?.textContent ?? '')(document.activeElement)"
                if name in str(page.evaluate(where)):
                    return
            pytest.fail(f"Tab never comes to {name}")

        tab_to("Insert template")
        page.keyboard.press("Enter")
        expect(headline(page)).to_have_text("Not filled in yet")
        assert page.evaluate("document.activeElement.id") == "update"
        page.keyboard.insert_text("Payroll is stopped and 400 people will not be paid.")
        page.keyboard.press("Control+End")
        for _ in range(3):
            page.keyboard.press("ArrowUp")
        page.keyboard.insert_text("Nathan Okwuosa, +1 212 555 0123, nathan.okwuosa@example.com")
        expect(headline(page)).to_have_text("1 thing to put right")
        tab_to("milestone")
        assert page.evaluate("document.activeElement.shadowRoot.activeElement.className") == "jump"
        tab_to("Why, and an example")
        page.keyboard.press("Enter")
        expect(page.locator("ma-template-check details[open] p")).to_be_visible()
        tab_to("milestone", back=True)
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "update"
        assert "milestone" in selected(page)
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
        page.keyboard.insert_text("Payroll cutover on 1 December 2099")
        expect(headline(page)).to_have_text("Complete")


def test_a_screen_reader_is_told_once_it_is_quiet(server: Server, chromium: Browser) -> None:
    with visit(chromium, server.url + "/?lang=en") as page:
        live = page.locator("ma-template-check").get_by_role("status")
        paste(page, EN.replace("+1 212 555 0123", ""))
        expect(live).to_have_text("1 thing to put right. Missing: Phone.")
        paste(page, EN.replace("2026-12-01", "2099-12-01"))
        expect(live).to_have_text("Complete. All nine items are there.")


# -- the buttons


def test_mending_restores_the_banner_and_can_be_undone(server: Server, chromium: Browser) -> None:
    published = EN.replace("2026-12-01", "2099-12-01")
    damaged = published.replace("* Request Management Attention *", "* Reqest Management Attention *", 1)
    with visit(chromium, server.url + "/?lang=en") as page:
        paste(page, damaged)
        message = page.locator("ma-template-check .message")
        expect(message).to_have_text("The banner is not as published: the label is misspelt")
        page.get_by_role("button", name="Mend").click()
        expect(page.locator("ma-template-check .note")).to_contain_text("1 thing was mended.")
        assert page.input_value("textarea") == published
        expect(message).to_have_count(0)
        page.locator("textarea").focus()
        page.keyboard.press("Control+Z")
        assert page.input_value("textarea") == damaged


@pytest.mark.parametrize(("lang", "button"), [("en", "Japanese template"), ("ja", "英語のテンプレート")])
def test_both_templates_can_be_inserted(server: Server, chromium: Browser, lang: str, button: str) -> None:
    other = {"en": "ja", "ja": "en"}[lang]
    with visit(chromium, f"{server.url}/?lang={lang}") as page:
        paste(page, "😀 hello")
        page.get_by_role("button", name=button).click()
        published = server.get(f"/v1/template?lang={other}").text
        expect(page.locator("textarea")).to_have_value(re.compile("^😀 hello\n\n\\*{19} "))
        text = page.input_value("textarea")
        assert [line for line in text.splitlines()[2:] if line] == [line for line in published.splitlines() if line]
        caret = page.evaluate("document.querySelector('textarea').selectionStart")
        text = page.input_value("textarea").encode("utf-16-le")[: 2 * caret].decode("utf-16-le")
        prompt = text.rstrip().rpartition("\n")[2]
        assert text.endswith(f"{prompt}\n\n")
        assert prompt.startswith(("Reason for", "対応が必要な問題"))


def test_the_language_changes_and_the_text_stays(server: Server, chromium: Browser) -> None:
    with visit(chromium, server.url + "/?lang=ja") as page:
        paste(page, EN.replace("+1 212 555 0123", ""))
        expect(headline(page)).to_have_text("修正が必要な点が1件あります")
        page.get_by_role("link", name="English").click()
        expect(headline(page)).to_have_text("1 thing to put right")
        assert messages(page) == ["The requester's phone number is missing"]
        assert page.title() == "Is your request complete? – Management attention check"
        assert page.evaluate("document.documentElement.lang") == "en"
        assert page.url.endswith("lang=en")
        assert "Nathan Okwuosa" in page.input_value("textarea")
        page.get_by_role("link", name="日本語").click()
        expect(page.locator("h1")).to_have_text("要請に記入漏れはありませんか")


# -- while somebody types


def test_marks_stay_with_their_words_while_somebody_types_before_them(server: Server, chromium: Browser) -> None:
    with visit(chromium, server.url + "/?lang=ja") as page:
        paste(page, JA)
        expect(headline(page)).to_have_text("修正が必要な点が3件あります")
        page.evaluate("document.querySelector('ma-template-check').setAttribute('delay', '60000')")
        select(page, "お世話になっております", after=True)
        page.keyboard.insert_text("😀 ありがとうございます")
        assert marked(page, "error")[0] == WRONG_DAY
        select(page, "2026年11月3", after=True)
        page.keyboard.insert_text("0")
        assert WRONG_DAY not in marked(page, "error")  # what is being changed is not marked as wrong


def test_marks_lie_over_their_words(server: Server, chromium: Browser) -> None:
    with visit(chromium, server.url + "/?lang=ja", viewport={"width": 500, "height": 900}) as page:
        paste(page, "\n" * 30 + JA)
        expect(headline(page)).to_have_text("修正が必要な点が3件あります")
        page.locator("ma-template-check .jump").first.click()
        page.wait_for_function("document.querySelector('textarea').scrollTop > 0")
        # The copy wraps as the text area does: as high to the pixel, and the mark is inside what is seen.
        heights = page.evaluate(
            """() => {
                const area = document.querySelector('textarea');
                const copy = document.querySelector('ma-template-check').shadowRoot.querySelector('.copy');
                return [area.scrollHeight, copy.getBoundingClientRect().height];
            }"""
        )
        assert abs(heights[0] - heights[1]) <= 30, heights  # one empty last line more or less
        area, mark = (
            page.locator("textarea").bounding_box(),
            page.locator("ma-template-check mark").first.bounding_box(),
        )
        assert area
        assert mark
        assert area["y"] < mark["y"] < area["y"] + area["height"]


def test_nothing_is_checked_while_kana_are_being_converted(server: Server, chromium: Browser) -> None:
    with visit(chromium, server.url + "/?lang=ja") as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/check") else None)
        page.locator("textarea").focus()
        session = page.context.new_cdp_session(page)
        for kana in ("か", "かん", "かんり"):
            session.send(
                "Input.imeSetComposition", {"text": kana, "selectionStart": len(kana), "selectionEnd": len(kana)}
            )
        page.wait_for_timeout(500)
        assert not asked
        session.send("Input.insertText", {"text": "管理"})
        expect(headline(page)).to_have_text("要請が見つかりません")
        assert len(asked) == 1


def test_half_an_emoji_in_the_text_does_not_stop_the_check(server: Server, chromium: Browser) -> None:
    with visit(chromium, server.url + "/?lang=en") as page:
        page.evaluate(
            """text => {
                const area = document.querySelector('textarea');
                area.value = '\\ud83d ' + text;
                area.dispatchEvent(new InputEvent('input', {bubbles: true}));
            }""",
            EN.replace("nathan.okwuosa@example.com", "nathan.okwuosa@example"),
        )
        expect(headline(page)).to_have_text("1 thing to put right")
        assert marked(page, "error") == ["nathan.okwuosa@example"]


# -- in a portal's form


def test_the_demo_holds_back_what_is_incomplete(server: Server, chromium: Browser) -> None:
    with visit(chromium, server.url + "/demo?lang=en") as page:
        sent = page.locator(".sent")
        paste(page, EN.replace("+1 212 555 0123", ""))
        page.get_by_role("button", name="Post update").click()  # at once: the check has not been made yet
        expect(headline(page)).to_have_text("Not sent yet. 1 thing to put right")
        assert page.evaluate("document.activeElement.shadowRoot.activeElement.className").startswith("summary")
        expect(sent).to_be_empty()
        paste(page, EN)
        page.get_by_role("button", name="Post update").click()
        expect(sent).to_have_text("The update would now be posted. This is a demo: nothing was sent.")
        paste(page, "No request here, just an answer.")
        expect(headline(page)).to_have_text("No request found")
        expect(sent).to_be_empty()
        page.get_by_role("button", name="Post update").click()
        expect(sent).not_to_be_empty()


def test_a_service_that_does_not_answer_holds_nothing_back(server: Server, chromium: Browser) -> None:
    with visit(chromium, server.url + "/demo?lang=en", clean=False) as page:

        def refuse(route: Route) -> None:
            route.abort()

        page.route("**/v1/check", refuse)
        paste(page, EN.replace("+1 212 555 0123", ""))
        expect(headline(page)).to_have_text("Not checked")
        page.get_by_role("button", name="Post update").click()
        expect(page.locator(".sent")).not_to_be_empty()
        page.unroute("**/v1/check", refuse)
        page.get_by_role("button", name="Try again").click()
        expect(headline(page)).to_have_text("1 thing to put right")


def test_a_text_that_is_too_large_is_said_in_words(server: Server, chromium: Browser) -> None:
    with visit(chromium, server.url + "/?lang=ja", clean=False) as page:
        page.evaluate(
            """() => {
                const area = document.querySelector('textarea');
                area.value = 'あ'.repeat(400_000);
                area.dispatchEvent(new InputEvent('input', {bubbles: true}));
            }"""
        )
        expect(page.locator("ma-template-check .more")).to_contain_text("1048576バイトまで")


PORTAL = """<!doctype html><html lang="ja"><title>Portal</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src {service}; connect-src {service};
 require-trusted-types-for 'script'; trusted-types 'none'">
<script type="module" src="{service}/static/ma-template-check.js"></script>
<h1>Portal</h1><form><label for="t">Text</label><textarea id="t" rows="20" cols="80"></textarea></form>
<ma-template-check for="t" region="JP" tools="mend"></ma-template-check>"""


@contextlib.contextmanager
def portal_elsewhere(service: str) -> Iterator[str]:
    """Serve a portal's own page from another origin, with a strict policy."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = PORTAL.format(service=service).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    site = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=site.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{site.server_port}"
    finally:
        site.shutdown()
        thread.join()
        site.server_close()


def test_another_site_embeds_the_element_under_a_strict_policy(tmp_path: Path, chromium: Browser) -> None:
    with (
        started(tmp_path, 'origins = ["*"]') as service,
        portal_elsewhere(service.url) as url,
        visit(chromium, url, clean=False) as page,
    ):
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        listen = "document.addEventListener('ma-report', event => all.push(event.detail))"
        reports = page.evaluate_handle(f"(() => {{ const all = []; {listen}; return all; }})()")
        paste(page, JA.replace("太郎\n", f"太郎\n{PHONE}\n"))
        expect(headline(page)).to_have_text("修正が必要な点が2件あります")
        last = reports.evaluate("all => all.at(-1)")
        assert last["report"]["status"] == "incomplete"
        assert last["text"] == page.input_value("textarea")
        assert last["report"]["blocks"][0]["requester"]["phones"][0]["e164"] == "+81355550123"
        assert page.locator("ma-template-check .tools button").all_inner_texts() == ["書式を直す"]
        element = "document.querySelector('ma-template-check')"
        page.evaluate(f"{element}.style.setProperty('--ma-error', 'rgb(1, 2, 3)')")
        colour = f"getComputedStyle({element}.shadowRoot.querySelector('.lack')).color"
        assert page.evaluate(colour) == "rgb(1, 2, 3)"
        assert not complaints


# -- for everybody


def violations(page: Page) -> list[str]:
    """Return what axe-core finds wrong."""
    return [
        f"{one['id']}: {one['help']} {[node['target'] for node in one['nodes']]}"
        for one in Axe().run(page).response["violations"]
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_axe_finds_nothing_wrong(server: Server, chromium: Browser, theme: str, lang: str) -> None:
    found = []
    faulty = EN.replace("+1 212 555 0123", "").replace("2026-12-01", "03/04/2099").replace("* Request", "* Reqest", 1)
    for path in ("/", "/demo"):
        with visit(chromium, f"{server.url}{path}?lang={lang}", color_scheme=theme) as page:
            paste(page, faulty)
            expect(page.locator("ma-template-check .message")).to_have_count(3)
            for summary in page.locator("ma-template-check summary").all():
                summary.click()
            found += violations(page)
    with visit(chromium, f"{server.url}/?lang={lang}", color_scheme=theme) as page:
        found += violations(page)
        paste(page, EN.replace("2026-12-01", datetime.datetime.now(datetime.UTC).date().isoformat()))
        expect(page.locator("ma-template-check li.telephone")).to_be_visible()
        found += violations(page)
    with visit(chromium, f"{server.url}/problems?lang={lang}", color_scheme=theme) as page:
        found += violations(page)
    assert not found


@pytest.mark.parametrize("path", ["/", "/demo"])
def test_nothing_sticks_out_on_a_narrow_screen(server: Server, chromium: Browser, path: str) -> None:
    for lang in ("en", "ja"):
        with visit(chromium, f"{server.url}{path}?lang={lang}", viewport={"width": 360, "height": 740}) as page:
            paste(page, JA + "x" * 300)
            expect(page.locator("ma-template-check .message").first).to_be_visible()
            for summary in page.locator("ma-template-check summary").all():
                summary.click()
            assert page.evaluate("document.documentElement.scrollWidth") <= 360


# -- what people write is words


def test_code_in_a_name_is_shown_and_not_run(server: Server, chromium: Browser) -> None:
    name = "<img src=x onerror=alert(1)><script>alert(2)</script> Graves"
    with visit(chromium, server.url + "/?lang=en", timezone_id="UTC") as page:
        page.on("dialog", lambda dialog: pytest.fail(f"it ran: {dialog.message}"))
        before = page.evaluate("document.querySelectorAll('script, img').length")
        paste(page, EN.replace("Nathan Okwuosa", name).replace("2026-12-01", f"31 November 2026 {name}"))
        expect(headline(page)).not_to_have_text("Complete")
        expect(page.locator("ma-template-check .message").first).to_be_visible()
        assert page.evaluate("document.querySelectorAll('script, img').length") == before
        assert page.locator("ma-template-check :is(script, img)").count() == 0
        assert "Graves" in page.locator("ma-template-check .checklist").inner_text()
