"""TCF strings: what they say, what they allow, and what is no consent."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.stages.consent.tcf import PublisherPurposes, TcfString, read_tcf
from tailorbird.testing.consent_strings import pack_tcf

CORE = "COvFyGBOvFyGBAbAAAENAPCAAOAAAAAAAAAAAEEUACCKAAA"
WITH_VENDORS = (
    f"{CORE}.IFoEUQQgAIQwgIwQABAEAAAAOIAACAIAAAAQAIAgEAACEAAAAAgAQBAAAAAAAGBAAgAAAAAAAFAAECAAAgAAQARAEQAAAAAJAAIAAgAA"
    "AYQEAAAQmAgBC3ZAYzUw"
)
LAST_OLD_DAY = datetime(2026, 2, 28, 23, 59, 59, tzinfo=UTC)
IDS = st.frozensets(st.integers(1, 900), max_size=12)


def read(text: str) -> TcfString:
    found = read_tcf(text)
    assert isinstance(found, TcfString), found
    return found


def base(**changes: Any) -> TcfString:
    return replace(read(CORE), **changes)


def test_the_published_string_says_what_its_specification_says() -> None:
    tcf = read(WITH_VENDORS)
    assert (tcf.cmp_id, tcf.vendor_list_version, tcf.policy_version, tcf.consent_language) == (27, 15, 2, "EN")
    assert tcf.created == datetime(2020, 2, 20, 23, 57, 39, 300000, UTC)
    assert tcf.purpose_consents == {1, 2, 3}
    assert tcf.vendor_consents == tcf.vendor_interests == {2, 6, 8}
    assert tcf.disclosed is not None and {2, 6, 8, 716, 720} <= tcf.disclosed
    assert tcf.allowed is None and tcf.publisher is None


def test_a_string_made_after_february_2026_without_disclosed_vendors_is_no_consent() -> None:
    new = base(created=LAST_OLD_DAY + timedelta(seconds=1))
    assert "disclosed" in read(pack_tcf(new)).fault
    assert not read(pack_tcf(new)).allows(1, 2)
    told = replace(new, disclosed=frozenset({2, 6}))
    assert read(pack_tcf(told)).fault == ""
    assert read(pack_tcf(told)).allows(1, 2)
    assert not read(pack_tcf(told)).allows(1, 8)  # a vendor of whom the person was not told


def test_an_older_string_without_disclosed_vendors_stays_valid() -> None:
    assert base(created=LAST_OLD_DAY).allows(1, 2)


@pytest.mark.parametrize("purpose", [1, 3, 4, 5, 6])
def test_profiles_and_personalised_content_never_rest_on_a_legitimate_interest(purpose: int) -> None:
    nothing_but_interest = base(purpose_consents=frozenset(), purpose_interests=frozenset(range(1, 12)))
    assert not nothing_but_interest.allows(purpose, 2)
    assert nothing_but_interest.allows(7, 2)


def test_a_publisher_may_only_restrict() -> None:
    tcf = base(purpose_consents=frozenset({7, 9}), purpose_interests=frozenset({7, 8}))
    assert not replace(tcf, restrictions={(7, 2): "not_allowed"}).allows(7, 2)
    assert not replace(tcf, restrictions={(8, 2): "needs_consent"}).allows(8, 2)
    assert not replace(tcf, restrictions={(9, 2): "needs_legitimate_interest"}).allows(9, 2)
    assert replace(tcf, restrictions={(7, 2): "needs_legitimate_interest"}).allows(7, 2)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "too early"),
        ("C", "too early"),
        (CORE[:-20], "too early"),
        ("B" + CORE[1:], "version 1"),
        (f"{CORE}.", "too early"),
        (f"{CORE}.AAAA", "unknown segment"),
        (f"{WITH_VENDORS}.IAAAA", "twice"),
        (f"{CORE}!", "base64url"),
        ("C" * 100_000, "too long"),
    ],
)
def test_what_cannot_be_read_is_a_reason_and_no_exception(text: str, why: str) -> None:
    found = read_tcf(text)
    assert isinstance(found, str) and why in found


@given(st.text(max_size=200) | st.text(alphabet="ABCDEIwxyz019-_.~", max_size=400).map("C".__add__))
def test_no_text_at_all_raises(text: str) -> None:
    assert isinstance(read_tcf(text), str | TcfString)


tenths = st.integers(0, 2**34).map(lambda n: datetime(1990, 1, 1, tzinfo=UTC) + timedelta(milliseconds=100 * n))
publishers = st.builds(
    PublisherPurposes, *[st.frozensets(st.integers(1, 24)) for _ in "ab"], *[st.frozensets(st.integers(1, 60))] * 2
)
strings = st.builds(
    TcfString,
    created=tenths, updated=tenths, cmp_id=st.integers(0, 4095), cmp_version=st.integers(0, 4095),
    consent_screen=st.integers(0, 63), consent_language=st.sampled_from(["EN", "DE", "ZZ"]),
    vendor_list_version=st.integers(0, 4095), policy_version=st.integers(0, 63), is_service_specific=st.booleans(),
    uses_other_texts=st.booleans(), special_features=st.frozensets(st.integers(1, 12)),
    purpose_consents=st.frozensets(st.integers(1, 24)), purpose_interests=st.frozensets(st.integers(1, 24)),
    purpose_one_treatment=st.booleans(), publisher_country=st.sampled_from(["AA", "FR"]),
    vendor_consents=IDS, vendor_interests=IDS,
    restrictions=st.dictionaries(
        st.tuples(st.integers(0, 63), st.integers(1, 900)),
        st.sampled_from(["not_allowed", "needs_consent", "needs_legitimate_interest"]), max_size=6,
    ),
    disclosed=st.none() | IDS, allowed=st.none() | IDS, publisher=st.none() | publishers,
)  # fmt: skip


@pytest.mark.slow
@given(strings, st.booleans())
def test_what_is_packed_is_read_again_in_both_encodings(tcf: TcfString, as_ranges: bool) -> None:
    assert read_tcf(pack_tcf(tcf, as_ranges)) == tcf
