"""A shop with a preference page: two purposes with channels, one without, over a real log."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.pipeline.consent_ledger import show_consent
from tailorbird.pipeline.consent_reader import ConsentReader
from tailorbird.pipeline.consent_signals import ConsentSignals
from tailorbird.pipeline.people import open_views
from tailorbird.pipeline.preferences import PreferenceReader
from tailorbird.project.project import Project, load_project
from tailorbird.stages.consent.effective import ConsentRules
from tailorbird.testing.state import MemorySuppressions
from tailorbird.types.consent import consent_key
from tailorbird.types.event import Event
from tailorbird.types.settings import ConsentSettings, PurposeSettings, SignalSettings

from ..conftest import NOON, Shop

WREN = Path(__file__).resolve().parents[3] / "examples" / "wren"
CONSENT = ConsentSettings(
    notice="2026-05",
    purposes={
        "letters": PurposeSettings(channels=("email", "sms"), labels={"en": "Letters", "de-DE": "Briefe"}),
        "news": PurposeSettings(channels=("email",)),
        "personalization": PurposeSettings(),
    },
    signals=SignalSettings(gpc=("personalization",)),
)


@dataclass
class PreferenceShop:
    """The running server of `Shop`, and what it knows of people."""

    shop: Shop
    project: Project

    def link(self, message: str = "m_1", locale: str = "en-GB") -> str:
        return f"/p/{self.token(message, locale)}"

    def token(self, message: str = "m_1", locale: str = "en-GB") -> str:
        return self.shop.token("p", message, locale)

    def words(self) -> list[dict[str, Any]]:
        """The words on consent that the server wrote, the first two of the test left out."""
        return [e for e in self.shop.events() if e["event"] == "Consent Updated" and e["message_id"] != "first"]

    def shown(self, person: str = "p1") -> dict[str, str]:
        """What `tailorbird consent show` says."""
        warehouse = DuckdbWarehouse(threads=1)
        open_views(warehouse, SegmentLog(self.shop.root / "events"))
        told = show_consent(self.project, warehouse, person, NOON + timedelta(seconds=1))
        return {consent_key(one["purpose"], one["channel"]): one["state"] for one in told.in_force}


@pytest.fixture
def preference_shop(start: Callable[..., Shop], tmp_path: Path) -> PreferenceShop:
    project = load_project(WREN)
    project = replace(project, settings=replace(project.settings, consent=CONSENT), campaigns={})
    at = NOON - timedelta(days=30)
    log = SegmentLog(tmp_path / "events")
    traits = {"email": "p1@example.com", "country": "GB", "locale": "de-DE"}
    consents = {"consents": {"letters": {"email": True}, "news": True}}
    log.append(
        [
            Event("identify", "who", at, at, "p1", traits=traits),
            Event("track", "first", at, at, "p1", event="Consent Updated", properties=consents),
        ]
    )
    log.close()

    def warehouse() -> DuckdbWarehouse:
        return DuckdbWarehouse(threads=1)

    def now() -> Any:
        return NOON + timedelta(seconds=1)

    kept, reads = MemorySuppressions(), SegmentLog(tmp_path / "events")
    words = ConsentReader(warehouse, reads, ConsentRules(CONSENT), project.settings.identity, now)
    reader = PreferenceReader(project, warehouse, SegmentLog(tmp_path / "events"), words, kept, kept, now)
    signals = ConsentSignals(CONSENT.signals)
    options = {"suppressions": kept, "preferences": reader, "write_key": "w", "read_key": "r", "signals": signals}
    return PreferenceShop(start(brand="Wren", **options), project)
