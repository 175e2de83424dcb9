"""Probable duplicates among people, by Splink on a DuckDB of its own. It proposes; it never merges."""

import logging
from collections.abc import Sequence
from typing import Any

from tailorbird.types.errors import TailorbirdError
from tailorbird.types.identity import CARD_FIELDS, DuplicateProposal, PersonCard

PEOPLE_MIN = 20
"""Of fewer people nothing can be learned about how often names and numbers agree by chance."""

_BLOCKS: tuple[tuple[str, ...], ...] = (
    ("email",), ("phone",), ("last_name", "postcode"), ("first_name", "last_name"),
)  # fmt: skip
_SURE = 0.7
"""The share of duplicates that are expected to have the same address or number: Splink's prior is found by it."""


class DuplicatesError(TailorbirdError):
    """Duplicates cannot be looked for: Splink is missing, or there is too little to compare."""


def propose_duplicates(
    people: Sequence[PersonCard], fields: Sequence[str], above: float, seed: int
) -> list[DuplicateProposal]:
    """Pairs of people whose probability to be one is at least `above`, the most probable first.

    `fields` are those of the cards that are compared. Only pairs that agree in an address, a number, or a name with a
    postcode or with the other name are looked at. Equal people, seed and version of Splink give equal answers.
    """
    blocks = [block for block in _BLOCKS if set(block) <= set(fields)]
    if len(people) < PEOPLE_MIN or not blocks:
        raise DuplicatesError(
            f"there is too little to compare: {len(people)} people with {', '.join(fields) or 'no field'}; at least "
            f"{PEOPLE_MIN} are needed, with an e-mail address, a phone number, or names"
        )
    linker, connection = _open(people, fields, blocks)
    from splink import block_on

    training = linker.training
    sure = [block_on(*block) for block in blocks if len(block) == 1 and _agreeing(connection, block)]
    if sure:
        training.estimate_probability_two_random_records_match(sure, recall=_SURE)
    training.estimate_u_using_random_sampling(max_pairs=1e6, seed=seed)
    for block in blocks:
        # Where nobody agrees there is nothing to learn, and Splink would drop what it was to compare.
        if _agreeing(connection, block):
            training.estimate_parameters_using_expectation_maximisation(block_on(*block))
    found = linker.inference.predict(threshold_match_probability=above)
    rows = connection.execute(
        f"SELECT unique_id_l, unique_id_r, match_probability FROM {found.physical_name}"
    ).fetchall()
    return _proposals(people, fields, rows)


def _open(people: Sequence[PersonCard], fields: Sequence[str], blocks: Sequence[tuple[str, ...]]) -> tuple[Any, Any]:
    try:
        import splink.comparison_library as compare
        from splink import DuckDBAPI, Linker, SettingsCreator, block_on
    except ImportError as error:
        raise DuplicatesError(
            f"this needs Splink ({error}); install it with pip install 'tailorbird[identity]'"
        ) from None
    import duckdb

    connection = duckdb.connect(":memory:", config={"threads": 1, "memory_limit": "2GB"})
    columns = ", ".join(f"{name} VARCHAR" for name in CARD_FIELDS)
    connection.execute(f"CREATE TABLE people (unique_id VARCHAR, {columns})")
    rows = [(card.person_id, *(getattr(card, name) for name in CARD_FIELDS)) for card in people]
    for start in range(0, len(rows), 10_000):
        connection.executemany(f"INSERT INTO people VALUES (?{', ?' * len(CARD_FIELDS)})", rows[start : start + 10_000])
    comparisons: list[Any] = [
        compare.NameComparison(name) if name.endswith("_name") else compare.ExactMatch(name) for name in fields
    ]
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=[block_on(*block) for block in blocks],
        retain_matching_columns=False,
    )
    linker = Linker(DuckDBAPI(connection).register("people"), settings, log_level=logging.CRITICAL)
    return linker, connection


def _agreeing(connection: Any, block: Sequence[str]) -> bool:
    """Whether two people agree in every field of a block."""
    known = " AND ".join(f"{name} IS NOT NULL" for name in block)
    query = f"SELECT 1 FROM people WHERE {known} GROUP BY {', '.join(block)} HAVING count(*) > 1 LIMIT 1"
    return bool(connection.execute(query).fetchall())


def _proposals(
    people: Sequence[PersonCard], fields: Sequence[str], rows: Sequence[tuple[str, str, float]]
) -> list[DuplicateProposal]:
    card_of = {card.person_id: card for card in people}
    proposals = []
    for left, right, probability in rows:
        one, other = sorted((left, right))
        pair = [(getattr(card_of[one], name), getattr(card_of[other], name)) for name in fields]
        equal = tuple(name for name, (a, b) in zip(fields, pair, strict=True) if a and a == b)
        proposals.append(DuplicateProposal(one, other, round(probability, 6), equal))
    return sorted(proposals, key=lambda each: (-each.probability, each.one, each.other))
