"""Withholding features by consent."""

import ast
from datetime import UTC, datetime
from pathlib import Path

import pytest
from mypy import api

import tailorbird
from tailorbird.stages.features.definitions import FeatureError
from tailorbird.stages.features.withhold import features_of, withhold_features
from tailorbird.types.feature import FeatureDefinition, RawFeatures

NOW = datetime(2026, 1, 1, tzinfo=UTC)
DEFINITIONS = (
    FeatureDefinition(name="orders", kind="count", event="Bought", purpose="email_marketing"),
    FeatureDefinition(name="family", kind="last", event="Bought", purpose="personalization", field="properties.family"),
)


def table() -> RawFeatures:
    return RawFeatures(NOW, ["a", "b", "c"], {"orders": [1, 2, 3], "family": ["mugs", None, "tins"]})


def test_a_value_without_consent_cannot_be_read() -> None:
    mail = {"email_marketing": True}
    consents = [{**mail, "personalization": True}, mail, {**mail, "personalization": False}]
    got = withhold_features(table(), DEFINITIONS, consents)
    assert got.columns == {"orders": [1, 2, 3], "family": ["mugs", None, None]}
    assert got.withheld == {"orders": [False] * 3, "family": [False, True, True]}


def test_withheld_stays_withheld() -> None:
    everyone = [{"personalization": True, "email_marketing": True}] * 3
    nobody: list[dict[str, bool]] = [{}, {}, {}]
    once = withhold_features(table(), DEFINITIONS, nobody)
    twice = withhold_features(once, DEFINITIONS, everyone)
    assert twice.withheld["family"] == [True] * 3


def test_a_ratio_of_what_is_withheld_is_withheld_whatever_its_own_purpose() -> None:
    spent = FeatureDefinition(
        name="spent", kind="sum", event="Bought", purpose="personalization", field="properties.total"
    )
    ratio = FeatureDefinition(
        name="basket", kind="ratio", purpose="email_marketing", numerator="spent", denominator="orders"
    )
    raw = RawFeatures(NOW, ["a", "b", "c"], {"orders": [1, 2, 3], "spent": [10, 20, 30], "basket": [10, 10, 10]})
    mail = {"email_marketing": True}
    consents = [{**mail, "personalization": True}, mail, {"personalization": True}]
    definitions = (DEFINITIONS[0], spent, ratio)
    got = withhold_features(raw, definitions, consents)
    assert got.columns["basket"] == [10, None, None]
    assert features_of(got, 1, definitions).withheld == {
        "spent": "no consent for personalization",
        "basket": "no consent for email_marketing and personalization",
    }


def test_a_feature_without_a_purpose_is_refused() -> None:
    odd = RawFeatures(NOW, ["a"], {"famly": ["x"]})
    with pytest.raises(FeatureError, match="did you mean 'family'"):
        withhold_features(odd, DEFINITIONS, [{}])


def test_one_person_is_told_what_is_missing_and_what_is_withheld() -> None:
    mail = {"email_marketing": True}
    consents = [{**mail, "personalization": True}, {**mail, "personalization": True}, mail]
    got = withhold_features(table(), DEFINITIONS, consents)
    assert features_of(got, 1, DEFINITIONS).missing == ("family",)
    assert features_of(got, 2, DEFINITIONS).withheld == {"family": "no consent for personalization"}
    assert features_of(got, 0, DEFINITIONS).values == {"orders": 1, "family": "mugs"}


@pytest.mark.slow
def test_only_withholding_makes_features_that_may_be_used() -> None:
    source = Path(tailorbird.__file__).parent
    makers = {
        str(path.relative_to(source))
        for path in source.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in ("FeatureTable", "Features")
    }
    # Proposals of splits put tables together that were withheld already.
    assert makers == {"stages/features/withhold.py", "pipeline/propose_splits.py"}


@pytest.mark.slow
def test_mypy_refuses_raw_features_where_people_are_chosen_and_briefs_are_made(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        """
from tailorbird.stages.audiences.rules import select_people
from tailorbird.stages.briefs.cells import assign_cells
from tailorbird.types.audience import AudienceRule
from tailorbird.types.campaign import BriefSpec
from tailorbird.types.feature import FeatureTable, RawFeatures

def use(raw: RawFeatures, rule: AudienceRule) -> FeatureTable:
    select_people(rule, raw)
    assign_cells(raw, [0], BriefSpec())
    return raw
"""
    )
    told, _, status = api.run(["--follow-imports=silent", f"--cache-dir={tmp_path / 'cache'}", str(program)])
    assert status == 1
    assert told.count('"RawFeatures"') == 3
