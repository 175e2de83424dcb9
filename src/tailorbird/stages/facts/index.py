"""Facts, laid out for comparison: numbers with units, dates, yes or no, and phrases with what they are values of."""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

from tailorbird.stages.facts.dates import find_dates
from tailorbird.stages.facts.language import Language, concept_of, concepts_in, split_words
from tailorbird.stages.facts.quantities import find_quantities, share_units
from tailorbird.stages.facts.tokens import Phrases, phrase_of, tokenise
from tailorbird.stages.facts.units import Unit, is_money, unit_of
from tailorbird.types.claim import Bound
from tailorbird.types.fact import Entity, Fact, Facts

NAME = "name"
_ENDS = split_words("end ends ended until expires expiry endet ende bis gültig")
_WAS = split_words(
    "was old regular list rrp uvp original before previous vorher alt listenpreis regulär statt full normal usual "
    "früher frühere früherer bisher bisheriger vorheriger ursprünglicher alter"
)
_PLACEHOLDERS = {"quantity", "number", "value", "type", "total", "of", "per", "and", "typical", "the", "a", "in",
                 "with", "t", "h", "max", "min", "b", "n", "level"}  # fmt: skip
_SYMBOL_CHARS = 4
_SAY_NOTHING = {
    "yes",
    "no",
    "ja",
    "nein",
    "none",
    "keine",
    "other",
    "others",
    "on",
    "off",
    "n/a",
    "any",
    "all",
    "various",
}
"""Values that are words of any sentence."""
_TRUE, _FALSE = {"yes", "true", "ja", "wahr"}, {"no", "false", "nein", "falsch", "none", "kein", "keine"}


@dataclass(frozen=True, slots=True)
class NumberFact:
    """A number of the facts, `low` to `high`, in `unit` (None for a plain number), and what its attribute is about."""

    name: str
    about: frozenset[str]
    low: Decimal
    high: Decimal
    unit: Unit | None
    shown: str
    source: str
    derived: bool = False
    bound: Bound = "exact"


@dataclass(frozen=True, slots=True)
class DateFact:
    """A day or a span of days of the facts."""

    name: str
    first: date
    last: date
    source: str


@dataclass(frozen=True, slots=True)
class YesNoFact:
    """Something that is so, or is not."""

    name: str
    words: tuple[str, ...]
    is_so: bool
    source: str
    wordings: Phrases[bool] = field(default_factory=Phrases, compare=False)


@dataclass(frozen=True, slots=True)
class Value:
    """A phrase as the value of an attribute."""

    name: str
    shown: str
    source: str = ""


@dataclass
class Vocabulary:
    """Every value that attributes can have, as phrases."""

    phrases: Phrases[Value] = field(default_factory=Phrases)
    wordings: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)


@dataclass
class Index:
    """One set of facts, compiled for one language."""

    facts: Facts
    numbers: list[NumberFact] = field(default_factory=list)
    dates: list[DateFact] = field(default_factory=list)
    yes_no: list[YesNoFact] = field(default_factory=list)
    values: Phrases[Value] = field(default_factory=Phrases)
    others: Phrases[Value] = field(default_factory=Phrases)
    words: set[str] = field(default_factory=set)
    parts: set[tuple[str, ...]] = field(default_factory=set)
    names: dict[str, list[Value]] = field(default_factory=dict)
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    attributes: set[str] = field(default_factory=set)
    attribute_names: Phrases[str] = field(default_factory=Phrases)
    attribute_numbers: Phrases[str] = field(default_factory=Phrases)
    today: date | None = None


def words_of_name(name: str) -> tuple[str, ...]:
    """The words of an attribute's name, folded: 'usb_ports' as 'usb' and 'ports'."""
    return tuple(token.plain for token in tokenise(name.replace("_", " ")) if token.counts)


def concepts(name: str) -> frozenset[str]:
    """What an attribute's name is about, without words that say nothing ('quantity per pack' → 'pack')."""
    found = [concept for word in words_of_name(name) for concept in concepts_in(word)]
    telling = frozenset(word for word in found if word not in _PLACEHOLDERS)
    return telling or frozenset(found)


_VOCABULARIES: OrderedDict[int, tuple[object, Vocabulary]] = OrderedDict()
_INDEXES: OrderedDict[tuple[int, str], tuple[object, Index]] = OrderedDict()
_KEPT = 256


def index_of(facts: Facts, language: Language) -> Index:
    """The index of these facts; the same object is compiled once."""
    key = (id(facts), language.code)
    kept = _INDEXES.get(key)
    if kept is not None and kept[0] is facts:
        return kept[1]
    made = compile_facts(facts, language)
    _INDEXES[key] = (facts, made)
    if len(_INDEXES) > _KEPT:
        _INDEXES.popitem(last=False)
    return made


def _vocabulary_of(facts: Facts) -> Vocabulary:
    """The vocabulary, compiled once for all facts that share it."""
    key = id(facts.vocabularies)
    kept = _VOCABULARIES.get(key)
    if kept is not None and kept[0] is facts.vocabularies:
        return kept[1]
    made = Vocabulary()
    for name, values in facts.vocabularies.items():
        for value, wordings in values.items():
            made.wordings[(name, value)] = tuple(wordings)
            for words in (value, *wordings):
                phrase = phrase_of(words)
                is_name = words.isalpha() and words[0].isupper() and len(words) > _SYMBOL_CHARS
                is_figure = all(_is_figure(word) for word in words_of_name(words)) and not is_name
                if value.casefold() not in _SAY_NOTHING and not is_figure:
                    made.phrases.add(phrase, Value(name, value, "vocabulary"))
    _VOCABULARIES[key] = (facts.vocabularies, made)
    if len(_VOCABULARIES) > 8:
        _VOCABULARIES.popitem(last=False)
    return made


def _is_figure(word: str) -> bool:
    """Whether a word of a phrase is a number, a unit or a sign: those are compared as figures."""
    return not word[0].isalpha() or len(word) == 1 or word in ("up", "to", "max", "min") or unit_of(word) is not None


def compile_facts(facts: Facts, language: Language) -> Index:
    """Facts that expired by `facts.as_of` are left out: nothing may be said of them any more."""
    index = Index(facts, vocabulary=_vocabulary_of(facts))
    if facts.as_of is not None:
        index.today = facts.as_of.astimezone(ZoneInfo(facts.zone)).date()
    for entity in facts.subjects:
        _add_entity(index, entity, language)
    for entity in facts.others:
        for name in entity.names:
            if not all(_is_figure(word) for word in words_of_name(name)):
                index.others.add(phrase_of(name), Value(NAME, name, entity.entity_id))
    index.numbers += _derived(index.numbers)
    return index


def _add_entity(index: Index, entity: Entity, language: Language) -> None:
    for name in (*entity.names, entity.family):
        if name:
            _add_phrase(index, Value(NAME, name, entity.entity_id), name)
    for fact in entity.facts:
        if fact.until is not None and index.facts.as_of is not None and fact.until <= index.facts.as_of:
            continue
        _add_fact(index, fact, language)


def _add_fact(index: Index, fact: Fact, language: Language) -> None:
    value = fact.value
    telling = [word for word in words_of_name(fact.name) if word not in _PLACEHOLDERS]
    index.attributes.update(concept for word in telling for concept in concepts_in(word))
    if len(telling) > 1:
        index.attribute_names.add(phrase_of(fact.name.replace("_", " ")), fact.name)
    for pair in _numbers_of_name(fact.name):
        index.attribute_numbers.add(pair, fact.name)
    if isinstance(value, str) and value.strip().casefold() in _TRUE | _FALSE:
        value = value.strip().casefold() in _TRUE
    if isinstance(value, bool):
        words = tuple(concept_of(word) for word in words_of_name(fact.name))
        wordings: Phrases[bool] = Phrases()
        for is_so, shown in ((True, "yes"), (False, "no")):
            for wording in index.vocabulary.wordings.get((fact.name, shown), ()):
                wordings.add(phrase_of(wording), is_so)
        index.yes_no.append(YesNoFact(fact.name, words, value, fact.source, wordings))
    elif isinstance(value, Decimal):
        unit = unit_of(fact.unit.casefold()) if fact.unit else None
        high = value if fact.high is None else fact.high
        shown = f"{value}{f'–{high}' if high != value else ''}{' ' + fact.unit if fact.unit else ''}"
        index.numbers.append(NumberFact(fact.name, concepts(fact.name), value, high, unit, shown, fact.source))
        for wording in index.vocabulary.wordings.get((fact.name, str(value)), ()):
            _add_phrase(index, Value(fact.name, shown, fact.source), wording)
    elif isinstance(value, datetime):
        local = value.astimezone(ZoneInfo(index.facts.zone)) if value.tzinfo else value
        # What ends at midnight ends with the day before: 'until 1 December' would promise a day too many.
        ended = local.time() == time() and not _ENDS.isdisjoint(words_of_name(fact.name))
        day = local.date() - timedelta(ended)
        index.dates.append(DateFact(fact.name, day, day, fact.source))
    elif isinstance(value, date):
        index.dates.append(DateFact(fact.name, value, value, fact.source))
    else:
        _add_words(index, fact, value, language)


def _numbers_of_name(name: str) -> Iterator[tuple[str, ...]]:
    """Numbers that an attribute's name holds, with the word beside them: 'usb 2.0' of 'USB 2.0 ports'."""
    words = phrase_of(name.replace("_", " "))
    for before, number in pairwise(words):
        if number[0].isdigit():
            yield before, number
    for before, number, decimals in zip(words, words[1:], words[2:], strict=False):
        if number.isdigit() and decimals.isdigit():
            yield before, f"{number}.{decimals}"
    if len(words) > 1 and words[0][0].isdigit():
        yield words[0], words[1]


def _add_words(index: Index, fact: Fact, value: str, language: Language) -> None:
    """A value in words: the phrase, its wordings, and the numbers and dates within it."""
    shown = Value(fact.name, value, fact.source)
    for wording in index.vocabulary.wordings.get((fact.name, value), ()):
        _add_phrase(index, shown, wording)
    tokens = tokenise(value)
    about = concepts(fact.name)
    taken = [False] * len(tokens)
    for found in find_dates(value, tokens, language, index.today, ""):
        index.dates += [DateFact(fact.name, first, last, fact.source) for first, last in found.spans]
        taken[found.first : found.last] = [True] * (found.last - found.first)
    for one in share_units(tokens, find_quantities(tokens, language, taken)):
        low, high = one.readings[0]
        bounded = NumberFact(fact.name, about, low, high, one.unit, value, fact.source, bound=one.bound)
        index.numbers.append(bounded)
        taken[one.first : one.last] = [True] * (one.last - one.first)
    # A value that is nothing but a number or a date is compared as such: '2' in words would allow every 2.
    if not all(done or token.kind == "mark" for done, token in zip(taken, tokens, strict=True)) or len(tokens) > 3:
        _add_phrase(index, shown, value)


def _add_phrase(index: Index, value: Value, words: str) -> None:
    phrase = phrase_of(words)
    index.values.add(phrase, value)
    index.names.setdefault(value.name, []).append(value)
    index.words.update(phrase)
    for start in range(len(phrase)):
        for end in range(start + 1, min(len(phrase), start + 6) + 1):
            index.parts.add(phrase[start:end])


def _derived(numbers: list[NumberFact]) -> list[NumberFact]:
    """Discount and saving, where the facts hold a price and what it was."""
    prices = [one for one in numbers if one.unit is not None and is_money(one.unit) and one.low == one.high]
    return [found for was in prices for now in prices for found in _reduction(was, now)]


def _reduction(was: NumberFact, now: NumberFact) -> Iterator[NumberFact]:
    words_was, words_now = set(words_of_name(was.name)), set(words_of_name(now.name))
    if was.unit != now.unit or not words_was & _WAS or words_now & _WAS or now.low >= was.low or now.low <= 0:
        return
    share = (was.low - now.low) / was.low * 100
    shown = f"{was.name} {was.shown}, {now.name} {now.shown}"
    percent = NumberFact("discount", frozenset({"discount"}), share, share, unit_of("%"), shown, now.source, True)
    yield percent
    yield replace(percent, name="saving", about=frozenset({"saving"}), low=was.low - now.low, high=was.low - now.low,
                  unit=was.unit)  # fmt: skip
