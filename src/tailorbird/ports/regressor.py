"""The regressor: what uplift learners predict outcomes and effects with."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from tailorbird.types.errors import TailorbirdError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Predict = Callable[["NDArray[np.float64]"], "NDArray[np.float64]"]
"""From features (people × columns) to one number per person."""


class RegressorError(TailorbirdError):
    """A regressor that cannot be used; the message names the mend."""


class Regressor(Protocol):
    """Fits an outcome per person on features, and predicts it for others."""

    def __call__(self, features: "NDArray[np.float64]", outcome: "NDArray[np.float64]") -> Predict:
        """Fit on people × columns and one outcome each; equal input gives equal predictions."""
        ...
