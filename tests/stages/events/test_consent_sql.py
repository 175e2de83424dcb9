"""The fold of words on consent: any order of arrival gives the same state, and no old yes outlives a later no."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
    signal: str = ""
    evidence: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)


def fold(words: Sequence[Word]) -> dict[str, Any]:
    WAREHOUSE.run(
        "CREATE OR REPLACE TEMP TABLE spoken_events (person_id VARCHAR, message_id VARCHAR, user_id VARCHAR, "
        "anonymous_id VARCHAR, type VARCHAR, event VARCHAR, properties VARCHAR, traits VARCHAR, timestamp TIMESTAMP, "
        "received_at TIMESTAMP)"
    )
    for number, word in enumerate(words):
        body = {"consents": word.consents, **({} if word.expires_at is None else {"expires_at": word.expires_at})}
        body |= {**({"evidence": word.evidence} if word.evidence else {}), **word.more}
        text = json.dumps(body).replace("'", "''")
        said = (NOON + timedelta(minutes=word.minute)).replace(tzinfo=None)
        came = (NOON + timedelta(minutes=word.minute if word.came is None else word.came)).replace(tzinfo=None)
        cells = (f"'{text}', '{{}}'", f"'{{}}', '{text}'")[word.kind == "identify"]
        name = "NULL" if word.kind == "identify" else "'Consent Updated'"
        ids = f"'ana', '{word.signal and word.signal + ':'}{number}', 'ana', NULL"
        WAREHOUSE.run(f"INSERT INTO spoken_events VALUES ({ids}, '{word.kind}', {name}, {cells}, '{said}', '{came}')")
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


@pytest.mark.slow
def test_a_yes_ends_when_it_says_and_one_whose_end_cannot_be_read_is_none() -> None:
    assert fold([Word({"m": True}, expires_at="2026-07-01T02:00:00+02:00")]) == {"m": "2026-07-01T00:00:00Z"}
    assert fold([Word({"m": True}, expires_at="soon")]) == {"m": False}
    assert fold([Word({"m": False}, expires_at="2026-07-01")]) == {"m": False}
    assert fold([Word({"m": True}), Word({"m": True}, expires_at="2026-07-01")]) == {"m": "2026-07-01T00:00:00Z"}


def test_a_yes_from_a_clock_that_is_ahead_does_not_outlive_a_no_that_came_later() -> None:
    ahead = Word({"m": True}, minute=600_000, came=0)
    assert fold([ahead]) == {"m": True}
    assert fold([ahead, Word({"m": False}, 1)]) == {"m": False}


@pytest.mark.slow
@pytest.mark.parametrize("value", ["true", 1, None, [True], "yes"])
def test_only_a_true_is_a_yes(value: Any) -> None:
    assert fold([Word({"m": value})]) == {"m": False}


@pytest.mark.slow
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


@pytest.mark.slow
@given(words, st.randoms(use_true_random=False))
def test_any_order_of_arrival_gives_the_same_state(said: list[Word], random: Any) -> None:
    shuffled = list(said)
    random.shuffle(shuffled)
    assert fold(shuffled) == fold(said)


@pytest.mark.slow
@given(words, st.sampled_from(["m", "p"]), st.sampled_from(["", "email", "sms"]))
def test_no_words_let_an_earlier_yes_override_a_later_no(said: list[Word], purpose: str, channel: str) -> None:
    no = Word({purpose: {channel: False} if channel else False}, minute=9)
    folded = fold([*said, no])
    for one in [channel] if channel else ["", "email", "sms"]:
        key = f"{purpose}:{one}" if one else purpose
        assert folded.get(key, folded.get(purpose)) is False


TOLD = {"despite_gpc": True, "notice": {"version": "7"}}


def header(minute: int, *purposes: str) -> Word:
    return Word(dict.fromkeys(purposes or ("m",), False), minute, signal="gpc", evidence="header")


def string(evidence: str, yes: bool, minute: int) -> Word:
    return Word({"m": yes}, minute, signal="tcf", evidence=evidence)


def test_the_header_ends_a_yes_and_a_later_yes_holds_until_the_header_comes_again() -> None:
    assert fold([Word({"m": True}), header(1)]) == {"m": False}
    assert fold([Word({"m": True}), header(1), Word({"m": True}, 2)]) == {"m": True}
    assert fold([Word({"m": True}), header(1), Word({"m": True}, 2), header(3)]) == {"m": False}


@pytest.mark.slow
def test_a_yes_after_notice_of_the_conflict_stands_against_the_header_until_its_person_says_no() -> None:
    yes, headers = Word({"m": True}, 2, more=TOLD), [header(at) for at in (1, 3, 5)]
    assert fold([yes, *headers]) == {"m": True}
    assert fold([yes, *headers, Word({"m": False}, 4)]) == {"m": False}
    assert fold([yes, *headers, Word({"m": True}, 4)]) == {"m": False}
    until = Word({"m": True}, 2, more=TOLD, expires_at="2026-07-01")
    assert fold([until, *headers]) == {"m": "2026-07-01T00:00:00Z"}


@pytest.mark.slow
@pytest.mark.parametrize(
    "more",
    [
        {"despite_gpc": True},
        {"despite_gpc": True, "notice": {"version": ""}},
        {**TOLD, "despite_gpc": 1},
        {**TOLD, "despite_gpc": "true"},
    ],
)
def test_a_yes_that_does_not_say_of_which_notice_it_comes_does_not_stand(more: dict[str, Any]) -> None:
    assert fold([Word({"m": True}, more=more), header(1)]) == {"m": False}


def test_a_yes_to_one_purpose_does_not_stand_for_another() -> None:
    words = [Word({"m": True}, more=TOLD), Word({"p": True}), header(1, "m", "p")]
    assert fold(words) == {"m": True, "p": False}


@pytest.mark.slow
def test_a_string_that_is_repeated_is_no_new_word_and_one_that_comes_back_is() -> None:
    assert fold([string("a", True, 0), Word({"m": False}, 1), string("a", True, 2)]) == {"m": False}
    assert fold([string("a", True, 0), string("b", False, 1), string("a", True, 2)]) == {"m": True}
    assert fold([string("a", False, 0), string("b", True, 1), string("a", False, 2)]) == {"m": False}
    other = Word({"m": True}, 2, signal="categories", evidence="a")
    assert fold([string("a", True, 0), Word({"m": False}, 1), other]) == {"m": True}


def test_a_string_that_says_more_since_the_settings_changed_says_only_that_anew() -> None:
    def again(minute: int) -> Word:
        return Word({"m": True, "a/b~c": True}, minute, signal="tcf", evidence="a")

    words = [string("a", True, 0), Word({"m": False}, 1), again(2)]
    assert fold(words) == {"m": False, "a/b~c": True}
    assert fold([*words, Word({"a/b~c": False}, 3), again(4)]) == {"m": False, "a/b~c": False}


@pytest.mark.slow
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["own", "told", "header", "string"]),
            st.booleans(),
            st.integers(0, 60),
            st.sampled_from("ab"),
        ),
        max_size=8,
        unique_by=lambda each: each[2],
    ),
    st.randoms(),
)
def test_signals_and_words_fold_as_the_rules_say_in_any_order_of_arrival(
    drawn: list[tuple[str, bool, int, str]], shuffle: Any
) -> None:
    state: dict[str, bool] = {}
    stands, before, words = False, "", []
    for how, yes, minute, evidence in sorted(drawn, key=lambda each: each[2]):
        if how == "header":
            words.append(header(minute))
            state["m"] = state["m"] if stands else False
        elif how == "string":
            words.append(string(evidence, evidence == "a", minute))
            if evidence != before:
                state["m"], stands, before = evidence == "a", False, evidence
        else:
            words.append(Word({"m": yes}, minute, more=TOLD if how == "told" else {}))
            state["m"], stands = yes, yes and how == "told"
    shuffle.shuffle(words)
    assert fold(words) == state
