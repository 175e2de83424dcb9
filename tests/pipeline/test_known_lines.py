"""Lines that people wrote."""

from tailorbird.pipeline.known_lines import creative_id, judge_known, known_lines
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
    assert kinds("Zounds, {{ item.nmae }}") == {"unfilled_slot"}
