"""Edits and rejections become rows to tune a model with: only of texts that were approved in the end."""

from typing import Any

from tailorbird import bootstrap
from tailorbird.pipeline.review.pairs import training_rows


def rows(office: Any, named: bool = False) -> list[dict[str, Any]]:
    masker = bootstrap.open_masker(office.project)
    return list(training_rows(office.project, office.state.creatives, office.state.review_record, masker, named))


def said(row: dict[str, Any]) -> tuple[str, str, str]:
    chosen = row["chosen"][0]["content"] if "chosen" in row else ""
    return row["kind"], row["rejected"][0]["content"], chosen


def test_an_edit_counts_once_its_text_is_approved(office: Any) -> None:
    office.add("c_1")
    made = office.desk.edit("c_1", office.who("Ana"), "Another look: {{ item.name }}", reason="warmer").creative
    assert rows(office) == []
    office.approve(made.creative_id, "Ben")
    (row,) = rows(office)
    assert said(row) == ("edit", "Worth a look: {{ item.name }}", "Another look: {{ item.name }}")
    assert (row["about"]["who"], row["about"]["why"]) == ("reviewer_1", "warmer")
    assert rows(office, named=True)[0]["about"]["who"] == "Ana"
    assert "At most 60 characters" in row["prompt"][0]["content"]
    office.desk.reject(made.creative_id, office.who("Ben"), "no, worse")
    assert [said(row)[0] for row in rows(office)] == ["reject"]


def test_each_text_on_the_way_is_a_pair_with_the_last_one(office: Any) -> None:
    office.add("c_1")
    second = office.desk.edit("c_1", office.who("Ana"), "Second: {{ item.name }}").creative
    third = office.desk.edit(second.creative_id, office.who("Ben"), "Third: {{ item.name }}").creative
    office.approve(third.creative_id, "Max")
    assert [said(row)[1:] for row in rows(office)] == [
        ("Worth a look: {{ item.name }}", "Third: {{ item.name }}"),
        ("Second: {{ item.name }}", "Third: {{ item.name }}"),
    ]
    assert {row["about"]["why"] for row in rows(office)} == {""}


def test_a_rejected_line_goes_with_a_line_of_its_brief_that_people_approved(office: Any) -> None:
    office.add("c_1", "Dull: {{ item.name }}")
    office.desk.reject("c_1", office.who("Ana"), "dull, says eve@example.org")
    (row,) = rows(office)
    assert (said(row), row["label"]) == (("reject", "Dull: {{ item.name }}", ""), False)
    assert row["about"]["why"] == "dull, says [email]"
    office.add("c_2", "Bright: {{ item.name }}")
    office.add("c_3", "Elsewhere: {{ item.name }}", brief_id="b_2")
    office.approve("c_3", "Ana")
    assert "chosen" not in rows(office)[0]
    office.approve("c_2", "Ana")
    assert said(rows(office)[0])[2] == "Bright: {{ item.name }}"


def test_what_a_person_wrote_into_the_files_trains_nothing(office: Any) -> None:
    office.add("c_1", rung="approved", brief_id="")
    office.desk.reject("c_1", office.who("Ana"), "no")
    assert rows(office) == []


def test_a_line_that_was_approved_again_is_no_negative(office: Any) -> None:
    office.add("c_1")
    office.desk.reject("c_1", office.who("Ana"), "no")
    office.approve("c_1", "Ben", again=True)
    assert rows(office) == []


def test_personal_data_in_any_text_is_masked(office: Any) -> None:
    office.add("c_1", notes={"brief": {"slots": [], "facts": {"item.name": "from eve@example.org"}}})
    made = office.desk.edit("c_1", office.who("Ana"), "Another look: {{ item.name }}").creative
    office.approve(made.creative_id, "Ben")
    (row,) = rows(office)
    assert row["about"]["brief"]["facts"]["item.name"] == "from [email]"
    assert row["about"]["after_id"] == made.creative_id
