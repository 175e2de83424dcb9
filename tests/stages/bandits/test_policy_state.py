import pytest

from tailorbird.stages.bandits.policy_state import PolicyStateError, read_state, version_of, write_state


def test_what_is_written_is_read() -> None:
    assert read_state("thompson", write_state("thompson", {"arms": {"a": (1.0, 2.0)}}))["arms"] == {"a": [1.0, 2.0]}
    assert read_state("thompson", None) == {}


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ("{", "no JSON"),
        ("[]", "no JSON"),
        ('{"format": 1}', "kind and format"),
        ('{"kind": "linear", "format": 1}', "of kind 'linear', and the policy is 'thompson'"),
        ('{"kind": "thompson", "format": 0}', "format 0, and this version reads 1"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(state: str, says: str) -> None:
    with pytest.raises(PolicyStateError, match=says) as refused:
        read_state("thompson", state)
    assert "tailorbird report" in str(refused.value)


def test_equal_knowledge_has_an_equal_version_and_nothing_is_prior() -> None:
    assert version_of("k", {"arms": {}}) == "prior"
    one, same = version_of("k", {"a": {"x": 0.1 + 0.2}}), version_of("k", {"a": {"x": 0.3}})
    assert one == same != version_of("k", {"a": {"x": 0.31}})
