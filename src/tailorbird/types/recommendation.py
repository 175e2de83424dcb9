"""What recommenders learn from, and what comes out: purchases, shoppers, traits of items, chosen items. In columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Bought:
    """Purchases, oldest first: person `people[i]` bought item `items[i]` on day `days[i]`, and belongs to `cells[i]`.

    Numpy arrays of one length: people, items and cells are indices (i8; a cell of -1 is not known), days are days since
    1970 in UTC (f8). The same purchase may stand there more than once.
    """

    people: Any
    items: Any
    days: Any
    cells: Any


@dataclass(frozen=True, slots=True)
class Shoppers:
    """The people to recommend to. Numpy arrays: `recent` (people × r, i8): the items of their last purchases, newest
    first, -1 for none; an item bought three times stands there three times. `ages` (people × r, f8): how many days
    ago. `cells` (people, i8): each one's cell, -1 where it is not known.
    """

    recent: Any
    ages: Any
    cells: Any


@dataclass(frozen=True, slots=True)
class ItemTraits:
    """What is known of the items without a purchase: `texts[i]` describes item i; `families[i]` is its family."""

    texts: Sequence[str]
    families: Sequence[str]


@dataclass(frozen=True, slots=True)
class ItemChoice:
    """Chosen items, position by position, in numpy arrays (people × places): `items` (i8; -1 where nothing was left),
    the `propensity` of each given those before it (f8), and how many were `eligible` at that position (i8)."""

    items: Any
    propensity: Any
    eligible: Any
