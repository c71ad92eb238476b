"""A mail file (*.eml) to the text that its reader sees. Damaged mail is read as far as it goes.

The standard library takes a message apart; here it is decided which parts are its text: plain text before HTML, every
part that is shown in line, no attachments.
"""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import EmailPolicy
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from ma_template.encodings import AUTO, Decoded, EncodingError, canonical, decode
from ma_template.patterns import late

_DEEPEST = 50  # multiparts within multiparts
_MOST_QUOTES = 10  # quoted replies within quoted replies

# Charsets that are often said of what they are not; the first two are mail's defaults.
_CARELESS = ("", "us-ascii", "iso-8859-1", "windows-1252")
_CERTAIN = ("utf-8", "iso-2022-jp")


class NoTextError(ValueError):
    """A mail holds no text at all: nothing but attachments, or nothing."""


if TYPE_CHECKING:
    _Policy = EmailPolicy[EmailMessage[str, str]]
else:
    _Policy = EmailPolicy  # no subscript at run time


class _Lenient(_Policy):
    """The library's policy for heads, but one that it breaks on is taken as it was written."""

    def header_fetch_parse(self, name: str, value: Any) -> Any:
        try:
            return super().header_fetch_parse(name, value)
        except Exception:
            return "".join(str(value).splitlines())


_POLICY = _Lenient()


def read_mail(data: bytes, encoding: str = AUTO) -> Decoded:
    """Return the text of a message, and the encoding that its first part was in.

    Args:
        data: the message as it was sent or saved, head and all.
        encoding: of parts that do not say theirs, or say a wrong one; `auto` to have it told.

    Raises:
        NoTextError: there is no text in it.
        UnknownEncodingError: there is no encoding of this name.
    """
    if encoding.lower() != AUTO:
        canonical(encoding)
    try:
        message = BytesParser(policy=_POLICY).parsebytes(data.removeprefix(b"\xef\xbb\xbf"))
    except RecursionError:  # the library's parser takes a call for every level
        raise NoTextError("parts within parts, too deep to be read") from None
    texts = _texts(message, encoding, 0)
    if not texts:
        raise NoTextError("no text in the mail")
    return Decoded("\n".join(decoded.text for decoded in texts), texts[0].encoding)


def _texts(part: EmailMessage[str, str], encoding: str, depth: int) -> list[Decoded]:
    """Return what is shown of a part and the parts in it, in order; blank texts are left out."""
    kind = _asked(part.get_content_type, "text/plain")
    if depth > _DEEPEST or _asked(part.get_content_disposition, None) == "attachment":
        return []
    if part.is_multipart():
        if not kind.startswith("multipart/") and kind != "message/rfc822":
            return []  # a delivery status and the like
        children = [child for child in part.get_payload() if isinstance(child, EmailMessage)]
        each = [_texts(child, encoding, depth + 1) for child in children]
        if kind == "multipart/alternative":
            return _best(each, children)
        return [decoded for texts in each for decoded in texts]
    if kind not in ("text/plain", "text/html") and not kind.startswith("multipart/"):
        return []
    decoded = _decoded(part, encoding)
    if kind == "text/html":
        decoded = decoded._replace(text=_as_text(decoded.text))
    return [decoded._replace(mark=b"")] if decoded.text.strip() else []


def _best(each: list[list[Decoded]], parts: list[EmailMessage[str, str]]) -> list[Decoded]:
    """Return the texts of one alternative: the first with plain text in it, else the last that has any."""
    for texts, part in zip(each, parts, strict=True):
        if texts and any(_asked(inner.get_content_type, "") == "text/plain" for inner in part.walk()):
            return texts
    return next((texts for texts in reversed(each) if texts), [])


def _asked(question: Callable[[], Any], otherwise: Any) -> Any:
    """Ask the library something about a head. A damaged one may make it raise nearly anything."""
    try:
        return question()
    except Exception:
        return otherwise


def _decoded(part: EmailMessage[str, str], encoding: str) -> Decoded:
    data = _asked(lambda: part.get_payload(decode=True), None)
    if not isinstance(data, bytes):
        data = str(_asked(part.get_payload, "")).encode("utf-8", "surrogateescape")
    charset = _asked(part.get_content_charset, None) or ""
    tried = [charset, encoding, AUTO] if charset else [encoding, AUTO]
    if charset in _CARELESS and encoding.lower() == AUTO:
        try:
            told = decode(data)
            if told.encoding in _CERTAIN:
                return told
        except EncodingError:
            pass
    for name in tried:
        try:
            return decode(data, name)
        except EncodingError:
            continue
    try:
        name = canonical(charset or "utf-8")
    except EncodingError:
        name = "utf-8"
    return Decoded(data.decode(name, "replace"), name)


# ---------------------------------------------------------------------------------------------------------------------
# HTML

_BLANKS = late(r"[ \t\r\n\f]+")
_LOOSE = late(r"<(?![^<>]*+>)")
# fmt: off
_NEW_LINE = frozenset((
    "address", "article", "aside", "blockquote", "body", "br", "center", "dd", "div", "dl", "dt", "fieldset", "footer",
    "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section",
    "table", "tbody", "tfoot", "thead", "tr", "ul",
))
# A blank line stands before and after.
_APART = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "ol", "p", "pre", "table", "ul"))
# fmt: on
_UNSEEN = frozenset(("script", "style", "title"))


def _as_text(html: str) -> str:
    """Return what a reader sees of HTML: a line for each line, cells parted by tabs, quoted replies behind `>`."""
    reader = _Reader()
    # The library takes a time that grows with the square of tags that never end: such a "<" is a character.
    reader.feed(_LOOSE.sub("&lt;", _without_comments(html)))
    reader.close()
    return reader.text()


def _without_comments(html: str) -> str:
    shown = []
    at = 0
    while (start := html.find("<!--", at)) >= 0:
        shown.append(html[at:start])
        end = html.find("-->", start + 2)
        if end < 0:
            return "".join(shown)
        at = end + 3
    return "".join((*shown, html[at:]))


class _Reader(HTMLParser):
    # Newer Pythons take all behind a title that is never closed for its text; a request may stand there.
    RCDATA_CONTENT_ELEMENTS = ()  # type: ignore[misc]

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = []
        self._line = ""
        self._unseen = False
        self._as_is = False  # within <pre>
        self._close = False  # within a paragraph of Word's and Outlook's, which is a line
        self._quotes: list[bool] = []  # the open blockquotes: is each a quoted reply, or only set in?

    def text(self) -> str:
        self._end_line()
        return "\n".join(self._lines).strip("\n") + "\n"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _UNSEEN:
            self._unseen = True
        elif tag in _NEW_LINE:
            self._unseen = False
            if tag == "br":
                self._lines.append(self._marks() + self._line.strip(" "))
                self._line = ""
                return
            self._end_line()
            self._close = tag == "p" and given.get("class", "").startswith("Mso")
            if tag in _APART and not self._close:
                self._blank_line()
            if tag == "blockquote":
                self._quotes.append(given.get("type") == "cite" or "quote" in given.get("class", ""))
            self._as_is = tag == "pre"
            self._line = "- " if tag == "li" else ""
        elif tag in ("td", "th") and self._line.strip():
            self._line += "\t"

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = False
        elif tag in _NEW_LINE and tag != "br":
            self._end_line()
            if tag == "blockquote" and self._quotes:
                self._quotes.pop()
            if tag in _APART and not self._close:
                self._blank_line()
            self._as_is = self._close = False

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        if self._as_is:
            *lines, self._line = (self._line + data).replace("\r\n", "\n").split("\n")
            self._lines.extend(self._marks() + line for line in lines)
            return
        data = _BLANKS.sub(" ", data)
        self._line += data[1:] if data.startswith(" ") and self._line[-1:] in ("", " ", "\t") else data

    def _marks(self) -> str:
        return "> " * min(sum(self._quotes), _MOST_QUOTES)

    def _end_line(self) -> None:
        if self._line.strip(" \t"):
            self._lines.append(self._marks() + (self._line if self._as_is else self._line.strip(" ")))
        elif self._line.strip(" "):
            self._blank_line()
        self._line = ""

    def _blank_line(self) -> None:
        if self._lines and self._lines[-1].strip("> "):
            self._lines.append(self._marks().rstrip())
