from dataclasses import replace

import pytest
import sqlalchemy as sa

from tailorbird.adapters.sql.signatures import SqlSignatures
from tailorbird.types.pilot import Signature

pytestmark = pytest.mark.slow

ONE = Signature("pilot", "first_look", "ana", "owner", "2026-06-08T09:00:00+00:00", "h", "fine")


def test_signatures_are_kept_by_pilot_checkpoint_and_person(engine: sa.Engine) -> None:
    kept = SqlSignatures(engine)
    kept.sign(ONE)
    other = replace(ONE, by="ben", role="reviewer", at="2026-06-09T09:00:00+00:00")
    kept.sign(other)
    assert kept.find("pilot") == [ONE, other]
    again = replace(ONE, at="2026-06-10T09:00:00+00:00", content_hash="h2")
    kept.sign(again)
    assert kept.find("pilot") == [other, again]
    assert kept.find("unknown") == []
