import pytest

from tailorbird.web.api.unsubscribe_page import asks_to_unsubscribe, confirm_page, done_page

URLENCODED = "application/x-www-form-urlencoded; charset=utf-8"


@pytest.mark.parametrize(
    ("body", "asks"),
    [
        (b"List-Unsubscribe=One-Click", True),
        (b"a=b&List-Unsubscribe=One-Click", True),
        (b"List-Unsubscribe=one", False),
        (b"", False),
    ],
)
def test_an_urlencoded_form_asks_by_its_field(body: bytes, asks: bool) -> None:
    assert asks_to_unsubscribe(body, URLENCODED) is asks


def test_a_multipart_form_asks_by_its_field() -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'
    assert asks_to_unsubscribe(body, "multipart/form-data; boundary=x")
    assert not asks_to_unsubscribe(body.replace(b"One-Click", b"No"), "multipart/form-data; boundary=x")
    assert not asks_to_unsubscribe(body, "multipart/form-data")


def test_the_pages_speak_the_reader_s_language() -> None:
    assert b"Ja, bitte abmelden" in confirm_page("de-DE,de;q=0.9").body
    assert b"Yes, unsubscribe me" in confirm_page("fr").body
    assert b"You are unsubscribed" in done_page("").body
    assert b"<form" not in done_page("").body
