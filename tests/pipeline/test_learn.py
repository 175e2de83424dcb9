"""Publishing what was learned."""

from dataclasses import replace
from pathlib import Path

import pytest

from tailorbird.adapters.sql.database import open_file
from tailorbird.adapters.sql.posteriors import SqlPosteriorStore
from tailorbird.pipeline.learn import learn_policy
from tailorbird.testing.readouts import example_campaign, example_readout
from tailorbird.types.campaign import PolicySpec


@pytest.fixture
def posteriors(tmp_path: Path) -> SqlPosteriorStore:
    return SqlPosteriorStore(open_file(tmp_path / "state.db"))


def test_the_next_run_reads_what_the_outcomes_said(posteriors: SqlPosteriorStore) -> None:
    readout = example_readout()
    said = learn_policy(example_campaign(), readout, posteriors)
    version, arms = posteriors.read("winback")
    assert (said["version"], said["previous"], said["changed"]) == (version, "prior", True)
    first = readout.creatives[0].counts
    assert arms[first.key] == (first.conversions, first.matured)
    assert said["arms"] == len(arms) == len(readout.creatives)


def test_learning_twice_from_the_same_outcomes_changes_nothing(posteriors: SqlPosteriorStore) -> None:
    learn_policy(example_campaign(), example_readout(), posteriors)
    again = learn_policy(example_campaign(), example_readout(), posteriors)
    assert again["changed"] is False
    assert again["version"] == again["previous"]


def test_clicks_are_learned_where_the_campaign_rewards_clicks(posteriors: SqlPosteriorStore) -> None:
    campaign = replace(example_campaign(), policy=PolicySpec(reward="click"))
    readout = example_readout()
    learn_policy(campaign, readout, posteriors)
    first = readout.creatives[0].counts
    assert posteriors.read("winback")[1][first.key][0] == first.clicks


def test_a_blocked_readout_teaches_nothing(posteriors: SqlPosteriorStore) -> None:
    said = learn_policy(example_campaign(), replace(example_readout(), verdict="blocked"), posteriors)
    assert (said["changed"], posteriors.read("winback")) == (False, ("prior", {}))


def test_no_lines_teach_nothing(posteriors: SqlPosteriorStore) -> None:
    said = learn_policy(example_campaign(), replace(example_readout(), creatives=()), posteriors)
    assert (said["version"], said["arms"]) == ("prior", 0)
