"""Who makes a request: a person's browser, or a program."""

import pytest

from tailorbird.stages.tracking.machines import crawler_reason, machine_reason
from tailorbird.types.machine import ASKED_ONLY, CRAWLER, PREFETCH, PROXY, SCANNER

CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148"
OUTLOOK = "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0; Win64; x64; Trident/7.0; Microsoft Outlook 16.0.5)"
GMAIL = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"


@pytest.mark.parametrize("agent", [CHROME, IPHONE, OUTLOOK, "", "okhttp/4.12.0"])
def test_what_people_read_mail_with_is_a_person_s(agent: str) -> None:
    headers = {"user-agent": agent} if agent else {}
    assert machine_reason("click", "GET", headers) is None
    assert machine_reason("open", "GET", headers) is None


@pytest.mark.parametrize("agent", [GMAIL, "Mozilla/5.0", "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy"])
def test_an_image_proxy_s_open_is_a_machine_s_and_its_click_is_a_person_s(agent: str) -> None:
    assert machine_reason("open", "GET", {"user-agent": agent}) == PROXY
    assert machine_reason("click", "GET", {"user-agent": agent}) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [("purpose", "prefetch"), ("sec-purpose", "prefetch;prerender"), ("x-moz", "prefetch"), ("x-purpose", "preview")],
)
def test_what_is_fetched_ahead_is_nobody_s_reading(name: str, value: str) -> None:
    assert machine_reason("click", "GET", {"user-agent": CHROME, name: value}) == PREFETCH
    assert machine_reason("open", "GET", {"user-agent": CHROME, name: value}) == PREFETCH
    assert machine_reason("click", "GET", {"user-agent": CHROME, name: "navigate"}) is None


def test_a_head_request_is_a_scanner_s() -> None:
    assert machine_reason("click", "HEAD", {"user-agent": CHROME}) == ASKED_ONLY


@pytest.mark.parametrize(
    "agent",
    [
        "python-requests/2.32",
        "curl/8.5.0",
        "Barracuda Sentinel (EE)",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
        "facebookexternalhit/1.1",
        "Mozilla/5.0 HeadlessChrome/140.0",
        "Microsoft Office Existence Discovery",
    ],
)
def test_known_programs_are_known(agent: str) -> None:
    assert machine_reason("click", "GET", {"user-agent": agent}) == SCANNER


def test_on_a_site_only_crawlers_are_machines_for_servers_send_events_too() -> None:
    assert crawler_reason("Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)") == CRAWLER
    assert [crawler_reason(agent) for agent in (CHROME, "python-requests/2.32", None, 5, "", ["bot"])] == [None] * 6
    assert crawler_reason("x" * 10_000_000 + " bot") is None
