"""The words of a mistake in an audience."""

from tailorbird.stages.audiences.audience_error import unknown_feature


def test_an_unknown_feature_is_told_with_the_nearest_name_or_with_all_there_are() -> None:
    assert str(unknown_feature("a", "ordrs", ["orders", "spent"])).endswith("did you mean 'orders'?")
    assert str(unknown_feature("a", "x", ["orders", "spent"])).endswith("defined are orders, spent")
    assert str(unknown_feature("a", "x", [])).endswith("defined are none")
