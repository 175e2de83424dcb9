"""From stitched blocks and a context to a finished, signed e-mail message."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any

from tailorbird.stages.channels.dkim import DkimSigner
from tailorbird.stages.channels.email_template import HTML_PART, TEXT_PART, EmailTemplate
from tailorbird.stages.channels.footer import check_footer
from tailorbird.stages.channels.mime import EmailParts, HeaderError, build_mime
from tailorbird.types.message import Message
from tailorbird.types.settings import SenderSettings

CHANNEL = "email"
TEST_MARK = "[Test]"


@dataclass(frozen=True, slots=True)
class EmailAddressing:
    """Whom a mail goes to, and why it may: everything about one person's mail that is not its content.

    `key` is the idempotency key; `purpose` the consent purpose that the mail is sent under; the campaign names the
    Feedback-ID's group; `recipient_name` may be ''; `unsubscribe_url` carries an opaque token.
    `is_test` marks the subject, and adds the header X-Tailorbird-Test.
    """

    key: str
    decision_id: str
    campaign: str
    step: str
    person_id: str
    purpose: str
    address: str
    unsubscribe_url: str
    recipient_name: str = ""
    is_test: bool = False


def idempotency_key(decision_id: str, channel: str) -> str:
    """The key under which a message is sent at most once, for ever: SHA-256 of the decision and the channel.

    A decision is one person's in one step of one campaign. Its id is stored, so that renaming a project or moving its
    folder never makes a second message of the same one.
    """
    return sha256(f"{decision_id}|{channel}".encode()).hexdigest()


def message_id(key: str) -> str:
    """The message's own id: 'm_' and 24 hex digits, the same for the same idempotency key."""
    return "m_" + sha256(key.encode()).hexdigest()[:24]


def build_email(
    addressing: EmailAddressing,
    blocks: Mapping[str, str],
    context: Mapping[str, Any],
    template: EmailTemplate,
    sender: SenderSettings,
    signer: DkimSigner,
    date: datetime,
    rungs: Mapping[str, str],
    lines: Mapping[str, str],
) -> Message:
    """Render, encode and sign one mail. `blocks` are the stitched lines (subject, headline…) and win over `context`.

    `rungs` and `lines` are the message's. `date` is aware. Raises TemplateError (rendering, size, no unsubscribe link
    or no postal address in a part) and HeaderError (the address or the subject); a recipient's name that cannot be a
    header is left out instead.
    """
    html, text = template.encode({**context, **blocks})
    address = context.get("legal", {}).get("postal_address", "")
    check_footer(template.name, HTML_PART, html, True, addressing.unsubscribe_url, address)
    check_footer(template.name, TEXT_PART, text, False, addressing.unsubscribe_url, address)
    identity = message_id(addressing.key)
    subject = f"{TEST_MARK} {blocks['subject']}" if addressing.is_test else blocks["subject"]
    parts = EmailParts(
        sender_name=sender.name,
        sender_address=sender.email,
        recipient_name=addressing.recipient_name,
        recipient_address=addressing.address,
        subject=subject,
        html=html,
        text=text,
        date=date,
        message_id=f"{identity}@{sender.domain}",
        unsubscribe_url=addressing.unsubscribe_url,
        list_id=f"{label(addressing.campaign)}.{sender.domain}",
        feedback_id=f"{label(addressing.campaign)}:{CHANNEL}:lifecycle:{sender_label(sender.domain)}",
        tailorbird_id=identity,
        reply_to=sender.reply_to,
        is_test=addressing.is_test,
    )
    return Message(
        message_id=identity,
        decision_id=addressing.decision_id,
        campaign=addressing.campaign,
        step=addressing.step,
        person_id=addressing.person_id,
        purpose=addressing.purpose,
        channel=CHANNEL,
        address=addressing.address,
        subject=subject,
        raw=signer.sign(_built(parts), int(date.timestamp())),
        idempotency_key=addressing.key,
        rungs=rungs,
        lines=lines,
    )


def _built(parts: EmailParts) -> bytes:
    try:
        return build_mime(parts)
    except HeaderError as error:
        if error.header != "To" or not parts.recipient_name:
            raise
    return build_mime(_nameless(parts))


def _nameless(parts: EmailParts) -> EmailParts:
    fields = {name: getattr(parts, name) for name in EmailParts.__dataclass_fields__}
    return EmailParts(**{**fields, "recipient_name": ""})


@lru_cache(maxsize=256)
def label(name: str) -> str:
    """A name as it can stand in List-Id and Feedback-ID: ASCII letters, digits and hyphens, at most 40."""
    kept = "".join(character if character.isascii() and character.isalnum() else "-" for character in name.lower())
    return kept.strip("-")[:40] or "campaign"


@lru_cache(maxsize=64)
def sender_label(domain: str) -> str:
    """Feedback-ID's SenderId: stable, 5 to 15 characters, made of the sending domain."""
    return label(domain).replace("-", "")[:15].ljust(5, "x")
