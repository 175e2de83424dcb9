from datetime import date
from itertools import product

import pytest

from tailorbird.stages.policies.compiled import compile_policy, holds_at, overlap, place_rules
from tailorbird.types.policy import Policy
from tailorbird.types.policy_pack import PolicyPack, PolicyRule
from tests.stages.policies.packs import pack


def rule(**scope: tuple[str, ...]) -> PolicyRule:
    return PolicyRule("r", "why", phrases={"en": "hurry"}, **scope)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("scope", "channel", "country", "block", "holds"),
    [
        ({}, "", "", "", True),
        ({"channels": ("ads",)}, "meta", "", "", True),
        ({"channels": ("ads",)}, "email", "", "", False),
        ({"channels": ("ads",)}, "", "", "", False),
        ({"countries": ("US-NY",)}, "", "US-NY", "", True),
        ({"countries": ("US-NY",)}, "", "US", "", True),
        ({"countries": ("US-NY",)}, "", "", "", True),
        ({"countries": ("US-NY",)}, "", "US-CA", "", False),
        ({"countries": ("US",)}, "", "US-NY", "", True),
        ({"countries": ("EEA",)}, "", "NO", "", True),
        ({"countries": ("EU",)}, "", "GB", "", False),
        ({"blocks": ("subject",)}, "", "", "subject", True),
        ({"blocks": ("subject",)}, "", "", "", False),
    ],
)
def test_a_rule_holds_where_it_says_and_where_it_may(
    scope: dict[str, tuple[str, ...]], channel: str, country: str, block: str, holds: bool
) -> None:
    assert holds_at(rule(**scope), channel, country, block) is holds


def test_rules_overlap_where_some_place_is_in_both() -> None:
    places = list(product(("", "email", "meta", "x"), ("DE", "US-NY", "US-CA", "GB"), ("", "subject", "body")))
    scopes: list[dict[str, tuple[str, ...]]] = [{}, {"channels": ("ads",)}, {"channels": ("meta", "email")}, {"countries": ("US",)},
              {"countries": ("US-NY",)}, {"countries": ("EU",)}, {"blocks": ("subject",)}]  # fmt: skip
    for one, other in product(scopes, scopes):
        shared = any(holds_at(rule(**one), *place) and holds_at(rule(**other), *place) for place in places)
        assert overlap(rule(**one), rule(**other)) is shared, (one, other)


def test_wordings_are_those_of_the_language_of_the_locale_and_of_all() -> None:
    one = PolicyRule("r", "why", phrases={"en": "hurry\nrush", "de-AT": ("Eile",), "de": ("hurtig",), "*": ("fomo",)})
    made = pack(one)
    spoken = {locale: {phrase.source for phrase in place_rules(made, locale)[0].phrases}
              for locale in ("en-GB", "de_DE", "de-AT", "fr")}  # fmt: skip
    assert spoken == {
        "en-GB": {"hurry", "rush", "fomo"}, "de_DE": {"hurtig", "fomo"}, "de-AT": {"hurtig", "Eile", "fomo"}, "fr": {"fomo"},
    }  # fmt: skip


def test_a_policy_is_compiled_once_and_flags_choose_its_rules() -> None:
    flagged = pack(PolicyRule("r", "why", flags=("ai_media",), notice=True))
    assert compile_policy(Policy(packs=(flagged,)), "en").notices == ()
    with_flag = Policy(packs=(flagged,), flags=frozenset({"ai_media"}))
    assert len(compile_policy(with_flag, "en").notices) == 1
    assert compile_policy(with_flag, "en") is compile_policy(with_flag, "en")


def test_packs_that_cannot_read_the_language_are_named_and_limits_need_none() -> None:
    from tailorbird.types.policy_pack import Limit

    words = PolicyPack("words", "1", "s", "s", (rule(),), date(2026, 1, 1), ("en",))
    sizes = PolicyPack("sizes", "1", "s", "s", (PolicyRule("l", "w", limit=Limit(max=3)),), date(2026, 1, 1))
    compiled = compile_policy(Policy(packs=(words, sizes)), "fr-FR")
    assert compiled.strange == ("words",)
    assert len(compiled.limits) == 1
