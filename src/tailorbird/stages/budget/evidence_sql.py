"""SQL of what tiers brought: one row per person whose window is over, of tables `outcomes`, `decisions`, `orders`."""

from collections.abc import Mapping, Sequence

from tailorbird.types.tier_spec import Tier


def compile_tier_rows(
    tier_of: Sequence[tuple[str, Tier]], usual: Mapping[str, Tier], left_out: Sequence[str], window_days: int
) -> str:
    """(person_id, decided_at, tier, whether a conversion followed, earned money, step) of each person's first decision.

    What was paid back is no money, and an order that came back whole no conversion: a tier that sells what returns
    brings nothing. `orders` are those of the metric, and `window_days` its window.

    `tier_of` are the variants whose lines are one tier's, `usual` the tier of the others by step (people's lines where
    it is not told); of the holdout it is 'none'. `left_out` are steps in which tiers went by cell: their people were
    not put into tiers at random.
    """
    cases = "".join(f" WHEN d.variant = {_text(name)} THEN {_text(tier)}" for name, tier in tier_of)
    cases += "".join(f" WHEN d.step = {_text(step)} THEN {_text(tier)}" for step, tier in usual.items())
    steps = f" AND d.step NOT IN ({', '.join(map(_text, left_out))})" if left_out else ""
    return f"""WITH earned AS (
  SELECT d.decision_id, sum(r.margin * r.kept) AS money, max(CASE WHEN r.kept > 0 THEN 1 ELSE 0 END) AS kept
  FROM decisions d JOIN orders r ON r.person_id = d.person_id AND r.ordered_at > d.decided_at
   AND r.ordered_at <= d.decided_at + INTERVAL {int(window_days)} DAY
  GROUP BY 1
)
SELECT o.person_id, d.decided_at,
       CASE WHEN o.arm = 'holdout' THEN 'none'{cases} ELSE 'template' END AS tier,
       coalesce(e.kept, 0) = 1 AS converted, coalesce(e.money, 0) AS money, d.step
FROM outcomes o JOIN decisions d ON d.decision_id = o.decision_id LEFT JOIN earned e ON e.decision_id = o.decision_id
WHERE o.first = 1 AND o.open_window = 0{steps}
ORDER BY d.decided_at, o.person_id"""


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
