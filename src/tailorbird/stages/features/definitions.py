"""What a feature definition may say: the checks that SQL and fold share, and the sizes of windows and freshness."""

import re
from collections.abc import Iterator, Mapping, Sequence

from tailorbird.types.errors import TailorbirdError
from tailorbird.types.feature import EventCondition, FeatureDefinition

WINDOW_DAYS_MAX = 36_500
"""A century: the engine's dates end where a window of millions of days would begin."""

K_MAX = 20
ROOTS = ("properties", "traits", "context")
COMPARISONS = ("equals", "one_of", "at_least", "at_most", "exists")
WHOLE = ("count", "distinct", "recency", "days_since")
REAL = ("sum", "mean", "ratio")
_NEEDS_FIELD = ("sum", "mean", "last", "first", "distinct", "top_k")
_LOCAL = ("daypart", "weekday", "place", "session")
_FRESHNESS = re.compile(r"([1-9][0-9]{0,5})([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_NUMBER_END = 10**12
_OWN = {
    "k": ("top_k",),
    "unit": ("recency",),
    "pick": ("recency", "place"),
    "level": ("place",),
    "measure": ("session",),
    "gap_minutes": ("session",),
    "current": ("session",),
    "numerator": ("ratio",),
    "denominator": ("ratio",),
    "when_zero": ("ratio",),
    "query": ("sql",),
    "type": ("last", "first", "sql"),
}
"""Keys that only some kinds read."""
_DEFAULTS = FeatureDefinition(name="", kind="count", purpose="")


class FeatureError(TailorbirdError):
    """A feature definition that cannot be computed. One sentence: which feature, what is wrong, how to mend it.

    `feature` is its name, '' if it is about no single one; `field` is the key at fault, '' if it is no single one.
    """

    def __init__(self, message: str, feature: str = "", field: str = "") -> None:
        self.feature, self.field = feature, field
        super().__init__(message)


def check_definitions(definitions: Sequence[FeatureDefinition]) -> None:
    """Raise FeatureError for the first definition that cannot be computed."""
    by_name = {definition.name: definition for definition in definitions}
    names: set[str] = set()
    for definition in definitions:
        # The engine's columns know no case: `Spent` and `spent` would be one column.
        folded = definition.name.casefold()
        if folded in names or folded in ("person_id", "as_of"):
            problem = " is defined twice (capitals do not count), or has a reserved name; give it another name"
            raise FeatureError(f"feature {definition.name!r}{problem}", definition.name)
        names.add(folded)
        for field, problem in feature_problems(definition, by_name):
            said = f": {field}: {problem}" if field else f": {problem}"
            raise FeatureError(f"feature {definition.name!r}{said}", definition.name, field)


def feature_problems(
    definition: FeatureDefinition, others: Mapping[str, FeatureDefinition]
) -> Iterator[tuple[str, str]]:
    """(field, what is wrong and how to mend it) for all that is wrong with one definition; '' is no one field."""
    kind = definition.kind
    for key, kinds in _OWN.items():
        if kind not in kinds and getattr(definition, key) != getattr(_DEFAULTS, key):
            yield key, f"kind {kind} does not read it, only {' and '.join(kinds)}; leave it out"
    yield from _shape_problems(definition)
    if not 1 <= definition.k <= K_MAX:
        yield "k", f"must be from 1 to {K_MAX} (found {definition.k})"
    if not 1 <= definition.gap_minutes <= 1440:
        yield "gap_minutes", f"must be from 1 to 1,440: a session ends within a day (found {definition.gap_minutes})"
    if not _FRESHNESS.fullmatch(definition.freshness):
        yield "freshness", f"must be a number and s, m, h or d, such as 1h (found {definition.freshness!r})"
    yield from _default_problems(definition)
    for i, condition in enumerate(definition.where):
        for problem in _condition_problems(condition, definition.each):
            yield f"where.{i}", problem
    if kind == "ratio":
        yield from _ratio_problems(definition, others)


def purposes_of(definitions: Sequence[FeatureDefinition]) -> dict[str, tuple[str, ...]]:
    """Every purpose that a feature's value needs consent for: its own first, and of a ratio those of its two parts.

    A ratio tells something of both parts. Under its own purpose alone it would tell what is withheld.
    """
    own = {definition.name: definition.purpose for definition in definitions}
    needed = {}
    for definition in definitions:
        parts = (own[name] for name in (definition.numerator, definition.denominator) if name in own)
        needed[definition.name] = tuple(dict.fromkeys((definition.purpose, *parts)))
    return needed


def freshness_seconds(definition: FeatureDefinition) -> int:
    """How old the feature's value may be when it is read online, in seconds."""
    found = _FRESHNESS.fullmatch(definition.freshness)
    if found is None:
        raise FeatureError(f"feature {definition.name!r}: freshness: no duration", definition.name)
    return int(found.group(1)) * _SECONDS[found.group(2)]


def window_hours(definition: FeatureDefinition) -> int | None:
    """How far back events count, in hours; None is all history."""
    return definition.window_days * 24 if definition.window_days is not None else definition.window_hours


def _shape_problems(definition: FeatureDefinition) -> Iterator[tuple[str, str]]:
    kind = definition.kind
    aggregate = kind not in ("ratio", "sql")
    if not aggregate and (definition.event or definition.field or definition.each or definition.where):
        yield "", f"kind {kind} is not about one kind of event; leave out event, field, each and where"
    if (not aggregate or definition.measure != "landing") and kind == "session" and definition.field:
        yield "field", "only the measure landing reads a field; leave it out"
    if definition.event is not None and not definition.event:
        yield "event", "is empty; name an event, or leave it out for every event"
    if (kind in _NEEDS_FIELD or (kind == "session" and definition.measure == "landing")) and not definition.field:
        yield "field", f"kind {kind} needs a field, such as properties.total"
    if kind in ("daypart", "weekday", "place") and definition.field:
        yield "field", f"kind {kind} knows its own field; leave it out"
    if definition.each and kind in _LOCAL:
        yield "each", f"{kind} is about events, not about list elements; leave out each"
    if definition.each and not definition.field and kind != "count":
        yield "each", "with each, give the field inside one element"
    if kind == "sql" and not (definition.query or "").strip():
        yield "query", "kind sql needs a query"
    if kind == "recency" and definition.pick == "most":
        yield "pick", "recency is since the last or the first event"
    if kind == "place" and definition.pick == "first":
        yield "pick", "a place is the last or the most frequent one"
    yield from _window_problems(definition, aggregate)
    yield from _path_problems("each", definition.each, rooted=True)
    yield from _path_problems("field", definition.field, rooted=not definition.each)


def _window_problems(definition: FeatureDefinition, aggregate: bool) -> Iterator[tuple[str, str]]:
    for field, factor in (("window_days", 1), ("window_hours", 24)):
        value = getattr(definition, field)
        if value is not None and not 0 < value <= WINDOW_DAYS_MAX * factor:
            yield field, f"must be above 0 and at most {WINDOW_DAYS_MAX * factor} (found {value})"
        if value is not None and not aggregate:
            yield field, f"kind {definition.kind} has no window of its own; leave it out"
    if definition.window_days is not None and definition.window_hours is not None:
        yield "window_hours", "give window_days or window_hours, not both"


def _path_problems(field: str, path: str | None, rooted: bool) -> Iterator[tuple[str, str]]:
    if not path:
        return
    if rooted and (path.split(".")[0] not in ROOTS or "." not in path):
        yield field, f"{path!r} must start with one of {', '.join(r + '.' for r in ROOTS)}"
    if '"' in path or "\\" in path:
        yield field, "a path must hold no quote and no backslash"
    if "" in path.split("."):
        yield field, "a path must have a name between its dots"


def _condition_problems(condition: EventCondition, each: str | None) -> Iterator[str]:
    given = [name for name in COMPARISONS if getattr(condition, name) is not None]
    if len(given) != 1:
        yield f"a condition has exactly one of {', '.join(COMPARISONS)} (found {' and '.join(given) or 'none'})"
    if condition.one_of == ():
        yield "one_of is empty, so nothing can pass; list a value"
    for bound in (condition.at_least, condition.at_most):
        if bound is not None and not -_NUMBER_END < bound < _NUMBER_END:
            yield "a bound must be between minus and plus a million millions"
    if condition.field != "type":
        rooted = each is None or condition.field.split(".")[0] in ROOTS
        yield from (problem for _, problem in _path_problems("field", condition.field, rooted))
    if not condition.field:
        yield "field is empty; name one, such as properties.total"


def _default_problems(definition: FeatureDefinition) -> Iterator[tuple[str, str]]:
    default, kind = definition.default, definition.kind
    if default is None:
        return
    number = isinstance(default, int | float) and not isinstance(default, bool)
    wanted = value_type(definition)
    if wanted in ("whole", "number") and not number:
        yield "default", f"must be a number for kind {kind} (found {default!r})"
    elif wanted == "whole" and default != int(default):
        yield "default", f"must be a whole number for kind {kind} (found {default!r})"
    elif wanted == "boolean" and not isinstance(default, bool):
        yield "default", f"must be true or false (found {default!r})"
    elif wanted == "list":
        yield "default", "a list has no default: it is missing where there is no value; leave it out"
    elif wanted == "text" and not isinstance(default, str):
        words = "a part of the day, such as evening" if kind == "daypart" else "text; quote it, or say type: number"
        yield "default", f"must be {words} (found {default!r})"


def value_type(definition: FeatureDefinition) -> str:
    """What the feature gives: whole, number, text, boolean or list."""
    if definition.kind in WHOLE or (definition.kind == "session" and definition.measure != "landing"):
        return "whole"
    if definition.kind in REAL:
        return "number"
    if definition.kind == "top_k" and definition.k > 1:
        return "list"
    return definition.type


def _ratio_problems(
    definition: FeatureDefinition, others: Mapping[str, FeatureDefinition]
) -> Iterator[tuple[str, str]]:
    for field in ("numerator", "denominator"):
        name = getattr(definition, field)
        other = others.get(name)
        if name is None:
            yield field, "a ratio needs the name of a feature here"
        elif other is None:
            yield field, f"there is no feature {name!r}"
        elif other.kind == "ratio" or value_type(other) not in ("whole", "number"):
            yield field, f"{name!r} gives no number, or is itself a ratio; name another feature"
