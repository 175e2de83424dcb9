"""tailorbird eval: what is found is told with its intervals, and what cannot be told is said."""

from typing import Any

from tailorbird.cli.eval import sentences


def found(ours: tuple[float, float, float], other: tuple[float, float, float], people: int = 50) -> dict[str, Any]:
    def told(ndcg: tuple[float, float, float]) -> dict[str, Any]:
        return {"people": people, "ndcg": list(ndcg), "hit_rate": [0.5, 0.4, 0.6], "listed": 12}

    both = {"neighbours": told(ours), "popular": told(other)}
    return {
        "people": 50, "items": 30, "purchases": 400, "days": 28.0,
        "recommenders": {name: {"new": each, "all": each} for name, each in both.items()},
    }  # fmt: skip


def test_each_recommender_has_its_figures_and_a_clear_lead_is_not_doubted() -> None:
    said = "\n".join(sentences(found((0.3, 0.28, 0.32), (0.1, 0.08, 0.12))))
    assert "neighbours       NDCG 0.300 (0.280 to 0.320), right for 50% (40% to 60%) of 50 people" in said
    assert "overlap" not in said


def test_too_few_people_do_not_tell_them_apart() -> None:
    assert "do not tell the best two apart" in "\n".join(sentences(found((0.3, 0.1, 0.5), (0.2, 0.05, 0.35))))


def test_nobody_is_said_to_be_nobody() -> None:
    assert "nobody bought any" in "\n".join(sentences(found((0, 0, 0), (0, 0, 0), people=0)))
