"""GPP strings: the header, the sections, and what is left unread."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.stages.consent.gpp import OPT_OUT_FIELDS, GppString, read_gpp
from tailorbird.testing.consent_strings import pack_gpp

TCF = "CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA"
SALE = frozenset({"SaleOptOut"})


def read(text: str) -> GppString:
    found = read_gpp(text)
    assert isinstance(found, GppString), found
    return found


def test_the_specifications_examples_are_read() -> None:
    assert read(f"DBABMA~{TCF}").section_ids == (2,)
    two = read(f"DBACNYA~{TCF}~1YNN")
    assert two.section_ids == (2, 6)
    assert two.tcf is not None and two.tcf.publisher_country == "DE" and two.tcf.cmp_id == 31
    assert two.us[6].values == {"SaleOptOut": 2} and not two.opted_out(SALE)


def test_every_us_section_of_a_published_string_is_read_gpc_included() -> None:
    gpp = read("DBABzYA~1YYN~BVVVVVVVVmA.YA~BVVFVVWY.YA")
    assert gpp.section_ids == (6, 7, 8)
    assert [section.name for section in gpp.us.values()] == ["uspv1", "usnat", "usca"]
    assert gpp.us[7].values["TargetedAdvertisingOptOut"] == 1 and gpp.us[7].gpc and gpp.us[8].gpc
    assert gpp.opted_out(SALE)


def test_a_text_that_begins_with_c_is_a_bare_tcf_string() -> None:
    bare = read(TCF)
    assert bare.section_ids == (2,) and bare.tcf is not None


def test_a_section_that_cannot_be_read_is_named_and_the_others_are_read() -> None:
    gpp = read(pack_gpp({2: "XYZ", 6: "1YYN", 24: "BAAA"}))
    assert gpp.tcf is None and set(gpp.unread) == {2, 24}
    assert gpp.opted_out(SALE)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "too early"),
        ("DBABMA", "1 sections, and 0 follow"),
        (f"DBABMA~{TCF}~1YNN", "1 sections, and 2 follow"),
        ("AAAA", "begin as a GPP header"),
        ("DCABMA~x", "version 2"),
        ("D" * 100_000, "too long"),
        ("Cxx", "TCF"),
    ],
)
def test_what_cannot_be_read_is_a_reason_and_no_exception(text: str, why: str) -> None:
    found = read_gpp(text)
    assert isinstance(found, str) and why in found


@pytest.mark.slow
@given(st.text(max_size=100) | st.text(alphabet="ABCDMNY~.-_01", max_size=300).map("DBAB".__add__))
def test_no_text_at_all_raises(text: str) -> None:
    assert isinstance(read_gpp(text), str | GppString)


@pytest.mark.slow
@given(st.dictionaries(st.integers(1, 60_000), st.sampled_from(["1YNN", "BAAA", ""]), max_size=8))
def test_the_ids_of_any_header_are_read_again(sections: dict[int, str]) -> None:
    assert read(pack_gpp(sections)).section_ids == tuple(sorted(sections))


def test_the_opt_outs_that_a_project_may_map_are_named() -> None:
    assert {"SaleOptOut", "SharingOptOut", "TargetedAdvertisingOptOut"} == OPT_OUT_FIELDS
