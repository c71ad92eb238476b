"""E-mail addresses, good, doubtful and broken: the table, and the judge."""

from __future__ import annotations

import subprocess
import sys

import pytest
from contact_helpers import judged_emails, read, rows
from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email
from hypothesis import given
from hypothesis import strategies as st

from ma_template.judges import EmailVerdict, judge_email
from ma_template.wording import table

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


LABELS = st.text("ab-AX9n", min_size=1, max_size=6)
LOCALS = st.text("az09._+-", min_size=1, max_size=8) | st.sampled_from(["info", "a" * 64, "a" * 65])


@given(LOCALS, st.lists(LABELS, min_size=1, max_size=3), st.sampled_from(["com", "Jp", "c3", "test", "a" * 64]))
def test_what_looks_plain_is_taken_as_the_library_does(local: str, labels: list[str], top: str) -> None:
    """email-validator is not loaded for plain addresses; for what is taken without it, it would say the same."""
    address = f"{local}@{'.'.join(labels)}.{top}"
    try:
        theirs = validate_email(address, check_deliverability=False, strict=True).normalized
    except EmailNotValidError:
        theirs = None
    if top != "test":  # ruling MA409: an internal domain
        assert judge_email(address) == EmailVerdict(theirs, theirs is not None)


def test_domains_that_the_library_refuses_are_internal() -> None:
    assert set(SPECIAL_USE_DOMAIN_NAMES) <= set(table("words/contacts")["email"]["internal"])


def test_a_plain_address_does_not_load_the_library() -> None:
    code = "import sys; from ma_template.judges import judge_email; judge_email('taro.yamada@example.co.jp')"
    done = [sys.executable, "-c", f"{code}; sys.exit('email_validator' in sys.modules)"]
    subprocess.run(done, timeout=60, check=True)


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
