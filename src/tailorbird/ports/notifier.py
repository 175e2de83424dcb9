"""The notifier: tells people on duty that something went wrong."""

from typing import Protocol

from tailorbird.types.errors import TailorbirdError
from tailorbird.types.notice import Notice


class Notifier(Protocol):
    """One way to one addressee. It answers within seconds: a halted campaign waits for nobody, but a process may."""

    @property
    def who(self) -> str:
        """Whom it tells, as it stands in the incident's record: no secret."""
        ...

    def tell(self, notice: Notice) -> None:
        """Tell. NoticeError: it could not be told, and why."""
        ...


class NoticeError(TailorbirdError):
    """Somebody could not be told. The message says why, without a secret."""
