"""Linear contextual Thompson sampling: each arm's rate is a linear function of what is known of the person.

Per arm, Bayesian ridge regression on x = (1, z), z the context in standard units: precision A = s·I + Σ x xᵀ, and b =
s·m·e₀ + Σ r·x, so that without outcomes every arm is expected to reach its prior mean m with the strength s of s
people. A score x·θ with θ ~ N(A⁻¹b, σ²A⁻¹/h) is itself normal: N(x·A⁻¹b, σ²·xᵀA⁻¹x/h). So one normal per arm is drawn
in the place of a vector, which is exact (Agrawal and Goyal, 2013; the temper h as for counts).
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from tailorbird.stages.bandits.choosing import choose_each, decide_alone, draw_one, with_floor
from tailorbird.stages.bandits.counts import check_rewards
from tailorbird.stages.bandits.linear_scores import AloneScores, ContextError, Posterior, Units, posterior, score_blocks
from tailorbird.stages.bandits.normal_shares import leaders, normal_draws, normal_shares, shares_alone
from tailorbird.stages.bandits.policy_state import read_state, version_of, write_state
from tailorbird.types.policy_rows import Choice, Choices, Lessons, Rewards, Situation, Situations
from tailorbird.types.policy_spec import PolicySpec

_PEOPLE = 4_096
"""People decided for at a time: what is computed of them stays in the processor's cache."""


class LinearPolicy:
    """LinTS on the numbers of `Situations.context`; without a context, on the arm's own level alone."""

    kind = "linear"

    def __init__(self, spec: PolicySpec, lessons: Lessons, state: str | None = None) -> None:
        self._spec, self._lessons = spec, lessons
        learned = read_state(self.kind, state)
        self._width = learned.get("width")
        self._center = np.array(learned.get("center", []))
        self._scale = np.array(learned.get("scale", []))
        self._sums: dict[str, list[list[float]]] = learned.get("sums", {})
        also = (lessons,) if lessons != Lessons() else ()
        self.version = version_of(self.kind, {"sums": self._sums}, *also)
        self._fitted: dict[tuple[str, ...], Posterior] = {}
        self._lone: dict[tuple[str, ...], AloneScores] = {}

    def decide_one(self, situation: Situation, uniform: float) -> Choice:
        """The arm of one person, in a few operations where every arm competes and nobody tires."""
        fatigue = self._lessons.fatigue or self._spec.fatigue
        if not all(situation.allowed) or (fatigue and situation.seen) or len(situation.context) != self._width:
            return decide_alone(self.decide_many, situation, uniform)
        arms, floor = len(situation.arms), self._spec.floor
        led = shares_alone(*self._alone(situation.arms)(situation.context), situation.seed)
        return draw_one([(1 - floor) * share + floor / arms for share in led], uniform)

    def decide_many(self, situations: Situations, uniforms: NDArray[np.float64]) -> Choices:
        """An arm for each person, with shares of their own."""
        people = len(situations.of)
        arm, drawn = np.empty(people, dtype=np.int64), np.empty(people)
        shares = np.empty((len(situations.arms), people))
        for start in range(0, people, _PEOPLE):
            here = slice(start, min(start + _PEOPLE, people))
            found = self._decide_block(situations, here, uniforms[here])
            arm[here], drawn[here], shares[:, here] = found.arm, found.propensity, found.shares.T
        return Choices(arm, drawn, shares.T, np.arange(people))

    def _decide_block(self, situations: Situations, here: slice, uniforms: NDArray[np.float64]) -> Choices:
        every, of, floor = bool(situations.allowed.all()), situations.of[here], self._spec.floor
        context = None if situations.context is None else situations.context[here]
        mean, deviation = self.scores(situations.arms, context, len(of))
        fatigue = self._lessons.fatigue or self._spec.fatigue
        if fatigue and situations.seen is not None:
            mean *= np.exp(-fatigue * np.log1p(situations.seen[of])).T.astype(np.float32)
        if not every:
            mean[~situations.allowed[of].T] = -np.inf
        led = normal_shares(mean, deviation, normal_draws(len(mean), situations.seed))
        if not every:
            return choose_each(with_floor(led.astype(np.float64), situations.allowed[of], floor).T, uniforms)
        shares = led.T.astype(np.float64, order="C")
        shares *= 1 - floor
        shares += floor / len(mean)
        return choose_each(shares, uniforms)

    def scores(
        self, arms: tuple[str, ...], context: NDArray[np.float64] | None, people: int
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """(arms × people: mean, and deviation, of each arm's normal score)."""
        mean = np.empty((len(arms), people), dtype=np.float32)
        deviation = np.empty_like(mean)
        for here, *found in self._blocks(arms, context, people):
            mean[:, here], deviation[:, here] = found
        return mean, deviation

    def choose(
        self, arms: tuple[str, ...], context: NDArray[np.float64], generator: np.random.Generator
    ) -> NDArray[np.int64]:
        """The arm of each person by one normal per arm: Thompson sampling as it is, for whoever logs no propensities.

        Decisions never use it: what it does cannot be judged afterwards.
        """
        chosen = np.empty(len(context), dtype=np.int64)
        for here, mean, deviation in self._blocks(arms, context, len(context)):
            deviation *= generator.standard_normal(deviation.shape, dtype=np.float32)
            deviation += mean
            chosen[here] = leaders(deviation)
        return chosen

    def rank(self, arms: Sequence[str], seed: str) -> Sequence[int]:
        """By one draw of each arm's rate among average people, best first."""
        mean, deviation = self.scores(tuple(arms), None, 1)
        drawn = mean[:, 0] + deviation[:, 0] * normal_draws(len(arms), seed)[0]
        order: list[int] = np.argsort(-drawn, kind="stable").tolist()
        return order

    def update(self, rewards: Rewards) -> "LinearPolicy":
        """The policy with these exposures in its regressions. The first ones fix the units of the context."""
        check_rewards(rewards)
        context = np.zeros((len(rewards.reward), 0)) if rewards.context is None else rewards.context
        made = self if self._width is not None else self._measured(context)
        x = made._inputs(context)
        sums = {arm: [list(row) for row in rows] for arm, rows in made._sums.items()}
        arms = np.asarray(rewards.arms, dtype=object).astype(str)
        for arm in np.unique(arms).tolist():
            at = arms == arm
            here, n, r = x[:, at], rewards.exposed[at], rewards.reward[at]
            both = np.vstack([(here * n) @ here.T, here @ r])
            old = np.array(sums[arm]) if arm in sums else 0.0
            sums[arm] = (old + both).tolist()
        return LinearPolicy(self._spec, self._lessons, made._written(sums))

    def state(self) -> str:
        """Sums of squares and products per arm, and the units of the context."""
        return self._written(self._sums) if self._width is not None else write_state(self.kind, {})

    def _written(self, sums: dict[str, list[list[float]]]) -> str:
        learned = {"width": self._width, "center": self._center.tolist(), "scale": self._scale.tolist(), "sums": sums}
        return write_state(self.kind, learned)

    def _measured(self, context: NDArray[np.float64]) -> "LinearPolicy":
        if not np.isfinite(context).all():
            raise ContextError("a context is finite numbers: what is not known is the feature's average, or left out")
        width = context.shape[1]
        center = context.mean(axis=0) if len(context) else np.zeros(width)
        scale = context.std(axis=0) if len(context) else np.ones(width)
        scale[scale < 1e-9] = 1.0
        learned = {"width": width, "center": center.tolist(), "scale": scale.tolist(), "sums": {}}
        return LinearPolicy(self._spec, self._lessons, write_state(self.kind, learned))

    def _blocks(
        self, arms: tuple[str, ...], context: NDArray[np.float64] | None, people: int
    ) -> Iterator[tuple[slice, NDArray[np.float32], NDArray[np.float32]]]:
        return score_blocks(self._posterior(arms), Units(self._center, self._scale), context, people)

    def _alone(self, arms: tuple[str, ...]) -> AloneScores:
        if arms not in self._lone:
            self._lone[arms] = AloneScores(self._posterior(arms), Units(self._center, self._scale))
        return self._lone[arms]

    def _inputs(self, context: NDArray[np.float64]) -> NDArray[np.float64]:
        """(1 + d) × people: ones, and the context in standard units."""
        width = self._width or 0
        x = np.ones((1 + width, len(context)), dtype=np.float32)
        if width:
            Units(self._center, self._scale).put(context, x[1:])
        return x.astype(np.float64)

    def _posterior(self, arms: tuple[str, ...]) -> Posterior:
        """θ ~ N(A⁻¹b, σ²A⁻¹/h) of each arm."""
        if arms not in self._fitted:
            width = 1 + (self._width or 0)
            thetas, spreads = [], []
            for arm, mean in zip(arms, self._level(arms), strict=True):
                sums = np.array(self._sums[arm]) if arm in self._sums else np.zeros((width + 1, width))
                inverse = np.linalg.inv(self._spec.prior_strength * np.eye(width) + sums[:width])
                start = np.pad([self._spec.prior_strength * mean], (0, width - 1))
                thetas.append(inverse @ (start + sums[width]))
                spreads.append(inverse * mean * (1 - mean) / self._spec.temper)
            self._fitted[arms] = posterior(np.array(thetas), np.array(spreads))
        return self._fitted[arms]

    def _level(self, arms: tuple[str, ...]) -> NDArray[np.float64]:
        """The prior mean of each arm, at the level that the arms which were tried reached."""
        priors = np.array([self._lessons.priors.get(arm, self._spec.prior_mean) for arm in arms])
        width = 1 + (self._width or 0)
        tried = [np.array(self._sums[arm]) for arm in arms if arm in self._sums]
        won, shown = sum(float(t[width][0]) for t in tried), sum(float(t[0][0]) for t in tried)
        s = self._spec.prior_strength
        reached = (s * float(priors.mean()) + won) / (s + shown)
        result: NDArray[np.float64] = np.clip(priors * reached / float(priors.mean()), 1e-6, 1 - 1e-6)
        return result
