"""The check of a split: watched by an e-value while people come, by chi-square once they have; an alarm says where."""

import math
from collections.abc import Sequence
from itertools import groupby

from tailorbird.stages.measurement.srm import SRM_ALPHA
from tailorbird.stages.measurement.srm_place import add_cells, cells_p, find_places
from tailorbird.stages.measurement.srm_sequence import watch_log_e
from tailorbird.types.split_check import SplitCell, SplitCheck, SplitKind, SplitPlace

_LOG_MAX = 700.0
_WORDS = {
    "arms": ("were decided for", "held out or treated"),
    "variants": ("were treated", "put into variants"),
    "exposed": ("were sent something", "reached in the variants"),
    "global": ("could have been written to", "held out of all campaigns or left to them"),
}


def check_split(
    kind: SplitKind,
    arms: Sequence[str],
    cells: Sequence[SplitCell],
    finished: bool,
    alpha: float = SRM_ALPHA,
    blocks: bool = True,
) -> SplitCheck:
    """The check of one split from its cells, which are told apart by day and by whatever may say where it is off.

    While people come, it is the e-value that blocks: from 1/alpha on, on any day; one false alarm in 1/alpha campaigns
    at most, however often one looks. Once `finished`, p below alpha blocks too: that is one look. Without `blocks`
    nothing is forbidden, only told. Cells of nobody are allowed; shares of 0 belong to arms that were not there yet,
    and whoever is in one nevertheless is an alarm by itself.
    """
    cells = sorted((cell for cell in cells if sum(cell.counts)), key=lambda cell: cell.day)
    if not cells or len(arms) < 2:
        none = tuple(0 for _ in arms)
        return SplitCheck(kind, tuple(arms), none, tuple(map(float, none)), None, 1.0, 1.0, "", finished, False)
    days, evidence = _evidence(cells)
    counts, expected = add_cells(cells)
    bar = -math.log(alpha)
    alarm = next((day for day, log_e in zip(days, evidence, strict=True) if log_e >= bar), "")
    p = cells_p(cells)
    off = bool(alarm) or (finished and p is not None and p < alpha)
    places = find_places(cells) if off else ()
    return SplitCheck(
        kind=kind,
        arms=tuple(arms),
        counts=counts,
        expected=expected,
        p=p,
        e_value=math.exp(min(evidence[-1], _LOG_MAX)),
        e_max=math.exp(min(max(evidence), _LOG_MAX)),
        alarm_day=alarm,
        finished=finished,
        blocked=off and blocks,
        places=places,
        why=_sentence(kind, arms, counts, expected, places) if off else "",
    )


def _evidence(cells: Sequence[SplitCell]) -> tuple[list[str], list[float]]:
    """(days, log e-value after each). An arm without a share takes no part in its cell's plan; somebody in it is
    infinite evidence."""
    days: list[str] = []
    steps: list[tuple[tuple[int, ...], tuple[float, ...]]] = []
    impossible: str | None = None
    for day, group in groupby(cells, key=lambda cell: cell.day):
        for cell in group:
            here = [arm for arm, share in enumerate(cell.shares) if share > 0]
            if sum(cell.counts[arm] for arm in here) != sum(cell.counts):
                impossible = impossible or day
            if len(here) > 1:
                days.append(day)
                steps.append((tuple(cell.counts[a] for a in here), tuple(cell.shares[a] for a in here)))
    found = watch_log_e(steps)
    if impossible is not None:
        found = [math.inf if day >= impossible else log_e for day, log_e in zip(days, found, strict=True)]
        if not days or days[-1] < impossible:
            days, found = [*days, impossible], [*found, math.inf]
    return (days, found) if days else ([cells[0].day], [0.0])


def _sentence(
    kind: SplitKind,
    arms: Sequence[str],
    counts: Sequence[int],
    expected: Sequence[float],
    places: Sequence[SplitPlace],
) -> str:
    happened, how = _WORDS[kind]
    parts = ", ".join(
        f"{count:,} in {arm} where {round(plan):,} were planned"
        for arm, count, plan in zip(arms, counts, expected, strict=True)
    )
    return f"{sum(counts):,} people {happened}, and they are not {how} as planned: {parts}. {_where(arms, places)}"


def _where(arms: Sequence[str], places: Sequence[SplitPlace]) -> str:
    if not places:
        return "No stratum, day or channel stands out: people are missing everywhere alike."
    first = places[0]
    worst = max(
        range(len(arms)),
        key=lambda arm: abs(first.counts[arm] - first.expected[arm]) / max(first.expected[arm], 1) ** 0.5,
    )
    told = (
        f"It is worst where {first.dimension} is {first.value}: {first.counts[worst]:,} in {arms[worst]}, "
        f"{round(first.expected[worst]):,} planned"
    )
    if first.rest_p is not None and first.rest_p >= SRM_ALPHA:
        return f"{told}; everybody else is split as planned."
    return f"{told}; elsewhere it is off too."
