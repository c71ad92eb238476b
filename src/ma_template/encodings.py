"""Bytes to text and back: UTF-8, UTF-16, CP932, EUC-JP and ISO-2022-JP are told apart, any other is taken by name.

Japanese text is read as it is written in practice: Shift_JIS means CP932 (①, ㈱, 髙), and EUC-JP and ISO-2022-JP may
hold the same additions. How the encoding is told, rung by rung:

1. a mark at the beginning (BOM) decides;
2. valid UTF-8 is UTF-8, since other text is so only by an extremely rare accident;
3. seven bits with switches to Japanese character sets are ISO-2022-JP;
4. else it is the encoding in which the bytes cost the fewest bits as English or Japanese text. Damages cost a lot, but
   decide nothing: damaged UTF-8 is told as such, and not read as something else. A reading that is too dear is none:
   then the bytes are no text.
"""

from __future__ import annotations

import codecs
import contextlib
import re
from collections import Counter
from functools import cache
from typing import NamedTuple, Protocol

from ma_template.patterns import late

AUTO = "auto"

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_RIVALS = ("utf-8", "cp932", "euc-jp", "utf-16-le", "utf-16-be", "cp1252")

# What Python's codecs do not know, or know as something narrower than what is meant in practice.
_ALSO_CALLED = {
    "cp932": ("shift_jis", "windows_31j", "x_sjis", "sjis_win", "x_ms_cp932", "cp943"),
    "euc-jp": ("euc_jp", "x_euc_jp", "cp51932", "eucjp_ms", "eucjpms", "eucjp_win"),
    "iso-2022-jp": ("iso2022_jp", "iso2022_jp_1", "iso2022_jp_ext", "iso_2022_jp_ms", "cp50220", "cp50221", "cp50222"),
    "utf-8": ("utf_8", "utf_8_sig"),
}
_MEANT = {name: meant for meant, names in _ALSO_CALLED.items() for name in names}
_NO_FILES = frozenset({"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "mbcs", "oem"})


class EncodingError(ValueError):
    """Bytes and text do not go together."""


class UnknownEncodingError(EncodingError):
    """There is no encoding of this name; `meant` is the nearest one, if any is near."""

    def __init__(self, name: str, meant: str | None) -> None:
        self.name = name
        self.meant = meant
        hint = f"; did you mean {meant}?" if meant else ""
        super().__init__(f"unknown encoding {name[:40]!r}{hint}")


class UndecodableError(EncodingError):
    """The bytes are no text in the encoding, or in none that is told by itself (`encoding` is `auto`).

    `offset` counts bytes from 0, `line` lines from 1; `byte` is the one that stands there.
    """

    def __init__(self, encoding: str, data: bytes, offset: int) -> None:
        self.encoding = encoding
        self.offset = offset
        self.line = data.count(b"\n", 0, offset) + 1
        self.byte = data[offset]
        read = "in no encoding that is told by itself" if encoding == AUTO else f"as {encoding}"
        where = f"byte 0x{self.byte:02x} at offset {offset} (line {self.line})"
        super().__init__(f"cannot be read {read}: {where} does not fit; name the encoding of the text")


class UnencodableError(EncodingError):
    """The encoding has no such character. `offset` counts code points from 0, `line` lines from 1."""

    def __init__(self, encoding: str, text: str, offset: int) -> None:
        self.encoding = encoding
        self.offset = offset
        self.line = text.count("\n", 0, offset) + 1
        self.character = text[offset]
        shown = f"{self.character} (U+{ord(self.character):04X})" if self.character.isprintable() else self.codepoint
        super().__init__(f"{encoding} has no character {shown}, at offset {offset} (line {self.line})")

    @property
    def codepoint(self) -> str:
        """The character as U+2014."""
        return f"U+{ord(self.character):04X}"


class Decoded(NamedTuple):
    """A text with what is needed to write it as it was: the encoding, and the mark it began with.

    `encoding` is what a report says: `utf-8`, `utf-8-sig` (behind a mark), `utf-16` (behind a mark), `utf-16-le`,
    `utf-16-be`, `cp932`, `euc-jp`, `iso-2022-jp`, `cp1252`, or the name that was asked for.
    """

    text: str
    encoding: str
    mark: bytes = b""


class _Written(Protocol):
    @property
    def encoding(self) -> str: ...
    @property
    def mark(self) -> bytes: ...


def decode(data: bytes, encoding: str = AUTO) -> Decoded:
    """Return the text that bytes hold, and how it was encoded. A mark (BOM) is no part of the text.

    Args:
        data: a whole file, or the decoded body of a mail.
        encoding: a name, or `auto` to have it told.

    Raises:
        UndecodableError: it is no text in this encoding; with `auto`, in none that is told by itself.
        UnknownEncodingError: there is no encoding of this name.
    """
    if encoding.lower() == AUTO:
        return _told(data)
    name = canonical(encoding)
    mark = next((mark for mark, marked in _MARKS if data.startswith(mark) and name.startswith(marked)), b"")
    if mark and name in ("utf-8", "utf-16", "utf-32"):
        return _marked(data, mark, name)
    try:
        return Decoded(_decode(data[len(mark) :], name), name, mark)
    except UnicodeError as error:  # some codecs do not say where
        raise UndecodableError(name, data, len(mark) + getattr(error, "start", 0)) from None


def encode(text: str, like: _Written | str) -> bytes:
    """Return a text as bytes, in an encoding given by name, or as another text was read (`Decoded`), mark and all.

    Raises:
        UnencodableError: the encoding has no such character.
        UnknownEncodingError: there is no encoding of this name.
    """
    given, mark = (like, b"") if isinstance(like, str) else (like.encoding, like.mark)
    name = canonical(given)
    if mark and name in ("utf-16", "utf-32"):
        name += "-le" if mark in (codecs.BOM_UTF16_LE, codecs.BOM_UTF32_LE) else "-be"
    try:
        return mark + _encode(text, name)
    except UnicodeEncodeError as error:
        raise UnencodableError(given, text, error.start) from None


def canonical(name: str) -> str:
    """Return the name under which an encoding is known here.

    Raises:
        UnknownEncodingError: there is none of this name; the error holds the nearest one.
    """
    spelt = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    if spelt in _MEANT:
        return _MEANT[spelt]
    try:
        found = codecs.lookup(spelt)
    except (LookupError, ValueError):
        raise UnknownEncodingError(name, _nearest(spelt)) from None
    plain = found.name.replace("-", "_")
    if not found._is_text_encoding or plain in _NO_FILES:
        raise UnknownEncodingError(name, None)
    return _MEANT.get(plain) or plain.replace("_", "-")


def _nearest(spelt: str) -> str | None:
    from difflib import get_close_matches
    from encodings.aliases import aliases

    names = {AUTO: AUTO, **_MEANT, **{meant: meant for meant in _MEANT.values()}}
    for alias, name in aliases.items():
        if not name.endswith("_codec") and name not in _NO_FILES:
            names.setdefault(alias, alias)
            names.setdefault(name, name)
    near = get_close_matches(spelt[:40], [known.replace("-", "_") for known in names], 1, 0.6)
    return near[0].replace("_", "-") if near else None


# ---------------------------------------------------------------------------------------------------------------------
# Telling the encoding

_JAPANESE_SET = late(rb"\x1b(?:\(I|\$\(?[@BD])")
_CONTROL = late(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_NOT_PLAIN = late(rb"[^\t-\x7f]")
_SAMPLE = 16_384  # bytes from the first that is not ASCII on

# The price of a character in bits: roughly how seldom it stands in English and Japanese support tickets.
_DEAR = 25
_ODD = 18
_PRICES = (
    (6, "\t\n\r\f" + "".join(map(chr, range(0x20, 0x7F)))),
    (6, "ぁ-ゖー、。・「」『』（）【】：／　〜～"),
    (7, "ァ-ヺ！-～￠-￦々〆〇゛゜ゝゞヽヾ"),
    (6, "ｦ-ﾟ"),
    (12, "｡-･"),  # what a reading of EUC-JP as CP932 is full of
    (8, "\u00a0’‘“”–—…•™€£¥©®°±×"),
    (10, "à-öø-ÿ①-⑳㈱№㊤-㊨Ⅰ-Ⅹ─-╋■□◆◇●○◎★☆※→←↑↓⇒"),
    (12, "\x1b"),
    (14, "À-ÖØ-ßŠšŽžŒœŸ\U0001f300-\U0001faff☀-➿"),
)
_LIMIT = 13  # bits a character: what costs more is no text
_SOUND = 50  # characters for each that is damaged, a control character or private, beside a first one: less is no text

_CJK = "[ぁ-ヿ\u4e00-\u9fff\uf900-\ufaffｦ-ﾟ]"
_JOINT = rf"(?<=[A-Za-z]){_CJK}|{_CJK}(?=[A-Za-z])"
_JOINT_PRICE = 5  # a kanji right beside a Latin letter: not rare, yet what a reading of CP1252 as CP932 is full of
_LOOSE_ACCENT = r"(?<![A-Za-z])[À-ÿŠšŽžŒœŸ](?![A-Za-z])"


def _told(data: bytes) -> Decoded:
    for mark, name in _MARKS:
        if data.startswith(mark) and not (name == "utf-32" and len(data) % 4):
            return _marked(data, mark, name)
    controlled = _CONTROL.search(data) is not None  # then it may be UTF-16 for all that
    if not controlled and data.isascii() and not _JAPANESE_SET.search(data):
        return Decoded(data.decode("ascii"), "utf-8")
    wrong = 0
    try:
        text = data.decode("utf-8")
        if not controlled and not data.isascii():
            return Decoded(text, "utf-8")
    except UnicodeDecodeError as error:
        text, wrong = "", error.start
    if _JAPANESE_SET.search(data):
        return _as("iso-2022-jp", data)
    prices = [(price, name) for name in _RIVALS if (price := _price_as(name, data)) is not None]
    if prices:
        return _as(min(prices, key=lambda rival: rival[0])[1], data)
    if text:
        return Decoded(text, "utf-8")  # hardly text, but valid
    raise UndecodableError(AUTO, data, wrong)


def _as(name: str, data: bytes) -> Decoded:
    try:
        return Decoded(_decode(data, name), name)
    except UnicodeDecodeError as error:  # damaged
        raise UndecodableError(name, data, error.start) from None


def _marked(data: bytes, mark: bytes, name: str) -> Decoded:
    order = "" if name == "utf-8" else "-le" if mark in (codecs.BOM_UTF16_LE, codecs.BOM_UTF32_LE) else "-be"
    try:
        text = data[len(mark) :].decode(name + order)
    except UnicodeDecodeError as error:
        raise UndecodableError(name, data, len(mark) + error.start) from None
    return Decoded(text, "utf-8-sig" if name == "utf-8" else name, mark)


def _price_as(name: str, data: bytes) -> int | None:
    """Return what the data costs in bits as text in this encoding, damages and all; None if it is too dear."""
    found = _NOT_PLAIN.search(data)
    start = max(0, (found.start() if found else 0) - 64) & ~1
    sample = data[start : start + _SAMPLE]
    lenient = codecs.getincrementaldecoder(name)(_ADDITIONS_OR_MARKS if name == "euc-jp" else "replace")
    text = lenient.decode(sample, final=start + len(sample) == len(data))
    counts = Counter(text)
    if sum(count for char, count in counts.items() if _price(char) >= _DEAR) > 1 + len(text) // _SOUND:
        return None
    price = sum(_price(char) * count for char, count in counts.items())
    if name == "cp1252":  # has a character for nearly every byte: only what reads like English is taken
        english = sum(count for char, count in counts.items() if char.isascii() and (char.isalpha() or char == " "))
        if english * 2 < len(text) or any(_price(char) >= _ODD for char in counts):
            return None
        price += _JOINT_PRICE * len(re.findall(_LOOSE_ACCENT, text))
    price += _JOINT_PRICE * len(re.findall(_JOINT, text))
    return price if price <= _LIMIT * len(text) else None


@cache
def _classes() -> tuple[tuple[int, re.Pattern[str]], ...]:
    kanji = (10, _rows(0xB0, 0xD0)), (14, _rows(0xD0, 0xF5) + _rows(0xF9, 0xFD))  # JIS levels 1 and 2, additions
    plain = [(price, re.escape(characters)) for price, characters in (_PRICES[0], *kanji)]
    return tuple((price, re.compile(f"[{characters}]")) for price, characters in (*plain, *_PRICES[1:]))


def _rows(first: int, behind: int) -> str:
    pairs = (_packed(bytes((row, cell))) for row in range(first, behind) for cell in range(0xA1, 0xFF))
    return re.sub(r"[^\u4e00-\ufaff]", "", b"".join(pairs).decode("cp932", "ignore"))


@cache
def _price(char: str) -> int:
    for price, characters in _classes():
        if characters.match(char):
            return price
    code = ord(char)
    control = code < 0xA0 or 0xE000 <= code < 0xF900 or code >= 0xE0000 or code in (0xFFFD, 0xFFFE, 0xFFFF)
    return _DEAR if control else _ODD


# ---------------------------------------------------------------------------------------------------------------------
# The Japanese encodings with the additions that Python's codecs lack
#
# JIS X 0208 has 94 rows of 94 cells. EUC-JP and ISO-2022-JP write row and cell as they are, CP932 packs two rows into
# one. The rows that the standard leaves free hold ①, ㈱ and 髙 in practice, and CP932 knows them all.

_ADDITIONS = "ma_template.additions"  # an error handler: reads or writes them by way of CP932
_ADDITIONS_OR_MARKS = "ma_template.additions-or-marks"  # the same, with U+FFFD for what is no character at all
_HIGH = bytes(byte | 0x80 if 0x21 <= byte <= 0x7E else byte for byte in range(256))
_LOW = bytes(byte & 0x7F for byte in range(256))
_PAIR = late(rb"[\xa1-\xfe][\xa1-\xfe]")
_EUC_RUN = late(rb"(?P<kanji>(?:[\xa1-\xfe]{2})+)|(?P<kana>(?:\x8e[\xa1-\xdf])+)|(?P<more>(?:\x8f[\xa1-\xfe]{2})+)")
_NO_CP932 = late("[\x80\uf8f0-\uf8f3]")
# Written by the codecs as another character (a backslash), as what is no character, or read back as a switch.
_LOST = {
    "cp932": _NO_CP932,
    "euc-jp": late("[¥‾]"),
    "iso-2022-jp": late(r"[¥‾]|\x1b(?=\([BHIJ]|\$\(?[@BD])"),
}
_SET_OR_LINE_END = late(rb"(\x1b(?:\([BHIJ]|\$\(?[@BD])|[\r\n]+)")


def _packed(pair: bytes) -> bytes:
    """Return a pair of EUC-JP as CP932 writes it."""
    row, cell = pair[0] - 0xA1, pair[1] - 0x80
    first = row // 2 + (0x81 if row < 62 else 0xC1)
    second = cell + (0x7E if row % 2 else 0x1F if cell < 0x60 else 0x20)
    return bytes((first, second))


def _unpacked(pair: bytes) -> bytes:
    """Return a pair of CP932 as EUC-JP writes it; of the rows above 94, which only CP932 has, nothing."""
    first, second = pair
    if first >= 0xF0:
        return b""
    row = (first - (0x81 if first < 0xA0 else 0xC1)) * 2
    if second >= 0x9F:
        return bytes((row + 0xA2, second + 2))
    return bytes((row + 0xA1, second + (0x61 if second < 0x7F else 0x60)))


def _additions(error: UnicodeError) -> tuple[str | bytes, int]:
    if isinstance(error, UnicodeDecodeError):
        pair = error.object[error.start : error.start + 2]
        if _PAIR.fullmatch(pair):
            with contextlib.suppress(UnicodeDecodeError):
                return _packed(pair).decode("cp932"), error.start + 2
    elif isinstance(error, UnicodeEncodeError):
        with contextlib.suppress(UnicodeEncodeError):
            pair = error.object[error.start].encode("cp932")
            if error.object[error.start] == "￢":  # its first cell is read as ¬
                return b"\xfc\xfb", error.start + 1
            if len(pair) == 2 and (written := _unpacked(pair)):
                return written, error.start + 1
    raise error


def _additions_or_marks(error: UnicodeError) -> tuple[str | bytes, int]:
    try:
        return _additions(error)
    except UnicodeError:
        return codecs.replace_errors(error)


codecs.register_error(_ADDITIONS, _additions)
codecs.register_error(_ADDITIONS_OR_MARKS, _additions_or_marks)


def _decode(data: bytes, name: str) -> str:
    if name == "iso-2022-jp":
        return _from_iso_2022_jp(data)
    text = data.decode(name, _ADDITIONS if name == "euc-jp" else "strict")
    if name == "cp932" and (found := _NO_CP932.search(text)):  # bytes without a meaning, which the codec lets pass
        start = len(text[: found.start()].encode("cp932"))
        raise UnicodeDecodeError(name, data, start, start + 1, "no such character")
    return text


def _encode(text: str, name: str) -> bytes:
    if name in _LOST and (found := _LOST[name].search(text)):
        raise UnicodeEncodeError(name, text, found.start(), found.end(), "no such character")
    if name == "iso-2022-jp":
        return _to_iso_2022_jp(text)
    return text.encode(name, _ADDITIONS if name == "euc-jp" else "strict")


def _from_iso_2022_jp(data: bytes) -> str:
    """Decode piece by piece between the switches; what stands in each is EUC-JP without its high bits."""
    out: list[str] = []
    at, characters = 0, b""
    for number, piece in enumerate(_SET_OR_LINE_END.split(data)):
        try:
            if number % 2:
                characters = piece[1:] if piece[0] == 0x1B else b""  # a line begins with ASCII
                out.append("" if characters else piece.decode("ascii"))
            elif characters == b"(I":
                out.append(piece.translate(_HIGH).decode("cp932"))
            elif characters == b"$(D":
                out.append(_PAIR.sub(b"\x8f\\g<0>", piece.translate(_HIGH)).decode("euc_jp"))
            elif characters.startswith(b"$"):
                out.append(piece.translate(_HIGH).decode("euc_jp", _ADDITIONS))
            else:
                out.append(piece.decode("ascii"))
        except UnicodeDecodeError as error:
            start = min(at + error.start, len(data) - 1)
            raise UnicodeDecodeError("iso-2022-jp", data, start, start + 1, "no such character") from None
        at += len(piece)
    return "".join(out)


def _to_iso_2022_jp(text: str) -> bytes:
    def switched(run: re.Match[bytes]) -> bytes:
        if run["kanji"]:
            return b"\x1b$B" + run[0].translate(_LOW) + b"\x1b(B"
        if run["kana"]:
            return b"\x1b(I" + run[0].replace(b"\x8e", b"").translate(_LOW) + b"\x1b(B"
        return b"\x1b$(D" + run[0].replace(b"\x8f", b"").translate(_LOW) + b"\x1b(B"

    return _EUC_RUN.sub(switched, text.encode("euc_jp", _ADDITIONS))
