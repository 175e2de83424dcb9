"""What a request says of who makes it: a person's browser, or a program that reads mail before them."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

from tailorbird.types.machine import ASKED_ONLY, CRAWLER, PREFETCH, PROXY, SCANNER

_FETCHED_AHEAD = ("purpose", "sec-purpose", "x-purpose", "x-moz")
_AHEAD = re.compile(r"prefetch|prerender|preview", re.I)
_PROXIES = re.compile(r"GoogleImageProxy|YahooMailProxy|ggpht\.com|Yahoo-MMCrawler|FeedFetcher|BingPreview", re.I)
_BARE = re.compile(r"Mozilla/\d\.\d")
"""All that Apple's Mail Privacy Protection says of itself."""
_CRAWLERS = re.compile(
    r"bot\b|bot[/;_-]|crawl|spider|slurp|facebookexternalhit|whatsapp/|headlesschrome|phantomjs|lighthouse|"
    r"mediapartners-google|google-read-aloud|pingdom|uptimerobot|ia_archiver",
    re.I,
)
_SCANNERS = re.compile(
    r"barracuda|mimecast|proofpoint|safelinks|ms-office|microsoft office existence|symantec|trend ?micro|"
    r"fortiguard|forcepoint|sophos|cisco.?(?:esa|ironport)|urldefense|urlscan|virustotal|phish|scanner|"
    r"python-requests|python-urllib|python-httpx|aiohttp|\bcurl/|\bwget/|libwww-perl|go-http-client|"
    r"^java/|apache-httpclient|axios/|node-fetch|undici|ruby|guzzlehttp|winhttp|powershell",
    re.I,
)


def machine_reason(kind: Literal["click", "open"], method: str, headers: Mapping[str, str]) -> str | None:
    """Why a request to a link or pixel of a message is a machine's, None for what may be a person's.

    `headers` are looked up in lower case. A request without a user agent says nothing of itself, and passes. Image
    proxies matter for opens alone: behind them a person may be reading, but nobody can tell when.
    """
    if any(_AHEAD.search(headers.get(name, "")) for name in _FETCHED_AHEAD):
        return PREFETCH
    agent = headers.get("user-agent", "")
    if kind == "open" and (_PROXIES.search(agent) or _BARE.fullmatch(agent)):
        return PROXY
    if method == "HEAD":
        return ASKED_ONLY
    return SCANNER if _CRAWLERS.search(agent) or _SCANNERS.search(agent) else None


def crawler_reason(user_agent: object) -> str | None:
    """Why an event of a site is a machine's: a crawler that says so in `context.userAgent`.

    Programs that a shop's own servers use to send events are none.
    """
    return CRAWLER if isinstance(user_agent, str) and _is_crawler(user_agent[:512]) else None


@lru_cache(maxsize=4096)
def _is_crawler(user_agent: str) -> bool:
    """Few texts come over and over."""
    return bool(_CRAWLERS.search(user_agent))
