"""A creative store of which everything can be read, and whose changes stay in memory: an audit changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from tailorbird.ports.creative_store import CreativeStore
from tailorbird.types.creative import Approval, Creative


class LinesAside:
    """`CreativeStore` over another one; what is saved or reviewed here, the other never hears of."""

    def __init__(self, store: CreativeStore) -> None:
        self._store = store
        self._own: dict[str, tuple[Creative, Mapping[str, Any]]] = {}
        self._reviews: dict[str, list[Mapping[str, Any]]] = {}

    def save(self, creatives: Sequence[Creative], notes: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        """Insert or update, here."""
        for creative in creatives:
            known = self.get(creative.creative_id)
            told = (notes or {}).get(creative.creative_id, known[1] if known else {})
            self._own[creative.creative_id] = (creative, told)

    def find(self, campaign: str | None = None, approval: str | None = None) -> list[Creative]:
        """Creatives, filtered, in id order: those of here first, then the other store's."""
        found = {creative.creative_id: creative for creative in self._store.find(campaign)}
        found |= {name: creative for name, (creative, _) in self._own.items() if campaign in (None, creative.campaign)}
        return [found[name] for name in sorted(found) if approval in (None, found[name].approval)]

    def get(self, creative_id: str) -> tuple[Creative, Mapping[str, Any]] | None:
        """One creative and its notes."""
        return self._own.get(creative_id) or self._store.get(creative_id)

    def review(self, creative_id: str, approval: str, by: str, reason: str, at: str) -> Creative:
        """Record a review, here. KeyError: unknown id."""
        known = self.get(creative_id)
        if known is None:
            raise KeyError(creative_id)
        bound = known[0].content_hash if approval == "approved" else ""
        creative = replace(
            known[0], approval=cast(Approval, approval), approved_hash=bound, approved_by=by if bound else ""
        )
        self._own[creative_id] = (creative, known[1])
        told = {"approval": approval, "by": by, "reason": reason, "at": at, "content_hash": creative.content_hash}
        self._reviews.setdefault(creative_id, []).append(told)
        return creative

    def reviews(self, creative_id: str) -> list[Mapping[str, Any]]:
        """The review history of one creative, oldest first."""
        return [*self._store.reviews(creative_id), *self._reviews.get(creative_id, [])]
