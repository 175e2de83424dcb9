"""Quoted-printable, whole and in pieces: the standard library reads back what was written."""

import quopri

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tailorbird.stages.channels.quoted_printable import quoted_piece, quoted_printable, whole

pytestmark = pytest.mark.slow

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=200) | st.text(" =\n.aé🪡", max_size=200)


def lines_end_alike(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_back(encoded: str) -> str:
    return quopri.decodestring(encoded.encode("ascii")).decode().replace("\r\n", "\n")


@given(text=texts)
@example(text="a  b   c \n  d ")
@example(text="=" * 80)
def test_a_text_comes_back_and_its_lines_are_short(text: str) -> None:
    encoded = quoted_printable(text)
    assert read_back(encoded) == lines_end_alike(text)
    assert max(map(len, encoded.split("\r\n"))) <= 76


@given(pieces=st.lists(texts, max_size=6))
@example(pieces=["x" * 74 + "  ", "  ", " y"])
@example(pieces=["a\n", "", "b", "\n"])
@example(pieces=["000" + "\x80" * 4 + "𐀀" * 4 + "0", "0"])  # a last line of 76 characters that ends in a plain one
@example(pieces=["x" * 73 + "=", "0"])  # and one that ends in an escaped one
def test_joined_pieces_come_back_as_one_text(pieces: list[str]) -> None:
    encoded = whole("".join(quoted_piece(piece) for piece in pieces))
    assert read_back(encoded) == "".join(lines_end_alike(piece) for piece in pieces)
    assert max(map(len, encoded.split("\r\n"))) <= 76


@given(text=texts)
def test_a_piece_is_its_own_relaxed_form(text: str) -> None:
    piece = quoted_piece(text)
    assert "  " not in piece
    assert "\t" not in piece
    assert " \r\n" not in piece
