"""Policies in words, as `tailorbird replay --policy` takes them."""

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any, get_type_hints

from tailorbird.pipeline.off_policy.other_policies import OtherPolicy
from tailorbird.project.numbers import CAMPAIGN_RANGES
from tailorbird.project.project import Project
from tailorbird.types.campaign import Campaign
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.policy_spec import PolicySpec

DEFAULT_WORDS = ("uniform", "same", "best", "own")
_WORDS = (
    "uniform, same, best, own, line:ID, file:CAMPAIGN, file:CAMPAIGN/VARIANT, or settings such as temper=16,floor=0.1"
)


class PolicyWordsError(TailorbirdError):
    """A policy that cannot be read: which word, and what may stand there."""


def read_policies(words: Sequence[str], campaign: Campaign, project: Project) -> list[OtherPolicy]:
    """The policies that `words` name, in order. Raises PolicyWordsError for a word that names none."""
    return [_read(word.strip(), campaign, project) for word in words]


def _read(word: str, campaign: Campaign, project: Project) -> OtherPolicy:
    if word == "uniform":
        return OtherPolicy("even shares", "uniform")
    if word == "same":
        return OtherPolicy("the same line for everybody", "widest")
    if word == "best":
        return OtherPolicy("the line that did best", "best")
    if word == "own":
        return OtherPolicy("the campaign's own policy", "spec", spec=campaign.policy)
    if word.startswith("line:"):
        return OtherPolicy(f"line {word[5:]}", "line", line=word[5:])
    if word.startswith("file:"):
        return _of_file(word[5:], project)
    if "=" in word:
        return OtherPolicy(word, "spec", spec=_with_settings(word, campaign.policy))
    raise PolicyWordsError(f"--policy {word[:80]!r}: write {_WORDS}")


def _of_file(name: str, project: Project) -> OtherPolicy:
    campaign_name, _, variant_name = name.partition("/")
    other = project.campaign(campaign_name)
    if not variant_name:
        return OtherPolicy(f"the policy of {campaign_name}", "spec", spec=other.policy)
    variants = other.experiment.variants if other.experiment else {}
    if variant_name not in variants:
        known = ", ".join(variants) or "none"
        raise PolicyWordsError(f"campaign {campaign_name!r} has no variant {variant_name!r}; its variants: {known}")
    variant = variants[variant_name]
    tags = tuple(sorted(variant.lines.items()))
    spec = variant.policy or other.policy
    return OtherPolicy(f"variant {variant_name} of {campaign_name}", "spec", spec=spec, tags=tags)


def _with_settings(word: str, policy: PolicySpec) -> PolicySpec:
    kinds = {
        name: kind for name, kind in get_type_hints(PolicySpec).items() if name in {f.name for f in fields(policy)}
    }
    changed: dict[str, Any] = {}
    for part in word.split(","):
        name, _, value = (each.strip() for each in part.partition("="))
        if name not in kinds:
            raise PolicyWordsError(f"--policy {part!r}: a policy has no setting {name!r}; it has {', '.join(kinds)}")
        changed[name] = _value(name, value, kinds[name])
    return replace(policy, **changed)


def _value(name: str, value: str, kind: Any) -> Any:
    choices = getattr(kind, "__args__", ())  # installed packages have kinds of their own: whoever makes it, knows them
    if kind == tuple[str, ...]:
        return tuple(value.split())
    if kind in (int, float):
        try:
            number = kind(value)
        except ValueError:
            raise PolicyWordsError(f"--policy {name}={value}: {name} is a number") from None
        allowed = CAMPAIGN_RANGES.get(f"policy.{name}")
        if allowed is not None and not allowed.holds(number):
            raise PolicyWordsError(f"--policy {name}={value}: must be {allowed}: {allowed.why}")
        return number
    if choices and value not in choices:
        raise PolicyWordsError(f"--policy {name}={value}: {name} is one of {', '.join(map(str, choices))}")
    return value
