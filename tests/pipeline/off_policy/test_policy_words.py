from dataclasses import replace
from typing import Any

import pytest

from tailorbird.pipeline.off_policy.policy_words import DEFAULT_WORDS, PolicyWordsError, read_policies
from tailorbird.testing.readouts import example_campaign
from tailorbird.types.experiment import ExperimentSpec, VariantSpec
from tailorbird.types.policy_spec import PolicySpec

CAMPAIGN = example_campaign()


class _Project:
    """What is read of a project: its campaigns."""

    def campaign(self, name: str) -> Any:
        variants = {"warm": VariantSpec(lines={"tone": "warm"}), "calm": VariantSpec(policy=PolicySpec(temper=9))}
        return replace(CAMPAIGN, name=name, experiment=ExperimentSpec(variants, "calm"), policy=PolicySpec(floor=0.2))


def read(*words: str) -> Any:
    project: Any = _Project()
    return read_policies(words, CAMPAIGN, project)


def test_the_words_of_the_default_are_all_read() -> None:
    assert [one.kind for one in read(*DEFAULT_WORDS)] == ["uniform", "widest", "best", "spec"]


def test_a_line_is_named_by_its_id() -> None:
    assert read("line:c_1")[0].line == "c_1"


def test_settings_change_the_campaigns_own_policy() -> None:
    (one,) = read("temper=16, floor=0.1,kind=fixed,arms_max=8")
    assert one.spec == replace(CAMPAIGN.policy, temper=16.0, floor=0.1, kind="fixed", arms_max=8)


def test_another_campaigns_policy_and_a_variants_are_read_from_its_file() -> None:
    assert read("file:spring")[0].spec == PolicySpec(floor=0.2)
    warm, calm = read("file:spring/warm", "file:spring/calm")
    assert (warm.tags, warm.spec) == ((("tone", "warm"),), PolicySpec(floor=0.2))
    assert calm.spec == PolicySpec(temper=9)


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("thompson", "write uniform, same, best"),
        ("heat=3", "no setting 'heat'"),
        ("temper=hot", "temper is a number"),
        ("temper=nan", "must be from"),
        ("floor=2", "must be from 0 to 1"),
        ("reward=fame", "reward is one of"),
        ("file:spring/cold", "no variant 'cold'; its variants: warm, calm"),
    ],
)
def test_what_names_no_policy_is_refused_with_what_may_stand_there(word: str, said: str) -> None:
    with pytest.raises(PolicyWordsError, match=said):
        read(word)
