"""tailorbird features check."""

import json
import os

import pytest
from typer.testing import CliRunner

from tailorbird.cli.app import app

POSTGRES = os.environ.get("TAILORBIRD_POSTGRES", "postgresql://127.0.0.1:5432/test").replace("+psycopg", "")


def run(*words: str, monkeypatch: pytest.MonkeyPatch) -> tuple[int, dict[str, object]]:
    monkeypatch.chdir("/")
    result = CliRunner().invoke(app, ["features", "check", *words, "--json"])
    return result.exit_code, json.loads(result.stdout)


@pytest.mark.slow
def test_too_few_rows_prove_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    code, said = run("--engines", "fold", "--rows", "200", monkeypatch=monkeypatch)
    assert code == 1 and said["problems"] == ["only 200 rows were compared; give --rows 10000 or more"]
    assert said["skipped"] == {}


@pytest.mark.slow
def test_a_skipped_engine_is_a_failure_that_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = "postgresql://me:hunter2@127.0.0.1:1/none"
    code, said = run("--engines", "duckdb,postgres", "--rows", "50", "--postgres", nobody, monkeypatch=monkeypatch)
    skipped = said["skipped"]
    assert code == 1 and isinstance(skipped, dict)
    assert skipped["postgres"].startswith("cannot reach PostgreSQL") and "hunter2" not in str(said)


@pytest.mark.slow
def test_duckdb_the_fold_and_postgresql_agree_on_ten_thousand_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    code, said = run("--engines", "duckdb,fold,postgres", "--postgres", POSTGRES, monkeypatch=monkeypatch)
    if said["skipped"] and "postgres" not in os.environ.get("TAILORBIRD_REQUIRE", "").split(","):
        pytest.skip(str(said["skipped"]))
    assert (code, said["problems"]) == (0, [])


@pytest.mark.engines
def test_all_engines_agree_on_ten_thousand_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    code, said = run("--engines", "duckdb,postgres,clickhouse,spark", "--postgres", POSTGRES, monkeypatch=monkeypatch)
    assert (code, said["problems"]) == (0, [])


def test_an_unknown_engine_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    result = CliRunner().invoke(app, ["features", "check", "--engines", "duckdb,postgre"])
    assert result.exit_code == 1 and "postgres" in str(result.exception or result.output)
