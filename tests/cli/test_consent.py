"""Consent on the command line."""

from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow


def test_a_persons_words_receipts_and_suppressions(tailorbird: Any, filled: Path, tmp_path: Path) -> None:
    import shutil

    from tailorbird import bootstrap
    from tailorbird.project.project import load_project

    root = tmp_path / "wren"
    shutil.copytree(filled, root)
    person = bootstrap.open_events(load_project(root)).rows(
        "SELECT person_id FROM people WHERE consents LIKE '%email_marketing%' LIMIT 1"
    )[0][0]
    told = tailorbird("consent", "show", person, root, "--json").json
    assert {one["purpose"] for one in told["in_force"]} >= {"email_marketing", "personalization"}
    assert told["records"]
    assert "email_marketing by email: " in tailorbird("consent", "show", person, root).out
    receipt = tailorbird("consent", "receipt", told["records"][0]["record_id"], root).json
    assert receipt["processing"] and person not in str(receipt["pii_principal_id"])
    why = ("--reason", "a call")
    assert "is suppressed" in tailorbird("consent", "suppress", person, root, *why).out
    assert "already" in tailorbird("consent", "suppress", person, root, *why).out
    assert "no longer" in tailorbird("consent", "unsuppress", person, root, *why).out
