"""Ledger entries from words, and receipts from entries, with the fields of ISO/IEC TS 27560."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from tailorbird.types.consent import ConsentRecord
from tailorbird.types.reserved import SIGNAL_PREFIXES, reserved_prefix
from tailorbird.types.settings import ConsentSettings, PurposeSettings

_DETAILS = ("signal_reason", "tcf", "gpp", "categories", "despite_gpc")
SCHEMA = "ISO/IEC TS 27560:2023"


def records_of(
    record_id: str,
    person_id: str,
    at: datetime,
    received_at: datetime,
    body: Mapping[str, Any],
    method: str,
    settings: ConsentSettings,
    controller: str,
) -> Iterator[ConsentRecord]:
    """One entry for each purpose and channel that an event's properties or traits speak of.

    What the event itself does not say of controller, notice, data and recipients is as the project states it. The
    evidence of a word that was made of a signal is the hash of what the signal was: the string, or the header.
    """
    told = body.get("consents")
    signal = reserved_prefix(record_id, tuple(SIGNAL_PREFIXES.values())) is not None
    said = json.dumps(body, sort_keys=True, ensure_ascii=False).encode()
    evidence = str(body.get("evidence")) if signal else hashlib.sha256(said).hexdigest()
    notice = body.get("notice")
    for purpose, channel, given in _flat(told if isinstance(told, Mapping) else {}):
        known = settings.purposes.get(purpose, PurposeSettings())
        yield ConsentRecord(
            record_id=record_id,
            person_id=person_id,
            purpose=purpose,
            channel=channel,
            given=given,
            at=at,
            received_at=received_at,
            method=str(body.get("method") or method),
            evidence=evidence,
            basis=str(body.get("basis") or "consent"),
            controller=str(body.get("controller") or settings.controller or controller),
            notice=dict(notice) if isinstance(notice, Mapping) else {"version": settings.notice},
            jurisdiction=str(body.get("jurisdiction") or ""),
            data=_texts(body.get("data"), known.data),
            recipients=_texts(body.get("recipients"), known.recipients),
            expires_at=str(body.get("expires_at") or ""),
            details={key: body[key] for key in _DETAILS if key in body},
        )


def receipt_of(records: Sequence[ConsentRecord], subject: str) -> dict[str, Any]:
    """The receipt for one word: what a person can be given. `subject` is a pseudonym, never an address."""
    first = records[0]
    return {
        "schema_version": SCHEMA,
        "record_id": first.record_id,
        "pii_principal_id": subject,
        "pii_controllers": [first.controller],
        "privacy_notice": dict(first.notice),
        "jurisdiction": first.jurisdiction,
        "collection_method": first.method,
        "evidence_sha256": first.evidence,
        **{key: first.details[key] for key in ("signal_reason",) if key in first.details},
        "processing": [
            {
                "purpose": record.purpose,
                "channel": record.channel or "any",
                "lawful_basis": record.basis,
                "pii_categories": list(record.data),
                "recipients": list(record.recipients),
                "event": "consent given" if record.given else "consent withdrawn",
                "event_time": record.at.isoformat(),
                "received_time": record.received_at.isoformat(),
                "valid_until": record.expires_at or None,
            }
            for record in records
        ],
    }


def moment_of(naive: datetime) -> datetime:
    """A time of the event log, which holds UTC without its zone."""
    return naive.replace(tzinfo=UTC)


def _flat(told: Mapping[str, Any]) -> Iterator[tuple[str, str, bool]]:
    for key, value in told.items():
        if isinstance(value, Mapping):
            for channel, given in value.items():
                yield key, channel, given is True
        else:
            purpose, _, channel = key.partition(":")
            yield purpose, channel, value is True


def _texts(told: Any, usual: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(str(one) for one in told) if isinstance(told, list) else usual
