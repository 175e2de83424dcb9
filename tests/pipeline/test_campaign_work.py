"""A campaign's work, added up over its runs."""

from typing import Any

from tailorbird.pipeline.campaign_work import planned_people, work_done

RUNS: list[dict[str, Any]] = [
    {
        "steps": {
            "audience": {"people": 900, "matched": 500, "eligible": 400},
            "briefs": {"briefs": 3, "people_default": 100, "people_specific": 300},
            "generate": {
                "model_calls": 4,
                "lines_written": 9,
                "lines_passed": 5,
                "cpu_seconds": 2.5,
                "cost_micros": 70,
                "lines_by_locale": {"en-GB": {"written": 9, "passed": 5}},
                "rejected_by_reason": {"too_long": 4},
                "rejected_examples": [
                    {"text": "x", "block": "b", "locale": "en-GB", "finding": "long", "span": [0, 1]}
                ],
            },
            "stitch": {"messages": 200, "rungs": {"subject": {"model": 150, "approved": 50}}},
            "deliver": {"seconds": 1.5},
        }
    },
    {"steps": {"audience": {"people": 910, "matched": 300, "eligible": 90}, "stitch": {"messages": 90, "rungs": {}}}},
    {"steps": {}},
]


def test_work_adds_up_over_runs_whatever_steps_are_missing() -> None:
    work = work_done(RUNS, {"sent": 288, "failed": 2})
    assert (work.messages, work.sent, work.failed, work.model_calls, work.cost_micros) == (290, 288, 2, 4, 70)
    assert work.rungs == {"subject": {"model": 150, "approved": 50}}
    assert work.lines_by_locale == {"en-GB": (9, 5)}
    assert work.rejected_examples[0].span == (0, 1)


def test_the_interval_is_tuned_to_the_first_run_and_never_to_later_ones() -> None:
    assert planned_people(RUNS) == 400
    assert planned_people([]) is None
