"""What real people were given: who was selected, per eligible person, and whether groups in one cell got the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tailorbird.pipeline.fairness.ground import Ground
from tailorbird.pipeline.fairness.own_attributes import groups_of_people
from tailorbird.ports.progress import Progress
from tailorbird.stages.channels.email_message import idempotency_key, message_id
from tailorbird.stages.fairness.audit_result import DeliveryAudit, SelectionRates
from tailorbird.stages.fairness.comparisons import DeliveredComparison, judge_delivered
from tailorbird.stages.fairness.copy_measures import COPY_MEASURES, measure_copy
from tailorbird.stages.fairness.offers import price_tiers, read_offer
from tailorbird.stages.fairness.rate_ratio import LEAST, compare_rates
from tailorbird.stages.fairness.within_cells import compare_groups
from tailorbird.types.bias import PersonaAttribute
from tailorbird.types.consent import is_granted
from tailorbird.types.decision import Decision
from tailorbird.types.message import MessageRecord
from tailorbird.types.slot_text import SlotText

MESSAGES_MAX = 20_000
DELIVERED_MEASURES: Mapping[str, str] = {
    "offer_price": "price of the item shown first, in minor units",
    "offer_total": "prices of all items shown, in minor units",
    "discount": "the largest percentage that the lines name, or that the first item's sale takes off",
    "price_tier": "where the first item's price stands in the catalog, 0 to 1",
    "fallback": "share of the blocks that fell to the template's line",
    "warm_tone": "share of the tagged lines whose tone is warm",
    **COPY_MEASURES,
}
"""What is compared of delivered messages; the measures of copy are taken of the lines without their slots' values."""
_GONE = ("failed", "suppressed", "withdrawn")


@dataclass(frozen=True)
class Given:
    """One row per message: the person's row in the selection, the cell that it was written for, and the measures."""

    rows: NDArray[np.int64]
    cells: NDArray[np.int64]
    languages: NDArray[np.int64]
    measures: NDArray[np.float64]


def audit_delivery(
    ground: Ground,
    decisions: Sequence[Decision],
    attributes: Sequence[PersonaAttribute],
    rng: np.random.Generator,
    progress: Progress,
) -> DeliveryAudit:
    """Selection rates by group, and what the messages of `decisions` held, by group: inside cells, and over all people
    of one language. Without decisions only the audience's selection rates can be told."""
    profiles, eligible = ground.selection.profiles, set(ground.eligible)
    campaign = ground.campaign
    reachable = [bool(p.email) and is_granted(p.consents, campaign.purpose, campaign.channel) for p in profiles]
    place = {profile.person_id: row for row, profile in enumerate(profiles)}
    treated = [d for d in decisions if d.arm == "treatment" and d.person_id in place]
    looked_at = treated
    if len(treated) > MESSAGES_MAX:
        looked_at = [treated[at] for at in sorted(rng.permutation(len(treated))[:MESSAGES_MAX].tolist())]
    records = [(d, ground.state.messages.find(message_id(idempotency_key(d.decision_id, campaign.channel))))
               for d in looked_at]  # fmt: skip
    sent = [(decision, record) for decision, record in records if record is not None and record.state not in _GONE]
    given = _given(ground, sent, place)
    got, asked = set(given.rows.tolist()), {place[decision.person_id] for decision in looked_at}
    unasked = {place[decision.person_id] for decision in treated} - asked
    people: dict[str, dict[str, int]] = {}
    rates: list[SelectionRates] = []
    comparisons: list[DeliveredComparison] = []
    progress.stage("delivered", len(attributes))
    for attribute in attributes:
        groups = groups_of_people(attribute, profiles, ground.selection.table)
        people[attribute.name] = {name: sum(groups[row] == name for row in eligible) for name in attribute.groups}
        everybody = [row for row, ok in enumerate(reachable) if ok]
        rates += _rates(attribute, "audience", groups, everybody, eligible)
        if decisions:
            rates += _rates(attribute, "message", groups, sorted(eligible - unasked), got)
        comparisons += _compare(attribute, groups, given)
        progress.advance()
    nobody = tuple(name for name, counts in people.items() if sum(count > 0 for count in counts.values()) < 2)
    return DeliveryAudit(
        len(treated), len(sent), people, tuple(rates), tuple(judge_delivered(comparisons, LEAST)), nobody
    )


def _rates(
    attribute: PersonaAttribute, stage: str, groups: Sequence[str | None], base: Sequence[int], chosen: set[int]
) -> list[SelectionRates]:
    """The rates of one stage; none where fewer than two groups have anybody."""
    counts = {name: [0, 0] for name in attribute.groups}
    for row in base:
        group = groups[row]
        if group is not None:
            counts[group][0] += row in chosen
            counts[group][1] += 1
    known = {name: (selected, total) for name, (selected, total) in counts.items() if total}
    if len(known) < 2:
        return []
    # Of a group of a few people a high rate says little: the others are not held against it, if a larger one is there.
    large = {name: pair for name, pair in known.items() if pair[1] >= LEAST} or known
    best = max(large, key=lambda name: (large[name][0] / large[name][1], large[name][1]))
    ratios = {name: compare_rates(*pair, *known[best]) for name, pair in known.items() if name != best}
    return [SelectionRates(attribute.name, attribute.proxy_for, stage, best, ratios)]


def _compare(attribute: PersonaAttribute, groups: Sequence[str | None], given: Given) -> list[DeliveredComparison]:
    reference, *others = attribute.groups
    of_message = np.array([groups[row] or "" for row in given.rows.tolist()], dtype=object)
    found = []
    for group in others:
        of_two = (of_message == group) | (of_message == reference)
        if not (of_message == group).any() or not (of_message == reference).any():
            continue
        member = of_message[of_two] == group
        for at, measure in enumerate(DELIVERED_MEASURES):
            values = given.measures[of_two, at]
            for within, strata in ((True, given.cells), (False, given.languages)):
                result = compare_groups(values, member, strata[of_two])
                found.append(
                    DeliveredComparison(attribute.name, group, reference, measure, attribute.proxy_for, within, result)
                )
    return found


def _given(ground: Ground, sent: Sequence[tuple[Decision, MessageRecord]], place: Mapping[str, int]) -> Given:
    lines = {creative.creative_id: creative for creative in ground.state.creatives.find(ground.campaign.name)}
    tiers = price_tiers(ground.items)
    known: dict[tuple[str, ...], tuple[list[str], float, Mapping[str, float]]] = {}
    cells: dict[tuple[str, str], int] = {}
    languages: dict[str, int] = {}
    rows, of_cell, of_language, measures = [], [], [], []
    for decision, record in sent:
        shown = tuple(sorted(record.lines.values()))
        if shown not in known:
            texts = [" ".join(SlotText.parse(lines[name].text).words) for name in shown if name in lines]
            tones = [lines[name].tags["tone"] for name in shown if name in lines and "tone" in lines[name].tags]
            warm = tones.count("warm") / len(tones) if tones else float("nan")
            known[shown] = (texts, warm, measure_copy(texts, decision.locale))
        texts, warm, copy = known[shown]
        items = [p.item_id or "" for p in decision.slate if p.block == "item"]
        offer = read_offer(items, ground.items, texts)
        rungs = list(record.rungs.values())
        own = [offer.price, offer.total, offer.discount, tiers.get(items[0], float("nan")) if items else float("nan"),
               rungs.count("template") / max(len(rungs), 1), warm]  # fmt: skip
        rows.append(place[decision.person_id])
        of_cell.append(cells.setdefault((decision.subject, decision.locale), len(cells)))
        of_language.append(languages.setdefault(decision.locale, len(languages)))
        measures.append([*own, *(copy[name] for name in COPY_MEASURES)])
    return Given(
        np.array(rows, dtype=np.int64), np.array(of_cell, dtype=np.int64), np.array(of_language, dtype=np.int64),
        np.array(measures, dtype=np.float64).reshape(len(rows), len(DELIVERED_MEASURES)),
    )  # fmt: skip
