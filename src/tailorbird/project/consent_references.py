"""The `consent` part of tailorbird.yaml: every purpose that it names is one, every channel and field is known."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from tailorbird.project.errors import ProjectError
from tailorbird.project.source import line_of, nearest, read_yaml
from tailorbird.types.consent import CHANNELS
from tailorbird.types.settings import ConsentSettings, PurposeSettings

PURPOSES = ("email_marketing", "personalization", "open_tracking", "sale_sharing")
"""The purposes that every project has."""

GPP_FIELDS = ("SaleOptOut", "SharingOptOut", "TargetedAdvertisingOptOut")
TCF_PURPOSES = range(1, 12)
_LOCALE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def check_consent(path: Path, consent: ConsentSettings, used: Sequence[str]) -> None:
    """Raise ProjectError for a name in `consent` that nothing defines; `used` are purposes of features and campaigns.

    What a project says of silence needs its basis in words: it may be looser than the law's own rule.
    """
    known = sorted({*PURPOSES, *used, *consent.purposes})
    for loc, purpose in _purposes(consent):
        _need(path, loc, purpose, known, "purpose: name it under consent.purposes, or in a feature or a campaign")
    for loc, channel in _channels(consent):
        _need(path, loc, channel, CHANNELS, "channel")
    for name, fields in consent.signals.gpp.items():
        for field in fields:
            _need(path, ["consent", "signals", "gpp", name], field, GPP_FIELDS, "opt-out of GPP's US sections")
    for name, numbers in consent.signals.tcf.items():
        if not numbers or any(number not in TCF_PURPOSES for number in numbers):
            _fail(path, ["consent", "signals", "tcf", name], "names TCF purposes, which are 1 to 11")
    for name, categories in consent.signals.categories.items():
        if not categories or not all(category.strip() for category in categories):
            _fail(path, ["consent", "signals", "categories", name], "names the categories that it needs, one at least")
    if consent.signals.tcf and not 1 <= consent.signals.tcf_vendor <= 65_535:
        _fail(path, ["consent", "signals", "tcf_vendor"], "must be your id on the Global Vendor List")
    for i, one in enumerate(consent.silence):
        if not one.basis.strip():
            _fail(
                path, ["consent", "silence", i, "basis"], "must say why silence may be taken so; write the legal basis"
            )
        for code in one.jurisdictions:
            if code != "*" and not (len(code) == 2 and code.isalpha() and code.isupper()):
                message = f"has two capital letters of ISO 3166, such as GB, or '*' (found {code!r})"
                _fail(path, ["consent", "silence", i, "jurisdictions"], message)
    for name in consent.purposes:
        if ":" in name:
            _fail(path, ["consent", "purposes", name], "holds a colon, which stands between a purpose and its channel")
        _check_words(path, name, consent.purposes[name])


def _check_words(path: Path, name: str, purpose: PurposeSettings) -> None:
    """What people read of a purpose: text, by locale."""
    for key, words in (("labels", purpose.labels), ("explanations", purpose.explanations)):
        for locale, text in words.items():
            where: list[str | int] = ["consent", "purposes", name, key, locale]
            if not _LOCALE.fullmatch(locale):
                _fail(path, where, f"is no locale such as en or de-DE (found {locale!r})")
            if not text.strip():
                _fail(path, where, "is empty: write what people read, or leave it out")


def _purposes(consent: ConsentSettings) -> Iterator[tuple[list[str | int], str]]:
    for name in consent.defaults:
        yield ["consent", "defaults", name], name
    for i, one in enumerate(consent.silence):
        for name in one.purposes:
            yield ["consent", "silence", i, "purposes"], name
    for name in consent.soft_opt_in:
        yield ["consent", "soft_opt_in"], name
    told = consent.signals
    mapped = {"gpc": told.gpc, "tcf": told.tcf, "gpp": told.gpp, "categories": told.categories}
    for signal, names in mapped.items():
        for name in names:
            yield ["consent", "signals", signal], name


def _channels(consent: ConsentSettings) -> Iterator[tuple[list[str | int], str]]:
    for name, purpose in consent.purposes.items():
        for channel in purpose.channels:
            yield ["consent", "purposes", name, "channels"], channel
    for i, one in enumerate(consent.silence):
        for channel in one.channels:
            yield ["consent", "silence", i, "channels"], channel


def _need(path: Path, loc: list[str | int], name: str, known: Sequence[str], what: str) -> None:
    if name not in known:
        _fail(path, loc, f"no {what} {name!r}{nearest(name, known)}")


def _fail(path: Path, loc: list[str | int], message: str) -> None:
    raise ProjectError(path, line_of(read_yaml(path), loc), ".".join(map(str, loc)), message)
