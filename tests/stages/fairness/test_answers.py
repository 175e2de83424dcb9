"""Answers, and the doors between two of them."""

from dataclasses import replace

import numpy as np
import pytest

from tailorbird.stages.fairness.answers import MEASURES, Answer, door_of, is_withheld, measure_answers, passage_of
from tailorbird.stages.fairness.offers import Offer

BASE = Answer(
    written_to=True, consents="{}", raw={"gender": '"m"', "orders": "1"}, locale="en-GB", cell="everyone",
    items=("kettle",), lines=(("subject", "c_1"),), texts=("A lovely kettle",), offer=Offer((("kettle", 2400, None),)),
    price_tier=0.5, digest="aa",
)  # fmt: skip


@pytest.mark.parametrize(
    ("change", "door"),
    [
        ({"consents": "x", "digest": "bb"}, "consent"),
        ({"written_to": False, "digest": ""}, "audience"),
        ({"locale": "de-DE", "cell": "other", "digest": "bb"}, "language"),
        ({"cell": "other", "items": ("cup",), "digest": "bb"}, "cell"),
        ({"items": ("cup",), "lines": (), "digest": "bb"}, "items"),
        ({"lines": (("subject", "c_2"),), "digest": "bb"}, "lines"),
        ({"fallback": 0.2, "digest": "bb"}, "lines"),
        ({"digest": "bb"}, "slot"),
        ({"cell": "other"}, None),
        ({}, None),
    ],
)
def test_a_difference_is_told_by_the_first_door_it_came_through(change: dict[str, object], door: str | None) -> None:
    assert door_of(BASE, replace(BASE, **change)) == door  # type: ignore[arg-type]


def test_a_difference_is_withheld_only_where_all_that_reads_it_is() -> None:
    hidden = frozenset({"gender"})
    one, other = replace(BASE, withheld=hidden), replace(BASE, raw={"gender": '"f"', "orders": "1"}, withheld=hidden)
    assert is_withheld(one, other)
    assert not is_withheld(one, replace(other, raw={"gender": '"f"', "orders": "2"}))
    assert not is_withheld(one, replace(other, consents="others"))
    assert not is_withheld(one, one)  # nothing reads a difference that is none


def test_a_passage_counts_what_was_unread_withheld_and_leaked() -> None:
    hidden = frozenset({"gender"})
    silent = replace(BASE, withheld=hidden)
    other = replace(silent, raw={"gender": '"f"', "orders": "1"})
    found = passage_of(
        [(BASE, BASE), (silent, other), (silent, replace(other, digest="bb")), (BASE, replace(BASE, digest="cc"))]
    )
    assert (found.pairs, found.unread, found.withheld, found.leaked, found.differing) == (4, 2, 2, 2, 2)
    assert found.read_by == ("gender",) and found.doors == {"slot": 2}
    assert found.plus(found).pairs == 8 and found.plus(found).doors == {"slot": 4}


def test_offers_are_compared_to_the_penny() -> None:
    cheaper = replace(BASE, offer=Offer((("kettle", 2399, None),)), digest="bb")
    assert passage_of([(BASE, cheaper), (BASE, BASE)]).offers_differ == 1


def test_measures_are_means_over_samples_and_unknown_without_a_message() -> None:
    none = replace(BASE, written_to=False, digest="")
    measured = measure_answers([[BASE, none], [replace(BASE, offer=Offer((("cup", 1200, None),))), none]])
    names = list(MEASURES)
    assert measured.shape == (2, len(names))
    assert measured[0][names.index("offer_price")] == 1800.0 and measured[0][names.index("written_to")] == 1.0
    assert measured[1][0] == 0.0 and np.isnan(measured[1][1:]).all()
