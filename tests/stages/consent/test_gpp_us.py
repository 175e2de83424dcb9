"""US sections of GPP."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.stages.consent.bits import UnreadableError
from tailorbird.stages.consent.gpp_us import LAYOUTS, UsSection, read_us_section, read_usp
from tailorbird.testing.consent_strings import pack_us

SALE = frozenset({"SaleOptOut"})


@pytest.mark.slow
@given(st.data())
def test_what_is_packed_is_read_again(data: st.DataObject) -> None:
    number = data.draw(st.sampled_from(sorted(LAYOUTS)))
    layout = LAYOUTS[number]
    version = data.draw(st.sampled_from(sorted(layout.rest)))
    values = {name: data.draw(st.integers(0, 2)) for name in layout.fields}
    section = UsSection(layout.name, values, layout.has_gpc and data.draw(st.booleans()))
    assert read_us_section(number, pack_us(number, section, version)) == section


def test_only_an_opt_out_is_an_opt_out_and_gpc_opts_out_of_everything() -> None:
    assert not UsSection("usnat", {"SaleOptOut": 0}).opted_out(SALE)
    assert not UsSection("usnat", {"SaleOptOut": 2}).opted_out(SALE)
    assert not UsSection("usnat", {"SharingOptOut": 1}).opted_out(SALE)
    assert UsSection("usnat", {"SaleOptOut": 1}).opted_out(SALE)
    assert UsSection("usnat", {"SaleOptOut": 2}, gpc=True).opted_out(SALE)


@pytest.mark.parametrize(
    "text", ["", "BAAA", "CVVVVVVVVWA.YA", "DVVVVVVVVWA", "BVVVVVVVVWA.AA", "B_VVVVVVVWA", "BVVVVVVVVWA."]
)
def test_a_cut_an_unknown_version_and_an_unknown_segment_are_refused(text: str) -> None:
    with pytest.raises(UnreadableError):
        read_us_section(7, text)


@pytest.mark.parametrize(("text", "opted_out"), [("1YYN", True), ("1YNN", False), ("1---", False), ("1yyn", True)])
def test_the_old_us_privacy_string(text: str, opted_out: bool) -> None:
    assert read_usp(text).opted_out(SALE) is opted_out


@pytest.mark.parametrize("text", ["", "1YY", "2YYN", "1YXN", "1YYNN"])
def test_a_malformed_us_privacy_string_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError):
        read_usp(text)
