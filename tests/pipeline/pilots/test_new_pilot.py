from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tailorbird.pipeline.pilots.gate import PilotError
from tailorbird.pipeline.pilots.new_pilot import write_pilot
from tailorbird.project.pilot_files import read_pilots
from tailorbird.stages.pilots.checklist import check_pilot

pytestmark = pytest.mark.slow

TODAY = date(2026, 6, 1)


def test_the_file_says_what_the_campaign_says_and_leaves_the_rest_to_people(gate: Any, tmp_path: Path) -> None:
    project = replace(gate.project, pilots={})
    campaign = project.campaign("win_back")
    (tmp_path / "pilots").mkdir()
    (tmp_path / "pilots" / "one.yaml").write_text(write_pilot(project, "one", campaign, "low_risk", TODAY))
    (pilot,) = read_pilots(tmp_path, project.campaigns).values()
    assert (pilot.hypothesis, pilot.metric, pilot.share) == (campaign.hypothesis, "ordered", 0.1)
    assert [one.due for one in pilot.checkpoints] == [date(2026, 6, 8), date(2026, 6, 29)]
    missing = {check.name for check in check_pilot(pilot, campaign, {"one": pilot}) if not check.held}
    assert missing == {"roles", "rollback"}


def test_a_use_of_more_risk_comes_after_one_of_less(gate: Any) -> None:
    campaign = gate.project.campaign("win_back")
    assert "after: two" in write_pilot(gate.project, "three", campaign, "high_risk", TODAY)
    with pytest.raises(PilotError, match="comes after a low risk one"):
        write_pilot(replace(gate.project, pilots={}), "two", campaign, "standard", TODAY)
    with pytest.raises(PilotError, match="is there already"):
        write_pilot(gate.project, "one", campaign, "low_risk", TODAY)
