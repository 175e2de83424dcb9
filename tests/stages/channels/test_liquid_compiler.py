"""The compiler against python-liquid's own render: over a corpus of templates, equal texts or both an error."""

import quopri
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from liquid import Markup

from tailorbird.stages.channels.liquid_compiler import BoundedEnvironment, compile_liquid
from tailorbird.stages.channels.template_error import TemplateError

CORPUS = [
    "plain text, {{ a }}, {{ b.c }}, {{ b.c.d }}, {{ items[0].name }}, {{ b[a] }}, {{ b['c'] }}, {{ items[-1] }}",
    "{{ a | escape }} {{ a | upcase }} {{ a | downcase | capitalize }} {{ a | strip }} {{ a | size }}",
    "{{ a | default: 'x' }} {{ b.c | default: b.d }} {{ nothing | default: nil }} {{ a | append: '<i>' | prepend: b.c }}",
    "{{ a | truncate: 5 }} {{ a | truncate: 7, '..' }} {{ a | replace: 'a', '<' }} {{ a | round: 2 }} {{ a | round }}",
    "{{ a | escape | upcase }} {{ a | upcase | escape }} {{ a | times: 2 }} {{ items | size }} {{ items.size }}",
    "{% if a %}t{% elsif b.c == 'x' %}u{% elsif b.c > 2 %}v{% else %}w{% endif %}",
    "{% if a == nil or a == empty and b.c != blank %}1{% endif %}{% if a contains 'x' %}2{% endif %}",
    "{% unless a == true %}1{% elsif b.d <= 3 %}2{% else %}3{% endunless %}{% if a >= 1 %}4{% endif %}",
    "{% if 2 < a %}1{% endif %}{% if a < b.c %}2{% endif %}{% if 'm' == a %}3{% endif %}{% if false or true %}4{% endif %}",
    "{% for p in items %}{{ forloop.index }}:{{ p.name }}={{ p.price | round: 2 }}{% if forloop.last %}.{% endif %}"
    "{% else %}none{% endfor %}",
    "{% for p in items limit: 2 offset: 1 %}{{ p.name }}{{ forloop.rindex }}{% endfor %}{{ p }}",
    "{% for p in items limit: a %}{{ p }}{% endfor %}{% for p in items reversed %}{{ p.name }}{% endfor %}",
    "{% for p in items %}{% for q in p.tags %}{{ forloop.first }}{{ q }}{{ p.name }}{% endfor %}{% endfor %}",
    "{% for pair in b %}{{ pair[0] }}-{{ pair.last }}{% endfor %}{% for c in a %}<{{ c }}>{% endfor %}",
    "{% assign x = a | upcase %}{{ x }}{% for x in items %}{{ x.name }}{% assign x = 3 %}{% endfor %}{{ x }}",
    "{% capture t %}<b>{{ a }}</b>{% endcapture %}{{ t }}{{ t | escape }}{% capture s %}  {% endcapture %}[{{ s }}]",
    "{% if a %} {% assign z = 1 %} {% endif %}{{ z }}{% for p in items %}\n {% endfor %}|{% if a %}  {% else %}x{% endif %}",
    "{% case a %} {% when 'x', 'y' %}1{% when 3 or 4 %}2{% when b.c %}3{% else %}4{% endcase %}",
    "{% case a %}{% when 'x', 'x' %}twice{% when 'x' %}again{% when empty %}e{% endcase %}",
    "{% comment %} {{ a }} {% endcomment %}{% # note %}{%- if a -%} trimmed {%- endif -%} {{- b.c -}} {% raw %}{{ r }}{% endraw %}",
    "{{ items.first.name }}{{ items.last.name }}{{ b.first }}{{ a.first }}{{ a.size }}{{ items }}{{ b.d.size }}",
    "{{ true }}{{ nil }}{{ 1.50 }}{{ 7 }}{{ 'lit<' }}{{ empty }}{{ a | append: nothing }}{{ a | minus: 1 }}",
    "{% for p in items %}{% break %}{% endfor %}{% cycle 'a', 'b' %}{% for i in (1..3) %}{{ i }}{% endfor %}",
    "{% for p in items %}{{ forloop.parentloop.index }}{{ forloop }}{% endfor %}{% tablerow p in items %}{{ p }}{% endtablerow %}",
    "{% increment n %}{{ n }}{% echo a %}{% liquid assign q = a %}{{ q }}{{ items | map: 'name' | join: ', ' }}",
    "{% if b.c < a %}1{% endif %}{% if items < a %}2{% endif %}{{ a | divided_by: 0 }}",
]
texts = st.one_of(st.sampled_from(["x", "", " ", "a<b>&\"'", "Köln 🪡", "m", "12.5", "-3"]), st.text(max_size=6))
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-9, 99),
    st.floats(-1e6, 1e6, allow_nan=False),
    texts,
    st.builds(Markup, texts),
)
element = st.one_of(
    scalars,
    st.fixed_dictionaries({}, optional={"name": texts, "price": scalars, "tags": st.lists(texts, max_size=3)}),
)
contexts = st.fixed_dictionaries(
    {},
    optional={
        "a": st.one_of(scalars, st.lists(scalars, max_size=2)),
        "b": st.one_of(scalars, st.fixed_dictionaries({}, optional={"c": scalars, "d": element, "x": texts})),
        "items": st.one_of(st.lists(element, max_size=4), st.tuples(element), scalars),
    },
)


class Unlimited(BoundedEnvironment):
    """With an output limit the library writes a carriage return as a line feed; without one it does not."""

    output_stream_limit = None  # type: ignore[assignment]  # the library's own default, which ours forbids


def answer(render: Any, context: dict[str, Any]) -> str:
    try:
        return str(render(context)).replace("\r\n", "\n").replace("\r", "\n")
    except Exception as error:
        # Only that both fail counts: ours says it in its own words.
        return f"error {bool(error)}"


@pytest.mark.slow
@pytest.mark.parametrize("autoescape", [False, True])
@pytest.mark.parametrize("source", CORPUS)
@settings(max_examples=15, deadline=None)
@given(context=contexts)
@example(context={"a": 3, "b": {"c": "x", "d": 2}, "items": [{"name": "k", "price": 1.005, "tags": ["t"]}] * 3})
@example(context={})
def test_the_compiled_template_says_what_python_liquid_says(
    source: str, autoescape: bool, context: dict[str, Any]
) -> None:
    theirs = Unlimited(autoescape=autoescape).from_string(source)
    assert answer(compile_liquid(source, autoescape), context) == answer(theirs.render, context)


@pytest.mark.slow
@pytest.mark.parametrize("autoescape", [False, True])
@pytest.mark.parametrize("source", CORPUS)
@settings(max_examples=6, deadline=None)
@given(context=contexts)
@example(context={"a": "x  =\n.", "b": {"c": "ö", "d": 2}, "items": [{"name": "k" * 90, "price": 1.5}] * 2})
def test_the_quoted_form_says_what_the_plain_form_says(source: str, autoescape: bool, context: dict[str, Any]) -> None:
    quoted, plain = compile_liquid(source, autoescape, quoted=True), compile_liquid(source, autoescape)

    def read_back(values: dict[str, Any]) -> str:
        encoded = quoted(values)
        assert max(map(len, encoded.split("\r\n"))) <= 76
        return quopri.decodestring(encoded.encode("ascii")).decode()

    assert answer(read_back, context) == answer(plain, context)


def test_the_subset_is_compiled_and_the_rest_is_not() -> None:
    assert [compile_liquid(source, True).compiled for source in CORPUS[:22]] == [True] * 22
    loops = compile_liquid("{% for i in (1..3) %}{{ i }}{% endfor %}", False)
    assert (loops.compiled, loops({})) == (False, "123")
    assert loops.reason == "RangeLiteral"


HOSTILE = ["'); import os; ('", '"""', "\\", "{x}", "__import__('os')", "\n    raise SystemExit\n", "\u2028", "%s"]


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("autoescape", [False, True])
def test_no_text_of_a_template_or_a_context_becomes_code(hostile: str, autoescape: bool) -> None:
    quoted = hostile.replace("'", '"') if '"' not in hostile else hostile.replace('"', "'")
    quote = "'" if "'" not in quoted else '"'
    literal = f"{quote}{quoted}{quote}"
    source = (
        f"{hostile}|{{{{ a[{literal}] }}}}|{{{{ a | default: {literal} }}}}|{{% if a == {literal} %}}y{{% endif %}}"
    )
    theirs = BoundedEnvironment(autoescape=autoescape).from_string(source)
    for context in ({}, {"a": hostile}, {"a": {quoted: hostile}}, {"a": quoted}):
        assert compile_liquid(source, autoescape)(context) == theirs.render(context)


def test_odd_names_stay_names() -> None:
    source = "{{ c }}{{ class }}{{ w0 }}{{ U }}{{ r0.import }}{% assign o0 = 'o' %}{{ o0 }}{% for k0 in xs %}{{ k0 }}{% endfor %}"
    context = {"c": "1", "class": "2", "w0": "3", "U": "4", "r0": {"import": "5"}, "xs": ["6"]}
    ours = compile_liquid(source, False)
    assert (ours.compiled, ours(context)) == (True, "12345o6")


def test_html_is_escaped_and_text_is_not() -> None:
    assert compile_liquid("{{ a }}", True)({"a": "<b>"}) == "&lt;b&gt;"
    assert compile_liquid("{{ a }}", False)({"a": "<b>"}) == "<b>"


@pytest.mark.parametrize(
    ("source", "line", "words"),
    [
        ("one\n{% if a %}", 2, "expected"),
        ("\n\n{{ a | upcas }}", 3, "did you mean 'upcase'"),
        ("{% fro x in y %}", 1, "unexpected tag"),
        ("a\n{{ now }}", 2, "clock"),
    ],
)
def test_a_mistake_is_named_with_its_line(source: str, line: int, words: str) -> None:
    with pytest.raises(TemplateError, match=words) as caught:
        compile_liquid(source, True)
    assert caught.value.line == line


def test_a_mistake_at_render_is_named_with_its_line() -> None:
    with pytest.raises(TemplateError) as caught:
        compile_liquid("x\n{{ a | divided_by: 0 }}", True)({"a": 1})
    assert caught.value.line == 2


def test_loops_and_output_have_limits() -> None:
    nested = "{% for a in xs %}{% for b in xs %}{% for c in xs %}.{% endfor %}{% endfor %}{% endfor %}"
    with pytest.raises(TemplateError, match="loop iteration limit"):
        compile_liquid(nested, False)({"xs": list(range(40))})
    doubling = "{% assign s = 'ab' %}{% for x in xs %}{% assign s = s | append: s %}{% endfor %}{{ s }}"
    with pytest.raises(TemplateError, match="limit"):
        compile_liquid(doubling, False)({"xs": list(range(60))})
    with pytest.raises(TemplateError, match="limit"):
        compile_liquid("{% for i in (1..99999999) %}x{% endfor %}", False)({})


def test_a_template_nested_too_deep_for_python_still_renders() -> None:
    source = "{% for x in xs %}" * 22 + "{{ x }}" + "{% endfor %}" * 22
    ours = compile_liquid(source, False)
    assert (ours.compiled, ours({"xs": [1]})) == (False, "1")
