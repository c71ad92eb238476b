"""Bytes to text and back: every encoding is told right, damage is told as such, and nothing else is raised."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

import ma_template
from conftest import FIXTURES, examples
from ma_template import check
from ma_template.encodings import (
    Decoded,
    EncodingError,
    UndecodableError,
    UnencodableError,
    UnknownEncodingError,
    canonical,
    decode,
    encode,
)
from ma_template.files import Update, read

# Python's codec that writes it -> what a report calls it.
SEVEN = {
    "utf-8": "utf-8",
    "utf-8-sig": "utf-8-sig",
    "utf-16": "utf-16",
    "utf-16-le": "utf-16-le",
    "cp932": "cp932",
    "euc_jp": "euc-jp",
    "iso2022_jp": "iso-2022-jp",
}
NAMES = sorted({*SEVEN.values(), "utf-16-be", "cp1252", "iso8859-1", "koi8-r", "gb18030"} - {"utf-8-sig"})


# CP932 has its own idea of what these two are; the readers take either.
CP932 = {ord("～"): "〜", ord("－"): "−"}


# -- the same updates in every encoding


def _for_all(text: str) -> str:
    """Replace what one of the encodings lacks, so that the same text can be written in all of them."""
    text = text.translate(CP932)
    writable = []
    for char in text:
        try:
            for codec in SEVEN:
                char.encode(codec)
            writable.append(char)
        except UnicodeEncodeError:
            writable.append("?")
    return "".join(writable)


@pytest.mark.parametrize("codec", SEVEN)
def test_the_same_updates_give_the_same_reports(codec: str, tmp_path: Path) -> None:
    updates = sorted((FIXTURES / "devset").glob("*.txt"))
    assert len(updates) == 80
    for update in updates:
        text = _for_all(update.read_bytes().decode())
        (tmp_path / update.name).write_bytes(text.encode(codec))
        found = read(str(tmp_path / update.name))
        assert isinstance(found, Update)
        assert found.encoding == ("utf-8" if text.isascii() and not codec.startswith("utf-") else SEVEN[codec])
        given, expected = (check(read, as_of="2026-11-23").model_dump_json() for read in (found.text, text))
        assert given.translate(CP932) == expected


# -- very short files


def _short(generator: random.Random) -> tuple[str, str]:
    """Return a text of realistic scraps and the codec it is to be written with: 10 to 60 bytes."""
    scraps = yaml.load((FIXTURES / "tables/encodings.yaml").read_text("utf-8"), yaml.CSafeLoader)
    while True:
        language = generator.choice(("en", "ja", "ja"))
        blank = generator.choice((" ", "\n", "\r\n"))
        text = blank.join(generator.sample(scraps[language], generator.randint(1, 3)))
        codec = generator.choice([*SEVEN, "utf-16-be"])
        try:
            if 10 <= len(text.encode(codec)) <= 60:
                return text, codec
        except UnicodeEncodeError:  # ① in Python's EUC-JP
            continue


def test_short_files_are_told_right() -> None:
    generator = random.Random(20261123)
    wrong = []
    for _ in range(200):
        text, codec = _short(generator)
        expected = "utf-8" if text.isascii() and not codec.startswith("utf-") else SEVEN.get(codec, codec)
        try:
            found = decode(text.encode(codec))
        except EncodingError as error:
            wrong.append((text, codec, str(error)))
            continue
        if (found.text, found.encoding) != (text, expected):
            wrong.append((text, codec, found.encoding))
    assert len(wrong) <= 4, wrong  # 98 of 100


@pytest.mark.parametrize(
    ("data", "encoding", "text"),
    [
        (b"", "utf-8", ""),
        (b"\xef\xbb\xbf", "utf-8-sig", ""),
        (b"\xff\xfe", "utf-16", ""),
        (b"\xfe\xff\x00a", "utf-16", "a"),
        (b"\xff\xfe\x00\x00a\x00\x00\x00", "utf-32", "a"),
        (b"a\x00b", "utf-8", "a\x00b"),
        ("日本\x00語".encode(), "utf-8", "日本\x00語"),
        (b"\x00", "utf-8", "\x00"),
        (b"O\x00K\x00", "utf-16-le", "OK"),
        ("営業".encode("euc_jp"), "euc-jp", "営業"),
        ("営業".encode("cp932"), "cp932", "営業"),
        ("ﾔﾏﾀﾞﾀﾛｳｻﾝ".encode("cp932"), "cp932", "ﾔﾏﾀﾞﾀﾛｳｻﾝ"),
        ("髙橋①㈱".encode("cp932"), "cp932", "髙橋①㈱"),
        # The same in EUC-JP and ISO-2022-JP, which only by custom have them (rows 13 and 89 to 92).
        (b"\xfc\xe2\xb6\xb6\xad\xa1\xad\xea", "euc-jp", "髙橋①㈱"),
        (b"\x1b$B|b66-!-j\x1b(B", "iso-2022-jp", "髙橋①㈱"),
        (b"\x1b$B;3ED\x1b(J, ok\n\x1b(I12\x1b(B", "iso-2022-jp", "山田, ok\nｱｲ"),
        (b"\x1b[1mbold\x1b(B\x1b[m", "utf-8", "\x1b[1mbold\x1b(B\x1b[m"),  # a terminal's escapes
        (b"don\x92t \x96 \x93go-live\x94", "cp1252", "don’t – “go-live”"),
        (b"caf\xe9", "cp1252", "café"),
        ("café".encode(), "utf-8", "café"),
    ],
)
def test_an_encoding_is_told(data: bytes, encoding: str, text: str) -> None:
    found = decode(data)
    assert (found.encoding, found.text) == (encoding, text)
    assert encode(found.text, found) == data or encoding == "iso-2022-jp"
    assert decode(encode(found.text, found)).text == text or len(data) < 4


# -- what is no text


@pytest.mark.parametrize(
    ("data", "encoding", "offset", "line"),
    [
        ("至急です\n日".encode()[:-1], "utf-8", 13, 2),  # not read as something else
        ("至急です\nよろしくお願いします".encode().replace(b"\n", b"\n\xff"), "utf-8", 13, 2),
        (b"\xef\xbb\xbf\xff", "utf-8", 3, 1),
        ("text".encode("utf-16")[:-1], "utf-16", 8, 1),
        ("本番稼働は12月1日です。よろしくお願いします。".encode("cp932")[:-1], "cp932", 43, 1),
        ("本番\nは12月1日".encode("cp932") + b"\xff", "cp932", 14, 2),
        (b"\x1b$B!\x1b(B", "iso-2022-jp", 3, 1),
        (b"x\n\xff", "utf-8", 2, 2),
        (bytes(range(250, 0, -1)), "auto", 0, 1),
    ],
)
def test_damage_is_told_with_its_place(data: bytes, encoding: str, offset: int, line: int) -> None:
    with pytest.raises(UndecodableError) as raised:
        decode(data)
    assert (raised.value.encoding, raised.value.offset, raised.value.line) == (encoding, offset, line)
    assert f"0x{data[offset]:02x} at offset {offset} (line {line})" in str(raised.value)


def test_no_words_of_the_text_are_told() -> None:
    with pytest.raises(EncodingError) as raised:
        decode("秘密の内容です".encode() + b"\xff")
    assert "秘密" not in str(raised.value)


@examples(300)
@given(st.binary(max_size=200), st.sampled_from(["auto", *NAMES]))
@example(b"\x1b$B\x21", "auto")
@example(b"\x1b$(D\xff", "iso-2022-jp")
@example(b"\x8f\xa1", "euc-jp")
@example(b"\xff\xfe\x00\xd8", "auto")
@example(b"\xff\xfe\x00\x00\x00", "utf-32")
def test_nothing_else_is_raised(data: bytes, encoding: str) -> None:
    offset = 0
    try:
        decode(data, encoding)
    except UndecodableError as error:
        offset = error.offset
    assert 0 <= offset <= max(0, len(data) - 1)


# -- names


@pytest.mark.parametrize(
    ("given", "known"),
    [
        ("UTF8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("Shift_JIS", "cp932"),
        ("sjis", "cp932"),
        ("Windows-31J", "cp932"),
        ("MS932", "cp932"),
        ("EUC-JP", "euc-jp"),
        ("ujis", "euc-jp"),
        ("ISO-2022-JP", "iso-2022-jp"),
        ("cp50221", "iso-2022-jp"),
        ("windows-1252", "cp1252"),
        ("UTF-16LE", "utf-16-le"),
    ],
)
def test_names_in_use_are_known(given: str, known: str) -> None:
    assert canonical(given) == known


@pytest.mark.parametrize(
    ("given", "meant"),
    [("shiftjs", "shiftjis"), ("utf-9", "utf-8"), ("eucpj", "eucjp"), ("rot13", None), ("zzzzzzzz", None), ("", None)],
)
def test_a_name_that_is_none(given: str, meant: str | None) -> None:
    with pytest.raises(UnknownEncodingError) as raised:
        decode(b"x", given)
    assert raised.value.meant == meant


@given(st.text(max_size=20))
def test_any_name_is_known_or_refused(name: str) -> None:
    try:
        known = canonical(name)
    except UnknownEncodingError:
        return
    assert canonical(known) == known


# -- back to bytes

# Each pair is one character of JIS X 0208, which Unicode has twice.
SAME = str.maketrans("～－∥￠￡￢", "〜−‖¢£¬")


@examples(200)
@given(st.text(max_size=60), st.sampled_from(NAMES))
@example("髙①㈱〜～−－ｱﾞ\r\nabc丂", "iso-2022-jp")
@example("髙①㈱〜～−－ｱﾞ\r\nabc丂", "euc-jp")
@example("¥", "euc-jp")
@example("\x80", "cp932")
@example("a\x1b(I4", "iso-2022-jp")
@example("\x1b[1mａ\x1b$\x1b", "iso-2022-jp")
def test_there_and_back(text: str, name: str) -> None:
    try:
        written = encode(text, name)
    except UnencodableError as error:
        lacking = text[error.offset : error.offset + 4]  # an escape with what makes it a switch
        with pytest.raises(UnencodableError):
            encode(lacking, name)
        return
    assert decode(written, name).text.translate(SAME) in (text.translate(SAME), text.removeprefix("\ufeff"))


def test_a_text_goes_back_as_it_came() -> None:
    for data in (b"\xef\xbb\xbfa", b"\xfe\xff\x00a", "本日".encode("utf-16-be"), "本日は".encode("euc_jp")):
        found = decode(data)
        assert encode(found.text, found) == data
        assert encode(found.text + "x", found).startswith(data)


def test_a_character_that_the_encoding_lacks_is_named() -> None:
    with pytest.raises(UnencodableError, match=r"cp932 has no character é \(U\+00E9\), at offset 5 \(line 2\)"):
        encode("cafe\né", Decoded("", "cp932"))
    with pytest.raises(UnencodableError, match=r"euc-jp has no character U\+200B, at offset 1"):
        encode("a\u200b", "euc-jp")


def test_the_library_offers_it() -> None:
    assert ma_template.decode(b"text") == ("text", "utf-8", b"")
