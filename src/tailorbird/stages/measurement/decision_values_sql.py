"""SQL of what each decision brought: money after refunds, credit by rules, and what its person is expected to bring."""

VALUE_COLUMNS = (
    "decision_id",
    "step",
    "arm",
    "variant",
    "decided_at",
    "converted",
    "revenue",
    "margin",
    "expected",
    "credit_last_touch",
    "credit_removal",
    "margin_last_touch",
    "margin_removal",
    "returned",
    "unsubscribed",
    "complained",
    "ticket",
)
"""Columns of `compile_decision_values`, in order. `expected` is what the person will bring in the year to come, NULL
where no model carries it; it stands once, with the person's last decision. No person's id is among them."""


def compile_decision_values(credit: str) -> str:
    """One row per decision in the columns of `VALUE_COLUMNS`, by decision id.

    Needs `decisions`, `outcomes`, `rewards` and `lifetimes` (person_id, expected); `credit` is a query of (decision_id,
    orders by last touch, by removal, margin by last touch, by removal).
    """
    return f"""WITH credit(decision_id, last_touch, removal, margin_last, margin_removal) AS ({credit})
SELECT d.decision_id, d.step, d.arm, d.variant, d.decided_at, r.converted, r.value AS revenue, r.margin,
       CASE WHEN row_number() OVER (PARTITION BY d.person_id ORDER BY d.decided_at DESC, d.decision_id DESC) = 1
            THEN l.expected END AS expected,
       coalesce(c.last_touch, 0) AS credit_last_touch, coalesce(c.removal, 0) AS credit_removal,
       coalesce(c.margin_last, 0) AS margin_last_touch, coalesce(c.margin_removal, 0) AS margin_removal,
       r.returned, o.unsubscribed, r.complained, r.ticket
FROM decisions d JOIN rewards r ON r.decision_id = d.decision_id JOIN outcomes o ON o.decision_id = d.decision_id
LEFT JOIN credit c ON c.decision_id = d.decision_id LEFT JOIN lifetimes l ON l.person_id = d.person_id
ORDER BY d.decision_id"""
