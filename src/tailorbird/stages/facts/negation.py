"""The reach of negations: which tokens a 'no', 'not', 'without' or '-free' covers."""

from collections.abc import Set as AbstractSet

from tailorbird.stages.facts.language import Language, split_words
from tailorbird.stages.facts.tokens import Token

_REACH = 8
"""A negation reaches no farther than so many words."""
_PREFIX_REACH = 2
"""'non-toxic', 'non slip sole'."""
_NEW_PREDICATE = split_words(
    "with has have comes is are it its offers includes features weighs measures yields lasts prints works holds stores "
    "shows lists takes runs supports fits can costs needs uses gives makes keeps mit hat haben ist sind es bietet "
    "enthält wiegt misst kommt fasst druckt hält läuft speichert arbeitet zeigt passt kann wird braucht kostet "
    "verfügt unterstützt enthält"
)
_AND = {"and", "or", "nor", "und", "oder", "noch"}


def denied_tokens(tokens: list[Token], language: Language, names: AbstractSet[int] = frozenset()) -> list[int]:
    """For each token how many telling words after a negation it stands (itself included), 0 where none covers it.

    A negation reaches from its cue to the end of its clause, or to what turns the sentence ('but', 'and has'); with
    '-free', '-less' and '-frei' it covers the word before. `names` are tokens of attributes' names ('width without
    stand'), which deny nothing.
    """
    denied = [0] * len(tokens)
    cues = language.denials | {*language.denial_prefixes, *language.denial_suffixes}
    if cues.isdisjoint(token.plain for token in tokens):
        return denied
    skipped = _not_denials(tokens, language) | names
    for i, token in enumerate(tokens):
        if token.kind == "word" and token.plain in language.denials and i not in skipped:
            _cover(tokens, i + 1, language, denied)
        elif token.kind == "word" and token.plain in language.denial_suffixes and i >= 2 and tokens[i - 1].text == "-":
            denied[i - 2] = 1
        elif token.kind == "word" and token.plain in language.denial_prefixes:
            _cover(tokens, i + 1, language, denied, _PREFIX_REACH)
    return denied


def _not_denials(tokens: list[Token], language: Language) -> set[int]:
    found: set[int] = set()
    for phrase in language.not_denials:
        for i in range(len(tokens) - len(phrase) + 1):
            if tokens[i].plain == phrase[0] and all(tokens[i + n].plain == word for n, word in enumerate(phrase)):
                found.update(range(i, i + len(phrase)))
    return found


def _cover(tokens: list[Token], start: int, language: Language, denied: list[int], reach: int = _REACH) -> None:
    words = telling = 0
    for i in range(start, len(tokens)):
        token = tokens[i]
        if token.parts or token.sentence != tokens[start - 1].sentence or words >= reach:
            return
        if token.plain in language.resumes and token.plain not in ("just", "only"):
            return
        if token.plain in _AND and i + 1 < len(tokens) and tokens[i + 1].plain in _NEW_PREDICATE:
            return
        words += token.kind != "mark"
        telling += token.kind != "mark" and token.plain not in language.idle
        denied[i] = max(telling, 1)
