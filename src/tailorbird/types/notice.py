"""What people on duty are told of an incident."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Notice:
    """A message to people on duty: `subject` is one line, `text` all of it. It holds no personal data.

    `at` is when the incident was detected (ISO 8601 in UTC); `halted` says whether the campaign was.
    """

    incident_id: str
    project: str
    campaign: str
    severity: str
    at: str
    halted: bool
    subject: str
    text: str
