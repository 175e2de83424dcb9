"""Consent at the moment of sending: what people said since the run began counts too."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from tailorbird.pipeline.identities import Identities, find_matches, load_people, read_links, resolve_devices
from tailorbird.ports.event_log import EventLog
from tailorbird.ports.warehouse import Warehouse
from tailorbird.stages.consent.effective import ConsentRules
from tailorbird.stages.events.views import (
    TEST_CONTEXT,
    consent_events_query,
    events_query,
    firsts_query,
    people_query,
    repeats_query,
)
from tailorbird.stages.identity.evidence_sql import identified_query, linking_query
from tailorbird.stages.identity.links import resolve_links
from tailorbird.stages.identity.matches import MATCH_TRAITS
from tailorbird.types.consent import Words, is_granted
from tailorbird.types.identity import People
from tailorbird.types.profile import Profile
from tailorbird.types.settings import IdentitySettings

REFRESH_SECONDS = 2.0
LOOK_BACK = timedelta(days=1)
"""An import stamps its events with the moment it began: one that was under way when the run began is not missed."""


class Withdrawals:
    """Tells, again and again during a send, what people consent to, and keeps `identities` up to date: who is whom.

    The profiles are those the run began with. Every REFRESH_SECONDS the segments that are new are read for words on
    consent, and for what joins or parts people; the consents of the people they concern are then folded anew from all
    their words, by the same queries that made the profiles. So a withdrawal acts within seconds of its
    acknowledgement, also one by a device whose person is known, one by an id that turns out to be the same person's,
    one that is imported, and one that an older yes follows late.
    """

    def __init__(
        self,
        profiles: Mapping[str, Profile],
        purpose: str,
        channel: str,
        rules: ConsentRules,
        warehouse: Warehouse,
        log: EventLog,
        began: datetime,
        now: Callable[[], datetime],
        identities: Identities | None = None,
        settings: IdentitySettings | None = None,
    ) -> None:
        self._profiles, self._purpose, self._channel, self._rules = profiles, purpose, channel, rules
        self._warehouse, self._log, self._began, self._now = warehouse, log, began, now
        self._identities, self._settings = identities or Identities(), settings or IdentitySettings()
        self._at_first = self._identities.people
        self._said: dict[str, Words] = {}
        self._concerned: set[str] = set()
        self._segments: set[tuple[Path, int, int]] = set()
        self._readings = 0
        self._moved: set[str] = set()
        self._read_at = float("-inf")

    def __call__(self, person_ids: Sequence[str]) -> frozenset[str]:
        """Those of `person_ids` who must not be written to. A person nobody knows any more counts as withdrawn."""
        consents = self.consents(person_ids)
        return frozenset(
            person_id
            for person_id in person_ids
            if not self._is_known(person_id) or not is_granted(consents[person_id], self._purpose, self._channel)
        )

    def consents(self, person_ids: Sequence[str]) -> Mapping[str, Mapping[str, bool]]:
        """What is in force for each person now, by words that are up to REFRESH_SECONDS old."""
        self._look_again()
        return {person_id: self._consents(person_id) for person_id in person_ids}

    def words(self, person_id: str) -> Words:
        """A person's last words since the run began, up to REFRESH_SECONDS old."""
        self._look_again()
        return self._said.get(self._identities.person_of(person_id), {})

    def concerned(self) -> list[str]:
        """Every id of the people who spoke, or became others, since this was asked last; read anew at each call."""
        self._read_at = float("-inf")
        self._look_again()
        named, self._concerned = self._concerned, set()
        return self._identities.all_ids(named)

    def _look_again(self) -> None:
        if time.monotonic() - self._read_at >= REFRESH_SECONDS:
            self._refresh()
            self._read_at = time.monotonic()

    def _is_known(self, person_id: str) -> bool:
        person = self._identities.person_of(person_id)
        return person in self._profiles or person_id in self._profiles or person in self._said

    def _consents(self, person_id: str) -> Mapping[str, bool]:
        """As when the run began; judged again where the person spoke since, or where time alone can end a yes.

        What was said since is all that counts of a person who was joined or parted: the profile is another's.
        """
        person = self._identities.person_of(person_id)
        profile, words = self._profiles.get(person), self._said.get(person)
        same = self._at_first.ids_of.get(person) == self._identities.people.ids_of.get(person)
        if profile is None or not same:
            return self._rules.resolve(words or {}, None, None, self._now())
        ends = profile.purchased_at is not None or any(isinstance(word, str) for word in profile.words.values())
        if words is None and not ends:
            return profile.consents
        said = profile.words if words is None else words
        return self._rules.resolve(said, profile.country, profile.purchased_at, self._now())

    def _refresh(self) -> None:
        """Read what is new. A reading counts once it is whole: one that an error ends is made again at the next call.

        A growing segment is a new copy at each call, of which only the new lines are taken.
        """
        found = {(path, (stat := path.stat()).st_size, stat.st_mtime_ns): path for path in self._log.seal()}
        new = [path for key, path in found.items() if key not in self._segments]
        if not new:
            return
        if self._concern(self._take_in(new, list(found.values()))):
            rows = self._warehouse.rows(
                f"SELECT person_id, consents FROM ({people_query('send_words')}) WHERE person_id IN (FROM send_persons)"
            )
            for person_id, text in rows:
                self._said[person_id] = json.loads(text)
                self._concerned.add(person_id)
        self._segments, self._readings = set(found), self._readings + 1
        self._moved.clear()

    def _take_in(self, new: Sequence[Path], everything: Sequence[Path]) -> str:
        """Add to `send_events` what the new segments say; SQL that tells which of them are fresh.

        Done twice for one reading, it adds nothing twice.
        """
        self._warehouse.attach("send_segments", new)
        self._warehouse.attach("send_all", everything)
        told = MATCH_TRAITS if self._settings.match else ()
        words = f"{consent_events_query('send_segments', told)} UNION ALL {linking_query('send_segments')}"
        if self._readings == 0:
            self._warehouse.run(f"CREATE OR REPLACE TEMP TABLE send_events AS SELECT *, 0 AS reading FROM ({words})")
            self._warehouse.run("CREATE OR REPLACE TEMP TABLE send_followed (anonymous_id VARCHAR)")
            fresh = f"received_at >= TIMESTAMP '{(self._began - LOOK_BACK).replace(tzinfo=None).isoformat(sep=' ')}'"
        else:
            self._add(words)
            fresh = f"reading = {self._readings}"
        self._follow_devices()
        return fresh

    def _add(self, events: str) -> None:
        new = f"SELECT *, {self._readings} FROM ({events}) ANTI JOIN send_events USING (message_id)"
        self._warehouse.run(f"INSERT INTO send_events {new}")

    def _follow_devices(self) -> None:
        """Add who was identified on the devices that said something without a name: only there does it matter when."""
        self._add(identified_query("send_segments", "send_followed"))
        self._warehouse.run(
            "CREATE OR REPLACE TEMP TABLE send_new_devices AS SELECT DISTINCT anonymous_id FROM send_events "
            "WHERE user_id IS NULL AND anonymous_id NOT IN (FROM send_followed)"
        )
        if self._warehouse.rows("SELECT 1 FROM send_new_devices LIMIT 1"):
            self._add(identified_query("send_all", "send_new_devices"))
            self._warehouse.run("INSERT INTO send_followed FROM send_new_devices")

    def _concern(self, fresh: str) -> bool:
        """Make `send_persons`, whom the events that the SQL `fresh` takes concern, and `send_words`, all events that
        decide their consents. False if they concern nobody."""
        run = self._warehouse.run
        run(f"CREATE OR REPLACE TEMP TABLE send_fresh AS SELECT * FROM send_events WHERE {fresh}")
        self._join_people()
        if not self._moved and not self._warehouse.rows("SELECT 1 FROM send_fresh LIMIT 1"):
            return False
        self._warehouse.load("send_changed", {"id": sorted(self._moved)})
        run(
            "CREATE OR REPLACE TEMP TABLE send_persons AS "
            "SELECT DISTINCT coalesce(u.person_id, s.id) AS person_id FROM ("
            "SELECT user_id AS id FROM send_fresh WHERE user_id IS NOT NULL UNION SELECT id FROM send_changed UNION "
            "SELECT user_id FROM send_events SEMI JOIN send_fresh USING (anonymous_id) WHERE user_id IS NOT NULL"
            ") s LEFT JOIN send_people u ON u.id = s.id"
        )
        run(
            "CREATE OR REPLACE TEMP TABLE send_ids AS SELECT person_id AS id FROM send_persons "
            "UNION SELECT id FROM send_people WHERE person_id IN (FROM send_persons)"
        )
        # Also others' events on the same devices: they decide to whom a device belongs.
        run(
            "CREATE OR REPLACE TEMP TABLE send_theirs AS SELECT * FROM send_events WHERE user_id IN (FROM send_ids) "
            "OR anonymous_id IN (SELECT anonymous_id FROM send_events WHERE user_id IN (FROM send_ids))"
        )
        run(f"CREATE OR REPLACE TEMP TABLE send_repeats AS {repeats_query('send_theirs')}")
        run(f"CREATE OR REPLACE TEMP TABLE send_firsts AS {firsts_query('send_theirs', 'send_repeats')}")
        resolve_devices(self._warehouse, "send_firsts", self._settings, "send")
        counts = f"SELECT * FROM ({events_query('send_firsts', 'send')}) WHERE context <> '{TEST_CONTEXT}'"
        run(f"CREATE OR REPLACE TEMP TABLE send_words AS {counts}")
        return True

    def _join_people(self) -> None:
        """Resolve who is whom by every link there is now; `_moved` gets the ids that became another person, or a
        person's, and keeps them until what these people said is read."""
        find_matches(self._warehouse, "send_events", self._settings, "send")
        before, people = self._identities.people, resolve_links(*read_links(self._warehouse, "send_events", "send"))
        load_people(self._warehouse, people, "send")
        self._moved |= _changed(before, people)
        self._identities.update(people)


def _changed(before: People, now: People) -> set[str]:
    moved = {
        each
        for each in before.person_of.keys() | now.person_of.keys()
        if before.person_of.get(each) != now.person_of.get(each)
    }
    return moved | {people.person_of[each] for people in (before, now) for each in moved & people.person_of.keys()}
