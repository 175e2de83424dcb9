"""The reward table: what every shown line earned, for policies that learn and for those that are judged on the past."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from tailorbird.pipeline.observe import load_decisions
from tailorbird.ports.warehouse import Warehouse
from tailorbird.stages.learning.rewards import rewards
from tailorbird.stages.measurement import outcomes_sql, rewards_sql
from tailorbird.types.campaign import Campaign
from tailorbird.types.decision import Decision

_NUMBERS = frozenset(rewards_sql.REWARD_COLUMNS[rewards_sql.REWARD_COLUMNS.index("propensity") :])


@dataclass(frozen=True, slots=True)
class RewardTable:
    """Columns of `rewards_sql.REWARD_COLUMNS` and `reward`, one row per treated decision and block with a line.

    `cap` is the money that a reward of 1 stands for (None: the reward is no money).
    """

    columns: dict[str, npt.NDArray[Any]]
    cap: float | None = None

    def __len__(self) -> int:
        return len(self.columns["reward"])


def reward_table(
    campaign: Campaign,
    decided: Sequence[Decision],
    warehouse: Warehouse,
    until: datetime,
    all_exposed: bool = False,
    cap: float | None = None,
) -> RewardTable:
    """The rewards of `decided` as of `until`, by the campaign's `policy.reward`.

    `warehouse` must hold the view `events`. What was decided for a holdout is not in it, and a slate without a line
    neither. Learn only from rows whose `shown` is 1; `mature` ones will not change any more but for refunds.
    """
    load_decisions(warehouse, decided)
    warehouse.run(outcomes_sql.compile_outcomes(campaign.metric, until))
    warehouse.run(rewards_sql.compile_orders(campaign.metric, until))
    warehouse.run(rewards_sql.compile_rewards(campaign.metric, until))
    rows = warehouse.rows(rewards_sql.compile_reward_rows(all_exposed))
    columns: dict[str, npt.NDArray[Any]] = {}
    for i, name in enumerate(rewards_sql.REWARD_COLUMNS):
        kind: Any = np.float64 if name in _NUMBERS else object
        columns[name] = np.asarray([row[i] for row in rows], dtype=kind)
    columns["reward"], cap = rewards(columns, campaign.policy.reward, cap)
    return RewardTable(columns, cap)
