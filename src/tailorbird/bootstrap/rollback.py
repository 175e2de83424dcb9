"""What watches a project's campaigns, and halts them."""

from typing import TYPE_CHECKING

from tailorbird.bootstrap.audit import login

if TYPE_CHECKING:
    from tailorbird.pipeline.rollback.halting import Rollback
    from tailorbird.pipeline.rollback.hear_feedback import FeedbackHearing
    from tailorbird.pipeline.state import State
    from tailorbird.project.project import Project


def open_rollback(project: "Project", state: "State") -> "Rollback":
    """What halts campaigns, under the name of this process's login."""
    from tailorbird.pipeline.rollback.halting import Rollback

    return Rollback(project, state, login())


def open_feedback(state: "State", key: str = "") -> "FeedbackHearing":
    """What takes complaints and bounces, over HTTP from whoever knows `key`."""
    from tailorbird.pipeline.rollback.hear_feedback import FeedbackHearing

    return FeedbackHearing(state.messages, state.waiting, state.suppressions, state.feedback, key)
