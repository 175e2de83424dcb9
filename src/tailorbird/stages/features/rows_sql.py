"""SQL of the rows that features of one source read: an event or a list element each, with its values taken out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tailorbird.stages.features.definitions import ROOTS, window_hours
from tailorbird.stages.features.json_sql import json_sql, list_sql, literal, number_sql, present_sql, text_sql
from tailorbird.stages.features.scalars import decimal_sql, text_of
from tailorbird.types.feature import EventCondition, FeatureDefinition

DAYPARTS = ("night", "morning", "afternoon", "evening")
"""Local hours 0-5, 6-11, 12-17, 18-23."""

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# Time is counted from a Monday long before 1970, so that every division is one of positive numbers.
_MONDAY_US = (7 * 100_000 + 3) * 86_400_000_000


@dataclass
class Rows:
    """The rows of one source, and which values of them somebody asked for. `name` is the name of its CTE."""

    name: str
    event: str | None
    each: str | None
    found: dict[tuple[str, str], str] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    local: bool = False
    typed: bool = False

    @property
    def key(self) -> str:
        """What tells which of two rows of one person is the later one."""
        return "(timestamp, message_id, position)" if self.each else "(timestamp, message_id)"

    def text(self, path: str) -> str:
        """The column of the value as text."""
        return self._value("t", path, text_sql)

    def number(self, path: str) -> str:
        """The column of the value as an exact decimal."""
        return self._value("n", path, number_sql)

    def present(self, path: str) -> str:
        """SQL of whether there is a value, or a list or an object."""
        return self._value("p", path, present_sql)

    def place(self, level: str) -> str:
        """SQL of a part of the place: where the event came from, else where the person lives."""
        paths = (f"context.location.{level}", f"traits.{level}", f"traits.address.{level}")
        return f"coalesce({', '.join(f'{self.text(path)}' for path in paths)})"

    def daypart(self) -> str:
        """SQL of the local part of the day."""
        return self._local_case("// 21600000000 % 4", DAYPARTS)

    def weekday(self) -> str:
        """SQL of the local day of the week."""
        return self._local_case("// 86400000000 % 7", WEEKDAYS)

    def condition(self, condition: EventCondition) -> str:
        """SQL of one condition; NULL counts as no."""
        path = condition.field
        self.typed = self.typed or path == "type"
        if condition.exists is not None:
            there = "type IS NOT NULL" if path == "type" else self.present(path)
            return there if condition.exists else f"NOT {there}"
        for sign, bound in ((">=", condition.at_least), ("<=", condition.at_most)):
            if bound is not None:
                return "FALSE" if path == "type" else f"{self.number(path)} {sign} {decimal_sql(bound)}"
        wanted = condition.one_of if condition.one_of is not None else (condition.equals,)
        texts = [literal(text) for text in map(text_of, wanted) if text is not None]
        column = "type" if path == "type" else self.text(path)
        return f"{column} IN ({', '.join(texts)})" if texts else "FALSE"

    def conditions(self, definition: FeatureDefinition) -> list[str]:
        """SQL of everything that decides whether a row counts, but for the field's own presence."""
        kept = [self.condition(condition) for condition in definition.where]
        hours = window_hours(definition)
        if hours is not None:
            kept.append(f"timestamp >= as_of - INTERVAL {hours} HOUR")
        return kept

    def sql(self, timezone: str) -> str:
        """The CTE's query: first the JSON is taken out of each row, then the values are made of it."""
        own = f"person_id, as_of, timestamp, message_id{', type' if self.typed else ''}"
        read = "".join(f", {sql} AS {column}" for (_, sql), column in self.found.items())
        made = "".join(f", {sql} AS {column}" for column, sql in self.values.items())
        zone = ""
        if self.local:
            name = self.found_at("context.timezone")
            read = "".join(f", {sql} AS {column}" for (_, sql), column in self.found.items())
            made += (
                f", epoch_us(timezone(coalesce(z.name, {literal(timezone)}), timezone('UTC', timestamp))) "
                f"+ {_MONDAY_US} AS local_us"
            )
            zone = f" LEFT JOIN zones z ON z.name = json_extract_string({name}, '$')"
        position = ", position" if self.each else ""
        return f"SELECT {own}{position}{made} FROM (SELECT {own}{position}{read} FROM {self._units()}){zone}"

    def _units(self) -> str:
        where = "" if self.event is None else f" WHERE event = {literal(self.event)}"
        roots = [root for root in ROOTS if any(path.split(".")[0] == root for path, _ in self.found)]
        kept = "".join(f", {root}" for root in roots)
        own = f"person_id, as_of, timestamp, message_id{', type' if self.typed else ''}{kept}"
        if not self.each:
            return f"(SELECT {own} FROM base{where})"
        listed = list_sql(*self.each.split(".", 1))
        return (
            f"(SELECT {own}, unnest(items) AS element, generate_subscripts(items, 1) AS position "
            f"FROM (SELECT {own}, {listed} AS items FROM base{where}))"
        )

    def roots(self) -> set[str]:
        """Which of the events' JSON columns are read."""
        read = {path.split(".")[0] for path, _ in self.found} | {(self.each or "").split(".")[0]}
        return (read | ({"context"} if self.local else set())) & set(ROOTS)

    def found_at(self, path: str) -> str:
        """The column of the JSON at a path of the event, or of the element."""
        root, _, rest = path.partition(".")
        inside = self.each is not None and root not in ROOTS
        key = (path, json_sql("element", path) if inside else json_sql(root, rest))
        return self.found.setdefault(key, f"j{len(self.found)}")

    def _value(self, mark: str, path: str, make: Callable[[str], str]) -> str:
        column = mark + self.found_at(path)[1:]
        self.values.setdefault(column, make(self.found_at(path)))
        return column

    def _local_case(self, part: str, names: Sequence[str]) -> str:
        self.local = True
        cases = " ".join(f"WHEN {i} THEN {literal(name)}" for i, name in enumerate(names))
        return f"CASE CAST(local_us {part} AS INTEGER) {cases} END"
