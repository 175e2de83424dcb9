"""The queue, emptied of what people no longer consent to."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tailorbird.adapters.segments.words_watch import WordsWatch
    from tailorbird.pipeline.consent_reader import ConsentReader
    from tailorbird.pipeline.empty_queue import QueueEmptier
    from tailorbird.pipeline.state import State
    from tailorbird.project.project import Project


def open_queue_emptier(project: "Project", state: "State", words: "ConsentReader") -> "QueueEmptier":
    """Withdraws what waits in `state` and the words in `words` forbid."""
    from tailorbird.bootstrap.system import open_clock
    from tailorbird.pipeline.empty_queue import QueueEmptier
    from tailorbird.stages.consent.effective import ConsentRules

    return QueueEmptier(state.waiting, words, ConsentRules(project.settings.consent), open_clock().now)


def open_words_watch(project: "Project") -> "WordsWatch":
    """Tells when the project's log has words on consent that are new."""
    from tailorbird.adapters.segments.words_watch import WordsWatch

    return WordsWatch(project.state_dir / "events")


def empty_queue(project: "Project") -> int:
    """Withdraw every queued message that its person's words no longer allow; how many. A project without state has
    none, and gets none by this."""
    from tailorbird.bootstrap.events import open_consent_reader
    from tailorbird.bootstrap.state import open_state

    if not project.settings.state and not (project.state_dir / "state.db").exists():
        return 0
    return open_queue_emptier(project, open_state(project), open_consent_reader(project)).empty()
