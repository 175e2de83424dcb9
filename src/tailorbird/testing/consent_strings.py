"""Packs consent strings as a consent platform does: the other half of the readers in `stages/consent`."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from tailorbird.stages.consent.gpp_us import LAYOUTS, UsSection
from tailorbird.stages.consent.tcf import TcfString

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_RESTRICTIONS = ("not_allowed", "needs_consent", "needs_legitimate_interest")


def _base64url(bits: str) -> str:
    bits += "0" * (-len(bits) % 8)  # whole bytes first, as everybody does
    bits += "0" * (-len(bits) % 6)
    return "".join(_ALPHABET[int(bits[at : at + 6], 2)] for at in range(0, len(bits), 6))


def _number(value: int, width: int) -> str:
    return f"{value:0{width}b}"


def _places(which: frozenset[int], count: int) -> str:
    return "".join("01"[place in which] for place in range(1, count + 1))


def _spans(ids: Sequence[int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for one in sorted(ids):
        if found and found[-1][1] == one - 1:
            found[-1] = (found[-1][0], one)
        else:
            found.append((one, one))
    return found


def _ranges(ids: frozenset[int]) -> str:
    entries = [
        f"0{_number(first, 16)}" if first == last else f"1{_number(first, 16)}{_number(last, 16)}"
        for first, last in _spans(sorted(ids))
    ]
    return _number(len(entries), 12) + "".join(entries)


def _vendors(ids: frozenset[int], as_ranges: bool) -> str:
    highest = max(ids, default=0)
    return _number(highest, 16) + ("1" + _ranges(ids) if as_ranges else "0" + _places(ids, highest))


def _moment(at: datetime) -> str:
    return _number(round((at - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 10), 36)


def _letters(pair: str) -> str:
    return "".join(_number(ord(letter) - 65, 6) for letter in pair)


def pack_tcf(tcf: TcfString, as_ranges: bool = False) -> str:
    """The TCF string that says `tcf`, its vendors as a field of bits or as ranges."""
    by_kind: dict[tuple[int, int], set[int]] = {}
    for (purpose, vendor), restriction in tcf.restrictions.items():
        by_kind.setdefault((purpose, _RESTRICTIONS.index(restriction)), set()).add(vendor)
    restricted = [(purpose, kind, _ranges(frozenset(ids))) for (purpose, kind), ids in by_kind.items()]
    fields = (
        (2, 6), _moment(tcf.created), _moment(tcf.updated), (tcf.cmp_id, 12), (tcf.cmp_version, 12),
        (tcf.consent_screen, 6), _letters(tcf.consent_language), (tcf.vendor_list_version, 12), (tcf.policy_version, 6),
        (tcf.is_service_specific, 1), (tcf.uses_other_texts, 1), _places(tcf.special_features, 12),
        _places(tcf.purpose_consents, 24), _places(tcf.purpose_interests, 24), (tcf.purpose_one_treatment, 1),
        _letters(tcf.publisher_country), _vendors(tcf.vendor_consents, as_ranges),
        _vendors(tcf.vendor_interests, as_ranges), (len(restricted), 12),
    )  # fmt: skip
    core = "".join(field if isinstance(field, str) else _number(*field) for field in fields)
    core += "".join(_number(purpose, 6) + _number(kind, 2) + ids for purpose, kind, ids in restricted)
    segments = [core]
    for segment_type, listed in ((1, tcf.disclosed), (2, tcf.allowed)):
        if listed is not None:
            segments.append(_number(segment_type, 3) + _vendors(listed, as_ranges))
    if tcf.publisher is not None:
        own = tcf.publisher
        count = max(own.custom_consents | own.custom_legitimate_interests, default=0)
        segments.append(
            _number(3, 3)
            + _places(own.consents, 24)
            + _places(own.legitimate_interests, 24)
            + _number(count, 6)
            + _places(own.custom_consents, count)
            + _places(own.custom_legitimate_interests, count)
        )
    return ".".join(_base64url(segment) for segment in segments)


def _fibonacci(value: int) -> str:
    terms = [1, 2]
    while terms[-1] <= value:
        terms.append(terms[-1] + terms[-2])
    bits = ""
    for term in reversed([term for term in terms if term <= value]):
        bits += "01"[term <= value]
        value -= term if term <= value else 0
    return bits[::-1] + "1"


def pack_gpp(sections: Mapping[int, str]) -> str:
    """The GPP string of finished sections by id."""
    entries, before = [], 0
    for first, last in _spans(list(sections)):
        distance = _fibonacci(first - before)
        entries.append(f"0{distance}" if first == last else f"1{distance}{_fibonacci(last - first)}")
        before = last
    header = _number(3, 6) + _number(1, 6) + _number(len(entries), 12) + "".join(entries)
    return "~".join([_base64url(header), *(sections[one] for one in sorted(sections))])


def pack_us(section_id: int, section: UsSection, version: int = 1) -> str:
    """A US section: the fields that `section` has, what no reader here needs left at 0."""
    layout = LAYOUTS[section_id]
    fields = "".join(_number(section.values[name], 2) for name in layout.fields)
    core = _base64url(_number(version, 6) + fields + "00" * layout.rest[version])
    return core + (f".{_base64url('011')}" if section.gpc else "")
