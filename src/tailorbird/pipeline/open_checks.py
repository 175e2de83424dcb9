"""The last checks of a run, and what they rebuild messages with."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tailorbird.pipeline.address_mates import AddressMates
from tailorbird.pipeline.build_messages import MessageBuilder
from tailorbird.pipeline.facts import Facts
from tailorbird.pipeline.freshness import Freshness, Version
from tailorbird.pipeline.identities import Identities
from tailorbird.pipeline.last_checks import LastChecks
from tailorbird.pipeline.merged_state import merge_state
from tailorbird.pipeline.one_message import OneMessage
from tailorbird.pipeline.outdate_lines import outdate_and_tell
from tailorbird.pipeline.state import State
from tailorbird.pipeline.validation.live_claims import names_a_day
from tailorbird.pipeline.withdrawals import Withdrawals
from tailorbird.ports.event_log import EventLog
from tailorbird.ports.warehouse import Warehouse
from tailorbird.project.project import Project
from tailorbird.stages.consent.effective import ConsentRules
from tailorbird.types.campaign import Campaign
from tailorbird.types.item import Item
from tailorbird.types.profile import Profile
from tailorbird.types.slot_text import SlotText


def open_last_checks(
    project: Project,
    campaign: Campaign,
    raw: State,
    warehouse: Warehouse,
    log: EventLog,
    profiles: Mapping[str, Profile],
    keys: tuple[bytes, bytes],
    now: Callable[[], datetime],
    began: datetime,
    built: frozenset[str],
    made_of: Version,
    decided_at: datetime,
    expires: bool,
    identities: Identities,
) -> LastChecks:
    """The checks of one run that began at `began` and decided as of `decided_at`.

    `built` are the keys of the messages that it built itself, of `made_of` and `profiles`; `raw` is the state under the
    ids that people had when it was written, `now` the run's clock.
    """
    settings, state, facts = project.settings, merge_state(raw, identities), Facts(project, warehouse)
    withdrawn = Withdrawals(
        profiles, campaign.purpose, campaign.channel, ConsentRules(settings.consent), warehouse, log, began, now,
        identities, settings.identity,
    )  # fmt: skip
    freshen = Freshness(
        lambda: _fresh_builder(project, campaign, state, facts, keys, now()),
        lambda: (facts.version(now()), usable_lines(campaign, state, now(), settings.timezone)),
        withdrawn.consents, profiles, state.decisions, state.outbox, state.traces, now, built, made_of,
        identities.person_of,
    )  # fmt: skip
    arms = {decision.person_id: decision.arm for decision in state.decisions.find(campaign.name, campaign.step)}
    mates = AddressMates(profiles, withdrawn, state.suppressions, campaign.channel, arms, identities)
    one = OneMessage(campaign, raw.decisions, raw.messages, identities)
    return LastChecks(
        campaign, mates, state.decisions, freshen, now, decided_at, expires, one, lambda: facts.version(now())
    )  # fmt: skip


def usable_lines(
    campaign: Campaign, state: State, now: datetime, zone: str
) -> tuple[frozenset[tuple[str, str]], date | None]:
    """The texts that may be used now: an approval that is taken back, or an edit, makes it another set.

    Beside them the day in the shop's `zone`, where one of them says something that is true on some days only.
    """
    lines = [line for line in state.creatives.find(campaign.name) if line.usable]
    dated = any(names_a_day(SlotText.parse(line.text), line.locale) for line in lines)
    day = now.astimezone(ZoneInfo(zone)).date() if dated else None
    return frozenset((line.creative_id, line.content_hash) for line in lines), day


def _fresh_builder(
    project: Project, campaign: Campaign, state: State, facts: Facts, keys: tuple[bytes, bytes], now: datetime
) -> MessageBuilder:
    """A builder of what is current; lines that a newer catalog makes untrue are out of use before it is asked."""
    outdate_and_tell(project, facts.warehouse, state.creatives, now)
    return make_builder(project, campaign, state, facts.items(now), keys)


def make_builder(
    project: Project, campaign: Campaign, state: State, items: Mapping[str, Item], keys: tuple[bytes, bytes]
) -> MessageBuilder:
    """A builder of the campaign's messages from items and the lines that are stored now."""
    return MessageBuilder(project, campaign, items, state.creatives.find(campaign.name), *keys)
