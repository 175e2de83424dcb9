"""Who may be written to, and who is held out."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tailorbird.pipeline.select_people import EmptyAudienceError, serve_locale
from tailorbird.types.audience import AudienceRule, Condition
from tailorbird.types.decision import Arm, Decision
from tailorbird.types.profile import Profile

pytestmark = pytest.mark.slow


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


def test_who_has_an_arm_keeps_it_when_the_share_changes(opened: Any, empty_state: Any) -> None:
    before = opened.selection
    some = [*before.treated[:20], *before.holdout[:20]]
    names = [before.profiles[row].person_id for row in some]
    treated: list[Arm] = ["treatment"] * 20
    held: list[Arm] = ["holdout"] * 20
    empty_state.decisions.save(
        [replace(earlier(opened, p, "win_back", 0), arm=arm) for p, arm in zip(names, treated + held, strict=True)]
    )
    for share in (0.0, 0.9):
        again = opened.select(empty_state, replace(opened.campaign, holdout=share))
        assert set(some[:20]) <= set(again.treated) and set(some[20:]) <= set(again.holdout)
        assert again.detail()["holdout_share"] == share
        newcomers = len(again.holdout) - 20
        assert newcomers == 0 if share == 0 else newcomers > len(again.treated) - 20


@pytest.fixture
def sharing(opened: Any) -> Any:
    """The shop in which some people's addresses are other people's: `sharing({person: whose}, **groups)`."""

    @contextmanager
    def change(addresses: dict[str, str]) -> Iterator[None]:
        profiles = {p.person_id: p for p in opened.selection.profiles}
        opened.warehouse.run("CREATE TABLE IF NOT EXISTS people_kept AS SELECT * FROM people")
        try:
            for person, other in addresses.items():
                email = profiles[other].email.upper()
                opened.warehouse.run(f"UPDATE people SET email = '{email}' WHERE person_id = '{person}'")
            yield
        finally:
            opened.warehouse.run("DELETE FROM people")
            opened.warehouse.run("INSERT INTO people SELECT * FROM people_kept")

    return change


def test_one_message_for_each_address_and_none_where_anybody_unsubscribed(
    opened: Any, empty_state: Any, sharing: Any
) -> None:
    first, second, third, fourth, *_ = sorted(treated(opened, opened.selection))
    empty_state.suppressions.add(third, "email", "unsubscribed", "2026-05-01")
    with sharing({second: first, fourth: third}):
        selection = opened.select(empty_state)
    chosen = set(treated(opened, selection))
    assert first in chosen and not chosen & {second, third, fourth}
    assert (selection.excluded["suppressed"], selection.excluded["same_address"]) == (2, 1)
    detail = selection.detail()
    assert detail["matched"] == detail["eligible"] + sum(detail["excluded"].values())


def test_a_newcomer_with_the_address_of_somebody_held_out_is_held_out(
    opened: Any, empty_state: Any, sharing: Any
) -> None:
    newcomer = treated(opened, opened.selection)[0]
    held = opened.selection.profiles[opened.selection.holdout[0]].person_id
    empty_state.decisions.save([replace(earlier(opened, held, "win_back", 0), arm="holdout")])
    empty_state.suppressions.add("nobody", "email", "unsubscribed", "2026-05-01")
    with sharing({newcomer: held}):
        selection = opened.select(empty_state)
    assert newcomer not in treated(opened, selection)
    assert selection.excluded["same_address"] == 1


def test_a_withheld_value_under_none_leaves_people_out_and_counts_them(opened: Any, empty_state: Any) -> None:
    own = with_rule(opened, all=(), none=(Condition("last_family", equals="nothing of ours"),))
    selection = own.select(empty_state, replace(opened.campaign, audience="own"))
    barred = [row for row, allowed in enumerate(selection.allowed) if not allowed]
    assert barred and selection.withheld == len(barred)
    assert not set(barred) & {*selection.treated, *selection.holdout}


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
