"""What the fact check knows of a language: negations, bounds, months, words that hint at attributes, claim words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from tailorbird.stages.facts.tokens import form_of
from tailorbird.types.claim import Bound, ClaimKind


@dataclass(frozen=True, slots=True)
class Language:
    """Word lists of one language, folded.

    `denials` open a negation; `not_denials` are phrases with such a word that deny nothing ('not only'). `resumes` are
    words that end a negation's reach. `assertions` are phrases by the kind of claim that they make. `everyday` are
    words of shops' prose that catalogs have as values too, `closed` the values that an attribute can have in any
    catalog (as phrases hold them).
    """

    code: str
    denials: frozenset[str] = frozenset()
    denial_prefixes: tuple[str, ...] = ()
    denial_suffixes: tuple[str, ...] = ()
    not_denials: tuple[tuple[str, ...], ...] = ()
    resumes: frozenset[str] = frozenset()
    bounds: Mapping[tuple[str, ...], Bound] = field(default_factory=dict)
    ranges: frozenset[str] = frozenset()
    months: Mapping[str, int] = field(default_factory=dict)
    weekdays: Mapping[str, int] = field(default_factory=dict)
    days: Mapping[str, int] = field(default_factory=dict)
    idle: frozenset[str] = frozenset()
    assertions: Mapping[ClaimKind, tuple[str, ...]] = field(default_factory=dict)
    everyday: frozenset[str] = frozenset()
    closed: Mapping[str, frozenset[str]] = field(default_factory=dict)


def split_words(text: str) -> frozenset[str]:
    """'a b c' as words."""
    return frozenset(text.split())


def split_phrases(text: str) -> tuple[str, ...]:
    """'a b, c' as phrases."""
    return tuple(phrase.strip() for phrase in text.split(","))


def forms_by(words: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """{attribute: its values as phrases hold them}, from words by attribute."""
    return {name: frozenset(form_of(word) for word in listed.split()) for name, listed in words.items()}


def bounds_of(phrases: Mapping[Bound, str]) -> dict[tuple[str, ...], Bound]:
    """{words of a phrase: what it makes of a number}, from phrases by bound."""
    return {tuple(words.split()): bound for bound, listed in phrases.items() for words in split_phrases(listed)}


def concept_of(word: str) -> str:
    """What a word is about, whatever its form: 'weighs', 'weight' and 'Gewicht' are one concept."""
    return _concepts().get(word) or _concepts().get(stem(word)) or stem(word)


def are_related(word: str, other: str) -> bool:
    """Whether two concepts are one, or long words that share all but an ending: 'compliance' and 'compliant'."""
    if word == other:
        return True
    least = min(len(word), len(other))
    return least >= 6 and word[: max(6, least - 2)] == other[: max(6, least - 2)]


@cache
def concepts_in(word: str) -> tuple[str, ...]:
    """What a word is about; of a German compound both parts: 'Verpackungsgewicht' is about packs and weight."""
    known = _concepts().get(word) or _concepts().get(stem(word))
    if known:
        return (known,)
    if word in _TWOFOLD:
        return _TWOFOLD[word]
    for at in range(4, len(word) - 3):
        head = _concepts().get(word[at:])
        if head is not None:
            left = word[:at]
            return (_concepts().get(left) or _concepts().get(left.removesuffix("s")) or stem(left), head)
    return (stem(word),)


@cache
def stem(word: str) -> str:
    """A word without what inflects it ('rated', 'rating' and 'rates' alike): enough to compare names of attributes."""
    if len(word) > 5 and word.endswith("ing"):
        return word[:-3]
    if len(word) > 4 and word.endswith("ed"):
        return word[:-2]
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    if len(word) > 5 and word.endswith(("en", "em", "er")):
        return word[:-2]
    if len(word) > 4 and word.endswith("e"):
        return word[:-1]
    return word


_CONCEPTS: Mapping[str, str] = {
    "width": "wide width breite breit breiter across",
    "height": "height high tall höhe hoch hoher hohe",
    "depth": "depth deep tiefe tief tiefer",
    "length": "length long länge lang lange langer",
    "thickness": "thickness thick dicke dick stärke thin thinness",
    "diameter": "diameter durchmesser",
    "weight": "weight weigh weighs weighing heavy scales gewicht wiegt wiegen schwer masse waage",
    "price": "price priced cost costs pay preis kostet kosten price_",
    "colour": "colour color colours colors coloured colored farbe farben farbig",
    "size": "size sized sizes grösse grössen",
    "speed": "speed speeds fast quick geschwindigkeit tempo",
    "power": "power leistung",
    "consumption": "consumption consume consumes verbrauch verbraucht aufnahme",
    "capacity": "capacity holds fassungsvermögen kapazität fasst",
    "memory": "memory ram speicher arbeitsspeicher",
    "quantity": "quantity number count pieces pcs piece stück anzahl menge",
    "pack": "pack packs packed packet pkg packung package packaging verpackung",
    "warranty": "warranty guarantee guaranteed garantie gewährleistung",
    "material": "material materials made werkstoff materialien",
    "brand": "brand supplier manufacturer maker marke hersteller vendor",
    "temperature": "temperature temperatur temperatures",
    "release": "released release launched launch introduced erschienen erscheinung veröffentlicht eingeführt",
    "delivery": "delivery delivered deliver shipping ships lieferung geliefert versand lieferzeit",
    "return": "return returns returned rückgabe zurückgeben widerruf",
    "stock": "stock available availability lager vorrätig verfügbar verfügbarkeit lieferbar",
    "page": "page pages seite seiten",
    "yield": "yield ergiebigkeit reichweite",
    "display": "display screen bildschirm anzeige",
    "diagonal": "diagonal diagonally diagonale",
    "frequency": "frequency clocked frequenz taktfrequenz takt",
    "origin": "origin herkunft ursprung",
    "discount": "discount off rabatt nachlass reduced reduziert",
    "saving": "save saving savings sparen ersparnis spare",
    "resolution": "resolution auflösung",
    "cable": "cable cord kabel",
    "case": "case gehäuse",
    "storage": "storage store speicherplatz",
    "compatible": "compatible compatibility kompatibel kompatibilität",
    "certification": "certification certified certificate zertifizierung zertifiziert zertifikat",
}


_TWOFOLD = dict.fromkeys(("draw", "draws", "leistungsaufnahme", "stromverbrauch"), ("power", "consumption"))
"""Words that are about two things at once."""


@cache
def _concepts() -> dict[str, str]:
    return {word: concept for concept, words in _CONCEPTS.items() for word in words.split()}
