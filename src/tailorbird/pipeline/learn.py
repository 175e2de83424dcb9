"""Learn: publish what the outcomes say about each line, so that the next run shifts toward what works."""

from typing import Any

from tailorbird.ports.posterior_store import PosteriorStore
from tailorbird.stages.learning.posteriors import learn, policy_version
from tailorbird.types.campaign import Campaign
from tailorbird.types.readout import Readout


def learn_policy(campaign: Campaign, readout: Readout, posteriors: PosteriorStore) -> dict[str, Any]:
    """Replace the campaign's posterior counts by those of the read-out.

    Returns {version, previous, changed, arms, successes, exposures, reward}. A read-out without creatives changes
    nothing, and neither does one whose split failed its check: what is wrong there may be wrong in the counts.
    """
    previous, _ = posteriors.read(campaign.name)
    arms = learn(readout.creatives, campaign.policy.reward)
    version = policy_version(arms)
    publish = bool(arms) and readout.verdict != "blocked"
    if publish and version != previous:
        posteriors.replace(campaign.name, version, arms)
    return {
        "version": version if publish else previous,
        "previous": previous,
        "changed": publish and version != previous,
        "arms": len(arms),
        "successes": sum(successes for successes, _ in arms.values()),
        "exposures": round(sum(exposures for _, exposures in arms.values()), 3),
        "reward": campaign.policy.reward,
    }
