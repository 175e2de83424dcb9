"""Facts as a person writes them in JSON: read, and what of them could not be used.

The flat form is one thing: {"name": "Hobbin kettle", "price": "48.00 GBP", "colour": ["red", "blue"]}. The full form
has "subjects", and may have "others", "vocabularies", "required", "evidence", "as_of" and "zone".
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from tailorbird.stages.facts.given_values import Reading, UnusableError, read_values
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.fact import Entity, Fact, Facts

FACTS_MAX = 50_000
NAME_CHARS_MAX = 200
_FULL = ("subjects", "others", "vocabularies", "required", "evidence", "as_of", "zone")
_MONEY = re.compile(r"\b(?:price|preis|rrp|uvp|cost|deposit|fee|gebühr|kaution)\b", re.I)
_NAMES, _ID, _FAMILY = ("name", "names"), ("id", "item_id"), "family"


class FactsError(TailorbirdError):
    """Facts of which nothing can be used, because their form is wrong: where, why, and what to write."""


@dataclass(frozen=True, slots=True)
class Unusable:
    """A value from which no fact was read, or none that a text could agree with: where it stands ('price',
    'others[0].weight'), and why."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class Given:
    """The facts that were read, and the values from which none was."""

    facts: Facts
    unusable: tuple[Unusable, ...] = ()


def parse_facts(text: str, source: str = "facts") -> Given:
    """The facts of a JSON text. FactsError: it is no JSON (with line and column), or not of one of the two forms."""
    try:
        document = json.loads(text, parse_float=Decimal, parse_int=Decimal, parse_constant=_refuse,
                              object_pairs_hook=_once)  # fmt: skip
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise FactsError(f"{source} is not valid JSON: {where}: {error.msg}") from None
    except (ValueError, ArithmeticError) as error:
        raise FactsError(f"{source} cannot be used: {error}") from None
    except RecursionError:
        raise FactsError(f"{source} is nested too deeply: facts are one or two levels deep") from None
    return read_facts(document, source)


def read_facts(document: Any, source: str = "facts") -> Given:
    """The same for a document that is read already, with numbers as int, float or Decimal."""
    if not isinstance(document, Mapping):
        raise FactsError(f'{source} must be an object, such as {{"name": "Hobbin kettle", "price": "48.00 GBP"}}')
    if "subjects" not in document:
        reader = _Reader(Reading(UTC), source)
        subject = reader.entity(document, "")
        return Given(Facts((subject,)), tuple(reader.unusable))
    if unknown := [str(key) for key in document if key not in _FULL]:
        raise FactsError(f'{source}: unknown key {unknown[0][:80]!r} beside "subjects"; known: {", ".join(_FULL)}')
    zone = _zone(document.get("zone", "UTC"), source)
    reader = _Reader(Reading(ZoneInfo(zone)), source)
    facts = Facts(
        subjects=reader.entities(document["subjects"], "subjects"),
        others=reader.entities(document.get("others", ()), "others"),
        vocabularies=_vocabularies(document.get("vocabularies", {}), source),
        required=frozenset(_texts(document.get("required", ()), f"{source}: required")),
        evidence=_evidence(document.get("evidence", {}), source),
        as_of=_as_of(document.get("as_of"), ZoneInfo(zone), source),
        zone=zone,
    )
    return Given(facts, tuple(reader.unusable))


class _Reader:
    """Reads entities, and notes what it cannot use."""

    def __init__(self, how: Reading, source: str) -> None:
        self._how, self._source, self._count = how, source, 0
        self.unusable: list[Unusable] = []

    def entities(self, value: Any, where: str) -> tuple[Entity, ...]:
        listed = [value] if isinstance(value, Mapping) else value
        if not isinstance(listed, list | tuple):
            raise FactsError(f"{self._source}: {where} must be a list of objects")
        found = []
        for at, each in enumerate(listed):
            if not isinstance(each, Mapping):
                raise FactsError(f"{self._source}: {where}[{at}] must be an object")
            found.append(self.entity(each, f"{where}[{at}]."))
        return tuple(found)

    def entity(self, given: Mapping[Any, Any], where: str) -> Entity:
        """One thing: its names, id and family, and every other key, or those under "facts", as facts."""
        rest = {key: value for key, value in given.items() if key not in (*_NAMES, *_ID, _FAMILY)}
        told: Any = rest.pop("facts", None)
        if told is not None and rest:
            key = str(next(iter(rest)))[:80]
            raise FactsError(f'{self._source}: {where}{key} stands beside "facts": put it among them')
        names = [name for key in _NAMES for name in self._labels(given.get(key), where + key)]
        ids = [each for key in _ID for each in self._labels(given.get(key), where + key)]
        families = self._labels(given.get(_FAMILY), where + _FAMILY)
        facts = tuple(self._facts(rest if told is None else told, where))
        return Entity((ids or names or [where.rstrip(".") or "subject"])[0], tuple(names), facts, "".join(families[:1]))

    def _labels(self, value: Any, where: str) -> list[str]:
        labels = []
        for each in value if isinstance(value, list | tuple) else [value]:
            if isinstance(each, Decimal | int) and not isinstance(each, bool):
                each = str(each)
            if isinstance(each, str) and 0 < len(each.strip()) <= NAME_CHARS_MAX and each.isprintable():
                labels.append(each.strip())
            elif each is not None:
                self._refuse(where, f"must be text of at most {NAME_CHARS_MAX} characters, or a list of such texts")
        return labels

    def _facts(self, told: Any, where: str) -> Iterator[Fact]:
        if isinstance(told, list | tuple):
            told = list(self._named(told, where))
        elif isinstance(told, Mapping):
            told = list(told.items())
        else:
            raise FactsError(f"{self._source}: {where}facts must be an object, or a list of objects with a name")
        for key, value in told:
            yield from self._fact(key, value, where)

    def _named(self, told: list[Any] | tuple[Any, ...], where: str) -> Iterator[tuple[Any, Any]]:
        for at, each in enumerate(told):
            if not isinstance(each, Mapping) or "name" not in each:
                raise FactsError(f"{self._source}: {where}facts[{at}] must be an object with a name")
            yield each["name"], {key: value for key, value in each.items() if key != "name"}

    def _fact(self, key: Any, value: Any, where: str) -> list[Fact]:
        name = key.strip() if isinstance(key, str) else ""
        if not 0 < len(name) <= NAME_CHARS_MAX or not name.isprintable():
            self._refuse(f"{where}{key!s:.80}", f"is no name of a fact: write 1 to {NAME_CHARS_MAX} characters")
            return []
        name, unit = _name_and_unit(name)
        try:
            found = list(read_values(name, value, self._how, f"{self._source}: {key.strip()}"))
        except UnusableError as error:
            self._refuse(where + key.strip(), str(error))
            return []
        self._count += len(found)
        if self._count > FACTS_MAX:
            raise FactsError(f"{self._source} has more than {FACTS_MAX:,} facts: give those of the things in the text")
        found = [
            replace(fact, unit=unit) if unit and not fact.unit and isinstance(fact.value, Decimal) else fact
            for fact in found
        ]
        bare = next((fact for fact in found if not fact.unit and isinstance(fact.value, Decimal)), None)
        if bare is not None and _MONEY.search(name):
            told = f"has no currency, so no amount of money agrees with it: write '{bare.value} GBP'"
            self._refuse(where + key.strip(), told)
        return found

    def _refuse(self, where: str, reason: str) -> None:
        shown = "".join(char if char.isprintable() else ascii(char)[1:-1] for char in where)
        self.unusable.append(Unusable(shown, reason))


def _name_and_unit(name: str) -> tuple[str, str]:
    """'weight (kg)' is the attribute weight, in kg."""
    head, opened, tail = name.rpartition("(")
    unit = tail.removesuffix(")").strip()
    if opened and tail.endswith(")") and head.strip() and 0 < len(unit) <= 12 and " " not in unit:
        return head.strip(), unit
    return name, ""


def _vocabularies(given: Any, source: str) -> dict[str, dict[str, tuple[str, ...]]]:
    if not isinstance(given, Mapping):
        raise FactsError(f'{source}: vocabularies must be an object, such as {{"colour": ["red", "blue"]}}')
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for name, values in given.items():
        where = f"{source}: vocabularies.{name}"
        if isinstance(values, Mapping):
            found[str(name)] = {str(value): _texts(others, f"{where}.{value}") for value, others in values.items()}
        else:
            found[str(name)] = dict.fromkeys(_texts(values, where), ())
    return found


def _evidence(given: Any, source: str) -> dict[str, str]:
    if not isinstance(given, Mapping) or not all(isinstance(value, str) for value in given.values()):
        raise FactsError(f'{source}: evidence must map ids to where they are kept: {{"lab-7": "reports/lab-7.pdf"}}')
    return {str(key): value for key, value in given.items()}


def _texts(given: Any, where: str) -> tuple[str, ...]:
    if not isinstance(given, list | tuple) or not all(isinstance(each, str) for each in given):
        raise FactsError(f"{where} must be a list of texts")
    return tuple(given)


def _zone(given: Any, source: str) -> str:
    try:
        return ZoneInfo(given).key if isinstance(given, str) else ZoneInfo("").key
    except (OSError, ValueError):  # ZoneInfoNotFoundError is a KeyError, and a folder's name an OSError
        pass
    except KeyError:
        pass
    raise FactsError(f"{source}: zone {str(given)[:80]!r} is no IANA time zone, such as Europe/London")


def _as_of(given: Any, zone: ZoneInfo, source: str) -> datetime | None:
    if given is None:
        return None
    try:
        moment = given if isinstance(given, datetime) else datetime.fromisoformat(given)
    except (TypeError, ValueError):
        raise FactsError(f"{source}: as_of {str(given)[:80]!r} is no moment, such as 2026-12-01T09:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"{twice[:80]!r} is named twice: write its values as one list")
    return found


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no value of JSON")
