"""E-mail addresses in one spelling: which can be written to, why others cannot, and when two are the same mailbox.

The form is judged, never whether the domain exists: nothing is looked up.
"""

import re
from dataclasses import dataclass

_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf"{_ATEXT}(\.{_ATEXT})*\Z")
_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\Z")
_CHARS_MAX, _LOCAL_CHARS_MAX = 254, 64


@dataclass(frozen=True, slots=True)
class EmailAddress:
    """An address that mail can be sent to as it is: ASCII, its domain in lower case and by IDNA where it had letters
    of other scripts, its local part as it was written."""

    address: str

    @property
    def compared(self) -> str:
        """Equal for two spellings of one mailbox. Case never tells mailboxes apart in practice, though RFC 5321 lets
        a host do so; dots and +tags do at most hosts, and are kept."""
        return self.address.lower()


def read_email(text: object) -> EmailAddress | str:
    """The address that a text holds, or the reason why it holds none that can be written to.

    Spaces around it are dropped. Refused although some standard allows them: local parts that need quotes or letters
    outside ASCII (most relays refuse both), bracketed IP addresses, comments, folded lines, names before the address,
    domains without a dot or with a number as their last label.
    """
    if not isinstance(text, str) or not text.strip(" "):
        return "there is no address"
    trimmed = text.strip(" ")
    if len(trimmed) > 4 * _CHARS_MAX:
        return f"it has {len(trimmed):,} characters; an address has at most {_CHARS_MAX}"
    local, at, domain = trimmed.rpartition("@")
    if at and is_plain(local, domain):
        return EmailAddress(f"{local}@{domain.lower()}")
    return _read_unusual(trimmed)


def is_plain(local: str, domain: str) -> bool:
    """Whether these are a local part and a domain that need no second look: unquoted ASCII, not too long."""
    labels = domain.split(".")
    return (
        len(local) + 1 + len(domain) <= _CHARS_MAX
        and len(local) <= _LOCAL_CHARS_MAX
        and bool(_LOCAL.match(local))
        and len(labels) >= 2
        and all(_LABEL.match(label) for label in labels)
        and not any(label[2:4] == "--" for label in labels)  # what is encoded there must be decoded to be judged
        and not labels[-1].isdigit()
    )


def _read_unusual(text: str) -> EmailAddress | str:
    """By the whole syntax: what is written unusually but means a plain address is that address."""
    from email_validator import EmailNotValidError, validate_email

    try:
        found = validate_email(
            text,
            check_deliverability=False,
            globally_deliverable=False,
            allow_quoted_local=True,
            allow_smtputf8=True,
            test_environment=True,
        )
    except (EmailNotValidError, ValueError) as error:
        return _told(str(error))
    if found.ascii_email is None:
        return "the part before the @ has letters outside ASCII, which most relays refuse"
    local, _, domain = found.ascii_email.rpartition("@")
    if len(local) > _LOCAL_CHARS_MAX:
        return f"the part before the @ has {len(local)} characters; it may have {_LOCAL_CHARS_MAX}"
    if local.startswith('"'):
        return "the part before the @ needs quotes, which most relays refuse"
    labels = domain.split(".")
    if len(labels) < 2:
        return "the domain has no dot"
    if labels[-1].isdigit():
        return "the domain ends in a number"
    if not _LOCAL.match(local) or len(found.ascii_email) > _CHARS_MAX:
        return "it is too long, or holds what an address cannot"
    return EmailAddress(f"{local}@{domain.lower()}")


def _told(complaint: str) -> str:
    """The library's first sentence, without the address in it."""
    first = complaint.split(". ")[0].rstrip(".")
    return first[:1].lower() + first[1:200]
