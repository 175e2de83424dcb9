"""Check digits, on published examples; any other last digit fails."""

import pytest

from tailorbird.stages.privacy import checksums


def test_luhn_holds_for_the_right_check_digit_only() -> None:
    assert [n for n in range(10) if checksums.luhn_holds(f"7992739871{n}")] == [3]


def test_product_numbers_have_a_check_digit_of_their_own() -> None:
    assert checksums.gtin_holds("4006381333931")
    assert not checksums.gtin_holds("4006381333932")
    assert not checksums.gtin_holds("40063813")


@pytest.mark.parametrize("iban", ["GB82WEST12345698765432", "DE89370400440532013000", "NO9386011117947"])
def test_an_iban_has_the_length_of_its_country_and_a_checksum(iban: str) -> None:
    assert checksums.iban_length(iban + "TAIL") == len(iban)
    assert checksums.iban_length(iban[:-1] + str((int(iban[-1]) + 1) % 10)) == 0
    assert checksums.iban_length(iban[:-1]) == 0


def test_no_country_no_iban() -> None:
    assert checksums.iban_length("ZZ82WEST12345698765432") == 0
    assert checksums.iban_length("") == 0


@pytest.mark.parametrize("card", ["4111111111111111", "5500000000000004", "340000000000009", "30569309025904"])
def test_cards_are_in_a_range_that_is_issued(card: str) -> None:
    assert checksums.card_holds(card)
    assert not checksums.card_holds(card[:-1] + str((int(card[-1]) + 1) % 10))


def test_a_number_that_passes_luhn_alone_is_no_card() -> None:
    assert checksums.luhn_holds("1111111111111117")
    assert not checksums.card_holds("1111111111111117")


def test_identity_numbers_by_country() -> None:
    assert checksums.german_tax_id_holds("86095742719")
    assert not checksums.german_tax_id_holds("86095742718")
    assert not checksums.german_tax_id_holds("12345678901")
    assert checksums.cpf_holds("52998224725")
    assert not checksums.cpf_holds("11111111111")
    assert checksums.dni_holds("12345678", "Z")
    assert not checksums.dni_holds("12345678", "A")
    assert checksums.hetu_holds("131052308", "T")
    assert not checksums.hetu_holds("131052308", "U")
    assert checksums.codice_fiscale_holds("RSSMRA85T10A562S")
    assert not checksums.codice_fiscale_holds("RSSMRA85T10A562T")
    assert checksums.mod97_of("2550814168025") == 38
    assert checksums.weighted("111222333", (9, 8, 7, 6, 5, 4, 3, 2, -1), 11)
