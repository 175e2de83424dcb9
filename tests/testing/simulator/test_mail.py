from email.message import EmailMessage
from pathlib import Path

from tailorbird.testing.simulator.mail import read_mail

HTML = """<html><head><title>No</title><style>a{color:red}</style></head><body>
<!-- not shown --><a href="http://127.0.0.1:1/c/tok1?x=1"><img src="/media/a.png"></a>
<a style="display:none" href="http://127.0.0.1:1/c/trap">.</a><a href="http://127.0.0.1:1/c/empty"> </a>
<h1>Gr&uuml;&szlig;e&nbsp;</h1><a href='http://127.0.0.1:1/c/tok2'>Shop &amp; see</a>
<a href="http://127.0.0.1:1/u/leave">Unsubscribe</a><img src="http://127.0.0.1:1/o/pix.gif" width="1">
</body></html>"""


def write(path: Path, with_html: bool = True) -> Path:
    message = EmailMessage()
    message["To"] = "Zoë Ash <Zoe@Example.com>"
    message["Subject"] = "Schöne Grüße aus dem Garten"
    message["List-Unsubscribe"] = "<mailto:u@example.com>, <http://127.0.0.1:1/u/leave>"
    message.set_content("Plain words http://127.0.0.1:1/c/tok9 end")
    if with_html:
        message.add_alternative(HTML, subtype="html")
    path.write_bytes(bytes(message))
    return path


def test_what_is_shown_is_read_and_what_is_hidden_is_not(tmp_path: Path) -> None:
    mail = read_mail(write(tmp_path / "a.eml"))
    assert (mail.address, mail.subject) == ("zoe@example.com", "Schöne Grüße aus dem Garten")
    assert mail.text.removeprefix(". ") == "Grüße Shop & see Unsubscribe"
    assert mail.clicks == ("/c/tok1", "/c/tok2")
    assert (mail.pixel, mail.unsubscribe) == ("/o/pix.gif", "/u/leave")


def test_a_message_of_plain_text_is_read_too(tmp_path: Path) -> None:
    mail = read_mail(write(tmp_path / "a.eml", with_html=False))
    assert mail.text.startswith("Plain words")
    assert (mail.clicks, mail.pixel) == (("/c/tok9",), None)


def test_a_file_that_is_no_mail_reads_as_empty(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(b"\xff\x00 nothing")
    mail = read_mail(tmp_path / "a.eml")
    assert (mail.address, mail.clicks, mail.unsubscribe) == ("", (), None)
