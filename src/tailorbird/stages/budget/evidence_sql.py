"""SQL of what tiers brought: one row per person whose window is over, from tables `outcomes` and `decisions`."""

from collections.abc import Mapping, Sequence

from tailorbird.types.tier_spec import Tier


def compile_tier_rows(tier_of: Sequence[tuple[str, Tier]], usual: Mapping[str, Tier], left_out: Sequence[str]) -> str:
    """(person_id, decided_at, tier, whether a conversion followed, money) of the first decision of each person.

    `tier_of` are the variants whose lines are one tier's, `usual` the tier of the others by step (people's lines where
    it is not told); of the holdout it is 'none'. `left_out` are steps in which tiers went by cell: their people were
    not put into tiers at random.
    """
    cases = "".join(f" WHEN d.variant = {_text(name)} THEN {_text(tier)}" for name, tier in tier_of)
    cases += "".join(f" WHEN d.step = {_text(step)} THEN {_text(tier)}" for step, tier in usual.items())
    steps = f" AND d.step NOT IN ({', '.join(map(_text, left_out))})" if left_out else ""
    return f"""SELECT o.person_id, d.decided_at,
       CASE WHEN o.arm = 'holdout' THEN 'none'{cases} ELSE 'template' END AS tier,
       o.conversion_day IS NOT NULL AS converted, o.value
FROM outcomes o JOIN decisions d ON d.decision_id = o.decision_id
WHERE o.first = 1 AND o.open_window = 0{steps}
ORDER BY d.decided_at, o.person_id"""


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
