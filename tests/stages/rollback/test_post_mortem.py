from dataclasses import replace

from tailorbird.stages.rollback.post_mortem import missing_parts, write_post_mortem
from tailorbird.types.incident import Action, FollowUp, Incident, Reading

OPEN = Incident(
    "i_1", "win_back", "high", "trigger (run)", "2026-06-01T09:00:00+00:00", "complaints: 3 of 1,000",
    readings=(Reading("complaints", 0.003, 0.001, True, 3, 1000),), tenants=("wren",),
    recipients={"sent": 1000, "waiting": 500}, variants=("treatment",), prompts={"subject": "v2 d2"},
    models={"a-model": "d1"}, lines={"c_1": "h1"}, consent={"purpose": "email_marketing", "decided": 1500},
    actions=(Action("2026-06-01T09:00:00+00:00", "run", "halted the campaign"),),
)  # fmt: skip
DONE = replace(
    OPEN,
    root_cause="The line promised a gift.",
    notified=(Action("2026-06-01T09:10:00+00:00", "lea", "told by ana"),),
    follow_ups=(FollowUp("a rule against gifts", "ben", "2026-07-01"),),
)


def test_an_incident_lacks_what_people_have_to_write() -> None:
    assert missing_parts(OPEN) == ["the root cause", "who was notified", "a follow-up, with its owner"]
    assert missing_parts(DONE) == []


def test_the_document_has_everything_that_the_record_has() -> None:
    text = write_post_mortem(DONE)
    for part in (
        "i_1", "high", "trigger (run)", "wren", "sent 1,000, waiting 500", "treatment", "subject: v2 d2",
        "a-model: d1", "c_1: h1", "purpose email_marketing", "halted the campaign", "lea was told: told by ana",
        "The line promised a gift.", "a rule against gifts (ben, until 2026-07-01)", "**fired**",
    ):  # fmt: skip
        assert part in text
    assert "Not written yet." in write_post_mortem(OPEN)
