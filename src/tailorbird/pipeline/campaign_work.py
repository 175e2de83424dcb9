"""A campaign's work: what its runs recorded, added up over all of them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from tailorbird.types.decision import Decision
from tailorbird.types.readout import ArmRow, FunnelStep, Rejected, Work

EXAMPLES_MAX = 12


def planned_people(runs: Sequence[Mapping[str, Any]]) -> float | None:
    """People eligible in the campaign's first run: fixed before any outcome, so the interval may be tuned to it."""
    for run in runs:
        eligible = run.get("steps", {}).get("audience", {}).get("eligible")
        if eligible:
            return float(eligible)
    return None


def planned_share(runs: Sequence[Mapping[str, Any]], decided: Sequence[Decision], default: float) -> float:
    """The share of people that the runs meant to hold out; `default` where no run recorded one.

    That is the share of the first run, unless newcomers came in by another: each person counts with the share of the
    step that drew the arm, since arms never change afterwards.
    """
    found = [(run.get("step"), run.get("steps", {}).get("audience", {}).get("holdout_share")) for run in runs]
    shares = {step: share for step, share in found if share is not None}
    if len(set(shares.values())) <= 1:
        return float(next(iter(shares.values()), default))
    first: dict[str, Decision] = {}
    for one in decided:
        if one.person_id not in first or one.decided_at < first[one.person_id].decided_at:
            first[one.person_id] = one
    rest = next(iter(shares.values()))
    return float(sum(shares.get(one.step, rest) for one in first.values()) / len(first))


def work_done(runs: Sequence[Mapping[str, Any]], outbox_counts: Mapping[str, int]) -> Work:
    """Counts over all runs of a campaign, from the ledger's step details; missing steps count as nothing."""
    total: Counter[str] = Counter()
    rejected: Counter[str] = Counter()
    rungs: dict[str, Counter[str]] = {}
    locales: dict[str, Counter[str]] = {}
    examples: list[Rejected] = []
    for run in runs:
        steps = run.get("steps", {})
        generate, stitched = steps.get("generate", {}), steps.get("stitch", {})
        for name in (
            "model_calls",
            "cached",
            "lines_written",
            "lines_passed",
            "lines_accepted",
            "cpu_seconds",
            "cost_micros",
        ):
            total[name] += generate.get(name, 0) or 0
        for name in ("briefs", "people_default", "people_specific"):
            total[name] += steps.get("briefs", {}).get(name, 0) or 0
        total["messages"] += stitched.get("messages", 0) or 0
        total["seconds"] += steps.get("deliver", {}).get("seconds", 0) or 0
        rejected.update(generate.get("rejected_by_reason", {}))
        for block, by_rung in stitched.get("rungs", {}).items():
            rungs.setdefault(block, Counter()).update(by_rung)
        for locale, lines in generate.get("lines_by_locale", {}).items():
            locales.setdefault(locale, Counter()).update(lines)
        examples += [_rejected(example) for example in generate.get("rejected_examples", ())]
    return Work(
        messages=total["messages"],
        sent=outbox_counts.get("sent", 0),
        failed=outbox_counts.get("failed", 0),
        unknown=outbox_counts.get("unknown", 0),
        model_calls=total["model_calls"],
        cached=total["cached"],
        lines_written=total["lines_written"],
        lines_passed=total["lines_passed"],
        lines_accepted=total["lines_accepted"],
        cpu_seconds=float(total["cpu_seconds"]),
        cost_micros=total["cost_micros"],
        delivery_seconds=float(total["seconds"]),
        briefs=total["briefs"],
        people_default=total["people_default"],
        people_specific=total["people_specific"],
        lines_by_locale={locale: (lines["written"], lines["passed"]) for locale, lines in locales.items()},
        rungs={block: dict(by_rung) for block, by_rung in rungs.items()},
        rejected_by_reason=dict(rejected.most_common()),
        rejected_examples=tuple(examples[:EXAMPLES_MAX]),
    )


def _rejected(example: Mapping[str, Any]) -> Rejected:
    span = tuple(example.get("span") or (0, 0))
    return Rejected(
        text=str(example.get("text", "")),
        block=str(example.get("block", "")),
        locale=str(example.get("locale", "")),
        finding=str(example.get("finding", "")),
        span=(int(span[0]), int(span[1])) if len(span) == 2 else (0, 0),
    )


def funnel(
    runs: Sequence[Mapping[str, Any]], treated: ArmRow, holdout: ArmRow, outbox_counts: Mapping[str, int]
) -> tuple[FunnelStep, ...]:
    """People count once: who is known, meant and eligible is told of the first run, whatever later steps added."""
    audiences = [run["steps"]["audience"] for run in runs if run.get("steps", {}).get("audience")]
    audience = {name: (audiences[0].get(name) or 0) if audiences else 0 for name in ("people", "matched", "eligible")}
    when = f", at the first of {len(audiences)} steps" if len(audiences) > 1 else ""
    sent = treated.exposed or outbox_counts.get("sent", 0)
    steps = [
        FunnelStep("Known", audience["people"], f"people in the data{when}"),
        FunnelStep("In the audience", audience["matched"], f"the campaign's rule holds{when}"),
        FunnelStep("May be written to", audience["eligible"], f"consent, an address, no opt-out, under the cap{when}"),
        FunnelStep("Treated", treated.people, f"the other {holdout.people:,} are held out and got nothing"),
        FunnelStep("Sent to", sent, "people whose message was handed to the channel"),
        FunnelStep("Clicked", treated.clicked, "a person's click, machines left out"),
        FunnelStep("Converted", treated.conversions, "with or without a click"),
    ]
    return tuple(step for step in steps if step.people or step.name not in ("Known", "In the audience"))
