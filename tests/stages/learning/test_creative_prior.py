import numpy as np
import pytest

from tailorbird.stages.learning.creative_prior import LineOutcome, fit_outcomes, fit_pairs

GOOD, BAD = ("secret", "surprising", "hidden", "strange"), ("regular", "usual", "plain", "standard")
THINGS = ("kettle", "teapot", "cup", "tray", "lamp", "chair", "bowl", "plate", "spoon", "jug", "basket", "towel")


def outcomes(lift: float, seed: int = 5, groups: int = 40, shown: int = 2_000) -> list[LineOutcome]:
    """Lines of many campaigns; those with a word of GOOD have a rate `lift` times as great. Campaigns differ a lot."""
    generator = np.random.default_rng(seed)
    told = []
    for group in range(groups):
        base = generator.uniform(0.02, 0.08)
        for k in range(4):
            word = generator.choice(GOOD if k % 2 else BAD)
            text = f"The {word} {generator.choice(THINGS)} of {generator.choice(THINGS)} {k}"
            rate = base * (lift if k % 2 else 1.0)
            told.append(LineOutcome(text, f"g{group}", float(generator.binomial(shown, rate)), float(shown)))
    return told


def test_pairs_teach_which_words_win_also_in_lines_that_were_not_there() -> None:
    generator = np.random.default_rng(1)
    pairs = [(f"The {generator.choice(GOOD)} {generator.choice(THINGS)}", f"A {generator.choice(BAD)} "
              f"{generator.choice(THINGS)}") for _ in range(120)]  # fmt: skip
    prior = fit_pairs([a for a, _ in pairs], [b for _, b in pairs], [True] * 120)
    good, bad = prior.utilities(["One hidden sofa", "One usual sofa"])
    assert good > bad


def test_turning_every_pair_around_changes_nothing() -> None:
    first, second = ["a red cup", "a tall jug", "tea now"], ["the blue cup", "low jug", "coffee"]
    one = fit_pairs(first, second, [True, False, True])
    other = fit_pairs(second, first, [False, True, False])
    assert np.allclose(one.utilities(first), other.utilities(first))


def test_no_pairs_are_refused() -> None:
    with pytest.raises(ValueError, match="no pairs"):
        fit_pairs([], [], [])


@pytest.mark.slow
def test_past_campaigns_give_a_prior_whose_scale_is_right() -> None:
    prior, why = fit_outcomes(outcomes(1.6))
    assert prior is not None and why == ""
    means = prior.means({"a": "The hidden bowl of tea", "b": "The usual bowl of tea"}, 0.05)
    # The true ratio is 1.6; a ridge says less than that, and never the wrong way round.
    assert 1.15 < means["a"] / means["b"] < 1.75
    assert abs(np.mean(list(means.values())) - 0.05) < 0.005


@pytest.mark.slow
def test_where_words_make_no_difference_there_is_no_prior() -> None:
    false_alarms = sum(fit_outcomes(outcomes(1.0, seed=seed))[0] is not None for seed in range(12))
    assert false_alarms <= 2


def test_too_few_lines_and_lines_without_successes_say_why() -> None:
    assert "are needed" in fit_outcomes(outcomes(2.0, groups=3))[1]
    none = [LineOutcome(f"line {i} of {i % 9}", f"g{i % 9}", 0.0, 100.0) for i in range(60)]
    assert "nothing came of any" in fit_outcomes(none)[1]
    same = [LineOutcome("one line", f"g{i % 9}", 5.0, 100.0) for i in range(60)]
    assert "differ in text" in fit_outcomes(same)[1]


@pytest.mark.slow
def test_no_lines_have_no_means() -> None:
    prior, _ = fit_outcomes(outcomes(1.6))
    assert prior is not None and prior.means({}, 0.05) == {}
