"""Versions of a campaign: which hash they have, which one is to blame, and what a return to the last good one takes."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tailorbird.types.campaign_version import CampaignVersion
from tailorbird.types.creative import Creative
from tailorbird.types.prompt import Prompt


@dataclass(frozen=True, slots=True)
class Return:
    """What a return to `good` takes: creatives to take out of use, and prompts that are not used any more, each with
    the one that takes its place ('' for none). `good` '' is where no version ran well before."""

    bad: str
    good: str
    withdrawn: tuple[str, ...]
    kept: int
    prompts: Mapping[str, str]


def version_hash(lines: Mapping[str, str], prompts: Mapping[str, Prompt]) -> str:
    """'v_' and 16 hex digits: the same lines and prompts are the same version."""
    told = [f"{name}={digest}" for name, digest in sorted(lines.items())]
    told += [f"{name}@{prompt.digest}" for name, prompt in sorted(prompts.items())]
    return "v_" + hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


def last_good(versions: Sequence[CampaignVersion]) -> CampaignVersion | None:
    """The newest version that a run used to its end without a halt."""
    return next((version for version in reversed(versions) if version.state == "good"), None)


def plan_return(versions: Sequence[CampaignVersion], lines: Sequence[Creative]) -> Return:
    """From the version that runs to the last good one. `versions` are oldest first, `lines` all of the campaign.

    Lines of templates stay: they are the last resort. Where no version was good before, what a model wrote is taken
    out of use, and what people wrote into the project's files stays.
    """
    running = [version for version in versions if version.state == "running"]
    bad, good = (running[-1] if running else None), last_good(versions)
    usable = [line for line in lines if line.usable and line.rung != "template"]
    if good is None:
        out = [line for line in usable if line.rung == "model"]
    else:
        out = [line for line in usable if good.lines.get(line.creative_id) != line.content_hash]
    changed: dict[str, str] = {}
    for name, prompt in (bad.prompts if bad else {}).items():
        before = good.prompts.get(name) if good else None
        if before is None or before.digest != prompt.digest:
            changed[name] = f"v{before.version}" if before else ""
    gone = tuple(line.creative_id for line in out)
    return Return(bad.version if bad else "", good.version if good else "", gone, len(usable) - len(gone), changed)


def prompts_in_force(
    present: Mapping[str, Prompt], versions: Sequence[CampaignVersion]
) -> tuple[dict[str, Prompt], tuple[str, ...]]:
    """(the prompts to use, the names of those that were put back).

    A prompt that was rolled back is not used again for this campaign as long as it reads as it did; the last good one
    is in its place, or none. A mended file is another prompt, and is used.
    """
    good = last_good(versions)
    fine = {prompt.digest for version in versions if version.state == "good" for prompt in version.prompts.values()}
    refused = {p.digest for v in versions if v.state == "rolled_back" for p in v.prompts.values()} - fine
    chosen: dict[str, Prompt] = {}
    put_back: list[str] = []
    for name, prompt in present.items():
        if prompt.digest not in refused:
            chosen[name] = prompt
            continue
        put_back.append(name)
        if good is not None and name in good.prompts:
            chosen[name] = good.prompts[name]
    return chosen, tuple(put_back)
