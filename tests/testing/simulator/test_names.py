from tailorbird.testing.simulator.names import DOMAINS, FIRST_NAMES, SURNAMES, address_of


def test_addresses_are_plain_ascii_at_example_domains() -> None:
    assert address_of("Jörg", "von Weidenbrück", 7) == "joerg.vonweidenbrueck.7@example.org"
    for locale, firsts in FIRST_NAMES.items():
        for number, (first, last) in enumerate(zip(firsts, SURNAMES[locale], strict=False)):
            local, _, domain = address_of(first, last, number).partition("@")
            assert local.isascii()
            assert local.replace(".", "").isalnum()
            assert domain in DOMAINS


def test_both_locales_have_names_without_doubles() -> None:
    for names in (*FIRST_NAMES.values(), *SURNAMES.values()):
        assert len(set(names)) == len(names) >= 20
