import pytest
import sqlalchemy as sa

from tailorbird.adapters.sql.campaign_versions import SqlCampaignVersions
from tailorbird.types.campaign_version import CampaignVersion
from tailorbird.types.prompt import Prompt

pytestmark = pytest.mark.slow

PROMPT = Prompt("subject", 2, "You write.", "Write.", "d2", "prompts/subject/v2.md", 5, ("production",), ("ana",))
ONE = CampaignVersion("winback", "v_1", "2026-06-01", {"c_1": "h1"}, {"subject": PROMPT})


def test_a_version_comes_back_whole_with_its_prompts(engine: sa.Engine) -> None:
    versions = SqlCampaignVersions(engine)
    versions.save(ONE)
    assert versions.find("winback") == [ONE]
    assert versions.find("other") == []


def test_versions_are_listed_oldest_first_and_marked(engine: sa.Engine) -> None:
    versions = SqlCampaignVersions(engine)
    versions.save(CampaignVersion("winback", "v_0", "2026-06-02", {}, {}))
    versions.save(ONE)
    versions.mark("winback", "v_1", "good")
    assert [(v.version, v.state) for v in versions.find("winback")] == [("v_1", "good"), ("v_0", "running")]
    versions.save(ONE)
    assert versions.find("winback")[0].state == "running"
