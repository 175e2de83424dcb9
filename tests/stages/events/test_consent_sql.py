"""The fold of words on consent: any order of arrival gives the same state, and no old yes outlives a later no."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.stages.events.consent_sql import consent_words_query

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
WAREHOUSE = DuckdbWarehouse(threads=1)


@dataclass(frozen=True)
class Word:
    """One event: `minute` when it was said, `came` when it was received, minutes after noon."""

    consents: Any
    minute: int = 0
    came: int | None = None
    expires_at: Any = None
    kind: str = "track"


def fold(words: Sequence[Word]) -> dict[str, Any]:
    WAREHOUSE.run(
        "CREATE OR REPLACE TEMP TABLE spoken_events (person_id VARCHAR, type VARCHAR, event VARCHAR, "
        "properties VARCHAR, traits VARCHAR, timestamp TIMESTAMP, received_at TIMESTAMP)"
    )
    for word in words:
        body = {"consents": word.consents, **({} if word.expires_at is None else {"expires_at": word.expires_at})}
        text = json.dumps(body).replace("'", "''")
        said = (NOON + timedelta(minutes=word.minute)).replace(tzinfo=None)
        came = (NOON + timedelta(minutes=word.minute if word.came is None else word.came)).replace(tzinfo=None)
        cells = (f"'{text}', '{{}}'", f"'{{}}', '{text}'")[word.kind == "identify"]
        name = "NULL" if word.kind == "identify" else "'Consent Updated'"
        WAREHOUSE.run(f"INSERT INTO spoken_events VALUES ('ana', '{word.kind}', {name}, {cells}, '{said}', '{came}')")
    rows = WAREHOUSE.rows(consent_words_query("spoken_events", "0"))
    return json.loads(rows[0][1]) if rows else {}


def test_words_are_folded_by_purpose_and_by_channel() -> None:
    assert fold([Word({"m": True}), Word({"m": {"sms": False}}, 1), Word({"p": True}, 2, kind="identify")]) == {
        "m": True,
        "m:sms": False,
        "p": True,
    }


def test_a_no_to_the_whole_closes_its_channels_and_a_channels_later_yes_opens_that_one() -> None:
    words = [Word({"m": {"email": True, "sms": True}}), Word({"m": False}, 1)]
    assert fold(words) == {"m": False}
    assert fold([*words, Word({"m": {"email": True}}, 2)]) == {"m": False, "m:email": True}


def test_a_yes_to_the_whole_opens_no_channel_that_was_closed_by_name() -> None:
    assert fold([Word({"m": {"sms": False}}), Word({"m": True}, 1)]) == {"m": True, "m:sms": False}


@pytest.mark.parametrize("other", [{"m": False}, {"m": {"email": False}}])
def test_at_one_moment_no_wins(other: Any) -> None:
    folded = fold([Word({"m": {"email": True}}), Word(other)])
    assert folded.get("m:email", folded.get("m")) is False


def test_a_yes_ends_when_it_says_and_one_whose_end_cannot_be_read_is_none() -> None:
    assert fold([Word({"m": True}, expires_at="2026-07-01T02:00:00+02:00")]) == {"m": "2026-07-01T00:00:00Z"}
    assert fold([Word({"m": True}, expires_at="soon")]) == {"m": False}
    assert fold([Word({"m": False}, expires_at="2026-07-01")]) == {"m": False}
    assert fold([Word({"m": True}), Word({"m": True}, expires_at="2026-07-01")]) == {"m": "2026-07-01T00:00:00Z"}


def test_a_yes_from_a_clock_that_is_ahead_does_not_outlive_a_no_that_came_later() -> None:
    ahead = Word({"m": True}, minute=600_000, came=0)
    assert fold([ahead]) == {"m": True}
    assert fold([ahead, Word({"m": False}, 1)]) == {"m": False}


@pytest.mark.parametrize("value", ["true", 1, None, [True], "yes"])
def test_only_a_true_is_a_yes(value: Any) -> None:
    assert fold([Word({"m": value})]) == {"m": False}


@pytest.mark.parametrize("value", ["yes", ["m"], 7, None, {}, {"m": {}}])
def test_what_names_no_purpose_or_no_channel_says_nothing(value: Any) -> None:
    assert fold([Word(value)]) == {}


values = st.sampled_from([True, False, {"email": True}, {"email": False}, {"sms": True, "email": False}])
words = st.lists(
    st.builds(
        Word,
        st.dictionaries(st.sampled_from(["m", "p"]), values, min_size=1),
        st.integers(0, 4),
        st.none() | st.integers(0, 4),
        st.sampled_from([None, "2026-08-01", "2026-09-01"]),
        st.sampled_from(["track", "identify"]),
    ),
    min_size=1,
    max_size=5,
)


@given(words, st.randoms(use_true_random=False))
def test_any_order_of_arrival_gives_the_same_state(said: list[Word], random: Any) -> None:
    shuffled = list(said)
    random.shuffle(shuffled)
    assert fold(shuffled) == fold(said)


@given(words, st.sampled_from(["m", "p"]), st.sampled_from(["", "email", "sms"]))
def test_no_words_let_an_earlier_yes_override_a_later_no(said: list[Word], purpose: str, channel: str) -> None:
    no = Word({purpose: {channel: False} if channel else False}, minute=9)
    folded = fold([*said, no])
    for one in [channel] if channel else ["", "email", "sms"]:
        key = f"{purpose}:{one}" if one else purpose
        assert folded.get(key, folded.get(purpose)) is False
