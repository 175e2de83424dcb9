"""Notices by mail, over a real relay on loopback."""

import email
import socket
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope, Session

from tailorbird.adapters.notices.mail import MailNotifier
from tailorbird.adapters.smtp.sender import SmtpSender
from tailorbird.ports.notifier import NoticeError
from tailorbird.types.notice import Notice
from tailorbird.types.settings import SenderSettings

SENDER = SenderSettings("Wren & Söhne", "hello@shop.example", "shop.example", "1 Lane")
NOTICE = Notice(
    "i_1", "wren", "win_back", "high", "2026-06-01T09:00:00+00:00", True, "[wren] win_back halted: zu teuer",
    "Campaign win_back of wren: zu teuer, für alle\n",
)  # fmt: skip


class Relay:
    def __init__(self, answer: str = "250 OK") -> None:
        self.answer = answer
        self.taken: list[Envelope] = []

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.taken.append(envelope)
        return self.answer


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def tell(relay: Relay) -> None:
    port = closed_port()
    controller = Controller(relay, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        MailNotifier("ops@shop.example", SENDER, lambda: SmtpSender("127.0.0.1", port, starttls=False)).tell(NOTICE)
    finally:
        controller.stop()


def test_a_mail_says_what_happened_and_that_no_person_wrote_it() -> None:
    relay = Relay()
    tell(relay)
    (envelope,) = relay.taken
    assert (envelope.mail_from, envelope.rcpt_tos) == ("hello@shop.example", ["ops@shop.example"])
    mail = email.message_from_bytes(envelope.original_content or b"", policy=default)
    assert mail["Subject"] == NOTICE.subject and mail["Auto-Submitted"] == "auto-generated"
    assert mail["From"].addresses[0].display_name == "Wren & Söhne"
    body = mail.get_body()
    assert body is not None and body.get_content().strip() == NOTICE.text.strip()


@pytest.mark.parametrize("answer", ["451 4.3.0 later", "550 5.1.1 no such user", "554 5.7.1 spam"])
def test_a_mail_that_the_relay_does_not_take_was_not_told(answer: str) -> None:
    with pytest.raises(NoticeError, match=answer[:3]):
        tell(Relay(answer))


def test_a_relay_that_is_away_is_told_as_such() -> None:
    notifier = MailNotifier("a@shop.example", SENDER, lambda: SmtpSender("127.0.0.1", closed_port(), starttls=False))
    with pytest.raises(NoticeError, match="cannot be reached"):
        notifier.tell(NOTICE)
