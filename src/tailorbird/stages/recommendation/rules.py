"""Business rules: what may be shown at all, and how much margin counts."""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tailorbird.types.errors import TailorbirdError
from tailorbird.types.item import Item
from tailorbird.types.item_spec import ItemSpec

_SHARE = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*(%?)\s*")


class RuleError(TailorbirdError):
    """A rule that cannot be applied to this catalog."""


def read_share(text: str | None) -> float | None:
    """A share written as '0.35' or '35 %'; None for anything else, and outside of -1 to 1."""
    found = _SHARE.fullmatch(text or "")
    if not found:
        return None
    share = float(found[1]) / (100.0 if found[2] else 1.0)
    return share if -1.0 <= share <= 1.0 else None


def read_margins(items: Sequence[Item], attribute: str) -> NDArray[np.float64]:
    """Each item's margin as a share of its price, NaN where the catalog does not say it.

    Raises RuleError where no item has the attribute as a share.
    """
    found = [read_share(item.text(attribute, "")) for item in items]
    if items and all(share is None for share in found):
        raise RuleError(
            f"items.margin names the attribute {attribute!r}, which no item of the catalog has as a share such as 0.35 "
            "or 35 %; add it to the catalog, or take the margin rules out"
        )
    return np.array([np.nan if share is None else share for share in found])


def allowed_items(items: Sequence[Item], spec: ItemSpec, margins: NDArray[np.float64] | None) -> NDArray[np.bool_]:
    """Which items may be shown: enough in stock (or stock is not tracked), and at least the least margin.

    An item of unknown margin passes no least margin.
    """
    stock = np.array([item.in_stock and (item.stock is None or item.stock >= spec.stock_min) for item in items], bool)
    if margins is None or spec.margin_min <= 0:
        return stock
    result: NDArray[np.bool_] = stock & (np.nan_to_num(margins, nan=-1.0) >= spec.margin_min)
    return result


def margin_lift(margins: NDArray[np.float64] | None, weight: float, n_items: int) -> NDArray[np.float64]:
    """What an item's score is multiplied with: e^(weight · (margin − median margin)); 1 where it is not known.

    With a weight of 2, ten points of margin more are worth a score that is 22 % greater.
    """
    if margins is None or weight == 0 or np.isnan(margins).all():
        return np.ones(n_items)
    away = np.nan_to_num(margins - np.nanmedian(margins), nan=0.0)
    result: NDArray[np.float64] = np.exp(weight * away)
    return result
