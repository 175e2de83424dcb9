from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.slow


def test_health_says_whether_the_time_is_simulated(start: Callable[..., Any]) -> None:
    health = start(simulated_time=True).call("GET", "/health").json()
    assert health["simulated_time"] is True
    assert "SIMULATION" in health["note"]


def test_a_real_server_s_health_has_no_note(shop: Any) -> None:
    assert "note" not in shop.call("GET", "/health").json()


def test_images_are_served_and_nothing_beside_them(shop: Any) -> None:
    (shop.root / "media" / "nest.png").write_bytes(b"png")
    (shop.root / "secret.txt").write_text("secret")
    (shop.root / "media" / "link").symlink_to(shop.root / "secret.txt")
    answer = shop.call("GET", "/media/nest.png")
    assert (answer.status, answer.body, answer.headers["content-type"]) == (200, b"png", "image/png")
    for path in ("../secret.txt", "%2e%2e/secret.txt", "..%2fsecret.txt", "link", "", "none.png"):
        answer = shop.call("GET", f"/media/{path}")
        assert answer.status in (400, 404, 405), path
        assert b"secret" not in answer.body


def test_closing_the_server_finishes_its_segment(shop: Any) -> None:
    shop.call("POST", "/v1/track", {"userId": "u", "event": "A"})
    shop.server.stop()
    assert len(shop.events()) == 1
    assert not list((shop.root / "events").glob("*.jsonl"))


def test_only_images_are_served_and_nothing_hidden(shop: Any) -> None:
    media = shop.root / "media"
    (media / ".tailorbird").mkdir()
    for name in ("nest.PNG", "dkim.pem", "page.html", "drawing.svg", ".tailorbird/nest.png", ".hidden.png", "noname"):
        (media / name).write_bytes(b"x")
    assert shop.call("GET", "/media/nest.PNG").status == 200
    for name in ("dkim.pem", "page.html", "drawing.svg", ".tailorbird/nest.png", ".hidden.png", "noname", "", "."):
        assert shop.call("GET", f"/media/{name}").status == 404, name
