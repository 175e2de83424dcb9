"""Withholding features by consent."""

from datetime import UTC, datetime

import pytest

from tailorbird.stages.features.definitions import FeatureError
from tailorbird.stages.features.withhold import features_of, withhold_features
from tailorbird.types.feature import FeatureDefinition, FeatureTable

NOW = datetime(2026, 1, 1, tzinfo=UTC)
DEFINITIONS = (
    FeatureDefinition(name="orders", kind="count", event="Bought", purpose="email_marketing"),
    FeatureDefinition(name="family", kind="last", event="Bought", purpose="personalization", field="properties.family"),
)


def table() -> FeatureTable:
    return FeatureTable(NOW, ["a", "b", "c"], {"orders": [1, 2, 3], "family": ["mugs", None, "tins"]})


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


def test_a_feature_without_a_purpose_is_refused() -> None:
    odd = FeatureTable(NOW, ["a"], {"famly": ["x"]})
    with pytest.raises(FeatureError, match="did you mean 'family'"):
        withhold_features(odd, DEFINITIONS, [{}])


def test_one_person_is_told_what_is_missing_and_what_is_withheld() -> None:
    mail = {"email_marketing": True}
    consents = [{**mail, "personalization": True}, {**mail, "personalization": True}, mail]
    got = withhold_features(table(), DEFINITIONS, consents)
    assert features_of(got, 1, DEFINITIONS).missing == ("family",)
    assert features_of(got, 2, DEFINITIONS).withheld == {"family": "no consent for personalization"}
    assert features_of(got, 0, DEFINITIONS).values == {"orders": 1, "family": "mugs"}
