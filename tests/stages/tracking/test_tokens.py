import timeit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.stages.tracking.tokens import TAG_BYTES, TOKEN_CHARS_MAX, TokenError, read_token, sign_token

KEY = b"k" * 32
CLICK = ("m_0123456789abcdef01234567", "hero", "https://shop.example/p/1?utm_source=mail&q=ä")
FIELDS = st.lists(st.text(st.characters(exclude_categories=["Cc", "Cs"])), min_size=1, max_size=4)


@pytest.mark.slow
@given(FIELDS, st.sampled_from("cou"))
def test_a_token_gives_back_what_was_signed(fields: list[str], kind: str) -> None:
    token = sign_token(kind, fields, KEY)
    assert read_token(kind, token, KEY) == tuple(fields)
    assert token.replace("-", "").replace("_", "").isalnum()


@given(st.data())
def test_a_token_with_any_character_changed_is_refused(data: st.DataObject) -> None:
    token = sign_token("c", CLICK, KEY)
    position = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.sampled_from([c for c in "Aa0-_=~é.\n" if c != token[position]]))
    with pytest.raises(TokenError):
        read_token("c", token[:position] + other + token[position + 1 :], KEY)


@pytest.mark.slow
@given(st.text(max_size=80))
def test_made_up_text_is_refused(token: str) -> None:
    with pytest.raises(TokenError):
        read_token("u", token, KEY)


def test_a_token_counts_only_for_its_kind_and_key() -> None:
    token = sign_token("o", CLICK[:1], KEY)
    for kind, key in (("u", KEY), ("c", KEY), ("o", b"x" * 32)):
        with pytest.raises(TokenError):
            read_token(kind, token, key)


def test_cut_padded_and_endless_tokens_are_refused() -> None:
    token = sign_token("c", CLICK, KEY)
    for bad in (token[:-1], token + "=", token + "A", "", "A" * 5000):
        with pytest.raises(TokenError):
            read_token("c", bad, KEY)


def test_a_field_cannot_smuggle_in_another_field() -> None:
    with pytest.raises(TokenError):
        sign_token("c", ["a\x00b"], KEY)
    with pytest.raises(TokenError):
        sign_token("c", [], KEY)


def test_signing_takes_microseconds() -> None:
    best = min(timeit.repeat(lambda: sign_token("c", CLICK, KEY), number=500, repeat=5)) / 500
    assert best < 100e-6


def test_a_token_that_nobody_would_read_is_not_signed() -> None:
    longest = TOKEN_CHARS_MAX * 3 // 4 - TAG_BYTES
    assert read_token("c", sign_token("c", ["a" * longest], KEY), KEY) == ("a" * longest,)
    with pytest.raises(TokenError, match=r"too long.*shorter"):
        sign_token("c", ["a" * (longest + 1)], KEY)


@pytest.mark.parametrize("field", ["a\nb", "a\r\nb", "\x7f", "\x85", "\t", "\ud800"])
def test_a_field_with_a_control_character_is_not_signed(field: str) -> None:
    with pytest.raises(TokenError):
        sign_token("c", [field], KEY)
