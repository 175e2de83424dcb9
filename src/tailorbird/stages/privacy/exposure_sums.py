"""What was told to models' vendors, summed: by model and terms, and what a copy of a person's data says of it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tailorbird.types.exposure import Exposure

_SENT = ("started", "answered", "failed")


@dataclass(frozen=True, slots=True)
class ModelSum:
    """All records of one model under the same terms. `states` counts records; `requests`, `bytes` and tokens are of
    what was sent.

    `held` is how many prompts the vendor may still keep, `held_until` when the last of them ends: None where the terms
    say nothing, so that all may be kept for ever.
    """

    model: str
    provider: str
    endpoint: str
    local: bool
    region: str
    retention_days: int | None
    trains: bool | None
    dpa: str
    states: Mapping[str, int]
    requests: int
    bytes: int
    prompt_tokens: int
    completion_tokens: int
    categories: tuple[str, ...]
    purposes: tuple[str, ...]
    masked: Mapping[str, int]
    held: int
    held_until: datetime | None


def was_sent(exposure: Exposure) -> bool:
    """Whether the prompt left for the model, or may have: of a call that never ended nobody knows."""
    return exposure.state in _SENT


def sum_exposures(records: Sequence[Exposure], now: datetime) -> list[ModelSum]:
    """One sum per model and terms, in the order of their first record."""
    groups: dict[tuple[Any, ...], list[Exposure]] = {}
    for one in records:
        key = (one.model, one.provider, one.endpoint, one.local, one.region, one.retention_days, one.trains, one.dpa)
        groups.setdefault(key, []).append(one)
    return [_sum(group, now) for group in groups.values()]


def _sum(group: Sequence[Exposure], now: datetime) -> ModelSum:
    sent = [one for one in group if was_sent(one)]
    masked: Counter[str] = Counter()
    for one in sent:
        masked.update(one.masked)
    first, days = group[0], group[0].retention_days
    ends = [one.at + timedelta(days=days) for one in sent] if days is not None else []
    kept = [end for end in ends if end > now]
    return ModelSum(
        model=first.model,
        provider=first.provider,
        endpoint=first.endpoint,
        local=first.local,
        region=first.region,
        retention_days=days,
        trains=first.trains,
        dpa=first.dpa,
        states=dict(sorted(Counter(one.state for one in group).items())),
        requests=sum(one.requests for one in sent),
        bytes=sum(one.prompt_bytes * max(1, one.requests) for one in sent),
        prompt_tokens=sum(one.prompt_tokens for one in sent),
        completion_tokens=sum(one.completion_tokens for one in sent),
        categories=tuple(sorted({name for one in sent for name in one.contents.categories})),
        purposes=tuple(sorted({name for one in sent for name in one.contents.purposes})),
        masked=dict(sorted(masked.items())),
        held=len(kept) if days is not None else len(sent),
        held_until=max(kept, default=None),
    )


def tell_person(records: Sequence[Exposure]) -> dict[str, Any]:
    """What a copy of a person's data says of models, whoever the person is: how it is known, and what is not."""
    outside = [one for one in records if was_sent(one) and not one.local]
    masked: Counter[str] = Counter()
    for one in outside:
        masked.update(one.masked)
    return {
        "about_this_person": [],
        "how_it_is_known": (
            "A prompt is made of the catalog, knowledge tables, the brand's and the campaign's text. No profile, event "
            "or feature of anybody is read for one, and the first names in it are invented. What is personal in its "
            "texts and is found by patterns was masked before it was sent."
        ),
        "what_is_not_known": (
            "The record holds hashes, names of slots and counts, not the prompts, so that they cannot be searched for "
            "anybody. Somebody who is named in a catalog or knowledge text by a name alone is not found by patterns."
        ),
        "calls": len(outside),
        "masked": dict(sorted(masked.items())),
        "vendors": [
            {"model": m, "provider": p, "endpoint": e, "region": r, "retention_days": d, "trains": t, "dpa": a}
            for m, p, e, r, d, t, a in dict.fromkeys(
                (o.model, o.provider, o.endpoint, o.region, o.retention_days, o.trains, o.dpa) for o in outside
            )
        ],
    }
