"""What becomes of each candidate: found whole, or let pass with a reason."""

import pytest

from tailorbird.stages.privacy.candidates import find_candidates


def found(text: str) -> list[tuple[str, str]]:
    return [(kind, text[start:end]) for start, end, kind in find_candidates(text, ("GB", "DE"))]


@pytest.mark.parametrize(
    "address",
    [
        "ana.lima@example.com", "ana+news@shop.co.uk", "ana (at) shop dot com", "ana [at] shop [dot] com",
        "ana at shop dot com", "ana @ shop.com", "john dot smith (at) x.de", "почта@пример.рф", "o'hara@x.org",
        '"ana lima"@x.org', "ana@[192.0.2.1]",
    ],
)  # fmt: skip
def test_addresses_are_found_as_people_write_them(address: str) -> None:
    assert found(f"Write to {address}, please.") == [("email", address)]


@pytest.mark.parametrize(
    "text", ["available at shop.com", "meet me at noon. Compare", "2 @ £5", "look at the dot on it"]
)
def test_an_at_alone_is_no_address(text: str) -> None:
    assert found(text) == []


def test_handles_are_found_also_in_web_addresses() -> None:
    assert found("by @ana_lima87!") == [("handle", "@ana_lima87")]
    assert found("https://social.example/@ana_l") == [("handle", "@ana_l")]


@pytest.mark.parametrize(
    "address",
    [
        "https://ana:secret@host.example/", "https://x.example/reset?token=abc123", "https://x.example/?email=a%40b.c",
        "https://x.example/u/3f2b9c1d8e7a4f6b9c1d8e7a4f6b", "https://x.example/#access_token=1",
    ],
)  # fmt: skip
def test_web_addresses_with_something_secret_are_found_whole(address: str) -> None:
    assert found(f"See {address}.") == [("url", address)]


def test_other_web_addresses_pass() -> None:
    assert found("https://shop.example/kettles?colour=red&page=2") == []


def test_ip_addresses_are_found_and_versions_and_times_are_not() -> None:
    assert found("from 86.121.97.248") == [("ip", "86.121.97.248")]
    assert found("from 2001:db8::8a2e:370:7334") == [("ip", "2001:db8::8a2e:370:7334")]
    assert found("version 1.2.3.4, at 12:30:45, 300.1.2.3, std::vector") == []


def test_an_iban_ends_where_its_country_says() -> None:
    assert found("GB82 WEST 1234 5698 7654 32 and more") == [("iban", "GB82 WEST 1234 5698 7654 32")]
    assert found("gb82west12345698765432") == [("iban", "gb82west12345698765432")]
    assert found("AB12 CDEF 1234 5698 7654 32") == []
    assert found("IBAN: GB82 WEST 1234 5698 7654 33")[0][0] == "iban"  # mistyped, and told


@pytest.mark.parametrize("code", ["AB123456C", "12345678Z", "X1234567L", "RSSMRA85T10A562S", "131052-308T"])
def test_identity_numbers_with_letters_are_found(code: str) -> None:
    assert found(f"it is {code}") == [("national_id", code)]


@pytest.mark.parametrize("code", ["12345678A", "X1234567A", "RSSMRA85T10A562T", "131052-308U"])
def test_a_wrong_check_letter_is_nobody_s(code: str) -> None:
    assert found(f"it is {code}") == []


def test_documents_are_found_by_the_word_before_their_number() -> None:
    assert found("my passport number is C01X00T47") == [("national_id", "C01X00T47")]
    assert found("driver's license: F162823540116") == [("national_id", "F162823540116")]
    assert found("passport cover, brown") == []


@pytest.mark.parametrize(
    "address",
    [
        "4 Hedge Lane, Littlecote, AB1 2CD", "Flat 3, 12 Baker Street, London NW1 6XE", "Hauptstraße 12, 12345 Berlin",
        "Lange Str. 5", "12 rue de la Paix, 75002 Paris", "Calle Mayor 5, 28013 Madrid", "Via Roma 12", "P.O. Box 123",
        "221B Baker Street", "Storgatan 12, 111 23 Stockholm", "Kerkstraat 7", "Springfield, IL 62704"[13:],
    ],
)  # fmt: skip
def test_postal_addresses_are_found_where_their_form_is_one(address: str) -> None:
    folded = address.replace("ß", "ss")
    assert found(f"I live in {folded}.") == [("address", folded)]


def test_a_line_that_says_address_is_one() -> None:
    assert found("Address:  5533 Countess 119 Seatoun") == [("address", "5533 Countess 119 Seatoun")]


@pytest.mark.parametrize("text", ["Spring 2026", "Oak tray 40 cm", "V7 8GB card", "a way to go", "class 10"])
def test_seasons_and_sizes_are_no_addresses(text: str) -> None:
    assert found(text) == []


def test_a_date_is_a_birth_date_where_a_word_says_so() -> None:
    assert found("born on 12 May 1980") == [("birth_date", "12 May 1980")]
    assert found("geboren am 12.05.1980") == [("birth_date", "12.05.1980")]
    assert found("made on 12 May 1980") == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Dear Ana Lima, thank you", "Ana Lima"), ("Mr. Smith bought it", "Smith"), ("Frau Dr. Muller sagt", "Muller"),
        ("my name is Maria de la Cruz", "Maria de la Cruz"), ("Best regards,\nMaria Lopez", "Maria Lopez"),
        ("Name:  Anna Josefsen", "Anna Josefsen"), ("Reviewed by Tom B.", "Tom B"),
    ],
)  # fmt: skip
def test_names_are_found_where_the_words_around_tell_of_one(text: str, name: str) -> None:
    assert found(text) == [("name", name)]


@pytest.mark.parametrize(
    "text", ["Hi there,", "Dear Customer,", "Hello Sailor bath set", "Liebe Kundin,", "Frying pan Red"]
)
def test_greetings_of_nobody_pass(text: str) -> None:
    assert found(text) == []


def test_a_name_alone_is_not_found() -> None:
    """The limit of patterns, held here so that no document promises more."""
    assert found("It was packed by Ana Lima on Monday.") == []
