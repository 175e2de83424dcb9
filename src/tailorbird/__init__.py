"""Tailorbird: generative personalization for marketing, written once per brief and stitched per person."""

from __future__ import annotations

TYPE_CHECKING = False  # typing itself would make this import slower
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from tailorbird.types.fact import Facts
    from tailorbird.types.policy import Policy
    from tailorbird.types.verdict import Verdict

__version__ = "0.1.0"
__all__ = ["__version__", "validate"]


def validate(
    text: str,
    facts: Facts | Mapping[str, Any] | None = None,
    policy: Policy | Mapping[str, Any] | None = None,
    locale: str = "en",
) -> Verdict:
    """Hold a text against facts: whether it may go out, and every reason why not, at the character.

    >>> import tailorbird
    >>> kettle = {"name": "Hobbin kettle", "price": "48.00 GBP", "capacity": "1.8 l"}
    >>> tailorbird.validate("The Hobbin kettle holds 1.8 litres and costs £48.", kettle, locale="en-GB").status
    'pass'
    >>> verdict = tailorbird.validate("The Hobbin kettle holds 2 litres and costs £48.", kettle, locale="en-GB")
    >>> verdict.passed
    False
    >>> for found in verdict.findings:
    ...     print(verdict.text[slice(*found.span)], "|", found.evidence)
    2 litres | capacity: 1.8 l

    `facts` are a mapping as in docs/schemas/facts.schema.json, or `Facts`; `policy` is a mapping with `channel`,
    `country`, `block` and `attended`, or a `Policy`; `locale` is the text's, such as 'de-DE'. Facts without `as_of` are
    read as of now. The first call opens every check, with those of installed packages; later ones take less than a
    millisecond for a sentence. Any text has a verdict. TailorbirdError: facts, policy or locale of a wrong form.
    """
    from tailorbird.bootstrap.validation import validate as judge

    return judge(text, facts, policy, locale)
