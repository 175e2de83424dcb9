"""The check: one look at a text, for one kind of fault."""

from collections.abc import Iterable
from typing import Protocol

from tailorbird.types.candidate import Candidate
from tailorbird.types.verdict import Finding


class Check(Protocol):
    """Pure and repeatable: the same candidate gives the same findings, whatever was judged before it.

    `languages` are those that it understands ('en', 'de'), all where it is empty. In another language it is not run,
    and the verdict says so with a finding for review.
    """

    @property
    def name(self) -> str:
        """The name that its findings bear."""
        ...

    @property
    def languages(self) -> frozenset[str]:
        """The languages that it understands; empty: every one."""
        ...

    def check(self, candidate: Candidate) -> Iterable[Finding]:
        """What is wrong with the text. Spans are characters of `candidate.text`."""
        ...
