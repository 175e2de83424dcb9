"""The bias report's page."""

from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest

from tailorbird.stages.fairness.answers import MEASURES, Passage
from tailorbird.stages.fairness.audit_result import AttributeAudit, BiasAudit, DeliveryAudit, SelectionRates
from tailorbird.stages.fairness.comparisons import DeliveredComparison, compare_pairs, judge_delivered, judge_pairs
from tailorbird.stages.fairness.rate_ratio import compare_rates
from tailorbird.stages.fairness.within_cells import GroupDifference
from tailorbird.types.bias import PersonaAttribute
from tailorbird.web.bias.page import render_bias

HOSTILE = "</style><script>alert(1)</script><img src=x onerror=alert(1)> & {{ 7*7 }} \" '"


def audited(name: str, shift: float = 0.0, proxy: str = "", contexts: int = 200) -> AttributeAudit:
    attribute = PersonaAttribute(name, {"men": ("m",), "women": ("f",)}, trait="gender", proxy_for=proxy, why="Ours.")
    base = np.random.default_rng(0).normal(10, 2, (contexts, len(MEASURES)))
    tested = compare_pairs(name, "women", "men", proxy, base + shift, base, np.random.default_rng(0), 500)
    doors = {"cell": contexts} if shift else {}
    passage = Passage(contexts, doors, ("gender",) if shift else (), 0 if shift else contexts)
    return AttributeAudit(attribute, "men", 1, {"women": passage}, Passage(50, withheld=50), tuple(judge_pairs(tested)),
                          {"men": 40, "women": 41})  # fmt: skip


def example(*attributes: AttributeAudit, **changes: Any) -> BiasAudit:
    rates = SelectionRates("gender", "", "audience", "men", {"women": compare_rates(300, 1000, 500, 1000)})
    few = SelectionRates("first_name", "origin", "message", "men", {"women": compare_rates(3, 10, 5, 10)})
    result = GroupDifference(100, 120, 4, -250.0, -400.0, -100.0, -0.4, 1e-5)
    compared = DeliveredComparison("gender", "women", "men", "offer_price", "", True, result)
    delivery = DeliveryAudit(500, 480, {"gender": {"men": 3}}, (rates, few), tuple(judge_delivered([compared], 30)))
    audit = BiasAudit(
        "Shop", "win_back", "1", datetime(2026, 6, 1, tzinfo=UTC), 0, 500, False, 200, 900, "GBP", Passage(200),
        attributes or (audited("gender", -0.5), audited("postcode", proxy="income")), delivery, ("A note.",),
    )  # fmt: skip
    return replace(audit, **changes)


class Tags(HTMLParser):
    """Collects every tag with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def test_the_page_tells_what_was_compared_what_was_found_and_what_it_does_not_show() -> None:
    page = render_bias(example())
    for said in (
        "200 people of this campaign", "should be looked at", "gender, women against men: price of the first item",
        "ratio 0.60", "Not law.", "four-fifths rule", "The audit in one paragraph", "Benjamini and Hochberg", "A note.",
        "being in the audience: women 300 of 1,000", "too few people to say", "-£2.50",
    ):  # fmt: skip
        assert said in page, said


def test_the_page_loads_nothing_and_runs_nothing() -> None:
    tags = Tags(render_bias(example()))
    assert not [tag for tag, _ in tags.seen if tag in ("script", "link", "img", "iframe", "object")]
    assert not [value for _, attrs in tags.seen for name, value in attrs.items() if name in ("src", "href")]
    assert ("meta", {"http-equiv": "Content-Security-Policy", "content":
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:"}) in tags.seen  # fmt: skip


def test_every_figure_is_named_for_whoever_cannot_see_it() -> None:
    drawn = [attrs for tag, attrs in Tags(render_bias(example())).seen if tag == "svg"]
    assert len(drawn) > 5 and all(attrs["role"] == "img" and attrs["aria-label"] for attrs in drawn)


def test_hostile_text_stays_text() -> None:
    groups = {HOSTILE: (HOSTILE,), "women": ("f",)}
    odd = replace(audited("gender"), attribute=PersonaAttribute(HOSTILE, groups, trait=HOSTILE, why=HOSTILE))
    page = render_bias(example(odd, project=HOSTILE, campaign=HOSTILE, step=HOSTILE, notes=(HOSTILE,)))
    assert "<script" not in page and "<img" not in page and "49" not in page.split("</style>")[0]
    assert page.count("</style>") == 1 and "{{ 7*7 }}" in page


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"simulated": True}, "SIMULATED CUSTOMERS"),
        ({"null": Passage(200, {"slot": 3})}, "chance of its own"),
        ({"delivery": DeliveryAudit(0, 0, {}, (), ())}, "no selection rates are compared"),
        ({"step": "spring"}, "step spring"),
    ],
)
def test_what_is_special_about_an_audit_is_said(changes: dict[str, Any], said: str) -> None:
    assert said in render_bias(example(**changes))


def test_an_audit_without_attributes_or_findings_is_a_page_too() -> None:
    page = render_bias(example(audited("gender"), delivery=DeliveryAudit(0, 0, {}, (), ())))
    assert "byte for byte" in page and "To look at</p>" not in page
    bare = replace(example(), attributes=(), delivery=DeliveryAudit(0, 0, {}, (), ()))
    assert "Limits" in render_bias(bare)
