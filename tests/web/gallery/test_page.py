"""The gallery's page."""

import re
from email.message import EmailMessage
from pathlib import Path

from tailorbird.web.gallery.page import GalleryNote, preheader, render_gallery


def mail(subject: str = "Still warm?", html: str = "<p>Hello</p>", text: str = "Hello there") -> bytes:
    message = EmailMessage()
    message["From"] = "Wren & Daughters <hello@wren.example>"
    message["Subject"] = subject
    message["Content-Language"] = "en-GB"
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    return message.as_bytes()


def test_a_card_shows_subject_preheader_body_text_and_notes() -> None:
    html = '<div style="display:none;max-height:0">Meant to stay &amp; last.&#847; &zwnj;</div><p>The body</p>'
    note = GalleryNote("Bought twice", {"subject": "model", "body": "approved"}, ["Oak bowl", "Towel"], "<m1@w>")
    page = render_gallery([mail(html=html)], "Ten messages", None, [note], simulated=True)
    for expected in (
        "Wren &amp; Daughters",
        "<h2>Still warm?</h2>",
        "Meant to stay &amp; last.",
        "Bought twice",
        "Oak bowl, Towel",
        "subject · model",
        "body · approved",
        "&lt;p&gt;The body&lt;/p&gt;",
        "Hello there",
        "tailorbird trace &lt;m1@w&gt;",
        "SIMULATED CUSTOMERS",
    ):
        assert expected in page


def test_bodies_stand_in_sandboxed_frames_that_load_nothing(tmp_path: Path) -> None:
    (tmp_path / "kettle.png").write_bytes(b"\x89PNG")
    html = '<a href="https://x.example/c/t"><img src="https://x.example/media/kettle.png"></a><script>x</script>'
    page = render_gallery([mail(html=html, text="plain")], "t", tmp_path)
    assert page.count('<iframe sandbox=""') == 1
    assert "data:image/png;base64" in page
    assert re.findall(r"https?://|<script", page) == []


def test_hostile_subjects_stay_text() -> None:
    page = render_gallery([mail('"><script>alert(1)</script>')], "<b>", None, [GalleryNote("<img src=x>")])
    assert "<script" not in page
    assert "<img" not in page
    assert "<b>" not in page.split("<h1>")[1].split("</h1>")[0]


def test_a_message_without_html_or_notes_is_shown_as_text() -> None:
    page = render_gallery([mail(html="")], "t")
    assert "no HTML part" in page
    assert "Hello there" in page
    assert "<iframe" not in page


def test_no_messages_make_an_empty_page() -> None:
    assert "0 finished messages" in render_gallery([], "t")


def test_a_mail_without_hidden_text_has_no_preheader() -> None:
    assert preheader("<p>Hi</p>") == ""
