"""`ma-lint lsp` as editors see it: a real client (pytest-lsp) talks to the real command over stdio."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.protocol import default_converter
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities
from pytest_lsp.client import DEFAULT_CLIENT_FEATURES, register_lsp_features

from conftest import ROOT
from ma_template.cli import main
from ma_template.wording import table

pytestmark = pytest.mark.anyio

COMMAND = [str(Path(sys.executable).parent / "ma-lint"), "lsp"]
ENCODINGS = ("utf-8", "utf-16", "utf-32")

OPENING = "******************* Request Management Attention *******************"
CLOSING = "************* Request Management Attention *************"
REASON = "Reason for requested management attention, including business impact of the problem that requires attention"
MILESTONE = (
    "Business or implementation milestone, critical date(s) (milestone date or resolve by date), along with the type of"
    " business or implementation milestone"
)
REQUESTER = (
    "Name of the person requesting management attention, contact information: phone number, pager, email address"
)
ANSWERS = (
    "The order system is down, 40 stores cannot take orders.",
    "Go-live of the web shop on 2099-12-15",
    "Taro Yamada, +81 3-5555-0100, taro.yamada@example.com",
)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def request(opening: str = OPENING, closing: str = CLOSING, answers: Sequence[str] = ANSWERS) -> str:
    reason, milestone, requester = answers
    lines = (opening, "", REASON, reason, "", MILESTONE, milestone, "", REQUESTER, requester, "", closing)
    return "\n".join(line for line in lines if line is not None) + "\n"


class Session:
    """One editor with one server: opens, changes and asks, in one folder."""

    def __init__(self, client: LanguageClient, folder: Path, encoding: str) -> None:
        self.client = client
        self.folder = folder
        self.encoding = encoding
        self.published: list[types.PublishDiagnosticsParams] = []
        self.registered: list[types.Registration] = []
        self._news = asyncio.Event()

    def take(self, params: types.PublishDiagnosticsParams) -> None:
        self.published.append(params)
        self._news.set()

    def uri(self, name: str = "update.txt") -> str:
        return (self.folder / name).as_uri()

    def open(self, text: str, name: str = "update.txt") -> None:
        item = types.TextDocumentItem(self.uri(name), "plaintext", 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def change(self, text: str, version: int, name: str = "update.txt") -> None:
        document = types.VersionedTextDocumentIdentifier(version, self.uri(name))
        change = types.TextDocumentContentChangeWholeDocument(text)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, [change]))

    async def diagnostics(self, version: int = 1, name: str = "update.txt") -> list[types.Diagnostic]:
        """Wait for what is said of one state of a document; of several times, the last so far."""
        async with asyncio.timeout(20):
            while True:
                for params in reversed(self.published):
                    if (params.uri, params.version) == (self.uri(name), version):
                        return list(params.diagnostics)
                self._news.clear()
                await self._news.wait()

    async def next(self, seen: int) -> types.PublishDiagnosticsParams:
        """Wait until more has been published than was seen."""
        async with asyncio.timeout(20):
            while len(self.published) <= seen:
                self._news.clear()
                await self._news.wait()
        return self.published[-1]

    async def actions(self, at: types.Range, found: Sequence[types.Diagnostic] = (), only: Any = None) -> Any:
        context = types.CodeActionContext(list(found), only)
        asked = types.CodeActionParams(types.TextDocumentIdentifier(self.uri()), at, context)
        return await self.client.text_document_code_action_async(asked)

    async def complete(self, line: int, character: int) -> list[types.CompletionItem]:
        where = types.TextDocumentIdentifier(self.uri()), types.Position(line, character)
        answer = await self.client.text_document_completion_async(types.CompletionParams(*where))
        assert isinstance(answer, types.CompletionList)
        return list(answer.items)

    async def hover(self, line: int, character: int) -> str | None:
        where = types.TextDocumentIdentifier(self.uri()), types.Position(line, character)
        answer = await self.client.text_document_hover_async(types.HoverParams(*where))
        if answer is None:
            return None
        assert isinstance(answer.contents, types.MarkupContent)
        return answer.contents.value

    def edited(self, text: str, edit: types.WorkspaceEdit, version: int = 1) -> str:
        """Make an edit as an editor would: its own way from positions to the text."""
        assert edit.document_changes
        (change,) = edit.document_changes
        assert isinstance(change, types.TextDocumentEdit)
        assert (change.text_document.uri, change.text_document.version) == (self.uri(), version)
        for one in sorted(
            change.edits, key=lambda one: (one.range.start.line, one.range.start.character), reverse=True
        ):
            assert isinstance(one, types.TextEdit)
            start, end = self.offset(text, one.range.start), self.offset(text, one.range.end)
            text = text[:start] + one.new_text + text[end:]
        return text

    def offset(self, text: str, position: types.Position) -> int:
        """Return the offset of a position: the units of the line are counted in its bytes."""
        before = "".join(line + "\n" for line in text.split("\n")[: position.line])
        name, size = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}[self.encoding]
        line = text.split("\n")[position.line].encode(name)
        return len(before) + len(line[: position.character * size].decode(name))


@asynccontextmanager
async def session(
    folder: Path,
    *,
    encoding: str = "utf-16",
    locale: str | None = "en",
    options: Any = None,
    plain: bool = False,
    configuration: dict[str, Any] | None = None,
    arguments: Sequence[str] = (),
) -> AsyncIterator[Session]:
    sessions: list[Session] = []

    def new_client() -> LanguageClient:
        client = LanguageClient(converter_factory=default_converter)
        own: dict[str, Any] = {
            types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS: lambda params: sessions[0].take(params),
            types.CLIENT_REGISTER_CAPABILITY: lambda params: sessions[0].registered.extend(params.registrations),
        }
        register_lsp_features(client, {**DEFAULT_CLIENT_FEATURES, **own})
        return client

    env = {**os.environ, "LC_ALL": "C.UTF-8"}
    client = await ClientServerConfig([*COMMAND, *arguments], new_client, env).start()
    assert isinstance(client, LanguageClient)
    sessions.append(Session(client, folder, encoding))
    if configuration:
        client.set_configuration(configuration, section="ma-lint")
    able = types.ClientCapabilities() if plain else client_capabilities("visual-studio-code")
    able.general = types.GeneralClientCapabilities(position_encodings=[types.PositionEncodingKind(encoding)])
    try:
        async with asyncio.timeout(30):
            started = await client.initialize_session(
                types.InitializeParams(
                    able,
                    locale=locale,
                    initialization_options=options,
                    workspace_folders=[types.WorkspaceFolder(folder.as_uri(), folder.name)],
                    root_uri=folder.as_uri(),
                )
            )
        assert started.capabilities.position_encoding == encoding
        yield sessions[0]
        async with asyncio.timeout(30):
            await client.shutdown_session()
        assert client._server.returncode == 0
    finally:
        if client._server.returncode is None:
            client._server.kill()
        await client.stop()


# -- the way through: shown, mended, gone


@pytest.mark.parametrize("encoding", ENCODINGS)
async def test_a_finding_behind_an_emoji_is_shown_mended_and_gone(encoding: str, tmp_path: Path) -> None:
    text = request(opening="🚨 至急 ***** Request Managment Attention *****")
    async with session(tmp_path, encoding=encoding) as editor:
        editor.open(text)
        (found,) = await editor.diagnostics()
        assert (found.code, found.source) == ("MA104", "ma-lint")
        assert found.severity == types.DiagnosticSeverity.Warning
        assert found.message == "the banner is not as published: other text stands on the line"
        # An emoji is 4 units, 2 or 1; each of the two kanji 3, 1 or 1; 39 more characters are 1 each; and 2 blanks.
        length = {"utf-8": 4 + 6 + 41, "utf-16": 2 + 2 + 41, "utf-32": 1 + 2 + 41}[encoding]
        assert found.range == types.Range(types.Position(0, 0), types.Position(0, length))
        (action,) = await editor.actions(found.range, [found], [types.CodeActionKind.QuickFix])
        assert action.title == "Put the banner back as published"
        assert list(action.diagnostics) == [found]
        assert action.is_preferred
        mended = editor.edited(text, action.edit)
        assert mended == "🚨 至急\n" + request()
        editor.change(mended, 2)
        assert await editor.diagnostics(2) == []

        # The same on a line that begins with emoji and kanji.
        editor.change(request(answers=(ANSWERS[0], "🚚🚚 倉庫 go-live 2099-02-30 👍", ANSWERS[2])), 3)
        (found,) = await editor.diagnostics(3)
        assert found.code == "MA306"
        start = {"utf-8": 8 + 6 + 10, "utf-16": 4 + 2 + 10, "utf-32": 2 + 2 + 10}[encoding]
        assert found.range == types.Range(types.Position(6, start), types.Position(6, start + 10))
        told = await editor.hover(6, start + 5)
        assert told
        assert told.startswith("### MA306 date-invalid\n")
        assert await editor.hover(6, start - 2) is None


async def test_lines_end_as_in_the_protocol(tmp_path: Path) -> None:
    # LF, CRLF and CR end a line; a form feed, NEL and U+2028 do not, whatever Python's splitlines says.
    milestone = "tests\x0c, \x85 \u2028 go-live 2099-02-30"
    text = request(answers=(ANSWERS[0], milestone, ANSWERS[2])).replace("\n", "\r\n", 4).replace("\n", "\r")
    text = text.replace("\r\r", "\r\n")
    async with session(tmp_path) as editor:
        editor.open(text)
        (found,) = await editor.diagnostics()
        assert found.code == "MA306"
        assert found.range == types.Range(types.Position(6, 20), types.Position(6, 30))


# -- what a finding carries, and in which language


async def test_a_finding_links_to_its_page_and_says_what_it_is_about(tmp_path: Path) -> None:
    async with session(tmp_path) as editor:
        editor.open(request(answers=(*ANSWERS[:2], "Taro Yamada, taro.yamada@example.com")))
        (found,) = await editor.diagnostics()
        assert (found.code, found.severity) == ("MA403", types.DiagnosticSeverity.Error)
        assert found.message == "the requester's phone number is missing"
        assert found.code_description == types.CodeDescription((ROOT / "docs" / "rules" / "MA403.md").as_uri())
        assert found.data == {"rule": "phone-missing", "field": "requester.phone", "block": 0, "fixable": False}
        assert editor.published[-1].version == 1


@pytest.mark.parametrize(
    ("given", "lang"),
    [
        ({"locale": "ja-JP"}, "ja"),
        ({"locale": None}, "en"),  # the server's own: LC_ALL=C.UTF-8
        ({"locale": "en", "arguments": ["--lang", "ja"]}, "ja"),
        ({"locale": "en", "options": {"lang": "ja"}}, "ja"),
        ({"locale": "en", "configuration": {"lang": "ja", "pages": "https://docs.example.com/rules/"}}, "ja"),
    ],
)
async def test_the_language_is_the_readers(given: dict[str, Any], lang: str, tmp_path: Path) -> None:
    messages = {"en": "the requester's phone number is missing", "ja": "要請者の電話番号がありません"}
    async with session(tmp_path, **given) as editor:
        editor.open(request(answers=(*ANSWERS[:2], "Taro Yamada, taro.yamada@example.com")))
        (found,) = await editor.diagnostics()
        if "configuration" in given and found.message != messages[lang]:  # the answer came after the document
            (found,) = (await editor.next(1)).diagnostics
        assert found.message == messages[lang]
        if "configuration" in given:
            assert found.code_description == types.CodeDescription("https://docs.example.com/rules/MA403.html")


async def test_a_setting_that_makes_no_sense_is_told(tmp_path: Path) -> None:
    async with session(tmp_path, options={"lang": "fr"}) as editor:
        editor.open(request())
        assert await editor.diagnostics() == []
        (told,) = editor.client.messages
        assert told.message == "ma-lint: the setting lang of ma-lint makes no sense: give en or ja"


# -- mending


async def test_all_is_mended_at_once_in_the_documents_own_line_ends(tmp_path: Path) -> None:
    damaged = "**** Request Managment Attention ****"
    text = request(damaged, "＊＊＊ Request Management Attention ＊＊＊").replace("\n", "\r\n")
    async with session(tmp_path) as editor:
        editor.open(text)
        found = await editor.diagnostics()
        assert [one.code for one in found] == ["MA104", "MA104"]
        (action,) = await editor.actions(found[0].range, found[:1], ["source.fixAll"])
        assert (action.kind, action.title) == (
            "source.fixAll.ma-lint",
            "Put all banners and prompts back to the published form",
        )
        assert editor.edited(text, action.edit) == request().replace("\n", "\r\n")
        # One at a time leaves the other; elsewhere there is nothing to mend; other kinds of action are not ours.
        (first,) = await editor.actions(found[0].range, found[:1], ["quickfix"])
        assert editor.edited(text, first.edit) == text.replace(damaged, OPENING)
        elsewhere = types.Range(types.Position(3, 0), types.Position(3, 0))
        assert not await editor.actions(elsewhere, [], ["quickfix"])
        assert not await editor.actions(found[0].range, found, ["refactor"])
        everything = await editor.actions(types.Range(types.Position(0, 0), types.Position(99, 0)), found)
        assert [one.kind for one in everything] == ["quickfix", "quickfix", "source.fixAll.ma-lint"]


async def test_missing_banners_and_the_older_form(tmp_path: Path) -> None:
    whole = types.Range(types.Position(0, 0), types.Position(99, 0))
    older = request(
        "****************Escalation Request **************", "****************Escalation Request**************"
    )
    async with session(tmp_path, locale="ja") as editor:
        text = request().removeprefix(OPENING + "\n\n").removesuffix("\n" + CLOSING + "\n")
        editor.open(text)
        assert [found.code for found in await editor.diagnostics()] == ["MA103", "MA102"]
        opening, closing, everything = await editor.actions(whole)
        assert [opening.title, closing.title] == ["開始行を補う", "終了行を補う"]
        assert editor.edited(text, opening.edit) == OPENING + "\n" + text
        assert editor.edited(text, closing.edit) == text + CLOSING + "\n"
        assert editor.edited(text, everything.edit) == OPENING + "\n" + text + CLOSING + "\n"
        editor.change(older, 2)
        (found,) = await editor.diagnostics(2)
        assert found.code == "MA111"
        (modern,) = await editor.actions(whole, [found])  # nothing else is to be mended
        assert modern.title == "旧テンプレートを現行のものに置き換える"
        assert editor.edited(older, modern.edit, 2) == request()


async def test_an_editor_that_knows_no_versions_of_documents(tmp_path: Path) -> None:
    async with session(tmp_path, plain=True) as editor:
        editor.open(request(opening="* Request Management Attention *"))
        (found,) = await editor.diagnostics()
        (action,) = await editor.actions(found.range, [found], ["quickfix"])
        assert list(action.edit.changes) == [editor.uri()]
        told = await editor.hover(0, 3)
        assert told
        assert told.startswith("MA104 banner-altered (warning)\n")
        (item, *_) = await editor.complete(12, 0)
        assert item.insert_text_format == types.InsertTextFormat.PlainText


# -- hover


async def test_the_rule_is_explained_in_the_readers_language(tmp_path: Path) -> None:
    async with session(tmp_path, locale="ja") as editor:
        editor.open(request(answers=(ANSWERS[0], "2099-02-30", ANSWERS[2])))
        assert [found.code for found in await editor.diagnostics()] == ["MA303", "MA306"]
        told = await editor.hover(6, 0)
        assert told
        first, second = told.split("\n---\n\n")
        assert first.startswith("### MA303 milestone-type-missing\n\n**マイルストーンの種類が書かれていません**\n")
        assert second.startswith("### MA306 date-invalid\n\n**存在しない日付です**\n")
        assert "```text\n" in second
        assert await editor.hover(3, 0) is None


# -- completion


async def test_the_form_can_be_inserted(tmp_path: Path) -> None:
    async with session(tmp_path) as editor:
        editor.open("Dear all,\n\n***\nreq\nDear colleagues of support\n")
        english, japanese, both = await editor.complete(1, 0)
        assert [english.label, japanese.label, both.label] == [
            "Request for management attention, English",
            "Request for management attention, Japanese",
            "Request for management attention, both languages",
        ]
        assert english.text_edit == types.TextEdit(
            types.Range(types.Position(1, 0), types.Position(1, 0)),
            f"{OPENING}\n\n{REASON}\n\n$1\n\n{MILESTONE}\n\n$2\n\n{REQUESTER}\n\n"
            f"Name: $3\nPhone: $4\nE-mail: $5\n\n{CLOSING}",
        )
        assert english.insert_text_format == types.InsertTextFormat.Snippet
        assert "氏名: $3\n電話番号: $4\nメールアドレス: $5\n" in japanese.text_edit.new_text
        assert "対応が必要な問題" in both.text_edit.new_text
        assert REASON in both.text_edit.new_text
        (stars, *_) = await editor.complete(2, 3)  # asterisks, or the beginning of a name, are replaced
        assert stars.text_edit.range == types.Range(types.Position(2, 0), types.Position(2, 3))
        assert (stars.label, stars.filter_text) == ("Request for management attention, English", "***")
        (typed, *_) = await editor.complete(3, 3)
        assert typed.text_edit.range == types.Range(types.Position(3, 0), types.Position(3, 3))
        # Editors look for what was typed in the filter or in the label, some with its capitals.
        assert (typed.label, typed.filter_text) == ("request for management attention, English", "req")
        assert await editor.complete(4, 4) == []  # other words
        assert await editor.complete(4, 26) == []


async def test_labels_are_offered_inside_a_section(tmp_path: Path) -> None:
    text = "\n".join(
        [OPENING, REASON, "", MILESTONE, "d", REQUESTER, "Name: Taro Yamada", "", "pho", "氏", "see below", CLOSING, ""]
    )
    async with session(tmp_path) as editor:
        editor.open(text)
        labels = sorted(await editor.complete(7, 0), key=lambda item: item.sort_text)
        assert [item.label for item in labels[:4]] == ["Phone:", "Pager:", "E-mail:", "氏名:"]
        assert labels[-1].label == "Name:"  # it is there already
        (phone, phone_ja) = await editor.complete(8, 3)
        assert [phone.label, phone_ja.label] == ["phone:", "phone (電話番号:)"]
        assert phone.text_edit == types.TextEdit(types.Range(types.Position(8, 0), types.Position(8, 3)), "Phone: ")
        assert phone_ja.text_edit.new_text == "電話番号: "
        assert [item.label for item in await editor.complete(9, 1)] == ["氏名:"]
        assert await editor.complete(10, 5) == []
        assert [item.label for item in await editor.complete(4, 1)] == ["date:", "date (期日:)"]
        assert [item.label for item in await editor.complete(2, 0)] == ["Business impact:", "事業への影響:"]
        assert len(await editor.complete(12, 0)) == 3  # below the request: another form


# -- outline


async def test_the_outline_shows_what_was_read(tmp_path: Path) -> None:
    async with session(tmp_path) as editor:
        editor.open("Hello 🙂\n" + request() + "\n" + request(answers=("", "", "")))
        await editor.diagnostics()
        asked = types.DocumentSymbolParams(types.TextDocumentIdentifier(editor.uri()))
        first, second = await editor.client.text_document_document_symbol_async(asked)
        assert (first.name, first.detail) == ("Request 1", "complete")
        assert (second.name, second.detail, second.children) == ("Request 2", "not filled in", ())
        assert first.range.start == types.Position(1, 0)
        assert [section.name for section in first.children] == ["reason", "milestone", "requester"]
        reason, milestone, requester = first.children
        assert [item.name for item in reason.children] == [
            "impact: The order system is down, 40 stores cannot take orders."
        ]
        assert [item.name for item in milestone.children] == ["type: Go-live", "dates: 2099-12-15"]
        assert [item.name for item in requester.children] == [
            "name: Taro Yamada",
            "phone: +81 3-5555-0100",
            "email: taro.yamada@example.com",
        ]
        phone = requester.children[1]
        assert phone.range == types.Range(types.Position(10, 13), types.Position(10, 28))
        for inner in (*first.children, *requester.children):
            assert first.range.start < inner.range.start <= inner.range.end < first.range.end
            assert inner.selection_range == inner.range


# -- configuration


async def test_the_workspaces_configuration_is_used_and_its_faults_are_told(tmp_path: Path) -> None:
    settings = tmp_path / "ma-lint.toml"
    settings.write_text('region = "JP"\nignore = ["MA202"]\n')
    text = request(answers=("Please help.", ANSWERS[1], "Taro Yamada, 03-5555-0100, taro.yamada@example.com"))
    async with session(tmp_path) as editor:
        editor.open(text)
        assert await editor.diagnostics() == []
        (watched,) = [one for one in editor.registered if one.method == types.WORKSPACE_DID_CHANGE_WATCHED_FILES]
        assert watched.register_options["watchers"][0]["globPattern"] == "**/{ma-lint.toml,pyproject.toml}"

        settings.write_text('regoin = "JP"\n')
        seen = len(editor.published)
        changed = types.FileEvent(settings.as_uri(), types.FileChangeType.Changed)
        editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([changed]))
        (found,) = (await editor.next(seen)).diagnostics
        assert (found.code, found.severity) == ("configuration", types.DiagnosticSeverity.Error)
        assert found.message == (
            f"not checked: the configuration is wrong: {settings}:1: unknown key regoin; did you mean region?"
        )
        assert found.range == types.Range(types.Position(0, 0), types.Position(0, len(OPENING)))
        assert not await editor.actions(found.range, [found])
        editor.change(text + "\n", 2)  # told once, not at every keystroke
        assert len(await editor.diagnostics(2)) == 1
        assert [told.message for told in editor.client.messages] == [f"ma-lint: {found.message}"]

        settings.unlink()
        seen = len(editor.published)
        editor.client.text_document_did_save(
            types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(editor.uri()))
        )
        assert [one.code for one in (await editor.next(seen)).diagnostics] == ["MA202", "MA405"]


async def test_a_document_without_a_file_takes_the_folders_configuration(tmp_path: Path) -> None:
    (tmp_path / "ma-lint.toml").write_text("require = true\n")
    async with session(tmp_path) as editor:
        item = types.TextDocumentItem("untitled:Untitled-1", "plaintext", 7, "")
        editor.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        published = await editor.next(0)
        assert (published.uri, published.version) == ("untitled:Untitled-1", 7)
        assert [found.code for found in published.diagnostics] == ["MA101"]


# -- bad weather


async def test_documents_that_are_not_open(tmp_path: Path) -> None:
    async with session(tmp_path) as editor:
        nowhere = types.Range(types.Position(0, 0), types.Position(0, 0))
        assert await editor.actions(nowhere) is None
        assert await editor.hover(0, 0) is None
        editor.change("secret of Taro Yamada", 2)  # never opened: ignored, and its text told to nobody
        editor.open(request())
        assert await editor.diagnostics() == []
        (logged,) = editor.client.log_messages
        assert logged.message == "ma-lint: a message of the editor could not be dealt with (JsonRpcInternalError)"
        closed = types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(editor.uri()))
        editor.client.text_document_did_close(closed)
        assert (await editor.next(1)).diagnostics == ()
        assert await editor.hover(0, 0) is None


async def test_places_outside_the_text(tmp_path: Path) -> None:
    async with session(tmp_path) as editor:
        editor.open("")
        assert await editor.diagnostics() == []
        assert await editor.hover(99, 99) is None
        assert len(await editor.complete(99, 99)) == 3
        assert not await editor.actions(types.Range(types.Position(5, 5), types.Position(9, 9)))


async def test_of_many_keystrokes_only_the_last_is_checked(tmp_path: Path) -> None:
    whole = request()
    async with session(tmp_path) as editor:
        editor.open("")
        await editor.diagnostics()
        for version in range(2, 202):
            editor.change(whole[: len(whole) * version // 201], version)
        assert await editor.diagnostics(201) == []
        assert len(editor.published) < 20  # of 200 states; a slow machine may come to one or the other between them
        assert editor.published[-1].version == 201


async def test_nothing_is_written_beside_the_protocol(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    async with session(tmp_path) as editor:
        editor.open(request(opening="* Request Management Attention *"))
        await editor.diagnostics()
        await editor.hover(0, 3)
    written = capfd.readouterr()
    assert written.err == ""
    assert written.out == ""


def test_an_editor_that_leaves_without_a_word() -> None:
    ended = subprocess.run(COMMAND, input=b"", capture_output=True, timeout=60)
    assert (ended.returncode, ended.stdout, ended.stderr) == (1, b"", b"")


async def test_over_a_port(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([*COMMAND, "--tcp", str(port), "--lang", "en"], stderr=subprocess.PIPE, text=True)
    try:
        assert server.stderr
        assert server.stderr.readline() == f"ma-lint lsp listens at 127.0.0.1:{port} for one editor; Ctrl-C ends it\n"
        client = LanguageClient(converter_factory=default_converter)
        register_lsp_features(client)
        for _ in range(100):
            try:
                await client.start_tcp("127.0.0.1", port)
                break
            except ConnectionRefusedError:
                await asyncio.sleep(0.1)
        async with asyncio.timeout(30):
            await client.initialize_session(types.InitializeParams(client_capabilities("neovim"), root_uri=None))
            item = types.TextDocumentItem(
                "untitled:1", "plaintext", 1, request(opening="* Request Management Attention *")
            )
            client.text_document_did_open(types.DidOpenTextDocumentParams(item))
            await client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
            assert [found.code for found in client.diagnostics["untitled:1"]] == ["MA104"]
            second = subprocess.run([*COMMAND, "--tcp", str(port)], capture_output=True, text=True, timeout=60)
            assert second.returncode == 2
            assert second.stderr.splitlines()[-1] == (
                f"ma-lint: error: 127.0.0.1:{port}: cannot listen there: another program listens there already"
            )
            await client.shutdown_session()
        assert server.wait(30) == 0
        await client.stop()
    finally:
        server.kill()
        server.communicate()


def test_a_port_that_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lsp", "--tcp", "65536"]) == 2
    assert capsys.readouterr().err == "ma-lint: error: --tcp 65536 is no port: give a number from 1 to 65535\n"


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    for name in [name for name in sys.modules if name.startswith(("ma_template.lsp", "pygls", "lsprotocol"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pygls", None)
    monkeypatch.setitem(sys.modules, "lsprotocol", None)
    assert main(["lsp"]) == 2
    told = "ma-lint: error: ma-lint lsp needs the extra lsp: pip install 'ma-template[lsp]'\n"
    assert capsys.readouterr().err == told


def test_both_languages_say_the_same() -> None:
    words = table("words/lsp")

    def shape(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: shape(inner) for name, inner in value.items()}
        return sorted(re.findall(r"\{\w*\}", value))

    assert shape(words["en"]) == shape(words["ja"])
