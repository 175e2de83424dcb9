"""Everybody's consents: from last words as text to what is in force."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from tailorbird.ports.warehouse import Warehouse
from tailorbird.stages.consent.effective import ConsentRules
from tailorbird.stages.consent.jurisdictions import country_code
from tailorbird.types.consent import Words


@dataclass(frozen=True, slots=True)
class Consents:
    """One person's words, what is in force by them, and the purchase that was looked at."""

    words: Words
    in_force: Mapping[str, bool]
    purchased_at: datetime | None


class ConsentJudge:
    """Judges people at one moment. Equal cases are judged once and shared: what is shared is read, never changed."""

    def __init__(self, rules: ConsentRules, warehouse: Warehouse, moment: datetime) -> None:
        self._rules, self._moment = rules, moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        self._purchases = _purchases(warehouse) if rules.needs_purchases else {}
        self._words: dict[str, Words] = {}
        self._judged: dict[tuple[str, str, datetime | None], Consents] = {}

    def __call__(self, person_id: str, words: str, country: str | None) -> Consents:
        """A person's consents, of their last words as JSON."""
        code = country_code(country)
        day = self._purchases.get(person_id) if self._rules.looks_at_purchases(code) else None
        key = (words, code, day)
        if key not in self._judged:
            if words not in self._words:
                self._words[words] = msgspec.json.decode(words)
            said = self._words[words]
            self._judged[key] = Consents(said, self._rules.resolve(said, code, day, self._moment), day)
        return self._judged[key]


def _purchases(warehouse: Warehouse) -> dict[str, datetime]:
    """The day of each person's last purchase: a day, so that many people share one case."""
    rows = warehouse.rows(
        "SELECT person_id, date_trunc('day', max(timestamp)) FROM events "
        "WHERE type = 'track' AND event = 'Order Completed' GROUP BY person_id"
    )
    return {person_id: datetime(day.year, day.month, day.day, tzinfo=UTC) for person_id, day in rows}
