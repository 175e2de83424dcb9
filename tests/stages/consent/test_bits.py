"""Bits out of base64url text."""

import time

import pytest

from tailorbird.stages.consent.bits import BitReader, UnreadableError


def test_numbers_and_flags_are_read_from_the_left() -> None:
    bits = BitReader("DBA")  # 000011 000001 000000
    assert (bits.number(6), bits.flag(), bits.number(5), bits.number(6)) == (3, False, 1, 0)
    with pytest.raises(UnreadableError, match="too early"):
        bits.flag()


@pytest.mark.parametrize(("text", "value"), [("w", 1), ("Y", 2), ("M", 3), ("s", 4), ("G", 5)])
def test_fibonacci_numbers_are_those_of_the_specification(text: str, value: int) -> None:
    assert BitReader(text).fibonacci() == value


@pytest.mark.parametrize("text", ["é", "A A", "A=", "A+", "\x00"])
def test_another_alphabet_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError, match="base64url"):
        BitReader(text)


def test_a_fibonacci_number_without_an_end_is_refused() -> None:
    with pytest.raises(UnreadableError, match="too big"):
        BitReader("A" * 40).fibonacci()


def test_a_short_text_cannot_name_billions_of_ids() -> None:
    entry = f"1{1:016b}{65535:016b}"
    packed = f"{4095:012b}" + entry * 4095
    packed += "0" * (-len(packed) % 6)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    text = "".join(alphabet[int(packed[at : at + 6], 2)] for at in range(0, len(packed), 6))
    began = time.process_time()
    with pytest.raises(UnreadableError, match="too many"):
        BitReader(text).ranges()
    assert time.process_time() - began < 1


def test_a_range_that_runs_backwards_is_refused() -> None:
    packed = f"{1:012b}1{9:016b}{3:016b}"
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    packed += "0" * (-len(packed) % 6)
    text = "".join(alphabet[int(packed[at : at + 6], 2)] for at in range(0, len(packed), 6))
    with pytest.raises(UnreadableError, match="backwards"):
        BitReader(text).ranges()
