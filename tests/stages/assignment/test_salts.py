"""Salts."""

from tailorbird.stages.assignment import salts


def test_the_holdout_of_all_campaigns_depends_on_no_campaign_and_on_no_later_rename() -> None:
    assert salts.global_salt("wren", "") == salts.global_salt("wren", "wren")
    assert salts.global_salt("robin", "wren") == salts.global_salt("wren", "")


def test_no_two_splits_share_a_salt() -> None:
    every = [
        salts.global_salt("p", ""), salts.holdout_salt("p", "c"), salts.variant_salt("p", "c"),
        salts.layer_salt("p", "c"), salts.block_salt("p", "c", "1"), salts.block_salt("p", "c", "2"),
    ]  # fmt: skip
    assert len(set(every)) == len(every)
