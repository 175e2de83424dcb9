"""SMTP against a real server on loopback: every answer of a relay has its receipt."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session

from tailorbird.adapters.smtp import sender as smtp
from tailorbird.adapters.smtp.sender import SmtpSender, refuses_this_one
from tailorbird.ports.sender import RefusalError, SenderError
from tailorbird.testing.sender_conformance import CHECKS, MakeRig, SenderRig, sample_message


class Relay:
    """Takes mail, or answers as `replies` says for the recipients it names."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.on_rcpt: dict[str, str] = {}
        self.on_data: dict[str, str] = {}

    async def handle_RCPT(self, server: Any, session: Session, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802
        if address in self.on_rcpt:
            return self.on_rcpt[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if envelope.rcpt_tos[0] in self.on_data:
            return self.on_data[envelope.rcpt_tos[0]]
        self.taken.append(envelope)
        return f"250 2.0.0 Ok: queued as Q{len(self.taken)}"


def authenticate(server: Any, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (b"wren", b"right")
    return AuthResult(success=good, handled=good)


@contextmanager
def serving(relay: Relay, **options: Any) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = int(listener.getsockname()[1])
    controller = Controller(relay, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def plain(port: int, **options: Any) -> SmtpSender:
    return SmtpSender("127.0.0.1", port, starttls=False, **options)


@pytest.mark.slow
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_smtp_does_what_every_sender_must(check: Callable[[MakeRig], None]) -> None:
    @contextmanager
    def rig() -> Iterator[SenderRig]:
        relay = Relay()
        with serving(relay) as port:

            def delivered() -> Sequence[bytes]:
                return [bytes(envelope.original_content or b"") for envelope in relay.taken]

            sender = plain(port)
            yield SenderRig(sender, delivered, lambda: plain(port))
            sender.close()

    check(rig)


def test_the_envelope_carries_both_addresses_and_the_receipt_the_relays_id() -> None:
    relay = Relay()
    with serving(relay) as port:
        sender = plain(port)
        receipt = sender.send(sample_message(7))
        sender.close()
    assert (relay.taken[0].mail_from, relay.taken[0].rcpt_tos) == ("hello@wren.example", ["p7@example.org"])
    assert receipt.provider_id == "Q1"


def test_refusals_are_receipts_and_the_next_message_goes_on() -> None:
    relay = Relay()
    relay.on_rcpt = {"p1@example.org": "550 5.1.1 no such user", "p2@example.org": "451 4.3.0 later"}
    relay.on_data = {"p3@example.org": "552 5.3.4 too big", "p4@example.org": "452 4.2.2 full"}
    with serving(relay) as port:
        sender = plain(port)
        receipts = [sender.send(sample_message(number)) for number in range(1, 6)]
        sender.close()
    assert [receipt.status for receipt in receipts] == ["failed", "refused", "failed", "refused", "sent"]
    assert [receipt.detail.partition(":")[0] for receipt in receipts[:4]] == [
        "permanent",
        "temporary",
        "permanent",
        "temporary",
    ]
    assert receipts[0].detail == "permanent: 550 5.1.1 no such user"
    assert [receipt.bad_mailbox for receipt in receipts] == [True, False, False, False, False]
    assert len(relay.taken) == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    "answer", ["550 5.7.515 access denied", "554 5.7.1 spam", "554 no", "550 5.4.5 quota", "550 5.1.8 bad sender"]
)
@pytest.mark.parametrize("step", ["on_rcpt", "on_data"])
def test_a_policy_of_the_relay_stops_the_sending_and_burns_no_message(answer: str, step: str) -> None:
    relay = Relay()
    setattr(relay, step, {"p1@example.org": answer})
    with serving(relay) as port:
        sender = plain(port)
        with pytest.raises(RefusalError, match=answer[4:]):
            sender.send(sample_message(1))
        assert sender.send(sample_message(2)).status == "sent", "the connection is still good"
        sender.close()


@pytest.mark.slow
@pytest.mark.parametrize(
    "replies", [["530 5.7.0 log in first"], ["550 sender not verified"], ["250 ok", "535 5.7.8 credentials expired"]]
)
def test_a_refused_sender_or_login_stops_the_sending_with_the_message_untouched(replies: list[str]) -> None:
    script = [["220 hi", "250 hello", *replies, "250 reset"]]
    with scripted(script) as port, closing(plain(port)) as sender, pytest.raises(SenderError) as caught:
        sender.send(sample_message(1))
    assert not isinstance(caught.value, RefusalError)


@pytest.mark.parametrize(
    ("answer", "this_one"),
    [
        ("550 5.1.1 no such user", True),
        ("550 no such user", True),
        ("550 5.0.0 no such user", True),
        ("552 5.2.2 mailbox full", True),
        ("550 5.4.310 no such domain", True),
        ("550 5.1.0 Sender address rejected: not owned", False),
        ("554 5.2.0 SendAsDenied", False),
        ("550 5.5.1 log in", False),
        ("571 blocked", False),
    ],
)
def test_the_status_says_whether_one_message_or_all_are_meant(answer: str, this_one: bool) -> None:
    assert refuses_this_one(int(answer[:3]), answer) is this_one


@contextmanager
def scripted(connections: Sequence[Sequence[str]]) -> Iterator[int]:
    """A server that answers each line of a connection with the next reply and then hangs up."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        for replies in connections:
            peer, _ = listener.accept()
            with peer, peer.makefile("rb") as lines:
                for reply in replies:
                    peer.sendall(f"{reply}\r\n".encode())
                    if reply.startswith("354"):
                        while lines.readline() not in (b".\r\n", b""):
                            pass
                    elif not lines.readline():
                        break

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield int(listener.getsockname()[1])
    finally:
        thread.join(5)
        listener.close()


TO_DATA = ["220 hi", "250 hello", "250 ok", "250 ok", "354 go"]


def test_a_connection_lost_after_data_leaves_the_outcome_unknown() -> None:
    with scripted([TO_DATA]) as port:
        receipt = plain(port).send(sample_message(1))
    assert receipt.status == "unknown"
    assert "broke before its answer" in receipt.detail


@pytest.mark.slow
def test_the_relay_has_ten_minutes_to_answer_the_whole_message(monkeypatch: pytest.MonkeyPatch) -> None:
    assert smtp.REPLY_SECONDS >= 600
    monkeypatch.setattr(smtp, "TIMEOUT_SECONDS", 0.3)

    class Slow(Relay):
        async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:  # noqa: N802
            await asyncio.sleep(0.8)
            return await super().handle_DATA(server, session, envelope)

    with serving(Slow()) as port:
        sender = plain(port)
        assert [sender.send(sample_message(n)).status for n in (1, 2)] == ["sent", "sent"]
        sender.close()


def test_a_connection_lost_before_data_is_opened_once_more() -> None:
    with scripted([TO_DATA[:3], [*TO_DATA, "250 queued as Z"]]) as port:
        sender = plain(port)
        assert sender.send(sample_message(1)).provider_id == "Z"
        sender.close()


def test_a_relay_that_keeps_hanging_up_stops_the_sending() -> None:
    with scripted([TO_DATA[:3], [*TO_DATA[:2], "421 too busy"]]) as port, pytest.raises(SenderError, match="closes"):
        plain(port).send(sample_message(1))


def test_an_unreachable_relay_stops_the_sending_and_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(SenderError, match=rf"127\.0\.0\.1:{port} cannot be reached"):
        plain(port).send(sample_message(1))


def test_a_refused_login_stops_the_sending_without_the_password() -> None:
    options = {"authenticator": authenticate, "auth_require_tls": False}
    with serving(Relay(), **options) as port:
        sender = plain(port, username="wren", password="right")
        assert sender.send(sample_message(1)).status == "sent"
        sender.close()
        with pytest.raises(SenderError, match="refuses the login of 'wren'") as caught:
            plain(port, username="wren", password="hunter2").send(sample_message(1))
    assert "hunter2" not in str(caught.value)


def test_a_relay_without_tls_is_refused_where_tls_is_asked_for() -> None:
    with serving(Relay()) as port, pytest.raises(SenderError, match="starttls"):
        SmtpSender("127.0.0.1", port, starttls=True).send(sample_message(1))


def test_a_password_does_not_travel_in_the_clear() -> None:
    with pytest.raises(SenderError, match="over TLS only"):
        SmtpSender("192.0.2.1", 587, username="wren", password="right", starttls=False).send(sample_message(1))
