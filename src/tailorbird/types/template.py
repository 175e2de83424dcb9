"""The template: a message's frame, as written by the user."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Template:
    """MJML with Liquid tags for the HTML part, Liquid for the text part, and each block's fallback line per locale.

    `lines[block][locale]` is the template rung: slot-form text that needs only facts every message has.
    `words[locale]` are the frame's own texts (greeting, button, footer), reachable as `words.*` in the template.
    """

    name: str
    mjml: str
    text: str
    lines: Mapping[str, Mapping[str, str]]
    words: Mapping[str, Mapping[str, str]]
    digest: str
