"""TCF: the transparency and consent string of IAB Europe, version 2 up to policy 2.3, read and judged.

A string that was made after 28 February 2026 must name the vendors that were disclosed to the person; without them it
is no consent. An older one stays valid. Purposes 3 to 6 (profiles, personalised content) rest on consent alone, never
on a legitimate interest, and so does purpose 1.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from tailorbird.stages.consent.bits import BitReader, UnreadableError

DISCLOSURE_SINCE = datetime(2026, 3, 1, tzinfo=UTC)
"""Strings created from here on need the segment of disclosed vendors."""

STRING_CHARS_MAX = 64 * 1024
CONSENT_ONLY = frozenset({1, 3, 4, 5, 6})
_DISCLOSED, _ALLOWED, _PUBLISHER = 1, 2, 3

Restriction = Literal["not_allowed", "needs_consent", "needs_legitimate_interest"]
_RESTRICTIONS: tuple[Restriction, ...] = ("not_allowed", "needs_consent", "needs_legitimate_interest")


@dataclass(frozen=True, slots=True)
class PublisherPurposes:
    """What the publisher itself may do: purposes by consent and by legitimate interest, the custom ones apart."""

    consents: frozenset[int]
    legitimate_interests: frozenset[int]
    custom_consents: frozenset[int]
    custom_legitimate_interests: frozenset[int]


@dataclass(frozen=True, slots=True)
class TcfString:
    """A decoded string. `restrictions` maps (purpose, vendor) to what the publisher restricts.

    `disclosed` and `allowed` are None where the string has no such segment.
    """

    created: datetime
    updated: datetime
    cmp_id: int
    cmp_version: int
    consent_screen: int
    consent_language: str
    vendor_list_version: int
    policy_version: int
    is_service_specific: bool
    uses_other_texts: bool
    special_features: frozenset[int]
    purpose_consents: frozenset[int]
    purpose_interests: frozenset[int]
    purpose_one_treatment: bool
    publisher_country: str
    vendor_consents: frozenset[int]
    vendor_interests: frozenset[int]
    restrictions: Mapping[tuple[int, int], Restriction] = field(default_factory=dict)
    disclosed: frozenset[int] | None = None
    allowed: frozenset[int] | None = None
    publisher: PublisherPurposes | None = None

    @property
    def fault(self) -> str:
        """Why the whole string is no consent; '' where it may be one."""
        if self.disclosed is None and self.created >= DISCLOSURE_SINCE:
            return f"the TCF string of {self.created:%Y-%m-%d} does not say which vendors were disclosed"
        return ""

    def allows(self, purpose: int, vendor: int) -> bool:
        """Whether the vendor may process for the purpose, by consent or, where that may be, by legitimate interest."""
        if self.fault or (self.disclosed is not None and vendor not in self.disclosed):
            return False
        restriction = self.restrictions.get((purpose, vendor))
        if restriction == "not_allowed":
            return False
        agreed = purpose in self.purpose_consents and vendor in self.vendor_consents
        if agreed and restriction != "needs_legitimate_interest":
            return True
        interest = purpose in self.purpose_interests and vendor in self.vendor_interests
        return interest and purpose not in CONSENT_ONLY and restriction != "needs_consent"


def read_tcf(text: str) -> TcfString | str:
    """The decoded string; or, in words, why it cannot be read."""
    if len(text) > STRING_CHARS_MAX:
        return "the TCF string is too long"
    try:
        return _read(text)
    except (UnreadableError, OverflowError) as error:
        return f"the TCF string cannot be read: {error}"


def _read(text: str) -> TcfString:
    head, *segments = text.split(".")
    bits = BitReader(head)
    version = bits.number(6)
    if version != 2:
        raise UnreadableError(f"it is of version {version}, not 2")
    core = _core(bits)
    disclosed = allowed = publisher = None
    for segment in segments:
        more = BitReader(segment)
        kind = more.number(3)
        if kind == _DISCLOSED and disclosed is None:
            disclosed = more.vendors()
        elif kind == _ALLOWED and allowed is None:
            allowed = more.vendors()
        elif kind == _PUBLISHER and publisher is None:
            publisher = _publisher(more)
        else:
            raise UnreadableError(f"it has an unknown segment, or one twice (type {kind})")
    return TcfString(*core, disclosed=disclosed, allowed=allowed, publisher=publisher)


def _core(bits: BitReader) -> tuple[
    datetime, datetime, int, int, int, str, int, int, bool, bool, frozenset[int], frozenset[int], frozenset[int], bool,
    str, frozenset[int], frozenset[int], Mapping[tuple[int, int], Restriction],
]:  # fmt: skip
    """The fields of TcfString up to the restrictions, in the order in which they are packed."""
    return (
        bits.moment(),
        bits.moment(),
        bits.number(12),
        bits.number(12),
        bits.number(6),
        bits.letters(),
        bits.number(12),
        bits.number(6),
        bits.flag(),
        bits.flag(),
        bits.flagged(12),
        bits.flagged(24),
        bits.flagged(24),
        bits.flag(),
        bits.letters(),
        bits.vendors(),
        bits.vendors(),
        _restrictions(bits),
    )


def _restrictions(bits: BitReader) -> Mapping[tuple[int, int], Restriction]:
    """Two that contradict each other leave the stricter one."""
    found: dict[tuple[int, int], Restriction] = {}
    for _ in range(bits.number(12)):
        purpose, kind = bits.number(6), bits.number(2)
        vendors = bits.ranges()
        if kind >= len(_RESTRICTIONS):
            raise UnreadableError("it has a restriction of an unknown type")
        for vendor in vendors:
            before = found.get((purpose, vendor), _RESTRICTIONS[kind])
            found[purpose, vendor] = before if before == _RESTRICTIONS[kind] else "not_allowed"
    return found


def _publisher(bits: BitReader) -> PublisherPurposes:
    consents, interests = bits.flagged(24), bits.flagged(24)
    count = bits.number(6)
    return PublisherPurposes(consents, interests, bits.flagged(count), bits.flagged(count))
