"""Local models on the command line."""

from typing import Any

from tailorbird.adapters.models.manifest import manifest_names


def test_models_are_listed_with_licence_and_hash(tailorbird: Any) -> None:
    rows = tailorbird("models", "list", "--json").json["models"]
    assert [row["name"] for row in rows] == list(manifest_names())
    assert all(len(row["sha256"]) == 64 and row["licence"] for row in rows)
    assert rows[0]["name"] in tailorbird("models", "list").out


def test_an_unknown_model_is_one_clear_error(tailorbird: Any) -> None:
    assert "gpt-9" in tailorbird("models", "pull", "gpt-9", "--yes").error
