"""What past campaigns say of a campaign's lines: the creative prior, from what their shown lines earned."""

from collections.abc import Mapping
from datetime import datetime

from tailorbird.pipeline.reward_table import reward_table
from tailorbird.pipeline.state import State
from tailorbird.ports.warehouse import Warehouse
from tailorbird.project.project import Project
from tailorbird.stages.learning.creative_prior import LineOutcome, fit_outcomes
from tailorbird.types.campaign import Campaign


def expect_rates(
    project: Project, campaign: Campaign, state: State, warehouse: Warehouse, until: datetime
) -> tuple[dict[str, float], str]:
    """({creative_id: the rate that it is expected to have} of the campaign's lines, ''), or ({}, why nothing is known).

    Learned from the project's other campaigns: what the campaign itself saw is counted by its policy, and not twice.
    Lines of one block and locale are held against each other; on average they have the policy's `prior_mean`. `state`
    must be merged, `warehouse` hold the views of `open_views`.
    """
    told: list[LineOutcome] = []
    for name in sorted(project.campaigns):
        if name != campaign.name:
            told += _outcomes(project.campaigns[name], state, warehouse, until)
    prior, why = fit_outcomes(told)
    if prior is None:
        return {}, why
    groups: dict[tuple[str, str], dict[str, str]] = {}
    for creative in state.creatives.find(campaign.name):
        groups.setdefault((creative.block, creative.locale), {})[creative.creative_id] = creative.text
    found: dict[str, float] = {}
    for lines in groups.values():
        found |= prior.means(lines, campaign.policy.prior_mean)
    return found, ""


def _outcomes(campaign: Campaign, state: State, warehouse: Warehouse, until: datetime) -> list[LineOutcome]:
    """What each line of a campaign earned in the same step, block, subject and locale, by its shown messages."""
    decided = state.decisions.find(campaign.name)
    if not decided:
        return []
    texts: Mapping[str, str] = {c.creative_id: c.text for c in state.creatives.find(campaign.name)}
    at = reward_table(campaign, decided, warehouse, until).columns
    sums: dict[tuple[str, str], tuple[float, float]] = {}
    keys = zip(at["step"], at["block"], at["subject"], at["locale"], strict=True)
    for line, key, shown, reward in zip(at["creative_id"], keys, at["shown"], at["reward"], strict=True):
        if shown == 1 and line in texts:
            group = "|".join((campaign.name, *map(str, key)))
            won, of = sums.get((line, group), (0.0, 0.0))
            sums[line, group] = (won + float(reward), of + 1.0)
    return [LineOutcome(texts[line], group, won, of) for (line, group), (won, of) in sums.items()]
