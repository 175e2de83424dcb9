"""The report as JSON."""

import json
from dataclasses import replace

from tailorbird.stages.measurement.readout import read_out
from tailorbird.testing.program_readouts import example_program
from tailorbird.testing.readouts import UNTIL, example_campaign, example_outcomes, example_readout
from tailorbird.web.report.summary import program_json, report_json

PROMISED = {
    "treated",
    "holdout",
    "lift",
    "interval",
    "srm_p",
    "messages",
    "model_calls",
    "rungs",
    "rejected_by_reason",
    "verdict",
    "simulated",
}


def test_the_promised_keys_are_there_and_everything_is_plain_json() -> None:
    said = json.loads(json.dumps(report_json(example_readout())))
    assert said.keys() >= PROMISED
    assert (said["treated"], said["holdout"]) == (2600, 2580)
    low, high = said["interval"]
    assert low < said["lift"] < high
    assert said["rungs"]["subject"] == {"model": 1492, "approved": 1108}
    assert said["conversions"] == {"treatment": 338, "holdout": 240}


def test_a_blocked_readout_has_no_lift_to_read() -> None:
    readout = read_out(example_campaign(), example_outcomes(2000, 300, 1500, 150), UNTIL, "GBP")
    said = report_json(readout)
    assert (said["verdict"], said["lift"], said["interval"]) == ("blocked", None, None)
    assert said["srm_p"] < 0.001


def test_cost_is_in_the_currency_not_in_micros() -> None:
    work = replace(example_readout().work, cost_micros=2_500_000)
    assert report_json(replace(example_readout(), work=work))["cost"] == 2.5


def test_what_stands_beside_the_effect_is_in_the_json_with_numbers_that_json_has() -> None:
    told = report_json(example_readout())
    assert told["comparisons"][0]["verdict"]["kind"] == "ship"
    assert told["attribution"]["rows"][0]["label"] == "winback" and told["lifetime"]["weeks"] == 52
    assert told["data_checks"] == ["2 orders were told of more than once, and counted once."]
    json.dumps(told, allow_nan=False)


def test_the_program_is_plain_json_with_its_metrics_in_their_order() -> None:
    said = json.loads(json.dumps(program_json(example_program())))
    assert [one["name"] for one in said["metrics"]] == ["orders", "revenue", "margin", "unsubscribes", "complaints"]
    effect = said["metrics"][0]["effect"]
    assert effect["low"] < effect["difference"] < effect["high"]
    assert (said["since"], said["held"]["name"]) == ("2026-06-01T00:00:00+00:00", "held")
