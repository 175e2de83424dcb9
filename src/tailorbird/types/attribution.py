"""Attribution: which touch an order is credited to, by which rule; and how long after a touch it may be."""

from dataclasses import dataclass

FORBID = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class AttributionSettings:
    """The windows: an order may be credited to a click of up to `click_days` before it, and to a message that was sent
    up to `sent_days` before it (0: a message that nobody clicked gets no credit)."""

    __pydantic_config__ = FORBID

    click_days: int = 30
    sent_days: int = 0


@dataclass(frozen=True, slots=True)
class CreditRow:
    """One channel or campaign: its touches, and the orders, money and margin that each rule credits it with.

    `removal` is data-driven: by how many orders fewer there would be in a chain of touches without this one;
    `shapley` shares each order by what the touches add to the rate of ordering, in all orders of their coming.
    Rates are no causes: only a holdout says what a message changed.
    """

    label: str
    touches: int
    last_touch: float
    removal: float
    shapley: float | None
    value_last_touch: float
    value_removal: float
    margin_last_touch: float
    margin_removal: float
    own: bool = False


@dataclass(frozen=True, slots=True)
class Attribution:
    """Credit beside the experiment's answer. `orders` happened, `untouched` of them with no touch in the window.

    `changed` is how many orders the campaign brought, by its holdout (None, with `why`: there is no answer), `low`
    and `high` its always-valid interval. The holdout rules: `calibration` is what its answer is of the last-touch
    credit, the factor that other credits of such messages are best multiplied by.
    """

    rows: tuple[CreditRow, ...]
    orders: int
    untouched: int
    click_days: int
    sent_days: int
    changed: float | None = None
    low: float | None = None
    high: float | None = None
    calibration: float | None = None
    why: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class LifetimeArm:
    """What one person of an arm brought in the window, and is expected to bring in the `horizon` after now."""

    arm: str
    people: int
    revenue: float
    margin: float
    to_come: float | None


@dataclass(frozen=True, slots=True)
class Lifetime:
    """Revenue, margin and lifetime value per decision, by arm; money per person, after refunds.

    `to_come` is the BG/NBD and gamma-gamma models' margin in the next `weeks`, undiscounted; None, with `why`, where
    the purchases carry no model. `difference` of (margin + to come), treated minus held out, with its always-valid
    interval, which knows nothing of the model's own error.
    """

    arms: tuple[LifetimeArm, ...]
    weeks: int
    parameters: tuple[float, ...] = ()
    customers: int = 0
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    why: str = ""
