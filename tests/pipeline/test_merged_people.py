"""People who turn out to be one, before a run goes on and while it sends: one arm, one message, either one's no."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tailorbird.pipeline import deliver, withdrawals
from tailorbird.testing.sender import FailingSender
from tailorbird.types.campaign import Campaign
from tailorbird.types.event import Event
from tailorbird.types.identity import IDENTITIES_MERGED
from tailorbird.types.message import Message
from tests.pipeline.conftest import MOMENT, Shopkeeper


def merged(kept: str, other: str, at: datetime = MOMENT - timedelta(hours=1)) -> Event:
    said = {"source": other, "target": kept, "by": "ana", "reason": "both are hers"}
    return Event("track", f"identity:{kept}-{other}", at, at, kept, None, IDENTITIES_MERGED, said)


def people(keeper: Shopkeeper) -> tuple[list[str], list[str], list[str]]:
    """(treated, held out, neither), by id."""
    treated, held = sorted(keeper.arm("treatment")), sorted(keeper.arm("holdout"))
    others = [p.person_id for p in keeper.profiles() if p.person_id not in {*treated, *held}]
    return treated, held, others


def uncapped(keeper: Shopkeeper, messages: int = 9) -> Campaign:
    campaign = keeper.project.campaign("win_back")
    return replace(campaign, caps=replace(campaign.caps, messages=messages))


@pytest.mark.slow
def test_people_who_were_merged_before_a_run_goes_on_get_what_one_person_gets(keeper: Shopkeeper) -> None:
    (one, two, kept, gone, silent, asked, free, *_), (held, lost, *_), (left, no, *_) = people(keeper)
    day = MOMENT - timedelta(hours=2)
    keeper.log.append([
        merged(one, two),  # both have a message
        merged(held, kept),  # held out survives
        merged(gone, lost),  # treated survives
        merged(silent, left),  # the other id unsubscribed
        merged(asked, no),  # the other id said no later
        Event("track", "no", day, day, no, None, "Consent Updated", {"consents": {"email_marketing": False}}),
    ])  # fmt: skip
    keeper.state.suppressions.add(left, "email", "unsubscribed", day.isoformat())
    keeper.run()
    sent = keeper.sent()
    assert sent[one] == sent[gone] == sent[free] == 1
    assert [sent[each] for each in (two, held, kept, lost, silent, left, asked, no)] == [0] * 8


@pytest.mark.slow
def test_a_merge_that_becomes_known_while_a_run_sends_counts_at_once(
    keeper: Shopkeeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(withdrawals, "REFRESH_SECONDS", 0.0)
    monkeypatch.setattr(deliver, "CHUNK", 1)
    treated, (held, *_), (left, *_) = people(keeper)
    keeper.state.suppressions.add(left, "email", "unsubscribed", MOMENT.isoformat())
    spared: list[str] = []

    def learn(message: Message) -> None:
        if not spared:
            one, two, silent, kept, *_ = (each for each in treated if each != message.person_id)
            spared.extend([two, silent, kept])
            now = datetime.now(UTC)
            keeper.log.append([merged(one, two, now), merged(silent, left, now), merged(held, kept, now)])

    sender = FailingSender(10_000, before=learn)
    keeper.run(sender)
    assert sorted(message.person_id for message in sender.taken) == sorted({*treated} - {*spared})


@pytest.mark.slow
def test_the_next_step_keeps_the_earliest_arm(keeper: Shopkeeper) -> None:
    (one, two, other, *_), (held, *_), _ = people(keeper)
    keeper.run()
    keeper.log.append([merged(two, one), merged(held, other)])
    keeper.run(step="2", moment=MOMENT + timedelta(minutes=5), campaign=uncapped(keeper))
    second = {d.person_id: d.arm for d in keeper.state.decisions.find("win_back", "2")}
    assert one not in second and other not in second
    assert (second[two], second[held]) == ("treatment", "holdout")


@pytest.mark.slow
def test_the_cap_counts_messages_to_both_ids(keeper: Shopkeeper) -> None:
    (one, two, alone, *_), *_ = people(keeper)
    keeper.run()
    keeper.log.append([merged(two, one)])
    keeper.run(step="2", moment=MOMENT + timedelta(minutes=5), campaign=uncapped(keeper, 2))
    second = {d.person_id for d in keeper.state.decisions.find("win_back", "2")}
    assert alone in second and not {one, two} & second
