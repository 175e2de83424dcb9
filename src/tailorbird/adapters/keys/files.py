"""The project's keys as files: made once, readable by their owner only, never half-written."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tailorbird.types.errors import TailorbirdError

DKIM_KEY_BITS = 2048
SECRET_BYTES = 32

_TXT_CHARACTERS_MAX = 255


class KeyFileError(TailorbirdError):
    """A key file cannot be read or made. The message names the file and what to do."""


def load_or_create_dkim_key(path: Path) -> bytes:
    """The RSA private key in `path` as unencrypted PEM; made there, 2048 bits, if the file is missing."""
    pem = _load_or_create(path, _new_dkim_key)
    if b"PRIVATE KEY" not in pem:
        raise KeyFileError(f"{path} holds no private key; put the PEM file back, or remove it to have a new one made")
    return pem


def load_or_create_secret(path: Path) -> bytes:
    """The secret in `path`, which signs links; 32 random bytes are put there if the file is missing."""
    secret = _load_or_create(path, lambda: secrets.token_bytes(SECRET_BYTES))
    if len(secret) < SECRET_BYTES:
        problem = f"{path} holds {len(secret)} bytes, not {SECRET_BYTES}"
        raise KeyFileError(f"{problem}; put it back, or remove it to have a new one made (old links then end)")
    return secret


def dns_record(pem: bytes, selector: str, domain: str) -> str:
    """The TXT record, in zone-file form, under which receivers find the public half of a DKIM key."""
    key = serialization.load_pem_private_key(pem, None).public_key()
    der = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    # A TXT record is made of strings of at most 255 characters, which receivers join.
    value = f"v=DKIM1; k=rsa; p={_base64(der)}"
    strings = [value[at : at + _TXT_CHARACTERS_MAX] for at in range(0, len(value), _TXT_CHARACTERS_MAX)]
    quoted = " ".join(f'"{string}"' for string in strings)
    return f"{selector}._domainkey.{domain}. IN TXT ( {quoted} )"


def _base64(data: bytes) -> str:
    import base64

    return base64.b64encode(data).decode("ascii")


def _new_dkim_key() -> bytes:
    key = rsa.generate_private_key(public_exponent=65537, key_size=DKIM_KEY_BITS)
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())


def _load_or_create(path: Path, make: Callable[[], bytes]) -> bytes:
    try:
        if not path.exists():
            _create(path, make())
        return path.read_bytes()
    except OSError as error:
        raise KeyFileError(f"{path} cannot be read or made: {error.strerror}") from error


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _create(path: Path, content: bytes) -> None:
    """Write beside, sync, then link to the final name: of two processes that do so at once the first one wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(temporary, path)
        except FileExistsError:
            pass
        _sync(path.parent)  # a link in mail outlives a loss of power only if its key does
    finally:
        temporary.unlink(missing_ok=True)
