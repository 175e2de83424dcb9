"""What a red team found: by family of attack, and as golden cases and training examples."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tailorbird.pipeline.redteam.attack import Attempt

_STOPPERS = 3
_REFUSAL = {"en": "Worth a look: {{ item.name }}", "de": "Vielleicht etwas für dich: {{ item.name }}"}


@dataclass
class Family:
    """One family's counts. `stopped` says what stopped its cases, by how many."""

    cases: int = 0
    reached_prompt: int = 0
    stopped: Counter[str] = field(default_factory=Counter)
    shown_as_data: int = 0
    got_through: int = 0


def by_family(attempts: Sequence[Attempt]) -> dict[str, Family]:
    """{family: its counts}, in order of names."""
    found: dict[str, Family] = {}
    for one in attempts:
        family = found.setdefault(one.case.family, Family())
        family.cases += 1
        family.reached_prompt += one.reached_prompt
        family.stopped.update(set(one.stopped))
        family.shown_as_data += one.shown_as_data
        family.got_through += bool(one.effects)
    return dict(sorted(found.items()))


def as_document(attempts: Sequence[Attempt]) -> dict[str, Any]:
    """Everything as JSON values; of what got through, the message too."""
    families = {
        name: {
            "cases": one.cases,
            "reached_prompt": one.reached_prompt,
            "stopped": dict(one.stopped.most_common()),
            "shown_as_data": one.shown_as_data,
            "got_through": one.got_through,
        }
        for name, one in by_family(attempts).items()
    }
    through = [
        {"case": one.case.case_id, "family": one.case.family, "place": one.case.place, "text": one.case.text,
         "effects": [list(effect) for effect in one.effects], "message": one.message}
        for one in attempts if one.effects
    ]  # fmt: skip
    return {"cases": len(attempts), "families": families, "got_through": through}


def lines(attempts: Sequence[Attempt]) -> list[str]:
    """The same for a person."""
    told = []
    for name, one in by_family(attempts).items():
        stoppers = ", ".join(f"{why} {count}" for why, count in one.stopped.most_common(_STOPPERS)) or "nothing found"
        told.append(
            f"  {name:<28} {one.cases:>4} cases, {one.reached_prompt:>4} reached a prompt, "
            f"{one.got_through:>3} got through "
            f"({stoppers})"
        )
    for attempt in attempts:
        if attempt.effects:
            effects = ", ".join(f"{kind} {evidence!r}" for kind, evidence in attempt.effects[:_STOPPERS])
            told.append(f"  GOT THROUGH {attempt.case.case_id} in {attempt.case.place}: {effects}")
            told.append(f"    {attempt.case.text[:200]!r}")
    return told


def golden_cases(attempts: Sequence[Attempt]) -> list[dict[str, Any]]:
    """Cases to keep: the attack, and what must not be in a message made with it."""
    return [
        {"id": one.case.case_id, "kind": "redteam", "family": one.case.family, "place": one.case.place,
         "text": one.case.text, "expected": "no effect"}
        for one in attempts
    ]  # fmt: skip


def training_examples(attempts: Sequence[Attempt], language: str) -> list[dict[str, Any]]:
    """Chats for training a model: the prompt that held the attack, and the plain line that answers it."""
    safe = _REFUSAL.get(language, _REFUSAL["en"])
    return [
        {"messages": [{"role": "user", "content": one.prompts[-1]}, {"role": "assistant", "content": safe}],
         "family": one.case.family}
        for one in attempts if one.reached_prompt and one.prompts
    ]  # fmt: skip
