"""The bias audit of one campaign step: personas, then deliveries, judged and summed up."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from tailorbird.pipeline.fairness.counterfactual import Personas, audit_attributes, audit_null
from tailorbird.pipeline.fairness.delivered import MESSAGES_MAX, audit_delivery
from tailorbird.pipeline.fairness.ground import Ground, open_grounds
from tailorbird.pipeline.fairness.own_attributes import find_own_attributes
from tailorbird.pipeline.state import State
from tailorbird.ports.event_log import EventLog
from tailorbird.ports.progress import Progress
from tailorbird.ports.warehouse import Warehouse
from tailorbird.project.project import Project
from tailorbird.stages.fairness.audit_result import AttributeAudit, BiasAudit, DeliveryAudit
from tailorbird.stages.fairness.comparisons import LEAST_PAIRS
from tailorbird.stages.fairness.personas import gather_attributes
from tailorbird.stages.fairness.sign_flips import FLIPS
from tailorbird.types.bias import BiasPolicy, PersonaAttribute
from tailorbird.types.campaign import Campaign

CONTEXTS = 200


def audit_bias(
    project: Project,
    campaign: Campaign,
    as_of: datetime,
    policy: BiasPolicy,
    given: Sequence[PersonaAttribute],
    state: State,
    log: EventLog,
    warehouse: Warehouse,
    few: Warehouse,
    keys: tuple[bytes, bytes],
    progress: Progress,
    contexts: int = CONTEXTS,
    seed: int = 0,
    flips: int = FLIPS,
) -> BiasAudit:
    """Audit a campaign step as it would run, or did, at `as_of`. Nothing in the project changes.

    `policy` is the project's own file, `given` are attributes of a file of names; `few` is a warehouse of its own. A
    step that was decided is audited at the moment of its decisions. The same seed gives the same audit.
    """
    rng = np.random.default_rng(seed)
    made = state.decisions.find(campaign.name, campaign.step)
    moment = min((decision.decided_at for decision in made), default=as_of)
    ground = open_grounds(project, campaign, moment, state, log, warehouse, keys, contexts, rng, progress)
    own = find_own_attributes(project.features, ground.selection.table, ground.selection.profiles)
    language = project.settings.default_locale.split("-")[0].lower()
    attributes = gather_attributes(policy, own, given, language)
    personas = Personas(ground, few)
    null = audit_null(personas)
    audits = audit_attributes(personas, attributes, rng, null.differing == 0, flips, progress)
    decisions = ground.state.decisions.find(campaign.name, campaign.step)
    delivery = audit_delivery(ground, decisions, attributes, rng, progress)
    return BiasAudit(
        project=project.settings.brand,
        campaign=campaign.name,
        step=campaign.step,
        as_of=moment,
        seed=seed,
        flips=flips,
        simulated=project.settings.simulated,
        contexts=len(ground.contexts),
        audience=len(ground.eligible),
        currency=project.settings.currency,
        null=null,
        attributes=tuple(audits),
        delivery=delivery,
        notes=_notes(ground, audits, delivery, contexts),
    )


def _notes(ground: Ground, audits: Sequence[AttributeAudit], delivery: DeliveryAudit, asked: int) -> list[str]:
    """What the reader must know to read the figures rightly."""
    notes = []
    count = len(ground.contexts)
    if count < asked:
        notes.append(f"The audience has {count:,} people, so that there are {count:,} contexts and not {asked:,}.")
    if count < LEAST_PAIRS:
        notes.append(f"With fewer than {LEAST_PAIRS} contexts nothing is concluded, but for offers that differ.")
    for audit in audits:
        unknown = [group for group, people in audit.seen.items() if not people]
        reader = [name for name in audit.passage.read_by if not name.startswith("profile.")]
        if reader and unknown:
            notes.append(
                f"{audit.attribute.name}: {', '.join(reader)} reads it, but none of the project's people is in "
                f"{', '.join(map(repr, unknown))}, so that no brief was written for them; name the values that your "
                "people have in policies/bias.yaml."
            )
    if not delivery.decided:
        notes.append("The step has not been decided yet: what was delivered can be compared after a run.")
    elif delivery.decided > MESSAGES_MAX:
        notes.append(f"Of {delivery.decided:,} decisions, {MESSAGES_MAX:,} drawn at random were looked at.")
    if delivery.nobody:
        notes.append(
            f"Deliveries are not compared by {', '.join(delivery.nobody)}: fewer than two of the groups have anybody "
            "in the audience."
        )
    return notes
