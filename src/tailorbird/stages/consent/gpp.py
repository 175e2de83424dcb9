"""GPP: the Global Privacy Platform string of IAB Tech Lab, read section by section.

The header names its sections by their ids; the sections follow, divided by '~'. A text whose first character is 'C' is
a bare TCF string. Only what is needed to know who opted out is kept of the US sections.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tailorbird.stages.consent.bits import BitReader, UnreadableError
from tailorbird.stages.consent.gpp_us import LAYOUTS, USP_NAMES, UsSection, read_us_section, read_usp
from tailorbird.stages.consent.tcf import STRING_CHARS_MAX, TcfString, read_tcf

TCF_EU, USP = 2, 6
_TYPE, _VERSION = 3, 1


@dataclass(frozen=True, slots=True)
class GppString:
    """A decoded string: the TCF section, the US sections by id, and why each other section could not be read."""

    section_ids: tuple[int, ...]
    tcf: TcfString | None = None
    us: Mapping[int, UsSection] = field(default_factory=dict)
    unread: Mapping[int, str] = field(default_factory=dict)

    def opted_out(self, fields: frozenset[str]) -> bool:
        """Whether any US section opts out of one of `fields`, such as SaleOptOut, or passes on GPC."""
        return any(section.opted_out(fields) for section in self.us.values())


def read_gpp(text: str) -> GppString | str:
    """The decoded string; or, in words, why it cannot be read at all."""
    if len(text) > STRING_CHARS_MAX:
        return "the GPP string is too long"
    if text.startswith("C"):
        bare = read_tcf(text)
        return bare if isinstance(bare, str) else GppString((TCF_EU,), bare)
    try:
        return _read(text)
    except UnreadableError as error:
        return f"the GPP string cannot be read: {error}"


def _read(text: str) -> GppString:
    head, *sections = text.split("~")
    bits = BitReader(head)
    if bits.number(6) != _TYPE:
        raise UnreadableError("it does not begin as a GPP header does")
    version = bits.number(6)
    if version != _VERSION:
        raise UnreadableError(f"it is of version {version}, not {_VERSION}")
    ids = bits.fibonacci_ranges()
    if len(ids) != len(sections):
        raise UnreadableError(f"its header names {len(ids)} sections, and {len(sections)} follow")
    tcf: TcfString | None = None
    us: dict[int, UsSection] = {}
    unread: dict[int, str] = {}
    for number, section in zip(ids, sections, strict=True):
        try:
            if number == TCF_EU:
                found = read_tcf(section)
                if isinstance(found, str):
                    raise UnreadableError(found)
                tcf = found
            elif number == USP:
                us[number] = read_usp(section)
            elif number in LAYOUTS:
                us[number] = read_us_section(number, section)
            else:
                raise UnreadableError("a section of this kind is not read here")
        except UnreadableError as error:
            unread[number] = str(error)
    return GppString(tuple(ids), tcf, us, unread)


OPT_OUT_FIELDS = frozenset({name for layout in LAYOUTS.values() for name in layout.opt_outs} | set(USP_NAMES))
"""The names that a project may map to its purposes."""
