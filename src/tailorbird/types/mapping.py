"""The import mapping: which column of a file becomes which event, trait or catalog field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

FORBID = {"extra": "forbid"}

ValueType = Literal["text", "integer", "number", "boolean", "datetime", "json"]
SourceFormat = Literal["csv", "jsonl", "parquet", "shopify", "google_merchant"]


@dataclass(frozen=True, slots=True)
class Value:
    """Where a value comes from: exactly one of `column`, `text`, `constant` or `product`.

    `text` is a text with column names in braces (`order-{Invoice}`); it is missing where one of them is empty.
    `product` multiplies number columns. `sum` adds the value up over the rows of one grouped event. `scale` multiplies
    and `decimals` rounds a number. `words` translates a text: values that are not listed stay as they are. Then the
    value is converted to its `type`; times are ISO 8601, and one without a zone is in the mapping's `timezone`.
    """

    __pydantic_config__ = FORBID

    column: str | None = None
    text: str | None = None
    constant: str | int | float | bool | None = None
    product: tuple[str, ...] = ()
    type: ValueType | None = None
    sum: bool = False
    scale: float | None = None
    decimals: int | None = None
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RowTest:
    """One test on one column's text; exactly one comparison is set. `before` and `since` compare as text
    (ISO dates sort as text). An empty value fails every test but the negative ones."""

    __pydantic_config__ = FORBID

    column: str
    equals: str | None = None
    not_equals: str | None = None
    one_of: tuple[str, ...] | None = None
    starts_with: str | None = None
    not_starts_with: str | None = None
    matches: str | None = None
    before: str | None = None
    since: str | None = None


@dataclass(frozen=True, slots=True)
class ColumnCheck:
    """What a column's value must be; a row that fails goes to quarantine with the column and the reason."""

    __pydantic_config__ = FORBID

    required: bool = True
    type: ValueType | None = None
    min: float | None = None
    max: float | None = None
    one_of: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Derivation:
    """A derived column, worked out once per distinct value of `column`.

    With `patterns`: the first label of which a pattern occurs as whole words (regular expressions as in RE2, case
    ignored), or `otherwise` where none does; None leaves it empty. Without: the text itself, its runs of spaces made
    one, and its case set by `letters` ('title' turns 'SET OF 3 TINS' into 'Set of 3 Tins').
    """

    __pydantic_config__ = FORBID

    column: str
    patterns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    otherwise: str | None = None
    letters: Literal["title", "lower"] | None = None


@dataclass(frozen=True, slots=True)
class Lines:
    """The rows of one grouped event as a list of objects under `properties.<name>`.

    `where` leaves rows out of the list (postage, discounts) but not out of the event. `sort` orders the list,
    smallest first; ties keep the file's order.
    """

    __pydantic_config__ = FORBID

    fields: Mapping[str, str | Value]
    name: str = "products"
    where: tuple[RowTest, ...] = ()
    sort: Value | None = None


@dataclass(frozen=True, slots=True)
class EventTarget:
    """Rows that become events. With `group_by`, rows with equal values there become one event.

    A plain string is a column's name. A grouped event takes its values from the group's first row, unless they `sum`.
    Without `message_id` a hash of the whole row (or the group's key) identifies the event.
    """

    __pydantic_config__ = FORBID

    event: str
    timestamp: str | Value
    user_id: str | Value | None = None
    anonymous_id: str | Value | None = None
    type: Literal["track", "page", "screen"] = "track"
    message_id: Value | str | None = None
    where: tuple[RowTest, ...] = ()
    checks: Mapping[str, ColumnCheck] = field(default_factory=dict)
    group_by: tuple[str, ...] = ()
    properties: Mapping[str, str | Value] = field(default_factory=dict)
    context: Mapping[str, str | Value] = field(default_factory=dict)
    lines: Lines | None = None


@dataclass(frozen=True, slots=True)
class TraitsTarget:
    """Rows that tell a person's traits and consents: one identify event each time they change."""

    __pydantic_config__ = FORBID

    user_id: str | Value
    timestamp: str | Value
    traits: Mapping[str, str | Value] = field(default_factory=dict)
    consents: Mapping[str, str | Value] = field(default_factory=dict)
    anonymous_id: str | Value | None = None
    where: tuple[RowTest, ...] = ()
    checks: Mapping[str, ColumnCheck] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CatalogTarget:
    """Rows that are catalog items. `texts[locale][attribute]`; locale '' means every locale.

    Prices are in major units ('19.99') or, with `minor_units`, in pence and cents; they must be exact in their
    currency. `currency` is a code, or a value per row ({column: currency}); `prices` are further ones by currency.
    `sale_price` holds from `sale_from` until `sale_until`, and before `available_from` the item is out of stock.
    `attributes` are columns that become texts under their own names; 'attr_*' means each that begins so, less that
    beginning, and 'specs.*' each member of a JSON object.

    With `grouped`, many rows tell of one item (a catalog taken from invoices) and the last row wins; rows then count
    as accepted or quarantined by the events and traits of the same mapping, if it has any.
    """

    __pydantic_config__ = FORBID

    item_id: str | Value
    name: str | Value
    family: str | Value | None = None
    price: str | Value | None = None
    currency: str | Value = ""
    prices: Mapping[str, str | Value] = field(default_factory=dict)
    minor_units: bool = False
    sale_price: str | Value | None = None
    sale_from: str | Value | None = None
    sale_until: str | Value | None = None
    available_from: str | Value | None = None
    stock: str | Value | None = None
    url: str | Value | None = None
    image: str | Value | None = None
    texts: Mapping[str, Mapping[str, str | Value]] = field(default_factory=dict)
    attributes: tuple[str, ...] = ()
    grouped: bool = False
    where: tuple[RowTest, ...] = ()
    checks: Mapping[str, ColumnCheck] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DatabaseSource:
    """Rows of a database instead of a file. Exactly one of `postgres` and `clickhouse` is its URL, `${NAME}` of the
    environment, because a URL holds a password.

    `sql` is one query, in the database's own dialect; `:watermark` in it is the highest value that column `watermark`
    had at the last import, and `since` at the first one. Compare with `>=`: what is read twice counts once.
    `overlap_minutes` reads so much further back each time, for rows that are committed late.
    """

    __pydantic_config__ = FORBID

    sql: str
    postgres: str | None = None
    clickhouse: str | None = None
    watermark: str | None = None
    since: str | int | None = None
    overlap_minutes: int = 0


@dataclass(frozen=True, slots=True)
class ImportMapping:
    """One file of imports/. `source` is a file, relative to the project, which may hold `${NAME}` of the environment;
    or the query of a database.

    `format` is told by the file where it is not given; `shopify` is Shopify's product CSV, `google_merchant` its XML or
    TSV feed. A mapping without any target is a catalog: a feed's items are known, those of another table are told by
    the names of its columns. With `variants: apart` each variant of a Shopify product is an item of its own.

    `timezone` is the zone of times that carry none. `where` says which rows are read at all; `derive` adds columns
    that every target may use; rows that no target takes are quarantined. `delimiter` is for CSV.
    """

    __pydantic_config__ = FORBID

    source: str | DatabaseSource
    format: SourceFormat | None = None
    variants: Literal["together", "apart"] = "together"
    timezone: str = "UTC"
    delimiter: str = ","
    where: tuple[RowTest, ...] = ()
    derive: Mapping[str, Derivation] = field(default_factory=dict)
    events: tuple[EventTarget, ...] = ()
    traits: TraitsTarget | None = None
    catalog: CatalogTarget | None = None

    @property
    def makes_catalog(self) -> bool:
        """Whether an import writes a version of the catalog: the mapping says so, or names no target at all."""
        return self.catalog is not None or (not self.events and self.traits is None)
