"""Requests of pages of other sites (CORS): who may send events from a browser, and what the browser is told."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from starlette.exceptions import HTTPException

ANY = "*"
_HEADER_NAMES = re.compile(rb"[A-Za-z0-9-]{1,60}(, ?[A-Za-z0-9-]{1,60}){0,20}")
_USUAL = b"authorization, content-type, content-encoding, x-retry-count"
_KEPT_S = b"86400"
Headers = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class CrossOrigin:
    """`origins` are sites such as https://shop.example, or `*` for any. No cookie is ever asked for or read."""

    origins: Collection[str] = (ANY,)

    def check(self, origin: bytes) -> None:
        """HTTPException 403 for a page of a site that is not among the origins."""
        if ANY not in self.origins and origin.decode("latin-1") not in self.origins:
            raise HTTPException(
                403, "pages of this site may not send events here; see intake.origins in tailorbird.yaml"
            )

    def answer(self, origin: bytes) -> Headers:
        """The headers that let the page read the answer."""
        if ANY in self.origins:
            return ((b"access-control-allow-origin", b"*"),)
        if origin.decode("latin-1") not in self.origins:
            return ((b"vary", b"Origin"),)
        return ((b"access-control-allow-origin", origin), (b"vary", b"Origin"))

    def preflight(self, headers: Mapping[bytes, bytes]) -> Headers:
        """The headers that let the page send what it asked to send."""
        asked = headers.get(b"access-control-request-headers", b"")
        return (
            *self.answer(headers[b"origin"]),
            (b"access-control-allow-methods", b"POST"),
            (b"access-control-allow-headers", asked if _HEADER_NAMES.fullmatch(asked) else _USUAL),
            (b"access-control-max-age", _KEPT_S),
        )
