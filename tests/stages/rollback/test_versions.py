from dataclasses import replace

from tailorbird.stages.rollback.versions import last_good, plan_return, prompts_in_force, version_hash
from tailorbird.types.campaign_version import CampaignVersion, VersionState
from tailorbird.types.creative import Creative
from tailorbird.types.draft import Rung
from tailorbird.types.prompt import Prompt

V1 = Prompt("subject", 1, "s", "u", "one", "prompts/subject/v1.md")
V2 = replace(V1, version=2, digest="two")


def line(name: str, rung: Rung = "model", text: str = "t") -> Creative:
    return Creative(name, "", "c", "subject", "en", text, rung, text, {}, "approved", text)


def version(name: str, state: VersionState, lines: dict[str, str], prompt: Prompt | None = V1) -> CampaignVersion:
    return CampaignVersion("c", name, f"2026-06-0{name[-1]}", lines, {"subject": prompt} if prompt else {}, state)


def test_the_hash_is_of_lines_and_prompts() -> None:
    first = version_hash({"a": "1", "b": "2"}, {"subject": V1})
    assert first == version_hash({"b": "2", "a": "1"}, {"subject": V1})
    assert len({first, version_hash({"a": "1"}, {"subject": V1}), version_hash({"a": "1", "b": "2"}, {})}) == 3


def test_a_return_takes_out_what_the_last_good_version_did_not_have() -> None:
    versions = [version("v1", "good", {"a": "t", "b": "t"}), version("v2", "running", {"a": "t", "n": "t"}, V2)]
    lines = [line("a"), line("n"), line("brand", "approved"), line("own", "template"), line("b", text="edited")]
    plan = plan_return(versions, lines)
    assert (plan.bad, plan.good, plan.kept) == ("v2", "v1", 1)
    assert plan.withdrawn == ("n", "brand", "b")
    assert plan.prompts == {"subject": "v1"}


def test_without_a_good_version_only_what_a_model_wrote_is_taken_out() -> None:
    plan = plan_return([version("v1", "running", {"a": "t"})], [line("a"), line("brand", "approved")])
    assert (plan.good, plan.withdrawn, plan.kept, plan.prompts) == ("", ("a",), 1, {"subject": ""})


def test_a_version_that_was_rolled_back_is_nothing_to_return_to() -> None:
    versions = [version("v1", "good", {}), version("v2", "rolled_back", {}), version("v3", "running", {})]
    found = last_good(versions)
    assert found is not None and found.version == "v1"
    assert last_good(versions[1:]) is None


def test_a_prompt_that_was_rolled_back_is_replaced_until_its_file_changes() -> None:
    versions = [version("v1", "good", {}), version("v2", "rolled_back", {}, V2)]
    assert prompts_in_force({"subject": V2}, versions) == ({"subject": V1}, ("subject",))
    mended = replace(V2, digest="three")
    assert prompts_in_force({"subject": mended}, versions) == ({"subject": mended}, ())
    assert prompts_in_force({"subject": V2}, versions[1:]) == ({}, ("subject",))


def test_a_prompt_that_ran_well_before_is_not_refused_for_what_ran_beside_it() -> None:
    versions = [version("v1", "good", {"a": "t"}), version("v2", "rolled_back", {"b": "t"})]
    assert prompts_in_force({"subject": V1}, versions) == ({"subject": V1}, ())
