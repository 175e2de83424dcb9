"""One brief, from request to judged drafts."""

from tailorbird.pipeline.drafting import Drafted, complete_facts, object_to
from tailorbird.types.brief import Brief, Limits, Slot, Subject
from tailorbird.types.draft import Draft, Objection, Step
from tailorbird.types.verdict import Finding, Verdict

BRIEF = Brief(
    "b_1",
    "win_back",
    "email",
    "subject",
    Subject("default"),
    "en-GB",
    "a while",
    (Slot("item.name", "name", "catalog"), Slot("person.first_name", "name", "profile")),
    Limits(60),
    "",
    "subject/v1",
    "h",
    facts={"item.name": "Quillet kettle"},
)


def test_the_facts_of_a_person_are_invented_and_those_of_the_item_stay() -> None:
    values = {"person.first_name": "Ines", "item.name": "Other", "last_item.short_name": "not offered"}
    assert complete_facts(BRIEF, values).facts == {"person.first_name": "Ines", "item.name": "Quillet kettle"}


def drafted(rank: float, verdict: Verdict, *steps: Step) -> Drafted:
    draft = Draft(f"d_{rank}", "b_1", verdict.text, "", "model", rank=rank)
    return Drafted(draft, verdict, steps or (Step("draft", verdict.text, verdict.status, verdict.findings),))


def blocked(text: str, *findings: Finding) -> Verdict:
    return Verdict("block", findings, text)


def test_a_writer_is_told_what_was_wrong_with_its_best_draft_first_and_each_thing_once() -> None:
    text = "A soft {{ item.name }}, so soft"
    soft = Finding("claims", "error", (2, 6), "claim", "claims a property", "soft")
    again = Finding("claims", "error", (27, 31), "claim", "claims a property", "soft")
    whole = Finding("style", "error", (0, len(text)), "bare", "a list of facts is not a line")
    name = Finding("forms", "error", (7, 22), "needs_article", "does not fit")
    note = Finding("x", "info", (0, 1), "note", "only so you know")
    best = drafted(-0.1, blocked(text, soft, again, note))
    worse = drafted(-0.9, blocked(text, whole, name))
    assert object_to([worse, best], {"item.name": "Quillet kettle"}) == (
        Objection("soft", "claims a property", "claim"),
        Objection("", "a list of facts is not a line", "bare"),
        Objection("Quillet kettle", "does not fit", "needs_article"),
    )


def test_a_writer_is_told_of_its_own_words_not_of_a_repair_that_failed() -> None:
    mine = Finding("claims", "error", (0, 4), "claim", "claims a property", "Soft")
    other = Finding("style", "error", (0, 4), "bare", "bare", "Warm")
    steps = Step("draft", "Soft and warm", "block", (mine,)), Step("repair", "Warm", "block", (other,))
    (told,) = object_to([drafted(0.0, blocked("Warm", other), *steps)], {})
    assert told == Objection("Soft", "claims a property", "claim")


def test_objections_are_few_short_and_hold_no_line_break() -> None:
    text = "a" * 90 + " b\nc d e f g"
    found = [Finding("c", "error", (0, 90), "t", "r")]
    found += [Finding("c", "error", (n, n + 3), "t", "r") for n in range(90, 98)]
    told = object_to([drafted(0.0, blocked(text, *found))], {})
    assert len(told) == 3
    assert len(told[0].words) == 60
    assert not any("\n" in one.words for one in told)
