"""What campaigns are measured by, beside the events that there are: metrics and guardrails of events nobody knows."""

from collections.abc import Iterator

from tailorbird.project.errors import ProjectError
from tailorbird.project.project import Project
from tailorbird.project.source import line_of, nearest, read_yaml
from tailorbird.stages.events.wire_rules import OUR_EVENTS
from tailorbird.types.campaign import Campaign
from tailorbird.types.tracking_plan import PLAN_FILE

EVENTS = (
    "Order Completed", "Order Refunded", "Order Cancelled", "Product Viewed", "Product Added", "Product Removed",
    "Products Searched", "Product List Viewed", "Cart Viewed", "Checkout Started", "Consent Updated", "Email Sent",
    "Email Opened", "Email Link Clicked", "Email Bounced", "Email Marked as Spam", "Unsubscribed",
    "Support Ticket Opened",
)  # fmt: skip
"""Names of events that Tailorbird or the shops it knows use."""


def warn_of_uncounted(project: Project) -> list[str]:
    """One warning per event of a metric or guardrail that neither the tracking plan nor a mapping knows.

    Without a tracking plan the names that shops commonly send are known as well: they may come over HTTP.
    """
    known = {target.event for mapping in project.mappings.values() for target in mapping.events}
    known |= OUR_EVENTS | set(EVENTS if project.plan is None else project.plan.events)
    where = "no mapping has it" if project.plan is None else f"neither {PLAN_FILE} nor a mapping has it"
    mend = f"list it in {PLAN_FILE}, or import it"
    warnings = []
    for stem, campaign in project.campaigns.items():
        path = project.root / "campaigns" / f"{stem}.yaml"
        for place, event in _events(campaign):
            if event and event not in known:
                line = line_of(read_yaml(path), place)
                why = f"nothing is counted of {event!r}: {where}; {mend}{nearest(event, sorted(known))}"
                warnings.append(str(ProjectError(path.relative_to(project.root), line, ".".join(map(str, place)), why)))
    return warnings


def _events(campaign: Campaign) -> Iterator[tuple[list[str | int], str]]:
    yield ["metric", "event"], campaign.metric.event
    yield ["metric", "per"], campaign.metric.per
    for number, metric in enumerate(campaign.metrics):
        yield ["metrics", number, "event"], metric.event
        yield ["metrics", number, "per"], metric.per
    for number, guardrail in enumerate(campaign.guardrails):
        yield ["guardrails", number, "event"], guardrail.event
