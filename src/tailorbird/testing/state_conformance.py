"""The conformance suites of clock and state stores: each function is given an implementation, a store fresh."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from tailorbird.ports.clock import Clock
from tailorbird.ports.creative_store import CreativeStore
from tailorbird.ports.decision_store import DecisionStore
from tailorbird.ports.draft_cache import DraftCache
from tailorbird.ports.message_index import MessageIndex
from tailorbird.ports.outbox import Outbox
from tailorbird.ports.posterior_store import PosteriorStore
from tailorbird.ports.run_ledger import RunLedger
from tailorbird.ports.suppression_reasons import SuppressionReasons
from tailorbird.ports.suppressions import ERASED, Suppressions
from tailorbird.ports.trace_store import TraceStore
from tailorbird.ports.waiting_messages import WaitingMessages
from tailorbird.ports.watermarks import Watermarks
from tailorbird.types.completion import Completion, ModelCard, Sample
from tailorbird.types.creative import Creative
from tailorbird.types.decision import Decision, Placement
from tailorbird.types.message import Claimed, Message
from tailorbird.types.receipt import Receipt
from tailorbird.types.trace import Trace

MOMENT = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)


def example_decision(person: str, step: str = "1", arm: str = "treatment") -> Decision:
    """A decision for tests."""
    return Decision(
        decision_id=f"d_{person}_{step}",
        campaign="win_back",
        step=step,
        person_id=person,
        arm="holdout" if arm == "holdout" else "treatment",
        decided_at=MOMENT,
        slate=(
            Placement("hero", "item", "kettle-1", None, 0.25, 12),
            Placement("subject", "subject", None, "c_1", 0.5, 3),
        ),
        subject="everyone",
        locale="en-GB",
        policy_version="prior",
        reason="matched lapsed",
    )


def example_message(person: str, raw: bytes = b"Subject: hi\r\n\r\nhi\r\n") -> Message:
    """The message of `example_decision(person)`."""
    return Message(
        message_id=f"m_{person}",
        decision_id=f"d_{person}_1",
        campaign="win_back",
        step="1",
        person_id=person,
        purpose="email_marketing",
        channel="email",
        address=f"{person}@example.org",
        subject="hi",
        raw=raw,
        idempotency_key=f"key-{person}",
        rungs={"subject": "model"},
        lines={"subject": "c_1"},
    )


def example_creative() -> Creative:
    """A pending creative for tests."""
    text = "The {{ item.name }} is back"
    return Creative("c_1", "b_1", "win_back", "subject", "en-GB", text, "model", f"hash of {text}", {"tone": "plain"})


def check_clock(clock: Clock) -> None:
    """The moment is aware, in UTC, and does not run backwards."""
    first, second = clock.now(), clock.now()
    assert first.utcoffset() == timedelta(0)
    assert first <= second


def check_run_ledger(ledger: RunLedger) -> None:
    """A run begun twice is one run, and its finished steps are remembered."""
    first = ledger.begin("r_1", "win_back", "1", "2026-06-01")
    assert first["steps"] == {} and first["status"] == "running"
    ledger.finish_step("r_1", "audience", {"people": 3})
    again = ledger.begin("r_1", "win_back", "1", "2026-06-01")
    assert again["steps"] == {"audience": {"people": 3}}
    ledger.restart("r_1", "2026-06-03")
    fresh = ledger.begin("r_1", "win_back", "1", "2026-06-09")
    assert (fresh["as_of"], fresh["steps"]) == ("2026-06-03", {})
    ledger.finish("r_1")
    ledger.begin("r_2", "other", "1", "2026-06-02")
    assert [run["run_id"] for run in ledger.runs()] == ["r_1", "r_2"]
    assert [run["status"] for run in ledger.runs("win_back")] == ["done"]


def check_creative_store(store: CreativeStore) -> None:
    """Approval binds to the text: an edit voids it; notes and history stay."""
    store.save([example_creative()], {"c_1": {"verdict": "pass"}})
    assert store.find("win_back", "pending") == [example_creative()]
    assert store.review("c_1", "approved", "ana", "reads well", "2026-06-01").usable
    edited = store.get("c_1")
    assert edited is not None and edited[1] == {"verdict": "pass"}
    store.save([replace(edited[0], text="New", content_hash="hash of New")])
    found = store.get("c_1")
    assert found is not None and not found[0].usable and found[1] == {"verdict": "pass"}
    assert [r["by"] for r in store.reviews("c_1")] == ["ana"]
    assert store.get("c_9") is None
    try:
        store.review("c_9", "approved", "ana", "", "2026-06-01")
    except KeyError:
        pass
    else:
        raise AssertionError("a review of an unknown creative must raise KeyError")


def check_draft_cache(cache: DraftCache) -> None:
    """The first answer to a request stays, whole."""
    completion = Completion((Sample("A line", True, -0.5),), 10, 4, 12.5, 0.8, 7, ModelCard("m", "p", "sha"))
    assert cache.get("k") is None
    cache.put("k", completion)
    cache.put("k", Completion((Sample("Another", True),)))
    assert cache.get("k") == completion


def check_decision_store(store: DecisionStore) -> None:
    """A second decision for the same person and step is ignored; only treatment counts as recent."""
    store.save([example_decision("ana"), example_decision("ben", arm="holdout")])
    store.save([example_decision("ana", arm="holdout"), example_decision("ana", step="2")])
    assert [d.decision_id for d in store.find("win_back")] == ["d_ana_1", "d_ana_2", "d_ben_1"]
    assert store.get("d_ana_1") == example_decision("ana")
    assert [d.person_id for d in store.find("win_back", "1")] == ["ana", "ben"]
    assert sorted(store.recent(MOMENT - timedelta(days=1))) == [("ana", MOMENT), ("ana", MOMENT)]
    assert list(store.recent(MOMENT + timedelta(days=1))) == []


class OutboxAndIndex(Outbox, MessageIndex, WaitingMessages, Protocol):
    """The roles of one store: what is queued by the one is found by the other."""


def check_outbox(outbox: OutboxAndIndex) -> None:
    """A key is queued once, claimed until settled, and reported as interrupted after a crash."""
    assert outbox.queue([example_message("ana"), example_message("ben")]) == 2
    assert outbox.queue([example_message("ana", raw=b"other")]) == 0
    outbox.settle([Receipt("key-ana", "sent", MOMENT), Receipt("key-nobody", "sent", MOMENT)])
    assert dict(outbox.counts("win_back")) == {"queued": 2}, "only what was claimed can be settled"
    first = outbox.claim("win_back", "1", 1)
    assert first == [Claimed(example_message("ana"), False)]
    both = outbox.claim("win_back", "1", 10)
    assert [(one.message.person_id, one.interrupted) for one in both] == [("ana", True), ("ben", False)]
    assert outbox.claim("win_back", "2", 10) == [] == outbox.claim("other", "1", 10)
    rebuilt = replace(example_message("ben", raw=b"rebuilt"), rungs={"subject": "template"}, lines={})
    assert outbox.replace([rebuilt, example_message("cleo")]) == 1
    assert outbox.claim("win_back", "1", 10)[1].message == rebuilt
    outbox.settle([Receipt("key-ana", "queued", MOMENT)])
    assert [one.interrupted for one in outbox.claim("win_back", "1", 10)] == [True, False], "put back, claimed anew"
    outbox.settle([Receipt("key-ana", "sent", MOMENT, "p1"), Receipt("key-ben", "failed", MOMENT, detail="no")])
    assert outbox.claim("win_back", "1", 10) == []
    assert outbox.replace([example_message("ana", raw=b"too late")]) == 0
    assert dict(outbox.counts("win_back", "1")) == {"sent": 1, "failed": 1}
    assert dict(outbox.counts("win_back", "2")) == {} == dict(outbox.counts("other"))
    found = outbox.find("m_ana")
    assert found is not None and (found.state, found.provider_id, found.at) == ("sent", "p1", MOMENT.isoformat())
    assert (found.campaign, found.purpose, found.rungs) == ("win_back", "email_marketing", {"subject": "model"})
    assert found.lines == {"subject": "c_1"}
    other = outbox.find("m_ben")
    assert other is not None and (other.rungs, other.lines) == ({"subject": "template"}, {}), "as it was built again"
    assert outbox.find("m_nobody") is None


def check_outbox_refusals(outbox: OutboxAndIndex) -> None:
    """What is refused for the moment goes to the back, keeps its bytes, and waits for another run."""
    outbox.queue([example_message("ana"), example_message("ben")])
    outbox.claim("win_back", "1", 1)
    outbox.settle([Receipt("key-ana", "refused", MOMENT, detail="451 later")])
    assert dict(outbox.counts("win_back", "1")) == {"queued": 2}
    (other,) = outbox.claim("win_back", "1", 10, MOMENT)
    assert other.message.person_id == "ben", "not again in the same run"
    outbox.settle([Receipt("key-ben", "queued", MOMENT)])
    again = outbox.claim("win_back", "1", 10, MOMENT + timedelta(hours=1))
    assert [(one.message.person_id, one.attempts, one.interrupted) for one in again] == [
        ("ben", 0, False),
        ("ana", 1, False),
    ]
    assert again[1].message.raw == example_message("ana").raw
    found = outbox.find("m_ana")
    assert found is not None and found.detail == "451 later"


def check_outbox_second_chances(outbox: OutboxAndIndex) -> None:
    """Failed and unknown messages can be queued again; what the event log missed is remembered until it is told."""
    outbox.queue([example_message("ana"), example_message("ben"), example_message("cleo")])
    outbox.claim("win_back", "1", 10)
    outbox.settle([
        Receipt("key-ana", "sent", MOMENT, told=False),
        Receipt("key-ben", "failed", MOMENT, detail="no"),
        Receipt("key-cleo", "unknown", MOMENT),
    ])  # fmt: skip
    assert [record.message_id for record in outbox.untold("win_back", "1")] == ["m_ana"]
    assert outbox.untold("win_back", "2") == []
    outbox.mark_told(["m_ana"])
    outbox.mark_told([])
    assert outbox.untold("win_back", "1") == []
    assert outbox.requeue("win_back", "2", "failed") == 0
    assert outbox.requeue("win_back", "1", "failed") == 1
    assert dict(outbox.counts("win_back", "1")) == {"sent": 1, "unknown": 1, "queued": 1}
    (again,) = outbox.claim("win_back", "1", 10)
    assert (again.message.person_id, again.attempts, again.message.raw) == ("ben", 0, b"")


def check_outbox_withdrawals(outbox: OutboxAndIndex) -> None:
    """What waits for a person can be withdrawn: it is never sent, and keeps neither bytes nor address."""
    ana, ben = example_message("ana"), example_message("ben")
    other = replace(ana, message_id="m_ana_2", step="2", idempotency_key="key-ana-2")
    outbox.queue([ana, ben, other])
    (claimed,) = outbox.claim("win_back", "2", 1)
    assert sorted(outbox.people()) == ["ana", "ben"] and len(outbox.people(1)) == 1
    found = outbox.waiting(["ana", "nobody"])
    assert [(record.message_id, record.address) for record in found] == [("m_ana", "ana@example.org")]
    assert outbox.waiting([]) == []
    sending = outbox.find(claimed.message.message_id)
    assert sending is not None
    assert outbox.withdraw([*found, sending], MOMENT, "unsubscribed") == 1, "a run has the other and asks by itself"
    assert outbox.withdraw(found, MOMENT, "again") == 0 == outbox.withdraw([], MOMENT, "nothing")
    assert dict(outbox.counts("win_back")) == {"withdrawn": 1, "queued": 1, "sending": 1}
    assert outbox.people() == ["ben"]
    gone = outbox.find("m_ana")
    assert gone is not None
    assert (gone.state, gone.address, gone.at, gone.detail) == ("withdrawn", "", MOMENT.isoformat(), "unsubscribed")
    assert outbox.queue([ana]) == 0 == outbox.replace([ana]), "a run that builds it again does not bring it back"
    assert [one.message.person_id for one in outbox.claim("win_back", "1", 10)] == ["ben"]
    outbox.settle([Receipt("key-ana", "sent", MOMENT)])
    assert outbox.requeue("win_back", "1", "failed") == 0
    assert dict(outbox.counts("win_back", "1")) == {"withdrawn": 1, "sending": 1}


def check_suppression_reasons(suppressions: Suppressions, reasons: SuppressionReasons) -> None:
    """Told by name and channel; the first reason stays, and the erased are not told."""
    suppressions.add("ana", "email", "unsubscribed", "2026-06-01")
    suppressions.add("ana", "email", "complained", "2026-06-02")
    suppressions.add("ben", "email", "5.1.1", "2026-06-02")
    suppressions.erase(["eve"])
    assert reasons.reasons(["ana", "ben", "eve", "nobody"], "email") == {"ana": "unsubscribed", "ben": "5.1.1"}
    assert reasons.reasons(["ana"], "sms") == {} == reasons.reasons([], "email")


def check_suppressions(suppressions: Suppressions) -> None:
    """Suppressing is idempotent and per channel."""
    assert suppressions.add("ana", "email", "unsubscribed", "2026-06-01")
    assert not suppressions.add("ana", "email", "complained", "2026-06-02")
    assert suppressions.among(["ana", "ben"], "email") == {"ana"} == suppressions.all("email")
    assert suppressions.among(["ana"], "sms") == frozenset()
    assert not suppressions.remove("ana", "sms", "asked to", "2026-06-03")
    assert suppressions.remove("ana", "email", "asked to", "2026-06-03") and not suppressions.remove(
        "ana", "email", "asked to", "2026-06-03"
    )
    suppressions.erase(["eve", "eve's mailbox"])
    suppressions.erase(["eve"])
    assert suppressions.among(["ana", "eve"], ERASED) == {"eve"} == suppressions.among(["eve", "ben"], "sms")
    assert suppressions.all("email") == frozenset()


def check_watermarks(watermarks: Watermarks) -> None:
    """One text for each source; the last one counts."""
    assert watermarks.get("orders") is None
    watermarks.put("orders", "2026-06-01 09:30:00+00:00", "2026-06-01")
    watermarks.put("orders", "2026-06-02 09:30:00+00:00", "2026-06-02")
    assert watermarks.get("orders") == "2026-06-02 09:30:00+00:00"
    assert watermarks.get("people") is None


def check_posterior_store(store: PosteriorStore) -> None:
    """Counts are replaced whole, with their version."""
    assert store.read("win_back") == ("prior", {})
    store.replace("win_back", "v1", {"c_1": (2.0, 40.0), "c_2": (0.0, 38.0)})
    store.replace("win_back", "v2", {"c_1": (3.0, 60.0)})
    assert store.read("win_back") == ("v2", {"c_1": (3.0, 60.0)})


def check_trace_store(store: TraceStore) -> None:
    """A trace is written once."""
    trace = Trace("m_ana", "d_ana_1", {"consent": {"email_marketing": True}})
    store.save([trace])
    store.save([Trace("m_ana", "d_other", {})])
    assert store.get("m_ana") == trace
    store.replace([Trace("m_ana", "d_ana_1", {"consent": {"email_marketing": False}})])
    changed = store.get("m_ana")
    assert changed is not None and changed.stages["consent"] == {"email_marketing": False}
    assert store.get("m_ben") is None
