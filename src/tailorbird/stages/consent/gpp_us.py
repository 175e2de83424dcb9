"""The US sections of GPP: what each says, and whether the person opted out of the sale of data or of its like."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tailorbird.stages.consent.bits import BitReader, UnreadableError

OPTED_OUT = 1
_GPC = 1

USP_NAMES = ("SaleOptOut",)


@dataclass(frozen=True, slots=True)
class Layout:
    """A section's core: two-bit fields by name, then `rest[version]` more of which nothing is needed here."""

    name: str
    fields: tuple[str, ...]
    rest: Mapping[int, int]
    has_gpc: bool = True

    @property
    def opt_outs(self) -> tuple[str, ...]:
        """The fields that say whether the person opted out."""
        return tuple(name for name in self.fields if name.endswith("OptOut"))


_STATE = ("ProcessingNotice", "SaleOptOutNotice", "TargetedAdvertisingOptOutNotice",
          "SaleOptOut", "TargetedAdvertisingOptOut")  # fmt: skip
_SENSITIVE = ("ProcessingNotice", "SaleOptOutNotice", "TargetedAdvertisingOptOutNotice", "SensitiveDataOptOutNotice",
              "SaleOptOut", "TargetedAdvertisingOptOut")  # fmt: skip

LAYOUTS: dict[int, Layout] = {
    7: Layout(
        "usnat",
        ("SharingNotice", "SaleOptOutNotice", "SharingOptOutNotice", "TargetedAdvertisingOptOutNotice",
         "SensitiveDataProcessingOptOutNotice", "SensitiveDataLimitUseNotice",
         "SaleOptOut", "SharingOptOut", "TargetedAdvertisingOptOut"),
        {1: 18, 2: 23},
    ),
    8: Layout(
        "usca",
        ("SaleOptOutNotice", "SharingOptOutNotice", "SensitiveDataLimitUseNotice", "SaleOptOut", "SharingOptOut"),
        {1: 15},
    ),
    9: Layout("usva", _STATE, {1: 12}, has_gpc=False),
    10: Layout("usco", _STATE, {1: 11}),
    11: Layout("usut", _SENSITIVE, {1: 12}, has_gpc=False),
    12: Layout("usct", _STATE, {1: 14}),
    13: Layout("usfl", _STATE, {1: 15}, has_gpc=False),
    14: Layout("usmt", _STATE, {1: 15}),
    15: Layout("usor", _STATE, {1: 18}),
    16: Layout("ustx", _STATE, {1: 13}),
    17: Layout("usde", _STATE, {1: 18}),
    18: Layout("usia", _SENSITIVE, {1: 12}),
    19: Layout("usne", _STATE, {1: 13}),
    20: Layout("usnh", _STATE, {1: 15}),
    21: Layout("usnj", _STATE, {1: 19}),
    22: Layout("ustn", _STATE, {1: 13}),
    23: Layout("usmn", _STATE, {1: 13}),
}  # fmt: skip
"""By section id. Sections 24 to 27 are packed in another way, which is still open to comment: they count as unread."""


@dataclass(frozen=True, slots=True)
class UsSection:
    """One section: its fields by name (0 not applicable, 1 yes or opted out, 2 no), and what it says of GPC."""

    name: str
    values: Mapping[str, int] = field(default_factory=dict)
    gpc: bool = False

    def opted_out(self, fields: frozenset[str]) -> bool:
        """Whether the person opted out of one of `fields`, or the browser of all of it."""
        return self.gpc or any(self.values.get(name) == OPTED_OUT for name in fields)


def read_us_section(number: int, text: str) -> UsSection:
    """A section by its id. UnreadableError: it is cut, of an unknown version, or says what no field may say."""
    layout = LAYOUTS[number]
    core, *segments = text.split(".")
    bits = BitReader(core)
    version = bits.number(6)
    if version not in layout.rest:
        raise UnreadableError(f"{layout.name} is of version {version}")
    values = {name: bits.number(2) for name in layout.fields}
    values |= {f"Rest{place}": bits.number(2) for place in range(1, layout.rest[version] + 1)}
    if max(values.values()) > 2:
        raise UnreadableError(f"{layout.name} has a field that is neither yes, no nor absent")
    gpc = False
    for segment in segments:
        more = BitReader(segment)
        if more.number(2) != _GPC or not layout.has_gpc:
            raise UnreadableError(f"{layout.name} has an unknown segment")
        gpc = gpc or more.flag()
    return UsSection(layout.name, {name: values[name] for name in layout.fields}, gpc)


def read_usp(text: str) -> UsSection:
    """Section 6, the old US privacy string: '1', then notice, opted out of sale, and covered, each Y, N or '-'."""
    if len(text) != 4 or text[0] != "1" or any(letter not in "YN-" for letter in text[1:].upper()):
        raise UnreadableError("a US privacy string is '1' and three of Y, N and -")
    said = {"Y": OPTED_OUT, "N": 2, "-": 0}[text[2].upper()]
    return UsSection("uspv1", {"SaleOptOut": said})
