"""E-mail addresses in one spelling."""

import os
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.stages.identity.email_address import EmailAddress, _read_unusual, is_plain, read_email

DATA = Path(os.environ.get("TAILORBIRD_DATA", Path(__file__).resolve().parents[4] / "shared" / "data")) / "isemail"


def spelled(text: object) -> str | None:
    found = read_email(text)
    return found.address if isinstance(found, EmailAddress) else None


def refused(text: object) -> str:
    found = read_email(text)
    assert isinstance(found, str), found
    return found


@pytest.mark.parametrize(
    "email",
    [
        "a@b.example",
        "first.last+tag@sub.shop.co.uk",
        "13085@customers.example",
        "o'brien@mail.example",
        "a@xn--bcher-kva.example",
        "x" * 64 + "@b.example",
    ],
)
def test_a_plain_address_is_one_as_it_stands(email: str) -> None:
    assert spelled(email) == email


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (" Ana.Lee@Shop.EXAMPLE ", "Ana.Lee@shop.example"),
        ('"ana"@b.example', "ana@b.example"),
        ("ana@bücher.example", "ana@xn--bcher-kva.example"),
        ("ana@BÜCHER.example", "ana@xn--bcher-kva.example"),
        ("ana@faß.example", "ana@xn--fa-hia.example"),
    ],
)
def test_an_address_that_is_written_unusually_is_the_plain_one_it_means(written: str, meant: str) -> None:
    assert spelled(written) == meant


@pytest.mark.parametrize(
    "email",
    [
        None, "", "a", "a@", "@b.example", "a@b", "a b@c.example", "a@b..example", ".a@b.example", "a.@b.example",
        "a@b.example\r\nBcc: x@y.example", "a\x00@b.example", "a@b.example\n", "a@-b.example", "a@b_c.example",
        "<a@b.example>", "a@b.example, c@d.example", "a@[127.0.0.1]", "a@127.0.0.1", "é@b.example", "a@b.example.",
        "x" * 65 + "@b.example", "a@" + "b" * 64 + ".example", "a@" + ".".join(["bbbbbbbbb"] * 26) + ".example",
        '"a b"@c.example', "Ana <a@b.example>", "a@xn--zz.example", 7, "a" * 10_000 + "@b.example",
    ],
)  # fmt: skip
def test_what_cannot_be_written_to_is_refused_with_a_reason(email: object) -> None:
    reason = refused(email)
    assert reason and "\n" not in reason and len(reason) < 250


def test_reasons_say_what_is_wrong_in_words() -> None:
    assert refused("a@b") == "the domain has no dot"
    assert refused("é@b.example") == "the part before the @ has letters outside ASCII, which most relays refuse"
    assert refused('"a b"@c.example') == "the part before the @ needs quotes, which most relays refuse"
    assert refused("x" * 65 + "@b.example") == "the part before the @ has 65 characters; it may have 64"


def test_case_and_the_scripts_of_domains_are_one_mailbox_and_dots_and_tags_are_not() -> None:
    def compared(text: str) -> str:
        found = read_email(text)
        assert isinstance(found, EmailAddress)
        return found.compared

    assert compared("Ana@Bücher.example") == compared("ANA@xn--bcher-kva.EXAMPLE")
    assert len({compared(text) for text in ("ana@b.example", "a.na@b.example", "ana+news@b.example")}) == 3


ATOMS = st.from_regex(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,12}(\.[A-Za-z0-9_-]{1,9}){0,2}", fullmatch=True)
DOMAINS = st.from_regex(r"([A-Za-z0-9]([A-Za-z0-9-]{0,9}[A-Za-z0-9])?\.){1,3}[a-z]{2,6}", fullmatch=True)


@pytest.mark.slow
@given(ATOMS, DOMAINS)
def test_the_quick_look_takes_only_what_the_whole_syntax_takes_in_the_same_spelling(local: str, domain: str) -> None:
    if is_plain(local, domain) and not domain.lower().endswith((".test", ".invalid", ".localhost", ".local", ".arpa")):
        assert _read_unusual(f"{local}@{domain}") == read_email(f"{local}@{domain}")


@pytest.mark.slow
@given(st.text(max_size=40) | st.emails())
def test_whatever_is_given_an_address_is_plain_and_stays_itself(text: str) -> None:
    found = read_email(text)
    if isinstance(found, EmailAddress):
        assert is_plain(*found.address.rsplit("@", 1)) or "xn--" in found.address
        assert read_email(found.address) == found


def cases(name: str) -> list[tuple[str, str, str]]:
    """(address, category, diagnosis) of one of isemail's files; control characters stand there as U+2400 and so on."""
    if not (DATA / name).is_file():
        if "data" in os.environ.get("TAILORBIRD_REQUIRE", ""):
            pytest.fail(f"{DATA / name} is required")
        pytest.skip(f"{DATA / name} is not there; set TAILORBIRD_DATA")
    found = []
    for test in ET.parse(DATA / name).getroot().iter("test"):
        shown = test.findtext("address") or ""
        address = "".join(chr(ord(c) - 0x2400) if "\u2400" <= c <= "\u2421" else c for c in shown)
        category, diagnosis = (str(test.findtext(tag)).removeprefix("ISEMAIL_") for tag in ("category", "diagnosis"))
        found.append((address, category, diagnosis))
    return found


def test_every_published_case_is_judged_and_nothing_that_is_wrong_is_taken() -> None:
    every = cases("tests.xml") + cases("tests-original.xml")
    assert len(every) == 164 + 279
    taken = [case for case in every if spelled(case[0]) is not None]
    refused_valid = [case for case in every if case not in taken and case[1] in ("VALID_CATEGORY", "DNSWARN")]
    by_category = Counter(category for _, category, _ in taken)
    assert by_category == {"VALID_CATEGORY": 42, "DNSWARN": 20, "RFC5321": 8, "CFWS": 2}
    # A domain without a dot, and one whose encoding decodes to nothing.
    assert [address for address, _, _ in refused_valid] == ["test@io", "test@xn--example.com"]
    # Quotes that are not needed, and spaces around the whole, do not change which mailbox is meant.
    assert all(address.startswith('"') for address, category, _ in taken if category == "RFC5321")
    assert all(address.strip(" ") == spelled(address) for address, category, _ in taken if category == "CFWS")
