"""The check of policy packs: refused at load what cannot be used, and told what is no mistake and yet not meant."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from tailorbird.pipeline.check_policies import check_policies, warn_of_lines, warn_of_policies
from tailorbird.project.errors import ProjectError
from tailorbird.project.policies import Policies, brand_pack, read_policies
from tailorbird.project.project import load_project
from tailorbird.types.brand import Brand

WREN = Path(__file__).resolve().parents[2] / "examples" / "wren"

HEAD = """name: {name}
version: "1"
summary: Rules.
source: the house
checked_on: 2026-11-01
languages: [en]
rules:
"""


def project(root: Path, use: str, disallowed: tuple[str, ...] = (), rest: str = "", **packs: str) -> Policies:
    (root / "policies" / "packs").mkdir(parents=True)
    (root / "policies" / "policy.yaml").write_text(f"use: [{use}]\n{rest}", encoding="utf-8")
    for name, rules in packs.items():
        path = root / "policies" / "packs" / f"{name}.yaml"
        path.write_text(HEAD.format(name=name) + rules, encoding="utf-8")
    return read_policies(root, Brand("B", "s", {}, (), {"*": disallowed}, {}, {}))


def refused(policies: Policies) -> ProjectError:
    with pytest.raises(ProjectError) as caught:
        check_policies(policies)
    return caught.value


def test_a_bad_expression_is_refused_with_file_line_rule_and_the_error(tmp_path: Path) -> None:
    rules = "  - id: odd\n    reason: odd\n    patterns:\n      en:\n        - fine\n        - '(never'\n"
    error = refused(project(tmp_path, "house", house=rules))
    assert (error.line, error.field) == (13, "rules.0.patterns.en")
    assert error.file.endswith("policies/packs/house.yaml")
    assert "rule odd: '(never' is no regular expression: missing )" in error.message


def test_a_bad_phrase_is_refused_with_the_line_of_the_phrase(tmp_path: Path) -> None:
    rules = "  - id: odd\n    reason: odd\n    phrases:\n      en: |\n        fine\n\n        (never\n"
    error = refused(project(tmp_path, "", house=rules))
    assert error.line == 14
    assert "rule odd: '(never' brackets do not close" in error.message


def test_a_line_that_one_pack_requires_and_another_forbids_is_refused_and_both_are_named(tmp_path: Path) -> None:
    say = '  - id: say\n    reason: needs it\n    lines: {en: ["Offer ends soon"]}\n'
    never = (
        "  - id: other\n    reason: x\n    notice: true\n  - id: never\n    reason: no\n    phrases: {en: ends soon}\n"
    )
    error = refused(project(tmp_path, "one, two", one=say, two=never))
    told = str(error)
    assert "one/say" in told and "two/never" in told
    assert "packs/one.yaml:8" in told and "packs/two.yaml:11" in told


def test_limits_that_leave_nothing_are_refused_and_both_are_named(tmp_path: Path) -> None:
    least = "  - {id: least, reason: w, limit: {min: 50}}\n"
    most = "  - {id: most, reason: w, limit: {max: 40}}\n"
    told = str(refused(project(tmp_path, "one, two", one=least, two=most)))
    assert "one/least" in told and "two/most" in told and "one.yaml:8" in told and "two.yaml:8" in told


def test_what_the_brand_never_says_may_not_be_required(tmp_path: Path) -> None:
    say = '  - id: say\n    reason: needs it\n    lines: {en: ["Offer ends soon"]}\n'
    told = str(refused(project(tmp_path, "one", ("ends soon",), one=say)))
    assert "one/say" in told and "disallowed.yaml" in told


def test_turning_one_of_the_two_off_resolves_it(tmp_path: Path) -> None:
    say = '  - id: say\n    reason: needs it\n    lines: {en: ["Offer ends soon"]}\n'
    never = "  - {id: never, reason: no, phrases: {en: ends soon}}\n"
    rest = "rules:\n  two/never: {off: true, reason: the offer really ends}\n"
    two = never + "  - {id: other, reason: x, notice: true}\n"
    check_policies(project(tmp_path, "one, two", rest=rest, one=say, two=two))


def test_all_built_in_packs_go_together(tmp_path: Path) -> None:
    from tailorbird.project.pack_files import built_in_packs

    check_policies(project(tmp_path, ", ".join(built_in_packs())))


def test_unused_packs_and_evidence_that_is_over_or_not_asked_for_are_told(tmp_path: Path) -> None:
    rest = "evidence:\n  health/c: {kept: f, until: 2026-01-01}\n  nothing/x: {kept: f}\n"
    policies = project(tmp_path, "claims", rest=rest, house="  - {id: a, reason: b, notice: true}\n")
    warnings = list(warn_of_policies(policies, date(2026, 11, 1)))
    assert len(warnings) == 3
    assert "policies/packs/house.yaml is not used" in warnings[0]
    assert "'health/c' holds no longer, since 2026-01-01" in warnings[1]
    assert "no rule asks for the evidence 'nothing/x'" in warnings[2]


def test_the_brand_pack_has_no_expression_that_could_fail() -> None:
    made = brand_pack(Brand("B", "s", {}, (), {"*": ("(", "a|b", "{x}")}, {}, {}))
    check_policies(Policies(brand=made))


@pytest.mark.slow
def test_lines_of_people_that_a_pack_would_stop_are_told(tmp_path: Path) -> None:
    shutil.copytree(WREN, tmp_path / "wren", ignore=shutil.ignore_patterns(".tailorbird", "media", "art"))
    assert list(warn_of_lines(load_project(tmp_path / "wren"))) == []
    approved = tmp_path / "wren" / "brand" / "approved.yaml"
    line = '- {id: late, block: subject, locale: en-GB, text: "Last chance: {{ item.name }}"}\n'
    approved.write_text(approved.read_text(encoding="utf-8") + line, encoding="utf-8")
    (told,) = warn_of_lines(load_project(tmp_path / "wren"))
    assert told.startswith("brand/approved.yaml: late (en-GB): 'Last chance'") and "urgency/pressure" in told
