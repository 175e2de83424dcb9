"""Notices to a webhook: one JSON object, whose `text` is what chat programs show."""

from dataclasses import asdict
from urllib.parse import urlsplit

import httpx2

from tailorbird.ports.notifier import NoticeError
from tailorbird.stages.safety.loopback import is_loopback
from tailorbird.types.notice import Notice

TIMEOUT_SECONDS = 5.0


class WebhookNotifier:
    """Posts to one address, which is a secret: whoever knows it can write there. Redirects are not followed."""

    def __init__(self, url: str) -> None:
        """Raises NoticeError for an address that is none, or that would carry the notice in the clear."""
        try:
            parts = urlsplit(url)
            host = parts.hostname or ""
        except ValueError:
            parts, host = urlsplit(""), ""
        if parts.scheme not in ("http", "https") or not host:
            raise NoticeError("the webhook's address is none; write it like https://host/path")
        if parts.scheme == "http" and not is_loopback(host):
            raise NoticeError(f"the webhook on {host} would get its secret unencrypted: write https://")
        self._url, self._host = url, host

    @property
    def who(self) -> str:
        """The host alone: the path is the secret."""
        return f"webhook on {self._host}"

    def tell(self, notice: Notice) -> None:
        """Post it. NoticeError: no answer in five seconds, or one that is not 2xx."""
        body = {"text": f"{notice.subject}\n{notice.text}", "incident": asdict(notice)}
        try:
            answer = httpx2.post(self._url, json=body, timeout=TIMEOUT_SECONDS, follow_redirects=False)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            # The error's own words may repeat the address.
            raise NoticeError(f"no answer from {self._host} ({type(error).__name__})") from None
        if not answer.is_success:
            raise NoticeError(f"{self._host} answers {answer.status_code}")
