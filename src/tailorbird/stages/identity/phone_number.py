"""Telephone numbers in one spelling: E.164, by the country of the person where a number carries none."""

from collections.abc import Mapping

_CHARS_MAX = 64


def read_phone(text: object, country: str | None = None) -> tuple[str | None, str]:
    """(the number in E.164, '') or (None, why it is none). `country` is an ISO 3166 code such as 'GB'.

    An extension is dropped, because nobody can write to one. A number that no plan of its country holds is refused:
    of two wrong numbers nobody can say that they are one.
    """
    if not isinstance(text, str) or not text.strip():
        return None, "there is no number"
    if len(text) > _CHARS_MAX:
        return None, f"it has {len(text):,} characters; a number has at most {_CHARS_MAX}"
    import phonenumbers

    region = country.strip().upper() if country else None
    if region not in phonenumbers.SUPPORTED_REGIONS:
        region = None
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException as error:
        if error.error_type == phonenumbers.NumberParseException.INVALID_COUNTRY_CODE and not region:
            return None, "it begins with no country code, and the person's country is not known"
        return None, "it is no telephone number"
    if not phonenumbers.is_valid_number(number):
        place = phonenumbers.region_code_for_country_code(number.country_code or 0)
        return None, f"no numbers of {'any country' if place == 'ZZ' else place} look like that"
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), ""


def phone_of(traits: Mapping[str, object]) -> str | None:
    """A person's number in E.164, from the traits `phone` and `country` (or `address.country`)."""
    address = traits.get("address")
    country = traits.get("country") or (address.get("country") if isinstance(address, Mapping) else None)
    return read_phone(traits.get("phone"), country if isinstance(country, str) else None)[0]
