import pytest

from tailorbird.testing.state_conformance import check_suppressions


class ForgetfulSuppressions:
    def add(self, person_id: str, channel: str, reason: str, at: str) -> bool:
        return True

    def remove(self, person_id: str, channel: str, reason: str, at: str) -> bool:
        return False

    def all(self, channel: str) -> frozenset[str]:
        return frozenset()

    def among(self, person_ids: object, channel: str) -> frozenset[str]:
        return frozenset()

    def erase(self, names: object) -> None: ...


def test_the_suite_rejects_a_store_that_forgets() -> None:
    with pytest.raises(AssertionError):
        check_suppressions(ForgetfulSuppressions())
