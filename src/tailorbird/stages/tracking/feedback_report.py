"""Feedback reports of mailbox providers (ARF, RFC 5965) and bounces (RFC 3464): which message they are about."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

from tailorbird.types.errors import TailorbirdError
from tailorbird.types.feedback import FeedbackKind

MESSAGE_HEADER = "X-Tailorbird-Message"
_ABUSE = frozenset({"abuse", "complaint", "fraud", "virus", "opt-out", "opt-out-list"})
_PARTS_MAX = 50
_ID = re.compile(r"^x-tailorbird-message:[ \t]*([A-Za-z0-9_-]{1,64})[ \t]*$", re.IGNORECASE | re.MULTILINE)


class FeedbackError(TailorbirdError):
    """A report that cannot be used; says why."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a report says: the kind, the message by our own id, and words for the record."""

    kind: FeedbackKind
    message_id: str
    detail: str


def read_report(raw: bytes) -> Report:
    """An ARF or DSN message as a report. FeedbackError: it is neither, or names no message of ours.

    The message is told by our header in the copy that the report carries: an address is often taken out of it, and
    would name a person and not a message.
    """
    message = BytesParser(policy=policy.default).parsebytes(raw)
    for part in _parts(message):
        kind = part.get_content_type()
        if kind == "message/feedback-report":
            fields = _fields(part)
            said = fields.get("feedback-type", "").lower()
            if said not in _ABUSE:
                raise FeedbackError(f"Feedback-Type {said[:40] or 'missing'!r} is no complaint")
            agent = fields.get("user-agent", "")
            return Report("complaint", _message_id(message), f"{said} report by {agent[:100] or 'an unnamed program'}")
        if kind == "message/delivery-status":
            fields = _fields(part)
            action, status = fields.get("action", "").lower(), fields.get("status", "")
            if action != "failed" or not status.startswith("5"):
                raise FeedbackError(
                    f"the delivery status is {action[:20]!r} {status[:20]}: only permanent failures count"
                )
            return Report(
                "bounce", _message_id(message), f"{status[:20]} {fields.get('diagnostic-code', '')[:200]}".strip()
            )
    raise FeedbackError("no part is message/feedback-report (RFC 5965) or message/delivery-status (RFC 3464)")


def _parts(message: EmailMessage) -> Iterator[EmailMessage]:
    for number, part in enumerate(message.walk()):
        if number >= _PARTS_MAX:
            raise FeedbackError(f"the report has more than {_PARTS_MAX} parts")
        if isinstance(part, EmailMessage):
            yield part


def _fields(part: EmailMessage) -> dict[str, str]:
    """The fields of a report's part: the parser gives them as headers, as messages in it, or as text."""
    blocks = part.get_payload()
    found: dict[str, str] = {}
    if isinstance(blocks, list):
        for block in blocks:
            if isinstance(block, str):
                continue
            found.update({name.lower(): str(value) for name, value in getattr(block, "items", list)()})
            text = block.get_payload() if not block.is_multipart() else ""
            found.update(_read_fields(text if isinstance(text, str) else ""))
        return found
    return _read_fields(str(blocks))


def _read_fields(text: str) -> dict[str, str]:
    pairs = (line.split(":", 1) for line in text.splitlines() if ":" in line)
    return {name.strip().lower(): value.strip() for name, value in pairs}


def _message_id(message: EmailMessage) -> str:
    for part in message.walk():
        if part.get_content_type() in ("message/rfc822", "text/rfc822-headers"):
            found = _ID.search(part.as_string(policy=policy.compat32))
            if found:
                return found.group(1)
    raise FeedbackError(f"the report's copy of the message has no header {MESSAGE_HEADER}")
