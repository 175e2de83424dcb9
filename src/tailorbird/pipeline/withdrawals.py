"""Consent at the moment of sending: what people said since the run began counts too."""

import json
import time
from collections.abc import Mapping, Sequence
from datetime import datetime

from tailorbird.ports.event_log import EventLog
from tailorbird.ports.warehouse import Warehouse
from tailorbird.stages.features.withhold import has_consent
from tailorbird.types.profile import Profile

REFRESH_SECONDS = 2.0


class Withdrawals:
    """Tells, again and again during a send, which people do not consent to a purpose (any more).

    The profiles are those the run began with; every REFRESH_SECONDS the events received since `began` are read for
    newer words on consent, so that a withdrawal acts within seconds of its acknowledgement.
    """

    def __init__(
        self,
        profiles: Mapping[str, Profile],
        purpose: str,
        defaults: Mapping[str, bool],
        warehouse: Warehouse,
        log: EventLog,
        began: datetime,
    ) -> None:
        self._profiles, self._purpose, self._defaults = profiles, purpose, defaults
        self._warehouse, self._log, self._began = warehouse, log, began
        self._said: dict[str, bool] = {}
        self._read_at = float("-inf")

    def __call__(self, person_ids: Sequence[str]) -> frozenset[str]:
        """Those of `person_ids` who must not be written to. A person nobody knows any more counts as withdrawn."""
        if time.monotonic() - self._read_at >= REFRESH_SECONDS:
            self._refresh()
            self._read_at = time.monotonic()
        return frozenset(person_id for person_id in person_ids if not self._consents(person_id))

    def _consents(self, person_id: str) -> bool:
        if person_id in self._said:
            return self._said[person_id]
        profile = self._profiles.get(person_id)
        return profile is not None and has_consent(profile.consents, self._purpose, self._defaults)

    def _refresh(self) -> None:
        segments = self._log.seal()
        if not segments:
            return
        self._warehouse.attach("send_segments", segments)
        since = self._began.replace(tzinfo=None).isoformat(sep=" ")
        rows = self._warehouse.rows(
            f"""SELECT user_id, coalesce(json_extract(properties, '$.consents'), json_extract(traits, '$.consents'))
            FROM send_segments
            WHERE received_at >= TIMESTAMP '{since}' AND user_id IS NOT NULL
              AND (type = 'identify' OR event = 'Consent Updated')
            ORDER BY "timestamp", message_id"""
        )
        for person_id, text in rows:
            said = json.loads(text or "{}")
            if isinstance(said, dict) and self._purpose in said:
                self._said[person_id] = said[self._purpose] is True
