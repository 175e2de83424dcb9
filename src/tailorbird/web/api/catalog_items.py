"""The catalog over HTTP: changes of items that hold at the next decision, for a shop's own systems."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Annotated, Any

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from tailorbird.pipeline.catalog import CatalogError
from tailorbird.pipeline.publish_items import ItemPublisher, Published
from tailorbird.pipeline.update_catalog import CatalogMovedError
from tailorbird.ports.clock import Clock
from tailorbird.stages.catalog.diff import plain_diff
from tailorbird.web.api.bearer import require_key
from tailorbird.web.api.body import read_body
from tailorbird.web.operation import Answer, Body, Operation, Parameter

PATH = "/v1/catalog/items"
BODY_BYTES_MAX = 8 * 1024 * 1024
ITEMS_MAX = 10_000
DEPTH_MAX = 8
_TAG = re.compile(r'(W/)?"([^"]*)"')
_Text = str | None
_Number = str | int | float | None


class ItemPatch(msgspec.Struct, forbid_unknown_fields=True):
    """An item's id and what is other now; null takes a value away, what is not there stays. A new item needs a name.

    A price is in the item's currency ('19.99', 19.99 or '19.99 GBP'), and ends a sale that the patch does not state.
    `attributes` hold in every locale, `texts` by locale.
    """

    item_id: str
    name: str = ""
    family: _Text = None
    price: _Number = None
    currency: _Text = None
    sale_price: _Number = None
    sale_from: _Text = None
    sale_until: _Text = None
    available_from: _Text = None
    prices: dict[str, _Number] = {}
    stock: int | str | None = None
    url: _Text = None
    image: _Text = None
    attributes: dict[str, Any] = {}
    texts: dict[str, dict[str, Any]] = {}


class ItemPatches(msgspec.Struct, forbid_unknown_fields=True):
    """Items to change or to add, in order; one that cannot be used goes to quarantine, and the others hold."""

    items: Annotated[list[ItemPatch], msgspec.Meta(min_length=1, max_length=ITEMS_MAX)]


class RejectedItem(msgspec.Struct):
    """An item that was not used: where it stood in `items` (from 0), its field, and why."""

    index: int
    field: str
    reason: str


class OddItem(msgspec.Struct):
    """What catalog/schema.yaml finds wrong with an item that counts all the same."""

    index: int
    reason: str


class TouchedLine(msgspec.Struct):
    """A line that the change touches: `kind` literal is outdated from now on, slot not chosen, brief written anew."""

    creative_id: str
    kind: str
    reason: str
    text: str


class ItemsPublished(msgspec.Struct):
    """What is current now. items = added + updated + unchanged + rejected; `diff` is what differs from `before`."""

    version: str
    before: str
    items: int
    added: int
    updated: int
    unchanged: int
    rejected: list[RejectedItem]
    odd: list[OddItem]
    diff: dict[str, Any]
    lines: list[TouchedLine]


class ItemNow(msgspec.Struct):
    """An item as the current version has it: its fields and values."""

    item_id: str
    version: str
    item: dict[str, Any]


class _Received(msgspec.Struct, forbid_unknown_fields=True):
    """ItemPatches as it comes: each item is judged by itself, so that one mistake refuses one item."""

    items: Annotated[list[Any], msgspec.Meta(min_length=1, max_length=ITEMS_MAX)]


# A price is read from its digits: as a float, 19.99 would not be 19.99 any more.
_RECEIVED = msgspec.json.Decoder(_Received, float_hook=str)


@dataclass(frozen=True)
class CatalogItems:
    """The routes; who knows `key` may change the catalog. One change at a time waits for the catalog's lock."""

    publisher: ItemPublisher
    clock: Clock
    key: str
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def operations(self) -> list[Operation]:
        """Publish items, and show one."""
        tag = "The version for which the change is made, as the ETag of an answer has it."
        no_key = "The catalog key is missing or wrong."
        busy = "Not now: another change is under way. Send it again."
        return [
            Operation("POST", PATH, "Change and add items of the catalog", {
                200: Answer("The version that is current now; its id is the ETag.", ItemsPublished),
            }, self.publish, parameters=(Parameter("If-Match", tag, "header"),), body=Body(ItemPatches), problems={
                400: "The body cannot be read; nothing was changed.", 401: no_key,
                409: "There is no catalog yet.", 412: "Another version is current; nothing was changed.", 503: busy,
            }, bearer="catalogKey"),
            Operation("GET", PATH + "/{item_id:path}", "Show an item of the catalog", {
                200: Answer("The item; the version is the ETag.", ItemNow),
            }, self.show, problems={401: no_key, 404: "There is no such item.", 503: busy}, bearer="catalogKey"),
        ]  # fmt: skip

    async def publish(self, request: Request) -> Response:
        """Publish the items of one request as one version."""
        require_key(request.headers.get("authorization", "").encode("latin-1"), self.key, "catalog key")
        rows = read_items(await read_body(request, BODY_BYTES_MAX))
        expected = expected_versions(request.headers.get("if-match"))
        async with self._turn:
            try:
                found = await run_in_threadpool(
                    self.publisher.publish, rows, self.clock.now(), "http", PATH, expected=expected
                )
            except CatalogMovedError as error:
                raise HTTPException(412, str(error), {"ETag": f'"{error.current}"'}) from None
            except CatalogError as error:
                raise HTTPException(409, str(error)) from None
        return _answer(_told(found), found.report.version)

    async def show(self, request: Request) -> Response:
        """One item as it is now."""
        require_key(request.headers.get("authorization", "").encode("latin-1"), self.key, "catalog key")
        item_id = request.path_params["item_id"]
        try:
            version, item = await run_in_threadpool(self.publisher.show, item_id)
        except CatalogError as error:
            raise HTTPException(404, str(error)) from None
        if item is None:
            raise HTTPException(404, "the catalog has no such item")
        return _answer(ItemNow(item_id, version, dict(item)), version)


def read_items(body: bytes) -> list[tuple[int, Mapping[str, Any] | str]]:
    """(where it stands, the item, or why it is none) of each item of a body. HTTPException 400: it cannot be read."""
    try:
        items = _RECEIVED.decode(body).items
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise HTTPException(400, f"the body is no list of items: {error}") from None
    rows: list[tuple[int, Mapping[str, Any] | str]] = []
    for index, item in enumerate(items):
        if not isinstance(item, dict):
            rows.append((index, "is no object"))
        else:
            rows.append((index, "is nested too deeply" if _is_deep(item) else item))
    return rows


def expected_versions(if_match: str | None) -> tuple[str, ...] | None:
    """The versions that If-Match (RFC 9110, 13.1.1) allows; None for every one. HTTPException 400: it is none."""
    if if_match is None or if_match.strip() == "*":
        return None
    tags = [_TAG.fullmatch(part.strip()) for part in if_match.split(",")]
    if not all(tags):
        raise HTTPException(400, 'If-Match is neither * nor versions in quotes, such as "3f2a90c1d4e5b678"')
    return tuple(tag[2] for tag in tags if tag and not tag[1])


def _is_deep(value: Any) -> bool:
    level = [value]
    for _ in range(DEPTH_MAX):
        level = [
            inner for one in level if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]  # fmt: skip
        if not level:
            return False
    return True


def _told(found: Published) -> ItemsPublished:
    report = found.report
    return ItemsPublished(
        version=report.version,
        before=report.before,
        items=report.rows_in,
        added=report.added,
        updated=report.updated,
        unchanged=report.unchanged,
        rejected=[RejectedItem(one.line, one.field, one.reason) for one in report.rejected],
        odd=[OddItem(line, reason) for line, reason in report.odd],
        diff=plain_diff(found.diff),
        lines=[TouchedLine(**asdict(line)) for line in found.lines],
    )


def _answer(body: msgspec.Struct, version: str) -> Response:
    headers = {"ETag": f'"{version}"', "Cache-Control": "no-store"}
    return Response(msgspec.json.encode(body), headers=headers, media_type="application/json")
