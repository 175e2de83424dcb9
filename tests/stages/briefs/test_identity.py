from dataclasses import replace

from tailorbird.stages.briefs.identity import brief_id, identify
from tailorbird.types.brief import Brief, Limits, Subject

BRIEF = Brief("", "win_back", "email", "subject", Subject("default"), "en-GB", "away", (), Limits(60), "v", "p/v1", "h")


def test_a_brief_s_id_is_the_hash_of_what_it_says() -> None:
    assert identify(BRIEF).brief_id == brief_id(identify(BRIEF)) == brief_id(BRIEF)
    assert brief_id(BRIEF).startswith("b_")


def test_any_change_of_content_changes_the_id() -> None:
    changed = [replace(BRIEF, locale="de-DE"), replace(BRIEF, limits=Limits(61)), replace(BRIEF, facts={"a.b": "c"})]
    assert len({brief_id(brief) for brief in [BRIEF, *changed]}) == 4
