"""The facts of a project's catalog, item by item, kept until the catalog is another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import Lock

from tailorbird.pipeline.catalog import CatalogError
from tailorbird.pipeline.facts import Facts as LiveItems
from tailorbird.pipeline.validation.facts_of import Reader, facts_of_items, vocabularies_of
from tailorbird.ports.warehouse import Warehouse
from tailorbird.project.project import Project
from tailorbird.project.schema_file import read_schema
from tailorbird.stages.catalog.knowledge import rows_by_item
from tailorbird.types.catalog_schema import CatalogSchema
from tailorbird.types.fact import Facts
from tailorbird.types.item import Item

RIVALS_MAX = 30
KEPT_MAX = 5_000


@dataclass
class _Read:
    """What was read of one version: items, families, and per locale the reader and the facts that were made."""

    version: str
    items: Mapping[str, Item]
    families: Mapping[str, Sequence[Item]]
    sources: Mapping[str, Mapping[str, tuple[str, datetime]]]
    readers: dict[str, Reader] = field(default_factory=dict)
    made: dict[tuple[str, tuple[str, ...]], Facts] = field(default_factory=dict)


class CatalogFacts:
    """Facts of items as a text in a locale may state them, read once per version of catalog and knowledge.

    Nothing is read before it is asked for. Threads may share it.
    """

    def __init__(self, project: Project, warehouse: Warehouse) -> None:
        self._project, self._warehouse, self._schema = project, warehouse, CatalogSchema()
        self._live: LiveItems | None = None
        self._read: _Read | None = None
        self._lock = Lock()  # a warehouse is used by one thread at a time

    def of(self, item_ids: Sequence[str], locale: str, now: datetime) -> Facts:
        """What is true at `now` (aware) of these items, with others of their families as rivals.

        Entities and vocabularies are the same objects for all texts of a version and locale. CatalogError: no catalog,
        or no such item.
        """
        with self._lock:
            return self._of(item_ids, locale, now)

    def _of(self, item_ids: Sequence[str], locale: str, now: datetime) -> Facts:
        read = self._current(now)
        if missing := [item_id for item_id in item_ids if item_id not in read.items]:
            raise CatalogError(f"the catalog {read.version} has no item {missing[0][:80]!r}")
        key = (locale, tuple(item_ids))
        if key not in read.made:
            if len(read.made) >= KEPT_MAX:
                read.made.clear()
            read.made[key] = self._facts(read, item_ids, locale, now)
        made = read.made[key]
        return made if made.as_of == now else replace(made, as_of=now)

    def _facts(self, read: _Read, item_ids: Sequence[str], locale: str, now: datetime) -> Facts:
        if locale not in read.readers:
            vocabularies = vocabularies_of(read.items.values(), locale, self._schema)
            zone = self._project.settings.timezone
            read.readers[locale] = Reader(locale, zone, self._schema, vocabularies, read.sources)
        subjects = [read.items[item_id] for item_id in item_ids]
        named = dict.fromkeys(item.family for item in subjects)
        rivals = [item for family in named for item in read.families[family] if item.item_id not in item_ids]
        return facts_of_items(subjects, now, read.readers[locale], rivals[:RIVALS_MAX], self._project.brand.name)

    def _current(self, now: datetime) -> _Read:
        if self._live is None:
            self._schema = read_schema(self._project.root)
            self._live = LiveItems(self._project, self._warehouse)
        version = self._live.version(now)
        if self._read is None or self._read.version != version:
            items = self._live.items(now)
            families: dict[str, list[Item]] = {}
            for item in items.values():
                families.setdefault(item.family, []).append(item)
            sources: dict[str, dict[str, tuple[str, datetime]]] = {}
            for name, read in self._live.tables.items():
                for item_id, row in rows_by_item(items, read.table, read.rows, now):
                    where = f"knowledge {name}: {row.source}"
                    told = sources.setdefault(item_id, {})
                    told.update({f"{name}_{column}": (where, row.expires_at) for column in read.table.columns})
            self._read = _Read(version, items, families, sources)
        return self._read
