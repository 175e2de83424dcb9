"""Simulated customers on the command line."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tailorbird.cli.simulate import moment_of
from tailorbird.types.errors import TailorbirdError


@pytest.mark.slow
def test_simulated_people_answer_the_messages_and_the_truth_is_told(tailorbird: Any, ran: Any) -> None:
    truth = tailorbird("simulate", "responses", ran.root, "win_back", "--people", 900, "--json").json
    assert truth["clicks"] > 0
    assert tailorbird("report", ran.root, "win_back", "--json").json["treated"] is not None


@pytest.mark.slow
def test_real_customers_are_never_simulated(tailorbird: Any, filled: Path, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(filled, tmp_path / "real", ignore=shutil.ignore_patterns(".tailorbird", "media"))
    settings = tmp_path / "real" / "tailorbird.yaml"
    settings.write_text(settings.read_text().replace("simulated: true", "simulated: false"))
    assert "its customers are real" in tailorbird("simulate", "history", tmp_path / "real", "win_back").error


def test_other_worlds_are_refused_with_the_ones_there_are(tailorbird: Any, shop: Any) -> None:
    for words in (["simulate", "history", shop.root, "--world", "flat"], ["simulate", "future", shop.root]):
        said = tailorbird(*words)
        assert said.code == 2 and "is not one of" in said.err


@pytest.mark.slow
def test_a_campaign_without_a_moment_cannot_be_simulated(ran: Any) -> None:
    assert moment_of(ran.campaign).isoformat() == "2026-06-01T00:00:00+00:00"
    with pytest.raises(TailorbirdError, match="no as_of"):
        moment_of(replace(ran.campaign, as_of=None))
