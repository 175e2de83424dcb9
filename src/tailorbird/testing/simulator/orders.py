"""The properties of product and order events."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from tailorbird.types.item import Item


def product_properties(item: Item) -> dict[str, Any]:
    """What a shop's site sends with a product view."""
    return {
        "product_id": item.item_id,
        "name": item.name,
        "family": item.family,
        "price": float(item.price or 0),
        "currency": item.currency,
    }


def order_properties(items: Sequence[Item], order_id: str, cart_id: str | None = None) -> dict[str, Any]:
    """What a shop's site sends with an order of one of each item; the total is exact to the penny."""
    products = [
        {
            "product_id": item.item_id,
            "name": item.name,
            "family": item.family,
            "price": float(item.price or 0),
            "quantity": 1,
        }
        for item in items
    ]
    total = sum((item.price or Decimal(0) for item in items), Decimal(0))
    order = {"order_id": order_id, "total": float(total), "currency": items[0].currency, "products": products}
    return {**order, "cart_id": cart_id} if cart_id else order
