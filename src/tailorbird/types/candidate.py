"""The candidate: a text with all that it is judged by."""

from dataclasses import dataclass

from tailorbird.types.fact import Facts
from tailorbird.types.policy import Policy


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text as its reader would see it, the facts it may state, the policy it is under, and its locale ('en-GB')."""

    text: str
    facts: Facts
    policy: Policy
    locale: str

    @property
    def language(self) -> str:
        """The locale's language, lower case: 'en'."""
        return self.locale.replace("_", "-").split("-")[0].lower()
