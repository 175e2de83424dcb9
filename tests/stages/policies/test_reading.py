import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.stages.policies.reading import fold, fold_with_offsets, read_text


@pytest.mark.parametrize(
    ("typed", "read"),
    [("Don’t", "Don't"), ("risk‑free", "risk-free"), ("“sale”", '"sale"'), ("ｆｒｅｅ", "free"), ("hu\u200brry", "hurry"),
     ("5\u00a0€", "5 €"), ("today—hurry", "today—hurry"), ("fre\u0301e", "frée")],
)  # fmt: skip
def test_what_looks_alike_is_read_alike(typed: str, read: str) -> None:
    assert fold(typed) == read


def test_a_span_leads_back_to_what_was_typed() -> None:
    reading = read_text("Well: hu\u200brry\u200b up")
    start = reading.folded.index("hurry")
    assert reading.text[slice(*reading.span(start, start + 5))].replace("\u200b", "") == "hurry"


def test_a_character_that_reads_as_two_is_one_in_the_span() -> None:
    reading = read_text("now‼")
    assert reading.folded == "now!!"
    assert reading.span(3, 5) == (3, 4)


@pytest.mark.slow
@given(st.text(max_size=60))
def test_every_place_of_the_folded_text_is_a_place_of_the_text(text: str) -> None:
    folded, offsets = fold_with_offsets(text)
    if offsets is None:
        assert len(folded) == len(text)
        return
    assert len(offsets) == len(folded) + 1
    assert list(offsets) == sorted(offsets)
    assert offsets[-1] == len(text)
    reading = read_text(text)
    for start in range(len(folded)):
        first, last = reading.span(start, start + 1)
        assert 0 <= first < last <= len(text)
