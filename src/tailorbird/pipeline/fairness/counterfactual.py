"""Personas through the pipeline: every context in every group of an attribute, and what came to differ."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from tailorbird.pipeline.fairness.answering import Answering
from tailorbird.pipeline.fairness.ground import Ground
from tailorbird.pipeline.fairness.own_attributes import groups_of_people
from tailorbird.pipeline.fairness.persona_events import PersonaEvents, World, trait_patch
from tailorbird.ports.progress import Progress
from tailorbird.ports.warehouse import Warehouse
from tailorbird.stages.fairness.answers import Answer, Passage, measure_answers, passage_of
from tailorbird.stages.fairness.audit_result import AttributeAudit
from tailorbird.stages.fairness.comparisons import Comparison, compare_pairs, judge_pairs
from tailorbird.stages.fairness.personas import draw_values, samples_of
from tailorbird.stages.features.compile import ratio_of
from tailorbird.types.bias import PersonaAttribute, Value
from tailorbird.types.feature import FeatureDefinition

DENIED = 50
"""In so many contexts the swap is repeated as if its person had allowed nothing but the campaign's own purpose."""


class Personas:
    """The worlds of one audit: who the contexts would be, were they of another group."""

    def __init__(self, ground: Ground, few: Warehouse) -> None:
        """`few` is an empty warehouse, which is used up."""
        self.ground = ground
        ids = [ground.selection.profiles[row].person_id for row in ground.contexts]
        self._events = PersonaEvents(ground.project, ground.warehouse, few, ground.as_of, ids)

    def unchanged(self) -> World:
        """The contexts as they are, computed from their events anew."""
        return self._events.worlds([[{}] * len(self.ground.contexts)])[0]

    def of_group(self, attribute: PersonaAttribute, samples: Sequence[Sequence[Value]]) -> list[World]:
        """A world for each sample: every context with its value, and with nothing else changed."""
        if attribute.trait is not None:
            return self._events.worlds([[trait_patch(attribute.trait, value) for value in of] for of in samples])
        base = self.unchanged()
        features = self.ground.project.features
        return [replace(base, raw=with_feature(base.raw, str(attribute.feature), of, features)) for of in samples]


def with_feature(
    raw: Mapping[str, list[Any]], name: str, values: Sequence[Value], definitions: Sequence[FeatureDefinition]
) -> dict[str, list[Any]]:
    """The features with one of them other, and the ratios that are made of it."""
    changed = {**raw, name: list(values)}
    for definition in definitions:
        if definition.kind == "ratio" and name in (definition.numerator, definition.denominator):
            over, under = changed[str(definition.numerator)], changed[str(definition.denominator)]
            changed[definition.name] = [ratio_of(definition, *pair) for pair in zip(over, under, strict=True)]
    return changed


def audit_null(personas: Personas) -> Passage:
    """The same personas twice, each time from events to signed bytes: what differs is the pipeline's own chance."""
    answering = Answering(personas.ground)
    first, second = (answering.ask(personas.unchanged()) for _ in range(2))
    return passage_of(list(zip(first, second, strict=True)))


def audit_attributes(
    personas: Personas,
    attributes: Sequence[PersonaAttribute],
    rng: np.random.Generator,
    exact: bool,
    flips: int,
    progress: Progress,
) -> list[AttributeAudit]:
    """Swap every attribute, and judge all comparisons as one family. `exact`: the same persona twice gave no
    difference, so that any difference of an offer is one."""
    progress.stage("personas", sum(len(a.groups) * samples_of(a) for a in attributes))
    answering, denied = Answering(personas.ground), _denied(personas.ground)
    audits = [_audit_one(personas, answering, denied, attribute, rng, flips, progress) for attribute in attributes]
    judged = iter(judge_pairs([each for audit in audits for each in audit.comparisons], exact))
    return [replace(audit, comparisons=tuple(next(judged) for _ in audit.comparisons)) for audit in audits]


def _audit_one(
    personas: Personas,
    answering: Answering,
    denied: Answering,
    attribute: PersonaAttribute,
    rng: np.random.Generator,
    flips: int,
    progress: Progress,
) -> AttributeAudit:
    ground = personas.ground
    drawn = draw_values(attribute, len(ground.contexts), rng)
    answers: dict[str, list[list[Answer]]] = {}
    silent: dict[str, list[Answer]] = {}
    for group, samples in drawn.items():
        worlds = personas.of_group(attribute, samples)
        answers[group] = []
        for world in worlds:
            answers[group].append(answering.ask(world))
            progress.advance()
        silent[group] = denied.ask(_without_consent(worlds[0], ground))
    reference, *others = attribute.groups
    measured = {group: measure_answers(of) for group, of in answers.items()}
    comparisons: list[Comparison] = []
    for group in others:
        comparisons += compare_pairs(
            attribute.name, group, reference, attribute.proxy_for, measured[group], measured[reference], rng, flips
        )
    return AttributeAudit(
        attribute,
        reference,
        samples_of(attribute),
        {group: passage_of(_pairs(answers[reference], answers[group])) for group in others},
        passage_of(_pairs([silent[reference]] * len(others), [silent[group] for group in others])),
        tuple(comparisons),
        _seen(attribute, ground),
    )


def _pairs(these: Sequence[Sequence[Answer]], those: Sequence[Sequence[Answer]]) -> list[tuple[Answer, Answer]]:
    return [pair for one, other in zip(these, those, strict=True) for pair in zip(one, other, strict=True)]


def _denied(ground: Ground) -> Answering:
    return Answering(replace(ground, contexts=ground.contexts[:DENIED]))


def _without_consent(world: World, ground: Ground) -> World:
    """The first contexts of a world, as if nothing but the campaign's own purpose were allowed."""
    purpose = ground.campaign.purpose
    profiles = [
        replace(profile, consents={key: ok for key, ok in profile.consents.items() if key.split(":")[0] == purpose})
        for profile in world.profiles[:DENIED]
    ]
    return World({name: column[:DENIED] for name, column in world.raw.items()}, profiles)


def _seen(attribute: PersonaAttribute, ground: Ground) -> dict[str, int]:
    groups = groups_of_people(attribute, ground.selection.profiles, ground.selection.table)
    return {group: groups.count(group) for group in attribute.groups}
