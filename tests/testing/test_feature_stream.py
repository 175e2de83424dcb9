"""The stream is hostile, of every kind, and the same for a seed."""

import typing

from tailorbird.stages.features.definitions import check_definitions
from tailorbird.testing.feature_stream import DEFINITIONS, make_stream
from tailorbird.types.feature import FeatureKind


def test_every_kind_of_feature_is_there() -> None:
    check_definitions(DEFINITIONS)
    assert {definition.kind for definition in DEFINITIONS} == set(typing.get_args(FeatureKind))


def test_a_seed_gives_one_stream() -> None:
    assert make_stream(50, 1) == make_stream(50, 1) != make_stream(50, 2)


def test_it_has_as_many_rows_as_asked_and_no_event_and_no_row_twice() -> None:
    stream = make_stream(300, 4)
    assert len(set(stream.events["message_id"])) == 300
    keys = set(zip(stream.spine["person_id"], stream.spine["as_of"], strict=True))
    assert len(keys) == len(stream.spine["as_of"]) == 300


def test_further_names_of_events_occur() -> None:
    assert "Order Completed" in make_stream(100, 4, ["Order Completed"]).events["event"]


def test_moments_are_shared_and_texts_are_odd() -> None:
    stream = make_stream(500, 4)
    assert len(set(stream.events["timestamp"])) < 480
    assert any("NaN" in text for text in stream.events["properties"])
