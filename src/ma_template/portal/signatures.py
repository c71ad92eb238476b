"""Proves that a webhook comes from who it should, is fresh, and was not answered before."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError
from standardwebhooks.webhooks import EmptyWebhookSecretError

from ma_template.portal.payloads import moment, text_at
from ma_template.portal.problems import ProblemError
from ma_template.portal.settings import Hook


class Seal:
    """Proves the messages of one hook.

    Raises:
        ValueError: the secret is empty, or no Standard Webhooks secret.
    """

    def __init__(self, hook: Hook) -> None:
        self._hook = hook
        self._secret = hook.secret.encode()
        if not self._secret:
            raise ValueError("the secret is empty")
        self._standard = None
        if hook.signature == "standard":
            try:
                self._standard = Webhook(hook.secret)
            except (EmptyWebhookSecretError, ValueError):
                raise ValueError("the secret is none for Standard Webhooks: whsec_ and base64") from None

    def prove(self, headers: Mapping[str, str], body: bytes) -> str:
        """Return the proven signature.

        Raises:
            ProblemError: it is missing or wrong, or its time is too far from now.
        """
        return self._prove_standard(headers, body) if self._standard else self._prove_plain(headers, body)

    def prove_time(self, payload: Any) -> None:
        """See whether the time in a payload, which is signed with it, is near enough.

        Raises:
            ProblemError: it is not there, or too far from now.
        """
        if self._hook.timestamp is not None:
            self._near(text_at(payload, self._hook.timestamp))

    def _prove_standard(self, headers: Mapping[str, str], body: bytes) -> str:
        assert self._standard
        named = {name: headers.get(name, "") for name in ("webhook-id", "webhook-timestamp", "webhook-signature")}
        self._near(named["webhook-timestamp"])
        try:
            self._standard.verify(body, named, json_parse=False)
        except (WebhookVerificationError, ValueError):  # ValueError: what is no base64 or UTF-8 at all
            raise ProblemError("signature-wrong") from None
        return named["webhook-id"] + named["webhook-timestamp"]

    def _prove_plain(self, headers: Mapping[str, str], body: bytes) -> str:
        hook = self._hook
        given = headers.get(hook.header, "")
        timestamp = headers.get(hook.timestamp_header, "") if hook.timestamp_header else ""
        before, _, after = hook.signed.partition("{body}")
        signed = before.replace("{timestamp}", timestamp).encode() + body + after.encode()
        expected = hmac.digest(self._secret, signed, hashlib.sha256)
        if not given.startswith(hook.prefix) or not hmac.compare_digest(
            _decoded(given[len(hook.prefix) :].strip(), hook.encoding), expected
        ):
            raise ProblemError("signature-wrong")
        if hook.timestamp_header:
            self._near(timestamp)
        return expected.hex()

    def _near(self, written: str | None) -> None:
        signed_at = moment(written)
        if signed_at is None:
            raise ProblemError("signature-wrong")
        if signed_at.tzinfo is None:
            signed_at = signed_at.replace(tzinfo=UTC)
        if abs((datetime.now(UTC) - signed_at).total_seconds()) > self._hook.tolerance:
            raise ProblemError("signature-stale", seconds=self._hook.tolerance)


def _decoded(signature: str, encoding: str) -> bytes:
    try:
        return bytes.fromhex(signature) if encoding == "hex" else base64.b64decode(signature, validate=True)
    except (ValueError, binascii.Error):
        return b""


class Answered:
    """Remembers which messages were answered: an empty file each, so that all workers know. Names are digests."""

    def __init__(self, folder: Path, seconds: int) -> None:
        self._folder = folder
        self._seconds = 2 * seconds  # a message is fresh from `seconds` before to `seconds` after its own time
        self._swept = time.monotonic()

    def remember(self, hook: str, signature: str) -> Path:
        """Remember a message. The file returned is its memory: who cannot answer after all removes it.

        Raises:
            ProblemError: it was answered before.
        """
        self._sweep()
        memory = self._folder / hashlib.sha256(f"{hook} {signature}".encode()).hexdigest()
        try:
            os.close(os.open(memory, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            raise ProblemError("replayed") from None
        return memory

    def _sweep(self) -> None:
        now = time.monotonic()
        if now - self._swept < self._seconds:
            return
        self._swept = now
        oldest = time.time() - self._seconds
        with os.scandir(self._folder) as entries:
            for entry in entries:
                if len(entry.name) == 64 and entry.stat().st_mtime < oldest:
                    Path(entry.path).unlink(missing_ok=True)
