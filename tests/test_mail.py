"""Mail files: which parts are the text, how they are decoded, and what becomes of damaged ones."""

from __future__ import annotations

import contextlib
import json
from email.message import EmailMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import examples
from ma_template import check
from ma_template.cli import main
from ma_template.files import read
from ma_template.mail import NoTextError, read_mail

REQUEST = """\
*** 管理者による対応を要請 ***
理由：①㈱例示の受注が止まります。
マイルストーン：本番稼働 2026年12月1日
要請者：髙橋 花子 03-5555-0123 hanako@example.co.jp
*** 管理者による対応を要請 ***
"""


def message(body: bytes, *heads: str) -> bytes:
    return "\r\n".join(("From: a@example.com", "Subject: SR", *heads, "", "")).encode() + body


@pytest.mark.parametrize("transfer", ["base64", "quoted-printable", "8bit"])
@pytest.mark.parametrize(("charset", "codec"), [("utf-8", "utf-8"), ("Shift_JIS", "cp932"), ("iso-2022-jp", "cp932")])
def test_a_request_in_a_mail(transfer: str, charset: str, codec: str, tmp_path: Path) -> None:
    import base64
    import quopri

    from ma_template.encodings import encode

    text = REQUEST.replace("\n", "\r\n")
    data = encode(text, charset)
    body = {"base64": base64.encodebytes, "quoted-printable": quopri.encodestring, "8bit": bytes}[transfer](data)
    path = tmp_path / "request.EML"
    path.write_bytes(
        message(body, f'Content-Type: text/plain; charset="{charset}"', f"Content-Transfer-Encoding: {transfer}")
    )
    found = read(str(path))
    assert found.text == text  # type: ignore[union-attr]
    report = check(found.text, as_of="2026-11-23")  # type: ignore[union-attr]
    assert report.status == "complete"
    assert report == check(text, as_of="2026-11-23")
    assert report.blocks[0].requester is not None
    assert report.blocks[0].requester.name == "髙橋 花子"


def test_the_report_names_the_file_and_the_part_s_encoding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "request.eml"
    path.write_bytes(message(REQUEST.encode("cp932"), "Content-Type: text/plain; charset=shift_jis"))
    assert main(["--as-of", "2026-11-23", "--format", "json", str(path)]) == 0
    document = json.loads(capsys.readouterr().out)["documents"][0]
    assert (document["source"], document["encoding"], document["status"]) == (str(path), "cp932", "complete")
    span = document["blocks"][0]["requester"]["emails"][0]["span"]
    assert REQUEST[span["start"] : span["end"]] == "hanako@example.co.jp"


# -- charsets that are wrong or missing


@pytest.mark.parametrize(
    ("head", "data", "encoding"),
    [
        (None, "本日".encode("iso2022_jp"), "iso-2022-jp"),
        (None, "至急です。本日".encode(), "utf-8"),
        ("us-ascii", "本日".encode("iso2022_jp"), "iso-2022-jp"),
        ("us-ascii", "至急です。本日".encode("cp932"), "cp932"),
        ("iso-8859-1", "至急です。本日".encode(), "utf-8"),
        ("iso-8859-1", "café".encode("latin-1"), "iso8859-1"),
        ("utf-8", "至急です。本日".encode("cp932"), "cp932"),
        ("x-no-such", "至急です。本日".encode("euc_jp"), "euc-jp"),
        ("rot13", b"text", "utf-8"),
        ("shift_jis", "①髙".encode("cp932"), "cp932"),
        ('"', b"text", "utf-8"),
    ],
)
def test_a_charset_that_is_wrong(head: str | None, data: bytes, encoding: str) -> None:
    heads = [f"Content-Type: text/plain; charset={head}"] if head else []
    found = read_mail(message(data, *heads))
    assert found.encoding == encoding
    assert found.text == data.decode({"iso-2022-jp": "iso2022_jp"}.get(encoding, encoding))


def test_the_encoding_asked_for_is_for_parts_that_do_not_say_theirs() -> None:
    data = "至急です".encode("utf-16-le")
    assert read_mail(message(data), "utf-16-le").text == "至急です"
    assert (
        read_mail(message("至急です".encode(), "Content-Type: text/plain; charset=utf-8"), "cp932").text == "至急です"
    )


# -- parts


def test_plain_text_comes_before_html() -> None:
    mail = EmailMessage()
    mail.set_content("the plain one\n")
    mail.add_alternative("<p>the other</p>", subtype="html")
    mail.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="a.png")
    mail.add_attachment("an attached log", filename="log.txt")
    assert read_mail(bytes(mail)).text == "the plain one\n"


def test_a_blank_plain_text_gives_way_to_html() -> None:
    mail = EmailMessage()
    mail.set_content("\n \n")
    mail.add_alternative("<p>the other</p>", subtype="html")
    assert read_mail(bytes(mail)).text == "the other\n"


def test_all_parts_shown_in_line_are_read() -> None:
    mail = MIMEMultipart()
    mail.attach(MIMEText("first\n", "plain", "iso-2022-jp"))
    shown = MIMEText("shown\n")
    shown.add_header("Content-Disposition", "inline", filename="shown.txt")
    hidden = MIMEText("hidden\n")
    hidden.add_header("Content-Disposition", "attachment", filename="hidden.txt")
    mail.attach(hidden)
    mail.attach(shown)
    found = read_mail(mail.as_bytes())
    assert found.text == "first\n\nshown\n"
    assert found.encoding == "iso-2022-jp"


def test_a_forwarded_message_is_read() -> None:
    inner = EmailMessage()
    inner.set_content("inner\n")
    outer = EmailMessage()
    outer.set_content("outer\n")
    outer.make_mixed()
    outer.attach(MIMEMultipart("digest", None, []))
    raw = bytes(outer)
    forwarded = MIMEMultipart()
    from email.mime.message import MIMEMessage

    forwarded.attach(MIMEText("outer\n"))
    forwarded.attach(MIMEMessage(inner))
    assert read_mail(forwarded.as_bytes()).text == "outer\n\ninner\n"
    assert read_mail(raw).text == "outer\n"


# -- HTML


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>one<p>two", "one\n\ntwo\n"),
        ("<p class=MsoNormal>one</p><p class=MsoNormal>two</p>", "one\ntwo\n"),
        ("one<br>two<br/><br>three", "one\ntwo\n\nthree\n"),
        ("<div>one</div><div>two\n  words</div>", "one\ntwo words\n"),
        ("<table><tr><td>Name:</td><td>Taro</td></tr><tr><td>Tel</td><td>1</td></tr></table>", "Name:\tTaro\nTel\t1\n"),
        ("<ul><li>one</li><li>two</li></ul>", "- one\n- two\n"),
        ("<pre>a\n  b</pre>c", "a\n  b\n\nc\n"),
        ("a &lt;b&gt; &#9312; &nbsp;c", "a <b> ① \u00a0c\n"),
        ("<head><title>t</title><style>p{}</style></head><body>one<script>x()</script></body>", "one\n"),
        ("<title>never closed<body>one", "one\n"),
        ("a<!-- <p>no</p> -->b<!--[if !mso]><!-->c<!--<![endif]-->d", "abcd\n"),
        ("one<!-- never closed", "one\n"),
        ("5 < 6 and 7 > 3", "5 < 6 and 7 > 3\n"),
        ('one<blockquote type="cite">two<br>three</blockquote>four', "one\n> two\n> three\nfour\n"),
        ('<blockquote style="margin-left:2em">in</blockquote>', "in\n"),
        ("*** <b>Request</b> Management&nbsp;Attention ***", "*** Request Management\u00a0Attention ***\n"),
    ],
)
def test_html_is_read_as_it_is_seen(html: str, text: str) -> None:
    assert read_mail(message(html.encode(), "Content-Type: text/html; charset=utf-8")).text == text


def test_a_request_in_html(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    html = "".join(f"<div>{line or '<br>'}</div>" for line in REQUEST.splitlines())
    found = read_mail(message(html.encode("cp932"), "Content-Type: text/html; charset=shift_jis"))
    assert found.text == REQUEST
    assert check(found.text, as_of="2026-11-23").status == "complete"


@pytest.mark.parametrize("piece", ["<a ", "<!--", "<", "&#", "<div>", "<a b='", "</", "<![CDATA[", "<td>", "<b>x"])
def test_hostile_html_takes_time_that_grows_with_its_length(piece: str) -> None:
    import time

    def taken(count: int) -> float:
        data = message((piece * count).encode() + b" x", "Content-Type: text/html")
        start = time.process_time()
        with contextlib.suppress(NoTextError):
            read_mail(data)
        return time.process_time() - start

    taken(100)
    assert taken(20_000) < 25 * max(taken(2_000), 0.002)


# -- damage


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (message(b"aGVsbG8gd29ybGQ", "Content-Transfer-Encoding: base64"), "hello world"),  # its padding is lost
        (message(b"aGVs*bG8=", "Content-Transfer-Encoding: base64"), "hello"),
        (message(b"caf=C3=A9 =ZZ =", "Content-Transfer-Encoding: quoted-printable"), "café =ZZ "),
        (message(b"text", "Content-Transfer-Encoding: no-such"), "text"),
        (message(b"text", "Content-Type: ;;;"), "text"),
        (message(b"text", "Content-Type: multipart/mixed"), "text"),
        (message(b"text", 'Content-Type: multipart/mixed; boundary="b"'), "text"),
        (message(b"--b\r\n\r\ntext\r\n", 'Content-Type: multipart/mixed; boundary="b"'), "text"),  # never closed
        (b"no head at all", "no head at all"),
        (b"\xef\xbb\xbfSubject: x\n\ntext", "text"),
        (b"From me Mon Nov 23\nSubject: x\n\ntext", "text"),
        (message(b"\xff\xfe\xfd \x81", "Content-Type: text/plain; charset=utf-8"), "\ufffd\ufffd\ufffd \ufffd"),
    ],
)
def test_damaged_mail_is_read_as_far_as_it_goes(data: bytes, text: str) -> None:
    assert read_mail(data).text == text


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        b"Subject: x\n\n",
        message(b"\x89PNG", "Content-Type: image/png"),
        message(b"text", "Content-Disposition: attachment"),
        b"".join(
            b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (depth, depth) for depth in range(600)
        ),
    ],
    ids=["nothing", "blank", "head", "picture", "attachment", "nested"],
)
def test_a_mail_without_text(data: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(NoTextError):
        read_mail(data)
    (tmp_path / "a.eml").write_bytes(data)
    assert main([str(tmp_path / "a.eml")]) == 2
    assert "the mail holds no text" in capsys.readouterr().err


HEADS = [
    "Content-Type: ",
    "multipart/",
    "text/plain; charset=",
    "boundary=b",
    "--b",
    "\n",
    "\n\n",
    "base64",
    "=?utf-8?b?",
]


@examples(200)
@given(st.lists(st.one_of(st.sampled_from(HEADS).map(str.encode), st.binary(max_size=8)), max_size=12))
def test_no_mail_makes_it_fail(pieces: list[bytes]) -> None:
    data = b"".join(pieces)
    try:
        found = read_mail(data)
    except NoTextError:
        return
    assert found.text.strip()


def test_standard_input_may_be_a_mail(
    capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    import io
    import sys
    from types import SimpleNamespace

    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(message(REQUEST.encode("cp932")))))
    found = read("-", "a.eml")
    assert found.encoding == "cp932"  # type: ignore[union-attr]
    assert found.text == REQUEST  # type: ignore[union-attr]
