"""The numbers of a project's files: which values make sense, and why the others do not."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

from tailorbird.project.errors import ProjectError
from tailorbird.project.source import line_of, read_yaml
from tailorbird.types.campaign import Campaign
from tailorbird.types.metric import MetricSpec
from tailorbird.types.settings import Settings

K_MIN, K_HOUSE = 2, 20
"""A cell of fewer people than `K_MIN` is one person; below `K_HOUSE` the check warns that people can be singled out."""

_CURRENCY = re.compile(r"[A-Z]{3}")
_ADDRESS = re.compile(r"[^\s@<>,]+@[^\s@<>,]+")
_STEP = re.compile(r"[A-Za-z0-9_-]{1,100}")
STEP_WORDS = "a step is 1 to 100 letters, digits, hyphens and underscores"
_PATH = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*")


@dataclass(frozen=True, slots=True)
class Range:
    """What a number may be, both ends included, and what goes wrong outside."""

    low: float
    high: float
    why: str

    def holds(self, value: float) -> bool:
        """Whether the value is inside; what is not a number is not."""
        return self.low <= value <= self.high

    def __str__(self) -> str:
        return f"from {_shown(self.low)} to {_shown(self.high)}"


METRIC_DAYS = Range(1, 3650, "a conversion needs days to happen in")
METRIC_QUANTILE = Range(0.01, 0.99, "further out hardly anybody is")

CAMPAIGN_RANGES: dict[str, Range] = {
    "holdout": Range(0, 0.9999, "it is a share, at least 0 and below 1, and somebody has to get the message"),
    "expires_hours": Range(1, 8784, "a message needs time to leave, and is old after a year"),
    "metric.window_days": METRIC_DAYS,
    "metric.quantile": METRIC_QUANTILE,
    "briefs.k": Range(K_MIN, 1_000_000, "a cell of one person would describe that person to the model"),
    "briefs.diversity": Range(1, 1000, "people have at least one value of anything among them"),
    "generation.max_lines": Range(0, 100_000, "0 lets the model write nothing"),
    "generation.candidates": Range(1, 256, "each request asks for at least one line"),
    "generation.per_brief": Range(1, 100, "each brief gets at least one line"),
    "generation.temperature": Range(0.01, 2, "at 0 all candidates are the same line, and above 2 they are noise"),
    "items.slots": Range(1, 100, "a message is about at least one item"),
    "items.exclude_bought_days": Range(0, 36_500, "0 excludes nothing"),
    "items.candidates": Range(1, 1000, "an item is chosen from at least one"),
    "items.temperature": Range(0.05, 100, "it divides the ranks; smaller always shows the first, larger any"),
    "items.stock_min": Range(1, 1_000_000_000, "what is sold out is never shown"),
    "items.margin_weight": Range(0, 100, "0 does not prefer margin, and more than 100 looks at nothing else"),
    "items.margin_min": Range(0, 1, "it is a share of the price; 0 asks for none"),
    "items.per_family": Range(0, 100, "0 does not limit families"),
    "policy.floor": Range(0, 1, "it is the share of people that is kept for exploring"),
    "policy.temper": Range(0.01, 1000, "it multiplies the evidence; at 0 there is none"),
    "policy.prior_mean": Range(0.0001, 0.9999, "it is the rate that a new line is expected to have, between 0 and 1"),
    "policy.prior_strength": Range(0.01, 1_000_000_000, "it is how many people the expectation is worth"),
    "policy.traffic": Range(0, 1_000_000_000, "0 takes how many people the last steps had"),
    "policy.half_life_days": Range(0, 36_500, "0 forgets nothing"),
    "policy.fatigue": Range(0, 10, "0 assumes that nobody tires of a line"),
    "policy.explore": Range(0, 10, "0 looks no higher than what is known"),
    "policy.arms_max": Range(1, 1000, "at least one line has to compete"),
    "rollback.complaints": Range(0, 1, "it is a share of the messages sent"),
    "rollback.bounces": Range(0, 1, "it is a share of the messages sent"),
    "rollback.policy_hits": Range(0, 1, "it is a share of the messages built"),
    "rollback.unsubscribe_ratio": Range(1, 1000, "it is how many times the comparison's share is too much"),
    "rollback.latency_p95_ms": Range(0, 3_600_000, "0 does not watch it"),
    "rollback.minimum": Range(1, 1_000_000_000, "a share of no messages says nothing"),
    "rollback.error_budget": Range(0.0001, 0.5, "it is the probability of a false halt"),
    "caps.messages": Range(1, 1000, "a cap of 0 would let nobody be written to"),
    "caps.days": Range(1, 3650, "a cap counts messages over days"),
}
"""Ranges by the field's place in a campaign file."""

SETTINGS_RANGES: dict[str, Range] = {
    "generator.threads": Range(0, 1024, "0 lets the runtime choose"),
    "generator.cpu_hour_micros": Range(0, 1e12, "it is a price"),
    "generator.prompt_token_micros": Range(0, 1e12, "it is a price"),
    "generator.completion_token_micros": Range(0, 1e12, "it is a price"),
    "identity.device_users_max": Range(1, 1000, "a device that is somebody's has at least one person"),
    "privacy.pseudonyms.epoch_days": Range(1, 3650, "a pseudonym lasts at least a day"),
    "privacy.pseudonyms.retention_days": Range(0, 36_500, "0 destroys a key as soon as its epoch is over"),
    "generator.terms.retention_days": Range(0, 36_500, "0 says that the vendor keeps nothing"),
    "attribution.click_days": Range(1, 365, "an order is credited to a click of days before it"),
    "attribution.sent_days": Range(0, 365, "0 credits no message that nobody clicked"),
    "experiments.global_holdout": Range(0, 0.5, "it is the share of people that no campaign writes to"),
    "delivery.port": Range(1, 65_535, "it is a TCP port"),
}
"""Ranges by the field's place in tailorbird.yaml."""

_GUARDRAILS: dict[str, Range] = {
    "margin": Range(0, 100, "it is a relative margin: 0.1 allows 10 % more"),
    "absolute": Range(0, 1, "it is a share of people; 0 uses the relative margin"),
    "window_days": Range(1, 3650, "an event needs days to happen in"),
    "weight": Range(0.001, 1000, "it is the guardrail's part of the error budget"),
}
_CHARS = Range(1, 10_000, "a block holds at least one character")
_HOLDOUT_LEAST = 0.0001


def is_step(step: str) -> bool:
    """Whether this can be a step's name: it stands in file names, headers and reports."""
    return bool(_STEP.fullmatch(step))


def check_campaign_numbers(path: Path, campaign: Campaign) -> None:
    """Raise ProjectError for the first number that makes no sense, or for `metric.value` that is no dotted path."""
    for loc, field, value, allowed in _numbers(campaign):
        if not allowed.holds(value):
            _fail(path, loc, field, f"must be {allowed}: {allowed.why} (found {value:g})")
    if 0 < campaign.holdout < _HOLDOUT_LEAST:
        _fail(path, ["holdout"], "holdout", f"must be 0 or at least {_HOLDOUT_LEAST}: nobody would be held out")
    if campaign.items.candidates < campaign.items.slots:
        message = f"must be at least items.slots ({campaign.items.slots}): places would stay empty"
        _fail(path, ["items", "candidates"], "items.candidates", f"{message} (found {campaign.items.candidates})")
    names = [guardrail.name for guardrail in campaign.guardrails]
    for number, name in enumerate(names):
        if name in names[:number]:
            message = "is the name of another guardrail: each has its own part of the error budget"
            _fail(path, ["guardrails", str(number), "name"], "guardrails.name", f"{message} (found {name!r})")
    spec = campaign.generation
    if 0 < spec.max_lines < spec.per_brief:
        message = f"must be at least generation.per_brief ({spec.per_brief}), or 0: no brief could be written"
        _fail(path, ["generation", "max_lines"], "generation.max_lines", f"{message} (found {spec.max_lines})")
    if not is_step(campaign.step):
        _fail(path, ["step"], "step", f"{STEP_WORDS} (found {campaign.step[:80]!r})")
    for place, metric in [(["metric"], campaign.metric)] + [
        (["metrics", str(n)], metric) for n, metric in enumerate(campaign.metrics)
    ]:
        _check_metric(path, place, metric)
    if campaign.metric.kind != "share":
        message = f"must be share: the verdict compares shares; put a {campaign.metric.kind} under metrics"
        _fail(path, ["metric", "kind"], "metric.kind", message)


def _check_metric(path: Path, place: list[str], metric: MetricSpec) -> None:
    """Raise ProjectError for a metric whose keys make no sense."""

    def fail(key: str, message: str) -> None:
        _fail(path, [*place, key], ".".join([*place, key]), message)

    for key, told in (("value", metric.value), ("margin", metric.margin)):
        if isinstance(told, str) and not _PATH.fullmatch(told):
            fail(key, f"must be a dotted path into the event, such as properties.total (found {told!r})")
    if isinstance(metric.margin, float | int) and not 0 <= metric.margin <= 1:
        fail("margin", f"must be from 0 to 1: it is the share of the money that is earned (found {metric.margin:g})")
    for key, number, allowed in (
        ("window_days", metric.window_days, METRIC_DAYS),
        ("quantile", metric.quantile, METRIC_QUANTILE),
    ):
        if not allowed.holds(number):
            fail(key, f"must be {allowed}: {allowed.why} (found {number:g})")
    if metric.kind == "ratio" and not metric.per:
        fail("per", "is missing: a ratio needs the event that the money is divided by, such as Order Completed")


def check_settings_numbers(path: Path, settings: Settings) -> None:
    """Raise ProjectError for a number of tailorbird.yaml that makes no sense, or a currency that is no code."""
    if not _CURRENCY.fullmatch(settings.currency):
        message = f"must be three capital letters, such as GBP (found {settings.currency!r})"
        _fail(path, ["currency"], "currency", message)
    for field, allowed in SETTINGS_RANGES.items():
        value = attrgetter(field)(settings)
        if value is not None and not allowed.holds(value):
            _fail(path, field.split("."), field, f"must be {allowed}: {allowed.why} (found {value:g})")
    for n, address in enumerate(settings.incidents.email):
        if not _ADDRESS.fullmatch(address):
            message = f"must be one e-mail address, such as ops@shop.example (found {address!r})"
            _fail(path, ["incidents", "email", str(n)], f"incidents.email.{n}", message)
    if (outcome := settings.experiments.outcome) is not None:
        _check_metric(
            path, ["experiments", "outcome"], MetricSpec("", outcome.event, value=outcome.value, margin=outcome.margin)
        )
    for field in ("allowed", "private", "model_regions"):
        for n, text in enumerate(getattr(settings.privacy, field)):
            if not text.strip():
                _fail(path, ["privacy", field, str(n)], f"privacy.{field}.{n}", "is empty; take it out")


def warn_of_thin_cells(campaign: Campaign) -> str | None:
    """The check's warning for cells so small that a brief may single people out; None where there is none."""
    if campaign.briefs.k >= K_HOUSE:
        return None
    return (
        f"campaign {campaign.name}: briefs.k is {campaign.briefs.k}. CELLS OF FEWER THAN {K_HOUSE} PEOPLE CAN SINGLE "
        f"PEOPLE OUT: what a brief says of the cell, the model learns of them; keep k at {K_HOUSE} or more outside of "
        "trials"
    )


def _numbers(campaign: Campaign) -> Iterator[tuple[Sequence[str], str, float, Range]]:
    for field, allowed in CAMPAIGN_RANGES.items():
        loc = field.split(".")
        value = getattr(campaign, loc[0])
        yield loc, field, value if len(loc) == 1 else getattr(value, loc[1]), allowed
    for number, guardrail in enumerate(campaign.guardrails):
        for field, allowed in _GUARDRAILS.items():
            loc = ["guardrails", str(number), field]
            yield loc, f"guardrails.{guardrail.name}.{field}", getattr(guardrail, field), allowed
    for name, block in campaign.blocks.items():
        yield ["blocks", name, "max_chars"], f"blocks.{name}.max_chars", block.max_chars, _CHARS


def _fail(path: Path, loc: Sequence[str], field: str, message: str) -> None:
    raise ProjectError(path, line_of(read_yaml(path), loc), field, message)


def _shown(number: float) -> str:
    return f"{number:,.0f}" if number == int(number) else f"{number:g}"
