import pytest

from tailorbird.web.api.unsubscribe_page import asks_to_unsubscribe, broken_link_page, confirm_page, done_page

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


def test_the_pages_name_the_brand_as_text_and_say_neither_du_nor_sie() -> None:
    page = bytes(confirm_page("en", "Wren & <b>Co</b>").body)
    assert b"No more marketing e-mail from Wren &amp; &lt;b&gt;Co&lt;/b&gt;?" in page
    german = b" ".join(bytes(page("de", "Wren").body) for page in (confirm_page, done_page)).decode()
    assert "von Wren" in german and not {"Sie", "Ihnen", "du", "dir"} & set(german.split())


def test_a_person_with_a_broken_link_is_told_how_to_leave_all_the_same() -> None:
    page = broken_link_page("en-GB")
    assert page.status_code == 400 and b"answer the message and say so" in bytes(page.body)
