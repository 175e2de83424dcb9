"""E-mail as bytes: RFC 5322 headers and a multipart/alternative body, text first, safe for seven-bit relays.

Written as joins of bytes, because the standard library's EmailMessage takes ten times as long; the tests parse every
result with it.
"""

import binascii
import re
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache

from tailorbird.stages.channels.quoted_printable import quoted_printable
from tailorbird.types.errors import TailorbirdError

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_LOCAL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
_DOMAIN = re.compile(
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
)
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
_TOKEN = re.compile(r"[!-;=?-~]+")
_Q_SAFE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")
_Q_PIECES = tuple("_" if byte == 32 else chr(byte) if byte in _Q_SAFE else f"={byte:02X}" for byte in range(256))
_LINE_AIM = 76
_LINE_MAX = 998
# '=_' can stand in no quoted-printable and no base64 text, so this boundary can stand in no part.
_BOUNDARY = b"=_tailorbird"
_MULTIPART = b'Content-Type: multipart/alternative; boundary="%b"\r\n' % _BOUNDARY
_PART = b"\r\n--%b\r\nContent-Type: %b; charset=utf-8\r\nContent-Transfer-Encoding: "
_TEXT_PART = _PART % (_BOUNDARY, b"text/plain")
_HTML_PART = _PART % (_BOUNDARY, b"text/html")
_END = b"\r\n--%b--\r\n" % _BOUNDARY


class HeaderError(TailorbirdError):
    """A value that cannot be a header's: control characters, no address, too long. `header` names the header."""

    def __init__(self, header: str, problem: str) -> None:
        self.header = header
        super().__init__(f"{header}: {problem}")


@dataclass(frozen=True, slots=True)
class EncodedBody:
    """A body that is encoded already: the name of the transfer encoding, and the encoded bytes with CRLF line ends."""

    encoding: bytes
    data: bytes


@dataclass(frozen=True, slots=True)
class EmailParts:
    """What a mail is made of. Names may be ''; `message_id` is without angle brackets; `date` is aware.

    `feedback_id` is 'a:b:c:sender' and names groups, never a person; `list_id` is a domain-like name.
    `html` and `text` are texts to encode, or bodies that are encoded already.
    """

    sender_name: str
    sender_address: str
    recipient_name: str
    recipient_address: str
    subject: str
    html: "str | EncodedBody"
    text: "str | EncodedBody"
    date: datetime
    message_id: str
    unsubscribe_url: str
    list_id: str
    feedback_id: str
    tailorbird_id: str
    reply_to: str | None = None
    is_test: bool = False


def build_mime(parts: EmailParts) -> bytes:
    """The whole message, unsigned, with CRLF line ends. Raises HeaderError naming the header that is wrong."""
    text = encode_body(parts.text) if isinstance(parts.text, str) else parts.text
    html = encode_body(parts.html) if isinstance(parts.html, str) else parts.html
    opening = (header_lines(parts), _MULTIPART, _TEXT_PART, text.encoding, b"\r\n\r\n", text.data)
    return b"".join((*opening, _HTML_PART, html.encoding, b"\r\n\r\n", html.data, _END))


def header_lines(parts: EmailParts) -> bytes:
    """Every header but the content's own, each line ended."""
    reply_to = _mailbox("Reply-To", "", parts.reply_to) if parts.reply_to else b""
    return b"".join(
        (
            _sender(parts.sender_name, parts.sender_address),
            _mailbox("To", parts.recipient_name, parts.recipient_address),
            reply_to,
            text_header("Subject", parts.subject),
            _date(parts.date),
            _token("Message-ID", f"<{parts.message_id}>", parts.message_id),
            b"MIME-Version: 1.0\r\n",
            _token("List-Unsubscribe", f"<{parts.unsubscribe_url}>", parts.unsubscribe_url),
            b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
            _token("List-Id", f"<{parts.list_id}>", parts.list_id),
            _token("Feedback-ID", parts.feedback_id, parts.feedback_id),
            _token("X-Tailorbird-Message", parts.tailorbird_id, parts.tailorbird_id),
            b"X-Tailorbird-Test: yes\r\n" if parts.is_test else b"",
        )
    )


def text_header(name: str, value: str) -> bytes:
    """A header of free text: as it is where it is short and ASCII, folded or in encoded-words otherwise."""
    if value.isascii() and value.isprintable() and "=?" not in value and value == value.strip(" "):
        if len(name) + 2 + len(value) <= _LINE_AIM:
            return f"{name}: {value}\r\n".encode("ascii")
        words = value.split(" ")
        if all(0 < len(word) <= 60 for word in words):
            return _fold(name, words)
    _refuse_controls(name, value)
    return f"{name}: ".encode() + _encoded_words(value, len(name) + 2) + b"\r\n"


def encode_body(text: str) -> EncodedBody:
    """A text for seven-bit relays: quoted-printable, or base64 where most of it is beyond ASCII."""
    if not text.isascii():
        data = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace")
        # In UTF-8 a character beyond ASCII is two bytes or more, and each of them takes three in quoted-printable.
        if len(data) > len(text) * 5 // 4:
            encoded = binascii.b2a_base64(data, newline=False)
            return EncodedBody(b"base64", b"\r\n".join([encoded[at : at + 76] for at in range(0, len(encoded), 76)]))
    return EncodedBody(b"quoted-printable", quoted_printable(text).encode("ascii"))


def _fold(name: str, words: list[str]) -> bytes:
    lines, line = [], f"{name}:"
    for word in words:
        if len(line) + 1 + len(word) > _LINE_AIM:
            lines.append(line)
            line = ""
        line = f"{line} {word}"
    return "\r\n".join([*lines, line, ""]).encode("ascii")


def _encoded_words(value: str, column: int) -> bytes:
    """RFC 2047: words of at most 75 characters on lines of at most 76; `column` is where the first one begins."""
    data = value.encode()
    # Q stays readable and short for Latin letters; B is shorter where most characters are beyond ASCII.
    quoted = len(data) * 3 < len(value) * 4
    # 12 is the length of '=?utf-8?q?' and '?=' together.
    room = _LINE_AIM - column - 12
    whole = "".join([_Q_PIECES[byte] for byte in data]).encode() if quoted else data
    if _word_length(whole, quoted) <= room:
        return _word(whole, quoted)
    words: list[bytes] = []
    kept = b""
    for character in value:
        data = character.encode()
        piece = "".join([_Q_PIECES[byte] for byte in data]).encode() if quoted else data
        if kept and _word_length(kept + piece, quoted) > room:
            words.append(_word(kept, quoted))
            room, kept = 75 - 12, b""
        kept += piece
    words.append(_word(kept, quoted))
    return b"\r\n ".join(words)


def _word_length(data: bytes, quoted: bool) -> int:
    return len(data) if quoted else (len(data) + 2) // 3 * 4


def _word(data: bytes, quoted: bool) -> bytes:
    if quoted:
        return b"=?utf-8?q?%b?=" % data
    return b"=?utf-8?b?%b?=" % binascii.b2a_base64(data, newline=False)


@lru_cache(maxsize=64)
def _sender(name: str, address: str) -> bytes:
    return _mailbox("From", name, address)


@lru_cache(maxsize=64)
def _date(moment: datetime) -> bytes:
    if moment.tzinfo is None:
        raise HeaderError("Date", "the moment has no time zone")
    return b"Date: %b\r\n" % format_datetime(moment).encode()


def _mailbox(header: str, name: str, address: str) -> bytes:
    addressed = f"<{ascii_address(header, address)}>"
    if not name:
        return f"{header}: {addressed[1:-1]}\r\n".encode("ascii")
    _refuse_controls(header, name)
    if name.isascii() and "=?" not in name and len(name) <= 60:
        plain = _ATOMS.fullmatch(name) and name == name.strip(" ") and "  " not in name
        shown = name if plain else '"{}"'.format(name.replace("\\", "\\\\").replace('"', '\\"'))
        line = f"{header}: {shown}"
    else:
        line = f"{header}: {_encoded_words(name, len(header) + 2).decode()}"
    last = len(line) - line.rfind("\n") - 1
    return (line + ("\r\n " if last + 1 + len(addressed) > _LINE_AIM else " ") + addressed + "\r\n").encode("ascii")


def ascii_address(header: str, address: str) -> str:
    """The address with its domain in ASCII. Raises HeaderError where it is no address that every relay takes."""
    local, at, domain = address.rpartition("@")
    if not domain.isascii():
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError:
            domain = ""
    dots = local.startswith(".") or local.endswith(".") or ".." in local
    if not at or dots or not _LOCAL.fullmatch(local) or len(domain) > 253 or not _DOMAIN.fullmatch(domain):
        raise HeaderError(header, f"{address!r} is no e-mail address")
    return f"{local}@{domain}"


def _token(name: str, value: str, inner: str) -> bytes:
    if not _TOKEN.fullmatch(inner) or len(value) + len(name) > _LINE_MAX - 2:
        problem = "is too long" if _TOKEN.fullmatch(inner) else "holds a space, a bracket, or what is not ASCII"
        raise HeaderError(name, f"{inner[:80]!r} {problem}")
    separator = ": " if len(name) + 2 + len(value) <= 78 else ":\r\n "
    return f"{name}{separator}{value}\r\n".encode("ascii")


def _refuse_controls(header: str, value: str) -> None:
    if found := _CONTROL.search(value):
        raise HeaderError(header, f"{value[:80]!r} holds the control character {found.group()!r}")
