"""Which arm one person has in every campaign that splits by hash: for apps and sites that show a variant themselves."""

from collections.abc import Callable, Mapping

from tailorbird.project.project import Project
from tailorbird.stages.assignment import salts
from tailorbird.stages.assignment.buckets import BUCKETS, bucket_of
from tailorbird.stages.assignment.layers import Range, layer_ranges
from tailorbird.stages.assignment.rules import CompiledExperiments, OnlineExperiment
from tailorbird.types.feature import Features

HOLDOUT = "holdout"


class OnlineArms:
    """The arms of a project's campaigns with variants, compiled once; equal to those that a send draws for newcomers.

    Campaigns with strata are left out: their arms depend on who else came, and stand in the decisions alone. So does
    what a person was given before a share or a weight changed, and what people who share an address have in common.
    """

    def __init__(self, project: Project, tests: Mapping[str, Callable[[Features], bool]]) -> None:
        """`tests` says who is in each audience."""
        name, settings = project.settings.name, project.settings.experiments
        split = {
            stem: campaign
            for stem, campaign in project.campaigns.items()
            if campaign.experiment and campaign.experiment.variants and not campaign.experiment.strata
        }
        self._tests = tests
        self._rules = CompiledExperiments(
            [
                OnlineExperiment(
                    stem,
                    salts.variant_salt(name, stem),
                    {variant: spec.weight for variant, spec in campaign.experiment.variants.items()},
                    campaign.audience,
                )
                for stem, campaign in split.items()
                if campaign.experiment
            ]
        )
        self._global = (salts.global_salt(name, settings.global_salt), round(settings.global_holdout * BUCKETS))
        self._held = {
            stem: (salts.holdout_salt(name, stem), round(campaign.holdout * BUCKETS))
            for stem, campaign in split.items()
        }
        self._parts: dict[str, tuple[str, Range]] = {}
        for stem, campaign in split.items():
            if campaign.experiment and (layer := campaign.experiment.layer):
                mine = layer_ranges(settings.layers[layer].shares)[stem]
                self._parts[stem] = (salts.layer_salt(name, layer), mine)

    def __call__(self, person_id: str, features: Features) -> dict[str, str]:
        """{campaign: variant, or 'holdout'} of the campaigns whose audience the person is in; campaigns of a layer that
        have other people are left out."""
        drawn = zip(self._rules.keys, self._rules.decide_one(person_id, self._tests, features), strict=True)
        arms = {campaign: arm for campaign, arm in drawn if arm and self._belongs(person_id, campaign)}
        if not arms:
            return arms
        out = self._is_below(person_id, *self._global)
        return {
            campaign: HOLDOUT if out or self._is_below(person_id, *self._held[campaign]) else arm
            for campaign, arm in arms.items()
        }

    def _belongs(self, person_id: str, campaign: str) -> bool:
        if campaign not in self._parts:
            return True
        salt, (first, end) = self._parts[campaign]
        return first <= bucket_of(person_id, salt) < end

    @staticmethod
    def _is_below(person_id: str, salt: str, end: int) -> bool:
        return end > 0 and bucket_of(person_id, salt) < end
