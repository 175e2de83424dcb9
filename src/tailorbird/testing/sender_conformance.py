"""What every sender must do: run each of CHECKS with a function that makes a rig around a new sender."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from hashlib import sha256

from tailorbird.ports.sender import Sender
from tailorbird.types.message import Message


@dataclass(frozen=True, slots=True)
class SenderRig:
    """A sender in its surroundings: `delivered` lists the bytes of what arrived, `reopen` makes it anew on the same."""

    sender: Sender
    delivered: Callable[[], Sequence[bytes]]
    reopen: Callable[[], Sender]


MakeRig = Callable[[], AbstractContextManager[SenderRig]]


def sample_message(number: int, body: bytes = b"Hello\r\n") -> Message:
    """A small e-mail to person `p<number>`, the same for the same arguments."""
    key = sha256(f"conformance {number}".encode()).hexdigest()
    raw = (
        b"From: Wren <hello@wren.example>\r\nTo: p%d@example.org\r\nSubject: %d\r\n" % (number, number)
        + b"Message-ID: <m_%d@wren.example>\r\nMIME-Version: 1.0\r\n\r\n" % number
        + body
    )
    return Message(
        message_id=f"m_{number}",
        decision_id=f"d_{number}",
        campaign="win_back",
        step="1",
        person_id=f"p{number}",
        purpose="email_marketing",
        channel="email",
        address=f"p{number}@example.org",
        subject=str(number),
        raw=raw,
        idempotency_key=key,
    )


def check_a_message_arrives_byte_for_byte(make_rig: MakeRig) -> None:
    """Also lines that begin with dots, which SMTP doubles on the way, and a dot alone."""
    message = sample_message(1, b".\r\n..dots\r\n.end\r\n\r\n" + b"x" * 900 + b"\r\n.\r\n")
    with make_rig() as rig:
        receipt = rig.sender.send(message)
        assert (receipt.status, receipt.idempotency_key) == ("sent", message.idempotency_key)
        assert receipt.at.tzinfo is not None
        assert list(rig.delivered()) == [message.raw]


def check_every_message_arrives_once(make_rig: MakeRig) -> None:
    """Sixty in a row, each with its own receipt."""
    messages = [sample_message(number) for number in range(60)]
    with make_rig() as rig:
        receipts = [rig.sender.send(message) for message in messages]
        assert [receipt.idempotency_key for receipt in receipts] == [each.idempotency_key for each in messages]
        assert sorted(rig.delivered()) == sorted(message.raw for message in messages)


def check_a_key_that_the_channel_remembers_is_delivered_once(make_rig: MakeRig) -> None:
    """Where `look_up` knows the key, a second send, also after a restart, delivers nothing more."""
    message = sample_message(1)
    with make_rig() as rig:
        rig.sender.send(message)
        if rig.sender.look_up(message.idempotency_key) is None:
            return
        assert rig.sender.send(message).status == "sent"
        rig.sender.close()
        again = rig.reopen()
        found = again.look_up(message.idempotency_key)
        assert found is not None
        assert found.status == "sent"
        assert again.send(message).status == "sent"
        again.close()
        assert list(rig.delivered()) == [message.raw]


def check_an_unknown_key_is_not_claimed_to_be_sent(make_rig: MakeRig) -> None:
    """`look_up` of a key that was never sent."""
    with make_rig() as rig:
        assert rig.sender.look_up(sample_message(9).idempotency_key) is None


def check_closing_twice_does_no_harm(make_rig: MakeRig) -> None:
    """Also without a message in between."""
    with make_rig() as rig:
        rig.sender.close()
        rig.sender.close()


CHECKS: tuple[Callable[[MakeRig], None], ...] = (
    check_a_message_arrives_byte_for_byte,
    check_every_message_arrives_once,
    check_a_key_that_the_channel_remembers_is_delivered_once,
    check_an_unknown_key_is_not_claimed_to_be_sent,
    check_closing_twice_does_no_harm,
)
