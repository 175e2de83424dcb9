"""The files of one part of the columns: uncompressed arrays that are mapped into memory, and the texts of codes."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from tailorbird.types.event_columns import ColumnPart, LaneColumns, LanePlan

_ARRAYS = ("keys", "starts", "times", "values", "sums", "firsts", "first_values")
PART = "part.json"


class LaneFacts(msgspec.Struct):
    """What is known of a lane beside its arrays; `arrays` names those that it has."""

    arrays: list[str]
    until: int
    peak: int
    is_text: bool


class PartFacts(msgspec.Struct):
    """What is known of a part beside its arrays."""

    events: int
    lanes: list[LaneFacts]
    excluded: list[str]


def save_lane(folder: Path, number: int, plan: LanePlan, rows: dict[str, Any]) -> LaneFacts:
    """Write a lane's arrays from its sorted rows: `k`, `t` and, where it has a value, `v`."""
    keys, times = rows["k"], rows["t"]
    bounds = np.flatnonzero(keys[1:] != keys[:-1]) + 1
    starts = np.concatenate([[0], bounds, [len(keys)]]).astype(np.int64) if len(keys) else np.zeros(1, np.int64)
    # The order is what every reader builds on, and comes from another program.
    _check_order(keys, times)
    arrays: dict[str, NDArray[Any]] = {"keys": keys[starts[:-1]].astype(np.int32), "starts": starts, "times": times}
    if plan.kind != "none":
        arrays["values"] = rows["v"]
    if plan.adds:
        arrays["sums"] = np.concatenate([np.zeros(1, np.int64), np.cumsum(rows["v"], dtype=np.int64)])
    if plan.tells_apart:
        new = _first_of_key(starts, rows["v"])
        arrays["firsts"] = np.concatenate([np.zeros(1, np.int64), np.cumsum(new, dtype=np.int64)])
        arrays["first_values"] = rows["v"][new]
    for name, array in arrays.items():
        np.save(folder / f"{number}.{name}.npy", array, allow_pickle=False)
    peak = int(np.abs(rows["v"]).max()) if plan.kind == "number" and len(keys) else 0
    return LaneFacts(list(arrays), int(times.max()) if len(times) else 0, peak, plan.kind == "text")


def load_part(folder: Path) -> ColumnPart:
    """Map a part's arrays into memory; they stay when the files go."""
    facts = msgspec.json.decode((folder / PART).read_bytes(), type=PartFacts)
    lanes = []
    texts: dict[int, Sequence[str]] = {}
    for number, lane in enumerate(facts.lanes):
        arrays = {name: np.load(folder / f"{number}.{name}.npy", mmap_mode="r") for name in lane.arrays}
        lanes.append(LaneColumns(**{name: arrays.get(name) for name in _ARRAYS}, until=lane.until, peak=lane.peak))
        if lane.is_text:
            texts[number] = _read_texts(folder / f"{number}.texts")
    return ColumnPart(lanes, _read_texts(folder / "ids"), texts, frozenset(facts.excluded), facts.events)


def save_texts(path: Path, texts: Sequence[str]) -> None:
    """Write the texts of codes that follow each other."""
    path.write_bytes(msgspec.msgpack.encode(list(texts)))


def _read_texts(path: Path) -> list[str]:
    return msgspec.msgpack.decode(path.read_bytes(), type=list[str])


def _check_order(keys: NDArray[Any], times: NDArray[Any]) -> None:
    same = keys[1:] == keys[:-1]
    if (keys[1:] < keys[:-1]).any() or (times[1:] < times[:-1])[same].any():
        raise ValueError("the rows of a lane are not in order")


def _first_of_key(starts: NDArray[np.int64], codes: NDArray[Any]) -> NDArray[np.bool_]:
    """Which rows hold a code that no earlier row of their key holds."""
    new = np.zeros(len(codes), np.bool_)
    if len(codes):
        runs = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
        pairs = runs * (int(codes.max()) + 1) + codes
        new[np.unique(pairs, return_index=True)[1]] = True
    return new
