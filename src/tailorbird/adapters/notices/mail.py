"""Notices by mail, over the project's own sender."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from tailorbird.ports.notifier import NoticeError
from tailorbird.ports.sender import Sender
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.message import Message
from tailorbird.types.notice import Notice
from tailorbird.types.settings import SenderSettings


class MailNotifier:
    """Mails one address. The sender is opened when something is to be told, and closed after it."""

    def __init__(self, address: str, sender: SenderSettings, open_sender: Callable[[], Sender]) -> None:
        self._address, self._from, self._open_sender = address, sender, open_sender

    @property
    def who(self) -> str:
        """The address."""
        return self._address

    def tell(self, notice: Notice) -> None:
        """Mail it. NoticeError: the relay did not take it."""
        try:
            sender = self._open_sender()
            try:
                receipt = sender.send(self._message(notice))
                sender.sync()
            finally:
                sender.close()
        except TailorbirdError as error:
            raise NoticeError(str(error)) from error
        if receipt.status != "sent":
            raise NoticeError(f"the mail was not taken: {receipt.status}, {receipt.detail}")

    def _message(self, notice: Notice) -> Message:
        mail = EmailMessage(policy=SMTP)
        mail["From"] = Address(self._from.name, addr_spec=self._from.email)
        mail["To"] = self._address
        mail["Subject"] = notice.subject
        mail["Date"] = format_datetime(datetime.fromisoformat(notice.at))
        mail["Message-ID"] = f"<{notice.incident_id}.{notice.campaign}@{self._from.domain}>"
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no absence notice answers it
        mail.set_content(notice.text)
        key = f"{notice.incident_id}-{hashlib.sha256(self._address.encode()).hexdigest()[:12]}"
        return Message(
            f"{notice.incident_id}-notice", "", notice.campaign, "", "", "", "email", self._address, notice.subject,
            bytes(mail), key,
        )  # fmt: skip
