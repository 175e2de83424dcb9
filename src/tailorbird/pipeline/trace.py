"""The trace: one message's lineage, from consent to outcome, assembled from what each stage recorded."""

import json
from collections.abc import Mapping
from typing import Any

from tailorbird.ports.creative_store import CreativeStore
from tailorbird.ports.decision_store import DecisionStore
from tailorbird.ports.message_index import MessageIndex
from tailorbird.ports.trace_store import TraceStore
from tailorbird.ports.warehouse import Warehouse
from tailorbird.types.campaign import Campaign
from tailorbird.types.decision import Decision
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.trace import Trace


class UnknownMessageError(TailorbirdError):
    """No message of that id was ever built here."""


def trace_message(
    message_id: str,
    campaigns: Mapping[str, Campaign],
    traces: TraceStore,
    decisions: DecisionStore,
    creatives: CreativeStore,
    messages: MessageIndex,
    warehouse: Warehouse,
) -> dict[str, Any]:
    """Stage by stage: consent, features, brief, prompt, model, verdict, approval, decision, message, receipt, outcome.

    Ids, versions and hashes; the person appears by id only. A test has no person, no decision and no outcome, and says
    so. `warehouse` must hold the view `events`.
    """
    trace, row = traces.get(message_id), messages.find(message_id)
    if trace is not None and "test" in trace.stages:
        return _of_test(trace, creatives)
    decision = decisions.get(trace.decision_id) if trace else None
    if trace is None or row is None or decision is None:
        raise UnknownMessageError(
            f"no message {message_id!r} in this project; its id stands in the header X-Tailorbird-Message of each .eml"
        )
    campaign = campaigns.get(decision.campaign)
    stages = {name: dict(stage) for name, stage in trace.stages.items()}
    blocks = stages["creative"].get("blocks", {})
    return {
        "consent": {**stages["consent"], "person_id": decision.person_id},
        "features": stages["features"],
        "brief": stages["brief"],
        "copy": {block: _copy(entry, stages["creative"]["rungs"][block], creatives) for block, entry in blocks.items()},
        "rungs": stages["creative"]["rungs"],
        "decision": _decision(decision, campaign),
        "message": stages["message"],
        "receipt": {name: getattr(row, name) for name in ("state", "at", "provider_id", "detail")},
        "outcome": _outcomes(decision, message_id, campaign, warehouse),
    }


def _of_test(trace: Trace, creatives: CreativeStore) -> dict[str, Any]:
    stages = {name: dict(stage) for name, stage in trace.stages.items()}
    rungs = stages["creative"]["rungs"]
    blocks = stages["creative"].get("blocks", {})
    return {
        "test": {"note": "sent to a tester by run --test; it counts nowhere", **stages["test"]},
        "brief": stages["brief"],
        "copy": {block: _copy(entry, rungs[block], creatives) for block, entry in blocks.items()},
        "rungs": rungs,
        "message": stages["message"],
    }


def _copy(entry: Mapping[str, Any], rung: str, creatives: CreativeStore) -> dict[str, Any]:
    found = creatives.get(entry["creative_id"])
    if found is None:
        return {"rung": rung, **entry, "note": "this creative has been erased since"}
    creative, notes = found
    draft = notes.get("draft") or {}
    return {
        "rung": rung,
        **entry,
        "text": creative.text,
        "edited_since": creative.content_hash != entry["content_hash"],
        "brief_id": creative.brief_id,
        "prompt": notes.get("prompt", ""),
        "prompt_hash": notes.get("prompt_hash", ""),
        "model": {k: draft.get(k) for k in ("model", "model_digest", "seed", "draft_id") if draft.get(k)},
        "verdict": (notes.get("verdict") or {}).get("status", ""),
        "approval": [
            {name: review[name] for name in ("approval", "by", "reason", "at", "content_hash")}
            for review in creatives.reviews(creative.creative_id)
        ]
        or [{"approval": creative.approval, "by": creative.approved_by, "content_hash": creative.approved_hash}],
    }


def _decision(decision: Decision, campaign: Campaign | None) -> dict[str, Any]:
    return {
        "decision_id": decision.decision_id,
        "campaign": decision.campaign,
        "owners": list(campaign.owners) if campaign else [],
        "step": decision.step,
        "arm": decision.arm,
        "decided_at": decision.decided_at.isoformat(),
        "policy_version": decision.policy_version,
        "reason": decision.reason,
        "slate": [
            {
                "placement": p.placement,
                "shows": p.creative_id or p.item_id,
                "propensity": round(p.propensity, 6),
                "eligible": p.eligible,
            }
            for p in decision.slate
        ],
    }


def _outcomes(
    decision: Decision, message_id: str, campaign: Campaign | None, warehouse: Warehouse
) -> list[dict[str, Any]]:
    person = decision.person_id.replace("'", "''")
    metric = campaign.metric.event.replace("'", "''") if campaign else ""
    since = decision.decided_at.replace(tzinfo=None).isoformat(sep=" ")
    days = campaign.metric.window_days if campaign else 0
    rows = warehouse.rows(
        f"""SELECT "timestamp", event, message_id, properties, machine, test FROM all_events
        WHERE person_id = '{person}' AND type = 'track' AND (
            json_extract_string(properties, '$.message_id') = '{message_id.replace("'", "''")}'
            OR (event = '{metric}' AND "timestamp" >= TIMESTAMP '{since}'
                AND "timestamp" < TIMESTAMP '{since}' + INTERVAL {int(days)} DAY))
        ORDER BY "timestamp", message_id"""
    )
    return [
        {"at": str(at), "event": event, "event_id": event_id, **_value(text), **_uncounted(machine, test)}
        for at, event, event_id, text, machine, test in rows
    ]


def _uncounted(machine: str | None, test: bool) -> dict[str, Any]:
    """Why an event counts nowhere; nothing for those that do."""
    return {**({"machine": machine} if machine else {}), **({"test": True} if test else {})}


def _value(properties: str | None) -> dict[str, Any]:
    content = json.loads(properties or "{}")
    return {name: content[name] for name in ("link", "total", "currency", "order_id") if name in content}
