"""The tracking plan as compiled checks: functions made once from the rules, so that an event costs microseconds."""

import math
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from tailorbird.types.event import Event
from tailorbird.types.tracking_plan import EventRule, FieldRule, TrackingPlan

Problem = tuple[str, str]
"""Where below the value, such as '[2].price', and what is wrong there."""
Check = Callable[[Any], Problem | None]

PATTERN_CHARS_MAX = 2000
"""Longer text matches no pattern: a pattern may take very long on it, and the intake must not wait."""
_SHOWN_CHARS_MAX = 60
_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "object": (dict,),
    "array": (list,),
    "null": (type(None),),
}
_WORDS: Mapping[type, str] = {
    str: "the text", int: "the number", float: "the number", bool: "", dict: "an object", list: "a list",
    type(None): "null",
}  # fmt: skip
_MAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,255}")
_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class PlanChecks:
    """A plan, compiled. Events of our own (`ours`) are nobody's to plan and pass."""

    def __init__(self, plan: TrackingPlan, ours: frozenset[str] = frozenset()) -> None:
        self._strict, self._ours = plan.strict, ours
        self._events = {name: compile_rule(rule) for name, rule in plan.events.items()}
        self._traits = compile_rule(plan.traits) if plan.traits else None

    def violation(self, event: Event) -> str | None:
        """Why an event may not come in: event, field, what was found, what is wanted. None if it may."""
        return self.judge(event.type, event.event, event.properties, event.traits)

    def judge(
        self, kind: str, name: str | None, properties: Mapping[str, Any], traits: Mapping[str, Any]
    ) -> str | None:
        """As `violation`, of an event's parts. Page, screen, group and alias are in no plan and pass.

        So does an event that says no to anything, whatever else is in it: a no that waits in the quarantine is a
        message after an opt-out.
        """
        if _says_no(kind, name, properties, traits):
            return None
        if kind == "track" and name is not None:
            if (check := self._events.get(name)) is not None:
                problem = check(properties)
                return None if problem is None else f"{name}: properties{problem[0]} {problem[1]}"
            if self._strict and name not in self._ours:
                return f"{name!r} is in no plan; add it to events.yaml"
        elif kind == "identify" and self._traits is not None:
            problem = self._traits(traits)
            return None if problem is None else f"identify: traits{problem[0]} {problem[1]}"
        return None

    def is_planned(self, kind: str, name: str | None) -> bool:
        """Whether the plan knows an event; what no plan speaks of counts as known."""
        return kind != "track" or name in self._events or name in self._ours


def _says_no(kind: str, name: str | None, properties: Mapping[str, Any], traits: Mapping[str, Any]) -> bool:
    """Whether an event holds a word on consent that is no plain yes; what is no yes counts as a no."""
    if kind == "track":
        words = properties.get("consents") if name == "Consent Updated" else None
    else:
        words = traits.get("consents") if kind == "identify" else None
    return words is not None and not _is_yes(words)


def _is_yes(words: Any) -> bool:
    """Whether words on consent, by purpose or by purpose and channel, are a yes to everything they speak of."""
    return all(map(_is_yes, words.values())) if type(words) is dict else words is True


def compile_rule(rule: EventRule | FieldRule) -> Check:
    """A function that returns a value's first problem, or None. ValueError (re.error): a pattern that is none."""
    if isinstance(rule, EventRule):
        return _object_check(rule)
    checks = [*_type_checks(rule), *_enum_checks(rule), *_number_checks(rule), *_text_checks(rule)]
    if rule.items is not None:
        checks.append(_list_check(compile_rule(rule.items)))
    if rule.properties or rule.required or not rule.additionalProperties:
        checks.append(_if_object(_object_check(rule)))
    if len(checks) == 1:
        return checks[0]

    def check(value: Any) -> Problem | None:
        for each in checks:
            if (problem := each(value)) is not None:
                return problem
        return None

    return check


def _object_check(rule: EventRule | FieldRule) -> Check:
    required = rule.required
    checks = {name: compile_rule(field) for name, field in rule.properties.items()}
    wanted = {name: _wanted(field) for name, field in rule.properties.items()}
    closed = not rule.additionalProperties

    def check(value: Mapping[str, Any]) -> Problem | None:
        for name in required:
            if name not in value:
                return f".{name}", f"is missing; it must be {wanted.get(name, 'there')}"
        for name, inner in value.items():
            if (test := checks.get(name)) is not None:
                if (problem := test(inner)) is not None:
                    return f".{name}{problem[0]}", problem[1]
            elif closed:
                return f".{_shown(name)}", "is in no plan, and no other fields are allowed"
        return None

    return check


def _if_object(check: Check) -> Check:
    return lambda value: check(value) if type(value) is dict else None


def _list_check(check: Check) -> Check:
    def each(value: Any) -> Problem | None:
        if type(value) is list:
            for place, inner in enumerate(value):
                if (problem := check(inner)) is not None:
                    return f"[{place}]{problem[0]}", problem[1]
        return None

    return each


def _type_checks(rule: FieldRule) -> list[Check]:
    names = _names(rule)
    if not names:
        return []
    allowed = frozenset(kind for name in names for kind in _TYPES[name])
    whole = "integer" in names and "number" not in names
    wanted = _wanted(rule)

    def check(value: Any) -> Problem | None:
        if type(value) in allowed or (whole and type(value) is float and value.is_integer()):
            return None
        return "", f"is {_found(value)}, but must be {wanted}"

    return [check]


def _enum_checks(rule: FieldRule) -> list[Check]:
    if rule.enum is None:
        return []
    allowed = {_key(value) for value in rule.enum}
    wanted = "one of " + ", ".join(_shown(value) for value in rule.enum)

    def check(value: Any) -> Problem | None:
        if type(value) not in (dict, list) and _key(value) in allowed:
            return None
        return "", f"is {_found(value)}, but must be {wanted}"

    return [check]


def _number_checks(rule: FieldRule) -> list[Check]:
    low, high = rule.minimum, rule.maximum
    if low is None and high is None:
        return []
    bottom, top = -math.inf if low is None else low, math.inf if high is None else high

    def check(value: Any) -> Problem | None:
        if type(value) not in (int, float) or bottom <= value <= top:
            return None
        wanted = f"at least {low}" if value < bottom else f"at most {high}"
        return "", f"is {_found(value)}, but must be {wanted}"

    return [check]


def _text_checks(rule: FieldRule) -> list[Check]:
    tests: list[tuple[Callable[[str], object], str]] = []
    least, most = rule.minLength, rule.maxLength
    if least is not None:
        tests.append((lambda text: len(text) >= least, f"have at least {least} characters"))
    if most is not None:
        tests.append((lambda text: len(text) <= most, f"have at most {most} characters"))
    if rule.format is not None:
        tests.append((_FORMATS[rule.format], f"be {_FORMAT_WORDS[rule.format]}"))
    if rule.pattern is not None:
        search = re.compile(rule.pattern).search
        tests.append((lambda text: len(text) <= PATTERN_CHARS_MAX and search(text), f"match {rule.pattern!r}"))

    def test_for(holds: Callable[[str], object], wanted: str) -> Check:
        return lambda value: (
            None if type(value) is not str or holds(value) else ("", f"is {_found(value)}, but must {wanted}")
        )

    return [test_for(holds, wanted) for holds, wanted in tests]


def _is_day(text: str) -> bool:
    return bool(_DAY.fullmatch(text)) and _reads(date.fromisoformat, text)


def _is_time(text: str) -> bool:
    return bool(_TIME.fullmatch(text)) and _reads(datetime.fromisoformat, text.replace(" ", "T").upper())


def _is_uri(text: str) -> bool:
    if any(char <= " " or char == "\x7f" for char in text) or not _reads(urlsplit, text):
        return False
    return bool(re.match(r"[A-Za-z][A-Za-z0-9+.-]*:.", text))


def _reads(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True


_FORMATS: Mapping[str, Callable[[str], object]] = {
    "date": _is_day,
    "date-time": _is_time,
    "email": _MAIL.fullmatch,
    "uri": _is_uri,
    "uuid": _UUID.fullmatch,
}
_FORMAT_WORDS: Mapping[str, str] = {
    "date": "a date such as 2026-06-01",
    "date-time": "a time such as 2026-06-01T09:30:00Z",
    "email": "an e-mail address",
    "uri": "an address such as https://shop.example/tea",
    "uuid": "a UUID",
}


def _key(value: Any) -> tuple[str, Any]:
    """Equal for equal JSON values: 1 and 1.0 are one number, and neither is true."""
    kind = type(value)
    return ("number", value) if kind in (int, float) else (kind.__name__, value)


def _names(rule: FieldRule) -> tuple[str, ...]:
    return () if rule.type is None else (rule.type,) if isinstance(rule.type, str) else rule.type


def _wanted(rule: FieldRule) -> str:
    words = {"array": "a list", "null": "null", "integer": "a whole number", "string": "text", "object": "an object"}
    return " or ".join(words.get(name, f"a {name}") for name in _names(rule)) or "there"


def _found(value: Any) -> str:
    if type(value) in (dict, list, type(None)):
        return _WORDS[type(value)]
    return f"{_WORDS.get(type(value), '')} {_shown(value)}".strip()


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else ("null" if value is None else str(value).lower())
    text = text if len(text) <= _SHOWN_CHARS_MAX else text[:_SHOWN_CHARS_MAX] + "…"
    return repr(text) if isinstance(value, str) else text
