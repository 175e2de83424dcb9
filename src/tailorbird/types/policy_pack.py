"""The policy pack: rules of law, platform or brand for texts, each with its source and the day it was checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from tailorbird.types.verdict import Severity

FORBID = {"extra": "forbid"}
Unit = Literal["chars", "width", "bytes", "segments"]
Part = Literal["text", "each_line", "any_line", "lines"]
Excuse = Literal["pass", "review", "same"]
Checked = Literal["read", "reported", "known"]
RuleKind = Literal["words", "required", "limit", "notice"]
Texts = str | tuple[str, ...]
"""A list, or a text with one entry a line."""

ADS = (
    "google_rsa", "google_pmax", "google_demand_gen", "microsoft_rsa", "microsoft_multimedia", "meta", "linkedin",
    "tiktok", "x", "pinterest", "amazon", "chatgpt_ads",
)  # fmt: skip
CHANNELS = ("email", "sms", "push", "web", "in_app", "chat", "direct_mail", *ADS)
"""The channels that rules may name; 'ads' stands for all of ADS."""
FLAGS = ("personalized_price", "ai_chat", "ai_media", "ai_human")
"""What a policy may say of a text beyond its words: its price was set by personal data, a machine speaks, a machine
made a picture, sound or film that goes with it, or that shows a person who does not exist."""


@dataclass(frozen=True, slots=True)
class Limit:
    """How long a text may be. `max` and `min` count `unit`s of `of`.

    'width' is display width: wide East Asian characters and emoji are two. 'segments' are parts of a text message.
    `of` says what is measured: the text, each of its lines, its shortest line (`any_line`: one at least must fit), or
    how many lines there are. Each link counts as `link_cost` characters where that is set.
    """

    __pydantic_config__ = FORBID

    unit: Unit = "chars"
    max: int | None = None
    min: int | None = None
    of: Part = "text"
    link_cost: int | None = None


@dataclass(frozen=True, slots=True)
class PolicyRule:
    """One rule. It holds where the text goes to one of `channels`, `countries` and `blocks` (empty: any), and where
    all of `flags` are set.

    Words: `phrases` and `patterns` by language ('*': every one) are what may not be said; `unless` are wordings that
    excuse them. Patterns are tried only where one of `hints` is in the text, if any are given. `evidence` names ids of
    substantiation (or what these begin with, before a slash) and `facts` names of facts, any one of which allows the
    words. `denied` says what becomes of "no hurry", `quoted` of a quoted term; 'same' excuses nothing. `cased` takes
    capitals as they are written.
    Required: one of `lines` must stand in the text, within `within` characters of every price where `beside` says so.
    Limit: `limit`. Notice: `notice` reports that the rule holds, whatever the text says.

    `reason` says what is wrong, `mend` what to do. `source`, `checked_on` and `checked` are the pack's where they are
    not given; `changed` records what the project made of the rule, and why.
    """

    __pydantic_config__ = FORBID

    id: str
    reason: str
    severity: Severity = "error"
    mend: str = ""
    source: str = ""
    checked_on: date | None = None
    checked: Checked | None = None
    channels: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    phrases: Mapping[str, Texts] = field(default_factory=dict)
    patterns: Mapping[str, Texts] = field(default_factory=dict)
    hints: tuple[str, ...] = ()
    unless: Mapping[str, Texts] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    denied: Excuse = "pass"
    quoted: Excuse = "review"
    cased: bool = False
    lines: Mapping[str, Texts] = field(default_factory=dict)
    beside: Literal["", "price"] = ""
    within: int = 80
    limit: Limit | None = None
    notice: bool = False
    changed: str = ""

    @property
    def kind(self) -> RuleKind:
        """What kind of rule it is."""
        if self.lines:
            return "required"
        if self.limit is not None:
            return "limit"
        return "notice" if self.notice else "words"


# Compared by identity: a pack has hundreds of phrases, and what is compiled of it is kept by its hash.
@dataclass(frozen=True, slots=True, eq=False)
class PolicyPack:
    """Rules of one subject, by name and version. `languages` are those that its words cover; a text in another one is
    for a person to judge, as far as words go. `checked` says how the rules were last compared with `source`, on
    `checked_on`: read there, reported by others, or known in general."""

    __pydantic_config__ = FORBID

    name: str
    version: str
    summary: str
    source: str
    rules: tuple[PolicyRule, ...]
    checked_on: date | None = None
    languages: tuple[str, ...] = ()
    checked: Checked = "read"


@dataclass(frozen=True, slots=True)
class RuleChange:
    """What a project makes of one rule, and why: it is turned `off`, or has another `severity`."""

    __pydantic_config__ = FORBID

    reason: str
    off: bool = False
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Substantiation: where it is kept, until when it holds, and for which items (empty: for all)."""

    __pydantic_config__ = FORBID

    kept: str
    until: date | None = None
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """policies/policy.yaml: which packs hold, what is changed in them, and which evidence there is, by id."""

    __pydantic_config__ = FORBID

    use: tuple[str, ...] = ()
    rules: Mapping[str, RuleChange] = field(default_factory=dict)
    evidence: Mapping[str, Evidence] = field(default_factory=dict)


def listed(texts: Texts) -> tuple[str, ...]:
    """The entries of a list, or of a text with one a line; empty ones are left out."""
    entries = texts.splitlines() if isinstance(texts, str) else texts
    return tuple(entry.strip() for entry in entries if entry.strip())
