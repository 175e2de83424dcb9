"""MIME as bytes: what Python's own parser reads is what was meant, and nobody smuggles a header in."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.stages.channels.mime import EmailParts, EncodedBody, HeaderError, build_mime, encode_body, text_header

PARTS = EmailParts(
    sender_name="Wren & Söhne",
    sender_address="hello@wren.example",
    recipient_name="Ana",
    recipient_address="ana@example.org",
    subject="Kettles are back",
    html="<p>Grüße &amp; kettles</p>\n" * 5,
    text="Grüße\nkettles\n",
    date=datetime(2026, 3, 1, 9, 30, tzinfo=UTC),
    message_id="m_1@wren.example",
    unsubscribe_url="https://wren.example/u/" + "t" * 90,
    list_id="winback.wren.example",
    feedback_id="winback:email:lifecycle:wrenexample",
    tailorbird_id="m_1",
    reply_to="help@wren.example",
)


def parsed(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def content(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert isinstance(part, EmailMessage)
    text: str = part.get_content()
    return text.replace("\r\n", "\n")


def test_a_mail_parses_into_what_it_was_made_of() -> None:
    message = parsed(build_mime(PARTS))
    assert message["From"].addresses[0].display_name == "Wren & Söhne"
    assert message["From"].addresses[0].addr_spec == "hello@wren.example"
    assert message["To"] == "Ana <ana@example.org>"
    assert message["Reply-To"] == "help@wren.example"
    assert message["Subject"] == PARTS.subject
    assert message["Date"].datetime == PARTS.date
    assert message["Message-ID"] == "<m_1@wren.example>"
    assert message["List-Unsubscribe"].strip() == f"<{PARTS.unsubscribe_url}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["List-Id"] == "<winback.wren.example>"
    assert message["Feedback-ID"] == PARTS.feedback_id
    assert message["X-Tailorbird-Message"] == "m_1"
    assert message["MIME-Version"] == "1.0"
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert (content(message, "plain"), content(message, "html")) == (PARTS.text, PARTS.html)


def test_a_japanese_subject_with_emoji_comes_back_from_short_encoded_words() -> None:
    subject = "お茶の時間です、新しいやかんが届きました 🫖👩‍👩‍👧 ごらんください"
    raw = build_mime(
        replace(PARTS, subject=subject, recipient_name="花子", text="日本語" * 99, html="<p>日本語</p>" * 99)
    )
    message = parsed(raw)
    assert message["Subject"] == subject
    assert message["To"].addresses[0].display_name == "花子"
    assert all(len(word) <= 75 for word in re.findall(rb"=\?[^ ]*\?=", raw))
    assert content(message, "html").strip() == "<p>日本語</p>" * 99
    assert content(message, "plain").strip() == "日本語" * 99


@pytest.mark.parametrize("header", ["Subject", "From", "To"])
@pytest.mark.parametrize("smuggled", ["A\r\nBcc: x@y", "A\nBcc: x@y", "A\rB", "A\x00", "A\x85B", "A\u2028B", "\ud800"])
def test_control_characters_in_a_value_are_refused_by_header(header: str, smuggled: str) -> None:
    parts = {
        "Subject": replace(PARTS, subject=smuggled),
        "From": replace(PARTS, sender_name=smuggled),
        "To": replace(PARTS, recipient_name=smuggled),
    }
    with pytest.raises(HeaderError) as caught:
        build_mime(parts[header])
    assert caught.value.header == header


@pytest.mark.parametrize(
    ("field", "value", "header"),
    [
        ("recipient_address", "a@b\r\nBcc: x@y", "To"),
        ("recipient_address", "no address", "To"),
        ("recipient_address", "a@b, c@d", "To"),
        ("recipient_address", "ü@b.example", "To"),
        ("recipient_address", "a@b@c", "To"),
        ("sender_address", "", "From"),
        ("reply_to", "<x@y>", "Reply-To"),
        ("message_id", "a b@c", "Message-ID"),
        ("unsubscribe_url", "https://x/>, <mailto:y@z", "List-Unsubscribe"),
        ("unsubscribe_url", "https://x/" + "u" * 999, "List-Unsubscribe"),
        ("list_id", "ö.example", "List-Id"),
        ("feedback_id", "a:b:c:d\r\nX: y", "Feedback-ID"),
        ("tailorbird_id", "", "X-Tailorbird-Message"),
        ("date", datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None), "Date"),  # the point of the case
    ],
)
def test_a_value_that_is_wrong_names_its_header(field: str, value: object, header: str) -> None:
    with pytest.raises(HeaderError) as caught:
        build_mime(replace(PARTS, **{field: value}))  # type: ignore[arg-type]
    assert caught.value.header == header


def test_an_international_domain_is_written_in_ascii() -> None:
    assert parsed(build_mime(replace(PARTS, recipient_address="ana@köln.example")))["To"].addresses[0].domain == (
        "xn--kln-sna.example"
    )


names = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=60)


@pytest.mark.slow
@given(subject=names | st.text("ab =?_ü", max_size=150), name=names)
def test_any_subject_and_name_come_back(subject: str, name: str) -> None:
    raw = build_mime(replace(PARTS, subject=subject, recipient_name=name))
    head = raw.partition(b"\r\n\r\n")[0]
    assert head.isascii()
    assert all(len(line) <= 78 for line in head.split(b"\r\n") if not line.startswith((b" <https", b"To", b' "')))
    message = parsed(raw)
    assert message["Subject"] == subject
    assert message["To"].addresses[0].addr_spec == PARTS.recipient_address
    assert len(message.keys()) == len(parsed(build_mime(PARTS)).keys())


@pytest.mark.slow
@given(text=st.text(st.characters(exclude_categories=["Cs"])), html=st.text(st.characters(exclude_categories=["Cs"])))
def test_any_body_comes_back_over_short_seven_bit_lines(text: str, html: str) -> None:
    raw = build_mime(replace(PARTS, text=text, html=html))
    assert raw.isascii()
    assert all(len(line) <= 78 for line in raw.partition(b"\r\n\r\n")[2].split(b"\r\n"))
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")
    parts = list(parsed(raw).iter_parts())
    for part, sent in zip(parts, (text, html), strict=True):
        body = part.get_payload(decode=True)
        assert isinstance(body, bytes)
        meant = sent.replace("\r\n", "\n").replace("\r", "\n")
        assert body.decode().replace("\r\n", "\n") == meant


def test_a_long_ascii_subject_is_folded_at_its_spaces() -> None:
    header = text_header("Subject", "word " * 30 + "end")
    assert all(len(line) <= 76 for line in header.split(b"\r\n"))
    assert b"=?" not in header


def test_latin_text_stays_readable_and_other_scripts_stay_short() -> None:
    assert encode_body("Grüße, kettle") == EncodedBody(b"quoted-printable", b"Gr=C3=BC=C3=9Fe, kettle")
    assert encode_body("日本語").encoding == b"base64"
