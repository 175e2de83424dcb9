"""Lines that people wrote."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tailorbird.adapters.sql.creatives import SqlCreativeStore
from tailorbird.adapters.sql.database import open_database
from tailorbird.pipeline.known_lines import creative_id, judge_known, known_lines, register_lines
from tailorbird.types.brand import ApprovedLine, Brand
from tailorbird.types.campaign import BlockSpec

BLOCKS = {"subject": BlockSpec(40, slots=("item.name",))}
BRAND = Brand(
    "Wren",
    "",
    {},
    (
        ApprovedLine("a", "subject", "en-GB", "Any"),
        ApprovedLine("b", "subject", "en-GB", "Ours", campaigns=("win_back",), tags={"tone": "dry"}),
        ApprovedLine("c", "subject", "en-GB", "Other", campaigns=("other",)),
        ApprovedLine("d", "body", "en-GB", "No such block"),
    ),
    {"*": ("act now",)},
    {},
    {},
)


def test_lines_of_the_campaign_and_the_template_are_known() -> None:
    lines = known_lines("win_back", BRAND, BLOCKS, {"subject": {"en-GB": "Template"}, "body": {"en-GB": "x"}})
    assert [(rung, text, tags) for rung, _, _, text, tags in lines] == [
        ("approved", "Any", {"line": "a"}),
        ("approved", "Ours", {"tone": "dry", "line": "b"}),
        ("template", "Template", {}),
    ]


def test_ids_are_stable_and_differ_by_place_and_text() -> None:
    one = creative_id("c", "", "subject", "en-GB", "x")
    assert one == creative_id("c", "", "subject", "en-GB", "x")
    assert (
        len({one, creative_id("c", "", "headline", "en-GB", "x"), creative_id("c", "b", "subject", "en-GB", "x")}) == 3
    )
    assert one.startswith("c_")


def test_a_malformed_or_disallowed_line_is_blocked_and_an_odd_one_is_not() -> None:
    def kinds(text: str) -> set[str]:
        samples = {"item.name": ("Peg", "Quillet kettle")}
        verdict = judge_known(text, "subject", "en-GB", BLOCKS["subject"], BRAND, lambda names, locale: samples)
        return {finding.type for finding in verdict.findings}

    assert kinds("Look at {{ item.name ") == {"malformed"}
    assert kinds("Act now: {{ item.name }}") == {"disallowed_phrase"}
    assert kinds("Zounds, a 30-day {{ item.name }}") == set()
    assert kinds("Zounds, {{ item.nmae }}") == {"unknown_slot"}
    assert kinds("In {{ item.material }}") == {"unknown_slot"}
    assert kinds("From {{ brand.name }}") == set()


def approvals(store: SqlCreativeStore, campaign: str, text: str) -> dict[str, str]:
    """Register the brand with another text for line 'a'; the approval of each text."""
    brand = replace(BRAND, approved=(replace(BRAND.approved[0], text=text),))

    def samples(names: Sequence[str], locale: str) -> Mapping[str, tuple[str, ...]]:
        return {"item.name": ("Peg", "Quillet kettle")}

    assert register_lines(campaign, brand, BLOCKS, {}, samples, store) == []
    return {c.text: c.approval for c in store.find(campaign)}


def test_a_rejected_line_waits_for_a_person_in_every_campaign_and_wording() -> None:
    store = SqlCreativeStore(open_database("sqlite://"))
    assert approvals(store, "win_back", "Any") == approvals(store, "other", "Any") == {"Any": "approved"}
    store.review(creative_id("win_back", "", "subject", "en-GB", "Any"), "rejected", "Ann", "no", "2026-06-01")
    assert approvals(store, "win_back", "Any thing") == {"Any": "rejected", "Any thing": "pending"}
    assert approvals(store, "other", "Any") == {"Any": "pending"}
    assert approvals(store, "third", "Any") == {"Any": "pending"}
    changed = store.review(creative_id("win_back", "", "subject", "en-GB", "Any thing"), "approved", "Ann", "", "2026")
    assert changed.usable
    assert approvals(store, "win_back", "Any thing")["Any thing"] == "approved"


def test_a_phrase_that_a_line_denies_needs_a_person() -> None:
    store = SqlCreativeStore(open_database("sqlite://"))
    assert approvals(store, "win_back", "Never act now") == {"Never act now": "pending"}


def test_a_line_remembers_its_author() -> None:
    store = SqlCreativeStore(open_database("sqlite://"))
    lines = (replace(BRAND.approved[0], author="ana"), BRAND.approved[1])
    register_lines("win_back", replace(BRAND, approved=lines), BLOCKS, {}, lambda names, locale: {}, store)
    notes = {line.text: (store.get(line.creative_id) or (line, {}))[1] for line in store.find()}
    assert (notes["Any"]["author"], notes["Ours"].get("author")) == ("ana", None)
