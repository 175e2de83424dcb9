"""The stores behind one state database, by role."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tailorbird.pipeline.recommend import built_in
from tailorbird.ports.arm_sets import ArmSets
from tailorbird.ports.campaign_versions import CampaignVersions
from tailorbird.ports.creative_store import CreativeStore
from tailorbird.ports.decision_store import DecisionStore
from tailorbird.ports.feedback import FeedbackStore
from tailorbird.ports.halts import Halts
from tailorbird.ports.incidents import Incidents
from tailorbird.ports.message_index import MessageIndex
from tailorbird.ports.metric_sums import MetricSums
from tailorbird.ports.notifier import Notifier
from tailorbird.ports.outbox import Outbox
from tailorbird.ports.policy import MakePolicy
from tailorbird.ports.policy_store import PolicyStore
from tailorbird.ports.posterior_store import PosteriorStore
from tailorbird.ports.recommender import Recommender
from tailorbird.ports.review_queue import ReviewQueue
from tailorbird.ports.review_record import ReviewRecord
from tailorbird.ports.run_ledger import RunLedger
from tailorbird.ports.signatures import Signatures
from tailorbird.ports.suppression_reasons import SuppressionReasons
from tailorbird.ports.suppressions import Suppressions
from tailorbird.ports.trace_store import TraceStore
from tailorbird.ports.waiting_messages import WaitingMessages
from tailorbird.stages.bandits.kinds import make_policy


@dataclass(frozen=True)
class State:
    """One seam, many roles; `make_policy`, which knows the kinds of policy, `find_recommender`, and
    `notifiers`, who tell people on duty of an incident.

    Steps are given the roles they use; only a whole run is given all."""

    ledger: RunLedger
    creatives: CreativeStore
    decisions: DecisionStore
    outbox: Outbox
    messages: MessageIndex
    waiting: WaitingMessages
    suppressions: Suppressions
    reasons: SuppressionReasons
    posteriors: PosteriorStore
    traces: TraceStore
    reviews: ReviewQueue
    review_record: ReviewRecord
    arm_sets: ArmSets
    metric_sums: MetricSums
    halts: Halts
    incidents: Incidents
    feedback: FeedbackStore
    versions: CampaignVersions
    signatures: Signatures
    policies: PolicyStore
    make_policy: MakePolicy = make_policy
    find_recommender: Callable[[str], Recommender] = built_in
    notifiers: Sequence[Notifier] = ()
