from typing import Any

import pytest

from tailorbird import bootstrap
from tailorbird.pipeline.find_person import PersonError, find_person
from tests.person_search import VALUES, ZED, event, find, meet


@pytest.mark.slow
def test_a_person_is_found_by_id_device_and_address(shop: Any) -> None:
    meet(shop.project)
    found = [find(shop.project, name) for name in (ZED, VALUES[4], VALUES[1].upper())]
    assert found[0] == found[1] == found[2]
    assert found[0].addresses == {VALUES[1]} and found[0].phones == {VALUES[2]}


@pytest.mark.slow
def test_people_who_share_an_address_are_told_apart_by_id(shop: Any) -> None:
    meet(shop.project)
    log = bootstrap.open_log(shop.project)
    log.append([event(80, "identify", user_id="zed-2", traits={"email": VALUES[1]})])
    log.close()
    with pytest.raises(PersonError, match="zed-2, zed-77120"):
        find(shop.project, VALUES[1])


def test_nobody_is_nobody() -> None:
    assert find_person("nobody", None, lambda person: {}) is None
