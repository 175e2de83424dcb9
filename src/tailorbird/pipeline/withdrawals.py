"""Consent at the moment of sending: what people said since the run began counts too."""

import json
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from tailorbird.ports.event_log import EventLog
from tailorbird.ports.warehouse import Warehouse
from tailorbird.stages.events.views import consent_events_query, events_query, people_query
from tailorbird.stages.features.withhold import has_consent
from tailorbird.types.profile import Profile

REFRESH_SECONDS = 2.0
LOOK_BACK = timedelta(days=1)
"""An import stamps its events with the moment it began: one that was under way when the run began is not missed."""


class Withdrawals:
    """Tells, again and again during a send, what people consent to.

    The profiles are those the run began with. Every REFRESH_SECONDS the segments that are new are read for words on
    consent; the consents of the people they concern are then folded anew from all their words, by the same queries
    that made the profiles. So a withdrawal acts within seconds of its acknowledgement, also one by a device whose
    person is known, one that is imported, and one that an older yes follows late.
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
        self._said: dict[str, Mapping[str, bool]] = {}
        self._segments: set[tuple[Path, int, int]] = set()
        self._readings = 0
        self._read_at = float("-inf")

    def __call__(self, person_ids: Sequence[str]) -> frozenset[str]:
        """Those of `person_ids` who must not be written to. A person nobody knows any more counts as withdrawn."""
        consents = self.consents(person_ids)
        return frozenset(
            person_id
            for person_id in person_ids
            if not (person_id in self._profiles or person_id in self._said)
            or not has_consent(consents[person_id], self._purpose, self._defaults)
        )

    def consents(self, person_ids: Sequence[str]) -> Mapping[str, Mapping[str, bool]]:
        """Each person's last words by purpose, up to REFRESH_SECONDS old; a purpose of which nothing was said is
        absent, so that `has_consent` can give it the project's default."""
        if time.monotonic() - self._read_at >= REFRESH_SECONDS:
            self._refresh()
            self._read_at = time.monotonic()
        return {person_id: self._consents(person_id) for person_id in person_ids}

    def _consents(self, person_id: str) -> Mapping[str, bool]:
        profile = self._profiles.get(person_id)
        before: Mapping[str, bool] = profile.consents if profile else {}
        said = self._said.get(person_id)
        return {**before, **said} if said else before

    def _refresh(self) -> None:
        if not self._read_segments():
            return
        rows = self._warehouse.rows(
            f"SELECT person_id, consents FROM ({people_query('send_words')}) WHERE person_id IN (FROM send_people)"
        )
        for person_id, text in rows:
            self._said[person_id] = json.loads(text)

    def _read_segments(self) -> bool:
        """Add what new segments say to `send_events`, and make of it `send_people`, whom it concerns, and
        `send_words`, all events that decide their consents. False if nothing is new.

        A growing segment is a new copy at each call, of which only the new lines are taken.
        """
        found = {(path, (stat := path.stat()).st_size, stat.st_mtime_ns): path for path in self._log.seal()}
        new = [path for key, path in found.items() if key not in self._segments]
        if not new:
            return False
        self._warehouse.attach("send_segments", new)
        words = consent_events_query("send_segments")
        if self._readings == 0:
            self._warehouse.run(f"CREATE OR REPLACE TEMP TABLE send_events AS SELECT *, 0 AS reading FROM ({words})")
            fresh = f"received_at >= TIMESTAMP '{(self._began - LOOK_BACK).replace(tzinfo=None).isoformat(sep=' ')}'"
        else:
            self._warehouse.run(
                f"INSERT INTO send_events SELECT *, {self._readings} FROM ({words}) "
                "ANTI JOIN send_events USING (message_id)"
            )
            fresh = f"reading = {self._readings}"
        self._segments, self._readings = set(found), self._readings + 1
        return self._concern(fresh)

    def _concern(self, fresh: str) -> bool:
        """Make `send_people` and `send_words` of the events that the SQL `fresh` takes; whether there are any."""
        run = self._warehouse.run
        run(f"CREATE OR REPLACE TEMP TABLE send_fresh AS SELECT * FROM send_events WHERE {fresh}")
        if not self._warehouse.rows("SELECT 1 FROM send_fresh LIMIT 1"):
            return False
        run(
            "CREATE OR REPLACE TEMP TABLE send_people AS SELECT user_id FROM send_fresh WHERE user_id IS NOT NULL "
            "UNION SELECT user_id FROM send_events SEMI JOIN send_fresh USING (anonymous_id) WHERE user_id IS NOT NULL"
        )
        # Also others' events on the same devices: they decide to whom a device belongs.
        run(
            "CREATE OR REPLACE TEMP TABLE send_devices AS SELECT DISTINCT anonymous_id FROM send_events "
            "WHERE anonymous_id IS NOT NULL AND user_id IN (FROM send_people)"
        )
        run(
            "CREATE OR REPLACE TEMP TABLE send_theirs AS SELECT * FROM send_events "
            "WHERE user_id IN (FROM send_people) OR anonymous_id IN (FROM send_devices)"
        )
        run(f"CREATE OR REPLACE TEMP TABLE send_words AS {events_query('send_theirs')}")
        return True
