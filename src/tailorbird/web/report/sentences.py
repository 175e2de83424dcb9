"""The plain sentence above each figure of the report."""

import math
import re
from collections.abc import Sequence

from tailorbird.types.readout import ArmRow, Effect, RateRow, Readout, SameForAll, Work
from tailorbird.web.report.reasons import REASONS

_SLOT = re.compile(r"\{\{\s*([a-z0-9_.]+)\s*\}\}")
SYMBOLS = {"GBP": "£", "EUR": "€", "USD": "$", "JPY": "¥"}


def money(amount: float, currency: str) -> str:
    """An amount with its currency: '£12.30', '-£0.50', 'CHF 3.00'; below one hundredth, two significant digits."""
    symbol = SYMBOLS.get(currency, f"{currency} " if currency else "")
    decimals = 2
    if 0 < abs(amount) < 0.01:
        decimals = min(1 - math.floor(math.log10(abs(amount))), 9)
    return f"{'-' if amount < 0 else ''}{symbol}{abs(amount):,.{decimals}f}"


def people(number: int) -> str:
    """'1 person', '2,000 people'."""
    return "1 person" if number == 1 else f"{number:,} people"


def incremental_cost(readout: Readout) -> tuple[float, float, float] | None:
    """(low, middle, high) cost in the currency of one order that would not have come otherwise; None: not known.

    Known only where the whole interval of the lift lies above zero. The cost is what the writing cost.
    """
    effect = readout.effect
    if effect is None or readout.verdict != "better" or effect.low <= 0 or not readout.treated.people:
        return None
    cost = readout.work.cost_micros / 1e6 / readout.treated.people
    return cost / effect.high, cost / effect.difference, cost / effect.low


def funnel_sentence(readout: Readout) -> str:
    """Who was reached."""
    sent = readout.work.sent or readout.treated.exposed
    known = next((step.people for step in readout.funnel if step.name == "Known"), 0)
    of_known = f"Of {people(known)} in the data, " if known else ""
    start = f"{of_known}{readout.treated.people:,} were treated"
    return f"{start} and {readout.holdout.people:,} held out; {sent:,} messages were sent."


def lift_sentence(readout: Readout) -> str:
    """What the messages changed, as it stood at the last day."""
    if readout.verdict == "blocked":
        return "No effect is reported while the split is off; the counts are for finding out why."
    if readout.effect is None:
        return "There is nothing to compare: an arm has no people."
    when = _when(readout)
    gap = abs(readout.effect.difference) * 100
    where = "ahead of" if readout.effect.difference >= 0 else "behind"
    start = f"{when} the treated are {gap:.1f} points {where} the held out"
    if readout.verdict == "too_few":
        return f"{start}, on too few conversions to say that the messages did it."
    if readout.effect.excludes_zero:
        return f"{start}, more than chance explains."
    return f"{start}, which chance alone can explain."


def _when(readout: Readout) -> str:
    """'After 14 days', 'On day 3' while windows are open, or how many people have had that many days."""
    last = readout.lift_over_time[-1] if readout.lift_over_time else None
    if last is None:
        return "So far"
    days = f"{last.day} {'day' if last.day == 1 else 'days'}"
    everybody = readout.treated.people + readout.holdout.people
    old = last.treated_people + last.holdout_people
    if old < everybody:
        return f"So far ({old:,} of {people(everybody)} have had {days})"
    return f"On day {last.day}" if readout.open_windows else f"After {days}"


def money_sentence(readout: Readout) -> str:
    """What a person of each arm brought."""
    currency = readout.currency
    if readout.verdict == "blocked":
        return "Revenue is not compared while the split is off."
    treated = money(readout.treated.value_per_person, currency)
    if not readout.holdout.people:
        return f"A treated person brought {treated}; nobody was held out to compare with."
    text = f"A treated person brought {treated}, a held-out person {money(readout.holdout.value_per_person, currency)}"
    effect = readout.value_effect
    if effect is None:
        return f"{text}; too few orders to compare money."
    unsure = not effect.excludes_zero or readout.verdict == "too_few"
    return f"{text}; the difference may be chance." if unsure else f"{text}."


def cost_sentence(readout: Readout) -> str:
    """What one more order cost."""
    cost = incremental_cost(readout)
    total = money(readout.work.cost_micros / 1e6, readout.currency)
    if cost is None:
        return f"What one more order cost is not known: the writing cost {total}, but no extra orders are established."
    low, middle, high = (money(value, readout.currency) for value in cost)
    if not readout.work.cost_micros and readout.work.cached:
        return "The writing cost nothing this time: its answers had been asked for before, and were in the cache."
    if not readout.work.cost_micros:
        return "The writing cost nothing, so neither did one more order."
    if cost[2] < 0.01:
        return f"One more order cost less than {money(0.01, readout.currency)} of writing, even at worst."
    return f"One more order cost {middle} of writing, at best {low}, at worst {high}."


def rungs_sentence(work: Work) -> str:
    """Who wrote the words."""
    by_rung: dict[str, int] = {}
    for counts in work.rungs.values():
        for rung, number in counts.items():
            by_rung[rung] = by_rung.get(rung, 0) + number
    total = sum(by_rung.values())
    if not total:
        return "No blocks were stitched yet."
    names = {"model": "a model wrote", "approved": "approved lines filled", "template": "the template filled"}
    parts = [f"{names.get(rung, rung)} {number / total:.0%}" for rung, number in sorted(by_rung.items(), key=_by_count)]
    text = " and ".join(parts) if len(parts) < 3 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    return f"Of {total:,} blocks of copy, {text}."


def _by_count(pair: tuple[str, int]) -> tuple[int, str]:
    return -pair[1], pair[0]


def rows_sentence(rows: Sequence[RateRow], what: str) -> str:
    """Whether one row stands out from its block, at every look and among all the rows that were looked at."""
    if not rows:
        return f"No {what} was shown to anybody yet."
    outstanding = [row for row in rows if row.conversions.stands_out]
    if not outstanding:
        return f"No {what} stands out: the differences are within what chance gives."
    found = max(outstanding, key=lambda row: abs(row.conversions.shrunk - row.conversions.mean))
    rate = found.conversions
    verb = "did better" if rate.low > rate.mean else "did worse"
    return (
        f"In the {found.counts.block}, “{name_of(found)}” {verb} than the others: "
        f"{rate.shrunk:.1%} against {rate.mean:.1%} converted, after shrinking."
    )


def name_of(row: RateRow, limit: int = 60) -> str:
    """A row's text or key in readable form, cut at `limit` characters."""
    text = readable(row.counts.text or row.counts.key)
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def readable(text: str) -> str:
    """Slot-form text for people: '{{ item.short_name }}' is '‹item short name›'."""
    return _SLOT.sub(lambda match: "‹" + match.group(1).replace(".", " ").replace("_", " ") + "›", text)


def group_of(row: RateRow) -> tuple[str, str]:
    """What a row may be held against: (block, '') for lines, (block, tag name) for tags."""
    return row.counts.block, "" if row.counts.text else row.counts.key.partition(":")[0]


def rejected_sentence(work: Work) -> str:
    """What the gate refused."""
    refused = work.lines_written - work.lines_passed
    if not work.lines_written:
        return "No model wrote in this campaign, so nothing was refused."
    start = f"The gate refused {refused:,} of {work.lines_written:,} drafts"
    if not work.rejected_by_reason:
        return start + "."
    reason, number = max(work.rejected_by_reason.items(), key=lambda pair: pair[1])
    return f"{start}; most often for {plain_reason(reason)} ({number:,})."


def plain_reason(reason: str) -> str:
    """A finding's type in words: 'unknown_literal' is 'a figure or name that no fact supports'."""
    return REASONS.get(reason) or reason.replace("_", " ")


def work_sentence(work: Work) -> str:
    """What it took."""
    if not work.messages:
        return "No message has been made yet."
    if not work.model_calls:
        cached = f" ({work.cached:,} answers came from the cache)" if work.cached else ""
        return f"{work.messages:,} messages were made without a call to a model{cached}."
    ratio = work.messages / work.model_calls
    calls = "call" if work.model_calls == 1 else "calls"
    return f"{work.model_calls:,} {calls} to the model served {work.messages:,} messages: one for every {ratio:,.0f}."


def same_sentence(rows: Sequence[SameForAll]) -> str:
    """Whether choosing per person beat one line for everybody, where that can be told apart from chance."""
    known = [row for row in rows if row.low is not None and row.high is not None]
    if not known:
        return "Whether one line for everybody would have done as well is not known: too few people for the estimate."
    better = [row.block for row in known if row.high is not None and row.high < 0]
    worse = [row.block for row in known if row.low is not None and row.low > 0]
    if not better and not worse:
        return "Choosing per person and one line for everybody cannot be told apart."
    parts = [f"did better in {' and '.join(better)}"] if better else []
    parts += [f"did worse in {' and '.join(worse)}"] if worse else []
    rest = len(known) - len(better) - len(worse)
    tail = f"; in {rest} more {'block' if rest == 1 else 'blocks'} it cannot be told" if rest else ""
    return f"Choosing per person {' and '.join(parts)} than one line for everybody{tail}."


def effect_words(effect: Effect, alpha: float) -> str:
    """The statistician's words on the lift."""
    relative = ""
    if effect.relative is not None and effect.relative_low is not None and effect.relative_high is not None:
        relative = f" Relative lift {effect.relative:+.1%} [{effect.relative_low:+.1%}, {effect.relative_high:+.1%}]."
    return (
        f"Difference in conversion {effect.difference * 100:+.2f} points, {1 - alpha:.0%} always-valid interval "
        f"[{effect.low * 100:+.2f}, {effect.high * 100:+.2f}], always-valid {p_words(effect.p)}.{relative}"
    )


def p_words(p: float) -> str:
    """A p-value as people read it: 'p = 0.034', 'p < 0.0001'."""
    return "p < 0.0001" if p < 0.0001 else f"p = {p:.3g}"


def arm_words(arm: ArmRow, currency: str) -> tuple[str, ...]:
    """One row of the table of arms."""
    return (
        "treated" if arm.arm == "treatment" else "held out",
        f"{arm.people:,}",
        f"{arm.conversions:,}",
        f"{arm.rate:.2%}",
        f"{arm.attributed:,}" if arm.arm == "treatment" else "–",
        f"{arm.refunded:,}",
        money(arm.value, currency),
        money(arm.value_per_person, currency),
    )
