"""Wordings: how texts that people wrote say what the facts hold, learned from pairs of facts and text.

A phrase is a wording of a value where texts that have it are, nearly always, about things with that value, and far more
often than chance. Nobody labels anything: it is enough that most texts are true.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import sqrt

from tailorbird.stages.facts.index import words_of_name
from tailorbird.stages.facts.language import Language, concept_of, concepts_in, split_words
from tailorbird.stages.facts.languages import language_of
from tailorbird.stages.facts.negation import denied_tokens
from tailorbird.stages.facts.tokens import form_of, phrase_of, tokenise
from tailorbird.types.fact import Fact, Facts

LEAST_SEEN = 5
LEAST_SEEN_SHARE = 0.01
"""Of all texts; what is rarer goes with a value by chance too often."""
LEAST_PRECISION = 0.8
_Z = 1.64
_WORDS_MAX = 4
_GAIN = 0.6
_MEMBER = 0.08
"""A phrase may be said of several values: of each that at least 8 % of its texts have ('well made')."""
_FILLERS = split_words(
    "they there it's he she we you i who which where when what be been being do does can will would should may might "
    "if so as at near very also called named located place es gibt man sie wir ihr wo wer was sehr auch namens"
)
Attribute = tuple[str, str]


def learn_wordings(examples: Sequence[tuple[Facts, str]], locale: str) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """{attribute: {value: further wordings}}, in the shape of `Facts.vocabularies`; of yes or no under 'yes' and 'no'.

    A phrase of one to four words is a wording of the values that at least 8 % of its texts have, where it was seen in
    five texts and one in a hundred, where at least 80 % of these (lower end of a Wilson interval, one-sided 95 %) have
    one of the values, and where that closes 60 % of what lies between the values' share among all of the attribute's
    and certainty.
    It goes to the attribute that it points to most surely.
    """
    language = language_of(locale.replace("_", "-").split("-")[0].lower())
    if language is None or not examples:
        return {}
    seen: Counter[tuple[str, ...]] = Counter()
    together: Counter[tuple[tuple[str, ...], Attribute]] = Counter()
    shares: Counter[Attribute] = Counter()
    literals: set[tuple[str, ...]] = set()
    for facts, text in examples:
        values = list(dict.fromkeys(_values(facts)))
        shares.update(values)
        literals.update(phrase_of(value) for _, value in values)
        for phrase, denied in set(_phrases(facts, text, language)):
            seen[phrase] += 1
            together.update((phrase, _flipped(value) if denied else value) for value in values)
    least = max(LEAST_SEEN, LEAST_SEEN_SHARE * len(examples))
    telling = {phrase for phrase, count in seen.items() if count >= least}
    parts = {words[i:j] for words in literals for i in range(len(words)) for j in range(i + 1, len(words) + 1)}
    parts -= literals
    named = {concept for name, _ in shares for word in words_of_name(name) for concept in concepts_in(word)}
    parts |= {phrase for phrase in telling if all(concept_of(word) in named for word in phrase)}
    telling = {phrase for phrase in telling if _telling(phrase, language, literals, parts)}
    return _chosen({phrase: seen[phrase] for phrase in telling}, together, shares)


def _flipped(value: Attribute) -> Attribute:
    """What a denied phrase says of something that is so or not."""
    return value[0], {"yes": "no", "no": "yes"}.get(value[1], value[1])


def _values(facts: Facts) -> Iterator[Attribute]:
    for entity in facts.subjects:
        for fact in entity.facts:
            yield fact.name, value_shown(fact)


def value_shown(fact: Fact) -> str:
    """A fact's value as vocabularies write it."""
    if isinstance(fact.value, bool):
        return "yes" if fact.value else "no"
    return str(fact.value)


def _phrases(facts: Facts, text: str, language: Language) -> Iterator[tuple[tuple[str, ...], bool]]:
    """(phrase, whether it is denied) of every run of one to four words, without the subjects' names."""
    tokens = tokenise(text)
    denied = denied_tokens(tokens, language)
    names = {word for entity in facts.subjects for name in entity.names for word in phrase_of(name)}
    run: list[tuple[str, bool]] = []
    sentence = -1
    for token, is_denied in zip(tokens, denied, strict=True):
        if token.sentence != sentence or token.parts or token.form in names:
            run, sentence = [], token.sentence
        if not token.counts or token.form in names:
            continue
        run.append((token.form, bool(is_denied)))
        for size in range(1, min(_WORDS_MAX, len(run)) + 1):
            words = run[-size:]
            yield tuple(word for word, _ in words), any(is_denied for _, is_denied in words)


def _telling(
    phrase: tuple[str, ...], language: Language, literals: set[tuple[str, ...]], parts_of_values: set[tuple[str, ...]]
) -> bool:
    """Whether a phrase can be a wording: it has a word that says something, does not begin or end in one that says
    nothing, is no negation, no part of a value, no attribute's name, and holds no value beside other words."""
    idle = {form_of(word) for word in (*language.idle, *_FILLERS)}
    if phrase[0] in idle or phrase[-1] in idle or not any(word[0].isalpha() for word in phrase):
        return False
    if any(word in language.denials or word in language.denial_prefixes for word in phrase):
        return False
    if phrase in parts_of_values:
        return False  # 'green' is not 'moss green'
    parts = (phrase[i:j] for i in range(len(phrase)) for j in range(i + 1, len(phrase) + 1))
    return phrase in literals or not any(part in literals for part in parts)


def _chosen(
    seen: Mapping[tuple[str, ...], int],
    together: Counter[tuple[tuple[str, ...], Attribute]],
    shares: Counter[Attribute],
) -> dict[str, dict[str, tuple[str, ...]]]:
    by_phrase: dict[tuple[str, ...], dict[str, Counter[str]]] = {}
    for (phrase, (name, value)), count in together.items():
        if phrase in seen:
            by_phrase.setdefault(phrase, {}).setdefault(name, Counter())[value] = count
    present: Counter[str] = Counter()
    for (name, _), count in shares.items():
        present[name] += count
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for phrase, names in sorted(by_phrase.items(), key=lambda pair: (len(pair[0]), pair[0])):
        best = max(
            (_pointed_at(name, values, seen[phrase], shares, present[name]), name) for name, values in names.items()
        )
        (_, pointed), name = best
        words = " ".join(phrase)
        for value in pointed:
            values = found.setdefault(name, {})
            if not any(_holds(words, shorter) for shorter in values.get(value, ())):
                values[value] = (*values.get(value, ()), words)
    return found


def _pointed_at(
    name: str, values: Counter[str], texts: int, shares: Counter[Attribute], present: int
) -> tuple[float, tuple[str, ...]]:
    """(how much surer the phrase makes the values, the values of the attribute that it points to), (0, ()) for none."""
    pointed = tuple(sorted(value for value, count in values.items() if count >= _MEMBER * texts))
    count = sum(values[value] for value in pointed)
    share = sum(shares[(name, value)] for value in pointed) / present
    sure = _lower(count, texts) if pointed and count >= LEAST_SEEN else 0.0
    if sure < LEAST_PRECISION or share >= 1 or sure - share < _GAIN * (1 - share):
        return 0.0, ()
    return (sure - share) / (1 - share), pointed


def _holds(words: str, shorter: str) -> bool:
    return f" {shorter} " in f" {words} "


def _lower(count: int, of: int) -> float:
    """The lower end of a one-sided 95 % Wilson interval of a share."""
    share, spread = count / of, _Z * _Z / of
    return (share + spread / 2 - _Z * sqrt(share * (1 - share) / of + spread / (4 * of))) / (1 + spread)
