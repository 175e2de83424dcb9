"""What every review queue, its record and every store of reviewers' keys must do: run each of CHECKS with stores that
are fresh and share one database."""

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol

from tailorbird.ports.creative_store import CreativeStore
from tailorbird.ports.review_queue import ReviewConflictError, ReviewQueue
from tailorbird.ports.review_record import ReviewRecord
from tailorbird.ports.reviewer_keys import ReviewerKeys
from tailorbird.types.creative import Creative
from tailorbird.types.review import Origin, QueueFilter, ReviewAct, ReviewChange, ReviewEntry, ReviewerKey


class QueueAndRecord(ReviewQueue, ReviewRecord, Protocol):
    """What a real queue is: both of the ports."""


def example_line(name: str, approval: Any = "pending", text: str = "It is back") -> Creative:
    """A line of a model's; an approved one is usable."""
    digest = f"hash of {text}"
    approved: dict[str, Any] = {"approved_hash": digest, "approved_by": "policy"} if approval == "approved" else {}
    return Creative(name, "b_1", "win_back", "subject", "en-GB", text, "model", digest, approval=approval, **approved)


def example_entry(name: str, due: str = "2026-06-02", text: str = "It is back", **more: Any) -> ReviewEntry:
    """An entry that waits for a reviewer."""
    told: dict[str, Any] = {"reasons": ("new_prompt",), "needs": ("reviewer",), "prompt": "p1", "model": "d1", **more}
    return ReviewEntry(
        name, f"hash of {text}", "win_back", "subject", "en-GB", opened_at="2026-06-01", due_at=due, **told
    )


def example_act(name: str, kind: Any, text: str = "It is back", by: str = "ana") -> ReviewAct:
    """Something that ana did."""
    return ReviewAct(name, f"hash of {text}", kind, by, "reviewer", "because", "2026-06-01T12:00:00+00:00")


def _conflict(act: Callable[[], None]) -> str:
    try:
        act()
    except ReviewConflictError as error:
        return str(error)
    raise AssertionError("must raise ReviewConflictError")


def check_order_and_pages(lines: CreativeStore, queue: QueueAndRecord) -> None:
    """Lines come in the order in which they are due, page after page, none twice and none left out."""
    names = [f"c_{n:03d}" for n in range(25)]
    lines.save([example_line(name) for name in names])
    queue.put([example_entry(name, due=f"2026-06-0{1 + n % 3}") for n, name in enumerate(names)])
    seen, after = list[str](), ""
    while True:
        page = queue.find(QueueFilter(), 10, after)
        assert page.total == 25 and len(page.lines) <= 10
        seen += [line.entry.creative_id for line in page.lines]
        after = page.after
        if not after:
            break
    assert seen == sorted(names, key=lambda name: (int(name[2:]) % 3, name))
    assert page.lines[0].creative.text == "It is back"
    try:
        queue.find(QueueFilter(), 10, "no page")
    except ValueError:
        return
    raise AssertionError("an 'after' that is no page's must raise ValueError")


def check_filters(lines: CreativeStore, queue: QueueAndRecord) -> None:
    """A filter is exact: by campaign, block, locale, reason, missing approval and state."""
    lines.save([example_line("c_1"), example_line("c_2"), example_line("c_3", "approved")])
    legal: dict[str, Any] = {"reasons": ("legal", "new_model"), "needs": ("reviewer", "legal"), "assigned": "data"}
    look: dict[str, Any] = {"state": "look", "reasons": ("sampled",)}
    queue.put([example_entry("c_1"), example_entry("c_2", **legal), example_entry("c_3", **look)])

    def found(**wanted: str) -> list[str]:
        return [line.entry.creative_id for line in queue.find(QueueFilter(**wanted), 10).lines]

    assert found() == ["c_1", "c_2", "c_3"]
    assert found(reason="new_model") == ["c_2"] and found(reason="new") == [] and found(reason="%") == []
    assert found(role="legal") == found(role="data") == ["c_2"]
    assert found(role="reviewer") == ["c_1", "c_2", "c_3"]
    assert (found(state="look"), found(state="waiting")) == (["c_3"], ["c_1", "c_2"])
    assert found(campaign="win") == found(block="body") == found(locale="de-DE") == []
    assert found(campaign="win_back", block="subject", locale="en-GB") == ["c_1", "c_2", "c_3"]


def check_standing(lines: CreativeStore, queue: QueueAndRecord) -> None:
    """An entry counts for the present text alone; lines that wait without one are named."""
    lines.save([example_line(f"c_{n}", a) for n, a in enumerate(("pending", "outdated", "approved", "rejected"))],
               {"c_0": {"raw": "r"}})  # fmt: skip
    assert [(line.creative, line.notes, line.earlier) for line in queue.unqueued(10)] == [
        (example_line("c_0"), {"raw": "r"}, ""), (example_line("c_1", "outdated"), {}, ""),
    ]  # fmt: skip
    assert [line.creative.creative_id for line in queue.unqueued(1)] == ["c_0"]
    queue.put([example_entry("c_0"), example_entry("c_1"), example_entry("c_2", state="look")])
    assert queue.unqueued(10) == []
    changed = example_line("c_0", text="It is here")
    voided = replace(example_line("c_2", "approved"), text="Another", content_hash="hash of Another")
    lines.save([changed, voided])
    waiting = {line.creative.creative_id: line.earlier for line in queue.unqueued(10)}
    assert waiting == {"c_0": "hash of It is back", "c_2": "hash of It is back"}, (
        "a changed text waits anew, an approved one too"
    )
    assert [line.entry.creative_id for line in queue.find(QueueFilter(), 10).lines] == ["c_1"]
    queue.put([example_entry("c_0", text="It is here")])
    kept = queue.get("c_0")
    assert kept is not None and (kept.entry.revision, kept.creative.text) == (2, "It is here")
    assert queue.get("c_9") is None


def check_acts(lines: CreativeStore, queue: QueueAndRecord) -> None:
    """What an act changes, changes all together; a text that is not the one that was read changes nothing."""
    lines.save([example_line("c_1"), example_line("c_2")])
    queue.put([example_entry("c_1"), example_entry("c_2")])
    queue.record(example_act("c_1", "comment"))
    done = replace(example_entry("c_1"), state="done", needs=(), outcome="approve", closed_by="ana")
    told = _conflict(lambda: queue.record(example_act("c_1", "approve", "Another"), ReviewChange(done, 1, "approved")))
    assert "It is back" in told
    late = _conflict(lambda: queue.record(example_act("c_1", "approve"), ReviewChange(done, 7, "approved")))
    assert "changed while it was read" in late
    assert [act.act for act in queue.acts("c_1")] == ["comment"]
    queue.record(example_act("c_1", "approve"), ReviewChange(done, 1, "approved"))
    found = lines.get("c_1")
    assert found is not None and found[0].usable and found[0].approved_by == "ana"
    assert [review["approval"] for review in lines.reviews("c_1")] == ["approved"]
    kept = queue.get("c_1")
    assert kept is not None and kept.entry == replace(done, revision=2)
    edited = replace(example_line("c_3", text="It is here"), version=2)
    closed = replace(example_entry("c_2"), state="done", outcome="edit", closed_by="ana")
    queue.record(example_act("c_2", "edit"), ReviewChange(closed, 1, "rejected"), (edited, {"edited_from": "c_2"}))
    made, old = lines.get("c_3"), lines.get("c_2")
    assert made == (edited, {"edited_from": "c_2"})
    assert old is not None and old[0].approval == "rejected" and not old[0].usable
    assert [act.creative_id for act in queue.acts(kind="edit")] == ["c_2"]
    try:
        queue.record(example_act("c_9", "comment"))
    except KeyError:
        return
    raise AssertionError("an act on an unknown line must raise KeyError")


def check_record(lines: CreativeStore, queue: QueueAndRecord) -> None:
    """People's approvals count by prompt, model and locale; samples by the day."""
    lines.save([example_line(f"c_{n}") for n in range(5)])
    outcomes = ("approve", "approve", "policy", "reject")
    queue.put([example_entry(f"c_{n}", state="done", outcome=o) for n, o in enumerate(outcomes)])
    queue.put([example_entry("c_4", state="done", outcome="approve", prompt="", model="")])
    assert queue.approved_by_people() == {Origin("p1", "d1", "en-GB"): 2}
    queue.put([example_entry("c_3", state="look", reasons=("sampled",))])
    assert (queue.sampled_since("2026-06-01"), queue.sampled_since("2026-06-02")) == (1, 0)


def check_race(lines: CreativeStore, queue: QueueAndRecord) -> None:
    """Of many who close one entry at once, one does, and every other is told."""
    lines.save([example_line("c_1")])
    queue.put([example_entry("c_1")])
    start, told = threading.Barrier(8), list[str]()

    def close(number: int) -> None:
        done = replace(example_entry("c_1"), state="done", outcome="approve", closed_by=f"r{number}")
        start.wait()
        try:
            queue.record(example_act("c_1", "approve", by=f"r{number}"), ReviewChange(done, 1, "approved"))
            told.append("won")
        except ReviewConflictError as error:
            told.append(str(error))

    threads = [threading.Thread(target=close, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told.count("won") == 1 and len(told) == 8
    (act,) = queue.acts("c_1")
    kept = lines.get("c_1")
    assert kept is not None and kept[0].approved_by == act.by
    assert all("c_1 changed while it was read" in one for one in told if one != "won")


CHECKS: tuple[Callable[[CreativeStore, QueueAndRecord], None], ...] = (
    check_order_and_pages, check_filters, check_standing, check_acts, check_record, check_race,
)  # fmt: skip


def check_reviewer_keys(keys: ReviewerKeys) -> None:
    """A key is found by its digest until it is revoked, and stays on record then."""
    ana = ReviewerKey("d1", "ana", ("legal",), "2026-06-01")
    keys.add(ana)
    keys.add(replace(ana, digest="d2", made_at="2026-06-02", roles=()))
    keys.add(ReviewerKey("d3", "ben", (), "2026-06-03"))
    assert keys.find("d1") == ana and keys.find("d9") is None
    assert [key.digest for key in keys.every()] == ["d1", "d2", "d3"]
    assert (keys.revoke("ana", "2026-06-04"), keys.revoke("ana", "2026-06-05"), keys.revoke("eve", "now")) == (2, 0, 0)
    assert [key.revoked_at for key in keys.every()] == ["2026-06-04", "2026-06-04", ""]
