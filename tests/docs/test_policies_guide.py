"""The guide to policies: its files are read, its code runs, its numbers are those of the code."""

import re
from pathlib import Path

import pytest

from tailorbird.pipeline.check_policies import check_policies
from tailorbird.project.pack_files import built_in_packs
from tailorbird.project.policies import read_policies
from tailorbird.stages.policies.check import PolicyCheck
from tailorbird.stages.policies.user_patterns import TIMEOUT_S
from tailorbird.types.brand import Brand
from tailorbird.types.candidate import Candidate
from tailorbird.types.fact import Facts

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "guides" / "policies.md").read_text(encoding="utf-8")
BRAND = Brand("B", "s", {}, (), {}, {}, {})


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", GUIDE, re.S | re.M)


def test_the_policy_file_of_the_guide_is_one(tmp_path: Path) -> None:
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "policy.yaml").write_text(blocks("yaml")[0], encoding="utf-8")
    policies = read_policies(tmp_path, BRAND)
    check_policies(policies)
    assert len(policies.packs) == 8


@pytest.mark.parametrize(
    ("text", "channel", "block", "found"),
    [
        ("A little treat.", "email", "body", ["house/no_diminutives"]),
        ("W-123456 is on its way.", "sms", "", ["house/order_numbers"]),
        ("All prices.", "email", "footer", ["house/vat_line"]),
        ("x" * 51, "email", "subject", ["house/subject_length"]),
    ],
)
def test_the_pack_of_the_guide_does_what_it_says(
    tmp_path: Path, text: str, channel: str, block: str, found: list[str]
) -> None:
    (tmp_path / "policies" / "packs").mkdir(parents=True)
    (tmp_path / "policies" / "policy.yaml").write_text("use: [house]\n", encoding="utf-8")
    (tmp_path / "policies" / "packs" / "house.yaml").write_text(blocks("yaml")[1], encoding="utf-8")
    policies = read_policies(tmp_path, BRAND)
    check_policies(policies)
    policy = policies.policy(channel, "GB", block)
    assert [one.type for one in PolicyCheck().check(Candidate(text, Facts(), policy, "en-GB"))] == found


def test_the_code_of_the_guide_runs() -> None:
    for block in blocks("python"):
        exec(block, {})


def test_the_guide_s_numbers_are_the_code_s() -> None:
    assert len(built_in_packs()) == 13 and "Thirteen packs" in GUIDE
    assert f"more than {TIMEOUT_S:g} seconds" in GUIDE
