"""Who may be written to, and who is held out."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tailorbird.pipeline.select_people import EmptyAudienceError, serve_locale
from tailorbird.types.audience import AudienceRule, Condition
from tailorbird.types.decision import Decision
from tailorbird.types.profile import Profile


def treated(opened: Any, selection: Any) -> list[str]:
    return [selection.profiles[row].person_id for row in selection.treated]


def earlier(opened: Any, person: str, campaign: str, number: int, days: int = 1) -> Decision:
    at = opened.moment - timedelta(days=days)
    return Decision(
        f"d_{campaign}{number}_{person}", campaign, str(number), person, "treatment", at, (), "", "", "", ""
    )


def test_the_counts_add_up(opened: Any) -> None:
    detail = opened.selection.detail()
    assert detail["matched"] == detail["eligible"] + sum(detail["excluded"].values())
    assert detail["eligible"] == detail["treated"] + detail["holdout"]
    assert 0.2 < detail["holdout"] / detail["eligible"] < 0.4
    assert not set(opened.selection.treated) & set(opened.selection.holdout)


def test_nobody_without_consent_is_eligible(opened: Any) -> None:
    rows = [*opened.selection.treated, *opened.selection.holdout]
    assert all(opened.selection.profiles[row].consents.get("email_marketing") is True for row in rows)


def test_the_same_people_are_held_out_at_the_next_step(opened: Any, empty_state: Any) -> None:
    again = opened.select(empty_state, replace(opened.campaign, step="2"))
    assert list(again.holdout) == list(opened.selection.holdout)


def test_suppressed_and_capped_people_are_left_out_and_counted(opened: Any, empty_state: Any) -> None:
    first, second, third, *_ = treated(opened, opened.selection)
    empty_state.suppressions.add(first, "email", "unsubscribed", "2026-05-01")
    cap, days = opened.campaign.caps.messages, opened.campaign.caps.days
    empty_state.decisions.save([earlier(opened, second, "other", n) for n in range(cap)])
    empty_state.decisions.save([earlier(opened, third, "long_ago", n, days + 1) for n in range(cap)])
    selection = opened.select(empty_state)
    assert selection.excluded["suppressed"] == 1 == selection.excluded["capped"]
    chosen = set(treated(opened, selection))
    assert not chosen & {first, second}
    assert third in chosen


def test_a_run_that_was_killed_after_deciding_does_not_cap_its_own_people(opened: Any, empty_state: Any) -> None:
    campaign = replace(opened.campaign, caps=replace(opened.campaign.caps, messages=1))
    before = opened.select(empty_state, campaign)
    people = treated(opened, before)
    empty_state.decisions.save(
        [Decision(f"d_{p}", campaign.name, "1", p, "treatment", opened.moment, (), "", "", "", "") for p in people]
    )
    assert treated(opened, opened.select(empty_state, campaign)) == people
    alike = with_rule(opened, all=like(opened, people[0]))
    with pytest.raises(EmptyAudienceError, match="capped"):
        alike.select(empty_state, replace(campaign, step="2", audience="own"))


def with_rule(opened: Any, **groups: Any) -> Any:
    """The shop with an audience 'own'."""
    audiences = {**opened.project.audiences, "own": AudienceRule("own", **groups)}
    return replace(opened, project=replace(opened.project, audiences=audiences))


def like(opened: Any, person: str) -> tuple[Condition, ...]:
    """Conditions that hold for this person."""
    row = [p.person_id for p in opened.selection.profiles].index(person)
    columns = opened.selection.table.columns
    names = [name for name in ("orders_90d", "days_since_order", "spent_90d") if columns[name][row] is not None]
    return tuple(Condition(name, equals=columns[name][row]) for name in names)


def test_an_audience_that_matches_nobody_says_which_file_to_change(opened: Any, empty_state: Any) -> None:
    nobody = with_rule(opened, all=(Condition("orders_90d", at_least=10_000),))
    with pytest.raises(EmptyAudienceError, match=r"'own' matches none of 900 people.*audiences/own\.yaml"):
        nobody.select(empty_state, replace(opened.campaign, audience="own"))


def test_a_campaign_about_the_basket_leaves_out_people_whose_item_is_gone(opened: Any, empty_state: Any) -> None:
    campaign = opened.project.campaign("abandoned_basket")
    before = opened.select(empty_state, campaign)
    row = before.treated[0]
    item = before.table.columns["basket_item"][row]
    gone = {name: replace(value, stock=0) if name == item else value for name, value in opened.items.items()}
    after = replace(opened, items=gone).select(empty_state, campaign)
    assert row not in after.treated
    assert after.excluded["no_item"] > before.excluded["no_item"]


@pytest.mark.parametrize(
    ("spoken", "served"),
    [("en-GB", "en-GB"), ("de_DE", "de-DE"), ("de-AT", "de-DE"), ("fr-FR", "en-GB"), ("", "en-GB"), (None, "en-GB")],
)
def test_a_person_is_served_in_the_nearest_locale(spoken: str | None, served: str) -> None:
    assert serve_locale(Profile("p", locale=spoken), ["en-GB", "de-DE"]) == served
