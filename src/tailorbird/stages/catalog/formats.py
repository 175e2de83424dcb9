"""Which format a product file has, and which of its columns say what."""

import re
from collections.abc import Collection, Sequence

from tailorbird.stages.catalog.fold import ATTRIBUTES
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.feed import FEED_COLUMNS
from tailorbird.types.mapping import CatalogTarget, SourceFormat, Value

FEEDS = ("shopify", "google_merchant")
_SHOPIFY = {"Handle", "Title", "Variant Price"}
_MERCHANT = {"id", "title", "link", "price"}
_ROLES = {
    "item_id": ("item_id", "product_id", "sku", "id", "handle", "article_number"),
    "name": ("title", "name", "product_name", "item_name", "product_title"),
    "family": ("family", "category", "product_type", "type", "supplier", "brand"),
    "price": ("price", "unit_price", "price_gross"),
    "stock": ("stock", "quantity", "qty", "inventory", "stock_level"),
    "url": ("url", "link", "product_url"),
    "image": ("image", "image_link", "image_url", "picture"),
}


class FormatError(TailorbirdError):
    """A product file whose format or columns nobody can tell. One sentence with the mend."""


def detect_format(suffix: str, start: bytes, header: Sequence[str]) -> tuple[SourceFormat, str]:
    """(the format, what it was told by) from a file's suffix (without .gz), first bytes and first line's names."""
    if start.startswith(b"PAR1") or suffix == ".parquet":
        return "parquet", "it is a Parquet file"
    bare = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    if bare.startswith(b"<") or suffix == ".xml":
        return "google_merchant", "it is XML"
    if suffix in (".jsonl", ".ndjson") or bare.startswith(b"{"):
        return "jsonl", "its lines are JSON objects"
    if set(header) >= _SHOPIFY:
        return "shopify", f"it has the columns {', '.join(sorted(_SHOPIFY))}"
    folded = {re.sub(r"[\s-]+", "_", name.strip().lower().removeprefix("g:")) for name in header}
    if suffix in (".tsv", ".txt") and folded >= _MERCHANT:
        return "google_merchant", f"it is a table with tabs and has the columns {', '.join(sorted(_MERCHANT))}"
    return "csv", f"it is a table of {len(header)} columns"


def feed_target() -> CatalogTarget:
    """How a feed's rows become items, where the mapping does not say otherwise."""
    return CatalogTarget(
        **{name: name for name in FEED_COLUMNS if name != "currency"},  # type: ignore[arg-type]
        currency=Value(column="currency"),
        attributes=(f"{ATTRIBUTES}.*",),
    )


def guess_target(columns: Collection[str], currency: str, source: str) -> CatalogTarget:
    """How a plain table's rows become items, by the names of its columns. FormatError: no id, or no name."""
    folded = {name.lower().replace(" ", "_"): name for name in columns}
    found: dict[str, str] = {}
    for role, names in _ROLES.items():
        match = next((folded[name] for name in names if name in folded and folded[name] not in found.values()), None)
        if match is not None:
            found[role] = match
    for role in ("item_id", "name"):
        if role not in found:
            raise FormatError(
                f"{source}: no column says the item's {role} (looked for {', '.join(_ROLES[role])}); write a mapping "
                "in imports/ with a catalog section"
            )
    rest = tuple(name for name in columns if name not in found.values() and name != folded.get("currency"))
    return CatalogTarget(
        **found,  # type: ignore[arg-type]
        currency=Value(column=folded["currency"]) if "currency" in folded else currency,
        attributes=rest,
    )
