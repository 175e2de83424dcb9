"""Texts as somebody hands them in: with facts in JSON, a policy as a mapping, or HTML instead of text."""

import re
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from tailorbird.pipeline.validation.validator import TEXT_CHARS_MAX, Validator
from tailorbird.project.pack_files import built_in_packs, read_built_in
from tailorbird.project.source import nearest
from tailorbird.stages.catalog.plain_text import html_to_text
from tailorbird.stages.facts.given import Given, Unusable
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.policy import Policy
from tailorbird.types.policy_pack import CHANNELS, FLAGS, PolicyPack
from tailorbird.types.verdict import Finding, Verdict, worst_status

_LOCALE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,4}")
_HTML = re.compile(
    r"\s*<(?:!doctype html|(?:html|head|body|table|tr|td|div|p|span|h[1-6]|ul|ol|li|a|b|strong|em|i|br|img|center|font|"
    r"section|article|header|footer|mjml)(?:[\s/][^<>]*)?>)",
    re.I,
)
_COUNTRY = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
_LISTS = ("packs", "flags")
_UNUSABLE_MAX = 50
FINDINGS_MAX = 1_000


class GivenError(TailorbirdError):
    """A text, a locale or a policy that cannot be judged by at all: what is wrong with it, and what to give."""


def judge_given(validator: Validator, text: str, given: Given, policy: Policy, locale: str) -> Verdict:
    """The verdict on a text as it was handed in. GivenError: the text is no Unicode, or the locale none.

    HTML is judged by its visible text, which is the verdict's `text`; the verdict then is at best 'review', because
    pictures, links and what styles hide were not judged. Facts that could not be used are told as findings that change
    nothing ('unusable_fact'). Of very many findings the first FINDINGS_MAX are kept; the status is that of all.
    """
    _check_text(text)
    _check_locale(locale)
    notes = _unusable(given.unusable)
    shown = text
    if len(text) <= TEXT_CHARS_MAX and looks_like_html(text):
        shown = html_to_text(text)
        reason = "this is HTML: its visible text was judged; pictures, links and what styles hide were not"
        notes.append(Finding("text", "warning", (0, 0), "html", reason))
    verdict = validator(shown, given.facts, policy, locale)
    findings = (*notes, *verdict.findings)
    status, more = worst_status(findings), len(findings) - FINDINGS_MAX
    if more > 0:
        told = Finding("text", "info", (0, 0), "more_findings", f"{more:,} more findings are not listed")
        findings = (*findings[:FINDINGS_MAX], told)
    return Verdict(status, findings, verdict.text)


def looks_like_html(text: str) -> bool:
    """Whether a text as a whole is HTML: it begins with a tag and ends with one."""
    return _HTML.match(text) is not None and text.rstrip().endswith(">")


def read_policy(given: Policy | Mapping[str, Any] | None, own: Mapping[str, PolicyPack] | None = None) -> Policy:
    """The policy of a mapping such as {"channel": "email", "country": "GB", "attended": false, "packs": ["claims"]}.

    `packs` are names of built-in packs, or of `own` ones. GivenError: an unknown key, channel, pack or flag, or a value
    of another type: a rule that is switched off by a typo would be missed by nobody.
    """
    if given is None or isinstance(given, Policy):
        return given or Policy()
    kinds = {field.name: type(field.default) for field in fields(Policy) if isinstance(field.default, str | bool)}
    if not isinstance(given, Mapping):
        raise GivenError('the policy must be an object, such as {"channel": "email", "country": "GB"}')
    for key, value in given.items():
        if key not in (*kinds, *_LISTS):
            raise GivenError(f"the policy has an unknown key {str(key)[:80]!r}; known: {', '.join((*kinds, *_LISTS))}")
        if key in _LISTS:
            if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
                raise GivenError(f"the policy's {key} must be a list of names")
        elif type(value) is not kinds[key]:
            wanted = "true or false" if kinds[key] is bool else "text"
            raise GivenError(f"the policy's {key} must be {wanted}")
    channel, country = given.get("channel", ""), given.get("country", "")
    if channel and channel not in CHANNELS:
        raise GivenError(
            f"there is no channel {channel[:80]!r}{nearest(channel, CHANNELS)}; there are: {', '.join(CHANNELS)}"
        )
    if country and not _COUNTRY.fullmatch(country):
        raise GivenError(f"the country {country[:20]!r} is no ISO 3166 code, such as GB or US-NY")
    plain = {key: value for key, value in given.items() if key not in _LISTS}
    packs = tuple(_find_pack(name, own or {}) for name in dict.fromkeys(given.get("packs", ())))
    return Policy(**plain, packs=packs, flags=frozenset(_known_flag(name) for name in given.get("flags", ())))


def _find_pack(name: str, own: Mapping[str, PolicyPack]) -> PolicyPack:
    if name in own:
        return own[name]
    names = (*built_in_packs(), *own)
    if name not in names:
        raise GivenError(f"there is no policy pack {name[:80]!r}{nearest(name, names)}")
    return read_built_in(name)


def _known_flag(name: str) -> str:
    if name not in FLAGS:
        raise GivenError(f"there is no flag {name[:80]!r}{nearest(name, FLAGS)}")
    return name


def verdict_document(verdict: Verdict, locale: str) -> dict[str, Any]:
    """The verdict as JSON values: what `audit text --json` and the HTTP API answer. `words` are those at the span."""
    return {
        "status": verdict.status,
        "locale": locale,
        "text": verdict.text,
        "findings": [
            {
                "check": found.check,
                "severity": found.severity,
                "span": list(found.span),
                "words": verdict.text[slice(*found.span)],
                "type": found.type,
                "reason": found.reason,
                "evidence": found.evidence,
                "repair": found.repair,
                "source": found.source,
            }
            for found in verdict.findings
        ],
    }


def _check_text(text: object) -> None:
    if not isinstance(text, str):
        raise GivenError(f"the text must be a text, not {type(text).__name__}")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise GivenError(
            f"the text is not valid Unicode: half a character (a lone surrogate) at {error.start}; "
            "save or send it as UTF-8"
        ) from None


def _check_locale(locale: object) -> None:
    if not isinstance(locale, str) or not _LOCALE.fullmatch(locale):
        raise GivenError(f"{str(locale)[:40]!r} is no locale, such as en-GB or de")


def _unusable(listed: tuple[Unusable, ...]) -> list[Finding]:
    """What could not be used of the facts, as findings that change nothing; the first of very many."""
    told = [f"{one.where} {one.reason}" for one in listed[:_UNUSABLE_MAX]]
    if len(listed) > _UNUSABLE_MAX:
        told.append(f"{len(listed) - _UNUSABLE_MAX:,} more facts could not be used")
    return [Finding("facts", "info", (0, 0), "unusable_fact", reason) for reason in told]
