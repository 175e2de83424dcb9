"""The folder policies/ of a project."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tailorbird.project.errors import ProjectError
from tailorbird.project.policies import BRAND_PACK, Policies, brand_pack, read_policies
from tailorbird.project.project import load_project
from tailorbird.types.brand import Brand
from tailorbird.types.policy import Policy

Reads = Callable[[Callable[[], object]], ProjectError]
FILE = """use: [urgency, house]
rules:
  urgency/shame: {off: true, reason: we never do so anyway}
  urgency/scarcity: {severity: warning, reason: a person looks}
evidence:
  health/c: {kept: folder 3, until: 2026-12-31}
  label/fsc: {kept: folder 4, items: [pot]}
"""
HOUSE = """name: house
version: "1"
summary: House rules.
source: the house
checked_on: 2026-11-01
rules:
  - {id: size, reason: too long, limit: {max: 30}}
"""


def read(folder: Any) -> Policies:
    return load_project(folder.root).policies


def test_without_the_folder_only_the_brand_s_own_phrases_hold(folder: Any) -> None:
    assert [pack.name for pack in read(folder).packs] == [BRAND_PACK]


def test_chosen_packs_hold_as_the_project_changed_them(folder: Any) -> None:
    folder.write("policies/policy.yaml", FILE)
    folder.write("policies/packs/house.yaml", HOUSE)
    policies = read(folder)
    assert [pack.name for pack in policies.packs] == ["urgency", "house", BRAND_PACK]
    rules = {rule.id: rule for rule in policies.packs[0].rules}
    assert "shame" not in rules
    assert rules["scarcity"].severity == "warning"
    assert rules["scarcity"].changed == "error made warning: a person looks"
    assert rules["pressure"].changed == ""
    policy = policies.policy("email", "GB", "subject", attended=False, flags=["ai_media"])
    assert policy == Policy("email", "GB", "subject", False, packs=policies.packs, flags=frozenset({"ai_media"}))


def test_evidence_holds_until_its_day_and_for_its_items(folder: Any) -> None:
    folder.write("policies/policy.yaml", FILE)
    folder.write("policies/packs/house.yaml", HOUSE)
    policies = read(folder)
    assert policies.evidence(date(2026, 12, 31), "pot") == {"health/c": "folder 3", "label/fsc": "folder 4"}
    assert policies.evidence(date(2027, 1, 1), "cup") == {}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("use: [urgency, house]", "use: [urgancy]", 1, "no pack 'urgancy'; did you mean 'urgency'?"),
        ("use: [urgency, house]", "use: [house, house]", 1, "'house' is named twice"),
        ("off: true, reason: we never do so anyway", "off: true", 3, "this key is missing"),
        ("reason: we never do so anyway", 'reason: ""', 3, "say why"),
        ("{severity: warning, reason", "{reason", 4, "either `off: true` or a severity"),
        ("health/c: {kept", "health: {kept", 6, "is no id"),
        ("kept: folder 3", 'kept: ""', 6, "say where"),
        ("use:", "uses:", 1, "unknown key; did you mean 'use'?"),
    ],
)
def test_a_mistake_is_told_with_its_line(
    folder: Any, read_error: Reads, old: str, new: str, line: int, message: str
) -> None:
    folder.write("policies/packs/house.yaml", HOUSE)
    folder.write("policies/policy.yaml", FILE.replace(old, new))
    error = read_error(lambda: read(folder))
    assert message in error.message
    assert (error.line, error.file.endswith("policies/policy.yaml")) == (line, True)


def test_a_change_of_a_rule_that_there_is_not_is_refused_when_packs_are_needed(folder: Any, read_error: Reads) -> None:
    folder.write("policies/policy.yaml", "use: [urgency]\nrules:\n  urgency/sham: {off: true, reason: no}\n")
    error = read_error(lambda: read(folder).packs)
    assert "no rule 'urgency/sham'" in error.message and "urgency/shame" in error.message
    assert error.line == 3


def test_an_own_pack_does_not_take_a_built_in_name(folder: Any, read_error: Reads) -> None:
    folder.write("policies/packs/claims.yaml", HOUSE.replace("name: house", "name: claims"))
    assert "name of a built-in pack" in read_error(lambda: read(folder)).message


def test_the_brand_s_phrases_are_a_pack_with_odd_ones_as_they_are_written() -> None:
    brand = Brand("B", "s", {}, (), {"*": ("!", "a (b)"), "en-GB": ("act now",)}, {}, {})
    made = brand_pack(brand)
    assert made is not None
    (rule,) = made.rules
    assert rule.phrases == {"*": ("!",), "en-GB": ("act now",)}
    assert rule.patterns["*"] == (r"a\ \(b\)",)
    assert made.languages == ("en",)
    assert brand_pack(Brand("B", "s", {}, (), {}, {}, {})) is None


def test_policies_are_read_with_the_brand(folder: Any) -> None:
    brand = load_project(folder.root).brand
    assert read_policies(folder.root, brand).path(BRAND_PACK) == folder.root / "brand" / "disallowed.yaml"
