"""The replay on the command line."""

from typing import Any

import pytest

pytestmark = pytest.mark.slow


def test_a_past_campaign_is_replayed_and_says_why_it_has_no_answer(tailorbird: Any, ran: Any) -> None:
    said = tailorbird("replay", ran.root, "win_back", "--json").json
    assert [one["policy"] for one in said["policies"]] == [
        "even shares", "the same line for everybody", "the line that did best", "the campaign's own policy",
    ]  # fmt: skip
    assert said["simulated"]
    for one in said["policies"]:
        assert (one["answer"] is None) == bool(one["why"]), "a number, or why there is none"
        assert set(one["estimates"]) == {"dm", "ips", "snips", "dr", "sndr", "switch_dr", "dros"}


def test_the_words_begin_with_the_answer(tailorbird: Any, ran: Any) -> None:
    said = tailorbird("replay", ran.root, "win_back", "--block", "headline", "--policy", "uniform").out
    assert said.startswith("(simulated customers) ")
    assert "block headline alone" in said


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["replenish"], "decided on no message"),
        (["win_back", "--policy", "magic"], "write uniform, same, best"),
        (["win_back", "--block", "footer"], "no line for a block 'footer'"),
    ],
)
def test_what_cannot_be_replayed_is_one_sentence(tailorbird: Any, ran: Any, words: list[str], told: str) -> None:
    assert told in tailorbird("replay", ran.root, *words).error
