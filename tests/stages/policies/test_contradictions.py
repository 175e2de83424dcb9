from tailorbird.stages.policies.contradictions import find_contradictions
from tailorbird.types.policy_pack import Limit, PolicyRule
from tests.stages.policies.packs import pack


def pairs(*rules: PolicyRule) -> list[tuple[str, str]]:
    first, second = pack(*rules[:1], name="first"), pack(*rules[1:], name="second")
    return [(found.first.name, found.second.name) for found in find_contradictions((first, second))]


SAY = PolicyRule("say", "needs it", lines={"en": ("Offer ends soon",)})


def test_a_line_that_another_rule_forbids_is_found() -> None:
    never = PolicyRule("never", "no", phrases={"en": "ends soon"})
    assert pairs(SAY, never) == [("first/say", "second/never")]
    assert pairs(never, SAY) == [("second/say", "first/never")]


def test_an_expression_that_forbids_the_line_counts_too() -> None:
    assert pairs(SAY, PolicyRule("never", "no", patterns={"*": ("ends\\s+s",)})) == [("first/say", "second/never")]


def test_no_contradiction_where_the_rules_never_meet_or_one_line_is_free() -> None:
    elsewhere = PolicyRule("never", "no", phrases={"en": "ends soon"}, channels=("sms",))
    said = PolicyRule("say", "needs it", lines={"en": ("Offer ends soon",)}, channels=("email",))
    assert pairs(said, elsewhere) == []
    either = PolicyRule("say", "needs it", lines={"en": ("Offer ends soon", "Offer ends on Friday")})
    assert pairs(either, PolicyRule("never", "no", phrases={"en": "ends soon"})) == []
    assert pairs(SAY, PolicyRule("never", "no", phrases={"de": "ends soon"})) == []
    assert pairs(SAY, PolicyRule("never", "no", "warning", phrases={"en": "ends soon"})) == []
    assert pairs(SAY, PolicyRule("never", "no", phrases={"en": "ends soon"}, facts=("offer_end",))) == []
    assert pairs(SAY, PolicyRule("never", "no", phrases={"en": "soon"}, unless={"en": "ends soon"})) == []


def test_limits_that_leave_no_length_are_found() -> None:
    least = PolicyRule("least", "w", limit=Limit(min=50), channels=("email",))
    most = PolicyRule("most", "w", limit=Limit(max=40), channels=("email",))
    assert pairs(least, most) == [("first/least", "second/most")]
    assert pairs(most, least) == [("second/least", "first/most")]
    assert pairs(least, PolicyRule("most", "w", limit=Limit("width", 40), channels=("email",))) == []
    assert pairs(least, PolicyRule("most", "w", limit=Limit(max=40), channels=("sms",))) == []
    assert pairs(least, PolicyRule("most", "w", limit=Limit(max=50), channels=("email",))) == []


def test_a_required_line_must_fit_the_limit_of_its_place() -> None:
    tight = PolicyRule("most", "w", limit=Limit(max=10))
    assert pairs(SAY, tight) == [("first/say", "second/most")]
    assert pairs(SAY, PolicyRule("most", "w", limit=Limit(max=100))) == []
