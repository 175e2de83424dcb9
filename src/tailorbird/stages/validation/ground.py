"""What a draft is judged against: its block, its limits, its slots and their values, the brand, the language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tailorbird.stages.validation.lexicon import Lexicon
from tailorbird.types.brand import Brand
from tailorbird.types.brief import Limits, Slot
from tailorbird.types.verdict import Finding, Severity


@dataclass(frozen=True, slots=True)
class Ground:
    """The facts and rules of one judgement; `samples` are awkward values per slot, `reason` why we write at all.

    `campaign` is whose copy it is, and `source` where its items come from ('bought_together', 'last_item', 'basket'):
    both '' where they are not known. `rows` are the slot values of whole items.
    """

    block: str
    limits: Limits
    slots: Mapping[str, Slot]
    samples: Mapping[str, tuple[str, ...]]
    facts: Mapping[str, str]
    brand: Brand
    locale: str
    reason: str
    lexicon: Lexicon
    campaign: str = ""
    source: str = ""
    rows: Sequence[Mapping[str, str]] = ()


def error(check: str, span: tuple[int, int], kind: str, reason: str, evidence: str = "") -> Finding:
    """A finding that stops the text."""
    return finding("error", check, span, kind, reason, evidence)


def finding(
    severity: Severity, check: str, span: tuple[int, int], kind: str, reason: str, evidence: str = ""
) -> Finding:
    """A finding of any severity."""
    return Finding(check=check, severity=severity, span=span, type=kind, reason=reason, evidence=evidence)
