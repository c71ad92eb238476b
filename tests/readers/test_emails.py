"""E-mail addresses, good, doubtful and broken: the table, and the judge."""

from __future__ import annotations

import pytest
from contact_helpers import judged_emails, read, rows

from ma_template.judges import EmailVerdict, judge_email

CASES = [(row["emails"], text) for row in rows("emails") for text in row["lines"]]


@pytest.mark.parametrize(("emails", "text"), CASES)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_addresses_are_read(emails: list[str], text: str, language: str) -> None:
    assert judged_emails(read(text, language).requester.emails) == emails


@pytest.mark.parametrize(
    ("address", "verdict"),
    [
        ("taro@example.com", EmailVerdict("taro@example.com", True)),
        ("o'hara@example.org", EmailVerdict("o'hara@example.org", True)),
        # MA409: in use, and refused by the standard
        ("ops@corp.local", EmailVerdict("ops@corp.local", None)),
        ("ops@hq.test", EmailVerdict("ops@hq.test", None)),
        ("a..b@docomo.ne.jp", EmailVerdict("a..b@docomo.ne.jp", None)),
        ("x.@ezweb.ne.jp", EmailVerdict("x.@ezweb.ne.jp", None)),
        ("taro@docomo.ne.jp", EmailVerdict("taro@docomo.ne.jp", True)),
        # MA407
        ("a..b@example.com", EmailVerdict(None, False)),
        ("x.@example.com", EmailVerdict(None, False)),
        (".x@docomo.ne.jp", EmailVerdict(None, False)),
        ("ops@corp", EmailVerdict(None, False)),
        ("ops@localhost", EmailVerdict(None, False)),
        ("@corp.local", EmailVerdict(None, False)),
        ("a@@corp.local", EmailVerdict(None, False)),
        ("taro@example.c", EmailVerdict(None, False)),
        ("x" * 65 + "@example.com", EmailVerdict(None, False)),
        ("x" * 9_999 + "@example.com", EmailVerdict(None, False)),
        ("taro.example.com", EmailVerdict(None, False)),
        ("", EmailVerdict(None, False)),
    ],
)
def test_judge(address: str, verdict: EmailVerdict) -> None:
    assert judge_email(address) == verdict


@pytest.mark.parametrize(
    ("text", "raw"),
    [
        ("Taro <taro@example.com>,", "taro@example.com"),
        ("[taro@example.com](mailto:taro@example.com)", "taro@example.com"),
        ("ＭＡＩＬ：ｔａｒｏ＠ｅｘａｍｐｌｅ．ｃｏｍ　", "ｔａｒｏ＠ｅｘａｍｐｌｅ．ｃｏｍ"),
        ("taro\u200b@example.com.", "taro\u200b@example.com"),
        ("E-mail: taro at example dot com\n", "taro at example dot com"),
    ],
)
def test_span_is_the_address(text: str, raw: str) -> None:
    (email,) = read(text, "en").requester.emails
    assert text[email.span.start : email.span.end] == raw
