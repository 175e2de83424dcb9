"""What a run asks of the rollback: may it begin, with which prompts, and may the next message leave."""

from collections.abc import Callable, Sequence
from datetime import datetime

from tailorbird.pipeline.rollback.halting import HaltedError, Rollback, tell_halt
from tailorbird.pipeline.rollback.versions import begin_version, with_good_prompts
from tailorbird.pipeline.rollback.watching import CampaignWatch, finish_halt
from tailorbird.pipeline.state import State
from tailorbird.ports.progress import Progress
from tailorbird.project.project import Project
from tailorbird.types.campaign import Campaign
from tailorbird.types.feedback import Feedback
from tailorbird.types.message import Message

ACTOR = "run"


class RunGuard:
    """Stands beside one run; `held` tells of another reason why nothing of a campaign may leave now, '' for none."""

    def __init__(
        self,
        project: Project,
        campaign: Campaign,
        state: State,
        now: Callable[[], datetime],
        held: Callable[[str, datetime], str] | None = None,
    ) -> None:
        self._campaign, self._state, self._now = campaign, state, now
        self._tell_held = held
        self._rollback = Rollback(project, state, ACTOR)
        self.watch = CampaignWatch(self._rollback, campaign, now, self._held)

    def enter(self, project: Project, progress: Progress) -> Project:
        """The project with the prompts in force. HaltedError: the campaign is halted, or held."""
        halt = finish_halt(self._rollback, self._campaign, self._now())
        if halt is not None:
            raise HaltedError(tell_halt(halt))
        if why := self._held():
            raise HaltedError(why)
        project, told = with_good_prompts(project, self._campaign, self._state.versions)
        if told:
            progress.say(told)
        self._rollback = Rollback(project, self._state, ACTOR)
        return project

    def _held(self) -> str:
        return self._tell_held(self._campaign.name, self._now()) if self._tell_held is not None else ""

    def begin(self) -> None:
        """Keep which lines and prompts are used from here on."""
        begin_version(self._rollback.project, self._campaign, self._state.creatives, self._state.versions, self._now())

    def count_hits(self, hits: Sequence[tuple[Message, str]]) -> None:
        """Messages in which a rule refused a line, with what it said of it: block and type are kept, no word of it."""
        if not hits:
            return
        at = self._now().isoformat()
        self._state.feedback.record(
            [Feedback(hit.message_id, "policy_hit", hit.campaign, at, _kinds(told)) for hit, told in hits]
        )


def _kinds(told: str) -> str:
    """'subject: link' of 'subject: link http://…': what was found may be about a person."""
    return "; ".join(" ".join(part.split()[:2]) for part in told.split("; "))[:500]
