"""tailorbird features export."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tailorbird.cli.app import app

pytestmark = pytest.mark.slow

WREN = Path(__file__).parents[2] / "examples" / "wren"


def test_a_training_set_of_a_project(tmp_path: Path) -> None:
    project = tmp_path / "wren"
    shutil.copytree(WREN, project, ignore=shutil.ignore_patterns(".tailorbird", "media", "events.yaml"))
    (project / "orders.jsonl").write_text(
        json.dumps({"id": 1, "who": "ana", "at": "2026-05-01", "total": 20, "yes": True}) + "\n"
    )
    (project / "imports" / "orders.yaml").write_text(
        "source: orders.jsonl\nevents:\n  - event: Order Completed\n    timestamp: at\n    user_id: who\n"
        "    properties: {total: {column: total, type: number}}\ntraits:\n  user_id: who\n  timestamp: at\n"
        "  consents: {analytics: {column: 'yes', type: boolean}}\n"
    )
    runner = CliRunner()
    imported = runner.invoke(app, ["import", str(project), "orders"])
    assert imported.exit_code == 0, imported.output
    output = tmp_path / "features.jsonl"
    result = runner.invoke(
        app, ["features", "export", str(project), "--as-of", "2026-06-01", "-o", str(output), "--json"]
    )
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["rows"] == 1
    (row,) = [json.loads(line) for line in output.read_text().splitlines()]
    assert row["person_id"].startswith("p_") and "ana" not in output.read_text().replace("analytics", "")
    again = runner.invoke(
        app, ["features", "export", str(project), "--as-of", "2026-06-01", "-o", str(output), "--ids"]
    )
    assert again.exit_code == 0 and "1 people under their ids" in again.output
    row = json.loads(output.read_text())
    assert row["person_id"] == "ana" and row["as_of"].startswith("2026-0") and "withheld" in row
