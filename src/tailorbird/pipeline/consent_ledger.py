"""The consent ledger: one person's words from first to last, what is in force by them, and receipts."""

import hmac
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import msgspec

from tailorbird.pipeline.consents import ConsentJudge, Consents
from tailorbird.pipeline.identities import read_identities
from tailorbird.ports.warehouse import Warehouse
from tailorbird.project.project import Project
from tailorbird.stages.consent.effective import ConsentRules
from tailorbird.stages.consent.ledger_sql import ledger_query
from tailorbird.stages.consent.records import moment_of, receipt_of, records_of
from tailorbird.types.consent import ConsentRecord
from tailorbird.types.errors import TailorbirdError

SUBJECT_CHARS = 32


class UnknownRecordError(TailorbirdError):
    """No person, or no entry, of that id is in the ledger."""


@dataclass(frozen=True)
class ConsentStatement:
    """What `consent show` says: the ledger, and for each purpose and channel the state and why."""

    person_id: str
    country: str | None
    in_force: list[dict[str, Any]]
    records: list[ConsentRecord]

    def as_json(self) -> dict[str, Any]:
        """The same for scripts."""
        records = [
            {**asdict(one), "at": one.at.isoformat(), "received_at": one.received_at.isoformat()}
            for one in self.records
        ]
        return {"person_id": self.person_id, "country": self.country, "in_force": self.in_force, "records": records}


def show_consent(project: Project, warehouse: Warehouse, person_id: str, now: datetime) -> ConsentStatement:
    """A person's consents by any id of theirs. `warehouse` holds the views. UnknownRecordError: nobody is known so."""
    person_id = read_identities(warehouse).person_of(person_id)
    found = warehouse.rows(_people(person_id))
    records = read_ledger(project, warehouse, person_id)
    if not found and not records:
        raise UnknownRecordError(f"nobody is known as {person_id!r}")
    country, words = found[0] if found else (None, "{}")
    judged = ConsentJudge(ConsentRules(project.settings.consent), warehouse, now)(person_id, words, country)
    in_force = judge_all(project, judged, country, records, now)
    return ConsentStatement(person_id, country, in_force, records)


def judge_all(
    project: Project, judged: Consents, country: str | None, records: Sequence[ConsentRecord], now: datetime
) -> list[dict[str, Any]]:
    """State, reason and last word of every purpose and channel that the project has or the person spoke of."""
    rules = ConsentRules(project.settings.consent)
    offered = purposes_of(project)
    in_force = []
    for purpose in dict.fromkeys((*offered, *(record.purpose for record in records))):
        spoken = [record.channel for record in records if record.purpose == purpose and record.channel]
        for channel in dict.fromkeys((*rules.channels_of(purpose), *spoken)) or ("",):
            ruling = rules.judge(judged.words, purpose, channel, country, judged.purchased_at, now)
            since = [one.at for one in records if one.purpose == purpose and one.channel in ("", channel)]
            in_force.append(
                {
                    "purpose": purpose,
                    "channel": channel,
                    "state": ruling.state,
                    "reason": ruling.reason,
                    "last_word_at": max(since).isoformat() if since else None,
                }
            )
    return in_force


def purposes_of(project: Project) -> dict[str, tuple[str, ...]]:
    """{purpose: its channels, () for none}: what the settings name, and what campaigns are sent under."""
    rules = ConsentRules(project.settings.consent)
    sent_under = (campaign.purpose for campaign in project.campaigns.values())
    return {name: rules.channels_of(name) for name in dict.fromkeys((*rules.purposes(), *sent_under))}


def read_ledger(project: Project, warehouse: Warehouse, person_id: str) -> list[ConsentRecord]:
    """Every entry of a person's, the oldest first."""
    settings = project.settings
    records: list[ConsentRecord] = []
    for message_id, at, received_at, kind, body, _ in warehouse.rows(ledger_query(person_id)):
        method = "api" if kind == "track" else "profile"
        records += records_of(
            message_id, person_id, moment_of(at), moment_of(received_at), msgspec.json.decode(body), method,
            settings.consent, settings.sender.name,
        )  # fmt: skip
    return records


def make_receipt(project: Project, warehouse: Warehouse, record_id: str, key: bytes) -> dict[str, Any]:
    """The receipt of one entry; the person stands in it as a pseudonym made with `key`."""
    quoted = "'" + record_id.replace("'", "''") + "'"
    owners = warehouse.rows(f"SELECT person_id FROM events WHERE message_id = {quoted}")
    records = [
        record
        for (owner,) in owners
        for record in read_ledger(project, warehouse, owner)
        if record.record_id == record_id
    ]
    if not records:
        raise UnknownRecordError(f"the ledger has no entry {record_id!r}; see `tailorbird consent show PERSON`")
    return receipt_of(records, subject_of(records[0].person_id, key))


def subject_of(person_id: str, key: bytes) -> str:
    """A person's pseudonym in receipts: nobody without the key can tell whose it is."""
    return hmac.digest(key, b"tailorbird/consent-subject\0" + person_id.encode(), "sha256").hex()[:SUBJECT_CHARS]


def _people(person_id: str) -> str:
    quoted = "'" + person_id.replace("'", "''") + "'"
    return f"SELECT country, consents FROM people WHERE person_id = {quoted}"
