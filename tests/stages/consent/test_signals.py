"""Signals as words on the project's purposes."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tailorbird.stages.consent.signals import is_gpc, words_of_gpc, words_of_gpp, words_of_tcf
from tailorbird.stages.consent.tcf import TcfString, read_tcf
from tailorbird.testing.consent_strings import pack_gpp, pack_tcf
from tailorbird.types.settings import SignalSettings

TCF = "COvFyGBOvFyGBAbAAAENAPCAAOAAAAAAAAAAAEEUACCKAAA"  # purposes 1 to 3 for vendors 2, 6 and 8
SIGNALS = SignalSettings(
    gpc=("sale_sharing", "profiling"),
    tcf={"cookies": (1,), "profiles": (3, 4)},
    tcf_vendor=6,
    gpp={"sale_sharing": ("SaleOptOut", "SharingOptOut"), "ads": ("TargetedAdvertisingOptOut",)},
)
NO_TCF = {"cookies": False, "profiles": False}


@pytest.mark.parametrize(
    ("value", "opts_out"), [("1", True), ("0", False), ("true", False), ("1, 1", False), (" 1", False), (None, False)]
)
def test_only_the_exact_1_is_an_opt_out(value: str | None, opts_out: bool) -> None:
    assert is_gpc(value) is opts_out


def test_gpc_opts_out_of_the_purposes_that_the_project_maps() -> None:
    assert words_of_gpc(SIGNALS).consents == {"sale_sharing": False, "profiling": False}
    assert words_of_gpc(SignalSettings()).consents == {"sale_sharing": False}


def test_a_purpose_needs_all_its_tcf_purposes() -> None:
    assert words_of_tcf(TCF, SIGNALS).consents == {"cookies": True, "profiles": False}
    assert words_of_tcf(TCF, replace(SIGNALS, tcf_vendor=7)).consents == NO_TCF


def test_a_new_string_without_disclosed_vendors_is_a_no_with_its_reason() -> None:
    old = read_tcf(TCF)
    assert isinstance(old, TcfString)
    new = pack_tcf(replace(old, created=datetime(2026, 3, 1, tzinfo=UTC)))
    words = words_of_tcf(new, SIGNALS)
    assert words.consents == NO_TCF and "disclosed" in words.reason
    words = words_of_gpp(pack_gpp({2: new}), SIGNALS)
    assert words.consents == NO_TCF and "disclosed" in words.reason


@pytest.mark.parametrize("text", ["", "C", "?" * 10])
def test_what_cannot_be_read_is_a_no_with_its_reason(text: str) -> None:
    assert words_of_tcf(text, SIGNALS).consents == NO_TCF and words_of_tcf(text, SIGNALS).reason
    assert words_of_gpp(text, SIGNALS).consents == {**NO_TCF, "sale_sharing": False, "ads": False}


def test_a_us_section_opts_out_and_never_in() -> None:
    assert words_of_gpp("DBABTA~1YYN", SIGNALS).consents == {"sale_sharing": False}
    assert words_of_gpp("DBABTA~1YNN", SIGNALS).consents == {}


def test_gpc_inside_a_gpp_string_opts_out_as_the_header_does() -> None:
    words = words_of_gpp(pack_gpp({8: "BAAAAAAA.YA"}), SIGNALS)
    assert words.consents == {"sale_sharing": False, "profiling": False, "ads": False}


def test_an_unread_section_is_a_no_to_what_it_could_have_spoken_of() -> None:
    words = words_of_gpp(pack_gpp({2: "broken", 6: "1YNN"}), SIGNALS)
    assert words.consents == NO_TCF and "section 2" in words.reason
    assert words_of_gpp(pack_gpp({24: "BAAA"}), SIGNALS).consents == {"sale_sharing": False, "ads": False}


def test_a_bare_tcf_string_may_come_as_gpp() -> None:
    assert words_of_gpp(TCF, SIGNALS).consents == {"cookies": True, "profiles": False}
