"""Intervals that hold however often somebody looks.

The asymptotic confidence sequence of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, "Time-uniform central limit
theory and asymptotic confidence sequences" (arXiv 2103.06476), for a difference of two means. A fixed-sample interval
is right once; this one is right at every look together, so a report may be opened every morning and a campaign
stopped on any of them.
"""

import math

ALPHA = 0.05
N_STAR = 5000.0


def mixture_rho2(n_star: float, alpha: float = ALPHA) -> float:
    """The mixture's precision per person that makes the interval tightest near `n_star` people (both arms)."""
    log = -2.0 * math.log(alpha)
    return (log + math.log(log + 1.0)) / n_star


def half_width_factor(n: float, alpha: float = ALPHA, n_star: float = N_STAR) -> float:
    """How many standard errors the interval reaches to each side with `n` people in both arms together.

    Only `n / n_star` enters. With arms of 90 and 10 % the standard error already carries the imbalance (it is the
    influence function's variance over n), so n stays the total: a constant split only rescales time, as n_star does.
    """
    x = n * mixture_rho2(n_star, alpha)
    return math.sqrt(2.0 * (x + 1.0) / x * math.log(math.sqrt(x + 1.0) / alpha))


def log_e_value(z: float, n: float, alpha: float = ALPHA, n_star: float = N_STAR) -> float:
    """The log of the e-value against 'no difference', for a difference `z` standard errors from zero with `n` people.

    An e-value has a mean of at most 1 where there is no difference, at every look together; evidence of 20 is what
    p = .05 would be. It may be averaged over tests, and e-BH rejects with it whatever depends on what.
    """
    x = n * mixture_rho2(n_star, alpha)
    return x * z * z / (2.0 * (x + 1.0)) - 0.5 * math.log1p(x)


def anytime_p(z: float, n: float, alpha: float = ALPHA, n_star: float = N_STAR) -> float:
    """The always-valid p of a difference `z` standard errors from zero: 1 / e-value, at most 1."""
    log_e = log_e_value(z, n, alpha, n_star)
    return math.exp(-log_e) if log_e > 0 else 1.0


def one_sided_factor(n: float, alpha: float = ALPHA, n_star: float = N_STAR) -> float:
    """How many standard errors a bound lies away that must hold on one side only, at every look.

    The mixture is over effects of one sign (a half normal): with x = n·ρ² and s = z·√(x/(x+1)) the evidence is
    2·Φ(s)·exp(s²/2)/√(1+x), and the bound is where it reaches 1/alpha. Tightest near `n_star` people.
    """
    x = n * mixture_rho2(n_star, min(2.0 * alpha, 0.5))
    goal = math.log(1.0 / (2.0 * alpha)) + 0.5 * math.log1p(x)
    s = math.sqrt(2.0 * max(goal, 0.5))
    for _ in range(50):
        below = 0.5 * math.erfc(-s / math.sqrt(2.0))
        density = math.exp(-s * s / 2.0) / math.sqrt(2.0 * math.pi)
        step = (s * s / 2.0 + math.log(below) - goal) / (s + density / below)
        s -= step
        if abs(step) < 1e-12:
            break
    return s * math.sqrt((x + 1.0) / x)


def asymptotic_interval(
    n_t: int,
    mean_t: float,
    var_t: float,
    n_c: int,
    mean_c: float,
    var_c: float,
    alpha: float = ALPHA,
    n_star: float = N_STAR,
) -> tuple[float, float, float]:
    """(low, high, p) for mean_t - mean_c, valid at every look; after arXiv 2103.06476.

    `var_*` are variances of one person's outcome, `n_star` the number of people (both arms) at which the interval is
    tightest: fix it before outcomes arrive. The guarantee is asymptotic: with few conversions in an arm it is not
    kept (see `readout.MIN_CONVERSIONS`). Raises ValueError for an empty arm.
    """
    if n_t <= 0 or n_c <= 0:
        raise ValueError("an interval needs at least one person in each arm")
    if n_star <= 0 or not 0 < alpha < 1:
        raise ValueError("n_star must be above 0 and alpha between 0 and 1")
    difference = mean_t - mean_c
    error = math.sqrt(var_t / n_t + var_c / n_c)
    if error == 0:
        return difference, difference, 0.0 if difference else 1.0
    n = n_t + n_c
    half = error * half_width_factor(n, alpha, n_star)
    return difference - half, difference + half, anytime_p(difference / error, n, alpha, n_star)


def share_variance(successes: float, n: float) -> float:
    """Variance of a yes/no outcome with one success and one failure added, so that no arm has variance zero."""
    share = (successes + 1.0) / (n + 2.0)
    return share * (1.0 - share)


def share_interval(
    x_t: int, n_t: int, x_c: int, n_c: int, alpha: float = ALPHA, n_star: float = N_STAR
) -> tuple[float, float, float]:
    """(low, high, p) for the difference of two shares x_t/n_t - x_c/n_c; see `asymptotic_interval`.

    Bounds are cut at -1 and 1, beyond which no difference of shares can lie.
    """
    low, high, p = asymptotic_interval(
        n_t,
        x_t / n_t if n_t else 0.0,
        share_variance(x_t, n_t),
        n_c,
        x_c / n_c if n_c else 0.0,
        share_variance(x_c, n_c),
        alpha,
        n_star,
    )
    return max(low, -1.0), min(high, 1.0), p


def relative_interval(
    x_t: int, n_t: int, x_c: int, n_c: int, alpha: float = ALPHA, n_star: float = N_STAR
) -> tuple[float, float] | None:
    """Always-valid bounds for the relative lift, (x_t/n_t)/(x_c/n_c) - 1, on the log scale; None without counts.

    The log ratio is asymptotically linear too, so the same boundary applies to its delta-method standard error.
    """
    if not (x_t and x_c and n_t and n_c):
        return None
    middle = math.log(x_t / n_t) - math.log(x_c / n_c)
    error = math.sqrt(max(1.0 / x_t - 1.0 / n_t + 1.0 / x_c - 1.0 / n_c, 0.0))
    half = error * half_width_factor(n_t + n_c, alpha, n_star)
    return math.exp(middle - half) - 1.0, math.exp(middle + half) - 1.0
