"""Claims in words that need a fact or a proof: superlatives, comparisons, certificates, guarantees, availability."""

from decimal import Decimal

from tailorbird.stages.facts.language import Language
from tailorbird.stages.facts.reading import Reading
from tailorbird.stages.facts.tokens import Phrases, phrase_of
from tailorbird.types.claim import ClaimKind

_OUT = {
    phrase_of(words)
    for words in ("out of stock", "sold out", "ausverkauft", "nicht auf lager", "pre-order", "vorbestellen")
}
_MILD = {"always", "never", "absolutely", "immer", "nie", "niemals", "genuine", "exclusive", "echt", "exklusiv",
         "leading", "führend", "führende", "healthy", "gesund", "organic", "bio"}  # fmt: skip


_KNOWN: dict[str, Phrases[ClaimKind]] = {}


def check_assertions(reading: Reading) -> None:
    """Every claim in words that neither a fact nor a proof supports."""
    phrases = _known(reading.language)
    for first, last, kinds in phrases.find(reading.tokens, reading.taken):
        words = reading.phrase(first, last)
        kind = kinds[0]
        if kind == "availability" and _availability(reading, first, last, words):
            continue
        if words in reading.index.parts or reading.is_denied(first, last) or _proved(reading, kind):
            continue
        if kind not in ("superlative", "comparative", "health") and _spoken_of(reading, first, last):
            continue
        mild = last - first == 1 and reading.tokens[first].plain in _MILD
        said = reading.text[slice(*reading.span(first, last))]
        reading.found(first, last, kind, f"{said!r} is a claim that no fact supports", "",
                      "warning" if mild else "error")  # fmt: skip


def _known(language: Language) -> Phrases[ClaimKind]:
    if language.code not in _KNOWN:
        found: Phrases[ClaimKind] = Phrases()
        for kind, phrases in language.assertions.items():
            for words in phrases:
                found.add(phrase_of(words), kind)
        _KNOWN[language.code] = found
    return _KNOWN[language.code]


def _proved(reading: Reading, kind: ClaimKind) -> bool:
    """Whether the facts hold a proof for claims of this kind: an evidence id that is the kind, or begins with it."""
    return any(
        name == kind or name.startswith((f"{kind}:", f"{kind}/", f"{kind}-")) for name in reading.index.facts.evidence
    )


def _spoken_of(reading: Reading, first: int, last: int) -> bool:
    """Whether the words of the claim all stand in the facts, be it apart from each other."""
    index = reading.index
    tokens = [i for i in range(first, last) if reading.tokens[i].counts]
    return all(reading.tokens[i].form in index.words or reading.concepts[i] in index.attributes for i in tokens)


def _availability(reading: Reading, first: int, last: int, words: tuple[str, ...]) -> bool:
    """Hold a claim of availability against the stock, where the facts have one: whether it was settled."""
    stock = _in_stock(reading)
    if stock is None:
        return False
    name, there, source = stock
    reading.stated.add(name)
    says_there = (words not in _OUT) != reading.is_denied(first, last)
    if says_there != there:
        reason = "it is not in stock" if says_there else "it is in stock"
        reading.found(first, last, "contradiction", reason, f"{name}: {'yes' if there else 'no'}", source=source)
    return words in _OUT or words[:2] == phrase_of("in stock") or phrase_of("lager")[0] in words or says_there != there


def _in_stock(reading: Reading) -> tuple[str, bool, str] | None:
    for fact in reading.index.yes_no:
        if set(fact.words) & {"stock"}:
            return fact.name, fact.is_so, fact.source
    for number in reading.index.numbers:
        if "stock" in number.about and number.unit is None:
            return number.name, number.high > Decimal(0), number.source
    return None
