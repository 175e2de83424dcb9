import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.stages.policies.lengths import display_width, measure, sms_segments
from tailorbird.types.policy_pack import Limit


@pytest.mark.parametrize(
    ("text", "columns"), [("abc", 3), ("你好", 4), ("ｶﾅ", 2), ("ば", 2), ("e\u0301", 1), ("日本 ab", 7)]
)
def test_wide_characters_take_two_columns(text: str, columns: int) -> None:
    assert display_width(text) == columns


def test_segments_as_acceptance_asks_160_characters_then_a_euro_then_an_emoji() -> None:
    text = "a" * 160
    assert [sms_segments(text), sms_segments(text + "€"), sms_segments(text + "€😀")] == [1, 2, 3]


@pytest.mark.parametrize(
    ("text", "segments"),
    [("", 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3), ("ж" * 70, 1), ("ж" * 71, 2), ("ж" * 134, 2),
     ("€" * 80, 1), ("€" * 81, 2), ("😀" * 35, 1), ("😀" * 36, 2)],
)  # fmt: skip
def test_segments_at_their_borders(text: str, segments: int) -> None:
    assert sms_segments(text) == segments


def test_an_escape_is_never_split_between_two_segments() -> None:
    # 152 + '€': the euro's two septets do not fit into the 153 of the first segment; then 152 of the second are left.
    assert sms_segments("a" * 152 + "€" + "a" * 151) == 2
    assert sms_segments("a" * 152 + "€" + "a" * 152) == 3


def test_a_surrogate_pair_is_never_split_between_two_segments() -> None:
    assert sms_segments("ж" * 66 + "😀" + "ж" * 65) == 2
    assert sms_segments("ж" * 66 + "😀" + "ж" * 66) == 3


@pytest.mark.slow
@given(st.text(min_size=1, max_size=400))
def test_more_text_never_takes_fewer_segments(text: str) -> None:
    assert sms_segments(text[:-1]) <= sms_segments(text)


def test_links_cost_what_the_platform_says() -> None:
    text = "See https://shop.example/a/very/long/path?with=query here"
    assert measure(text, Limit(unit="chars", max=280, link_cost=23)) == len("See  here") + 23
    assert measure("é", Limit(unit="bytes", max=1)) == 2
