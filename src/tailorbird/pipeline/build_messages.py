"""From decisions to queued messages: stitched, judged once more, built, signed, with their traces."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from tailorbird.pipeline.screen_items import project_hosts
from tailorbird.pipeline.stitch import Stitched, Stitcher, count_rungs
from tailorbird.pipeline.validation.live_claims import LiveClaims, claims
from tailorbird.ports.decision_store import DecisionStore
from tailorbird.ports.outbox import Outbox
from tailorbird.ports.progress import Progress
from tailorbird.ports.trace_store import TraceStore
from tailorbird.project.project import Project
from tailorbird.stages.channels.dkim import DkimSigner
from tailorbird.stages.channels.email_message import EmailAddressing, build_email, idempotency_key, message_id
from tailorbird.stages.channels.email_template import EmailTemplate, compile_email
from tailorbird.stages.safety.output_scan import scan_output
from tailorbird.stages.validation.message import MessageGate, compile_message_gate, figures, judge_message
from tailorbird.types.brief import Limits
from tailorbird.types.campaign import Campaign
from tailorbird.types.consent import is_granted
from tailorbird.types.creative import Creative
from tailorbird.types.decision import Decision
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.item import Item
from tailorbird.types.message import Message
from tailorbird.types.profile import Profile
from tailorbird.types.slot_text import SlotText
from tailorbird.types.trace import Trace
from tailorbird.types.verdict import Finding

CHUNK = 200
NOT_SO = "not so any more: "
"""Before what the catalog now says otherwise: a fact that changed is no rule that was broken."""


class UnfitError(TailorbirdError):
    """No message can be made for this person that is true, lawful and in stock."""


_NOWHERE = Profile("")


class MessageBuilder:
    """Builds the messages of one campaign step; templates, gates and lines are compiled once."""

    def __init__(
        self,
        project: Project,
        campaign: Campaign,
        items: Mapping[str, Item],
        creatives: Sequence[Creative],
        link_key: bytes,
        dkim_key: bytes,
    ) -> None:
        self._project, self._campaign, self._items = project, campaign, items
        self._creatives = {creative.creative_id: creative for creative in creatives}
        self._stitcher = Stitcher(project, campaign, items, self._creatives, link_key)
        self._template: EmailTemplate = compile_email(project.templates[campaign.template])
        sender = project.settings.sender
        self._signer = DkimSigner(sender.domain, sender.dkim_selector, dkim_key)
        limits = {block: Limits(spec.max_chars) for block, spec in campaign.blocks.items()}
        locales = project.settings.locales
        self._hosts = project_hosts(project.settings)
        self._gates: dict[str, MessageGate] = {
            locale: compile_message_gate(limits, project.brand, locale) for locale in locales
        }
        self._claiming: dict[tuple[int, str], bool] = {}
        self._live = LiveClaims(items, project.settings.timezone, project.brand.name)
        self._figures = {c.creative_id: figures(c.text) for c in creatives}
        lines = project.templates[campaign.template].lines
        self._template_figures = [word for texts in lines.values() for text in texts.values() for word in figures(text)]

    def build(
        self, decision: Decision, profile: Profile, date: datetime, is_test: bool = False
    ) -> tuple[Message, Stitched, tuple[str, ...]]:
        """One message, its words, and why blocks were replaced ('subject: unknown_literal £9').

        Each text is judged once more, stitched, and what it says of price, stock or an offer's end in its own words is
        held against the catalog as it is at `date`; unfit copy falls to the template's line, and that to the brand's
        name. A test says so in its subject and in a header. Raises UnfitError, HeaderError, TemplateError or
        TokenError where no lawful message can be made.
        """
        settings = self._project.settings
        if decision.locale not in self._gates:
            raise UnfitError(f"the project no longer speaks {decision.locale}, for which this was decided")
        personal = is_granted(profile.consents, "personalization")
        pixel = is_granted(profile.consents, "open_tracking")
        key = idempotency_key(decision.decision_id, self._campaign.channel)
        identity = message_id(key)
        self._check_hero(decision)
        stitched = self._stitcher.stitch(decision, profile, personal, pixel, identity)
        faults = first = self._faults(stitched, decision, date)
        plain = frozenset(block for block, _ in faults)
        if faults:
            stitched = self._stitcher.stitch(decision, profile, personal, pixel, identity, plain)
            faults = self._faults(stitched, decision, date)
        if faults:
            bare = frozenset(block for block, _ in faults)
            stitched = self._stitcher.stitch(decision, profile, personal, pixel, identity, plain, bare)
            faults = self._faults(stitched, decision, date)
        if faults:
            raise UnfitError(f"no lawful text for {faults[0][0]}: {faults[0][1]}; see templates/ and brand/disallowed")
        context = stitched.context
        addressing = EmailAddressing(
            key=key,
            decision_id=decision.decision_id,
            campaign=decision.campaign,
            step=decision.step,
            person_id=decision.person_id,
            purpose=self._campaign.purpose,
            address=profile.email or "",
            unsubscribe_url=context["links"]["unsubscribe"],
            recipient_name=context["person"]["first_name"],
            is_test=is_test,
        )
        message = build_email(
            addressing,
            stitched.blocks,
            context,
            self._template,
            settings.sender,
            self._signer,
            date,
            stitched.rungs,
            stitched.creative_ids,
        )
        return message, stitched, tuple(f"{block}: {why}" for block, why in first)

    def _check_hero(self, decision: Decision) -> None:
        hero = next((p.item_id for p in decision.slate if p.placement == "hero"), None)
        if hero is not None and (hero not in self._items or not self._items[hero].in_stock):
            raise UnfitError("the item that this message is about is sold out, or left the catalog")

    def _faults(self, stitched: Stitched, decision: Decision, date: datetime) -> list[tuple[str, str]]:
        unfit = self._unsafe(stitched) or self._unfit(stitched, decision.locale)
        return [*unfit, *self._untrue(stitched, decision, date)]

    def _claims(self, line: SlotText, locale: str) -> bool:
        """Whether the line claims something; lines are the stitcher's own objects, so that their id is theirs."""
        key = (id(line), locale)
        if key not in self._claiming:
            self._claiming[key] = claims(line, locale)
        return self._claiming[key]

    def _untrue(self, stitched: Stitched, decision: Decision, date: datetime) -> Iterator[tuple[str, str]]:
        claiming = [block for block, line in stitched.lines.items() if self._claims(line, decision.locale)]
        if not claiming:
            return
        placed = {place.placement: place.item_id for place in decision.slate if place.item_id}
        shown = [placed[name] for name in ("hero", "last_item") if name in placed]
        for block in claiming:
            why = self._live.fault(stitched.lines[block], stitched.values, shown, decision.locale, date)
            if why:
                yield block, NOT_SO + why

    def _unsafe(self, stitched: Stitched) -> list[tuple[str, str]]:
        """Blocks that would carry a link elsewhere, an instruction, a secret, a slur: whatever the line's approval."""
        found = {block: _errors_in(text, self._hosts) for block, text in stitched.blocks.items()}
        return [(block, f"{errors[0].type} {errors[0].evidence}") for block, errors in found.items() if errors]

    def _unfit(self, stitched: Stitched, locale: str) -> list[tuple[str, str]]:
        gate = self._gates[locale]
        known = [*stitched.literals, *self._template_figures]
        for creative_id in stitched.creative_ids.values():
            known += self._figures[creative_id]
        if judge_message(stitched.blocks, known, gate).passed:
            return []
        faults = []
        for block, text in stitched.blocks.items():
            verdict = judge_message({block: text}, known, gate)
            faults += [(block, f"{f.type} {f.evidence}") for f in verdict.findings[:1]]
        return faults

    def trace(self, decision: Decision, message: Message, stitched: Stitched, extra: Mapping[str, Any]) -> Trace:
        """The lineage of one message: ids and hashes only."""
        blocks = {
            block: {"creative_id": creative_id, "content_hash": self._creatives[creative_id].content_hash}
            for block, creative_id in stitched.creative_ids.items()
        }
        stages: dict[str, dict[str, Any]] = {
            "consent": {
                "hash": decision.consent_hash,
                "purpose": self._campaign.purpose,
                "basis": self._project.settings.consent.basis,
            },
            "features": {"hash": decision.features_hash, "as_of": decision.decided_at.isoformat()},
            "brief": {"subject": decision.subject, "locale": decision.locale},
            "creative": {"blocks": blocks, "rungs": dict(stitched.rungs)},
            "decision": {"decision_id": decision.decision_id, "policy_version": decision.policy_version},
            "message": {
                "message_id": message.message_id,
                "idempotency_key": message.idempotency_key,
                "sha256": hashlib.sha256(message.raw).hexdigest(),
                "template": self._project.templates[self._campaign.template].digest,
                **extra,
            },
        }
        return Trace(message.message_id, decision.decision_id, stages)


@lru_cache(maxsize=20_000)
def _errors_in(text: str, hosts: frozenset[str]) -> tuple[Finding, ...]:
    """What must not go out; the same line about the same item is scanned once for all its readers."""
    return tuple(found for found in scan_output(text, hosts) if found.severity == "error")


def queue_messages(
    campaign: Campaign,
    builder: MessageBuilder,
    decisions: DecisionStore,
    profiles: Mapping[str, Profile],
    outbox: Outbox,
    traces: TraceStore,
    catalog_version: str,
    now: Callable[[], datetime],
    progress: Progress,
    tell_hits: Callable[[Sequence[tuple[Message, str]]], None] = lambda hits: None,
) -> tuple[dict[str, Any], frozenset[str]]:
    """Queue one message for each treated decision; safe to repeat. `now` dates the messages, and `tell_hits` is told
    of those in which a rule refused a line.

    Returns counts, rungs, and what was replaced or dropped; and the keys of the messages that were surely queued as
    they were built here: where some of a chunk were there already, an earlier process made them, of what it knew.
    """
    treated = [d for d in decisions.find(campaign.name, campaign.step) if d.arm == "treatment" and d.held != "tier"]
    progress.stage("stitch", len(treated))
    rungs: list[Mapping[str, str]] = []
    blocked: dict[str, int] = {}
    unbuilt: dict[str, int] = {}
    built: set[str] = set()
    for chunk in _chunks(treated, CHUNK):
        messages, written, date = [], [], now().replace(microsecond=0)
        hits: list[tuple[Message, str]] = []
        for decision in chunk:
            try:
                message, stitched, faults = builder.build(decision, profiles.get(decision.person_id, _NOWHERE), date)
            except TailorbirdError as error:
                unbuilt[str(error)] = unbuilt.get(str(error), 0) + 1
                continue
            for fault in faults:
                blocked[fault] = blocked.get(fault, 0) + 1
            if broken := [fault for fault in faults if NOT_SO not in fault]:
                hits.append((message, "; ".join(broken)))
            messages.append(message)
            rungs.append(stitched.rungs)
            written.append(builder.trace(decision, message, stitched, {"catalog": catalog_version}))
        if outbox.queue(messages) == len(messages):
            built.update(message.idempotency_key for message in messages)
            traces.replace(written)
        else:
            traces.save(written)
        tell_hits(hits)
        progress.advance(len(chunk))
    detail = {"messages": len(rungs), "rungs": count_rungs(rungs), "blocked": blocked, "unbuilt": unbuilt}
    return detail, frozenset(built)


def _chunks(items: Sequence[Decision], size: int) -> Iterator[Sequence[Decision]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
