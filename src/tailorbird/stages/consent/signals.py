"""Signals as words: what a TCF or GPP string, or Global Privacy Control, says of the project's own purposes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tailorbird.stages.consent.gpp import GppString, read_gpp
from tailorbird.stages.consent.tcf import TcfString, read_tcf
from tailorbird.types.settings import SignalSettings

GPC_HEADER = "Sec-GPC"


@dataclass(frozen=True, slots=True)
class SignalWords:
    """{purpose: yes or no} for what the signal speaks of, and why, where it is not what the person chose."""

    consents: Mapping[str, bool] = field(default_factory=dict)
    reason: str = ""


def is_gpc(value: str | None) -> bool:
    """Whether the header's value is an opt-out: exactly '1' is, nothing else."""
    return value == "1"


def words_of_gpc(signals: SignalSettings) -> SignalWords:
    """The opt-out by Global Privacy Control."""
    return SignalWords(dict.fromkeys(signals.gpc, False), "Global Privacy Control")


def words_of_tcf(text: str, signals: SignalSettings) -> SignalWords:
    """What a TCF string says of the purposes that the project maps: each needs all its TCF purposes. What cannot be
    read, or is no valid consent, is a no to all of them."""
    return _words_of(read_tcf(text), signals)


def words_of_gpp(text: str, signals: SignalSettings) -> SignalWords:
    """What a GPP string says: its TCF section as above; its US sections only opt out. A section that cannot be read is
    a no to what it could have spoken of."""
    gpp = read_gpp(text)
    if isinstance(gpp, str):
        mapped = (*signals.tcf, *signals.gpp)
        return SignalWords(dict.fromkeys(mapped, False), gpp)
    consents: dict[str, bool] = {}
    reasons = [f"section {number}: {why}" for number, why in gpp.unread.items()]
    if gpp.tcf is not None:
        words = _words_of(gpp.tcf, signals)
        consents.update(words.consents)
        reasons += [words.reason] if words.reason else []
    elif 2 in gpp.unread:
        consents.update(dict.fromkeys(signals.tcf, False))
    consents.update(dict.fromkeys(_opt_outs(gpp, signals), False))
    return SignalWords(consents, "; ".join(reasons))


def _opt_outs(gpp: GppString, signals: SignalSettings) -> set[str]:
    unread = any(number > 2 for number in gpp.unread)
    names = {name for name, fields in signals.gpp.items() if unread or gpp.opted_out(frozenset(fields))}
    return names | (set(signals.gpc) if any(section.gpc for section in gpp.us.values()) else set())


def _words_of(tcf: TcfString | str, signals: SignalSettings) -> SignalWords:
    fault = tcf if isinstance(tcf, str) else tcf.fault
    if fault or isinstance(tcf, str):
        return SignalWords(dict.fromkeys(signals.tcf, False), fault)
    vendor = signals.tcf_vendor
    return SignalWords({name: all(tcf.allows(n, vendor) for n in numbers) for name, numbers in signals.tcf.items()})
