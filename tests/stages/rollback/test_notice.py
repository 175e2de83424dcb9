from datetime import UTC, datetime

from tailorbird.stages.rollback.notice import write_drill, write_notice
from tailorbird.types.incident import Action, Incident, Reading

INCIDENT = Incident(
    "i_1", "win_back", "high", "trigger (run)", "2026-06-01T09:00:00+00:00", "complaints: 3 of\n300",
    (Reading("complaints", 0.01, 0.001, True, 3, 300),), recipients={"sent": 300, "waiting": 1200},
    actions=(Action("2026-06-01T09:00:00+00:00", "run", "halted the campaign: no message of it leaves"),),
)  # fmt: skip


def test_a_notice_says_what_happened_to_how_many_what_was_done_and_how_it_goes_on() -> None:
    notice = write_notice(INCIDENT, "wren", True)
    assert notice.subject == "[wren] win_back halted: complaints: 3 of 300"
    assert "Sent 300, waiting 1,200." in notice.text and "(fired)" in notice.text
    assert "- halted the campaign: no message of it leaves" in notice.text
    assert "tailorbird incident show i_1" in notice.text and "rollback release win_back" in notice.text


def test_where_nothing_was_halted_the_notice_says_so() -> None:
    notice = write_notice(INCIDENT, "wren", False)
    assert "win_back not halted" in notice.subject and "rollback release" not in notice.text


def test_a_drill_says_that_nothing_happened() -> None:
    drill = write_drill("wren", datetime(2026, 6, 1, tzinfo=UTC))
    assert drill.subject == "[wren] a drill: nothing happened" and not drill.halted
