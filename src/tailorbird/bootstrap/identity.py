"""Probable duplicates among a project's people."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tailorbird.project.project import Project
    from tailorbird.types.identity import DuplicateProposal


def find_duplicates(project: "Project", above: float, seed: int) -> "Sequence[DuplicateProposal]":
    """Pairs of people who may be one, by names, addresses, numbers and postcodes; nothing is merged."""
    from tailorbird.adapters.splink.duplicates import propose_duplicates
    from tailorbird.bootstrap.events import open_events
    from tailorbird.pipeline.people import read_profiles
    from tailorbird.stages.identity.cards import card_of, known_fields

    cards = [card_of(profile.person_id, profile.traits) for profile in read_profiles(open_events(project))]
    return propose_duplicates(cards, known_fields(cards), above, seed)
