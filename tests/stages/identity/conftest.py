"""Random streams of events that join and part people."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from tailorbird.types.event import Event
from tailorbird.types.identity import IDENTITIES_MERGED, IDENTITIES_SPLIT

START = datetime(2026, 1, 1, tzinfo=UTC)
USERS, DEVICES = ("a", "b", "c", "d"), ("x", "y")


def event_of(number: int, drawn: dict[str, Any]) -> Event:
    """An event of what was drawn, with an id of its own."""
    kind, moment = drawn["kind"], START + timedelta(hours=drawn["at"])
    user, other, device = drawn["user"], drawn["other"], drawn["device"]
    received = moment + timedelta(days=number)
    if kind == "alias":
        return Event("alias", f"e{number}", moment, received, user, other)
    if kind in (IDENTITIES_MERGED, IDENTITIES_SPLIT):
        said = {"source": other, "target": user, "by": "ana", "reason": "same address"}
        return Event("track", f"identity:{number}", moment, received, user, None, kind, said)
    if kind == "tell":
        traits = dict(zip(("email", "emailVerified"), drawn["told"], strict=True))
        told = {name: value for name, value in traits.items() if value != "unsaid"}
        return Event("identify", f"e{number}", moment, received, user, None, traits=told)
    ids = {"seen": (None, device), "known": (user, None), "identified": (user, device)}[kind]
    return Event("track", f"e{number}", moment, received, *ids, "Product Viewed")


DRAWN = st.fixed_dictionaries({
    "kind": st.sampled_from(
        ["seen", "known", "identified", "identified", "alias", "alias", "tell", "tell", IDENTITIES_MERGED, IDENTITIES_SPLIT]
    ),
    "told": st.tuples(
        st.sampled_from(["p@x.example", "P@X.example", "q@x.example", None, "unsaid"]),
        st.sampled_from([True, True, False, "unsaid"]),
    ),
    "at": st.integers(0, 5),
    "user": st.sampled_from(USERS),
    "other": st.sampled_from((*USERS, *DEVICES)),
    "device": st.sampled_from(DEVICES),
})  # fmt: skip
STREAMS = st.lists(DRAWN, min_size=1, max_size=10).map(
    lambda drawn: [event_of(number, each) for number, each in enumerate(drawn)]
)
