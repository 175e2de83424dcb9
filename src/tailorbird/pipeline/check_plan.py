"""The tracking plan beside what uses events: features and mappings that the plan knows nothing of."""

from collections.abc import Iterator, Mapping, Sequence

from tailorbird.project.project import Project
from tailorbird.stages.events.wire_rules import OUR_EVENTS
from tailorbird.stages.features.definitions import ROOTS
from tailorbird.types.feature import FeatureDefinition
from tailorbird.types.mapping import EventTarget
from tailorbird.types.tracking_plan import PLAN_FILE, EventRule, FieldRule, TrackingPlan


def warn_of_unplanned(project: Project) -> list[str]:
    """One warning per event or field that events.yaml does not know, and per purpose that is not the field's."""
    plan = project.plan
    if plan is None:
        return []
    warnings: list[str] = []
    for feature in project.features:
        warnings += _feature(feature, plan)
    for stem, mapping in project.mappings.items():
        for target in mapping.events:
            warnings += _target(f"mapping {stem}", target, plan)
        if plan.traits and mapping.traits:
            warnings += _fields(f"mapping {stem}: identify", "traits", mapping.traits.traits, plan.traits)
    return list(dict.fromkeys(warnings))


def purpose_of(rule: EventRule | FieldRule, path: Sequence[str]) -> str | None:
    """The consent purpose of a field below a rule, or of the object that it is in; None if the rule lists no such
    field. A field may be inside the elements of a list."""
    purpose = rule.purpose if isinstance(rule, FieldRule) else ""
    if isinstance(rule, FieldRule) and rule.items is not None and path:
        found = purpose_of(rule.items, path)
    elif not path:
        return purpose
    else:
        inner = rule.properties.get(path[0])
        found = None if inner is None else purpose_of(inner, path[1:])
    return None if found is None else found or purpose


def _feature(feature: FeatureDefinition, plan: TrackingPlan) -> Iterator[str]:
    if feature.event is None or feature.event in OUR_EVENTS:
        return
    if feature.event not in plan.events:
        yield f"feature {feature.name}: event {feature.event!r} is not in {PLAN_FILE}"
        return
    rule = plan.events[feature.event]
    for path in _paths(feature):
        root, _, rest = path.partition(".")
        if root != "properties" or not rest:
            continue
        purpose = purpose_of(rule, rest.split("."))
        if purpose is None:
            if rule.properties:
                yield f"feature {feature.name}: {feature.event!r} has no {path} in {PLAN_FILE}"
        elif purpose and purpose != feature.purpose:
            yield (
                f"feature {feature.name}: its purpose is {feature.purpose}, but {path} of {feature.event!r} is for "
                f"{purpose} in {PLAN_FILE}; give both the same purpose"
            )


def _paths(feature: FeatureDefinition) -> Iterator[str]:
    """The fields of the event that a feature reads, its conditions' too: who passes tells of their values as well."""
    fields = [feature.field or "", *(condition.field for condition in feature.where if condition.field != "type")]
    for field in fields:
        # Inside an element, unless it says that it is the event's own.
        own = not feature.each or field.partition(".")[0] in ROOTS
        path = field if own else f"{feature.each}.{field}".rstrip(".")
        if path:
            yield path


def _target(where: str, target: EventTarget, plan: TrackingPlan) -> Iterator[str]:
    if target.type != "track":
        return
    if target.event not in plan.events:
        yield f"{where}: event {target.event!r} is not in {PLAN_FILE}"
        return
    names = {**target.properties, **({target.lines.name: None} if target.lines else {})}
    yield from _fields(f"{where}: {target.event}", "properties", names, plan.events[target.event])


def _fields(where: str, part: str, names: Mapping[str, object], rule: EventRule) -> Iterator[str]:
    for name in names:
        if name not in rule.properties:
            yield f"{where}: {part}.{name} is not in {PLAN_FILE}"
    for name in rule.required:
        if name not in names:
            yield f"{where}: {PLAN_FILE} requires {part}.{name}, and no column gives it: every row would be quarantined"
