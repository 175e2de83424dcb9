"""The recommenders: those that are built in, and those of installed packages."""

from tailorbird.plugins import find_plugin, names_of
from tailorbird.ports.recommender import Recommender
from tailorbird.stages.recommendation.recommenders import RECOMMENDERS


def find_recommender(name: str) -> Recommender:
    """The recommender that a campaign names. Raises PluginError for one that nobody has."""
    if name in RECOMMENDERS:
        return RECOMMENDERS[name]
    made: Recommender = find_plugin("recommender", name)()
    return made


def recommender_names() -> dict[str, str]:
    """{name: ''} of all recommenders that are built in or installed."""
    return dict.fromkeys(names_of("recommender"), "")
