"""What stands beside the effect, in rows and sentences."""

from dataclasses import replace

from tailorbird.testing.comparisons import example_comparison
from tailorbird.testing.readouts import example_readout
from tailorbird.types.effect import Effect
from tailorbird.types.findings import Novelty
from tailorbird.types.readout import Readout
from tailorbird.types.split_check import SplitCheck, SplitPlace
from tailorbird.web.report.findings import arm_name, comparisons, credit, shown, worth, worth_sentence
from tailorbird.web.report.page import render_report

HOSTILE = "</style><script>alert(1)</script>"


def with_comparison(**changes: object) -> Readout:
    return replace(example_readout(), comparisons=(replace(example_comparison(), **changes),))  # type: ignore[arg-type]


def test_a_comparison_says_its_verdict_and_every_metric_in_words() -> None:
    (found,) = comparisons(example_readout())
    assert found["title"] == "everybody treated against the held out"
    assert found["sentence"].startswith("Ship: ") and found["next"].startswith("go on with it")
    assert [(m["ruling"], m["style"]) for m in found["metrics"]] == [
        ("better", "good"),
        ("within its margin", ""),
        ("cannot be judged", ""),
    ]
    assert found["metrics"][0]["between"] == "+1.20 points to +6.20 points"
    assert "too few people" in found["metrics"][2]["between"]


def test_the_statistics_tell_of_adjustment_reach_the_ordinary_interval_and_the_power_that_is_left() -> None:
    words = " ".join(comparisons(example_readout())[0]["words"])
    for said in ("12% of the variance", "95.0% of the treated", "one look only", "2.80 points or more", "99%"):
        assert said in words


def test_an_arm_that_joined_later_is_said_to_be_compared_from_then_on() -> None:
    (found,) = comparisons(with_comparison(arm="warm", control="plain", since="2026-09-08"))
    assert found["title"] == "“warm” against “plain”"
    assert "began on 2026-09-08" in found["words"][0]


def test_cohorts_and_weeks_have_a_sentence_each() -> None:
    (found,) = comparisons(example_readout())
    assert found["cohort_sentence"] == "It works differently for en-GB (locale) than for the others."
    assert found["week_sentence"].startswith("The effect wears off")
    assert len(found["cohorts"][0]["rows"]) == 2 and len(found["weeks"]) == 2
    (plain,) = comparisons(with_comparison(cohorts=(), novelty=Novelty((), why="one week only")))
    assert "the same for everybody" in plain["cohort_sentence"]
    assert "cannot be told yet" in plain["week_sentence"]


def test_money_is_shown_as_money_and_shares_as_points() -> None:
    result = example_comparison().results[0]
    assert shown(result, 0.0123, "GBP", signed=True) == "+1.23 points"
    assert shown(replace(result, kind="value"), 1.5, "GBP", signed=True) == "+£1.50"
    assert shown(replace(result, kind="value"), -1.5, "GBP", signed=True) == "-£1.50"
    assert arm_name("holdout") == "the held out"


def test_credit_has_a_row_for_every_touch_and_none_without_credit() -> None:
    found = credit(example_readout())
    assert found is not None and [row["row"].label for row in found["rows"]] == ["winback", "google / cpc / teapots"]
    assert credit(replace(example_readout(), attribution=None)) is None


def test_worth_says_the_difference_or_why_there_is_none() -> None:
    readout = example_readout()
    assert readout.lifetime is not None
    assert worth_sentence(readout).startswith("Over a year a treated person is worth £1.80 more")
    unsure = replace(readout, lifetime=replace(readout.lifetime, low=-1.0))
    assert "may be worth as much" in worth_sentence(unsure)
    none = replace(readout, lifetime=replace(readout.lifetime, difference=None, why="3 people bought again"))
    assert worth_sentence(none).endswith("cannot be compared: 3 people bought again.")
    assert worth(replace(readout, lifetime=None)) is None


def test_names_from_data_are_escaped_on_the_page() -> None:
    comparison = example_comparison()
    results = (replace(comparison.results[0], name=HOSTILE, effect=Effect(0.1, 0.05, 0.2, 0.01)),)
    rows = replace(comparison.cohorts[0][1][0], cohort=HOSTILE)
    readout = with_comparison(arm=HOSTILE, results=results, cohorts=((HOSTILE, (rows,)),))
    assert readout.attribution is not None
    touch = replace(readout.attribution.rows[0], label=HOSTILE)
    page = render_report(
        replace(readout, attribution=replace(readout.attribution, rows=(touch,)), data_checks=(HOSTILE,)), "Wren"
    )
    assert "<script" not in page and page.count("&lt;script&gt;") >= 5


def test_a_split_that_is_off_says_where() -> None:
    place = SplitPlace("day", HOSTILE, (60, 90), (75.0, 75.0), 0.0004, 0.6)
    why = "The read-out is blocked: people went missing."
    check = SplitCheck(
        "variants",
        ("plain", "warm"),
        (460, 540),
        (500.0, 500.0),
        0.0001,
        3.0,
        2400.0,
        "2026-09-03",
        True,
        True,
        (place,),
        why,
    )
    page = render_report(replace(example_readout(), splits=(check,)), "Wren")
    assert why in page and "first enough on 2026-09-03" in page and "day: &lt;/style&gt;" in page
    assert why not in render_report(replace(example_readout(), splits=(replace(check, why=""),)), "Wren")
