"""--check-mail-domain (MA408). The DNS is stubbed everywhere: tests ask nobody."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dns.exception
import dns.resolver
import pytest

from ma_template.cli import main
from ma_template.resolver import MailDomains

Captured = pytest.CaptureFixture[str]

ZONES: dict[str, dict[str, list[str]] | type[Exception]] = {
    "mail.example.com": {"MX": ["mx.example.com."]},
    "plain.example.com": {"A": ["192.0.2.1"]},
    "new.example.com": {"AAAA": ["2001:db8::1"]},
    "refuses.example.com": {"MX": ["."]},
    "empty.example.com": {},
    "gone.example.com": dns.resolver.NXDOMAIN,
    "slow.example.com": dns.exception.Timeout,
    "broken.example.com": dns.resolver.NoNameservers,
    "xn--wgv71a.example.com": {"MX": ["mx.example.com."]},
}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Stub the DNS and return the list of names that are asked for."""
    names: list[str] = []

    def resolve(self: object, name: str, kind: str, lifetime: float) -> list[Any]:
        assert lifetime < 10
        if kind == "MX":
            names.append(name)
        zone = ZONES[name]
        if isinstance(zone, type):
            raise zone
        if kind not in zone:
            raise dns.resolver.NoAnswer(response=SimpleNamespace(question=[""]))
        return [SimpleNamespace(exchange=server) for server in zone[kind]]

    monkeypatch.setattr("dns.resolver.Resolver.__init__", lambda self: None)
    monkeypatch.setattr("dns.resolver.Resolver.resolve", resolve)
    return names


@pytest.mark.parametrize(
    ("domain", "takes_mail"),
    [
        ("mail.example.com", True),
        ("MAIL.example.com", True),
        ("日本.example.com", True),
        ("plain.example.com", True),  # no mail server: mail goes to the address itself
        ("new.example.com", True),
        ("refuses.example.com", False),  # RFC 7505
        ("empty.example.com", False),
        ("gone.example.com", False),
        ("-.example.com\u2488", False),  # no domain at all
    ],
)
def test_domains(domain: str, takes_mail: bool, asked: list[str]) -> None:
    resolver = MailDomains()
    assert resolver(domain) is takes_mail
    assert resolver(domain) is takes_mail
    assert len(asked) <= 1  # a domain is asked for once
    assert not resolver.silent


@pytest.mark.parametrize("domain", ["slow.example.com", "broken.example.com"])
def test_no_answer_is_no_verdict(domain: str, asked: list[str]) -> None:
    resolver = MailDomains()
    assert resolver("mail.example.com")
    for _ in range(2):
        with pytest.raises(OSError, match="does not answer"):
            resolver(domain)
    assert resolver.silent
    assert resolver("plain.example.com")  # others may still be answered
    assert asked == ["mail.example.com", domain, "plain.example.com"]


def test_a_dns_that_never_answered_is_not_waited_for_again(asked: list[str]) -> None:
    resolver = MailDomains()
    for domain in ("slow.example.com", "mail.example.com"):
        with pytest.raises(OSError, match="does not answer"):
            resolver(domain)
    assert asked == ["slow.example.com"]


UPDATE = """\
*** Request Management Attention ***
Reason: billing has stopped, and 400 invoices a day cannot be sent
Milestone: go-live on 15 December 2026
Requester: Taro Yamada, +81 3-5555-0123, taro.yamada@{domain}
*** Request Management Attention ***
"""


@pytest.mark.parametrize(
    ("domain", "options", "finding", "warned"),
    [
        ("gone.example.com", ["--check-mail-domain"], True, False),
        ("gone.example.com", [], False, False),
        ("mail.example.com", ["--check-mail-domain"], False, False),
        ("slow.example.com", ["--check-mail-domain"], False, True),
        ("slow.example.com", ["--check-mail-domain", "--lang", "ja"], False, True),
    ],
)
def test_the_command(
    domain: str, options: list[str], finding: bool, warned: bool, asked: list[str], tmp_path: Path, capsys: Captured
) -> None:
    for number in range(3):
        (tmp_path / f"{number}.txt").write_text(UPDATE.format(domain=domain))
    assert main(["--as-of", "2026-11-23", "--quiet", *options, str(tmp_path)]) == 0
    printed, told = capsys.readouterr()
    assert printed.count("MA408") == (3 if finding else 0)
    assert told.count("\n") == warned  # one line, however many domains
    assert ("MA408" in told) == warned
    assert bool(asked) == bool(options)
