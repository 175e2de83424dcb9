"""Which drafts are kept."""

from tailorbird.stages.generation.selection import rank_drafts
from tailorbird.types.draft import Draft


def draft(text: str, rank: float) -> Draft:
    return Draft(text + str(rank), "b", text, text, "model", rank=rank)


def test_the_most_fluent_distinct_lines_are_kept() -> None:
    drafts = [draft("Look here", -1.0), draft("look, here.", -0.5), draft("Something else", -2.0)]
    assert [d.text for d in rank_drafts(drafts, 2)] == ["look, here.", "Something else"]


def test_a_line_that_exists_already_is_not_kept() -> None:
    assert rank_drafts([draft("Look here", -1.0)], 1, taken=["Look here."]) == []


def test_the_name_and_the_short_name_say_the_same() -> None:
    drafts = [draft("See {{ item.name }}", -1.0), draft("See {{ item.short_name }}", -2.0)]
    assert len(rank_drafts(drafts, 2)) == 1


def test_lines_with_different_slots_differ() -> None:
    drafts = [draft("See {{ item.name }}", -1.0), draft("See {{ item.material }}", -2.0)]
    assert len(rank_drafts(drafts, 2)) == 2
