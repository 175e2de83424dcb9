"""Signals as words: what a TCF or GPP string, or Global Privacy Control, says of the project's own purposes."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tailorbird.stages.consent.gpp import GppString, read_gpp
from tailorbird.stages.consent.tcf import TcfString, read_tcf
from tailorbird.types.reserved import Signal
from tailorbird.types.settings import SignalSettings

GPC_HEADER = "Sec-GPC"
PLACES = ("consent", "consentManagement")
"""Where in its context an event carries a signal: Segment's object and ours, and RudderStack's."""
_LISTS = ("allowed", "denied")


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


def words_of_categories(text: str, signals: SignalSettings) -> SignalWords:
    """What preferences by category say, a JSON object of {category: yes or no} as text: a purpose is refused where one
    of its categories is, and granted where all are; otherwise nothing is said of it."""
    preferences = json.loads(text)
    consents = {}
    for name, needed in signals.categories.items():
        said = [preferences.get(category) for category in needed]
        if any(one is not None and one is not True for one in said):
            consents[name] = False
        elif all(said):
            consents[name] = True
    return SignalWords(consents)


def signals_of(context: Mapping[str, Any], signals: SignalSettings) -> Iterator[tuple[Signal, str]]:
    """Each signal that an event's context carries and the project listens to, as text.

    `consent.tcf` and `consent.gpp` are strings; what else stands there is one that cannot be read. Categories are
    `consent.categoryPreferences` (Segment), or `consentManagement` with `allowedConsentIds` and `deniedConsentIds`
    (RudderStack). Where both stand, Segment's is the word on a category, but for what RudderStack denies.
    """
    consent, managed = (context[place] if isinstance(context.get(place), dict) else {} for place in PLACES)
    listened: tuple[tuple[Signal, bool], ...] = (
        ("tcf", bool(signals.tcf)),
        ("gpp", bool(signals.tcf or signals.gpp)),
    )
    for name, matters in listened:
        told = consent.get(name)
        if matters and told is not None:
            yield name, told if isinstance(told, str) else json.dumps(told)
    told = consent.get("categoryPreferences")
    allowed, denied = (dict.fromkeys(_names(managed.get(f"{each}ConsentIds")), each == "allowed") for each in _LISTS)
    preferences = allowed | (told if isinstance(told, dict) else {}) | denied
    if signals.categories and preferences:
        yield "categories", json.dumps(preferences, sort_keys=True, ensure_ascii=False)


def words_of(signal: Signal, text: str, signals: SignalSettings) -> SignalWords:
    """What a signal says that an event carries."""
    if signal == "gpc":
        return words_of_gpc(signals)
    return {"tcf": words_of_tcf, "gpp": words_of_gpp, "categories": words_of_categories}[signal](text, signals)


def _names(told: Any) -> list[str]:
    return [one for one in told if isinstance(one, str)] if isinstance(told, list) else []


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
