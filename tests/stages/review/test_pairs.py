"""The rows that models are tuned with."""

from tailorbird.stages.review.pairs import Judged, training_row
from tailorbird.types.creative import Creative


def line(name: str, text: str) -> Creative:
    return Creative(name, "b", "win_back", "subject", "en-GB", text, "model", "h")


def judged(after: Creative | None) -> Judged:
    brief = {"slots": ["item.name", "item.price"], "facts": {"item.name": "Oak peg"}}
    verdict = {"status": "review", "findings": [{"check": "words", "span": [0, 3], "type": "odd", "reason": "r"}]}
    limits = {"max_chars": 60, "reason": "a while since the last order"}
    before = line("c_1", "Behold {{ item.name }}")
    return Judged("edit" if after else "reject", before, after, brief, limits, verdict, "reviewer_1", "dry", "2026")


def test_an_edit_is_a_chat_and_a_preference_pair_over_one_prompt() -> None:
    row = training_row(judged(line("c_2", "Worth a look: {{ item.name }}")))
    assert row["messages"] == [*row["prompt"], *row["chosen"]]
    assert row["chosen"] == [{"role": "assistant", "content": "Worth a look: {{ item.name }}"}]
    assert row["rejected"] == [{"role": "assistant", "content": "Behold {{ item.name }}"}]
    assert row["label"] is True
    asked = row["prompt"][0]["content"].splitlines()
    assert asked[:3] == ["Block: subject", "Locale: en-GB", "At most 60 characters"]
    assert asked[-2:] == ["Slot: {{ item.name }}, such as Oak peg", "Slot: {{ item.price }}"]
    assert (row["about"]["why"], row["about"]["who"]) == ("dry", "reviewer_1")
    assert row["about"]["verdict"]["findings"][0]["type"] == "odd"


def test_a_rejection_without_a_better_line_is_a_negative_example_alone() -> None:
    row = training_row(judged(None))
    assert (row["kind"], row["label"], row["about"]["after_id"]) == ("reject", False, "")
    assert not {"messages", "chosen"} & set(row)
