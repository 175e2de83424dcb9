"""Find more: what stands beside the effect: comparisons, lifetime value, credit, and what was left out."""

from dataclasses import replace
from datetime import datetime

from tailorbird.pipeline.attribute import attribute
from tailorbird.pipeline.compare import compare_arms
from tailorbird.pipeline.lifetime import lifetime, worth_of
from tailorbird.ports.warehouse import Warehouse
from tailorbird.stages.measurement import data_checks, metrics_sql, rewards_sql
from tailorbird.types.attribution import AttributionSettings
from tailorbird.types.campaign import Campaign
from tailorbird.types.readout import FunnelStep, Readout


def find_more(
    readout: Readout,
    campaign: Campaign,
    warehouse: Warehouse,
    since: datetime,
    until: datetime,
    settings: AttributionSettings,
) -> Readout:
    """The read-out with its comparisons, lifetime value, attribution and data checks.

    `warehouse` must hold `decisions`, `outcomes` and `events`; `since` is the campaign's first decision. Where the
    split is off, no effect is given here either.
    """
    split_ok = readout.verdict != "blocked"
    finished = readout.open_windows == 0
    compared = compare_arms(campaign, warehouse, until, readout.n_star, split_ok, finished)
    warehouse.run(rewards_sql.compile_orders(campaign.metric, until))
    warehouse.run(rewards_sql.compile_rewards(campaign.metric, until))
    warehouse.run(metrics_sql.compile_brought(campaign.metric))
    counts = warehouse.rows(data_checks.compile_data_checks(campaign.metric, campaign.name, until))[0]
    worth = worth_of(warehouse, until)
    kept = int(warehouse.rows(metrics_sql.compile_kept())[0][0] or 0)
    return replace(
        readout,
        comparisons=compared.comparisons,
        lifetime=lifetime(worth, readout.n_star, split_ok),
        attribution=attribute(
            warehouse, settings, campaign.name, since, until, compared.changed, compared.why or _why(readout)
        ),
        data_checks=(
            *data_checks.told(*(int(count) for count in counts)),
            *data_checks.told_kept(readout.treated.conversions, kept),
        ),
        funnel=(*readout.funnel, FunnelStep("Kept it", kept, "converted, and did not send everything back")),
    )


def _why(readout: Readout) -> str:
    if readout.verdict == "blocked":
        return "people did not split as planned"
    return "nobody was held out to compare with"
