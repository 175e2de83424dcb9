from typing import Any

from tailorbird.cli.teach import sentences

LEARNED: dict[str, Any] = {
    "changed": True, "previous": "prior", "version": "p-1", "arms": 7, "barred": [], "halved": [], "fatigue": 0.0,
    "forgotten": 0,
}  # fmt: skip


def test_what_was_learned_is_told_in_lines() -> None:
    assert sentences(LEARNED) == ["policy prior → p-1: 7 lines learned from"]
    assert sentences({**LEARNED, "changed": False}) == []
    told = sentences({**LEARNED, "barred": ["c1"], "halved": ["c2", "c3"], "fatigue": 0.45, "forgotten": 1200})
    assert [line.strip() for line in told[1:]] == [
        "held back by a guardrail: c1",
        "out after halving: 2 lines",
        "people tire of lines: logit − 0.45 · ln(1 + times seen)",
        "1,200 exposures from before a change are forgotten",
    ]
