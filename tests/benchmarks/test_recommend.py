import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

COLUMNS = """
    SELECT 'i' || day || '-' || customer AS "Invoice", 'S' || item AS "StockCode", 'THING ' || item AS "Description",
           1 AS "Quantity", (TIMESTAMP '2010-01-01' + INTERVAL 1 DAY * day)::VARCHAR AS "InvoiceDate", 2.5 AS "Price",
           customer AS "Customer ID", 'United Kingdom' AS "Country"
"""


@pytest.fixture
def sales(tmp_path: Path) -> Path:
    """Customers of two tastes, who buy the next item of their taste every other week; half of them stop early."""
    rows = """
        FROM range(60) AS c(customer), range(14) AS w(week),
        LATERAL (SELECT week * 14 AS day, (week * 2 + customer % 2 + 2 * (customer // 2 % 5)) % 40 AS item) AS s
        WHERE customer < 40 OR week < 9
    """
    path = tmp_path / "sales.parquet"
    duckdb.connect().execute(f"COPY ({COLUMNS} {rows}) TO '{path}' (FORMAT parquet)")
    return path


@pytest.mark.slow
def test_ours_is_measured_beside_three_peers_with_intervals_and_goals(run: Any, sales: Path) -> None:
    found = json.loads(run("recommend", "--data", str(sales), "--days", "28", "--json"))
    metrics = {each["name"]: each for each in found["metrics"]}
    for name in ("ndcg_ours", "ndcg_popular", "ndcg_knn", "ndcg_als"):
        assert 0 <= metrics[name]["low"] <= metrics[name]["value"] <= metrics[name]["high"] <= 1.01
    assert metrics["ndcg_ours"]["goal"] == "ratio >= 1.0001" and "met" in metrics["ndcg_ours"]
    assert metrics["ndcg_ours"]["value"] > metrics["ndcg_popular"]["value"]
    assert metrics["cpu_ours"]["peer"] == "als"


def test_a_split_that_leaves_nobody_is_one_sentence(run: Any, sales: Path, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="give --days"):
        run("recommend", "--data", str(sales), "--days", "9999")
    with pytest.raises(SystemExit, match="there is no file"):
        run("recommend", "--data", str(tmp_path / "none.parquet"))
