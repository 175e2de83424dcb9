"""How simulated people like what they read: hidden features of the rendered text and the item shown.

Nothing here knows creatives, briefs or decisions: two messages that read the same are liked the same.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tailorbird.testing.simulator.mail import ReadMail
from tailorbird.testing.simulator.world import World
from tailorbird.types.item import Item

OPENING_CHARS = 500
_WARM = re.compile(
    r"\b(home|warm|enjoy|cosy|comfort|slow|gentle|quiet|love|welcome|miss\w*|thank\w*|friend\w*|evening|morning|"
    r"zuhause|gemütlich|genieß\w*|ruhig|sanft|lieb\w*|willkommen|vermiss\w*|dank\w*|abend\w*|morgen\w*)\b",
    re.I,
)
_PRESSURE = re.compile(r"\b(hurry|last chance|act now|only today|jetzt zuschlagen|letzte chance|nur heute)\b|!!", re.I)
_NUMBER = re.compile(r"\d")
# Weights add up to about 0 for a plain, short, honest message with an item that suits the reader a little.
_BASE = -1.2


@dataclass(frozen=True, slots=True)
class Reading:
    """What one person makes of one message: `score` is about -1 (put off) to 1 (drawn in); `item` is what was shown."""

    score: float
    item: int | None


class CopyReader:
    """Finds items by their names in any locale, and scores messages for people of a world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._names = _names(world.items)
        longest_first = sorted(self._names, key=len, reverse=True)
        self._pattern = re.compile("|".join(re.escape(name) for name in longest_first) or r"(?!)")

    def read(self, mail: ReadMail, person: int) -> Reading:
        """The score of one message for one person, by index."""
        subject, text = mail.subject.lower(), mail.text.lower()
        opening = text[:OPENING_CHARS]
        named = self._pattern.search(subject) or self._pattern.search(text)
        item = self._names[named[0]] if named else None
        score = _BASE
        score += 0.55 * bool(self._pattern.search(subject))
        score += 0.2 * bool(self._pattern.search(opening))
        score += 0.3 if len(mail.subject) <= 45 else -0.3 * (len(mail.subject) > 62)
        score += 0.25 * bool(_WARM.search(subject)) + 0.15 * bool(_WARM.search(opening))
        score += 0.2 * ("?" in subject)
        score += 0.25 * (self._world.price_sensitivity[person] - 0.4) * bool(_NUMBER.search(subject))
        score -= 0.5 * bool(_PRESSURE.search(subject) or _PRESSURE.search(opening))
        score += self._suits(item, person)
        return Reading(float(score), item)

    def _suits(self, item: int | None, person: int) -> float:
        """From -0.3 (a family the person never buys, or no item) to 0.6 (the favourite family)."""
        if item is None:
            return -0.3
        tastes = self._world.tastes[person]
        liking = tastes[self._world.item_families[item]] / tastes.max()
        return 0.9 * float(liking) - 0.3


def _names(items: Sequence[Item]) -> Mapping[str, int]:
    names: dict[str, int] = {}
    for index, item in enumerate(items):
        texts = [item.name, *(text for by_name in item.texts.values() for text in _name_texts(by_name))]
        for text in texts:
            if len(text) > 3:
                names.setdefault(text.lower(), index)
    return names


def _name_texts(texts: Mapping[str, str]) -> list[str]:
    return [texts[name] for name in ("name", "short_name") if name in texts]
