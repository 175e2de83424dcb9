import pytest
import sqlalchemy as sa

pytestmark = pytest.mark.slow


def test_a_new_database_has_the_tables_of_experiments(engine: sa.Engine) -> None:
    there = set(sa.inspect(engine).get_table_names())
    assert {"tb_arm_sets", "tb_policies", "tb_metric_sums", "tb_halts", "tb_incidents", "tb_signatures"} <= there
