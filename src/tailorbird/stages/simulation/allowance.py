"""The allowance: how much of a budget may rest on simulation alone."""

from collections.abc import Sequence

from tailorbird.types.simulated_lift import ALLOWANCE


def hold_to_allowance(
    spends: Sequence[float], simulated: Sequence[bool], budget: float, allowance: float = ALLOWANCE
) -> list[float]:
    """`spends` with those that rest on simulation alone scaled down evenly to `allowance` of `budget` at most.

    What is saved is not spent elsewhere: the others had what they were worth. Raises ValueError for a budget below 0.
    """
    if budget < 0:
        raise ValueError("a budget is 0 or more")
    asked = sum(spend for spend, is_so in zip(spends, simulated, strict=True) if is_so)
    part = min(1.0, allowance * budget / asked) if asked > 0 else 1.0
    return [spend * part if is_so else spend for spend, is_so in zip(spends, simulated, strict=True)]
