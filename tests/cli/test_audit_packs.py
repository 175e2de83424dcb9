import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tailorbird.cli.app import app

WREN = str(Path(__file__).resolve().parents[2] / "examples" / "wren")


def run(*words: str) -> str:
    result = CliRunner().invoke(app, ["audit", "packs", *words])
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.mark.slow
def test_a_project_s_packs_are_listed_as_it_changed_them() -> None:
    told = run(WREN)
    assert "claims" in told and "brand " in told and "gambling" not in told
    assert "changed: warning made error: Wren does not compare itself" in run(WREN, "--pack", "claims")


def test_as_json_every_rule_has_its_source_and_the_day_it_was_checked() -> None:
    packs = json.loads(run("--built-in", "--json"))["packs"]
    assert len(packs) == 13
    for pack in packs:
        assert pack["version"] and pack["checked_on"]
        assert all(rule["source"] and rule["checked_on"] and rule["checked"] for rule in pack["rules"])


def test_a_pack_that_is_not_there_is_told_with_the_nearest_name() -> None:
    result = CliRunner().invoke(app, ["audit", "packs", "--built-in", "--pack", "claim"])
    assert result.exit_code != 0
    assert "no pack 'claim' here; did you mean 'claims'" in str(result.exception)


def test_without_a_project_the_built_in_packs_are_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert "gambling" in run()


@pytest.mark.slow
def test_rules_that_are_off_are_listed_with_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import shutil

    shutil.copytree(WREN, tmp_path / "wren", ignore=shutil.ignore_patterns(".tailorbird", "media"))
    file = tmp_path / "wren" / "policies" / "policy.yaml"
    file.write_text("use: [urgency]\nrules:\n  urgency/shame: {off: true, reason: not our voice}\n", encoding="utf-8")
    assert "off: urgency/shame (not our voice)" in run(str(tmp_path / "wren"))
