"""Layers: experiments that exclude each other share one, all others overlap at random.

A layer is the 10,000 buckets of its salt. Each campaign has a range of them, in the order of the file; nobody is in two
ranges. Campaigns without a layer, or in different ones, cross each other: their salts are independent, so the arms of
one are spread evenly over the arms of the other.
"""

from collections.abc import Mapping, Sequence

from tailorbird.stages.assignment.buckets import BUCKETS, buckets_of

Range = tuple[int, int]
"""The buckets from the first to before the second."""


def layer_ranges(shares: Mapping[str, float]) -> dict[str, Range]:
    """Each campaign's buckets: as wide as its share, one after the other, in the mapping's order.

    Raises ValueError where a share is not above 0, or all together are more than 1.
    """
    ranges: dict[str, Range] = {}
    total = 0.0
    for campaign, share in shares.items():
        if not share > 0:
            raise ValueError(f"campaign {campaign!r} has a share of {share:g} of the layer; it must be above 0")
        start, total = round(total * BUCKETS), total + share
        ranges[campaign] = (start, round(total * BUCKETS))
    if total > 1 + 1e-9:
        raise ValueError(f"the shares of the layer add up to {total:g}, and a layer has 1 at most")
    return ranges


def in_range(units: Sequence[str], salt: str, buckets: Range) -> list[bool]:
    """Which units are in a campaign's part of its layer."""
    of_units = buckets_of(units, salt)
    return [bool(inside) for inside in (of_units >= buckets[0]) & (of_units < buckets[1])]
