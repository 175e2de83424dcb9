"""The program read over a real state database and warehouse: planted effects, none, and what is refused."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.adapters.sql.database import open_file
from tailorbird.adapters.sql.decisions import SqlDecisionStore
from tailorbird.adapters.sql.run_ledger import SqlRunLedger
from tailorbird.pipeline.identities import Identities
from tailorbird.pipeline.program import ProgramError, outcome_of, read_program
from tailorbird.project.project import Project, load_project
from tailorbird.testing.programs import BEGAN, WEEK, EventRow, PlantedProgram
from tailorbird.testing.readouts import example_campaign
from tailorbird.types.decision import Decision
from tailorbird.types.experiment import ExperimentSettings, OutcomeSettings
from tailorbird.types.identity import People
from tailorbird.types.metric import MetricSpec
from tailorbird.types.program import ProgramReadout
from tests.loaded_events import load_events

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent.parent
END = BEGAN + 8 * WEEK
Read = Callable[..., ProgramReadout]


@pytest.fixture(scope="module")
def wren() -> Project:
    return load_project(ROOT / "examples" / "wren")


@pytest.fixture
def read(wren: Project, tmp_path: Path) -> Read:
    """Reads a planted program; the ledger, the decisions and the events may be changed before."""

    def call(
        world: PlantedProgram,
        change: Callable[[list[Decision]], Sequence[Decision]] = list,
        recorded: bool = True,
        events: Sequence[EventRow] = (),
        settings: dict[str, Any] | None = None,
        people: People | None = None,
        **more: Any,
    ) -> ProgramReadout:
        engine = open_file(tmp_path / f"state{len(list(tmp_path.iterdir()))}.db")
        decisions, ledger = SqlDecisionStore(engine), SqlRunLedger(engine)
        for campaign, step, moment, share in world.runs():
            ledger.begin(f"{campaign}-{step}", campaign, step, moment.isoformat())
            ledger.finish_step(f"{campaign}-{step}", "audience", {"global_share": share} if recorded else {})
        decisions.save(change(world.decisions()))
        told = {"global_holdout": world.shares[-1], "global_salt": world.salt, **(settings or {})}
        project = replace(wren, settings=replace(wren.settings, experiments=ExperimentSettings(**told)))
        warehouse = warehouse_of([*world.events(), *events])
        return read_program(project, decisions, Identities(people), ledger, warehouse, **more)

    return call


def warehouse_of(events: Sequence[EventRow]) -> DuckdbWarehouse:
    warehouse = DuckdbWarehouse()
    load_events(warehouse, events)
    return warehouse


def effects(found: ProgramReadout) -> dict[str, Any]:
    return {one.name: one for one in found.metrics}


def test_a_planted_effect_is_found_in_orders_money_and_margin(read: Read) -> None:
    found = read(PlantedProgram(people=6000, lift=1.0, unsubscribing=0.05))
    assert (found.verdict, found.campaigns) == ("better", ("replenish", "win_back"))
    assert (found.began, found.since, found.until) == (BEGAN, BEGAN, END)
    assert found.program.people + found.held.people == 6000 and abs(found.held.people - 1200) < 150
    of = effects(found)
    orders = of["orders"]
    truth = found.held.orders / found.held.people
    assert orders.effect.low < truth * 1.0 < orders.effect.high and orders.effect.low > 0
    assert orders.total.low == pytest.approx(orders.effect.low * found.program.people)
    assert of["margin"].effect.difference == pytest.approx(0.4 * of["revenue"].effect.difference)
    assert of["unsubscribes"].effect.low > 0 and "unsubscribes surely rose" in found.sentence
    assert orders.estimate.kept < 0.9, "what people did before narrows the interval"


def test_without_an_effect_hardly_ever_one_is_found(read: Read) -> None:
    verdicts = [read(PlantedProgram(people=1000, seed=seed)).verdict for seed in range(8)]
    assert verdicts.count("no_difference") >= 7


def test_a_raised_share_moves_nobody_from_one_side_to_the_other(read: Read) -> None:
    world = PlantedProgram(people=6000, shares=(0.1, 0.1, 0.1, 0.1, 0.4))
    found = read(world)
    assert [one.share for one in found.shares] == [0.1, 0.4]
    assert abs(found.left_out - 1800) < 200 and abs(found.held.people - 600) < 120
    assert not found.split.blocked and found.verdict == "no_difference"
    assert any("10.00% from 2026-03-02, 40.00% from 2026-03-30" in note for note in found.notes)
    later = read(world, since=BEGAN + 4 * WEEK)
    assert later.left_out == 0 and abs(later.held.people - 2400) < 200
    assert any("could be written to at some step" in note for note in later.notes)


def test_a_period_counts_only_what_happened_in_it(read: Read) -> None:
    world = PlantedProgram(people=3000, lift=0.5)
    whole, early, late = (
        read(world),
        read(world, until=BEGAN + 4 * WEEK),
        read(world, since=BEGAN + 4 * WEEK),
    )
    assert early.program.people < whole.program.people == late.program.people
    assert early.program.orders + late.program.orders == whole.program.orders
    assert early.held.orders + late.held.orders == whole.held.orders


def test_people_who_went_missing_from_one_side_block_the_read_out(read: Read) -> None:
    def lose(made: list[Decision]) -> list[Decision]:
        return [one for one in made if one.held != "global" or int(one.person_id.split("-")[1]) % 2]

    found = read(PlantedProgram(people=3000, lift=1.0), lose)
    assert found.verdict == "blocked" and not found.metrics and found.split.blocked
    assert "held out of all campaigns or left to them as planned" in found.sentence


def test_a_changed_salt_blocks_the_read_out_until_the_period_after_it(read: Read) -> None:
    before, after = PlantedProgram(people=2000, salt="another"), PlantedProgram(people=2000)

    def turn(made: list[Decision]) -> list[Decision]:
        then = BEGAN + 4 * WEEK
        return [one for one in before.decisions() if one.decided_at < then] + [
            one for one in made if one.decided_at >= then
        ]

    found = read(after, turn)
    assert found.verdict == "blocked" and "global_salt" in found.sentence and not found.metrics
    assert read(after, turn, since=BEGAN + 4 * WEEK).verdict == "no_difference"


def test_an_older_run_without_its_share_counts_with_todays_and_a_raise_is_noticed(read: Read) -> None:
    kept = read(PlantedProgram(people=2000), recorded=False)
    assert kept.verdict != "blocked" and any("did not write down" in note for note in kept.notes)
    raised = read(PlantedProgram(people=2000, shares=(0.1, 0.3)), recorded=False)
    assert raised.verdict == "blocked" and "the share was raised" in raised.sentence


def test_three_people_are_refused_with_how_many_it_takes(read: Read) -> None:
    found = read(PlantedProgram(people=300, shares=(0.01,), seed=3))
    assert 0 < found.held.people < 8 and found.verdict == "too_few"
    assert "are compared from 25 on" in found.sentence and "global_holdout of" in found.sentence
    assert all(one.effect is None and one.why for one in found.metrics if one.unit != "share")


def test_somebody_silent_for_a_shared_address_counts_by_their_own_draw(read: Read) -> None:
    world = PlantedProgram(people=2000)
    mates = [name for name in world.names() if not world.held(name, 0)][:40]

    def silence(made: list[Decision]) -> list[Decision]:
        return [replace(one, arm="holdout", held="global") if one.person_id in mates else one for one in made]

    found, plain = read(world, silence), read(world)
    assert (found.program.people, found.held.people) == (plain.program.people, plain.held.people)
    assert any(note.startswith("40 people of the program") for note in found.notes)


def test_two_ids_of_one_person_are_one_person_from_the_first_decision(read: Read) -> None:
    world = PlantedProgram(people=2000)
    first, second = world.names()[:2]
    found = read(world, people=People({first: first, second: first}, {first: (first, second)}))
    assert found.program.people + found.held.people == 1999


def test_a_campaign_that_is_gone_from_the_folder_still_counts(read: Read) -> None:
    found = read(PlantedProgram(campaigns=("gone", "win_back")))
    assert found.campaigns == ("gone", "win_back")


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"since": BEGAN - timedelta(days=1)}, "before the holdout of all campaigns began"),
        ({"until": BEGAN - timedelta(days=1)}, "take a later --until"),
        ({"since": END + WEEK}, "not before the end"),
    ],
)
def test_a_period_without_a_comparison_is_refused(read: Read, more: dict[str, Any], told: str) -> None:
    with pytest.raises(ProgramError, match=told):
        read(PlantedProgram(people=50), **more)


def test_a_holdout_that_was_never_drawn_or_was_switched_off_is_told(read: Read) -> None:
    with pytest.raises(ProgramError, match=r"set experiments\.global_holdout"):
        read(PlantedProgram(people=50, shares=(0.0,)))
    with pytest.raises(ProgramError, match="during the whole period"):
        read(PlantedProgram(people=200, shares=(0.3, 0.3, 0.0)))
    assert read(PlantedProgram(people=200, shares=(0.3, 0.3, 0.0)), until=BEGAN + WEEK).held.people


def test_the_outcome_is_what_the_campaigns_agree_on_else_it_has_to_be_said() -> None:
    plain = example_campaign()
    paid = replace(plain, metric=replace(plain.metric, value="properties.total", margin=0.4))
    other = replace(plain, metrics=(MetricSpec("rent", "Rent Paid", kind="value"),))
    dearer = replace(plain, metric=replace(plain.metric, margin=0.5))
    assert outcome_of({"a": plain, "b": paid}, None) == OutcomeSettings("Order Completed", "total", 0.4)
    assert outcome_of({"a": plain}, None) == OutcomeSettings("Order Completed", "total", None)
    for pair in ({"a": paid, "b": other}, {"a": paid, "b": dearer}):
        with pytest.raises(ProgramError, match=r"experiments: \{outcome"):
            outcome_of(pair, None)
        assert outcome_of(pair, OutcomeSettings("Rent Paid")) == OutcomeSettings("Rent Paid")


def test_without_a_margin_there_is_none_and_the_reason(read: Read) -> None:
    found = read(PlantedProgram(people=1500), settings={"outcome": OutcomeSettings()})
    assert effects(found)["margin"].effect is None and "metric.margin" in effects(found)["margin"].why
    assert found.program.margin is None
