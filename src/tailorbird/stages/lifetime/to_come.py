"""What customers are expected to bring yet: purchases times their worth times what is earned of it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tailorbird.stages.lifetime.bg_nbd import BgNbd, LifetimeError, fit_bg_nbd
from tailorbird.stages.lifetime.gamma_gamma import GammaGamma, fit_gamma_gamma

Column = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ToCome:
    """Money expected of each customer, in the order given, with the models behind it; or `why` there is none."""

    money: Column
    purchases: BgNbd | None = None
    worth: GammaGamma | None = None
    why: str = ""


def money_to_come(
    repeats: Column, recency: Column, age: Column, mean_value: Column, margin_share: Column, weeks: float
) -> ToCome:
    """Margin expected of each customer in the next `weeks`, undiscounted; columns of `customers_sql`.

    People who never bought are not among them: what a first order brings is no matter of these models.
    """
    try:
        purchases = fit_bg_nbd(repeats, recency, age)
        worth = fit_gamma_gamma(repeats, mean_value)
    except LifetimeError as error:
        return ToCome(np.zeros(0), why=str(error))
    expected = purchases.purchases(weeks, repeats, recency, age)
    overall = float((margin_share * mean_value).sum() / mean_value.sum()) if mean_value.sum() > 0 else 0.0
    share = np.where(margin_share > 0, margin_share, overall)
    return ToCome(expected * worth.worth(repeats, mean_value) * share, purchases, worth)
