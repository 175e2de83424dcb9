"""The tracking plan's checks: what they refuse, in which words, and that they agree with a plain reading of the rules."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tailorbird.stages.events.plan_checks import PATTERN_CHARS_MAX, PlanChecks, compile_rule
from tailorbird.stages.events.wire_rules import OUR_EVENTS
from tailorbird.types.event import Event
from tailorbird.types.tracking_plan import EventRule, FieldRule, TrackingPlan

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
LINE = FieldRule(
    "object", required=("sku",), properties={"sku": FieldRule("string"), "price": FieldRule("number", minimum=0)}
)
ORDER = EventRule(
    required=("order_id", "total"),
    properties={
        "order_id": FieldRule("string", minLength=1, maxLength=8),
        "total": FieldRule("number", minimum=0, maximum=1000),
        "currency": FieldRule("string", enum=("GBP", "EUR")),
        "products": FieldRule("array", items=LINE),
        "note": FieldRule(("string", "null")),
    },
)
PLAN = TrackingPlan({"Order Completed": ORDER}, EventRule(properties={"email": FieldRule("string", format="email")}))
GOOD = {"order_id": "o1", "total": 12.5, "currency": "GBP", "products": [{"sku": "a", "price": 1}], "note": None}


@pytest.mark.parametrize(
    "consents",
    [False, "no", 0, [], {"ads": False}, {"ads": None}, {"ads": {"email": True, "sms": False}}, {"ads": "yes"}],
)
def test_no_plan_holds_back_a_no(consents: Any) -> None:
    wanted = FieldRule(
        "object", required=("site",), properties={"ads": FieldRule("boolean"), "site": FieldRule("boolean")}
    )
    said = EventRule(required=("form",), properties={"consents": wanted})
    plan = TrackingPlan({"Consent Updated": said}, EventRule(properties={"email": FieldRule("integer")}), strict=True)
    for checks in (PlanChecks(plan), PlanChecks(TrackingPlan(strict=True))):
        assert checks.judge("track", "Consent Updated", {"consents": consents}, {}) is None
    assert PlanChecks(plan).judge("identify", None, {}, {"consents": consents, "email": "ana"}) is None
    # Another event that happens to have such a field, and a yes, are judged like any other.
    assert PlanChecks(plan).judge("track", "Order Completed", {"consents": consents}, {}) is not None


def test_a_yes_waits_until_its_event_is_right() -> None:
    plan = PlanChecks(TrackingPlan({"Consent Updated": EventRule(required=("form",))}))
    for consents in (True, {"ads": True}, {"ads": {"email": True}}):
        found = plan.judge("track", "Consent Updated", {"consents": consents}, {})
        assert found is not None and found.startswith("Consent Updated: properties.form is missing")


def violation(plan: Any = PLAN, event: Any = "Order Completed", **properties: Any) -> str | None:
    return PlanChecks(plan, OUR_EVENTS).violation(
        Event("track", "m", NOON, NOON, "u", event=event, properties=properties)
    )


def test_an_event_that_keeps_to_the_plan_passes_with_fields_that_the_plan_does_not_list() -> None:
    assert violation(**GOOD, colour="red") is None


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"total": "12,50"}, "Order Completed: properties.total is the text '12,50', but must be a number"),
        ({"total": True}, "Order Completed: properties.total is true, but must be a number"),
        ({"total": -1}, "Order Completed: properties.total is the number -1, but must be at least 0"),
        ({"total": 1e9}, "Order Completed: properties.total is the number 1000000000.0, but must be at most 1000"),
        ({"currency": "USD"}, "Order Completed: properties.currency is the text 'USD', but must be one of 'GBP', 'EUR'"),
        ({"order_id": None}, "Order Completed: properties.order_id is null, but must be text"),
        ({"order_id": "123456789"}, "Order Completed: properties.order_id is the text '123456789', but must have at most 8 characters"),
        ({"products": {}}, "Order Completed: properties.products is an object, but must be a list"),
        ({"products": [{"sku": "a"}, {"sku": "b", "price": "1"}]}, "Order Completed: properties.products[1].price is the text '1', but must be a number"),
        ({"products": [{}]}, "Order Completed: properties.products[0].sku is missing; it must be text"),
        ({"note": 3}, "Order Completed: properties.note is the number 3, but must be text or null"),
    ],
)  # fmt: skip
def test_a_violation_names_event_field_what_was_found_and_what_is_wanted(change: dict[str, Any], reason: str) -> None:
    assert violation(**{**GOOD, **change}) == reason


def test_what_is_missing_is_named() -> None:
    assert violation(order_id="o1") == "Order Completed: properties.total is missing; it must be a number"


def test_a_field_that_no_plan_lists_is_refused_where_the_plan_is_closed() -> None:
    closed = TrackingPlan({"Seen": EventRule(properties={"a": FieldRule()}, additionalProperties=False)})
    assert violation(closed, "Seen", a=1) is None
    assert violation(closed, "Seen", b="x") == "Seen: properties.'b' is in no plan, and no other fields are allowed"


def test_events_that_the_plan_does_not_know_pass_unless_it_is_strict() -> None:
    assert violation(event="Something Else") is None
    strict = TrackingPlan(PLAN.events, strict=True)
    assert violation(strict, "Something Else") == "'Something Else' is in no plan; add it to events.yaml"
    assert violation(strict, "Email Opened") is None
    assert not PlanChecks(PLAN).is_planned("track", "Something Else")
    assert PlanChecks(PLAN).is_planned("page", "Home") and PlanChecks(PLAN, OUR_EVENTS).is_planned(
        "track", "Email Sent"
    )


def test_traits_of_identify_are_checked_and_other_types_are_nobody_s_plan() -> None:
    checks = PlanChecks(PLAN)
    told = Event("identify", "m", NOON, NOON, "u", traits={"email": "nobody"})
    assert checks.violation(told) == "identify: traits.email is the text 'nobody', but must be an e-mail address"
    assert checks.violation(Event("page", "m", NOON, NOON, "u", event="Order Completed")) is None
    assert checks.violation(Event("group", "m", NOON, NOON, "u", traits={"email": "nobody"})) is None


@pytest.mark.parametrize(
    ("form", "good", "bad"),
    [
        ("date", ["2026-02-28"], ["2026-02-30", "2026-2-3", "20260228", "2026-W09-1", "2026-02-28T00:00:00Z"]),
        ("date-time", ["2026-06-01T09:30:00Z", "2026-06-01t09:30:00.5+02:00"], ["2026-06-01", "2026-06-01T09:30:00", "2026-06-31T09:30:00Z"]),
        ("email", ["a@b.example", "Ä@b"], ["a", "a@", "a b@c", "a@b@c"]),
        ("uri", ["https://a.example/b?c", "mailto:a@b.example"], ["a", "/path", "https://a b", "http://[::1", "https:"]),
        ("uuid", ["123e4567-e89b-12d3-a456-426614174000"], ["123e4567e89b12d3a456426614174000", "x"]),
    ],
)  # fmt: skip
def test_formats_take_what_is_one_and_nothing_else(form: Any, good: list[str], bad: list[str]) -> None:
    check = compile_rule(FieldRule("string", format=form))
    assert [check(text) for text in good] == [None] * len(good)
    assert all(check(text) for text in bad)


def test_a_pattern_is_found_anywhere_and_long_text_matches_none() -> None:
    check = compile_rule(FieldRule(pattern="^a|z$"))
    assert check("abc") is None and check("xyz") is None and check(5) is None
    assert check("bcd") == ("", "is the text 'bcd', but must match '^a|z$'")
    assert check("a" * (PATTERN_CHARS_MAX + 1)) is not None


def test_what_was_found_is_shortened() -> None:
    problem = compile_rule(FieldRule("number"))("x" * 9000)
    assert problem is not None and len(problem[1]) < 120


# The oracle: each rule read by itself, without any compiling.
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from([-1.5, 0.0, 1.0, 2.0]) | st.sampled_from(["", "a", "ab", "2026-06-01"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("pqr"), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
NAMES = st.lists(st.sampled_from("pqr"), max_size=2, unique=True).map(tuple)
TYPES = st.sampled_from(["string", "number", "integer", "boolean", "object", "array", "null"])
LEAVES = st.builds(
    FieldRule,
    type=st.none() | TYPES | st.lists(TYPES, min_size=1, max_size=2, unique=True).map(tuple),
    enum=st.none() | st.lists(st.none() | st.booleans() | st.integers(0, 2) | st.just(1.0) | st.just("a"), min_size=1, max_size=3).map(tuple),
    minimum=st.none() | st.integers(-2, 2),
    maximum=st.none() | st.sampled_from([-1, 0.5, 2]),
    pattern=st.none() | st.sampled_from(["^a", "b$", r"\d"]),
    format=st.none() | st.just("date"),
    minLength=st.none() | st.integers(0, 2),
    maxLength=st.none() | st.integers(0, 2),
)  # fmt: skip
RULES = st.recursive(
    LEAVES,
    lambda inner: st.builds(
        FieldRule,
        type=st.none() | TYPES,
        items=st.none() | inner,
        properties=st.dictionaries(st.sampled_from("pqr"), inner, max_size=2),
        required=NAMES,
        additionalProperties=st.booleans(),
    ),
    max_leaves=4,
)


def same_json(a: Any, b: Any) -> bool:
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    numbers = type(a) in (int, float) and type(b) in (int, float)
    return (numbers or type(a) is type(b)) and a == b


def is_of(value: Any, kind: str) -> bool:
    if kind == "integer":
        return not isinstance(value, bool) and isinstance(value, int | float) and value == int(value)
    if kind == "number":
        return not isinstance(value, bool) and isinstance(value, int | float)
    return isinstance(value, {"string": str, "boolean": bool, "object": dict, "array": list, "null": type(None)}[kind])


def faults(rule: FieldRule, value: Any) -> Iterator[str]:
    if rule.type is not None:
        kinds = (rule.type,) if isinstance(rule.type, str) else rule.type
        if not any(is_of(value, kind) for kind in kinds):
            yield "type"
    if rule.enum is not None and not any(same_json(value, each) for each in rule.enum):
        yield "enum"
    if is_of(value, "number"):
        if rule.minimum is not None and value < rule.minimum:
            yield "minimum"
        if rule.maximum is not None and value > rule.maximum:
            yield "maximum"
    if isinstance(value, str):
        if rule.pattern is not None and not re.search(rule.pattern, value):
            yield "pattern"
        if rule.format == "date" and value != "2026-06-01":
            yield "format"
        if rule.minLength is not None and len(value) < rule.minLength:
            yield "minLength"
        if rule.maxLength is not None and len(value) > rule.maxLength:
            yield "maxLength"
    if isinstance(value, list) and rule.items is not None:
        for each in value:
            yield from faults(rule.items, each)
    if isinstance(value, dict):
        yield from ("required" for name in rule.required if name not in value)
        for name, inner in value.items():
            if name in rule.properties:
                yield from faults(rule.properties[name], inner)
            elif not rule.additionalProperties:
                yield "additionalProperties"


@pytest.mark.slow
@given(RULES, JSON_VALUES)
@settings(max_examples=600)
def test_compiled_checks_agree_with_a_plain_reading_of_the_rules(rule: FieldRule, value: Any) -> None:
    problem = compile_rule(rule)(value)
    assert (problem is not None) == any(faults(rule, value)), problem
