"""Where a server is and how it is asked: the address without its secrets, and texts that must not repeat them."""

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit, urlunsplit

from tailorbird.ports.generator import GeneratorError
from tailorbird.stages.safety.loopback import is_loopback

_HIDDEN = "***"
_SECRET_CHARS_MIN = 4  # shorter ones ('k', 'x') would blot out ordinary letters


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A server's address: `url` to ask, `shown` to print and to record. No secret is part of `shown` or the repr."""

    url: str = field(repr=False)
    shown: str
    secrets: tuple[str, ...] = field(repr=False)

    def mask(self, text: str) -> str:
        """The text without any secret of this address: a server may repeat what it was sent."""
        for secret in self.secrets:
            text = text.replace(secret, _HIDDEN)
        return text


def read_endpoint(base_url: str, api_key: str) -> Endpoint:
    """Parse and check. GeneratorError: no address, a key that no header can carry, or a secret on an open wire."""
    try:
        parts = urlsplit(base_url)
        host, port = parts.hostname or "", parts.port
    except ValueError as problem:
        raise GeneratorError(f"generator.base_url is no address ({problem}); write it like https://host/v1") from None
    if parts.scheme not in ("http", "https") or not host:
        raise GeneratorError("generator.base_url is no address; write it like https://host/v1")
    if not (api_key.isascii() and api_key.isprintable()):
        raise GeneratorError(
            "the API key holds characters that no header can carry: copy it again, without line breaks"
        )
    where = f"[{host}]" if ":" in host else host
    shown = urlunsplit((parts.scheme, where if port is None else f"{where}:{port}", parts.path, "", ""))
    userinfo = [text for text in (parts.username, parts.password) if text]
    if (api_key or userinfo) and parts.scheme == "http" and not (is_loopback(host) or host.endswith(".localhost")):
        raise GeneratorError(f"{shown} would get the key unencrypted: write https://, or leave the key out")
    secrets = {api_key, *userinfo, *(unquote(text) for text in userinfo)}
    if userinfo:
        secrets.add(parts.netloc.rpartition("@")[0])
    long = sorted((text for text in secrets if len(text) >= _SECRET_CHARS_MIN), key=len, reverse=True)
    return Endpoint(base_url.rstrip("/") + "/", shown, tuple(long))
