import pytest
import sqlalchemy as sa

from tailorbird.adapters.sql.arm_sets import SqlArmSets
from tailorbird.types.arm_set import ArmSet

pytestmark = pytest.mark.slow


def test_sets_are_kept_once_and_found_by_their_id(engine: sa.Engine) -> None:
    store = SqlArmSets(engine)
    one = ArmSet("subject", "prior", ("a", "b"), (0.75, 0.25))
    two = ArmSet("subject", "prior", ("a", "b"), (0.25, 0.75))
    store.save([one, two])
    store.save([one])
    assert one.set_id != two.set_id
    assert store.find([one.set_id, two.set_id, "s_unknown"]) == {one.set_id: one, two.set_id: two}
