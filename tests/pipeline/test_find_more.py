"""What stands beside the effect in a read-out of a whole, simulated shop."""

from pathlib import Path

import pytest

from tailorbird.cli.report import read
from tests.conftest import Shop

pytestmark = pytest.mark.slow


def test_a_read_out_has_its_comparison_credit_lifetime_and_funnel(ran: Shop) -> None:
    readout = read(ran.project, ran.campaign, None)
    (only,) = readout.comparisons
    assert (only.arm, only.control) == ("treatment", "holdout")
    assert (only.people, only.control_people) == (readout.treated.people, readout.holdout.people)
    assert readout.attribution is not None and readout.attribution.sentence
    assert readout.lifetime is not None
    assert [one.arm for one in readout.lifetime.arms] == ["treatment", "holdout"]
    assert readout.funnel[-1].name == "Kept it"
    assert readout.funnel[-1].people <= readout.treated.conversions


def test_a_planted_effect_is_told_alone(ran: Shop, tmp_path: Path) -> None:
    readout = read(ran.project, ran.campaign, None, 0.05)
    assert (readout.comparisons, readout.attribution, readout.lifetime) == ((), None, None)
