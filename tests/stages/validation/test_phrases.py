"""The closed phrase book."""

from tailorbird.stages.validation.ground import Ground
from tailorbird.stages.validation.lexicon import lexicon_for
from tailorbird.stages.validation.phrases import check_phrases, pairs_of, slot_class
from tailorbird.stages.validation.reading import read_draft
from tailorbird.types.brand import ApprovedLine, Brand
from tailorbird.types.brief import Limits
from tailorbird.types.slot_text import SlotText


def unknown(text: str, *approved: ApprovedLine, locale: str = "en-GB") -> list[str]:
    brand = Brand("W", "", {}, approved, {}, {}, {})
    ground = Ground("subject", Limits(90), {}, {}, {}, brand, locale, "", lexicon_for(locale))
    return [finding.evidence for finding in check_phrases(read_draft(SlotText.parse(text)), ground)]


def test_pairs_end_at_marks_and_slots_have_classes() -> None:
    assert pairs_of(["Have a look: <item>, now"]) == {("have", "a"), ("a", "look")}
    assert slot_class("item.short_name") == slot_class("item.name") == "<item>"
    assert slot_class("item.material") == "<fact>"


def test_known_neighbours_may_be_put_together_in_new_ways() -> None:
    assert unknown("We picked {{ item.name }} for you") == []
    assert unknown("We picked look {{ item.name }}") == ["picked look", "look {{ item.name }}"]


def test_approved_lines_that_suit_any_item_widen_the_book() -> None:
    line = ApprovedLine("a", "subject", "en-GB", "The birds have noticed: {{ item.name }}")
    assert unknown("The birds have noticed {{ item.name }}", line) == ["noticed {{ item.name }}"]
    bound = ApprovedLine("a", "subject", "en-GB", "The birds have noticed", families=("bird_food",))
    assert "The birds" in unknown("The birds have noticed", bound)


def test_without_a_book_for_the_language_only_approved_lines_count() -> None:
    line = ApprovedLine("a", "subject", "fr-FR", "Encore une idée : {{ item.name }}")
    assert unknown("Encore une idée", line, locale="fr-FR") == []
    assert unknown("Une autre idée", line, locale="fr-FR") == ["Une autre", "autre idée"]
