"""tailorbird plan --budget: who gets what tier of copy, and what each step up brings back."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from tailorbird.types.errors import TailorbirdError

if TYPE_CHECKING:
    from tailorbird.pipeline.budget.channels import ChannelBudgets
    from tailorbird.pipeline.budget.tier_plan import TierPlan
    from tailorbird.ports.regressor import Regressor

_CELLS_SHOWN = 12
_RETURN_SHOWN_MAX = 1000
"""Where a step costs next to nothing its return is a huge number either way, and says nothing."""

NAMES = {
    "none": "no message", "template": "people's lines", "small": "the project's model", "large": "the large model",
}  # fmt: skip


class BudgetOptionError(TailorbirdError):
    """Options of a budget that do not go together."""


def check_options(budget: float | None, channels: Path | None, trees: bool) -> None:
    """Raise BudgetOptionError for a budget that is none, or for options that need one."""
    if budget is not None and not 0 <= budget < float("inf"):
        raise BudgetOptionError(f"--budget must be an amount of money from 0 on (found {budget:g})")
    if budget is None and (channels is not None or trees):
        raise BudgetOptionError("--channels and --trees say how a budget is planned: give --budget AMOUNT too")


def open_regressor(trees: bool) -> "Regressor":
    """What predicts outcomes: ridge regression, or boosted trees."""
    if trees:
        from tailorbird.bootstrap import open_boosted_trees

        return open_boosted_trees()
    from tailorbird.stages.uplift.regressors import fit_ridge

    return fit_ridge


def share_channels(path: Path, budget: float, as_json: bool) -> None:
    """Share a budget between the channels of a file, and say how."""
    from tailorbird.cli.terminal import print_json
    from tailorbird.pipeline.budget.channels import plan_channels

    found = plan_channels(path, budget)
    if as_json:
        print_json({"budget": budget, **found.as_dict()})
    else:
        say_channels(found, budget)


def say_channels(found: "ChannelBudgets", budget: float) -> None:
    """The channel budgets, in words."""
    print(f"{budget:,.2f} over {len(found.curves)} channels, by what past spends brought:")
    for row in found.as_dict()["channels"]:
        beyond = "  (more than was ever spent there: a guess)" if row["beyond_what_was_tried"] else ""
        print(f"  {row['budget']:>12,.2f}  {row['channel']}: brings back about {row['expected_margin']:,.2f}{beyond}")
    for name, why in found.refused.items():
        print(f"  {'-':>12}  {name}: left out, {why}")
    print(f"  the last unit brings back {found.plan.price:.2f}; together {found.plan.returned:,.2f}")
    if found.plan.unspent > 0.005:
        print(f"  {found.plan.unspent:,.2f} is not worth spending: it would not come back")


def say_tiers(plan: "TierPlan", currency: str) -> None:
    """The tier plan, in words: the verdict first, then the steps, then the cells."""
    told = plan.detail()
    limit = "no limit" if plan.budget is None else f"{plan.budget:,.2f} {currency}"
    print(f"Budget: {limit}. {plan.sentence}")
    if plan.note:
        print(f"  {plan.note}")
    for one in told["tried"]:
        print(
            f"  {NAMES[one['tier']]:<20} {one['people']:>7,} people at random, {one['conversions']:,} conversions, "
            f"{one['margin_per_person']:.3f} {currency} earned and {one['cost_per_person']:.4f} spent a person"
        )
    for step in told["steps"]:
        print(f"  {step_sentence(step)}")
    by_tier = ", ".join(f"{people:,} {NAMES[tier]}" for tier, people in told["people_by_tier"].items())
    expected = told["expected_margin"]
    back = f"expected back: {expected:,.2f} {currency}" if expected is not None else "what comes back is not known"
    print(f"  {by_tier}; {told['cost']:,.4f} {currency}; {back}")
    if told["budget_is_short"]:
        print("  the budget does not reach for everybody: who comes first is below")
    for cell in told["cells"][:_CELLS_SHOWN]:
        print(f"    {cell['people']:>7,}  {cell['locale']}  {cell['subject']}: {NAMES[cell['tier']]}")


def step_sentence(step: dict[str, Any]) -> str:
    """One step up, with its return."""
    name = f"from {NAMES[step['from']]} to {NAMES[step['to']]}"
    if step["gain"] is None:
        return f"{name}: {step['why']}"
    figures = f"gains {step['gain']:+.4f} a person ({step['low']:+.4f} to {step['high']:+.4f}, always valid)"
    if step["return"] is None:
        figures += " and costs no more"
    else:
        back, low, high = step["return"]
        figures += f" for {step['cost']:.6f} more"
        if max(map(abs, step["return"])) < _RETURN_SHOWN_MAX:
            figures += f", {back:,.2f} for each unit spent ({low:,.2f} to {high:,.2f})"
    return f"{name}: {figures}: " + ("worth it" if step["taken"] else f"not taken, {step['why']}")
