"""Signs the webhooks that schemathesis sends, so that it comes past the signature (see test_schemathesis.py)."""

from __future__ import annotations

import hashlib
import hmac
import os
import time
from typing import Any

import requests
import schemathesis
from requests.auth import AuthBase


class _Signature(AuthBase):
    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else body
        now = f"{time.time():.6f}"
        request.headers["X-Time"] = now
        request.headers["X-Signature"] = hmac.new(
            os.environ["FUZZ"].encode(), now.encode() + b"." + body, hashlib.sha256
        ).hexdigest()
        return request


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """Sign what goes to a hook."""
    if case.operation.path == "/v1/hooks/{name}":
        kwargs["auth"] = _Signature()
