"""From brief to request."""

from dataclasses import replace

import pytest

from tailorbird.stages.generation.prompt import Exemplar, PromptError, budget_facts, compose_request, try_prompt
from tailorbird.types.brand import Brand
from tailorbird.types.brief import Brief, Limits, Slot, Subject
from tailorbird.types.campaign import GenerationSpec
from tailorbird.types.draft import Objection
from tailorbird.types.prompt import Prompt

BRAND = Brand("Wren", "home and garden", {"en-GB": "Plain."}, (), {}, {}, {})
PROMPT = Prompt(
    "subject",
    1,
    "Write for {{ brand.name }}. {{ voice }} One {{ block }}, {{ max_chars }} characters.",
    "Reason: {{ reason }}\nFacts:{% for f in facts %} {{ f.label }}: {{ f.value }};{% endfor %}",
    "hash",
    "prompts/subject/v1.md",
    examples=2,
)
FACTS = {
    "item.name": "Quillet gooseneck kettle",
    "item.short_name": "Quillet kettle",
    "item.price": "£62.00",
    "item.material": "steel",
    "item.origin": "Japan",
}
BRIEF = Brief(
    "b_1",
    "win_back",
    "email",
    "subject",
    Subject("family", (("last_family", "kettles"),), 1),
    "en-GB",
    "a while",
    tuple(Slot(name, "text", "catalog", required=name == "item.price") for name in FACTS),
    Limits(60),
    "",
    "subject/v1",
    "hash",
    facts=FACTS,
)
EXEMPLARS = [Exemplar("a while", {"item.short_name": f"Item {n}"}, f"Look: Item {n}") for n in range(4)]


def test_turns_are_system_then_exemplars_then_the_brief() -> None:
    request = compose_request(BRIEF, PROMPT, BRAND, EXEMPLARS, GenerationSpec(), 7)
    assert [role for role, _ in request.messages] == ["system", "user", "assistant", "user", "assistant", "user"]
    assert request.messages[0][1] == "Write for Wren. Plain. One subject, 60 characters."
    assert request.messages[2][1] == "Look: Item 0"
    assert request.messages[-1][1].startswith("Reason: a while\nFacts:")


def test_everything_but_the_last_turn_is_the_same_for_every_brief_of_a_block() -> None:
    other = replace(BRIEF, brief_id="b_2", facts={**FACTS, "item.short_name": "Pottle can"})
    one = compose_request(BRIEF, PROMPT, BRAND, EXEMPLARS, GenerationSpec(), 7)
    two = compose_request(other, PROMPT, BRAND, EXEMPLARS, GenerationSpec(), 7, draw=1)
    assert one.messages[:-1] == two.messages[:-1]
    assert one.messages[-1] != two.messages[-1]


def test_a_draw_has_the_required_facts_one_name_and_few_others() -> None:
    for draw in range(4):
        facts = budget_facts(BRIEF, draw)
        assert "item.price" in facts
        assert len({"item.name", "item.short_name"} & set(facts)) == 1
        assert len(facts) == 2 + draw % 2
    longer = replace(BRIEF, limits=Limits(200))
    assert [len(budget_facts(longer, draw)) for draw in (0, 1)] == [3, 4]
    assert budget_facts(BRIEF, 0) != budget_facts(BRIEF, 1)


def test_what_was_wrong_is_told_in_the_last_turn_only_and_only_where_the_prompt_asks_for_it() -> None:
    told = (Objection("soft", "claims a property", "claim"),)
    asking = replace(PROMPT, user=PROMPT.user + "{% for f in findings %} {{ f.type }}: {{ f.words }}{% endfor %}")
    plain = compose_request(BRIEF, PROMPT, BRAND, EXEMPLARS, GenerationSpec(), 7, 1, told)
    assert plain == compose_request(BRIEF, PROMPT, BRAND, EXEMPLARS, GenerationSpec(), 7, 1)
    request = compose_request(BRIEF, asking, BRAND, EXEMPLARS, GenerationSpec(), 7, 1, told)
    assert request.messages[:-1] == plain.messages[:-1]
    assert request.messages[-1][1] == plain.messages[-1][1] + " claim: soft"


def test_a_misspelt_key_of_a_finding_is_found_before_anything_runs() -> None:
    wrong = replace(PROMPT, user=PROMPT.user + "{% for f in findings %} {{ f.word }}{% endfor %}")
    with pytest.raises(PromptError, match="word"):
        try_prompt(wrong, BRAND, "subject", 60, "en-GB", "a while", ["item.name"])


def test_the_same_call_gives_the_same_request_and_another_seed_another() -> None:
    spec = GenerationSpec(candidates=6)
    assert compose_request(BRIEF, PROMPT, BRAND, (), spec, 7) == compose_request(BRIEF, PROMPT, BRAND, (), spec, 7)
    assert (
        compose_request(BRIEF, PROMPT, BRAND, (), spec, 7).seed
        != compose_request(BRIEF, PROMPT, BRAND, (), spec, 8).seed
    )
    assert compose_request(BRIEF, PROMPT, BRAND, (), spec, 7).candidates == 3


def test_the_grammar_admits_the_briefs_own_figures_only() -> None:
    assert "£62.00" in compose_request(BRIEF, PROMPT, BRAND, (), GenerationSpec(), 7).grammar


@pytest.mark.parametrize("text", ["{{ brand.nmae }}", "{% if %}", "{{ nothing }}"])
def test_a_prompt_that_cannot_be_filled_says_which_one_and_why(text: str) -> None:
    with pytest.raises(PromptError, match=r"prompts/subject/v1\.md: section 'system': .*there are: block, brand\.name"):
        compose_request(BRIEF, replace(PROMPT, system=text), BRAND, (), GenerationSpec(), 7)


@pytest.mark.parametrize(
    ("section", "text"),
    [
        ("system", "{{ reason }}"),
        ("user", "{% for fact in facts %}{{ fact.lable }}{% endfor %}"),
        ("user", "{{ facts[1].value }}"),
    ],
)
def test_a_trial_finds_what_a_run_would_stumble_over(section: str, text: str) -> None:
    slots = ["item.name", "item.price"]
    broken = replace(PROMPT, system=text) if section == "system" else replace(PROMPT, user=text)
    try_prompt(PROMPT, BRAND, "subject", 60, "en-GB", "a while", slots)
    with pytest.raises(PromptError, match=f"section '{section}'"):
        try_prompt(broken, BRAND, "subject", 60, "en-GB", "a while", slots)
