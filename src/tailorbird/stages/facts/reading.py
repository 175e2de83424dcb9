"""A text laid out for the fact check: tokens, what negations cover, and what has been recognised so far."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from tailorbird.stages.facts.index import Index, Value
from tailorbird.stages.facts.language import Language, concept_of
from tailorbird.stages.facts.negation import denied_tokens
from tailorbird.stages.facts.tokens import Token, tokenise
from tailorbird.types.verdict import Finding, Severity

CHECK = "facts"


@dataclass
class Reading:
    """`taken` marks tokens that are understood, `names` are those of the subject's names; `stated` names the attributes
    that the text speaks of, `findings` what is wrong with it."""

    text: str
    language: Language
    index: Index
    attended: bool
    tokens: list[Token] = field(default_factory=list)
    denied: list[int] = field(default_factory=list)
    concepts: list[str] = field(default_factory=list)
    taken: list[bool] = field(default_factory=list)
    names: set[int] = field(default_factory=set)
    stated: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tokens = tokenise(self.text)
        named = self.index.attribute_names.find(self.tokens)
        within = {i for first, last, _ in named for i in range(first, last)}
        self.denied = denied_tokens(self.tokens, self.language, within)
        self.concepts = ["" if token.kind == "mark" else concept_of(token.plain) for token in self.tokens]
        self.taken = [False] * len(self.tokens)

    @property
    def doubt(self) -> Severity:
        """How grave it is that nothing bears out what was said: a person may know it, where one looks."""
        return "warning" if self.attended else "error"

    def take(self, first: int, last: int) -> None:
        """Mark tokens `first` to `last` (exclusive) as understood."""
        self.taken[first:last] = [True] * (last - first)

    def span(self, first: int, last: int) -> tuple[int, int]:
        """The characters of tokens `first` to `last` (exclusive)."""
        return self.tokens[first].start, self.tokens[last - 1].end

    def near(self, first: int, last: int, reach: int) -> set[str]:
        """What the words within `reach` of these tokens are about, in the same sentence."""
        around = (*range(max(0, first - reach), first), *range(last, min(len(self.tokens), last + reach)))
        sentence = self.tokens[first].sentence
        return {self.concepts[i] for i in around if self.tokens[i].sentence == sentence}

    def phrase(self, first: int, last: int) -> tuple[str, ...]:
        """The phrase that these tokens make."""
        return tuple(token.form for token in self.tokens[first:last] if token.counts)

    def opens(self, token: Token) -> bool:
        """Whether the token begins the text or a sentence."""
        at = bisect_left(self.tokens, token.start, key=lambda each: each.start)
        return at == 0 or self.tokens[at - 1].sentence != token.sentence

    def is_denied(self, first: int, last: int) -> bool:
        """Whether a negation covers all of these tokens."""
        return all(self.denied[first:last])

    def found(
        self,
        first: int,
        last: int,
        kind: str,
        reason: str,
        evidence: str = "",
        severity: Severity = "error",
        repair: str | None = None,
        source: str = "",
    ) -> None:
        """Add a finding about tokens `first` to `last` (exclusive)."""
        span = self.span(first, last)
        self.findings.append(Finding(CHECK, severity, span, kind, reason, evidence, repair, source))


def shown_values(name: str, values: Sequence[Value]) -> str:
    """'colour: Black, Silver', for evidence."""
    return f"{name}: {', '.join(dict.fromkeys(value.shown for value in values))}"
