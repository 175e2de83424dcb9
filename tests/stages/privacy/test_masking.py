"""Placeholders: stable, counted, by a project's rules, and nothing of what was found stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.stages.privacy.masking import LABELS, PLACEHOLDER, Masked, Masker, MaskingRules

MASKER = Masker(MaskingRules(regions=("GB", "DE")))
OWN = ("help@wren.example", "+44 20 7946 0991", "Wren, 4 Hedge Lane, Littlecote, AB1 2CD, United Kingdom", "Ines")
PERSONAL = [
    "ana.lima@example.com", "ana (at) shop dot com", "+44 20 7946 0018", "4111 1111 1111 1111", "DE89370400440532013000",
    "460-89-9847", "86.121.97.248", "https://u:p@host.example/x", "12 Baker Street, London NW1 6XE",
]  # fmt: skip


def test_one_value_is_one_placeholder_however_it_is_written() -> None:
    text = "ana@x.example, bob@x.example, ANA@X.example"
    assert MASKER.mask(text) == "[email], [email 2], [email]"


def test_several_texts_share_their_numbers() -> None:
    masked = Masked()
    assert MASKER.mask("call 020 7946 0018", masked) == "call [phone]"
    assert MASKER.mask("or 020 7946 0991, or (020) 79460018", masked) == "or [phone 2], or [phone]"
    assert masked.counts == {"phone": 3}


def test_what_the_project_allows_passes_in_any_spelling() -> None:
    masker = Masker(MaskingRules(allowed=OWN, regions=("GB",)))
    text = "Dear Ines, HELP@wren.example, 020 7946 0991 or +44 (0)20 7946 0991, 4 Hedge Lane, Littlecote"
    assert masker.mask(text) == text
    assert masker.mask("ana+help@wren.example, 020 7946 0992") == "[email], [phone]"


def test_an_end_of_an_allowed_number_or_a_part_of_an_allowed_word_is_somebody_elses() -> None:
    allowed = ("+44 20 7946 0991", "Wren, 14 Hedge Lane, Littlecote")
    masker = Masker(MaskingRules(allowed, regions=("GB", "DE")))
    assert masker.mask("14 Hedge Lane, Littlecote") == "14 Hedge Lane, Littlecote"
    assert masker.mask("4 Hedge Lane, phone 0460991") == "[address], phone [phone]"


def test_of_two_finds_that_overlap_nothing_is_left() -> None:
    assert MASKER.mask("ring +49 30 0130 00.ana@example.com now") == "ring [phone] now"


def test_private_values_never_pass_whatever_their_case_and_spaces() -> None:
    masker = Masker(MaskingRules(private=("Jo Bloggs", "O'Hara")))
    assert (
        masker.mask("JO  Bloggs and O’Hara pack it, not Jo Bloggson.")
        == "[private] and [private 2] pack it, not Jo Bloggson."
    )


def test_a_private_value_that_overlaps_leaves_nothing_of_either() -> None:
    masker = Masker(MaskingRules(private=("Lima jo@x",)))
    assert masker.mask("Lima jo@x.example") == "[private]"


@pytest.mark.parametrize("hidden", ["\u200b", "\u00ad", "\u2060", "\U000e0061"])
def test_invisible_characters_hide_nothing(hidden: str) -> None:
    text = "x " + hidden.join("ana@shop.com") + " y"
    assert MASKER.mask(text) == "x [email] y"


def test_lookalikes_and_wide_digits_hide_nothing() -> None:
    assert MASKER.mask("аnа＠shοp。com, ０２０ ７９４６ ００１８") == "[email], [phone]"


def test_masked_text_holds_nothing_more_to_find() -> None:
    for value in PERSONAL:
        once = MASKER.mask(f"Take {value} now.")
        assert MASKER.find(once) == [], once


def test_every_kind_has_a_placeholder_that_is_known_again() -> None:
    for label in LABELS.values():
        assert PLACEHOLDER.fullmatch(f"[{label}]")
        assert PLACEHOLDER.fullmatch(f"[{label} 12]")
    assert not PLACEHOLDER.search("[emails] [phone x]")


@pytest.mark.slow
@given(
    st.lists(st.sampled_from(PERSONAL), min_size=1, max_size=4), st.lists(st.text(max_size=30), min_size=5, max_size=5)
)
def test_no_planted_value_survives_between_any_two_texts(values: list[str], around: list[str]) -> None:
    pieces = [around[0]]
    for value, text in zip(values, around[1:], strict=False):
        pieces += ["\n", value, "\n", text]
    masked = MASKER.mask("".join(pieces))
    around_text = "\n".join(around)
    assert [value for value in values if value in masked and value not in around_text] == []


@given(st.text(max_size=200))
def test_finds_are_in_order_inside_the_text_and_apart(text: str) -> None:
    end = 0
    for found in MASKER.find(text):
        assert end <= found.start < found.end <= len(text)
        end = found.end
