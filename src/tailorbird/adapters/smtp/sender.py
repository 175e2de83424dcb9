"""A sender that hands messages to a relay over SMTP, one connection, one message at a time."""

import re
import smtplib
import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from email import policy
from email.parser import BytesHeaderParser

from tailorbird.ports.sender import RefusalError, SenderError
from tailorbird.types.message import Message
from tailorbird.types.receipt import Receipt, ReceiptStatus

TIMEOUT_SECONDS = 30.0
REPLY_SECONDS = 600.0
"""How long the relay may take to answer the whole message (RFC 5321 section 4.5.3.2.6): giving up earlier would leave
a message that it does take in doubt."""

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_ENHANCED = re.compile(r"^\d{3} 5\.(\d{1,3})\.(\d{1,3})\b")
_THIS_ONE = frozenset(
    {"1.0", "1.1", "1.2", "1.3", "1.4", "1.6", "1.10"}
    | {"2.0", "2.1", "2.2", "2.3", "2.4", "3.4", "4.1", "4.4", "4.310", "4.312", "6.0", "6.1", "6.2", "6.3"}
)
"""Enhanced status codes, without their 5, of a recipient's address, mailbox or route, and of a message's form."""

_NO_SUCH_MAILBOX = re.compile(r"\d{3} 5\.1\.(?:1|2|3|6|10)\b")
"""RFC 3463: there is no such mailbox or host, or it has moved: whoever writes there again is taken for a spammer."""

_SENDER_REFUSED = re.compile(
    r"\bsender\b.*\b(reject|denied|refused|verif|not allowed|not owned)|SendAsDenied", re.IGNORECASE
)
_LOGIN = frozenset({530, 534, 535, 538})
_MEND = (
    "nothing is lost: see to the account, the domain's records or the relay's rules, then run the same command again"
)
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

        `refused` with detail 'temporary: …' (4xx), `failed` with 'permanent: …' where the relay refuses this recipient
        or this message for good; `unknown` where the connection broke after the relay had begun to take the message.
        SenderError: no connection, no TLS, a refused login or sender. RefusalError: a policy of the relay, which may
        hold for every message.
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
        for number, step in enumerate(steps):
            code, reply = step()
            if code == 421 or code == -1:
                raise smtplib.SMTPServerDisconnected(_words(reply))
            if code >= 400:
                connection.rset()
                if code >= 500 and number == 0:
                    raise SenderError(f"{self._where()} refuses the sender: {code} {_words(reply)}; {_MEND}")
                return self._receipt(message, code, reply)
        return None

    def _body(self, connection: smtplib.SMTP, message: Message) -> Receipt:
        raw = message.raw if message.raw.endswith(b"\r\n") else message.raw + b"\r\n"
        stuffed = (b"." + raw if raw.startswith(b".") else raw).replace(b"\r\n.", b"\r\n..")
        try:
            if connection.sock:
                connection.sock.settimeout(REPLY_SECONDS)
            connection.send(stuffed + b".\r\n")
            code, reply = connection.getreply()
            if connection.sock:
                connection.sock.settimeout(TIMEOUT_SECONDS)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            detail = f"the connection to {self._where()} broke before its answer: {error}"
            return Receipt(message.idempotency_key, "unknown", datetime.now(UTC), detail=detail)
        return self._receipt(message, code, reply)

    def _receipt(self, message: Message, code: int, reply: bytes) -> Receipt:
        words = f"{code} {_words(reply)}"
        if code >= 500 and not refuses_this_one(code, words):
            problem = f"{self._where()} refuses the message to {message.address} by its policy: {words}"
            raise (SenderError if code in _LOGIN else RefusalError)(f"{problem}; {_MEND}")
        # A temporary refusal (4yz, RFC 5321 section 4.2.1) puts the message back into the queue; it is tried again.
        status: ReceiptStatus = "sent" if 200 <= code < 300 else "refused" if 400 <= code < 500 else "failed"
        if status != "sent":
            words = f"{'temporary' if status == 'refused' else 'permanent'}: {words}"
        queued = _QUEUED_AS.search(words)
        provider_id = queued.group(1) if queued else ""
        gone = status == "failed" and bool(_NO_SUCH_MAILBOX.match(words.removeprefix("permanent: ")))
        now = datetime.now(UTC)
        return Receipt(message.idempotency_key, status, now, provider_id=provider_id, detail=words, bad_mailbox=gone)


def refuses_this_one(code: int, words: str) -> bool:
    """Whether a 5yz answer to RCPT or DATA is about this recipient or this message alone.

    The enhanced status says so (RFC 3463); where there is none, the code does. Anything else, a bad sender, a quota
    (5.4.5) and every policy (5.7) included, may be said to all: then the queue is kept, not burnt.
    """
    if _SENDER_REFUSED.search(words):
        return False
    found = _ENHANCED.search(words)
    if found and (found.group(1), found.group(2)) != ("0", "0"):
        return f"{found.group(1)}.{found.group(2)}" in _THIS_ONE
    return code in (501, 550, 551, 552, 553)


def _from_address(raw: bytes) -> str:
    header = BytesHeaderParser(policy=policy.default).parsebytes(raw)["From"]
    return str(header.addresses[0].addr_spec) if header and header.addresses else ""


def _words(reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return " ".join(text.split())
