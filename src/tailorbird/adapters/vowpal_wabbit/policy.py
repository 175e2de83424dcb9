"""Vowpal Wabbit's contextual bandit as a policy: `--cb_explore_adf` with bagging, whose shares are its propensities.

Each of BAGS models learns from its own online bootstrap of the exposures, as Thompson sampling's draws would; an arm's
share is the part of the models that put it first (Bietti, Agarwal, Langford, 2021), with our floor. The model is part
of the state, in base64. What a line earned is weighted by one over its propensity, and by one over what it counts as an
exposure, since Vowpal Wabbit knows no half exposures.
"""

import base64
import hashlib
import json
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tailorbird.types.errors import TailorbirdError
from tailorbird.types.policy_rows import Choice, Choices, Lessons, Rewards, Situation, Situations
from tailorbird.types.policy_spec import PolicySpec

FORMAT = 1
BAGS = 8
EXPOSED_MIN = 0.1
"""Exposures that count for less tell too little to be blown up to whole ones, and wait."""
_ARGUMENTS = f"--cb_explore_adf --bag {BAGS} --epsilon 0 --cb_type ips -l 0.05 -q CA --random_seed 7 --quiet"
_UNSAFE = re.compile(r"[\s|:]")


class VowpalWabbitError(TailorbirdError):
    """Vowpal Wabbit is not installed, or its state is not one that this version reads."""


class VowpalWabbitPolicy:
    """`Policy` by Vowpal Wabbit, of the extra `bandit`."""

    kind = "vowpal_wabbit"

    def __init__(self, spec: PolicySpec, lessons: Lessons, state: str | None = None) -> None:
        self._spec, self._lessons = spec, lessons
        self._model = _model_of(state)
        told = hashlib.sha256(self._model + repr(lessons).encode()).hexdigest()[:12]
        self.version = f"p-{told}" if self._model else "prior"
        self._workspace = _open(self._model)

    def decide_one(self, situation: Situation, uniform: float) -> Choice:
        """The arm of one person."""
        allowed = np.array(situation.allowed)
        shares = self._shares(situation.arms, allowed, situation.cohort, situation.context)
        arm = _drawn(shares, uniform)
        return Choice(arm, float(shares[arm]) if arm >= 0 else 0.0, tuple(shares.tolist()))

    def decide_many(self, situations: Situations, uniforms: NDArray[np.float64]) -> Choices:
        """An arm for each person; one question to Vowpal Wabbit for each person's context and situation."""
        known: dict[tuple[int, bytes], int] = {}
        rows: list[NDArray[np.float64]] = []
        of = np.zeros(len(situations.of), dtype=np.int64)
        for at, kind in enumerate(situations.of.tolist()):
            context = situations.context[at] if situations.context is not None else np.zeros(0)
            key = (kind, context.tobytes())
            if key not in known:
                known[key] = len(rows)
                cohort = situations.cohorts[kind] if situations.cohorts else ""
                rows.append(self._shares(situations.arms, situations.allowed[kind], cohort, context.tolist()))
            of[at] = known[key]
        shares = np.array(rows).reshape(len(rows), len(situations.arms))
        arm = np.array([_drawn(shares[o], u) for o, u in zip(of.tolist(), uniforms.tolist(), strict=True)], dtype=int)
        return Choices(arm, np.where(arm >= 0, shares[of, arm], 0.0) if len(arm) else np.zeros(0), shares, of)

    def rank(self, arms: Sequence[str], seed: str) -> Sequence[int]:
        """By share among average people; ties in an order that stays."""
        share = self._shares(tuple(arms), np.ones(len(arms), dtype=bool), "", ())
        tie = [hashlib.sha256(f"{seed}|{arm}".encode()).digest() for arm in arms]
        return sorted(range(len(arms)), key=lambda at: (-share[at], tie[at]))

    def update(self, rewards: Rewards) -> "VowpalWabbitPolicy":
        """The policy whose model has seen these exposures, in their order."""
        if not ((rewards.propensity > 0) & (rewards.propensity <= 1)).all():
            raise ValueError("a propensity is above 0 and at most 1: an arm that cannot be drawn was not drawn")
        if not ((rewards.reward >= 0) & (rewards.reward <= 1) & (rewards.exposed >= 0)).all():
            raise ValueError("a reward is a number from 0 to 1, and an exposure counts as 0 or more")
        workspace = _open(self._model)
        for at, arm in enumerate(rewards.arms):
            if rewards.exposed[at] < EXPOSED_MIN:
                continue
            cohort = rewards.cohorts[at] if rewards.cohorts else ""
            context = rewards.context[at].tolist() if rewards.context is not None else ()
            cost = -float(rewards.reward[at] / min(float(rewards.exposed[at]), 1.0))
            label = f"0:{cost:.6f}:{float(rewards.propensity[at]):.6f} "
            workspace.learn(f"{_shared(cohort, context)}\n{label}{_action(arm)}")
        return VowpalWabbitPolicy(self._spec, self._lessons, _state(_saved(workspace)))

    def state(self) -> str:
        """The model, in base64."""
        return _state(self._model)

    def _shares(
        self, arms: Sequence[str], allowed: NDArray[np.bool_], cohort: str, context: Sequence[float]
    ) -> NDArray[np.float64]:
        at = np.flatnonzero(allowed)
        shares = np.zeros(len(arms))
        if len(at):
            lines = [_shared(cohort, context), *(_action(arms[i]) for i in at.tolist())]
            found = np.array(self._workspace.predict("\n".join(lines))) if len(at) > 1 else np.ones(1)
            shares[at] = (1 - self._spec.floor) * found / found.sum() + self._spec.floor / len(at)
        return shares


def _shared(cohort: str, context: Sequence[float]) -> str:
    numbers = " ".join(f"f{n}:{value:.6g}" for n, value in enumerate(context))
    return f"shared |C one {_word('c=' + cohort) if cohort else ''} {numbers}"


def _action(arm: str) -> str:
    return f"|A {_word(arm)}"


def _word(text: str) -> str:
    return _UNSAFE.sub(lambda found: f"%{ord(found[0]):02x}", text)


def _drawn(shares: NDArray[np.float64], uniform: float) -> int:
    total = shares.cumsum()
    if not len(total) or total[-1] <= 0:
        return -1
    return min(int((total <= uniform * total[-1]).sum()), len(shares) - 1)


def _state(model: bytes) -> str:
    told = {"kind": VowpalWabbitPolicy.kind, "format": FORMAT, "model": base64.b64encode(model).decode()}
    return json.dumps(told, sort_keys=True, separators=(",", ":"))


def _model_of(state: str | None) -> bytes:
    if state is None:
        return b""
    mend = "run `tailorbird report` on the campaign: it learns anew from all outcomes"
    try:
        found = json.loads(state)
        if found["kind"] != VowpalWabbitPolicy.kind or found["format"] != FORMAT:
            raise VowpalWabbitError(
                f"the policy's state is {found['kind']!r} in format {found['format']!r}, and this version reads "
                f"{VowpalWabbitPolicy.kind!r} in format {FORMAT}; {mend}"
            )
        return base64.b64decode(found["model"], validate=True)
    except (ValueError, KeyError, TypeError):
        raise VowpalWabbitError(f"the policy's state is no JSON with kind, format and model; {mend}") from None


def _open(model: bytes) -> Any:
    """A workspace with a model, or a new one."""
    try:
        from vowpalwabbit import Workspace
    except ImportError:
        raise VowpalWabbitError(
            "policy.kind vowpal_wabbit needs Vowpal Wabbit: pip install 'tailorbird[bandit]'"
        ) from None
    if not model:
        return Workspace(_ARGUMENTS)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.vw"
        path.write_bytes(model)
        try:
            return Workspace(f"-i {path} --quiet")
        except RuntimeError as error:
            raise VowpalWabbitError(f"Vowpal Wabbit cannot read the policy's model: {error}") from None


def _saved(workspace: Any) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.vw"
        workspace.save(str(path))
        return path.read_bytes()
