"""A sender that hands messages to a relay over SMTP, one connection, one message at a time."""

import re
import smtplib
import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from email import policy
from email.parser import BytesHeaderParser

from tailorbird.ports.sender import SenderError
from tailorbird.types.message import Message
from tailorbird.types.receipt import Receipt, ReceiptStatus

TIMEOUT_SECONDS = 30.0

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_QUEUED_AS = re.compile(r"queued as (\S+)", re.IGNORECASE)


class SmtpSender:
    """Sends over one SMTP connection, which is opened at the first message and again after a loss.

    With `starttls` the relay must offer it; port 465 is TLS from the start. A password goes over TLS only, or to this
    machine. The envelope's sender is the address in the message's From header.
    """

    def __init__(
        self, host: str, port: int, username: str | None = None, password: str | None = None, starttls: bool = True
    ) -> None:
        self._host, self._port, self._username, self._password = host, port, username, password
        self._starttls = starttls
        self._connection: smtplib.SMTP | None = None

    @property
    def repeatable(self) -> bool:
        """No: a relay takes the same message twice."""
        return False

    def sync(self) -> None:
        """Nothing to do: what a relay has accepted is the relay's to keep."""

    def send(self, message: Message) -> Receipt:
        """Hand over one message.

        `failed` with detail 'temporary: …' (4xx) or 'permanent: …' (5xx); `unknown` where the connection broke after
        the relay had begun to take the message. SenderError: no connection, no TLS, a refused login.
        """
        for fresh in (False, True):
            connection = self._connected(fresh)
            try:
                refused = self._envelope(connection, message)
            except (OSError, smtplib.SMTPException) as error:
                # Nothing of the message has left, so one more connection is safe.
                self._drop()
                if fresh:
                    raise SenderError(f"{self._where()} closes the connection: {error}; try again later") from error
                continue
            return refused or self._body(connection, message)
        raise AssertionError("the second turn returns or raises")

    def look_up(self, idempotency_key: str) -> Receipt | None:
        """None: a relay cannot be asked."""
        return None

    def close(self) -> None:
        """Say goodbye to the relay. A second close does nothing."""
        if self._connection:
            try:
                self._connection.quit()
            except (OSError, smtplib.SMTPException):
                pass
        self._drop()

    def _where(self) -> str:
        return f"the mail relay {self._host}:{self._port}"

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection:
            connection.close()

    def _connected(self, fresh: bool) -> smtplib.SMTP:
        if self._connection and not fresh:
            return self._connection
        self._drop()
        try:
            self._connection = self._open()
        except smtplib.SMTPAuthenticationError as error:
            problem = f"{self._where()} refuses the login of {self._username!r} ({_words(error.smtp_error)})"
            raise SenderError(f"{problem}; see delivery in tailorbird.yaml and the password's variable") from error
        except smtplib.SMTPNotSupportedError as error:
            raise SenderError(f"{self._where()} offers no TLS or no login: {error}; see delivery.starttls") from error
        except (OSError, smtplib.SMTPException) as error:
            mend = "see delivery.host and delivery.port in tailorbird.yaml"
            raise SenderError(f"{self._where()} cannot be reached: {error}; {mend}") from error
        return self._connection

    def _open(self) -> smtplib.SMTP:
        if self._username and not (self._starttls or self._port == 465 or self._host in _LOOPBACK):
            raise SenderError(f"a password is sent to {self._host} over TLS only; set delivery.starttls: true")
        context = ssl.create_default_context()
        connection: smtplib.SMTP
        if self._port == 465:
            connection = smtplib.SMTP_SSL(self._host, self._port, timeout=TIMEOUT_SECONDS, context=context)
        else:
            connection = smtplib.SMTP(self._host, self._port, timeout=TIMEOUT_SECONDS)
        try:
            connection.ehlo_or_helo_if_needed()
            if self._starttls and self._port != 465:
                connection.starttls(context=context)
                connection.ehlo()
            if self._username:
                connection.login(self._username, self._password or "")
        except BaseException:
            connection.close()
            raise
        return connection

    def _envelope(self, connection: smtplib.SMTP, message: Message) -> Receipt | None:
        """MAIL, RCPT and DATA up to the relay's go-ahead; a receipt if it refuses one of them."""
        steps: tuple[Callable[[], tuple[int, bytes]], ...] = (
            lambda: connection.mail(_from_address(message.raw)),
            lambda: connection.rcpt(message.address),
            lambda: connection.docmd("DATA"),
        )
        for step in steps:
            code, reply = step()
            if code == 421 or code == -1:
                raise smtplib.SMTPServerDisconnected(_words(reply))
            if code >= 400:
                connection.rset()
                return _receipt(message, code, reply)
        return None

    def _body(self, connection: smtplib.SMTP, message: Message) -> Receipt:
        raw = message.raw if message.raw.endswith(b"\r\n") else message.raw + b"\r\n"
        stuffed = (b"." + raw if raw.startswith(b".") else raw).replace(b"\r\n.", b"\r\n..")
        try:
            connection.send(stuffed + b".\r\n")
            code, reply = connection.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            detail = f"the connection to {self._where()} broke before its answer: {error}"
            return Receipt(message.idempotency_key, "unknown", datetime.now(UTC), detail=detail)
        return _receipt(message, code, reply)


def _from_address(raw: bytes) -> str:
    header = BytesHeaderParser(policy=policy.default).parsebytes(raw)["From"]
    return str(header.addresses[0].addr_spec) if header and header.addresses else ""


def _receipt(message: Message, code: int, reply: bytes) -> Receipt:
    words = f"{code} {_words(reply)}"
    # A temporary refusal (4yz, RFC 5321 section 4.2.1) puts the message back into the queue; it is tried again.
    status: ReceiptStatus = "sent" if 200 <= code < 300 else "queued" if 400 <= code < 500 else "failed"
    if status != "sent":
        words = f"{'temporary' if status == 'queued' else 'permanent'}: {words}"
    queued = _QUEUED_AS.search(words)
    return Receipt(
        message.idempotency_key, status, datetime.now(UTC), provider_id=queued.group(1) if queued else "", detail=words
    )


def _words(reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return " ".join(text.split())
