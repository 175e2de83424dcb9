"""What each run uses is kept, so that a rollback knows what to return to."""

from dataclasses import replace
from datetime import datetime

from tailorbird.ports.campaign_versions import CampaignVersions
from tailorbird.ports.creative_store import CreativeStore
from tailorbird.project.project import Project
from tailorbird.stages.rollback.versions import prompts_in_force, version_hash
from tailorbird.types.campaign import Campaign
from tailorbird.types.campaign_version import CampaignVersion


def begin_version(
    project: Project, campaign: Campaign, creatives: CreativeStore, versions: CampaignVersions, at: datetime
) -> CampaignVersion:
    """Keep the lines that may be sent now and the prompts in force; what ran before without a halt was good."""
    lines = {line.creative_id: line.content_hash for line in creatives.find(campaign.name) if line.usable}
    names = {block.prompt for block in campaign.blocks.values() if block.prompt and block.generate}
    prompts = {name: project.prompts[name] for name in sorted(names) if name in project.prompts}
    version = CampaignVersion(campaign.name, version_hash(lines, prompts), at.isoformat(), lines, prompts)
    kept = {each.version: each for each in versions.find(campaign.name)}
    for each in kept.values():
        if each.state == "running" and each.version != version.version:
            versions.mark(campaign.name, each.version, "good")
    before = kept.get(version.version)
    if before is not None and before.state != "rolled_back":
        version = replace(version, state=before.state, at=before.at)
    versions.save(version)
    return version


def with_good_prompts(project: Project, campaign: Campaign, versions: CampaignVersions) -> tuple[Project, str]:
    """The project with the prompts that this campaign may use, and one sentence where one was put back."""
    prompts, put_back = prompts_in_force(project.prompts, versions.find(campaign.name))
    if not put_back:
        return project, ""
    told = ", ".join(f"{name} v{prompts[name].version}" if name in prompts else f"no {name}" for name in put_back)
    sentence = f"prompts were rolled back: {told} in the place of what the files say; a changed file is used again"
    return replace(project, prompts=prompts), sentence
