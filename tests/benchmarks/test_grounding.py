import json
import random
from pathlib import Path
from typing import Any

import pytest

from tailorbird.types.verdict import Finding, Verdict, worst_status


@pytest.fixture
def grounding(load: Any) -> Any:
    return load("grounding")


def verdict(*spans: tuple[int, int], severity: str = "error") -> Verdict:
    found = tuple(Finding("facts", severity, span, "number", "no fact") for span in spans)  # type: ignore[arg-type]
    return Verdict(worst_status(found), found)


def test_responses_and_characters_are_counted_apart(grounding: Any, load: Any) -> None:
    pair = load("grounding_set").Pair
    pairs = [pair("s", "0123456789", ((2, 6),), ""), pair("s", "0123456789", (), "")]
    counts = grounding.tally(pairs, [verdict((4, 8)), verdict((0, 3))])
    assert (counts["false"], counts["found"], counts["hit"]) == (1, 2, 1)
    assert (counts["given_chars"], counts["marked_chars"], counts["hit_chars"]) == (4, 7, 2)
    assert grounding.f1(2, 7, 4) == pytest.approx(4 / 11)
    assert grounding.f1(0, 0, 0) == 0


def test_a_response_in_review_is_found_and_not_blocked(grounding: Any, load: Any) -> None:
    pairs = [load("grounding_set").Pair("s", "0123", ((0, 2),), "")]
    counts = grounding.tally(pairs, [verdict((0, 2), severity="warning")])
    assert (counts["found"], counts["hit"], counts["blocked"], counts["hit_blocked"]) == (1, 1, 0, 0)


def test_a_file_of_pairs_is_read(grounding: Any, tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text(json.dumps({"source": "a", "response": "b c", "spans": [[2, 3]]}) + "\n\n")
    (pair,) = grounding.read(path)
    assert (pair.source, pair.response, pair.spans) == ("a", "b c", ((2, 3),))


def test_places_are_exchanged_at_their_spans_and_true_texts_stay(load: Any) -> None:
    exchanged, source = load("grounding_set").exchanged, "A black kettle of 1.7 litres with 2 filters in a blue box."
    assert exchanged(source, source, 0, random.Random(1)) == (source, ())
    for seed in range(40):
        text, spans = exchanged(source, source, 3, random.Random(seed))
        assert len(spans) == 3
        assert all(text[a:b] not in source for a, b in spans), (text, spans)


def test_a_restaurants_value_becomes_another_of_its_attribute(load: Any) -> None:
    grounding_set = load("grounding_set")
    meaning, vocabularies = (
        "name[Heron], area[harbour]",
        {"name": {"Heron": (), "Kestrel": ()}, "area": {"harbour": (), "old town": ()}},
    )
    text = "Heron lies in the harbour."
    spans: list[tuple[int, int]] = []
    rng = random.Random(2)
    for _ in range(3):
        text, spans = grounding_set.exchange_value(text, spans, meaning, vocabularies, rng)
    assert len(spans) == 3
    assert {text[a:b] for a, b in spans} <= {"Kestrel", "old town", *grounding_set.INVENTED["restaurant"]}
