"""Audiences beside the features that they ask: conditions that no value of the feature can ever fulfil."""

from collections.abc import Iterator

from tailorbird.project.project import Project
from tailorbird.stages.features.definitions import value_type
from tailorbird.types.audience import AudienceRule, Condition

_WORDS = {"whole": "a whole number", "number": "a number", "text": "a text", "boolean": "true or false",
          "list": "a list of texts"}  # fmt: skip


def warn_of_idle_conditions(project: Project) -> list[str]:
    """One warning per audience without conditions, and per condition that compares what cannot be equal."""
    given = {feature.name: value_type(feature) for feature in project.features}
    return list(dict.fromkeys(text for rule in project.audiences.values() for text in _audience(rule, given)))


def _audience(rule: AudienceRule, given: dict[str, str]) -> Iterator[str]:
    if not (rule.all or rule.any or rule.none or rule.sql):
        yield f"audience {rule.name}: it has no condition, so it is everybody"
    for group, conditions in (("all", rule.all), ("any", rule.any), ("none", rule.none)):
        for condition in conditions:
            kind = given.get(condition.feature, "")
            if asked := _never(condition, kind):
                yield (
                    f"audience {rule.name}: {condition.feature} is {_WORDS[kind]}, and {asked} is never true of one; "
                    f"mend the condition under {group}"
                )


def _never(condition: Condition, kind: str) -> str:
    """The comparison, if no value of this kind passes it; '' if one may."""
    is_number = kind in ("whole", "number")
    for name in ("at_least", "at_most"):
        if getattr(condition, name) is not None and kind and not is_number:
            return name
    if condition.one_of is not None:
        return "one_of" if is_number or kind == "boolean" else ""
    wanted = condition.equals
    if wanted is None or not kind:
        return ""
    fits = {"boolean": isinstance(wanted, bool), "text": isinstance(wanted, str), "list": isinstance(wanted, str)}
    return "" if fits.get(kind, is_number and not isinstance(wanted, bool | str)) else f"equals {wanted!r}"
