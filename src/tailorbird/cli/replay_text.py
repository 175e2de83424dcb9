"""A replay in words, and as JSON."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tailorbird.pipeline.off_policy.replay_policy import Replay, ReplayedPolicy

_REWARDS = {
    "conversion": "conversions per 100 people",
    "click": "clicks per 100 people",
    "value": "money per person",
    "margin": "margin per person",
}


def replay_lines(found: "Replay") -> list[str]:
    """The lines that the command prints: the answer in a sentence, then a row for each policy."""
    unit = _REWARDS.get(found.reward, found.reward) + (f" in {found.currency}" if found.currency else "")
    label = "(simulated customers) " if found.simulated else ""
    what = f"block {found.block} alone" if found.block else "the whole message"
    lines = [label + sentence(found)]
    over = "with what they earned" if found.so_far else "whose window was over"
    lines.append(f"{found.decisions:,} decisions for {found.people:,} people {over} by {found.until:%Y-%m-%d}; {what}")
    if found.so_far:
        lines.append("no window is over yet: later rewards may change the picture")
    elif found.open_windows:
        lines.append(f"left out: {found.open_windows:,} decisions whose window is still open")
    if found.unkept:
        lines.append(f"left out: {found.unkept:,} decisions of which nobody kept what they were drawn from")
    if found.cap is not None:
        lines.append(f"one person's money counts up to {found.cap:,.2f} {found.currency}")
    first = found.policies[0].evaluation
    lines.append(f"  {unit}:")
    scale = found.scale
    low, high = first.earned_low * scale, first.earned_high * scale
    # Where all earned the same, nothing says how far off another draw would be.
    reach = f"({low:.2f} to {high:.2f})" if high > low else "(all the same: no interval)"
    lines.append(f"  {'what was done':<30} {first.earned * scale:6.2f} {reach}")
    lines += [_row(each, scale) for each in found.policies]
    if not found.block and len(found.blocks) > 1 and any(each.evaluation.answer is None for each in found.policies):
        lines.append(
            "A whole message is judged by those who got all of it as the policy would have had it: few. "
            f"Judge one block with --block: {', '.join(found.blocks)}"
        )
    lines.append(_fine_print(found))
    return lines


def sentence(found: "Replay") -> str:
    """The answer in one sentence: which policies would surely have earned more, or less."""
    more, less, told = [], [], 0
    for each in found.policies:
        answer = each.evaluation.answer
        if answer is None or answer.difference_low is None or answer.difference_high is None:
            continue
        told += 1
        if answer.difference_low > 0:
            more.append(each.policy.name)
        elif answer.difference_high < 0:
            less.append(each.policy.name)
    if not told:
        return "The past of this campaign says too little of any of these policies."
    if more:
        return f"{_listed(more)} would have earned more than what was done."
    if less and len(less) == told:
        return f"{_listed(less)} would have earned less than what was done."
    if less:
        return f"{_listed(less)} would have earned less than what was done; the others cannot be told from it."
    return "No difference can be told between what was done and the policies that could be judged."


def _listed(names: list[str]) -> str:
    text = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return text[0].upper() + text[1:]


def _row(each: "ReplayedPolicy", scale: float) -> str:
    answer, overlap = each.evaluation.answer, each.evaluation.overlap
    if answer is None:
        return f"  {each.policy.name:<30} no answer: {overlap.why}"
    if answer.low is None or answer.high is None or answer.difference_low is None or answer.difference_high is None:
        return f"  {each.policy.name:<30} no answer"
    return (
        f"  {each.policy.name:<30} {answer.value * scale:6.2f} "
        f"({answer.low * scale:.2f} to {answer.high * scale:.2f}); difference {answer.difference * scale:+.2f} "
        f"({answer.difference_low * scale:+.2f} to {answer.difference_high * scale:+.2f}); "
        f"{overlap.effective:,.0f} effective people, largest weight {overlap.weight_max:.1f}"
    )


def _fine_print(found: "Replay") -> str:
    how = "from other people of this campaign" if found.learned == "others" else "from what was known before each step"
    together = " together" if len(found.policies) > 1 else ""
    return (
        f"95 % intervals, all{together}, for one look; the same people, lines and moments; a policy that learns has "
        f"learned {how}. It is what would have been, not a forecast: test the winner."
    )


def replay_json(found: "Replay") -> dict[str, Any]:
    """For --json: rewards in the told unit, every estimator, the overlap, and why there is no answer."""
    scale = found.scale
    head = {
        name: getattr(found, name)
        for name in ("campaign", "reward", "currency", "cap", "block", "learned", "until", "decisions", "people")
    }
    head |= {name: getattr(found, name) for name in ("open_windows", "so_far", "unkept", "simulated")}
    return {
        **head,
        "unit": _REWARDS.get(found.reward, found.reward),
        "sentence": sentence(found),
        "policies": [_policy_json(each, scale) for each in found.policies],
    }


def _policy_json(each: "ReplayedPolicy", scale: float) -> dict[str, Any]:
    evaluation = each.evaluation

    def told(values: dict[str, float | None]) -> dict[str, float | None]:
        return {name: None if value is None else round(value * scale, 6) for name, value in values.items()}

    answer = evaluation.answer
    return {
        "policy": each.policy.name,
        "answer": None if answer is None else told(asdict(answer)),
        "why": evaluation.overlap.why,
        "earned": told({"value": evaluation.earned, "low": evaluation.earned_low, "high": evaluation.earned_high}),
        "changed_share": round(each.changed, 4),
        "overlap": {name: value for name, value in asdict(evaluation.overlap).items() if name != "why"},
        "estimates": {name: told(asdict(one)) for name, one in evaluation.estimates.items()},
    }
