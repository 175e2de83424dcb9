"""What real people were given."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tailorbird.cli.terminal import Quiet
from tailorbird.pipeline.fairness.delivered import DELIVERED_MEASURES, audit_delivery
from tailorbird.pipeline.fairness.ground import Ground
from tailorbird.stages.fairness.audit_result import DeliveryAudit
from tailorbird.types.bias import PersonaAttribute
from tests.pipeline.fairness.conftest import GENDER, ground_of

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def ground(gendered_root: Path) -> Ground:
    return ground_of(gendered_root)


def deliver(ground: Ground, *attributes: PersonaAttribute, decided: bool = True) -> DeliveryAudit:
    decisions = ground.state.decisions.find("win_back", "1") if decided else []
    return audit_delivery(ground, decisions, attributes, np.random.default_rng(0), Quiet())


def test_a_planted_gap_is_found_in_what_was_delivered_over_all_cells_and_not_inside_them(ground: Ground) -> None:
    found = deliver(ground, GENDER)
    flagged = {(c.measure, c.within) for c in found.comparisons if c.flagged}
    assert ("offer_price", False) in flagged
    gap = next(c.result for c in found.comparisons if c.measure == "offer_price" and not c.within)
    assert gap.difference == pytest.approx(240.0) and gap.low > 0  # women are asked for £2.40 more
    assert ("offer_price", True) not in flagged  # every cell holds one gender alone: there is nobody to compare with
    assert {c.measure for c in found.comparisons} == set(DELIVERED_MEASURES)


def test_selection_is_counted_per_person_who_could_have_been_chosen(ground: Ground) -> None:
    found = deliver(ground, GENDER)
    audience, message = found.rates
    (rate,) = audience.groups.values()
    assert rate.selected + rate.best_selected == len(ground.eligible) == sum(found.people["gender"].values())
    (sent,) = message.groups.values()
    assert sent.selected + sent.best_selected == found.messages == found.decided > 100
    assert sent.eligible + sent.best_eligible == len(ground.eligible)
    assert not audience.broken and not message.broken


def test_people_whom_the_rule_leaves_out_show_in_the_audience_s_rate(ground: Ground) -> None:
    rows = [row for row in ground.eligible if ground.selection.profiles[row].traits["gender"] == "man"]
    fewer = replace(ground, selection=replace(ground.selection, treated=rows, holdout=()))
    (audience,) = deliver(fewer, GENDER, decided=False).rates
    assert audience.best == "men" and audience.broken
    assert audience.groups["women"].selected == 0


def test_without_decisions_only_the_audience_is_told(ground: Ground) -> None:
    found = deliver(ground, GENDER, decided=False)
    assert [rates.stage for rates in found.rates] == ["audience"]
    assert (found.decided, found.messages, found.comparisons) == (0, 0, ())


def test_groups_of_nobody_and_of_a_few_are_said_to_be_so(ground: Ground) -> None:
    nobody = PersonaAttribute("faith", {"a": ("x",), "b": ("y",)}, trait="religion")
    few = [ground.selection.profiles[row].person_id for row in ground.eligible[:8]]
    tiny = PersonaAttribute("id", {"some": tuple(few[:4]), "others": tuple(few[4:])}, trait="firstName")
    named = replace(
        ground,
        selection=replace(
            ground.selection,
            profiles=[replace(p, traits={**p.traits, "firstName": p.person_id}) for p in ground.selection.profiles],
        ),
    )
    found = deliver(named, nobody, tiny)
    assert found.nobody == ("faith",)
    assert {ratio.standing for rates in found.rates for ratio in rates.groups.values()} == {"too_few"}
    assert {c.reason for c in found.comparisons} <= {"too_few"}
