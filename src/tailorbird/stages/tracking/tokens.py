"""Signed tokens: what a tracking link carries, so that nobody else can make one.

A token is URL-safe base64 of a 16-byte HMAC-SHA256 and the payload it covers. The code is bound to the token's kind
('c' click, 'o' open, 'p' preferences, 'u' unsubscribe): a click token is worth nothing to the unsubscribe page.
"""

import binascii
import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence

from tailorbird.types.errors import TailorbirdError

TAG_BYTES = 16
TOKEN_CHARS_MAX = 4096
_SEPARATOR = "\x00"
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")


class TokenError(TailorbirdError):
    """The token is forged, cut, of another kind, or signed with another key; or fields that no token can hold."""


def sign_token(kind: str, fields: Sequence[str], key: bytes) -> str:
    """A token over text fields. Click: (message_id, link name, target URL); open and unsubscribe: (message_id,);
    preferences: (message_id, locale).

    TokenError: what `read_token` would refuse is not signed, so that no dead link is mailed.
    """
    if not fields or any(_CONTROL.search(field) for field in fields):
        raise TokenError("a link needs at least one field, and none may hold a control character such as a line break")
    try:
        data = _SEPARATOR.join(fields).encode()
    except UnicodeEncodeError:
        raise TokenError("a field of a link holds half a character; mend the address that it leads to") from None
    token = urlsafe_b64encode(_tag(kind, data, key) + data).rstrip(b"=").decode("ascii")
    if len(token) > TOKEN_CHARS_MAX:
        room = TOKEN_CHARS_MAX * 3 // 4 - TAG_BYTES
        raise TokenError(
            f"{fields[-1][:60]}… is too long for a link by {len(data) - room} bytes; use a shorter address"
        )
    return token


def read_token(kind: str, token: str, key: bytes) -> tuple[str, ...]:
    """The fields of a token that `sign_token` made for this kind and key; else TokenError."""
    if len(token) > TOKEN_CHARS_MAX or not token.isascii():
        raise TokenError("this link is not one of ours")
    try:
        raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError):
        raise TokenError("this link is cut or changed") from None
    data = raw[TAG_BYTES:]
    genuine = hmac.compare_digest(raw[:TAG_BYTES], _tag(kind, data, key))
    # base64 ignores stray characters and spare bits: only the exact text that we signed counts.
    if not genuine or urlsafe_b64encode(raw).rstrip(b"=") != token.encode("ascii"):
        raise TokenError("this link is cut or changed")
    return tuple(data.decode().split(_SEPARATOR))


def _tag(kind: str, data: bytes, key: bytes) -> bytes:
    return hmac.digest(key, b"tailorbird/" + kind.encode() + b"\x00" + data, "sha256")[:TAG_BYTES]
