"""What every operator shares: the mutated text, the places where something can be put, and how it is put there."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from catalog_texts.compose import Text
from catalog_texts.products import Catalog
from catalog_texts.surfaces import Mention


@dataclass(frozen=True)
class Mutated:
    """A text with one false statement at `span` (empty where something was left out)."""

    text: str
    span: tuple[int, int]
    operator: str
    attribute: str
    was: str
    long_tail: bool = False


Operator = Callable[[Text, Catalog, random.Random], Mutated | None]
Place = tuple[int, int, Mention]


def replaced(text: Text, place: Place, new: str, operator: str) -> Mutated:
    """The text with another surface at the place, with a capital where there was one."""
    start, end, mention = place
    if mention.surface[:1].isupper() and new[:1].islower() and mention.kind not in ("value", "brand", "name"):
        new = new[0].upper() + new[1:]
    whole = text.text[:start] + new + text.text[end:]
    name, was = mention.fact.name, mention.surface
    return Mutated(whole, (start, start + len(new)), operator, name, was, mention.long_tail)


def places(text: Text, rng: random.Random, *kinds: str) -> Iterator[Place]:
    """The mentions of these kinds, in random order."""
    found = [place for place in text.mentions if place[2].kind in kinds]
    yield from rng.sample(found, len(found))
