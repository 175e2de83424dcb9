from collections.abc import Callable
from typing import Any

import pytest
from starlette.exceptions import HTTPException

from tailorbird.web.api.cross_origin import CrossOrigin

pytestmark = pytest.mark.slow

SHOP, OTHER = "https://shop.example", "https://other.example"
TRACK = {"userId": "u1", "event": "A", "messageId": "x1"}
ASK = {"Origin": SHOP, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}  # fmt: skip


def test_any_page_may_send_events_unless_the_settings_say_otherwise(shop: Any) -> None:
    asked = shop.call("OPTIONS", "/v1/t", headers=ASK)
    assert (asked.status, asked.headers["access-control-allow-origin"]) == (204, "*")
    assert asked.headers["access-control-allow-headers"] == "authorization,content-type"
    assert asked.headers["access-control-allow-methods"] == "POST"
    sent = shop.call("POST", "/v1/t", TRACK, {"Origin": SHOP, "Content-Type": "text/plain"})
    assert (sent.status, sent.headers["access-control-allow-origin"]) == (200, "*")
    assert "access-control-allow-credentials" not in {**asked.headers, **sent.headers}
    assert len(shop.events()) == 1


def test_pages_of_other_sites_are_refused_where_the_settings_name_some(start: Callable[..., Any]) -> None:
    shop = start(origins=(SHOP,))
    sent = shop.call("POST", "/v1/track", TRACK, {"Origin": SHOP})
    assert (sent.status, sent.headers["access-control-allow-origin"], sent.headers["vary"]) == (200, SHOP, "Origin")
    for method in ("POST", "OPTIONS"):
        refused = shop.call(method, "/v1/track", {**TRACK, "messageId": "x2"}, {**ASK, "Origin": OTHER})
        assert (refused.status, "access-control-allow-origin" in refused.headers) == (403, False)
    assert shop.call("POST", "/v1/track", {**TRACK, "messageId": "x3"}).status == 200  # Not from a browser.
    assert len(shop.events()) == 2


def test_an_error_can_be_read_by_the_page_too(shop: Any) -> None:
    answer = shop.call("POST", "/v1/track", b"{", {"Origin": SHOP})
    assert (answer.status, answer.headers["access-control-allow-origin"]) == (400, "*")


def test_header_names_that_are_none_are_not_repeated() -> None:
    headers = {b"origin": b"x", b"access-control-request-headers": b"a\r\nb: c"}
    assert dict(CrossOrigin().preflight(headers))[b"access-control-allow-headers"].startswith(b"authorization")
    with pytest.raises(HTTPException):
        CrossOrigin(()).check(b"null")


def test_no_other_route_is_open_to_pages_of_other_sites(shop: Any) -> None:
    for path in ("/health", "/openapi.json"):
        assert "access-control-allow-origin" not in shop.call("GET", path, headers={"Origin": SHOP}).headers
