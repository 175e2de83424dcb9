"""The packed strings are those that others publish."""

from datetime import UTC, datetime

from tailorbird.stages.consent.gpp_us import UsSection
from tailorbird.stages.consent.tcf import TcfString, read_tcf
from tailorbird.testing.consent_strings import pack_gpp, pack_tcf, pack_us

PUBLISHED = "COvFyGBOvFyGBAbAAAENAPCAAOAAAAAAAAAAAEEUACCKAAA"


def test_a_tcf_string_is_packed_as_in_the_specification() -> None:
    read = read_tcf(PUBLISHED)
    assert isinstance(read, TcfString)
    assert read.created == datetime(2020, 2, 20, 23, 57, 39, 300000, UTC)
    assert pack_tcf(read) == PUBLISHED


def test_a_gpp_header_is_packed_as_in_the_specification() -> None:
    assert pack_gpp({2: "CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA"}).startswith("DBABMA~C")
    assert pack_gpp({2: "CPXxRfA", 6: "1YNN"}) == "DBACNYA~CPXxRfA~1YNN"
    assert pack_gpp({6: "1YYN", 7: "BVVVVVVVVmA.YA", 8: "BVVFVVWY.YA"}).split("~")[0] == "DBABzYA"


def test_a_us_section_with_nothing_said_is_a_version_and_zeros() -> None:
    names = ("SaleOptOutNotice", "SharingOptOutNotice", "SensitiveDataLimitUseNotice", "SaleOptOut", "SharingOptOut")
    assert pack_us(8, UsSection("usca", dict.fromkeys(names, 0), True)) == "BAAAAAAA.YA"
