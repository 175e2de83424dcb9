"""The pattern's alternatives are bounded: no text costs more than its length times a constant."""

import time

import pytest

from tailorbird.stages.privacy.masking import Masker, MaskingRules
from tailorbird.stages.privacy.patterns import SCAN

PIECES = [
    "a", "A ", "1", "1.", "12 345 ", "123-45-", "a@", "@", "(at)", "x at x dot ", "http://", "f:", ":", "dear A ", "passport ",
    "12 Oak ", "Suite 5 ", "Calle de la A ", "GB82WEST", "aweg 1", "Hauptstr. ", "born 1 ", "\n", " ", "a\u200b", "é", "а",
    '"a@', "a.b@c.d(dot)", "+44 20 7946 0018 ", "my name is ", "Regards,\n", "Mr ", "Mr Dr Dr Dr ", "4111 1111 ", "address: ",
]  # fmt: skip


def cost(text: str) -> float:
    masker = Masker(MaskingRules(private=("Jo Bloggs",), regions=("GB", "DE")))
    before = time.process_time()
    masker.find(text)
    return time.process_time() - before


@pytest.mark.slow
@pytest.mark.parametrize("piece", PIECES)
def test_ten_times_the_text_costs_about_ten_times_as_much(piece: str) -> None:
    small, large = 6_000 // len(piece), 60_000 // len(piece)
    first = min(cost(piece * small) for _ in range(3))
    assert min(cost(piece * large) for _ in range(2)) < 40 * max(first, 0.002)


@pytest.mark.slow
@pytest.mark.parametrize("piece", ["1.", "123-45-", "a@", "x at x dot ", "http://a.b/?q=1 ", "12 Oak ", "a.b@c.de "])
def test_a_quarter_of_a_megabyte_of_the_worst_is_read_in_seconds(piece: str) -> None:
    assert cost((piece * 250_000)[:250_000]) < 8


def test_the_last_group_of_a_find_is_its_kind() -> None:
    """The parts inside close before the whole: `lastgroup` names the whole."""
    found = {match.lastgroup for text in ("Dear Ana,", "Mr Ito", "born on 1/2/1980") for match in SCAN.finditer(text)}
    assert found == {"greeting", "title", "birth"}
