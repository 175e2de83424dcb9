"""From blocks and a context to a signed message that keeps its ids for ever."""

import base64
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tailorbird.stages.channels.dkim import DkimSigner
from tailorbird.stages.channels.email_message import (
    EmailAddressing,
    build_email,
    idempotency_key,
    label,
    message_id,
    sender_label,
)
from tailorbird.stages.channels.email_template import compile_email
from tailorbird.stages.channels.mime import HeaderError
from tailorbird.types.message import Message
from tailorbird.types.settings import SenderSettings
from tailorbird.types.template import Template

PRIVATE = rsa.generate_private_key(65537, 2048)
PEM = PRIVATE.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
PUBLIC = PRIVATE.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
MJML = "<mjml><mj-body><mj-section><mj-column><mj-text>{{ headline }}, {{ person.first_name }}</mj-text></mj-column></mj-section></mj-body></mjml>"
TEMPLATE = compile_email(Template("winback", MJML, "{{ headline }}\n{{ links.unsubscribe }}\n", {}, {}, "d"))
SENDER = SenderSettings(name="Wren", email="hello@wren.example", domain="wren.example", postal_address="1 Lane")
SIGNER = DkimSigner("wren.example", "tailorbird", PEM)
KEY = idempotency_key("d_p1", "email")
ADDRESSING = EmailAddressing(
    KEY, "d_1", "winback", "1", "p1", "email_marketing", "ana@example.org", "https://wren.example/u/token", "Ana"
)
BLOCKS = {"subject": "お帰りなさい 🪡", "headline": "Kettles"}


def build(addressing: EmailAddressing = ADDRESSING, subject: str = BLOCKS["subject"]) -> Message:
    return build_email(
        addressing,
        {**BLOCKS, "subject": subject},
        {"person": {"first_name": "Ana"}, "headline": "overridden", "links": {"unsubscribe": "u"}},
        TEMPLATE,
        SENDER,
        SIGNER,
        datetime(2026, 3, 1, 9, 30, tzinfo=UTC),
        {"subject": "model"},
    )


def verifies(raw: bytes) -> bool:
    record = b"v=DKIM1; k=rsa; p=" + base64.b64encode(PUBLIC)
    return bool(dkim.verify(raw, dnsfunc=lambda name, timeout=5: record))


def test_a_built_mail_verifies_parses_and_carries_its_ids() -> None:
    message = build()
    mail = message_from_bytes(message.raw, policy=policy.default)
    assert verifies(message.raw)
    assert mail["Subject"] == BLOCKS["subject"] == message.subject
    assert mail["Message-ID"] == f"<{message.message_id}@wren.example>"
    assert mail["X-Tailorbird-Message"] == message.message_id
    assert mail["Feedback-ID"] == "winback:email:lifecycle:wrenexample"
    assert (message.channel, message.address, message.rungs) == ("email", "ana@example.org", {"subject": "model"})
    html = mail.get_body(("html",))
    assert html is not None and "Kettles, Ana" in html.get_content()


def test_ids_are_stable_and_differ_with_every_part() -> None:
    assert build().raw == build().raw
    assert message_id(KEY) == message_id(KEY)
    assert len(message_id(KEY)) == 26
    keys = {
        KEY,
        idempotency_key("d_p2", "email"),
        idempotency_key("d_p1", "push"),
        idempotency_key("d_p1|email", ""),
    }
    assert len(keys) == 4


def test_a_name_that_smuggles_a_header_is_left_out() -> None:
    message = build(replace(ADDRESSING, recipient_name="A\r\nBcc: x@y"))
    mail = message_from_bytes(message.raw, policy=policy.default)
    assert (mail["To"], mail["Bcc"]) == ("ana@example.org", None)
    assert verifies(message.raw)


def test_a_subject_or_an_address_that_smuggles_a_header_is_refused() -> None:
    with pytest.raises(HeaderError, match="Subject"):
        build(subject="A\r\nBcc: x@y")
    with pytest.raises(HeaderError, match="To"):
        build(replace(ADDRESSING, address="a@b\r\nBcc: x@y"))


@pytest.mark.parametrize(("name", "made"), [("Win Back!", "win-back"), ("öö", "campaign"), ("a" * 99, "a" * 40)])
def test_a_campaign_name_becomes_a_label(name: str, made: str) -> None:
    assert label(name) == made


def test_a_sender_label_has_five_to_fifteen_characters() -> None:
    assert [len(sender_label(domain)) for domain in ("a.b", "a-very-long-domain-name.example")] == [5, 15]
