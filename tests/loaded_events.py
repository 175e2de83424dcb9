"""The table `events` of a warehouse, as the views over the log would have it, of a few rows."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tailorbird.ports.warehouse import Warehouse


def load_events(
    warehouse: Warehouse,
    events: Sequence[tuple[str, str, datetime, Mapping[str, Any]]],
    contexts: Sequence[Mapping[str, Any]] = (),
) -> None:
    """Load (event, person, timestamp, properties) as `events`; `contexts`, one for each, are empty without."""
    warehouse.load(
        "events",
        {
            "message_id": [f"e{n}" for n in range(len(events))],
            "event": [event for event, *_ in events],
            "person_id": [person for _, person, *_ in events],
            "timestamp": [timestamp for *_, timestamp, _ in events],
            "properties": [json.dumps(properties) for *_, properties in events],
            "context": [json.dumps(context) for context in (contexts or [{}] * len(events))],
        },
    )
