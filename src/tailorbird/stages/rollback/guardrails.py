"""Guardrails read: the share of people with an event, arm against arm, against the margin."""

from collections.abc import Mapping
from datetime import UTC, datetime

from tailorbird.stages.rollback.guardrail_sequence import difference_bound, ratio_bound
from tailorbird.types.guardrail import GuardrailSpec
from tailorbird.types.incident import Reading

HOLDOUT = "holdout"
EVENTS_LEAST = 10
"""An absolute margin is asked once each arm has so many events: its bound is asymptotic."""

EVERYBODY = ""
"""Everybody treated, as an arm."""

Counts = Mapping[str, tuple[int, int]]
"""{arm: (people with the event, people)}; the holdout is `HOLDOUT`, everybody treated `EVERYBODY`."""


def compile_counts(spec: GuardrailSpec, until: datetime) -> str:
    """SQL over the tables `decided` (decision_id, person_id, arm, decided_at) and the view `events`: arm, people, and
    people with the event inside the window of one of their decisions; EVERYBODY has a row of its own.

    People are the unit: whoever was decided for in several steps counts once, as one person's events are no independent
    evidence. `until` closes the windows of a mature guardrail."""
    event = spec.event.replace("'", "''")
    window = f"INTERVAL {int(spec.window_days)} DAY"
    moment = _timestamp(until)
    over = f"WHERE d.decided_at + {window} <= {moment}" if spec.mature else ""
    return f"""WITH counted AS (
    SELECT d.arm, d.person_id, CASE WHEN h.decision_id IS NOT NULL THEN d.person_id END AS hit
    FROM decided d LEFT JOIN (
        SELECT DISTINCT d.decision_id FROM decided d JOIN events e ON e.person_id = d.person_id
        WHERE e.type = 'track' AND e.event = '{event}' AND e."timestamp" >= d.decided_at
            AND e."timestamp" < d.decided_at + {window} AND e."timestamp" <= {moment}
    ) h ON h.decision_id = d.decision_id {over}
)
SELECT arm, count(DISTINCT person_id) AS people, count(DISTINCT hit) AS happened FROM counted GROUP BY arm
UNION ALL
SELECT '{EVERYBODY}', count(DISTINCT person_id), count(DISTINCT hit) FROM counted WHERE arm <> '{HOLDOUT}'"""


def _timestamp(moment: datetime) -> str:
    """A SQL timestamp in UTC without zone, as events are kept."""
    utc = moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    return f"TIMESTAMP '{utc.isoformat(sep=' ')}'"


def comparisons(arms: list[str], control: str) -> list[tuple[str, str]]:
    """(arm, what it is compared with) of each sequence: everybody treated with the holdout, each variant with the
    control."""
    variants = [arm for arm in arms if arm not in (HOLDOUT, EVERYBODY, control)]
    pairs = [(EVERYBODY, HOLDOUT)] if HOLDOUT in arms else []
    return pairs + ([(variant, control) for variant in variants] if control in arms and control else [])


def read_guardrail(spec: GuardrailSpec, counts: Counts, arm: str, other: str, alpha: float) -> Reading:
    """One sequence. It fires where the bound that holds at every look excludes the margin."""
    name = f"guardrail {spec.name}" + (f" ({arm} against {other})" if arm else "")
    limit = spec.absolute or 1.0 + spec.margin
    x_t, n_t = counts.get(arm, (0, 0))
    x_c, n_c = counts.get(other, (0, 0))
    if not n_t or not n_c:
        why = "nobody's window is over" if spec.mature else f"nobody is in {'the ' if other == HOLDOUT else ''}{other}"
        return Reading(name, None, limit, False, x_t, n_t, f"{why}: there is nothing to compare with")
    told = f"{x_c:,} of {n_c:,} in {other}; "
    if spec.absolute:
        if min(x_t, x_c) < EVENTS_LEAST:
            return Reading(name, None, limit, False, x_t, n_t, f"{told}fewer than {EVENTS_LEAST} events in an arm")
        bound = difference_bound(x_t, n_t, x_c, n_c, alpha)
        fired = bound > spec.absolute
        return Reading(name, x_t / n_t - x_c / n_c, limit, fired, x_t, n_t, f"{told}surely above {bound:+.4f}")
    if not x_c:
        bound = ratio_bound(x_t, n_t, x_c, n_c, alpha)
        if bound <= limit:
            return Reading(name, None, limit, False, x_t, n_t, f"{told}no event to compare with")
        return Reading(name, bound, limit, True, x_t, n_t, f"{told}surely more than {bound:.2f} times as many")
    bound = ratio_bound(x_t, n_t, x_c, n_c, alpha)
    value = (x_t / n_t) / (x_c / n_c)
    return Reading(name, value, limit, bound > limit, x_t, n_t, f"{told}surely more than {bound:.2f} times as many")
