"""The composition root: the only place that wires adapters to the pipeline.

Each function opens one seam for a project and imports its adapter only then, so that a command loads what it uses.
"""

from tailorbird.bootstrap.audit import login, open_audit, open_recorder, open_witness
from tailorbird.bootstrap.catalog import hold_catalog, open_item_publisher
from tailorbird.bootstrap.databases import open_rows, open_watermarks
from tailorbird.bootstrap.engines import ENGINES, engine_url, open_engine_warehouse
from tailorbird.bootstrap.entailment import open_entailment, open_entailment_check
from tailorbird.bootstrap.events import (
    open_columns,
    open_consent_reader,
    open_events,
    open_live_people,
    open_log,
    open_preferences,
    open_quarantine,
    open_warehouse,
    read_duplicates,
)
from tailorbird.bootstrap.identity import find_duplicates
from tailorbird.bootstrap.models import (
    calls_of,
    fetch_model,
    idle_cores,
    open_boosted_trees,
    open_exposures,
    open_generator,
    open_large_generator,
    open_masker,
)
from tailorbird.bootstrap.policies import policy_kinds
from tailorbird.bootstrap.privacy import (
    copy_person,
    find_anybody,
    finish_erasures,
    forget_person,
    inputs_with,
    was_erased,
)
from tailorbird.bootstrap.pseudonyms import open_pseudonyms, pseudonyms_of, record_export
from tailorbird.bootstrap.queue import empty_queue, open_queue_emptier, open_words_watch
from tailorbird.bootstrap.recommenders import find_recommender, recommender_names
from tailorbird.bootstrap.review import open_desk, open_renderer, open_reviewer_keys
from tailorbird.bootstrap.rollback import open_feedback, open_rollback
from tailorbird.bootstrap.senders import open_sender
from tailorbird.bootstrap.settings import SetupError, cache_dir, expand, secret
from tailorbird.bootstrap.state import open_cache, open_keys, open_state
from tailorbird.bootstrap.system import open_clock, open_locks
from tailorbird.bootstrap.validation import open_text_judge, open_validator, own_checks

__all__ = [
    "ENGINES",
    "SetupError",
    "cache_dir",
    "calls_of",
    "copy_person",
    "empty_queue",
    "engine_url",
    "expand",
    "fetch_model",
    "find_anybody",
    "find_duplicates",
    "find_recommender",
    "finish_erasures",
    "forget_person",
    "hold_catalog",
    "idle_cores",
    "inputs_with",
    "login",
    "open_audit",
    "open_boosted_trees",
    "open_cache",
    "open_clock",
    "open_columns",
    "open_consent_reader",
    "open_desk",
    "open_engine_warehouse",
    "open_entailment",
    "open_entailment_check",
    "open_events",
    "open_exposures",
    "open_feedback",
    "open_generator",
    "open_item_publisher",
    "open_keys",
    "open_large_generator",
    "open_live_people",
    "open_locks",
    "open_log",
    "open_masker",
    "open_preferences",
    "open_pseudonyms",
    "open_quarantine",
    "open_queue_emptier",
    "open_recorder",
    "open_renderer",
    "open_reviewer_keys",
    "open_rollback",
    "open_rows",
    "open_sender",
    "open_state",
    "open_text_judge",
    "open_validator",
    "open_warehouse",
    "open_watermarks",
    "open_witness",
    "open_words_watch",
    "own_checks",
    "policy_kinds",
    "pseudonyms_of",
    "read_duplicates",
    "recommender_names",
    "record_export",
    "secret",
    "was_erased",
]
