"""The recommender: which items suit whom, learned from purchases."""

from typing import Any, Protocol

from tailorbird.types.recommendation import Bought, ItemTraits, Shoppers


class ItemScorer(Protocol):
    """What was learned at one moment; it does not change any more."""

    def score_many(self, shoppers: Shoppers) -> Any:
        """(people × items) f8: the higher, the better it suits; -inf: never.

        No NaN. A person's scores depend on the person alone, not on who else is asked for. Rules (stock, margin, what
        was just bought) are not the recommender's.
        """
        ...


class Recommender(Protocol):
    """Learns from purchases; the same ones give the same scorer."""

    @property
    def name(self) -> str:
        """The name by which campaigns call it."""
        ...

    def fit(self, bought: Bought, traits: ItemTraits, as_of: float) -> ItemScorer:
        """Learn. `as_of` is the moment in days since 1970; nothing in `bought` is later. There may be no purchases at
        all, and items that nobody bought."""
        ...
