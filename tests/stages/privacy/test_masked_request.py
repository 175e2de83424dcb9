"""Everything in a request that a model reads is masked, and only one place makes such a request."""

import re
from pathlib import Path

import pytest

from tailorbird.stages.generation.grammar import literal_grammar
from tailorbird.stages.privacy.masked_request import mask_request
from tailorbird.stages.privacy.masking import Masker, MaskingRules
from tailorbird.types.completion import CompletionRequest

SOURCE = Path(__file__).resolve().parents[3] / "src" / "tailorbird"
MASKER = Masker(MaskingRules(regions=("GB",)))


def request(*texts: str, grammar: str = "", stop: tuple[str, ...] = ("\n",)) -> CompletionRequest:
    return CompletionRequest(tuple(("user", text) for text in texts), 2, 20, 7, grammar=grammar, stop=stop)


def test_turns_share_their_placeholders_and_are_counted() -> None:
    masked, counts = mask_request(request("ana@x.example or 020 7946 0018", "ask ana@x.example, bob@x.example"), MASKER)
    assert [text for _, text in masked.messages] == ["[email] or [phone]", "ask [email], [email 2]"]
    assert counts == {"email": 3, "phone": 1}


def test_the_grammar_and_stop_strings_are_masked_too_and_stay_a_grammar() -> None:
    grammar = literal_grammar(["call 020 7946 0018", '1.7 l "jug"'])
    masked, counts = mask_request(request("call 020 7946 0018", grammar=grammar, stop=("ana@x.example",)), MASKER)
    assert "7946" not in masked.grammar and '"call [phone]"' in masked.grammar
    assert '"1.7 l \\"jug\\""' in masked.grammar
    assert masked.grammar.splitlines()[:2] == grammar.splitlines()[:2]
    assert masked.stop == ("[email]",)
    assert counts == {"phone": 1}


def test_a_literal_that_hides_behind_an_escape_is_read_as_the_model_reads_it() -> None:
    masked, _ = mask_request(request("x", grammar='root ::= "ana\\u0040x.example" | "\\x41"'), MASKER)
    assert masked.grammar == 'root ::= "[email]" | "\\x41"'


def test_a_request_without_anything_personal_stays_the_same() -> None:
    plain = request("product: Quillet kettle; size: 1.7 l", grammar=literal_grammar(["1.7 l"]))
    assert mask_request(plain, MASKER) == (plain, {})


def test_only_masking_makes_a_request_that_a_generator_takes() -> None:
    """The type is a name for the checker of types: this holds that nobody gives the name to something unmasked."""
    makers = [str(p.relative_to(SOURCE)) for p in SOURCE.rglob("*.py") if re.search(r"MaskedRequest\(", p.read_text())]
    assert sorted(makers) == ["stages/privacy/masked_request.py", "testing/generator_conformance.py"]


@pytest.mark.slow
def test_only_one_module_of_the_pipeline_asks_a_generator() -> None:
    asking = [str(p.relative_to(SOURCE)) for p in SOURCE.rglob("*.py") if re.search(r"\.complete\(", p.read_text())]
    # The red team's watcher is a generator around another, and is itself asked by model_calls alone.
    assert sorted(asking) == [
        "pipeline/model_calls.py", "pipeline/redteam/watched.py", "testing/generator_conformance.py",
    ]  # fmt: skip
