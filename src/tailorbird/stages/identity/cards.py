"""Cards: what is compared of people to find duplicates, in one spelling."""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from tailorbird.stages.identity.email_address import EmailAddress, read_email
from tailorbird.stages.identity.phone_number import phone_of
from tailorbird.types.identity import CARD_FIELDS, PersonCard

_CHARS_MAX = 100
_SEPARATORS = re.compile(r"[\W_]+")


def card_of(person_id: str, traits: Mapping[str, object]) -> PersonCard:
    """A person's card from the traits of Segment's vocabulary: firstName, lastName, email, phone, address.postalCode.

    Names lose case, accents and punctuation, postcodes everything but letters and digits; an address or a number that
    is none is left out.
    """
    address = traits.get("address")
    inner: Mapping[str, object] = address if isinstance(address, Mapping) else {}
    email = read_email(traits.get("email"))
    return PersonCard(
        person_id,
        first_name=_name(traits.get("firstName") or traits.get("first_name")),
        last_name=_name(traits.get("lastName") or traits.get("last_name")),
        email=email.compared if isinstance(email, EmailAddress) else None,
        phone=phone_of(traits),
        postcode=_name(inner.get("postalCode") or traits.get("postcode") or traits.get("postalCode"), ""),
    )


def known_fields(cards: Iterable[PersonCard]) -> tuple[str, ...]:
    """The fields that at least two people have, and not all of them the same: only those can tell people apart."""
    values: dict[str, list[str]] = {name: [] for name in CARD_FIELDS}
    for card in cards:
        for name in CARD_FIELDS:
            if value := getattr(card, name):
                values[name].append(value)
    return tuple(name for name, found in values.items() if len(found) > 1 and len(set(found)) > 1)


def _name(value: object, joined_by: str = " ") -> str | None:
    if not isinstance(value, str):
        return None
    plain = "".join(c for c in unicodedata.normalize("NFKD", value[:_CHARS_MAX]) if not unicodedata.combining(c))
    return _SEPARATORS.sub(joined_by, plain.casefold()).strip() or None
