"""Entry-point lookup by name, one group per seam."""

from collections.abc import Callable, Iterator
from importlib.metadata import entry_points
from typing import Any

from tailorbird.ports.check import Check
from tailorbird.types.errors import TailorbirdError

CHECKS = "tailorbird.checks"
"""The entry-point group of checks: a function without arguments that gives a `Check` (ports/check.py)."""
GROUPS = {
    "generator": "tailorbird.generators",
    "sender": "tailorbird.senders",
    "policy": "tailorbird.policies",
    "recommender": "tailorbird.recommenders",
}
BUILT_IN = {
    "generator": ("llama_cpp", "openai_compatible", "none"),
    "sender": ("files", "smtp"),
    "policy": ("fixed", "thompson", "cohorts", "linear", "lola", "vowpal_wabbit"),
    "recommender": ("neighbours", "popular"),
}
_NAMED_IN = {"policy": "the campaign's policy.kind", "recommender": "the campaign's items.recommender"}


class PluginError(TailorbirdError):
    """No adapter of that name is installed."""


def find_plugin(seam: str, name: str) -> Callable[..., Any]:
    """The factory that a package registered for `name` under the seam's entry-point group.

    Raises PluginError naming what is installed.
    """
    found = {point.name: point for point in entry_points(group=GROUPS[seam])}
    if name not in found:
        known = ", ".join(sorted(found)) or "none"
        where = _NAMED_IN.get(seam, "tailorbird.yaml")
        raise PluginError(
            f"{where} names a {seam} {name!r}, which is neither built in ({', '.join(BUILT_IN[seam])}) nor "
            f"installed (plugins: {known}); "
            f"a package registers one under the entry-point group {GROUPS[seam]!r}"
        )
    factory: Callable[..., Any] = found[name].load()
    return factory


def names_of(seam: str) -> list[str]:
    """Every name under which something is built in or registered for a seam; nothing is loaded."""
    return sorted({*BUILT_IN[seam], *(point.name for point in entry_points(group=GROUPS[seam]))})


def find_checks() -> Iterator[Check]:
    """The checks that packages registered, in the order of their names.

    Raises PluginError where one cannot be loaded: a check that somebody installed is not left out in silence.
    """
    for point in sorted(entry_points(group=CHECKS), key=lambda point: point.name):
        try:
            made: Check = point.load()()
        except Exception as error:
            why = f"{type(error).__name__}: {error}"
            raise PluginError(f"the check {point.name!r} ({point.value}) cannot be loaded: {why}") from error
        named = isinstance(getattr(made, "name", None), str) and hasattr(made, "languages")
        if not named or not callable(getattr(made, "check", None)):
            raise PluginError(
                f"the check {point.name!r} ({point.value}) is no check: it needs name, languages, check()"
            )
        yield made
