"""`ma-lint lsp`: talks to an editor over standard input and output, or over a port of this machine.

Texts are kept in memory while they are open, and told to nobody: the log of pygls, which quotes what it was sent, is
switched off, and what goes wrong in here is told by the kind of error and the place in the code alone.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sys
from collections.abc import Callable
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcInternalError
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path
from pygls.workspace import PositionCodec

from ma_template import __version__
from ma_template.lsp.documents import Document, Wishes
from ma_template.report import wordless
from ma_template.settings import OWN_FILE, SHARED_FILE
from ma_template.wording import table

NAME = "ma-lint"
HOST = "127.0.0.1"

_PAUSE = 0.2  # seconds without a keystroke after which a text is checked
_WATCHED = f"**/{{{OWN_FILE},{SHARED_FILE}}}"


def serve(wishes: Wishes, *, port: int | None = None, keep_lang: bool = False) -> int:
    """Serve one editor until it leaves. Return the exit status: 0, or 1 where it left without `shutdown`.

    Args:
        wishes: what the command line asks for; the editor's settings change it.
        port: listen there instead of using standard input and output.
        keep_lang: speak the language of `wishes`, not that of the editor.

    Raises:
        OSError: the port cannot be listened at.
    """
    logging.getLogger("pygls").setLevel(logging.CRITICAL + 1)
    server = Server(wishes, keep_lang=keep_lang)
    words = table("words/lsp")[wishes.lang]
    if port is not None:
        print(words["listening"].format(address=f"{HOST}:{port}"), file=sys.stderr)
        server.start_tcp(HOST, port)
        return 0 if server.dismissed else 1
    if sys.stdin.isatty():
        print(words["terminal"], file=sys.stderr)
    # pygls closes what it writes to, which standard output must outlive; and nobody else may write there meanwhile.
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as out, contextlib.redirect_stdout(sys.stderr):
        server.start_io(stdout=out)
    return 0 if server.dismissed else 1


class Server(LanguageServer):
    """Keeps the documents that are open, and answers for them. `dismissed`: the editor has asked it to shut down."""

    def __init__(self, wishes: Wishes, *, keep_lang: bool = False) -> None:
        super().__init__(NAME, __version__, text_document_sync_kind=types.TextDocumentSyncKind.Full)
        self._wishes = wishes
        self._keep_lang = keep_lang
        self.dismissed = False
        self._documents: dict[str, Document] = {}
        self._waiting: dict[str, asyncio.Task[None]] = {}
        self._told: set[str] = set()  # what is wrong with the configuration, told once
        self._register()

    def _register(self) -> None:
        from ma_template.lsp import completing, diagnosing, fixes, outline

        def notified(method: str, take: Callable[[Any], None]) -> None:
            self.feature(method)(lambda params: take(params))

        def asked(method: str, answer: Callable[[Document, Any], Any], options: Any = None) -> None:
            async def answered(params: Any) -> Any:
                document = self._documents.get(params.text_document.uri)
                if document is None:
                    return None
                try:
                    return await asyncio.to_thread(answer, document, params)
                except Exception as error:
                    raise JsonRpcInternalError(self._failure(error)) from None

            self.feature(method, options)(answered)

        notified(types.INITIALIZE, self._begin)
        notified(types.INITIALIZED, self._ask_for_more)
        notified(types.SHUTDOWN, self._dismiss)
        notified(types.TEXT_DOCUMENT_DID_OPEN, lambda params: self._changed(params.text_document.uri, 0))
        notified(types.TEXT_DOCUMENT_DID_CHANGE, lambda params: self._changed(params.text_document.uri, _PAUSE))
        notified(types.TEXT_DOCUMENT_DID_SAVE, lambda _: self._check_all())
        notified(types.TEXT_DOCUMENT_DID_CLOSE, lambda params: self._closed(params.text_document.uri))
        notified(types.WORKSPACE_DID_CHANGE_CONFIGURATION, self._settings_changed)
        notified(types.WORKSPACE_DID_CHANGE_WATCHED_FILES, self._files_changed)
        asked(
            types.TEXT_DOCUMENT_CODE_ACTION,
            lambda document, params: fixes.actions(document, params, versioned=self._can("versioned")),
            types.CodeActionOptions(code_action_kinds=list(fixes.KINDS)),
        )
        asked(
            types.TEXT_DOCUMENT_COMPLETION,
            lambda document, params: completing.complete(document, params.position, snippets=self._can("snippets")),
            types.CompletionOptions(trigger_characters=["*"]),
        )
        asked(
            types.TEXT_DOCUMENT_HOVER,
            lambda document, params: diagnosing.explained(document, params.position, as_markdown=self._can("markdown")),
        )
        asked(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, lambda document, _: outline.outline(document))

    # --- what the editor can do, and wants

    def _can(self, what: str) -> bool:
        """Tell whether the editor knows something that not all do."""
        able = self.client_capabilities
        text, workspace = able.text_document, able.workspace
        if what == "snippets":
            item = text and text.completion and text.completion.completion_item
            return bool(item and item.snippet_support)
        if what == "markdown":
            return types.MarkupKind.Markdown in ((text and text.hover and text.hover.content_format) or ())
        if what == "versioned":
            return bool(workspace and workspace.workspace_edit and workspace.workspace_edit.document_changes)
        if what == "settings":
            return bool(workspace and workspace.configuration)
        watching = workspace and workspace.did_change_watched_files
        return bool(watching and watching.dynamic_registration)

    def _begin(self, params: types.InitializeParams) -> None:
        if params.locale and not self._keep_lang:
            self._wishes = self._wishes._replace(lang="ja" if params.locale.lower().startswith("ja") else "en")
        self._wish(params.initialization_options)

    def _ask_for_more(self, _: types.InitializedParams) -> None:
        if self._can("watching"):
            watched = types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher(_WATCHED)])
            wanted = types.Registration("settings", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, watched)
            self.client_register_capability(types.RegistrationParams([wanted]))
        self._ask_for_settings()

    def _settings_changed(self, params: types.DidChangeConfigurationParams) -> None:
        given = params.settings
        if isinstance(given, dict) and NAME in given:
            self._wish(given[NAME])
            self._check_all()
        else:
            self._ask_for_settings()

    def _dismiss(self, _: None) -> None:
        self.dismissed = True

    def _files_changed(self, _: types.DidChangeWatchedFilesParams) -> None:
        self._told.clear()
        self._check_all()

    def _ask_for_settings(self) -> None:
        def take(answer: Any) -> None:
            if answer and answer[0]:
                self._wish(answer[0])
                self._check_all()

        if self._can("settings"):
            asked = types.ConfigurationParams([types.ConfigurationItem(section=NAME)])
            self.workspace_configuration(asked, take)

    def _wish(self, given: Any) -> None:
        """Take the editor's settings: `lang` and `pages`. Others are of no concern here."""
        if not isinstance(given, dict):
            return
        lang, pages = given.get("lang"), given.get("pages")
        for key, value, fine in (("lang", lang, lang in ("en", "ja")), ("pages", pages, isinstance(pages, str))):
            if not value:
                continue
            if fine:
                self._wishes = self._wishes._replace(**{key: value})
            else:
                words = self._words
                self._show(words["setting"].format(key=key, wanted=words["wanted"][key]), types.MessageType.Warning)

    @property
    def _words(self) -> dict[str, Any]:
        words: dict[str, Any] = table("words/lsp")[self._wishes.lang]
        return words

    # --- documents

    def _changed(self, uri: str, pause: float) -> None:
        """Take the new text of a document, and check it when nobody has typed for a while."""
        given = self.workspace.get_text_document(uri)
        path = to_fs_path(uri) or self.workspace.root_path or os.getcwd()
        codec: PositionCodec = self.workspace.position_codec
        self._documents[uri] = Document(uri, given.version, path, given.source, self._wishes, codec)
        if uri in self._waiting:
            self._waiting[uri].cancel()
        self._waiting[uri] = asyncio.create_task(self._check(uri, pause))

    def _closed(self, uri: str) -> None:
        self._documents.pop(uri, None)
        if task := self._waiting.pop(uri, None):
            task.cancel()
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))

    def _check_all(self) -> None:
        for uri in self._documents:
            self._changed(uri, 0)

    async def _check(self, uri: str, pause: float) -> None:
        from ma_template.lsp.diagnosing import diagnose

        await asyncio.sleep(pause)
        document = self._documents[uri]
        try:
            found = await asyncio.to_thread(diagnose, document)
        except Exception as error:
            self._show(self._failure(error), types.MessageType.Error)
            return
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, found, document.version))
        wrong = {one.message for one in found if one.code == "configuration"}
        for message in sorted(wrong - self._told):
            self._show(message, types.MessageType.Error)
        self._told |= wrong

    # --- what goes wrong

    def _show(self, message: str, kind: types.MessageType) -> None:
        self.window_show_message(types.ShowMessageParams(kind, f"{NAME}: {message}"))

    def _failure(self, error: BaseException) -> str:
        """Say what went wrong without its words, which may be the document's."""
        return str(self._words["failed"].format(error=wordless(error)))

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Say in the editor's log that a message could not be dealt with; not what was in it."""
        told = self._words["undone"].format(error=type(error).__name__)
        self.window_log_message(types.LogMessageParams(types.MessageType.Error, f"{NAME}: {told}"))
