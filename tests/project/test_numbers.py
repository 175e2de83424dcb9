"""Numbers that make no sense are told before anything is sent."""

from dataclasses import fields, is_dataclass, replace
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest

from tailorbird.project.numbers import CAMPAIGN_RANGES, SETTINGS_RANGES, warn_of_thin_cells
from tailorbird.project.project import load_project
from tailorbird.testing.readouts import example_campaign
from tailorbird.types.campaign import BriefSpec, Campaign

CAMPAIGN = "campaigns/hello.yaml"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("section", "name", "value"),
    [
        ("generation", "candidates", "-1"), ("generation", "candidates", "0"), ("generation", "max_lines", "-1"),
        ("generation", "per_brief", "0"), ("generation", "temperature", "0"), ("generation", "temperature", "-0.5"),
        ("items", "slots", "0"), ("items", "candidates", "-1"), ("items", "temperature", "0"),
        ("items", "exclude_bought_days", "-1"),
        ("items", "exclude_bought_days", "9999999"),
        ("policy", "prior_strength", "0"), ("policy", "prior_mean", "2"), ("policy", "prior_mean", "0"),
        ("policy", "floor", "3"), ("policy", "floor", "-0.1"), ("policy", "temper", "0"),
        ("policy", "arms_max", "0"),
        ("caps", "days", "9999999"), ("caps", "days", "0"), ("caps", "messages", "0"),
    ],
)  # fmt: skip
def test_a_number_out_of_range_is_told_with_line_field_and_range(
    folder: Any, section: str, name: str, value: str
) -> None:
    text = f"holdout: 0.2\n{section}:\n  {name}: {value}"
    line = folder.replace(CAMPAIGN, "holdout: 0.2", text) + 2
    error = folder.error()
    assert (error.line, error.field) == (line, f"{section}.{name}")
    assert "must be from " in error.message and "(found " in error.message


@pytest.mark.slow
@pytest.mark.parametrize("days", ["0", "-3", "9999999"])
def test_a_window_has_days(folder: Any, days: str) -> None:
    line = folder.replace(CAMPAIGN, "event: Order Completed}", f"event: Order Completed, window_days: {days}}}")
    error = folder.error()
    assert (error.line, error.field) == (line, "metric.window_days")
    assert "from 1 to 3,650" in error.message


@pytest.mark.slow
@pytest.mark.parametrize("value", ["a b", "'1'", "a..b", "properties.", "''"])
def test_the_metrics_money_is_a_dotted_path(folder: Any, value: str) -> None:
    line = folder.replace(CAMPAIGN, "event: Order Completed}", f"event: Order Completed, value: {value}}}")
    error = folder.error()
    assert (error.line, error.field) == (line, "metric.value")
    assert "dotted path" in error.message


@pytest.mark.slow
@pytest.mark.parametrize("k", ["1", "0", "-20"])
def test_a_cell_is_never_one_person(folder: Any, k: str) -> None:
    folder.replace(CAMPAIGN, "  family: last_family", f"  family: last_family\n  k: {k}")
    error = folder.error()
    assert error.field == "briefs.k"
    assert "one person" in error.message


def test_thin_cells_are_allowed_and_warned_of_loudly() -> None:
    campaign = example_campaign()
    warning = warn_of_thin_cells(replace(campaign, briefs=BriefSpec(k=19)))
    assert warning is not None and "winback" in warning and "FEWER THAN 20 PEOPLE" in warning
    assert warn_of_thin_cells(replace(campaign, briefs=BriefSpec(k=20))) is None


@pytest.mark.parametrize("chars", ["0", "-1"])
def test_a_block_holds_at_least_a_character(folder: Any, chars: str) -> None:
    line = folder.replace(CAMPAIGN, "max_chars: 200", f"max_chars: {chars}")
    error = folder.error()
    assert (error.line, error.field) == (line, "blocks.body.max_chars")


@pytest.mark.slow
@pytest.mark.parametrize("share", ["1", "1.5", "-0.1", "0.00001", ".nan", "0.99999"])
def test_a_holdout_is_at_least_nought_and_below_one(folder: Any, share: str) -> None:
    line = folder.replace(CAMPAIGN, "holdout: 0.2", f"holdout: {share}")
    error = folder.error()
    assert (error.line, error.field) == (line, "holdout")


def test_there_are_at_least_as_many_candidates_as_places(folder: Any) -> None:
    folder.replace(CAMPAIGN, "holdout: 0.2", "items: {slots: 4, candidates: 3}")
    error = folder.error()
    assert error.field == "items.candidates"
    assert "items.slots (4)" in error.message


def test_a_budget_of_lines_serves_at_least_one_brief(folder: Any) -> None:
    folder.replace(CAMPAIGN, "holdout: 0.2", "generation: {max_lines: 2, per_brief: 3}")
    assert folder.error().field == "generation.max_lines"


@pytest.mark.slow
@pytest.mark.parametrize("currency", ["POUNDS", "gbp", "£", "''"])
def test_a_currency_is_three_capital_letters(folder: Any, currency: str) -> None:
    line = folder.replace("tailorbird.yaml", "currency: GBP", f"currency: {currency}")
    error = folder.error()
    assert (error.line, error.field) == (line, "currency")
    assert "three capital letters" in error.message


@pytest.mark.parametrize(("section", "name"), [("delivery", "port"), ("generator", "threads")])
def test_numbers_of_the_settings_are_checked(folder: Any, section: str, name: str) -> None:
    folder.replace("tailorbird.yaml", "imports: [items]", f"imports: [items]\n{section}: {{{name}: -1}}")
    assert folder.error().field == f"{section}.{name}"


def test_the_ends_of_a_range_are_allowed(folder: Any) -> None:
    folder.replace(
        CAMPAIGN,
        "holdout: 0.2",
        "holdout: 0\ngeneration: {max_lines: 0, candidates: 1}\nitems: {exclude_bought_days: 0, candidates: 1}\n"
        "policy: {floor: 0, arms_max: 1}\ncaps: {messages: 1, days: 1}",
    )
    assert load_project(folder.root).campaign("hello").caps.days == 1


def test_every_number_of_a_campaign_has_a_range(folder: Any, tmp_path: Path) -> None:
    campaign: Campaign = load_project(folder.root).campaign("hello")
    numbers = []
    for field in fields(campaign):
        value = getattr(campaign, field.name)
        inside = (
            [(f"{field.name}.{part.name}", getattr(value, part.name)) for part in fields(value)]
            if is_dataclass(value)
            else [(field.name, value)]
        )
        numbers += [name for name, one in inside if isinstance(one, int | float) and not isinstance(one, bool)]
    assert set(numbers) == set(CAMPAIGN_RANGES)
    settings = load_project(folder.root).settings
    for field_name in SETTINGS_RANGES:
        assert isinstance(attrgetter(field_name)(settings), int | float | None)


@pytest.mark.slow
@pytest.mark.parametrize("step", ["a/../b", "'a b'", "ü", "''"])
def test_a_step_is_a_plain_word(folder: Any, step: str) -> None:
    line = folder.replace(CAMPAIGN, "holdout: 0.2", f"holdout: 0.2\nstep: {step}") + 1
    error = folder.error()
    assert (error.line, error.field) == (line, "step")
    assert "letters, digits, hyphens and underscores" in error.message


@pytest.mark.slow
@pytest.mark.parametrize("field", ["allowed", "private", "model_regions"])
def test_an_empty_value_of_privacy_is_one_clear_error(folder: Any, field: str) -> None:
    path = folder.root / "tailorbird.yaml"
    path.write_text(path.read_text() + f"\nprivacy:\n  {field}: [EU, ' ']\n")
    assert folder.error().field == f"privacy.{field}.1"


def test_a_vendor_keeps_prompts_for_no_negative_time(folder: Any) -> None:
    path = folder.root / "tailorbird.yaml"
    path.write_text(path.read_text() + "\ngenerator:\n  adapter: none\n  terms: {retention_days: -1}\n")
    assert folder.error().field == "generator.terms.retention_days"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("guardrails", "told"),
    [
        ("[{name: returns, event: a, margin: -1}]", "guardrails.returns.margin"),
        ("[{name: returns, event: a, weight: 0}]", "guardrails.returns.weight"),
        ("[{name: returns, event: a, absolute: 2}]", "guardrails.returns.absolute"),
        ("[{name: returns, event: a, window_days: 0}]", "guardrails.returns.window_days"),
        ("[{name: returns, event: a}, {name: returns, event: b}]", "guardrails.name"),
    ],
)
def test_guardrails_have_margins_weights_and_names_of_their_own(folder: Any, guardrails: str, told: str) -> None:
    line = folder.replace(CAMPAIGN, "holdout: 0.2", f"holdout: 0.2\nguardrails: {guardrails}") + 1
    error = folder.error()
    assert (error.line, error.field) == (line, told)
