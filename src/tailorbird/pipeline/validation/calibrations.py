"""Calibrating a judge of entailment from a file of labelled claims, and keeping what was learned."""

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from tailorbird.ports.entailment import Entailment
from tailorbird.stages.validation.calibration import calibrate
from tailorbird.types.entailment import Bin, Calibration, Entailed, Example, Label
from tailorbird.types.errors import TailorbirdError

FILE = "entailment.json"
_LABELS = ("entail", "contradict", "neutral")


class LabelsError(TailorbirdError):
    """A file of labels that cannot be read. The message names file, line and mend."""


def read_labels(file: Path) -> list[Example]:
    """Labelled claims, an object a line: `premises` (sentences that are true), `claim`, `label`, and `locale`."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as problem:
        raise LabelsError(f"{file}: cannot be read: {problem}") from None
    return [_example(line, f"{file}: line {number}") for number, line in enumerate(lines, 1) if line.strip()]


def _example(line: str, where: str) -> Example:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        raise LabelsError(f"{where}: no JSON object; write one label a line") from None
    if not isinstance(row, dict):
        raise LabelsError(f"{where}: no JSON object; write one label a line")
    premises, claim, label = row.get("premises"), row.get("claim"), row.get("label")
    locale = row.get("locale", "en")
    if not isinstance(premises, list) or not all(isinstance(one, str) for one in premises):
        raise LabelsError(f"{where}: 'premises' is a list of sentences that are true")
    if not isinstance(claim, str) or not claim.strip():
        raise LabelsError(f"{where}: 'claim' is the sentence that was labelled")
    if label not in _LABELS or not isinstance(locale, str):
        raise LabelsError(f"{where}: 'label' is one of {', '.join(_LABELS)}, 'locale' a locale such as en-GB")
    return Example(tuple(premises), claim, label, locale)


def calibrate_judge(
    judge: Entailment, examples: Sequence[Example], precision: float, advance: Callable[[], None] = lambda: None
) -> Calibration:
    """Ask the judge for every example, and learn from which probability on it is believed.

    TooFewLabelsError, GeneratorError: nothing was learned. What was answered is cached.
    """
    judged: list[tuple[Entailed, Label]] = []
    for example in examples:
        judged.append((judge.judge(example.premises, example.claim, example.locale), example.label))
        advance()
    return calibrate(judge.name, judged, precision)


def write_calibration(state_dir: Path, calibration: Calibration) -> Path:
    """Keep it, in one step."""
    state_dir.mkdir(parents=True, exist_ok=True)
    file = state_dir / FILE
    temporary = state_dir / f".{FILE}.{os.getpid()}.tmp"
    temporary.write_text(json.dumps(asdict(calibration), indent=1, ensure_ascii=False), encoding="utf-8")
    os.replace(temporary, file)
    return file


def read_calibration(state_dir: Path) -> Calibration | None:
    """What was learned last; None where nothing was. LabelsError: the file is damaged."""
    file = state_dir / FILE
    if not file.is_file():
        return None
    try:
        row = json.loads(file.read_text(encoding="utf-8"))
        curves = {name: tuple(Bin(**one) for one in each) for name, each in row["curves"].items()}
        thresholds = {str(name): float(value) for name, value in row["thresholds"].items()}
        return Calibration(str(row["judge"]), int(row["labels"]), float(row["precision"]), thresholds, curves)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as problem:
        raise LabelsError(f"{file} is damaged ({problem}); run tailorbird audit calibrate again") from None
