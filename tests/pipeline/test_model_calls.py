"""The one way to a model: masked, cached, recorded before it is asked, refused where the terms say so."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tailorbird.pipeline.model_calls import ModelCalls, PromptRefusedError, VendorRules, request_key
from tailorbird.ports.generator import GeneratorError
from tailorbird.stages.privacy.masking import Masker, MaskingRules
from tailorbird.testing.generator import ScriptedGenerator
from tailorbird.testing.generator_conformance import SAMPLE_REQUEST
from tailorbird.testing.state import FixedClock, MemoryExposures
from tailorbird.types.completion import Completion, CompletionRequest, ModelCard
from tailorbird.types.exposure import PromptContents
from tailorbird.types.settings import TermsSettings

NOW = datetime(2026, 6, 1, tzinfo=UTC)
CONTENTS = PromptContents("win_back", "b_1", "subject", "en-GB", (), ("item.name", "person.first_name"), ("i1",))
PLANTED = ("ana.lima@private.example", "020 7946 0018", "Maria Lopez")
FULL = TermsSettings("EU", 30, False, "dpa-7")


class Cache:
    """A draft cache in memory."""

    def __init__(self) -> None:
        self.rows: dict[str, Completion] = {}

    def get(self, key: str) -> Completion | None:
        return self.rows.get(key)

    def put(self, key: str, completion: Completion) -> None:
        self.rows.setdefault(key, completion)


class Vendor(ScriptedGenerator):
    """A remote model that remembers what it was told, and may fail or die."""

    def __init__(self, problem: BaseException | None = None) -> None:
        super().__init__()
        self.problem, self.told = problem, ""

    def card(self) -> ModelCard:
        return ModelCard("m", "vendor", "", "https://vendor.example/v1")

    def complete(self, request: CompletionRequest) -> Completion:
        self.told += repr(request)
        if self.problem is not None:
            raise self.problem
        return replace(super().complete(request), requests=2)


class Desk:
    """Calls to one vendor, with what they left behind."""

    def __init__(self, vendor: ScriptedGenerator | None = None, rules: VendorRules | None = None) -> None:
        self.vendor, self.exposures = vendor or Vendor(), MemoryExposures()
        masker = Masker(MaskingRules(regions=("GB",)))
        rules = rules or VendorRules(FULL)
        self.calls = ModelCalls(self.vendor, masker, Cache(), self.exposures, FixedClock(NOW), rules)

    def states(self) -> list[str]:
        return sorted(one.state for one in self.exposures.find())


def asking(text: str) -> CompletionRequest:
    return replace(SAMPLE_REQUEST, messages=(("user", text),))


def test_the_key_covers_the_request_the_model_and_its_server() -> None:
    card = ModelCard("m", "p", "d")
    key = request_key(SAMPLE_REQUEST, card)
    assert key == request_key(SAMPLE_REQUEST, card)
    assert key != request_key(replace(SAMPLE_REQUEST, seed=8), card)
    assert key != request_key(SAMPLE_REQUEST, ModelCard("m", "p", "other"))
    assert key != request_key(SAMPLE_REQUEST, ModelCard("m", "p", "d", endpoint="https://there/v1"))


def test_what_is_personal_does_not_reach_the_model_and_is_counted() -> None:
    vendor = Vendor()
    desk = Desk(vendor)
    answer = desk.calls.answer(
        asking(f"product: x; asked {PLANTED[0]}, {PLANTED[1]}. My name is {PLANTED[2]}."), CONTENTS
    )
    assert [value for value in PLANTED if value in vendor.told] == []
    assert "[email]" in vendor.told and "[phone]" in vendor.told and "[name]" in vendor.told
    assert answer.masked == {"email": 1, "phone": 1, "name": 1}
    (record,) = desk.exposures.find()
    assert record.masked == answer.masked
    assert [value for value in PLANTED if value in repr(record)] == []


def test_a_record_says_who_was_told_what_kinds_by_which_terms() -> None:
    desk = Desk()
    desk.calls.answer(SAMPLE_REQUEST, CONTENTS)
    (record,) = desk.exposures.find()
    assert (record.state, record.model, record.provider, record.endpoint) == (
        "answered",
        "m",
        "vendor",
        "https://vendor.example/v1",
    )
    assert (record.region, record.retention_days, record.trains, record.dpa) == ("EU", 30, False, "dpa-7")
    assert (record.at, record.ended_at, record.local) == (NOW, NOW, False)
    assert record.contents == replace(CONTENTS, categories=("brand", "campaign", "catalog", "invented"))
    assert record.requests == 2 and record.prompt_tokens > 0 and record.completion_tokens > 0
    assert len(record.prompt_sha256) == 64 and record.prompt_bytes > 200


def test_an_exact_request_is_asked_once_and_the_cache_tells_nobody() -> None:
    desk = Desk()
    first = desk.calls.answer(SAMPLE_REQUEST, CONTENTS)
    again = desk.calls.answer(SAMPLE_REQUEST, CONTENTS)
    assert (first.cached, again.cached, again.completion) == (False, True, first.completion)
    assert desk.states() == ["answered", "cache"]
    assert [one.requests for one in desk.exposures.find() if one.state == "cache"] == [0]


def test_a_call_that_failed_was_told_and_the_server_s_words_are_not_kept() -> None:
    problem = GeneratorError("vendor answered 500: your prompt was ...secret...")
    problem.requests = 6
    desk = Desk(Vendor(problem))
    with pytest.raises(GeneratorError):
        desk.calls.answer(SAMPLE_REQUEST, CONTENTS)
    (record,) = desk.exposures.find()
    assert (record.state, record.requests, record.ended_at) == ("failed", 6, NOW)
    assert "secret" not in repr(record)


def test_a_process_that_dies_during_a_call_leaves_it_started() -> None:
    desk = Desk(Vendor(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        desk.calls.answer(SAMPLE_REQUEST, CONTENTS)
    (record,) = desk.exposures.find()
    assert (record.state, record.ended_at) == ("started", None)


def test_the_record_is_there_before_the_model_is_asked() -> None:
    class Watching(Vendor):
        def complete(self, request: CompletionRequest) -> Completion:
            seen.extend(desk.states())
            return super().complete(request)

    seen: list[str] = []
    desk = Desk(Watching())
    desk.calls.answer(SAMPLE_REQUEST, CONTENTS)
    assert seen == ["started"]


def test_a_vendor_without_an_agreement_gets_no_knowledge_and_nothing_that_was_masked() -> None:
    vendor = Vendor()
    desk = Desk(vendor, VendorRules(TermsSettings(), knowledge=frozenset({"item.reviews_text"})))
    with pytest.raises(PromptRefusedError, match="knowledge table"):
        desk.calls.answer(SAMPLE_REQUEST, replace(CONTENTS, slots=("item.reviews_text",)))
    with pytest.raises(PromptRefusedError, match=r"masked in it \(email\)"):
        desk.calls.answer(asking(PLANTED[0]), CONTENTS)
    assert vendor.told == "" and desk.states() == ["refused", "refused"]
    desk.calls.answer(SAMPLE_REQUEST, CONTENTS)
    assert desk.states() == ["answered", "refused", "refused"]


def test_a_model_in_this_process_is_no_vendor() -> None:
    desk = Desk(ScriptedGenerator(), VendorRules(TermsSettings(), ("EU",)))
    desk.calls.answer(asking(PLANTED[0]), CONTENTS)
    (record,) = desk.exposures.find()
    assert (record.state, record.local, record.region, record.retention_days) == ("answered", True, "this machine", 0)
    assert record.masked == {"email": 1}


def test_a_region_that_is_not_allowed_is_not_asked() -> None:
    desk = Desk(rules=VendorRules(replace(FULL, region="US"), ("EU",)))
    with pytest.raises(PromptRefusedError, match="region US"):
        desk.calls.answer(SAMPLE_REQUEST, CONTENTS)
    assert desk.states() == ["refused"]


def test_closing_releases_the_model() -> None:
    class Closing(Vendor):
        closed = False

        def close(self) -> None:
            self.closed = True

    vendor = Closing()
    Desk(vendor).calls.close()
    assert vendor.closed
