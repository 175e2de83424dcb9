"""Attributes of wide JSON lines in one object."""

import json

from tailorbird.stages.catalog.fold import ATTRIBUTES, as_text, fold_line, fold_patterns, folded_attributes


def fold(line: str, *named: str) -> dict[str, object]:
    folded = fold_line(line.encode(), ("attr_t_*", "attr_n_*"), named)
    assert folded is not None
    row: dict[str, object] = json.loads(folded)
    return row


def test_keys_that_begin_so_stand_in_one_object_less_their_beginning() -> None:
    row = fold('{"id": "1", "attr_t_colour": "red", "attr_n_weight": 2.50, "attr_n_pieces": 6.0, "attr_t_none": null}')
    assert row == {"id": "1", ATTRIBUTES: {"colour": "red", "weight": "2.50", "pieces": "6"}}


def test_of_two_with_one_short_name_the_second_keeps_its_whole_name() -> None:
    assert fold('{"attr_t_size": "L", "attr_n_size": 40}')[ATTRIBUTES] == {"size": "L", "attr_n_size": "40"}


def test_a_key_that_the_mapping_names_stays_beside_them() -> None:
    row = fold('{"attr_t_type": "Kettle"}', "attr_t_type")
    assert row == {"attr_t_type": "Kettle", ATTRIBUTES: {"type": "Kettle"}}


def test_a_number_that_is_no_attribute_stays_a_number() -> None:
    assert fold('{"price": 19.90}')["price"] == 19.9


def test_what_is_no_object_is_left_to_the_import() -> None:
    for line in (b"[1]", b"{", b"\xff", b'{"a": NaN}', b"[" * 100_000):
        assert fold_line(line, ("a*",)) is None


def test_values_as_texts() -> None:
    assert [as_text(v) for v in (True, None, " x ", "", ["a", 1], 3)] == ["true", None, "x", None, "a, 1", "3"]


def test_only_beginnings_fold() -> None:
    assert fold_patterns(("attr_*", "specs.*", "colour")) == ("attr_*",)
    assert folded_attributes(("attr_*", "specs.*", "colour")) == ("_attributes.*", "specs.*", "colour")
    assert folded_attributes(("colour",)) == ("colour",)
