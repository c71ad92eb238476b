"""What the fuzzer found once (fixtures/fuzz), and what it begins with, holds."""

from __future__ import annotations

import json
import sys
from email.message import EmailMessage
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from targets import TARGETS

from conftest import FIXTURES

FOUND = sorted(path for path in (FIXTURES / "fuzz").rglob("*") if path.is_file() and path.suffix != ".md")
UPDATES = sorted(path for folder in ("bad", "good", "cli") for path in (FIXTURES / folder).rglob("*.txt"))


@pytest.mark.parametrize("path", FOUND, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_kept_cases(path: Path) -> None:
    TARGETS[path.parent.name](path.read_bytes())


@pytest.mark.parametrize("target", ["check", "decoder"])
def test_updates(target: str) -> None:
    for path in UPDATES:
        TARGETS[target](path.read_bytes())


def test_mails() -> None:
    for path in UPDATES:
        message = EmailMessage()
        message.set_content(path.read_bytes().decode())
        TARGETS["mail"](message.as_bytes())


def test_messages() -> None:
    for path in UPDATES:
        TARGETS["webhook"](json.dumps({"text": path.read_bytes().decode(), "sr": 7}).encode())


def test_seals() -> None:
    for heads in ("sha256=00\n1795424400", "v1,AAAA\nmsg_1 1795424400", "\n2026-11-23T09:00:00Z", "é\n", ""):
        TARGETS["signature"](f"{heads}\n{{}}".encode())
